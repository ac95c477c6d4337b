//! Versioned bincode of what is stored.
//!
//! Invariant: see the room.
