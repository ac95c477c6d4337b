//! Households and dwellings for those who arrive.
//!
//! Invariant: see the room.
