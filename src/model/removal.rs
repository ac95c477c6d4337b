//! Removing those who have left: when it is due, and what is left of them.
//!
//! The law on personal information wants data kept no longer than needed (Art. 19) and then deleted
//! (Art. 47). Who has moved out, died or been struck off is due after so many months; then either
//! what statistics need is kept (sex, year of birth, classes, when they left), or nothing.
//!
//! Invariant: what is left of a value depends on its field alone, so that the history can be treated
//! as the present is and still adds up.

use crate::model::assertion;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::value::Value;
use crate::model::visit;
use serde::Deserialize;
use serde::Serialize;
use std::collections::HashMap;
use std::collections::HashSet;

/// The setting that says after how many months somebody who left is due.
pub const MONTHS_SETTING: &str = "retention-months";
/// See [`MONTHS_SETTING`].
pub const MONTHS: i32 = 24;

/// The name of those of whom only what statistics need is left.
pub const NOBODY: &str = "已匿名";

/// How much goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum How {
    /// All but what statistics need.
    Anonymise,
    /// All.
    Remove,
}

/// Records that are removed, and how.
pub type Removals = HashMap<Subject, How>;

/// What statistics need: nothing of it is text, but for the name, which is replaced.
const STAYS: [(Table, FieldNo); 14] = [
    (Table::Person, person::NAME),
    (Table::Person, person::SEX),
    (Table::Person, person::BIRTH),
    (Table::Person, person::HUKOU_REGION),
    (Table::Person, person::LIFE),
    (Table::Person, person::LIFE_DATE),
    (Table::Assertion, assertion::PERSON),
    (Table::Assertion, assertion::CATEGORY),
    (Table::Assertion, assertion::STATUS),
    (Table::Assertion, assertion::FROM),
    (Table::Assertion, assertion::TO),
    (Table::Visit, visit::PERSON),
    (Table::Visit, visit::DATE),
    (Table::Visit, visit::RESULT),
];

impl How {
    /// What is left of a value.
    fn rest(self, table: Table, field: FieldNo, value: &Value) -> Option<Value> {
        if self == How::Remove || !STAYS.contains(&(table, field)) {
            return None;
        }
        match (table, value) {
            (Table::Person, Value::Text(_)) => Some(Value::Text(NOBODY.to_owned())),
            (Table::Person, Value::Date(date)) => Date::new(date.year(), 0, 0).map(Value::Date),
            _ => Some(value.clone()),
        }
    }
}

/// After how many months somebody who left is due.
pub fn months(book: &Book) -> i32 {
    let said = book.setting(MONTHS_SETTING);
    said.and_then(|text| text.parse().ok()).unwrap_or(MONTHS)
}

/// Whether a person left, and is still known by name.
pub fn has_left(one: Person<'_>) -> bool {
    !one.is_present() && one.merged_into().is_none() && one.name() != NOBODY
}

/// The day from which somebody who left is to be removed, `months` after it.
pub fn day(one: Person<'_>, months: i32) -> Option<Date> {
    let left = one.record.date(person::LIFE_DATE)?;
    has_left(one).then(|| left.last().add_months(months))
}

/// Those who left long enough ago, each with the day on which it was due, the longest overdue
/// first. Of whom no day is known is never due.
pub fn due(book: &Book, today: Date) -> Vec<(PersonId, Date)> {
    let months = months(book);
    let mut due: Vec<(PersonId, Date)> = book
        .people()
        .filter_map(|one| Some((one.id, day(one, months)?)))
        .filter(|(_, day)| *day <= today)
        .collect();
    due.sort_unstable_by_key(|(id, day)| (*day, *id));
    due
}

/// How many left of whom no day is known: they are never due by themselves.
pub fn undated(book: &Book) -> usize {
    let left = book.people().filter(|one| has_left(*one));
    let dated = |one: &Person<'_>| one.record.date(person::LIFE_DATE).is_some();
    left.filter(|one| !dated(one)).count()
}

/// The records that are about people: their own, those merged into them, their classes and visits,
/// and the households that nobody else belongs to.
pub fn records(book: &Book, people: &[PersonId]) -> Vec<Subject> {
    let aliases = people.iter().flat_map(|id| book.aliases(*id));
    let all: HashSet<PersonId> = people.iter().chain(aliases).copied().collect();
    let mut records: Vec<Subject> = Vec::new();
    let mut households: HashSet<HouseholdId> = HashSet::new();
    for id in &all {
        records.push(id.subject());
        records.extend(book.assertions(*id).map(|one| one.id.subject()));
        records.extend(book.visits(*id).map(|one| one.id.subject()));
        households.extend(book.person(*id).and_then(Person::household));
    }
    let is_left = |id: &&HouseholdId| book.members(**id).iter().all(|one| all.contains(one));
    records.extend(households.iter().filter(is_left).map(|id| id.subject()));
    records.sort_unstable();
    records
}

/// The changes that remove records. A household whose head goes has none.
pub fn changes(book: &Book, records: &[Subject], how: How) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for subject in records {
        for (field, value) in book.record(*subject).into_iter().flat_map(Record::iter) {
            let rest = how.rest(subject.table, field, &value.owned());
            draft.set(*subject, field, rest);
        }
        let head = Some(subject.id);
        let people = (subject.table == Table::Person).then_some(PersonId(subject.id));
        let household = people.and_then(|id| book.person(id)?.household());
        let led = household.filter(|id| {
            let record = book.record(id.subject());
            record.and_then(|record| record.link(household::HEAD)) == head
        });
        if let Some(id) = led {
            draft.set(id.subject(), household::HEAD, None);
        }
    }
    draft.finish()
}

/// A commit as it reads when some records have been removed from the history too. Nor is any of
/// those people the head of a household that others stay in.
#[must_use]
pub fn without(mut commit: Commit, removals: &Removals) -> Commit {
    for change in &mut commit.changes {
        let (table, field) = (change.subject.table, change.field);
        let how = removals.get(&change.subject).copied();
        if how.is_none() && (table, field) != (Table::Household, household::HEAD) {
            continue;
        }
        let rest = |value: Value| match (how, &value) {
            (Some(how), value) => how.rest(table, field, value),
            (None, Value::Link(head)) => {
                let is_gone = removals.contains_key(&PersonId(*head).subject());
                (!is_gone).then_some(value)
            }
            (None, _) => Some(value),
        };
        change.old = change.old.take().and_then(rest);
        change.new = change.new.take().and_then(rest);
    }
    commit.changes.retain(|change| change.old != change.new);
    commit
}
