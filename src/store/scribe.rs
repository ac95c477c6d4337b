//! When a checkpoint is due, and the thread that writes it.
//!
//! The thread makes a checkpoint from the disk alone, out of the one before and the journal beyond
//! it, and counts it against the journal's mark before it writes: what memory holds cannot spoil
//! it. Should it fail, nothing is lost but time at the next opening.
//!
//! Whoever does not see all writes none: it would lack what they do not see.
//!
//! Invariant: nobody who saves waits for a checkpoint; only closing does.

use crate::model::change::Stamp;
use crate::model::sieve::Sieve;
use crate::store::Entry;
use crate::store::Reason;
use crate::store::StoreError;
use crate::store::checkpoint;
use crate::store::checkpoint::About;
use crate::store::checkpoint::Checkpoint;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::scan::Source;
use std::path::Path;
use std::path::PathBuf;
use std::thread::JoinHandle;

/// When a checkpoint is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// On closing, after more commits than this.
    pub commits: u64,
    /// On closing, after more bytes of journal than this.
    pub bytes: u64,
    /// At once, after a commit of this many bytes.
    pub large: u64,
}

impl Default for Due {
    fn default() -> Due {
        Due {
            commits: 2_000,
            bytes: 16 << 20,
            large: 1 << 20,
        }
    }
}

/// Where the store stands.
pub(crate) struct Stand<'s> {
    pub(crate) mark: Mark,
    pub(crate) stamp: Stamp,
    pub(crate) reach: &'s Reach,
    pub(crate) entries: &'s [Entry],
    pub(crate) sieve: &'s Sieve,
}

/// Has checkpoints written.
pub(crate) struct Scribe {
    dir: PathBuf,
    source: Source,
    due: Due,
    /// The last checkpoint's commit, and the journal's size there.
    last: (u64, u64),
    work: Option<JoinHandle<()>>,
}

impl Scribe {
    /// After an opening that began at this checkpoint.
    pub(crate) fn new(dir: &Path, source: &Source, due: Due, base: &About) -> Scribe {
        Scribe {
            dir: dir.to_owned(),
            source: source.clone(),
            due,
            last: (base.mark.number, base.reach.size()),
            work: None,
        }
    }

    /// After a commit of so many bytes.
    pub(crate) fn saved(&mut self, bytes: u64, stand: &Stand<'_>) {
        let is_busy = self.work.as_ref().is_some_and(|work| !work.is_finished());
        if bytes >= self.due.large && !is_busy {
            self.begin(stand);
        }
    }

    /// Before the store closes.
    pub(crate) fn closing(&mut self, stand: &Stand<'_>) {
        let (number, size) = self.last;
        let is_due = stand.mark.number.saturating_sub(number) > self.due.commits
            || stand.reach.size().saturating_sub(size) > self.due.bytes;
        if is_due {
            self.begin(stand);
        }
    }

    /// Waits for what is being written.
    pub(crate) fn finish(&mut self) {
        if let Some(work) = self.work.take() {
            // It has failed or not: the checkpoints on the disk tell.
            drop(work.join());
        }
    }

    /// Has one written now.
    pub(crate) fn begin(&mut self, stand: &Stand<'_>) {
        self.finish();
        if !self.source.vault.is_whole() {
            return;
        }
        let (dir, source) = (self.dir.clone(), self.source.clone());
        let about = About {
            genesis: source.genesis,
            mark: stand.mark,
            stamp: stand.stamp,
            reach: stand.reach.clone(),
        };
        let (entries, sieve) = (stand.entries.to_vec(), stand.sieve.clone());
        self.last = (about.mark.number, about.reach.size());
        let work = move || drop(make(&dir, &source, about, (entries, sieve)));
        let thread = std::thread::Builder::new().name("scribe".into());
        self.work = thread.spawn(work).ok();
    }
}

/// Folds the journal up to a commit and writes what comes of it.
fn make(
    dir: &Path,
    source: &Source,
    about: About,
    (entries, sieve): (Vec<Entry>, Sieve),
) -> Result<(), StoreError> {
    let base = checkpoint::find(dir, source, &mut |_, _| {}).base;
    let number = about.mark.number;
    let folded = mend::fold(source, base, number)?;
    let counted = mend::count(source, number, &folded.records);
    if folded.mark != about.mark || counted.as_ref() != Ok(&about.mark) {
        return Err(StoreError::Damaged {
            path: source.dir.clone(),
            what: Reason::Sum,
        });
    }
    let records = folded.records;
    checkpoint::write(
        dir,
        source,
        &Checkpoint {
            about,
            entries,
            records,
            sieve,
            drawers: None,
        },
    )
}
