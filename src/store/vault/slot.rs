//! A slot of the key file: the data key, wrapped for one worker or for the recovery key.
//!
//! ```text
//! head        number u8 | kind u8 | role u8 | name | label
//! passphrase  head | memory u32 | passes u32 | lanes u32 | salt 16 | nonce 24 | wrapped 48
//! recovery    head | public half | length u16 | age file
//! a text is its length u8 and its bytes
//! ```
//!
//! Invariant: all that a passphrase slot says of itself is bound to what it wraps: altered, it does
//! not open. What can be decoded encodes to the same bytes again.

use crate::model::role::Role;
use crate::store::vault::NONCE;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::kdf::Cost;
use crate::store::vault::random;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use secrecy::ExposeSecret;
use secrecy::SecretBox;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// The data key and its tag.
const WRAPPED: usize = 48;

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
    nonce: [u8; NONCE],
    wrapped: [u8; WRAPPED],
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
        about: &[u8],
        data: &SecretBox<[u8; 32]>,
    ) -> Result<Slot, KeyFault> {
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
                nonce,
                wrapped: [0; WRAPPED],
            }),
        };
        let bound = slot.bound(about);
        let key = grant.cost.derive(&grant.passphrase, &salt)?;
        let sealed = XChaCha20Poly1305::new(key.expose_secret().into())
            .encrypt(&XNonce::from(nonce), payload(data.expose_secret(), &bound))
            .map_err(|fault| KeyFault::Machine(fault.to_string()))?;
        if let Lock::Passphrase(lock) = &mut slot.lock {
            lock.wrapped.copy_from_slice(&sealed);
        }
        Ok(slot)
    }

    /// The data key, if this is the passphrase; `None` if it is not, or the slot was altered.
    pub(super) fn try_open(
        &self,
        passphrase: &SecretString,
        about: &[u8],
    ) -> Result<Option<SecretBox<[u8; 32]>>, KeyFault> {
        let Lock::Passphrase(lock) = &self.lock else {
            return Ok(None);
        };
        let key = lock.cost.derive(passphrase, &lock.salt)?;
        let bound = self.bound(about);
        let opened = XChaCha20Poly1305::new(key.expose_secret().into())
            .decrypt(&XNonce::from(lock.nonce), payload(&lock.wrapped, &bound));
        let Ok(plain) = opened.map(Zeroizing::new) else {
            return Ok(None);
        };
        let mut data = Box::new([0; 32]);
        data.copy_from_slice(&plain);
        Ok(Some(SecretBox::new(data)))
    }

    /// What the wrapped key is bound to: the file's word and the slot's own, without the nonce.
    fn bound(&self, about: &[u8]) -> Vec<u8> {
        let mut bytes = about.to_vec();
        self.encode_head(&mut bytes);
        if let Lock::Passphrase(lock) = &self.lock {
            lock.encode_head(&mut bytes);
        }
        bytes
    }

    fn encode_head(&self, bytes: &mut Vec<u8>) {
        let kind = match self.lock {
            Lock::Passphrase(_) => 1,
            Lock::Recovery { .. } => 2,
        };
        bytes.extend_from_slice(&[self.number, kind, number(self.role)]);
        encode_text(&self.name, bytes);
        encode_text(&self.label, bytes);
    }

    /// Appends the stored form.
    pub(super) fn encode(&self, bytes: &mut Vec<u8>) {
        self.encode_head(bytes);
        match &self.lock {
            Lock::Passphrase(lock) => {
                lock.encode_head(bytes);
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
    pub(super) fn decode(rest: &mut &[u8]) -> Result<Slot, KeyFault> {
        let [own, kind, role] = take(rest)?;
        let unknown = |what| KeyFault::Unknown { slot: own, what };
        let role = Role::ALL.into_iter().find(|one| number(*one) == role);
        let role = role.ok_or(unknown("role"))?;
        let name = decode_text(own, rest)?;
        let label = decode_text(own, rest)?;
        let lock = match kind {
            1 => Lock::Passphrase(Passphrase::decode(own, rest)?),
            2 => {
                let recipient = decode_text(own, rest)?;
                let length = u16::from_le_bytes(take(rest)?);
                let (wrapped, behind) = rest
                    .split_at_checked(usize::from(length))
                    .ok_or(KeyFault::Cut)?;
                let wrapped = wrapped.to_vec();
                *rest = behind;
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
    fn encode_head(&self, bytes: &mut Vec<u8>) {
        let Cost {
            memory,
            passes,
            lanes,
        } = self.cost;
        for number in [memory, passes, lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.salt);
    }

    fn decode(slot: u8, rest: &mut &[u8]) -> Result<Passphrase, KeyFault> {
        let mut number = || take(rest).map(u32::from_le_bytes);
        let cost = Cost {
            memory: number()?,
            passes: number()?,
            lanes: number()?,
        };
        cost.check(slot)?;
        Ok(Passphrase {
            cost,
            salt: take(rest)?,
            nonce: take(rest)?,
            wrapped: take(rest)?,
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
    let (text, behind) = rest
        .split_at_checked(usize::from(length))
        .ok_or(KeyFault::Cut)?;
    let text = std::str::from_utf8(text).map_err(|_| KeyFault::Name(slot))?;
    *rest = behind;
    Ok(text.to_owned())
}

/// Takes so many bytes from the front.
pub(super) fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], KeyFault> {
    let (head, behind) = rest.split_first_chunk::<N>().ok_or(KeyFault::Cut)?;
    *rest = behind;
    Ok(*head)
}
