//! The one seam where frames and values will be sealed.
//!
//! Registers are unsealed in this format: both ways are the identity. A sealed format takes a key
//! here and nowhere else, since every payload of the journal and every value of sled passes.
//!
//! Invariant: `open(seal(bytes))` is `bytes`.

use std::borrow::Cow;

/// What goes to the disk for these bytes.
pub(crate) fn seal(plain: Vec<u8>) -> Vec<u8> {
    plain
}

/// The bytes behind what the disk holds.
pub(crate) fn open(sealed: &[u8]) -> Cow<'_, [u8]> {
    Cow::Borrowed(sealed)
}
