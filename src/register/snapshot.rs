//! The index between two openings: laid by when it was built, taken up when the journal agrees.
//!
//! Invariant: what is taken up answers as an index that is built from the records.

use crate::index::Index;
use crate::index::snapshot;
use crate::index::snapshot::Lay;
use crate::index::snapshot::Take;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::register::Register;
use crate::store::Store;
use crate::store::snapshot::Laid;
use crate::store::snapshot::Pen;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;

/// So few people are indexed sooner than a snapshot is read.
const FEW: usize = 1_000;

/// A snapshot that lacks more changes than one to so many people is not worth taking up.
const PEOPLE: usize = 100;

/// So many changes are made in no time.
const SOME: u64 = 500;

impl Lay for Pen<'_> {
    type Fault = io::Error;

    fn lay<T: Serialize>(&mut self, part: &T) -> io::Result<()> {
        self.part(part)
    }
}

impl Take for Laid {
    fn take<T: DeserializeOwned>(&self, at: usize) -> Option<T> {
        self.part(at)
    }
}

/// The index of a book, and how many changes the snapshot lacks that it came from; `None` when it
/// was built.
pub(super) fn index(store: &mut Store, book: Book, today: Date) -> (Index, Option<u64>) {
    let most = SOME.max((book.at_most() / PEOPLE) as u64);
    let laid = (book.at_most() >= FEW).then(|| store.laid_by(snapshot::VERSION, most));
    let Some(mut laid) = laid.flatten() else {
        return (Index::build(book, today), None);
    };
    let since = std::mem::take(&mut laid.since).into_iter();
    let since: Vec<_> = since.map(|commit| commit.changes).collect();
    let lacks: usize = since.iter().map(Vec::len).sum();
    match Index::take_up(book, &laid, &since, today) {
        Ok(index) => (index, Some(lacks as u64)),
        Err(book) => (Index::build(*book, today), None),
    }
}

impl Register {
    /// Lays the index by, unless the snapshot that there is will do. Should it fail, nothing is lost
    /// but time at the next opening.
    pub(super) fn lay_by(&mut self) {
        let is_large = self.index.book().at_most() >= FEW;
        if !is_large || self.behind.is_some_and(|behind| behind <= SOME) {
            return;
        }
        let index = &self.index;
        let laid = self
            .store
            .lay_by(snapshot::VERSION, |pen| index.lay_by(pen));
        self.behind = laid.ok().map(|()| 0);
    }
}
