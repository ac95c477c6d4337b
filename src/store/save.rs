//! Saving: a commit is on the disk first; sled and the checkpoints follow.
//!
//! Invariant: whoever hears that a commit was saved finds it in the journal after any crash; what
//! follows late is caught up from there.

use crate::model::change::Commit;
use crate::store::Entry;
use crate::store::Reason;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::record;
use crate::store::record::Head;
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
        if let Some(why) = self.bar() {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        if !self.may.alters() && !commit.changes.is_empty() {
            return Err(KeyFault::OnlyLooks.into());
        }
        let awaited = self.mark.number + 1;
        if commit.number != awaited {
            let number = commit.number;
            let what = Reason::Awaited { number, awaited };
            return Err(self.damaged(what));
        }
        let vault = self.vault().clone();
        let mark = self
            .mark
            .after(&vault.salt(), commit.number, &commit.changes)
            .map_err(|fault| self.damaged(fault.into()))?;
        self.sieve.foresee(&commit.changes);
        // Who does not see all alters nothing, and what they look at is no secret of others.
        let sieve = (vault.is_parted() && vault.is_whole()).then_some(&self.sieve);
        let payload = record::encode_frame(&mark, commit, sieve)
            .and_then(|parts| vault.seal_parts(Spot::Frame(commit.number), parts))
            .map_err(|fault| self.damaged(fault.into()))?;
        let place = self.journal.append(&payload)?;
        self.sieve.rate(&commit.changes);
        self.mark = mark;
        self.stamp = commit.stamp;
        let head = Head::of(commit);
        self.past.add(&head, &commit.changes, place.length);
        self.entries.push(Entry::new(place, &head));
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
