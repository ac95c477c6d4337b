//! Whom some changes may alter: in what is filed of them, and in the orders.
//!
//! Invariant: nobody is left out whose facts or place differ before and after the changes.

use crate::index::Index;
use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::ids::AssertionId;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::ids::VisitId;
use crate::model::person;
use crate::model::value::Value;
use crate::model::visit::PERSON;
use crate::model::visit::Visit;
use std::collections::BTreeSet;

/// What of a person the orders look at.
const ORDERING: [FieldNo; 4] = [
    person::NAME,
    person::BIRTH,
    person::HOUSEHOLD,
    person::MERGED,
];

impl Index {
    /// Who may stand elsewhere in an order after some changes: newcomers, and those of whom
    /// something changes that orders look at. Most edits and every visit leave the orders alone.
    pub(super) fn stirred(
        &self,
        changes: &[Change],
        touched: &BTreeSet<PersonId>,
    ) -> BTreeSet<PersonId> {
        let ordering = |change: &&Change| match change.subject.table {
            Table::Person => ORDERING.contains(&change.field),
            Table::Household | Table::Dwelling => true,
            Table::Assertion | Table::Visit | Table::Category | Table::View | Table::Setting => {
                false
            }
        };
        let changes: Vec<Change> = changes.iter().filter(ordering).cloned().collect();
        let mut stirred = self.touched(&changes);
        let is_new = |id: &&PersonId| self.facts.people.number(**id).is_none();
        stirred.extend(touched.iter().filter(is_new));
        stirred
    }

    /// Whose facts some changes may alter.
    pub(super) fn touched(&self, changes: &[Change]) -> BTreeSet<PersonId> {
        let mut touched = BTreeSet::new();
        for change in changes {
            let id = change.subject.id;
            match change.subject.table {
                Table::Person => {
                    touched.insert(PersonId(id));
                }
                Table::Household => touched.extend(self.book.members(HouseholdId(id))),
                Table::Dwelling => {
                    let households = self.book.occupants(DwellingId(id)).iter();
                    touched.extend(households.flat_map(|id| self.book.members(*id)));
                }
                Table::Assertion => {
                    let about = self.book.assertion(AssertionId(id));
                    touched.extend(about.and_then(Assertion::person));
                    if let (assertion::PERSON, Some(Value::Link(person))) =
                        (change.field, &change.new)
                    {
                        touched.insert(PersonId(*person));
                    }
                }
                Table::Visit => {
                    let about = self.book.visit(VisitId(id));
                    touched.extend(about.and_then(Visit::person));
                    if let (PERSON, Some(Value::Link(person))) = (change.field, &change.new) {
                        touched.insert(PersonId(*person));
                    }
                }
                Table::Category | Table::View | Table::Setting => {}
            }
        }
        touched
    }
}
