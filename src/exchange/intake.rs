//! Rows to verdicts and changes.
//!
//! Invariant: rows in = new + updated + same + conflicts + rejected + skipped; a blank cell never
//! erases; the same file a second time changes nothing.

use crate::exchange::ExchangeError;
use crate::exchange::Strange;
use crate::exchange::Watch;
use crate::exchange::admit::Admission;
use crate::exchange::entry::Reader;
use crate::exchange::heading::Headings;
use crate::exchange::json;
use crate::exchange::layout;
use crate::exchange::read::Kind;
use crate::exchange::read::Source;
use crate::exchange::sheet::Sheet;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

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
    pub source: Arc<Sheet>,
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
        let mut counts = Counts {
            rows: self.rows.len(),
            ..Counts::default()
        };
        for row in &self.rows {
            *match row.verdict {
                Verdict::New => &mut counts.new,
                Verdict::Updated => &mut counts.updated,
                Verdict::Same => &mut counts.same,
                Verdict::Conflict(_) => &mut counts.conflicts,
                Verdict::Rejected(_) => &mut counts.rejected,
                Verdict::Skipped(_) => &mut counts.skipped,
            } += 1;
        }
        counts
    }
}

impl Verdict {
    /// Why a row was not taken, in words; empty for one that was.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Verdict::New | Verdict::Updated | Verdict::Same => String::new(),
            Verdict::Conflict(clashes) => clashes
                .iter()
                .map(|(field, ours, theirs)| match lang {
                    Lang::Zh => format!("{}: 册中为{ours},表中为{theirs}", field.zh),
                    Lang::En => format!("{}: {ours} here, {theirs} in the file", field.en),
                })
                .collect::<Vec<_>>()
                .join("; "),
            Verdict::Rejected(reason) | Verdict::Skipped(reason) => reason.say(lang),
        }
    }
}

/// Plans the import of a file that was read: of the first sheet with headings, or the named one.
pub fn plan(
    source: &Source,
    sheet: Option<&str>,
    book: &Book,
    today: Date,
    mint: &mut Mint,
    watch: &mut Watch<'_>,
) -> Result<Plan, ExchangeError> {
    let path = || PathBuf::from(&source.name);
    let desk = Desk {
        book,
        today,
        file: &source.name,
        mint,
        watch,
    };
    let plan = match source.kind {
        Kind::Json => match source.sheets.first() {
            Some(sheet) => Some(desk.records(sheet)?),
            None => None,
        },
        Kind::Text | Kind::Xlsx => {
            let is_wanted = |one: &&Arc<Sheet>| sheet.is_none_or(|name| one.name == name);
            let sheets: Vec<&Arc<Sheet>> = source.sheets.iter().filter(is_wanted).collect();
            if sheets.is_empty() {
                let names = source.sheets.iter().map(|one| one.name.clone());
                let what = Strange::NoSheet(names.collect());
                return Err(ExchangeError::Unknown { path: path(), what });
            }
            desk.ledger(&sheets)?
        }
    };
    plan.ok_or_else(|| ExchangeError::NoHeading { path: path() })
}

/// Tells the watcher how far it is; an error when it says stop.
fn tell(watch: &mut Watch<'_>, done: usize, total: usize) -> Result<(), ExchangeError> {
    match watch(done as u64, total as u64) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ExchangeError::Cancelled),
    }
}

/// What a plan is made with.
struct Desk<'a> {
    book: &'a Book,
    today: Date,
    file: &'a str,
    mint: &'a mut Mint,
    watch: &'a mut Watch<'a>,
}

impl Desk<'_> {
    /// Plans the first of some sheets that has headings.
    fn ledger(self, sheets: &[&Arc<Sheet>]) -> Result<Option<Plan>, ExchangeError> {
        let headings = Headings::new(self.book);
        let found = sheets
            .iter()
            .find_map(|sheet| Some((*sheet, layout::read(sheet, &headings)?)));
        let Some((sheet, ledger)) = found else {
            return Ok(None);
        };
        let total = sheet.len();
        let reader = Reader {
            columns: &ledger.columns,
            headings: &headings,
            book: self.book,
            today: self.today,
        };
        let mut admission = Admission::new(self.book, self.today, self.file, self.mint);
        let mut rows = Vec::with_capacity(total);
        for (number, row) in ledger.rows() {
            rows.push(match row {
                Ok(cells) => admission.admit(number, reader.read(&cells), None),
                Err(reason) => Row::skipped(number, reason),
            });
            tell(self.watch, rows.len(), total)?;
        }
        Ok(Some(Plan {
            file: self.file.to_owned(),
            sheet: sheet.name.clone(),
            heading_row: ledger.heading_row,
            columns: ledger.columns.clone(),
            rows,
            changes: admission.finish(),
            source: Arc::clone(sheet),
        }))
    }

    /// Plans a file of whole records.
    fn records(self, sheet: &Arc<Sheet>) -> Result<Plan, ExchangeError> {
        let total = sheet.len();
        let mut admission = Admission::new(self.book, self.today, self.file, self.mint);
        let mut rows = Vec::with_capacity(total);
        for line in sheet.rows() {
            let number = line.number;
            rows.push(match json::record(line.cell(0)) {
                Ok(mut dossier) => {
                    let entry = std::mem::take(&mut dossier.entry);
                    admission.admit(number, entry, Some(&dossier))
                }
                Err(reason) => Row {
                    number,
                    verdict: Verdict::Rejected(reason),
                    person: None,
                    problems: Vec::new(),
                },
            });
            tell(self.watch, rows.len(), total)?;
        }
        Ok(Plan {
            file: self.file.to_owned(),
            sheet: self.file.to_owned(),
            heading_row: 0,
            columns: vec![Column {
                heading: "JSON".to_owned(),
                meaning: Meaning::Unknown,
            }],
            rows,
            changes: admission.finish(),
            source: Arc::clone(sheet),
        })
    }
}

impl Row {
    fn skipped(number: usize, reason: Reason) -> Row {
        Row {
            number,
            verdict: Verdict::Skipped(reason),
            person: None,
            problems: Vec::new(),
        }
    }
}
