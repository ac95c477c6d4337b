//! One sheet of text cells, as every kind of file is read into.
//!
//! A million rows fit: the text of all cells stands in one piece, and a cell is where it ends.
//!
//! Invariant: no sheet grows over the limits, whatever it is read from; no cell holds a character
//! that a terminal would obey or that nobody sees.

use crate::exchange::Limit;
use crate::exchange::MOST_CHARACTERS;
use crate::exchange::MOST_COLUMNS;
use crate::model::clean::is_unseen;

/// The most rows of a sheet: a million residents fit.
pub const MOST_ROWS: usize = 2_000_000;
/// The most cells of a sheet, the blank ones before a filled one included.
pub const MOST_CELLS: usize = 40_000_000;
/// The most bytes of text in a sheet.
pub const MOST_TEXT: usize = 384 << 20;

/// A rectangle of merged cells: rows as they are numbered, columns from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The first row.
    pub top: usize,
    /// The last row.
    pub bottom: usize,
    /// The first column.
    pub left: usize,
    /// The last column.
    pub right: usize,
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; the file's name for a file of one.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Its merged cells.
    pub merged: Vec<Area>,
    lines: Vec<Line>,
    ends: Vec<u32>,
    text: String,
}

/// Where a row's cells end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    number: u32,
    end: u32,
    hidden: bool,
}

/// A row of a sheet.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its number in the sheet, from 1; for a text file the number of its first line.
    pub number: usize,
    /// Whether the sheet hides it.
    pub hidden: bool,
    text: &'a str,
    start: usize,
    ends: &'a [u32],
}

impl<'a> Row<'a> {
    /// Its cells, up to the last that is filled.
    pub fn cells(self) -> impl ExactSizeIterator<Item = &'a str> + Clone {
        (0..self.ends.len()).map(move |at| self.cell(at))
    }

    /// The cell in a column; blank where there is none.
    pub fn cell(self, column: usize) -> &'a str {
        let Some(end) = self.ends.get(column) else {
            return "";
        };
        let before = column.checked_sub(1).and_then(|at| self.ends.get(at));
        let start = before.map_or(self.start, |end| *end as usize);
        self.text.get(start..*end as usize).unwrap_or_default()
    }

    /// Whether nothing stands in any cell.
    pub fn is_blank(self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }
}

impl Sheet {
    /// A sheet without rows.
    pub fn new(name: &str) -> Sheet {
        let mut cleaned = String::new();
        clean(name, &mut cleaned);
        Sheet {
            name: cleaned,
            ..Sheet::default()
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Its rows, in their order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> + Clone {
        (0..self.lines.len()).filter_map(|at| self.row(at))
    }

    /// The row at a place, from 0.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        let line = self.lines.get(at)?;
        let above = at.checked_sub(1).and_then(|at| self.lines.get(at));
        let first = above.map_or(0, |line| line.end as usize);
        let before = first.checked_sub(1).and_then(|at| self.ends.get(at));
        Some(Row {
            number: line.number as usize,
            hidden: line.hidden,
            text: &self.text,
            start: before.map_or(0, |end| *end as usize),
            ends: self.ends.get(first..line.end as usize)?,
        })
    }

    /// The row with a number.
    pub fn numbered(&self, number: usize) -> Option<Row<'_>> {
        let at = self
            .lines
            .binary_search_by_key(&number, |line| line.number as usize);
        self.row(at.ok()?)
    }

    /// The number of its last row; 0 when it has none.
    pub fn last_number(&self) -> usize {
        self.lines.last().map_or(0, |line| line.number as usize)
    }

    /// Adds a row below the others. Blank cells at its end are left out.
    pub fn push<'a>(
        &mut self,
        number: usize,
        hidden: bool,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Limit> {
        let first = self.ends.len();
        let mut filled = (first, self.text.len());
        for (column, cell) in cells.into_iter().enumerate() {
            let is_filled = !cell.trim().is_empty();
            if is_filled && column >= MOST_COLUMNS {
                return Err(Limit::Columns(MOST_COLUMNS, number));
            }
            if is_longer(cell, MOST_CHARACTERS) {
                return Err(Limit::Characters(MOST_CHARACTERS, number));
            }
            if column < MOST_COLUMNS {
                clean(cell, &mut self.text);
                self.ends.push(within(self.text.len()));
            }
            if is_filled {
                filled = (self.ends.len(), self.text.len());
            }
        }
        self.ends.truncate(filled.0);
        self.text.truncate(filled.1);
        self.end_row(number, hidden)
    }

    /// Adds a row of one cell, however long.
    pub fn push_line(&mut self, number: usize, line: &str) -> Result<(), Limit> {
        clean(line, &mut self.text);
        self.ends.push(within(self.text.len()));
        self.end_row(number, false)
    }

    fn end_row(&mut self, number: usize, hidden: bool) -> Result<(), Limit> {
        self.lines.push(Line {
            number: within(number),
            end: within(self.ends.len()),
            hidden,
        });
        if self.lines.len() > MOST_ROWS || number > u32::MAX as usize {
            Err(Limit::Rows(MOST_ROWS))
        } else if self.ends.len() > MOST_CELLS {
            Err(Limit::Cells(MOST_CELLS))
        } else if self.text.len() > MOST_TEXT {
            Err(Limit::Unpacked(MOST_TEXT as u64))
        } else {
            Ok(())
        }
    }
}

/// A place in a sheet as it is kept: the limits stand far below what it holds.
fn within(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Whether a text has more characters than this.
pub fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

/// Adds a text without what nobody sees; line ends become one kind.
fn clean(text: &str, out: &mut String) {
    // Every such character begins with one of these bytes.
    let is_suspect =
        |byte: u8| byte < b' ' || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe1 | 0xe2 | 0xef);
    if !text.bytes().any(is_suspect) {
        out.push_str(text);
        return;
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && chars.peek() != Some(&'\n') {
            out.push('\n');
        } else if !is_unseen(c) {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sheet;
    use super::is_unseen;

    fn cells(sheet: &Sheet, at: usize) -> Vec<&str> {
        sheet.row(at).unwrap().cells().collect()
    }

    #[test]
    fn rows_come_back_as_they_went_in() {
        let mut sheet = Sheet::new("a\u{202e}b");
        sheet.push(1, false, ["姓名", "", "住址"]).unwrap();
        sheet.push(2, false, ["", " "]).unwrap();
        sheet.push(5, true, ["张三", "男", "", " "]).unwrap();
        assert_eq!(sheet.name, "ab");
        assert_eq!(cells(&sheet, 0), ["姓名", "", "住址"]);
        assert_eq!(cells(&sheet, 1), [""; 0]);
        assert_eq!(cells(&sheet, 2), ["张三", "男"]);
        let row = sheet.numbered(5).unwrap();
        assert!(row.hidden && row.cell(1) == "男" && row.cell(9).is_empty());
        assert!(sheet.row(1).unwrap().is_blank());
        assert_eq!((sheet.len(), sheet.last_number()), (3, 5));
    }

    #[test]
    fn nothing_unseen_gets_in() {
        let all: String = (0..=0x1_ffff_u32).filter_map(char::from_u32).collect();
        let mut sheet = Sheet::default();
        for (number, part) in (1..).zip(all.chars().collect::<Vec<_>>().chunks(1000)) {
            sheet
                .push_line(number, &part.iter().collect::<String>())
                .unwrap();
        }
        let kept: String = sheet.rows().map(|row| row.cell(0)).collect();
        assert!(!kept.chars().any(is_unseen));
        let seen = |c: char| !is_unseen(c) && !matches!(c, '\r' | '\n');
        assert_eq!(
            kept.chars().filter(|c| *c != '\n').count(),
            all.chars().filter(|c| seen(*c)).count()
        );
    }

    #[test]
    fn a_sheet_has_limits() {
        let mut sheet = Sheet::default();
        assert!(sheet.push(1, false, [&*"长".repeat(32_768)]).is_err());
        let mut wide = vec![""; 600];
        assert!(sheet.push(2, false, wide.iter().copied()).is_ok());
        wide.push("x");
        assert!(sheet.push(3, false, wide.iter().copied()).is_err());
    }
}
