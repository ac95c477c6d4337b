//! All that is known of the people, filed so that it can be asked for. Rules are not applied here.
//!
//! Invariant: putting a person out after putting them in leaves everything as it was, as long as
//! the book has not changed in between.

use crate::index::claim::Claims;
use crate::index::column::Columns;
use crate::index::column::facts;
use crate::index::digits::Digits;
use crate::index::home::Homes;
use crate::index::literal::Literals;
use crate::index::literal::Mark;
use crate::index::literal::lines;
use crate::index::people::People;
use crate::index::people::Way;
use crate::index::place::Places;
use crate::index::text::Names;
use crate::index::visit::Visits;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::value::Value;
use roaring::RoaringBitmap;

/// Everything by which people are found.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) people: People,
    pub(crate) homes: Homes,
    pub(crate) names: Names,
    pub(crate) digits: Digits,
    pub(crate) places: Places,
    pub(crate) columns: Columns,
    /// The texts of the person's own record.
    pub(crate) own: Literals,
    /// The texts of the household and the dwelling.
    pub(crate) shared: Literals,
    pub(crate) claims: Claims,
    pub(crate) visits: Visits,
    /// Whose identity number fails its check.
    pub(crate) bad_ids: RoaringBitmap,
}

impl Facts {
    /// Files a person under what the book says on a day, and returns the number.
    pub(crate) fn enter(&mut self, book: &Book, person: Person<'_>, today: Date) -> u32 {
        let number = self.people.admit(person.id);
        self.put(Way::In, number, book, person, today);
        let own = texts(book, person, |table| table == Table::Person);
        self.own.set(number, &own);
        self.shared
            .set(number, &texts(book, person, |table| table != Table::Person));
        number
    }

    /// Takes a person's facts out again; the number stays theirs.
    pub(crate) fn leave(&mut self, book: &Book, person: Person<'_>, today: Date) {
        if let Some(number) = self.people.number(person.id) {
            self.put(Way::Out, number, book, person, today);
        }
    }

    /// Takes the number of someone whose record is gone.
    pub(crate) fn dismiss(&mut self, id: PersonId) {
        if let Some(number) = self.people.number(id) {
            self.own.set(number, &[]);
            self.shared.set(number, &[]);
            self.people.dismiss(id);
        }
    }

    fn put(&mut self, way: Way, number: u32, book: &Book, person: Person<'_>, today: Date) {
        if person.is_present() {
            way.mark(&mut self.people.present, number);
        }
        if fails(person) {
            way.mark(&mut self.bad_ids, number);
        }
        if let Some(home) = book.home(person) {
            self.places.put(way, number, &home.address());
        }
        self.homes.put(way, number, book, person);
        self.names.put(way, number, person.name());
        self.digits.put(way, number, person);
        self.columns.put(way, number, book, person);
        self.claims.put(way, number, book, person.id, today);
        self.visits.put(way, number, book, person.id);
    }
}

fn fails(person: Person<'_>) -> bool {
    let reading = person.id_no().map(id_number::read);
    reading.is_some_and(|reading| matches!(reading.check, Check::Bad(_)))
}

/// The texts of a person's facts, those of some tables.
fn texts(book: &Book, person: Person<'_>, of: impl Fn(Table) -> bool) -> Vec<u8> {
    let texts = facts(book, person).filter(|(table, _, _)| of(*table));
    let texts = texts.filter(|(_, _, value)| is_text(value));
    lines(texts.map(|(table, field, value)| (Mark::of(table, field), value.plain())))
}

/// Whether a value is text to be searched, numbers people read out included.
fn is_text(value: &Value) -> bool {
    match value {
        Value::Text(_) | Value::IdNumber(_) | Value::Phones(_) | Value::Words(_) => true,
        Value::Code(_) | Value::Date(_) | Value::Flag(_) | Value::Number(_) | Value::Link(_) => {
            false
        }
    }
}
