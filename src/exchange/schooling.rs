//! Which code table a column of schooling is written in.
//!
//! GB/T 4658-1984 and -2006 share most of their codes, but 50 to 59 are the old table's alone (技工学校),
//! and 90 is 文盲或半文盲 in the old one and 其他 in the new one.
//!
//! Invariant: a code that means two things is read only where the column itself tells which.

use crate::exchange::cell::Trouble;
use crate::exchange::layout;
use crate::exchange::layout::Ledger;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::spelling;

/// The table of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Schooling {
    /// GB/T 4658-1984.
    Old,
    /// Not told.
    #[default]
    Unclear,
}

impl Schooling {
    /// What the codes of a ledger tell.
    pub fn of(ledger: &Ledger<'_>) -> Schooling {
        let is_schooling = |column| layout::is(column, Table::Person, person::EDUCATION);
        let Some(at) = ledger.columns.iter().position(is_schooling) else {
            return Schooling::Unclear;
        };
        if ledger.column(at).any(|cell| decade(cell) == Some(5)) {
            Schooling::Old
        } else {
            Schooling::Unclear
        }
    }

    /// A cell as the code tables that jumin has spell it.
    pub fn read(self, text: &str) -> Result<&str, Trouble> {
        match (self, decade(text)) {
            (Schooling::Old, Some(9)) => Ok("文盲或半文盲"),
            (Schooling::Old, Some(5)) => Ok("技工学校"),
            (Schooling::Unclear, Some(9)) => Err(Trouble::TwoTables),
            (_, _) => Ok(text),
        }
    }
}

/// The tens of a code of two digits.
fn decade(cell: &str) -> Option<u32> {
    let plain = spelling::plain(cell);
    let mut chars = plain.trim().trim_end_matches(".0").chars();
    let tens = chars.next()?.to_digit(10)?;
    chars.next()?.to_digit(10)?;
    chars.next().is_none().then_some(tens)
}
