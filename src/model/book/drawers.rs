//! Records that lie outside memory, a few neighbours by id to a drawer, each drawer opened when it
//! is first looked into.
//!
//! A district has millions of records and a worker looks at a few: so a drawer that was opened is
//! shut again when many are ([`Drawers::rest`]), unless a record in it was altered, for what lies
//! outside is never written to.
//!
//! Invariant: every look into a drawer finds the same records, shut in between or not.

use crate::model::ids::Table;
use crate::model::record::Record;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// What is said of a drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The table.
    pub table: Table,
    /// The first of its ids.
    pub first: Uuid,
}

/// Where drawers are kept.
pub trait Cabinet: Send + Sync {
    /// How many records lie in a drawer at most.
    fn room(&self) -> usize;

    /// The records of a drawer, by id.
    fn open(&self, drawer: usize) -> Vec<(Uuid, Record)>;
}

/// The records of a drawer.
type Content = Box<[(Uuid, Record)]>;

/// The drawers of a table.
#[derive(Clone, Default)]
pub(super) struct Drawers {
    cabinet: Option<Arc<dyn Cabinet>>,
    /// The place of the first drawer in the cabinet.
    begin: usize,
    /// What is said of each, by the first ids, rising.
    labels: Vec<Label>,
    contents: Vec<OnceLock<Content>>,
    opened: Opened,
    /// Those in which something was altered, whole.
    altered: BTreeMap<usize, Content>,
}

/// How many drawers were opened since all were shut: it is asked after every message, and to look at
/// each of a hundred thousand would be felt.
#[derive(Default)]
struct Opened(AtomicUsize);

impl Clone for Opened {
    fn clone(&self) -> Opened {
        Opened(AtomicUsize::new(self.0.load(Ordering::Relaxed)))
    }
}

/// Where a record lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    drawer: usize,
    at: usize,
}

impl Drawers {
    /// Drawers that stand side by side in a cabinet, from a place on.
    pub(super) fn of(cabinet: Arc<dyn Cabinet>, begin: usize, labels: &[Label]) -> Drawers {
        Drawers {
            cabinet: Some(cabinet),
            begin,
            contents: vec![OnceLock::new(); labels.len()],
            labels: labels.to_vec(),
            opened: Opened::default(),
            altered: BTreeMap::new(),
        }
    }

    /// How many records lie in them at most.
    pub(super) fn at_most(&self) -> usize {
        let room = self.cabinet.as_ref().map_or(0, |cabinet| cabinet.room());
        self.labels.len() * room
    }

    /// Opens all of them side by side, for those who will look into each.
    pub(super) fn open_all(&self) {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| self.open_next(&next));
            }
        });
    }

    /// Opens one drawer after the other, whichever is next, until there are no more.
    fn open_next(&self, next: &AtomicUsize) {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= self.contents.len() {
                return;
            }
            self.content(at);
        }
    }

    /// A record, an empty one if it was cleared.
    pub(super) fn get(&self, id: Uuid) -> Option<&Record> {
        let Place { drawer, at } = self.find(id)?;
        self.content(drawer).get(at).map(|(_, record)| record)
    }

    /// Where a record lies.
    pub(super) fn find(&self, id: Uuid) -> Option<Place> {
        let behind = self.labels.partition_point(|one| one.first <= id);
        let drawer = behind.checked_sub(1)?;
        let at = self.content(drawer).binary_search_by_key(&id, |one| one.0);
        Some(Place {
            drawer,
            at: at.ok()?,
        })
    }

    /// A record to be altered.
    pub(super) fn at_mut(&mut self, Place { drawer, at }: Place) -> &mut Record {
        let content = self.altered.entry(drawer);
        let content = content.or_insert_with(|| self.contents[drawer].take().unwrap_or_default());
        &mut content[at].1
    }

    /// Every record by id; the drawers stay open.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Uuid, &Record)> {
        let contents = (0..self.contents.len()).flat_map(|at| self.content(at));
        contents.map(|(id, record)| (*id, record))
    }

    /// Every drawer's records, looked at one drawer after the other; those that were shut are not
    /// kept.
    pub(super) fn each(&self) -> impl Iterator<Item = Cow<'_, [(Uuid, Record)]>> {
        (0..self.contents.len()).map(|at| {
            let open = self.altered.get(&at);
            let open = open.or_else(|| self.contents.get(at).and_then(OnceLock::get));
            match open {
                Some(content) => Cow::Borrowed(&**content),
                None => Cow::Owned(self.fetch(at)),
            }
        })
    }

    /// How many drawers were opened since all were shut.
    pub(super) fn opened(&self) -> usize {
        self.opened.0.load(Ordering::Relaxed)
    }

    /// Shuts every drawer that need not be open.
    pub(super) fn rest(&mut self) {
        self.contents.fill(OnceLock::new());
        self.opened = Opened::default();
    }

    fn content(&self, at: usize) -> &[(Uuid, Record)] {
        let open = || {
            let drawer = self.contents.get(at)?;
            Some(drawer.get_or_init(|| {
                self.opened.0.fetch_add(1, Ordering::Relaxed);
                self.fetch(at).into()
            }))
        };
        self.altered
            .get(&at)
            .or_else(open)
            .map_or(&[], |content| content)
    }

    fn fetch(&self, at: usize) -> Vec<(Uuid, Record)> {
        let cabinet = self.cabinet.as_ref();
        cabinet.map_or_else(Vec::new, |cabinet| cabinet.open(self.begin + at))
    }
}

impl fmt::Debug for Drawers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawers")
            .field("drawers", &self.contents.len())
            .finish_non_exhaustive()
    }
}
