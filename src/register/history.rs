//! What was done, and taking it back.
//!
//! Invariant: a commit is taken back only where every field it set still holds what it set; what
//! later commits made of them is never lost silently. A ledger is taken back but for what was
//! touched since, any other act whole or not at all.

use crate::index::Index;
use crate::model::assertion;
use crate::model::book::Book;
use crate::model::change;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Date;
use crate::model::field::FieldNo;
use crate::model::ids::CommitId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::merge;
use crate::model::person;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::model::visit;
use crate::register::Register;
use crate::register::RegisterError;
use crate::register::untouched;
use crate::register::veil;
use crate::store::Entry;
use crate::store::Store;
use crate::store::StoreError;
use std::collections::HashSet;
use std::ops::ControlFlow;
use uuid::Uuid;

/// So many changes of a large commit are read.
const FEW: u64 = 10_000;

/// So many later commits are named at most.
const MOST_NAMED: usize = 9;

impl Register {
    /// The last commit that can be taken back: it has changes, is no undo, is not undone, and is
    /// not the one that the register began with.
    pub fn last_undoable(&self) -> Result<Option<Commit>, RegisterError> {
        let undone = undone(&self.store);
        let open = self.store.entries().iter().rev().find(|entry| {
            entry.changes > 0 && entry.undoes.is_none() && !undone.contains(&entry.id)
        });
        let commit = match open {
            Some(entry) => self.store.commit(entry.id)?,
            None => None,
        };
        Ok(commit.filter(|commit| commit.act != Act::Init))
    }

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

    /// The people whom an undo left as they are, because they were touched since.
    pub fn left_by(&self, undo: &Commit) -> Result<Vec<PersonId>, RegisterError> {
        let whole = match undo.undoes {
            Some(id) => self.store.commit(id)?,
            None => None,
        };
        let people = |commit: &Commit| -> HashSet<PersonId> {
            let subjects = commit.changes.iter().map(|change| change.subject);
            let people = subjects.filter(|subject| subject.table == Table::Person);
            people.map(|subject| PersonId(subject.id)).collect()
        };
        let whole = whole.as_ref().map(people).unwrap_or_default();
        let mut left: Vec<PersonId> = whole.difference(&people(undo)).copied().collect();
        left.sort_unstable();
        Ok(left)
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
        let is_large = |commit: &Commit| self.entry(commit).is_some_and(Entry::is_large);
        let is_meant = |commit: &Commit| is_large(commit) || circle.touched(commit);
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
        let is_sent = |commit: &Commit| matches!(commit.act, Act::Send(_) | Act::Export { .. });
        let all = self.idle().collect();
        self.gather(all, &|entry| self.store.line(entry), &is_sent, limit)
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

/// The changes that take a commit back, or why it cannot be.
pub(crate) fn taking_back(
    store: &Store,
    book: &Book,
    id: CommitId,
) -> Result<Vec<Change>, RegisterError> {
    let commit = store
        .commit(id)?
        .ok_or_else(|| RegisterError::NoCommit(id.short()))?;
    let is_idle = commit.changes.is_empty() || commit.act == Act::Init;
    if is_idle || undone(store).contains(&id) {
        return Err(RegisterError::NothingToUndo(id.short()));
    }
    if let Act::Import { .. } | Act::Ledger { .. } = commit.act {
        let untouched = untouched::of(store, &commit, &undone(store))?;
        if untouched.changes.is_empty() {
            let by = untouched.by.iter().take(MOST_NAMED);
            return Err(RegisterError::Overtaken {
                commit: id.short(),
                by: by.map(|id| id.short()).collect::<Vec<_>>().join(" "),
            });
        }
        return Ok(untouched.changes);
    }
    let changes = change::inverse(&commit.changes);
    if let Err(stale) = book.check(&changes) {
        let by = overtakers(store, book, &commit)?;
        if by.is_empty() {
            return Err(stale.into());
        }
        return Err(RegisterError::Overtaken {
            commit: id.short(),
            by: by.join(" "),
        });
    }
    Ok(changes)
}

/// The changes that make a record that was merged into another a person's own again, and that
/// other record.
pub(crate) fn parting(
    store: &Store,
    book: &Book,
    goes: PersonId,
) -> Result<(PersonId, Vec<Change>), RegisterError> {
    let none = || RegisterError::NothingToUndo(goes.0.to_string());
    let stays = book.person(goes).and_then(Person::merged_into);
    let stays = stays.ok_or_else(none)?;
    let is_merge = |change: &Change| {
        (change.subject, change.field) == (goes.subject(), person::MERGED) && change.new.is_some()
    };
    let mut merged = None;
    let small = store.entries().iter().rev();
    let small = small.filter(|entry| !entry.is_large());
    store.hand_out(small, &mut |commit| {
        if commit.changes.iter().any(is_merge) {
            merged = Some(commit);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    let merged = merged.ok_or_else(none)?;
    Ok((stays, merge::part(book, &merged.changes, stays, goes)))
}

/// The commits that are taken back at present. An undo that is itself taken back counts no more.
pub(crate) fn undone(store: &Store) -> HashSet<CommitId> {
    let mut undone = HashSet::new();
    for entry in store.entries().iter().rev() {
        if let Some(earlier) = entry.undoes.filter(|_| !undone.contains(&entry.id)) {
            undone.insert(earlier);
        }
    }
    undone
}

/// The short names of the later commits that altered fields which no longer hold what this commit
/// set, oldest first.
fn overtakers(store: &Store, book: &Book, commit: &Commit) -> Result<Vec<String>, StoreError> {
    let mut set: Vec<&Change> = commit.changes.iter().rev().collect();
    let mut seen = HashSet::new();
    set.retain(|change| seen.insert((change.subject, change.field)));
    let lost: HashSet<(Subject, FieldNo)> = set
        .into_iter()
        .filter(|change| !book.holds(change.subject, change.field, change.new.as_ref()))
        .map(|change| (change.subject, change.field))
        .collect();
    let mut by = vec![];
    store.log_back(&mut |later| {
        if later.number <= commit.number {
            return ControlFlow::Break(());
        }
        let mut touched = later.changes.iter();
        if touched.any(|change| lost.contains(&(change.subject, change.field))) {
            by.push(later.id.short());
        }
        ControlFlow::Continue(())
    })?;
    by.reverse();
    Ok(by)
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

    fn is_about(&self, change: &Change) -> bool {
        self.records.contains(&change.subject) || self.is_past(change)
    }

    /// Whether a change made or took away an assertion or a visit of the person that is there no
    /// more.
    fn is_past(&self, change: &Change) -> bool {
        let about = Some(Value::Link(self.person.0));
        let names = [
            (Table::Assertion, assertion::PERSON),
            (Table::Visit, visit::PERSON),
        ];
        names.contains(&(change.subject.table, change.field))
            && (change.old == about || change.new == about)
    }
}
