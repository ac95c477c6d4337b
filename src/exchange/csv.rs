//! CSV in and out: UTF-8 with or without BOM, GB18030.
//!
//! Invariant: see the room.
