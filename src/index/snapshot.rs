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
use crate::model::change::Change;
use crate::model::change::inverse;
use crate::model::date::Date;
use crate::model::role::Role;
use crate::query::lexicon::Lexicon;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The version of what is laid by. A test holds it to the parts of a made-up community: when they
/// come out otherwise, this number goes up, and what was laid by before is built anew.
pub const VERSION: u32 = 2;

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
    /// Lays everything by but the book.
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
        to.lay(&self.orders)
    }

    /// Takes up what was laid by when the book was without some changes, and makes them; the book
    /// comes back when the parts cannot be read.
    pub fn take_up<T: Take>(
        mut book: Book,
        from: &T,
        since: &[Vec<Change>],
        today: Date,
    ) -> Result<Index, Box<Book>> {
        let Some((then, facts, orders)) = parts(from).filter(|(then, ..)| *then <= today) else {
            return Err(Box::new(book));
        };
        for change in since.iter().rev().flat_map(|changes| inverse(changes)) {
            book.apply(&change);
        }
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

/// Reads all parts side by side; the day that they are of.
fn parts<T: Take>(from: &T) -> Option<(Date, Facts, Orders)> {
    std::thread::scope(|scope| {
        let columns = scope.spawn(|| from.take(1));
        let names = scope.spawn(|| from.take(2));
        let digits = scope.spawn(|| from.take(3));
        let people = scope.spawn(|| from.take(4));
        let homes = scope.spawn(|| from.take(5));
        let claims = scope.spawn(|| from.take(6));
        let visits = scope.spawn(|| from.take(7));
        let orders = from.take(8);
        let rest: Rest = from.take(0)?;
        let today = rest.today;
        let facts = Facts {
            people: people.join().ok()??,
            homes: homes.join().ok()??,
            names: names.join().ok()??,
            digits: digits.join().ok()??,
            columns: columns.join().ok()??,
            claims: claims.join().ok()??,
            visits: visits.join().ok()??,
            kin: Kin::default(),
            housed: rest.housed,
            bad_ids: rest.bad_ids,
        };
        Some((today, facts, orders?))
    })
}
