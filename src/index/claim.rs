//! Assertions: what workers said about people, as far as it stands today.
//!
//! Invariant: an assertion that has ended, or has not begun, is nowhere in here.

use crate::index::column::Day;
use crate::index::column::day;
use crate::index::literal::Literals;
use crate::index::literal::Mark;
use crate::index::literal::lines;
use crate::index::people::Way;
use crate::index::place::union;
use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::query::Bounds;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// What stands today. A date or a text counts when it belongs to a confirmed assertion.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    confirmed: HashMap<CategoryCode, RoaringBitmap>,
    declined: HashMap<CategoryCode, RoaringBitmap>,
    /// Who has a confirmed assertion.
    pub(crate) any: RoaringBitmap,
    /// Who is flagged to be looked at later.
    pub(crate) doubtful: RoaringBitmap,
    since: BTreeMap<Day, RoaringBitmap>,
    due: BTreeMap<Day, RoaringBitmap>,
    /// Sources and evidence.
    pub(crate) said: Literals,
}

impl Claims {
    /// Puts what is said about a person in or takes it out.
    pub(crate) fn put(&mut self, way: Way, number: u32, book: &Book, id: PersonId, today: Date) {
        if book.assertions(id).next().is_none() {
            return;
        }
        for one in book.assertions(id).filter(|one| one.stands(today)) {
            let Some(code) = one.category() else {
                continue;
            };
            match one.status() {
                Status::Confirmed => {
                    way.mark(self.confirmed.entry(code).or_default(), number);
                    way.mark(&mut self.any, number);
                    self.put_dates(way, number, one);
                }
                Status::Declined => way.mark(self.declined.entry(code).or_default(), number),
                Status::Doubtful => way.mark(&mut self.doubtful, number),
            }
        }
        let said = match way {
            Way::In => said(book, id, today),
            Way::Out => Vec::new(),
        };
        self.said.set(number, &said);
    }

    fn put_dates(&mut self, way: Way, number: u32, one: Assertion<'_>) {
        let review = one.record.date(assertion::REVIEW);
        for (days, date) in [(&mut self.since, one.from()), (&mut self.due, review)] {
            if let Some(date) = date {
                way.mark(days.entry(day(date)).or_default(), number);
            }
        }
    }

    /// Who is confirmed to be in a category.
    pub(crate) fn confirmed(&self, code: &CategoryCode) -> Option<&RoaringBitmap> {
        self.confirmed.get(code)
    }

    /// Of whom a category is denied; for an axis, who is "none of these".
    pub(crate) fn declined(&self, code: &CategoryCode) -> Option<&RoaringBitmap> {
        self.declined.get(code)
    }

    /// About whom something was said that began then.
    pub(crate) fn since(&self, bounds: Bounds<i64>) -> RoaringBitmap {
        between(&self.since, bounds)
    }

    /// About whom something is to be looked at again then.
    pub(crate) fn due(&self, bounds: Bounds<i64>) -> RoaringBitmap {
        between(&self.due, bounds)
    }
}

/// Those of the days that lie between.
pub(crate) fn between(days: &BTreeMap<Day, RoaringBitmap>, bounds: Bounds<i64>) -> RoaringBitmap {
    let lies = |day: &Day| crate::index::column::lies(bounds, i64::from(*day));
    union(days.iter().filter(|(day, _)| lies(day)).map(|(_, set)| set))
}

fn said(book: &Book, id: PersonId, today: Date) -> Vec<u8> {
    let standing = book.assertions(id).filter(|one| one.stands(today));
    let confirmed =
        standing.filter(|one| one.status() == Status::Confirmed && one.category().is_some());
    lines(confirmed.flat_map(|one| {
        let texts = [assertion::SOURCE, assertion::EVIDENCE].into_iter();
        texts.filter_map(move |field| {
            let mark = Mark::of(Table::Assertion, field);
            Some((mark, one.record.text(field)?.to_owned()))
        })
    }))
}
