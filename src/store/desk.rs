//! Small things of this desk, kept across restarts.
//!
//! Invariant: see the room.
