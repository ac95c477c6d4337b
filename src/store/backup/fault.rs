//! What can be wrong with a backup.
//!
//! Invariant: every fault has words in both languages under its key, and none tells what the backup
//! holds.

/// Why a backup cannot be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupFault {
    /// Nothing is in the file.
    #[error("the file is empty")]
    Empty,
    /// It is something else.
    #[error("this is no backup")]
    NotBackup,
    /// It is sealed, and no recovery key was given.
    #[error("the backup is sealed")]
    NeedsKey,
    /// It is sealed, but not to this recovery key.
    #[error("the backup is not sealed to this recovery key")]
    OtherKey,
    /// It is sealed with a passphrase, which jumin never does.
    #[error("the file is sealed with a passphrase")]
    Passphrase,
    /// The head of the age file is damaged.
    #[error("the head of the age file is damaged")]
    Head,
    /// The age file was altered or is cut short.
    #[error("the age file was altered or is cut short")]
    Altered,
    /// A newer program wrote it.
    #[error("the backup was written by a newer jumin (version {0})")]
    Newer(u16),
    /// A line makes no sense.
    #[error("line {0} of the backup makes no sense")]
    Line(u64),
    /// A line is longer than any that is written.
    #[error("line {0} of the backup is too long")]
    Long(u64),
    /// A commit stands where another comes next.
    #[error("commit {found} stands in the backup where {awaited} comes next")]
    Order {
        /// The commit that is there.
        found: u64,
        /// The commit that should be.
        awaited: u64,
    },
    /// A commit has fewer or more changes than it says.
    #[error("commit {0} has not as many changes as it says")]
    Changes(u64),
    /// The last line is missing.
    #[error("the backup ends in the middle")]
    Cut,
    /// Something stands behind the last line.
    #[error("something stands behind the backup's end")]
    Behind,
    /// The last line counts otherwise.
    #[error("the backup has not as many commits or changes as it says")]
    Totals,
    /// The checksum differs.
    #[error("the backup's checksum differs")]
    Sum,
    /// What its commits come to is not what the register came to.
    #[error("the backup's commits do not add up")]
    Mark,
    /// The public half that it is to be sealed to is none.
    #[error("{0} is no age recipient")]
    Recipient(String),
    /// The journal is damaged, so that a backup would not be whole.
    #[error("the journal is damaged: commits {0}")]
    Journal(String),
    /// A file is there already.
    #[error("{0} is there already")]
    Exists(String),
}

impl BackupFault {
    /// The words for it in `data/words/`, and what fills them.
    pub fn say(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let one = |name, value: &dyn std::fmt::Display| vec![(name, value.to_string())];
        match self {
            BackupFault::Empty => ("backup-empty", vec![]),
            BackupFault::NotBackup => ("backup-not-backup", vec![]),
            BackupFault::NeedsKey => ("backup-needs-key", vec![]),
            BackupFault::OtherKey => ("backup-other-key", vec![]),
            BackupFault::Passphrase => ("backup-passphrase", vec![]),
            BackupFault::Head => ("backup-head", vec![]),
            BackupFault::Altered => ("backup-altered", vec![]),
            BackupFault::Newer(version) => ("backup-newer", one("version", version)),
            BackupFault::Line(line) => ("backup-line", one("line", line)),
            BackupFault::Long(line) => ("backup-long", one("line", line)),
            BackupFault::Order { found, awaited } => (
                "backup-order",
                vec![
                    ("found", found.to_string()),
                    ("awaited", awaited.to_string()),
                ],
            ),
            BackupFault::Changes(commit) => ("backup-changes", one("commit", commit)),
            BackupFault::Cut => ("backup-cut", vec![]),
            BackupFault::Behind => ("backup-behind", vec![]),
            BackupFault::Totals => ("backup-totals", vec![]),
            BackupFault::Sum => ("backup-sum", vec![]),
            BackupFault::Mark => ("backup-mark", vec![]),
            BackupFault::Recipient(typed) => ("backup-recipient", one("recipient", typed)),
            BackupFault::Journal(commits) => ("backup-journal", one("commits", commits)),
            BackupFault::Exists(path) => ("backup-exists", one("path", path)),
        }
    }

    /// Whether it is the file that is wrong, and not what was asked for.
    pub fn is_damage(&self) -> bool {
        !matches!(
            self,
            BackupFault::NeedsKey
                | BackupFault::OtherKey
                | BackupFault::Recipient(_)
                | BackupFault::Exists(_)
                | BackupFault::NotBackup
                | BackupFault::Passphrase
        )
    }
}
