//! Readings of hanzi: surnames first, alternates after.
//!
//! Invariant: nothing here is stored.
