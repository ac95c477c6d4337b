//! The journal's commits folded into records, for memory and for building sled again.
//!
//! Invariant: the fold of a journal depends on nothing but its sound frames.

use crate::model::book::Records;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::value::Value;
use crate::store::StoreError;
use crate::store::checkpoint::About;
use crate::store::checkpoint::Checkpoint;
use crate::store::mark::Mark;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::record::Head;
use crate::store::record::Walk;
use crate::store::scan;
use crate::store::scan::Scan;
use crate::store::scan::Source;
use crate::store::vault::Spot;

/// Makes a commit's changes; what cannot be read leaves a half of it made.
pub(crate) fn apply(records: &mut Records, walk: Walk<'_>) -> Result<(), record::Unreadable> {
    by_record(walk, &mut |subject, fields| {
        records.entry(subject).set_all(fields);
        Ok(())
    })
}

/// The fields of one record that a commit sets or clears.
pub(crate) type Fields = Vec<(FieldNo, Option<Value>)>;

/// Hands on a commit's changes, those of one record that stand side by side at once.
pub(crate) fn by_record<E: From<record::Unreadable>>(
    walk: Walk<'_>,
    each: &mut dyn FnMut(Subject, &mut Fields) -> Result<(), E>,
) -> Result<(), E> {
    let mut changes = walk.peekable();
    let mut fields = vec![];
    while let Some(first) = changes.next() {
        let Change {
            subject,
            field,
            new,
            ..
        } = first?;
        fields.clear();
        fields.push((field, new));
        let is_same = |next: &Result<Change, _>| {
            next.as_ref()
                .is_ok_and(|next: &Change| next.subject == subject)
        };
        while let Some(Ok(next)) = changes.next_if(is_same) {
            fields.push((next.field, next.new));
        }
        each(subject, &mut fields)?;
    }
    Ok(())
}

/// Reads the journal beyond a reach and hands on each commit, with the mark after it.
pub(crate) fn commits(
    source: &Source,
    from: Reach,
    walked: &mut dyn FnMut(u64, u64),
    each: &mut Each<'_>,
) -> Result<Scan, StoreError> {
    scan::scan(source, from, walked, &mut |sound| {
        let spot = Spot::Frame(sound.number);
        let plain = source.vault.open_parts(spot, sound.payload);
        let plain = plain.map_err(|fault| fault.to_string())?;
        let (mark, head, walk) = record::walk_frame(&plain).map_err(|fault| fault.to_string())?;
        if head.number != sound.number {
            return Err(format!("commit {} in frame {}", head.number, sound.number));
        }
        each(sound.place, mark, &head, walk).map_err(|fault| fault.to_string())
    })
}

/// Takes a commit: where it stands, the mark after it, its head and its changes.
pub(crate) type Each<'e> =
    dyn FnMut(scan::Place, Mark, &Head, Walk<'_>) -> Result<(), record::Unreadable> + 'e;

/// A journal folded up to a commit.
pub(crate) struct Folded {
    /// The last commit's mark, as the journal gives it.
    pub(crate) mark: Mark,
    /// The records.
    pub(crate) records: Records,
    /// What the journal's bytes came to.
    pub(crate) scan: Scan,
}

/// The records after a commit, from a checkpoint and what the journal holds beyond it.
pub(crate) fn fold(source: &Source, base: Checkpoint, last: u64) -> Result<Folded, StoreError> {
    let mut records = base.records;
    let About { mark, reach, .. } = base.about;
    let mut reached = mark;
    let scan = commits(source, reach, &mut |_, _| {}, &mut |_, mark, _, walk| {
        if mark.number > last {
            return Ok(());
        }
        reached = mark;
        apply(&mut records, walk)
    })?;
    Ok(Folded {
        mark: reached,
        records,
        scan,
    })
}

/// What records come to, counted anew.
pub(crate) fn count(
    source: &Source,
    number: u64,
    records: &Records,
) -> Result<Mark, record::Unreadable> {
    let salt = source.vault.salt();
    let mut mark = Mark {
        number,
        ..Mark::default()
    };
    for table in Table::ALL {
        records.each_of(table, &mut |id, record| {
            mark.add(&salt, Subject { table, id }, record)
        })?;
    }
    Ok(mark)
}
