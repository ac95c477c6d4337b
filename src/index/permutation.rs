//! One order of everyone, kept: the numbers in a row, and for each a label that grows along it.
//!
//! The row is kept in runs and labels leave gaps, so that someone can be put in between without
//! moving all the others.
//!
//! Invariant: labels grow strictly along the row; no run is empty.

use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::flat;
use serde::Deserialize;
use serde::Serialize;
use serde::Serializer;
use std::cmp::Ordering;

/// How many times as many steps as expected are walked along an order.
const PATIENCE: usize = 4;
/// How many stand in a run at first; with twice as many it is parted.
const RUN: usize = 2048;

/// People in an order.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Row")]
pub(crate) struct Permutation {
    runs: Vec<Vec<u32>>,
    labels: Vec<u32>,
    /// Where the numbers themselves rise along the order: those that do not.
    strays: Option<Set>,
}

/// An order as it is laid by: labels come again of themselves.
#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(with = "flat")]
    sorted: Vec<u32>,
    strays: Option<Set>,
}

impl From<Row> for Permutation {
    fn from(row: Row) -> Permutation {
        Permutation {
            strays: row.strays,
            ..Permutation::of(&row.sorted)
        }
    }
}

impl Serialize for Permutation {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let row = Row {
            sorted: self.walk().collect(),
            strays: self.strays.clone(),
        };
        row.serialize(to)
    }
}

impl Permutation {
    /// Numbers that stand in this order.
    pub(crate) fn of(sorted: &[u32]) -> Permutation {
        let mut permutation = Permutation {
            runs: sorted.chunks(RUN).map(<[u32]>::to_vec).collect(),
            ..Permutation::default()
        };
        permutation.relabel();
        permutation
    }

    /// So many numbers that stand in their own order.
    pub(crate) fn rising(count: usize) -> Permutation {
        let numbers: Vec<u32> = (0..count as u32).collect();
        Permutation {
            strays: Some(Set::default()),
            ..Permutation::of(&numbers)
        }
    }

    /// How far along the order a number stands.
    pub(crate) fn label(&self, number: u32) -> u32 {
        self.labels
            .get(number as usize)
            .copied()
            .unwrap_or(u32::MAX)
    }

    /// The numbers, along the order.
    pub(crate) fn walk(&self) -> impl DoubleEndedIterator<Item = u32> {
        self.runs.iter().flatten().copied()
    }

    fn len(&self) -> usize {
        self.runs.iter().map(Vec::len).sum()
    }

    fn relabel(&mut self) {
        let gap = u32::MAX / (self.len() as u32 + 1);
        for (label, number) in (1..).zip(self.runs.iter().flatten()) {
            *slot(&mut self.labels, *number) = label * gap;
        }
    }

    /// The run and the place in it behind all who stand before something.
    fn place(&self, before: impl Fn(u32) -> bool) -> (usize, usize) {
        let passed = |run: &Vec<u32>| run.last().is_some_and(|one| before(*one));
        let run = self.runs.partition_point(passed);
        let at = self.runs.get(run);
        let at = at.map_or(0, |run| run.partition_point(|one| before(*one)));
        (run, at)
    }

    /// Puts a number in; `order` says how another stands to it.
    pub(crate) fn insert(&mut self, number: u32, order: impl Fn(u32) -> Ordering) {
        let (run, at) = self.place(|one| order(one).is_lt());
        let before = match at.checked_sub(1) {
            Some(at) => self.runs.get(run).and_then(|run| run.get(at)),
            None => run.checked_sub(1).and_then(|run| self.runs[run].last()),
        };
        let after = self.runs.get(run).and_then(|run| run.get(at));
        let low = before.map_or(0, |one| self.label(*one));
        let high = after.map_or(u32::MAX, |one| self.label(*one));
        match self.runs.get_mut(run) {
            Some(some) => some.insert(at, number),
            None => self.runs.push(vec![number]),
        }
        if self.runs[run].len() >= RUN * 2 {
            let rest = self.runs[run].split_off(RUN);
            self.runs.insert(run + 1, rest);
        }
        self.strays
            .iter_mut()
            .for_each(|strays| strays.insert(number));
        let between = low + (high - low) / 2;
        *slot(&mut self.labels, number) = between;
        if between == low {
            self.relabel();
        }
    }

    /// Takes a number out.
    pub(crate) fn remove(&mut self, number: u32) {
        let label = self.label(number);
        let (run, at) = self.place(|one| self.label(one) < label);
        if let Some(some) = self.runs.get_mut(run)
            && some.get(at) == Some(&number)
        {
            some.remove(at);
            if some.is_empty() {
                self.runs.remove(run);
            }
        }
    }

    /// Walks along the order until the rows are found. When those of the set lie so far apart that
    /// this takes too long, the best are picked from the set.
    pub(crate) fn rows(&self, set: &Set, from: usize, count: usize, descending: bool) -> Vec<u32> {
        let size = set.len();
        let end = size.min(from + count);
        let first = match &self.strays {
            Some(strays) if !descending => self.first(set, strays, end),
            _ => self.walked(set, size, end, descending),
        };
        first.into_iter().skip(from).collect()
    }

    fn walked(&self, set: &Set, size: usize, end: usize, descending: bool) -> Vec<u32> {
        let is_in = |number: &u32| set.contains(*number);
        let expected = (end * self.len()).div_ceil(size.max(1));
        let steps = (expected * PATIENCE).min(size * 2);
        let walked: Vec<u32> = if descending {
            let walk = self.walk().rev().take(steps);
            walk.filter(is_in).take(end).collect()
        } else {
            self.walk().take(steps).filter(is_in).take(end).collect()
        };
        if walked.len() == end {
            walked
        } else {
            self.best(set, end, descending)
        }
    }

    /// The first numbers of a set in an order along which numbers rise, but for some.
    fn first(&self, set: &Set, strays: &Set, count: usize) -> Vec<u32> {
        let rising = set.iter().filter(|one| !strays.contains(*one)).take(count);
        let mut first: Vec<u32> = rising.chain((set & strays).iter()).collect();
        first.sort_unstable_by_key(|one| self.label(*one));
        first.truncate(count);
        first
    }

    /// The first numbers of a set in the order.
    fn best(&self, set: &Set, count: usize, descending: bool) -> Vec<u32> {
        let turned = if descending { u32::MAX } else { 0 };
        let room = count.max(8) * 2;
        let mut best: Vec<(u32, u32)> = Vec::with_capacity(room);
        let mut worst = u32::MAX;
        for number in set.iter() {
            let label = self.label(number) ^ turned;
            if label > worst {
                continue;
            }
            if best.len() == room {
                best.select_nth_unstable(count);
                best.truncate(count);
                worst = best.iter().map(|(label, _)| *label).max().unwrap_or(worst);
            }
            best.push((label, number));
        }
        best.sort_unstable();
        best.truncate(count);
        best.into_iter().map(|(_, number)| number).collect()
    }
}
