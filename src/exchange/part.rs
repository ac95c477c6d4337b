//! The sheets of a plan: one, or several taken together, whose columns are joined by their headings.
//!
//! Invariant: a row has the number that it has in the whole file, whichever sheets are taken, so that
//! what is decided about it stays with it; people are told its number in its sheet.

use crate::exchange::heading::normal;
use crate::exchange::intake::Column;
use crate::exchange::intake::Sample;
use crate::exchange::read::Source;
use crate::exchange::sheet::Sheet;
use std::sync::Arc;

/// How many values of a column are shown as samples.
pub const SAMPLES: usize = 3;

/// A sheet of a plan.
#[derive(Debug, Clone)]
pub struct Part {
    /// The sheet itself, for the workbook of refused rows.
    pub sheet: Arc<Sheet>,
    /// The last number of the sheets before it in the file.
    pub before: usize,
    /// Which column of the plan each of its columns is.
    pub places: Vec<usize>,
}

/// The sheets of a file, each with the last number of those before it.
pub fn numbered(source: &Source) -> impl Iterator<Item = (usize, &Arc<Sheet>)> {
    source.sheets.iter().scan(0, |last, sheet| {
        let before = *last;
        *last += sheet.last_number();
        Some((before, sheet))
    })
}

/// The part that a row of the file is in.
pub fn of(parts: &[Part], row: usize) -> Option<&Part> {
    parts.iter().rfind(|part| part.before < row)
}

/// The sheet of a row of the file, and its number there.
pub fn place(parts: &[Part], row: usize) -> (&str, usize) {
    of(parts, row).map_or(("", row), |part| (&part.sheet.name, row - part.before))
}

/// The columns of several sheets: those of the first, then what the others have besides.
#[derive(Debug, Default)]
pub struct Joined {
    /// The columns.
    pub columns: Vec<Column>,
    /// What stands in them.
    pub samples: Vec<Sample>,
    /// The sheets.
    pub parts: Vec<Part>,
}

impl Joined {
    /// Adds a sheet with its columns and what stands in them.
    pub fn add(&mut self, sheet: &Arc<Sheet>, before: usize, own: &[Column], samples: Vec<Sample>) {
        let mut places: Vec<usize> = Vec::with_capacity(own.len());
        for (column, sample) in own.iter().zip(samples) {
            let is_same = |(at, known): &(usize, &Column)| {
                normal(&known.heading) == normal(&column.heading) && !places.contains(at)
            };
            let is_first = self.parts.is_empty();
            let known = self.columns.iter().enumerate().find(is_same);
            let place = known.map_or(self.columns.len(), |(at, _)| at);
            if is_first || place == self.columns.len() {
                places.push(self.columns.len());
                self.columns.push(column.clone());
                self.samples.push(sample);
            } else {
                places.push(place);
                self.samples[place].join(&sample);
            }
        }
        self.parts.push(Part {
            sheet: Arc::clone(sheet),
            before,
            places,
        });
    }
}

impl Sample {
    /// Takes a cell into account.
    pub fn count(&mut self, cell: &str, understood: bool) {
        self.filled += 1;
        self.understood += usize::from(understood);
        self.show(cell);
    }

    fn show(&mut self, cell: &str) {
        if self.values.len() < SAMPLES && self.values.iter().all(|value| value != cell) {
            self.values.push(cell.to_owned());
        }
    }

    /// Adds what stands elsewhere in the column.
    pub fn join(&mut self, other: &Sample) {
        self.filled += other.filled;
        self.understood += other.understood;
        other.values.iter().for_each(|cell| self.show(cell));
    }
}
