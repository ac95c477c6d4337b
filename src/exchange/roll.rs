//! Who is on the rolls already: the ways to find a row's person.
//!
//! Invariant: see the room.
