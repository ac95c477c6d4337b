//! Who in the register may be the one being typed.
//!
//! Invariant: nobody is named twice; the surest reason comes first; nothing is blocked by it.

use crate::app::form::place;
use crate::app::form::reading;
use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::index::Index;
use crate::model::id_number;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::query::Match;
use crate::query::Node;
use crate::query::Query;
use crate::query::Test;

/// How many people of one name are looked at.
const MOST: usize = 50;

/// Someone who may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Twin {
    /// Who.
    pub person: PersonId,
    /// Why.
    pub why: Why,
}

/// Why two may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The same identity number.
    Id,
    /// The same name and birth.
    Birth,
    /// The same name at the same address.
    Address,
    /// The same name and telephone.
    NamePhone,
    /// The same telephone in another household.
    Phone,
}

impl Why {
    /// The key of the words that say it.
    pub fn word(self) -> &'static str {
        match self {
            Why::Id => "form-twin-id",
            Why::Birth => "form-twin-birth",
            Why::Address => "form-twin-address",
            Why::NamePhone => "form-twin-name-phone",
            Why::Phone => "form-twin-phone",
        }
    }
}

/// Those who may be the one on the sheet, the surest first. Those who left the rolls count too.
pub fn twins(index: &Index, sheet: &Sheet) -> Vec<Twin> {
    let mut twins = Vec::new();
    if let Some(number) = id_number::fold(sheet.text(Slot::ID)) {
        for form in forms(&number) {
            let found = ask(index, Test::Number(form));
            twins.extend(found.filter(|one| same_id(*one, &number)).map(|one| Twin {
                person: one.id,
                why: Why::Id,
            }));
        }
    }
    let name = sheet.text(Slot::NAME).trim();
    if !name.is_empty() {
        let found = ask(index, Test::Name(name.to_lowercase()));
        let alike = found.filter(|one| one.name() == name);
        twins.extend(alike.filter_map(|one| by_name(index, sheet, one)));
    }
    let household = place::household(index, sheet);
    if !sheet.is_given(Slot::PHONE) {
        for number in phones(sheet) {
            let found = ask(index, Test::Number(number.clone()));
            let strangers = found
                .filter(|one| one.phones().iter().any(|phone| phone.number == number))
                .filter(|one| household.is_none() || one.household() != household);
            twins.extend(strangers.map(|one| Twin {
                person: one.id,
                why: Why::Phone,
            }));
        }
    }
    twins.sort_by_key(|one| one.why);
    let mut seen = Vec::new();
    twins.retain(|one| {
        let fresh = !seen.contains(&one.person);
        seen.push(one.person);
        fresh
    });
    twins
}

/// Someone with the sheet's identity number.
pub fn same(index: &Index, sheet: &Sheet) -> Option<PersonId> {
    let twin = twins(index, sheet).into_iter().next()?;
    (twin.why == Why::Id).then_some(twin.person)
}

/// How many others bear the sheet's name.
pub fn namesakes(index: &Index, sheet: &Sheet) -> usize {
    let name = sheet.text(Slot::NAME).trim();
    if name.is_empty() {
        return 0;
    }
    let found = ask(index, Test::Name(name.to_lowercase()));
    found.filter(|one| one.name() == name).count()
}

fn by_name(index: &Index, sheet: &Sheet, one: Person<'_>) -> Option<Twin> {
    let birth = match reading::value(sheet, Slot::BIRTH) {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    };
    let born = matches!((birth, one.birth()), (Some(birth), Some(other)) if birth.can_be(other));
    let address = place::address(sheet);
    let here = || {
        let home = index.book().home(one);
        address.room.is_some() && home.is_some_and(|home| home.address().can_be(&address))
    };
    let called = || {
        let numbers = phones(sheet);
        let mut theirs = one.phones().iter();
        theirs.any(|phone| numbers.iter().any(|number| number == phone.number))
    };
    // Two dates that cannot be one day tell father and son apart.
    let differ = birth.is_some() && one.birth().is_some() && !born;
    let why = if born {
        Why::Birth
    } else if !differ && here() {
        Why::Address
    } else if !differ && called() {
        Why::NamePhone
    } else {
        return None;
    };
    Some(Twin {
        person: one.id,
        why,
    })
}

fn phones(sheet: &Sheet) -> Vec<String> {
    match reading::value(sheet, Slot::PHONE) {
        Some(Value::Phones(phones)) => phones.into_iter().map(|phone| phone.number).collect(),
        _ => Vec::new(),
    }
}

/// The ways in which the register may hold a number: with 18 digits or with 15.
fn forms(number: &str) -> Vec<String> {
    let mut forms = vec![number.to_owned()];
    forms.extend(id_number::expand(number));
    let short = number.get(..6).zip(number.get(8..17));
    forms.extend(
        short
            .filter(|_| number.len() == 18)
            .map(|(head, tail)| format!("{head}{tail}")),
    );
    forms
}

fn same_id(one: Person<'_>, number: &str) -> bool {
    let long = |text: &str| id_number::expand(text).unwrap_or_else(|| text.to_owned());
    one.id_no()
        .is_some_and(|theirs| long(theirs) == long(number))
}

/// The people for whom a test holds, whatever became of them.
fn ask(index: &Index, test: Test) -> impl Iterator<Item = Person<'_>> {
    let life = crate::model::field::of(crate::model::ids::Table::Person, person::LIFE);
    let state = |how| life.map(|field| Node::Test(Test::Field(field, how)));
    let whatever = [state(Match::Any), state(Match::None)];
    let root = Node::All(vec![
        Node::Any(whatever.into_iter().flatten().collect()),
        Node::Test(test),
    ]);
    let query = Query { root, order: None };
    let answer = index.ask(&query);
    let rows = index.rows(&query, &answer, 0, MOST);
    rows.into_iter().filter_map(|id| index.book().person(id))
}
