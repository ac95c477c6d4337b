//! Keys that put everyone in order at once: small numbers instead of texts, so that sorting a
//! register compares numbers.
//!
//! Invariant: keys compare as what they stand for does.

use crate::index::column::Day;
use crate::index::column::day;
use crate::index::facts::Facts;
use crate::index::literal::fold;
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

/// A person to be put in order.
pub(crate) struct Row<'a> {
    pub(crate) number: u32,
    pub(crate) person: Person<'a>,
    pub(crate) stand: Stand,
    pub(crate) birth: Option<Day>,
}

/// Where someone stands by address: the address, the household, the head before the others, the
/// older before the younger; what is unknown last, and who is alike in all of it by id.
pub(crate) type Stand = (u32, Uuid, bool, Day, u32);

/// Everyone, with the keys that need the whole register.
pub(crate) fn rows<'a>(book: &'a Book, facts: &Facts) -> Vec<Row<'a>> {
    let addresses = rank_addresses(book);
    let homes: FxHashMap<HouseholdId, (u32, Option<PersonId>)> = book
        .households()
        .map(|household| {
            let home = household.dwelling().and_then(|id| addresses.get(&id));
            (household.id, (*home.unwrap_or(&LAST), household.head()))
        })
        .collect();
    let people = book.people().filter_map(|person| {
        let number = facts.people.number(person.id)?;
        let household = person.household();
        let home = household.and_then(|id| homes.get(&id));
        let (address, head) = home.copied().unwrap_or((LAST, None));
        let birth = person.birth().map(day);
        let stand = (
            address,
            household.map_or(Uuid::max(), |id| id.0),
            head != Some(person.id),
            birth.unwrap_or(Day::MAX),
            number,
        );
        Some(Row {
            number,
            person,
            stand,
            birth,
        })
    });
    people.collect()
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
pub(crate) struct Spellings {
    ranks: FxHashMap<Unit, u16>,
}

/// How many units a key holds.
const PACKED: usize = 4;

/// Four units in one number; the whole spelling for those that this does not tell apart; the name.
pub(crate) type NameKey<'a> = (u64, Option<String>, &'a str);

impl Spellings {
    /// The spellings of some people's names.
    pub(crate) fn of(people: &[Row<'_>]) -> Spellings {
        let mut spelled: FxHashMap<Unit, String> = FxHashMap::default();
        for row in people {
            for unit in units(&fold(row.person.name())) {
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
    pub(crate) fn key<'a>(&self, name: &'a str) -> NameKey<'a> {
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
