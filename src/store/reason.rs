//! Why the store differs from the journal, does without sled, or takes nothing in.
//!
//! A reason is said in the worker's language by its key in the words; what sled or the system says
//! stands beside it in its own words.
//!
//! Invariant: no reason that this program gives is a text.

use crate::store::StoreError;
use crate::store::record::Unreadable;
use crate::store::scan::Damage;
use std::path::PathBuf;

/// Why something of the store is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is nothing.
    Missing,
    /// It does not answer.
    Silent,
    /// It was given up.
    GivenUp,
    /// It was not closed the last time.
    Unclosed,
    /// It does not say where it stands.
    Unmarked,
    /// It was stopped while writing this file.
    Unfinished(String),
    /// It is closed, or not in use.
    Closed,
    /// It broke down; its last words.
    Panicked(String),
    /// It stands at another commit than the journal.
    Behind {
        /// Its own last commit.
        at: u64,
        /// The journal's.
        journal: u64,
    },
    /// It holds more or fewer fields than the journal.
    Fields {
        /// How many it holds.
        holds: u64,
        /// How many the journal does.
        journal: u64,
    },
    /// It holds as many fields, but not the same.
    Digest,
    /// The journal is damaged.
    Journal,
    /// These commits of the journal are damaged.
    Commits {
        /// Their numbers in words.
        commits: String,
        /// The journal's file.
        file: PathBuf,
    },
    /// The journal's last commit is not the one that was saved last.
    Last,
    /// The commits of the journal do not add up to what they say.
    Sum,
    /// One commit is not what it was.
    Commit(u64),
    /// A commit came where another comes next.
    Awaited {
        /// The number that it has.
        number: u64,
        /// The number that comes next.
        awaited: u64,
    },
    /// The checkpoint of a commit.
    Checkpoint(u64, Box<Reason>),
    /// It is another register's.
    Foreign,
    /// The journal is not the one that it stands on.
    Elsewhere,
    /// The key at hand does not see all of it.
    Half,
    /// It is older than this.
    Older(PathBuf),
    /// What it says of itself does not agree.
    Disagrees,
    /// This record differs.
    Record(String),
    /// The index finds other people than the journal has.
    People {
        /// How many it finds.
        finds: usize,
        /// How many the journal has.
        journal: usize,
    },
    /// The index counts others in a category than the journal has.
    Category {
        /// The category's code.
        code: String,
        /// How many it counts.
        counts: usize,
        /// How many the journal has.
        journal: usize,
    },
    /// It cannot be read: it is damaged, or sealed with another key. What exactly, for whoever
    /// develops.
    Unreadable(String),
    /// What sled or the system said.
    Said(String),
}

impl Reason {
    /// Its key in the words, and what fills it; a reason within it has the name `why`.
    pub fn say(&self) -> (&'static str, Vec<(&'static str, String)>) {
        (self.key(), self.args())
    }

    /// The reason within it.
    pub fn within(&self) -> Option<&Reason> {
        if let Reason::Checkpoint(_, why) = self {
            Some(why)
        } else {
            None
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Reason::Missing => "why-missing",
            Reason::Silent => "why-silent",
            Reason::GivenUp => "why-given-up",
            Reason::Unclosed => "why-unclosed",
            Reason::Unmarked => "why-unmarked",
            Reason::Unfinished(_) => "why-unfinished",
            Reason::Closed => "why-closed",
            Reason::Panicked(_) => "why-panicked",
            Reason::Behind { .. } => "why-behind",
            Reason::Fields { .. } => "why-fields",
            Reason::Digest => "why-digest",
            Reason::Journal => "why-journal",
            Reason::Commits { .. } => "why-commits",
            Reason::Last => "why-last",
            Reason::Sum => "why-sum",
            Reason::Commit(_) => "why-commit",
            Reason::Awaited { .. } => "why-awaited",
            Reason::Checkpoint(..) => "why-checkpoint",
            Reason::Foreign => "why-foreign",
            Reason::Elsewhere => "why-elsewhere",
            Reason::Half => "why-half",
            Reason::Older(_) => "why-older",
            Reason::Disagrees => "why-disagrees",
            Reason::Record(_) => "why-record",
            Reason::People { .. } => "why-people",
            Reason::Category { .. } => "why-category",
            Reason::Unreadable(_) => "why-unreadable",
            Reason::Said(_) => "why-said",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Reason::Missing
            | Reason::Silent
            | Reason::GivenUp
            | Reason::Unclosed
            | Reason::Unmarked
            | Reason::Closed
            | Reason::Digest
            | Reason::Journal
            | Reason::Last
            | Reason::Sum
            | Reason::Foreign
            | Reason::Elsewhere
            | Reason::Half
            | Reason::Unreadable(_)
            | Reason::Disagrees => vec![],
            Reason::Unfinished(file) => vec![("file", file.clone())],
            Reason::Panicked(words) | Reason::Said(words) => {
                vec![("words", words.clone())]
            }
            Reason::Behind { at, journal } => {
                vec![("at", at.to_string()), ("journal", journal.to_string())]
            }
            Reason::Fields { holds, journal } => {
                vec![
                    ("holds", holds.to_string()),
                    ("journal", journal.to_string()),
                ]
            }
            Reason::Commits { commits, file } => vec![
                ("commits", commits.clone()),
                ("file", file.display().to_string()),
            ],
            Reason::Commit(number) | Reason::Checkpoint(number, _) => {
                vec![("number", number.to_string())]
            }
            Reason::Awaited { number, awaited } => vec![
                ("number", number.to_string()),
                ("awaited", awaited.to_string()),
            ],
            Reason::Older(path) => vec![("path", path.display().to_string())],
            Reason::Record(name) => vec![("record", name.clone())],
            Reason::People { finds, journal } => {
                vec![
                    ("finds", finds.to_string()),
                    ("journal", journal.to_string()),
                ]
            }
            Reason::Category {
                code,
                counts,
                journal,
            } => vec![
                ("code", code.clone()),
                ("counts", counts.to_string()),
                ("journal", journal.to_string()),
            ],
        }
    }
}

/// For whoever develops: a worker hears it from the words.
impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl From<String> for Reason {
    fn from(words: String) -> Reason {
        Reason::Said(words)
    }
}

impl From<std::io::Error> for Reason {
    fn from(fault: std::io::Error) -> Reason {
        Reason::Said(fault.to_string())
    }
}

impl From<Unreadable> for Reason {
    fn from(fault: Unreadable) -> Reason {
        Reason::Unreadable(fault.0)
    }
}

impl From<&Damage> for Reason {
    fn from(damage: &Damage) -> Reason {
        Reason::Commits {
            commits: damage.words(),
            file: damage.path.clone(),
        }
    }
}

impl From<StoreError> for Reason {
    fn from(fault: StoreError) -> Reason {
        if let StoreError::Damaged { what, .. } = fault {
            what
        } else {
            Reason::Said(fault.to_string())
        }
    }
}
