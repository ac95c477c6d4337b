//! Changes in the making: what an act will do, gathered against the book before it is committed.
//!
//! Invariant: the changes fit the book they were drafted against, and none of them is idle.

use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::record::Record;
use crate::model::value::Value;
use rustc_hash::FxHashMap;

/// A group of changes being gathered.
pub struct Draft<'a> {
    book: &'a Book,
    changes: Vec<Change>,
    /// For each change where the one before it of the same record stands, plus one: an import has
    /// millions, and no record has many.
    before: Vec<u32>,
    /// Where the last change of each record stands, plus one.
    last: FxHashMap<Subject, u32>,
}

impl<'a> Draft<'a> {
    /// Nothing changed yet.
    pub fn new(book: &'a Book) -> Draft<'a> {
        Draft {
            book,
            changes: Vec::new(),
            before: Vec::new(),
            last: FxHashMap::default(),
        }
    }

    /// Makes room for so many changes more: as they grow to gigabytes, they would be moved again and
    /// again.
    pub fn reserve(&mut self, changes: usize) {
        self.changes.reserve(changes);
        self.before.reserve(changes);
    }

    /// The book as it stands without these changes.
    pub fn book(&self) -> &'a Book {
        self.book
    }

    /// Sets or clears a field. A second set of the same field replaces the first.
    pub fn set(&mut self, subject: Subject, field: FieldNo, new: Option<Value>) {
        let last = self.last.entry(subject).or_default();
        if let Some(at) = place(&self.changes, &self.before, *last, field) {
            self.changes[at].new = new;
            return;
        }
        let old = self
            .book
            .record(subject)
            .and_then(|record| record.get(field));
        self.before.push(*last);
        *last = self.before.len() as u32;
        self.changes.push(Change {
            subject,
            field,
            old,
            new,
        });
    }

    /// The value of a field with these changes made.
    pub fn get(&self, subject: Subject, field: FieldNo) -> Option<Value> {
        match self.place(subject, field) {
            Some(at) => self.changes[at].new.clone(),
            None => self
                .book
                .record(subject)
                .and_then(|record| record.get(field)),
        }
    }

    /// The text of a text, code or identity number field with these changes made.
    pub fn text(&self, subject: Subject, field: FieldNo) -> Option<&str> {
        match self.place(subject, field) {
            Some(at) => self.changes[at].new.as_ref()?.text(),
            None => self.book.record(subject)?.text(field),
        }
    }

    fn place(&self, subject: Subject, field: FieldNo) -> Option<usize> {
        let last = *self.last.get(&subject)?;
        place(&self.changes, &self.before, last, field)
    }

    /// Clears every field of a record, so that it no longer exists.
    pub fn remove(&mut self, subject: Subject) {
        let book = self.book;
        for (field, _) in book.record(subject).into_iter().flat_map(Record::iter) {
            self.set(subject, field, None);
        }
    }

    /// The changes that alter something, in the order they were first made.
    pub fn finish(self) -> Vec<Change> {
        self.changes
            .into_iter()
            .filter(|change| change.old != change.new)
            .collect()
    }
}

/// Where a record's change of a field stands, given where its last one stands.
fn place(changes: &[Change], before: &[u32], last: u32, field: FieldNo) -> Option<usize> {
    let mut next = last;
    while let Some(at) = (next as usize).checked_sub(1) {
        if changes.get(at)?.field == field {
            return Some(at);
        }
        next = *before.get(at)?;
    }
    None
}
