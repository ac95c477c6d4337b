//! The append-only file of commits: the truth.
//!
//! Segments `journal/NNNNNNNN.jnl`, a new one for every session that saves, so that nothing is ever
//! written behind bytes of an earlier session. A segment whose write or fsync failed is cut back
//! and never written again: after a failed fsync the system may have dropped what it was given.
//!
//! Invariant: `append` returns `Ok` only when the frame and all before it are on the disk; after an
//! error nothing of the frame counts.

use crate::store::StoreError;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::frame;
use crate::store::frame::Header;
use crate::store::reach::Reach;
use crate::store::scan;
use crate::store::scan::Place;
use crate::store::scan::Scan;
use crate::store::scan::Source;
use std::fs::File;
use std::io;
use std::io::Write;

/// A segment that has grown to this is closed.
const FULL: u64 = 64 << 20;

/// The end of the journal, where commits are added.
pub(crate) struct Journal {
    source: Source,
    reach: Reach,
    next_segment: u64,
    live: Option<Live>,
}

/// The segment being written.
struct Live {
    file: File,
    number: u64,
    length: u64,
}

impl Journal {
    /// Goes on where a scan ended.
    pub(crate) fn new(source: Source, scan: &Scan) -> Journal {
        Journal {
            source,
            reach: scan.reach.clone(),
            next_segment: scan.next_segment,
            live: None,
        }
    }

    /// Where the journal is read.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// How far it is on the disk.
    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Puts the next commit's payload on the disk.
    pub(crate) fn append(&mut self, payload: &[u8]) -> Result<Place, StoreError> {
        let number = self.reach.last + 1;
        let Some((bytes, tag)) = frame::encode(&self.reach.tag, number, payload) else {
            let path = self.source.dir.clone();
            let too_large = io::Error::from(io::ErrorKind::FileTooLarge);
            return Err(disk("writing", &path)(too_large));
        };
        let place = match self.live.take() {
            Some(live) => match self.extend(live, &bytes) {
                Ok(place) => place,
                Err(_) => self.begin(&bytes)?,
            },
            None => self.begin(&bytes)?,
        };
        self.reach.last = number;
        self.reach.tag = tag;
        Ok(Place {
            length: payload.len() as u32,
            ..place
        })
    }

    /// Adds a frame to the live segment; on an error cuts it back and gives it up.
    fn extend(&mut self, mut live: Live, bytes: &[u8]) -> io::Result<Place> {
        let start = live.length;
        let written = live
            .file
            .write_all(bytes)
            .and_then(|()| live.file.sync_data());
        if let Err(fault) = written {
            // Should cutting fail too, the next segment's header says where this one ended.
            drop(live.file.set_len(start));
            return Err(fault);
        }
        live.length += bytes.len() as u64;
        self.reach.extend(live.number, bytes);
        let place = place(&live, start);
        self.live = Some(live).filter(|live| live.length < FULL);
        Ok(place)
    }

    /// Begins a segment with a frame; on an error takes the file away again.
    fn begin(&mut self, bytes: &[u8]) -> Result<Place, StoreError> {
        let number = self.next_segment;
        self.next_segment += 1;
        let header = Header {
            format: frame::FORMAT,
            segment: number,
            first: self.reach.last + 1,
            chain: self.reach.tag,
        };
        let path = scan::path(&self.source.dir, number);
        let mut whole = header.encode();
        whole.extend_from_slice(bytes);
        let write = || {
            let mut file = folder::private().create_new(true).open(&path)?;
            file.write_all(&whole)?;
            file.sync_all()?;
            folder::sync(&self.source.dir)?;
            Ok(file)
        };
        let file = write().map_err(|fault| {
            // Should removing fail too, the next segment's header says that nothing counts here.
            drop(std::fs::remove_file(&path));
            disk("writing", &path)(fault)
        })?;
        let live = Live {
            file,
            number,
            length: whole.len() as u64,
        };
        self.reach.extend(number, &whole);
        let place = place(&live, frame::HEADER as u64);
        self.live = Some(live).filter(|live| live.length < FULL);
        Ok(place)
    }
}

fn place(live: &Live, start: u64) -> Place {
    Place {
        segment: live.number,
        offset: start + frame::BEFORE as u64,
        length: 0,
    }
}
