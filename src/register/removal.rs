//! Who was removed, as the history tells it.
//!
//! Invariant: a removal that was taken back is none.

use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::removal::Removals;
use crate::register::Register;
use crate::register::RegisterError;
use crate::register::undo;
use std::ops::ControlFlow;

/// What was removed, and what of it the history still holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// The records, and how.
    pub records: Removals,
    /// How many people the history still holds.
    pub people: u64,
}

impl Register {
    /// What was removed. The history holds somebody as long as the commit of the removal says what
    /// was cleared in their records.
    pub fn removed(&self) -> Result<Removed, RegisterError> {
        let undone = undo::undone(&self.store);
        let mut removed = Removed::default();
        self.store.log(&mut |commit| {
            if let Act::Remove {
                how,
                records,
                people,
                ..
            } = &commit.act
                && !undone.contains(&commit.id)
            {
                for record in records {
                    let noted = removed.records.entry(*record).or_insert(*how);
                    *noted = (*noted).max(*how);
                }
                let cleared = |change: &Change| removed.records.contains_key(&change.subject);
                if commit.changes.iter().any(cleared) {
                    removed.people += *people;
                }
            }
            ControlFlow::Continue(())
        })?;
        Ok(removed)
    }
}
