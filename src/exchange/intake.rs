//! Rows to verdicts and changes.
//!
//! Invariant: rows in = new + updated + same + conflicts + rejected + skipped; a blank cell never
//! erases; the same file a second time changes nothing.

use crate::exchange::ExchangeError;
use crate::exchange::Sheet;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use std::path::Path;

/// What is to become of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Someone new.
    New,
    /// Someone known, and something to fill in.
    Updated,
    /// Someone known, nothing new.
    Same,
    /// Someone known, but the row contradicts what is there: left as it is. Field, ours, theirs.
    Conflict(Vec<(&'static Field, String, String)>),
    /// Cannot be taken in, for this reason.
    Rejected(Reason),
    /// No resident's row (blank, title, total, signature), for this reason.
    Skipped(Reason),
}

/// Why a row or a cell was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The row is blank.
    Blank,
    /// The row is above the headings.
    AboveHeading,
    /// The row repeats the headings or hints under them.
    Heading,
    /// 合计, 小计.
    Total,
    /// 填表人, 审核人, 盖章, 截止日期.
    Signature,
    /// No name.
    NoName,
    /// The same person stands in an earlier row, number given.
    Repeated(usize),
    /// The identity number belongs to someone with another name.
    OtherName(String),
    /// Several people in the register could be meant.
    Ambiguous,
    /// A cell cannot be understood: heading and text.
    Cell(String, String),
}

/// A row's outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file.
    pub number: usize,
    /// The outcome.
    pub verdict: Verdict,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Cells that were not taken although the row was: heading, text, what is wrong in words (zh).
    pub problems: Vec<(String, String, String)>,
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What it holds; `None` when it is not taken.
    pub meaning: Meaning,
}

impl Column {
    /// A column without a heading.
    pub fn blank() -> Column {
        Column {
            heading: String::new(),
            meaning: Meaning::Unknown,
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A field.
    Field(&'static Field),
    /// Names of categories (人员类别), or yes/no for one (是否低保): its code.
    Category(Option<String>),
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

/// What an import will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file's name, without its folder.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// The row number of the headings.
    pub heading_row: usize,
    /// The columns.
    pub columns: Vec<Column>,
    /// Every row's outcome, in the file's order.
    pub rows: Vec<Row>,
    /// What to commit.
    pub changes: Vec<Change>,
    /// The sheet itself, for the workbook of refused rows.
    pub source: Sheet,
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub rows: usize,
    /// Someone new.
    pub new: usize,
    /// Something filled in.
    pub updated: usize,
    /// Nothing new.
    pub same: usize,
    /// Contradictions.
    pub conflicts: usize,
    /// Refused.
    pub rejected: usize,
    /// No resident's row.
    pub skipped: usize,
}

impl Plan {
    /// The counts; they add up.
    pub fn counts(&self) -> Counts {
        todo!()
    }
}

/// Reads a file (the first sheet with headings, or the named one) and plans its import.
pub fn plan(
    _path: &Path,
    _sheet: Option<&str>,
    _book: &Book,
    _today: Date,
    _mint: &mut Mint,
    _progress: &mut dyn FnMut(u64),
) -> Result<Plan, ExchangeError> {
    todo!()
}
