//! Counts per category within a set.
//!
//! Invariant: nothing here is stored.
