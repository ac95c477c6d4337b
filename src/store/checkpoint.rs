//! Checkpoints: every record as it stands after some commit, so that opening replays only the rest.
//!
//! A file `checkpoint/<number>.jcp` of [`Blocks`]: what it says of itself, the commits as they are
//! remembered, then the records, so many a block and whole, so that nothing is folded.
//!
//! Whoever lacks the second data key begins at one too, with what is open of it, but writes none: it
//! would lack the rest.
//!
//! A checkpoint is no truth of its own. It is believed when it is whole, is this register's, and
//! the journal still holds, byte for byte, what it held when the checkpoint was made (see
//! [`Reach`]); otherwise the one before it is tried, and at last the whole journal is read, which
//! names what is damaged in it. One that is whole and knows a commit that the journal lacks proves
//! that the journal lost it.
//!
//! Invariant: opening with a checkpoint and without one gives the same records and entries.

use crate::model::book::Records;
use crate::model::change::Stamp;
use crate::model::ids::Table;
use crate::model::sieve::Sieve;
use crate::store::Entry;
use crate::store::Reason;
use crate::store::StoreError;
use crate::store::blocks::Blocks;
use crate::store::blocks::Ink;
use crate::store::blocks::Of;
use crate::store::blocks::Seam;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::frame::Tag;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::part;
use crate::store::part::Part;
use crate::store::reach;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::scan::Source;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde::Serialize;
use std::io;
use std::io::BufWriter;
use std::path::Path;
use std::path::PathBuf;

/// So many records stand in a block.
const ROOM: usize = 4_096;

/// So many checkpoints are kept.
const KEPT: usize = 2;

/// Where the records begin among the blocks.
const RECORDS: usize = 2;

/// What a checkpoint says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// What the register's first frame follows: whose checkpoint it is.
    pub(crate) genesis: Tag,
    /// The last commit's mark.
    pub(crate) mark: Mark,
    /// Its stamp.
    pub(crate) stamp: Stamp,
    /// The journal up to it.
    pub(crate) reach: Reach,
    /// How many records follow.
    pub(crate) records: u64,
}

/// A register after some commit.
pub(crate) struct Checkpoint {
    /// Where it stands.
    pub(crate) about: About,
    /// The commits up to there.
    pub(crate) entries: Vec<Entry>,
    /// The records.
    pub(crate) records: Records,
    /// Which assertions lie behind the line.
    pub(crate) sieve: Sieve,
}

/// What a look at the checkpoints gives.
pub(crate) struct Found {
    /// The newest that can be believed, or the one before all commits.
    pub(crate) base: Checkpoint,
    /// The last commit that any of them knows.
    pub(crate) known: u64,
}

impl Checkpoint {
    /// Before the first commit.
    pub(crate) fn nothing(source: &Source) -> Checkpoint {
        Checkpoint {
            about: About {
                genesis: source.genesis,
                mark: Mark::default(),
                stamp: Stamp::default(),
                reach: Reach::nowhere(source),
                records: 0,
            },
            entries: vec![],
            records: Records::default(),
            sieve: Sieve::default(),
        }
    }
}

/// The checkpoints' files, newest first, and the commits that they are named by.
fn files(dir: &Path) -> Vec<(u64, PathBuf)> {
    let mut all: Vec<_> = with_extension(dir, "jcp")
        .filter_map(|path| Some((path.file_stem()?.to_str()?.parse().ok()?, path)))
        .collect();
    all.sort_unstable();
    all.reverse();
    all
}

fn with_extension(dir: &Path, wanted: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder::checkpoints(dir));
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(move |path| path.extension().is_some_and(|there| there == wanted))
}

/// Finds the newest checkpoint that can be believed; `walked` hears how many of its blocks are
/// read, and of how many.
pub(crate) fn find(dir: &Path, source: &Source, walked: &mut dyn FnMut(u64, u64)) -> Found {
    let mut known = 0;
    for (number, path) in files(dir) {
        let Ok((blocks, about)) = open(&path, number, source) else {
            continue;
        };
        known = known.max(about.mark.number);
        if let Ok(base) = load(&blocks, about, source, walked) {
            return Found { base, known };
        }
    }
    Found {
        base: Checkpoint::nothing(source),
        known,
    }
}

/// Opens a checkpoint as far as its word about itself.
fn open(path: &Path, number: u64, source: &Source) -> Result<(Blocks, About), Reason> {
    let blocks = Blocks::open(path, seam(source, number)).map_err(Reason::Unreadable)?;
    let about: About = blocks
        .read(0, record::decode_block)
        .map_err(Reason::Unreadable)?;
    if about.genesis == source.genesis {
        Ok((blocks, about))
    } else {
        Err(Reason::Foreign)
    }
}

fn seam(source: &Source, checkpoint: u64) -> Seam {
    let vault = source.vault.clone();
    Seam {
        vault,
        of: Of::Checkpoint(checkpoint),
    }
}

/// Reads a checkpoint and, at the same time, the journal below it.
fn load(
    blocks: &Blocks,
    about: About,
    source: &Source,
    walked: &mut dyn FnMut(u64, u64),
) -> Result<Checkpoint, Reason> {
    let entries: Vec<Entry> = blocks
        .read(1, record::decode_block)
        .map_err(Reason::Unreadable)?;
    let last = entries.last().ok_or(Reason::Unmarked)?;
    let parts: Vec<Part> = std::thread::scope(|scope| {
        let holds = scope.spawn(|| about.reach.holds(source, last.place));
        let parts = blocks.read_all(RECORDS, part::decode, walked);
        match holds.join() {
            Ok(true) => parts.map_err(Reason::Unreadable),
            Ok(false) | Err(_) => Err(Reason::Elsewhere),
        }
    })?;
    let total: usize = parts.iter().map(|part| part.records.len()).sum();
    let (records, sieve) = sorted(parts).ok_or(Reason::Sum)?;
    if total as u64 != about.records && source.vault.is_whole() {
        return Err(Reason::Sum);
    }
    Ok(Checkpoint {
        about,
        entries,
        records,
        sieve,
    })
}

/// The records of all blocks.
fn sorted(parts: Vec<Part>) -> Option<(Records, Sieve)> {
    let mut claims = FxHashSet::default();
    let mut tables = Vec::with_capacity(parts.len());
    for part in parts {
        claims.extend(part.claims);
        tables.push((part.table, part.records));
    }
    Some((Records::of(tables)?, Sieve::of(claims)))
}

/// Whether an earlier program wrote it: it is passed over, and the journal read instead.
fn is_older(blocks: &Blocks) -> bool {
    blocks.count() > RECORDS
        && blocks.read(RECORDS, |plain| Ok(record::is_older(plain))) == Ok(true)
}

/// The newest checkpoint that is whole in itself, whatever became of the journal below it: where
/// that is damaged, it may be all that is left of some commits.
pub(crate) fn newest_whole(dir: &Path, source: &Source) -> Option<Checkpoint> {
    files(dir).iter().find_map(|(number, path)| {
        let (blocks, about) = open(path, *number, source).ok()?;
        let entries = blocks.read(1, record::decode_block).ok()?;
        let parts = blocks.read_all(RECORDS, part::decode, &mut |_, _| {});
        let (records, sieve) = sorted(parts.ok()?)?;
        let counted = mend::count(source, about.mark.number, &records);
        (counted.as_ref() == Ok(&about.mark)).then_some(Checkpoint {
            about,
            entries,
            records,
            sieve,
        })
    })
}

/// What is wrong with any of the checkpoints: each must be whole, stand on this journal, and add up
/// to the mark that the journal gives its commit, unless an earlier program wrote it.
pub(crate) fn check(
    dir: &Path,
    source: &Source,
    mark_at: &dyn Fn(&Entry) -> Result<Mark, StoreError>,
) -> Option<Reason> {
    let fault = |number: u64, path: &Path| -> Result<(), Reason> {
        let (blocks, about) = open(path, number, source)?;
        if is_older(&blocks) {
            return Ok(());
        }
        let checkpoint = load(&blocks, about, source, &mut |_, _| {})?;
        let about = &checkpoint.about;
        let counted = mend::count(source, about.mark.number, &checkpoint.records)?;
        let last = checkpoint.entries.last().ok_or(Reason::Unmarked)?;
        let stands = mark_at(last)?;
        let differs = counted.differs(&stands);
        differs
            .or_else(|| about.mark.differs(&stands))
            .map_or(Ok(()), Err)
    };
    files(dir).iter().find_map(|(number, path)| {
        let why = fault(*number, path).err()?;
        Some(Reason::Checkpoint(*number, Box::new(why)))
    })
}

/// Puts a checkpoint on the disk, reads it back, and throws away what is older than the one before.
pub(crate) fn write(
    dir: &Path,
    source: &Source,
    checkpoint: &Checkpoint,
) -> Result<(), StoreError> {
    let home = folder::checkpoints(dir);
    let number = checkpoint.about.mark.number;
    let path = home.join(format!("{number:012}.jcp"));
    let sieve = source.vault.is_parted().then_some(&checkpoint.sieve);
    let act = || {
        folder::make(&home)?;
        let mut wrote = (0, 0);
        folder::replace_with(&path, |file| {
            let mut ink = Ink::begin(BufWriter::new(file), seam(source, number))?;
            ink.block(record::encode_block(&checkpoint.about))?;
            ink.block(record::encode_block(&checkpoint.entries))?;
            for table in Table::ALL {
                let mut records = checkpoint.records.of_table(table).peekable();
                while records.peek().is_some() {
                    let some = records.by_ref().take(ROOM);
                    ink.block(part::encode(table, some, sieve))?;
                }
            }
            wrote = ink.end()?;
            Ok(())
        })?;
        let (length, crc) = wrote;
        if std::fs::metadata(&path)?.len() != length || reach::checksum(&path, length)? != crc {
            std::fs::remove_file(&path)?;
            return Err(io::Error::other("it reads back otherwise"));
        }
        prune(dir, number)
    };
    act().map_err(disk("writing", &path))
}

/// Keeps this checkpoint and the one before it, no half-written ones, and none that is named by a
/// later commit: it cannot be whole, or it would have barred the register.
fn prune(dir: &Path, newest: u64) -> io::Result<()> {
    let (later, kept): (Vec<_>, Vec<_>) = files(dir)
        .into_iter()
        .partition(|(number, _)| *number > newest);
    let old = kept.into_iter().skip(KEPT).chain(later);
    // A snapshot of the index may be half-written there too, by another thread and just now.
    let halves = with_extension(dir, "new").filter(|path| {
        let whole = path.with_extension("");
        whole.extension().is_some_and(|of| of == "jcp")
    });
    old.map(|(_, path)| path)
        .chain(halves)
        .try_for_each(std::fs::remove_file)
}
