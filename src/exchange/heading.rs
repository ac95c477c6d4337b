//! Headings to fields, by synonym.
//!
//! Invariant: see the room.
