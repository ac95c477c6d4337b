//! CSV in and out: UTF-8 with or without BOM, UTF-16 with, GB18030.
//!
//! Invariant: a cell that a spreadsheet would take for a formula goes out behind an apostrophe and
//! comes back without it.

use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::quotes;
use crate::exchange::sheet::Sheet;
use encoding_rs::Encoding;
use encoding_rs::GB18030;
use std::borrow::Cow;
use std::io::Write;

/// What may part the cells of a row.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Only the start of a file is looked at to tell its delimiter.
const LINES_TO_JUDGE: usize = 30;

/// The encoding that a byte order mark names, and the mark's length.
pub(crate) fn marked(bytes: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(bytes)
}

/// The text of a file: by its byte order mark, else UTF-8 where it is valid, else GB18030, which
/// every other Chinese ledger is in.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = marked(bytes) {
        let body = bytes.get(length..).unwrap_or_default();
        return encoding.decode_without_bom_handling(body).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// Reads the rows of a text file. Rows are numbered by line; blank lines are no rows.
pub fn read(bytes: &[u8], name: &str) -> Result<Sheet, Refusal> {
    let text = decode(bytes);
    let delimiter = delimiter(&text);
    let text = quotes::mended(&text, delimiter);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::new(name);
    let mut record = csv::StringRecord::new();
    let mut lines = Lines::of(text.as_bytes());
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => return Err(Strange::Broken(fault.to_string()).into()),
        }
        let start = record.position().map_or(0, csv::Position::byte);
        sheet.push(lines.at(start as usize), false, record.iter().map(freed))?;
    }
    Ok(sheet)
}

/// The lines of a text, whichever of the three line ends it has. The reader's own count knows one.
struct Lines<'a> {
    bytes: &'a [u8],
    place: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn of(bytes: &'a [u8]) -> Lines<'a> {
        Lines {
            bytes,
            place: 0,
            line: 1,
        }
    }

    /// The line on which a record begins; records come one after another. The reader begins one
    /// before the line feed of the line above, and before the blank lines that it skips.
    fn at(&mut self, start: usize) -> usize {
        while let Some(byte) = self.bytes.get(self.place) {
            let is_end = matches!(byte, b'\r' | b'\n');
            if self.place >= start && !is_end {
                break;
            }
            let is_pair = *byte == b'\r' && self.bytes.get(self.place + 1) == Some(&b'\n');
            self.line += usize::from(is_end && !is_pair);
            self.place += 1;
        }
        self.line
    }
}

/// The delimiter that occurs most in the first lines.
fn delimiter(text: &str) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in text.lines().take(LINES_TO_JUDGE).flat_map(str::bytes) {
        for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
            *count += usize::from(byte == delimiter);
        }
    }
    // The first of equals wins, so that a file of one column is comma-separated.
    (0..DELIMITERS.len())
        .rev()
        .max_by_key(|at| counts[*at])
        .map_or(b',', |at| DELIMITERS[at])
}

/// How the text of a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8 as programs pass it on.
    Utf8,
    /// UTF-8 with a byte order mark, by which spreadsheets know it.
    Utf8Marked,
    /// GB18030, which the oldest programs of a department know.
    Gb18030,
}

impl Charset {
    /// The first character of a text that the encoding has no bytes for.
    pub fn lacks(self, text: &str) -> Option<char> {
        let has = |c: char| !GB18030.encode(c.encode_utf8(&mut [0; 4])).2;
        match self {
            Charset::Utf8 | Charset::Utf8Marked => None,
            Charset::Gb18030 => text.chars().find(|c| !has(*c)),
        }
    }
}

/// Writes rows of cells.
pub fn write(
    rows: impl Iterator<Item = Vec<String>>,
    charset: Charset,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if charset == Charset::Utf8Marked {
        out.write_all("\u{feff}".as_bytes())?;
    }
    // A mark above the headings is a row of one cell.
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    for row in rows {
        let cells = row.iter().map(|cell| match charset {
            Charset::Utf8 | Charset::Utf8Marked => bound(cell).into_owned().into_bytes(),
            Charset::Gb18030 => GB18030.encode(&bound(cell)).0.into_owned(),
        });
        writer.write_record(cells)?;
    }
    writer.flush()
}

/// Whether a spreadsheet may take the text for a formula.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\u{3000}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text with an apostrophe before it where a spreadsheet would take it for a formula. Text
/// that has apostrophes there of its own gets one more, so that taking one off is exact.
fn bound(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text without the apostrophe that keeps it from being a formula.
fn freed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::bound;
    use super::delimiter;
    use super::freed;

    #[test]
    fn formulas_are_bound_and_freed() {
        for trigger in [
            "=1+1", "+86", "-1", "@a", "\t=", "＝1", " =1", "'=1", "''@x",
        ] {
            assert_eq!(bound(trigger), format!("'{trigger}"));
            assert_eq!(freed(&bound(trigger)), trigger);
        }
        for plain in ["张三", "3-2-501", "", "'110101", "a=b"] {
            assert_eq!(bound(plain), plain);
            assert_eq!(freed(plain), plain);
        }
    }

    #[test]
    fn the_delimiter_is_the_one_that_occurs_most() {
        assert_eq!(delimiter("姓名,性别\n张三,男"), b',');
        assert_eq!(delimiter("姓名;住址,详\n张三;3栋,1"), b',');
        assert_eq!(delimiter("姓名;性别;住址\n张三;男;3栋,1"), b';');
        assert_eq!(delimiter("姓名\t性别"), b'\t');
        assert_eq!(delimiter("姓名"), b',');
    }
}
