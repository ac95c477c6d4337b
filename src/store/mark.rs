//! A mark: how many fields are set after a commit, and a digest over all of them.
//!
//! The digest is the sum, modulo 2^128, of a truncated SHA-256 of each (record, field, value):
//! the order does not matter, and a change moves it by what it takes away and what it adds, so a
//! save reads nothing.
//!
//! Where a part of the register is hidden from some who have a key, the hashes are salted with a
//! secret of those who see all: by how a digest moves, everybody else could try out what a hidden
//! field may say. For the same reason fields are not counted there: a count would tell that there is
//! one. The others have no use for a mark and hand it on as it is.
//!
//! Invariant: two stores with the same count and digest hold the same fields.

use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::record::Record;
use crate::store::Reason;
use crate::store::record;
use crate::store::record::Unreadable;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::num::NonZero;

/// So few changes are hashed on one thread.
const PART: usize = 10_000;

/// How many bytes a salt fills: a block of SHA-256, so that it costs nothing with each hash.
pub(crate) const SALT: usize = 64;

/// What every hash begins with.
#[derive(Clone)]
pub(crate) struct Salt {
    begun: Sha256,
    /// What a field counts.
    one: u64,
}

impl Default for Salt {
    fn default() -> Salt {
        Salt {
            begun: Sha256::new(),
            one: 1,
        }
    }
}

impl Salt {
    /// A salt of these bytes.
    pub(crate) fn of(bytes: &[u8; SALT]) -> Salt {
        Salt {
            begun: Sha256::new_with_prefix(bytes),
            one: 0,
        }
    }

    /// The hash of a value in its place.
    fn hash(
        &self,
        subject: Subject,
        field: FieldNo,
        value: &impl Serialize,
        bytes: &mut Vec<u8>,
    ) -> Result<u128, Unreadable> {
        bytes.clear();
        bytes.push(subject.table as u8);
        bytes.extend_from_slice(subject.id.as_bytes());
        bytes.extend_from_slice(&field.0.to_le_bytes());
        record::digest_bytes(value, bytes)?;
        let whole = self.begun.clone().chain_update(&bytes).finalize();
        let low = whole.iter().take(16).rev();
        Ok(low.fold(0, |sum, byte| (sum << 8) | u128::from(*byte)))
    }
}

/// What a store holds after a commit, in 32 bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The number of the last commit that is in.
    pub(crate) number: u64,
    /// How many fields are set; nothing where the hashes are salted.
    pub(crate) count: u64,
    /// The sum of their hashes.
    pub(crate) digest: u128,
}

impl Mark {
    /// The mark after a commit with these changes.
    pub(crate) fn after(
        mut self,
        salt: &Salt,
        number: u64,
        changes: &[Change],
    ) -> Result<Mark, Unreadable> {
        let moved = std::thread::scope(|scope| {
            // The sum does not mind the order, so that a large import is hashed side by side.
            let crew = std::thread::available_parallelism().map_or(1, NonZero::get);
            let mut parts = changes.chunks(changes.len().div_ceil(crew).max(PART));
            let first = parts.next().unwrap_or_default();
            let others: Vec<_> = parts
                .map(|part| scope.spawn(|| moved(salt, part)))
                .collect();
            let others = others.into_iter().map(|part| {
                let joined = part.join();
                joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            std::iter::once(moved(salt, first))
                .chain(others)
                .collect::<Result<Vec<_>, _>>()
        })?;
        for part in moved {
            self.digest = self.digest.wrapping_add(part.digest);
            self.count = self.count.wrapping_add(part.count);
        }
        self.number = number;
        Ok(self)
    }

    /// Counts a whole record in.
    pub(crate) fn add(
        &mut self,
        salt: &Salt,
        subject: Subject,
        record: &Record,
    ) -> Result<(), Unreadable> {
        let mut bytes = Vec::new();
        for (field, value) in record.iter() {
            let hash = salt.hash(subject, field, &value, &mut bytes)?;
            self.digest = self.digest.wrapping_add(hash);
            self.count = self.count.wrapping_add(salt.one);
        }
        Ok(())
    }

    /// How this differs from what the journal says.
    pub(crate) fn differs(&self, journal: &Mark) -> Option<Reason> {
        if self == journal {
            None
        } else if self.number != journal.number {
            Some(Reason::Behind {
                at: self.number,
                journal: journal.number,
            })
        } else if self.count != journal.count {
            Some(Reason::Fields {
                holds: self.count,
                journal: journal.count,
            })
        } else {
            Some(Reason::Digest)
        }
    }
}

/// By how much changes move a mark.
fn moved(salt: &Salt, changes: &[Change]) -> Result<Mark, Unreadable> {
    let mut mark = Mark::default();
    let mut bytes = Vec::new();
    for Change {
        subject,
        field,
        old,
        new,
    } in changes
    {
        if let Some(old) = old {
            let hash = salt.hash(*subject, *field, old, &mut bytes)?;
            mark.digest = mark.digest.wrapping_sub(hash);
            mark.count = mark.count.wrapping_sub(salt.one);
        }
        if let Some(new) = new {
            let hash = salt.hash(*subject, *field, new, &mut bytes)?;
            mark.digest = mark.digest.wrapping_add(hash);
            mark.count = mark.count.wrapping_add(salt.one);
        }
    }
    Ok(mark)
}
