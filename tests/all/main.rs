//! The one test binary: the list of its mods.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "a test fails by panicking, and its helpers are shared by their paths"
)]

mod address;
mod cli;
mod codes;
mod demo;
mod exchange;
mod house;
mod id_number;
mod index;
mod journeys;
mod keys;
mod ledger;
mod model;
mod pty;
mod query;
mod register;
mod rig;
mod rules;
mod screens;
mod seeds;
mod store;
mod words;
