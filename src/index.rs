//! Every person in memory: `apply(changes)`, `ask(query)` -> hits, facets, reasons.
//!
//! Invariant: an answer equals a scan of every record with the same rules; nothing here is stored.

pub mod text;

pub mod pinyin;

pub mod column;

pub mod place;

pub mod evaluate;

pub mod facet;

pub mod rank;

pub mod derive;

use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::category::Kind;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::query::Query;
use crate::query::lexicon::Lexicon;

/// The index of one register.
pub struct Index {
    book: Book,
    lexicon: Lexicon,
    today: Date,
}

/// Who answers a query.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The people, as the index's own numbers.
    pub(crate) set: roaring::RoaringBitmap,
}

/// Why someone is in a category, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The category; an axis for "none of these".
    pub code: CategoryCode,
    /// How: asserted, derived, or only suggested.
    pub kind: Kind,
    /// Since when.
    pub since: Option<Date>,
    /// Until when, for what has ended.
    pub until: Option<Date>,
    /// What shows it, or the rule's reason (the category's own words, else the rule's text).
    pub reason: Option<String>,
    /// The assertion behind it.
    pub assertion: Option<(AssertionId, Status)>,
}

/// How many of an answer are in a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The category.
    pub code: CategoryCode,
    /// How many.
    pub count: usize,
}

impl Index {
    /// Indexes a book on a day.
    pub fn build(_book: Book, _today: Date) -> Index {
        todo!()
    }

    /// The records.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// The names that queries may use.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The day that ages and rules are computed for.
    pub fn today(&self) -> Date {
        self.today
    }

    /// Moves on to another day.
    pub fn turn(&mut self, _today: Date) {
        todo!()
    }

    /// Makes changes that the register has committed.
    pub fn apply(&mut self, _changes: &[Change]) {
        todo!()
    }

    /// Who answers a query.
    pub fn ask(&self, _query: &Query) -> Answer {
        todo!()
    }

    /// Rows `from` .. `from + count` of an answer, in the query's order (relevance when it has
    /// none and names someone, else by address).
    pub fn rows(
        &self,
        _query: &Query,
        _answer: &Answer,
        _from: usize,
        _count: usize,
    ) -> Vec<PersonId> {
        todo!()
    }

    /// The row at which a person stands in an answer's order.
    pub fn position(&self, _query: &Query, _answer: &Answer, _person: PersonId) -> Option<usize> {
        todo!()
    }

    /// How many of an answer are in each category, in the taxonomy's order, zeros included.
    pub fn facets(&self, _answer: &Answer) -> Vec<Facet> {
        todo!()
    }

    /// How many of an answer would be proposed for each category and are undecided.
    pub fn suggestions(&self, _answer: &Answer) -> Vec<Facet> {
        todo!()
    }

    /// Every category that a person is in or is proposed for, in the taxonomy's order, with its
    /// reason; declined and flagged assertions too, told by their status; ended ones last.
    pub fn standings(&self, _person: PersonId) -> Vec<Standing> {
        todo!()
    }

    /// Whether a person is in a category now.
    pub fn is_in(&self, _person: PersonId, _code: &CategoryCode) -> bool {
        todo!()
    }

    /// Whether a person answers a query.
    pub fn matches(&self, _query: &Query, _person: PersonId) -> bool {
        todo!()
    }

    /// Rules of the taxonomy that do not parse: the category and the fault in words.
    pub fn faults(&self) -> Vec<(CategoryCode, String)> {
        todo!()
    }
}

impl Answer {
    /// How many.
    pub fn total(&self) -> usize {
        self.set.len() as usize
    }
}
