//! What the tables are kept in: sled, behind the few calls that are asked of it.
//!
//! Invariant: sled is named here and nowhere else, and only `store/tables.rs` calls it, on its own
//! thread: it may err, panic or hang.

use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// Opens trees. sled is the one there is; tests put in others that err, panic or hang.
pub trait Engine: Send + Sync {
    /// Opens what is in a folder, or makes it.
    fn open(&self, dir: &Path) -> Result<Box<dyn Trees>, String>;
}

/// Open trees. Errors are words for the worker.
pub trait Trees: Send {
    /// What stands under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String>;
    /// Puts in and takes out (`None`), all of it or nothing.
    fn put(&self, pairs: Vec<Pair>) -> Result<(), String>;
    /// Everything, by key.
    fn scan(&self, each: &mut Visit<'_>) -> Result<(), String>;
    /// Has everything on the disk.
    fn flush(&self) -> Result<(), String>;
}

/// A key and what shall stand there.
pub type Pair = (Vec<u8>, Option<Vec<u8>>);

/// What is done with each key and value of a scan; an error ends it.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> Result<(), String> + 'v;

/// sled 0.34.7, with the settings that were measured.
#[derive(Debug, Clone, Copy)]
pub struct Sled;

/// sled's own lock may outlive its holder for a moment, in a program that was just being started;
/// the folder's lock is ours, so nobody else truly has it.
const LOCK_TRIES: usize = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

struct SledTrees {
    #[expect(
        clippy::disallowed_types,
        reason = "this file is the one that speaks to sled"
    )]
    db: sled::Db,
    dir: PathBuf,
}

impl Engine for Sled {
    fn open(&self, dir: &Path) -> Result<Box<dyn Trees>, String> {
        let config = sled::Config::new()
            .path(dir)
            .mode(sled::Mode::LowSpace)
            .cache_capacity(16 << 20)
            .flush_every_ms(Some(1_000))
            .use_compression(false);
        let mut tries = LOCK_TRIES;
        loop {
            match config.open() {
                Ok(db) => {
                    let dir = dir.to_owned();
                    return Ok(Box::new(SledTrees { db, dir }));
                }
                Err(fault) if tries > 0 && fault.to_string().contains("could not acquire lock") => {
                    tries -= 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                Err(fault) => return Err(fault.to_string()),
            }
        }
    }
}

impl Trees for SledTrees {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let value = self.db.get(key).map_err(|fault| fault.to_string())?;
        Ok(value.map(|value| value.to_vec()))
    }

    fn put(&self, pairs: Vec<Pair>) -> Result<(), String> {
        let mut batch = sled::Batch::default();
        for (key, value) in pairs {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        self.db
            .apply_batch(batch)
            .map_err(|fault| fault.to_string())
    }

    fn scan(&self, each: &mut Visit<'_>) -> Result<(), String> {
        for pair in self.db.iter() {
            let (key, value) = pair.map_err(|fault| fault.to_string())?;
            each(&key, &value)?;
        }
        Ok(())
    }

    fn flush(&self) -> Result<(), String> {
        self.db.flush().map_err(|fault| fault.to_string())?;
        // sled's own flush never reaches the drive on Linux.
        File::open(self.dir.join("db"))
            .and_then(|file| file.sync_all())
            .map_err(|fault| fault.to_string())
    }
}
