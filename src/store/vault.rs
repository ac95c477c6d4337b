//! The one seam where frames and values will be sealed.
//!
//! Invariant: see the room.
