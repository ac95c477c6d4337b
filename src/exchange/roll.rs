//! Who is on the rolls already: the ways to find a row's person.
//!
//! Invariant: an identity number decides; without one, nobody is taken for another on a name alone.
//! Where nothing tells two namesakes apart, that is a doubt, and it is asked.

use crate::exchange::entry::Entry;
use crate::exchange::heading::normal;
use crate::exchange::home;
use crate::exchange::merge::agree;
use crate::exchange::merge::id_key;
use crate::exchange::verdict::Bond;
use crate::exchange::verdict::Why;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::id_number;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::person::Person;
use crate::model::value::Phone;
use crate::model::value::Value;
use std::collections::HashMap;

/// The most people whom a doubt names.
const MOST_CANDIDATES: usize = 9;

/// Whom a row is about.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nobody known.
    Nobody,
    /// This one, known by this.
    One(PersonId, Bond),
    /// It is to be asked which of these.
    Doubt(Why, Vec<PersonId>),
}

impl Found {
    /// The same, where only some people can be meant.
    #[must_use]
    pub fn among(self, can_be: impl Fn(PersonId) -> bool) -> Found {
        match self {
            Found::One(id, _) if !can_be(id) => Found::Nobody,
            Found::Doubt(why, people) => {
                let people: Vec<PersonId> = people.into_iter().filter(|id| can_be(*id)).collect();
                if people.is_empty() {
                    Found::Nobody
                } else {
                    Found::Doubt(why, people)
                }
            }
            Found::Nobody | Found::One(..) => self,
        }
    }
}

/// Everyone known, in the book or from earlier rows.
#[derive(Default)]
pub struct Roll {
    by_id: HashMap<Key, PersonId>,
    by_name: HashMap<String, Vec<Namesake>>,
}

/// An identity number as it is looked up: a million of them as text would be a tenth of what a large
/// import holds.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Seventeen digits, then the check digit to the base of eleven.
    Citizen(u64),
    Other(Box<str>),
}

impl Key {
    /// Fifteen digits are looked up by their eighteen.
    fn of(number: &str) -> Key {
        let citizen = |number: &str| {
            let (digits, check) = number.split_at_checked(17)?;
            let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            let digits: u64 = digits.parse().ok().filter(|_| is_plain)?;
            let check = match check {
                "X" => 10,
                check if check.len() == 1 => check.parse().ok()?,
                _ => return None,
            };
            Some(digits * 11 + check)
        };
        let whole = || Key::Other(id_key(number).into_boxed_str());
        let expanded = || citizen(&id_number::expand(number)?);
        citizen(number)
            .or_else(expanded)
            .map_or_else(whole, Key::Citizen)
    }
}

/// Someone under a name, with what rules most namesakes out at a glance: a common name has
/// thousands.
struct Namesake {
    id: PersonId,
    birth: Option<Date>,
    /// Whether a number that checks is known.
    numbered: bool,
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
            // Nearer to the person than what a merged record says is the person's own.
            for alias in book.aliases(person.id) {
                roll.alias(book, person.id, *alias);
            }
            roll.person(person.id, person);
        }
        roll
    }

    /// A record that was merged into another leads to the person whose it is now.
    fn alias(&mut self, book: &Book, id: PersonId, alias: PersonId) {
        if let Some(record) = book.person(alias) {
            self.person(id, record);
        }
        for earlier in book.aliases(alias) {
            self.alias(book, id, *earlier);
        }
    }

    fn person(&mut self, id: PersonId, record: Person<'_>) {
        self.number(id, record.id_no());
        let numbered = record.id_no().is_some_and(is_sound);
        let former = record.record.text(person::FORMER_NAME);
        for name in [Some(record.name()), former].into_iter().flatten() {
            self.name(id, name, record.birth(), numbered);
        }
    }

    /// Adds somebody new.
    pub fn add(&mut self, id: PersonId, entry: &Entry) {
        let number = entry.text(person::ID_NO);
        self.number(id, number);
        self.name(
            id,
            entry.name(),
            entry.birth(),
            number.is_some_and(is_sound),
        );
    }

    /// Notes what has become known of someone.
    pub fn learn(&mut self, id: PersonId, draft: &Draft<'_>) {
        let known = Known { draft, id };
        let number = known.text(person::ID_NO);
        self.number(id, number);
        let namesakes = self.by_name.entry(normal(known.name())).or_default();
        let birth = known.birth();
        let numbered = number.is_some_and(is_sound);
        match namesakes.iter_mut().find(|one| one.id == id) {
            Some(one) => (one.birth, one.numbered) = (birth, numbered),
            None => namesakes.push(Namesake {
                id,
                birth,
                numbered,
            }),
        }
    }

    fn number(&mut self, id: PersonId, number: Option<&str>) {
        if let Some(number) = number {
            self.by_id.insert(Key::of(number), id);
        }
    }

    fn name(&mut self, id: PersonId, name: &str, birth: Option<Date>, numbered: bool) {
        let one = Namesake {
            id,
            birth,
            numbered,
        };
        self.by_name.entry(normal(name)).or_default().push(one);
    }

    /// Whose number it is.
    pub fn owner(&self, number: &str) -> Option<PersonId> {
        self.by_id.get(&Key::of(number)).copied()
    }

    /// Whether someone is known by a name.
    pub fn is_called(&self, id: PersonId, name: &str) -> bool {
        let namesakes = self.by_name.get(&normal(name));
        namesakes.is_some_and(|all| all.iter().any(|one| one.id == id))
    }

    /// Whom an entry is about.
    pub fn find(&self, entry: &Entry, draft: &Draft<'_>) -> Found {
        let number = entry.text(person::ID_NO);
        if let Some(id) = number.and_then(|number| self.owner(number)) {
            let known = Known { draft, id };
            let is_called = normal(known.name()) == normal(entry.name());
            return if is_called || self.is_called(id, entry.name()) {
                Found::One(id, Bond::Number)
            } else {
                Found::Doubt(Why::OtherName, vec![id])
            };
        }
        // A number that does not check may be anyone's, mistyped.
        let numbered = number.is_some_and(is_sound);
        let namesakes = self.by_name.get(&normal(entry.name()));
        let possible = namesakes
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter(|one| one.may_be(entry, numbered))
            .map(|one| Known { draft, id: one.id })
            .filter(|known| known.can_be(entry));
        let (possible, other_sex): (Vec<Known<'_>>, Vec<Known<'_>>) =
            possible.partition(|known| known.sexes_agree(entry));
        let best = possible.iter().filter_map(|known| known.bond(entry)).min();
        let is_meant = |known: &&Known<'_>| match best {
            Some(bond) => known.bond(entry) == Some(bond),
            None => !known.differs(entry),
        };
        let meant: Vec<PersonId> = possible
            .iter()
            .filter(is_meant)
            .map(|known| known.id)
            .collect();
        match (meant.as_slice(), best) {
            ([], _) => {
                let is_meant =
                    |known: &&Known<'_>| known.is_born_with(entry) && known.shares_a_phone(entry);
                let meant = other_sex.iter().filter(is_meant).map(|known| known.id);
                match meant.collect::<Vec<_>>() {
                    none if none.is_empty() => Found::Nobody,
                    meant => doubt(Why::OtherSex, meant),
                }
            }
            ([one], Some(bond)) => Found::One(*one, bond),
            ([_], None) => doubt(Why::NameAlone, meant),
            (_, _) => doubt(Why::Several, meant),
        }
    }
}

fn doubt(why: Why, mut people: Vec<PersonId>) -> Found {
    people.truncate(MOST_CANDIDATES);
    Found::Doubt(why, people)
}

/// Whether a number checks, so that another number means another person.
fn is_sound(number: &str) -> bool {
    let parts = number
        .split_at_checked(17)
        .filter(|(_, last)| last.len() == 1);
    parts.is_none_or(|(first, last)| id_number::check_digit(first) == last.chars().next())
}

impl Namesake {
    fn may_be(&self, entry: &Entry, numbered: bool) -> bool {
        let births_agree = match (self.birth, entry.birth()) {
            (Some(ours), Some(theirs)) => agree(ours, theirs),
            _ => true,
        };
        births_agree && !(self.numbered && numbered)
    }
}

impl Known<'_> {
    fn get(&self, field: FieldNo) -> Option<Value> {
        self.draft.get(self.id.subject(), field)
    }

    fn text(&self, field: FieldNo) -> Option<&str> {
        self.draft.text(self.id.subject(), field)
    }

    fn name(&self) -> &str {
        self.text(person::NAME).unwrap_or_default()
    }

    fn birth(&self) -> Option<Date> {
        match self.get(person::BIRTH) {
            Some(Value::Date(date)) => Some(date),
            _ => None,
        }
    }

    fn phones(&self) -> Vec<Phone> {
        match self.get(person::PHONES) {
            Some(Value::Phones(phones)) => phones,
            _ => Vec::new(),
        }
    }

    /// Whether no other sex is known than the entry's.
    fn sexes_agree(&self, entry: &Entry) -> bool {
        match (self.text(person::SEX), entry.text(person::SEX)) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => true,
        }
    }

    /// Whether nothing that is known of this namesake for certain, the sex apart, speaks against the
    /// entry.
    fn can_be(&self, entry: &Entry) -> bool {
        let age_fits = match (self.birth(), entry.age) {
            (Some(ours), Some(theirs)) => ours.year().abs_diff(theirs.year()) <= 1,
            _ => true,
        };
        let is_numbered = self.text(person::ID_NO).is_some();
        let hint_fits = entry.hint.is_none() || !is_numbered || self.fits_hint(entry);
        age_fits && hint_fits
    }

    /// What makes it probable that the entry means this namesake; the firmest.
    fn bond(&self, entry: &Entry) -> Option<Bond> {
        let bonds = [Bond::Visible, Bond::Birth, Bond::Phone, Bond::Home];
        bonds.into_iter().find(|bond| match bond {
            Bond::Visible => self.fits_hint(entry),
            Bond::Birth => self.is_born_with(entry),
            Bond::Phone => self.shares_a_phone(entry),
            Bond::Home => self.lives_with(entry),
            Bond::Number | Bond::Name | Bond::Chosen => false,
        })
    }

    /// Whether something that can be compared is different: a telephone, the address.
    fn differs(&self, entry: &Entry) -> bool {
        let has_phones = entry.get(Table::Person, person::PHONES).is_some();
        let other_phone = has_phones && !self.phones().is_empty() && !self.shares_a_phone(entry);
        let is_housed = self.address().is_some_and(|home| !home.is_empty());
        let other_home = !entry.address.is_empty() && is_housed && !self.lives_with(entry);
        other_phone || other_home
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

    /// Whether both were born on one day, known to the month at least.
    fn is_born_with(&self, entry: &Entry) -> bool {
        let (Some(ours), Some(theirs)) = (self.birth(), entry.birth()) else {
            return false;
        };
        ours.precision().min(theirs.precision()) >= Precision::Month && agree(ours, theirs)
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

    fn household(&self) -> Option<HouseholdId> {
        match self.get(person::HOUSEHOLD) {
            Some(Value::Link(household)) => Some(HouseholdId(household)),
            _ => None,
        }
    }

    fn address(&self) -> Option<Address> {
        let dwelling = home::dwelling_of(self.draft, self.household()?.0)?;
        Some(home::address_of(self.draft, dwelling))
    }

    /// Whether the household is the entry's, by its door or its 户号.
    fn lives_with(&self, entry: &Entry) -> bool {
        let same = |ours: Address| home::same_place(&ours, &entry.address);
        let number = entry.get(Table::Household, household::NUMBER);
        let is_numbered = |home: HouseholdId| {
            let ours = self.draft.text(home.subject(), household::NUMBER);
            ours.is_some() && ours == number.and_then(Value::text)
        };
        (!entry.address.is_empty() && self.address().is_some_and(same))
            || self.household().is_some_and(is_numbered)
    }
}
