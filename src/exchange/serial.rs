//! What the numbers of a list tell of its households: many ledgers count each one's members anew
//! (1 2 3 1 2 1 2).
//!
//! Invariant: evidence only where a whole sheet keeps to it, and weaker than a 户号, a 户主 or a
//! door; the numbers of a list that runs on, or begins anew on each page, tell nothing.

use crate::exchange::cell;
use crate::exchange::intake::Column;
use crate::model::ruling::Meaning;

/// The most members of a household.
const LARGEST: u32 = 15;
/// The most that households have on average; a page has more rows.
const AVERAGE: u32 = 6;
/// Of so many numbers one may be out of order.
const ORDERLY: u32 = 20;

/// What a row's number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// The row begins a household.
    Begins,
    /// It goes on with that of the row above.
    GoesOn,
}

/// The column in which numbers begin anew with each household; none where none does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Serial(Option<usize>);

impl Serial {
    /// Looks at the first column of numbers, given the cells of any column.
    pub fn of<'a, C: Iterator<Item = &'a str>>(
        columns: &[Column],
        cells: impl Fn(usize) -> C,
    ) -> Serial {
        let is_serial = |column: &Column| column.meaning == Meaning::Serial;
        let at = columns.iter().position(is_serial);
        Serial(at.filter(|at| begin_anew(cells(*at).filter_map(number))))
    }

    /// Whether the numbers tell anything.
    pub fn is_told(self) -> bool {
        self.0.is_some()
    }

    /// What a row tells.
    pub fn border(self, cells: &[&str]) -> Option<Border> {
        match number(cells.get(self.0?)?)? {
            1 => Some(Border::Begins),
            _ => Some(Border::GoesOn),
        }
    }
}

/// Whether numbers begin anew often enough to count the members of households.
fn begin_anew(numbers: impl Iterator<Item = u32>) -> bool {
    let (mut all, mut ones, mut orderly, mut most, mut last) = (0, 0, 0, 0, 0);
    for number in numbers {
        if number > LARGEST {
            return false;
        }
        all += 1;
        ones += u32::from(number == 1);
        orderly += u32::from(number == 1 || number == last + 1);
        most = most.max(number);
        last = number;
    }
    ones > 1 && most > 1 && all <= ones * AVERAGE && (all - orderly) * ORDERLY <= all
}

fn number(cell: &str) -> Option<u32> {
    let cell = cell.trim();
    let plain = cell.parse().ok();
    plain.or_else(|| cell::folded(cell).trim_end_matches(".0").parse().ok())
}

#[cfg(test)]
mod tests {
    use super::begin_anew;

    #[test]
    fn numbers_that_count_members_are_told_from_those_that_count_rows() {
        for counts in [
            vec![1, 2, 3, 1, 2, 1, 2],
            vec![1, 1, 1, 2],
            [vec![1, 2, 3, 4, 6], [1, 2, 3].repeat(10)].concat(),
        ] {
            assert!(begin_anew(counts.iter().copied()), "{counts:?}");
        }
        for counts in [
            vec![],
            vec![1],
            vec![1, 2, 3, 4],
            vec![1, 1, 1, 1],
            (1..=10).collect::<Vec<u32>>().repeat(4),
            (1..=25).collect::<Vec<u32>>().repeat(4),
            vec![1, 3, 7, 1, 5, 2],
        ] {
            assert!(!begin_anew(counts.iter().copied()), "{counts:?}");
        }
    }
}
