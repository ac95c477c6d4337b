//! From a backup to a register again.
//!
//! Invariant: a restored register is one only when its journal has been read back from the disk and
//! comes to the mark that the backup names; until then its folder holds no register.

use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::ids::ReplicaId;
use crate::model::removal;
use crate::model::removal::Removals;
use crate::model::sieve::Sieve;
use crate::store::StoreError;
use crate::store::anew;
use crate::store::anew::Press;
use crate::store::backup;
use crate::store::backup::Nobody;
use crate::store::backup::fault::BackupFault;
use crate::store::backup::lines::Reader;
use crate::store::backup::lines::Whole;
use crate::store::folder;
use crate::store::folder::Identity;
use crate::store::frame;
use crate::store::keys;
use crate::store::record::Head;
use crate::store::removed;
use crate::store::scan::Source;
use crate::store::vault::Key;
use crate::store::vault::Vault;
use crate::store::vault::ring::Ring;
use crate::store::vault::slot::Grant;
use age::x25519;
use secrecy::SecretString;
use std::path::Path;
use uuid::Uuid;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The register.
    pub register: Uuid,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// How many commits it holds.
    pub commits: u64,
}

/// A register made from a backup.
pub struct Restored {
    /// What it holds.
    pub content: Content,
    /// How many people live in it.
    pub people: usize,
    /// What opens it, if it is sealed.
    pub key: Option<Key>,
    /// The new recovery key, if the backup's own does not open it.
    pub paper: Option<SecretString>,
}

/// What shall be made of a backup.
pub struct Target<'t> {
    /// The folder, missing or empty.
    pub dir: &'t Path,
    /// The new copy's name.
    pub replica: ReplicaId,
    /// Who has a key of it; nobody, if it shall be open.
    pub founder: Option<&'t Grant>,
    /// What has been removed for good since, and is left out.
    pub removals: &'t Removals,
}

/// Reads a backup to its end, to see that it could be restored.
pub fn look(path: &Path, secret: Option<&SecretString>) -> Result<Content, StoreError> {
    let identity = backup::typed(secret)?;
    let whole = backup::read(path, identity.as_ref(), &mut Nobody)?;
    Ok(content(&whole))
}

fn content(whole: &Whole) -> Content {
    Content {
        register: whole.about.register,
        at: whole.about.at,
        commits: whole.mark.number,
    }
}

/// Makes a register of a backup. It is sealed when there is a founder, and the recovery key that
/// opened the backup opens it too.
pub fn restore(
    path: &Path,
    secret: Option<&SecretString>,
    target: &Target<'_>,
) -> Result<Restored, StoreError> {
    let sheet = backup::typed(secret)?;
    // A first look, so that nothing is made of a file that is not whole.
    let mut foresight = Foresight::default();
    let whole = backup::read(path, sheet.as_ref(), &mut foresight)?;
    let register = whole.about.register;
    let (mut key, mut paper, mut ring) = (None, None, None);
    if let Some(founder) = target.founder {
        let (made, opens) = if let Some(sheet) = &sheet {
            let recipient = sheet.to_public().to_string();
            Ring::found_for(register, founder, recipient)?
        } else {
            let (made, opens, new) = Ring::found(register, founder)?;
            paper = Some(new);
            (made, opens)
        };
        (ring, key) = (Some(made), Some(opens));
    }
    let sealed = ring.as_ref().map(|_| 1);
    let identity = keys::begin(target.dir, register, target.replica, sealed)?;
    let made = fill(
        target,
        identity,
        ring.as_ref(),
        key.as_ref(),
        (&whole, foresight.0),
        (path, sheet.as_ref()),
    );
    let people = match made {
        Ok(people) => people,
        Err(fault) => {
            // What cannot be removed now is the next time.
            drop(folder::clear(target.dir));
            return Err(fault);
        }
    };
    Ok(Restored {
        content: content(&whole),
        people,
        key,
        paper,
    })
}

fn fill(
    target: &Target<'_>,
    identity: Identity,
    ring: Option<&Ring>,
    key: Option<&Key>,
    (whole, sieve): (&Whole, Sieve),
    (path, sheet): (&Path, Option<&x25519::Identity>),
) -> Result<usize, StoreError> {
    let dir = target.dir;
    let home = identity.home(dir);
    if let Some(ring) = ring {
        ring.write(&home)?;
    }
    let source = Source {
        dir: folder::journal(&home),
        genesis: frame::genesis(identity.register),
        vault: key.map_or(Ok(Vault::Open), Key::vault)?,
    };
    let mut copyist = Copyist {
        press: Press::begin(&source, sieve)?,
        commit: None,
        removals: target.removals,
    };
    let again = backup::read(path, sheet, &mut copyist)?;
    copyist.turn()?;
    let mark = copyist.press.finish()?;
    if again != *whole || mark.number != whole.mark.number {
        return Err(BackupFault::Mark.into());
    }
    let book = anew::verify(&source, &mark)?;
    anew::serve(&home, &source, &mark);
    removed::note(dir, target.removals)?;
    folder::finish(dir)?;
    Ok(book.population())
}

/// Learns what becomes of the categories.
#[derive(Default)]
struct Foresight(Sieve);

impl Reader for Foresight {
    fn commit(&mut self, _head: Head) -> Result<(), StoreError> {
        Ok(())
    }

    fn changes(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.0.rate(&changes);
        Ok(())
    }
}

/// Puts a backup's commits into a journal.
struct Copyist<'t> {
    press: Press,
    commit: Option<Commit>,
    removals: &'t Removals,
}

impl Copyist<'_> {
    /// Puts in the commit that has been gathered.
    fn turn(&mut self) -> Result<(), StoreError> {
        let Some(commit) = self.commit.take() else {
            return Ok(());
        };
        self.press.put(&removal::without(commit, self.removals))
    }
}

impl Reader for Copyist<'_> {
    fn commit(&mut self, head: Head) -> Result<(), StoreError> {
        self.turn()?;
        self.commit = Some(head.with(vec![]));
        Ok(())
    }

    fn changes(&mut self, changes: Vec<Change>) -> Result<(), StoreError> {
        if let Some(commit) = &mut self.commit {
            commit.changes.extend(changes);
        }
        Ok(())
    }
}
