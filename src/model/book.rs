//! Every record, wherever it lies, and the few relations that are asked for all day.
//!
//! Invariant: the relations are exactly what the records say; a change is applied only onto the
//! value it claims to replace.

mod drawers;

mod marks;

mod relation;

mod relations;

mod shelf;

use crate::model::assertion::Assertion;
pub use crate::model::book::drawers::Cabinet;
pub use crate::model::book::drawers::Label;
pub use crate::model::book::relations::Relations;
pub use crate::model::book::shelf::Records;
use crate::model::category::Category;
use crate::model::change;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::household::Dwelling;
use crate::model::household::Household;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::ids::VisitId;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::value::Value;
use crate::model::view::View;
use crate::model::visit::Visit;
use std::sync::OnceLock;
use uuid::Uuid;

/// More records than this at once, and than one to so many people, are related anew rather than one
/// by one.
const MANY: usize = 1_000;
const PART: usize = 10;

/// All records of a register.
#[derive(Debug, Clone, Default)]
pub struct Book {
    records: Records,
    /// Gathered from all records when they are first asked for, unless they were laid by.
    relations: OnceLock<Relations>,
}

/// A change that does not fit: the value it claims to replace is not the one that stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record has changed in the meantime")]
pub struct Stale {
    /// The change that did not fit.
    pub change: Change,
}

impl Book {
    /// A book of these records.
    pub fn of(records: Records) -> Book {
        Book {
            records,
            relations: OnceLock::new(),
        }
    }

    /// What the records say of each other, to be laid by.
    pub fn relations(&self) -> &Relations {
        self.relations.get_or_init(|| Relations::of(&self.records))
    }

    /// The book as it was before some changes, the last of them first, with what the records said of
    /// each other then.
    #[must_use]
    pub fn back<'c>(
        self,
        changes: impl IntoIterator<Item = &'c [Change]>,
        relations: Relations,
    ) -> Book {
        let mut records = self.records;
        for change in changes.into_iter().flat_map(change::inverse) {
            alter(&mut records, std::slice::from_ref(&change));
        }
        Book {
            records,
            relations: OnceLock::from(relations),
        }
    }

    /// Takes every record into memory, for those who will look at each.
    pub fn gather(&self) {
        self.records.gather();
    }

    /// Leaves outside memory what nobody looks at, once it is much.
    pub fn rest(&mut self) {
        self.records.rest();
    }

    /// How many people there are at most, at a glance.
    pub fn at_most(&self) -> usize {
        self.records.at_most(Table::Person)
    }

    /// Whether every change fits, each onto the result of those before it.
    pub fn check(&self, changes: &[Change]) -> Result<(), Stale> {
        // By record, since an import has millions of changes and a record a few.
        let mut runs: Vec<&[Change]> = changes.chunk_by(is_same_record).collect();
        runs.sort_by_key(|run| run.first().map(|change| change.subject));
        let mut earlier: Vec<&Change> = Vec::new();
        for change in runs.into_iter().flatten() {
            if earlier
                .last()
                .is_some_and(|one| one.subject != change.subject)
            {
                earlier.clear();
            }
            let same = earlier.iter_mut().find(|one| one.field == change.field);
            let fits = match &same {
                Some(earlier) => earlier.new == change.old,
                None => self.holds(change.subject, change.field, change.old.as_ref()),
            };
            if !fits {
                return Err(Stale {
                    change: change.clone(),
                });
            }
            match same {
                Some(earlier) => *earlier = change,
                None => earlier.push(change),
            }
        }
        Ok(())
    }

    /// Whether a field of a record is known to be this, or not known.
    pub fn holds(&self, subject: Subject, field: FieldNo, value: Option<&Value>) -> bool {
        let record = self.record(subject);
        match (record.and_then(|record| record.read(field)), value) {
            (Some(stands), Some(value)) => stands == *value,
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Makes changes. Call [`Book::check`] first when they come from outside.
    pub fn apply_all(&mut self, changes: &[Change]) {
        let many = MANY.max(self.at_most() / PART);
        let is_many = changes.chunk_by(is_same_record).nth(many).is_some();
        for run in changes.chunk_by(is_same_record) {
            if is_many {
                alter(&mut self.records, run);
            } else {
                self.alter_related(run);
            }
        }
        if is_many {
            self.relations = OnceLock::new();
        }
    }

    /// Makes one change. Call [`Book::check`] first when the change comes from outside.
    pub fn apply(&mut self, change: &Change) {
        self.alter_related(std::slice::from_ref(change));
    }

    /// Makes changes of one record and keeps the relations in step.
    fn alter_related(&mut self, run: &[Change]) {
        let Some(subject) = run.first().map(|change| change.subject) else {
            return;
        };
        let records = &mut self.records;
        let Some(relations) = self.relations.get_mut() else {
            alter(records, run);
            return;
        };
        let existed = records.get(subject).is_some();
        let related = run.iter().any(relations::is_relation);
        if related && let Some(record) = records.get(subject) {
            relations.leave(subject, record);
        }
        alter(records, run);
        match records.get(subject) {
            Some(record) if related || !existed => relations.arrive(subject, record),
            None if existed && !related => relations.leave(subject, &Record::default()),
            Some(_) | None => {}
        }
    }

    /// The fields of a record, if it exists.
    pub fn record(&self, subject: Subject) -> Option<&Record> {
        self.records.get(subject)
    }

    /// Every record there is, by table and id.
    pub fn records(&self) -> impl Iterator<Item = (Subject, &Record)> {
        self.records.iter()
    }

    /// Every record of a table, by id.
    pub fn records_of(&self, table: Table) -> impl Iterator<Item = (Uuid, &Record)> {
        self.records.of_table(table)
    }

    /// A person.
    pub fn person(&self, id: PersonId) -> Option<Person<'_>> {
        Some(Person {
            id,
            record: self.record(id.subject())?,
        })
    }

    /// Every person, in the order of their ids' making; a record that was merged into another is
    /// none.
    pub fn people(&self) -> impl Iterator<Item = Person<'_>> {
        let all = self.records.of_table(Table::Person);
        let people = all.map(|(id, record)| Person {
            id: PersonId(id),
            record,
        });
        let merged = &self.relations().merged;
        people.filter(|one| !merged.contains(&one.id))
    }

    /// How many people there are.
    pub fn population(&self) -> usize {
        self.relations().population
    }

    /// The records that were merged into a person's, by the order of their making.
    pub fn aliases(&self, id: PersonId) -> &[PersonId] {
        self.relations().aliases.get(id)
    }

    /// A household.
    pub fn household(&self, id: HouseholdId) -> Option<Household<'_>> {
        Some(Household {
            id,
            record: self.record(id.subject())?,
        })
    }

    /// Every household.
    pub fn households(&self) -> impl Iterator<Item = Household<'_>> {
        let all = self.records.of_table(Table::Household);
        all.map(|(id, record)| Household {
            id: HouseholdId(id),
            record,
        })
    }

    /// A dwelling.
    pub fn dwelling(&self, id: DwellingId) -> Option<Dwelling<'_>> {
        Some(Dwelling {
            id,
            record: self.record(id.subject())?,
        })
    }

    /// Every dwelling.
    pub fn dwellings(&self) -> impl Iterator<Item = Dwelling<'_>> {
        let all = self.records.of_table(Table::Dwelling);
        all.map(|(id, record)| Dwelling {
            id: DwellingId(id),
            record,
        })
    }

    /// The dwelling that a person's household lives in.
    pub fn home(&self, person: Person<'_>) -> Option<Dwelling<'_>> {
        self.dwelling(self.household(person.household()?)?.dwelling()?)
    }

    /// The people of a household, by the order of their ids' making.
    pub fn members(&self, household: HouseholdId) -> &[PersonId] {
        self.relations().members.get(household)
    }

    /// The households of a dwelling.
    pub fn occupants(&self, dwelling: DwellingId) -> &[HouseholdId] {
        self.relations().occupants.get(dwelling)
    }

    /// An assertion.
    pub fn assertion(&self, id: AssertionId) -> Option<Assertion<'_>> {
        Some(Assertion {
            id,
            record: self.record(id.subject())?,
        })
    }

    /// The assertions about a person, ended ones too, by the order of their making.
    pub fn assertions(&self, person: PersonId) -> impl Iterator<Item = Assertion<'_>> {
        let ids = self.relations().assertions.get(person);
        ids.iter().filter_map(|id| self.assertion(*id))
    }

    /// About whom something was ever said; some of them more than once, in no order.
    pub fn asserted(&self) -> impl Iterator<Item = PersonId> {
        self.relations().assertions.keys()
    }

    /// Who was ever visited; some of them more than once, in no order.
    pub fn visited(&self) -> impl Iterator<Item = PersonId> {
        self.relations().visits.keys()
    }

    /// A visit.
    pub fn visit(&self, id: VisitId) -> Option<Visit<'_>> {
        Some(Visit {
            id,
            record: self.record(id.subject())?,
        })
    }

    /// The visits to a person, by the order of their making.
    pub fn visits(&self, person: PersonId) -> impl Iterator<Item = Visit<'_>> {
        let ids = self.relations().visits.get(person);
        ids.iter().filter_map(|id| self.visit(*id))
    }

    /// A category or an axis by its code.
    pub fn category(&self, code: &CategoryCode) -> Option<Category<'_>> {
        Category::of(*self.relations().categories.get(&code.0)?, self)
    }

    /// Every category and axis, in the taxonomy's order.
    pub fn categories(&self) -> Vec<Category<'_>> {
        let mut all: Vec<_> = self
            .relations()
            .categories
            .values()
            .filter_map(|subject| Category::of(*subject, self))
            .collect();
        all.sort_by_key(|category| (category.rank(), category.code().0.clone()));
        all
    }

    /// Every saved view, in their order.
    pub fn views(&self) -> Vec<View<'_>> {
        let mut all: Vec<_> = self
            .relations()
            .views
            .values()
            .filter_map(|subject| View::of(*subject, self))
            .collect();
        all.sort_by_key(View::rank);
        all
    }

    /// The text of a setting.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.record(Subject::spelled(Table::Setting, key))?
            .text(crate::model::field::SETTING_TEXT)
    }
}

fn is_same_record(one: &Change, next: &Change) -> bool {
    one.subject == next.subject
}

/// Makes changes of one record.
fn alter(records: &mut Records, run: &[Change]) {
    let fields = run.iter();
    let mut fields: Vec<_> = fields
        .map(|change| (change.field, change.new.as_ref()))
        .collect();
    if let Some(first) = run.first() {
        records.entry(first.subject).set_all(&mut fields);
    }
}
