//! One road from a file to its sheets, whatever kind it is: told by its content, never by its ending.
//!
//! Invariant: reading judges nothing and changes nothing; what is read can be planned again and
//! again; a file that is not understood is named for what it is.

use crate::exchange::ExchangeError;
use crate::exchange::Limit;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::Watch;
use crate::exchange::archive::Archive;
use crate::exchange::biff;
use crate::exchange::csv;
use crate::exchange::html;
use crate::exchange::json;
use crate::exchange::ods;
use crate::exchange::sheet::Row;
use crate::exchange::sheet::Sheet;
use crate::exchange::xlsx;
use crate::exchange::xml2003;
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
    /// A workbook of Excel since 2007, or of WPS.
    Xlsx,
    /// A workbook of Excel before 2007, or of WPS.
    Xls,
    /// An open document.
    Ods,
    /// The same in one piece.
    FlatOds,
    /// XML of Excel 2003.
    Xml2003,
    /// A web page with tables.
    Html,
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
pub const MOST_WORKBOOK: u64 = 50 << 20;
/// The most bytes of a text file: a million residents fit.
const MOST_TEXT: u64 = 512 << 20;
/// What is looked at to tell what a file is.
const HEAD: u64 = 4096;

/// Fewer bytes than so many to each NUL are no text.
const FEWEST_TO_A_NUL: usize = 100;

/// Reads a file's sheets.
pub fn read(path: &Path, watch: &mut Watch<'_>) -> Result<Source, ExchangeError> {
    let disk = |source| ExchangeError::Disk {
        path: path.to_owned(),
        source,
    };
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    // Opening a pipe waits for whoever writes to it.
    let about = std::fs::metadata(path).map_err(disk)?;
    if !about.is_file() {
        let what = if about.is_dir() {
            Strange::Folder
        } else {
            Strange::Stream
        };
        return Err(Refusal::from(what).about(path));
    }
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
        Kind::Xlsx | Kind::Xls | Kind::Ods | Kind::FlatOds | Kind::Xml2003 | Kind::Html => {
            MOST_WORKBOOK
        }
    };
    if length > most {
        return Err(Limit::File(most).into());
    }
    let mut whole = || -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        input.by_ref().take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let (kind, sheets) = match kind {
        Kind::Text => (kind, vec![csv::read(&whole()?, name)?]),
        Kind::Json => (kind, vec![json::sheet(&whole()?, name)?]),
        Kind::Xlsx | Kind::Ods => of_archive(&whole()?)?,
        Kind::Xls => (kind, biff::read(&whole()?)?),
        Kind::FlatOds => (kind, ods::sheets(csv::decode(&whole()?).as_bytes())?),
        Kind::Xml2003 => (kind, xml2003::sheets(csv::decode(&whole()?).as_bytes())?),
        Kind::Html => (kind, html::sheets(&csv::decode(&whole()?), name)?),
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

/// Reads a workbook that is an archive; anything else in an archive is named.
fn of_archive(bytes: &[u8]) -> Result<(Kind, Vec<Sheet>), Refusal> {
    let mut archive = Archive::open(bytes)?;
    if archive.has("xl/workbook.xml") || archive.has("xl/worksheets/") {
        return Ok((Kind::Xlsx, xlsx::read(bytes, &mut archive)?));
    }
    if archive.has("content.xml") {
        return Ok((Kind::Ods, ods::read(&mut archive)?));
    }
    let other = if archive.has("xl/workbook.bin") {
        Strange::Other("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")
    } else if archive.has("word/") {
        Strange::Other(" Word 文档", "a Word document")
    } else {
        Strange::Other("压缩包", "an archive")
    };
    Err(other.into())
}

/// Files that are known by their first bytes and are no tables.
const OTHERS: [(&[u8], &str, &str); 11] = [
    (b"%PDF", " PDF 文件", "a PDF"),
    (b"{\\rtf", " RTF 文档", "an RTF document"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"II*\0", "图片", "a picture"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"\x1f\x8b", "压缩包", "an archive"),
    (b"SQLite format 3", "数据库文件", "a database"),
    (b"MIME-Version:", "网页归档（.mht）", "a web archive"),
];

/// Workbooks of before Excel 5.0 begin with their first record.
const OLD: [&[u8]; 3] = [
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
];

/// What a file's first bytes say it is.
fn sniff(head: &[u8]) -> Result<Kind, Strange> {
    let begins = |mark: &[u8]| head.starts_with(mark);
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") {
        return Ok(Kind::Xlsx);
    }
    if begins(b"\xD0\xCF\x11\xE0") {
        return Ok(Kind::Xls);
    }
    if OLD.into_iter().any(begins) {
        return Err(Strange::TooOld);
    }
    if let Some((_, zh, en)) = OTHERS.iter().find(|(mark, ..)| begins(mark)) {
        return Err(Strange::Other(zh, en));
    }
    // A database that a text was drawn from may have left a NUL in it; binary files have many.
    let nothing = memchr::memchr_iter(0, head).count();
    if csv::marked(head).is_none() && nothing * FEWEST_TO_A_NUL > head.len() {
        return Err(Strange::Binary);
    }
    let text = csv::decode(head).to_lowercase();
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let has = |mark| text.contains(mark);
    Ok(match text.chars().next() {
        Some('<') if has("<office:document") => Kind::FlatOds,
        Some('<') if has("<html") => Kind::Html,
        Some('<') if has("<workbook") || has(":workbook") => Kind::Xml2003,
        Some('<') => Kind::Html,
        Some('{') => Kind::Json,
        _ => Kind::Text,
    })
}
