//! Every record in memory, and the few relations that are asked for all day.
//!
//! Invariant: the relations are exactly what the records say; a change is applied only onto the
//! value it claims to replace.

use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::category::Category;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::household;
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
use crate::model::person;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::value::Value;
use crate::model::view::View;
use crate::model::visit;
use crate::model::visit::Visit;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use uuid::Uuid;

/// All records of a register.
#[derive(Debug, Clone, Default)]
pub struct Book {
    records: FxHashMap<Subject, Record>,
    people: Vec<PersonId>,
    aliases: FxHashMap<PersonId, Vec<PersonId>>,
    members: FxHashMap<HouseholdId, Vec<PersonId>>,
    occupants: FxHashMap<DwellingId, Vec<HouseholdId>>,
    assertions: FxHashMap<PersonId, Vec<AssertionId>>,
    visits: FxHashMap<PersonId, Vec<VisitId>>,
    categories: BTreeMap<String, Subject>,
    views: BTreeMap<Uuid, Subject>,
}

/// A change that does not fit: the value it claims to replace is not the one that stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record has changed in the meantime")]
pub struct Stale {
    /// The change that did not fit.
    pub change: Change,
}

impl Book {
    /// A book with room for so many records.
    pub fn with_room(records: usize) -> Book {
        let mut book = Book::default();
        book.records.reserve(records);
        book
    }

    /// Puts in a whole record, as the store hands them over; the subject must be new.
    pub fn insert(&mut self, subject: Subject, record: Record) {
        if record.is_empty() {
            return;
        }
        self.arrive(subject, &record);
        self.records.insert(subject, record);
    }

    /// Whether every change fits, each onto the result of those before it.
    pub fn check(&self, changes: &[Change]) -> Result<(), Stale> {
        // By record, since an import has millions of changes and a record a few.
        let mut seen: FxHashMap<Subject, Vec<&Change>> = FxHashMap::default();
        for change in changes {
            let earlier = seen.entry(change.subject).or_default();
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

    /// Makes one change. Call [`Book::check`] first when the change comes from outside.
    pub fn apply(&mut self, change: &Change) {
        let subject = change.subject;
        let mut record = self.records.remove(&subject).unwrap_or_default();
        let related = is_relation(change);
        if related && !record.is_empty() {
            self.leave(subject, &record);
        }
        let was_empty = record.is_empty();
        record.apply(change);
        if record.is_empty() {
            if !related && !was_empty {
                self.leave(subject, &record);
            }
            return;
        }
        if related || was_empty {
            self.arrive(subject, &record);
        }
        self.records.insert(subject, record);
    }

    /// The fields of a record, if it exists.
    pub fn record(&self, subject: Subject) -> Option<&Record> {
        self.records.get(&subject)
    }

    /// Every record there is, in no order.
    pub fn records(&self) -> impl Iterator<Item = (Subject, &Record)> {
        self.records
            .iter()
            .map(|(subject, record)| (*subject, record))
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
        self.people.iter().filter_map(|id| self.person(*id))
    }

    /// How many people there are.
    pub fn population(&self) -> usize {
        self.people.len()
    }

    /// The records that were merged into a person's, by the order of their making.
    pub fn aliases(&self, id: PersonId) -> &[PersonId] {
        self.aliases.get(&id).map_or(&[], Vec::as_slice)
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
        self.records
            .iter()
            .filter(|(subject, _)| subject.table == Table::Household)
            .map(|(subject, record)| Household {
                id: HouseholdId(subject.id),
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
        self.records
            .iter()
            .filter(|(subject, _)| subject.table == Table::Dwelling)
            .map(|(subject, record)| Dwelling {
                id: DwellingId(subject.id),
                record,
            })
    }

    /// The dwelling that a person's household lives in.
    pub fn home(&self, person: Person<'_>) -> Option<Dwelling<'_>> {
        self.dwelling(self.household(person.household()?)?.dwelling()?)
    }

    /// The people of a household, by the order of their ids' making.
    pub fn members(&self, household: HouseholdId) -> &[PersonId] {
        self.members.get(&household).map_or(&[], Vec::as_slice)
    }

    /// The households of a dwelling.
    pub fn occupants(&self, dwelling: DwellingId) -> &[HouseholdId] {
        self.occupants.get(&dwelling).map_or(&[], Vec::as_slice)
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
        let ids = self.assertions.get(&person).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.assertion(*id))
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
        let ids = self.visits.get(&person).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| self.visit(*id))
    }

    /// A category or an axis by its code.
    pub fn category(&self, code: &CategoryCode) -> Option<Category<'_>> {
        Category::of(*self.categories.get(&code.0)?, self)
    }

    /// Every category and axis, in the taxonomy's order.
    pub fn categories(&self) -> Vec<Category<'_>> {
        let mut all: Vec<_> = self
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

    fn arrive(&mut self, subject: Subject, record: &Record) {
        match subject.table {
            Table::Person => {
                let id = PersonId(subject.id);
                if let Some(other) = record.link(person::MERGED) {
                    insert(self.aliases.entry(PersonId(other)).or_default(), id);
                    return;
                }
                insert(&mut self.people, id);
                if let Some(household) = record.link(person::HOUSEHOLD) {
                    insert(self.members.entry(HouseholdId(household)).or_default(), id);
                }
            }
            Table::Household => {
                if let Some(dwelling) = record.link(household::DWELLING) {
                    let all = self.occupants.entry(DwellingId(dwelling)).or_default();
                    insert(all, HouseholdId(subject.id));
                }
            }
            Table::Assertion => {
                if let Some(person) = record.link(assertion::PERSON) {
                    let all = self.assertions.entry(PersonId(person)).or_default();
                    insert(all, AssertionId(subject.id));
                }
            }
            Table::Visit => {
                if let Some(person) = record.link(visit::PERSON) {
                    let all = self.visits.entry(PersonId(person)).or_default();
                    insert(all, VisitId(subject.id));
                }
            }
            Table::Category => {
                if let Some(code) = record.text(crate::model::category::CODE) {
                    self.categories.insert(code.to_owned(), subject);
                }
            }
            Table::View => {
                self.views.insert(subject.id, subject);
            }
            Table::Dwelling | Table::Setting => {}
        }
    }

    fn leave(&mut self, subject: Subject, record: &Record) {
        match subject.table {
            Table::Person => {
                let id = PersonId(subject.id);
                if let Some(other) = record.link(person::MERGED) {
                    remove(&mut self.aliases, &PersonId(other), &id);
                    return;
                }
                if let Ok(at) = self.people.binary_search(&id) {
                    self.people.remove(at);
                }
                if let Some(household) = record.link(person::HOUSEHOLD) {
                    remove(&mut self.members, &HouseholdId(household), &id);
                }
            }
            Table::Household => {
                if let Some(dwelling) = record.link(household::DWELLING) {
                    remove(
                        &mut self.occupants,
                        &DwellingId(dwelling),
                        &HouseholdId(subject.id),
                    );
                }
            }
            Table::Assertion => {
                if let Some(person) = record.link(assertion::PERSON) {
                    remove(
                        &mut self.assertions,
                        &PersonId(person),
                        &AssertionId(subject.id),
                    );
                }
            }
            Table::Visit => {
                if let Some(person) = record.link(visit::PERSON) {
                    remove(&mut self.visits, &PersonId(person), &VisitId(subject.id));
                }
            }
            Table::Category => {
                if let Some(code) = record.text(crate::model::category::CODE) {
                    self.categories.remove(code);
                }
            }
            Table::View => {
                self.views.remove(&subject.id);
            }
            Table::Dwelling | Table::Setting => {}
        }
    }
}

/// Whether a change alters whom a relation leads to.
fn is_relation(change: &Change) -> bool {
    match change.subject.table {
        Table::Person => [person::HOUSEHOLD, person::MERGED].contains(&change.field),
        Table::Household => change.field == household::DWELLING,
        Table::Assertion => change.field == assertion::PERSON,
        Table::Visit => change.field == visit::PERSON,
        Table::Category => change.field == crate::model::category::CODE,
        Table::Dwelling | Table::View | Table::Setting => false,
    }
}

fn insert<T: Ord>(all: &mut Vec<T>, one: T) {
    // Most arrive in order.
    if all.last().is_none_or(|last| *last < one) {
        all.push(one);
    } else if let Err(at) = all.binary_search(&one) {
        all.insert(at, one);
    }
}

fn remove<K: std::hash::Hash + Eq, T: Ord>(all: &mut FxHashMap<K, Vec<T>>, key: &K, one: &T) {
    if let Some(list) = all.get_mut(key) {
        if let Ok(at) = list.binary_search(one) {
            list.remove(at);
        }
        if list.is_empty() {
            all.remove(key);
        }
    }
}
