//! What the program is about: people, households, dwellings, categories, and how they change.
//!
//! A record is the set of its fields, each with a stable number; a record without fields does not
//! exist. A change sets one field of one record and carries the value it replaces, so its inverse
//! is itself turned round, and two machines can merge field by field.
//!
//! Invariant: values only. No file, no clock, no terminal; "today", ids and chance are handed in.

pub(crate) mod flat;

pub mod ids;

pub mod spelling;

pub mod date;

pub mod id_number;

pub mod address;

pub mod codes;

pub mod value;

pub mod field;

pub mod record;

pub mod person;

pub mod household;

pub mod merge;

pub mod turn;

pub mod assertion;

pub mod category;

pub mod view;

pub mod change;

pub mod book;

pub mod draft;

pub mod settle;

pub mod classify;

pub mod alike;

pub mod visit;

pub mod ruling;

pub mod mask;

pub mod role;

pub mod sieve;

pub mod clean;

pub mod removal;

pub mod retire;

pub mod seed;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    /// Chinese, simplified.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
