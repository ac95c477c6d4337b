//! What the records say of each other: who lives together, what is said of whom.
//!
//! Invariant: the relations are exactly what the records say, whether they were gathered from all
//! records at once or kept in step change by change.

use crate::model::assertion;
use crate::model::book::relation::Id;
use crate::model::book::relation::Relation;
use crate::model::book::relation::Way;
use crate::model::book::shelf::Records;
use crate::model::category;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::AssertionId;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::ids::VisitId;
use crate::model::person;
use crate::model::record::Record;
use crate::model::visit;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The relations of a register's records.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Relations {
    /// How many people there are.
    pub(super) population: usize,
    /// The records of people that were merged into another's: they are no people.
    pub(super) merged: BTreeSet<PersonId>,
    pub(super) aliases: Relation<PersonId, PersonId>,
    pub(super) members: Relation<HouseholdId, PersonId>,
    pub(super) occupants: Relation<DwellingId, HouseholdId>,
    pub(super) assertions: Relation<PersonId, AssertionId>,
    pub(super) visits: Relation<PersonId, VisitId>,
    pub(super) categories: BTreeMap<String, Subject>,
    pub(super) views: BTreeMap<Uuid, Subject>,
}

impl Relations {
    /// What all records say.
    pub(super) fn of(records: &Records) -> Relations {
        let (people, others) = std::thread::scope(|scope| {
            let others = scope.spawn(|| Relations {
                assertions: related(records, ASSERTIONS, PersonId, AssertionId),
                visits: related(records, VISITS, PersonId, VisitId),
                occupants: related(records, OCCUPANTS, DwellingId, HouseholdId),
                ..Relations::default()
            });
            (Relations::of_people(records), others.join())
        });
        let others = others.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let mut relations = Relations {
            population: people.population,
            merged: people.merged,
            aliases: people.aliases,
            members: people.members,
            ..others
        };
        for table in [Table::Category, Table::View] {
            for (id, record) in records.of_table(table) {
                relations.arrive(Subject { table, id }, record);
            }
        }
        relations
    }

    fn of_people(records: &Records) -> Relations {
        let mut relations = Relations::default();
        let mut members = Vec::new();
        for (id, record) in records.of_table(Table::Person) {
            if record.has(person::MERGED) {
                relations.arrive(PersonId(id).subject(), record);
                continue;
            }
            relations.population += 1;
            if let Some(household) = record.link(person::HOUSEHOLD) {
                members.push((HouseholdId(household), PersonId(id)));
            }
        }
        relations.members = Relation::of(members);
        relations
    }

    /// Notes a record that is new, or is now other than it was.
    pub(super) fn arrive(&mut self, subject: Subject, record: &Record) {
        self.turn(Way::Come, subject, record);
    }

    /// Forgets a record that goes, or will be other than it is.
    pub(super) fn leave(&mut self, subject: Subject, record: &Record) {
        self.turn(Way::Go, subject, record);
    }

    fn turn(&mut self, way: Way, subject: Subject, record: &Record) {
        let id = subject.id;
        let link = |(_, field): (Table, FieldNo)| record.link(field);
        match subject.table {
            Table::Person => self.turn_person(way, PersonId(id), record),
            Table::Household => {
                if let Some(dwelling) = link(OCCUPANTS) {
                    let dwelling = DwellingId(dwelling);
                    self.occupants.turn(way, dwelling, HouseholdId(id));
                }
            }
            Table::Assertion => {
                if let Some(person) = link(ASSERTIONS) {
                    let person = PersonId(person);
                    self.assertions.turn(way, person, AssertionId(id));
                }
            }
            Table::Visit => {
                if let Some(person) = link(VISITS) {
                    self.visits.turn(way, PersonId(person), VisitId(id));
                }
            }
            Table::Category => match (way, record.text(category::CODE)) {
                (Way::Come, Some(code)) => drop(self.categories.insert(code.to_owned(), subject)),
                (Way::Go, Some(code)) => drop(self.categories.remove(code)),
                (_, None) => {}
            },
            Table::View => match way {
                Way::Come => drop(self.views.insert(id, subject)),
                Way::Go => drop(self.views.remove(&id)),
            },
            Table::Dwelling | Table::Setting => {}
        }
    }

    /// A person comes or goes; a record that was merged into another's is none.
    fn turn_person(&mut self, way: Way, id: PersonId, record: &Record) {
        if let Some(other) = record.link(person::MERGED) {
            match way {
                Way::Come => self.merged.insert(id),
                Way::Go => self.merged.remove(&id),
            };
            self.aliases.turn(way, PersonId(other), id);
            return;
        }
        match way {
            Way::Come => self.population += 1,
            Way::Go => self.population -= 1,
        }
        if let Some(household) = record.link(person::HOUSEHOLD) {
            self.members.turn(way, HouseholdId(household), id);
        }
    }
}

const MEMBERS: (Table, FieldNo) = (Table::Person, person::HOUSEHOLD);
const OCCUPANTS: (Table, FieldNo) = (Table::Household, household::DWELLING);
const ASSERTIONS: (Table, FieldNo) = (Table::Assertion, assertion::PERSON);
const VISITS: (Table, FieldNo) = (Table::Visit, visit::PERSON);

/// What a link field of a table's records says.
fn related<K: Id, V: Id>(
    records: &Records,
    (table, field): (Table, FieldNo),
    key: fn(Uuid) -> K,
    value: fn(Uuid) -> V,
) -> Relation<K, V> {
    let all = records.of_table(table);
    let pairs = all.filter_map(|(id, record)| Some((key(record.link(field)?), value(id))));
    Relation::of(pairs.collect())
}

/// Whether a change alters whom a relation leads to.
pub(super) fn is_relation(change: &Change) -> bool {
    let about = (change.subject.table, change.field);
    [
        MEMBERS,
        OCCUPANTS,
        ASSERTIONS,
        VISITS,
        (Table::Person, person::MERGED),
        (Table::Category, category::CODE),
    ]
    .contains(&about)
}
