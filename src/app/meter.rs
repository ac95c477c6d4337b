//! How fast the desk answers: from a key to the frame that shows what it did, as the worker felt it.
//!
//! Invariant: the slowest queries are those of the last seven days, each once with its slowest time.

use crate::app::Choice;
use crate::app::Say;
use crate::app::action::Action;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::index::Index;
use crate::model::date::Date;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// What the slowest queries are kept under.
pub const KEPT: &str = "slowest";

/// So many frames are remembered.
const FRAMES: usize = 1_000;

/// So many queries are.
const SLOWEST: usize = 10;

/// A frame that takes less than this, in microseconds, is half of one at sixty a second: not slow.
const SLOW: u32 = 8_000;

/// For so many days.
const DAYS: i32 = 7;

/// The frames of this sitting and the slowest queries of the week.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    /// From key to frame, in microseconds, the newest last.
    frames: VecDeque<u32>,
    /// The slowest first.
    slowest: Vec<Slow>,
    is_changed: bool,
}

/// A query and how long its frame took.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slow {
    micros: u32,
    day: Date,
    query: String,
}

impl Meter {
    /// A frame was shown so many microseconds after the first key that it answers.
    pub fn painted(&mut self, micros: u32, query: &str, today: Date) {
        if self.frames.len() == FRAMES {
            self.frames.pop_front();
        }
        self.frames.push_back(micros);
        let query = query.trim();
        if !query.is_empty() && micros >= SLOW {
            self.weigh(micros, query, today);
        }
    }

    fn weigh(&mut self, micros: u32, query: &str, today: Date) {
        let known = self.slowest.iter().position(|one| one.query == query);
        let is_full = self.slowest.len() == SLOWEST;
        let bar = match known {
            Some(at) => self.slowest.get(at),
            None => self.slowest.last().filter(|_| is_full),
        };
        if bar.is_some_and(|bar| bar.micros >= micros) {
            return;
        }
        if let Some(at) = known {
            self.slowest.remove(at);
        }
        self.slowest.push(Slow {
            micros,
            day: today,
            query: query.to_owned(),
        });
        self.slowest.sort_by_key(|one| Reverse(one.micros));
        self.slowest.truncate(SLOWEST);
        self.is_changed = true;
    }

    /// Takes in the slowest queries that were kept, but for those of more than a week ago.
    pub fn take_kept(&mut self, bytes: &[u8], today: Date) {
        let text = String::from_utf8_lossy(bytes);
        for line in text.lines() {
            let mut parts = line.splitn(3, '\t');
            let mut part = || parts.next().unwrap_or_default();
            let (day, micros, query) = (Date::parse(part()), part().parse(), part());
            let (Some(day), Ok(micros)) = (day, micros) else {
                continue;
            };
            if day.days_until(today) < DAYS && !query.is_empty() {
                self.weigh(micros, query, day);
            }
        }
        self.is_changed = false;
    }

    /// What is to be kept of it, when that has changed since it was last asked for.
    pub fn news(&mut self) -> Option<Vec<u8>> {
        let line = |one: &Slow| format!("{}\t{}\t{}", one.day, one.micros, one.query);
        let lines: Vec<String> = self.slowest.iter().map(line).collect();
        std::mem::take(&mut self.is_changed).then(|| lines.join("\n").into_bytes())
    }

    /// How long it took for so many of a hundred frames, at most; none before the first.
    fn percent(&self, of: usize) -> Option<u32> {
        let mut all: Vec<u32> = self.frames.iter().copied().collect();
        all.sort_unstable();
        let last = all.len().checked_sub(1)?;
        all.get(last * of / 100).copied()
    }

    /// The chooser that tells all this; taking a query asks it again.
    pub fn pick(&self, index: &Index) -> Pick {
        let time = |of| self.percent(of).map_or_else(|| "-".into(), milliseconds);
        let frames = Say::with(
            "meter-frames",
            [
                ("count", self.frames.len().to_string()),
                ("p50", time(50)),
                ("p99", time(99)),
                ("worst", time(100)),
            ],
        );
        let size = Say::with(
            "meter-size",
            [("people", index.book().population().to_string())],
        );
        let told = [frames, size].map(|say| Item {
            label: Label::Say(say),
            hint: String::new(),
            search: String::new(),
            choice: Choice::Run(Action::Perf),
        });
        let slowest = self.slowest.iter().map(|one| Item {
            label: Label::Text(one.query.clone()),
            hint: format!("{:>8}  {}", milliseconds(one.micros), one.day),
            search: String::new(),
            choice: Choice::Query(one.query.clone()),
        });
        Pick::new("pick-perf", told.into_iter().chain(slowest).collect())
    }
}

/// Milliseconds to a tenth.
fn milliseconds(micros: u32) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}
