//! A made-up community, seeded, of any size: plausible names, ages, households and dirt, and
//! valid but synthetic identity numbers.
//!
//! Invariant: the same seed makes the same community; no real person is in it.

use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::ids::Mint;

/// How large, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// How many residents.
    pub residents: usize,
    /// The seed.
    pub seed: u64,
}

/// The changes that put a community into a register that holds only the seeds.
pub fn community(_recipe: Recipe, _book: &Book, _today: Date, _mint: &mut Mint) -> Vec<Change> {
    todo!()
}
