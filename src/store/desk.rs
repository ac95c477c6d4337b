//! Small things of this desk, kept across restarts: where the sort screen stands, and the like.
//!
//! Invariant: a thing is kept whole or not at all; none of it is part of the register's history.

use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

/// Keeps bytes under a name; none to forget what was kept there.
pub(crate) fn keep(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let path = path(dir, name);
    if bytes.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(fault) if fault.kind() != ErrorKind::NotFound => {
                Err(disk("removing", &path)(fault))
            }
            Ok(()) | Err(_) => Ok(()),
        };
    }
    folder::make(&dir.join("desk"))
        .and_then(|()| folder::replace(&path, bytes))
        .map_err(disk("writing", &path))
}

/// What was kept under a name.
pub(crate) fn kept(dir: &Path, name: &str) -> Option<Vec<u8>> {
    std::fs::read(path(dir, name)).ok()
}

/// The file of a name; what a file name had better not hold becomes `_`.
fn path(dir: &Path, name: &str) -> PathBuf {
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
