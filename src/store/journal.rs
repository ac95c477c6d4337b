//! The append-only file of commits: the truth.
//!
//! Invariant: see the room.
