//! XLS: the records of Excel 5.0 to 2003, and of WPS under the name of .et.
//!
//! calamine's reader asks for memory by what a file says of itself and follows damaged chains for
//! ever, and shows no hidden rows; the records that a ledger needs are few.
//!
//! Invariant: what a record says never decides how much memory is asked for; text of before Unicode
//! is read by the code page it was written in.

use crate::exchange::Limit;
use crate::exchange::MOST_SHEETS;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::grid::Grid;
use crate::exchange::number;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Sheet;
use crate::exchange::strings::Strings;
use crate::exchange::strings::Text;
use crate::exchange::strings::Version;
use cfb::CompoundFile;
use std::io::Cursor;
use std::io::Read;

/// The most bytes of the stream that holds the records.
const MOST_BYTES: u64 = 64 << 20;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const LOCK: u16 = 0x002f;
const CODE_PAGE: u16 = 0x0042;
const FROM_1904: u16 = 0x0022;
const FORMAT: u16 = 0x041e;
const STYLE: u16 = 0x00e0;
const SHEET: u16 = 0x0085;
const STRINGS: u16 = 0x00fc;
const MORE: u16 = 0x003c;
const ROW: u16 = 0x0208;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027e;
const SHORT_NUMBERS: u16 = 0x00bd;
const LABEL: u16 = 0x0204;
const RICH_LABEL: u16 = 0x00d6;
const SHARED_LABEL: u16 = 0x00fd;
const ANSWER: u16 = 0x0205;
const FORMULA: u16 = 0x0006;
const RESULT: u16 = 0x0207;
const MERGED: u16 = 0x00e5;

/// Reads the sheets of a compound file.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(Strange::broken)?;
    let names = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"];
    let Some(name) = names.into_iter().find(|name| file.is_stream(name)) else {
        return Err(of_streams(|name| file.exists(name)).into());
    };
    let stream = file.open_stream(name).map_err(Strange::broken)?;
    let mut records = Vec::new();
    let read = stream.take(MOST_BYTES).read_to_end(&mut records);
    read.map_err(Strange::broken)?;
    Book::of(&records)?.sheets(&records)
}

/// What stands in a compound file that has no workbook.
fn of_streams(has: impl Fn(&str) -> bool) -> Strange {
    if has("/EncryptedPackage") {
        Strange::Locked
    } else if has("/WordDocument") {
        Strange::Other(" Word 文档", "a Word document")
    } else {
        Strange::Binary
    }
}

/// A record: its kind and its bytes.
#[derive(Clone, Copy)]
struct Record<'a> {
    kind: u16,
    bytes: Bytes<'a>,
}

/// The bytes of a record, read by their places; those beyond its end are 0.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    fn array<const N: usize>(self, at: usize) -> [u8; N] {
        let found = at.checked_add(N).and_then(|end| self.0.get(at..end));
        found
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or([0; N])
    }

    pub(super) fn u8(self, at: usize) -> u8 {
        u8::from_le_bytes(self.array(at))
    }

    pub(super) fn u16(self, at: usize) -> u16 {
        u16::from_le_bytes(self.array(at))
    }

    pub(super) fn u32(self, at: usize) -> u32 {
        u32::from_le_bytes(self.array(at))
    }

    fn f64(self, at: usize) -> f64 {
        f64::from_le_bytes(self.array(at))
    }

    pub(super) fn from(self, at: usize) -> Bytes<'a> {
        Bytes(self.0.get(at..).unwrap_or_default())
    }
}

/// The records from a place on, up to the first that is cut off.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream.get(from..).unwrap_or_default();
    std::iter::from_fn(move || {
        let head = Bytes(rest.get(..4)?);
        let end = 4 + usize::from(head.u16(2));
        let bytes = Bytes(rest.get(4..end)?);
        rest = rest.get(end..)?;
        Some(Record {
            kind: head.u16(0),
            bytes,
        })
    })
}

/// What the records before the sheets say.
struct Book {
    text: Text,
    strings: Strings,
    is_1904: bool,
    /// Whether a cell of each style shows a day.
    days: Vec<bool>,
    /// The sheets: where they begin, their names, whether they are hidden.
    sheets: Vec<(usize, String, bool)>,
}

impl Book {
    fn of(stream: &[u8]) -> Result<Book, Refusal> {
        let mut all = records(stream, 0).peekable();
        let version = match all.next().filter(|first| first.kind == BEGIN) {
            Some(first) => Version::of(first.bytes.u16(0))?,
            None => return Err(Strange::broken("BOF").into()),
        };
        let mut book = Book {
            text: Text::new(version),
            strings: Strings::default(),
            is_1904: false,
            days: Vec::new(),
            sheets: Vec::new(),
        };
        let mut formats = std::collections::HashMap::new();
        let mut styles = Vec::new();
        while let Some(Record { kind, bytes }) = all.next().filter(|one| one.kind != END) {
            match kind {
                LOCK => return Err(Strange::Locked.into()),
                CODE_PAGE => book.text.set_page(bytes.u16(0)),
                FROM_1904 => book.is_1904 = bytes.u16(0) == 1,
                FORMAT => {
                    let format = book.text.format(bytes.from(2));
                    formats.insert(bytes.u16(0), number::is_day(&format));
                }
                STYLE => styles.push(bytes.u16(2)),
                // The sixth byte tells sheets from charts and macros.
                SHEET if bytes.u8(5) == 0 => {
                    let name = book.text.short(bytes.from(6));
                    let is_hidden = bytes.u8(4) & 3 != 0;
                    book.sheets.push((bytes.u32(0) as usize, name, is_hidden));
                }
                STRINGS => {
                    let mut parts = vec![bytes.from(8).0];
                    while let Some(more) = all.next_if(|one| one.kind == MORE) {
                        parts.push(more.bytes.0);
                    }
                    book.strings = Strings::read(&parts);
                }
                _ => {}
            }
        }
        let is_day = |style: &u16| {
            let known = || number::is_known_day(*style);
            formats.get(style).copied().unwrap_or_else(known)
        };
        book.days = styles.iter().map(is_day).collect();
        if book.sheets.len() > MOST_SHEETS {
            return Err(Limit::Sheets(MOST_SHEETS).into());
        }
        Ok(book)
    }

    fn sheets(&self, stream: &[u8]) -> Result<Vec<Sheet>, Refusal> {
        let sheets = self.sheets.iter().map(|(start, name, is_hidden)| {
            let mut sheet = self.sheet(records(stream, *start), name)?;
            sheet.hidden = *is_hidden;
            Ok(sheet)
        });
        sheets.collect()
    }

    fn sheet<'a>(
        &self,
        records: impl Iterator<Item = Record<'a>>,
        name: &str,
    ) -> Result<Sheet, Refusal> {
        let mut grid = Grid::default();
        let mut merged = Vec::new();
        // Charts stand inside sheets, with cells of their own.
        let mut depth = 0_usize;
        let mut formula = (0, 0);
        for record in records {
            match record.kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                _ if depth > 1 => {}
                ROW if record.bytes.u16(12) & 0x20 != 0 => {
                    grid.hidden.insert(u32::from(record.bytes.u16(0)));
                }
                MERGED => merged.extend(areas(record.bytes)),
                RESULT => {
                    grid.put(formula.0, formula.1, &self.text.long(record.bytes))?;
                }
                kind => {
                    if kind == FORMULA {
                        formula = place(record.bytes);
                    }
                    self.cell(record, &mut grid)?;
                }
            }
        }
        let mut sheet = grid.into_sheet(name)?;
        sheet.merged = merged;
        Ok(sheet)
    }

    fn cell(&self, Record { kind, bytes }: Record<'_>, grid: &mut Grid) -> Result<(), Limit> {
        let (row, column) = place(bytes);
        match kind {
            NUMBER => grid.put(row, column, &self.number(bytes.f64(6), bytes.u16(4))),
            SHORT_NUMBER => grid.put(row, column, &self.number(short(bytes.u32(6)), bytes.u16(4))),
            SHORT_NUMBERS => {
                let count = bytes.0.len().saturating_sub(6) / 6;
                (0..count).try_for_each(|at| {
                    let text = self.number(short(bytes.u32(6 + 6 * at)), bytes.u16(4 + 6 * at));
                    grid.put(row, column + at as u32, &text)
                })
            }
            LABEL | RICH_LABEL => grid.put(row, column, &self.text.long(bytes.from(6))),
            SHARED_LABEL => grid.put(row, column, self.strings.get(bytes.u32(6))),
            ANSWER if bytes.u8(7) == 0 => grid.put(row, column, number::answer(bytes.u8(6) != 0)),
            // Text comes in a record of its own; errors say nothing.
            FORMULA if bytes.u16(12) != 0xffff => {
                grid.put(row, column, &self.number(bytes.f64(6), bytes.u16(4)))
            }
            FORMULA if bytes.u8(6) == 1 => grid.put(row, column, number::answer(bytes.u8(8) != 0)),
            _ => Ok(()),
        }
    }

    fn number(&self, value: f64, style: u16) -> String {
        if self.days.get(usize::from(style)) == Some(&true) {
            number::day(value, self.is_1904)
        } else {
            number::number(value)
        }
    }
}

fn place(bytes: Bytes<'_>) -> (u32, u32) {
    (u32::from(bytes.u16(0)), u32::from(bytes.u16(2)))
}

/// A number in four bytes: an integer or the upper half of a double, perhaps in hundredths.
fn short(bits: u32) -> f64 {
    let number = if bits & 2 == 0 {
        f64::from_bits(u64::from(bits & !3) << 32)
    } else {
        f64::from(bits.cast_signed() >> 2)
    };
    if bits & 1 == 0 {
        number
    } else {
        number / 100.0
    }
}

fn areas(bytes: Bytes<'_>) -> impl Iterator<Item = Area> {
    let count = usize::from(bytes.u16(0)).min(bytes.0.len() / 8);
    (0..count).map(move |at| {
        let part = |nth: usize| usize::from(bytes.u16(2 + 8 * at + 2 * nth));
        Area {
            top: part(0) + 1,
            bottom: part(1) + 1,
            left: part(2),
            right: part(3),
        }
    })
}
