//! Store and index in step: open, commit, undo, ask. The only room that knows both.
//!
//! Invariant: the index never shows what the journal does not hold.

use crate::index::Index;
use crate::model::book::Stale;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Now;
use crate::model::ids::CommitId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::store::Finding;
use crate::store::Notice;
use crate::store::Progress;
use crate::store::Store;
use crate::store::StoreError;
use std::path::Path;

/// An open register.
pub struct Register {
    store: Store,
    index: Index,
    worker: String,
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

impl Register {
    /// Makes a new register, plants the seeds, and opens it.
    pub fn create(_dir: &Path, _worker: &str, _now: Now) -> Result<Register, RegisterError> {
        todo!()
    }

    /// Opens a register.
    pub fn open(
        _dir: &Path,
        _worker: &str,
        _now: Now,
        _progress: &mut dyn FnMut(Progress),
    ) -> Result<(Register, Vec<Notice>), RegisterError> {
        todo!()
    }

    /// Everything in memory.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        self.store.dir()
    }

    /// Who works here.
    pub fn worker(&self) -> &str {
        &self.worker
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
        _act: Act,
        _changes: Vec<Change>,
        _now: Now,
    ) -> Result<Commit, RegisterError> {
        todo!()
    }

    /// Takes a commit back with a new one.
    pub fn undo(&mut self, _id: CommitId, _now: Now) -> Result<Commit, RegisterError> {
        todo!()
    }

    /// The last commit that can be taken back: it has changes, is no undo, and is not undone.
    pub fn last_undoable(&self) -> Result<Option<Commit>, RegisterError> {
        todo!()
    }

    /// The commit that a typed name means (its last eight characters, or more).
    pub fn find(&self, _name: &str) -> Result<Commit, RegisterError> {
        todo!()
    }

    /// The newest commits first, at most `limit`; those that touch a person (the record, the
    /// assertions, the household) when one is given.
    pub fn log(
        &self,
        _person: Option<PersonId>,
        _limit: usize,
    ) -> Result<Vec<Commit>, RegisterError> {
        todo!()
    }

    /// Compares journal, sled and index in full.
    pub fn check(&mut self) -> Vec<Finding> {
        todo!()
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
