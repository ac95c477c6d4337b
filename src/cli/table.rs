//! Tables of text, aligned by cells.
//!
//! Invariant: a column's cells start at the same terminal column, whatever script they are in.

use crate::cli::print::one_line;
use unicode_width::UnicodeWidthStr;

/// Rows of cells under headings.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: Vec<String>) -> Table {
        Table {
            rows: vec![headings],
            right: Vec::new(),
        }
    }

    /// A table without headings.
    pub(crate) fn bare() -> Table {
        Table {
            rows: Vec::new(),
            right: Vec::new(),
        }
    }

    /// Lines these columns (from 0) up on the right, as numbers are.
    pub(crate) fn right(mut self, columns: impl IntoIterator<Item = usize>) -> Table {
        self.right.extend(columns);
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The lines, without blanks at their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        let rows: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| one_line(cell)).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns)
            .map(|at| {
                rows.iter()
                    .filter_map(|row| row.get(at))
                    .map(|cell| cell.width())
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        rows.iter().map(|row| self.line(row, &widths)).collect()
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((at, cell), width) in row.iter().enumerate().zip(widths) {
            if at > 0 {
                line.push_str("  ");
            }
            let blanks = " ".repeat(width - cell.width());
            if self.right.contains(&at) {
                line.push_str(&blanks);
                line.push_str(cell);
            } else {
                line.push_str(cell);
                line.push_str(&blanks);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_stand_straight_in_cells() {
        let mut table = Table::new(vec!["姓名".into(), "n".into(), "x".into()]).right([1]);
        table.row(vec!["欧阳修".into(), "8".into(), "a\nb".into()]);
        table.row(vec!["Li".into(), "12".into(), String::new()]);
        assert_eq!(
            table.lines(),
            ["姓名     n  x", "欧阳修   8  a b", "Li      12"]
        );
    }
}
