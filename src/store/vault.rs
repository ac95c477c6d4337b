//! The one seam where what is stored is sealed.
//!
//! A sealed register has two random data keys: one for everybody who has a key, and one for those
//! from whom nothing is hidden (see [`crate::model::sieve`] for the line between them). Each purpose
//! (journal, tables, checkpoints, snapshot, what the desk keeps) has a key of its own derived from
//! each, and every value is bound to its place, so that no value opens where another stood.
//! Registers of earlier programs have one data key for everything, until they are given new ones.
//!
//! An open register goes through the same seam, and both ways are the identity.
//!
//! Invariant: `open(spot, seal(spot, bytes))` is `bytes`; a sealed register takes in nothing that
//! was not sealed with its own key for that very place.

mod cipher;

pub mod fault;

pub mod kdf;

pub(crate) mod parts;

pub(crate) mod recovery;

pub(crate) mod ring;

pub mod slot;

use crate::model::role::Role;
use crate::store::mark::SALT;
use crate::store::mark::Salt;
use crate::store::record::Unreadable;
use crate::store::vault::cipher::Ciphers;
use crate::store::vault::cipher::Inner;
use crate::store::vault::cipher::Keys;
use crate::store::vault::cipher::Side;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::slot::Version;
use chacha20poly1305::KeyInit;
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

/// A key's bytes.
pub(crate) type Secret = SecretBox<[u8; 32]>;

/// How many bytes a data key has.
const LENGTH: usize = 32;

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
    /// What the trees say of themselves.
    About,
    /// What sled holds under this key: only for those from whom nothing is hidden.
    Row(&'p [u8]),
    /// A block of the checkpoint of this commit.
    Block {
        /// The commit.
        checkpoint: u64,
        /// Its place among the blocks.
        at: u64,
    },
    /// A part of the index's snapshot, by its place: only for those from whom nothing is hidden.
    Part(u64),
    /// What the desk keeps under this name: for those who hold the same keys.
    Kept(&'p str),
}

/// The unlocked data keys, and whose slot they were unlocked with.
#[derive(Clone)]
pub struct Key {
    data: Arc<Secret>,
    second: Second,
    vault: Uuid,
    holder: Holder,
}

/// The second data key.
#[derive(Clone)]
enum Second {
    /// There is none: the one key opens everything.
    None,
    /// It is held.
    Held(Arc<Secret>),
    /// It is not for this holder.
    Lacking,
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
    /// The keys of a vault that is being founded.
    fn forge(vault: Uuid, holder: Holder) -> Result<Key, KeyFault> {
        let secret = || {
            let mut data = Box::new([0; LENGTH]);
            random(data.as_mut_slice())?;
            Ok(Arc::new(SecretBox::new(data)))
        };
        Ok(Key {
            data: secret()?,
            second: Second::Held(secret()?),
            vault,
            holder,
        })
    }

    /// The keys that were wrapped for a holder.
    fn of(vault: Uuid, version: Version, plain: &[u8], holder: Holder) -> Result<Key, KeyFault> {
        let secret = |bytes: &[u8; LENGTH]| {
            let mut data = Box::new([0; LENGTH]);
            data.copy_from_slice(bytes);
            Arc::new(SecretBox::new(data))
        };
        let (data, rest) = plain.split_first_chunk().ok_or(KeyFault::Altered)?;
        let wanted = version.keys(holder.role());
        let second = match <&[u8; LENGTH]>::try_from(rest) {
            Ok(second) if wanted == 2 => Second::Held(secret(second)),
            Err(_) if wanted == 1 && rest.is_empty() => match version {
                Version::One => Second::None,
                Version::Two => Second::Lacking,
            },
            Ok(_) | Err(_) => return Err(KeyFault::Altered),
        };
        Ok(Key {
            data: secret(data),
            second,
            vault,
            holder,
        })
    }

    /// Whose slot it came from.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    /// What its holder may do.
    pub fn role(&self) -> Role {
        self.holder.role()
    }

    /// Whether it opens everything, and not only what anybody with a key may read.
    pub fn is_whole(&self) -> bool {
        !matches!(self.second, Second::Lacking)
    }

    /// What is wrapped for somebody of this role.
    fn wrapped(&self, version: Version, role: Role) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let mut plain = Zeroizing::new(self.data.expose_secret().to_vec());
        if version.keys(role) == 2 {
            let Second::Held(second) = &self.second else {
                return Err(KeyFault::Half);
            };
            plain.extend_from_slice(second.expose_secret());
        }
        Ok(plain)
    }

    /// The way through the seam with this key.
    pub(crate) fn vault(&self) -> Result<Vault, KeyFault> {
        let inner = match &self.second {
            Second::None => Inner::Same,
            Second::Lacking => Inner::Lacking,
            Second::Held(second) => {
                let salt: SecretBox<[u8; SALT]> = derive(second, self.vault, "digest")?;
                let salt = Salt::of(salt.expose_secret());
                Inner::Other(Box::new(Ciphers::of(second, self.vault)?), salt)
            }
        };
        Ok(Vault::Sealed(Arc::new(Keys {
            vault: self.vault,
            outer: Ciphers::of(&self.data, self.vault)?,
            inner,
        })))
    }

    /// HMAC with a key that whoever has any key of the vault can derive.
    fn sign(&self, bytes: &[u8]) -> Result<[u8; 32], KeyFault> {
        let head = derive(&self.data, self.vault, "head")?;
        Ok(keyed_hash(&head, &[bytes]))
    }

    /// HMAC with a key that only they can derive from whom nothing is hidden; `None` for others.
    fn sign_within(&self, bytes: &[u8]) -> Result<Option<[u8; 32]>, KeyFault> {
        let Second::Held(second) = &self.second else {
            return Ok(None);
        };
        let head = derive(second, self.vault, "head")?;
        Ok(Some(keyed_hash(&head, &[bytes])))
    }
}

impl Holder {
    fn role(&self) -> Role {
        match self {
            Holder::Worker { role, .. } => *role,
            Holder::Recovery => Role::Manage,
        }
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
            Vault::Sealed(keys) => keys.seal(spot, Side::Whole, plain),
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
            Vault::Sealed(keys) => keys.open(spot, Side::Whole, stored).map(Cow::Owned),
        }
    }

    /// What stands on the disk for words that name something; `None` when the words themselves do.
    pub(crate) fn name(&self, kind: &str, words: &[u8]) -> Option<[u8; 16]> {
        let Vault::Sealed(keys) = self else {
            return None;
        };
        let names = &keys.innermost().names;
        let whole = keyed_hash(names, &[kind.as_bytes(), &[0], words]);
        Some(std::array::from_fn(|at| whole[at]))
    }

    /// Whether it has two data keys, so that some who have a key read only a part.
    pub(crate) fn is_parted(&self) -> bool {
        match self {
            Vault::Open => false,
            Vault::Sealed(keys) => !matches!(keys.inner, Inner::Same),
        }
    }

    /// Whether it opens everything.
    pub(crate) fn is_whole(&self) -> bool {
        match self {
            Vault::Open => true,
            Vault::Sealed(keys) => !matches!(keys.inner, Inner::Lacking),
        }
    }

    /// What the hashes of marks begin with. Who lacks the second key has it not, and no use for it.
    pub(crate) fn salt(&self) -> Salt {
        match self {
            Vault::Open => Salt::default(),
            Vault::Sealed(keys) => match &keys.inner {
                Inner::Other(_, salt) => salt.clone(),
                Inner::Same | Inner::Lacking => Salt::default(),
            },
        }
    }
}

/// The key of a purpose.
fn derive<const N: usize>(
    data: &Secret,
    vault: Uuid,
    purpose: &str,
) -> Result<SecretBox<[u8; N]>, KeyFault>
where
    [u8; N]: zeroize::Zeroize,
{
    let mut key = Box::new([0; N]);
    let info = format!("jumin/v1/{purpose}");
    Hkdf::<Sha256>::new(Some(vault.as_bytes()), data.expose_secret())
        .expand(info.as_bytes(), key.as_mut_slice())
        .map_err(|fault| KeyFault::Machine(fault.to_string()))?;
    Ok(SecretBox::new(key))
}

/// HMAC-SHA256 over the parts, one after another.
fn keyed_hash(key: &Secret, parts: &[&[u8]]) -> [u8; 32] {
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
