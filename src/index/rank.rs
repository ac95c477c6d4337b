//! The orders of an answer: every order is kept as a permutation, so that the rows on screen are
//! found without sorting the rest.
//!
//! Invariant: an order is total; people who are alike in everything stand by their ids.

use crate::index::facts::Facts;
use crate::index::key::Line;
use crate::index::permutation::Permutation;
use crate::index::pinyin::order_key;
use crate::index::set::Set;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::household::Dwelling;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::query::Order;
use crate::query::SortKey;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Ordering;
use std::cmp::Reverse;

/// The orders of everyone. Those whose names or ages are alike stand by address.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Orders {
    address: Permutation,
    name: Permutation,
    age: Permutation,
    added: Permutation,
}

/// Where someone stands among those of one address: by household, the head first, then the oldest;
/// what is unknown last.
type Place = (
    bool,
    Option<HouseholdId>,
    bool,
    bool,
    Option<Date>,
    PersonId,
);

impl Orders {
    /// The orders of everyone.
    pub(crate) fn build(line: Line<'_>) -> Orders {
        let Line {
            people,
            by_address,
            by_id,
        } = line;
        let address = Permutation::of(&by_address);
        let mut by_age: Vec<u32> = address.walk().collect();
        let births: Vec<Option<Date>> = people.iter().map(|one| birth(*one)).collect();
        by_age.sort_by_key(|one| Reverse(births.get(*one as usize)));
        Orders {
            address,
            name: Permutation::rising(people.len()),
            age: Permutation::of(&by_age),
            added: Permutation::of(&by_id),
        }
    }

    /// Puts a person into every order.
    pub(crate) fn enter(&mut self, book: &Book, facts: &Facts, number: u32, person: Person<'_>) {
        let other = |number: u32| facts.people.id(number).and_then(|id| book.person(id));
        let own = home(book, person);
        let stands = place(book, person);
        self.address.insert(number, |one| {
            other(one).map_or(Ordering::Less, |one| {
                by_address(home(book, one).as_ref(), own.as_ref())
                    .then_with(|| place(book, one).cmp(&stands))
            })
        });
        let Orders {
            address,
            name,
            age,
            added,
        } = self;
        let key = (order_key(person.name()), address.label(number));
        name.insert(number, |one| {
            let name = other(one)
                .map(|one| order_key(one.name()))
                .unwrap_or_default();
            (name, address.label(one)).cmp(&key)
        });
        let key = (Reverse(birth(person)), address.label(number));
        age.insert(number, |one| {
            (Reverse(other(one).and_then(birth)), address.label(one)).cmp(&key)
        });
        added.insert(number, |one| facts.people.id(one).cmp(&Some(person.id)));
    }

    /// Takes a person out of every order.
    pub(crate) fn leave(&mut self, number: u32) {
        for order in [
            &mut self.address,
            &mut self.name,
            &mut self.age,
            &mut self.added,
        ] {
            order.remove(number);
        }
    }

    /// The rows `from` .. `from + count` of a set.
    pub(crate) fn rows(&self, order: Order, set: &Set, from: usize, count: usize) -> Vec<u32> {
        self.of(order.by).rows(set, from, count, order.descending)
    }

    /// How many of a set stand before a person.
    pub(crate) fn before(&self, order: Order, set: &Set, number: u32) -> usize {
        let permutation = self.of(order.by);
        let stands = permutation.label(number);
        let wanted = if order.descending {
            Ordering::Greater
        } else {
            Ordering::Less
        };
        let before = |one: &u32| permutation.label(*one).cmp(&stands) == wanted;
        set.iter().filter(before).count()
    }

    fn of(&self, by: SortKey) -> &Permutation {
        match by {
            SortKey::Address => &self.address,
            SortKey::Name => &self.name,
            SortKey::Age => &self.age,
            SortKey::Added => &self.added,
        }
    }
}

fn place(book: &Book, person: Person<'_>) -> Place {
    let household = person.household();
    let head = household
        .and_then(|id| book.household(id))
        .and_then(Household::head);
    let birth = birth(person);
    let leads = head == Some(person.id);
    (
        household.is_none(),
        household,
        !leads,
        birth.is_none(),
        birth,
        person.id,
    )
}

fn birth(person: Person<'_>) -> Option<Date> {
    person.birth().map(Date::first)
}

fn home(book: &Book, person: Person<'_>) -> Option<Address> {
    book.home(person).map(Dwelling::address)
}

/// Addresses in their natural order, the unknown last.
fn by_address(one: Option<&Address>, other: Option<&Address>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.order(other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}
