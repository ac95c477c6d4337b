//! What this computer last saw of each register, kept outside of it: an older copy that is put back
//! in its place, or one that went another way, is told.
//!
//! It proves nothing where this memory is gone, or was put back too; what a sheet of paper proves is
//! in [`crate::store::Head`]. Only random ids and links of the chain stand in it.
//!
//! Invariant: a register that goes on from what was seen is never told.

use crate::store::Notice;
use crate::store::Store;
use crate::store::folder;
use serde::Deserialize;
use serde::Serialize;
use std::path::Path;
use std::path::PathBuf;

/// What was seen of a copy of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// How often it had been given new keys: its chain begins anew each time.
    vault: u32,
    /// Where its chain stood.
    head: String,
}

/// Where what is seen of a register is noted, and whether it goes on from what was seen before.
#[derive(Debug)]
pub struct Witness {
    path: PathBuf,
    /// The last commit when the register was opened, where it does not go on from what was seen.
    strayed: Option<u64>,
}

impl Store {
    /// What was seen of this register before, by what stands in a folder of this computer's; a notice
    /// when this is older, or went another way.
    pub fn witness(&self, folder: &Path) -> (Witness, Option<Notice>) {
        let name = format!("{}.toml", self.replica().0.simple());
        let path = folder.join(name);
        let seen = std::fs::read_to_string(&path).ok();
        let seen: Option<Seen> = seen.and_then(|text| toml::from_str(&text).ok());
        let (last, _) = self.last();
        let strayed = seen.filter(|seen| !self.is_barred() && !self.goes_on_from(seen));
        let notice = strayed.as_ref().map(|seen| {
            let number = seen.head.split('-').next();
            Notice::Older {
                seen: number.and_then(|one| one.parse().ok()).unwrap_or(0),
                last,
            }
        });
        let strayed = strayed.map(|_| last);
        (Witness { path, strayed }, notice)
    }

    fn goes_on_from(&self, seen: &Seen) -> bool {
        let vault = self.identity.vault.unwrap_or(0);
        vault > seen.vault || vault == seen.vault && self.has_passed(&seen.head).unwrap_or(true)
    }

    /// Notes what is seen now. A register that was told to be older is noted only when somebody has
    /// worked in it: until then it is told every time.
    pub fn note(&self, witness: &Witness) {
        let (last, _) = self.last();
        if self.is_barred() || last == 0 || witness.strayed.is_some_and(|then| then == last) {
            return;
        }
        let seen = Seen {
            vault: self.identity.vault.unwrap_or(0),
            head: self.head().to_string(),
        };
        let known = std::fs::read_to_string(&witness.path).ok();
        if known.and_then(|text| toml::from_str(&text).ok()) == Some(seen.clone()) {
            return;
        }
        let text = toml::to_string(&seen).unwrap_or_default();
        let folder = witness.path.parent().unwrap_or(Path::new("."));
        // It is a help and no more: the register itself is whole without it.
        drop(folder::make(folder).and_then(|()| folder::replace(&witness.path, text.as_bytes())));
    }
}
