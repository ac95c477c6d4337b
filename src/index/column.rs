//! A plain column for every field of a person, the household and the dwelling: one cell a person.
//!
//! Invariant: a person is filed under what the records say, those of the household and the
//! dwelling included; a cell of 0 is "unknown".

use crate::index::literal::Hits;
use crate::index::literal::Texts;
use crate::index::literal::fold_onto;
use crate::index::people::slot;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::value::ValueRef;
use crate::query::Bounds;
use memchr::memmem::Finder;

/// The columns.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// By the table's number, then the field's.
    tables: Vec<Vec<Column>>,
    /// Where a text is folded before it is looked up.
    folded: String,
}

/// A field.
#[derive(Debug, Clone, Default)]
struct Column {
    cells: Vec<u32>,
    form: Form,
    texts: Texts,
}

/// What the cells of a column mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Form {
    /// 1: known, and nothing else is asked of it.
    #[default]
    Known,
    /// The number of a code.
    Code,
    /// The number of a folded text.
    Text,
    /// 1 for no, 2 for yes.
    Flag,
    /// A [`Day`].
    Day,
}

impl Form {
    fn of(value: ValueRef<'_>) -> Form {
        match value {
            ValueRef::Code(_) => Form::Code,
            ValueRef::Text(_)
            | ValueRef::IdNumber(_)
            | ValueRef::Phones(_)
            | ValueRef::Words(_) => Form::Text,
            ValueRef::Flag(_) => Form::Flag,
            ValueRef::Date(_) => Form::Day,
            ValueRef::Number(_) | ValueRef::Link(_) => Form::Known,
        }
    }
}

/// Where a fact is filed: table, field, cell.
pub(crate) type Entry = (Table, FieldNo, u32);

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

/// What is known of a person beyond their own record: the household's facts and the dwelling's.
fn shared<'a>(book: &'a Book, person: Person<'a>) -> [(Table, Option<&'a Record>); 2] {
    let household = person.household().and_then(|id| book.household(id));
    let dwelling = household.and_then(|household| book.dwelling(household.dwelling()?));
    [
        (Table::Household, household.map(|one| one.record)),
        (Table::Dwelling, dwelling.map(|one| one.record)),
    ]
}

/// The value of a field for a person.
pub(crate) fn value<'a>(book: &'a Book, person: Person<'a>, field: &Field) -> Option<ValueRef<'a>> {
    if field.table == Table::Person {
        return person.record.read(field.number);
    }
    let mut known = shared(book, person).into_iter();
    let (_, record) = known.find(|(table, _)| *table == field.table)?;
    record?.read(field.number)
}

impl Columns {
    /// Files the facts of a record: where, and under what.
    pub(crate) fn entries(&mut self, table: Table, record: &Record) -> Vec<Entry> {
        let facts = record.iter();
        facts
            .map(|(field, value)| (table, field, self.cell(table, field, value)))
            .collect()
    }

    /// Puts a person's own facts in.
    pub(crate) fn enter(&mut self, number: u32, person: Person<'_>) {
        for (field, value) in person.record.iter() {
            let cell = self.cell(Table::Person, field, value);
            *slot(&mut self.column_mut(Table::Person, field).cells, number) = cell;
        }
    }

    /// Puts entries in for a person.
    pub(crate) fn set(&mut self, number: u32, entries: &[Entry]) {
        for (table, field, cell) in entries {
            *slot(&mut self.column_mut(*table, *field).cells, number) = *cell;
        }
    }

    /// Takes all that is known of a person out.
    pub(crate) fn clear(&mut self, number: u32) {
        for column in self.tables.iter_mut().flatten() {
            if let Some(cell) = column.cells.get_mut(number as usize) {
                *cell = 0;
            }
        }
    }

    /// What stands in the cell of a value.
    fn cell(&mut self, table: Table, field: FieldNo, value: ValueRef<'_>) -> u32 {
        let mut folded = std::mem::take(&mut self.folded);
        let column = self.column_mut(table, field);
        column.form = Form::of(value);
        let cell = match value {
            ValueRef::Code(code) => column.texts.number(code),
            ValueRef::Flag(flag) => u32::from(flag) + 1,
            ValueRef::Date(date) => day(date).cast_unsigned(),
            ValueRef::Number(_) | ValueRef::Link(_) => 1,
            ValueRef::Text(_)
            | ValueRef::IdNumber(_)
            | ValueRef::Phones(_)
            | ValueRef::Words(_) => {
                folded.clear();
                match value.text() {
                    Some(text) => fold_onto(&mut folded, text),
                    None => fold_onto(&mut folded, &value.plain()),
                }
                column.texts.number(&folded)
            }
        };
        self.folded = folded;
        cell
    }

    fn column_mut(&mut self, table: Table, field: FieldNo) -> &mut Column {
        let fields = slot(&mut self.tables, table as u32);
        slot(fields, u32::from(field.0))
    }

    fn column(&self, (table, field): (Table, FieldNo)) -> Option<&Column> {
        self.tables.get(table as usize)?.get(usize::from(field.0))
    }

    fn sift(&self, key: (Table, FieldNo), within: &Set, holds: impl Fn(u32) -> bool) -> Set {
        let column = self.column(key);
        column.map_or_else(Set::default, |column| {
            within.sift(&column.cells, |cell| holds(*cell))
        })
    }

    fn has(&self, key: (Table, FieldNo), form: Form) -> bool {
        self.column(key).is_some_and(|column| column.form == form)
    }

    /// Those of `within` of whom the field is known.
    pub(crate) fn known(&self, key: (Table, FieldNo), within: &Set) -> Set {
        self.sift(key, within, |cell| cell != 0)
    }

    /// Those of `within` with exactly this code, or this folded text.
    pub(crate) fn is(&self, key: (Table, FieldNo), text: &str, within: &Set) -> Set {
        let number = self.column(key).and_then(|column| column.texts.find(text));
        number.map_or_else(Set::default, |number| {
            self.sift(key, within, |cell| cell == number)
        })
    }

    /// Those of `within` with this answer.
    pub(crate) fn flag(&self, key: (Table, FieldNo), flag: bool, within: &Set) -> Set {
        if !self.has(key, Form::Flag) {
            return Set::default();
        }
        self.sift(key, within, |cell| cell == u32::from(flag) + 1)
    }

    /// Those of `within` whose date is known and as it should be.
    pub(crate) fn date(
        &self,
        key: (Table, FieldNo),
        within: &Set,
        holds: impl Fn(Day) -> bool,
    ) -> Set {
        if !self.has(key, Form::Day) {
            return Set::default();
        }
        self.sift(key, within, |cell| (cell != 0) & holds(cell.cast_signed()))
    }

    /// Those of `within` whose text holds a folded text.
    pub(crate) fn holding(&self, key: (Table, FieldNo), text: &str, within: &Set) -> Set {
        if text.is_empty() {
            return self.known(key, within);
        }
        let finder = Finder::new(text);
        let all = |texts: &Texts| texts.holding(&finder);
        self.hits(key, within, all, |one| finder.find(one).is_some())
    }

    /// Those of `within` whose text is as it should be.
    pub(crate) fn that(
        &self,
        key: (Table, FieldNo),
        within: &Set,
        holds: impl Fn(&[u8]) -> bool,
    ) -> Set {
        self.hits(key, within, |texts| texts.that(&holds), &holds)
    }

    /// Those of `within` with a text of their own that holds a folded text.
    pub(crate) fn anywhere(&self, text: &str, within: &Set) -> Set {
        let own = self.tables.get(Table::Person as usize);
        let fields = (0..).zip(own.into_iter().flatten());
        let texts = fields.filter(|(_, column)| column.form == Form::Text);
        let found: Vec<Set> = texts
            .map(|(field, _)| self.holding((Table::Person, FieldNo(field)), text, within))
            .collect();
        Set::union(&found)
    }

    /// Looks at the texts of a few people one by one, else at every distinct text once.
    fn hits(
        &self,
        key: (Table, FieldNo),
        within: &Set,
        all: impl FnOnce(&Texts) -> Hits,
        holds: impl Fn(&[u8]) -> bool,
    ) -> Set {
        let Some(column) = self.column(key) else {
            return Set::default();
        };
        if let Set::Few(_) = within {
            return within.sift(&column.cells, |cell| {
                column.texts.get(*cell).is_some_and(&holds)
            });
        }
        let hits = all(&column.texts);
        if hits.is_empty() {
            return Set::default();
        }
        within.sift(&column.cells, |cell| hits.has(*cell))
    }
}
