//! The one seam where what is stored is sealed.
//!
//! A sealed register has one random data key. Each purpose (journal, tables, checkpoints, what the
//! desk keeps) has a key of its own derived from it, and every value is bound to its place, so that
//! no value opens where another stood:
//!
//! ```text
//! sealed  1 | nonce 24 | XChaCha20-Poly1305 of (plain | 0x80 | zeros to a multiple of 64) | tag 16
//! bound   1 | vault 16 | purpose | place
//! ```
//!
//! An open register goes through the same seam, and both ways are the identity.
//!
//! Invariant: `open(spot, seal(spot, bytes))` is `bytes`; a sealed register takes in nothing that
//! was not sealed with its own key for that very place.

pub mod fault;

pub mod kdf;

pub(crate) mod recovery;

pub(crate) mod ring;

pub mod slot;

use crate::model::role::Role;
use crate::store::record::Unreadable;
use crate::store::vault::fault::KeyFault;
use chacha20poly1305::KeyInit;
use chacha20poly1305::Tag;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::AeadInOut;
use hkdf::Hkdf;
use hmac::Hmac;
use hmac::Mac;
use secrecy::ExposeSecret;
use secrecy::SecretBox;
use sha2::Sha256;
use std::borrow::Cow;
use std::sync::Arc;
use uuid::Uuid;
use zeroize::Zeroizing;

/// The version of a sealed value.
const VERSION: u8 = 1;

/// How long a nonce is.
const NONCE: usize = 24;

/// How long a tag is.
const TAG: usize = 16;

/// Lengths are told only to this many bytes.
const STEP: usize = 64;

/// The first byte behind what was sealed.
const END: u8 = 0x80;

const FOREIGN: &str = "it does not open with this register's key";

/// How a register's values go to the disk.
#[derive(Clone)]
pub(crate) enum Vault {
    /// As they are.
    Open,
    /// Sealed.
    Sealed(Arc<Keys>),
}

/// Where a value stands. What is sealed for one place opens at no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot<'p> {
    /// The payload of the frame with this number.
    Frame(u64),
    /// What sled holds under this key.
    Row(&'p [u8]),
    /// A block of the checkpoint of this commit.
    Block {
        /// The commit.
        checkpoint: u64,
        /// Its place among the blocks.
        at: u64,
    },
    /// What the desk keeps under this name.
    Kept(&'p str),
}

/// The keys of the purposes.
pub(crate) struct Keys {
    vault: Uuid,
    journal: XChaCha20Poly1305,
    tables: XChaCha20Poly1305,
    checkpoint: XChaCha20Poly1305,
    desk: XChaCha20Poly1305,
    names: SecretBox<[u8; 32]>,
}

/// An unlocked data key, and whose slot it was unlocked with.
#[derive(Clone)]
pub struct Key {
    data: Arc<SecretBox<[u8; 32]>>,
    vault: Uuid,
    holder: Holder,
}

/// Who holds a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// The worker of a slot.
    Worker {
        /// The slot's number.
        slot: u8,
        /// The worker's name.
        name: String,
        /// What the worker may do.
        role: Role,
    },
    /// Whoever has the sheet with the recovery key.
    Recovery,
}

impl Key {
    /// The key of a vault that is being founded.
    fn forge(vault: Uuid, holder: Holder) -> Result<Key, KeyFault> {
        let mut data = Box::new([0; 32]);
        random(data.as_mut_slice())?;
        let data = SecretBox::new(data);
        Ok(Key::of(vault, data, holder))
    }

    fn of(vault: Uuid, data: SecretBox<[u8; 32]>, holder: Holder) -> Key {
        Key {
            data: Arc::new(data),
            vault,
            holder,
        }
    }

    /// Whose slot it came from.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// What its holder may do.
    pub fn role(&self) -> Role {
        match self.holder {
            Holder::Worker { role, .. } => role,
            Holder::Recovery => Role::Manage,
        }
    }

    /// The way through the seam with this key.
    pub(crate) fn vault(&self) -> Result<Vault, KeyFault> {
        let cipher = |purpose: &str| {
            let key = self.derive(purpose)?;
            Ok(XChaCha20Poly1305::new(key.expose_secret().into()))
        };
        Ok(Vault::Sealed(Arc::new(Keys {
            vault: self.vault,
            journal: cipher("journal")?,
            tables: cipher("tables")?,
            checkpoint: cipher("checkpoint")?,
            desk: cipher("desk")?,
            names: self.derive("names")?,
        })))
    }

    /// The key of a purpose.
    fn derive(&self, purpose: &str) -> Result<SecretBox<[u8; 32]>, KeyFault> {
        let mut key = Box::new([0; 32]);
        let info = format!("jumin/v1/{purpose}");
        Hkdf::<Sha256>::new(Some(self.vault.as_bytes()), self.data.expose_secret())
            .expand(info.as_bytes(), key.as_mut_slice())
            .map_err(|fault| KeyFault::Machine(fault.to_string()))?;
        Ok(SecretBox::new(key))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key of {:?}", self.holder)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Vault::Open => "Open",
            Vault::Sealed(_) => "Sealed",
        })
    }
}

impl Vault {
    /// What goes to the disk for these bytes.
    pub(crate) fn seal(&self, spot: Spot<'_>, plain: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        match self {
            Vault::Open => Ok(plain),
            Vault::Sealed(keys) => keys.seal(spot, plain),
        }
    }

    /// The bytes behind what the disk holds.
    pub(crate) fn open<'a>(
        &self,
        spot: Spot<'_>,
        stored: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, Unreadable> {
        match self {
            Vault::Open => Ok(Cow::Borrowed(stored)),
            Vault::Sealed(keys) => keys.open(spot, stored).map(Cow::Owned),
        }
    }

    /// What stands on the disk for words that name something; `None` when the words themselves do.
    pub(crate) fn name(&self, kind: &str, words: &[u8]) -> Option<[u8; 16]> {
        let Vault::Sealed(keys) = self else {
            return None;
        };
        let whole = keyed_hash(&keys.names, &[kind.as_bytes(), &[0], words]);
        Some(std::array::from_fn(|at| whole[at]))
    }
}

impl Keys {
    fn cipher(&self, spot: Spot<'_>) -> &XChaCha20Poly1305 {
        match spot {
            Spot::Frame(_) => &self.journal,
            Spot::Row(_) => &self.tables,
            Spot::Block { .. } => &self.checkpoint,
            Spot::Kept(_) => &self.desk,
        }
    }

    /// What a value is bound to.
    fn bound(&self, spot: Spot<'_>) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(self.vault.as_bytes());
        match spot {
            Spot::Frame(number) => {
                bytes.push(b'f');
                bytes.extend_from_slice(&number.to_le_bytes());
            }
            Spot::Row(key) => {
                bytes.push(b'r');
                bytes.extend_from_slice(key);
            }
            Spot::Block { checkpoint, at } => {
                bytes.push(b'b');
                bytes.extend_from_slice(&checkpoint.to_le_bytes());
                bytes.extend_from_slice(&at.to_le_bytes());
            }
            Spot::Kept(name) => {
                bytes.push(b'k');
                bytes.extend_from_slice(name.as_bytes());
            }
        }
        bytes
    }

    /// Seals where the plain bytes stand: those of a large import are a gigabyte.
    fn seal(&self, spot: Spot<'_>, plain: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
        let unsealed = |fault: &dyn std::fmt::Display| Unreadable(fault.to_string());
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|fault| unsealed(&fault))?;
        let mut bytes = plain;
        bytes.reserve_exact(1 + NONCE + STEP + TAG);
        bytes.push(END);
        bytes.resize(bytes.len().next_multiple_of(STEP), 0);
        let body = bytes.as_mut_slice().into();
        let tag = self
            .cipher(spot)
            .encrypt_inout_detached(&XNonce::from(nonce), &self.bound(spot), body)
            .map_err(|fault| unsealed(&fault))?;
        bytes.extend_from_slice(&tag);
        let head = std::iter::once(VERSION).chain(nonce);
        bytes.splice(..0, head);
        Ok(bytes)
    }

    fn open(&self, spot: Spot<'_>, stored: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let foreign = || Unreadable(FOREIGN.into());
        let (version, rest) = stored.split_first().ok_or_else(foreign)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or_else(foreign)?;
        let (body, tag) = rest.split_last_chunk::<TAG>().ok_or_else(foreign)?;
        if *version != VERSION {
            return Err(foreign());
        }
        let mut plain = body.to_vec();
        self.cipher(spot)
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                &self.bound(spot),
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

/// HMAC-SHA256 over the parts, one after another.
fn keyed_hash(key: &SecretBox<[u8; 32]>, parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than a block counts as one filled up with zeros.
    let mut block = Zeroizing::new([0; 64]);
    for (slot, byte) in block.iter_mut().zip(key.expose_secret()) {
        *slot = *byte;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Bytes that nobody can guess.
fn random(bytes: &mut [u8]) -> Result<(), KeyFault> {
    getrandom::fill(bytes).map_err(|fault| KeyFault::Machine(fault.to_string()))
}

/// An id that nobody can guess, for a vault.
fn random_id() -> Result<Uuid, KeyFault> {
    let mut bytes = [0; 16];
    random(&mut bytes)?;
    Ok(Uuid::from_bytes(bytes))
}
