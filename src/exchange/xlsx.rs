//! XLSX in, streamed under caps, and out with identity numbers as text.
//!
//! Invariant: see the room.
