//! The register's folder: the journal is the truth, sled serves it and can be thrown away.
//!
//! Invariant: a commit is acknowledged only after its frame is on the disk (`fdatasync`); what sled
//! says is believed only when count and digest agree with the journal.

mod folder;

mod lock;

mod frame;

mod scan;

mod reach;

mod journal;

pub mod vault;

mod row;

mod record;

mod part;

mod mark;

mod mend;

mod blocks;

mod checkpoint;

mod drawer;

mod scribe;

pub mod snapshot;

mod save;

mod past;

mod check;

pub mod engine;

mod tables;

mod keeper;

mod open;

mod desk;

mod anew;

pub mod backup;

pub mod removed;

pub mod renew;

pub mod doctor;

pub mod salvage;

pub mod fault;

mod reason;

mod progress;

pub mod keys;

mod head;

pub mod witness;

use crate::model::book::Book;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::change::Stamp;
use crate::model::ids::CommitId;
use crate::model::ids::ReplicaId;
use crate::model::role::Role;
use crate::model::sieve::Sieve;
use crate::store::checkpoint::Checkpoint;
use crate::store::drawer::Drawers;
use crate::store::engine::Engine;
use crate::store::engine::Sled;
pub use crate::store::fault::StoreError;
use crate::store::folder::Identity;
pub use crate::store::head::Head;
use crate::store::journal::Journal;
use crate::store::keys::Founding;
pub use crate::store::lock::Holder;
use crate::store::lock::Lock;
use crate::store::mark::Mark;
use crate::store::mend::Folded;
use crate::store::past::Past;
pub use crate::store::progress::Progress;
pub use crate::store::progress::Stage;
pub use crate::store::reason::Reason;
use crate::store::scan::Place;
pub use crate::store::scribe::Due;
use crate::store::scribe::Scribe;
use crate::store::scribe::Stand;
use crate::store::tables::Tables;
use crate::store::vault::Key;
use crate::store::vault::Vault;
use crate::store::vault::slot::Grant;
use secrecy::SecretString;
use serde::Deserialize;
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// An open register's folder.
pub struct Store {
    dir: PathBuf,
    /// Where the journal is and all that serves it.
    home: PathBuf,
    identity: Identity,
    journal: Journal,
    entries: Vec<Entry>,
    mark: Mark,
    /// Which part of what is saved is hidden from some who have a key.
    sieve: Sieve,
    /// Where the records lie that nobody has looked at.
    drawers: Option<Arc<Drawers>>,
    /// Which commits are about whom.
    past: Past,
    stamp: Stamp,
    tables: Option<Tables>,
    scribe: Scribe,
    /// Commits on the disk that sled and the checkpoints have not been told of: number and payload.
    waiting: Vec<(u64, Vec<u8>)>,
    /// What whoever unlocked it may do.
    may: Role,
    /// Why nothing can be saved, when nothing can.
    barred: Option<Reason>,
    /// Dropped last: whoever waits for the folder finds it at rest.
    _lock: Lock,
}

/// A commit of the journal, as it is remembered: enough to look for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number.
    pub number: u64,
    /// Its name.
    pub id: CommitId,
    /// What it takes back.
    pub undoes: Option<CommitId>,
    /// When.
    pub stamp: Stamp,
    /// How many changes it makes.
    pub changes: u64,
    /// Whether it took a ledger in.
    pub is_ledger: bool,
    place: Place,
}

/// How a store is opened.
#[derive(Clone)]
pub struct Settings {
    /// What the tables are kept in.
    pub engine: Arc<dyn Engine>,
    /// How long the tables may be silent before the program goes on without them.
    pub patience: Duration,
    /// When checkpoints are written.
    pub due: Due,
    /// What opens a sealed register.
    pub key: Option<Key>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            engine: Arc::new(Sled),
            patience: Duration::from_secs(5),
            due: Due::default(),
            key: None,
        }
    }
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
        why: Reason,
    },
    /// Frames in the middle of the journal are damaged: the register opens for reading only.
    Damaged {
        /// The numbers of the commits that are lost or doubtful, in words such as `120-123`.
        commits: String,
        /// The journal file.
        file: String,
    },
    /// This computer has seen more of the register, or something else of it: an older copy was put
    /// back, or two copies went their own ways.
    Older {
        /// The last commit that was seen.
        seen: u64,
        /// The last one here.
        last: u64,
    },
    /// What is looked up in a checkpoint could not be read; the journal was read instead.
    Reread {
        /// What was wrong with the checkpoint.
        why: Reason,
    },
    /// Nor could the journal: some records cannot be seen, and nothing is saved any more.
    Unread {
        /// What was wrong with the journal.
        why: Reason,
    },
    /// sled cannot be used now (full disk, read-only); the journal and memory serve.
    WithoutSled {
        /// Why.
        why: Reason,
    },
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was compared, such as `journal`.
    pub what: &'static str,
    /// In order, or what differs.
    pub fault: Option<Reason>,
}

impl Store {
    /// Makes a new, empty register in a folder that must be missing or empty.
    pub fn create(dir: &Path, replica: ReplicaId) -> Result<Store, StoreError> {
        // The founding copy names the register; later copies have names of their own.
        keys::begin(dir, replica.0, replica, None)?;
        folder::finish(dir)?;
        Store::open(dir, &mut |_| {}).map(|opened| opened.store)
    }

    /// Makes a new, empty, sealed register, and its recovery key to be put on paper.
    pub fn create_sealed(
        dir: &Path,
        replica: ReplicaId,
        founder: &Grant,
    ) -> Result<(Store, SecretString), StoreError> {
        let (founding, paper) = Founding::new(replica, founder)?;
        Ok((Store::found(dir, &founding)?, paper))
    }

    /// Makes the new, empty, sealed register for which all is ready.
    pub fn found(dir: &Path, founding: &Founding) -> Result<Store, StoreError> {
        let replica = founding.register;
        let identity = keys::begin(dir, replica.0, replica, Some(1))?;
        founding.ring.write(&identity.home(dir))?;
        folder::finish(dir)?;
        let settings = Settings {
            key: Some(founding.key().clone()),
            ..Settings::default()
        };
        Store::open_with(dir, &settings, &mut |_| {}).map(|opened| opened.store)
    }

    /// Opens a register, mending what can be mended.
    pub fn open(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Opened, StoreError> {
        Store::open_with(dir, &Settings::default(), progress)
    }

    /// Opens a register in a way of the caller's choice.
    pub fn open_with(
        dir: &Path,
        settings: &Settings,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Opened, StoreError> {
        open::open(dir, settings, progress)
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether nobody reads it without a key.
    pub fn is_sealed(&self) -> bool {
        self.identity.vault.is_some()
    }

    /// Whether the key that opened it opens everything, and not only a part.
    pub fn is_whole(&self) -> bool {
        self.vault().is_whole()
    }

    /// Whether nothing can be saved.
    pub fn is_barred(&self) -> bool {
        self.bar().is_some()
    }

    /// This copy of the register.
    pub fn replica(&self) -> ReplicaId {
        self.identity.replica
    }

    /// What whoever unlocked it may do.
    pub fn role(&self) -> Role {
        self.may
    }

    /// The number and the stamp of the last commit, to make the next from.
    pub fn last(&self) -> (u64, Stamp) {
        (self.mark.number, self.stamp)
    }

    /// Every commit, oldest first, as it is remembered.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every commit, oldest first, handed to `each` until it says stop.
    pub fn log(&self, each: &mut dyn FnMut(Commit) -> ControlFlow<()>) -> Result<(), StoreError> {
        self.hand_out(self.entries.iter(), each)
    }

    /// Every commit, newest first, handed to `each` until it says stop.
    pub fn log_back(
        &self,
        each: &mut dyn FnMut(Commit) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        self.hand_out(self.entries.iter().rev(), each)
    }

    /// Some commits, handed to `each` until it says stop.
    pub fn hand_out<'e>(
        &self,
        entries: impl Iterator<Item = &'e Entry>,
        each: &mut dyn FnMut(Commit) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        for entry in entries {
            if each(self.read(entry)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// One commit.
    pub fn commit(&self, id: CommitId) -> Result<Option<Commit>, StoreError> {
        let entry = self.entries.iter().find(|entry| entry.id == id);
        entry.map(|entry| self.read(entry)).transpose()
    }

    /// Has sled counted in full behind the worker's back, and built again should it have lost
    /// something; [`Store::notices`] tells. To be called when nothing more urgent wants the
    /// processor, such as the building of an index.
    pub fn verify(&self) {
        if let Some(tables) = &self.tables {
            tables.verify();
        }
    }

    /// Every record as the journal says, read anew.
    pub fn reread(&self) -> Result<Book, StoreError> {
        let folded = self.fold()?;
        Ok(Book::of(folded.records))
    }

    /// What has been mended or found since opening, behind the worker's back.
    pub fn notices(&mut self) -> Vec<Notice> {
        let mut notices = self.tables.as_ref().map(Tables::news).unwrap_or_default();
        notices.extend(self.drawers.as_ref().and_then(|drawers| drawers.news()));
        notices
    }

    /// Why nothing can be saved, when nothing can.
    fn bar(&self) -> Option<&Reason> {
        let lost = self.drawers.as_ref().and_then(|drawers| drawers.lost());
        self.barred.as_ref().or(lost)
    }

    /// Keeps a small thing of this desk under a name (where the sort screen stands, and the like),
    /// whole or not at all. It is not part of the register's history.
    pub fn keep(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        desk::keep(&self.home, self.vault(), name, bytes)
    }

    /// What was kept under a name.
    pub fn kept(&self, name: &str) -> Option<Vec<u8>> {
        desk::kept(&self.home, self.vault(), name)
    }

    fn vault(&self) -> &Vault {
        &self.journal.source().vault
    }

    /// The journal alone, folded from its first byte.
    fn fold(&self) -> Result<Folded, StoreError> {
        let source = self.journal.source();
        mend::fold(source, Checkpoint::nothing(source), self.mark.number)
    }

    fn stand(&mut self) -> (&mut Scribe, Stand<'_>) {
        let stand = Stand {
            mark: self.mark,
            stamp: self.stamp,
            reach: self.journal.reach(),
            entries: &self.entries,
            sieve: &self.sieve,
        };
        (&mut self.scribe, stand)
    }

    fn damaged(&self, what: Reason) -> StoreError {
        StoreError::Damaged {
            path: folder::journal(&self.home),
            what,
        }
    }
}

impl Entry {
    /// A commit as it is remembered, and where it stands.
    fn new(place: Place, head: &record::Head) -> Entry {
        Entry {
            number: head.number,
            id: head.id,
            undoes: head.undoes,
            stamp: head.stamp,
            changes: head.changes.0,
            is_ledger: matches!(head.act, Act::Import { .. } | Act::Ledger { .. }),
            place,
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.follow();
        if self.bar().is_none() {
            let was_damaged = self.drawers.as_ref().is_some_and(|one| one.is_reread());
            let (scribe, stand) = self.stand();
            if was_damaged {
                scribe.begin(&stand);
            } else {
                scribe.closing(&stand);
            }
        }
        if let Some(tables) = self.tables.take() {
            tables.close();
        }
        self.scribe.finish();
    }
}
