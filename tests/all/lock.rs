//! The locked desk, in the real binary: nothing of anybody is left in its memory, and it comes back
//! to where it stood.

use crate::pty::Desk;
use jumin::app::App;
use jumin::app::Screen;
use jumin::app::door::Door;
use jumin::app::keymap::Keymap;
use jumin::index::Index;
use jumin::model::Lang;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::term::lock::Limits;
use std::fs;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;

const PASSPHRASE: &str = "a passphrase for the lock";

/// What stands nowhere but in the register: names, an identity number, a note.
const SENTINELS: [&str; 4] = ["欧阳翊珩", "司空霁澍", "339901193005010055", "备忘蕤邈彧旻"];

/// Runs the binary with passphrases on its standard input.
fn run(dir: &Path, args: &[&str], lines: &str) {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_jumin"))
        .args(["--passphrase-fd", "0"])
        .args(args)
        .env("HOME", dir)
        .env("LANG", "zh_CN.UTF-8")
        .env("JUMIN_WORKER", "王芳")
        .env("JUMIN_REGISTER", dir.join("register"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(lines.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "{args:?}");
}

/// A sealed register with the sentinels in it.
fn register(dir: &Path) {
    let line = format!("{PASSPHRASE}\n");
    run(dir, &["init"], &line);
    let [one, other, number, note] = SENTINELS;
    let ledger = dir.join("ledger.csv");
    let rows = format!("姓名,身份证号,备注\n{one},{number},{note}\n{other},,\n");
    fs::write(&ledger, rows).unwrap();
    run(dir, &["import", ledger.to_str().unwrap(), "--yes"], &line);
    fs::remove_file(&ledger).unwrap();
}

/// The sentinels that stand in a process's memory, in any encoding; `None` where nobody may look.
fn found(process: u32) -> Option<Vec<&'static str>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let mut memory = fs::File::open(format!("/proc/{process}/mem")).ok()?;
    let wanted: Vec<(&str, Vec<u8>)> = SENTINELS
        .into_iter()
        .flat_map(|text| {
            let wide: Vec<u16> = text.encode_utf16().collect();
            let (gb, _, _) = encoding_rs::GB18030.encode(text);
            let spread: Vec<u32> = text.chars().map(u32::from).collect();
            [
                text.as_bytes().to_vec(),
                wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
                spread.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
                gb.into_owned(),
            ]
            .map(|bytes| (text, bytes))
        })
        .collect();
    let mut there = vec![];
    let mut looked = 0;
    for line in maps.lines().filter(|line| line.contains(" r")) {
        let (from, rest) = line.split_once('-').unwrap();
        let (to, _) = rest.split_once(' ').unwrap();
        let [from, to] = [from, to].map(|hex| u64::from_str_radix(hex, 16).unwrap());
        let mut bytes = vec![0; (to - from) as usize];
        if memory.seek(SeekFrom::Start(from)).is_err() || memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        looked += bytes.len();
        // Most of what an allocator has set aside was never written to.
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0);
        bytes.truncate(end + 1);
        for (text, bytes_of) in &wanted {
            if memchr::memmem::find(&bytes, bytes_of).is_some() && !there.contains(text) {
                there.push(*text);
            }
        }
    }
    (looked > 1 << 20).then_some(there)
}

#[test]
fn a_locked_desk_knows_nobody_and_comes_back_to_where_it_stood() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    register(dir);
    let enter = format!("{PASSPHRASE}\r");
    let mut desk = Desk::open(dir, &[]);
    desk.shows("口令").press(&enter).shows("随打随查");
    // A card over a list that is searched.
    desk.press("翊珩").shows("1 /").press("\r").shows("蕤邈");
    let process = desk.process();
    let Some(before) = found(process) else {
        println!("skipped: /proc/{process}/mem cannot be read here");
        return;
    };
    assert!(
        before.contains(&SENTINELS[0]) && before.contains(&SENTINELS[3]),
        "{before:?}"
    );
    desk.press("\x18").shows("已锁上");
    assert_eq!(desk.process(), process);
    assert_eq!(found(process).unwrap(), [""; 0]);
    // However often somebody guesses, it stays locked.
    for _ in 0..4 {
        desk.press("not the passphrase\r").shows("打不开");
        desk.clear();
    }
    desk.press(&enter).shows("蕤邈").press("\x1b");
    desk.shows("翊珩").shows("1 /");
    // A form that is half typed.
    desk.press("\x1b\x1b")
        .press("\x0e")
        .shows("新居民")
        .press("司空半截");
    desk.shows("司空半截").press("\x18").shows("已锁上");
    desk.press(&enter).shows("新居民").shows("司空半截");
    desk.leave();
}

/// Somebody goes on typing while the desk locks: nothing of it is seen, then or afterwards.
#[test]
fn what_is_typed_before_the_question_is_up_is_not_shown() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    register(dir);
    let enter = format!("{PASSPHRASE}\r");
    let mut desk = Desk::open(dir, &[]);
    desk.shows("口令").press(&enter).shows("随打随查");
    desk.press("\x18");
    for _ in 0..200 {
        desk.press("Q");
        std::thread::sleep(Duration::from_millis(2));
    }
    desk.shows("已锁上").lacks("Q");
    desk.press("\x15").press(&enter).shows("随打随查");
    desk.leave();
    assert!(desk.echoes());
    // Nor is what is typed as soon as the question stands there, and whoever breaks off gets the
    // terminal back as it was.
    let mut desk = Desk::open(dir, &[]);
    desk.shows("口令").press("Q\x15").press(&enter);
    desk.shows("随打随查")
        .press("\x18")
        .shows("已锁上")
        .lacks("Q");
    assert!(!desk.echoes());
    desk.press("\x03").ends();
    assert!(desk.echoes());
}

#[test]
fn a_desk_that_nobody_touches_locks_itself() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    register(dir);
    let config = dir.join(".config/jumin");
    fs::create_dir_all(&config).unwrap();
    let choice = config.join("lock.toml");
    fs::write(&choice, "minutes = 0.03").unwrap();
    let enter = format!("{PASSPHRASE}\r");
    let mut desk = Desk::open(dir, &[]);
    desk.shows("口令").press(&enter).shows("已锁上");
    fs::write(&choice, "minutes = 0").unwrap();
    desk.press(&enter).shows("随打随查");
    desk.leave();
}

#[test]
fn at_a_door_the_desk_locks_sooner() {
    let index = Index::build(Book::default(), Date::new(2026, 11, 1).unwrap());
    let mut app = App::new(&index, Lang::Zh, Keymap::with("").0);
    let limits = Limits::default();
    assert_eq!(limits.of(&app), Some(Duration::from_mins(5)));
    let door = Door::new(&index, "");
    app.screens.open(Screen::Door(Box::new(door)));
    assert_eq!(limits.of(&app), Some(Duration::from_mins(2)));
}

#[test]
fn an_open_register_cannot_be_locked_and_says_so() {
    let temp = tempfile::tempdir().unwrap();
    run(temp.path(), &["init", "--open"], "");
    let mut desk = Desk::open(temp.path(), &[]);
    desk.shows("随打随查").press("\x18").shows("锁不住");
    desk.leave();
}

/// No image of the memory on the disk, and files for their owner alone.
#[cfg(target_os = "linux")]
#[test]
fn the_process_keeps_its_memory_and_its_files_to_itself() {
    let temp = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(temp.path(), &[]);
    desk.shows("从空册开始");
    let process = desk.process();
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    assert!(status.contains("Umask:\t0077"), "{status}");
    desk.leave();
}
