//! The backups that are made by themselves: where they are kept, which of them go, and what is
//! known of the last.
//!
//! A file `backup.toml` in the register's folder. It belongs to this machine and not to the
//! register's history, and tells nothing about anybody.
//!
//! Invariant: the last backup that was read back is never removed; no file is removed that was not
//! named here.

use crate::model::date::Now;
use crate::store::StoreError;
use crate::store::backup;
use crate::store::backup::Receipt;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::scan;
use crate::store::vault::Key;
use jiff::civil;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use uuid::Uuid;

/// So many days, weeks and months keep their last backup.
const KEPT: [usize; 3] = [7, 4, 12];

/// What is known of a register's backups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Where a backup is made on leaving; nowhere unless a folder is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// The last backup that was made and read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Made>,
    /// The last backup that was restored, or read to its end with the recovery key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<Made>,
}

/// A backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// How many commits it holds.
    pub commits: u64,
    /// The file.
    pub file: PathBuf,
    /// How long the journal was then, in bytes.
    #[serde(default)]
    journal: u64,
}

impl Note {
    /// How many whole days ago the last backup was made, if ever.
    pub fn days(&self, now: Now) -> Option<u64> {
        let last = self.last.as_ref()?;
        Some(now.milliseconds.saturating_sub(last.at) / 86_400_000)
    }
}

fn file(dir: &Path) -> PathBuf {
    dir.join("backup.toml")
}

/// What is known of the backups of a folder. Nothing is, where the file makes no sense.
pub fn note(dir: &Path) -> Note {
    let text = std::fs::read_to_string(file(dir));
    text.ok()
        .and_then(|text| toml::from_str(&text).ok())
        .unwrap_or_default()
}

fn write(dir: &Path, note: &Note) -> Result<(), StoreError> {
    let path = file(dir);
    let text = toml::to_string(note).map_err(io::Error::other);
    text.and_then(|text| folder::replace(&path, text.as_bytes()))
        .map_err(disk("writing", &path))
}

/// Names the folder for the backups that are made on leaving; none to have none made.
pub fn name_folder(dir: &Path, shelf: Option<&Path>) -> Result<(), StoreError> {
    let folder = shelf
        .map(|shelf| std::path::absolute(shelf).map_err(disk("reading", shelf)))
        .transpose()?;
    write(
        dir,
        &Note {
            folder,
            ..note(dir)
        },
    )
}

/// Notes a backup that was made.
pub fn made(dir: &Path, receipt: &Receipt, at: u64) -> Result<(), StoreError> {
    let last = Made {
        at,
        commits: receipt.commits,
        file: receipt.path.clone(),
        journal: journal(dir)?,
    };
    let note = note(dir);
    write(
        dir,
        &Note {
            last: Some(last),
            ..note
        },
    )
}

/// Notes that a backup of this register was read to its end, or restored.
pub fn tried(dir: &Path, path: &Path, commits: u64, at: u64) -> Result<(), StoreError> {
    let tried = Made {
        at,
        commits,
        file: path.to_owned(),
        journal: 0,
    };
    let note = note(dir);
    write(
        dir,
        &Note {
            tried: Some(tried),
            ..note
        },
    )
}

/// How long the journal is.
fn journal(dir: &Path) -> Result<u64, StoreError> {
    let journal = folder::journal(&folder::read_identity(dir)?.home(dir));
    let files = scan::files(&journal).and_then(|files| {
        files
            .iter()
            .map(|(_, path)| Ok(std::fs::metadata(path)?.len()))
            .sum()
    });
    files.map_err(disk("reading", &journal))
}

/// Makes the backup that is due on leaving, if a folder is named and something was saved since the
/// last one; removes those that are no longer kept.
pub fn leave(dir: &Path, key: Option<&Key>, now: Now) -> Result<Option<Receipt>, StoreError> {
    let note = note(dir);
    let Some(shelf) = &note.folder else {
        return Ok(None);
    };
    let size = journal(dir)?;
    let is_there = |made: &Made| made.journal == size && made.file.exists();
    if note.last.as_ref().is_some_and(is_there) {
        return Ok(None);
    }
    into(dir, key, shelf, now).map(Some)
}

/// Makes a backup in a folder that must be there, under a name that tells register and time, and
/// removes those that are no longer kept.
pub fn into(dir: &Path, key: Option<&Key>, shelf: &Path, now: Now) -> Result<Receipt, StoreError> {
    // A folder that is missing may be a stick that is not plugged in: it is not made.
    std::fs::read_dir(shelf).map_err(disk("reading", shelf))?;
    let wrap = backup::usual(dir)?;
    let register = folder::read_identity(dir)?.register;
    let path = shelf.join(name(register, now, wrap == backup::Wrap::Plain));
    let receipt = backup::write(dir, key, &path, &wrap, now.milliseconds)?;
    made(dir, &receipt, now.milliseconds)?;
    let names = std::fs::read_dir(shelf).map_err(disk("reading", shelf))?;
    let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    for spare in spare(&head(register), &names.collect::<Vec<_>>()) {
        let spare = shelf.join(spare);
        if spare != receipt.path {
            std::fs::remove_file(&spare).map_err(disk("removing", &spare))?;
        }
    }
    Ok(receipt)
}

fn head(register: Uuid) -> String {
    let whole = register.simple().to_string();
    let short: String = whole.chars().skip(24).collect();
    format!("jumin-{short}-")
}

fn name(register: Uuid, now: Now, is_plain: bool) -> String {
    let minute = crate::model::date::minute_of(now.milliseconds);
    let digits: String = minute.chars().filter(char::is_ascii_digit).collect();
    let (day, time) = digits.split_at_checked(8).unwrap_or((&digits, ""));
    let second = now.milliseconds / 1_000 % 60;
    let ending = if is_plain { "jsonl" } else { "age" };
    format!("{}{day}-{time}{second:02}.{ending}", head(register))
}

/// Which of these files are backups under this head that need not be kept: neither the last of one
/// of the last days, weeks or months that have any.
pub fn spare<'n>(head: &str, names: &'n [String]) -> Vec<&'n str> {
    let mut ours: Vec<(&str, civil::Date, &str)> = names
        .iter()
        .filter_map(|name| {
            let time = name.strip_prefix(head)?.split_once('.')?.0;
            let day = civil::Date::strptime("%Y%m%d", time.get(..8)?).ok()?;
            Some((time, day, name.as_str()))
        })
        .collect();
    ours.sort_unstable();
    ours.reverse();
    let mut seen: [BTreeSet<(i16, i16)>; 3] = Default::default();
    let mut spare = vec![];
    for (_, day, name) in ours {
        let week = day.iso_week_date();
        let terms = [
            (day.year(), day.day_of_year()),
            (week.year(), i16::from(week.week())),
            (day.year(), i16::from(day.month())),
        ];
        let kept = terms
            .into_iter()
            .zip(KEPT)
            .zip(&mut seen)
            // Every term is noted, whether or not one before it keeps the file.
            .filter(|((term, most), seen)| seen.len() < *most && !seen.contains(term))
            .map(|((term, _), seen)| seen.insert(term))
            .count();
        if kept == 0 {
            spare.push(name);
        }
    }
    spare
}
