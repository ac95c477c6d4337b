//! References such as `B4`, `$A$1:$H$20`, `'名单'!D4:D9`, and what pushing rows down makes of them.
//!
//! Invariant: what is no reference comes out as it went in.

/// The last row that a spreadsheet has.
const LAST_ROW: u32 = 1_048_576;

/// Rows pushed down to make room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    /// The row under which the new rows stand.
    pub(crate) after: u32,
    /// A range that reaches this row grows with the new rows.
    pub(crate) grows: u32,
    /// How many.
    pub(crate) count: u32,
}

impl Shift {
    /// Where a row goes.
    pub(crate) fn row(self, row: u32) -> u32 {
        if row > self.after {
            row.saturating_add(self.count).min(LAST_ROW)
        } else {
            row
        }
    }

    /// Where the rows of a range go.
    pub(crate) fn rows(self, first: u32, last: u32) -> (u32, u32) {
        let end = if last >= self.grows && first <= self.grows {
            last.saturating_add(self.count).min(LAST_ROW)
        } else {
            self.row(last)
        };
        (self.row(first), end)
    }

    /// A list of ranges, as `sqref` has them. A range that ends at the pattern of the new rows
    /// covers them too.
    pub(crate) fn ranges(self, list: &str) -> String {
        let grown = Shift {
            grows: self.after,
            ..self
        };
        let moved = list.split_whitespace().map(|one| {
            let range = Range::parse(one);
            range.map_or(one.to_owned(), |range| range.moved(grown).to_string())
        });
        moved.collect::<Vec<_>>().join(" ")
    }
}

/// One corner: a cell, a whole column, or a whole row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Corner {
    /// From 1; none for a whole row.
    pub(crate) column: Option<u32>,
    /// From 1; none for a whole column.
    pub(crate) row: Option<u32>,
    fixed_column: bool,
    fixed_row: bool,
}

impl Corner {
    fn parse(word: &str) -> Option<Corner> {
        let (fixed_column, rest) = dollar(word);
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, rest) = rest.split_at(letters);
        let (fixed_row, digits) = if letters.is_empty() {
            (fixed_column, rest)
        } else {
            dollar(rest)
        };
        let column = match letters.len() {
            0 => None,
            1..=3 => Some(column_number(letters)),
            _ => return None,
        };
        let row = if digits.is_empty() {
            None
        } else {
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            let row = digits
                .parse()
                .ok()
                .filter(|row| (1..=LAST_ROW).contains(row));
            Some(row.filter(|_| plain)?)
        };
        (column.is_some() || row.is_some()).then_some(Corner {
            column,
            row,
            fixed_column: fixed_column && column.is_some(),
            fixed_row,
        })
    }

    fn copied(self, down: i64, right: i64) -> Corner {
        let moved = |place: u32, fixed: bool, by: i64| {
            let by = if fixed { 0 } else { by };
            u32::try_from(i64::from(place) + by).unwrap_or(1).max(1)
        };
        Corner {
            column: self.column.map(|one| moved(one, self.fixed_column, right)),
            row: self.row.map(|one| moved(one, self.fixed_row, down)),
            ..self
        }
    }
}

impl std::fmt::Display for Corner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = |fixed| if fixed { "$" } else { "" };
        if let Some(column) = self.column {
            write!(f, "{}{}", mark(self.fixed_column), column_letters(column))?;
        }
        if let Some(row) = self.row {
            write!(f, "{}{row}", mark(self.fixed_row))?;
        }
        Ok(())
    }
}

/// A cell, or a range of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    /// The upper left corner.
    pub(crate) first: Corner,
    /// The lower right corner, when there is another.
    pub(crate) last: Option<Corner>,
}

impl Range {
    /// Reads `B4` or `B4:D9`.
    pub(crate) fn parse(text: &str) -> Option<Range> {
        let (first, last) = match text.split_once(':') {
            Some((first, last)) => (first, Some(Corner::parse(last)?)),
            None => (text, None),
        };
        let first = Corner::parse(first)?;
        Some(Range { first, last })
    }

    /// The rows, first and last.
    pub(crate) fn rows(self) -> Option<(u32, u32)> {
        let first = self.first.row?;
        Some((first, self.last.and_then(|last| last.row).unwrap_or(first)))
    }

    /// The columns, first and last.
    pub(crate) fn columns(self) -> Option<(u32, u32)> {
        let first = self.first.column?;
        Some((
            first,
            self.last.and_then(|last| last.column).unwrap_or(first),
        ))
    }

    /// The range with other rows.
    pub(crate) fn with_rows(self, first: u32, last: u32) -> Range {
        let corner = |corner: Corner, row| Corner {
            row: corner.row.map(|_| row),
            ..corner
        };
        let grown = self.last.or((first != last).then_some(self.first));
        Range {
            first: corner(self.first, first),
            last: grown.map(|one| corner(one, last)),
        }
    }

    /// The range as it is copied so many rows down and columns to the right.
    pub(crate) fn copied(self, down: i64, right: i64) -> Range {
        Range {
            first: self.first.copied(down, right),
            last: self.last.map(|corner| corner.copied(down, right)),
        }
    }

    /// The range where its rows go.
    pub(crate) fn moved(self, shift: Shift) -> Range {
        match (self.rows(), self.last) {
            (Some((first, last)), Some(_)) => {
                let (first, last) = shift.rows(first, last);
                self.with_rows(first, last)
            }
            (Some((row, _)), None) => self.with_rows(shift.row(row), shift.row(row)),
            (None, _) => self,
        }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.last {
            Some(last) => write!(f, "{}:{last}", self.first),
            None => write!(f, "{}", self.first),
        }
    }
}

/// `B` is 2.
pub(crate) fn column_number(letters: &str) -> u32 {
    letters.bytes().fold(0, |sum, letter| {
        sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    })
}

/// 2 is `B`.
pub(crate) fn column_letters(mut number: u32) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + (number % 26) as u8));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn dollar(text: &str) -> (bool, &str) {
    match text.strip_prefix('$') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::Shift;
    use super::column_letters;
    use super::column_number;

    #[test]
    fn ranges_move_and_grow_with_their_rows() {
        let three = Shift {
            after: 5,
            grows: 6,
            count: 3,
        };
        let moved = three.ranges("D4:D5 E6 F8:G9 C5");
        assert_eq!(moved, "D4:D8 E9 F11:G12 C5");
        assert_eq!(three.rows(4, 6), (4, 9));
        assert_eq!(three.rows(6, 6), (9, 9));
    }

    #[test]
    fn columns_have_letters() {
        for (number, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")] {
            assert_eq!(column_letters(number), letters);
            assert_eq!(column_number(letters), number);
        }
    }
}
