//! What a field can hold.
//!
//! Invariant: the order of the variants is part of the stored format; new ones go at the end.

use crate::model::date::Date;
use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

/// The value of one field. "Unknown" is the absence of a value, never an empty one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Free text, never empty.
    Text(String),
    /// A code of the field's table, such as `01` of GB/T 4762.
    Code(String),
    /// A date with its precision.
    Date(Date),
    /// Yes or no; unknown is no value at all.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// An identity number as it was given, folded to ASCII capitals; whether it checks is read
    /// from it ([`crate::model::id_number::read`]), not stored.
    IdNumber(String),
    /// Telephone numbers, the most useful first.
    Phones(Vec<Phone>),
    /// Another record.
    Link(Uuid),
    /// Several words, such as skills.
    Words(Vec<String>),
}

/// A telephone number with an optional label such as 家 or 子.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Phone {
    /// Digits, and for landlines a hyphen after the area code.
    pub number: String,
    /// Whose it is or what for.
    pub label: Option<String>,
}

impl Value {
    /// The text of a text, a code or an identity number.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Code(text) | Value::IdNumber(text) => Some(text),
            Value::Date(_)
            | Value::Flag(_)
            | Value::Number(_)
            | Value::Phones(_)
            | Value::Link(_)
            | Value::Words(_) => None,
        }
    }

    /// The value as a ledger would hold it: codes as codes, dates in ISO form, phones joined by
    /// `/`. For a person's eyes use [`crate::model::field::Field::show`].
    pub fn plain(&self) -> String {
        match self {
            Value::Text(text) | Value::Code(text) | Value::IdNumber(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::Flag(flag) => if *flag { "是" } else { "否" }.into(),
            Value::Number(number) => number.to_string(),
            Value::Phones(phones) => phones
                .iter()
                .map(Phone::to_string)
                .collect::<Vec<_>>()
                .join("/"),
            Value::Link(id) => id.to_string(),
            Value::Words(words) => words.join("、"),
        }
    }
}

impl std::fmt::Display for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.label {
            Some(label) => write!(f, "{}({label})", self.number),
            None => f.write_str(&self.number),
        }
    }
}
