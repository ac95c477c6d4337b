//! JSON lines, lossless.
//!
//! Invariant: see the room.
