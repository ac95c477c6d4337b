//! The key file: who can open the register, each in a slot of their own.
//!
//! ```text
//! about  magic 8 | version u16 | vault 16 | register 16
//! body   about | epoch u64 | slots u8 | slot | slot ..
//! file   body | HMAC-SHA256 within | HMAC-SHA256 of all before it
//! ```
//!
//! The last checksum is made with the key that everybody has, so that who only looks can change a
//! passphrase. The one within is made with the second data key, over all but what such a change
//! alters: nobody without that key can put in a slot for it, or another recovery key, and wait for
//! whoever has it to wrap it anew. In version 1 there is no second key, and no checksum within.
//!
//! It stands twice, in `keys` and `keys.copy`, since nothing opens without it. The copy helps when
//! the first is damaged, and never otherwise: it may be a change behind.
//!
//! Invariant: nothing that a file says is acted on before it is checked; a ring always has somebody
//! who manages it besides the recovery key.

use crate::model::role::Role;
use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::vault::Holder;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::random_id;
use crate::store::vault::recovery;
use crate::store::vault::slot::Grant;
use crate::store::vault::slot::Lock;
use crate::store::vault::slot::Slot;
use crate::store::vault::slot::Version;
use crate::store::vault::slot::named;
use crate::store::vault::slot::take;
use secrecy::SecretString;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

const MAGIC: [u8; 8] = *b"JUMINKEY";
/// So many slots there may be.
const MOST: u8 = 32;

/// The name of the recovery slot: nobody's own.
const PAPER: &str = "recovery";

/// A key file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ring {
    version: Version,
    vault: Uuid,
    register: Uuid,
    /// How often it was changed.
    epoch: u64,
    slots: Vec<Slot>,
    /// The checksum within; nothing in version 1.
    within: Option<[u8; 32]>,
    mac: [u8; 32],
}

impl Ring {
    /// A new ring for a register, its key, and the recovery key to be put on paper.
    pub(crate) fn found(
        register: Uuid,
        founder: &Grant,
    ) -> Result<(Ring, Key, SecretString), KeyFault> {
        let (mut ring, key) = Ring::with(register, founder, 0)?;
        let paper = ring.renew(&key)?;
        Ok((ring, key, paper))
    }

    /// A new ring for a register whose recovery key is on paper already: its public half.
    pub(crate) fn found_for(
        register: Uuid,
        founder: &Grant,
        recipient: String,
    ) -> Result<(Ring, Key), KeyFault> {
        let (mut ring, key) = Ring::with(register, founder, 0)?;
        ring.admit(&key, recipient)?;
        Ok((ring, key))
    }

    /// A ring of another vault for the same register and the same recovery key, opened by those
    /// who are granted it and by nobody else; it follows this one.
    pub(crate) fn followed(&self, key: &Key, grants: &[Grant]) -> Result<(Ring, Key), KeyFault> {
        require_manager(key)?;
        let manages = |grant: &&Grant| grant.role == Role::Manage;
        let founder = grants.iter().find(manages).ok_or(KeyFault::NotManager)?;
        let recipient = self.recipient().ok_or(KeyFault::RecoverySlot)?;
        let (mut ring, new) = Ring::with(self.register, founder, self.epoch)?;
        for grant in grants.iter().filter(|grant| grant.name != founder.name) {
            ring.add(&new, grant)?;
        }
        ring.admit(&new, recipient)?;
        Ok((ring, new))
    }

    /// A ring that only its founder opens.
    fn with(register: Uuid, founder: &Grant, epoch: u64) -> Result<(Ring, Key), KeyFault> {
        super::kdf::require_long(&founder.passphrase)?;
        let vault = random_id()?;
        let holder = Holder::Worker {
            slot: 1,
            name: named(&founder.name)?,
            role: Role::Manage,
        };
        let key = Key::forge(vault, holder)?;
        let mut ring = Ring {
            version: Version::Two,
            vault,
            register,
            epoch,
            slots: vec![],
            within: None,
            mac: [0; 32],
        };
        let founder = Grant {
            role: Role::Manage,
            ..founder.clone()
        };
        let slot = Slot::grant(1, &founder, (ring.version, &ring.about()), &key)?;
        ring.slots.push(slot);
        ring.seal(&key)?;
        Ok((ring, key))
    }

    /// The public half of the recovery key.
    pub(crate) fn recipient(&self) -> Option<String> {
        self.slots.iter().find_map(|slot| match &slot.lock {
            Lock::Recovery { recipient, .. } => Some(recipient.clone()),
            Lock::Passphrase(_) => None,
        })
    }

    /// Its vault, and how often it was changed.
    pub(crate) fn age(&self) -> (Uuid, u64) {
        (self.vault, self.epoch)
    }

    /// Whether who only looks lacks the second data key.
    pub(crate) fn is_parted(&self) -> bool {
        self.version == Version::Two
    }

    /// The slots, in order.
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// What unlocks: a worker's passphrase (theirs alone, if the ring knows the worker), or the
    /// recovery key.
    pub(crate) fn unlock(&self, who: &str, secret: &SecretString) -> Result<Key, KeyFault> {
        let (plain, holder) = if recovery::is_meant(secret) {
            (self.recover(secret)?, Holder::Recovery)
        } else {
            self.open_with(who, secret)?
        };
        let key = Key::of(self.vault, self.version, &plain, holder)?;
        let is_ours: bool = self.sign(&key)?.ct_eq(&self.mac).into();
        let within = key.sign_within(&self.body_within())?;
        let is_ours_within = within.is_none_or(|wanted| {
            let stands = self.within.unwrap_or_default();
            wanted.ct_eq(&stands).into()
        });
        if is_ours && is_ours_within {
            Ok(key)
        } else {
            Err(KeyFault::Altered)
        }
    }

    fn open_with(
        &self,
        who: &str,
        passphrase: &SecretString,
    ) -> Result<(Zeroizing<Vec<u8>>, Holder), KeyFault> {
        let is_known = self.slots.iter().any(|slot| slot.is_of(who));
        let asked = |slot: &&Slot| !is_known || slot.is_of(who);
        for slot in self.slots.iter().filter(asked) {
            let opened = slot.try_open(passphrase, (self.version, &self.about()))?;
            if let Some(plain) = opened {
                let holder = Holder::Worker {
                    slot: slot.number,
                    name: slot.name.clone(),
                    role: slot.role,
                };
                return Ok((plain, holder));
            }
        }
        Err(KeyFault::Wrong)
    }

    fn recover(&self, secret: &SecretString) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        let identity = recovery::read(secret)?;
        let wrapped = self.slots.iter().find_map(|slot| match &slot.lock {
            Lock::Recovery { wrapped, .. } => Some(wrapped),
            Lock::Passphrase(_) => None,
        });
        recovery::unwrap(&identity, wrapped.ok_or(KeyFault::WrongRecovery)?)
    }

    /// Gives a worker a slot.
    pub(crate) fn add(&mut self, key: &Key, grant: &Grant) -> Result<(), KeyFault> {
        require_manager(key)?;
        super::kdf::require_long(&grant.passphrase)?;
        let name = named(&grant.name)?;
        if self.slots.iter().any(|slot| slot.name == name) {
            return Err(KeyFault::Taken(name));
        }
        let is_free = |number: &u8| self.slots.iter().all(|slot| slot.number != *number);
        let number = (1..=MOST).find(is_free).ok_or(KeyFault::Full)?;
        let slot = Slot::grant(number, grant, (self.version, &self.about()), key)?;
        self.slots.push(slot);
        self.seal(key)
    }

    /// Takes a worker's slot away.
    pub(crate) fn remove(&mut self, key: &Key, name: &str) -> Result<(), KeyFault> {
        require_manager(key)?;
        let at = self.slots.iter().position(|slot| slot.is_of(name));
        let at = at.ok_or_else(|| KeyFault::Nobody(name.to_owned()))?;
        let gone = self.slots.remove(at);
        let manages = |slot: &Slot| slot.role == Role::Manage && !slot.is_paper();
        if self.slots.iter().any(manages) {
            self.seal(key)
        } else {
            self.slots.insert(at, gone);
            Err(KeyFault::LastManager(name.to_owned()))
        }
    }

    /// Gives a worker another passphrase: one's own, or, for who manages, anybody's.
    pub(crate) fn change(&mut self, key: &Key, grant: &Grant) -> Result<(), KeyFault> {
        let is_own = matches!(&key.holder, Holder::Worker { name, .. } if *name == grant.name);
        if !is_own {
            require_manager(key)?;
        }
        super::kdf::require_long(&grant.passphrase)?;
        let about = self.about();
        let nobody = || KeyFault::Nobody(grant.name.clone());
        let slot = self.slots.iter_mut().find(|slot| slot.is_of(&grant.name));
        let slot = slot.ok_or_else(nobody)?;
        let grant = Grant {
            role: slot.role,
            label: slot.label.clone(),
            ..grant.clone()
        };
        *slot = Slot::grant(slot.number, &grant, (self.version, &about), key)?;
        self.seal(key)
    }

    /// Replaces the recovery key by a new one, to be put on paper.
    pub(crate) fn renew(&mut self, key: &Key) -> Result<SecretString, KeyFault> {
        require_manager(key)?;
        let (paper, recipient) = recovery::forge();
        self.admit(key, recipient)?;
        Ok(paper)
    }

    /// Has the recovery key with this public half open the register, and no other.
    fn admit(&mut self, key: &Key, recipient: String) -> Result<(), KeyFault> {
        let wrapped = recovery::wrap(&recipient, &key.wrapped(self.version, Role::Manage)?)?;
        self.slots.retain(|slot| !slot.is_paper());
        let is_free = |number: &u8| self.slots.iter().all(|slot| slot.number != *number);
        self.slots.push(Slot {
            number: (1..=MOST).rev().find(is_free).ok_or(KeyFault::Full)?,
            name: PAPER.to_owned(),
            role: Role::Manage,
            label: String::new(),
            lock: Lock::Recovery { recipient, wrapped },
        });
        self.seal(key)
    }

    /// After a change: in order, counted, and under a new checksum.
    fn seal(&mut self, key: &Key) -> Result<(), KeyFault> {
        self.slots.sort_by_key(|slot| slot.number);
        self.epoch += 1;
        if let Some(within) = key.sign_within(&self.body_within())? {
            self.within = Some(within);
        }
        self.mac = self.sign(key)?;
        Ok(())
    }

    fn sign(&self, key: &Key) -> Result<[u8; 32], KeyFault> {
        key.sign(&self.signed())
    }

    fn about(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&(self.version as u16).to_le_bytes());
        bytes.extend_from_slice(self.vault.as_bytes());
        bytes.extend_from_slice(self.register.as_bytes());
        bytes
    }

    /// All but the last checksum.
    fn signed(&self) -> Vec<u8> {
        let mut bytes = self.about();
        bytes.extend_from_slice(&self.epoch.to_le_bytes());
        bytes.push(self.slots.len() as u8);
        for slot in &self.slots {
            slot.encode(self.version, &mut bytes);
        }
        bytes.extend(self.within.iter().flatten());
        bytes
    }

    /// What whoever lacks the second data key has no business to alter.
    fn body_within(&self) -> Vec<u8> {
        let mut bytes = self.about();
        for slot in &self.slots {
            if self.version.keys(slot.role) == 1 {
                slot.encode_head(&mut bytes);
            } else {
                slot.encode(self.version, &mut bytes);
            }
        }
        bytes
    }

    /// The bytes of the file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.signed();
        bytes.extend_from_slice(&self.mac);
        bytes
    }

    /// A file's content, when it makes sense and belongs to the register.
    pub(crate) fn decode(bytes: &[u8], register: Uuid) -> Result<Ring, KeyFault> {
        let mut rest = bytes;
        if take::<8>(&mut rest)? != MAGIC {
            return Err(KeyFault::NotKeys);
        }
        let version = match u16::from_le_bytes(take(&mut rest)?) {
            0 => return Err(KeyFault::NotKeys),
            1 => Version::One,
            2 => Version::Two,
            newer => return Err(KeyFault::Newer(newer)),
        };
        let vault = Uuid::from_bytes(take(&mut rest)?);
        if Uuid::from_bytes(take(&mut rest)?) != register {
            return Err(KeyFault::Other);
        }
        let epoch = u64::from_le_bytes(take(&mut rest)?);
        let [count] = take(&mut rest)?;
        if count == 0 || count > MOST {
            return Err(KeyFault::Slots(count));
        }
        let mut slots: Vec<Slot> = vec![];
        for _ in 0..count {
            let slot = Slot::decode(version, &mut rest)?;
            let last = slots.last().map_or(0, |last| last.number);
            if slot.number <= last || slot.number > MOST {
                return Err(KeyFault::Order(slot.number));
            }
            slots.push(slot);
        }
        let within = match version {
            Version::One => None,
            Version::Two => Some(take(&mut rest)?),
        };
        let mac = take(&mut rest)?;
        if !rest.is_empty() {
            return Err(KeyFault::Trailing);
        }
        Ok(Ring {
            version,
            vault,
            register,
            epoch,
            slots,
            within,
            mac,
        })
    }

    /// Writes both files of a vault's folder.
    pub(crate) fn write(&self, home: &Path) -> Result<(), StoreError> {
        let bytes = self.encode();
        for path in paths(home) {
            folder::replace(&path, &bytes).map_err(disk("writing", &path))?;
        }
        Ok(())
    }
}

/// The rings of a vault's folder: the first that makes sense comes first. What stands in the copy
/// is looked at only when the first is damaged, and then the first fault is the one to tell.
pub(crate) fn read(home: &Path, register: Uuid) -> Result<(Ring, Source), StoreError> {
    let [first, copy] = paths(home).map(|path| read_one(&path, register));
    match first? {
        Ok(ring) => Ok((ring, Source::First)),
        Err(fault) if fault.is_damage() => match copy? {
            Ok(ring) => Ok((ring, Source::Copy)),
            Err(_) => Err(StoreError::Key(fault)),
        },
        Err(fault) => Err(StoreError::Key(fault)),
    }
}

/// Unlocks a vault's folder; mends the files that were damaged or fell behind.
pub(crate) fn unlock(
    home: &Path,
    register: Uuid,
    who: &str,
    secret: &SecretString,
) -> Result<Key, StoreError> {
    let (ring, source) = read(home, register)?;
    let (ring, key) = match (ring.unlock(who, secret), source) {
        (Ok(key), _) => (ring, key),
        (Err(KeyFault::Altered), Source::First) => {
            let [_, copy] = paths(home);
            let copy = read_one(&copy, register)?.map_err(|_| KeyFault::Altered)?;
            let key = copy.unlock(who, secret).map_err(|_| KeyFault::Altered)?;
            (copy, key)
        }
        (Err(fault), _) => return Err(fault.into()),
    };
    let wanted = ring.encode();
    for path in paths(home) {
        if std::fs::read(&path).ok().as_ref() != Some(&wanted) {
            // A folder that cannot be written is read all the same.
            drop(folder::replace(&path, &wanted));
        }
    }
    Ok(key)
}

/// Where a ring was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// In `keys`.
    First,
    /// In `keys.copy`, since the first makes no sense.
    Copy,
}

/// What is wrong with each of the two files, by its name. One that is behind the other counts as
/// cut short of what is known.
pub(crate) fn copies(
    home: &Path,
    register: Uuid,
) -> Result<[(&'static str, Option<KeyFault>); 2], StoreError> {
    let [first, copy] = paths(home).map(|path| read_one(&path, register));
    let (first, copy) = (first?, copy?);
    let behind = match (&first, &copy) {
        (Ok(first), Ok(copy)) if first != copy => Some(KeyFault::Altered),
        _ => None,
    };
    Ok([("keys", first.err()), ("keys.copy", copy.err().or(behind))])
}

fn paths(home: &Path) -> [PathBuf; 2] {
    [home.join("keys"), home.join("keys.copy")]
}

fn read_one(path: &Path, register: Uuid) -> Result<Result<Ring, KeyFault>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Ring::decode(&bytes, register)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(Err(KeyFault::Missing)),
        Err(fault) => Err(disk("reading", path)(fault)),
    }
}

fn require_manager(key: &Key) -> Result<(), KeyFault> {
    if key.role() == Role::Manage {
        Ok(())
    } else {
        Err(KeyFault::NotManager)
    }
}

impl Slot {
    /// Whether this is the slot of a worker.
    fn is_of(&self, who: &str) -> bool {
        self.name == who && !self.is_paper()
    }

    /// Whether this is the slot of the recovery key.
    fn is_paper(&self) -> bool {
        matches!(self.lock, Lock::Recovery { .. })
    }
}
