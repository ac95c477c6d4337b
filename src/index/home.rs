//! Households: who shares one, how many of them live there, and who heads it.
//!
//! Invariant: a person is listed in the one household that the record names.

use crate::index::people::Way;
use crate::index::people::pick;
use crate::index::people::slot;
use crate::model::book::Book;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::person;
use crate::model::person::Person;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// The households of the people.
#[derive(Debug, Default)]
pub(crate) struct Homes {
    numbers: HashMap<HouseholdId, usize>,
    houses: Vec<House>,
    /// The household of each person.
    home: Vec<Option<u32>>,
    /// The heads of households.
    pub(crate) heads: RoaringBitmap,
}

#[derive(Debug, Default)]
struct House {
    members: Vec<u32>,
    living: i64,
}

impl Homes {
    /// Puts a person into the household, or takes them out of it.
    pub(crate) fn put(&mut self, way: Way, number: u32, book: &Book, person: Person<'_>) {
        let Some(id) = person.household() else {
            return;
        };
        let count = self.houses.len();
        let house = *self.numbers.entry(id).or_insert(count);
        if house == count {
            self.houses.push(House::default());
        }
        let lives = person.is_present() && person.record.flag(person::LIVES_HERE) != Some(false);
        let step = i64::from(lives);
        let entry = &mut self.houses[house];
        match way {
            Way::In => {
                entry.members.push(number);
                entry.living += step;
                *slot(&mut self.home, number) = Some(house as u32);
            }
            Way::Out => {
                entry.members.retain(|member| *member != number);
                entry.living -= step;
                *slot(&mut self.home, number) = None;
            }
        }
        if book.household(id).and_then(Household::head) == Some(person.id) {
            way.mark(&mut self.heads, number);
        }
    }

    /// How many of the person's household live in the dwelling, if there is a household.
    pub(crate) fn size(&self, number: u32) -> Option<i64> {
        self.house(number).map(|house| house.living)
    }

    /// These people and everyone who shares a household with one of them.
    pub(crate) fn mates(&self, people: &RoaringBitmap) -> RoaringBitmap {
        let mut all = people.clone();
        for number in people {
            if let Some(house) = self.house(number) {
                all.extend(&house.members);
            }
        }
        all
    }

    /// Those of `within` who are in `people` or share a household with one of them.
    pub(crate) fn touching(&self, people: &RoaringBitmap, within: &RoaringBitmap) -> RoaringBitmap {
        let home = |number: u32| self.home.get(number as usize).copied().flatten();
        let mut marked = vec![false; self.houses.len()];
        for house in people.iter().filter_map(home) {
            marked[house as usize] = true;
        }
        let count = within.max().map_or(0, |last| last as usize + 1);
        pick(within, count, |number| match home(number) {
            Some(house) => marked[house as usize],
            None => people.contains(number),
        })
    }

    fn house(&self, number: u32) -> Option<&House> {
        let house = (*self.home.get(number as usize)?)?;
        self.houses.get(house as usize)
    }
}
