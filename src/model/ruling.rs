//! What a worker rules about a ledger: what a column holds, and who is right where a row and the
//! register differ.
//!
//! Invariant: a ruling is about one ledger; nothing here alters the register.

use crate::model::field;
use crate::model::field::Field;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A field.
    Field(&'static Field),
    /// Names of categories (人员类别), or yes/no for one (是否低保).
    Category(Option<CategoryCode>),
    /// The row's number in its list.
    Serial,
    /// Age in place of birth.
    Age,
    /// Nothing jumin knows.
    Unknown,
    /// What jumin refuses to hold (police, justice and health control groups, religion, bank
    /// accounts).
    Forbidden,
}

impl Meaning {
    /// Its key in a map of headings: a field's, `cat`, `+E6`, `age`, `serial`; nothing for a column
    /// that is not taken.
    pub fn key(&self) -> String {
        match self {
            Meaning::Field(field) => field.key.to_owned(),
            Meaning::Category(None) => "cat".to_owned(),
            Meaning::Category(Some(code)) => format!("+{code}"),
            Meaning::Serial => "serial".to_owned(),
            Meaning::Age => "age".to_owned(),
            Meaning::Unknown | Meaning::Forbidden => String::new(),
        }
    }

    /// What a key of a map of headings means.
    pub fn of_key(key: &str) -> Option<Meaning> {
        match key.trim() {
            "" => Some(Meaning::Unknown),
            "cat" => Some(Meaning::Category(None)),
            "serial" => Some(Meaning::Serial),
            "age" => Some(Meaning::Age),
            key => match key.strip_prefix('+') {
                Some(code) => Some(Meaning::Category(Some(CategoryCode(code.to_owned())))),
                None => field::by_key(key).map(Meaning::Field),
            },
        }
    }
}

/// What happens, by itself, where a row differs from what is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Policy {
    /// What is unknown is filled in; what differs stays as it is and is reported.
    #[default]
    FillBlanks,
    /// What differs is taken from the ledger.
    NewerWins,
    /// A row that differs waits, whole, until each difference is decided.
    Ask,
}

/// Whose value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The register's.
    Ours,
    /// The ledger's.
    Theirs,
}

/// Whom a doubtful row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Someone in the register.
    This(PersonId),
    /// The same as an earlier row of the file.
    Row(usize),
    /// Somebody new.
    New,
    /// Nobody: the row is left out.
    Leave,
}
