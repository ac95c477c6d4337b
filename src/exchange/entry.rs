//! One row of cells to what it says of a person.
//!
//! Invariant: see the room.
