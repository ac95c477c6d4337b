//! The archive that a workbook is, measured before anything in it is read.
//!
//! Invariant: what an archive declares is not believed; no part is read before every part that
//! counts has been unpacked into nothing and found to fit.

use crate::exchange::Limit;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use memchr::memmem;
use std::collections::HashMap;
use std::collections::HashSet;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Cursor;
use std::io::Read;
use zip::ZipArchive;

/// The most unpacked bytes that are held at once: shared strings, styles and the rest.
const MOST_HELD: u64 = 64 << 20;
/// The most unpacked bytes that are streamed: the sheets.
const MOST_STREAMED: u64 = 512 << 20;
/// Up to here a part may unpack to any number of times its size.
const HARMLESS: u64 = 16 << 20;
/// No sheet that somebody filled in unpacks to more times its size than this.
const MOST_TIMES: u64 = 200;
/// The most bytes between two tags of a sheet: a cell's text, with room for escapes.
const MOST_BETWEEN_TAGS: usize = 1 << 20;
/// The most rows that a spreadsheet has.
const MOST_ROWS: usize = 1 << 20;
/// The most letters of a column and digits of a row; sheets end at XFD and 1048576.
const MOST_LETTERS: u32 = 6;
const MOST_DIGITS: u32 = 9;
/// The most bytes of a declared number with its attribute's name.
const LONGEST_COUNT: usize = 64;
/// The most parts: those of a few hundred sheets with pictures.
const MOST_PARTS: usize = 10_000;

/// A workbook's archive whose content is known to fit.
pub struct Archive<'a> {
    inner: ZipArchive<Cursor<&'a [u8]>>,
    hidden: HashMap<String, HashSet<u32>>,
}

impl<'a> Archive<'a> {
    /// Opens an archive and measures it.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>, Refusal> {
        let inner = ZipArchive::new(Cursor::new(bytes)).map_err(Strange::broken)?;
        if inner.len() > MOST_PARTS {
            return Err(Strange::broken("parts").into());
        }
        let mut archive = Archive {
            inner,
            hidden: HashMap::new(),
        };
        archive.measure()?;
        Ok(archive)
    }

    /// Whether a part begins like this.
    pub fn has(&self, start: &str) -> bool {
        let mut names = self.inner.file_names().flatten();
        names.any(|name| name.starts_with(start))
    }

    /// The rows, from 0, that a part hides.
    pub fn hidden(&mut self, part: &str) -> HashSet<u32> {
        self.hidden.remove(part).unwrap_or_default()
    }

    /// A part, unpacked as it is read.
    pub fn part(&mut self, name: &str) -> Result<Option<impl BufRead>, Refusal> {
        match self.inner.by_name(name) {
            Ok(part) => Ok(Some(BufReader::new(part))),
            Err(zip::result::ZipError::FileNotFound) => Ok(None),
            Err(fault) => Err(Strange::broken(fault).into()),
        }
    }

    /// Unpacks every part that can be read into nothing, counting.
    fn measure(&mut self) -> Result<(), Refusal> {
        let (mut held, mut streamed) = (0, 0);
        for at in 0..self.inner.len() {
            let mut part = self.inner.by_index(at).map_err(Strange::broken)?;
            let name = part.name().map_err(Strange::broken)?.into_owned();
            if !is_read(&name) {
                continue;
            }
            let is_sheet = name.starts_with("xl/worksheets/") || name == "content.xml";
            let (sum, most) = if is_sheet {
                (&mut streamed, MOST_STREAMED)
            } else {
                (&mut held, MOST_HELD)
            };
            let packed = part.compressed_size();
            let mut gauge = Gauge::default();
            unpack(&mut part, |chunk| {
                *sum += chunk.len() as u64;
                gauge.size += chunk.len() as u64;
                let is_bomb = gauge.size > HARMLESS && gauge.size / MOST_TIMES > packed;
                if *sum > most || is_bomb {
                    return Err(Limit::Unpacked(most.min(gauge.size)));
                }
                if is_sheet {
                    return gauge.look(chunk);
                }
                gauge.hear(chunk);
                Ok(())
            })?;
            if gauge.strings > gauge.size {
                return Err(Strange::broken(name).into());
            }
            if !gauge.hidden.is_empty() {
                self.hidden.insert(name, gauge.hidden);
            }
        }
        Ok(())
    }
}

/// Whether a part is ever read: pictures and the like are not.
fn is_read(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ["xml", "rels", "mimetype"].contains(&ending.to_ascii_lowercase().as_str())
}

fn unpack(
    part: &mut impl Read,
    mut chunk: impl FnMut(&[u8]) -> Result<(), Limit>,
) -> Result<(), Refusal> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = part.read(&mut buffer).map_err(Strange::broken)?;
        match buffer.get(..length) {
            None | Some([]) => return Ok(()),
            Some(bytes) => chunk(bytes)?,
        }
    }
}

/// What is looked at while a sheet is unpacked.
#[derive(Default)]
struct Gauge {
    size: u64,
    rows: usize,
    /// How many shared strings are declared, for which memory would be taken at once.
    strings: u64,
    hidden: HashSet<u32>,
    /// From the last tag that is not known to be whole.
    tail: Vec<u8>,
}

impl Gauge {
    /// Looks at every tag that is whole: counts the rows and keeps the numbers of hidden ones.
    fn look(&mut self, chunk: &[u8]) -> Result<(), Limit> {
        self.tail.extend_from_slice(chunk);
        let Some(last) = memchr::memrchr(b'<', &self.tail) else {
            return self.bounded();
        };
        let whole = self.tail.get(..last).unwrap_or_default();
        self.rows += memmem::find_iter(whole, b"<row").count();
        for at in memmem::find_iter(whole, b"hidden=") {
            let start = whole.get(..at).and_then(|head| memchr::memrchr(b'<', head));
            let tag = start.and_then(|start| whole.get(start..));
            let length = tag.and_then(|tag| memchr::memchr(b'>', tag));
            let tag = tag.and_then(|tag| tag.get(..length?));
            self.hidden.extend(tag.and_then(hidden_row));
        }
        let is_beyond = [b" r=".as_slice(), b" ref="].iter().any(|key| {
            let mut places = memmem::find_iter(whole, key);
            places.any(|at| whole.get(at + key.len()..).is_some_and(is_beyond))
        });
        self.tail.drain(..last);
        if self.rows > MOST_ROWS || is_beyond {
            return Err(Limit::Rows(MOST_ROWS));
        }
        self.bounded()
    }

    /// Hears how many shared strings a part says it has; each takes more than a byte of it.
    fn hear(&mut self, chunk: &[u8]) {
        self.tail.extend_from_slice(chunk);
        for at in memmem::find_iter(&self.tail, b"uniqueCount") {
            let after = self.tail.get(at..).unwrap_or_default().iter().copied();
            let value = after.skip_while(|byte| !byte.is_ascii_digit());
            let digits = value.take_while(u8::is_ascii_digit);
            let digit = |count: u64, byte: u8| {
                let count = count.saturating_mul(10);
                count.saturating_add(u64::from(byte - b'0'))
            };
            self.strings = self.strings.max(digits.fold(0, digit));
        }
        let seen = self.tail.len().saturating_sub(LONGEST_COUNT);
        self.tail.drain(..seen);
    }

    fn bounded(&self) -> Result<(), Limit> {
        if self.tail.len() > MOST_BETWEEN_TAGS {
            return Err(Limit::Cell(MOST_BETWEEN_TAGS as u64));
        }
        Ok(())
    }
}

/// Whether an attribute's value such as `"B7"` or `"A1:J14"` names a place with so many letters or
/// digits that counting them would overflow, or an area that ends before it begins.
fn is_beyond(value: &[u8]) -> bool {
    let mut places = [(0_u32, 0_u32); 2];
    let (mut at, mut letters, mut digits) = (0, 0, 0);
    for byte in value.iter().skip(1) {
        let Some((column, row)) = places.get_mut(at) else {
            return false;
        };
        match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => {
                letters += 1;
                let order = u32::from(letter - b'A') + 1;
                *column = column.saturating_mul(26).saturating_add(order);
            }
            digit @ b'0'..=b'9' => {
                digits += 1;
                *row = row
                    .saturating_mul(10)
                    .saturating_add(u32::from(digit - b'0'));
            }
            b':' => (at, letters, digits) = (at + 1, 0, 0),
            _ => break,
        }
        if letters > MOST_LETTERS || digits > MOST_DIGITS {
            return true;
        }
    }
    let [start, end] = places;
    at == 1 && (end.0 < start.0 || end.1 < start.1)
}

/// The row, from 0, that a tag such as `<row r="3" hidden="1"` hides.
fn hidden_row(tag: &[u8]) -> Option<u32> {
    let tag = str::from_utf8(tag).ok()?;
    let name = tag
        .trim_start_matches('<')
        .split([' ', '\t', '\r', '\n'])
        .next()?;
    let value = |key: &str| {
        let rest = tag
            .split(&[' ', '\t', '\r', '\n'])
            .find_map(|part| part.strip_prefix(key));
        Some(rest?.trim_end_matches('/').trim_matches(['"', '\'']))
    };
    let is_row = name == "row" || name.ends_with(":row");
    let is_hidden = matches!(value("hidden="), Some("1" | "true"));
    let number: u32 = value("r=").filter(|_| is_row && is_hidden)?.parse().ok()?;
    number.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::Gauge;
    use super::hidden_row;
    use super::is_beyond;

    #[test]
    fn hidden_rows_are_seen_however_the_sheet_is_cut() {
        let sheet = br#"<sheetData><row r="1"/><row hidden="1" r="2" ht="9"><c r="A2"/></row><col hidden="1"/><row r="30" hidden='true'/></sheetData>"#;
        for size in 1..sheet.len() {
            let mut gauge = Gauge::default();
            for chunk in sheet.chunks(size) {
                gauge.look(chunk).unwrap();
            }
            let mut hidden: Vec<u32> = gauge.hidden.into_iter().collect();
            hidden.sort_unstable();
            assert_eq!((hidden, gauge.rows), (vec![1, 29], 3), "{size}");
        }
        let strings =
            br#"<sst xmlns="" count="9" uniqueCount="6999999999"><si><t>a</t></si></sst>"#;
        for size in 1..strings.len() {
            let mut gauge = Gauge::default();
            strings.chunks(size).for_each(|chunk| gauge.hear(chunk));
            assert_eq!(gauge.strings, 6_999_999_999, "{size}");
        }
        assert_eq!(hidden_row(br#"<row r="3" hidden="0""#), None);
        assert!(is_beyond(br#""A9999999999""#) && is_beyond(br#""A1:ABCDEFG1""#));
        assert!(is_beyond(br#""A9:B1""#) && is_beyond(br#""C1:B9""#));
        assert!(!is_beyond(br#""A1:XFD1048576""#) && !is_beyond(br#""not a place""#));
        assert_eq!(hidden_row(br#"<x:row r="3" hidden="1"/"#), Some(2));
    }
}
