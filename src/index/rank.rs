//! The orders of an answer.
//!
//! Invariant: nothing here is stored.
