//! Every so many keys of a sorted row, side by side: a million keys are halved in a place that stays
//! near the processor, and only the last steps go to the row itself.
//!
//! Invariant: a mark stands for each full step of the row, in the row's order.

/// So many keys of the row a mark stands for.
const STEP: usize = 64;

/// The marks of a row.
#[derive(Debug, Clone)]
pub(super) struct Marks<K>(Vec<K>);

impl<K> Default for Marks<K> {
    fn default() -> Marks<K> {
        Marks(Vec::new())
    }
}

impl<K: Copy + Ord> Marks<K> {
    /// The marks of the keys of a row.
    pub(super) fn of(keys: impl Iterator<Item = K>) -> Marks<K> {
        Marks(keys.step_by(STEP).collect())
    }

    /// Notes a key that was added to the end of a row, where it stands.
    pub(super) fn push(&mut self, at: usize, key: K) {
        if at.is_multiple_of(STEP) {
            self.0.push(key);
        }
    }

    /// Where a key stands in the row, or where it would.
    pub(super) fn find<T>(
        &self,
        row: &[T],
        key: K,
        key_of: impl Fn(&T) -> K,
    ) -> Result<usize, usize> {
        let Some(step) = self.0.partition_point(|mark| *mark <= key).checked_sub(1) else {
            return Err(0);
        };
        let start = step * STEP;
        let part = row.get(start..row.len().min(start + STEP));
        let found = part
            .unwrap_or_default()
            .binary_search_by(|one| key_of(one).cmp(&key));
        found.map(|at| start + at).map_err(|at| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn what_is_found_is_what_halving_the_row_finds() {
        for length in [0, 1, 63, 64, 65, 128, 1_000] {
            let row: Vec<u32> = (0..length).map(|at| at * 3 + 1).collect();
            let mut pushed = Marks::default();
            for (at, key) in row.iter().enumerate() {
                pushed.push(at, *key);
            }
            for marks in [Marks::of(row.iter().copied()), pushed] {
                for key in 0..length * 3 + 3 {
                    let found = marks.find(&row, key, |one| *one);
                    assert_eq!(found, row.binary_search(&key), "{key} in {length}");
                }
            }
        }
    }
}
