//! Checking: journal, checkpoints and sled, each against what the journal says of itself.
//!
//! Invariant: a check alters nothing, and what it could not compare it names.

use crate::store::Entry;
use crate::store::Finding;
use crate::store::Reason;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::checkpoint;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::record;
use crate::store::scan;
use crate::store::vault::Spot;

impl Store {
    /// Compares journal, checkpoints and sled in full.
    pub fn check(&mut self) -> Vec<Finding> {
        self.scribe.finish();
        let journal = self.check_journal();
        let (checkpoints, sled) = if self.is_whole() {
            let source = self.journal.source();
            let mark_at = |last: &Entry| self.mark_at(last);
            (
                checkpoint::check(&self.home, source, &mark_at),
                self.check_sled(),
            )
        } else {
            (Some(Reason::Half), Some(Reason::Half))
        };
        let findings = [
            ("journal", journal),
            ("checkpoints", checkpoints),
            ("sled", sled),
        ];
        findings
            .map(|(what, fault)| Finding { what, fault })
            .to_vec()
    }

    fn check_sled(&self) -> Option<Reason> {
        let compared = match &self.tables {
            Some(tables) => tables.compare(),
            None => Err(Reason::Closed),
        };
        match compared {
            Ok(mark) => mark.differs(&self.mark),
            Err(why) => Some(why),
        }
    }

    fn check_journal(&self) -> Option<Reason> {
        let folded = match self.fold() {
            Ok(folded) => folded,
            Err(fault) => return Some(fault.into()),
        };
        if let Some(damage) = folded.scan.damage.first() {
            return Some(damage.into());
        }
        if folded.mark != self.mark {
            return Some(Reason::Last);
        }
        if !self.is_whole() {
            // What is hidden is in the mark and not in the records.
            return None;
        }
        match mend::count(self.journal.source(), self.mark.number, &folded.records) {
            Ok(counted) if counted == self.mark => None,
            Ok(_) => Some(Reason::Sum),
            Err(fault) => Some(fault.into()),
        }
    }

    /// The mark that the journal gives a commit.
    fn mark_at(&self, entry: &Entry) -> Result<Mark, StoreError> {
        let sealed = scan::payload(self.journal.source(), entry.place)?;
        let plain = self.vault().open_parts(Spot::Frame(entry.number), &sealed);
        let mark = plain.and_then(|plain| record::decode_frame_mark(&plain));
        mark.map_err(|fault| self.damaged(fault.into()))
    }
}
