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
    /// Where the changes of each record stand: an import has millions.
    places: FxHashMap<Subject, Vec<(FieldNo, u32)>>,
}

impl<'a> Draft<'a> {
    /// Nothing changed yet.
    pub fn new(book: &'a Book) -> Draft<'a> {
        Draft {
            book,
            changes: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    /// The book as it stands without these changes.
    pub fn book(&self) -> &'a Book {
        self.book
    }

    /// Sets or clears a field. A second set of the same field replaces the first.
    pub fn set(&mut self, subject: Subject, field: FieldNo, new: Option<Value>) {
        let places = self.places.entry(subject).or_default();
        if let Some(at) = place(places, field) {
            self.changes[at].new = new;
            return;
        }
        let old = self
            .book
            .record(subject)
            .and_then(|record| record.get(field));
        places.push((field, self.changes.len() as u32));
        self.changes.push(Change {
            subject,
            field,
            old,
            new,
        });
    }

    /// The value of a field with these changes made.
    pub fn get(&self, subject: Subject, field: FieldNo) -> Option<Value> {
        let places = self.places.get(&subject).map_or(&[][..], Vec::as_slice);
        match place(places, field) {
            Some(at) => self.changes[at].new.clone(),
            None => self
                .book
                .record(subject)
                .and_then(|record| record.get(field)),
        }
    }

    /// The text of a text, code or identity number field with these changes made.
    pub fn text(&self, subject: Subject, field: FieldNo) -> Option<&str> {
        let places = self.places.get(&subject).map_or(&[][..], Vec::as_slice);
        match place(places, field) {
            Some(at) => self.changes[at].new.as_ref()?.text(),
            None => self.book.record(subject)?.text(field),
        }
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

/// Where a record's change of a field stands.
fn place(places: &[(FieldNo, u32)], field: FieldNo) -> Option<usize> {
    let found = places.iter().find(|(number, _)| *number == field);
    found.map(|(_, at)| *at as usize)
}
