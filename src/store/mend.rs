//! The journal's commits folded into records, for memory and for building sled again.
//!
//! Invariant: the fold of a journal depends on nothing but its sound frames.

use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::ids::Subject;
use crate::model::record::Record;
use crate::store::StoreError;
use crate::store::checkpoint::About;
use crate::store::checkpoint::Checkpoint;
use crate::store::mark::Mark;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::scan;
use crate::store::scan::Scan;
use crate::store::scan::Source;
use crate::store::vault;
use rustc_hash::FxHashMap;

/// Records, each as the last change of each of its fields left it.
pub(crate) struct Fold {
    records: Vec<(Subject, Record)>,
    /// Where each stands among them, once that has been asked.
    places: FxHashMap<Subject, usize>,
}

impl Fold {
    /// A fold that goes on from records.
    pub(crate) fn onto(records: Vec<(Subject, Record)>) -> Fold {
        Fold {
            records,
            places: FxHashMap::default(),
        }
    }

    /// Makes a commit's changes.
    pub(crate) fn apply(&mut self, changes: Vec<Change>) {
        let mut changes = changes.into_iter().peekable();
        while let Some(first) = changes.next() {
            let subject = first.subject;
            let record = self.record(subject);
            record.set(first.field, first.new);
            while let Some(next) = changes.next_if(|next| next.subject == subject) {
                record.set(next.field, next.new);
            }
        }
    }

    fn record(&mut self, subject: Subject) -> &mut Record {
        if self.places.is_empty() {
            let places = self.records.iter().zip(0..);
            self.places = places.map(|((subject, _), at)| (*subject, at)).collect();
        }
        let at = *self.places.entry(subject).or_insert_with(|| {
            self.records.push((subject, Record::default()));
            self.records.len() - 1
        });
        &mut self.records[at].1
    }

    /// The records that exist, sorted.
    pub(crate) fn finish(mut self) -> Vec<(Subject, Record)> {
        self.records.retain(|(_, record)| !record.is_empty());
        self.records.sort_unstable_by_key(|(subject, _)| *subject);
        self.records
    }
}

/// Reads the journal beyond a reach and hands on each commit, with the mark after it.
pub(crate) fn commits(
    source: &Source,
    from: Reach,
    walked: &mut dyn FnMut(u64, u64),
    each: &mut dyn FnMut(scan::Place, Mark, Commit),
) -> Result<Scan, StoreError> {
    scan::scan(source, from, walked, &mut |sound| {
        let (mark, commit) =
            record::decode_frame(&vault::open(sound.payload)).map_err(|fault| fault.to_string())?;
        if commit.number != sound.number {
            return Err(format!(
                "commit {} in frame {}",
                commit.number, sound.number
            ));
        }
        each(sound.place, mark, commit);
        Ok(())
    })
}

/// A journal folded up to a commit.
pub(crate) struct Folded {
    /// The last commit's mark, as the journal gives it.
    pub(crate) mark: Mark,
    /// The records, sorted.
    pub(crate) records: Vec<(Subject, Record)>,
    /// What the journal's bytes came to.
    pub(crate) scan: Scan,
}

/// The records after a commit, from a checkpoint and what the journal holds beyond it.
pub(crate) fn fold(source: &Source, base: Checkpoint, last: u64) -> Result<Folded, StoreError> {
    let mut fold = Fold::onto(base.records);
    let About { mark, reach, .. } = base.about;
    let mut reached = mark;
    let scan = commits(source, reach, &mut |_, _| {}, &mut |_, mark, commit| {
        if mark.number <= last {
            reached = mark;
            fold.apply(commit.changes);
        }
    })?;
    Ok(Folded {
        mark: reached,
        records: fold.finish(),
        scan,
    })
}

/// What records come to, counted anew.
pub(crate) fn count<'r>(
    number: u64,
    records: impl Iterator<Item = (Subject, &'r Record)>,
) -> Result<Mark, record::Unreadable> {
    let mut mark = Mark {
        number,
        ..Mark::default()
    };
    for (subject, record) in records {
        mark.add(subject, record)?;
    }
    Ok(mark)
}
