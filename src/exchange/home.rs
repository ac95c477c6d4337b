//! Households and dwellings for those who arrive.
//!
//! Invariant: a dwelling is made once per address and a household once per number, or per head at
//! an address; the members of a family follow its head.

use crate::exchange::entry::Entry;
use crate::exchange::heading::normal;
use crate::exchange::serial::Border;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::draft::Draft;
use crate::model::household;
pub use crate::model::household::parts;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Value;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use uuid::Uuid;

/// Building, unit and room, or the text that could not be parsed: what an address is found by.
type Door = [Option<String>; 4];

/// Every household and dwelling, in the book or from earlier rows.
#[derive(Default)]
pub struct Homes {
    /// With the estate of each, as it is compared: hundreds of estates have the same door.
    doors: HashMap<Door, Vec<(Option<String>, DwellingId)>>,
    occupants: FxHashMap<DwellingId, Vec<HouseholdId>>,
    /// One 户号 may stand for several: members of a hukou who live apart.
    numbers: HashMap<String, Vec<HouseholdId>>,
    /// Heads who are named but have not been met yet.
    awaited: FxHashMap<HouseholdId, String>,
    /// Households of this file that nothing but their head's name tells apart.
    by_head: HashMap<String, HouseholdId>,
    /// The household of the row before.
    last: Option<HouseholdId>,
    /// How many households were made of which nothing but the rows' numbers told.
    pub by_serial: usize,
}

impl Homes {
    /// Every household and dwelling in the book.
    pub fn new(book: &Book) -> Homes {
        let mut homes = Homes::default();
        for dwelling in book.dwellings() {
            let address = dwelling.address();
            let all = homes.doors.entry(door(&address)).or_default();
            all.push((estate(&address), dwelling.id));
        }
        for one in book.households() {
            if let Some(number) = one.number() {
                homes
                    .numbers
                    .entry(number.to_owned())
                    .or_default()
                    .push(one.id);
            }
            if let Some(dwelling) = one.dwelling() {
                homes.occupants.entry(dwelling).or_default().push(one.id);
            }
        }
        // The order of a book's households is no order; ids are.
        for all in homes.doors.values_mut() {
            all.sort_unstable_by_key(|(_, id)| *id);
        }
        let lists = homes.occupants.values_mut();
        lists
            .chain(homes.numbers.values_mut())
            .for_each(|all| all.sort_unstable());
        homes
    }

    /// Notes a household that came with its own id.
    pub fn know(&mut self, draft: &Draft<'_>, household: HouseholdId) {
        if let Some(dwelling) = dwelling_of(draft, household.0) {
            let all = self.occupants.entry(dwelling).or_default();
            if !all.contains(&household) {
                all.push(household);
            }
            self.know_door(draft, dwelling);
        }
    }

    /// Notes a dwelling that came with its own id.
    pub fn know_door(&mut self, draft: &Draft<'_>, dwelling: DwellingId) {
        let address = address_of(draft, dwelling);
        let doors = self.doors.entry(door(&address)).or_default();
        if doors.iter().all(|(_, known)| *known != dwelling) {
            doors.push((estate(&address), dwelling));
        }
    }

    /// The row is about someone who has a household already; the next one may belong to it.
    pub fn pass(&mut self, household: Option<HouseholdId>) {
        self.last = household;
    }

    /// Gives a person the household that the entry tells of, if it tells of any.
    pub fn place(
        &mut self,
        draft: &mut Draft<'_>,
        person: PersonId,
        entry: &Entry,
        mint: &mut Mint,
    ) -> Option<HouseholdId> {
        let household = self.household(draft, entry, mint)?;
        let link = Value::Link(household.0);
        draft.set(person.subject(), person::HOUSEHOLD, Some(link));
        self.last = Some(household);
        Some(household)
    }

    /// Settles who is the head, once a member is there. Returns whether it did.
    pub fn crown(
        &mut self,
        draft: &mut Draft<'_>,
        household: HouseholdId,
        person: PersonId,
        entry: &Entry,
    ) -> bool {
        if draft.get(household.subject(), household::HEAD).is_some() {
            return false;
        }
        let is_awaited = self
            .awaited
            .get(&household)
            .is_some_and(|name| *name == normal(entry.name()));
        if entry.is_head() || is_awaited {
            let link = Value::Link(person.0);
            draft.set(household.subject(), household::HEAD, Some(link));
            self.awaited.remove(&household);
            return true;
        }
        if let Some(head) = &entry.head {
            self.awaited.insert(household, normal(head));
        }
        false
    }

    fn household(
        &mut self,
        draft: &mut Draft<'_>,
        entry: &Entry,
        mint: &mut Mint,
    ) -> Option<HouseholdId> {
        let number = match entry.get(Table::Household, household::NUMBER) {
            Some(Value::Text(number)) => Some(number.clone()),
            _ => None,
        };
        if let Some(known) = number
            .as_ref()
            .and_then(|number| self.numbered(draft, number, &entry.address))
        {
            return Some(known);
        }
        let dwelling =
            (!entry.address.is_empty()).then(|| self.dwelling(draft, &entry.address, mint));
        let head = head_name(entry);
        if number.is_none() {
            let known = match (dwelling, &head) {
                (Some(dwelling), head) => self.at_home(draft, dwelling, head.as_deref(), entry),
                (None, Some(head)) => self.by_head.get(head).copied(),
                (None, None) => match (entry.border, entry.get(Table::Person, person::RELATION)) {
                    (Some(Border::Begins), _) => None,
                    (Some(Border::GoesOn), _) | (None, Some(_)) => self.last,
                    (None, None) => return None,
                },
            };
            if known.is_some() {
                return known;
            }
            let is_told = head.is_some() || is_door(&entry.address);
            let begins = entry.border == Some(Border::Begins);
            self.by_serial += usize::from(begins && !is_told);
        }
        Some(self.found(draft, entry, number, dwelling, head, mint))
    }

    /// The household with this 户号 that lives at the address, as far as both are known.
    fn numbered(&self, draft: &Draft<'_>, number: &str, address: &Address) -> Option<HouseholdId> {
        let fits = |one: &&HouseholdId| {
            address.is_empty()
                || dwelling_of(draft, one.0)
                    .is_none_or(|home| same_place(&address_of(draft, home), address))
        };
        self.numbers.get(number)?.iter().find(fits).copied()
    }

    /// The household at a dwelling that has this head, or may have.
    fn at_home(
        &self,
        draft: &Draft<'_>,
        dwelling: DwellingId,
        head: Option<&str>,
        entry: &Entry,
    ) -> Option<HouseholdId> {
        let all = self.occupants.get(&dwelling).map_or(&[][..], Vec::as_slice);
        // Many families share an address that ends at the building.
        let is_door = is_door(&entry.address);
        let Some(head) = head else {
            let is_member = match entry.border {
                Some(Border::Begins) => is_door,
                Some(Border::GoesOn) => true,
                None => is_door || entry.get(Table::Person, person::RELATION).is_some(),
            };
            let last = self.last.filter(|last| is_member && all.contains(last));
            return last.or_else(|| all.first().copied().filter(|_| is_door));
        };
        let headed = |one: &&HouseholdId| self.head_of(draft, **one).as_deref() == Some(head);
        let open = |one: &&HouseholdId| self.head_of(draft, **one).is_none();
        let meant = all
            .iter()
            .find(headed)
            .or_else(|| all.iter().filter(|_| is_door).find(open));
        meant.copied()
    }

    /// The head's name as it is compared, also of one who is only named so far.
    pub fn head_of(&self, draft: &Draft<'_>, household: HouseholdId) -> Option<String> {
        let Some(Value::Link(head)) = draft.get(household.subject(), household::HEAD) else {
            return self.awaited.get(&household).cloned();
        };
        let name = draft.get(PersonId(head).subject(), person::NAME)?;
        Some(normal(&name.plain()))
    }

    /// Makes a household.
    fn found(
        &mut self,
        draft: &mut Draft<'_>,
        entry: &Entry,
        number: Option<String>,
        dwelling: Option<DwellingId>,
        head: Option<String>,
        mint: &mut Mint,
    ) -> HouseholdId {
        let id = mint.household();
        let kind = entry.get(Table::Household, household::KIND).cloned();
        let family = || Value::Code("1".to_owned());
        let kind = kind.unwrap_or_else(family);
        draft.set(id.subject(), household::KIND, Some(kind));
        match dwelling {
            Some(dwelling) => {
                let link = Value::Link(dwelling.0);
                draft.set(id.subject(), household::DWELLING, Some(link));
                self.occupants.entry(dwelling).or_default().push(id);
            }
            None => {
                if let Some(head) = head {
                    self.by_head.insert(head, id);
                }
            }
        }
        if let Some(number) = number {
            draft.set(
                id.subject(),
                household::NUMBER,
                Some(Value::Text(number.clone())),
            );
            self.numbers.entry(number).or_default().push(id);
        }
        id
    }

    /// The dwelling at an address, made if need be.
    pub fn dwelling(
        &mut self,
        draft: &mut Draft<'_>,
        address: &Address,
        mint: &mut Mint,
    ) -> DwellingId {
        let all = self.doors.entry(door(address)).or_default();
        let own = estate(address);
        let same = all.iter().position(|(estate, _)| *estate == own);
        let near = || {
            all.iter()
                .position(|(estate, _)| estate.is_none() || own.is_none())
        };
        if let Some(at) = same.or_else(near) {
            let (estate, known) = &mut all[at];
            if estate.is_none() && own.is_some() {
                let told = address.estate.clone().map(Value::Text);
                draft.set(known.subject(), household::ESTATE, told);
                *estate = own;
            }
            return *known;
        }
        let id = mint.dwelling();
        all.push((own, id));
        for (field, part) in parts(address) {
            if let Some(part) = part {
                draft.set(id.subject(), field, Some(Value::Text(part)));
            }
        }
        id
    }
}

/// The head's name as it is compared; a head's own row names itself.
fn head_name(entry: &Entry) -> Option<String> {
    let own = || entry.is_head().then(|| entry.name());
    entry.head.as_deref().or_else(own).map(normal)
}

/// Whether an address tells one household's door.
fn is_door(address: &Address) -> bool {
    address.room.is_some() || address.rest.is_some()
}

fn door(address: &Address) -> Door {
    let is_parsed = address.building.is_some() || address.room.is_some();
    let rest = address.rest.as_deref().filter(|_| !is_parsed);
    [
        address.building.clone(),
        address.unit.clone(),
        address.room.clone(),
        rest.map(normal),
    ]
}

/// An estate as it is compared.
fn estate(address: &Address) -> Option<String> {
    address.estate.as_deref().map(normal)
}

/// Whether two addresses can be one place: the same door, and no other estate.
pub fn same_place(one: &Address, other: &Address) -> bool {
    let estates_agree = match (&one.estate, &other.estate) {
        (Some(one), Some(other)) => normal(one) == normal(other),
        _ => true,
    };
    door(one) == door(other) && estates_agree
}

/// The dwelling of a household as the draft has it.
pub fn dwelling_of(draft: &Draft<'_>, household: Uuid) -> Option<DwellingId> {
    match draft.get(HouseholdId(household).subject(), household::DWELLING) {
        Some(Value::Link(dwelling)) => Some(DwellingId(dwelling)),
        _ => None,
    }
}

/// The address of a dwelling as the draft has it.
pub fn address_of(draft: &Draft<'_>, dwelling: DwellingId) -> Address {
    let part = |field| {
        let text = draft.text(dwelling.subject(), field);
        text.map(str::to_owned)
    };
    Address {
        estate: part(household::ESTATE),
        building: part(household::BUILDING),
        unit: part(household::UNIT),
        room: part(household::ROOM),
        rest: part(household::ADDRESS_TEXT),
    }
}
