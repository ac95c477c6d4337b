//! A register under another key: an open one sealed in place, a sealed one under a new data key, or
//! with somebody's personal data left out for good.
//!
//! All that is kept moves into a vault of its own beside the old home, under new data keys, and is
//! read back from the disk. Then one file, `id.toml`, names it, and the old home is removed. Stopped
//! at any point before that, the register is what it was, and what was half made is made anew the
//! next time; stopped after it, the next opening removes what is left of the old home.
//!
//! Invariant: `id.toml` names a home that is whole, always; nothing is removed before another home
//! that holds the same commits has been read back.

use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::removal;
use crate::model::removal::Removals;
use crate::store::Reason;
use crate::store::StoreError;
use crate::store::anew;
use crate::store::anew::Press;
use crate::store::backup::fault::BackupFault;
use crate::store::desk;
use crate::store::folder;
use crate::store::folder::Identity;
use crate::store::folder::disk;
use crate::store::keys;
use crate::store::lock;
use crate::store::lock::Lock;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::removed;
use crate::store::scan;
use crate::store::scan::Source;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::ring;
use crate::store::vault::ring::Ring;
use crate::store::vault::slot::Grant;
use secrecy::SecretString;
use std::path::Path;

/// What stands in the home of an open register besides `id.toml`.
const OPEN_HOME: [&str; 5] = ["journal", "checkpoint", "desk", "quarantine", "store.dirty"];

/// What becomes of a commit on the way.
type Alter<'a> = &'a mut dyn FnMut(Commit) -> Commit;

/// Seals an open register in place: its founder's key, and the recovery key to be put on paper.
/// `kept` names what of the desk goes along.
pub fn seal(dir: &Path, founder: &Grant, kept: &[&str]) -> Result<(Key, SecretString), StoreError> {
    let (identity, _lock) = hold(dir)?;
    if identity.vault.is_some() {
        return Err(KeyFault::Sealed.into());
    }
    let (ring, key, paper) = Ring::found(identity.register, founder)?;
    let source = keys::source(dir, identity, None)?;
    let moving = Move {
        dir,
        identity,
        source,
        kept,
    };
    moving.to(1, &ring, &key, None)?;
    Ok((key, paper))
}

/// Gives a sealed register new data keys. Those who get a grant open it, the first of them being
/// who does this, and the recovery key that is on paper; nobody else, whatever copy they have.
pub fn rekey(dir: &Path, key: &Key, grants: &[Grant], kept: &[&str]) -> Result<Key, StoreError> {
    anew(dir, key, grants, kept, None)
}

/// The same, with records removed from the history too: nothing of them is in the folder any more.
/// What the desk keeps (forms half typed, queries) may name them and stays behind.
pub fn purge(
    dir: &Path,
    key: &Key,
    grants: &[Grant],
    removals: &Removals,
) -> Result<Key, StoreError> {
    removed::note(dir, removals)?;
    let mut alter = |commit| removal::without(commit, removals);
    anew(dir, key, grants, &[], Some(&mut alter))
}

/// The same with every commit altered on the way.
fn anew(
    dir: &Path,
    key: &Key,
    grants: &[Grant],
    kept: &[&str],
    alter: Option<Alter<'_>>,
) -> Result<Key, StoreError> {
    let (identity, _lock) = hold(dir)?;
    let Some(number) = identity.vault else {
        return Err(KeyFault::NotSealed.into());
    };
    let (old, _) = ring::read(&identity.home(dir), identity.register)?;
    let (ring, new) = old.followed(key, grants)?;
    let source = keys::source(dir, identity, Some(key))?;
    let moving = Move {
        dir,
        identity,
        source,
        kept,
    };
    moving.to(number + 1, &ring, &new, alter)?;
    Ok(new)
}

fn hold(dir: &Path) -> Result<(Identity, Lock), StoreError> {
    // Whatever is no register is not locked either.
    folder::read_identity(dir)?;
    let lock = lock::take(dir)?;
    if let Lock::ReadOnly(why) = &lock {
        return Err(StoreError::ReadOnly { why: why.clone() });
    }
    let identity = folder::read_identity(dir)?;
    keys::require_current(dir, identity)?;
    Ok((identity, lock))
}

/// A register that moves.
struct Move<'m> {
    dir: &'m Path,
    identity: Identity,
    source: Source,
    kept: &'m [&'m str],
}

impl Move<'_> {
    fn to(
        &self,
        number: u32,
        ring: &Ring,
        key: &Key,
        alter: Option<Alter<'_>>,
    ) -> Result<(), StoreError> {
        let identity = Identity {
            format: folder::FORMAT,
            vault: Some(number),
            ..self.identity
        };
        let home = identity.home(self.dir);
        // What an attempt that was cut short left there was never named by `id.toml`.
        remove(&home)?;
        folder::make(&home).map_err(disk("creating", &home))?;
        ring.write(&home)?;
        let source = keys::source(self.dir, identity, Some(key))?;
        let mark = self.copy(&source, alter)?;
        anew::verify(&source, &mark)?;
        anew::serve(&home, &source, &mark);
        let old = self.identity.home(self.dir);
        for name in self.kept {
            if let Some(bytes) = desk::kept(&old, &self.source.vault, name) {
                desk::keep(&home, &source.vault, name, &bytes)?;
            }
        }
        folder::sync(&home)
            .and_then(|()| folder::sync(self.dir))
            .map_err(disk("writing", &home))?;
        folder::write_identity(self.dir, identity)?;
        sweep(self.dir, identity)
    }

    /// Writes the journal anew under other keys.
    fn copy(&self, to: &Source, mut alter: Option<Alter<'_>>) -> Result<Mark, StoreError> {
        let mut press = Press::begin(to, anew::foresee(&self.source)?)?;
        let salt = self.source.vault.salt();
        let (mut last, mut counted) = (Mark::default(), Mark::default());
        let mut failed = None;
        let start = Reach::nowhere(&self.source);
        let scan = mend::commits(
            &self.source,
            start,
            &mut |_, _| {},
            &mut |_, mark, head, walk| {
                if failed.is_some() {
                    return Ok(());
                }
                last = mark;
                let mut count = |changes: &[Change]| {
                    counted = counted.after(&salt, head.number, changes)?;
                    Ok(())
                };
                let put = match &mut alter {
                    Some(alter) => {
                        let commit = head.with(walk.collect::<Result<_, _>>()?);
                        count(&commit.changes)?;
                        press.put(&alter(commit))
                    }
                    None => press.pour(head, &walk, &mut count),
                };
                failed = put.err();
                Ok(())
            },
        )?;
        if let Some(fault) = failed {
            return Err(fault);
        }
        if let Some(damage) = scan.damage.first() {
            return Err(BackupFault::Journal(damage.words()).into());
        }
        if counted != last {
            return Err(StoreError::Damaged {
                path: self.source.dir.clone(),
                what: Reason::Sum,
            });
        }
        press.finish()
    }
}

/// Removes the homes that a register has moved out of. Only a home that is whole is a reason to.
pub(crate) fn sweep(dir: &Path, identity: Identity) -> Result<(), StoreError> {
    let home = identity.home(dir);
    let lives = scan::files(&folder::journal(&home)).is_ok_and(|files| !files.is_empty());
    if identity.vault.is_none() || !lives {
        return Ok(());
    }
    for name in OPEN_HOME {
        remove(&dir.join(name))?;
    }
    for entry in std::fs::read_dir(dir).map_err(disk("reading", dir))? {
        let path = entry.map_err(disk("reading", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_old = name.starts_with("vault-") || name.starts_with("store-");
        if is_old && path != home {
            remove(&path)?;
        }
    }
    folder::sync(dir).map_err(disk("writing", dir))
}

/// Removes a file or a folder with all that is in it, if it is there.
fn remove(path: &Path) -> Result<(), StoreError> {
    let removed = match std::fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(_) => Ok(()),
    };
    removed.map_err(disk("removing", path))
}
