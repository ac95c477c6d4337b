//! Store and index in step: open, commit, undo, ask. The only room that knows both.
//!
//! Invariant: the index never shows what the journal does not hold.

mod check;

mod history;

pub mod removal;

mod snapshot;

mod undo;

mod untouched;

mod veil;

use crate::index::Index;
use crate::model::book::Book;
use crate::model::book::Stale;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Now;
use crate::model::draft::Draft;
use crate::model::ids::CommitId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::ReplicaId;
use crate::model::role::Role;
use crate::model::seed;
use crate::store::Head;
use crate::store::Notice;
use crate::store::Progress;
use crate::store::Settings;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::keys;
use crate::store::keys::Founding;
use crate::store::vault::Holder;
use crate::store::vault::Key;
use crate::store::vault::slot::Grant;
use crate::store::witness::Witness;
use secrecy::SecretString;
use std::mem::ManuallyDrop;
use std::path::Path;

/// An open register.
pub struct Register {
    store: Store,
    /// Never given back: the program ends with its register, and to give back a large index piece by
    /// piece would take seconds that nobody has any use for.
    index: ManuallyDrop<Index>,
    worker: String,
    /// How many changes the snapshot of the index lacks; `None` where there is none.
    behind: Option<u64>,
    /// Where this computer notes what it sees of the register.
    witness: Option<Witness>,
}

/// Why an act did not happen. Nothing was altered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The records have changed since the act was drafted.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// No commit has this name, or several have.
    #[error("no commit {0}")]
    NoCommit(String),
    /// The commit has nothing to take back (a look, an export), or is taken back already.
    #[error("nothing to undo in {0}")]
    NothingToUndo(String),
    /// Later commits altered the same fields: take those back first.
    #[error("later changes stand in the way of undoing {commit}: {by}")]
    Overtaken {
        /// The commit to take back.
        commit: String,
        /// The short names of the later ones.
        by: String,
    },
    /// The seeds cannot be planted.
    #[error(transparent)]
    Seed(#[from] crate::model::seed::SeedFault),
}

/// What every new register begins with.
fn planted() -> Result<Vec<Change>, RegisterError> {
    let empty = Book::default();
    let mut draft = Draft::new(&empty);
    seed::plant(&mut draft)?;
    Ok(draft.finish())
}

/// The name of a new copy.
fn replica(now: Now) -> ReplicaId {
    ReplicaId(Mint::new(now.milliseconds, now.seed).uuid())
}

impl Register {
    /// Whether a register is in this folder, whole or not.
    pub fn is_in(dir: &Path) -> bool {
        keys::is_register(dir)
    }

    /// Makes a new register, plants the seeds, and opens it.
    pub fn create(dir: &Path, worker: &str, now: Now) -> Result<Register, RegisterError> {
        let planted = planted()?;
        let store = Store::create(dir, replica(now))?;
        Register::begin(store, planted, worker, now)
    }

    /// The same, sealed; and its recovery key, to be put on paper.
    pub fn create_sealed(
        dir: &Path,
        founder: &Grant,
        now: Now,
    ) -> Result<(Register, SecretString), RegisterError> {
        let (founding, paper) = Register::prepare(founder, now)?;
        let register = Register::found(dir, &founding, &founder.name, now)?;
        Ok((register, paper))
    }

    /// All that a sealed register needs before anything is written: so its recovery key can be on
    /// paper before there is anything that it opens.
    pub fn prepare(founder: &Grant, now: Now) -> Result<(Founding, SecretString), RegisterError> {
        Ok(Founding::new(replica(now), founder)?)
    }

    /// Makes the sealed register for which all is ready.
    pub fn found(
        dir: &Path,
        founding: &Founding,
        worker: &str,
        now: Now,
    ) -> Result<Register, RegisterError> {
        let planted = planted()?;
        let store = Store::found(dir, founding)?;
        Register::begin(store, planted, worker, now)
    }

    fn begin(
        store: Store,
        planted: Vec<Change>,
        worker: &str,
        now: Now,
    ) -> Result<Register, RegisterError> {
        let mut register = Register {
            store,
            index: ManuallyDrop::new(Index::build(Book::default(), now.today)),
            worker: worker.to_owned(),
            behind: None,
            witness: None,
        };
        register.commit(Act::Init, planted, now)?;
        Ok(register)
    }

    /// Opens a register.
    pub fn open(
        dir: &Path,
        worker: &str,
        now: Now,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Register, Vec<Notice>), RegisterError> {
        Register::open_with(dir, worker, now, None, progress)
    }

    /// Opens a register with the key that a sealed one needs. Whoever unlocked it works in it.
    pub fn open_with(
        dir: &Path,
        worker: &str,
        now: Now,
        key: Option<Key>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Register, Vec<Notice>), RegisterError> {
        let worker = match key.as_ref().map(Key::holder) {
            Some(Holder::Worker { name, .. }) => name.clone(),
            Some(Holder::Recovery) | None => worker.to_owned(),
        };
        let settings = Settings {
            key,
            ..Settings::default()
        };
        let mut opened = Store::open_with(dir, &settings, progress)?;
        let (index, behind) = snapshot::index(&mut opened.store, opened.book, now.today);
        let mut register = Register {
            store: opened.store,
            index: ManuallyDrop::new(index),
            worker,
            behind,
            witness: None,
        };
        register.index.answer_to(register.store.role());
        // The power may have gone between the folder's making and the first commit.
        if register.store.last().0 == 0 && !register.store.is_barred() {
            register.commit(Act::Init, planted()?, now)?;
        }
        register.store.verify();
        Ok((register, opened.notices))
    }

    /// Has what is seen of the register noted in a folder of this computer's, until it is closed; a
    /// notice when more of it was seen before, or something else.
    pub fn watch(&mut self, folder: &Path) -> Option<Notice> {
        let (witness, notice) = self.store.witness(folder);
        self.store.note(&witness);
        self.witness = Some(witness);
        notice
    }

    /// Everything in memory.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        self.store.dir()
    }

    /// Whether nobody reads it without a key.
    pub fn is_sealed(&self) -> bool {
        self.store.is_sealed()
    }

    /// See [`Store::is_whole`].
    pub fn is_whole(&self) -> bool {
        self.store.is_whole()
    }

    /// Whether nothing can be saved.
    pub fn is_barred(&self) -> bool {
        self.store.is_barred()
    }

    /// Who works here.
    pub fn worker(&self) -> &str {
        &self.worker
    }

    /// The head of the chain that runs through every commit.
    pub fn head(&self) -> Head {
        self.store.head()
    }

    /// See [`Store::has_passed`].
    pub fn has_passed(&self, head: &str) -> Result<bool, StoreError> {
        self.store.has_passed(head)
    }

    /// What the worker may do.
    pub fn role(&self) -> Role {
        self.store.role()
    }

    /// A mint for new ids.
    pub fn mint(&self, now: Now) -> Mint {
        Mint::new(now.milliseconds, now.seed)
    }

    /// Moves on to another day.
    pub fn turn(&mut self, now: Now) {
        self.index.turn(now.today);
    }

    /// Does an act: on the disk first, then in the index. An act without changes is recorded too
    /// (a look, an export).
    pub fn commit(
        &mut self,
        act: Act,
        changes: Vec<Change>,
        now: Now,
    ) -> Result<Commit, RegisterError> {
        self.act(act, None, changes, now)
    }

    /// Takes a commit back with a new one.
    pub fn undo(&mut self, id: CommitId, now: Now) -> Result<Commit, RegisterError> {
        let changes = undo::taking_back(&self.store, self.index.book(), id)?;
        self.act(Act::Undo, Some(id), changes, now)
    }

    /// Makes two records of one again, whatever became of them since they were merged.
    pub fn part(&mut self, goes: PersonId, now: Now) -> Result<Commit, RegisterError> {
        let (stays, changes) = undo::parting(&self.store, self.index.book(), goes)?;
        self.act(Act::Part { stays, goes }, None, changes, now)
    }

    /// Leaves on the disk what nobody looks at, once it is much. To be called between two messages.
    pub fn rest(&mut self) {
        self.index.rest();
    }

    /// Has it gathered behind the worker's back which acts are about whom; who asks for a history
    /// before it is, waits for it.
    pub fn remember(&mut self) {
        self.store.remember();
    }

    /// What has been mended or found since opening, to be said to the worker.
    pub fn notices(&mut self) -> Vec<Notice> {
        self.store.notices()
    }

    /// Does the last act of a program that ends with it, as a command does. `done` hears of the commit
    /// as soon as it is on the disk, while the rest is brought into step: sled and the checkpoint by
    /// threads of their own, meanwhile the index, so that the next opening finds it laid by.
    pub fn conclude(
        mut self,
        act: Act,
        changes: Vec<Change>,
        now: Now,
        done: impl FnOnce(CommitId),
    ) -> Result<CommitId, RegisterError> {
        let commit = self.put(act, None, changes, now)?;
        self.store.follow();
        let id = commit.id;
        done(id);
        self.file(commit.changes);
        Ok(id)
    }

    fn act(
        &mut self,
        act: Act,
        undoes: Option<CommitId>,
        changes: Vec<Change>,
        now: Now,
    ) -> Result<Commit, RegisterError> {
        let commit = self.put(act, undoes, changes, now)?;
        self.file(&commit.changes);
        self.store.follow();
        Ok(commit)
    }

    /// Brings the index into step with what is on the disk.
    fn file(&mut self, committed: impl AsRef<[Change]>) {
        let changes = committed.as_ref().len() as u64;
        self.behind = self.behind.map(|behind| behind + changes);
        self.index.apply(committed);
    }

    /// Puts an act on the disk.
    fn put(
        &mut self,
        act: Act,
        undoes: Option<CommitId>,
        changes: Vec<Change>,
        now: Now,
    ) -> Result<Commit, RegisterError> {
        self.index.book().check(&changes)?;
        let (last, stamp) = self.store.last();
        let number = last + 1;
        // The number keeps two acts of one moment apart, and an act from the records it makes.
        let chance = now.seed.wrapping_add(number.rotate_right(8));
        let commit = Commit {
            id: CommitId(Mint::new(now.milliseconds, chance).uuid()),
            stamp: stamp.next(now.milliseconds),
            replica: self.store.replica(),
            number,
            worker: self.worker.clone(),
            act,
            undoes,
            changes,
        };
        self.store.put(&commit)?;
        Ok(commit)
    }

    /// See [`Store::keep`].
    pub fn keep(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.keep(name, bytes)
    }

    /// See [`Store::kept`].
    pub fn kept(&self, name: &str) -> Option<Vec<u8>> {
        self.store.kept(name)
    }
}

impl Drop for Register {
    fn drop(&mut self) {
        // After a panic nobody knows what the index is.
        if !std::thread::panicking() {
            self.lay_by();
        }
        if let Some(witness) = &self.witness {
            self.store.note(witness);
        }
    }
}
