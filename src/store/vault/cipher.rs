//! The ciphers behind the seam: one for each purpose and each data key.
//!
//! ```text
//! sealed  1 | nonce 24 | XChaCha20-Poly1305 of (plain | 0x80 | zeros to a multiple of 64, or of
//!         256 for a hidden part) | tag 16
//! bound   1 | vault 16 | purpose | place | side, where a value has two
//! ```
//!
//! Invariant: the ciphers of the second data key seal nothing that whoever lacks it needs.

use crate::store::mark::Salt;
use crate::store::record::Unreadable;
use crate::store::vault::Secret;
use crate::store::vault::Spot;
use crate::store::vault::derive;
use crate::store::vault::fault::KeyFault;
use chacha20poly1305::KeyInit;
use chacha20poly1305::Tag;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::AeadInOut;
use secrecy::ExposeSecret;
use uuid::Uuid;

/// The version of a sealed value.
const VERSION: u8 = 1;

/// How long a nonce is.
pub(super) const NONCE: usize = 24;

/// How long a tag is.
const TAG: usize = 16;

/// Lengths are told only to this many bytes.
const STEP: usize = 64;

/// And of hidden parts to this many: a few hidden fields are as long as none.
const HIDDEN_STEP: usize = 256;

/// The first byte behind what was sealed.
const END: u8 = 0x80;

const FOREIGN: &str = "it does not open with this register's key";

const CLOSED: &str = "this key does not open it";

/// The ciphers of the purposes, from one data key.
pub(crate) struct Ciphers {
    journal: XChaCha20Poly1305,
    tables: XChaCha20Poly1305,
    checkpoint: XChaCha20Poly1305,
    snapshot: XChaCha20Poly1305,
    desk: XChaCha20Poly1305,
    /// What names are hashed with.
    pub(super) names: Secret,
}

/// What seals that which is hidden from some who have a key.
pub(crate) enum Inner {
    /// The one data key there is.
    Same,
    /// The second, which salts the marks too.
    Other(Box<Ciphers>, Salt),
    /// The second, which this holder lacks.
    Lacking,
}

/// The ciphers of a vault.
pub(crate) struct Keys {
    pub(super) vault: Uuid,
    pub(super) outer: Ciphers,
    pub(super) inner: Inner,
}

/// Which part of a value is sealed. No part opens as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// All of it, where values have no parts.
    Whole,
    /// The open part of one that has no other.
    Alone,
    /// The open part of one that has a hidden part.
    Open,
    /// The hidden part.
    Hidden,
}

impl Side {
    /// What is bound to a value for it.
    fn mark(self) -> &'static [u8] {
        match self {
            Side::Whole => &[],
            Side::Alone => &[0],
            Side::Open => &[1],
            Side::Hidden => &[2],
        }
    }
}

impl Ciphers {
    /// From this data key.
    pub(super) fn of(data: &Secret, vault: Uuid) -> Result<Ciphers, KeyFault> {
        let cipher = |purpose: &str| {
            let key: Secret = derive(data, vault, purpose)?;
            Ok(XChaCha20Poly1305::new(key.expose_secret().into()))
        };
        Ok(Ciphers {
            journal: cipher("journal")?,
            tables: cipher("tables")?,
            checkpoint: cipher("checkpoint")?,
            snapshot: cipher("snapshot")?,
            desk: cipher("desk")?,
            names: derive(data, vault, "names")?,
        })
    }
}

impl Keys {
    /// The ciphers of the innermost data key that is held.
    pub(super) fn innermost(&self) -> &Ciphers {
        match &self.inner {
            Inner::Other(ciphers, _) => ciphers,
            Inner::Same | Inner::Lacking => &self.outer,
        }
    }

    fn cipher(&self, spot: Spot<'_>, side: Side) -> Result<&XChaCha20Poly1305, Unreadable> {
        let is_hidden = side == Side::Hidden || matches!(spot, Spot::Row(_) | Spot::Part(_));
        if is_hidden && matches!(self.inner, Inner::Lacking) {
            return Err(Unreadable(CLOSED.into()));
        }
        let ciphers = if is_hidden || matches!(spot, Spot::Kept(_)) {
            self.innermost()
        } else {
            &self.outer
        };
        Ok(match spot {
            Spot::Frame(_) => &ciphers.journal,
            Spot::About | Spot::Row(_) => &ciphers.tables,
            Spot::Block { .. } => &ciphers.checkpoint,
            Spot::Part(_) => &ciphers.snapshot,
            Spot::Kept(_) => &ciphers.desk,
        })
    }

    /// What a value is bound to.
    fn bound(&self, spot: Spot<'_>, side: Side) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(self.vault.as_bytes());
        match spot {
            Spot::Frame(number) => {
                bytes.push(b'f');
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Spot::About => bytes.extend_from_slice(b"r\0"),
            Spot::Row(key) => {
                bytes.push(b'r');
                bytes.extend_from_slice(key);
            }
            Spot::Block { checkpoint, at } => {
                bytes.push(b'b');
                bytes.extend_from_slice(&checkpoint.to_le_bytes());
                bytes.extend_from_slice(&at.to_le_bytes());
            }
            Spot::Part(at) => {
                bytes.push(b'i');
                bytes.extend_from_slice(&at.to_le_bytes());
            }
            Spot::Kept(name) => {
                bytes.push(b'k');
                bytes.extend_from_slice(name.as_bytes());
            }
        }
        bytes.extend_from_slice(side.mark());
        bytes
    }

    /// Seals where the plain bytes stand: those of a large import are a gigabyte.
    pub(super) fn seal(
        &self,
        spot: Spot<'_>,
        side: Side,
        plain: Vec<u8>,
    ) -> Result<Vec<u8>, Unreadable> {
        let unsealed = |fault: &dyn std::fmt::Display| Unreadable(fault.to_string());
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|fault| unsealed(&fault))?;
        let mut bytes = plain;
        let step = match side {
            Side::Whole | Side::Alone | Side::Open => STEP,
            Side::Hidden => HIDDEN_STEP,
        };
        bytes.reserve_exact(1 + NONCE + step + TAG);
        bytes.push(END);
        bytes.resize(bytes.len().next_multiple_of(step), 0);
        let body = bytes.as_mut_slice().into();
        let tag = self
            .cipher(spot, side)?
            .encrypt_inout_detached(&XNonce::from(nonce), &self.bound(spot, side), body)
            .map_err(|fault| unsealed(&fault))?;
        bytes.extend_from_slice(&tag);
        let head = std::iter::once(VERSION).chain(nonce);
        bytes.splice(..0, head);
        Ok(bytes)
    }

    pub(super) fn open(
        &self,
        spot: Spot<'_>,
        side: Side,
        stored: &[u8],
    ) -> Result<Vec<u8>, Unreadable> {
        let foreign = || Unreadable(FOREIGN.into());
        let (version, rest) = stored.split_first().ok_or_else(foreign)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(foreign)?;
        let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(foreign)?;
        if *version != VERSION {
            return Err(foreign());
        }
        let mut plain = body.to_vec();
        self.cipher(spot, side)?
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &self.bound(spot, side),
                plain.as_mut_slice().into(),
                &Tag::from(*tag),
            )
            .map_err(|_| foreign())?;
        let end = plain.iter().rposition(|byte| *byte != 0);
        let end = end.filter(|end| plain.get(*end) == Some(&END));
        plain.truncate(end.ok_or_else(foreign)?);
        Ok(plain)
    }
}
