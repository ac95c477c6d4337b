//! Finds what is wrong with a register's folder and mends what can be mended.
//!
//! What serves the journal (sled, checkpoints) is thrown away and built again from it, but only
//! where the journal itself is sound. What is wrong with the journal cannot be mended in place; see
//! [`crate::store::salvage`] for the way back.
//!
//! Invariant: nothing is removed that is not held elsewhere, or that was never acknowledged.

use crate::store::Finding;
use crate::store::Notice;
use crate::store::Reason;
use crate::store::Settings;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::lock;
use crate::store::lock::Lock;
use crate::store::tables;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::ring;
use std::path::Path;
use std::path::PathBuf;

/// What was found, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Treated {
    /// What was wrong.
    pub ailment: Ailment,
    /// Whether it is in order now.
    pub is_mended: bool,
}

/// What can be wrong with a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ailment {
    /// Others may read or write it.
    Shared(PathBuf),
    /// A file that was being written when the program was stopped. Nothing in it was acknowledged.
    Stray(PathBuf),
    /// The same, but the file that it was to replace is missing, so it is left.
    Orphan(PathBuf),
    /// One of the two key files is damaged or behind the other.
    Keys(&'static str, KeyFault),
    /// The end of the journal was torn and has been cut off.
    Torn(u64),
    /// sled differed from the journal, could not be opened, or was left open.
    Sled(Reason),
    /// A checkpoint could not be used.
    Checkpoint(Reason),
    /// These commits of the journal are damaged.
    Journal(String),
    /// The journal is whole, and not what it should be.
    Sum(Reason),
    /// The folder cannot be written.
    ReadOnly(Reason),
    /// What was cut off earlier is still set aside: so many files.
    Aside(usize),
}

/// Treats a folder. `key` opens it, if it is sealed; `keys` is what [`keys`] said before it did.
pub fn treat(
    dir: &Path,
    key: Option<&Key>,
    keys: Vec<Treated>,
) -> Result<Vec<Treated>, StoreError> {
    if key.is_some_and(|key| !key.is_whole()) {
        return Err(KeyFault::Half.into());
    }
    let identity = folder::read_identity(dir)?;
    let home = identity.home(dir);
    let mut found = keys;
    let lock = lock::take(dir)?;
    if let Lock::ReadOnly(why) = &lock {
        found.push(told(Ailment::ReadOnly(why.clone())));
        return Ok(found);
    }
    walk(dir, &mut found)?;
    drop(lock);
    let opened = open(dir, key)?;
    let mut barred = opened.store.is_barred();
    let (notices, mut findings) = examine(opened.store, opened.notices);
    found.extend(notices.iter().filter_map(of_notice));
    let fault = |findings: &[Finding], what| {
        let finding = findings.iter().find(|finding| finding.what == what);
        finding.and_then(|finding| finding.fault.clone())
    };
    let journal = fault(&findings, "journal");
    barred |= journal.is_some();
    if barred {
        let is_told = found
            .iter()
            .any(|one| matches!(one.ailment, Ailment::Journal(_)));
        if let Some(why) = journal.filter(|_| !is_told) {
            found.push(told(if let Reason::Commits { commits, .. } = why {
                Ailment::Journal(commits)
            } else {
                Ailment::Sum(why)
            }));
        }
        // What serves a damaged journal may be all that is left of some commits.
        found.extend(aside(&home));
        return Ok(found);
    }
    let sled = fault(&findings, "sled");
    let checkpoint = fault(&findings, "checkpoints");
    if sled.is_some() || checkpoint.is_some() {
        throw_away(&home, sled.is_some(), checkpoint.is_some())?;
        let opened = open(dir, key)?;
        findings = examine(opened.store, opened.notices).1;
    }
    found.extend(sled.map(|why| Treated {
        ailment: Ailment::Sled(why),
        is_mended: fault(&findings, "sled").is_none(),
    }));
    found.extend(checkpoint.map(|why| Treated {
        ailment: Ailment::Checkpoint(why),
        is_mended: fault(&findings, "checkpoints").is_none(),
    }));
    found.extend(aside(&home));
    Ok(found)
}

fn told(ailment: Ailment) -> Treated {
    Treated {
        ailment,
        is_mended: false,
    }
}

fn mended(ailment: Ailment) -> Treated {
    Treated {
        ailment,
        is_mended: true,
    }
}

fn open(dir: &Path, key: Option<&Key>) -> Result<crate::store::Opened, StoreError> {
    let settings = Settings {
        key: key.cloned(),
        ..Settings::default()
    };
    Store::open_with(dir, &settings, &mut |_| {})
}

/// Checks a store in full and closes it.
fn examine(mut store: Store, mut notices: Vec<Notice>) -> (Vec<Notice>, Vec<Finding>) {
    let findings = store.check();
    notices.extend(store.notices());
    (notices, findings)
}

fn of_notice(notice: &Notice) -> Option<Treated> {
    Some(match notice {
        Notice::TornTail { bytes } => mended(Ailment::Torn(*bytes)),
        Notice::Rebuilt { why } => mended(Ailment::Sled(why.clone())),
        Notice::Damaged { commits, .. } => told(Ailment::Journal(commits.clone())),
        // The check says what is wrong with sled and the checkpoints; an older copy is for whoever opens it.
        Notice::WithoutSled { .. }
        | Notice::Older { .. }
        | Notice::Reread { .. }
        | Notice::Unread { .. } => return None,
    })
}

/// Which of the two key files is damaged while the other is in order. To be asked before the
/// register is unlocked, which makes them alike again.
pub fn keys(dir: &Path) -> Result<Vec<Treated>, StoreError> {
    let identity = folder::read_identity(dir)?;
    if identity.vault.is_none() {
        return Ok(vec![]);
    }
    let home = identity.home(dir);
    let copies = ring::copies(&home, identity.register)?;
    let faults = copies
        .into_iter()
        .filter_map(|(name, fault)| Some((name, fault?)));
    Ok(faults
        .map(|(name, fault)| mended(Ailment::Keys(name, fault)))
        .collect())
}

/// Looks at every file: whose it is, and whether it was left half written.
fn walk(dir: &Path, found: &mut Vec<Treated>) -> Result<(), StoreError> {
    keep_private(dir, found)?;
    let mut entries = vec![];
    for entry in std::fs::read_dir(dir).map_err(disk("reading", dir))? {
        entries.push(entry.map_err(disk("reading", dir))?.path());
    }
    entries.sort_unstable();
    for path in entries {
        let is_link = path.is_symlink();
        if path.is_dir() && !is_link {
            walk(&path, found)?;
        } else if !is_link && !stray(&path, found)? {
            keep_private(&path, found)?;
        }
    }
    Ok(())
}

/// Removes a file that was being written when the program was stopped.
fn stray(path: &Path, found: &mut Vec<Treated>) -> Result<bool, StoreError> {
    let ending = path.extension().unwrap_or_default();
    let is_draft = ending == "new";
    if !is_draft && ending != "generating" {
        return Ok(false);
    }
    if is_draft && !path.with_extension("").exists() {
        found.push(told(Ailment::Orphan(path.to_owned())));
        return Ok(false);
    }
    std::fs::remove_file(path).map_err(disk("removing", path))?;
    found.push(mended(Ailment::Stray(path.to_owned())));
    Ok(true)
}

#[cfg(unix)]
fn keep_private(path: &Path, found: &mut Vec<Treated>) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let data = std::fs::metadata(path).map_err(disk("reading", path))?;
    let mode = data.permissions().mode() & 0o777;
    let wanted = if data.is_dir() { 0o700 } else { 0o600 };
    if mode == mode & 0o700 {
        return Ok(());
    }
    let permissions = std::fs::Permissions::from_mode(wanted);
    std::fs::set_permissions(path, permissions).map_err(disk("changing", path))?;
    found.push(mended(Ailment::Shared(path.to_owned())));
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_path: &Path, _found: &mut Vec<Treated>) -> Result<(), StoreError> {
    Ok(())
}

/// Throws away what is built again from the journal, which is sound.
fn throw_away(home: &Path, sled: bool, checkpoints: bool) -> Result<(), StoreError> {
    if sled {
        for store in tables::homes(home) {
            std::fs::remove_dir_all(&store).map_err(disk("removing", &store))?;
        }
    }
    let folder = folder::checkpoints(home);
    if checkpoints && folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(disk("removing", &folder))?;
    }
    Ok(())
}

/// What is set aside in a home.
fn aside(home: &Path) -> Option<Treated> {
    let files = std::fs::read_dir(folder::quarantine(home)).ok()?.count();
    (files > 0).then(|| told(Ailment::Aside(files)))
}
