//! Rules to categories, with reasons.
//!
//! Invariant: nothing here is stored.
