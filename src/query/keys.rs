//! KEYS, the table of what may stand before a colon, with Chinese aliases.
//!
//! Invariant: the keys of fields come from FIELDS; only those of computed things are written here.
