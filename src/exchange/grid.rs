//! Cells by their places, in any order, to the rows of a sheet.
//!
//! Invariant: no cell's place decides how much memory is asked for.

use crate::exchange::Limit;
use crate::exchange::MOST_CHARACTERS;
use crate::exchange::MOST_COLUMNS;
use crate::exchange::sheet::Sheet;
use crate::exchange::sheet::is_longer;
use std::collections::HashSet;

/// The most filled cells of a workbook's sheet.
const MOST_FILLED: usize = 10_000_000;
/// The most bytes of text in a workbook's sheet.
const MOST_TEXT: usize = 128 << 20;

/// The filled cells of a sheet.
#[derive(Debug, Default)]
pub struct Grid {
    spots: Vec<Spot>,
    text: String,
    /// The hidden rows, from 0.
    pub hidden: HashSet<u32>,
}

/// Where a cell stands, and its text.
#[derive(Debug, Clone, Copy)]
struct Spot {
    row: u32,
    column: u16,
    start: u32,
    end: u32,
}

impl Spot {
    fn place(&self) -> (u32, u16) {
        (self.row, self.column)
    }
}

impl Grid {
    /// Whether no cell is filled.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// Puts a text in a cell, by its row and column from 0. A blank one is not kept.
    pub fn put(&mut self, row: u32, column: u32, text: &str) -> Result<(), Limit> {
        if text.is_empty() {
            return Ok(());
        }
        let number = row as usize + 1;
        let at = u16::try_from(column).ok();
        let Some(column) = at.filter(|at| usize::from(*at) < MOST_COLUMNS) else {
            return Err(Limit::Columns(MOST_COLUMNS, number));
        };
        if is_longer(text, MOST_CHARACTERS) {
            return Err(Limit::Characters(MOST_CHARACTERS, number));
        }
        if self.spots.len() >= MOST_FILLED {
            return Err(Limit::Cells(MOST_FILLED));
        }
        if self.text.len() + text.len() > MOST_TEXT {
            return Err(Limit::Unpacked(MOST_TEXT as u64));
        }
        self.spots.push(Spot {
            row,
            column,
            start: self.text.len() as u32,
            end: (self.text.len() + text.len()) as u32,
        });
        self.text.push_str(text);
        Ok(())
    }

    /// The rows that have a filled cell, as a sheet. Of two cells in one place the later stands.
    pub fn into_sheet(mut self, name: &str) -> Result<Sheet, Limit> {
        if !self.spots.is_sorted_by_key(Spot::place) {
            self.spots.sort_by_key(Spot::place);
        }
        let mut sheet = Sheet::new(name);
        let mut cells: Vec<&str> = Vec::new();
        for row in self.spots.chunk_by(|one, next| one.row == next.row) {
            cells.clear();
            for spot in row {
                let text = self.text.get(spot.start as usize..spot.end as usize);
                cells.resize(usize::from(spot.column), "");
                cells.push(text.unwrap_or_default());
            }
            let row = row.first().map_or(0, |spot| spot.row);
            let is_hidden = self.hidden.contains(&row);
            sheet.push(row as usize + 1, is_hidden, cells.iter().copied())?;
        }
        Ok(sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn cells_find_their_places() {
        let mut grid = Grid::default();
        for (row, column, text) in [
            (4, 2, "c"),
            (1, 0, "a"),
            (4, 0, "b"),
            (4, 2, "d"),
            (9, 9, ""),
        ] {
            grid.put(row, column, text).unwrap();
        }
        grid.hidden.insert(4);
        let sheet = grid.into_sheet("s").unwrap();
        let rows: Vec<(usize, bool, Vec<&str>)> = sheet
            .rows()
            .map(|row| (row.number, row.hidden, row.cells().collect()))
            .collect();
        assert_eq!(rows, [(2, false, vec!["a"]), (5, true, vec!["b", "", "d"])]);
    }
}
