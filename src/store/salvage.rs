//! The way back from a damaged journal: what is sound goes into a new folder, and what is lost is
//! named.
//!
//! The sound commits are taken over in order and numbered anew; where a lost one lies between, a
//! change says what stood there as far as the sound ones tell. A checkpoint that is whole and
//! younger than the damage brings back what the lost commits had come to, in one commit of its own:
//! then only who did it and when is lost.
//!
//! Invariant: the damaged register is only read; the new one is whole, or none.

use crate::model::book::Records;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::change::Stamp;
use crate::model::field::FieldNo;
use crate::model::ids::CommitId;
use crate::model::ids::Mint;
use crate::model::ids::ReplicaId;
use crate::model::ids::Subject;
use crate::model::record::Record;
use crate::model::value::Value;
use crate::store::StoreError;
use crate::store::anew;
use crate::store::anew::Press;
use crate::store::checkpoint;
use crate::store::checkpoint::Checkpoint;
use crate::store::folder;
use crate::store::keys;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::record::Unreadable;
use crate::store::scan;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::ring;
use crate::store::vault::ring::Ring;
use crate::store::vault::slot::Grant;
use rustc_hash::FxHashMap;
use std::path::Path;

/// What was saved and what was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// How many commits were taken over.
    pub commits: u64,
    /// The numbers of those that are lost, in words such as `120-123`.
    pub lost: Vec<String>,
    /// The commit up to which a checkpoint brought back what the lost ones had come to.
    pub brought_back: Option<u64>,
    /// How many people are in the new register.
    pub people: usize,
}

/// Saves what is sound of a register into a folder that is missing or empty. A sealed one is sealed
/// again: for the founder, and the recovery key that is on paper.
pub fn salvage(
    dir: &Path,
    key: Option<&Key>,
    into: &Path,
    replica: ReplicaId,
    founder: Option<&Grant>,
) -> Result<Salvaged, StoreError> {
    let old = folder::read_identity(dir)?;
    let source = keys::whole(dir, old, key)?;
    let ring = match founder {
        Some(founder) => {
            let (known, _) = ring::read(&old.home(dir), old.register)?;
            let recipient = known.recipient().ok_or(KeyFault::RecoverySlot)?;
            Some(Ring::found_for(old.register, founder, recipient)?)
        }
        None => None,
    };
    let identity = keys::begin(into, old.register, replica, ring.as_ref().map(|_| 1))?;
    if let Some((ring, _)) = &ring {
        ring.write(&identity.home(into))?;
    }
    let to = keys::source(into, identity, ring.as_ref().map(|(_, key)| key))?;
    let mut wreck = Wreck {
        press: Press::begin(&to, anew::foresee(&source)?)?,
        checkpoint: checkpoint::newest_whole(&old.home(dir), &source),
        records: FxHashMap::default(),
        stamp: Stamp::default(),
        brought_back: None,
        failed: None,
        replica,
    };
    let start = Reach::nowhere(&source);
    let scan = mend::commits(&source, start, &mut |_, _| {}, &mut |_, _, head, walk| {
        let changes = walk.collect::<Result<Vec<Change>, Unreadable>>()?;
        wreck.take(head.with(changes));
        Ok(())
    })?;
    wreck.bring_back(u64::MAX);
    if let Some(fault) = wreck.failed {
        return Err(fault);
    }
    let mark = wreck.press.finish()?;
    let book = anew::verify(&to, &mark)?;
    anew::serve(&identity.home(into), &to, &mark);
    folder::finish(into)?;
    let lost = scan.damage.iter().map(scan::Damage::words);
    Ok(Salvaged {
        commits: mark.number,
        lost: lost.collect(),
        brought_back: wreck.brought_back,
        people: book.population(),
    })
}

/// A register being saved.
struct Wreck {
    press: Press,
    checkpoint: Option<Checkpoint>,
    records: FxHashMap<Subject, Record>,
    stamp: Stamp,
    brought_back: Option<u64>,
    failed: Option<StoreError>,
    replica: ReplicaId,
}

impl Wreck {
    /// Takes a sound commit over.
    fn take(&mut self, commit: Commit) {
        self.bring_back(commit.number);
        self.put(commit);
    }

    /// Brings back what a checkpoint holds beyond the sound commits, before the first commit that
    /// is younger than it.
    fn bring_back(&mut self, next: u64) {
        let is_due = |checkpoint: &mut Checkpoint| checkpoint.about.mark.number < next;
        let Some(checkpoint) = self.checkpoint.take_if(is_due) else {
            return;
        };
        let number = checkpoint.about.mark.number;
        let changes = self.difference(&checkpoint.records);
        if changes.is_empty() {
            return;
        }
        self.brought_back = Some(number);
        let stamp = self.stamp.next(self.stamp.milliseconds());
        self.put(Commit {
            id: CommitId(Mint::new(stamp.milliseconds(), number).uuid()),
            stamp,
            replica: self.replica,
            number,
            worker: "doctor".into(),
            act: Act::Edit,
            undoes: None,
            changes,
        });
    }

    /// The changes that make the records what a checkpoint says.
    fn difference(&self, wanted: &Records) -> Vec<Change> {
        let nothing = Record::default();
        let mut changes = vec![];
        let mut change = |subject: Subject, field: FieldNo, new: Option<Value>| {
            changes.push(Change {
                subject,
                field,
                old: None,
                new,
            });
        };
        for (subject, record) in wanted.iter() {
            for (field, value) in record.iter() {
                change(subject, field, Some(value.owned()));
            }
            let known = self.records.get(&subject).unwrap_or(&nothing);
            for (field, _) in known.iter().filter(|(field, _)| !record.has(*field)) {
                change(subject, field, None);
            }
        }
        let gone = self.records.iter();
        for (subject, record) in gone.filter(|(subject, _)| wanted.get(**subject).is_none()) {
            for (field, _) in record.iter() {
                change(*subject, field, None);
            }
        }
        self.honest(changes)
    }

    /// Changes that say what stood there, as far as is known; those that alter nothing are left out.
    fn honest(&self, changes: Vec<Change>) -> Vec<Change> {
        let mut fresh: FxHashMap<(Subject, FieldNo), Option<Value>> = FxHashMap::default();
        let mut kept = vec![];
        for change in changes {
            let place = (change.subject, change.field);
            let stands = fresh.get(&place).cloned().unwrap_or_else(|| {
                let record = self.records.get(&change.subject);
                record.and_then(|record| record.get(change.field))
            });
            if stands != change.new {
                fresh.insert(place, change.new.clone());
                kept.push(Change {
                    old: stands,
                    ..change
                });
            }
        }
        kept
    }

    fn put(&mut self, commit: Commit) {
        if self.failed.is_some() {
            return;
        }
        let commit = Commit {
            number: self.press.mark().number + 1,
            changes: self.honest(commit.changes),
            ..commit
        };
        self.failed = self.press.put(&commit).err();
        self.stamp = commit.stamp;
        for change in &commit.changes {
            self.records
                .entry(change.subject)
                .or_default()
                .apply(change);
        }
    }
}
