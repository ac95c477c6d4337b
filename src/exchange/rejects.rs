//! The rows that were refused, written beside their source with the reason.
//!
//! Invariant: the source file is never touched, nor an earlier workbook of refused rows, in which
//! somebody may be at work; the same rows are not written twice.

use crate::exchange::ExchangeError;
use crate::exchange::MOST_CHARACTERS;
use crate::exchange::intake::Plan;
use crate::exchange::read;
use crate::exchange::read::Source;
use crate::exchange::xlsx;
use crate::exchange::xlsx::Typed;
use crate::model::Lang;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ruling::Meaning;
use std::collections::HashMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Cursor;
use std::io::ErrorKind;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;

/// The heading of the column that tells why a row was refused.
pub const REASON: &str = "原因";
/// How many earlier workbooks may stand beside the source before one has to be cleared away.
const MOST_WORKBOOKS: usize = 100;

/// The rows that go back to the worker: the original columns plus 原因.
pub struct Back {
    headings: Vec<String>,
    rows: Vec<Vec<Typed>>,
}

impl Back {
    /// Those of a plan.
    pub fn of(plan: &Plan) -> Back {
        let refused = plan.rows.iter().filter(|row| row.goes_back());
        let reasons: HashMap<usize, String> =
            refused.map(|row| (row.number, row.why(Lang::Zh))).collect();
        let headings = plan.columns.iter().map(|one| one.heading.clone());
        let all = plan.parts.iter().flat_map(|part| {
            let rows = part.sheet.rows();
            rows.map(move |row| (part, row))
        });
        let rows = all.filter_map(|(part, row)| {
            let reason = reasons.get(&(part.before + row.number))?;
            let mut cells = vec![Typed::Text(String::new()); plan.columns.len()];
            for (place, cell) in part.places.iter().zip(row.cells()) {
                cells[*place] = typed(cell, &plan.columns[*place].meaning);
            }
            cells.push(Typed::Text(reason.clone()));
            Some(cells)
        });
        Back {
            headings: headings.chain([REASON.to_owned()]).collect(),
            rows: rows.collect(),
        }
    }

    /// Writes them to `NAME-退回.xlsx` beside the source. Returns the path, or `None` when there are
    /// none; where an earlier workbook holds just these rows, its path.
    pub fn write(self, source: &Path) -> Result<Option<PathBuf>, ExchangeError> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let bytes = xlsx::write("退回", None, &self.headings, self.rows.into_iter())
            .map_err(|source| ExchangeError::Write { source })?;
        if let Some(path) = earlier(source, &bytes) {
            return Ok(Some(path));
        }
        let (path, mut file) = create(source)?;
        let disk = |fault| ExchangeError::Disk {
            path: path.clone(),
            source: fault,
        };
        file.write_all(&bytes).map_err(disk)?;
        file.sync_all().map_err(disk)?;
        Ok(Some(path))
    }
}

/// A cell as it stood: days and numbers that are no more than that are days and numbers again, all
/// else is the text it was, so that no identity number becomes a number.
fn typed(cell: &str, meaning: &Meaning) -> Typed {
    let number = || {
        cell.parse()
            .ok()
            .filter(|number: &u32| number.to_string() == cell)
    };
    let typed = match meaning {
        Meaning::Field(Field {
            kind: Kind::Date, ..
        }) => {
            let day = Date::parse(cell).filter(|day| day.precision() == Precision::Day);
            day.filter(|day| day.to_string() == cell).map(Typed::Date)
        }
        Meaning::Serial | Meaning::Age => number().map(|number| Typed::Number(number.into())),
        Meaning::Field(_) | Meaning::Category(_) | Meaning::Unknown | Meaning::Forbidden => None,
    };
    typed.unwrap_or_else(|| Typed::Text(cell.chars().take(MOST_CHARACTERS).collect()))
}

/// The places for these workbooks, in order: `NAME-退回.xlsx`, then `NAME-退回2.xlsx`.
fn places(source: &Path) -> impl Iterator<Item = PathBuf> {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let name = move |count| match count {
        1 => format!("{stem}-退回.xlsx"),
        _ => format!("{stem}-退回{count}.xlsx"),
    };
    (1..=MOST_WORKBOOKS).map(move |count| source.with_file_name(name(count)))
}

/// The earlier workbook with the same rows. Its bytes tell also when it was made.
fn earlier(source: &Path, bytes: &[u8]) -> Option<PathBuf> {
    let mut on = |_, _| ControlFlow::Continue(());
    let rows = |source: Source| -> Vec<Vec<String>> {
        let rows = source.sheets.iter().flat_map(|sheet| sheet.rows());
        rows.map(|row| row.cells().map(str::to_owned).collect())
            .collect()
    };
    let wanted = rows(read::read_from(&mut Cursor::new(bytes), "", &mut on).ok()?);
    places(source)
        .take_while(|path| path.exists())
        .find(|path| read::read(path, &mut on).is_ok_and(|there| rows(there) == wanted))
}

/// A new file beside the source, where no workbook stands.
fn create(source: &Path) -> Result<(PathBuf, File), ExchangeError> {
    let mut taken = std::io::Error::from(ErrorKind::AlreadyExists);
    let mut last = source.to_owned();
    for path in places(source) {
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => (taken, last) = (fault, path),
            Err(source) => return Err(ExchangeError::Disk { path, source }),
        }
    }
    Err(ExchangeError::Disk {
        path: last,
        source: taken,
    })
}
