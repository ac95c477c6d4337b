//! Reads the journal from its first byte to its last, and tells what is sound.
//!
//! Invariant: a frame is handed on only when its checksum agrees and it follows the frame before it
//! in the chain, or stands whole behind a damage that is reported. Nothing is altered here.

use crate::store::StoreError;
use crate::store::folder::disk;
use crate::store::frame;
use crate::store::frame::Frame;
use crate::store::frame::Header;
use crate::store::frame::Tag;
use crate::store::reach::Reach;
use crate::store::vault::Vault;
use serde::Deserialize;
use serde::Serialize;
use std::io::Read;
use std::io::Seek;
use std::ops::RangeInclusive;
use std::path::Path;
use std::path::PathBuf;

/// Where to read a journal.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The folder of the segments.
    pub(crate) dir: PathBuf,
    /// What the first frame follows.
    pub(crate) genesis: Tag,
    /// What opens the payloads.
    pub(crate) vault: Vault,
}

/// Where a frame's payload lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The segment.
    pub(crate) segment: u64,
    /// The payload's first byte there.
    pub(crate) offset: u64,
    /// Its length.
    pub(crate) length: u32,
}

/// Bytes behind the last sound frame of a segment that belong to no acknowledged commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tail {
    /// The segment's file.
    pub(crate) path: PathBuf,
    /// How many bytes of it are sound.
    pub(crate) keep: u64,
    /// How many follow.
    pub(crate) bytes: u64,
    /// Whether a later segment proves that nothing was lost here.
    pub(crate) proved: bool,
}

/// Commits that are lost or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Damage {
    /// The segment's file.
    pub(crate) path: PathBuf,
    /// Their numbers.
    pub(crate) commits: RangeInclusive<u64>,
}

impl Damage {
    /// The commits in words: `120`, `120-123`.
    pub(crate) fn words(&self) -> String {
        let (from, to) = (self.commits.start(), self.commits.end());
        if from == to {
            from.to_string()
        } else {
            format!("{from}-{to}")
        }
    }
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = self.path.display();
        write!(f, "commits {} are damaged in {file}", self.words())
    }
}

/// What a journal's bytes came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    /// How far the journal is sound.
    pub(crate) reach: Reach,
    /// The number for the next segment.
    pub(crate) next_segment: u64,
    /// What can be cut.
    pub(crate) tails: Vec<Tail>,
    /// What cannot be mended.
    pub(crate) damage: Vec<Damage>,
}

/// A sound frame, as the scan hands it on.
pub(crate) struct Sound<'a> {
    /// The commit's number.
    pub(crate) number: u64,
    /// Where it lies.
    pub(crate) place: Place,
    /// The payload, still sealed.
    pub(crate) payload: &'a [u8],
}

/// What is done with each sound frame. `Err` says that its payload makes no sense.
pub(crate) type Each<'e> = dyn FnMut(Sound<'_>) -> Result<(), String> + 'e;

struct Segment {
    number: u64,
    path: PathBuf,
    header: Option<Header>,
    /// The first byte that is not known to be sound.
    start: u64,
}

/// Reads all that lies beyond a reach; `walked` hears how many bytes are done, and of how many.
pub(crate) fn scan(
    source: &Source,
    from: Reach,
    walked: &mut dyn FnMut(u64, u64),
    each: &mut Each<'_>,
) -> Result<Scan, StoreError> {
    let (at, start) = from.end();
    let mut segments = segments(&source.dir)?;
    let next_segment = segments.last().map_or(1, |segment| segment.number + 1);
    segments.retain_mut(|segment| {
        if segment.number == at {
            segment.start = start;
        }
        segment.number >= at
    });
    let mut scan = Scan::beyond(from, next_segment);
    let size = |segment: &Segment| std::fs::metadata(&segment.path).map_or(0, |data| data.len());
    let total = segments
        .iter()
        .map(|segment| size(segment).saturating_sub(segment.start))
        .sum();
    let mut done = 0;
    for (at, segment) in segments.iter().enumerate() {
        let bytes = segment.read().map_err(disk("reading", &segment.path))?;
        let next = segments
            .iter()
            .skip(at + 1)
            .find_map(|segment| segment.header);
        if let Some(header) = segment.header.filter(|_| segment.start == 0) {
            scan.enter(header, segment)?;
        }
        scan.walk(segment, &bytes, next, each);
        done += bytes.len() as u64;
        walked(done, total);
    }
    Ok(scan)
}

/// The payload at a place, still sealed.
pub(crate) fn payload(source: &Source, place: Place) -> Result<Vec<u8>, StoreError> {
    let path = path(&source.dir, place.segment);
    let read = || {
        let mut file = std::fs::File::open(&path)?;
        file.seek(std::io::SeekFrom::Start(place.offset))?;
        let mut bytes = vec![0; place.length as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(disk("reading", &path))
}

/// The link of the chain behind the payload at a place.
pub(crate) fn tag(source: &Source, place: Place) -> Result<Tag, StoreError> {
    let path = path(&source.dir, place.segment);
    let read = || {
        let mut file = std::fs::File::open(&path)?;
        file.seek(std::io::SeekFrom::Start(
            place.offset + u64::from(place.length),
        ))?;
        let mut tag = Tag::default();
        file.read_exact(&mut tag)?;
        Ok(tag)
    };
    read().map_err(disk("reading", &path))
}

/// The file of a segment.
pub(crate) fn path(dir: &Path, segment: u64) -> PathBuf {
    dir.join(format!("{segment:08}.jnl"))
}

/// The journal's segments by their files, oldest first.
pub(crate) fn files(dir: &Path) -> std::io::Result<Vec<(u64, PathBuf)>> {
    let mut all = vec![];
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let is_segment = path.extension().is_some_and(|extension| extension == "jnl");
        let number = path
            .file_stem()
            .and_then(|stem| stem.to_str()?.parse().ok());
        if let (true, Some(number)) = (is_segment, number) {
            all.push((number, path));
        }
    }
    all.sort_unstable();
    Ok(all)
}

fn segments(dir: &Path) -> Result<Vec<Segment>, StoreError> {
    let open = |(number, path): (u64, PathBuf)| {
        let header = read_header(&path).map_err(disk("reading", &path))?;
        Ok(Segment {
            number,
            path,
            header,
            start: 0,
        })
    };
    let files = files(dir).map_err(disk("reading", dir))?;
    files.into_iter().map(open).collect()
}

impl Segment {
    /// What is not known to be sound.
    fn read(&self) -> std::io::Result<Vec<u8>> {
        let mut file = std::fs::File::open(&self.path)?;
        file.seek(std::io::SeekFrom::Start(self.start))?;
        let size = file.metadata()?.len().saturating_sub(self.start);
        let mut bytes = Vec::with_capacity(size as usize);
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

fn read_header(path: &Path) -> std::io::Result<Option<Header>> {
    let mut bytes = vec![];
    std::fs::File::open(path)?
        .take(frame::HEADER as u64)
        .read_to_end(&mut bytes)?;
    Ok(Header::decode(&bytes))
}

impl Scan {
    /// Before anything beyond a reach is read.
    pub(crate) fn beyond(reach: Reach, next_segment: u64) -> Scan {
        Scan {
            reach,
            next_segment,
            tails: vec![],
            damage: vec![],
        }
    }

    /// Takes up a segment's own word on where it begins.
    fn enter(&mut self, header: Header, segment: &Segment) -> Result<(), StoreError> {
        if header.format > frame::FORMAT {
            return Err(StoreError::Newer(header.format));
        }
        if self.meets(&header) && header.segment == segment.number {
            return Ok(());
        }
        self.hurt(segment, self.reach.last + 1, header.first.saturating_sub(1));
        if header.first > self.reach.last {
            self.reach.last = header.first - 1;
            self.reach.tag = header.chain;
        }
        Ok(())
    }

    /// Whether a segment begins exactly where the sound frames so far end.
    fn meets(&self, header: &Header) -> bool {
        header.first == self.reach.last + 1 && header.chain == self.reach.tag
    }

    fn walk(&mut self, segment: &Segment, bytes: &[u8], next: Option<Header>, each: &mut Each<'_>) {
        let mut at = if segment.start == 0 { frame::HEADER } else { 0 };
        if segment.header.is_none() && Frame::decode(bytes.get(at..).unwrap_or_default()).is_some()
        {
            // Whole frames stand behind a header that does not check: rot, not a torn start.
            self.hurt(segment, self.reach.last + 1, self.reach.last + 1);
        } else if segment.header.is_none() {
            at = 0;
        }
        while at < bytes.len() {
            if next.is_some_and(|next| self.meets(&next)) {
                self.leave(segment, bytes, at, true);
                return;
            }
            let found = self.here(bytes, at).or_else(|| self.behind(bytes, at));
            let Some((start, found)) = found else {
                match next {
                    Some(next) if next.first > self.reach.last => {
                        self.hurt(segment, self.reach.last + 1, next.first - 1);
                        self.reach.last = next.first - 1;
                        self.reach.tag = next.chain;
                    }
                    Some(_) => self.hurt(segment, self.reach.last + 1, self.reach.last + 1),
                    None => self.leave(segment, bytes, at, false),
                }
                return;
            };
            if start > at {
                self.hurt(segment, self.reach.last + 1, found.number - 1);
            }
            self.accept(segment, start, &found, each);
            at = start + found.size();
        }
        self.reach.extend(segment.number, bytes);
    }

    /// The frame that stands here and follows in the chain.
    fn here<'a>(&self, bytes: &'a [u8], at: usize) -> Option<(usize, Frame<'a>)> {
        let found = Frame::decode(bytes.get(at..)?)?;
        (found.number == self.reach.last + 1 && found.follows(&self.reach.tag))
            .then_some((at, found))
    }

    /// The next whole frame with a later number, behind bytes that make no sense.
    fn behind<'a>(&self, bytes: &'a [u8], at: usize) -> Option<(usize, Frame<'a>)> {
        /// No damage hides more commits than this from one whole frame to the next.
        const FAR: u64 = 1 << 32;
        (at + 1..bytes.len()).find_map(|start| {
            let rest = bytes.get(start..)?;
            let claimed = Frame::claims(rest)?;
            if claimed <= self.reach.last || claimed - self.reach.last > FAR {
                return None;
            }
            Frame::decode(rest).map(|found| (start, found))
        })
    }

    fn accept(&mut self, segment: &Segment, start: usize, found: &Frame<'_>, each: &mut Each<'_>) {
        self.reach.last = found.number;
        self.reach.tag = found.tag;
        let sound = Sound {
            number: found.number,
            place: Place {
                segment: segment.number,
                offset: segment.start + (start + frame::BEFORE) as u64,
                length: found.payload.len() as u32,
            },
            payload: found.payload,
        };
        if each(sound).is_err() {
            self.hurt(segment, found.number, found.number);
        }
    }

    fn leave(&mut self, segment: &Segment, bytes: &[u8], keep: usize, proved: bool) {
        let keep = keep.min(bytes.len());
        if let Some(sound) = bytes.get(..keep).filter(|sound| !sound.is_empty()) {
            self.reach.extend(segment.number, sound);
        }
        self.tails.push(Tail {
            path: segment.path.clone(),
            keep: segment.start + keep as u64,
            bytes: (bytes.len() - keep) as u64,
            proved,
        });
    }

    fn hurt(&mut self, segment: &Segment, from: u64, to: u64) {
        self.damage.push(Damage {
            path: segment.path.clone(),
            commits: from..=to.max(from),
        });
    }
}
