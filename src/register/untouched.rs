//! What of a ledger nobody has touched since it was taken in.
//!
//! The records that a ledger made or changed hang together by their links: people, their household,
//! its dwelling, what is said of them. Where a later act altered one of them, or made a record that
//! points at one (a visit, a category), all that hangs together with it stays.
//!
//! Invariant: taking back what is untouched leaves no link into the void.

use crate::model::change;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::ids::CommitId;
use crate::model::value::Value;
use crate::store::Store;
use crate::store::StoreError;
use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::ControlFlow;
use uuid::Uuid;

/// The part of a commit that can be taken back.
pub(super) struct Untouched {
    /// What takes it back.
    pub(super) changes: Vec<Change>,
    /// The later commits because of which the rest stays, oldest first.
    pub(super) by: Vec<CommitId>,
}

/// Looks for it; `undone` are the commits that are taken back at present.
pub(super) fn of(
    store: &Store,
    commit: &Commit,
    undone: &HashSet<CommitId>,
) -> Result<Untouched, StoreError> {
    let mut ties = Ties::of(&commit.changes);
    let numbers: HashMap<CommitId, u64> = store
        .entries()
        .iter()
        .map(|entry| (entry.id, entry.number))
        .collect();
    let is_cancelled = |later: &Commit| {
        let target = later.undoes.and_then(|id| numbers.get(&id));
        undone.contains(&later.id) || target.is_some_and(|number| *number > commit.number)
    };
    let (mut kept, mut by) = (HashSet::new(), Vec::new());
    store.log_back(&mut |later| {
        if later.number <= commit.number {
            return ControlFlow::Break(());
        }
        if !is_cancelled(&later) {
            let known = later.changes.iter().flat_map(ids);
            let roots: Vec<Uuid> = known.filter_map(|id| ties.root(id)).collect();
            if !roots.is_empty() {
                by.push(later.id);
            }
            kept.extend(roots);
        }
        ControlFlow::Continue(())
    })?;
    by.reverse();
    let mut changes = change::inverse(&commit.changes);
    changes.retain(|change| {
        let root = ties.root(change.subject.id);
        root.is_none_or(|root| !kept.contains(&root))
    });
    Ok(Untouched { changes, by })
}

/// The records that a change is about: its own, and those it points at.
fn ids(change: &Change) -> impl Iterator<Item = Uuid> {
    let link = |value: &Option<Value>| match value {
        Some(Value::Link(id)) => Some(*id),
        _ => None,
    };
    let links = [link(&change.old), link(&change.new)];
    std::iter::once(change.subject.id).chain(links.into_iter().flatten())
}

/// Which records of a commit hang together.
struct Ties {
    above: HashMap<Uuid, Uuid>,
}

impl Ties {
    fn of(changes: &[Change]) -> Ties {
        let own = changes.iter().map(|change| change.subject.id);
        let mut ties = Ties {
            above: own.map(|id| (id, id)).collect(),
        };
        for change in changes {
            for id in ids(change) {
                if let (Some(one), Some(other)) = (ties.root(change.subject.id), ties.root(id)) {
                    ties.above.insert(other, one);
                }
            }
        }
        ties
    }

    /// The record that stands for all that hang together with one; none for a stranger.
    fn root(&mut self, id: Uuid) -> Option<Uuid> {
        let mut at = id;
        loop {
            let next = *self.above.get(&at)?;
            if next == at {
                break;
            }
            at = next;
        }
        // The next look for this one is short.
        self.above.insert(id, at);
        Some(at)
    }
}
