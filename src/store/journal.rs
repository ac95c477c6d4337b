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
        let Some((head, tag)) = frame::around(&self.reach.tag, number, payload) else {
            let path = self.source.dir.clone();
            let too_large = io::Error::from(io::ErrorKind::FileTooLarge);
            return Err(disk("writing", &path)(too_large));
        };
        // A large import's payload is a gigabyte: it is written from where it stands.
        let frame = [&head[..], payload, &tag[..]];
        let place = match self.live.take() {
            Some(live) => match self.extend(live, frame) {
                Ok(place) => place,
                Err(_) => self.begin(frame)?,
            },
            None => self.begin(frame)?,
        };
        self.reach.last = number;
        self.reach.tag = tag;
        Ok(Place {
            length: payload.len() as u32,
            ..place
        })
    }

    /// Adds a frame to the live segment; on an error cuts it back and gives it up.
    fn extend(&mut self, mut live: Live, frame: [&[u8]; 3]) -> io::Result<Place> {
        let start = live.length;
        let mut parts = frame.iter();
        let written = parts
            .try_for_each(|part| live.file.write_all(part))
            .and_then(|()| live.file.sync_data());
        if let Err(fault) = written {
            // Should cutting fail too, the next segment's header says where this one ended.
            drop(live.file.set_len(start));
            return Err(fault);
        }
        self.note(&mut live, &frame);
        let place = place(&live, start);
        self.live = Some(live).filter(|live| live.length < FULL);
        Ok(place)
    }

    /// Begins a segment with a frame; on an error takes the file away again.
    fn begin(&mut self, frame: [&[u8]; 3]) -> Result<Place, StoreError> {
        let number = self.next_segment;
        self.next_segment += 1;
        let header = Header {
            format: frame::FORMAT,
            segment: number,
            first: self.reach.last + 1,
            chain: self.reach.tag,
        };
        let path = scan::path(&self.source.dir, number);
        let header = header.encode();
        let [head, payload, tag] = frame;
        let whole = [&header, head, payload, tag];
        let write = || {
            let mut file = folder::private().create_new(true).open(&path)?;
            whole.iter().try_for_each(|part| file.write_all(part))?;
            file.sync_all()?;
            folder::sync(&self.source.dir)?;
            Ok(file)
        };
        let file = write().map_err(|fault| {
            // Should removing fail too, the next segment's header says that nothing counts here.
            drop(std::fs::remove_file(&path));
            disk("writing", &path)(fault)
        })?;
        let mut live = Live {
            file,
            number,
            length: 0,
        };
        self.note(&mut live, &whole);
        let place = place(&live, frame::HEADER as u64);
        self.live = Some(live).filter(|live| live.length < FULL);
        Ok(place)
    }

    /// Notes what is on the disk now.
    fn note(&mut self, live: &mut Live, parts: &[&[u8]]) {
        for part in parts {
            live.length += part.len() as u64;
            self.reach.extend(live.number, part);
        }
    }
}

fn place(live: &Live, start: u64) -> Place {
    Place {
        segment: live.number,
        offset: start + frame::BEFORE as u64,
        length: 0,
    }
}
