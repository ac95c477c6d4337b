//! The file of a checkpoint or of a snapshot: blocks, each behind its own checksum, so that they can
//! be read and written one by one and decoded side by side.
//!
//! ```text
//! file    magic 8, by what it is | block | block ..
//! block   payload length u32 | crc32 of its place among the blocks and the payload | payload
//! ```
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
use std::io::BufReader;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;

/// What stands before a payload.
const BEFORE: u64 = 8;

/// What makes sense of a block's plain bytes.
pub(crate) type Decode<T> = fn(&Plain<'_>) -> Result<T, Unreadable>;

/// A file of blocks being written.
pub(crate) struct Ink<W: Write> {
    file: W,
    crc: crc32fast::Hasher,
    length: u64,
    blocks: u64,
    seam: Seam,
}

impl<W: Write> Ink<W> {
    /// Begins a file.
    pub(crate) fn begin(file: W, seam: Seam) -> io::Result<Ink<W>> {
        let mut ink = Ink {
            file,
            crc: crc32fast::Hasher::new(),
            length: 0,
            blocks: 0,
            seam,
        };
        ink.put(&ink.seam.of.magic())?;
        Ok(ink)
    }

    /// Adds a block.
    pub(crate) fn block(&mut self, plain: Result<Parts<Vec<u8>>, Unreadable>) -> io::Result<()> {
        let plain = plain.map_err(io::Error::other)?;
        let spot = self.seam.spot(self.blocks);
        let payload = self.seam.vault.seal_parts(spot, plain);
        let payload = payload.map_err(io::Error::other)?;
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        let crc = frame::checksum(self.blocks.to_le_bytes(), &payload);
        self.blocks += 1;
        self.put(&length.to_le_bytes())?;
        self.put(&crc.to_le_bytes())?;
        self.put(&payload)
    }

    /// Ends the file: how long it is, and the checksum of all of it.
    pub(crate) fn end(mut self) -> io::Result<(u64, u32)> {
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
    path: PathBuf,
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
        let places = find(path, seam.of).map_err(|fault| fault.to_string())?;
        Ok(Blocks {
            path: path.to_owned(),
            places: places.ok_or("it is cut short or something else")?,
            seam,
        })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// One block.
    pub(crate) fn read<T>(&self, at: usize, decode: Decode<T>) -> Result<T, String> {
        let mut file = File::open(&self.path).map_err(|fault| fault.to_string())?;
        self.read_from(&mut file, at, &mut vec![], decode)
    }

    /// All blocks from one on, decoded side by side; `walked` hears how many are done.
    pub(crate) fn read_all<T: Send>(
        &self,
        from: usize,
        decode: Decode<T>,
        walked: &mut dyn FnMut(u64, u64),
    ) -> Result<Vec<T>, String> {
        let total = self.count().saturating_sub(from);
        let crew = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(total));
        let next = AtomicUsize::new(from);
        let (hand, done) = channel();
        let mut parts: Vec<(usize, T)> = std::thread::scope(|scope| {
            for _ in 0..crew {
                let (hand, next) = (hand.clone(), &next);
                scope.spawn(move || self.work(next, decode, &hand));
            }
            drop(hand);
            let mut ready = 0;
            let each = done.into_iter().inspect(|_| {
                ready += 1;
                walked(ready, total as u64);
            });
            each.collect::<Result<_, String>>()
        })?;
        parts.sort_unstable_by_key(|(at, _)| *at);
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// Decodes one block after the other, whichever is next, until there are no more.
    fn work<T>(
        &self,
        next: &AtomicUsize,
        decode: Decode<T>,
        hand: &Sender<Result<(usize, T), String>>,
    ) {
        let mut file = File::open(&self.path);
        let mut buffer = vec![];
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= self.count() {
                return;
            }
            let part = match &mut file {
                Ok(file) => self.read_from(file, at, &mut buffer, decode),
                Err(fault) => Err(fault.to_string()),
            };
            // Whoever waited may have had enough.
            if hand.send(part.map(|part| (at, part))).is_err() {
                return;
            }
        }
    }

    fn read_from<T>(
        &self,
        file: &mut File,
        at: usize,
        buffer: &mut Vec<u8>,
        decode: Decode<T>,
    ) -> Result<T, String> {
        let block = self.places.get(at).ok_or("a block is missing")?;
        buffer.resize(block.length as usize, 0);
        file.seek(SeekFrom::Start(block.offset))
            .and_then(|_| file.read_exact(buffer))
            .map_err(|fault| fault.to_string())?;
        if frame::checksum((at as u64).to_le_bytes(), buffer) != block.crc {
            return Err(format!("block {at} is damaged"));
        }
        let plain = self
            .seam
            .vault
            .open_parts(self.seam.spot(at as u64), buffer);
        plain
            .and_then(|plain| decode(&plain))
            .map_err(|fault| format!("block {at}: {fault}"))
    }
}

/// Where the blocks of a file lie, when they fill it to the last byte.
fn find(path: &Path, of: Of) -> io::Result<Option<Vec<Block>>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut file = BufReader::with_capacity(64, file);
    let mut magic = [0; 8];
    if size < BEFORE {
        return Ok(None);
    }
    file.read_exact(&mut magic)?;
    let mut offset = BEFORE;
    let mut places = vec![];
    while size - offset >= BEFORE {
        let (mut length, mut crc) = ([0; 4], [0; 4]);
        file.read_exact(&mut length)?;
        file.read_exact(&mut crc)?;
        let block = Block {
            offset: offset + BEFORE,
            length: u32::from_le_bytes(length),
            crc: u32::from_le_bytes(crc),
        };
        offset = block.offset + u64::from(block.length);
        if offset > size {
            return Ok(None);
        }
        file.seek_relative(i64::from(block.length))?;
        places.push(block);
    }
    Ok((offset == size && magic == of.magic()).then_some(places))
}
