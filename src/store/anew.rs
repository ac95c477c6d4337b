//! A journal written anew as a whole: a restored backup, another key, somebody removed for good.
//!
//! Nobody reads it before it is finished and found to say what it shall say, so it is flushed to
//! the disk by segments and not by commits.
//!
//! What of it is hidden from some who have a key is decided anew, by how closely its categories are
//! kept at last.
//!
//! Invariant: what stands when [`Press::finish`] returns is on the disk; a journal that is there
//! already is never written to.

use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::sieve::Sieve;
use crate::store::Reason;
use crate::store::Settings;
use crate::store::StoreError;
use crate::store::checkpoint::Checkpoint;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::frame;
use crate::store::frame::Header;
use crate::store::frame::Tag;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::record;
use crate::store::record::Head;
use crate::store::record::Unreadable;
use crate::store::record::Walk;
use crate::store::scan;
use crate::store::scan::Source;
use crate::store::tables::Site;
use crate::store::tables::Tables;
use crate::store::vault::Spot;
use crate::store::vault::parts::Parts;
use std::fs::File;
use std::io;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

/// A segment that has grown to this is closed.
const FULL: u64 = 64 << 20;

/// Writes a journal.
pub(crate) struct Press {
    source: Source,
    sieve: Sieve,
    mark: Mark,
    before: Tag,
    segment: u64,
    live: Option<(BufWriter<File>, u64)>,
}

impl Press {
    /// Begins a journal where none is. The sieve knows what becomes of the categories.
    pub(crate) fn begin(source: &Source, sieve: Sieve) -> Result<Press, StoreError> {
        let dir = &source.dir;
        folder::make(dir).map_err(disk("creating", dir))?;
        if !scan::files(dir).map_err(disk("reading", dir))?.is_empty() {
            let full = io::Error::from(io::ErrorKind::DirectoryNotEmpty);
            return Err(disk("writing a journal in", dir)(full));
        }
        Ok(Press {
            source: source.clone(),
            sieve,
            mark: Mark::default(),
            before: source.genesis,
            segment: 0,
            live: None,
        })
    }

    /// The mark after the last commit that was put in.
    pub(crate) fn mark(&self) -> Mark {
        self.mark
    }

    /// Puts the next commit in.
    pub(crate) fn put(&mut self, commit: &Commit) -> Result<(), StoreError> {
        let parts = self
            .follow(commit.number, &commit.changes)
            .and_then(|()| record::encode_frame(&self.mark, commit, self.sieve()));
        self.seal(commit.number, parts)
    }

    /// The same as it stands in another frame, without gathering its changes: those of a large
    /// import would take gigabytes. `also` is shown them too.
    pub(crate) fn pour(
        &mut self,
        head: &Head,
        walk: &Walk<'_>,
        also: &mut dyn FnMut(&[Change]) -> Result<(), Unreadable>,
    ) -> Result<(), StoreError> {
        let followed = walk.pieces(&mut |changes| {
            also(changes)?;
            self.follow(head.number, changes)
        });
        let parts =
            followed.and_then(|()| record::encode_walk(&self.mark, head, walk, self.sieve()));
        self.seal(head.number, parts)
    }

    /// Learns from changes that are put in next.
    fn follow(&mut self, number: u64, changes: &[Change]) -> Result<(), Unreadable> {
        let salt = self.source.vault.salt();
        self.mark = self.mark.after(&salt, number, changes)?;
        self.sieve.place(changes);
        Ok(())
    }

    fn sieve(&self) -> Option<&Sieve> {
        self.source.vault.is_parted().then_some(&self.sieve)
    }

    fn seal(
        &mut self,
        number: u64,
        parts: Result<Parts<Vec<u8>>, Unreadable>,
    ) -> Result<(), StoreError> {
        let dir = self.source.dir.clone();
        let sealed = parts.and_then(|parts| {
            let spot = Spot::Frame(number);
            self.source.vault.seal_parts(spot, parts)
        });
        let sealed = sealed.map_err(|fault| StoreError::Damaged {
            path: dir.clone(),
            what: fault.into(),
        })?;
        let frame = frame::around(&self.before, number, &sealed);
        let too_large = || io::Error::from(io::ErrorKind::FileTooLarge);
        let written = frame.ok_or_else(too_large).and_then(|(head, tag)| {
            let parts = [&head[..], &sealed, &tag[..]];
            self.write(number, parts).map(|()| tag)
        });
        self.before = written.map_err(disk("writing", &dir))?;
        Ok(())
    }

    fn write(&mut self, number: u64, frame: [&[u8]; 3]) -> io::Result<()> {
        let (mut file, length) = match self.live.take() {
            Some(live) => live,
            None => self.next_segment(number)?,
        };
        frame.iter().try_for_each(|part| file.write_all(part))?;
        let length = length + frame.iter().map(|part| part.len() as u64).sum::<u64>();
        if length < FULL {
            self.live = Some((file, length));
            return Ok(());
        }
        close(file)
    }

    fn next_segment(&mut self, first: u64) -> io::Result<(BufWriter<File>, u64)> {
        self.segment += 1;
        let header = Header {
            format: frame::FORMAT,
            segment: self.segment,
            first,
            chain: self.before,
        };
        let path = scan::path(&self.source.dir, self.segment);
        let mut file = BufWriter::new(folder::private().create_new(true).open(path)?);
        file.write_all(&header.encode())?;
        Ok((file, frame::HEADER as u64))
    }

    /// Has all of it on the disk; the mark after its last commit.
    pub(crate) fn finish(mut self) -> Result<Mark, StoreError> {
        let dir = &self.source.dir;
        let live = self.live.take();
        live.map_or(Ok(()), |(file, _)| close(file))
            .and_then(|()| folder::sync(dir))
            .map_err(disk("writing", dir))?;
        Ok(self.mark)
    }
}

fn close(file: BufWriter<File>) -> io::Result<()> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// What becomes of a journal's categories, for one that is made of it.
pub(crate) fn foresee(source: &Source) -> Result<Sieve, StoreError> {
    let mut sieve = Sieve::default();
    let start = Reach::nowhere(source);
    mend::commits(source, start, &mut |_, _| {}, &mut |_, _, _, mut walk| {
        walk.try_for_each(|change| {
            sieve.rate([&change?]);
            Ok(())
        })
    })?;
    Ok(sieve)
}

/// Builds the trees that serve a journal, so that the next opening finds them and mends nothing. Where
/// that fails it does: nothing depends on them.
pub(crate) fn serve(home: &Path, source: &Source, mark: &Mark) {
    let usual = Settings::default();
    let site = Site {
        dir: home.to_owned(),
        source: source.clone(),
        engine: usual.engine,
        patience: usual.patience,
    };
    if let Ok(tables) = Tables::start(&site, false) {
        drop(tables.settle(mark.number, true, &mut |_, _| {}));
        tables.close();
    }
}

/// Reads a journal back from the disk: its records, if it is whole and they add up to this mark.
pub(crate) fn verify(source: &Source, wanted: &Mark) -> Result<Book, StoreError> {
    let otherwise = |what: Reason| StoreError::Damaged {
        path: source.dir.clone(),
        what,
    };
    let folded = mend::fold(source, Checkpoint::nothing(source), wanted.number)?;
    if let Some(damage) = folded.scan.damage.first() {
        return Err(otherwise(damage.into()));
    }
    let counted = mend::count(source, wanted.number, &folded.records);
    let counted = counted.map_err(|fault| otherwise(fault.into()))?;
    let differs = folded.mark.differs(wanted);
    match differs.or_else(|| counted.differs(wanted)) {
        Some(what) => Err(otherwise(what)),
        None => Ok(Book::of(folded.records)),
    }
}
