//! One road from a file to its sheets, whatever kind it is: told by its content, never by its ending.
//!
//! Invariant: reading judges nothing and changes nothing; what is read can be planned again and
//! again; a file that is not understood is named for what it is.

use crate::exchange::ExchangeError;
use crate::exchange::Limit;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::Watch;
use crate::exchange::csv;
use crate::exchange::json;
use crate::exchange::sheet::Row;
use crate::exchange::sheet::Sheet;
use crate::exchange::xlsx::Workbook;
use std::fs::File;
use std::io::Read;
use std::io::Seek;
use std::path::Path;
use std::sync::Arc;

/// What a file is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Cells parted by commas, tabs or the like.
    Text,
    /// One JSON object a line.
    Json,
    /// A workbook of Excel since 2007.
    Xlsx,
}

/// A file as it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file's name, without its folder.
    pub name: String,
    /// What it is inside.
    pub kind: Kind,
    /// Its sheets, in their order.
    pub sheets: Vec<Arc<Sheet>>,
}

impl Source {
    /// The row that has a number in the whole file, and its sheet: the rows of each sheet are
    /// numbered on from the last of the sheet before it, so that no two rows share a number.
    pub fn row(&self, number: usize) -> Option<(&Sheet, Row<'_>)> {
        let mut before = 0;
        for sheet in &self.sheets {
            let last = before + sheet.last_number();
            if number <= last {
                return Some((sheet, sheet.numbered(number.checked_sub(before)?)?));
            }
            before = last;
        }
        None
    }
}

/// The most bytes of a workbook.
const MOST_WORKBOOK: u64 = 50 << 20;
/// The most bytes of a text file: a million residents fit.
const MOST_TEXT: u64 = 512 << 20;
/// What is looked at to tell what a file is.
const HEAD: u64 = 4096;

/// Reads a file's sheets.
pub fn read(path: &Path, watch: &mut Watch<'_>) -> Result<Source, ExchangeError> {
    let disk = |source| ExchangeError::Disk {
        path: path.to_owned(),
        source,
    };
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut file = File::open(path).map_err(disk)?;
    read_from(&mut file, &name, watch).map_err(|refusal| refusal.about(path))
}

/// Reads the sheets of what stands in memory or in a file.
pub fn read_from(
    input: &mut (impl Read + Seek),
    name: &str,
    watch: &mut Watch<'_>,
) -> Result<Source, Refusal> {
    let length = input.seek(std::io::SeekFrom::End(0))?;
    input.rewind()?;
    let mut head = Vec::new();
    input.by_ref().take(HEAD).read_to_end(&mut head)?;
    input.rewind()?;
    let kind = sniff(&head)?;
    let most = match kind {
        Kind::Text | Kind::Json => MOST_TEXT,
        Kind::Xlsx => MOST_WORKBOOK,
    };
    if length > most {
        return Err(Limit::File(most).into());
    }
    let mut whole = || -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        input.by_ref().take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let sheets = match kind {
        Kind::Text => vec![csv::read(&whole()?, name)?],
        Kind::Json => vec![json::sheet(&whole()?, name)?],
        Kind::Xlsx => Workbook::open(&whole()?)?.sheets()?,
    };
    if watch(length, length).is_break() {
        return Err(Refusal::Cancelled);
    }
    Ok(Source {
        name: name.to_owned(),
        kind,
        sheets: sheets.into_iter().map(Arc::new).collect(),
    })
}

/// What a file's first bytes say it is.
fn sniff(head: &[u8]) -> Result<Kind, Strange> {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if head.starts_with(b"PK") {
        Ok(Kind::Xlsx)
    } else if head.starts_with(b"\xD0\xCF\x11\xE0") {
        Err(Strange::OldExcel)
    } else if text.starts_with('<') {
        Err(Strange::Html)
    } else if text.starts_with('{') {
        Ok(Kind::Json)
    } else if text.starts_with("%pdf") || (csv::marked(head).is_none() && head.contains(&0)) {
        Err(Strange::Binary)
    } else {
        Ok(Kind::Text)
    }
}
