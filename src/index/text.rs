//! Names and fragments: sets of people by name position and typed prefix.
//!
//! Invariant: nothing here is stored.
