//! The one test binary: the list of its mods.

mod house;
mod seeds;
mod words;
