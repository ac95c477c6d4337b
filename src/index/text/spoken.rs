//! The readings in a register: looked up as they are, by how they sound, and by what a slip makes of
//! them.
//!
//! Invariant: what is found for a piece does not depend on the order in which readings came in.

use crate::index::sound::slurred_widely;
use crate::index::text::heads;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;
use std::iter::once;

/// Readings, and their beginnings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Spoken {
    /// Every beginning, and whether it is a whole reading too.
    heads: FxHashMap<String, bool>,
    /// The beginnings that sound alike.
    alike: FxHashMap<String, Vec<String>>,
    /// The readings of which this is left when a letter is lost.
    lacking: FxHashMap<String, Vec<String>>,
    longest: usize,
}

impl Spoken {
    /// Adds a reading.
    pub(crate) fn insert(&mut self, reading: &str) {
        if self.is_whole(reading) {
            return;
        }
        self.longest = self.longest.max(reading.len());
        for head in heads(reading) {
            if !self.is_head(head) {
                let alike = self.alike.entry(slurred_widely(head)).or_default();
                alike.push(head.to_owned());
            }
            *self.heads.entry(head.to_owned()).or_default() |= head == reading;
        }
        for left in losses(reading) {
            let readings = self.lacking.entry(left).or_default();
            if !readings.iter().any(|one| one == reading) {
                readings.push(reading.to_owned());
            }
        }
    }

    /// Whether a reading begins so.
    pub(crate) fn is_head(&self, piece: &str) -> bool {
        self.heads.contains_key(piece)
    }

    /// Whether there is this reading.
    pub(crate) fn is_whole(&self, piece: &str) -> bool {
        self.heads.get(piece).is_some_and(|whole| *whole)
    }

    /// The length of the longest one.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// The beginning itself, if a reading begins so.
    pub(crate) fn head(&self, piece: &str) -> Option<&str> {
        let (head, _) = self.heads.get_key_value(piece)?;
        Some(head)
    }

    /// The beginnings that many speakers do not tell apart from a piece.
    pub(crate) fn alike(&self, piece: &str) -> impl Iterator<Item = &str> {
        let alike = self.alike.get(&slurred_widely(piece));
        alike.into_iter().flatten().map(String::as_str)
    }

    /// The readings that are one slip away from a piece. What is shorter than three letters on both
    /// sides is everything's slip, and so is a single letter.
    pub(crate) fn slips<'a>(&'a self, piece: &str) -> Vec<&'a str> {
        let mut slips: Vec<&str> = Vec::new();
        if piece.len() < 2 {
            return slips;
        }
        for left in once(piece.to_owned()).chain(losses(piece)) {
            let whole = self.head(&left).filter(|left| self.is_whole(left));
            let others = self.lacking.get(&left).into_iter().flatten();
            for reading in whole.into_iter().chain(others.map(String::as_str)) {
                let is_long = piece.len().max(reading.len()) > 2;
                if is_long && is_slip(piece, reading) && !slips.contains(&reading) {
                    slips.push(reading);
                }
            }
        }
        slips
    }
}

/// What is left of letters when one is lost.
fn losses(letters: &str) -> impl Iterator<Item = String> {
    let without = |(at, c): (usize, char)| {
        let (before, after) = letters.split_at(at);
        let after = after.strip_prefix(c).unwrap_or_default();
        format!("{before}{after}")
    };
    letters.char_indices().map(without)
}

/// Whether one letter is wrong, too many, missing, or swapped with the next.
fn is_slip(piece: &str, reading: &str) -> bool {
    let (piece, reading) = (piece.as_bytes(), reading.as_bytes());
    let pairs = piece.iter().zip(reading);
    let same = pairs.take_while(|(one, other)| one == other).count();
    match (piece.get(same..), reading.get(same..)) {
        (Some([one, typed @ ..]), Some([other, read @ ..])) => {
            let swaps = typed.first() == Some(other) && read.first() == Some(one);
            typed == read
                || typed.split_first() == Some((other, read))
                || read.split_first() == Some((one, typed))
                || swaps && typed.get(1..) == read.get(1..)
        }
        (Some([_]), Some([])) | (Some([]), Some([_])) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Spoken;

    #[test]
    fn a_slip_is_one_letter() {
        let mut spoken = Spoken::default();
        for reading in ["wei", "wen", "li", "zhang", "zhan", "huang", "wei"] {
            spoken.insert(reading);
        }
        for (piece, want) in [
            ("wei", "wen"),
            ("wie", "wei"),
            ("wi", "wei"),
            ("we", "wei wen"),
            ("weii", "wei"),
            ("zhagn", "zhang zhan"),
            ("zhag", "zhan zhang"),
            ("hzang", "zhang huang"),
            ("il", ""),
            ("lii", "li"),
            ("l", ""),
            ("zhgan", "zhan"),
            ("zgahn", ""),
        ] {
            let mut slips = spoken.slips(piece);
            slips.sort_unstable();
            let mut want: Vec<&str> = want.split_whitespace().collect();
            want.sort_unstable();
            assert_eq!(slips, want, "{piece}");
        }
    }
}
