//! The smallest alteration, with its inverse; and the commit, the group that one act made.
//!
//! Invariant: a commit applied and then its inverse leaves every record as it was.

use crate::model::assertion;
use crate::model::field::FieldNo;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::ReplicaId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::removal::How;
use crate::model::value::Value;
use crate::model::visit;
use serde::Deserialize;
use serde::Serialize;

/// One field of one record set from `old` to `new`; `None` is "unknown".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The record.
    pub subject: Subject,
    /// The field.
    pub field: FieldNo,
    /// What stood there.
    pub old: Option<Value>,
    /// What stands there now.
    pub new: Option<Value>,
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Change {
        Change {
            old: self.new.clone(),
            new: self.old.clone(),
            ..*self
        }
    }

    /// The people whom it makes an assertion or a visit be about, or no longer.
    pub fn people(&self) -> impl Iterator<Item = PersonId> + use<> {
        let links = [
            (Table::Assertion, assertion::PERSON),
            (Table::Visit, visit::PERSON),
        ];
        let is_link = links.contains(&(self.subject.table, self.field));
        let link = |value: &Option<Value>| match value {
            Some(Value::Link(id)) if is_link => Some(PersonId(*id)),
            _ => None,
        };
        [link(&self.old), link(&self.new)].into_iter().flatten()
    }
}

/// Takes back a group of changes: each inverse, last first.
pub fn inverse(changes: &[Change]) -> Vec<Change> {
    changes.iter().rev().map(Change::inverse).collect()
}

/// A hybrid logical clock stamp: 48 bits of milliseconds since 1970, then a 16-bit counter.
/// It never runs backwards, also when the machine's clock does.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Stamp(pub u64);

impl Stamp {
    /// The next stamp after `self` at the wall time `milliseconds`.
    #[must_use]
    pub fn next(self, milliseconds: u64) -> Stamp {
        Stamp((milliseconds << 16).max(self.0 + 1))
    }

    /// Milliseconds since 1970.
    pub fn milliseconds(self) -> u64 {
        self.0 >> 16
    }
}

/// What a worker did. The order of the variants is part of the stored format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// The register was started with the seeds.
    Init,
    /// A made-up community was put in.
    Demo {
        /// How many residents.
        residents: u64,
        /// The seed that makes the same community again.
        seed: u64,
    },
    /// A ledger was taken in, as it was told before its sheet and all counts were.
    Import {
        /// The file's name, without its folder.
        file: String,
        /// Rows that made someone new.
        new: u64,
        /// Rows that changed someone.
        updated: u64,
    },
    /// People were classified, or a category was taken from them.
    Classify {
        /// What was done, such as `+E6` or `-E6`.
        what: String,
        /// How many people.
        people: u64,
    },
    /// A record's fields were edited by hand.
    Edit,
    /// A commit was taken back.
    Undo,
    /// A view was saved, changed or removed.
    View,
    /// A masked value was looked at, as it was told before its screen was.
    Reveal {
        /// Whose.
        subject: Subject,
        /// Which field.
        field: FieldNo,
    },
    /// A list left the register as a file, as it was told before all about it was.
    Export {
        /// The file's name, without its folder.
        file: String,
        /// How many people.
        people: u64,
        /// What for; none when the values went out masked.
        purpose: Option<String>,
    },
    /// A setting was changed.
    Setting,
    /// A visit was logged.
    Visit {
        /// How it ended, a code of the table `visit-result`.
        result: String,
        /// Whether what is known was found unchanged.
        verified: bool,
        /// How many people.
        people: u64,
    },
    /// Someone was entered by hand.
    Enter,
    /// A ledger was taken in.
    Ledger {
        /// The file's name, without its folder.
        file: String,
        /// The sheet's name.
        sheet: String,
        /// What became of its rows.
        tally: Box<Tally>,
    },
    /// Two records of one person were made one.
    Merge {
        /// The record that stays.
        stays: PersonId,
        /// The record that now points at it.
        goes: PersonId,
    },
    /// They were made two again.
    Part {
        /// The record that stayed.
        stays: PersonId,
        /// The record that is a person's again.
        goes: PersonId,
    },
    /// Two people were said not to be one.
    Apart {
        /// The one.
        one: PersonId,
        /// The other.
        other: PersonId,
    },
    /// Someone's record was looked at. Such a commit has no changes: it is the record of the look.
    Look {
        /// Whose.
        subject: Subject,
        /// Which field was shown unmasked; none when the whole record was shown, masked.
        field: Option<FieldNo>,
        /// Where: a screen's name, or a command's.
        screen: String,
        /// What for, which is asked when there are many.
        reason: Option<String>,
    },
    /// A list left the register as a file.
    Send(Box<Sending>),
    /// Those who had left were removed: what named them was cleared. Their records are named, so
    /// that the same can be done to the history and to what an old backup brings back.
    Remove {
        /// How much went.
        how: How,
        /// Their records, and those about them.
        records: Vec<Subject>,
        /// How many people.
        people: u64,
        /// What for, in the worker's words.
        reason: String,
    },
    /// Something of which only a part is for whoever reads this; see [`crate::model::sieve`]. No
    /// worker does it: it stands in the place of what was done.
    Veiled,
}

/// What left the register, and what for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// The file's name, without its folder; `-` for a pipe.
    pub file: String,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// Whether closely kept values went out whole.
    pub whole: bool,
    /// What for.
    pub purpose: Option<String>,
    /// Who gets it.
    pub receiver: Option<String>,
    /// On what legal basis: one of [`BASES`], or the worker's own words.
    pub basis: Option<String>,
    /// The columns, by their keys.
    pub columns: Vec<String>,
    /// Who is in it, a row each.
    pub people: Vec<PersonId>,
}

/// The legal bases on which a list may leave, in Chinese and English (personal information law,
/// articles 13 and 23).
pub const BASES: [(&str, &str); 5] = [
    ("法定职责", "statutory duty"),
    ("本人同意", "consent"),
    ("部门委托", "a department's commission"),
    ("突发事件", "an emergency"),
    ("公示", "public notice"),
];

/// How many rows of a ledger had which outcome; together they are all its rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Someone new.
    pub new: u64,
    /// Something filled in.
    pub updated: u64,
    /// Nothing new.
    pub same: u64,
    /// Differences that nobody decided.
    pub conflicts: u64,
    /// Nobody decided whom they are about.
    pub undecided: u64,
    /// Refused.
    pub rejected: u64,
    /// No resident's row.
    pub skipped: u64,
}

/// One act as the journal keeps it: what changed, who did it, when, and on which machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its name.
    pub id: CommitId,
    /// When, never before an earlier commit's.
    pub stamp: Stamp,
    /// The machine.
    pub replica: ReplicaId,
    /// The machine's own count of its commits, from 1 without a gap.
    pub number: u64,
    /// Who.
    pub worker: String,
    /// What was done.
    pub act: Act,
    /// The commit that this one takes back.
    pub undoes: Option<CommitId>,
    /// The changes, in order.
    pub changes: Vec<Change>,
}
