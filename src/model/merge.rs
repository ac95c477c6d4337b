//! Two records of one person made one, and two again.
//!
//! The record that goes keeps every field and only points at the one that stays, so that nothing
//! is lost by a merge; what was said of it and the visits to it go over. Making them two again
//! undoes what the merge did wherever nobody has changed it since: an edit made of the one person
//! stays with the record that stayed, whatever it was made of.
//!
//! Invariant: right after a merge, making two of them again leaves every record as it was.

use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::draft::Draft;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::SETTING_TEXT;
use crate::model::household;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::record::Record;
use crate::model::value::Value;
use crate::model::visit;
use crate::model::visit::Visit;
use std::cmp::Reverse;
use uuid::Uuid;

/// Fields that no merge asks about: where the record points, and a mark that is worked out.
const UNASKED: [FieldNo; 2] = [person::MERGED, person::DRAFT];
/// Facts about the place in a household go the way that the household goes.
const WITH_HOUSEHOLD: [FieldNo; 3] = [person::RELATION, person::LIVES_HERE, person::HOUSEHOLD];
/// What stands between two texts that are both taken.
const BETWEEN: &str = "；";

/// Whose value is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// That of the record that stays.
    Stays,
    /// That of the record that goes.
    Goes,
    /// Both.
    Both,
}

/// A field in which two records differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub field: &'static Field,
    /// What the record that stays has.
    pub stays: Option<Value>,
    /// What the record that goes has.
    pub goes: Option<Value>,
    /// Whose is taken.
    pub take: Take,
}

impl Line {
    /// What the one record will have.
    pub fn value(&self) -> Option<Value> {
        match self.take {
            Take::Stays => self.stays.clone(),
            Take::Goes => self.goes.clone(),
            Take::Both => self.both().or_else(|| self.stays.clone()),
        }
    }

    /// Both values in one, where the field can hold both.
    fn both(&self) -> Option<Value> {
        match (self.stays.as_ref()?, self.goes.as_ref()?) {
            (Value::Phones(ours), Value::Phones(theirs)) => {
                let mut all = ours.clone();
                let known = |number: &str| ours.iter().any(|phone| phone.number == number);
                let more = theirs.iter().filter(|phone| !known(&phone.number));
                all.extend(more.cloned());
                Some(Value::Phones(all))
            }
            (Value::Words(ours), Value::Words(theirs)) => {
                let mut all = ours.clone();
                all.extend(theirs.iter().filter(|word| !ours.contains(word)).cloned());
                Some(Value::Words(all))
            }
            (Value::Text(ours), Value::Text(theirs)) if self.field.number == person::NOTE => {
                Some(Value::Text(format!("{ours}{BETWEEN}{theirs}")))
            }
            _ => None,
        }
    }

    /// Whether both records know the field, so that something is to be chosen.
    pub fn is_choice(&self) -> bool {
        self.stays.is_some() && self.goes.is_some()
    }

    /// What comes after what is taken, when it is asked for the next way.
    pub fn next(&self) -> Take {
        match self.take {
            Take::Stays => Take::Goes,
            Take::Goes if self.both().is_some() => Take::Both,
            Take::Goes | Take::Both => Take::Stays,
        }
    }
}

/// Which of two records stays: the one that knows more, else the older one.
pub fn order(book: &Book, one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    let known = |id: PersonId| {
        let record = book.record(id.subject());
        let fields = record.map_or(0, |record| record.iter().count());
        let told = book.assertions(id).count() + book.visits(id).count();
        (Reverse(fields + told), id)
    };
    if known(one) <= known(other) {
        (one, other)
    } else {
        (other, one)
    }
}

/// The fields in which two records differ, in the order of FIELDS, with what would be taken: what
/// only one knows, a number that checks before one that does not, the finer date, all telephones,
/// else what the record that stays has.
pub fn lines(book: &Book, stays: PersonId, goes: PersonId) -> Vec<Line> {
    let value = |id: PersonId, number| {
        let record = book.record(id.subject());
        record.and_then(|record| record.get(number))
    };
    let fields = FIELDS.iter().filter(|field| field.table == Table::Person);
    let asked = fields.filter(|field| !UNASKED.contains(&field.number));
    let mut lines: Vec<Line> = asked
        .map(|field| Line {
            field,
            stays: value(stays, field.number),
            goes: value(goes, field.number),
            take: Take::Stays,
        })
        .filter(|line| line.stays != line.goes)
        .collect();
    for line in &mut lines {
        line.take = best(line);
    }
    if let Some(take) = taken(&lines, person::HOUSEHOLD) {
        follow(&mut lines, take);
    }
    lines
}

fn best(line: &Line) -> Take {
    match (&line.stays, &line.goes) {
        (None, _) => Take::Goes,
        (_, None) => Take::Stays,
        (Some(Value::Date(ours)), Some(Value::Date(theirs))) if ours.can_be(*theirs) => {
            if theirs.precision() > ours.precision() {
                Take::Goes
            } else {
                Take::Stays
            }
        }
        (Some(ours), Some(theirs)) if line.field.number == person::ID_NO => {
            if checks(theirs) && !checks(ours) {
                Take::Goes
            } else {
                Take::Stays
            }
        }
        _ if line.both().is_some() => Take::Both,
        _ => Take::Stays,
    }
}

fn checks(value: &Value) -> bool {
    let reading = value.text().map(id_number::read);
    reading.is_some_and(|reading| reading.check == Check::Good)
}

/// Whose value of a field is taken, where it is a line.
fn taken(lines: &[Line], number: FieldNo) -> Option<Take> {
    let line = lines.iter().find(|line| line.field.number == number);
    line.map(|line| line.take)
}

/// Takes the next way for a line; the place in the household goes the household's way.
pub fn turn(lines: &mut [Line], at: usize) {
    let Some(line) = lines.get_mut(at) else {
        return;
    };
    line.take = line.next();
    let take = line.take;
    if line.field.number == person::HOUSEHOLD {
        follow(lines, take);
    }
}

fn follow(lines: &mut [Line], take: Take) {
    for line in lines {
        if WITH_HOUSEHOLD.contains(&line.field.number) {
            line.take = take;
        }
    }
}

/// The changes that make one record of two.
pub fn merge(book: &Book, stays: PersonId, goes: PersonId, lines: &[Line]) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for line in lines {
        draft.set(stays.subject(), line.field.number, line.value());
    }
    let is_draft = |id: PersonId| {
        let record = book.record(id.subject());
        record.and_then(|record| record.flag(person::DRAFT)) == Some(true)
    };
    if !(is_draft(stays) && is_draft(goes)) {
        draft.set(stays.subject(), person::DRAFT, None);
    }
    hand_over_head(&mut draft, stays, goes);
    for one in book.assertions(goes) {
        if !book.assertions(stays).any(|known| says_so(known, one)) {
            draft.set(one.id.subject(), assertion::PERSON, Some(link(stays)));
        }
    }
    for one in book.visits(goes) {
        if !book.visits(stays).any(|known| is_same_call(known, one)) {
            draft.set(one.id.subject(), visit::PERSON, Some(link(stays)));
        }
    }
    draft.set(goes.subject(), person::MERGED, Some(link(stays)));
    draft.finish()
}

/// The household of the one that goes has another head, or none, when that one was its head.
fn hand_over_head(draft: &mut Draft<'_>, stays: PersonId, goes: PersonId) {
    let book = draft.book();
    let home = book.person(goes).and_then(person::Person::household);
    let Some(home) = home.and_then(|id| book.household(id)) else {
        return;
    };
    if home.head() == Some(goes) {
        let joins = draft.get(stays.subject(), person::HOUSEHOLD) == Some(Value::Link(home.id.0));
        let head = joins.then(|| link(stays));
        draft.set(home.id.subject(), household::HEAD, head);
    }
}

/// Whether an assertion already says what another does.
fn says_so(known: Assertion<'_>, one: Assertion<'_>) -> bool {
    (known.category(), known.status(), known.from(), known.to())
        == (one.category(), one.status(), one.from(), one.to())
        || (known.to(), one.to()) == (None, None)
            && (known.category(), known.status()) == (one.category(), one.status())
}

/// Whether two visits are one call on both records.
fn is_same_call(known: Visit<'_>, one: Visit<'_>) -> bool {
    let told = |record: &Record| {
        let mut told = record.clone();
        told.set(visit::PERSON, None);
        told
    };
    told(known.record) == told(one.record)
}

fn link(id: PersonId) -> Value {
    Value::Link(id.0)
}

/// The changes that make two of one again: what a merge did is undone where it still stands, and
/// the two are not taken for one any more.
pub fn part(book: &Book, merge: &[Change], stays: PersonId, goes: PersonId) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for change in merge.iter().rev() {
        if book.holds(change.subject, change.field, change.new.as_ref()) {
            draft.set(change.subject, change.field, change.old.clone());
        }
    }
    draft.set(apart(stays, goes), SETTING_TEXT, Some(said(stays, goes)));
    draft.finish()
}

/// The setting that says that two people are not one: its id is made of both of theirs, whose
/// random halves are laid over each other's moments.
fn apart(one: PersonId, other: PersonId) -> Subject {
    let (first, second) = (one.min(other).0, one.max(other).0);
    Subject {
        table: Table::Setting,
        id: Uuid::from_u128(first.as_u128().rotate_left(64) ^ second.as_u128()),
    }
}

/// What that setting says.
fn said(one: PersonId, other: PersonId) -> Value {
    Value::Text(format!("apart {} {}", one.min(other).0, one.max(other).0))
}

/// Whether two people were said not to be one.
pub fn are_apart(book: &Book, one: PersonId, other: PersonId) -> bool {
    book.record(apart(one, other)).is_some()
}

/// The change that says that two people are not one.
pub fn keep_apart(book: &Book, one: PersonId, other: PersonId) -> Vec<Change> {
    let mut draft = Draft::new(book);
    draft.set(apart(one, other), SETTING_TEXT, Some(said(one, other)));
    draft.finish()
}
