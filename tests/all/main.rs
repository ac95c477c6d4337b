//! The one test binary: the list of its mods.

mod codes;
mod house;
mod journeys;
mod keys;
mod pty;
mod rig;
mod screens;
mod address;
mod house;
mod id_number;
mod seeds;
mod words;
