//! The rules of the house: arrows, keepers, sizes, first lines, no forgotten test.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A room and the rooms it may name; every arrow not drawn here is a never.
const ARROWS: &[(&str, &str)] = &[
    ("model", ""),
    ("words", "model"),
    ("query", "model"),
    ("index", "model query"),
    ("store", "model"),
    ("register", "model query index store"),
    ("exchange", "model"),
    ("demo", "model"),
    ("sync", "model store register"),
    ("app", "model query index"),
    ("ui", "model words query index app"),
    (
        "term",
        "model words query index app ui store register exchange demo sync",
    ),
    (
        "cli",
        "model words query index store register exchange demo sync term",
    ),
];

/// Foreign names and the only rooms that may speak them.
const KEEPERS: &[(&str, &str)] = &[
    ("sled::", "store"),
    ("bincode::", "store"),
    ("crossterm::", "term"),
    ("ratatui::", "ui term"),
    ("clap::", "cli"),
    ("std::fs", "store exchange cli sync"),
    ("std::net", "sync"),
    ("std::time::SystemTime", "term cli"),
    ("std::time::Instant", "term cli"),
    ("fluent_bundle::", "words"),
];

const LONGEST_FILE: usize = 500;

#[test]
fn every_line_knows_its_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = vec![];
    for path in files(&root.join("src")) {
        let name = path
            .strip_prefix(root.join("src"))
            .unwrap()
            .display()
            .to_string();
        check_file(&name, &fs::read_to_string(&path).unwrap(), &mut faults);
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_rules_catch_what_they_forbid() {
    for (name, text, want) in [
        (
            "index.rs",
            "//! a\nuse crate::store::Store;\n",
            "index must never name store",
        ),
        (
            "ui/list.rs",
            "//! a\nuse std::fs;\n",
            "only store exchange cli sync may name std::fs",
        ),
        ("app.rs", "use crate::model;\n", "opens without //!"),
        (
            "app.rs",
            "//! a\nuse crate::{model, ui};\n",
            "one `use crate::room::item` a line",
        ),
        (
            "query/mod.rs",
            "//! a\n",
            "room.rs beside room/, never mod.rs",
        ),
    ] {
        let mut faults = vec![];
        check_file(name, text, &mut faults);
        assert!(
            faults.iter().any(|fault| fault.contains(want)),
            "{name}: {faults:?}"
        );
    }
}

#[test]
fn no_test_file_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let main = fs::read_to_string(root.join("tests/all/main.rs")).unwrap();
    let names = fs::read_dir(root.join("tests/all"))
        .unwrap()
        .map(|e| e.unwrap().path());
    for path in names.filter(|path| path.is_file()) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            stem == "main" || main.contains(&format!("mod {stem};")),
            "{stem}.rs is forgotten"
        );
    }
}

fn check_file(name: &str, text: &str, faults: &mut Vec<String>) {
    let own = name.split(['/', '.']).next().unwrap();
    let mut fault = |line: usize, what: String| faults.push(format!("src/{name}:{line}: {what}"));
    if !text.starts_with("//! ") {
        fault(1, "opens without //!".into());
    }
    if text.lines().count() > LONGEST_FILE {
        fault(LONGEST_FILE + 1, "too long".into());
    }
    if name.ends_with("mod.rs") {
        fault(1, "room.rs beside room/, never mod.rs".into());
    }
    let Some((_, may)) = ARROWS.iter().find(|(room, _)| *room == own) else {
        return;
    };
    for (n, line) in (1..).zip(text.lines().map(|line| line.split("//").next().unwrap())) {
        let climbs =
            line.contains("super::super") || (!name.contains('/') && line.contains("super::"));
        let climbs = climbs && !line.contains("use super::");
        if line.contains("crate::{") || climbs {
            fault(n, "one `use crate::room::item` a line, no climbing".into());
        }
        for (other, _) in ARROWS
            .iter()
            .filter(|(other, _)| *other != own && names(line, other))
        {
            if !may.split(' ').any(|room| room == *other) {
                fault(n, format!("{own} must never name {other}"));
            }
        }
        for (foreign, keepers) in KEEPERS.iter().filter(|(foreign, _)| line.contains(foreign)) {
            if !keepers.split(' ').any(|keeper| keeper == own) {
                fault(n, format!("only {keepers} may name {foreign}"));
            }
        }
    }
}

/// Whether a line names a room: `crate::app::..`, not `crate::apparatus`.
fn names(line: &str, room: &str) -> bool {
    line.split("crate::").skip(1).any(|rest| {
        rest.strip_prefix(room)
            .is_some_and(|tail| !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

fn files(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
