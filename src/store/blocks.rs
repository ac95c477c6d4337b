//! The file of a checkpoint or of a snapshot: blocks, each behind its own checksum, so that they can
//! be read and written one by one and decoded side by side.
//!
//! ```text
//! file    magic 8, by what it is | block .. | place .. | crc32 of the places | how many, u32
//! place   length of the block u32 | crc32 of its place among the blocks and of the block
//! ```
//!
//! Where the blocks lie stands at the end, so that one of a hundred thousand is found with one read.
//! A file stays open as long as it is read from, whatever becomes of its name.
//!
//! Invariant: a block is handed on only when its checksum agrees; no file, however damaged, does
//! more than fail.

use crate::store::frame;
use crate::store::record::Unreadable;
use crate::store::vault::Spot;
use crate::store::vault::Vault;
use crate::store::vault::parts::Parts;
use crate::store::vault::parts::Plain;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::num::NonZero;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;

/// How long the magic is, a place, and what stands behind the places.
const EIGHT: u64 = 8;

/// What makes sense of a block's plain bytes.
pub(crate) type Decode<T> = fn(&Plain<'_>) -> Result<T, Unreadable>;

/// A file of blocks being written.
pub(crate) struct Ink<W: Write> {
    file: W,
    crc: crc32fast::Hasher,
    length: u64,
    places: Vec<u8>,
    seam: Seam,
}

impl<W: Write> Ink<W> {
    /// Begins a file.
    pub(crate) fn begin(file: W, seam: Seam) -> io::Result<Ink<W>> {
        let mut ink = Ink {
            file,
            crc: crc32fast::Hasher::new(),
            length: 0,
            places: vec![],
            seam,
        };
        ink.put(&ink.seam.of.magic())?;
        Ok(ink)
    }

    /// Adds a block.
    pub(crate) fn block(&mut self, plain: Result<Parts<Vec<u8>>, Unreadable>) -> io::Result<()> {
        let plain = plain.map_err(io::Error::other)?;
        let at = self.places.len() as u64 / EIGHT;
        let sealed = self.seam.vault.seal_parts(self.seam.spot(at), plain);
        let block = sealed.map_err(io::Error::other)?;
        let length = u32::try_from(block.len()).map_err(io::Error::other)?;
        let crc = frame::checksum(at.to_le_bytes(), &block);
        self.places.extend_from_slice(&length.to_le_bytes());
        self.places.extend_from_slice(&crc.to_le_bytes());
        self.put(&block)
    }

    /// Ends the file: how long it is, and the checksum of all of it.
    pub(crate) fn end(mut self) -> io::Result<(u64, u32)> {
        let places = std::mem::take(&mut self.places);
        let count = u32::try_from(places.len() as u64 / EIGHT).map_err(io::Error::other)?;
        self.put(&places)?;
        self.put(&crc32fast::hash(&places).to_le_bytes())?;
        self.put(&count.to_le_bytes())?;
        self.file.flush()?;
        Ok((self.length, self.crc.finalize()))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.crc.update(bytes);
        self.length += bytes.len() as u64;
        self.file.write_all(bytes)
    }
}

/// A file of blocks and where they lie.
pub(crate) struct Blocks {
    file: Mutex<File>,
    places: Vec<Block>,
    seam: Seam,
}

/// What seals the blocks of a file, and what they are bound to.
pub(crate) struct Seam {
    /// What seals them.
    pub(crate) vault: Vault,
    /// What file they belong to.
    pub(crate) of: Of,
}

/// What a file of blocks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// The checkpoint of this commit.
    Checkpoint(u64),
    /// The snapshot of the index.
    Snapshot,
}

impl Of {
    /// What its file begins with.
    fn magic(self) -> [u8; 8] {
        match self {
            Of::Checkpoint(_) => *b"JUMINCK2",
            Of::Snapshot => *b"JUMINIX2",
        }
    }

    /// What it began with when the places stood before the blocks.
    fn older(self) -> [u8; 8] {
        match self {
            Of::Checkpoint(_) => *b"JUMINCKP",
            Of::Snapshot => *b"JUMINIDX",
        }
    }
}

impl Seam {
    fn spot(&self, at: u64) -> Spot<'static> {
        match self.of {
            Of::Checkpoint(checkpoint) => Spot::Block { checkpoint, at },
            Of::Snapshot => Spot::Part(at),
        }
    }
}

struct Block {
    offset: u64,
    length: u32,
    crc: u32,
}

impl Blocks {
    /// Finds the blocks of a file.
    pub(crate) fn open(path: &Path, seam: Seam) -> Result<Blocks, String> {
        let mut file = File::open(path).map_err(|fault| fault.to_string())?;
        let places = find(&mut file, seam.of).map_err(|fault| fault.to_string())?;
        Ok(Blocks {
            places: places.ok_or("it is cut short or something else")?,
            file: Mutex::new(file),
            seam,
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// One block.
    pub(crate) fn read<T>(&self, at: usize, decode: Decode<T>) -> Result<T, String> {
        let bytes = self.bytes(at)?;
        let spot = self.seam.spot(at as u64);
        let plain = self.seam.vault.open_parts(spot, &bytes);
        plain
            .and_then(|plain| decode(&plain))
            .map_err(|fault| format!("block {at}: {fault}"))
    }

    /// Some blocks, decoded side by side.
    pub(crate) fn read_all<T: Send>(
        &self,
        blocks: Range<usize>,
        decode: Decode<T>,
    ) -> Result<Vec<T>, String> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let crew = cores.min(blocks.len());
        let (next, end) = (AtomicUsize::new(blocks.start), blocks.end);
        let (hand, done) = channel();
        let mut parts: Vec<(usize, T)> = std::thread::scope(|scope| {
            for _ in 0..crew {
                let (hand, next) = (hand.clone(), &next);
                scope.spawn(move || self.work((next, end), decode, &hand));
            }
            drop(hand);
            done.into_iter().collect::<Result<_, String>>()
        })?;
        parts.sort_unstable_by_key(|(at, _)| *at);
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// Decodes one block after the other, whichever is next, until there are no more.
    fn work<T>(
        &self,
        (next, end): (&AtomicUsize, usize),
        decode: Decode<T>,
        hand: &Sender<Result<(usize, T), String>>,
    ) {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            // Whoever waited may have had enough.
            if at >= end
                || hand
                    .send(self.read(at, decode).map(|part| (at, part)))
                    .is_err()
            {
                return;
            }
        }
    }

    /// A block as it is stored.
    fn bytes(&self, at: usize) -> Result<Vec<u8>, String> {
        let block = self.places.get(at).ok_or("a block is missing")?;
        let mut bytes = vec![0; block.length as usize];
        // Whoever panicked with the file left nothing in it half done.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(block.offset))
            .and_then(|_| file.read_exact(&mut bytes))
            .map_err(|fault| fault.to_string())?;
        if frame::checksum((at as u64).to_le_bytes(), &bytes) != block.crc {
            return Err(format!("block {at} is damaged"));
        }
        Ok(bytes)
    }
}

/// Whether an earlier program wrote a file, whose blocks lay otherwise.
pub(crate) fn is_older(path: &Path, of: Of) -> io::Result<bool> {
    let mut magic = [0; EIGHT as usize];
    File::open(path)?.read_exact(&mut magic)?;
    Ok(magic == of.older())
}

/// Where the blocks of a file lie, when they and their places fill it to the last byte.
fn find(file: &mut File, of: Of) -> io::Result<Option<Vec<Block>>> {
    let size = file.metadata()?.len();
    let mut magic = [0; EIGHT as usize];
    if size < 2 * EIGHT {
        return Ok(None);
    }
    file.read_exact(&mut magic)?;
    let (mut crc, mut count) = ([0; 4], [0; 4]);
    file.seek(SeekFrom::Start(size - EIGHT))?;
    file.read_exact(&mut crc)?;
    file.read_exact(&mut count)?;
    let length = u64::from(u32::from_le_bytes(count)) * EIGHT;
    let Some(begin) = (size - EIGHT)
        .checked_sub(length)
        .filter(|_| magic == of.magic())
    else {
        return Ok(None);
    };
    let mut table = vec![0; length as usize];
    file.seek(SeekFrom::Start(begin))?;
    file.read_exact(&mut table)?;
    if crc32fast::hash(&table) != u32::from_le_bytes(crc) {
        return Ok(None);
    }
    let mut offset = EIGHT;
    let mut places = Vec::with_capacity(table.len() / EIGHT as usize);
    for place in table.as_chunks::<{ EIGHT as usize }>().0 {
        let [a, b, c, d, crc @ ..] = *place;
        let length = u32::from_le_bytes([a, b, c, d]);
        let crc = u32::from_le_bytes(crc);
        places.push(Block {
            offset,
            length,
            crc,
        });
        offset += u64::from(length);
    }
    Ok((offset == begin).then_some(places))
}
