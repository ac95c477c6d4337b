//! The orders of an answer: every order is kept as a permutation, so that the rows on screen are
//! found without sorting the rest.
//!
//! Invariant: an order is total; people who are alike in everything stand by their ids.

use crate::index::facts::Facts;
use crate::index::people::slot;
use crate::index::pinyin::order_key;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::household::Dwelling;
use crate::model::household::Household;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::query::Order;
use crate::query::SortKey;
use roaring::RoaringBitmap;
use std::cmp::Ordering;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The orders of everyone. Those whose names or ages are alike stand by address.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    address: Permutation,
    name: Permutation,
    age: Permutation,
    added: Permutation,
}

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
        let people: Vec<(u32, Person<'_>)> = book
            .people()
            .filter_map(|person| Some((facts.people.number(person.id)?, person)))
            .collect();
        let addresses = rank_addresses(book);
        let address = Permutation::of(&people, |_, person| {
            let home = book.home(person).and_then(|home| addresses.get(&home.id));
            (home.is_none(), home, place(book, person))
        });
        let name = Permutation::of(&people, |number, person| {
            (order_key(person.name()), address.label(number))
        });
        let age = Permutation::of(&people, |number, person| {
            (Reverse(birth(person)), address.label(number))
        });
        Orders {
            added: Permutation::of(&people, |_, person| person.id),
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
    pub(crate) fn rows(
        &self,
        order: Order,
        set: &RoaringBitmap,
        from: usize,
        count: usize,
    ) -> Vec<u32> {
        self.of(order.by).rows(set, from, count, order.descending)
    }

    /// How many of a set stand before a person.
    pub(crate) fn before(&self, order: Order, set: &RoaringBitmap, number: u32) -> usize {
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
    fn of<'a, K: Ord>(
        people: &[(u32, Person<'a>)],
        key: impl Fn(u32, Person<'a>) -> K,
    ) -> Permutation {
        let mut keyed: Vec<(K, u32)> = people
            .iter()
            .map(|(number, person)| (key(*number, *person), *number))
            .collect();
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

    /// Walks the whole order when the set is a large part of it, else picks the rows from the set.
    fn rows(&self, set: &RoaringBitmap, from: usize, count: usize, descending: bool) -> Vec<u32> {
        if set.len() * 4 > self.sorted.len() as u64 {
            let is_in = |number: &u32| set.contains(*number);
            let sorted = self.sorted.iter().copied();
            return if descending {
                sorted.rev().filter(is_in).skip(from).take(count).collect()
            } else {
                sorted.filter(is_in).skip(from).take(count).collect()
            };
        }
        let turned = if descending { u32::MAX } else { 0 };
        let mut labelled: Vec<(u32, u32)> = set
            .iter()
            .map(|number| (self.label(number) ^ turned, number))
            .collect();
        let end = from + count;
        if end < labelled.len() {
            labelled.select_nth_unstable(end);
            labelled.truncate(end);
        }
        labelled.sort_unstable();
        labelled
            .into_iter()
            .skip(from)
            .map(|(_, number)| number)
            .collect()
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

/// The places of all dwellings in the natural order of their addresses.
fn rank_addresses(book: &Book) -> HashMap<DwellingId, usize> {
    let dwellings = book.dwellings();
    let mut all: Vec<(Address, DwellingId)> = dwellings
        .map(|dwelling| (dwelling.address(), dwelling.id))
        .collect();
    all.sort_by(|(one, _), (other, _)| one.order(other));
    let mut ranks = HashMap::new();
    let mut rank = 0;
    let mut before: Option<&Address> = None;
    for (address, id) in &all {
        let differs = before.is_some_and(|before| before.order(address).is_ne());
        rank += usize::from(differs);
        ranks.insert(*id, rank);
        before = Some(address);
    }
    ranks
}

fn by_address(book: &Book, one: Person<'_>, other: Person<'_>) -> Ordering {
    let address = |person| book.home(person).map(Dwelling::address);
    let addresses = match (address(one), address(other)) {
        (Some(one), Some(other)) => one.order(&other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    };
    addresses.then_with(|| place(book, one).cmp(&place(book, other)))
}
