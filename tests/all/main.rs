//! The one test binary: the list of its mods.

#![expect(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "a test fails by panicking, tells the time, and its helpers are shared by their paths"
)]

mod address;
mod card;
mod cli;
mod codes;
mod demo;
mod door;
mod drawers;
mod exchange;
mod fill;
mod form;
mod frames;
mod fuzz;
mod house;
mod household;
mod id_number;
mod index;
mod journeys;
mod keys;
mod kin;
mod leavers;
mod ledger;
mod lock;
mod merge;
mod model;
mod older;
mod outgoing;
mod pairs;
mod past;
mod pty;
mod query;
mod record;
mod register;
mod rig;
mod roles;
mod rules;
mod screens;
mod seeds;
mod snapshot;
mod sort;
mod store;
mod story;
mod visit;
mod words;
mod worker;
mod write;
