//! The thread that keeps the trees: opens them, takes in commits, counts, builds again.
//!
//! Invariant: an error or a panic of the engine ends in trees built again, or in a report that says
//! why there are none; never in the end of the program.

use crate::model::ids::Subject;
use crate::model::record::Record;
use crate::store::Reason;
use crate::store::checkpoint::Checkpoint;
use crate::store::engine::Pair;
use crate::store::engine::Trees;
use crate::store::folder;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::row;
use crate::store::scan;
use crate::store::tables;
use crate::store::tables::Found;
use crate::store::tables::Job;
use crate::store::tables::Report;
use crate::store::tables::Site;
use crate::store::vault::Spot;
use crate::store::vault::Vault;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::time::Duration;

/// So many records go in at once; more make sled slow and large.
const BATCH: usize = 1_000;

/// So many records of a commit are gathered at once.
const PIECE: usize = 20 * BATCH;

/// What is taken in is on the disk after this pause.
const PAUSE: Duration = Duration::from_millis(300);

/// The thread's own state.
pub(crate) struct Keeper {
    site: Site,
    reports: Sender<Report>,
    stop: Arc<AtomicBool>,
    trees: Option<Box<dyn Trees>>,
    mark: Mark,
    was_dirty: bool,
    was_rebuilt: bool,
    was_verified: bool,
}

impl Keeper {
    /// A keeper that has not looked yet.
    pub(crate) fn new(site: Site, reports: Sender<Report>, stop: Arc<AtomicBool>) -> Keeper {
        Keeper {
            site,
            reports,
            stop,
            trees: None,
            mark: Mark::default(),
            was_dirty: false,
            was_rebuilt: false,
            was_verified: false,
        }
    }

    /// The thread's life: looks, settles, serves, ends.
    pub(crate) fn run(mut self, look: bool, jobs: &Receiver<Job>) {
        if let Err(why) = self.live(look, jobs) {
            self.say(Report::Failed(why));
        }
        self.let_go();
    }

    /// Closes the trees, which may panic once more as they go.
    fn let_go(&mut self) {
        let trees = self.trees.take();
        drop(contain(|| {
            drop(trees);
            Ok(())
        }));
    }

    fn live(&mut self, look: bool, jobs: &Receiver<Job>) -> Result<(), Reason> {
        self.was_dirty = self.soil()?;
        if look {
            let found = contain(|| self.look());
            self.say(Report::Found(found.unwrap_or_else(|fault| Found {
                mark: None,
                fault: Some(fault),
            })));
        }
        match jobs.recv() {
            Ok(Job::Settle { last, rebuild }) => {
                let failed = if rebuild {
                    None
                } else {
                    contain(|| self.replay(last)).err()
                };
                if rebuild || failed.is_some() {
                    self.rebuild(last)?;
                }
                if let Some(why) = failed {
                    self.say(Report::Rebuilt(why));
                }
                self.say(Report::Settled);
            }
            Ok(Job::Close) => return self.end(self.was_dirty),
            Ok(Job::Apply(..) | Job::Verify | Job::Compare(_)) | Err(_) => return Ok(()),
        }
        self.serve(jobs)
    }

    fn serve(&mut self, jobs: &Receiver<Job>) -> Result<(), Reason> {
        let mut flushed = true;
        loop {
            let job = if flushed {
                jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                jobs.recv_timeout(PAUSE)
            };
            match job {
                Ok(Job::Apply(number, payload)) => {
                    let taken = contain(|| self.apply(number, &payload));
                    self.mended(taken, number)?;
                    flushed = false;
                }
                Ok(Job::Verify) => self.verify_once()?,
                Ok(Job::Compare(answer)) => {
                    self.verify_once()?;
                    let counted = contain(|| self.count());
                    // Whoever asked may have gone.
                    drop(answer.send(counted));
                }
                Ok(Job::Close) => return self.end(false),
                Ok(Job::Settle { .. }) => {}
                Err(RecvTimeoutError::Timeout) => {
                    let flush = contain(|| Ok(self.trees()?.flush()?));
                    self.mended(flush, self.mark.number)?;
                    flushed = true;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Opens the newest trees and reads what they say of themselves.
    fn look(&mut self) -> Result<Found, Reason> {
        let Some(home) = tables::homes(&self.site.dir).pop() else {
            return Ok(Found::default());
        };
        let leftover = std::fs::read_dir(&home)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .find(|name| name.ends_with(".generating"));
        if let Some(name) = leftover {
            return Err(Reason::Unfinished(name));
        }
        let trees = self.site.engine.open(&home)?;
        let about = trees.get(row::ABOUT)?.ok_or(Reason::Unmarked)?;
        let mark = row::read_about(self.vault(), &about)?;
        self.trees = Some(trees);
        self.mark = mark;
        Ok(Found {
            mark: Some(mark),
            fault: self.was_dirty.then_some(Reason::Unclosed),
        })
    }

    /// Takes in the commits of the journal that the trees lack.
    fn replay(&mut self, last: u64) -> Result<(), Reason> {
        if self.mark.number == last {
            return Ok(());
        }
        let mut missing = vec![];
        let start = Reach::nowhere(&self.site.source);
        scan::scan(&self.site.source, start, &mut |_, _| {}, &mut |sound| {
            if sound.number > self.mark.number && sound.number <= last {
                missing.push((sound.number, sound.payload.to_vec()));
            }
            Ok(())
        })?;
        let mut missing = missing.iter();
        missing.try_for_each(|(number, payload)| self.apply(*number, payload))
    }

    /// Takes in a commit: its records and the new mark at once (a very large commit in pieces, the
    /// mark with the last, so that a half of it is seen for what it is).
    fn apply(&mut self, number: u64, payload: &[u8]) -> Result<(), Reason> {
        let vault = self.vault().clone();
        let plain = vault.open_parts(Spot::Frame(number), payload);
        let plain = plain?;
        let (mark, head, walk) = record::walk_frame(&plain)?;
        if mark.number <= self.mark.number {
            return Ok(());
        }
        let mut touched: BTreeMap<Subject, Record> = BTreeMap::new();
        let mut done = 0;
        mend::by_record(walk, &mut |subject, fields| {
            let record = match touched.entry(subject) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(free) => free.insert(self.record(subject)?),
            };
            record.set_all(fields);
            done += fields.len();
            if touched.len() == PIECE {
                self.say(Report::Working(done as u64, head.changes.0));
                let piece = std::mem::take(&mut touched);
                self.put_all(piece.len(), &mut borrowed(&piece), self.mark, false)?;
            }
            Ok::<(), Reason>(())
        })?;
        self.put_all(touched.len(), &mut borrowed(&touched), mark, false)
    }

    fn record(&self, subject: Subject) -> Result<Record, Reason> {
        let key = row::key(self.vault(), subject);
        let Some(value) = self.trees()?.get(&key)? else {
            return Ok(Record::default());
        };
        let read = row::read(self.vault(), &key, &value)?;
        Ok(read.map(|(_, record)| record).unwrap_or_default())
    }

    /// Puts in so many records, and the new mark with the last of them.
    fn put_all(
        &mut self,
        total: usize,
        records: &mut dyn Iterator<Item = (Subject, &Record)>,
        mark: Mark,
        flush: bool,
    ) -> Result<(), Reason> {
        for done in 0..total.div_ceil(BATCH) {
            if flush && self.is_stopped() {
                return Err(Reason::GivenUp);
            }
            let is_last = (done + 1) * BATCH >= total;
            let batch = records.take(BATCH);
            let mut pairs = batch
                .map(|(subject, record)| row::pair(self.vault(), subject, record))
                .collect::<Result<Vec<Pair>, _>>()?;
            if is_last {
                pairs.push(self.about(mark)?);
            }
            self.trees()?.put(pairs)?;
            if flush {
                self.trees()?.flush()?;
            }
            if total > BATCH {
                self.say(Report::Working((done * BATCH) as u64, total as u64));
            }
        }
        if total == 0 {
            self.trees()?.put(vec![self.about(mark)?])?;
        }
        self.mark = mark;
        Ok(())
    }

    /// Everything, counted.
    fn count(&self) -> Result<Mark, Reason> {
        let mut mark = Mark {
            number: self.mark.number,
            ..Mark::default()
        };
        let salt = self.vault().salt();
        let mut unreadable = None;
        let scanned = self.trees()?.scan(&mut |key, value| {
            if self.is_stopped() {
                return Err(String::new());
            }
            let counted = row::read(self.vault(), key, value).and_then(|read| match read {
                Some((subject, record)) => mark.add(&salt, subject, &record),
                None => Ok(()),
            });
            counted.map_err(|fault| {
                unreadable = Some(fault.clone());
                fault.0
            })
        });
        if self.is_stopped() {
            return Err(Reason::GivenUp);
        }
        if let Some(fault) = unreadable {
            return Err(fault.into());
        }
        scanned?;
        Ok(mark)
    }

    /// Verifies the trees, once in their life: afterwards nobody but this thread alters them.
    fn verify_once(&mut self) -> Result<(), Reason> {
        if std::mem::replace(&mut self.was_verified, true) {
            return Ok(());
        }
        let verified = contain(|| self.verify());
        self.mended(verified, self.mark.number)
    }

    /// Counts everything and compares it with the journal's word, unless the program is ending.
    fn verify(&self) -> Result<(), Reason> {
        let counted = self.count();
        if self.is_stopped() {
            return Ok(());
        }
        counted?.differs(&self.mark).map_or(Ok(()), Err)
    }

    /// Goes on after a success; after a failure builds everything again, once.
    fn mended(&mut self, done: Result<(), Reason>, last: u64) -> Result<(), Reason> {
        let Err(why) = done else {
            return Ok(());
        };
        if self.was_rebuilt {
            return Err(why);
        }
        self.rebuild(last)?;
        self.say(Report::Rebuilt(why));
        Ok(())
    }

    /// Builds new trees from the journal, and throws the others away.
    fn rebuild(&mut self, last: u64) -> Result<(), Reason> {
        self.was_rebuilt = true;
        self.let_go();
        let source = &self.site.source;
        let folded = mend::fold(source, Checkpoint::nothing(source), last)?;
        let home = tables::fresh(&self.site.dir);
        folder::make(&home)?;
        let built = contain(|| {
            self.trees = Some(self.site.engine.open(&home)?);
            let total = folded.records.iter().count();
            self.put_all(total, &mut folded.records.iter(), folded.mark, true)?;
            Ok(self.trees()?.flush()?)
        });
        if built.is_ok() {
            self.discard(&home);
        }
        built
    }

    /// Throws all trees away but these; what cannot be removed is in nobody's way.
    fn discard(&self, keep: &PathBuf) {
        for home in tables::homes(&self.site.dir) {
            if home != *keep && !self.is_stopped() {
                drop(std::fs::remove_dir_all(home));
            }
        }
    }

    /// Notes on the disk that the trees are open. Returns whether they already were.
    fn soil(&self) -> Result<bool, Reason> {
        let path = self.marker();
        let was = path.exists();
        if !was {
            folder::replace(&path, b"")?;
        }
        Ok(was)
    }

    fn end(&mut self, dirty: bool) -> Result<(), Reason> {
        if let Some(trees) = self.trees.take() {
            contain(|| {
                trees.flush()?;
                drop(trees);
                Ok(())
            })?;
        }
        if !dirty {
            let path = self.marker();
            std::fs::remove_file(path).and_then(|()| folder::sync(&self.site.dir))?;
        }
        self.say(Report::Closed);
        Ok(())
    }

    fn vault(&self) -> &Vault {
        &self.site.source.vault
    }

    fn about(&self, mark: Mark) -> Result<Pair, Reason> {
        Ok(row::about(self.vault(), mark)?)
    }

    fn marker(&self) -> PathBuf {
        self.site.dir.join("store.dirty")
    }

    fn trees(&self) -> Result<&dyn Trees, Reason> {
        self.trees.as_deref().ok_or(Reason::Closed)
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn say(&self, report: Report) {
        // Whoever listened may have gone.
        drop(self.reports.send(report));
    }
}

fn borrowed(records: &BTreeMap<Subject, Record>) -> impl Iterator<Item = (Subject, &Record)> {
    records.iter().map(|(subject, record)| (*subject, record))
}

/// Runs what may panic; a panic becomes an error.
fn contain<T>(work: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Reason::Panicked(words.unwrap_or("?").to_owned()))
    })
}
