//! Opening: lock, read the journal, look at sled, mend what can be mended, say what was found.
//!
//! Invariant: nothing is cut before sled and the checkpoints have been heard: if they know a commit
//! which the journal lacks, the journal lost one.

use crate::model::book::Book;
use crate::model::book::Records;
use crate::model::role::Role;
use crate::store::Entry;
use crate::store::Notice;
use crate::store::Opened;
use crate::store::Progress;
use crate::store::Reason;
use crate::store::Settings;
use crate::store::Stage;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::checkpoint;
use crate::store::checkpoint::Checkpoint;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::journal::Journal;
use crate::store::keys;
use crate::store::lock;
use crate::store::lock::Lock;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::past::Past;
use crate::store::renew;
use crate::store::scan;
use crate::store::scan::Damage;
use crate::store::scan::Scan;
use crate::store::scan::Tail;
use crate::store::scribe::Scribe;
use crate::store::tables::Found;
use crate::store::tables::Site;
use crate::store::tables::Tables;
use crate::store::vault::Key;
use std::path::Path;

/// Opens a register's folder.
pub(crate) fn open(
    dir: &Path,
    settings: &Settings,
    progress: &mut dyn FnMut(Progress),
) -> Result<Opened, StoreError> {
    let identity = folder::read_identity(dir)?;
    let source = keys::source(dir, identity, settings.key.as_ref())?;
    keys::require_current(dir, identity)?;
    let home = identity.home(dir);
    let lock = lock::take(dir)?;
    if let Lock::Held(_) = lock {
        // What is left of a home that was moved out of is in nobody's way.
        drop(renew::sweep(dir, identity));
    }
    let site = Site {
        dir: home.clone(),
        source: source.clone(),
        engine: settings.engine.clone(),
        patience: settings.patience,
    };
    let mut opening = Opening {
        site,
        notices: vec![],
        known: 0,
        barred: barred(&lock),
    };
    // sled opens while the journal is read.
    let tables = match &opening.barred {
        None => Tables::start(&opening.site, true).map_err(Reason::from),
        Some(why) => Err(why.clone()),
    };
    let base = opening.base(progress);
    let scribe = Scribe::new(&home, &source, settings.due, &base.about);
    let scan = Scan::beyond(base.about.reach.clone(), 1);
    let mut store = Store {
        dir: dir.to_owned(),
        home,
        identity,
        journal: Journal::new(source.clone(), &scan),
        entries: base.entries,
        sieve: base.sieve,
        drawers: base.drawers,
        past: Past::default(),
        mark: base.about.mark,
        stamp: base.about.stamp,
        tables: None,
        scribe,
        waiting: vec![],
        may: settings.key.as_ref().map_or(Role::Manage, Key::role),
        barred: None,
        _lock: lock,
    };
    let read = opening.read(&mut store, base.records, progress);
    if let (Err(_), Ok(tables)) = (&read, &tables) {
        tables.close();
    }
    let (scan, book) = read?;
    store.journal = Journal::new(source, &scan);
    store.tables = opening.judge(&scan, store.mark, tables, progress);
    store.barred = opening.barred;
    Ok(Opened {
        store,
        book,
        notices: opening.notices,
    })
}

/// Why nothing can be saved in a folder that is held so.
fn barred(lock: &Lock) -> Option<Reason> {
    match lock {
        Lock::Held(_) => None,
        Lock::ReadOnly(why) => Some(why.clone()),
    }
}

/// An opening under way.
struct Opening {
    site: Site,
    notices: Vec<Notice>,
    /// The last commit that a checkpoint or sled knows.
    known: u64,
    barred: Option<Reason>,
}

impl Opening {
    /// Finds the checkpoint to begin at.
    fn base(&mut self, progress: &mut dyn FnMut(Progress)) -> Checkpoint {
        let mut walked = |done, total| {
            progress(Progress {
                stage: Stage::Checking,
                done,
                total: Some(total),
            });
        };
        let found = checkpoint::find(&self.site.dir, &self.site.source, &mut walked);
        self.known = found.known;
        found.base
    }

    /// Reads the journal beyond the checkpoint into memory.
    fn read(
        &mut self,
        store: &mut Store,
        mut records: Records,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Scan, Book), StoreError> {
        let mut walked = |done, total| {
            progress(Progress {
                stage: Stage::Journal,
                done,
                total: Some(total),
            });
        };
        let scan = mend::commits(
            &self.site.source,
            store.journal.reach().clone(),
            &mut walked,
            &mut |place, mark, head, walk| {
                walk.is_sound()?;
                store.sieve.claim(walk.claims()?);
                store.entries.push(Entry::new(place, head));
                store.mark = mark;
                store.stamp = head.stamp;
                mend::apply(&mut records, walk)
            },
        )?;
        store.past = Past::of(store.entries.len());
        let book = Book::of(records);
        store.sieve.know(&book);
        Ok((scan, book))
    }

    /// Weighs the journal against sled and brings sled into step, or goes on without it.
    fn judge(
        &mut self,
        scan: &Scan,
        mark: Mark,
        tables: Result<Tables, Reason>,
        progress: &mut dyn FnMut(Progress),
    ) -> Option<Tables> {
        let tables = match tables {
            Ok(tables) => tables,
            Err(why) => {
                self.hurt(scan);
                self.notices.push(Notice::WithoutSled { why });
                return None;
            }
        };
        let found = tables.found();
        let mark_of_sled = found.as_ref().ok().and_then(|found| found.mark);
        self.known = mark_of_sled.map_or(self.known, |mark| mark.number.max(self.known));
        if self.hurt(scan) {
            tables.close();
            return None;
        }
        for tail in &scan.tails {
            if let Err(why) = self.cut(tail) {
                let why = Reason::from(why);
                self.barred = Some(why.clone());
                self.notices.push(Notice::WithoutSled { why });
                tables.close();
                return None;
            }
        }
        if !self.site.source.vault.is_whole() {
            // Whoever does not see all has only asked the trees where they stand.
            tables.close();
            return None;
        }
        self.settle(mark, tables, found, progress)
    }

    /// Whether the journal is damaged, or lacks commits that are known elsewhere; then that is said,
    /// and nothing more is saved.
    fn hurt(&mut self, scan: &Scan) -> bool {
        let mut faults = scan.damage.clone();
        if faults.is_empty() && self.known > scan.reach.last {
            let segment = scan.next_segment.saturating_sub(1).max(1);
            faults.push(Damage {
                path: scan::path(&self.site.source.dir, segment),
                commits: scan.reach.last + 1..=self.known,
            });
        }
        self.notices.extend(faults.iter().map(damage));
        if !faults.is_empty() {
            self.barred.get_or_insert(Reason::Journal);
        }
        !faults.is_empty()
    }

    /// Sets a tail aside and cuts it off.
    fn cut(&mut self, tail: &Tail) -> Result<(), StoreError> {
        let aside = folder::quarantine(&self.site.dir);
        let act = || {
            let bytes = std::fs::read(&tail.path)?;
            let torn = bytes.get(tail.keep as usize..).unwrap_or_default();
            folder::make(&aside)?;
            folder::replace(&name_aside(&aside, &tail.path, torn), torn)?;
            if tail.keep == 0 {
                std::fs::remove_file(&tail.path)?;
                return folder::sync(&self.site.source.dir);
            }
            let file = std::fs::OpenOptions::new().write(true).open(&tail.path)?;
            file.set_len(tail.keep)?;
            file.sync_all()
        };
        act().map_err(disk("cutting the torn end of", &tail.path))?;
        self.notices.push(Notice::TornTail { bytes: tail.bytes });
        Ok(())
    }

    fn settle(
        &mut self,
        mark: Mark,
        tables: Tables,
        found: Result<Found, Reason>,
        progress: &mut dyn FnMut(Progress),
    ) -> Option<Tables> {
        let mut working = |done, total| {
            progress(Progress {
                stage: Stage::Rebuilding,
                done,
                total: Some(total),
            });
        };
        let (tables, why) = match found {
            Ok(found) => (Ok(tables), found.distrust(&mark)),
            Err(why) => {
                drop(tables);
                let again = Tables::start(&self.site, false);
                (again.map_err(Reason::from), Some(why))
            }
        };
        let settled = tables.and_then(|tables| {
            let rebuild = why.is_some() || mark.number == 0;
            let late = tables.settle(mark.number, rebuild, &mut working);
            late.map(|late| (tables, late))
        });
        match settled {
            Ok((tables, late)) => {
                let rebuilt = why.or(late).map(|why| Notice::Rebuilt { why });
                self.notices.extend(rebuilt);
                Some(tables)
            }
            Err(why) => {
                self.notices.push(Notice::WithoutSled { why });
                None
            }
        }
    }
}

impl Found {
    /// Why the trees must be built again, given what the journal says.
    fn distrust(self, journal: &Mark) -> Option<Reason> {
        if journal.number == 0 {
            return None;
        }
        match (self.fault, self.mark) {
            (Some(fault), _) => Some(fault),
            (None, None) => Some(Reason::Missing),
            (None, Some(mark)) if mark.number == journal.number => mark.differs(journal),
            (None, Some(_)) => None,
        }
    }
}

fn damage(damage: &Damage) -> Notice {
    Notice::Damaged {
        commits: damage.words(),
        file: damage.path.display().to_string(),
    }
}

/// A name that no other torn end has, unless it is the same one.
fn name_aside(aside: &Path, segment: &Path, torn: &[u8]) -> std::path::PathBuf {
    let stem = segment
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    aside.join(format!("{stem}-{:08x}.torn", crc32fast::hash(torn)))
}
