//! A card's rows: known facts, fields still blank, categories, the household, the history.
//!
//! Invariant: every field that can be edited has exactly one row.

use crate::index::Index;
use crate::index::Standing;
use crate::model::category::Sensitivity;
use crate::model::change::Commit;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::ids::VisitId;
use crate::model::person;
use crate::model::person::Person;
use crate::model::role::Sight;
use crate::model::visit::newest;

/// Which field a look at a person's sensitive categories names in the log. No field has this
/// number: a category that a rule computes is stored nowhere.
pub const SENSITIVE_CATEGORIES: FieldNo = FieldNo(0);

/// The parts of a card, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What is known.
    Facts,
    /// What is not known yet.
    Blank,
    /// The categories.
    Categories,
    /// The visits.
    Visits,
    /// Who else is in the household.
    Household,
    /// What was done.
    History,
}

/// The parts, in order.
pub const PARTS: [Part; 6] = [
    Part::Facts,
    Part::Blank,
    Part::Categories,
    Part::Visits,
    Part::Household,
    Part::History,
];

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A field that is known.
    Fact(Subject, &'static Field),
    /// A field that is not.
    Blank(Subject, &'static Field),
    /// A category, and why.
    Standing(Standing),
    /// A visit.
    Visit(VisitId),
    /// Someone of the household.
    Member(PersonId),
    /// A commit that touches the person.
    Commit(CommitId),
}

/// What a row is about, whatever it says: the cursor follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// A field.
    Field(Subject, FieldNo),
    /// A category.
    Category(CategoryCode),
    /// A visit.
    Visit(VisitId),
    /// A person.
    Person(PersonId),
    /// A commit.
    Commit(CommitId),
}

impl Row {
    /// The part that it stands in.
    pub fn part(&self) -> Part {
        match self {
            Row::Fact(..) => Part::Facts,
            Row::Blank(..) => Part::Blank,
            Row::Standing(_) => Part::Categories,
            Row::Visit(_) => Part::Visits,
            Row::Member(_) => Part::Household,
            Row::Commit(_) => Part::History,
        }
    }

    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Row::Fact(subject, field) | Row::Blank(subject, field) => {
                Topic::Field(*subject, field.number)
            }
            Row::Standing(standing) => Topic::Category(standing.code.clone()),
            Row::Visit(visit) => Topic::Visit(*visit),
            Row::Member(person) => Topic::Person(*person),
            Row::Commit(commit) => Topic::Commit(*commit),
        }
    }
}

/// The rows of a person's card.
pub fn rows(index: &Index, id: PersonId, history: &[Commit]) -> Vec<Row> {
    let book = index.book();
    let mut rows = fields(index, id);
    rows.sort_by_key(|row| row.part() == Part::Blank);
    rows.extend(index.standings(id).into_iter().map(Row::Standing));
    rows.extend(newest(book, id).into_iter().map(|one| Row::Visit(one.id)));
    let household = book.person(id).and_then(Person::household);
    let members = household.map_or(&[][..], |household| book.members(household));
    rows.extend(members.iter().map(|member| Row::Member(*member)));
    rows.extend(history.iter().map(|commit| Row::Commit(commit.id)));
    rows
}

/// The fields of the person, the household and the dwelling; links and what is hidden from the role
/// left out.
fn fields(index: &Index, id: PersonId) -> Vec<Row> {
    let (book, role) = (index.book(), index.role());
    let person = id.subject();
    let link = |subject: Option<Subject>, field| book.record(subject?)?.link(field);
    let own = |table, id: Option<uuid::Uuid>| id.map(|id| Subject { table, id });
    let home = link(Some(person), person::HOUSEHOLD);
    let home = own(Table::Household, home);
    let dwelling = own(Table::Dwelling, link(home, household::DWELLING));
    let subjects = [Some(person), home, dwelling].into_iter().flatten();
    let row = |subject: Subject, field: &'static Field| {
        let record = book.record(subject);
        if record.is_some_and(|one| one.has(field.number)) {
            Row::Fact(subject, field)
        } else {
            Row::Blank(subject, field)
        }
    };
    subjects
        .flat_map(|subject| field::of_table(subject.table).map(move |field| (subject, field)))
        .filter(|(_, field)| !matches!(field.kind, Kind::Link(_)))
        .filter(|(_, field)| role.field(field) != Sight::Hidden)
        .map(|(subject, field)| row(subject, field))
        .collect()
}

/// Whether a category is hidden until it is revealed.
pub fn is_sensitive(index: &Index, code: &CategoryCode) -> bool {
    let category = index.book().category(code);
    category.is_some_and(|one| one.sensitivity() >= Sensitivity::Sensitive)
}
