//! The one test binary: the list of its mods.

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
