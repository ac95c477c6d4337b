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
use crate::exchange::choices::Sheets;
use crate::exchange::crew;
use crate::exchange::entry::Reader;
use crate::exchange::group;
use crate::exchange::group::Group;
use crate::exchange::heading::Headings;
use crate::exchange::heading::normal;
use crate::exchange::json;
use crate::exchange::json::Told;
use crate::exchange::layout;
use crate::exchange::layout::Ledger;
use crate::exchange::memory;
use crate::exchange::part;
use crate::exchange::part::Joined;
use crate::exchange::part::Part;
use crate::exchange::read::Kind;
use crate::exchange::read::Source;
use crate::exchange::schooling::Schooling;
use crate::exchange::sheet::Sheet;
use crate::exchange::verdict::Counts;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Tally;
use crate::model::date::Date;
use crate::model::ids::Mint;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Meaning;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

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

    /// Whether it parts other columns and holds nothing.
    pub fn is_blank(&self, sample: &Sample) -> bool {
        self.heading.trim().is_empty() && sample.filled == 0
    }

    /// A column without a heading.
    pub fn blank() -> Column {
        Column {
            heading: String::new(),
            meaning: Meaning::Unknown,
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
    /// The name of the sheet, or of those taken together.
    pub sheet: String,
    /// Every sheet of the file that could be taken, in the file's order.
    pub sheets: Vec<String>,
    /// Whether columns are understood as they were the last time.
    pub recalls: bool,
    /// The row number of the headings; of the first sheet's where several are taken.
    pub heading_row: usize,
    /// The columns; of several sheets they are joined by their headings.
    pub columns: Vec<Column>,
    /// What stands in each column.
    pub samples: Vec<Sample>,
    /// Every row's outcome, in the file's order; a row's number is the one in the whole file.
    pub rows: Vec<Row>,
    /// What to commit.
    pub changes: Vec<Change>,
    /// The sheets that are taken.
    pub parts: Vec<Part>,
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

    /// What people call a row: its number in its sheet, and the sheet where there are several.
    pub fn name(&self, row: usize) -> String {
        match self.place(row) {
            (sheet, row) if self.parts.len() > 1 => format!("{sheet}!{row}"),
            (_, row) => row.to_string(),
        }
    }

    /// The name that stands in a row; blank where no column holds names.
    pub fn called(&self, row: usize) -> &str {
        let cell = || {
            let part = part::of(&self.parts, row)?;
            let is_name = |column: &Column| layout::is(column, Table::Person, person::NAME);
            let place = self.columns.iter().position(is_name)?;
            let at = part.places.iter().position(|one| *one == place)?;
            Some(part.sheet.numbered(row - part.before)?.cell(at).trim())
        };
        cell().unwrap_or_default()
    }

    /// The sheet of a row, and its number there.
    pub fn place(&self, row: usize) -> (&str, usize) {
        part::place(&self.parts, row)
    }

    /// The column that a cell of a row is in.
    pub fn column(&self, row: usize, cell: usize) -> Option<&Column> {
        let part = part::of(&self.parts, row)?;
        self.columns.get(*part.places.get(cell)?)
    }

    /// What is to be told, by kind, each with the numbers of its rows.
    pub fn groups(&self, lang: Lang) -> Vec<Group> {
        let mut groups = group::groups(&self.rows, lang);
        let hidden = self.hidden();
        if !hidden.is_empty() {
            groups.push(Group {
                kind: group::Kind::Hidden,
                heading: String::new(),
                why: lang
                    .pick(
                        "表中隐藏的行，同其他行一样处理",
                        "hidden in the sheet, treated like the others",
                    )
                    .to_owned(),
                rows: hidden,
            });
        }
        groups
    }

    /// How many columns have neither a heading nor anything under it.
    pub fn blank_columns(&self) -> usize {
        let columns = self.columns.iter().zip(&self.samples);
        columns
            .filter(|(column, sample)| column.is_blank(sample))
            .count()
    }

    /// The residents' rows that their sheet hides.
    pub fn hidden(&self) -> Vec<usize> {
        let hidden = self.rows.iter().filter(|row| self.is_hidden(row));
        hidden.map(|row| row.number).collect()
    }

    /// Whether a row is a resident's that its sheet hides.
    pub fn is_hidden(&self, row: &Row) -> bool {
        let part = part::of(&self.parts, row.number);
        let there = part.and_then(|part| part.sheet.numbered(row.number - part.before));
        there.is_some_and(|there| there.hidden) && !matches!(row.verdict, Verdict::Skipped(_))
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

/// Judges the rows of a file that was read, under some choices: what an import would do.
pub fn judge(source: &Source, choices: &Choices, desk: Desk<'_>) -> Result<Plan, ExchangeError> {
    match source.kind {
        Kind::Json => match source.sheets.first() {
            Some(sheet) => desk.records(&source.name, choices, sheet),
            None => Err(no_heading(source)),
        },
        Kind::Text
        | Kind::Xlsx
        | Kind::Xls
        | Kind::Ods
        | Kind::FlatOds
        | Kind::Xml2003
        | Kind::Html => desk.sheets(source, choices),
    }
}

fn no_heading(source: &Source) -> ExchangeError {
    ExchangeError::NoHeading {
        path: PathBuf::from(&source.name),
    }
}

/// The sheets that are to be looked at, each with the last row number of those before it.
fn wanted<'a>(
    source: &'a Source,
    sheets: &Sheets,
) -> Result<Vec<(usize, &'a Arc<Sheet>)>, ExchangeError> {
    let all: Vec<(usize, &Arc<Sheet>)> = part::numbered(source).collect();
    let is_there = |name: &&String| source.sheets.iter().any(|sheet| sheet.name == **name);
    match sheets {
        Sheets::First => Ok(all),
        Sheets::All => Ok(all.into_iter().filter(|(_, one)| !one.hidden).collect()),
        Sheets::Named(names) if names.iter().all(|name| is_there(&name)) => {
            let is_named = |one: &(usize, &Arc<Sheet>)| names.contains(&one.1.name);
            Ok(all.into_iter().filter(is_named).collect())
        }
        Sheets::Named(_) => {
            let names = source.sheets.iter().map(|one| one.name.clone());
            let what = Strange::NoSheet(names.collect());
            let path = PathBuf::from(&source.name);
            Err(ExchangeError::Unknown { path, what })
        }
    }
}

/// The sheets that are taken, with their headings found; none where there are no headings. A sheet
/// that was named has to have some.
fn ledgers<'a>(
    sheets: &[(usize, &'a Arc<Sheet>)],
    choices: &Choices,
    headings: &Headings,
) -> Option<Vec<Found<'a>>> {
    let found = sheets.iter().map(|(before, sheet)| {
        let ledger = layout::read(sheet, headings)?;
        Some(Found {
            before: *before,
            sheet,
            ledger,
        })
    });
    let taken: Vec<Found<'a>> = match choices.sheets {
        Sheets::First => found.flatten().take(1).collect(),
        Sheets::All => found.flatten().collect(),
        Sheets::Named(_) => found.collect::<Option<_>>()?,
    };
    (!taken.is_empty()).then_some(taken)
}

/// The sheets with headings. Hidden ones are for programs, not for people.
fn takeable(source: &Source, headings: &Headings) -> Vec<String> {
    let shown = source.sheets.iter().filter(|sheet| !sheet.hidden);
    let with_headings = shown.filter(|sheet| layout::read(sheet, headings).is_some());
    with_headings.map(|sheet| sheet.name.clone()).collect()
}

/// A sheet with its headings found.
struct Found<'a> {
    before: usize,
    sheet: &'a Arc<Sheet>,
    ledger: Ledger<'a>,
}

impl Desk<'_> {
    fn sheets(self, source: &Source, choices: &Choices) -> Result<Plan, ExchangeError> {
        let sheets = wanted(source, &choices.sheets)?;
        let book = self.book;
        let mut headings = Headings::new(book, choices);
        let mut found = ledgers(&sheets, choices, &headings).ok_or_else(|| no_heading(source))?;
        let first = found.first().map(|one| one.ledger.columns.clone());
        let first = first.unwrap_or_default();
        let recalled = memory::recall(book, &first, choices);
        let choices = recalled.as_ref().unwrap_or(choices);
        if recalled.is_some() {
            headings = Headings::new(book, choices);
            found = ledgers(&sheets, choices, &headings).unwrap_or(found);
        }
        let mut plan = self.ledgers(&source.name, choices, &found, &headings)?;
        plan.sheets = takeable(source, &headings);
        plan.recalls = recalled.is_some();
        plan.changes.extend(memory::keep(book, &first, choices));
        Ok(plan)
    }

    fn ledgers(
        self,
        file: &str,
        choices: &Choices,
        found: &[Found<'_>],
        headings: &Headings,
    ) -> Result<Plan, ExchangeError> {
        let total = found.iter().map(|one| one.sheet.len()).sum();
        let mut admission = Admission::new(self.book, self.today, file, choices, self.mint);
        let mut rows = Vec::with_capacity(total);
        let mut joined = Joined::default();
        for one in found {
            let columns = &one.ledger.columns;
            admission.expect(one.sheet.len(), columns.len());
            let reader = Reader {
                columns,
                headings,
                book: self.book,
                today: self.today,
                schooling: Schooling::of(&one.ledger),
                serial: one.ledger.serial,
            };
            admission.begin();
            let samples = crew::read(&one.ledger, &reader, choices, one.before, |number, row| {
                let number = one.before + number;
                rows.push(match row {
                    Ok(entry) => admission.admit(number, entry, None),
                    Err(reason) => Row::new(number, Verdict::Skipped(reason)),
                });
                tell(self.watch, rows.len(), total)
            })?;
            joined.add(one.sheet, one.before, columns, samples);
        }
        let names: Vec<&str> = found.iter().map(|one| one.sheet.name.as_str()).collect();
        Ok(Plan {
            file: file.to_owned(),
            sheet: names.join("、"),
            sheets: Vec::new(),
            recalls: false,
            heading_row: found.first().map_or(0, |one| one.ledger.heading_row),
            columns: joined.columns,
            samples: joined.samples,
            rows,
            changes: admission.finish(),
            parts: joined.parts,
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
                Ok(Told::Person(mut dossier)) => {
                    let entry = std::mem::take(&mut dossier.entry);
                    admission.admit(line.number, entry, Some(&dossier))
                }
                Ok(Told::Home(home)) => admission.admit_home(line.number, &home),
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
            parts: vec![Part {
                sheet: Arc::clone(sheet),
                before: 0,
                places: vec![0],
            }],
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
