//! The records of a checkpoint as drawers: read when they are looked into, and from the journal where
//! the checkpoint cannot give them.
//!
//! What is read long after opening has nobody to report an error to. So a drawer that is damaged, or
//! cannot be read any more, costs a fold of the journal, which is kept for others like it; only when the
//! journal fails too are the records gone, and then nothing more is saved.
//!
//! Invariant: a drawer holds what the journal says of its records at the checkpoint's commit.

use crate::model::book::Cabinet;
use crate::model::book::Label;
use crate::model::book::Records;
use crate::model::ids::Table;
use crate::model::record::Record;
use crate::store::Notice;
use crate::store::Reason;
use crate::store::blocks::Blocks;
use crate::store::checkpoint::Checkpoint;
use crate::store::checkpoint::RECORDS;
use crate::store::checkpoint::ROOM;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::part;
use crate::store::part::Part;
use crate::store::scan::Source;
use std::ops::Bound;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// The drawers of a checkpoint.
pub(crate) struct Drawers {
    blocks: Blocks,
    labels: Vec<Label>,
    source: Source,
    /// The mark of the checkpoint's commit.
    mark: Mark,
    instead: OnceLock<Instead>,
}

/// What stands for a checkpoint that cannot be read.
struct Instead {
    why: Reason,
    journal: Result<Records, Reason>,
    was_told: AtomicBool,
}

impl Drawers {
    /// The drawers of a checkpoint that was made after a commit.
    pub(crate) fn of(blocks: Blocks, labels: Vec<Label>, source: &Source, mark: Mark) -> Drawers {
        Drawers {
            blocks,
            labels,
            source: source.clone(),
            mark,
            instead: OnceLock::new(),
        }
    }

    /// Their records, which lie there.
    pub(crate) fn records(self: &Arc<Drawers>) -> Records {
        let cabinet: Arc<dyn Cabinet> = self.clone();
        Records::lying_in(&cabinet, &self.labels)
    }

    /// What has become of them since opening, once.
    pub(crate) fn news(&self) -> Option<Notice> {
        let instead = self.instead.get()?;
        if instead.was_told.swap(true, Ordering::Relaxed) {
            return None;
        }
        Some(match &instead.journal {
            Ok(_) => Notice::Reread {
                why: instead.why.clone(),
            },
            Err(why) => Notice::Unread { why: why.clone() },
        })
    }

    /// Whether the journal had to stand in for them.
    pub(crate) fn is_reread(&self) -> bool {
        self.instead.get().is_some()
    }

    /// Why records are gone, if any are.
    pub(crate) fn lost(&self) -> Option<&Reason> {
        self.instead.get()?.journal.as_ref().err()
    }

    /// A drawer as the checkpoint has it.
    fn read(&self, at: usize, label: Label) -> Result<Vec<(Uuid, Record)>, Reason> {
        let part = self.blocks.read(RECORDS + at, part::decode);
        let Part { table, records } = part.map_err(Reason::Unreadable)?;
        let is_sorted = records.is_sorted_by(|(one, _), (next, _)| one < next);
        let begins = records.first().is_none_or(|(id, _)| *id >= label.first);
        let next = self.next(at, table);
        let ends = records
            .last()
            .zip(next)
            .is_none_or(|((id, _), next)| *id < next);
        if table == label.table && is_sorted && begins && ends {
            Ok(records)
        } else {
            Err(Reason::Sum)
        }
    }

    /// The same as the journal has it.
    fn reread(&self, at: usize, label: Label, why: Reason) -> Vec<(Uuid, Record)> {
        let instead = self.instead.get_or_init(|| {
            let nothing = Checkpoint::nothing(&self.source);
            let folded = mend::fold(&self.source, nothing, self.mark.number);
            let journal = folded.map_err(Reason::from).and_then(|folded| {
                let is_there = folded.mark == self.mark;
                is_there.then_some(folded.records).ok_or(Reason::Journal)
            });
            Instead {
                why,
                journal,
                was_told: AtomicBool::new(false),
            }
        });
        let Ok(records) = &instead.journal else {
            return vec![];
        };
        let end = self
            .next(at, label.table)
            .map_or(Bound::Unbounded, Bound::Excluded);
        let some = records.range(label.table, (Bound::Included(label.first), end));
        some.map(|(id, record)| (id, record.clone())).collect()
    }

    /// Where the drawer behind one begins, if it is of the same table.
    fn next(&self, at: usize, table: Table) -> Option<Uuid> {
        let next = self.labels.get(at + 1).filter(|next| next.table == table);
        next.map(|next| next.first)
    }
}

impl Cabinet for Drawers {
    fn room(&self) -> usize {
        ROOM
    }

    fn open(&self, drawer: usize) -> Vec<(Uuid, Record)> {
        let Some(label) = self.labels.get(drawer).copied() else {
            return vec![];
        };
        let read = self.read(drawer, label);
        read.unwrap_or_else(|why| self.reread(drawer, label, why))
    }
}
