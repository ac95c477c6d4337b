//! The folder itself: its layout, its `id.toml`, and files that are written whole or not at all.
//!
//! Invariant: what is private stays so (folders 0700, files 0600 on unix); a rename is on the disk
//! before anyone builds on it.

use crate::model::ids::ReplicaId;
use crate::store::Reason;
use crate::store::StoreError;
use serde::Deserialize;
use serde::Serialize;
use std::fs::DirBuilder;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use uuid::Uuid;

/// The format of the folder. A program that knows only older ones must not touch it.
pub(crate) const FORMAT: u32 = 2;

/// The format of open registers: programs that know nothing of sealing read it as well.
pub(crate) const OPEN: u32 = 1;

/// What the folder says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The folder's format.
    pub(crate) format: u32,
    /// The register, the same on every machine that shares it.
    pub(crate) register: Uuid,
    /// This copy of it.
    pub(crate) replica: ReplicaId,
    /// The vault that a sealed register lives in. To write another number here is what turns an
    /// open register into a sealed one, at once and whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vault: Option<u32>,
}

impl Identity {
    /// The folder that holds the journal and all that serves it.
    pub(crate) fn home(&self, dir: &Path) -> PathBuf {
        match self.vault {
            Some(number) => vault(dir, number),
            None => dir.to_owned(),
        }
    }
}

/// The folder of a sealed register's vault.
pub(crate) fn vault(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("vault-{number:04}"))
}

/// The least that every `id.toml` of every format holds.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

/// Turns what the system says into an error that names the file.
pub(crate) fn disk(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    move |source| StoreError::Disk {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// The journal's folder.
pub(crate) fn journal(dir: &Path) -> PathBuf {
    dir.join("journal")
}

/// The checkpoints' folder.
pub(crate) fn checkpoints(dir: &Path) -> PathBuf {
    dir.join("checkpoint")
}

/// Where what was cut off is set aside.
pub(crate) fn quarantine(dir: &Path) -> PathBuf {
    dir.join("quarantine")
}

/// Where it is said what the folder is.
pub(crate) fn identity(dir: &Path) -> PathBuf {
    dir.join("id.toml")
}

/// Where it is said what the folder shall be, as long as it is being made: nothing that stands beside
/// it is anybody's yet.
pub(crate) fn half(dir: &Path) -> PathBuf {
    dir.join("id.toml.half")
}

/// Says what the folder is.
pub(crate) fn write_identity(dir: &Path, identity: Identity) -> Result<(), StoreError> {
    say(&self::identity(dir), identity)
}

fn say(path: &Path, identity: Identity) -> Result<(), StoreError> {
    let text = toml::to_string(&identity).map_err(|fault| StoreError::Damaged {
        path: path.to_owned(),
        what: fault.to_string().into(),
    })?;
    replace(path, text.as_bytes()).map_err(disk("writing", path))
}

/// Makes a folder that shall be this, without what a making that was cut short left in it.
pub(crate) fn begin(dir: &Path, identity: Identity) -> Result<(), StoreError> {
    make(dir).map_err(disk("creating", dir))?;
    if half(dir).exists() {
        clear(dir)?;
    }
    say(&half(dir), identity)?;
    make(&journal(&identity.home(dir))).map_err(disk("creating", dir))
}

/// Removes what a making has put into a folder, unless that is a register already: its name may stand
/// there although the disk said that it could not be written.
pub(crate) fn clear(dir: &Path) -> Result<(), StoreError> {
    if identity(dir).exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir).map_err(disk("reading", dir))? {
        let entry = entry.map_err(disk("reading", dir))?;
        if is_made(&entry.file_name().to_string_lossy()) && entry.path().is_dir() {
            std::fs::remove_dir_all(entry.path()).map_err(disk("removing", dir))?;
        }
    }
    // Last, since as long as it stands all the rest may be removed.
    match std::fs::remove_file(half(dir)) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => {
            Err(disk("removing", &half(dir))(fault))
        }
        _ => Ok(()),
    }
}

/// The folder is what it was to be: a register from now on.
pub(crate) fn finish(dir: &Path) -> Result<(), StoreError> {
    let path = identity(dir);
    publish(&half(dir), &path).map_err(disk("writing", &path))
}

/// What the folder says it is.
pub(crate) fn read_identity(dir: &Path) -> Result<Identity, StoreError> {
    let path = identity(dir);
    let damaged = |what: Reason| StoreError::Damaged {
        path: path.clone(),
        what,
    };
    let said = |fault: toml::de::Error| damaged(fault.message().to_owned().into());
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            return Err(StoreError::NotFound(dir.to_owned()));
        }
        Err(fault) => return Err(disk("reading", &path)(fault)),
    };
    let format: Format = toml::from_str(&text).map_err(said)?;
    if format.format > FORMAT {
        return Err(StoreError::Newer(format.format));
    }
    let identity: Identity = toml::from_str(&text).map_err(said)?;
    if (identity.format == OPEN) == identity.vault.is_none() {
        Ok(identity)
    } else {
        Err(damaged(Reason::Disagrees))
    }
}

/// Makes a folder, and those above it, for its owner alone.
pub(crate) fn make(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// How to open a file for its owner alone.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file whole or not at all, and has it on the disk.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with(path, |file| file.write_all(bytes))
}

/// The same with a file that is written piece by piece.
pub(crate) fn replace_with(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    publish(&draft(path, write)?, path)
}

/// Writes a file under another name beside its own and has it on the disk; the name.
pub(crate) fn draft(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let draft = path.with_added_extension("new");
    let mut file = private().create(true).truncate(true).open(&draft)?;
    let written = write(&mut file).and_then(|()| file.sync_all());
    if let Err(fault) = written {
        drop(std::fs::remove_file(&draft));
        return Err(fault);
    }
    Ok(draft)
}

/// Gives a draft its name.
pub(crate) fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    std::fs::rename(draft, path)?;
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.map_or(Ok(()), sync)
}

/// Has a folder's entries on the disk, where the system can say so.
pub(crate) fn sync(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

/// Whether a file or a folder of this name is made before a register is one.
fn is_made(name: &str) -> bool {
    const OURS: [&str; 8] = [
        "journal",
        "LOCK",
        "LOCK.holder",
        "id.toml.new",
        "id.toml.half",
        "vault-0001",
        "removed.toml",
        "store.dirty",
    ];
    // A file may have been written under the name of its draft only.
    let whole = name.strip_suffix(".new").unwrap_or(name);
    OURS.contains(&name) || OURS.contains(&whole) || name.starts_with("store-")
}

/// Whether a folder holds nothing but what a creation that was cut short may have left.
pub(crate) fn require_empty(dir: &Path) -> Result<(), StoreError> {
    let full = || {
        let full = io::Error::from(io::ErrorKind::DirectoryNotEmpty);
        disk("creating a register in", dir)(full)
    };
    for entry in std::fs::read_dir(dir).map_err(disk("reading", dir))? {
        let name = entry.map_err(disk("reading", dir))?.file_name();
        if !is_made(&name.to_string_lossy()) {
            return Err(full());
        }
    }
    // A journal without a word of what it shall be is a register's that lost its name.
    let holds = |home: &Path| {
        let files = std::fs::read_dir(journal(home));
        files.is_ok_and(|mut files| files.next().is_some())
    };
    if !half(dir).exists() && (holds(dir) || holds(&vault(dir, 1))) {
        return Err(full());
    }
    Ok(())
}
