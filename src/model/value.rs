//! What a field can hold.
//!
//! Invariant: the order of the variants is part of the stored format; new ones go at the end.

use crate::model::date::Date;
use crate::model::record::pack;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
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
        self.as_ref().fmt(f)
    }
}

impl Phone {
    /// The same, borrowed.
    pub fn as_ref(&self) -> PhoneRef<'_> {
        PhoneRef {
            number: &self.number,
            label: self.label.as_deref(),
        }
    }
}

/// A [`Value`] where it stands in a record. It is written by serde as the value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ValueRef<'a> {
    /// Free text.
    Text(&'a str),
    /// A code.
    Code(&'a str),
    /// A date.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// An identity number.
    IdNumber(&'a str),
    /// Telephone numbers.
    Phones(Phones<'a>),
    /// Another record.
    Link(Uuid),
    /// Several words.
    Words(Words<'a>),
}

/// A [`Phone`] where it stands in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PhoneRef<'a> {
    /// Digits, and for landlines a hyphen after the area code.
    pub number: &'a str,
    /// Whose it is or what for.
    pub label: Option<&'a str>,
}

/// Telephone numbers, packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Phones<'a>(pub(crate) &'a str);

/// Words, packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Words<'a>(pub(crate) &'a str);

impl<'a> Phones<'a> {
    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = PhoneRef<'a>> {
        pack::parts(self.0, pack::phone)
    }
}

impl<'a> Words<'a> {
    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        pack::parts(self.0, pack::long)
    }
}

impl Serialize for Phones<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().collect::<Vec<_>>())
    }
}

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().collect::<Vec<_>>())
    }
}

impl std::fmt::Display for PhoneRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.label {
            Some(label) => write!(f, "{}({label})", self.number),
            None => f.write_str(self.number),
        }
    }
}

impl PhoneRef<'_> {
    /// The same, owned.
    pub fn owned(self) -> Phone {
        Phone {
            number: self.number.to_owned(),
            label: self.label.map(str::to_owned),
        }
    }
}

impl<'a> ValueRef<'a> {
    /// The same, owned.
    pub fn owned(self) -> Value {
        match self {
            ValueRef::Text(text) => Value::Text(text.to_owned()),
            ValueRef::Code(text) => Value::Code(text.to_owned()),
            ValueRef::IdNumber(text) => Value::IdNumber(text.to_owned()),
            ValueRef::Date(date) => Value::Date(date),
            ValueRef::Flag(flag) => Value::Flag(flag),
            ValueRef::Number(number) => Value::Number(number),
            ValueRef::Phones(phones) => Value::Phones(phones.iter().map(PhoneRef::owned).collect()),
            ValueRef::Link(id) => Value::Link(id),
            ValueRef::Words(words) => Value::Words(words.iter().map(str::to_owned).collect()),
        }
    }

    /// The value as a ledger would hold it; see [`Value::plain`].
    pub fn plain(self) -> String {
        self.owned().plain()
    }

    /// The text of a text, a code or an identity number.
    pub fn text(self) -> Option<&'a str> {
        match self {
            ValueRef::Text(text) | ValueRef::Code(text) | ValueRef::IdNumber(text) => Some(text),
            ValueRef::Date(_)
            | ValueRef::Flag(_)
            | ValueRef::Number(_)
            | ValueRef::Phones(_)
            | ValueRef::Link(_)
            | ValueRef::Words(_) => None,
        }
    }

    /// The date of a date.
    pub fn date(self) -> Option<Date> {
        if let ValueRef::Date(date) = self {
            Some(date)
        } else {
            None
        }
    }

    /// The answer of a flag.
    pub fn flag(self) -> Option<bool> {
        if let ValueRef::Flag(flag) = self {
            Some(flag)
        } else {
            None
        }
    }

    /// The number of a number.
    pub fn number(self) -> Option<i64> {
        if let ValueRef::Number(number) = self {
            Some(number)
        } else {
            None
        }
    }

    /// The record that a link names.
    pub fn link(self) -> Option<Uuid> {
        if let ValueRef::Link(id) = self {
            Some(id)
        } else {
            None
        }
    }

    /// The telephone numbers.
    pub fn phones(self) -> Option<Phones<'a>> {
        if let ValueRef::Phones(phones) = self {
            Some(phones)
        } else {
            None
        }
    }

    /// The words.
    pub fn words(self) -> Option<Words<'a>> {
        if let ValueRef::Words(words) = self {
            Some(words)
        } else {
            None
        }
    }
}

impl PartialEq<Value> for ValueRef<'_> {
    fn eq(&self, other: &Value) -> bool {
        match (*self, other) {
            (ValueRef::Text(one), Value::Text(other))
            | (ValueRef::Code(one), Value::Code(other))
            | (ValueRef::IdNumber(one), Value::IdNumber(other)) => one == other,
            (ValueRef::Date(one), Value::Date(other)) => one == *other,
            (ValueRef::Flag(one), Value::Flag(other)) => one == *other,
            (ValueRef::Number(one), Value::Number(other)) => one == *other,
            (ValueRef::Link(one), Value::Link(other)) => one == *other,
            (ValueRef::Phones(one), Value::Phones(other)) => {
                one.iter().eq(other.iter().map(Phone::as_ref))
            }
            (ValueRef::Words(one), Value::Words(other)) => {
                one.iter().eq(other.iter().map(String::as_str))
            }
            _ => false,
        }
    }
}
