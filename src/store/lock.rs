//! The folder's lock and who holds it.
//!
//! The lock is the system's and dies with its holder. The words about the holder stand in a file
//! of their own, since some systems let nobody read a locked one.
//!
//! Invariant: of all programs that write, one at a time has the folder.

use crate::store::Reason;
use crate::store::StoreError;
use crate::store::folder;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::io::Write;
use std::path::Path;

/// A held lock, or the reason why the folder can only be read.
pub(crate) enum Lock {
    /// The folder is this program's until this is dropped.
    Held(File),
    /// The folder cannot be written: why.
    ReadOnly(Reason),
}

/// Who has a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The number of the program's process.
    pub process: String,
    /// The machine.
    pub host: String,
    /// Since when.
    pub since: String,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Lock::Held(file) = self {
            // Closing is not enough: a program that is just being started from here may hold a
            // copy of the file for a moment. Should unlocking fail, closing still does it then.
            drop(file.unlock());
        }
    }
}

/// Takes the folder, or says who has it.
pub(crate) fn take(dir: &Path) -> Result<Lock, StoreError> {
    let path = dir.join("LOCK");
    let file = match folder::private().create(true).truncate(false).open(&path) {
        Ok(file) => file,
        Err(fault) if is_barred(&fault) => return Ok(Lock::ReadOnly(fault.into())),
        Err(fault) => return Err(folder::disk("locking", &path)(fault)),
    };
    match file.try_lock() {
        Ok(()) => {
            // The words are a courtesy: neither a full disk nor a power cut matters to them.
            drop(write_holder(dir));
            Ok(Lock::Held(file))
        }
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked {
            holder: describe(dir),
        }),
        Err(TryLockError::Error(fault)) => Err(folder::disk("locking", &path)(fault)),
    }
}

/// Whether an error says that nothing here may be written.
pub(crate) fn is_barred(fault: &io::Error) -> bool {
    matches!(
        fault.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

fn write_holder(dir: &Path) -> io::Result<()> {
    let words = format!("process {} on {}", std::process::id(), host());
    folder::private()
        .create(true)
        .truncate(true)
        .open(dir.join("LOCK.holder"))?
        .write_all(words.as_bytes())
}

fn describe(dir: &Path) -> Option<Holder> {
    let path = dir.join("LOCK.holder");
    let words = std::fs::read_to_string(&path).ok()?;
    let (process, host) = words.strip_prefix("process ")?.split_once(" on ")?;
    let since = std::fs::metadata(&path).and_then(|data| data.modified());
    let since = jiff::Timestamp::try_from(since.ok()?).ok()?;
    let since = since.to_zoned_datetime(jiff::tz::TimeZone::system());
    Some(Holder {
        process: process.to_owned(),
        host: host.to_owned(),
        since: since.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    })
}

fn host() -> String {
    let named = std::env::var("COMPUTERNAME").ok();
    let read = |path| std::fs::read_to_string(path).ok();
    named
        .or_else(|| read("/proc/sys/kernel/hostname"))
        .or_else(|| read("/etc/hostname"))
        .map_or_else(|| "this machine".into(), |name| name.trim().to_owned())
}
