//! Checkpoints: every record as it stands after some commit, so that opening replays only the rest.
//!
//! A file `checkpoint/<number>.jcp` of [`Blocks`]: what it says of itself, the commits as they are
//! remembered, then the records, so few a block that one of them costs next to nothing, and at last
//! which of them each block begins with. Opening reads all but the records: they stay on the disk
//! until somebody looks at them ([`Drawers`]).
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

use crate::model::book::Label;
use crate::model::book::Records;
use crate::model::change::Stamp;
use crate::model::ids::Table;
use crate::model::sieve::Sieve;
use crate::store::Entry;
use crate::store::Reason;
use crate::store::StoreError;
use crate::store::blocks;
use crate::store::blocks::Blocks;
use crate::store::blocks::Ink;
use crate::store::blocks::Of;
use crate::store::blocks::Seam;
use crate::store::drawer::Drawers;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::frame::Tag;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::part;
use crate::store::part::Fill;
use crate::store::reach;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::record::Unreadable;
use crate::store::scan::Source;
use crate::store::vault::parts::Parts;
use serde::Deserialize;
use serde::Serialize;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// So many records stand in a block: a screen shows fifty people, each from another block, and is
/// there in a moment.
pub(crate) const ROOM: usize = 64;

/// So many checkpoints are kept.
const KEPT: usize = 2;

/// Where the records begin among the blocks.
pub(crate) const RECORDS: usize = 2;

/// What of each commit is hidden from those who see a part: how many changes it makes, and whether it
/// took a ledger in.
type Kept = Vec<(u64, bool)>;

/// What each block of records begins with, and which assertions lie behind the line.
type Catalogue = (Vec<Label>, Option<Vec<Uuid>>);

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
    /// Where the records lie, if they are not in memory.
    pub(crate) drawers: Option<Arc<Drawers>>,
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
            },
            entries: vec![],
            records: Records::default(),
            sieve: Sieve::default(),
            drawers: None,
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

/// Finds the newest checkpoint that can be believed; `walked` hears how many bytes of the journal
/// below it were compared, and of how many.
pub(crate) fn find(dir: &Path, source: &Source, walked: &mut dyn FnMut(u64, u64)) -> Found {
    let mut known = 0;
    for (number, path) in files(dir) {
        let Ok((blocks, about)) = open(&path, number, source) else {
            continue;
        };
        known = known.max(about.mark.number);
        if let Ok(base) = load(blocks, about, source, walked) {
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

/// Reads a checkpoint but for its records, and the journal below it.
fn load(
    blocks: Blocks,
    about: About,
    source: &Source,
    walked: &mut dyn FnMut(u64, u64),
) -> Result<Checkpoint, Reason> {
    let (entries, (labels, claims)) = frame_of(&blocks)?;
    let last = entries.last().ok_or(Reason::Unmarked)?;
    if !about.reach.holds(source, last.place, walked) {
        return Err(Reason::Elsewhere);
    }
    let drawers = Arc::new(Drawers::of(blocks, labels, source, about.mark));
    Ok(Checkpoint {
        about,
        entries,
        records: drawers.records(),
        sieve: Sieve::of(claims.into_iter().flatten().collect()),
        drawers: Some(drawers),
    })
}

/// What stands before the records of a checkpoint, and what behind them.
fn frame_of(blocks: &Blocks) -> Result<(Vec<Entry>, Catalogue), Reason> {
    let (mut entries, kept): (Vec<Entry>, Option<Kept>) = blocks
        .read(1, record::decode_both)
        .map_err(Reason::Unreadable)?;
    for (entry, kept) in entries.iter_mut().zip(kept.into_iter().flatten()) {
        (entry.changes, entry.is_ledger) = kept;
    }
    let end = blocks.count().saturating_sub(1);
    let catalogue: Catalogue = blocks
        .read(end, record::decode_both)
        .map_err(Reason::Unreadable)?;
    if catalogue.0.len() + RECORDS == end {
        Ok((entries, catalogue))
    } else {
        Err(Reason::Sum)
    }
}

/// Reads a checkpoint with its records, whatever became of the journal below it.
fn load_whole(blocks: &Blocks, about: About) -> Result<Checkpoint, Reason> {
    let (entries, (labels, claims)) = frame_of(blocks)?;
    let parts = blocks.read_all(RECORDS..RECORDS + labels.len(), part::decode);
    let parts = parts.map_err(Reason::Unreadable)?.into_iter();
    let tables = parts.map(|part| (part.table, part.records)).collect();
    Ok(Checkpoint {
        about,
        entries,
        records: Records::of(tables).ok_or(Reason::Sum)?,
        sieve: Sieve::of(claims.into_iter().flatten().collect()),
        drawers: None,
    })
}

/// The newest checkpoint that is whole in itself, whatever became of the journal below it: where
/// that is damaged, it may be all that is left of some commits.
pub(crate) fn newest_whole(dir: &Path, source: &Source) -> Option<Checkpoint> {
    files(dir).iter().find_map(|(number, path)| {
        let (blocks, about) = open(path, *number, source).ok()?;
        let checkpoint = load_whole(&blocks, about).ok()?;
        let number = checkpoint.about.mark.number;
        let counted = mend::count(source, number, &checkpoint.records);
        (counted.as_ref() == Ok(&checkpoint.about.mark)).then_some(checkpoint)
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
        if blocks::is_older(path, Of::Checkpoint(number)).unwrap_or(false) {
            return Ok(());
        }
        let (blocks, about) = open(path, number, source)?;
        let checkpoint = load_whole(&blocks, about)?;
        let about = &checkpoint.about;
        let last = checkpoint.entries.last().ok_or(Reason::Unmarked)?;
        if !about.reach.holds(source, last.place, &mut |_, _| {}) {
            return Err(Reason::Elsewhere);
        }
        let counted = mend::count(source, about.mark.number, &checkpoint.records)?;
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
            ink.block(put_entries(&checkpoint.entries, sieve.is_some()))?;
            let (labels, claims) = put_records(&mut ink, &checkpoint.records, sieve)?;
            ink.block(record::encode_both(&labels, claims.as_ref()))?;
            wrote = ink.end()?;
            Ok(())
        })?;
        let (length, crc) = wrote;
        if std::fs::metadata(&path)?.len() != length
            || reach::checksum(&path, length, &mut |_| {})? != crc
        {
            std::fs::remove_file(&path)?;
            return Err(io::Error::other("it reads back otherwise"));
        }
        prune(dir, number)
    };
    act().map_err(disk("writing", &path))
}

/// The commits as they are remembered.
fn put_entries(entries: &[Entry], is_parted: bool) -> Result<Parts<Vec<u8>>, Unreadable> {
    if !is_parted {
        return record::encode_block(&entries);
    }
    let bare = |entry: &Entry| Entry {
        changes: 0,
        is_ledger: false,
        ..*entry
    };
    let bare: Vec<Entry> = entries.iter().map(bare).collect();
    let kept = entries.iter().map(|entry| (entry.changes, entry.is_ledger));
    record::encode_both(&bare, Some(&kept.collect::<Kept>()))
}

/// Writes the records, block by block.
fn put_records<W: Write>(
    ink: &mut Ink<W>,
    records: &Records,
    sieve: Option<&Sieve>,
) -> io::Result<Catalogue> {
    let (mut labels, mut claims) = (vec![], vec![]);
    for table in Table::ALL {
        let mut fill = Fill::of(table);
        let mut end = |fill: Fill, ink: &mut Ink<W>| {
            let Some(first) = fill.first else {
                return Ok(());
            };
            labels.push(Label { table, first });
            claims.extend_from_slice(&fill.claims);
            ink.block(Ok(fill.parts()))
        };
        records.each_of(table, &mut |id, record| {
            fill.add(id, record, sieve).map_err(io::Error::other)?;
            if fill.records == ROOM {
                end(std::mem::replace(&mut fill, Fill::of(table)), ink)?;
            }
            Ok::<(), io::Error>(())
        })?;
        end(fill, ink)?;
    }
    Ok((labels, (!claims.is_empty()).then_some(claims)))
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
