//! The folder's lock and who holds it.
//!
//! Invariant: see the room.
