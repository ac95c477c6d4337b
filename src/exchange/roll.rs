//! Who is on the rolls already: the ways to find a row's person.
//!
//! Invariant: an identity number decides; without one, nobody is taken for another on a name
//! alone while the row says anything that could tell them apart.

use crate::exchange::entry::Entry;
use crate::exchange::heading::normal;
use crate::exchange::home;
use crate::exchange::merge::agree;
use crate::exchange::merge::id_key;
use crate::exchange::verdict::Why;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Phone;
use crate::model::value::Value;
use std::collections::HashMap;

/// Whom a row is about.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nobody known.
    Nobody,
    /// This one.
    One(PersonId),
    /// It is to be asked which of these.
    Doubt(Why, Vec<PersonId>),
}

/// Everyone known, in the book or from earlier rows.
#[derive(Default)]
pub struct Roll {
    by_id: HashMap<String, PersonId>,
    by_name: HashMap<String, Vec<PersonId>>,
}

/// One person as the draft has them.
struct Known<'a> {
    draft: &'a Draft<'a>,
    id: PersonId,
}

impl Roll {
    /// Everyone in the book.
    pub fn new(book: &Book) -> Roll {
        let mut roll = Roll::default();
        for person in book.people() {
            roll.add(person.id, person.name(), person.id_no());
            if let Some(former) = person.record.text(person::FORMER_NAME) {
                roll.add(person.id, former, None);
            }
        }
        roll
    }

    /// Adds someone, or a number that has become known.
    pub fn add(&mut self, id: PersonId, name: &str, id_no: Option<&str>) {
        if let Some(number) = id_no {
            self.by_id.insert(id_key(number), id);
        }
        let namesakes = self.by_name.entry(normal(name)).or_default();
        if !namesakes.contains(&id) {
            namesakes.push(id);
        }
    }

    /// Whose number it is.
    pub fn owner(&self, number: &str) -> Option<PersonId> {
        self.by_id.get(&id_key(number)).copied()
    }

    /// Whether someone is known by a name.
    pub fn is_called(&self, id: PersonId, name: &str) -> bool {
        let namesakes = self.by_name.get(&normal(name));
        namesakes.is_some_and(|all| all.contains(&id))
    }

    /// Whom an entry is about.
    pub fn find(&self, entry: &Entry, draft: &Draft<'_>) -> Found {
        let number = entry.text(person::ID_NO).map(id_key);
        let namesakes = self
            .by_name
            .get(&normal(entry.name()))
            .map_or(&[][..], Vec::as_slice);
        if let Some(id) = number.as_ref().and_then(|number| self.by_id.get(number)) {
            let known = Known { draft, id: *id };
            return if namesakes.contains(id) || normal(known.name()) == normal(entry.name()) {
                Found::One(*id)
            } else {
                Found::Doubt(Why::OtherName, vec![*id])
            };
        }
        let possible: Vec<Known<'_>> = namesakes
            .iter()
            .map(|id| Known { draft, id: *id })
            .filter(|known| known.can_be(entry, number.as_deref()))
            .collect();
        let says_more = number.is_some()
            || entry.birth().is_some()
            || entry.get(Table::Person, person::PHONES).is_some()
            || !entry.address.is_empty();
        let ways: [fn(&Known<'_>, &Entry) -> bool; 5] = [
            |known, entry| known.fits_hint(entry),
            |known, entry| known.is_born_with(entry),
            |known, entry| known.shares_a_phone(entry),
            |known, entry| known.lives_with(entry),
            |_, _| true,
        ];
        let count = if says_more {
            ways.len() - 1
        } else {
            ways.len()
        };
        for way in &ways[..count] {
            let meant = possible.iter().filter(|known| way(known, entry));
            let meant: Vec<PersonId> = meant.map(|known| known.id).collect();
            match *meant {
                [] => {}
                [one] => return Found::One(one),
                _ => return Found::Doubt(Why::Several, meant),
            }
        }
        Found::Nobody
    }
}

impl Known<'_> {
    fn get(&self, field: FieldNo) -> Option<&Value> {
        self.draft.get(self.id.subject(), field)
    }

    fn text(&self, field: FieldNo) -> Option<&str> {
        self.get(field)?.text()
    }

    fn name(&self) -> &str {
        self.text(person::NAME).unwrap_or_default()
    }

    fn birth(&self) -> Option<Date> {
        match self.get(person::BIRTH) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    fn phones(&self) -> &[Phone] {
        match self.get(person::PHONES) {
            Some(Value::Phones(phones)) => phones,
            _ => &[],
        }
    }

    /// Whether nothing that is known of this namesake speaks against the entry.
    fn can_be(&self, entry: &Entry, number: Option<&str>) -> bool {
        let fits = |ours: Option<&str>, theirs: Option<&str>| match (ours, theirs) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        };
        let id = self.text(person::ID_NO).map(id_key);
        let birth_fits = match (self.birth(), entry.birth()) {
            (Some(ours), Some(theirs)) => agree(ours, theirs),
            _ => true,
        };
        let age_fits = match (self.birth(), entry.age) {
            (Some(ours), Some(theirs)) => ours.year().abs_diff(theirs.year()) <= 1,
            _ => true,
        };
        fits(id.as_deref(), number)
            && fits(self.text(person::SEX), entry.text(person::SEX))
            && birth_fits
            && age_fits
            && (id.is_none() || entry.hint.is_none() || self.fits_hint(entry))
    }

    /// Whether the visible part of a damaged number is in this one's.
    fn fits_hint(&self, entry: &Entry) -> bool {
        let (Some(hint), Some(id)) = (&entry.hint, self.text(person::ID_NO)) else {
            return false;
        };
        let id = id_key(id);
        hint.chars().count() == id.chars().count()
            && hint
                .chars()
                .zip(id.chars())
                .all(|(hint, c)| hint == '*' || hint == c)
    }

    /// Whether both were born on one day, known to the month at least, or equally well.
    fn is_born_with(&self, entry: &Entry) -> bool {
        let (Some(ours), Some(theirs)) = (self.birth(), entry.birth()) else {
            return false;
        };
        let exact = ours.precision().min(theirs.precision()) >= Precision::Month;
        ours == theirs || (exact && agree(ours, theirs))
    }

    fn shares_a_phone(&self, entry: &Entry) -> bool {
        let Some(Value::Phones(theirs)) = entry.get(Table::Person, person::PHONES) else {
            return false;
        };
        let ours = self.phones();
        theirs
            .iter()
            .any(|phone| ours.iter().any(|known| known.number == phone.number))
    }

    fn lives_with(&self, entry: &Entry) -> bool {
        let Some(Value::Link(household)) = self.get(person::HOUSEHOLD) else {
            return false;
        };
        home::dwelling_of(self.draft, *household).is_some_and(|dwelling| {
            let ours = home::address_of(self.draft, dwelling);
            !entry.address.is_empty() && home::same_place(&ours, &entry.address)
        })
    }
}
