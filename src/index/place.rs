//! Addresses as columns and as an order.
//!
//! Invariant: nothing here is stored.
