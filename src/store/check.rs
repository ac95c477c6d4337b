//! Checking: journal, checkpoints and sled, each against what the journal says of itself.
//!
//! Invariant: a check alters nothing, and what it could not compare it names.

use crate::store::Entry;
use crate::store::Finding;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::checkpoint;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::record;
use crate::store::scan;
use crate::store::vault::Spot;
use crate::store::vault::fault::KeyFault;

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
            let part = KeyFault::Half.to_string();
            (Some(part.clone()), Some(part))
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

    fn check_sled(&self) -> Option<String> {
        let compared = match &self.tables {
            Some(tables) => tables.compare(),
            None => Err("it is not in use".into()),
        };
        match compared {
            Ok(mark) => mark.differs(&self.mark),
            Err(why) => Some(why),
        }
    }

    fn check_journal(&self) -> Option<String> {
        let folded = match self.fold() {
            Ok(folded) => folded,
            Err(fault) => return Some(fault.to_string()),
        };
        if let Some(damage) = folded.scan.damage.first() {
            return Some(damage.to_string());
        }
        if folded.mark != self.mark {
            return Some("its last commit is not the one that was saved last".into());
        }
        if !self.is_whole() {
            // What is hidden is in the mark and not in the records.
            return None;
        }
        match mend::count(self.journal.source(), self.mark.number, &folded.records) {
            Ok(counted) if counted == self.mark => None,
            Ok(_) => Some("its commits do not add up to its last mark".into()),
            Err(fault) => Some(fault.to_string()),
        }
    }

    /// The mark that the journal gives a commit.
    fn mark_at(&self, entry: &Entry) -> Result<Mark, StoreError> {
        let sealed = scan::payload(self.journal.source(), entry.place)?;
        let plain = self.vault().open_parts(Spot::Frame(entry.number), &sealed);
        let mark = plain.and_then(|plain| record::decode_frame_mark(&plain));
        mark.map_err(|fault| self.damaged(fault.to_string()))
    }
}
