//! The sled trees: the journal's current state.
//!
//! Invariant: see the room.
