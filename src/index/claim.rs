//! Assertions: what workers said about people, as far as it stands today.
//!
//! Invariant: an assertion that has ended, or has not begun, is nowhere in here.

use crate::index::column::Day;
use crate::index::column::day;
use crate::index::literal::fold;
use crate::index::people::Way;
use crate::index::set::Set;
use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::query::Bounds;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// What stands today. A date or a text counts when it belongs to a confirmed assertion.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Claims {
    confirmed: FxHashMap<CategoryCode, Set>,
    declined: FxHashMap<CategoryCode, Set>,
    /// Who has a confirmed assertion.
    pub(crate) any: Set,
    /// Who is flagged to be looked at later.
    pub(crate) doubtful: Set,
    since: BTreeMap<Day, Set>,
    due: BTreeMap<Day, Set>,
    /// Who stands behind which source or evidence, folded.
    said: FxHashMap<String, Set>,
    /// About whom something begins or ends to stand on a day that is still to come.
    turns: BTreeMap<Day, Set>,
}

impl Claims {
    /// Puts what is said about a person in or takes it out.
    pub(crate) fn put(&mut self, way: Way, number: u32, book: &Book, id: PersonId, today: Date) {
        for one in book.assertions(id) {
            self.put_turns(way, number, one, today);
            if !one.stands(today) {
                continue;
            }
            let Some(code) = one.category() else {
                continue;
            };
            match one.status() {
                Status::Confirmed => {
                    way.mark(self.confirmed.entry(code).or_default(), number);
                    way.mark(&mut self.any, number);
                    self.put_dates(way, number, one);
                    self.put_texts(way, number, one);
                }
                Status::Declined => way.mark(self.declined.entry(code).or_default(), number),
                Status::Doubtful => way.mark(&mut self.doubtful, number),
            }
        }
    }

    fn put_turns(&mut self, way: Way, number: u32, one: Assertion<'_>, today: Date) {
        let begins = one.from().map(Date::first);
        let ends = one.to().map(Date::last);
        for turn in [begins, ends].into_iter().flatten() {
            if turn > today {
                way.mark(self.turns.entry(day(turn)).or_default(), number);
            }
        }
    }

    /// About whom something begins or ends to stand after one day and up to a later one.
    pub(crate) fn turning(&self, after: Date, until: Date) -> Set {
        let turns = self.turns.range(day(after) + 1..=day(until));
        Set::union(turns.map(|(_, set)| set))
    }

    fn put_dates(&mut self, way: Way, number: u32, one: Assertion<'_>) {
        let review = one.record.date(assertion::REVIEW);
        for (days, date) in [(&mut self.since, one.from()), (&mut self.due, review)] {
            if let Some(date) = date {
                way.mark(days.entry(day(date)).or_default(), number);
            }
        }
    }

    fn put_texts(&mut self, way: Way, number: u32, one: Assertion<'_>) {
        for field in [assertion::SOURCE, assertion::EVIDENCE] {
            let Some(text) = one.record.text(field) else {
                continue;
            };
            // A ledger says the same of thousands; what is a key is folded already.
            match self.said.get_mut(text) {
                Some(said) => way.mark(said, number),
                None => way.mark(self.said.entry(fold(text)).or_default(), number),
            }
        }
    }

    /// Gives every set the form that suits it, after many were put in.
    pub(crate) fn settle(&mut self) {
        let codes = self
            .confirmed
            .values_mut()
            .chain(self.declined.values_mut());
        let days = self.since.values_mut().chain(self.due.values_mut());
        let days = days.chain(self.turns.values_mut());
        for set in codes.chain(days).chain(self.said.values_mut()) {
            set.settle();
        }
        self.any.settle();
        self.doubtful.settle();
    }

    /// Every category about which something was confirmed.
    pub(crate) fn categories(&self) -> impl Iterator<Item = (&CategoryCode, &Set)> {
        self.confirmed.iter()
    }

    /// About whom a source or an evidence holds a folded text.
    pub(crate) fn said(&self, text: &str) -> Set {
        let holding = self.said.iter().filter(|(said, _)| said.contains(text));
        Set::union(holding.map(|(_, set)| set))
    }

    /// Who is confirmed to be in a category.
    pub(crate) fn confirmed(&self, code: &CategoryCode) -> Option<&Set> {
        self.confirmed.get(code)
    }

    /// Of whom a category is denied; for an axis, who is "none of these".
    pub(crate) fn declined(&self, code: &CategoryCode) -> Option<&Set> {
        self.declined.get(code)
    }

    /// About whom something was said that began then.
    pub(crate) fn since(&self, bounds: Bounds<i64>) -> Set {
        between(&self.since, bounds)
    }

    /// About whom something is to be looked at again then.
    pub(crate) fn due(&self, bounds: Bounds<i64>) -> Set {
        between(&self.due, bounds)
    }
}

/// Those of the days that lie between.
fn between(days: &BTreeMap<Day, Set>, bounds: Bounds<i64>) -> Set {
    let lies = |day: &Day| crate::index::column::lies(bounds, i64::from(*day));
    Set::union(days.iter().filter(|(day, _)| lies(day)).map(|(_, set)| set))
}
