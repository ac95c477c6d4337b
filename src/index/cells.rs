//! The cells of a column, as narrow as what stands in them allows.
//!
//! Invariant: a cell that was never set is 0; how wide a column is alters no answer.

use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::flat;
use serde::Deserialize;
use serde::Serialize;

/// One cell a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Cells {
    /// Numbers below 256.
    Bytes(#[serde(with = "flat")] Vec<u8>),
    /// Numbers below 65,536.
    Halves(#[serde(with = "flat")] Vec<u16>),
    /// Any numbers.
    Words(#[serde(with = "flat")] Vec<u32>),
}

impl Default for Cells {
    fn default() -> Cells {
        Cells::Bytes(Vec::new())
    }
}

impl Cells {
    /// Puts a number into a cell.
    pub(crate) fn put(&mut self, number: u32, value: u32) {
        match self {
            Cells::Bytes(cells) => match u8::try_from(value) {
                Ok(value) => *slot(cells, number) = value,
                Err(_) => self.widen(number, value),
            },
            Cells::Halves(cells) => match u16::try_from(value) {
                Ok(value) => *slot(cells, number) = value,
                Err(_) => self.widen(number, value),
            },
            Cells::Words(cells) => *slot(cells, number) = value,
        }
    }

    /// Makes room for a number that is too large.
    fn widen(&mut self, number: u32, value: u32) {
        *self = match self {
            Cells::Bytes(cells) if u16::try_from(value).is_ok() => {
                Cells::Halves(cells.iter().map(|cell| u16::from(*cell)).collect())
            }
            Cells::Bytes(cells) => {
                Cells::Words(cells.iter().map(|cell| u32::from(*cell)).collect())
            }
            Cells::Halves(cells) => {
                Cells::Words(cells.iter().map(|cell| u32::from(*cell)).collect())
            }
            Cells::Words(cells) => Cells::Words(std::mem::take(cells)),
        };
        self.put(number, value);
    }

    /// Empties a cell.
    pub(crate) fn clear(&mut self, number: u32) {
        if (number as usize) < self.len() {
            self.put(number, 0);
        }
    }

    fn len(&self) -> usize {
        match self {
            Cells::Bytes(cells) => cells.len(),
            Cells::Halves(cells) => cells.len(),
            Cells::Words(cells) => cells.len(),
        }
    }

    /// Those of `within` whose cell is one of `low` to `high`; 0 is unknown and never one of them.
    pub(crate) fn between(&self, low: u32, high: u32, within: &Set) -> Set {
        let low = low.max(1);
        let Some(span) = high.checked_sub(low) else {
            return Set::default();
        };
        match self {
            Cells::Bytes(cells) => match u8::try_from(low) {
                Ok(low) => {
                    let span = u8::try_from(span).unwrap_or(u8::MAX).min(u8::MAX - low);
                    within.sift(cells, |cell| cell.wrapping_sub(low) <= span)
                }
                Err(_) => Set::default(),
            },
            Cells::Halves(cells) => match u16::try_from(low) {
                Ok(low) => {
                    let span = u16::try_from(span).unwrap_or(u16::MAX).min(u16::MAX - low);
                    within.sift(cells, |cell| cell.wrapping_sub(low) <= span)
                }
                Err(_) => Set::default(),
            },
            Cells::Words(cells) => within.sift(cells, |cell| cell.wrapping_sub(low) <= span),
        }
    }

    /// Those of `within` whose cell is as it should be.
    pub(crate) fn that(&self, within: &Set, holds: impl Fn(u32) -> bool) -> Set {
        match self {
            Cells::Bytes(cells) => within.sift(cells, |cell| holds(u32::from(*cell))),
            Cells::Halves(cells) => within.sift(cells, |cell| holds(u32::from(*cell))),
            Cells::Words(cells) => within.sift(cells, |cell| holds(*cell)),
        }
    }
}
