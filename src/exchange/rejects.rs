//! The rows that were refused, written beside their source with the reason.
//!
//! Invariant: the source file is never touched, nor an earlier workbook of refused rows, in which
//! somebody may be at work.

use crate::exchange::ExchangeError;
use crate::exchange::MOST_CHARACTERS;
use crate::exchange::intake::Plan;
use crate::exchange::xlsx;
use crate::exchange::xlsx::Typed;
use crate::model::Lang;
use std::collections::HashMap;
use std::fs::File;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// How many earlier workbooks may stand beside the source before one has to be cleared away.
const MOST_WORKBOOKS: usize = 100;

/// Writes the rows that go back to `NAME-退回.xlsx` beside the source: the original
/// columns plus 原因. Returns the path, or `None` when there are none.
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
    let rows = plan.source.rows().filter_map(|row| {
        let reason = reasons.get(&row.number)?;
        let cells = row.cells().take(width);
        let fits = |cell: &str| cell.chars().take(MOST_CHARACTERS).collect();
        let mut row: Vec<Typed> = cells.map(fits).map(Typed::Text).collect();
        row.resize(width, Typed::Text(String::new()));
        row.push(Typed::Text(reason.clone()));
        Some(row)
    });
    let bytes = xlsx::write("退回", None, &headings, rows)
        .map_err(|source| ExchangeError::Write { source })?;
    let (path, mut file) = create(source)?;
    let disk = |fault| ExchangeError::Disk {
        path: path.clone(),
        source: fault,
    };
    file.write_all(&bytes).map_err(disk)?;
    file.sync_all().map_err(disk)?;
    Ok(Some(path))
}

/// A new file beside the source: `NAME-退回.xlsx`, or `NAME-退回2.xlsx` where that one stands.
fn create(source: &Path) -> Result<(PathBuf, File), ExchangeError> {
    let stem = source.file_stem().unwrap_or_default().to_string_lossy();
    let mut taken = std::io::Error::from(ErrorKind::AlreadyExists);
    let mut path = source.to_owned();
    for count in 1..=MOST_WORKBOOKS {
        let number = if count == 1 {
            String::new()
        } else {
            count.to_string()
        };
        path = source.with_file_name(format!("{stem}-退回{number}.xlsx"));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => taken = fault,
            Err(source) => return Err(ExchangeError::Disk { path, source }),
        }
    }
    Err(ExchangeError::Disk {
        path,
        source: taken,
    })
}
