//! Visits: who was met, verified and called on when, and by that what is due and what is stale.
//!
//! Invariant: a person is filed under what [`contact`] says; a visit is due and a person stale as
//! [`Contact`](crate::model::visit::Contact) says.

use crate::index::cells::Cells;
use crate::index::column::day;
use crate::index::column::days;
use crate::index::column::lies;
use crate::index::evaluate::Scene;
use crate::index::evaluate::either;
use crate::index::literal::fold;
use crate::index::people::Way;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::visit::contact;
use crate::model::visit::stale_days;
use crate::query::Bounds;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the visits come to, and who made them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Visits {
    /// Who was ever called on.
    pub(crate) any: Set,
    /// The day when each was last met.
    seen: Cells,
    /// The day when it was last verified what is known of each.
    verified: Cells,
    /// The day of the next visit, where one is agreed.
    next: Cells,
    /// By the workers' names, folded.
    workers: BTreeMap<String, Set>,
}

impl Visits {
    /// Puts the visits to a person in or takes them out.
    pub(crate) fn put(&mut self, way: Way, number: u32, book: &Book, id: PersonId) {
        let mut visits = book.visits(id).peekable();
        if visits.peek().is_none() {
            return;
        }
        way.mark(&mut self.any, number);
        for visit in visits {
            let worker = self.workers.entry(fold(visit.worker()));
            way.mark(worker.or_default(), number);
        }
        let contact = contact(book, id);
        for (date, days) in [
            (contact.seen, &mut self.seen),
            (contact.verified, &mut self.verified),
            (contact.next, &mut self.next),
        ] {
            match (way, date) {
                (Way::In, Some(date)) => days.put(number, day(date).cast_unsigned()),
                (Way::Out, _) | (Way::In, None) => days.clear(number),
            }
        }
    }

    /// Gives every set the form that suits it, after many were put in.
    pub(crate) fn settle(&mut self) {
        self.workers.values_mut().for_each(Set::settle);
        self.any.settle();
    }

    /// Those of `within` who were last met then; whenever that was when no day is given.
    pub(crate) fn seen(&self, bounds: Bounds<i64>, within: &Set) -> Set {
        dated(&self.seen, bounds, within)
    }

    /// Those of `within` of whom it was last verified then what is known.
    pub(crate) fn verified(&self, bounds: Bounds<i64>, within: &Set) -> Set {
        dated(&self.verified, bounds, within)
    }

    /// Those of `within` with whom the next visit is agreed for then.
    fn next(&self, bounds: Bounds<i64>, within: &Set) -> Set {
        dated(&self.next, bounds, within)
    }

    /// On whom a worker has called whose name holds this folded text.
    pub(crate) fn by(&self, name: &str) -> Set {
        let named = self.workers.iter().filter(|(one, _)| one.contains(name));
        Set::union(named.map(|(_, people)| people))
    }
}

/// Any day.
pub(crate) const EVER: Bounds<i64> = Bounds {
    low: None,
    high: None,
};

fn dated(days: &Cells, bounds: Bounds<i64>, within: &Set) -> Set {
    let cell = |day: i64| u32::try_from(day.max(0)).unwrap_or(u32::MAX);
    let high = bounds.high.map_or(u32::MAX, cell);
    days.between(bounds.low.map_or(1, cell), high, within)
}

impl Scene<'_> {
    /// Those of `within` about whom something is to be done then: a review, or the next visit.
    pub(crate) fn due(self, bounds: Bounds<Date>, within: &Set) -> Set {
        let visits = &self.facts.visits;
        let mut found = &self.facts.claims.due(days(bounds)) & within;
        found |= &visits.next(days(bounds), within);
        let is_today = lies(days(bounds), i64::from(day(self.today)));
        let mut left = within - &visits.next(EVER, within);
        for (interval, codes) in self.derived.reviews() {
            let group = self.among(codes, &left);
            let earlier = |end: Date| end.add_days(-interval);
            let then = Bounds {
                low: bounds.low.map(|low| earlier(low.first())),
                high: bounds.high.map(|high| earlier(high.last())),
            };
            found |= &visits.seen(days(then), &group);
            if is_today {
                found |= &(&group - &visits.seen(EVER, &group));
            }
            left -= &group;
        }
        found
    }

    /// Those of `within` whom nobody has met for too long, nor agreed to visit later.
    pub(crate) fn stale(self, within: &Set) -> Set {
        let visits = &self.facts.visits;
        let before = |date: Date| {
            days(Bounds {
                low: None,
                high: Some(date.add_days(-1)),
            })
        };
        let open = within - &visits.next(EVER, within);
        let mut left = visits.seen(EVER, &open);
        let mut found = visits.next(before(self.today), within);
        found |= &(&open - &left);
        for (interval, codes) in self.derived.reviews() {
            let group = self.among(codes, &left);
            found |= &visits.seen(before(self.today.add_days(-interval)), &group);
            left -= &group;
        }
        let most = stale_days(self.book);
        found |= &visits.seen(before(self.today.add_days(-most)), &left);
        found
    }

    fn among(self, codes: &[CategoryCode], within: &Set) -> Set {
        either(codes.iter().map(|code| self.standing(code, within)))
    }
}
