//! Literal texts: folded, each distinct one kept once, searched byte by byte.
//!
//! Invariant: a text has one number as long as the index lives; 0 is no text; a hit lies within one
//! text.

use crate::model::flat;
use hashbrown::HashTable;
use memchr::memmem::Finder;
use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use serde::Serialize;
use std::hash::BuildHasher;

/// What stands between the texts, and in none of them.
const BREAK: u8 = b'\n';

/// Full-width forms to ASCII, capitals to small letters, line breaks and tabs to spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_onto(&mut folded, text);
    folded
}

/// Appends a text, folded.
pub(crate) fn fold_onto(folded: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            // Nearly all there is: hanzi, digits and small letters.
            '\u{4e00}'..='\u{9fff}' | '0'..='9' | 'a'..='z' => folded.push(c),
            '\u{ff01}'..='\u{ff5e}' => {
                let narrow = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                folded.extend(narrow.to_lowercase());
            }
            '\u{3000}' => folded.push(' '),
            c if c.is_control() => folded.push(' '),
            c => folded.extend(c.to_lowercase()),
        }
    }
}

/// Distinct texts, numbered from 1 in the order of their coming.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(try_from = "Row")]
pub(crate) struct Texts {
    #[serde(with = "flat")]
    bytes: Vec<u8>,
    /// Where each text ends, its break left out.
    #[serde(with = "flat")]
    ends: Vec<u32>,
    used: Used,
    #[serde(skip)]
    numbers: HashTable<u32>,
}

/// The texts as they are laid by: where each is found comes again of itself.
#[derive(Deserialize)]
struct Row {
    #[serde(with = "flat")]
    bytes: Vec<u8>,
    #[serde(with = "flat")]
    ends: Vec<u32>,
    used: Used,
}

/// Which bytes occur, one bit each: no hanzi is looked for among a million telephone numbers.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Used([u64; 4]);

impl Used {
    fn add(&mut self, text: &[u8]) {
        for byte in text {
            self.0[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
    }

    /// Whether a text of nothing but these bytes may be there.
    fn may_hold(self, text: &[u8]) -> bool {
        let is_used = |byte: &u8| self.0[usize::from(byte / 64)] >> (byte % 64) & 1 == 1;
        text.iter().all(is_used)
    }
}

/// As many texts are few.
const FEW: usize = 8;

/// Which texts were found, by number.
pub(crate) struct Hits {
    hit: Vec<bool>,
    /// How many.
    count: usize,
}

impl TryFrom<Row> for Texts {
    type Error = &'static str;

    fn try_from(Row { bytes, ends, used }: Row) -> Result<Texts, &'static str> {
        let fits = ends.last().map_or(0, |last| *last as usize + 1) == bytes.len();
        if !fits || !ends.is_sorted_by(|one, next| one < next) {
            return Err("texts that end in one another");
        }
        let hash = |one: &u32| FxBuildHasher.hash_one(slice(&bytes, &ends, *one));
        let mut numbers = HashTable::with_capacity(ends.len());
        for number in 1..=ends.len() as u32 {
            numbers.insert_unique(hash(&number), number, hash);
        }
        Ok(Texts {
            bytes,
            ends,
            used,
            numbers,
        })
    }
}

impl Texts {
    /// The number of a folded text, a new one when it is new.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        let hash = FxBuildHasher.hash_one(text.as_bytes());
        let Texts {
            bytes,
            ends,
            used,
            numbers,
        } = self;
        if let Some(number) = numbers.find(hash, |one| slice(bytes, ends, *one) == text.as_bytes())
        {
            return *number;
        }
        used.add(text.as_bytes());
        bytes.extend_from_slice(text.as_bytes());
        ends.push(bytes.len() as u32);
        bytes.push(BREAK);
        let number = ends.len() as u32;
        let again = |one: &u32| FxBuildHasher.hash_one(slice(bytes, ends, *one));
        numbers.insert_unique(hash, number, again);
        number
    }

    /// The number of a folded text, if there is such a text.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let hash = FxBuildHasher.hash_one(text.as_bytes());
        let same = |one: &u32| slice(&self.bytes, &self.ends, *one) == text.as_bytes();
        self.numbers.find(hash, same).copied()
    }

    /// The text with a number.
    pub(crate) fn get(&self, number: u32) -> Option<&[u8]> {
        let known = number > 0 && number as usize <= self.ends.len();
        known.then(|| slice(&self.bytes, &self.ends, number))
    }

    /// The texts that hold what a finder looks for, which is not nothing.
    pub(crate) fn holding(&self, finder: &Finder<'_>) -> Hits {
        if !self.used.may_hold(finder.needle()) {
            return Hits::none(0);
        }
        let mut hits = Hits::none(self.ends.len());
        let (mut from, mut at) = (0, 0);
        while let Some(offset) = self.bytes.get(from..).and_then(|rest| finder.find(rest)) {
            at = self.line(at, (from + offset) as u32);
            let Some(end) = self.ends.get(at) else {
                break;
            };
            hits.add(at as u32 + 1);
            from = *end as usize + 1;
        }
        hits
    }

    /// The text that a byte belongs to, at `from` or later; the steps double.
    fn line(&self, from: usize, offset: u32) -> usize {
        let rest = self.ends.get(from..).unwrap_or_default();
        let mut step = 1;
        while rest.get(step).is_some_and(|end| *end < offset) {
            step *= 2;
        }
        let near = rest.get(..=step).unwrap_or(rest);
        from + near.partition_point(|end| *end < offset)
    }

    /// The texts of which something is true.
    pub(crate) fn that(&self, holds: impl Fn(&[u8]) -> bool) -> Hits {
        let mut hits = Hits::none(self.ends.len());
        for number in 1..=self.ends.len() as u32 {
            if holds(slice(&self.bytes, &self.ends, number)) {
                hits.add(number);
            }
        }
        hits
    }
}

impl Hits {
    fn none(count: usize) -> Hits {
        Hits {
            hit: vec![false; count + 1],
            count: 0,
        }
    }

    fn add(&mut self, number: u32) {
        self.hit[number as usize] = true;
        self.count += 1;
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Their numbers, when they are so few that a look for each is quicker than a look at a list
    /// for everyone.
    pub(crate) fn few(&self) -> Option<impl Iterator<Item = u32>> {
        let numbers = (0..).zip(&self.hit).filter(|(_, hit)| **hit);
        (self.count <= FEW).then(|| numbers.map(|(number, _)| number))
    }

    /// Whether this text was found.
    pub(crate) fn has(&self, number: u32) -> bool {
        self.hit.get(number as usize).is_some_and(|hit| *hit)
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let at = number as usize - 1;
    let start = at
        .checked_sub(1)
        .map_or(0, |before| ends[before] as usize + 1);
    &bytes[start..ends[at] as usize]
}

#[cfg(test)]
mod tests {
    use super::Texts;
    use super::fold;
    use memchr::memmem::Finder;

    #[test]
    fn texts_are_kept_once_and_found() {
        let mut texts = Texts::default();
        let all = ["纺织厂", "ＡＢＣ", "", "织厂织", "纺织厂", "x\ny"];
        let numbers: Vec<u32> = all.iter().map(|text| texts.number(&fold(text))).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 1, 5]);
        assert_eq!(texts.find("abc"), Some(2));
        assert_eq!(texts.find("ABC"), None);
        for (wanted, want) in [
            ("织厂", vec![1, 4]),
            ("纺织", vec![1]),
            ("b", vec![2]),
            ("厂a", vec![]),
            ("x y", vec![5]),
        ] {
            let hits = texts.holding(&Finder::new(wanted));
            let found: Vec<u32> = (0..9).filter(|one| hits.has(*one)).collect();
            assert_eq!(found, want, "{wanted}");
            assert_eq!(hits.is_empty(), want.is_empty());
        }
        let ends = texts.that(|text| text.ends_with("织".as_bytes()));
        assert!(ends.has(4) && !ends.has(1));
    }
}
