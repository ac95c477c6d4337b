//! Visits: who was met, verified and called on when, and by that what is due and what is stale.
//!
//! Invariant: a person is filed under what [`contact`] says; a visit is due and a person stale as
//! [`Contact`](crate::model::visit::Contact) says.

use crate::index::claim::between;
use crate::index::column::Day;
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
use std::collections::BTreeMap;

/// What the visits come to, and who made them.
#[derive(Debug, Default)]
pub(crate) struct Visits {
    /// Who was ever called on.
    pub(crate) any: Set,
    /// Who was ever met.
    pub(crate) met: Set,
    /// Of whom it was ever verified what is known.
    pub(crate) gone_through: Set,
    /// With whom a next visit is agreed.
    agreed: Set,
    seen: BTreeMap<Day, Set>,
    verified: BTreeMap<Day, Set>,
    next: BTreeMap<Day, Set>,
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
        for (date, whose, by_day) in [
            (contact.seen, &mut self.met, &mut self.seen),
            (contact.verified, &mut self.gone_through, &mut self.verified),
            (contact.next, &mut self.agreed, &mut self.next),
        ] {
            if let Some(date) = date {
                way.mark(whose, number);
                way.mark(by_day.entry(day(date)).or_default(), number);
            }
        }
    }

    /// Gives every set the form that suits it, after many were put in.
    pub(crate) fn settle(&mut self) {
        let days = [&mut self.seen, &mut self.verified, &mut self.next];
        let days = days.into_iter().flat_map(BTreeMap::values_mut);
        for set in days.chain(self.workers.values_mut()) {
            set.settle();
        }
        for set in [
            &mut self.any,
            &mut self.met,
            &mut self.gone_through,
            &mut self.agreed,
        ] {
            set.settle();
        }
    }

    /// Who was last met then.
    pub(crate) fn seen(&self, bounds: Bounds<i64>) -> Set {
        between(&self.seen, bounds)
    }

    /// Of whom it was last verified then what is known.
    pub(crate) fn verified(&self, bounds: Bounds<i64>) -> Set {
        between(&self.verified, bounds)
    }

    /// On whom a worker has called whose name holds this folded text.
    pub(crate) fn by(&self, name: &str) -> Set {
        let named = self.workers.iter().filter(|(one, _)| one.contains(name));
        Set::union(named.map(|(_, people)| people))
    }
}

impl Scene<'_> {
    /// Those of `within` about whom something is to be done then: a review, or the next visit.
    pub(crate) fn due(self, bounds: Bounds<Date>, within: &Set) -> Set {
        let visits = &self.facts.visits;
        let agreed = between(&visits.next, days(bounds));
        let mut found = Set::union([&self.facts.claims.due(days(bounds)), &agreed]);
        found &= within;
        let is_today = lies(days(bounds), i64::from(day(self.today)));
        let mut left = within - &visits.agreed;
        for (interval, codes) in self.derived.reviews() {
            let group = self.among(codes, &left);
            let earlier = |end: Date| end.add_days(-interval);
            let met = visits.seen(days(Bounds {
                low: bounds.low.map(|low| earlier(low.first())),
                high: bounds.high.map(|high| earlier(high.last())),
            }));
            found |= &(&group & &met);
            if is_today {
                found |= &(&group - &visits.met);
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
        let open = within - &visits.agreed;
        let mut found = &between(&visits.next, before(self.today)) & within;
        found |= &(&open - &visits.met);
        let mut left = &open & &visits.met;
        for (interval, codes) in self.derived.reviews() {
            let group = self.among(codes, &left);
            found |= &(&group & &visits.seen(before(self.today.add_days(-interval))));
            left -= &group;
        }
        let most = stale_days(self.book);
        found |= &(&left & &visits.seen(before(self.today.add_days(-most))));
        found
    }

    fn among(self, codes: &[CategoryCode], within: &Set) -> Set {
        either(codes.iter().map(|code| self.standing(code, within)))
    }
}
