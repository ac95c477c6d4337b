//! Households: who shares one, how many of them live there, and who heads it.
//!
//! Invariant: a person is listed in the one household that the record names.

use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::person;
use crate::model::person::Person;
use rustc_hash::FxHashMap;

/// The households of the people.
#[derive(Debug, Default)]
pub(crate) struct Homes {
    numbers: FxHashMap<HouseholdId, u32>,
    houses: Vec<House>,
    /// The number of each person's household; 0 is none.
    home: Vec<u32>,
    /// The heads of households.
    pub(crate) heads: Set,
}

#[derive(Debug, Default)]
struct House {
    members: Vec<u32>,
    living: u32,
}

impl Homes {
    /// Puts a person into the household, and returns its number, from 1 on.
    pub(crate) fn enter(&mut self, number: u32, book: &Book, person: Person<'_>) -> Option<u32> {
        let id = person.household()?;
        let next = self.houses.len() as u32 + 1;
        let home = *self.numbers.entry(id).or_insert(next);
        if home == next {
            self.houses.push(House::default());
        }
        let house = &mut self.houses[home as usize - 1];
        house.members.push(number);
        house.living += u32::from(lives(person));
        *slot(&mut self.home, number) = home;
        if book.household(id).and_then(Household::head) == Some(person.id) {
            self.heads.insert(number);
        }
        Some(home)
    }

    /// Takes a person out of the household.
    pub(crate) fn leave(&mut self, number: u32, person: Person<'_>) {
        let home = self.home.get_mut(number as usize).map_or(0, std::mem::take);
        if let Some(house) = self.houses.get_mut((home as usize).wrapping_sub(1)) {
            house.members.retain(|member| *member != number);
            house.living -= u32::from(lives(person));
        }
        self.heads.remove(number);
    }

    /// How many of the person's household live in the dwelling, if there is a household.
    pub(crate) fn size(&self, number: u32) -> Option<i64> {
        let home = *self.home.get(number as usize)?;
        self.house(home).map(|house| i64::from(house.living))
    }

    /// These people and everyone who shares a household with one of them.
    pub(crate) fn mates(&self, people: &Set) -> Set {
        let mut all: Vec<u32> = people.iter().collect();
        for number in people.iter() {
            all.extend(self.members(number));
        }
        all.into_iter().collect()
    }

    /// Those of `within` who are in `people` or share a household with one of them.
    pub(crate) fn touching(&self, people: &Set, within: &Set) -> Set {
        if let Set::Few(_) = within {
            return within.filter(|number| {
                let mut mates = self.members(number).iter();
                people.contains(number) || mates.any(|mate| people.contains(*mate))
            });
        }
        let mut marked = vec![false; self.houses.len() + 1];
        for number in people.iter() {
            marked[self.home.get(number as usize).copied().unwrap_or(0) as usize] = true;
        }
        marked[0] = false;
        let mut found = within.sift(&self.home, |home| marked[*home as usize]);
        found |= &(people & within);
        found
    }

    fn members(&self, number: u32) -> &[u32] {
        let home = self.home.get(number as usize).copied().unwrap_or(0);
        self.house(home).map_or(&[], |house| &house.members)
    }

    fn house(&self, home: u32) -> Option<&House> {
        self.houses.get((home as usize).checked_sub(1)?)
    }
}

fn lives(person: Person<'_>) -> bool {
    person.is_present() && person.record.flag(person::LIVES_HERE) != Some(false)
}
