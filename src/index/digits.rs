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
const FEW: usize = 1_024;

/// The numbers of every person: the identity number, then as many telephone numbers as anyone has.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Digits {
    columns: Vec<Column>,
}

/// The first and the last 16 characters of one number a person, four bits each, empty places zero: a
/// fragment is compared to all of them with one mask.
#[derive(Debug, Serialize, Deserialize)]
enum Column {
    /// Few have one: who, and what, in no order.
    Few {
        #[serde(with = "flat")]
        people: Vec<u32>,
        #[serde(with = "flat")]
        heads: Vec<u64>,
        #[serde(with = "flat")]
        tails: Vec<u64>,
    },
    /// Many have one: a cell for everyone. Four characters each are kept by themselves, those at the
    /// very end first, so that a short fragment looks at no more than it is long.
    Many {
        #[serde(with = "flat::rows")]
        heads: [Vec<u16>; QUARTERS],
        #[serde(with = "flat::rows")]
        tails: [Vec<u16>; QUARTERS],
    },
}

impl Default for Column {
    fn default() -> Column {
        Column::Few {
            people: Vec::new(),
            heads: Vec::new(),
            tails: Vec::new(),
        }
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
            Column::Few {
                people,
                heads,
                tails,
            } => {
                if head == 0 {
                    return;
                }
                people.push(number);
                heads.push(head);
                tails.push(tail);
                let is_due = people.len() >= FEW && people.len().is_power_of_two();
                let last = || people.iter().copied().max().unwrap_or(0);
                if is_due && people.len() * CROWDED > last() as usize {
                    self.spread();
                }
            }
            Column::Many { heads, tails } => {
                put(heads, number, End::Head, head);
                put(tails, number, End::Tail, tail);
            }
        }
    }

    /// Gives everyone a cell.
    fn spread(&mut self) {
        let many = Column::Many {
            heads: Default::default(),
            tails: Default::default(),
        };
        if let Column::Few {
            people,
            heads,
            tails,
        } = std::mem::replace(self, many)
        {
            for ((number, head), tail) in people.into_iter().zip(heads).zip(tails) {
                self.put(number, head, tail);
            }
        }
    }

    fn clear(&mut self, number: u32) {
        match self {
            Column::Few {
                people,
                heads,
                tails,
            } => {
                if let Some(at) = people.iter().position(|one| *one == number) {
                    people.swap_remove(at);
                    heads.swap_remove(at);
                    tails.swap_remove(at);
                }
            }
            Column::Many { heads, tails } => {
                for part in heads.iter_mut().chain(tails) {
                    if let Some(end) = part.get_mut(number as usize) {
                        *end = 0;
                    }
                }
            }
        }
    }

    /// Those of `within` whose number is this where the mask is set.
    fn find(&self, end: End, key: u64, mask: u64, within: &Set) -> Set {
        match self {
            Column::Few {
                people,
                heads,
                tails,
            } => {
                let packed = match end {
                    End::Head => heads,
                    End::Tail => tails,
                };
                let fits = |one: &u64| (one ^ key) & mask == 0;
                let fitting = people.iter().zip(packed).filter(|(_, one)| fits(one));
                let people = fitting.map(|(number, _)| *number);
                people.filter(|one| within.contains(*one)).collect()
            }
            Column::Many { heads, tails } => {
                let packed = match end {
                    End::Head => heads,
                    End::Tail => tails,
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

fn put(column: &mut [Vec<u16>; QUARTERS], number: u32, end: End, packed: u64) {
    for (cells, part) in column.iter_mut().zip(end.parts(packed)) {
        *slot(cells, number) = part;
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
