//! Rows to verdicts and changes.
//!
//! A file is read once; judging it can be repeated after each choice, since it alters nothing.
//!
//! Invariant: rows in = new + updated + same + conflicts + undecided + rejected + skipped; a blank
//! cell never erases; the same file a second time changes nothing.

use crate::exchange::ExchangeError;
use crate::exchange::Strange;
use crate::exchange::Watch;
use crate::exchange::admit::Admission;
use crate::exchange::choices::Choices;
use crate::exchange::entry::Entry;
use crate::exchange::entry::Reader;
use crate::exchange::heading::Headings;
use crate::exchange::heading::normal;
use crate::exchange::json;
use crate::exchange::layout;
use crate::exchange::layout::Ledger;
use crate::exchange::memory;
use crate::exchange::read::Kind;
use crate::exchange::read::Source;
use crate::exchange::sheet::Sheet;
use crate::exchange::verdict;
use crate::exchange::verdict::Counts;
use crate::exchange::verdict::Group;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Tally;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::Field;
use crate::model::ids::Mint;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

/// How many values of a column are shown as samples.
const SAMPLES: usize = 3;

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
    /// The worker left the row out.
    LeftOut,
    /// A cell cannot be understood: heading and text.
    Cell(String, String),
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
    /// Whether this is its heading, however it is spaced.
    pub fn is_headed(&self, heading: &str) -> bool {
        normal(&self.heading) == normal(heading)
    }

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
                Some(code) => Some(Meaning::Category(Some(code.to_owned()))),
                None => field::by_key(key).map(Meaning::Field),
            },
        }
    }
}

/// What stands in a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// The first values that differ.
    pub values: Vec<String>,
    /// How many cells of residents' rows are filled.
    pub filled: usize,
    /// How many of these could be understood.
    pub understood: usize,
}

/// What an import will do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The file's name, without its folder.
    pub file: String,
    /// The sheet's name.
    pub sheet: String,
    /// Every sheet of the file that could be taken, in the file's order.
    pub sheets: Vec<String>,
    /// Whether columns are understood as they were the last time.
    pub recalls: bool,
    /// The row number of the headings.
    pub heading_row: usize,
    /// The columns.
    pub columns: Vec<Column>,
    /// What stands in each column.
    pub samples: Vec<Sample>,
    /// Every row's outcome, in the file's order.
    pub rows: Vec<Row>,
    /// What to commit.
    pub changes: Vec<Change>,
    /// The sheet itself, for the workbook of refused rows.
    pub source: Arc<Sheet>,
}

impl Plan {
    /// The counts; they add up.
    pub fn counts(&self) -> Counts {
        Counts::of(&self.rows)
    }

    /// What taking it in is called in the log.
    pub fn act(&self) -> Act {
        let counts = self.counts();
        Act::Ledger {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            tally: Box::new(Tally {
                new: counts.new as u64,
                updated: counts.updated as u64,
                same: counts.same as u64,
                conflicts: counts.conflicts as u64,
                undecided: counts.undecided as u64,
                rejected: counts.rejected as u64,
                skipped: counts.skipped as u64,
            }),
        }
    }

    /// What is wrong, by kind, each with the numbers of its rows.
    pub fn groups(&self, lang: Lang) -> Vec<Group> {
        verdict::groups(&self.rows, lang)
    }
}

/// What a file is judged against, and with.
pub struct Desk<'a> {
    /// Everyone known, and the taxonomy.
    pub book: &'a Book,
    /// The day for ages and assertions.
    pub today: Date,
    /// Makes the ids of those who are new.
    pub mint: &'a mut Mint,
    /// Told how many rows are judged.
    pub watch: &'a mut Watch<'a>,
}

/// Judges the rows of a file that was read, under some choices: what an import would do. The rows
/// are those of the first sheet with headings, or of the chosen one.
pub fn judge(source: &Source, choices: &Choices, desk: Desk<'_>) -> Result<Plan, ExchangeError> {
    let path = || PathBuf::from(&source.name);
    let is_wanted = |one: &&Arc<Sheet>| choices.sheet.as_ref().is_none_or(|name| one.name == *name);
    match source.kind {
        Kind::Json => match source.sheets.first() {
            Some(sheet) => desk.records(&source.name, choices, sheet),
            None => Err(ExchangeError::NoHeading { path: path() }),
        },
        Kind::Text
        | Kind::Xlsx
        | Kind::Xls
        | Kind::Ods
        | Kind::FlatOds
        | Kind::Xml2003
        | Kind::Html => {
            let sheets: Vec<&Arc<Sheet>> = source.sheets.iter().filter(is_wanted).collect();
            if sheets.is_empty() {
                let names = source.sheets.iter().map(|one| one.name.clone());
                let what = Strange::NoSheet(names.collect());
                return Err(ExchangeError::Unknown { path: path(), what });
            }
            let headings = Headings::new(desk.book, choices);
            let found = sheets
                .iter()
                .find_map(|sheet| Some((*sheet, layout::read(sheet, &headings)?)));
            let Some((sheet, ledger)) = found else {
                return Err(ExchangeError::NoHeading { path: path() });
            };
            let book = desk.book;
            let recalled = memory::recall(book, &ledger.columns, choices);
            let mut plan = match &recalled {
                Some(choices) => {
                    let headings = Headings::new(book, choices);
                    let again = layout::read(sheet, &headings).unwrap_or(ledger);
                    desk.ledger(&source.name, choices, sheet, &again, &headings)?
                }
                None => desk.ledger(&source.name, choices, sheet, &ledger, &headings)?,
            };
            plan.sheets = takeable(source, &headings);
            plan.recalls = recalled.is_some();
            let choices = recalled.as_ref().unwrap_or(choices);
            let kept = memory::keep(book, &plan.columns, choices);
            plan.changes.extend(kept);
            Ok(plan)
        }
    }
}

/// The sheets with headings. Hidden ones are for programs, not for people.
fn takeable(source: &Source, headings: &Headings) -> Vec<String> {
    let shown = source.sheets.iter().filter(|sheet| !sheet.hidden);
    let with_headings = shown.filter(|sheet| layout::read(sheet, headings).is_some());
    with_headings.map(|sheet| sheet.name.clone()).collect()
}

impl Desk<'_> {
    fn ledger(
        self,
        file: &str,
        choices: &Choices,
        sheet: &Arc<Sheet>,
        ledger: &Ledger<'_>,
        headings: &Headings,
    ) -> Result<Plan, ExchangeError> {
        let reader = Reader {
            columns: &ledger.columns,
            headings,
            book: self.book,
            today: self.today,
        };
        let total = sheet.len();
        let mut admission = Admission::new(self.book, self.today, file, choices, self.mint);
        let mut rows = Vec::with_capacity(total);
        let mut samples = vec![Sample::default(); ledger.columns.len()];
        for (number, row) in ledger.rows() {
            rows.push(match row {
                Ok(cells) => {
                    let entry = reader.read(&cells, choices.numbered(number));
                    sample(&mut samples, &cells, &entry);
                    admission.admit(number, entry, None)
                }
                Err(reason) => Row::new(number, Verdict::Skipped(reason)),
            });
            tell(self.watch, rows.len(), total)?;
        }
        Ok(Plan {
            file: file.to_owned(),
            sheet: sheet.name.clone(),
            sheets: Vec::new(),
            recalls: false,
            heading_row: ledger.heading_row,
            columns: ledger.columns.clone(),
            samples,
            rows,
            changes: admission.finish(),
            source: Arc::clone(sheet),
        })
    }

    /// A file of whole records.
    fn records(
        self,
        file: &str,
        choices: &Choices,
        sheet: &Arc<Sheet>,
    ) -> Result<Plan, ExchangeError> {
        let total = sheet.len();
        let mut admission = Admission::new(self.book, self.today, file, choices, self.mint);
        let mut rows = Vec::with_capacity(total);
        for line in sheet.rows() {
            rows.push(match json::record(line.cell(0)) {
                Ok(mut dossier) => {
                    let entry = std::mem::take(&mut dossier.entry);
                    admission.admit(line.number, entry, Some(&dossier))
                }
                Err(reason) => Row::new(line.number, Verdict::Rejected(reason)),
            });
            tell(self.watch, rows.len(), total)?;
        }
        Ok(Plan {
            file: file.to_owned(),
            sheet: file.to_owned(),
            sheets: Vec::new(),
            recalls: false,
            heading_row: 0,
            columns: vec![Column {
                heading: "JSON".to_owned(),
                meaning: Meaning::Unknown,
            }],
            samples: vec![Sample::default()],
            rows,
            changes: admission.finish(),
            source: Arc::clone(sheet),
        })
    }
}

/// Tells the watcher how far it is; an error when it says stop.
fn tell(watch: &mut Watch<'_>, done: usize, total: usize) -> Result<(), ExchangeError> {
    match watch(done as u64, total as u64) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ExchangeError::Cancelled),
    }
}

/// Adds a row's cells to what is told of their columns.
fn sample(samples: &mut [Sample], cells: &[&str], entry: &Entry) {
    for (at, (sample, cell)) in samples.iter_mut().zip(cells).enumerate() {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let lost = |problem: &verdict::Problem| problem.column == Some(at);
        sample.filled += 1;
        sample.understood += usize::from(!entry.problems.iter().any(lost));
        if sample.values.len() < SAMPLES && sample.values.iter().all(|value| value != cell) {
            sample.values.push(cell.to_owned());
        }
    }
}
