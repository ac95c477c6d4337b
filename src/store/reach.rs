//! How far a journal is known to be sound, and by which bytes: what a checkpoint stands on.
//!
//! Every byte that was found sound, or was written since, goes into its segment's running checksum.
//! So a later opening tells in one cheap pass that nothing below a checkpoint has changed, without
//! decoding it or following the chain. It happens before anything can be saved and not afterwards:
//! a register whose journal is damaged must be closed to saving before the first save.
//!
//! Invariant: only bytes that followed the chain are noted; a byte that changes afterwards is seen.

use crate::store::frame::Tag;
use crate::store::scan;
use crate::store::scan::Place;
use crate::store::scan::Source;
use serde::Deserialize;
use serde::Serialize;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::path::Path;

/// So much of a file is read at once.
const GULP: usize = 1 << 18;

/// The sound beginning of a journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reach {
    /// Its last commit's number.
    pub(crate) last: u64,
    /// That commit's tag.
    pub(crate) tag: Tag,
    /// Its segments, oldest first.
    spans: Vec<Span>,
}

/// The sound bytes of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Span {
    segment: u64,
    length: u64,
    crc: u32,
}

impl Reach {
    /// Of a journal that has not begun.
    pub(crate) fn nowhere(source: &Source) -> Reach {
        Reach {
            last: 0,
            tag: source.genesis,
            spans: vec![],
        }
    }

    /// Notes bytes of a segment that follow those noted of it before.
    pub(crate) fn extend(&mut self, segment: u64, bytes: &[u8]) {
        let before = self.spans.pop_if(|span| span.segment == segment);
        let (crc, length) = before.map_or((0, 0), |span| (span.crc, span.length));
        let mut hasher = crc32fast::Hasher::new_with_initial_len(crc, length);
        hasher.update(bytes);
        self.spans.push(Span {
            segment,
            length: length + bytes.len() as u64,
            crc: hasher.finalize(),
        });
    }

    /// How many bytes it holds.
    pub(crate) fn size(&self) -> u64 {
        self.spans.iter().map(|span| span.length).sum()
    }

    /// The segment where it ends and the first byte there that is not noted.
    pub(crate) fn end(&self) -> (u64, u64) {
        let last = self.spans.last();
        last.map_or((0, 0), |span| (span.segment, span.length))
    }

    /// Whether the journal still begins with these bytes, and its frame at `last` has this tag;
    /// `walked` hears how many bytes were compared, and of how many.
    pub(crate) fn holds(
        &self,
        source: &Source,
        last: Place,
        walked: &mut dyn FnMut(u64, u64),
    ) -> bool {
        let mut done = 0;
        let mut check = || -> io::Result<bool> {
            let (end, _) = self.end();
            let mut there = scan::files(&source.dir)?;
            there.retain(|(number, _)| *number <= end);
            let numbers = there.iter().map(|(number, _)| *number);
            if !numbers.eq(self.spans.iter().map(|span| span.segment)) {
                return Ok(false);
            }
            for span in &self.spans {
                let path = scan::path(&source.dir, span.segment);
                let whole = std::fs::metadata(&path)?.len();
                let fits = whole == span.length || (span.segment == end && whole > span.length);
                let mut step = |read| {
                    done += read;
                    walked(done, self.size());
                };
                if !fits || checksum(&path, span.length, &mut step)? != span.crc {
                    return Ok(false);
                }
            }
            let mut file = File::open(scan::path(&source.dir, last.segment))?;
            file.seek(io::SeekFrom::Start(last.offset + u64::from(last.length)))?;
            let mut tag = Tag::default();
            file.read_exact(&mut tag)?;
            Ok(tag == self.tag)
        };
        check().unwrap_or(false)
    }
}

/// The checksum of a file's first bytes; `step` hears of each gulp.
pub(crate) fn checksum(path: &Path, length: u64, step: &mut dyn FnMut(u64)) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut rest = File::open(path)?.take(length);
    let mut buffer = vec![0; GULP];
    loop {
        let read = rest.read(&mut buffer)?;
        if read == 0 {
            return Ok(hasher.finalize());
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        step(read as u64);
    }
}
