//! A slot of the key file: the data keys, wrapped for one worker or for the recovery key.
//!
//! ```text
//! head        number u8 | kind u8 | role u8 | name | label
//! cost        memory u32 | passes u32 | lanes u32 | salt 16
//! passphrase  head | cost | keys u8 | nonce 24 | wrapped, 32 for each key and 16
//! recovery    head | public half | length u16 | age file
//! a text is its length u8 and its bytes; before version 2 there is one key, and nothing says so
//! ```
//!
//! Invariant: all that a passphrase slot says of itself is bound to what it wraps: altered, it does
//! not open. What can be decoded encodes to the same bytes again.

use crate::model::role::Role;
use crate::store::vault::Key;
use crate::store::vault::LENGTH;
use crate::store::vault::cipher::NONCE;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::kdf::Cost;
use crate::store::vault::random;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// What a tag adds to what is wrapped.
const TAG: usize = 16;

/// The version of a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// One data key opens everything.
    One = 1,
    /// There are two, and who only looks has one of them.
    Two = 2,
}

impl Version {
    /// How many data keys somebody of this role has.
    pub(super) fn keys(self, role: Role) -> u8 {
        match (self, role) {
            (Version::One, _) | (Version::Two, Role::View) => 1,
            (Version::Two, Role::Enter | Role::Manage) => 2,
        }
    }
}

/// The longest name, in bytes.
const LONGEST: usize = 80;

/// How a role is stored.
fn number(role: Role) -> u8 {
    match role {
        Role::View => 1,
        Role::Enter => 2,
        Role::Manage => 3,
    }
}

/// A slot, without what it wraps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its number, from 1.
    pub number: u8,
    /// Whose it is.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What else there is to say, such as the desk it is for.
    pub label: String,
    /// What opens it.
    pub lock: Lock,
}

/// What opens a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// A passphrase.
    Passphrase(Passphrase),
    /// The recovery key.
    Recovery {
        /// Its public half.
        recipient: String,
        /// The data key, as an age file.
        wrapped: Vec<u8>,
    },
}

/// What is stored for a passphrase.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase {
    /// What computing its key costs.
    pub cost: Cost,
    salt: [u8; 16],
    /// How many data keys are wrapped.
    keys: u8,
    nonce: [u8; NONCE],
    wrapped: Vec<u8>,
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cost.fmt(f)
    }
}

/// Who gets a slot.
#[derive(Clone)]
pub struct Grant {
    /// The worker's name.
    pub name: String,
    /// What else there is to say.
    pub label: String,
    /// What they may do.
    pub role: Role,
    /// Their passphrase.
    pub passphrase: SecretString,
    /// What it shall cost to try it.
    pub cost: Cost,
}

impl Slot {
    /// A slot for a worker. `about` is what the file says of itself.
    pub(super) fn grant(
        number: u8,
        grant: &Grant,
        (version, about): (Version, &[u8]),
        key: &Key,
    ) -> Result<Slot, KeyFault> {
        let plain = key.wrapped(version, grant.role)?;
        let (mut salt, mut nonce) = ([0; 16], [0; NONCE]);
        random(&mut salt)?;
        random(&mut nonce)?;
        let mut slot = Slot {
            number,
            name: named(&grant.name)?,
            role: grant.role,
            label: grant.label.chars().take(20).collect(),
            lock: Lock::Passphrase(Passphrase {
                cost: grant.cost,
                salt,
                keys: version.keys(grant.role),
                nonce,
                wrapped: vec![],
            }),
        };
        let bound = slot.bound(version, about);
        let key = grant.cost.derive(&grant.passphrase, &salt)?;
        let sealed = XChaCha20Poly1305::new(key.expose_secret().into())
            .encrypt(&XNonce::from(nonce), payload(&plain, &bound))
            .map_err(|fault| KeyFault::Machine(fault.to_string()))?;
        if let Lock::Passphrase(lock) = &mut slot.lock {
            lock.wrapped = sealed;
        }
        Ok(slot)
    }

    /// The data keys, if this is the passphrase; `None` if it is not, or the slot was altered.
    pub(super) fn try_open(
        &self,
        passphrase: &SecretString,
        (version, about): (Version, &[u8]),
    ) -> Result<Option<Zeroizing<Vec<u8>>>, KeyFault> {
        let Lock::Passphrase(lock) = &self.lock else {
            return Ok(None);
        };
        let key = lock.cost.derive(passphrase, &lock.salt)?;
        let bound = self.bound(version, about);
        let opened = XChaCha20Poly1305::new(key.expose_secret().into())
            .decrypt(&XNonce::from(lock.nonce), payload(&lock.wrapped, &bound));
        Ok(opened.ok().map(Zeroizing::new))
    }

    /// What the wrapped keys are bound to: the file's word and the slot's own, without the nonce.
    fn bound(&self, version: Version, about: &[u8]) -> Vec<u8> {
        let mut bytes = about.to_vec();
        self.encode_head(&mut bytes);
        if let Lock::Passphrase(lock) = &self.lock {
            lock.encode_head(version, &mut bytes);
        }
        bytes
    }

    /// Appends what it says of itself, whatever opens it.
    pub(super) fn encode_head(&self, bytes: &mut Vec<u8>) {
        let kind = match self.lock {
            Lock::Passphrase(_) => 1,
            Lock::Recovery { .. } => 2,
        };
        bytes.extend_from_slice(&[self.number, kind, number(self.role)]);
        encode_text(&self.name, bytes);
        encode_text(&self.label, bytes);
    }

    /// Appends the stored form.
    pub(super) fn encode(&self, version: Version, bytes: &mut Vec<u8>) {
        self.encode_head(bytes);
        match &self.lock {
            Lock::Passphrase(lock) => {
                lock.encode_head(version, bytes);
                bytes.extend_from_slice(&lock.nonce);
                bytes.extend_from_slice(&lock.wrapped);
            }
            Lock::Recovery { recipient, wrapped } => {
                encode_text(recipient, bytes);
                bytes.extend_from_slice(&(wrapped.len() as u16).to_le_bytes());
                bytes.extend_from_slice(wrapped);
            }
        }
    }

    /// Takes a slot from the front of bytes.
    pub(super) fn decode(version: Version, rest: &mut &[u8]) -> Result<Slot, KeyFault> {
        let [own, kind, role] = take(rest)?;
        let unknown = |what| KeyFault::Unknown { slot: own, what };
        let role = Role::ALL.into_iter().find(|one| number(*one) == role);
        let role = role.ok_or(unknown("role"))?;
        let name = decode_text(own, rest)?;
        let label = decode_text(own, rest)?;
        let lock = match kind {
            1 => Lock::Passphrase(Passphrase::decode(own, version, rest)?),
            2 => {
                let recipient = decode_text(own, rest)?;
                let length = u16::from_le_bytes(take(rest)?);
                let wrapped = take_some(usize::from(length), rest)?;
                Lock::Recovery { recipient, wrapped }
            }
            _ => return Err(unknown("kind")),
        };
        Ok(Slot {
            number: own,
            name,
            role,
            label,
            lock,
        })
    }
}

impl Passphrase {
    fn encode_head(&self, version: Version, bytes: &mut Vec<u8>) {
        let Cost {
            memory,
            passes,
            lanes,
        } = self.cost;
        for number in [memory, passes, lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        if version == Version::Two {
            bytes.push(self.keys);
        }
    }

    fn decode(slot: u8, version: Version, rest: &mut &[u8]) -> Result<Passphrase, KeyFault> {
        let mut number = || take(rest).map(u32::from_le_bytes);
        let cost = Cost {
            memory: number()?,
            passes: number()?,
            lanes: number()?,
        };
        cost.check(slot)?;
        let salt = take(rest)?;
        let [keys] = match version {
            Version::One => [1],
            Version::Two => take(rest)?,
        };
        if !(1..=2).contains(&keys) {
            let what = "number of keys";
            return Err(KeyFault::Unknown { slot, what });
        }
        Ok(Passphrase {
            cost,
            salt,
            keys,
            nonce: take(rest)?,
            wrapped: take_some(usize::from(keys) * LENGTH + TAG, rest)?,
        })
    }
}

/// A name that a slot can have.
pub(super) fn named(name: &str) -> Result<String, KeyFault> {
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST || name.chars().any(char::is_control) {
        Err(KeyFault::BadName)
    } else {
        Ok(name.to_owned())
    }
}

fn payload<'p>(msg: &'p [u8], aad: &'p [u8]) -> Payload<'p, 'p> {
    Payload { msg, aad }
}

fn encode_text(text: &str, bytes: &mut Vec<u8>) {
    let text = text.as_bytes();
    let length = text.len().min(usize::from(u8::MAX));
    bytes.push(length as u8);
    bytes.extend(text.iter().take(length));
}

fn decode_text(slot: u8, rest: &mut &[u8]) -> Result<String, KeyFault> {
    let [length] = take(rest)?;
    let text = take_some(usize::from(length), rest)?;
    String::from_utf8(text).map_err(|_| KeyFault::Name(slot))
}

fn take_some(length: usize, rest: &mut &[u8]) -> Result<Vec<u8>, KeyFault> {
    let (head, behind) = rest.split_at_checked(length).ok_or(KeyFault::Cut)?;
    *rest = behind;
    Ok(head.to_vec())
}

/// Takes so many bytes from the front.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], KeyFault> {
    let (head, behind) = rest.split_first_chunk::<N>().ok_or(KeyFault::Cut)?;
    *rest = behind;
    Ok(*head)
}
