//! Detects what is broken in sled and rebuilds it from the journal.
//!
//! Invariant: see the room.
