//! Plain columns: birth, codes, flags, compared into sets.
//!
//! Invariant: nothing here is stored.
