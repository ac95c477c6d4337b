//! Sets of people's numbers: a sorted list while they are few, one bit a person when they are many.
//!
//! Invariant: an operation's outcome does not depend on the form of either side; a list rises
//! strictly. The outcome is a list when one side that bounds it is one, so that what is asked about
//! a household costs no more than the household.

use crate::index::words;
use crate::index::words::WORD;
use crate::model::flat;
use serde::Deserialize;
use serde::Serialize;
use std::ops::BitAnd;
use std::ops::BitAndAssign;
use std::ops::BitOrAssign;
use std::ops::Sub;
use std::ops::SubAssign;

/// With more than one number to so many, bits are quicker than a list.
const CROWDED: usize = 64;
/// With less than one number to so many, a list is quicker than bits whatever is done with it.
const SPARSE: usize = 512;
/// With so many times more numbers in a list it is less work to change it number by number.
const HANDFUL: usize = 64;
/// A list that grows by single numbers is looked at from this length on only, for the first people
/// say little of those to come.
const GROWN: usize = 1024;

/// A set of numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Set {
    /// The numbers.
    Few(#[serde(with = "flat")] Vec<u32>),
    /// A bit for each number; what lies beyond the last word is not in the set.
    Many(#[serde(with = "flat")] Vec<u64>),
}

impl Default for Set {
    fn default() -> Set {
        Set::Few(Vec::new())
    }
}

impl Set {
    /// Everyone, so many.
    pub(crate) fn everyone(count: usize) -> Set {
        (0..count as u32).collect()
    }

    /// Nobody, in the form in which these are.
    pub(crate) fn nobody(&self) -> Set {
        match self {
            Set::Few(_) => Set::default(),
            Set::Many(words) => Set::Many(vec![0; words.len()]),
        }
    }

    /// Just one number.
    pub(crate) fn one(number: u32) -> Set {
        Set::Few(vec![number])
    }

    /// Whether a number is in it.
    pub(crate) fn contains(&self, number: u32) -> bool {
        match self {
            Set::Few(list) => list.binary_search(&number).is_ok(),
            Set::Many(words) => has(words, number),
        }
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        match self {
            Set::Few(list) => list.len(),
            Set::Many(words) => words::count(words),
        }
    }

    /// Whether nobody is in it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Set::Few(list) => list.is_empty(),
            Set::Many(words) => words.iter().all(|word| *word == 0),
        }
    }

    /// How many are in both.
    pub(crate) fn shared(&self, other: &Set) -> usize {
        match (self, other) {
            (Set::Many(one), Set::Many(other)) => words::shared(one, other),
            (Set::Few(few), set) | (set, Set::Few(few)) => {
                let mut count = 0;
                common(few, set, |_| count += 1);
                count
            }
        }
    }

    /// The numbers, rising.
    pub(crate) fn iter(&self) -> Iter<'_> {
        match self {
            Set::Few(list) => Iter::Few(list.iter()),
            Set::Many(words) => Iter::Many {
                words,
                at: 0,
                left: words.first().copied().unwrap_or(0),
            },
        }
    }

    /// The words in which bits are set, rising, each with its place.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (usize, u64)> {
        let (few, many) = match self {
            Set::Few(list) => (list.as_slice(), [].as_slice()),
            Set::Many(words) => ([].as_slice(), words.as_slice()),
        };
        let word = |number: &u32| *number as usize / WORD;
        let few = few.chunk_by(move |one, other| word(one) == word(other));
        let few = few.map(move |some| {
            let bits = some
                .iter()
                .fold(0, |bits, one| bits | 1 << (*one as usize % WORD));
            (some.first().map_or(0, word), bits)
        });
        let many = (0..).zip(many.iter().copied());
        few.chain(many.filter(|(_, word)| *word != 0))
    }

    /// Puts a number in.
    pub(crate) fn insert(&mut self, number: u32) {
        match self {
            Set::Few(list) => {
                if list.last().is_none_or(|last| *last < number) {
                    list.push(number);
                } else if let Err(at) = list.binary_search(&number) {
                    list.insert(at, number);
                }
                if list.len() > GROWN {
                    self.settle();
                }
            }
            Set::Many(words) => set(words, number),
        }
    }

    /// Takes a number out.
    pub(crate) fn remove(&mut self, number: u32) {
        match self {
            Set::Few(list) => {
                if let Ok(at) = list.binary_search(&number) {
                    list.remove(at);
                }
            }
            Set::Many(words) => clear(words, number),
        }
    }

    /// Those of this set of whom something is true.
    pub(crate) fn filter(&self, holds: impl Fn(u32) -> bool) -> Set {
        match self {
            Set::Few(list) => Set::Few(list.iter().copied().filter(|one| holds(*one)).collect()),
            Set::Many(words) => {
                let mut kept = vec![0; words.len()];
                for number in self.iter().filter(|one| holds(*one)) {
                    set(&mut kept, number);
                }
                Set::Many(kept)
            }
        }
    }

    /// Those of this set whose cell of a column is as it should be.
    pub(crate) fn sift<T>(&self, column: &[T], holds: impl Fn(&T) -> bool) -> Set {
        match self {
            Set::Few(_) => self.filter(|one| column.get(one as usize).is_some_and(&holds)),
            Set::Many(words) => Set::Many(words::sift(words, column, holds)),
        }
    }

    /// Everyone who is in one of the sets.
    pub(crate) fn union<'a>(sets: impl IntoIterator<Item = &'a Set>) -> Set {
        let (mut all, mut few) = (Set::default(), Vec::new());
        for set in sets {
            match set {
                Set::Few(list) => few.extend_from_slice(list),
                Set::Many(_) => all |= set,
            }
        }
        all |= &few.into_iter().collect();
        all
    }

    /// Adds what is in both of two other sets.
    pub(crate) fn add_both(&mut self, one: &Set, other: &Set) {
        match (&mut *self, one, other) {
            (Set::Many(all), Set::Many(one), Set::Many(other)) => {
                let end = one.len().min(other.len());
                if all.len() < end {
                    all.resize(end, 0);
                }
                words::add_both(all, one, other);
            }
            _ => *self |= &(one & other),
        }
    }

    /// Takes the form that suits how many there are.
    pub(crate) fn settle(&mut self) {
        let end = match self {
            Set::Few(list) => list.last().map_or(0, |last| *last as usize),
            Set::Many(words) => words.len() * WORD,
        };
        let crowded = self.len() * CROWDED > end;
        if crowded != matches!(self, Set::Many(_)) {
            let numbers: Vec<u32> = self.iter().collect();
            *self = if crowded {
                bits(&numbers, end)
            } else {
                Set::Few(numbers)
            };
        }
    }
}

impl Set {
    /// Becomes a list when it holds so few that whatever is asked of them next is quicker by list,
    /// although a list that is kept would be no smaller.
    pub(crate) fn slim(&mut self) {
        if let Set::Many(words) = self
            && words::count(words) * SPARSE < words.len() * WORD
        {
            *self = Set::Few(self.iter().collect());
        }
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Set {
        let mut list: Vec<u32> = numbers.into_iter().collect();
        let end = list.iter().max().map_or(0, |last| *last as usize);
        if list.len() * CROWDED > end {
            return bits(&list, end);
        }
        list.sort_unstable();
        list.dedup();
        Set::Few(list)
    }
}

impl BitAnd<&Set> for &Set {
    type Output = Set;

    fn bitand(self, other: &Set) -> Set {
        match (self, other) {
            (Set::Many(one), Set::Many(other)) => Set::Many(words::both(one, other)),
            (Set::Few(few), set) | (set, Set::Few(few)) => {
                let mut both = Vec::new();
                common(few, set, |one| both.push(one));
                Set::Few(both)
            }
        }
    }
}

impl BitAndAssign<&Set> for Set {
    fn bitand_assign(&mut self, other: &Set) {
        match (&mut *self, other) {
            (Set::Many(one), Set::Many(other)) => {
                one.truncate(other.len());
                words::keep(one, other);
            }
            (Set::Few(_), _) | (_, Set::Few(_)) => *self = &*self & other,
        }
    }
}

impl BitOrAssign<&Set> for Set {
    fn bitor_assign(&mut self, other: &Set) {
        match (&mut *self, other) {
            (_, Set::Few(none)) if none.is_empty() => {}
            (Set::Few(list), _) if list.is_empty() => *self = other.clone(),
            (Set::Few(one), Set::Few(other)) if other.len() * HANDFUL < one.len() => {
                for number in other {
                    self.insert(*number);
                }
            }
            (Set::Few(one), Set::Few(other)) => {
                *self = Set::Few(merged(one, other));
                self.settle();
            }
            (Set::Few(few), Set::Many(words)) => {
                let mut words = words.clone();
                put(&mut words, few);
                *self = Set::Many(words);
            }
            (Set::Many(words), Set::Few(few)) => put(words, few),
            (Set::Many(one), Set::Many(other)) => {
                if one.len() < other.len() {
                    one.resize(other.len(), 0);
                }
                words::add(one, other);
            }
        }
    }
}

impl SubAssign<&Set> for Set {
    fn sub_assign(&mut self, other: &Set) {
        match (&mut *self, other) {
            (Set::Few(one), Set::Few(other)) if other.len() * HANDFUL < one.len() => {
                for number in other {
                    self.remove(*number);
                }
            }
            (Set::Few(list), _) => list.retain(|one| !other.contains(*one)),
            (Set::Many(words), Set::Few(few)) => few.iter().for_each(|one| clear(words, *one)),
            (Set::Many(one), Set::Many(other)) => words::less(one, other),
        }
    }
}

impl Sub<&Set> for &Set {
    type Output = Set;

    fn sub(self, other: &Set) -> Set {
        let mut left = self.clone();
        left -= other;
        left
    }
}

/// Walks a set, rising.
pub(crate) enum Iter<'a> {
    /// A list.
    Few(std::slice::Iter<'a, u32>),
    /// Words, the one that is being looked at, and its bits that are still to come.
    Many {
        words: &'a [u64],
        at: usize,
        left: u64,
    },
}

impl Iterator for Iter<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Iter::Few(list) => list.next().copied(),
            Iter::Many { words, at, left } => {
                while *left == 0 {
                    *at += 1;
                    *left = *words.get(*at)?;
                }
                let bit = left.trailing_zeros();
                *left &= *left - 1;
                Some((*at * WORD) as u32 + bit)
            }
        }
    }
}

/// Calls with each number of a list that is in a set too.
fn common(few: &[u32], set: &Set, mut each: impl FnMut(u32)) {
    match set {
        Set::Many(words) => {
            let both = few.iter().filter(|one| has(words, **one));
            both.for_each(|one| each(*one));
        }
        Set::Few(other) if few.len() <= other.len() => meet(few, other, each),
        Set::Few(other) => meet(other, few, each),
    }
}

/// Calls with each number of both lists; the longer one is searched in steps that double.
fn meet(short: &[u32], long: &[u32], mut each: impl FnMut(u32)) {
    let mut rest = long;
    for one in short {
        let mut step = 1;
        while rest.get(step).is_some_and(|other| other < one) {
            step *= 2;
        }
        let near = rest.get(..=step).unwrap_or(rest);
        let skipped = near.partition_point(|other| other < one);
        rest = rest.get(skipped..).unwrap_or_default();
        if rest.first() == Some(one) {
            each(*one);
        }
    }
}

/// The numbers of either list.
fn merged(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let mut rest = other;
    for number in one {
        let before = rest.iter().take_while(|next| *next < number).count();
        let (less, more) = rest.split_at(before);
        all.extend_from_slice(less);
        all.push(*number);
        rest = more.strip_prefix(&[*number]).unwrap_or(more);
    }
    all.extend_from_slice(rest);
    all
}

fn bits(numbers: &[u32], last: usize) -> Set {
    let mut words = vec![0; last / WORD + 1];
    put(&mut words, numbers);
    Set::Many(words)
}

fn put(words: &mut Vec<u64>, numbers: &[u32]) {
    for number in numbers {
        set(words, *number);
    }
}

fn has(words: &[u64], number: u32) -> bool {
    let word = words.get(number as usize / WORD);
    word.is_some_and(|word| word >> (number as usize % WORD) & 1 == 1)
}

fn set(words: &mut Vec<u64>, number: u32) {
    let at = number as usize / WORD;
    if words.len() <= at {
        words.resize(at + 1, 0);
    }
    words[at] |= 1 << (number as usize % WORD);
}

fn clear(words: &mut [u64], number: u32) {
    if let Some(word) = words.get_mut(number as usize / WORD) {
        *word &= !(1 << (number as usize % WORD));
    }
}

#[cfg(test)]
mod tests {
    use super::Set;
    use proptest::prelude::ProptestConfig;
    use proptest::prelude::Strategy;
    use proptest::prop_assert_eq;
    use proptest::prop_oneof;
    use proptest::proptest;
    use std::collections::BTreeSet;

    /// Some of few numbers, of many, or all of a run: lists and bits of every length.
    fn numbers() -> impl Strategy<Value = BTreeSet<u32>> {
        prop_oneof![
            proptest::collection::btree_set(0..300_u32, 0..40),
            proptest::collection::btree_set(0..90_000_u32, 0..60),
            (0..400_u32, 0..300_u32).prop_map(|(from, count)| (from..from + count).collect()),
        ]
    }

    fn list(set: &Set) -> Vec<u32> {
        let all: Vec<u32> = set.iter().collect();
        assert_eq!(set.len(), all.len());
        assert_eq!(set.is_empty(), all.is_empty());
        assert!(all.iter().all(|one| set.contains(*one)));
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn sets_are_sets(one in numbers(), other in numbers(), spot in 0..90_000_u32) {
            let set = |numbers: &BTreeSet<u32>| numbers.iter().rev().copied().collect::<Set>();
            let (a, b) = (set(&one), set(&other));
            let want = |numbers: BTreeSet<u32>| numbers.into_iter().collect::<Vec<u32>>();
            prop_assert_eq!(list(&a), want(one.clone()));
            prop_assert_eq!(list(&(&a & &b)), want(&one & &other));
            prop_assert_eq!(list(&(&a - &b)), want(&one - &other));
            prop_assert_eq!(a.shared(&b), (&one & &other).len());
            prop_assert_eq!(list(&Set::union([&a, &b, &a])), want(&one | &other));
            let mut changed = a.clone();
            changed |= &b;
            prop_assert_eq!(list(&changed), want(&one | &other));
            changed &= &b;
            prop_assert_eq!(list(&changed), want(other.clone()));
            changed.insert(spot);
            prop_assert_eq!(list(&changed), want(&other | &[spot].into()));
            changed.remove(spot);
            prop_assert_eq!(list(&changed), want(&other - &[spot].into()));
            let column: Vec<u32> = (0..500).map(|at| at % 7).collect();
            let sifted = |one: &u32| *one < 500 && one % 7 < 3;
            let kept = one.iter().copied().filter(sifted).collect();
            prop_assert_eq!(list(&a.sift(&column, |cell| *cell < 3)), want(kept));
            let even = one.iter().copied().filter(|one| one % 2 == 0).collect();
            prop_assert_eq!(list(&a.filter(|one| one % 2 == 0)), want(even));
        }
    }
}
