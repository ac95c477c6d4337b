//! From raw cells to a table: header hunt, fill-down, rows to skip.
//!
//! Invariant: see the room.
