//! The one test binary: the list of its mods.

mod codes;
mod house;
mod seeds;
mod words;
