//! The one test binary: the list of its mods.

mod codes;
mod house;
mod journeys;
mod keys;
mod pty;
mod rig;
mod screens;
mod seeds;
mod words;
