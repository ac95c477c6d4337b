//! Small things of this desk, kept across restarts: where the sort screen stands, and the like.
//!
//! Invariant: a thing is kept whole or not at all, sealed in a sealed register; none of it is part
//! of the register's history.

use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::vault::Spot;
use crate::store::vault::Vault;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

/// Keeps bytes under a name; none to forget what was kept there.
pub(crate) fn keep(dir: &Path, vault: &Vault, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let path = path(dir, vault, name);
    if bytes.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => {
                Err(disk("removing", &path)(fault))
            }
            Ok(()) | Err(_) => Ok(()),
        };
    }
    let sealed = vault.seal(Spot::Kept(name), bytes.to_vec());
    folder::make(&dir.join("desk"))
        .and_then(|()| sealed.map_err(std::io::Error::other))
        .and_then(|sealed| folder::replace(&path, &sealed))
        .map_err(disk("writing", &path))
}

/// What was kept under a name.
pub(crate) fn kept(dir: &Path, vault: &Vault, name: &str) -> Option<Vec<u8>> {
    let sealed = std::fs::read(path(dir, vault, name)).ok()?;
    let plain = vault.open(Spot::Kept(name), &sealed).ok()?;
    Some(plain.into_owned())
}

/// The file of a name; what a file name had better not hold becomes `_`. In a sealed register it is
/// called by a keyed hash, since a name may hold what somebody typed.
fn path(dir: &Path, vault: &Vault, name: &str) -> PathBuf {
    if let Some(hash) = vault.name("desk", name.as_bytes()) {
        let hex = uuid::Uuid::from_bytes(hash).simple().to_string();
        return dir.join("desk").join(hex);
    }
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect();
    dir.join("desk").join(plain)
}
