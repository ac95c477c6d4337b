//! Which commits are about whom, so that a person's history is there at once however long the
//! register's is.
//!
//! It is laid by with the snapshot of the index, and what that lacks is gathered from the journal by
//! a thread of its own while the worker begins; who asks before it has ended waits for it. A commit
//! is remembered by a few bytes of each record it is about, and one that is too large to be read for
//! a line on a card also by what stands before its changes.
//!
//! Invariant: a commit that is about a record is found under it; what is found under it may, once in
//! a very long time, be about another.

use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::flat;
use crate::model::ids::Table;
use crate::store::Entry;
use crate::store::Reason;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::blocks::Blocks;
use crate::store::record;
use crate::store::record::Head;
use crate::store::record::Unreadable;
use crate::store::record::Walk;
use crate::store::scan;
use crate::store::scan::Source;
use crate::store::snapshot::PAST;
use crate::store::vault::Spot;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::thread::JoinHandle;
use uuid::Uuid;

/// A commit of more bytes than this is not read whole where a part of it will do.
const LARGE: u32 = 1 << 18;

/// What is remembered of the commits there are, by their places among the entries.
#[derive(Default)]
pub(crate) struct Past {
    work: Mutex<Option<JoinHandle<Result<Told, Reason>>>>,
    told: OnceLock<Result<Told, Reason>>,
    /// What was saved since opening.
    since: Told,
    /// How many commits there were then.
    begun: usize,
    /// What was laid by.
    laid: Laid,
}

/// What was laid by of the past: where, and of how many commits.
#[derive(Clone, Default)]
pub(crate) struct Laid {
    blocks: Option<Arc<Blocks>>,
    commits: usize,
}

/// What commits are about.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Where the marks of each commit end.
    #[serde(with = "flat")]
    ends: Vec<u64>,
    /// The marks of each commit, sorted.
    #[serde(with = "flat")]
    marks: Vec<u64>,
    /// The large commits without their changes, by number.
    large: FxHashMap<u64, Commit>,
}

/// What a record is remembered by: the end of its id, which is chance.
fn mark(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// The marks of one commit.
struct Marks(Vec<u64>);

impl Marks {
    /// Those of what an act names.
    fn of(act: &Act) -> Marks {
        Marks(named(act).map(mark).collect())
    }

    /// Adds those of what a change is about. Changes of one record stand side by side, and a large
    /// import has a dozen of each.
    fn add(&mut self, change: &Change) {
        for mark in about(change).map(mark) {
            if self.0.last() != Some(&mark) {
                self.0.push(mark);
            }
        }
    }
}

fn is_large(length: u32) -> bool {
    length > LARGE
}

impl Entry {
    /// Whether the commit is too large to be read whole where a part of it will do.
    pub fn is_large(&self) -> bool {
        is_large(self.place.length)
    }
}

impl Past {
    /// Of a register that has been opened with so many commits.
    pub(crate) fn of(begun: usize) -> Past {
        Past {
            begun,
            ..Past::default()
        }
    }

    /// Has them gathered.
    fn begin(&mut self, source: &Source, entries: &[Entry]) {
        let entries = entries.get(..self.begun).unwrap_or_default();
        let (source, entries, laid) = (source.clone(), entries.to_vec(), self.laid.clone());
        let work = move || laid.and(&source, &entries);
        let thread = std::thread::Builder::new().name("past".into());
        self.work = Mutex::new(thread.spawn(work).ok());
    }

    /// Remembers a commit that was just saved.
    pub(crate) fn add(&mut self, head: &Head, changes: &[Change], length: u32) {
        let mut marks = Marks::of(&head.act);
        for change in changes {
            marks.add(change);
        }
        self.since.add(marks);
        if is_large(length) {
            self.since.large.insert(head.number, head.with(vec![]));
        }
    }

    /// What was gathered, once it is.
    fn told(&self, source: &Source, entries: &[Entry]) -> Result<&Told, Reason> {
        let told = self.told.get_or_init(|| {
            let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
            let ended = work.take().map(JoinHandle::join);
            if let Some(Ok(told)) = ended {
                return told;
            }
            let entries = entries.get(..self.begun).unwrap_or_default();
            self.laid.and(source, entries)
        });
        told.as_ref().map_err(Reason::clone)
    }

    /// Takes up what a snapshot holds of the first so many commits.
    pub(crate) fn take_up(&mut self, blocks: &Arc<Blocks>, commits: usize) {
        let blocks = Some(Arc::clone(blocks));
        self.laid = Laid { blocks, commits };
    }

    /// All of it, to be laid by; nothing where the journal cannot be read.
    pub(crate) fn all(&self, source: &Source, entries: &[Entry]) -> Option<Told> {
        let mut all = self.told(source, entries).ok()?.clone();
        all.append(&self.since);
        Some(all)
    }
}

impl Laid {
    /// What was laid by, and what is gathered of the other commits.
    fn and(&self, source: &Source, entries: &[Entry]) -> Result<Told, Reason> {
        let read = |blocks: &Arc<Blocks>| blocks.read(PAST, record::decode_flat).ok()?;
        let laid: Option<Told> = self.blocks.as_ref().and_then(read);
        let whole = laid.filter(|told| told.ends.len() == self.commits);
        let mut told = whole.unwrap_or_default();
        let rest = entries.get(told.ends.len()..).unwrap_or_default();
        gather(&mut told, source, rest)?;
        Ok(told)
    }
}

impl Told {
    /// Appends what later commits are about.
    fn append(&mut self, later: &Told) {
        let before = self.marks.len() as u64;
        self.ends.extend(later.ends.iter().map(|end| before + end));
        self.marks.extend_from_slice(&later.marks);
        let large = later
            .large
            .iter()
            .map(|(number, head)| (*number, head.clone()));
        self.large.extend(large);
    }

    fn add(&mut self, Marks(mut marks): Marks) {
        marks.sort_unstable();
        marks.dedup();
        self.marks.append(&mut marks);
        self.ends.push(self.marks.len() as u64);
    }

    /// Whether the commit at a place is about one of these.
    fn is_about(&self, at: usize, marks: &[u64]) -> bool {
        let begin = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let begin = begin.copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(begin);
        let own = self.marks.get(begin as usize..end as usize);
        let own = own.unwrap_or_default();
        marks.iter().any(|mark| own.binary_search(mark).is_ok())
    }
}

impl Store {
    /// Has it gathered which commits are about whom, while nobody waits for it yet.
    pub fn remember(&mut self) {
        self.past.begin(self.journal.source(), &self.entries);
    }

    /// The commits that are about one of these records, newest first.
    pub fn about(&self, records: &[Uuid]) -> Result<Vec<&Entry>, StoreError> {
        let past = &self.past;
        let told = past
            .told(self.journal.source(), &self.entries)
            .map_err(|why| self.damaged(why))?;
        let marks: Vec<u64> = records.iter().map(|id| mark(*id)).collect();
        let is_about = |at: usize| match at.checked_sub(past.begun) {
            None => told.is_about(at, &marks),
            Some(at) => past.since.is_about(at, &marks),
        };
        let entries = self.entries.iter().enumerate().rev();
        let found = entries.filter(|(at, _)| is_about(*at));
        Ok(found.map(|(_, entry)| entry).collect())
    }

    /// A commit for a line that tells of it: without its changes when it is a large one.
    pub fn line(&self, entry: &Entry) -> Result<Commit, StoreError> {
        let told = self.past.told.get().and_then(|told| told.as_ref().ok());
        let large = [told, Some(&self.past.since)].into_iter().flatten();
        let mut large = large.filter_map(|one| one.large.get(&entry.number));
        large
            .next()
            .map_or_else(|| self.read(entry), |head| Ok(head.clone()))
    }

    /// A commit with those of its changes that are wanted, until one says stop: those of a large
    /// import, whole, would take gigabytes.
    pub fn part(
        &self,
        entry: &Entry,
        wanted: &mut dyn FnMut(&Change) -> ControlFlow<(), bool>,
    ) -> Result<Commit, StoreError> {
        walked(self.journal.source(), entry, |head, walk| {
            let mut changes = vec![];
            for change in walk {
                let change = change?;
                match wanted(&change) {
                    ControlFlow::Continue(true) => changes.push(change),
                    ControlFlow::Continue(false) => {}
                    ControlFlow::Break(()) => break,
                }
            }
            Ok(head.with(changes))
        })
    }

    /// A whole commit.
    pub(crate) fn read(&self, entry: &Entry) -> Result<Commit, StoreError> {
        self.part(entry, &mut |_| ControlFlow::Continue(true))
    }
}

/// Hands on a commit's head and a walk over its changes, as they stand in the journal.
fn walked<T>(
    source: &Source,
    entry: &Entry,
    each: impl FnOnce(&Head, Walk<'_>) -> Result<T, Unreadable>,
) -> Result<T, StoreError> {
    let sealed = scan::payload(source, entry.place)?;
    let plain = source.vault.open_parts(Spot::Frame(entry.number), &sealed);
    let read = plain.and_then(|plain| {
        let (_, head, walk) = record::walk_frame(&plain)?;
        if head.id == entry.id {
            each(&head, walk)
        } else {
            Err(record::senseless())
        }
    });
    read.map_err(|_| StoreError::Damaged {
        path: source.dir.clone(),
        what: Reason::Commit(entry.number),
    })
}

/// Adds what these commits are about.
fn gather(told: &mut Told, source: &Source, entries: &[Entry]) -> Result<(), Reason> {
    for entry in entries {
        walked(source, entry, |head, walk| {
            let mut marks = Marks::of(&head.act);
            for change in walk {
                marks.add(&change?);
            }
            told.add(marks);
            if entry.is_large() {
                told.large.insert(entry.number, head.with(vec![]));
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// The records of people, or about them, that a change is about: its own, and the person whom an
/// assertion or a visit names.
fn about(change: &Change) -> impl Iterator<Item = Uuid> + use<> {
    let own = match change.subject.table {
        Table::Person | Table::Household | Table::Assertion | Table::Visit => {
            Some(change.subject.id)
        }
        Table::Dwelling | Table::Category | Table::View | Table::Setting => None,
    };
    own.into_iter().chain(change.people().map(|id| id.0))
}

/// The records that an act names: who was looked at, and whoever is on a list that was sent.
fn named(act: &Act) -> impl Iterator<Item = Uuid> + use<> {
    let some: Vec<Uuid> = match act {
        Act::Reveal { subject, .. } | Act::Look { subject, .. } => vec![subject.id],
        Act::Send(sent) => sent.people.iter().map(|id| id.0).collect(),
        Act::Init
        | Act::Demo { .. }
        | Act::Import { .. }
        | Act::Classify { .. }
        | Act::Edit
        | Act::Undo
        | Act::View
        | Act::Export { .. }
        | Act::Setting
        | Act::Visit { .. }
        | Act::Enter
        | Act::Ledger { .. }
        | Act::Merge { .. }
        | Act::Part { .. }
        | Act::Apart { .. }
        | Act::Remove { .. }
        | Act::Veiled => vec![],
    };
    some.into_iter()
}
