//! The register's folder: the journal is the truth, sled serves it and can be thrown away.
//!
//! Invariant: a commit is acknowledged only after its frame is on the disk (`fdatasync`); what sled
//! says is believed only when count and digest agree with the journal.

pub mod journal;

pub mod record;

pub mod tables;

pub mod vault;

pub mod mend;

pub mod lock;

pub mod desk;

use crate::model::book::Book;
use crate::model::change::Commit;
use crate::model::ids::CommitId;
use crate::model::ids::ReplicaId;
use std::path::Path;
use std::path::PathBuf;

/// An open register's folder.
pub struct Store {
    dir: PathBuf,
}

/// What opening found and did.
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Every record, as the journal says.
    pub book: Book,
    /// What had to be mended, to be said to the worker.
    pub notices: Vec<Notice>,
}

/// How far a long work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many are done.
    pub done: u64,
    /// Of how many, when known.
    pub total: Option<u64>,
}

/// A long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Checking the journal.
    Journal,
    /// Reading the records.
    Reading,
    /// Building sled again from the journal.
    Rebuilding,
}

/// Something that opening mended or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The journal's last frame was torn and cut off; it had never been acknowledged.
    TornTail {
        /// How many bytes were set aside in `quarantine/`.
        bytes: u64,
    },
    /// sled was rebuilt from the journal, for this reason.
    Rebuilt {
        /// What was wrong with it.
        why: String,
    },
    /// Frames in the middle of the journal are damaged: the register opens for reading only.
    Damaged {
        /// The numbers of the commits that are lost or doubtful, in words such as `120-123`.
        commits: String,
        /// The journal file.
        file: String,
    },
    /// sled cannot be used now (full disk, read-only); the journal and memory serve.
    WithoutSled {
        /// Why.
        why: String,
    },
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was compared, such as `journal`.
    pub what: &'static str,
    /// In order, or the difference in words.
    pub fault: Option<String>,
}

/// Why a store cannot do what is asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No register there.
    #[error("{0} is not a register")]
    NotFound(PathBuf),
    /// A register is there already.
    #[error("{0} already holds a register")]
    Exists(PathBuf),
    /// Someone else has it open.
    #[error("the register is open elsewhere: {holder}")]
    Locked {
        /// Who: process, machine, since when.
        holder: String,
    },
    /// A newer program wrote it.
    #[error("the register was written by a newer jumin (format {0})")]
    Newer(u32),
    /// It is open for reading only.
    #[error("the register is open for reading only: {why}")]
    ReadOnly {
        /// Why.
        why: String,
    },
    /// The disk said no.
    #[error("{doing} {path}: {source}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is stored makes no sense.
    #[error("{path}: {what}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl Store {
    /// Makes a new, empty register in a folder that must be missing or empty.
    pub fn create(_dir: &Path, _replica: ReplicaId) -> Result<Store, StoreError> {
        todo!()
    }

    /// Opens a register, mending what can be mended.
    pub fn open(_dir: &Path, _progress: &mut dyn FnMut(Progress)) -> Result<Opened, StoreError> {
        todo!()
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// This copy of the register.
    pub fn replica(&self) -> ReplicaId {
        todo!()
    }

    /// The number and the stamp of the last commit, to make the next from.
    pub fn last(&self) -> (u64, crate::model::change::Stamp) {
        todo!()
    }

    /// Puts a commit on the disk. On an error nothing of it stays.
    pub fn append(&mut self, _commit: &Commit) -> Result<(), StoreError> {
        todo!()
    }

    /// Every commit, oldest first, handed to `each` until it says stop.
    pub fn log(
        &self,
        _each: &mut dyn FnMut(Commit) -> std::ops::ControlFlow<()>,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// One commit.
    pub fn commit(&self, _id: CommitId) -> Result<Option<Commit>, StoreError> {
        todo!()
    }

    /// Compares journal and sled in full.
    pub fn check(&mut self) -> Vec<Finding> {
        todo!()
    }

    /// Keeps a small thing of this desk under a name (where the sort screen stands, and the like),
    /// whole or not at all. It is not part of the register's history.
    pub fn keep(&mut self, _name: &str, _bytes: &[u8]) -> Result<(), StoreError> {
        todo!()
    }

    /// What was kept under a name.
    pub fn kept(&self, _name: &str) -> Option<Vec<u8>> {
        todo!()
    }
}
