//! The one test binary: the list of its mods.

mod address;
mod codes;
mod demo;
mod house;
mod id_number;
mod index;
mod journeys;
mod keys;
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
