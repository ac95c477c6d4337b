//! What was done: of everything, of a person, of lists that left.
//!
//! Invariant: what is told is what reading every commit would find, and nothing that is hidden from
//! the role; no more of a large commit is in memory than is told of it.

use crate::index::Index;
use crate::model::book::Book;
use crate::model::change;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Date;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::person::Person;
use crate::register::Register;
use crate::register::RegisterError;
use crate::register::veil;
use crate::store::Entry;
use crate::store::StoreError;
use std::collections::HashSet;
use std::ops::ControlFlow;
use uuid::Uuid;

/// So many changes of a large commit are read.
const FEW: u64 = 10_000;

impl Register {
    /// Everything as it stood right after the newest commit that is meant, on that commit's day;
    /// `None` when no commit is.
    pub fn as_of(
        &self,
        is_meant: &dyn Fn(&Commit) -> bool,
    ) -> Result<Option<Index>, RegisterError> {
        let mut book = self.index().book().clone();
        let mut day = None;
        self.store.log_back(&mut |commit| {
            if is_meant(&commit) {
                day = Some(Date::of(commit.stamp.milliseconds()));
                return ControlFlow::Break(());
            }
            for change in change::inverse(&commit.changes) {
                book.apply(&change);
            }
            ControlFlow::Continue(())
        })?;
        Ok(day.map(|day| {
            let mut then = Index::build(book, day);
            then.answer_to(self.role());
            then
        }))
    }

    /// The commit that a typed name means (its last eight characters, or more).
    pub fn find(&self, name: &str) -> Result<Commit, RegisterError> {
        let typed = name.trim().replace('-', "").to_lowercase();
        let mut named = self.store.entries().iter().filter(|entry| {
            typed.len() >= 8 && entry.id.0.simple().to_string().ends_with(typed.as_str())
        });
        let none = || RegisterError::NoCommit(name.to_owned());
        match (named.next(), named.next()) {
            (Some(entry), None) => self.store.commit(entry.id)?.ok_or_else(none),
            _ => Err(none()),
        }
    }

    /// The newest commits first, at most `limit`; those that touch a person (the record, the
    /// assertions, the household) when one is given. Of a large one there are only the first changes,
    /// or those that touch the person: [`Register::size`] tells how many it has.
    pub fn log(
        &self,
        person: Option<PersonId>,
        limit: usize,
    ) -> Result<Vec<Commit>, RegisterError> {
        let Some(person) = person else {
            let all = self.store.entries().iter().rev().collect();
            return self.gather(all, &|entry| self.beginning(entry), &|_| true, limit);
        };
        let circle = Circle::of(person, self.index().book());
        let about = self.store.about(&circle.ids())?;
        let part = |entry: &Entry| {
            let is_about = |change: &Change| circle.is_about(change);
            self.some(entry, &mut |change| ControlFlow::Continue(is_about(change)))
        };
        self.gather(about, &part, &|commit| circle.touched(commit), limit)
    }

    /// The same of a person, for lines that say what was done and no more: of a large commit there
    /// are no changes.
    pub fn story(&self, person: PersonId, limit: usize) -> Result<Vec<Commit>, RegisterError> {
        let circle = Circle::of(person, self.index().book());
        let about = self.store.about(&circle.ids())?;
        // Of a large one nothing is left to be looked at; what was sent is told among the looks.
        let is_large = |commit: &Commit| self.entry(commit).is_some_and(Entry::is_large);
        let is_meant =
            |commit: &Commit| circle.touched(commit) || (is_large(commit) && !is_sent(&commit.act));
        self.gather(about, &|entry| self.store.line(entry), &is_meant, limit)
    }

    fn entry(&self, commit: &Commit) -> Option<&Entry> {
        let entries = self.store.entries();
        let at = entries.binary_search_by_key(&commit.number, |entry| entry.number);
        at.ok().and_then(|at| entries.get(at))
    }

    /// How many acts there were.
    pub fn acts(&self) -> usize {
        self.store.entries().len()
    }

    /// Whether a ledger was ever taken in.
    pub fn has_ledger(&self) -> bool {
        self.store.entries().iter().any(|entry| entry.is_ledger)
    }

    /// How many changes a commit makes of which some may have been left out.
    pub fn size(&self, commit: &Commit) -> u64 {
        let whole = self.entry(commit).filter(|entry| entry.is_large());
        let there = commit.changes.len() as u64;
        whole.map_or(there, |entry| entry.changes.max(there))
    }

    /// Who has looked at a person, newest first, at most `limit`: looks at the record and at what is
    /// masked in it, and lists with the person that left the register.
    pub fn looks(&self, person: PersonId, limit: usize) -> Result<Vec<Commit>, RegisterError> {
        let circle = Circle::of(person, self.index().book());
        let mut about = self.store.about(&circle.ids())?;
        about.retain(|entry| entry.changes == 0);
        let is_meant = |commit: &Commit| circle.was_seen(commit);
        self.gather(about, &|entry| self.store.line(entry), &is_meant, limit)
    }

    /// The lists that left the register, newest first, at most `limit`.
    pub fn sent(&self, limit: usize) -> Result<Vec<Commit>, RegisterError> {
        let all = self.idle().collect();
        let is_meant = |commit: &Commit| is_sent(&commit.act);
        self.gather(all, &|entry| self.store.line(entry), &is_meant, limit)
    }

    /// When masked values were revealed here since a moment, both in milliseconds since 1970.
    pub fn looks_since(&self, moment: u64) -> Result<Vec<u64>, RegisterError> {
        let mut looks = vec![];
        let is_since = |entry: &&Entry| entry.stamp.milliseconds() >= moment;
        self.store
            .hand_out(self.idle().take_while(is_since), &mut |commit| {
                let is_look = matches!(commit.act, Act::Look { field: Some(_), .. });
                if is_look && commit.worker == self.worker() {
                    looks.push(commit.stamp.milliseconds());
                }
                ControlFlow::Continue(())
            })?;
        Ok(looks)
    }

    /// The commits that change nothing, newest first: looks, and what was sent.
    fn idle(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.store.entries().iter().rev();
        entries.filter(|entry| entry.changes == 0)
    }

    /// A commit with its first changes.
    fn beginning(&self, entry: &Entry) -> Result<Commit, StoreError> {
        let mut left = FEW;
        self.some(entry, &mut |_| {
            left = left
                .checked_sub(1)
                .map_or(ControlFlow::Break(()), ControlFlow::Continue)?;
            ControlFlow::Continue(true)
        })
    }

    /// A commit with those of its changes that are wanted, or all of one that is not large.
    fn some(
        &self,
        entry: &Entry,
        wanted: &mut dyn FnMut(&Change) -> ControlFlow<(), bool>,
    ) -> Result<Commit, StoreError> {
        if entry.is_large() {
            self.store.part(entry, wanted)
        } else {
            self.store.part(entry, &mut |_| ControlFlow::Continue(true))
        }
    }

    /// The newest commits first that are meant and are not hidden from the role.
    fn gather(
        &self,
        entries: Vec<&Entry>,
        read: &dyn Fn(&Entry) -> Result<Commit, StoreError>,
        is_meant: &dyn Fn(&Commit) -> bool,
        limit: usize,
    ) -> Result<Vec<Commit>, RegisterError> {
        let mut found = vec![];
        for entry in entries {
            if found.len() == limit {
                break;
            }
            let commit = read(entry)?;
            if is_meant(&commit) && !veil::hides(self.index(), &commit) {
                found.push(commit);
            }
        }
        Ok(found)
    }
}

/// A person and the records around: the household, the dwelling is the household's own affair.
struct Circle {
    person: PersonId,
    records: HashSet<Subject>,
}

impl Circle {
    fn of(person: PersonId, book: &Book) -> Circle {
        let assertions = book.assertions(person).map(|one| one.id.subject());
        let visits = book.visits(person).map(|one| one.id.subject());
        let household = book
            .person(person)
            .and_then(Person::household)
            .map(HouseholdId::subject);
        let merged = book.aliases(person).iter().map(|alias| alias.subject());
        let own = std::iter::once(person.subject());
        Circle {
            person,
            records: own
                .chain(merged)
                .chain(assertions)
                .chain(visits)
                .chain(household)
                .collect(),
        }
    }

    /// The ids of the records.
    fn ids(&self) -> Vec<Uuid> {
        let own = std::iter::once(self.person.0);
        own.chain(self.records.iter().map(|one| one.id)).collect()
    }

    /// Whether a commit is the record of a look at the person, alone or in a list.
    fn was_seen(&self, commit: &Commit) -> bool {
        if let Act::Send(sent) = &commit.act {
            let mut people = sent.people.iter();
            return people.any(|id| self.records.contains(&id.subject()));
        }
        matches!(commit.act, Act::Reveal { subject, .. } | Act::Look { subject, .. }
            if self.records.contains(&subject))
    }

    fn touched(&self, commit: &Commit) -> bool {
        let looked = matches!(commit.act, Act::Reveal { .. } | Act::Look { .. });
        (looked && self.was_seen(commit))
            || commit.changes.iter().any(|change| self.is_about(change))
    }

    /// Whether a change is of one of the records, or made or took away an assertion or a visit of the
    /// person that is there no more.
    fn is_about(&self, change: &Change) -> bool {
        let mut people = change.people();
        self.records.contains(&change.subject) || people.any(|id| id == self.person)
    }
}

/// Whether a list left the register.
fn is_sent(act: &Act) -> bool {
    matches!(act, Act::Send(_) | Act::Export { .. })
}
