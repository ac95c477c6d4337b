//! The ledgers within reach: those in the usual folders, and what a path being typed may become.
//!
//! Invariant: only looks at names and times; no file is opened, and a folder that cannot be read
//! offers nothing.

use std::cmp::Reverse;
use std::fs::Metadata;
use std::path::Path;
use std::path::PathBuf;
use std::path::is_separator;

/// The endings that ledgers have. What a file is, its content says when it is read.
const ENDINGS: [&str; 11] = [
    "xlsx", "xls", "xlsm", "et", "ods", "csv", "tsv", "txt", "html", "htm", "jsonl",
];

/// The folders of a home that ledgers are saved to by browsers, chat programs and people.
const FOLDERS: [&str; 6] = ["Desktop", "桌面", "Downloads", "下载", "Documents", "文档"];

/// How many offers are made at most.
pub const OFFERS: usize = 100;

/// What a typed or dropped path means: without quotes, backslashes before blanks and `file://`, and
/// with the home for `~`.
pub fn meant(typed: &str, home: Option<&Path>) -> PathBuf {
    let text = typed.trim().trim_matches(['"', '\'']);
    let text = text.strip_prefix("file://").unwrap_or(text);
    let text = text.replace("\\ ", " ");
    match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with(is_separator) => {
            home.join(rest.trim_start_matches(is_separator))
        }
        _ => PathBuf::from(text),
    }
}

/// What a typed path may become: inside a folder as soon as one is named, else among the ledgers of
/// the working folder and of the usual folders of a home, the newest first. A folder ends in a
/// separator.
pub fn offers(typed: &str, home: Option<&Path>) -> Vec<String> {
    let typed = typed.trim();
    let cut = typed.rfind(is_separator).map(|at| typed.split_at(at + 1));
    match cut {
        Some((folder, name)) => within(folder, name, home),
        None => recent(typed, home),
    }
}

fn within(folder: &str, name: &str, home: Option<&Path>) -> Vec<String> {
    let mut found: Vec<Found> = entries(&meant(folder, home)).collect();
    found.retain(|one| one.fits(name) && !one.name.starts_with('.'));
    found.sort_by(|a, b| (a.about.is_file(), &a.name).cmp(&(b.about.is_file(), &b.name)));
    found.truncate(OFFERS);
    let path = |one: Found| format!("{folder}{}", one.name);
    found.into_iter().map(path).collect()
}

fn recent(name: &str, home: Option<&Path>) -> Vec<String> {
    let usual = home
        .iter()
        .flat_map(|home| FOLDERS.map(|one| home.join(one)));
    let mut found = Vec::new();
    for folder in std::iter::once(PathBuf::new()).chain(usual) {
        let files = entries(&folder).filter(|one| one.about.is_file() && one.fits(name));
        found.extend(files.map(|one| (one.about.modified().ok(), folder.join(one.name))));
    }
    found.sort_by_key(|(modified, _)| Reverse(*modified));
    found.truncate(OFFERS);
    let paths = found.into_iter().map(|(_, path)| path);
    paths.map(|path| path.display().to_string()).collect()
}

struct Found {
    name: String,
    about: Metadata,
}

impl Found {
    /// Whether a part of the name was typed.
    fn fits(&self, typed: &str) -> bool {
        self.name.to_lowercase().contains(&typed.to_lowercase())
    }
}

/// The folders and the ledgers of a folder; the empty path is the working folder.
fn entries(folder: &Path) -> impl Iterator<Item = Found> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let mut name = entry.file_name().into_string().ok()?;
        let about = std::fs::metadata(entry.path()).ok()?;
        let ending = Path::new(&name).extension().and_then(|one| one.to_str());
        let is_ledger = ending.is_some_and(|one| ENDINGS.contains(&one.to_lowercase().as_str()));
        if about.is_dir() {
            name.push(std::path::MAIN_SEPARATOR);
        } else if !is_ledger || name.starts_with("~$") {
            // Spreadsheet programs leave `~$` files beside what they have open.
            return None;
        }
        Some(Found { name, about })
    })
}
