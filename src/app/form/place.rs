//! Where a newcomer goes: the household at the address as typed, and how an address can go on.
//!
//! Invariant: the household that is shown is the one that saving joins.

use crate::app::form::sheet::Home;
use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::index::Index;
use crate::model::address::Address;
use crate::model::household::Household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::query::Node;
use crate::query::Order;
use crate::query::Place;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Test;

/// How many people at an address are looked at.
const MOST: usize = 40;

/// The household that saving joins; none when it founds one, or when there is no address.
pub fn household(index: &Index, sheet: &Sheet) -> Option<HouseholdId> {
    match sheet.home() {
        Home::Known(id) if index.book().household(id).is_some() => Some(id),
        Home::Known(_) | Home::Open => households(index, &address(sheet)).first().copied(),
        Home::New => None,
    }
}

/// The address as typed.
pub fn address(sheet: &Sheet) -> Address {
    Address::parse(sheet.text(Slot::ADDRESS))
}

/// The households that live at an address now. One that ends at the building is no door, and one
/// that several estates have is not known until it names its estate.
pub fn households(index: &Index, address: &Address) -> Vec<HouseholdId> {
    match doors(index, address).as_slice() {
        [(_, households)] => households.clone(),
        _ => Vec::new(),
    }
}

/// Whether several estates have such a door.
pub fn is_vague(index: &Index, address: &Address) -> bool {
    doors(index, address).len() > 1
}

/// The inhabited doors that an address can mean, each with its households.
fn doors(index: &Index, address: &Address) -> Vec<(Address, Vec<HouseholdId>)> {
    let mut doors: Vec<(Address, Vec<HouseholdId>)> = Vec::new();
    let people = address.room.is_some().then(|| people(index, address));
    for person in people.unwrap_or_default() {
        let one = index.book().person(person);
        let home = one.and_then(|one| Some((index.book().home(one)?.address(), one.household()?)));
        let Some((here, household)) = home.filter(|(here, _)| here.can_be(address)) else {
            continue;
        };
        match doors.iter_mut().find(|(door, _)| *door == here) {
            Some((_, all)) if all.contains(&household) => {}
            Some((_, all)) => all.push(household),
            None => doors.push((here, vec![household])),
        }
    }
    doors
}

/// The head's name, or the first member's.
pub fn name_of(index: &Index, id: HouseholdId) -> String {
    let book = index.book();
    let head = book.household(id).and_then(Household::head);
    let first = || present(index, id).first().copied();
    let person = head.or_else(first).and_then(|id| book.person(id));
    person.map_or(String::new(), |one| one.name().to_owned())
}

/// The members who are on the rolls.
pub fn present(index: &Index, id: HouseholdId) -> Vec<PersonId> {
    let book = index.book();
    let here = |id: &&PersonId| book.person(**id).is_some_and(Person::is_present);
    book.members(id).iter().filter(here).copied().collect()
}

/// Addresses of the register that begin like the one being typed.
pub fn completions(index: &Index, text: &str) -> Vec<String> {
    let address = Address::parse(text);
    let mut found: Vec<String> = Vec::new();
    for guess in guesses(&address) {
        for person in people(index, &guess) {
            let home = index
                .book()
                .person(person)
                .and_then(|one| index.book().home(one));
            let shown = home.map_or(String::new(), |home| home.address().to_string());
            if !shown.is_empty() && shown != text && !found.contains(&shown) {
                found.push(shown);
            }
        }
    }
    found
}

/// What an address that is still being typed may become: 3-2 is a room 2 or a unit 2.
fn guesses(address: &Address) -> Vec<Address> {
    let mut all = Vec::new();
    if address.rest.is_none() && !address.is_empty() {
        all.push(address.clone());
    }
    if let (Some(_), None, Some(room)) = (&address.building, &address.unit, &address.room)
        && room.len() <= 2
    {
        all.push(Address {
            unit: Some(room.clone()),
            room: None,
            ..address.clone()
        });
    }
    if let (true, Some(rest)) = (address.estate.is_none(), &address.rest) {
        all.push(Address {
            estate: Some(rest.clone()),
            ..Address::default()
        });
    }
    all
}

/// Some of the people whose address begins so, in the order of addresses.
fn people(index: &Index, address: &Address) -> Vec<PersonId> {
    let place = Place {
        estate: address.estate.clone(),
        building: address.building.clone(),
        unit: address.unit.clone(),
        room: address.room.clone(),
    };
    let query = Query {
        root: Node::Test(Test::Place(place)),
        order: Some(Order {
            by: SortKey::Address,
            descending: false,
        }),
    };
    let answer = index.ask(&query);
    index.rows(&query, &answer, 0, MOST)
}
