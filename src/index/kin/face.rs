//! What of a record is held against another's: one flat line per person.
//!
//! Invariant: a line says nothing that the record does not; what is unknown shares nothing.

use crate::index::kin::spelled::Names;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::household;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::DwellingId;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::person::Person;
use crate::model::value::Phones;
use rustc_hash::FxHasher;
use std::hash::Hash;
use std::hash::Hasher;

/// What two records of one person are likely to share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Telling {
    /// The identity number, with 15 digits or 18.
    Number,
    /// How the name, or a former one, sounds; and the year of birth.
    SoundAndYear,
    /// The first character of the name, and the day of birth.
    FamilyAndBirth,
    /// The dwelling.
    Home,
    /// A telephone.
    Phone,
}

/// Everything that is telling.
pub(crate) const TELLING: &[Telling] = &[
    Telling::Number,
    Telling::SoundAndYear,
    Telling::FamilyAndBirth,
    Telling::Home,
    Telling::Phone,
];

/// An identity number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    /// As it is known.
    pub(crate) text: &'a str,
    /// The same for 15 digits and for 18.
    pub(crate) key: u64,
    /// Whether it has a check digit, and that is right.
    pub(crate) checks: bool,
}

/// One person's line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Face<'a> {
    pub(crate) id: PersonId,
    /// The name, by its place among the names.
    pub(crate) name: u32,
    /// A former name, in the same way.
    pub(crate) former: Option<u32>,
    pub(crate) birth: Option<Date>,
    pub(crate) sex: Option<&'a str>,
    pub(crate) number: Option<Number<'a>>,
    pub(crate) home: Option<DwellingId>,
    /// A hash of estate and building.
    pub(crate) building: Option<u64>,
    pub(crate) phones: Phones<'a>,
}

/// Everyone's lines, and the names that they share.
pub(crate) struct Faces<'a> {
    faces: Vec<Face<'a>>,
    pub(crate) names: Names<'a>,
}

impl<'a> Faces<'a> {
    /// A register's lines.
    pub(crate) fn of(book: &'a Book) -> Faces<'a> {
        let mut names = Names::default();
        let faces = book.people().map(|person| face(book, person, &mut names));
        Faces {
            faces: faces.collect(),
            names,
        }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.faces.len()
    }

    /// A line by its place.
    pub(crate) fn get(&self, at: u32) -> Option<&Face<'a>> {
        self.faces.get(at as usize)
    }

    /// Every line with its place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Face<'a>)> {
        (0..).zip(&self.faces)
    }

    /// Names each key under which a person shares something telling with others.
    pub(crate) fn share(&self, telling: Telling, face: &Face<'a>, mut name: impl FnMut(u64)) {
        match telling {
            Telling::Number => {
                if let Some(number) = face.number {
                    name(number.key);
                }
            }
            Telling::SoundAndYear => {
                let Some(birth) = face.birth else {
                    return;
                };
                for known in std::iter::once(face.name).chain(face.former) {
                    if let Some(sound) = self.names.sound(known) {
                        name(key((sound, birth.year())));
                    }
                }
            }
            Telling::FamilyAndBirth => {
                let birth = face.birth.filter(|one| one.precision() == Precision::Day);
                if let Some((birth, family)) = birth.zip(self.names.family(face.name)) {
                    name(key((family, birth)));
                }
            }
            Telling::Home => face.home.into_iter().for_each(|home| name(key(home))),
            Telling::Phone => {
                let numbers = face.phones.iter().map(|phone| phone.number);
                numbers.for_each(|number| name(key(number)));
            }
        }
    }
}

fn face<'a>(book: &'a Book, person: Person<'a>, names: &mut Names<'a>) -> Face<'a> {
    let home = book.home(person);
    let part = |number| home.and_then(|home| home.record.text(number));
    let building = part(household::BUILDING);
    let former = person.record.text(person::FORMER_NAME);
    Face {
        id: person.id,
        name: names.number(person.name()),
        former: former.map(|name| names.number(name)),
        birth: person.birth(),
        sex: person.sex(),
        number: person.id_no().map(number),
        home: home.map(|home| home.id),
        building: building.map(|building| key((part(household::ESTATE), building))),
        phones: person.phones(),
    }
}

fn number(text: &str) -> Number<'_> {
    let expanded = id_number::expand(text);
    let whole = expanded.as_deref().unwrap_or(text);
    Number {
        text,
        key: key(whole),
        checks: id_number::read(text).check == Check::Good,
    }
}

fn key(telling: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    telling.hash(&mut hasher);
    hasher.finish()
}
