//! Dense numbers for people, and who is on the rolls.
//!
//! Invariant: a number names one person at a time; it is used again only after that person is gone.

use crate::index::set::Set;
use crate::model::flat;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use std::hash::BuildHasher;
use uuid::Uuid;

/// Whether someone is put into a set or taken out of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// In.
    In,
    /// Out.
    Out,
}

impl Way {
    /// Puts a number into a set or takes it out.
    pub(crate) fn mark(self, set: &mut Set, number: u32) {
        match self {
            Way::In => set.insert(number),
            Way::Out => set.remove(number),
        }
    }
}

/// The numbers of the people.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Row")]
pub(crate) struct People {
    /// The id of each number, [`Uuid::nil`] where a number is nobody's.
    ids: Vec<Uuid>,
    /// Where each id is found.
    numbers: HashTable<u32>,
    free: Vec<u32>,
    /// Everyone.
    pub(crate) all: Set,
    /// Those on the rolls.
    pub(crate) present: Set,
}

/// The people as they are laid by: a number of nobody's has no id.
#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(with = "flat")]
    ids: Vec<[u8; 16]>,
    #[serde(with = "flat")]
    free: Vec<u32>,
    all: Set,
    present: Set,
}

impl From<Row> for People {
    fn from(row: Row) -> People {
        let ids: Vec<Uuid> = row.ids.into_iter().map(Uuid::from_bytes).collect();
        People {
            numbers: numbered(&ids),
            ids,
            free: row.free,
            all: row.all,
            present: row.present,
        }
    }
}

impl Serialize for People {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let row = Row {
            ids: self.ids.iter().map(|id| id.into_bytes()).collect(),
            free: self.free.clone(),
            all: self.all.clone(),
            present: self.present.clone(),
        };
        row.serialize(to)
    }
}

impl People {
    /// Numbers people in this order.
    pub(crate) fn of(people: &[Person<'_>]) -> People {
        let ids: Vec<Uuid> = people.iter().map(|one| one.id.0).collect();
        let numbers = (0..).zip(people);
        People {
            numbers: numbered(&ids),
            ids,
            free: Vec::new(),
            all: Set::everyone(people.len()),
            present: numbers
                .filter(|(_, one)| one.is_present())
                .map(|(number, _)| number)
                .collect(),
        }
    }

    /// The person's number, if there is such a person.
    pub(crate) fn number(&self, id: PersonId) -> Option<u32> {
        let bears = |number: &u32| self.ids.get(*number as usize) == Some(&id.0);
        self.numbers.find(hash(id.0), bears).copied()
    }

    /// Some people by their numbers, rising, each once.
    pub(crate) fn line_up(&self, ids: impl Iterator<Item = PersonId>) -> Vec<(u32, PersonId)> {
        let mut line: Vec<_> = ids.filter_map(|id| Some((self.number(id)?, id))).collect();
        line.sort_unstable();
        line.dedup();
        line
    }

    /// The person with a number.
    pub(crate) fn id(&self, number: u32) -> Option<PersonId> {
        let id = self.ids.get(number as usize)?;
        (!id.is_nil()).then_some(PersonId(*id))
    }

    /// Gives a newcomer a number; someone who has one keeps it.
    pub(crate) fn admit(&mut self, id: PersonId) -> u32 {
        if let Some(number) = self.number(id) {
            return number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.ids.push(Uuid::nil());
            self.ids.len() as u32 - 1
        });
        if let Some(slot) = self.ids.get_mut(number as usize) {
            *slot = id.0;
        }
        let again = rehash(&self.ids);
        self.numbers.insert_unique(hash(id.0), number, again);
        self.all.insert(number);
        number
    }

    /// Takes the number of someone whose record is gone.
    pub(crate) fn dismiss(&mut self, id: PersonId) {
        let bears = |number: &u32| self.ids.get(*number as usize) == Some(&id.0);
        let Ok(found) = self.numbers.find_entry(hash(id.0), bears) else {
            return;
        };
        let (number, _) = found.remove();
        if let Some(slot) = self.ids.get_mut(number as usize) {
            *slot = Uuid::nil();
        }
        self.all.remove(number);
        self.free.push(number);
    }
}

/// Where ids are found: the ids themselves stand once, in their row.
fn numbered(ids: &[Uuid]) -> HashTable<u32> {
    let mut numbers = HashTable::with_capacity(ids.len());
    for (number, id) in (0..).zip(ids) {
        if !id.is_nil() {
            numbers.insert_unique(hash(*id), number, rehash(ids));
        }
    }
    numbers
}

fn hash(id: Uuid) -> u64 {
    FxBuildHasher.hash_one(id)
}

fn rehash(ids: &[Uuid]) -> impl Fn(&u32) -> u64 {
    |number| ids.get(*number as usize).copied().map_or(0, hash)
}

/// A slot of a column, which grows as far as is needed.
pub(crate) fn slot<T: Clone + Default>(column: &mut Vec<T>, number: u32) -> &mut T {
    let at = number as usize;
    if column.len() <= at {
        column.resize(at + 1, T::default());
    }
    &mut column[at]
}
