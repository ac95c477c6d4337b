//! A query's tree to a set of people.
//!
//! Invariant: nothing here is stored.
