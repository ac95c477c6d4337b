//! A writer killed at random moments, a full disk, a folder that cannot be written.
//!
//! The writer is this test binary, run again with `JUMIN_WRITER` naming the register's folder; with
//! `JUMIN_EAGER` it writes checkpoints all the time, so that kills strike there too.

use crate::rig::asked;
use crate::store::START;
use crate::store::assert_clean;
use crate::store::assert_whole;
use crate::store::create;
use crate::store::home;
use crate::store::newcomers;
use crate::store::open;
use crate::store::open_with_checkpoints;
use jumin::model::change::Act;
use jumin::store::Notice;
use jumin::store::StoreError;
use std::collections::BTreeSet;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

/// Kills of the harness, or `JUMIN_KILLS`, shared by two registers at a time.
const KILLS: u64 = 210;

/// A register is begun anew after so many kills, so that checking it stays quick.
const KILLS_EACH: u64 = 15;

fn say(words: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}").unwrap();
    out.flush().unwrap();
}

/// What the harness kills: acts without end, each acknowledged once it is saved.
#[test]
pub fn writer() {
    let Ok(dir) = std::env::var("JUMIN_WRITER") else {
        return;
    };
    say("\nbegun");
    let mut store = if std::env::var_os("JUMIN_EAGER").is_some() {
        open_with_checkpoints(Path::new(&dir), 1).store
    } else {
        open(Path::new(&dir)).store
    };
    for turn in 0.. {
        let people = match turn % 8 {
            7 => 250,
            3 => 60,
            _ => 1,
        };
        let mut next = newcomers(&store, people);
        next.act = Act::Import {
            file: "ledger.csv".into(),
            new: people as u64,
            updated: 0,
        };
        store.append(&next).unwrap();
        say(&format!("ack {} {}", next.number, next.id.0));
    }
}

/// Runs one of this file's tests as a program of its own.
fn again(test: &str, variable: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([&format!("store::crash::{test}"), "--exact", "--nocapture"])
        .env(variable, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Lets a writer run for a while, kills it, and returns what it acknowledged.
fn run_and_kill(dir: &Path, is_eager: bool, chance: &mut fastrand::Rng) -> Vec<(u64, String)> {
    let mut writer = again("writer", "JUMIN_WRITER", dir);
    if is_eager {
        writer.env("JUMIN_EAGER", "1");
    }
    let mut child: Child = writer.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter(|line| line == "begun" || line.starts_with("ack "));
    // Some are killed while they open, most while they save.
    let seen: Vec<String> = lines.by_ref().take(chance.usize(1..17)).collect();
    std::thread::sleep(Duration::from_micros(chance.u64(0..12_000)));
    child.kill().unwrap();
    child.wait().unwrap();
    seen.into_iter()
        .chain(lines)
        .filter_map(|line| {
            let (number, id) = line.strip_prefix("ack ")?.split_once(' ')?;
            // A line that the kill cut short is no acknowledgement that anyone read.
            (id.len() == 36).then(|| (number.parse().unwrap(), id.to_owned()))
        })
        .collect()
}

fn assert_nothing_lost(dir: &Path, acknowledged: &[(u64, String)]) {
    let mut opened = open(dir);
    let harmless = |one: &Notice| matches!(one, Notice::Rebuilt { .. } | Notice::TornTail { .. });
    assert!(opened.notices.iter().all(harmless), "{:?}", opened.notices);
    for (number, id) in acknowledged {
        let entry = opened.store.entries()[*number as usize - 1];
        assert_eq!(entry.id.0.to_string(), *id, "commit {number}");
    }
    assert_whole(&opened.store, &opened.book);
    let mut log = vec![];
    opened
        .store
        .log(&mut |commit| {
            log.push(commit);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    for commit in log {
        let Act::Import { new, .. } = commit.act else {
            panic!("{:?}", commit.act);
        };
        assert_eq!(
            commit.changes.len() as u64,
            new * 2,
            "half of {}",
            commit.number
        );
    }
    assert_clean(&opened.store.check());
    assert_eq!(opened.store.notices(), []);
}

#[test]
pub fn no_kill_loses_an_acknowledged_commit() {
    let kills = asked("KILLS", KILLS);
    let rounds = kills.div_ceil(KILLS_EACH);
    let toll = std::thread::scope(|scope| {
        let halves = [0..rounds / 2, rounds / 2..rounds].map(|half| {
            let round = |seed| kill_one_register(seed, seed % 2 == 1);
            scope.spawn(move || half.map(round).fold((0, 0), add))
        });
        let halves = halves.into_iter().map(|half| half.join().unwrap());
        halves.fold((0, 0), add)
    });
    let (acknowledged, half_written) = toll;
    println!(
        "{kills} kills, {half_written} of them in a checkpoint, {acknowledged} acknowledged \
         commits, none lost"
    );
    assert!(acknowledged > kills as usize, "the writer hardly wrote");
}

fn add(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    (one.0 + other.0, one.1 + other.1)
}

/// How many commits were acknowledged, and how many kills left a half-written checkpoint.
pub fn kill_one_register(seed: u64, is_eager: bool) -> (usize, usize) {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    let mut chance = fastrand::Rng::with_seed(START ^ seed);
    let (mut acknowledged, mut half_written) = (vec![], BTreeSet::new());
    for kill in 0..KILLS_EACH {
        acknowledged.extend(run_and_kill(temp.path(), is_eager, &mut chance));
        half_written.extend(drafts(&home(temp.path()).join("checkpoint")));
        // Every third is killed once more before anyone has looked.
        if kill % 3 != 2 {
            assert_nothing_lost(temp.path(), &acknowledged);
        }
    }
    assert_nothing_lost(temp.path(), &acknowledged);
    (acknowledged.len(), half_written.len())
}

/// The half-written files among the checkpoints.
fn drafts(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().unwrap() == "new")
        .collect()
}

/// Saves under a limit on the size of files, as on a full disk: small acts, then one too large.
#[test]
pub fn cramped_writer() {
    let Ok(dir) = std::env::var("JUMIN_CRAMPED") else {
        return;
    };
    say("\nbegun");
    let mut store = open(Path::new(&dir)).store;
    for _ in 0..80 {
        let next = newcomers(&store, 10);
        store.append(&next).unwrap();
    }
    let before = store.last();
    let fault = store.append(&newcomers(&store, 4_000)).unwrap_err();
    assert!(
        matches!(
            fault,
            StoreError::Disk {
                doing: "writing",
                ..
            }
        ),
        "{fault:?}"
    );
    assert_eq!(store.last(), before);
    let mut read = 0;
    store
        .log(&mut |_| {
            read += 1;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(read, 80);
    let next = newcomers(&store, 10);
    store.append(&next).unwrap();
    say(&format!("refused {fault}"));
}

#[cfg(unix)]
#[test]
pub fn a_full_disk_fails_the_act_and_nothing_else() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    let writer = again("cramped_writer", "JUMIN_CRAMPED", temp.path());
    let mut shell = Command::new("sh");
    // 64 blocks of 512 bytes; the signal ignored, so that the write fails as it does when full.
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(writer.get_program())
        .args(writer.get_args())
        .env("JUMIN_CRAMPED", temp.path());
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.contains("refused writing ") && said.contains(".jnl: File too large"),
        "{said}"
    );
    let mut opened = open(temp.path());
    assert_eq!(opened.store.last().0, 81);
    assert_whole(&opened.store, &opened.book);
    assert_clean(&opened.store.check());
}

/// Opens a folder that it may not write.
#[test]
pub fn barred_reader() {
    let Ok(dir) = std::env::var("JUMIN_BARRED") else {
        return;
    };
    say("\nbegun");
    let mut opened = open(Path::new(&dir));
    assert!(
        matches!(opened.notices[..], [Notice::WithoutSled { .. }]),
        "{:?}",
        opened.notices
    );
    assert_eq!(opened.book.population(), 5);
    let refused = opened
        .store
        .append(&newcomers(&opened.store, 1))
        .unwrap_err();
    assert!(
        matches!(refused, StoreError::ReadOnly { .. }),
        "{refused:?}"
    );
    assert!(opened.store.keep("sort", b"x").is_err());
    assert_whole(&opened.store, &opened.book);
    say(&format!("refused {refused}"));
}

#[cfg(unix)]
#[test]
pub fn a_folder_that_cannot_be_written_is_read() {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::process::CommandExt;
    /// Who owns nothing, on every unix.
    const NOBODY: u32 = 65_534;
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    let next = newcomers(&store, 5);
    store.append(&next).unwrap();
    drop(store);
    let set_modes = |modes: &str| {
        let chmod = Command::new("chmod")
            .args(["-R", modes])
            .arg(temp.path())
            .status();
        assert!(chmod.unwrap().success());
    };
    set_modes("a+rX,a-w");
    let mut reader = again("barred_reader", "JUMIN_BARRED", temp.path());
    if std::fs::metadata(temp.path()).unwrap().uid() == 0 {
        // Nothing is barred to root: read as nobody.
        reader.uid(NOBODY);
    }
    let Ok(output) = reader.output() else {
        println!(
            "skipped: nobody cannot run {}",
            std::env::current_exe().unwrap().display()
        );
        return;
    };
    set_modes("u+w");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("for reading only"),
        "{said}"
    );
    let mut opened = open(temp.path());
    assert_eq!(opened.notices, []);
    assert_clean(&opened.store.check());
}
