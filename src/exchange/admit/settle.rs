//! Households, dwellings and whole records for those who are taken in.
//!
//! Invariant: a record that came with its own id is taken over once, and never over one that is
//! there.

use crate::exchange::admit::Admission;
use crate::exchange::admit::weigh::Place;
use crate::exchange::cell::Trouble;
use crate::exchange::entry::Entry;
use crate::exchange::json::Dossier;
use crate::exchange::json::LEADING;
use crate::exchange::json::Whole;
use crate::model::address::Address;
use crate::model::field;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Value;

impl Admission<'_> {
    /// Gives a person a household, with what the row says of it. Returns whether there is one.
    pub(super) fn settle(
        &mut self,
        id: PersonId,
        entry: &mut Entry,
        dossier: Option<&Dossier>,
    ) -> bool {
        let household = match dossier {
            Some(dossier) => self.adopt(id, dossier),
            None => self.homes.place(&mut self.draft, id, entry, self.mint),
        };
        let Some(household) = household else {
            return false;
        };
        let weighed = self.weigh_household(household, id, entry);
        for (subject, field, value) in weighed.sets {
            self.set(subject, field, value);
        }
        if weighed.place == Place::Found {
            self.relocate(household, &entry.address);
        }
        for clash in weighed.clashes {
            let trouble = Trouble::Household(clash.ours);
            entry.contradiction(clash.field.zh, &clash.theirs, trouble);
        }
        if dossier.is_none() {
            self.homes.crown(&mut self.draft, household, id, entry);
        }
        true
    }

    /// Someone who has a household: its place, as it was weighed, and its head. A head who moves
    /// takes the household along; any other member moves alone. Returns whether a head was set.
    pub(super) fn move_within(
        &mut self,
        household: HouseholdId,
        id: PersonId,
        entry: &mut Entry,
        place: Place,
    ) -> bool {
        let is_alone = self.draft.book().members(household).len() < 2;
        match place {
            Place::Moves if !is_alone && !entry.is_head() => return self.settle(id, entry, None),
            Place::Moves | Place::Found => self.relocate(household, &entry.address),
            Place::Stays => {}
        }
        self.homes.pass(Some(household));
        self.homes.crown(&mut self.draft, household, id, entry)
    }

    fn relocate(&mut self, household: HouseholdId, address: &Address) {
        let dwelling = self.homes.dwelling(&mut self.draft, address, self.mint);
        self.set(
            household.subject(),
            household::DWELLING,
            Value::Link(dwelling.0),
        );
        self.homes.know(&self.draft, household);
    }

    /// Takes over a household or a dwelling with its own id. Returns whether it was not there.
    pub(super) fn take_over(&mut self, (subject, fields): &Whole) -> bool {
        if self.draft.book().record(*subject).is_some() || !self.adopted.insert(*subject) {
            return false;
        }
        for (field, value) in fields {
            let is_head = subject.table == Table::Household && *field == household::HEAD;
            if let (Value::Link(head), true) = (value, is_head) {
                let head = PersonId(*head).subject();
                self.links.push((*subject, *field, head));
            } else {
                self.set(*subject, *field, value.clone());
            }
        }
        true
    }

    /// Takes over the household and dwelling that came with their own ids.
    fn adopt(&mut self, id: PersonId, dossier: &Dossier) -> Option<HouseholdId> {
        let household = dossier.household.as_ref()?;
        self.take_over(household);
        if let Some(dwelling) = &dossier.dwelling {
            self.take_over(dwelling);
        }
        let household = HouseholdId(household.0.id);
        self.set(id.subject(), person::HOUSEHOLD, Value::Link(household.0));
        self.homes.know(&self.draft, household);
        Some(household)
    }

    /// Takes over what leads to the person: assertions, visits, merged records, each with its own id.
    /// Returns whether any was new.
    pub(super) fn lead(&mut self, id: PersonId, dossier: &Dossier) -> bool {
        let mut any = false;
        for (at, (subject, fields)) in dossier.leading.iter().enumerate() {
            let is_known = self.draft.book().record(*subject).is_some()
                || self.draft.get(*subject, person::NAME).is_some();
            if is_known || !self.adopted.insert(*subject) {
                continue;
            }
            any = true;
            let leads = LEADING.iter().find(|(_, table, _)| *table == subject.table);
            let Some((_, _, leads)) = leads else { continue };
            // A record that was merged into a merged one goes on leading to that.
            let before = dossier.leading.get(..at).unwrap_or_default();
            let merged = |to: &&Value| {
                let alias = |(one, _): &Whole| **to == Value::Link(one.id);
                subject.table == Table::Person && before.iter().any(alias)
            };
            let said = fields.iter().find(|(field, _)| field == leads);
            let to = said.map(|(_, value)| value).filter(merged);
            let to = to.cloned().unwrap_or(Value::Link(id.0));
            self.set(*subject, *leads, to);
            for (field, value) in fields.iter().filter(|(field, _)| field != leads) {
                let kind = field::of(subject.table, *field).map(|field| field.kind);
                match (value, kind) {
                    (Value::Link(to), Some(Kind::Link(table))) => {
                        let to = Subject { table, id: *to };
                        self.links.push((*subject, *field, to));
                    }
                    _ => self.set(*subject, *field, value.clone()),
                }
            }
        }
        any
    }
}
