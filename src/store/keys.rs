//! A register's folder seen from the door: whether it is sealed, who has a key, and changing that.
//!
//! Invariant: who has a key is altered only by whoever holds the folder's lock and an unlocked key.

use crate::model::ids::ReplicaId;
use crate::store::Reason;
use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::Identity;
use crate::store::folder::disk;
use crate::store::frame;
use crate::store::lock;
use crate::store::lock::Lock;
use crate::store::scan;
use crate::store::scan::Source;
use crate::store::vault::Key;
use crate::store::vault::Vault;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::kdf;
use crate::store::vault::ring;
use crate::store::vault::ring::Ring;
use crate::store::vault::slot::Grant;
use crate::store::vault::slot::Slot;
use secrecy::SecretString;
use std::path::Path;
use std::path::PathBuf;
use uuid::Uuid;

/// How a register lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// Anybody who has the folder can read it.
    Open,
    /// Nobody reads it who has none of these.
    Sealed(Vec<Slot>),
}

/// How the register of a folder lies on the disk.
pub fn rest(dir: &Path) -> Result<Rest, StoreError> {
    let identity = folder::read_identity(dir)?;
    if identity.vault.is_none() {
        return Ok(Rest::Open);
    }
    let (ring, _) = ring::read(&identity.home(dir), identity.register)?;
    Ok(Rest::Sealed(ring.slots().to_vec()))
}

/// Whether what is hidden from who only looks is sealed from them too. In a register of an earlier
/// program the program alone hides it, until the data keys are changed.
pub fn is_parted(dir: &Path) -> Result<bool, StoreError> {
    let (identity, home) = sealed(dir)?;
    ring::read(&home, identity.register).map(|(ring, _)| ring.is_parted())
}

/// Which register a folder holds a copy of.
pub fn register(dir: &Path) -> Result<Uuid, StoreError> {
    folder::read_identity(dir).map(|identity| identity.register)
}

/// Unlocks a sealed register with a worker's passphrase or the recovery key.
pub fn unlock(dir: &Path, who: &str, secret: &SecretString) -> Result<Key, StoreError> {
    let (identity, home) = sealed(dir)?;
    ring::unlock(&home, identity.register, who, secret)
}

/// Whether a passphrase is long enough to be taken.
pub fn require_long(passphrase: &SecretString) -> Result<(), KeyFault> {
    kdf::require_long(passphrase)
}

/// Gives a worker a slot.
pub fn add(dir: &Path, key: &Key, grant: &Grant) -> Result<(), StoreError> {
    alter(dir, |ring| ring.add(key, grant))
}

/// Takes a worker's slot away.
pub fn remove(dir: &Path, key: &Key, name: &str) -> Result<(), StoreError> {
    alter(dir, |ring| ring.remove(key, name))
}

/// Gives a worker another passphrase; role and label stay.
pub fn change(dir: &Path, key: &Key, grant: &Grant) -> Result<(), StoreError> {
    alter(dir, |ring| ring.change(key, grant))
}

/// Replaces the recovery key by a new one.
pub fn renew(dir: &Path, key: &Key) -> Result<SecretString, StoreError> {
    alter(dir, |ring| ring.renew(key))
}

fn alter<T>(
    dir: &Path,
    how: impl FnOnce(&mut Ring) -> Result<T, KeyFault>,
) -> Result<T, StoreError> {
    let (identity, home) = sealed(dir)?;
    let lock = lock::take(dir)?;
    if let Lock::ReadOnly(why) = &lock {
        return Err(StoreError::ReadOnly { why: why.clone() });
    }
    let (mut ring, _) = ring::read(&home, identity.register)?;
    let answer = how(&mut ring)?;
    ring.write(&home)?;
    drop(lock);
    Ok(answer)
}

fn sealed(dir: &Path) -> Result<(Identity, PathBuf), StoreError> {
    let identity = folder::read_identity(dir)?;
    if identity.vault.is_none() {
        return Err(KeyFault::NotSealed.into());
    }
    let home = identity.home(dir);
    Ok((identity, home))
}

/// Where the journal of a register is read, and with what.
pub(crate) fn source(
    dir: &Path,
    identity: Identity,
    key: Option<&Key>,
) -> Result<Source, StoreError> {
    let vault = match (identity.vault, key) {
        (None, _) => Vault::Open,
        (Some(_), Some(key)) => key.vault()?,
        (Some(_), None) => return Err(StoreError::Sealed(dir.to_owned())),
    };
    Ok(Source {
        dir: folder::journal(&identity.home(dir)),
        genesis: frame::genesis(identity.register),
        vault,
    })
}

/// The same for those who mean to read all of it.
pub(crate) fn whole(
    dir: &Path,
    identity: Identity,
    key: Option<&Key>,
) -> Result<Source, StoreError> {
    let source = source(dir, identity, key)?;
    if source.vault.is_whole() {
        Ok(source)
    } else {
        Err(KeyFault::Half.into())
    }
}

/// Refuses an `id.toml` that was put back from before the register moved: it names a home that is
/// empty, while another holds a journal.
pub(crate) fn require_current(dir: &Path, identity: Identity) -> Result<(), StoreError> {
    let holds = |home: &Path| {
        let files = scan::files(&folder::journal(home));
        files.is_ok_and(|files| !files.is_empty())
    };
    if holds(&identity.home(dir)) {
        return Ok(());
    }
    let entries = std::fs::read_dir(dir).map_err(disk("reading", dir))?;
    let others = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_vault = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with("vault-")
    };
    match others.filter(is_vault).find(|home| holds(home)) {
        Some(home) => Err(StoreError::Damaged {
            path: folder::identity(dir),
            what: Reason::Older(home),
        }),
        None => Ok(()),
    }
}

/// Whether a register is in a folder, whole or not. What a making that was cut off left behind is
/// none yet.
pub fn is_register(dir: &Path) -> bool {
    folder::identity(dir).exists()
}

/// Refuses a folder that holds a register already, or anything else.
pub fn require_free(dir: &Path) -> Result<(), StoreError> {
    if is_register(dir) {
        return Err(StoreError::Exists(dir.to_owned()));
    }
    if dir.exists() {
        folder::require_empty(dir)?;
    }
    Ok(())
}

/// A sealed register that is yet to be made: nothing of it is on the disk.
pub struct Founding {
    pub(crate) ring: Ring,
    pub(crate) register: ReplicaId,
    key: Key,
}

impl Founding {
    /// What a register needs that this copy founds, and its recovery key, to be put on paper.
    pub fn new(
        register: ReplicaId,
        founder: &Grant,
    ) -> Result<(Founding, SecretString), StoreError> {
        let (ring, key, paper) = Ring::found(register.0, founder)?;
        let founding = Founding {
            ring,
            register,
            key,
        };
        Ok((founding, paper))
    }

    /// What will open it.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

/// Prepares a folder for a new register. It is one when that is finished.
pub(crate) fn begin(
    dir: &Path,
    register: Uuid,
    replica: ReplicaId,
    vault: Option<u32>,
) -> Result<Identity, StoreError> {
    require_free(dir)?;
    let identity = Identity {
        format: vault.map_or(folder::OPEN, |_| folder::FORMAT),
        register,
        replica,
        vault,
    };
    folder::begin(dir, identity)?;
    Ok(identity)
}
