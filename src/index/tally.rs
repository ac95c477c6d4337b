//! Who is in which category, laid out for counting: for every 64 people one word a category, the
//! categories of the same people side by side. So a count of everything looks at no more than the
//! people it is about, be they many or few.
//!
//! Invariant: a bit is set exactly when the category's set holds the number.

use crate::index::set::Set;
use crate::index::words;
use crate::index::words::WORD;

/// The words, category by category within each 64 people.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    categories: usize,
    words: Vec<u64>,
}

impl Tally {
    /// Lays out the sets of some categories, always the same ones, for these people anew.
    pub(crate) fn lay(&mut self, sets: &[Option<&Set>], people: &Set) {
        self.categories = sets.len();
        match people {
            Set::Many(people) => self.lay_many(sets, people),
            Set::Few(few) => {
                for number in few {
                    self.lay_one(sets, *number);
                }
            }
        }
    }

    fn lay_many(&mut self, sets: &[Option<&Set>], people: &[u64]) {
        let size = self.categories.max(1);
        let end = people.len() * self.categories;
        self.words.resize(end.max(self.words.len()), 0);
        for (row, word) in self.words.chunks_exact_mut(size).zip(people) {
            for tagged in row {
                *tagged &= !word;
            }
        }
        for (category, set) in (0..).zip(sets) {
            for (at, word) in set.iter().flat_map(|set| set.chunks()) {
                if let Some(people) = people.get(at) {
                    self.words[at * size + category] |= word & people;
                }
            }
        }
    }

    fn lay_one(&mut self, sets: &[Option<&Set>], number: u32) {
        let (at, bit) = (number as usize / WORD, 1 << (number as usize % WORD));
        let end = (at + 1) * self.categories;
        if self.words.len() < end {
            self.words.resize(end, 0);
        }
        for (word, set) in self.words[at * self.categories..end].iter_mut().zip(sets) {
            if set.is_some_and(|set| set.contains(number)) {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    /// How many of a set are in each category.
    pub(crate) fn count(&self, set: &Set) -> Vec<u64> {
        let mut counts = vec![0; self.categories];
        match set {
            Set::Many(all) => words::tally(&mut counts, &self.words, all),
            Set::Few(_) => {
                for (at, word) in set.chunks() {
                    let rows = self.words.get(at * self.categories..).unwrap_or_default();
                    words::tally(&mut counts, rows, &[word]);
                }
            }
        }
        counts
    }
}
