//! Saving: a commit is on the disk first; sled and the checkpoints follow.
//!
//! Invariant: whoever hears that a commit was saved finds it in the journal after any crash; what
//! follows late is caught up from there.

use crate::model::change::Commit;
use crate::store::Entry;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::record;
use crate::store::vault::Spot;
use crate::store::vault::fault::KeyFault;

impl Store {
    /// Puts a commit on the disk, and sled and the checkpoints in step. On an error nothing of it
    /// stays.
    pub fn append(&mut self, commit: &Commit) -> Result<(), StoreError> {
        self.put(commit)?;
        self.follow();
        Ok(())
    }

    /// Puts a commit on the disk; the rest waits for [`Store::follow`]. After a large import it would
    /// take the processor from what the worker waits for.
    pub fn put(&mut self, commit: &Commit) -> Result<(), StoreError> {
        if let Some(why) = &self.barred {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        if !self.may.alters() && !commit.changes.is_empty() {
            return Err(KeyFault::OnlyLooks.into());
        }
        let awaited = self.mark.number + 1;
        if commit.number != awaited {
            let what = format!("commit {} where {awaited} comes next", commit.number);
            return Err(self.damaged(what));
        }
        let mark = self
            .mark
            .after(commit.number, &commit.changes)
            .map_err(|fault| self.damaged(fault.to_string()))?;
        let payload = record::encode_frame(&mark, commit)
            .and_then(|plain| self.vault().seal(Spot::Frame(commit.number), plain))
            .map_err(|fault| self.damaged(fault.to_string()))?;
        let place = self.journal.append(&payload)?;
        self.mark = mark;
        self.stamp = commit.stamp;
        let told = (commit.id, commit.undoes, commit.changes.len() as u64);
        self.entries.push(Entry::new(place, commit.number, told));
        self.waiting.push((commit.number, payload));
        Ok(())
    }

    /// Has sled and the checkpoints follow what was put on the disk.
    pub fn follow(&mut self) {
        for (number, payload) in std::mem::take(&mut self.waiting) {
            let (scribe, stand) = self.stand();
            scribe.saved(payload.len() as u64, &stand);
            if let Some(tables) = &self.tables {
                tables.apply(number, payload);
            }
        }
    }
}
