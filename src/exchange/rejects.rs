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
use std::collections::HashMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::Cursor;
use std::io::ErrorKind;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;

/// How many earlier workbooks may stand beside the source before one has to be cleared away.
const MOST_WORKBOOKS: usize = 100;

/// Writes the rows that go back to `NAME-退回.xlsx` beside the source: the original
/// columns plus 原因. Returns the path, or `None` when there are none; where an earlier workbook
/// holds just these rows, its path.
pub fn write(plan: &Plan, source: &Path) -> Result<Option<PathBuf>, ExchangeError> {
    let reasons: HashMap<usize, String> = plan
        .rows
        .iter()
        .filter(|row| row.goes_back())
        .map(|row| (row.number, row.why(Lang::Zh)))
        .collect();
    if reasons.is_empty() {
        return Ok(None);
    }
    let width = plan.columns.len();
    let mut headings: Vec<String> = plan.columns.iter().map(|one| one.heading.clone()).collect();
    headings.push("原因".to_owned());
    let all = plan.parts.iter().flat_map(|part| {
        let rows = part.sheet.rows();
        rows.map(move |row| (part, row))
    });
    let rows = all.filter_map(|(part, row)| {
        let reason = reasons.get(&(part.before + row.number))?;
        let mut cells = vec![Typed::Text(String::new()); width];
        for (place, cell) in part.places.iter().zip(row.cells()) {
            let fits = cell.chars().take(MOST_CHARACTERS).collect();
            cells[*place] = Typed::Text(fits);
        }
        cells.push(Typed::Text(reason.clone()));
        Some(cells)
    });
    let bytes = xlsx::write("退回", None, &headings, rows)
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
