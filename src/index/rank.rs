//! The orders of an answer: every order is kept as a permutation, so that the rows on screen are
//! found without sorting the rest.
//!
//! Invariant: an order is total; people who are alike in everything stand by their ids.

use crate::index::facts::Facts;
use crate::index::key::Row;
use crate::index::key::Spellings;
use crate::index::key::rows;
use crate::index::people::slot;
use crate::index::pinyin::order_key;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::household::Dwelling;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::query::Order;
use crate::query::SortKey;
use std::cmp::Ordering;
use std::cmp::Reverse;

/// The orders of everyone. Those whose names or ages are alike stand by address.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    address: Permutation,
    name: Permutation,
    age: Permutation,
    added: Permutation,
}

/// How many times as many steps as expected are walked along an order.
const PATIENCE: usize = 4;

/// People in an order, each with a label that grows along it. Labels leave gaps, so that someone
/// can be put in between without touching the others.
#[derive(Debug, Default)]
struct Permutation {
    sorted: Vec<u32>,
    labels: Vec<u32>,
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
    /// The orders of all the people of a book.
    pub(crate) fn build(book: &Book, facts: &Facts) -> Orders {
        let people: Vec<Row<'_>> = rows(book, facts);
        let address = Permutation::of(&people, |row| row.stand);
        let names = Spellings::of(&people);
        let name = Permutation::of(&people, |row| {
            (names.key(row.person.name()), address.label(row.number))
        });
        let age = Permutation::of(&people, |row| {
            (Reverse(row.birth), address.label(row.number))
        });
        Orders {
            added: Permutation::of(&people, |row| row.person.id),
            address,
            name,
            age,
        }
    }

    /// Puts a person into every order.
    pub(crate) fn enter(&mut self, book: &Book, facts: &Facts, number: u32, person: Person<'_>) {
        let other = |number: u32| facts.people.id(number).and_then(|id| book.person(id));
        self.address.insert(number, |one| {
            other(one).map_or(Ordering::Less, |one| by_address(book, one, person))
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

impl Permutation {
    fn of<'a, K: Ord>(people: &[Row<'a>], key: impl Fn(&Row<'a>) -> K) -> Permutation {
        let mut keyed: Vec<(K, u32)> = people.iter().map(|row| (key(row), row.number)).collect();
        keyed.sort_unstable();
        let mut permutation = Permutation {
            sorted: keyed.into_iter().map(|(_, number)| number).collect(),
            labels: Vec::new(),
        };
        permutation.relabel();
        permutation
    }

    fn label(&self, number: u32) -> u32 {
        self.labels
            .get(number as usize)
            .copied()
            .unwrap_or(u32::MAX)
    }

    fn relabel(&mut self) {
        let gap = u32::MAX / (self.sorted.len() as u32 + 1);
        for (label, number) in (1..).zip(&self.sorted) {
            *slot(&mut self.labels, *number) = label * gap;
        }
    }

    /// Puts a number in; `order` says how another stands to it.
    fn insert(&mut self, number: u32, order: impl Fn(u32) -> Ordering) {
        let at = self.sorted.partition_point(|one| order(*one).is_lt());
        let neighbour = |at: Option<usize>| at.and_then(|at| self.sorted.get(at));
        let low = neighbour(at.checked_sub(1)).map_or(0, |one| self.label(*one));
        let high = neighbour(Some(at)).map_or(u32::MAX, |one| self.label(*one));
        self.sorted.insert(at, number);
        let between = low + (high - low) / 2;
        *slot(&mut self.labels, number) = between;
        if between == low {
            self.relabel();
        }
    }

    fn remove(&mut self, number: u32) {
        let label = self.label(number);
        if let Ok(at) = self
            .sorted
            .binary_search_by_key(&label, |one| self.label(*one))
            && self.sorted.get(at) == Some(&number)
        {
            self.sorted.remove(at);
        }
    }

    /// Walks along the order until the rows are found. When those of the set lie so far apart that
    /// this takes too long, the best are picked from the set.
    fn rows(&self, set: &Set, from: usize, count: usize, descending: bool) -> Vec<u32> {
        let size = set.len();
        let end = size.min(from + count);
        let is_in = |number: &&u32| set.contains(**number);
        let expected = (end * self.sorted.len()).div_ceil(size.max(1));
        let steps = (expected * PATIENCE).min(size * 2);
        let walked: Vec<u32> = if descending {
            let walk = self.sorted.iter().rev().take(steps);
            walk.filter(is_in).take(end).copied().collect()
        } else {
            let walk = self.sorted.iter().take(steps);
            walk.filter(is_in).take(end).copied().collect()
        };
        let best = if walked.len() == end {
            walked
        } else {
            self.best(set, end, descending)
        };
        best.into_iter().skip(from).collect()
    }

    /// The first numbers of a set in the order.
    fn best(&self, set: &Set, count: usize, descending: bool) -> Vec<u32> {
        let turned = if descending { u32::MAX } else { 0 };
        let room = count.max(8) * 2;
        let mut best: Vec<(u32, u32)> = Vec::with_capacity(room);
        let mut worst = u32::MAX;
        for number in set.iter() {
            let label = self.label(number) ^ turned;
            if label > worst {
                continue;
            }
            if best.len() == room {
                best.select_nth_unstable(count);
                best.truncate(count);
                worst = best.iter().map(|(label, _)| *label).max().unwrap_or(worst);
            }
            best.push((label, number));
        }
        best.sort_unstable();
        best.truncate(count);
        best.into_iter().map(|(_, number)| number).collect()
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

fn by_address(book: &Book, one: Person<'_>, other: Person<'_>) -> Ordering {
    let address = |person| book.home(person).map(Dwelling::address);
    let addresses = match (address(one), address(other)) {
        (Some(one), Some(other)) => one.order(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    };
    addresses.then_with(|| place(book, one).cmp(&place(book, other)))
}
