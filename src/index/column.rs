//! Plain columns of every field of a person, the household and the dwelling: who has which code,
//! who has any value, and dates.
//!
//! Invariant: a person is filed under what the records say, those of the household and the
//! dwelling included.

use crate::index::people::Way;
use crate::index::people::pick;
use crate::index::people::slot;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::query::Bounds;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// The columns.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// By the table's number, then the field's.
    tables: Vec<Vec<Column>>,
}

#[derive(Debug, Clone, Default)]
struct Column {
    known: RoaringBitmap,
    codes: HashMap<String, RoaringBitmap>,
    flags: [RoaringBitmap; 2],
    dates: Vec<Day>,
}

/// A day as the number `yyyymmdd`, so that the difference of two, divided by 10,000, is full years.
/// 0 is "unknown".
pub(crate) type Day = i32;

/// The first day that a date can mean.
pub(crate) fn day(date: Date) -> Day {
    let first = date.first();
    let month = i32::from(first.month().unwrap_or(1)) * 100;
    i32::from(first.year()) * 10_000 + month + i32::from(first.day().unwrap_or(1))
}

/// The day as months since year 0, and the day of the month.
fn months(day: Day) -> (i32, i32) {
    (day / 10_000 * 12 + day / 100 % 100 - 1, day % 100)
}

/// Full months from one day to another; counted down when the other is earlier.
pub(crate) fn months_between(from: Day, to: Day) -> i64 {
    let ((from, first), (to, last)) = (months(from), months(to));
    i64::from(to - from - i32::from(last < first))
}

/// Whether a number lies between.
pub(crate) fn lies(bounds: Bounds<i64>, number: i64) -> bool {
    bounds.low.is_none_or(|low| low <= number) && bounds.high.is_none_or(|high| number <= high)
}

/// The days between which a date lies, the partial ends taken as wide as they can be.
pub(crate) fn days(bounds: Bounds<Date>) -> Bounds<i64> {
    Bounds {
        low: bounds.low.map(|low| i64::from(day(low))),
        high: bounds.high.map(|high| i64::from(day(high.last()))),
    }
}

/// What is known of a person: the person's own fields, the household's and the dwelling's.
pub(crate) fn facts<'a>(
    book: &'a Book,
    person: Person<'a>,
) -> impl Iterator<Item = (Table, FieldNo, &'a Value)> {
    let household = person.household().and_then(|id| book.household(id));
    let dwelling = household.and_then(|household| book.dwelling(household.dwelling()?));
    [
        (Table::Person, Some(person.record)),
        (
            Table::Household,
            household.map(|household| household.record),
        ),
        (Table::Dwelling, dwelling.map(|dwelling| dwelling.record)),
    ]
    .into_iter()
    .filter_map(|(table, record)| Some((table, record?)))
    .flat_map(|(table, record)| {
        record
            .iter()
            .map(move |(field, value)| (table, field, value))
    })
}

/// The value of a field for a person.
pub(crate) fn value<'a>(book: &'a Book, person: Person<'a>, field: &Field) -> Option<&'a Value> {
    let mut known = facts(book, person);
    known.find_map(|(table, number, value)| {
        ((table, number) == (field.table, field.number)).then_some(value)
    })
}

impl Columns {
    /// Puts a person's facts in or takes them out.
    pub(crate) fn put(&mut self, way: Way, number: u32, book: &Book, person: Person<'_>) {
        for (table, field, value) in facts(book, person) {
            let fields = slot(&mut self.tables, table as u32);
            let column = slot(fields, u32::from(field.0));
            way.mark(&mut column.known, number);
            match value {
                Value::Code(code) => {
                    if let Some(set) = column.codes.get_mut(code) {
                        way.mark(set, number);
                    } else {
                        way.mark(column.codes.entry(code.clone()).or_default(), number);
                    }
                }
                Value::Flag(flag) => way.mark(&mut column.flags[usize::from(*flag)], number),
                Value::Date(date) => {
                    *slot(&mut column.dates, number) = match way {
                        Way::In => day(*date),
                        Way::Out => 0,
                    }
                }
                Value::Text(_)
                | Value::Number(_)
                | Value::IdNumber(_)
                | Value::Phones(_)
                | Value::Link(_)
                | Value::Words(_) => {}
            }
        }
    }

    /// Those of `within` of whom the field is known.
    pub(crate) fn known(&self, key: (Table, FieldNo), within: &RoaringBitmap) -> RoaringBitmap {
        self.sift(key, within, |column| Some(&column.known))
    }

    /// Those of `within` with this code.
    pub(crate) fn code(
        &self,
        key: (Table, FieldNo),
        code: &str,
        within: &RoaringBitmap,
    ) -> RoaringBitmap {
        self.sift(key, within, |column| column.codes.get(code))
    }

    /// Those of `within` with this answer.
    pub(crate) fn flag(
        &self,
        key: (Table, FieldNo),
        flag: bool,
        within: &RoaringBitmap,
    ) -> RoaringBitmap {
        self.sift(key, within, |column| column.flags.get(usize::from(flag)))
    }

    /// Those of `within` whose date is known and as it should be.
    pub(crate) fn date(
        &self,
        key: (Table, FieldNo),
        within: &RoaringBitmap,
        holds: impl Fn(Day) -> bool,
    ) -> RoaringBitmap {
        let dates = self
            .column(key)
            .map_or(&[][..], |column| column.dates.as_slice());
        pick(within, dates.len(), |number| {
            dates
                .get(number as usize)
                .is_some_and(|day| *day != 0 && holds(*day))
        })
    }

    fn column(&self, (table, field): (Table, FieldNo)) -> Option<&Column> {
        self.tables.get(table as usize)?.get(usize::from(field.0))
    }

    fn sift(
        &self,
        key: (Table, FieldNo),
        within: &RoaringBitmap,
        part: impl Fn(&Column) -> Option<&RoaringBitmap>,
    ) -> RoaringBitmap {
        let set = self.column(key).and_then(part);
        set.map_or_else(RoaringBitmap::new, |set| set & within)
    }
}
