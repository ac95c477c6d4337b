//! Households: who shares one, how many of them live there, and who heads it.
//!
//! Invariant: a person is listed in the one household that the record names.

use crate::index::cells::Cells;
use crate::index::key::Line;
use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::flat;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::person::Person;
use crate::query::Bounds;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;

/// The households of the people.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Homes {
    numbers: FxHashMap<HouseholdId, u32>,
    houses: Vec<House>,
    /// The number of each person's household; 0 is none.
    #[serde(with = "flat")]
    home: Vec<u32>,
    /// How many live in each person's household, and one more; 0 is nobody's.
    sizes: Cells,
    /// The heads of households.
    pub(crate) heads: Set,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct House {
    members: Vec<u32>,
    living: u32,
}

impl Homes {
    /// The households of everyone. They are gone through in the order of their making, in which
    /// records of one household stand side by side in memory.
    pub(crate) fn build(book: &Book, line: &Line<'_>) -> Homes {
        let mut homes = Homes::default();
        let mut heads = Vec::new();
        for number in line.by_id.iter().copied() {
            let person = line.people.get(number as usize);
            let Some((person, id)) = person.and_then(|one| Some((one, one.household()?))) else {
                continue;
            };
            let home = homes.put(number, id, *person);
            if home as usize > heads.len() {
                heads.push(head(book, id));
            }
            if heads.get(home as usize - 1) == Some(&Some(person.id)) {
                homes.heads.insert(number);
            }
        }
        for home in 1..=homes.houses.len() as u32 {
            homes.recount(home);
        }
        homes.heads.settle();
        homes
    }

    /// Puts a person into the household, if there is one.
    pub(crate) fn enter(&mut self, number: u32, book: &Book, person: Person<'_>) -> bool {
        let Some(id) = person.household() else {
            return false;
        };
        let home = self.put(number, id, person);
        self.recount(home);
        if head(book, id) == Some(person.id) {
            self.heads.insert(number);
        }
        true
    }

    /// Puts a person into a household, and returns its number, from 1 on. It is not counted yet.
    fn put(&mut self, number: u32, id: HouseholdId, person: Person<'_>) -> u32 {
        let next = self.houses.len() as u32 + 1;
        let home = *self.numbers.entry(id).or_insert(next);
        if home == next {
            self.houses.push(House::default());
        }
        let house = &mut self.houses[home as usize - 1];
        house.members.push(number);
        house.living += u32::from(lives(person));
        *slot(&mut self.home, number) = home;
        home
    }

    /// Takes a person out of the household.
    pub(crate) fn leave(&mut self, number: u32, person: Person<'_>) {
        let home = self.home.get_mut(number as usize).map_or(0, std::mem::take);
        if let Some(house) = self.houses.get_mut((home as usize).wrapping_sub(1)) {
            house.members.retain(|member| *member != number);
            house.living -= u32::from(lives(person));
            self.sizes.clear(number);
            self.recount(home);
        }
        self.heads.remove(number);
    }

    /// Those of `within` in whose household so many live.
    pub(crate) fn sized(&self, bounds: Bounds<i64>, within: &Set) -> Set {
        let cell = |size: i64| u32::try_from(size.saturating_add(1).max(0)).unwrap_or(u32::MAX);
        let (low, high) = (
            bounds.low.map_or(1, cell),
            bounds.high.map_or(u32::MAX, cell),
        );
        self.sizes.between(low, high, within)
    }

    /// The members of each household.
    pub(crate) fn houses(&self) -> impl Iterator<Item = &[u32]> {
        self.houses.iter().map(|house| house.members.as_slice())
    }

    /// Writes down for each member how many live there.
    fn recount(&mut self, home: u32) {
        if let Some(house) = self.houses.get(home as usize - 1) {
            for member in &house.members {
                self.sizes.put(*member, house.living + 1);
            }
        }
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

/// Who heads a household.
fn head(book: &Book, id: HouseholdId) -> Option<PersonId> {
    book.household(id).and_then(Household::head)
}

fn lives(person: Person<'_>) -> bool {
    person.is_present() && person.record.flag(person::LIVES_HERE) != Some(false)
}
