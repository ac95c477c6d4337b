//! A plain column for every field of a person, the household and the dwelling: one cell a person.
//!
//! Invariant: a person is filed under what the records say, those of the household and the
//! dwelling included; a cell of 0 is "unknown".

use crate::index::cells::Cells;
use crate::index::home::Homes;
use crate::index::literal::Hits;
use crate::index::literal::Texts;
use crate::index::literal::fold_onto;
use crate::index::people::slot;
use crate::index::place::PARTS;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::role::Role;
use crate::model::role::Sight;
use crate::model::value::ValueRef;
use crate::query::Bounds;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde::Serialize;
use std::ops::RangeInclusive;

/// The columns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Columns {
    /// By the table's number, then the field's.
    tables: Vec<Vec<Column>>,
    /// Where a text is folded before it is looked up.
    folded: String,
}

/// A field.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Column {
    cells: Cells,
    form: Form,
    texts: Texts,
}

/// What the cells of a column mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// The days for which a number that never grows from one day to a later one lies between.
pub(crate) fn falling(bounds: Bounds<i64>, number: impl Fn(Day) -> i64) -> RangeInclusive<Day> {
    let first = bounds
        .high
        .map_or(0, |high| turn(|day| number(day) <= high));
    let after = bounds.low.map_or(EVER, |low| turn(|day| number(day) < low));
    nth(first)..=nth(after - 1)
}

/// The first and the last year that a date can have, and how many days there are in between, each
/// month taken for 31.
const YEARS: RangeInclusive<i32> = 1800..=2200;
const EVER: i32 = (*YEARS.end() - *YEARS.start() + 1) * 12 * 31;

/// A day by its place among all of them; before the first there is none.
fn nth(at: i32) -> Day {
    if at < 0 {
        return 0;
    }
    let (year, month) = (YEARS.start() + at / (12 * 31), at / 31 % 12 + 1);
    year * 10_000 + month * 100 + at % 31 + 1
}

/// The place of the first day for which something holds that holds for all days after it.
fn turn(holds: impl Fn(Day) -> bool) -> i32 {
    let (mut low, mut high) = (0, EVER);
    while low < high {
        let middle = i32::midpoint(low, high);
        if holds(nth(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
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

/// What the members of a household share: its own facts and those of the dwelling.
pub(crate) struct Shared<'a>([(Table, Option<&'a Record>); 2]);

impl<'a> Shared<'a> {
    /// What a person shares with the household.
    pub(crate) fn of(book: &'a Book, person: Person<'a>) -> Shared<'a> {
        let household = person.household().and_then(|id| book.household(id));
        let dwelling = household.and_then(|household| book.dwelling(household.dwelling()?));
        Shared([
            (Table::Household, household.map(|one| one.record)),
            (Table::Dwelling, dwelling.map(|one| one.record)),
        ])
    }
}

/// The value of a field for a person.
pub(crate) fn value<'a>(book: &'a Book, person: Person<'a>, field: &Field) -> Option<ValueRef<'a>> {
    if field.table == Table::Person {
        return person.record.read(field.number);
    }
    let Shared(known) = Shared::of(book, person);
    let (_, record) = known.iter().find(|(table, _)| *table == field.table)?;
    (*record)?.read(field.number)
}

impl Columns {
    /// The columns of everyone, by number, and whose address is known.
    pub(crate) fn build(book: &Book, people: &[Person<'_>], homes: &Homes) -> (Columns, Set) {
        let mut columns = Columns::default();
        for (number, person) in (0..).zip(people) {
            columns.enter(number, *person);
        }
        let mut housed = Vec::new();
        for members in homes.houses() {
            let one = members.first().and_then(|one| people.get(*one as usize));
            if one.is_some_and(|one| columns.share(members, &Shared::of(book, *one))) {
                housed.extend_from_slice(members);
            }
        }
        (columns, housed.into_iter().collect())
    }

    /// Puts a person's own facts in.
    pub(crate) fn enter(&mut self, number: u32, person: Person<'_>) {
        for (field, value) in person.record.iter() {
            let cell = self.cell(Table::Person, field, value);
            self.column_mut(Table::Person, field)
                .cells
                .put(number, cell);
        }
    }

    /// Puts in what the members of a household share, and returns whether their address is known.
    pub(crate) fn share(&mut self, members: &[u32], shared: &Shared<'_>) -> bool {
        let Shared(known) = shared;
        let known = known
            .iter()
            .filter_map(|(table, record)| Some((*table, (*record)?)));
        let mut is_housed = false;
        for (table, record) in known {
            for (field, value) in record.iter() {
                let cell = self.cell(table, field, value);
                let column = self.column_mut(table, field);
                for member in members {
                    column.cells.put(*member, cell);
                }
                is_housed |= table == Table::Dwelling && PARTS.contains(&field);
            }
        }
        is_housed
    }

    /// Takes all that is known of a person out.
    pub(crate) fn clear(&mut self, number: u32) {
        for column in self.tables.iter_mut().flatten() {
            column.cells.clear(number);
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

    fn between(&self, key: (Table, FieldNo), low: u32, high: u32, within: &Set) -> Set {
        let column = self.column(key);
        column.map_or_else(Set::default, |one| one.cells.between(low, high, within))
    }

    fn has(&self, key: (Table, FieldNo), form: Form) -> bool {
        self.column(key).is_some_and(|column| column.form == form)
    }

    /// Those of `within` of whom the field is known.
    pub(crate) fn known(&self, key: (Table, FieldNo), within: &Set) -> Set {
        self.between(key, 1, u32::MAX, within)
    }

    /// Those of `within` with exactly this code, or this folded text.
    pub(crate) fn is(&self, key: (Table, FieldNo), text: &str, within: &Set) -> Set {
        let number = self.column(key).and_then(|column| column.texts.find(text));
        number.map_or_else(Set::default, |number| {
            self.between(key, number, number, within)
        })
    }

    /// Those of `within` with this answer.
    pub(crate) fn flag(&self, key: (Table, FieldNo), flag: bool, within: &Set) -> Set {
        if !self.has(key, Form::Flag) {
            return Set::default();
        }
        let cell = u32::from(flag) + 1;
        self.between(key, cell, cell, within)
    }

    /// Those of `within` whose date is known and one of these days.
    pub(crate) fn days(
        &self,
        key: (Table, FieldNo),
        days: &RangeInclusive<Day>,
        within: &Set,
    ) -> Set {
        if !self.has(key, Form::Day) || *days.end() < 1 {
            return Set::default();
        }
        let cell = |day: Day| day.max(1).cast_unsigned();
        self.between(key, cell(*days.start()), cell(*days.end()), within)
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

    /// Those of `within` with a text of their own that holds a folded text; only texts that the role
    /// may see whole are looked through.
    pub(crate) fn anywhere(&self, text: &str, within: &Set, role: Role) -> Set {
        let own = self.tables.get(Table::Person as usize);
        let fields = (0..).zip(own.into_iter().flatten());
        let is_seen = |field| {
            let field = field::of(Table::Person, FieldNo(field));
            field.is_some_and(|field| role.field(field) == Sight::Clear)
        };
        let texts = fields.filter(|(field, column)| column.form == Form::Text && is_seen(*field));
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
            return column
                .cells
                .that(within, |cell| column.texts.get(cell).is_some_and(&holds));
        }
        let hits = all(&column.texts);
        if hits.is_empty() {
            return Set::default();
        }
        match hits.few() {
            Some(few) => {
                let sets = few.map(|number| column.cells.between(number, number, within));
                Set::union(&sets.collect::<Vec<_>>())
            }
            None => column.cells.that(within, |cell| hits.has(cell)),
        }
    }
}
