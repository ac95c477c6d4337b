//! The snapshot of the index: kept beside the checkpoints, so that what is derived from the records
//! need not be derived again at every opening.
//!
//! It is believed when the journal still has the commit that it was made after, with the same link
//! of the chain, and when the same version of the program wrote it; what was committed since is
//! handed on with it. It can be thrown away at any time, and is never waited for by anyone who saves.
//!
//! Invariant: a snapshot is handed on only with exactly the commits that it lacks.

use crate::model::change::Commit;
use crate::store::Entry;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::blocks::Blocks;
use crate::store::blocks::Ink;
use crate::store::blocks::Of;
use crate::store::blocks::Seam;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::frame::Tag;
use crate::store::record;
use crate::store::scan;
use crate::store::vault::fault::KeyFault;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a snapshot holds which commits are about whom.
pub(crate) const PAST: usize = 1;

/// Where the parts of the index begin.
const PARTS: usize = 2;

/// What a snapshot says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    /// The version of what is in it.
    version: u32,
    /// The program that wrote it.
    program: String,
    /// The commit that it was made after.
    number: u64,
    /// That commit's link of the chain.
    tag: Tag,
}

/// Writes a snapshot part by part.
pub struct Pen<'f>(Ink<BufWriter<&'f mut File>>);

impl Pen<'_> {
    /// Adds a part.
    pub fn part<T: Serialize>(&mut self, part: &T) -> io::Result<()> {
        self.0.block(record::encode_flat(part))
    }
}

/// A snapshot that can be believed.
pub struct Laid {
    blocks: Arc<Blocks>,
    /// The commits that it lacks, oldest first.
    pub since: Vec<Commit>,
}

impl Laid {
    /// A part, counted from 0; `None` when it is missing or damaged.
    pub fn part<T: DeserializeOwned>(&self, at: usize) -> Option<T> {
        self.blocks.read(PARTS + at, record::decode_flat).ok()
    }
}

fn path(home: &Path) -> PathBuf {
    folder::checkpoints(home).join("index.snapshot")
}

impl Store {
    /// Keeps a snapshot of the index as it stands now; not when nothing can be saved. It holds what
    /// is hidden from those who only look, so that they neither keep nor read one.
    pub fn lay_by(
        &self,
        version: u32,
        lay: impl FnOnce(&mut Pen<'_>) -> io::Result<()>,
    ) -> Result<(), StoreError> {
        if let Some(why) = self.bar() {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        if !self.may.alters() {
            return Err(KeyFault::OnlyLooks.into());
        }
        let path = path(&self.home);
        let head = self.head();
        let about = About {
            version,
            program: env!("CARGO_PKG_VERSION").into(),
            number: head.number,
            tag: head.tag,
        };
        let write = |file: &mut File| {
            let mut pen = Pen(Ink::begin(BufWriter::new(file), self.seam())?);
            pen.part(&about)?;
            pen.part(&self.past.all(self.journal.source(), &self.entries))?;
            lay(&mut pen)?;
            pen.0.end().map(drop)
        };
        folder::make(&folder::checkpoints(&self.home))
            .and_then(|()| folder::replace_with(&path, write))
            .map_err(disk("writing", &path))
    }

    /// The snapshot of the index, if there is one that can be believed and that lacks at most so
    /// many changes.
    pub fn laid_by(&mut self, version: u32, most: u64) -> Option<Laid> {
        if self.bar().is_some() || !self.may.alters() {
            return None;
        }
        let blocks = Blocks::open(&path(&self.home), self.seam()).ok()?;
        let about: About = blocks.read(0, record::decode_flat).ok()?;
        if about.version != version || about.program != env!("CARGO_PKG_VERSION") {
            return None;
        }
        let at = self
            .entries
            .iter()
            .position(|entry| entry.number == about.number)?;
        let (entry, since) = (self.entries.get(at)?, self.entries.get(at + 1..)?);
        if scan::tag(self.journal.source(), entry.place).ok()? != about.tag {
            return None;
        }
        let changes: u64 = since.iter().map(|entry| entry.changes).sum();
        if changes > most {
            return None;
        }
        let commits = since.iter().filter(|entry| entry.changes > 0);
        let read = |entry: &Entry| self.read(entry);
        let since = commits.map(read).collect::<Result<_, _>>().ok()?;
        let blocks = Arc::new(blocks);
        self.past.take_up(&blocks, at + 1);
        Some(Laid { blocks, since })
    }

    fn seam(&self) -> Seam {
        Seam {
            vault: self.vault().clone(),
            of: Of::Snapshot,
        }
    }
}
