//! The index laid by in parts and taken up again: what is filed of a million people need not be
//! gathered from their records at every opening.
//!
//! Whoever keeps the parts sees to it that they are handed back whole, to this version of the index
//! and with the book that they were laid by with; rules are computed anew.
//!
//! Invariant: an index that was taken up answers as one that is built from its book.

use crate::index::Index;
use crate::index::derive::Derived;
use crate::index::facts::Facts;
use crate::index::kin::Kin;
use crate::index::rank::Orders;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::book::Relations;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::role::Role;
use crate::query::lexicon::Lexicon;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version of what is laid by. A test holds it to the parts of a made-up community: when they
/// come out otherwise, this number goes up, and what was laid by before is built anew.
pub const VERSION: u32 = 3;

/// Where parts are laid by, one after the other.
pub trait Lay {
    /// Why one could not be.
    type Fault;

    /// Lays a part by.
    fn lay<T: Serialize>(&mut self, part: &T) -> Result<(), Self::Fault>;
}

/// Where parts come from.
pub trait Take: Sync {
    /// The part with a number, counted from 0; `None` when there is none such.
    fn take<T: DeserializeOwned>(&self, at: usize) -> Option<T>;
}

/// What is small: the day that all is filed for, and two sets.
#[derive(Serialize, Deserialize)]
struct Rest {
    today: Date,
    housed: Set,
    bad_ids: Set,
}

impl Index {
    /// Lays everything by but the records.
    pub fn lay_by<L: Lay>(&self, to: &mut L) -> Result<(), L::Fault> {
        let facts = &self.facts;
        let rest = Rest {
            today: self.today,
            housed: facts.housed.clone(),
            bad_ids: facts.bad_ids.clone(),
        };
        // In the order in which `take_up` asks for them.
        to.lay(&rest)?;
        to.lay(&facts.columns)?;
        to.lay(&facts.names)?;
        to.lay(&facts.digits)?;
        to.lay(&facts.people)?;
        to.lay(&facts.homes)?;
        to.lay(&facts.claims)?;
        to.lay(&facts.visits)?;
        to.lay(&self.orders)?;
        to.lay(self.book.relations())
    }

    /// Takes up what was laid by when the book was without some changes, and makes them; the book
    /// comes back when the parts cannot be read.
    pub fn take_up<T: Take>(
        book: Book,
        from: &T,
        since: &[Vec<Change>],
        today: Date,
    ) -> Result<Index, Box<Book>> {
        let Some(parts) = parts(from).filter(|parts| parts.today <= today) else {
            return Err(Box::new(book));
        };
        let Parts {
            today: then,
            facts,
            orders,
            relations,
        } = parts;
        let book = book.back(since.iter().rev().map(Vec::as_slice), relations);
        let mut index = Index {
            lexicon: Lexicon::of(&book),
            book,
            today: then,
            facts,
            derived: Derived::default(),
            orders,
            role: Role::default(),
        };
        for changes in since {
            index.apply(changes);
        }
        index.facts.turn(&index.book, then, today);
        index.today = today;
        index.reread();
        Ok(index)
    }
}

/// Everything that was laid by, and the day that it is of.
struct Parts {
    today: Date,
    facts: Facts,
    orders: Orders,
    relations: Relations,
}

/// Reads the parts in three lines side by side, of about the same length each: what is read is there
/// twice for a moment, so that more lines would take more memory and, on most machines, no less time.
fn parts<T: Take>(from: &T) -> Option<Parts> {
    std::thread::scope(|scope| {
        let first = scope.spawn(|| Some((from.take(1)?, from.take(4)?, from.take(7)?)));
        let second =
            scope.spawn(|| Some((from.take(2)?, from.take(5)?, from.take(6)?, from.take(8)?)));
        let rest: Rest = from.take(0)?;
        let (digits, relations) = (from.take(3)?, from.take(9)?);
        let (columns, people, visits) = first.join().ok()??;
        let (names, homes, claims, orders) = second.join().ok()??;
        let facts = Facts {
            people,
            homes,
            names,
            digits,
            columns,
            claims,
            visits,
            kin: Kin::default(),
            housed: rest.housed,
            bad_ids: rest.bad_ids,
        };
        Some(Parts {
            today: rest.today,
            facts,
            orders,
            relations,
        })
    })
}
