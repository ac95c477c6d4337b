//! One fact said of many people at once.
//!
//! Invariant: what tells people apart (name, identity number, birth, household) is never said of many.

use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::draft::Draft;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Value;

/// Whether a field can be said of many people.
pub fn fits(field: &Field) -> bool {
    let tells_apart = [
        person::BIRTH,
        person::NAME,
        person::FORMER_NAME,
        person::ID_NO,
        person::DRAFT,
    ];
    field.table == Table::Person
        && !tells_apart.contains(&field.number)
        && !matches!(field.kind, Kind::Link(_))
}

/// The changes that set a field of people, or clear it, one change for each whom it alters.
pub fn set(book: &Book, people: &[PersonId], field: &Field, value: Option<&Value>) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for person in people {
        draft.set(person.subject(), field.number, value.cloned());
    }
    draft.finish()
}
