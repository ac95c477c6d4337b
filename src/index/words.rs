//! The loops over words of 64 people and over the cells of a column.
//!
//! Each is compiled for several generations of processors, and the widest that the machine at hand
//! has is taken as the program runs. Sums wrap, since a checked sum is done one number at a time;
//! none can come near the end of its range.
//!
//! Invariant: the outcome does not depend on the processor.

use pulp::Arch;
use pulp::Simd;
use pulp::WithSimd;

/// How many bits a word holds.
pub(crate) const WORD: usize = u64::BITS as usize;

/// A loop to be run as wide as the machine allows.
struct Wide<F>(F);

impl<T, F: FnOnce() -> T> WithSimd for Wide<F> {
    type Output = T;

    #[expect(
        clippy::inline_always,
        reason = "a loop that is not inlined here is compiled for the oldest processor"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> T {
        (self.0)()
    }
}

#[inline]
fn wide<T>(work: impl FnOnce() -> T) -> T {
    Arch::new().dispatch(Wide(work))
}

/// How many bits are set.
pub(crate) fn count(words: &[u64]) -> usize {
    wide(|| {
        let ones = words.iter().map(|word| u64::from(word.count_ones()));
        ones.fold(0, u64::wrapping_add) as usize
    })
}

/// How many bits are set in both.
pub(crate) fn shared(one: &[u64], other: &[u64]) -> usize {
    wide(|| {
        let both = one.iter().zip(other);
        let ones = both.map(|(one, other)| u64::from((one & other).count_ones()));
        ones.fold(0, u64::wrapping_add) as usize
    })
}

/// What is set in both.
pub(crate) fn both(one: &[u64], other: &[u64]) -> Vec<u64> {
    wide(|| {
        one.iter()
            .zip(other)
            .map(|(one, other)| one & other)
            .collect()
    })
}

/// Leaves what is set in the other too.
pub(crate) fn keep(one: &mut [u64], other: &[u64]) {
    wide(|| {
        one.iter_mut()
            .zip(other)
            .for_each(|(one, other)| *one &= other);
    });
}

/// Adds what is set in the other.
pub(crate) fn add(one: &mut [u64], other: &[u64]) {
    wide(|| {
        one.iter_mut()
            .zip(other)
            .for_each(|(one, other)| *one |= other);
    });
}

/// Adds what is set in both of two others.
pub(crate) fn add_both(all: &mut [u64], one: &[u64], other: &[u64]) {
    wide(|| {
        let both = one.iter().zip(other);
        all.iter_mut()
            .zip(both)
            .for_each(|(all, (one, other))| *all |= one & other);
    });
}

/// Takes away what is set in the other.
pub(crate) fn less(one: &mut [u64], other: &[u64]) {
    wide(|| {
        one.iter_mut()
            .zip(other)
            .for_each(|(one, other)| *one &= !other);
    });
}

/// Leaves the bits whose cell of a column is as it should be.
pub(crate) fn sift<T>(words: &[u64], column: &[T], holds: impl Fn(&T) -> bool) -> Vec<u64> {
    wide(|| {
        let chunks = words.iter().zip(column.chunks(WORD));
        let words = chunks.map(|(word, chunk)| match word {
            0 => 0,
            word => word & mask(chunk, &holds),
        });
        words.collect()
    })
}

/// Adds to each count how many bits of a word are set in the row's word too.
pub(crate) fn tally(counts: &mut [u64], rows: &[u64], words: &[u64]) {
    wide(|| {
        let rows = rows.chunks_exact(counts.len().max(1)).zip(words);
        for (row, word) in rows.filter(|(_, word)| **word != 0) {
            for (count, tagged) in counts.iter_mut().zip(row) {
                *count = count.wrapping_add(u64::from((tagged & word).count_ones()));
            }
        }
    });
}

/// A bit for each cell of at most 64. The cells are first made bytes of 0 or 1, which the compiler
/// does many at a time; a multiplication then gathers the lowest bits of eight bytes.
#[expect(
    clippy::inline_always,
    reason = "it is the inside of a loop that is compiled for several processors"
)]
#[inline(always)]
fn mask<T>(cells: &[T], holds: impl Fn(&T) -> bool) -> u64 {
    let mut bytes = [0_u8; WORD];
    for (byte, cell) in bytes.iter_mut().zip(cells) {
        *byte = u8::from(holds(cell));
    }
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().rev().fold(0, |word, eight| {
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word << 8 | gathered
    })
}
