//! Fragments of identity numbers and telephone numbers: heads and tails.
//!
//! Invariant: separators do not count; what is no digit and no X matches nothing.

use crate::index::people::Way;
use crate::index::people::pick;
use crate::index::people::slot;
use crate::model::person::Person;
use roaring::RoaringBitmap;

/// How many characters a packed number holds.
pub(crate) const PACKED: usize = 16;

/// The numbers of every person: the identity number, then as many telephone numbers as anyone has.
#[derive(Debug, Default)]
pub(crate) struct Digits {
    columns: Vec<Column>,
}

/// The first and the last 16 characters, four bits each, empty places zero: a fragment is compared
/// to all of them with one mask.
#[derive(Debug, Default)]
struct Column {
    heads: Vec<u64>,
    tails: Vec<u64>,
}

/// Which end of a number a fragment must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The first characters.
    Head,
    /// The last characters.
    Tail,
}

impl Digits {
    /// Puts a person's numbers in or takes them out.
    pub(crate) fn put(&mut self, way: Way, number: u32, person: Person<'_>) {
        for (at, text) in numbers(person).into_iter().enumerate() {
            if self.columns.len() <= at {
                self.columns.push(Column::default());
            }
            let column = &mut self.columns[at];
            let (head, tail) = match way {
                Way::In => (pack_head(&text), pack_tail(&text)),
                Way::Out => (0, 0),
            };
            *slot(&mut column.heads, number) = head;
            *slot(&mut column.tails, number) = tail;
        }
    }

    /// Those of `within` with a number that may begin or end so. Exact for fragments of at most 16
    /// characters; for longer ones the rest is still to be looked at, with [`matches`].
    pub(crate) fn find(&self, fragment: &str, end: End, within: &RoaringBitmap) -> RoaringBitmap {
        let length = fragment.len().min(PACKED);
        if length == 0 || !fragment.chars().all(is_digit) {
            return RoaringBitmap::new();
        }
        let empty = (PACKED - length) * 4;
        let (key, mask) = match end {
            End::Head => (pack_head(fragment), u64::MAX << empty),
            End::Tail => (pack_tail(fragment), u64::MAX >> empty),
        };
        let mut found = RoaringBitmap::new();
        for column in &self.columns {
            let packed = match end {
                End::Head => &column.heads,
                End::Tail => &column.tails,
            };
            found |= pick(within, packed.len(), |number| {
                packed
                    .get(number as usize)
                    .is_some_and(|one| (one ^ key) & mask == 0)
            });
        }
        found
    }
}

/// Whether one of a person's numbers begins or ends so.
pub(crate) fn matches(person: Person<'_>, fragment: &str, end: End) -> bool {
    numbers(person).iter().any(|text| match end {
        End::Head => text.starts_with(fragment),
        End::Tail => text.ends_with(fragment),
    })
}

/// Letters in capitals and digits, nothing else.
pub(crate) fn squeeze(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

fn numbers(person: Person<'_>) -> Vec<String> {
    let phones = person.phones().iter().map(|phone| squeeze(&phone.number));
    std::iter::once(squeeze(person.id_no().unwrap_or_default()))
        .chain(phones)
        .collect()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == 'X'
}

fn nibble(c: char) -> u64 {
    match (c, c.to_digit(10)) {
        (_, Some(digit)) => u64::from(digit) + 1,
        ('X', None) => 11,
        _ => 15,
    }
}

fn pack_head(text: &str) -> u64 {
    let packed = text
        .chars()
        .take(PACKED)
        .fold(0, |packed, c| packed << 4 | nibble(c));
    let empty = PACKED - text.len().min(PACKED);
    packed.checked_shl(empty as u32 * 4).unwrap_or(0)
}

fn pack_tail(text: &str) -> u64 {
    let last = text.chars().skip(text.len().saturating_sub(PACKED));
    last.fold(0, |packed, c| packed << 4 | nibble(c))
}
