//! Which records were removed for good: a file `removed.toml` in the register's folder.
//!
//! It names records by ids that were drawn by lot, and nobody. Without a key it can be read, so that
//! restoring an old backup can leave out whom the register has removed since.
//!
//! Invariant: what was once noted stays noted.

use crate::model::ids::Subject;
use crate::model::removal::How;
use crate::model::removal::Removals;
use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use serde::Deserialize;
use serde::Serialize;
use std::io;
use std::path::Path;

/// The file.
#[derive(Default, Serialize, Deserialize)]
struct Note {
    #[serde(default)]
    removed: Vec<Removed>,
}

/// One record that was removed.
#[derive(Serialize, Deserialize)]
struct Removed {
    how: How,
    record: Subject,
}

/// What was removed for good from the register of a folder; nothing, where nothing is noted.
pub fn noted(dir: &Path) -> Result<Removals, StoreError> {
    let path = dir.join("removed.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Removals::new()),
        Err(fault) => return Err(disk("reading", &path)(fault)),
    };
    let note: Note = toml::from_str(&text).map_err(|fault| StoreError::Damaged {
        path,
        what: fault.message().to_owned().into(),
    })?;
    let removed = note.removed.into_iter();
    Ok(removed.map(|one| (one.record, one.how)).collect())
}

/// Notes removals beside those that are noted.
pub(crate) fn note(dir: &Path, removals: &Removals) -> Result<(), StoreError> {
    let mut all = noted(dir)?;
    for (record, how) in removals {
        let noted = all.entry(*record).or_insert(*how);
        *noted = (*noted).max(*how);
    }
    if all.is_empty() {
        return Ok(());
    }
    let removed = all.into_iter().map(|(record, how)| Removed { how, record });
    let mut note = Note {
        removed: removed.collect(),
    };
    note.removed.sort_unstable_by_key(|one| one.record);
    let path = dir.join("removed.toml");
    let text = toml::to_string(&note).map_err(io::Error::other);
    text.and_then(|text| folder::replace(&path, text.as_bytes()))
        .map_err(disk("writing", &path))
}
