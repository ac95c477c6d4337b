//! One cell to a value, or a problem.
//!
//! Invariant: see the room.
