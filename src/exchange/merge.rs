//! What a row says against what the register holds: fill, same, or conflict.
//!
//! Invariant: see the room.
