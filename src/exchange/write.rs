//! Any list of people to a file.
//!
//! Invariant: identity numbers and phones go out as text; masked unless the caller says otherwise.

use crate::exchange::ExchangeError;
use crate::exchange::Format;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::PersonId;
use std::io::Write;

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A field of the person, the household or the dwelling.
    Field(&'static Field),
    /// The whole address.
    Address,
    /// Age in full years.
    Age,
    /// The categories' names.
    Categories,
}

/// What to write.
pub struct List<'a> {
    /// The records.
    pub book: &'a Book,
    /// Who, in order, each with the names of their categories.
    pub people: &'a [(PersonId, Vec<String>)],
    /// The columns.
    pub columns: &'a [Column],
    /// The day for ages.
    pub today: Date,
    /// The language of headings and codes.
    pub lang: Lang,
    /// Whether identity numbers, phones and sensitive values go out whole.
    pub unmasked: bool,
}

/// The column with this key: a field's key, `address`, `age`, `cat`.
pub fn column(_key: &str) -> Option<Column> {
    todo!()
}

/// The headings.
pub fn headings(_list: &List<'_>) -> Vec<String> {
    todo!()
}

/// One person's cells.
pub fn cells(_list: &List<'_>, _person: PersonId, _categories: &[String]) -> Vec<String> {
    todo!()
}

/// Writes a list. JSON lines ignore the columns and are lossless when unmasked.
pub fn write(_list: &List<'_>, _format: Format, _out: &mut dyn Write) -> Result<(), ExchangeError> {
    todo!()
}
