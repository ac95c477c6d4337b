//! Keys that put everyone in order at once: small numbers instead of texts, so that sorting a
//! register compares numbers.
//!
//! Invariant: keys compare as what they stand for does.

use crate::index::column::Day;
use crate::index::column::day;
use crate::index::literal::fold;
use crate::index::people::slot;
use crate::index::pinyin::Unit;
use crate::index::pinyin::order_key;
use crate::index::pinyin::units;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Stands after every rank: nothing is known.
const LAST: u32 = u32::MAX;

/// Everyone in line by name, those of one name by address: the place is the number.
pub(crate) struct Line<'a> {
    /// The people, by number.
    pub(crate) people: Vec<Person<'a>>,
    /// The numbers in the order of the records' making.
    pub(crate) by_id: Vec<u32>,
    /// The numbers by address.
    pub(crate) by_address: Vec<u32>,
}

impl Line<'_> {
    /// Puts the people of a book in line.
    pub(crate) fn of(book: &Book) -> Line<'_> {
        let people: Vec<Person<'_>> = book.people().collect();
        let (addresses, names) = std::thread::scope(|scope| {
            let addresses = scope.spawn(|| by_address(book, &people));
            let names = rank_names(&people);
            (addresses.join(), names)
        });
        let addresses = addresses.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let ranks = inverse(&addresses);
        let mut line: Vec<(u32, u32, usize)> = (names.into_iter().zip(ranks).zip(0..))
            .map(|((name, address), at)| (name, address, at))
            .collect();
        line.sort_unstable();
        let places: Vec<u32> = line.iter().map(|(_, _, at)| *at as u32).collect();
        let numbers = inverse(&places);
        let number = |at: &u32| numbers.get(*at as usize).copied();
        let by_address = addresses.iter().filter_map(number).collect();
        Line {
            people: line
                .iter()
                .filter_map(|(_, _, at)| people.get(*at).copied())
                .collect(),
            by_address,
            by_id: numbers,
        }
    }
}

/// At which place each number of a permutation stands.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, number) in (0..).zip(order) {
        *slot(&mut places, *number) = place;
    }
    places
}

/// Where someone stands by address: the address, the household, the head before the others, the
/// older before the younger; what is unknown last, and who is alike in all of it by id.
type Stand = (u32, Uuid, bool, Day, PersonId, u32);

/// The places of some people in the order of their addresses.
fn by_address(book: &Book, people: &[Person<'_>]) -> Vec<u32> {
    let addresses = rank_addresses(book);
    let homes: FxHashMap<HouseholdId, (u32, Option<PersonId>)> = book
        .households()
        .map(|household| {
            let home = household.dwelling().and_then(|id| addresses.get(&id));
            (household.id, (*home.unwrap_or(&LAST), household.head()))
        })
        .collect();
    let stand = |(at, person): (u32, &Person<'_>)| -> Stand {
        let household = person.household();
        let home = household.and_then(|id| homes.get(&id));
        let (address, head) = home.copied().unwrap_or((LAST, None));
        (
            address,
            household.map_or(Uuid::max(), |id| id.0),
            head != Some(person.id),
            person.birth().map_or(Day::MAX, day),
            person.id,
            at,
        )
    };
    let mut stands: Vec<Stand> = (0..).zip(people).map(stand).collect();
    stands.sort_unstable();
    stands.into_iter().map(|stand| stand.5).collect()
}

/// The places of all dwellings in the natural order of their addresses; those that are alike share
/// one.
fn rank_addresses(book: &Book) -> FxHashMap<DwellingId, u32> {
    let all: Vec<(Address, DwellingId)> = book
        .dwellings()
        .map(|dwelling| (dwelling.address(), dwelling.id))
        .collect();
    let parts: [fn(&Address) -> Address; 5] = [
        |one| Address {
            estate: one.estate.clone(),
            ..Address::default()
        },
        |one| Address {
            building: one.building.clone(),
            ..Address::default()
        },
        |one| Address {
            unit: one.unit.clone(),
            ..Address::default()
        },
        |one| Address {
            room: one.room.clone(),
            ..Address::default()
        },
        |one| Address {
            rest: one.rest.clone(),
            ..Address::default()
        },
    ];
    let mut keys = vec![[0; 5]; all.len()];
    for (at, part) in parts.iter().enumerate() {
        let mut ranks: FxHashMap<Address, u32> =
            all.iter().map(|(one, _)| (part(one), 0)).collect();
        let mut distinct: Vec<Address> = ranks.keys().cloned().collect();
        distinct.sort_by(Address::order);
        for (rank, one) in (0..).zip(&distinct) {
            ranks.insert(one.clone(), rank);
        }
        for (key, (one, _)) in keys.iter_mut().zip(&all) {
            key[at] = ranks.get(&part(one)).copied().unwrap_or(LAST);
        }
    }
    let distinct: BTreeSet<[u32; 5]> = keys.iter().copied().collect();
    let ranks: FxHashMap<[u32; 5], u32> = distinct.into_iter().zip(0..).collect();
    let ids = all.iter().map(|(_, id)| *id);
    ids.zip(keys.iter().filter_map(|key| ranks.get(key).copied()))
        .collect()
}

/// The ranks of everything that names are made of, in the order in which it is spelled.
struct Spellings {
    ranks: FxHashMap<Unit, u16>,
}

/// How many units a key holds.
const PACKED: usize = 4;

/// Four units in one number; the whole spelling for those that this does not tell apart; the name.
type NameKey<'a> = (u64, Option<String>, &'a str);

/// The places of some people's names in their order; those of one name share one.
fn rank_names(people: &[Person<'_>]) -> Vec<u32> {
    let mut ranks: FxHashMap<&str, u32> = FxHashMap::default();
    for person in people {
        ranks.insert(person.name(), 0);
    }
    let spellings = Spellings::of(ranks.keys().copied());
    let mut keys: Vec<NameKey<'_>> = ranks.keys().map(|name| spellings.key(name)).collect();
    keys.sort_unstable();
    for (rank, (_, _, name)) in (0..).zip(&keys) {
        ranks.insert(name, rank);
    }
    let rank = |person: &Person<'_>| ranks.get(person.name()).copied().unwrap_or(LAST);
    people.iter().map(rank).collect()
}

impl Spellings {
    /// The spellings of some names.
    fn of<'a>(names: impl Iterator<Item = &'a str>) -> Spellings {
        let mut spelled: FxHashMap<Unit, String> = FxHashMap::default();
        for name in names {
            for unit in units(&fold(name)) {
                spelled.entry(unit).or_insert_with_key(Unit::spelled);
            }
        }
        let distinct: BTreeSet<&String> = spelled.values().collect();
        let ranks: FxHashMap<&String, usize> = distinct.into_iter().zip(1..).collect();
        let rank = |spelling: &String| ranks.get(spelling).copied().unwrap_or_default();
        let ranks = spelled.iter().map(|(unit, spelling)| {
            let rank = u16::try_from(rank(spelling)).unwrap_or(u16::MAX);
            (unit.clone(), rank)
        });
        Spellings {
            ranks: ranks.collect(),
        }
    }

    /// The key of a name.
    fn key<'a>(&self, name: &'a str) -> NameKey<'a> {
        let units = units(&fold(name));
        let ranks = units.iter().map(|unit| self.ranks.get(unit).copied());
        let ranks = ranks.map(Option::unwrap_or_default);
        let packed = (0..PACKED as u32).rev().zip(ranks.clone());
        let packed = packed.fold(0, |key, (place, rank)| {
            key | u64::from(rank) << (place * 16)
        });
        let unclear = units.len() > PACKED || ranks.clone().any(|rank| rank == u16::MAX);
        (packed, unclear.then(|| order_key(name)), name)
    }
}
