//! Fragments of identity numbers and telephone numbers: heads and tails.
//!
//! Invariant: separators do not count; what is no digit and no X matches nothing.

use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::flat;
use crate::model::person::Person;
use serde::Deserialize;
use serde::Serialize;

/// How many characters a packed number holds.
pub(crate) const PACKED: usize = 16;

/// With more than one number to so many people, a cell for each of them is quicker than a list.
const CROWDED: usize = 4;

/// So few are listed in any case; how crowded they are is looked at whenever they have doubled.
const LISTED: usize = 1_024;

/// The numbers of every person: the identity number, then as many telephone numbers as anyone has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Digits {
    columns: Vec<Column>,
}

/// The first and the last 16 characters of one number a person, four bits each, empty places zero: a
/// fragment is compared to all of them with one mask.
#[derive(Debug, Serialize, Deserialize)]
enum Column {
    /// Few have one.
    Few(Few),
    /// Many have one.
    Many(Many),
}

/// Who has a number, and what it is, in no order.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Few {
    #[serde(with = "flat")]
    people: Vec<u32>,
    #[serde(with = "flat")]
    heads: Vec<u64>,
    #[serde(with = "flat")]
    tails: Vec<u64>,
}

/// A cell for everyone. Four characters each are kept by themselves, those at the very end first, so
/// that a short fragment looks at no more than it is long.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Many {
    #[serde(with = "flat::rows")]
    heads: [Vec<u16>; QUARTERS],
    #[serde(with = "flat::rows")]
    tails: [Vec<u16>; QUARTERS],
}

impl Default for Column {
    fn default() -> Column {
        Column::Few(Few::default())
    }
}

/// Of how many parts a packed number is made.
const QUARTERS: usize = 4;

/// Which end of a number a fragment must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The first characters.
    Head,
    /// The last characters.
    Tail,
}

impl Digits {
    /// Puts a person's numbers in.
    pub(crate) fn enter(&mut self, number: u32, person: Person<'_>) {
        for (at, text) in numbers(person).enumerate() {
            if self.columns.len() <= at {
                self.columns.push(Column::default());
            }
            let digits = digits(text);
            let (head, tail) = (pack_head(digits.clone()), pack_tail(digits));
            self.columns[at].put(number, head, tail);
        }
    }

    /// Takes a person's numbers out.
    pub(crate) fn leave(&mut self, number: u32) {
        for column in &mut self.columns {
            column.clear(number);
        }
    }

    /// Those of `within` with a number that may begin or end so. Exact for fragments of at most 16
    /// characters; for longer ones the rest is still to be looked at, with [`matches`].
    pub(crate) fn find(&self, fragment: &str, end: End, within: &Set) -> Set {
        let length = fragment.len().min(PACKED);
        if length == 0 || !fragment.chars().all(is_digit) {
            return Set::default();
        }
        let empty = (PACKED - length) * 4;
        let (key, mask) = match end {
            End::Head => (pack_head(digits(fragment)), u64::MAX << empty),
            End::Tail => (pack_tail(digits(fragment)), u64::MAX >> empty),
        };
        let columns = self.columns.iter();
        let found: Vec<Set> = columns
            .map(|column| column.find(end, key, mask, within))
            .collect();
        Set::union(&found)
    }
}

impl Column {
    fn put(&mut self, number: u32, head: u64, tail: u64) {
        match self {
            Column::Few(few) => {
                few.put(number, head, tail);
                if few.is_crowded() {
                    *self = Column::Many(few.spread());
                }
            }
            Column::Many(many) => many.put(number, head, tail),
        }
    }

    fn clear(&mut self, number: u32) {
        match self {
            Column::Few(few) => few.clear(number),
            Column::Many(many) => many.clear(number),
        }
    }

    /// Those of `within` whose number is this where the mask is set.
    fn find(&self, end: End, key: u64, mask: u64, within: &Set) -> Set {
        match self {
            Column::Few(few) => few.find(end, key, mask, within),
            Column::Many(many) => many.find(end, key, mask, within),
        }
    }
}

impl Few {
    fn put(&mut self, number: u32, head: u64, tail: u64) {
        if head != 0 {
            self.people.push(number);
            self.heads.push(head);
            self.tails.push(tail);
        }
    }

    /// Whether they are no longer few.
    fn is_crowded(&self) -> bool {
        let count = self.people.len();
        let last = || self.people.iter().copied().max().unwrap_or(0) as usize;
        count >= LISTED && count.is_power_of_two() && count * CROWDED > last()
    }

    /// A cell for everyone.
    fn spread(&self) -> Many {
        let mut many = Many::default();
        for ((number, head), tail) in self.people.iter().zip(&self.heads).zip(&self.tails) {
            many.put(*number, *head, *tail);
        }
        many
    }

    fn clear(&mut self, number: u32) {
        if let Some(at) = self.people.iter().position(|one| *one == number) {
            self.people.swap_remove(at);
            self.heads.swap_remove(at);
            self.tails.swap_remove(at);
        }
    }

    fn find(&self, end: End, key: u64, mask: u64, within: &Set) -> Set {
        let packed = match end {
            End::Head => &self.heads,
            End::Tail => &self.tails,
        };
        let fitting = self.people.iter().zip(packed);
        let fitting = fitting.filter(|(_, one)| (**one ^ key) & mask == 0);
        let people = fitting.map(|(number, _)| *number);
        people.filter(|one| within.contains(*one)).collect()
    }
}

impl Many {
    fn put(&mut self, number: u32, head: u64, tail: u64) {
        for (cells, packed, end) in [
            (&mut self.heads, head, End::Head),
            (&mut self.tails, tail, End::Tail),
        ] {
            for (cells, part) in cells.iter_mut().zip(end.parts(packed)) {
                *slot(cells, number) = part;
            }
        }
    }

    fn clear(&mut self, number: u32) {
        for part in self.heads.iter_mut().chain(&mut self.tails) {
            if let Some(end) = part.get_mut(number as usize) {
                *end = 0;
            }
        }
    }

    fn find(&self, end: End, key: u64, mask: u64, within: &Set) -> Set {
        let packed = match end {
            End::Head => &self.heads,
            End::Tail => &self.tails,
        };
        let parts = end.parts(key).into_iter().zip(end.parts(mask));
        let parts = parts.take_while(|(_, mask)| *mask != 0);
        let mut left: Option<Set> = None;
        for (cells, (key, mask)) in packed.iter().zip(parts) {
            let within = left.as_ref().unwrap_or(within);
            left = Some(within.sift(cells, |one| (one ^ key) & mask == 0));
        }
        left.unwrap_or_default()
    }
}

impl End {
    /// The four parts of a packed number, the end's own first.
    fn parts(self, packed: u64) -> [u16; QUARTERS] {
        let mut parts = [0, 16, 32, 48].map(|shift| (packed >> shift) as u16);
        if self == End::Head {
            parts.reverse();
        }
        parts
    }
}

/// Whether one of a person's numbers begins or ends so.
pub(crate) fn matches(person: Person<'_>, fragment: &str, end: End) -> bool {
    numbers(person).map(squeeze).any(|text| match end {
        End::Head => text.starts_with(fragment),
        End::Tail => text.ends_with(fragment),
    })
}

/// Letters in capitals and digits, nothing else.
pub(crate) fn squeeze(text: &str) -> String {
    digits(text).map(char::from).collect()
}

fn digits(text: &str) -> impl DoubleEndedIterator<Item = u8> + Clone {
    let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
    kept.map(|byte| byte.to_ascii_uppercase())
}

fn numbers(person: Person<'_>) -> impl Iterator<Item = &str> {
    let phones = person.phones().iter().map(|phone| phone.number);
    std::iter::once(person.id_no().unwrap_or_default()).chain(phones)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == 'X'
}

fn nibble(byte: u8) -> u64 {
    match byte {
        b'0'..=b'9' => u64::from(byte - b'0') + 1,
        b'X' => 11,
        _ => 15,
    }
}

fn pack_head(digits: impl Iterator<Item = u8>) -> u64 {
    let places = (0..PACKED as u32).rev();
    let first = places.zip(digits);
    first.fold(0, |packed, (place, byte)| {
        packed | nibble(byte) << (place * 4)
    })
}

fn pack_tail(digits: impl DoubleEndedIterator<Item = u8>) -> u64 {
    let places = 0..PACKED as u32;
    let last = places.zip(digits.rev());
    last.fold(0, |packed, (place, byte)| {
        packed | nibble(byte) << (place * 4)
    })
}
