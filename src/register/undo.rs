//! Taking back what was done.
//!
//! Invariant: a commit is taken back only where every field it set still holds what it set; what
//! later commits made of them is never lost silently. A ledger is taken back but for what was
//! touched since, any other act whole or not at all.

use crate::model::book::Book;
use crate::model::change;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::field::FieldNo;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::merge;
use crate::model::person;
use crate::model::person::Person;
use crate::register::Register;
use crate::register::RegisterError;
use crate::register::untouched;
use crate::store::Store;
use crate::store::StoreError;
use std::collections::HashSet;
use std::ops::ControlFlow;

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
    for entry in store.entries().iter().rev() {
        let found = store.part(entry, &mut |one| ControlFlow::Continue(is_merge(one)))?;
        if !found.changes.is_empty() {
            merged = store.commit(entry.id)?;
            break;
        }
    }
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
