//! Why a store cannot do what is asked.
//!
//! Invariant: a fault says what was being done, to which file, and why it failed.

use crate::store::Holder;
use crate::store::Reason;
use crate::store::backup::fault::BackupFault;
use crate::store::vault::fault::KeyFault;
use std::path::PathBuf;

/// Why a store cannot do what is asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No register there.
    #[error("{0} is not a register")]
    NotFound(PathBuf),
    /// A register is there already.
    #[error("{0} already holds a register")]
    Exists(PathBuf),
    /// Someone else has it open.
    #[error("the register is open elsewhere: {holder:?}")]
    Locked {
        /// Who, where that can be read.
        holder: Option<Holder>,
    },
    /// It is sealed, and no key was given.
    #[error("{0} is sealed")]
    Sealed(PathBuf),
    /// Its key file, or what was to open it.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// A backup that cannot be made or read.
    #[error(transparent)]
    Backup(#[from] BackupFault),
    /// A newer program wrote it.
    #[error("the register was written by a newer jumin (format {0})")]
    Newer(u32),
    /// It is open for reading only.
    #[error("the register is open for reading only: {why}")]
    ReadOnly {
        /// Why.
        why: Reason,
    },
    /// The disk said no.
    #[error("{doing} {path}: {source}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What is stored makes no sense.
    #[error("{path}: {what}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: Reason,
    },
}
