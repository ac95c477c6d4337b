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
#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::__m256i;

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
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = V3::try_new() {
        return Simd::vectorize(
            simd,
            Wide(
                #[inline(always)]
                || {
                    sift_by(
                        words,
                        column,
                        &holds,
                        #[inline(always)]
                        |bytes| gather_wide(simd, bytes),
                    )
                },
            ),
        );
    }
    sift_by(words, column, &holds, gather)
}

/// The cells are first made bytes, of which the highest bit says it, and then bits.
#[expect(
    clippy::inline_always,
    reason = "a loop that is not inlined is compiled for the oldest processor"
)]
#[inline(always)]
fn sift_by<T>(
    words: &[u64],
    column: &[T],
    holds: impl Fn(&T) -> bool,
    gather: impl Fn(&[u8; WORD]) -> u64,
) -> Vec<u64> {
    let (full, rest) = column.as_chunks::<WORD>();
    let mut sifted = Vec::with_capacity(words.len());
    for (word, cells) in words.iter().zip(full) {
        if *word == 0 {
            sifted.push(0);
            continue;
        }
        let mut bytes = [0; WORD];
        for (byte, cell) in bytes.iter_mut().zip(cells) {
            *byte = u8::from(holds(cell)) << 7;
        }
        sifted.push(word & gather(&bytes));
    }
    if let Some(word) = words.get(full.len()) {
        let held = (0..).zip(rest).filter(|(_, cell)| holds(cell));
        sifted.push(word & held.fold(0, |bits, (at, _)| bits | 1 << at));
    }
    sifted
}

/// The highest bits of 64 bytes; a multiplication gathers those of eight.
fn gather(bytes: &[u8; WORD]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    eights.iter().rev().fold(0, |word, eight| {
        let lowest = u64::from_le_bytes(*eight) >> 7;
        word << 8 | lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// The same with one instruction for 32 bytes.
#[cfg(target_arch = "x86_64")]
#[expect(
    clippy::inline_always,
    reason = "it is the inside of a loop that is compiled for several processors"
)]
#[inline(always)]
fn gather_wide(simd: V3, bytes: &[u8; WORD]) -> u64 {
    let halves: [__m256i; 2] = pulp::cast(*bytes);
    let [low, high] = halves.map(|half| simd.avx2._mm256_movemask_epi8(half).cast_unsigned());
    u64::from(high) << 32 | u64::from(low)
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

#[cfg(test)]
mod tests {
    use super::gather;
    use super::sift;
    use super::sift_by;

    #[test]
    fn every_processor_finds_the_same() {
        for count in [0, 1, 63, 64, 65, 200, 1000] {
            let column: Vec<u16> = (0..count).map(|at| at % 251 * 79 % 251).collect();
            let words: Vec<u64> = (0..count.div_ceil(64))
                .map(|at| u64::MAX.rotate_left(u32::from(at)) & !(1 << at))
                .collect();
            let holds = |cell: &u16| *cell % 5 < 2;
            let found = sift(&words, &column, holds);
            assert_eq!(found, sift_by(&words, &column, holds, gather), "{count}");
            for (at, cell) in column.iter().enumerate() {
                let is_in = |words: &[u64]| words[at / 64] >> (at % 64) & 1 == 1;
                assert_eq!(
                    is_in(&found),
                    is_in(&words) && holds(cell),
                    "{at} of {count}"
                );
            }
        }
    }
}
