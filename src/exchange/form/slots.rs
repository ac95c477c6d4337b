//! Which rows of a form are there to be filled.
//!
//! Invariant: a row of sums, of signatures or of notes is never one of them, nor anything below it.

use crate::exchange::form::page::Page;
use crate::exchange::form::styles::Styles;
use crate::exchange::intake::Column;
use crate::exchange::intake::Reason;
use crate::exchange::layout::reason_to_skip;
use crate::exchange::sheet::Sheet;
use crate::model::ruling::Meaning;

/// At most so many rows of hints and column numbers stand under the headings.
const MOST_HINTS: u32 = 3;

/// The rows to fill: `count` of them, from `first`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slots {
    /// The first, also when there is none yet.
    pub(crate) first: u32,
    /// How many there are.
    pub(crate) count: u32,
    /// How many of them, from the first, hold an earlier filing or an example.
    pub(crate) filled: u32,
}

/// What is known of a form when its rows are looked for.
pub(crate) struct Sight<'a> {
    /// The sheet as text.
    pub(crate) sheet: &'a Sheet,
    /// The sheet as XML.
    pub(crate) page: &'a Page<'a>,
    /// What its cells look like.
    pub(crate) styles: &'a Styles,
    /// The columns, from the first.
    pub(crate) columns: &'a [Column],
    /// The column of the name, from 0.
    pub(crate) naming: usize,
    /// The last row of the headings.
    pub(crate) heading: u32,
}

impl Sight<'_> {
    /// The rows to fill.
    pub(crate) fn slots(&self) -> Slots {
        let first = self.first();
        let last = self.page.rows.keys().next_back().copied().unwrap_or(0);
        let framed = self.is_framed(first);
        let (mut count, mut filled) = (0, 0);
        for row in first..=last {
            if self.is_blank(row) && (count == 0 || self.is_framed(row) == framed) {
                count += 1;
            } else if self.is_resident(row) && filled == count {
                filled += 1;
                count += 1;
            } else {
                break;
            }
        }
        Slots {
            first,
            count,
            filled,
        }
    }

    /// The first row under the headings, their merged cells, hints and column numbers.
    fn first(&self) -> u32 {
        let reach = |((top, bottom), _): &((u32, u32), (u32, u32))| {
            let touches = (*top..=*bottom).contains(&self.heading);
            touches.then_some(*bottom)
        };
        let tall = self.page.merged.iter().filter_map(reach).max();
        let mut first = tall.unwrap_or(self.heading).max(self.heading) + 1;
        let most = first + MOST_HINTS;
        while first < most && self.is_hint(first, first == self.heading + 1) {
            first += 1;
        }
        first
    }

    fn cells(&self, row: u32) -> Vec<&str> {
        let row = self.sheet.numbered(row as usize);
        row.map_or_else(Vec::new, |row| row.cells().collect())
    }

    fn is_hint(&self, row: u32, is_first: bool) -> bool {
        let cells = self.cells(row);
        let filled: Vec<&str> = cells
            .iter()
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect();
        let numbered = filled.len() > 2
            && (filled.iter().all(|cell| is_number(cell)) || filled.starts_with(&["甲", "乙"]));
        numbered || reason_to_skip(&cells, self.columns, is_first) == Some(Reason::Heading)
    }

    /// Whether nothing stands in a row but formulas, row numbers, and texts that are merged over
    /// several rows.
    fn is_blank(&self, row: u32) -> bool {
        let cells = self.cells(row);
        let stands = |(at, cell): (usize, &&str)| {
            let column = at as u32 + 1;
            let cell = cell.trim();
            let xml = self.page.at(row, column);
            let is_formula = xml.is_some_and(|xml| xml.formula.is_some());
            let meaning = self.columns.get(at).map(|column| &column.meaning);
            let is_serial = meaning == Some(&Meaning::Serial) && is_number(cell);
            !(cell.is_empty() || is_formula || is_serial || self.page.is_tall(row, column))
        };
        let spread = self
            .page
            .merged
            .iter()
            .any(|((top, bottom), (left, right))| {
                let over = (*left..=*right).contains(&(self.naming as u32 + 1));
                // A note's place, merged over most of the form, is no row to fill.
                (*top..=*bottom).contains(&row)
                    && over
                    && (right - left) as usize * 2 > self.columns.len()
            });
        !spread && !cells.iter().enumerate().any(stands)
    }

    /// Whether somebody stands in a row.
    fn is_resident(&self, row: u32) -> bool {
        let cells = self.cells(row);
        let name = cells.get(self.naming).map_or("", |cell| cell.trim());
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let is_name = !name.is_empty()
            && name.chars().count() <= 20
            && !name.contains(['：', ':', '（', '(', '。', '，'])
            && !name.chars().any(|c| c.is_ascii_digit());
        is_name && filled > 1 && reason_to_skip(&cells, self.columns, false).is_none()
    }

    /// Whether the place of the name has a frame around it.
    fn is_framed(&self, row: u32) -> bool {
        let style = self.page.style(row, self.naming as u32 + 1);
        self.styles.is_bordered(style)
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_numeric() || c == '.')
}
