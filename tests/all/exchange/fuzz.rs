//! Damaged files of every kind: each is read as something or ends with a sentence, and none panics,
//! takes longer than a second or more than 512 MB.
//!
//! A few thousand damages by default; `JUMIN_FUZZ=1000000` for as many as asked, best in release:
//! `JUMIN_FUZZ=1000000 cargo test --release --test all fuzz -- --nocapture`.

use crate::exchange::Desk;
use crate::exchange::bounds::LONGEST;
use crate::exchange::bounds::MOST_MEMORY;
use crate::exchange::bounds::alone;
use crate::exchange::bounds::peak;
use crate::exchange::bounds::spent;
use crate::rig::asked;
use jumin::exchange::read;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Damages of one run, shared by the machine's cores.
const DAMAGES: u64 = 2_000;

/// Every so manieth damaged file that can be read is judged too.
const JUDGED: u64 = 16;

/// Lossless lines, of which no fixture is kept.
const LINES: &str = concat!(
    r#"{"person":{"uuid":"01928000-0000-7000-8000-000000000001","name":"张三","sex":"1","birth":"1956-03-01","tel":[{"number":"15400000001"}]},"household":{"uuid":"01928000-0000-7000-8000-000000000002","hh":"1"},"dwelling":{"uuid":"01928000-0000-7000-8000-000000000003","b":"3","room":"501"}}"#,
    "\n",
    r#"{"person":{"uuid":"01928000-0000-7000-8000-000000000004","name":"李四"},"assertions":[{"uuid":"01928000-0000-7000-8000-000000000005","cat":"E6","status":"1"}]}"#,
    "\n",
    r#"{"household":{"uuid":"01928000-0000-7000-8000-000000000006","hh":"2"},"dwelling":{"uuid":"01928000-0000-7000-8000-000000000007","room":"502"}}"#,
    "\n",
);

/// What came of the damage to one file.
#[derive(Debug, Default, Clone)]
struct Toll {
    damaged: u64,
    read: u64,
    slowest: Duration,
}

/// A file, and what it holds when it is an archive, so that damage goes past the checksums.
struct Victim {
    name: String,
    bytes: Vec<u8>,
    members: Vec<(String, Vec<u8>)>,
}

impl Victim {
    fn new(path: &Path) -> Victim {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut members = vec![];
        if let Ok(mut archive) = ZipArchive::new(Cursor::new(&bytes)) {
            for at in 0..archive.len() {
                let mut member = archive.by_index(at).unwrap();
                let name = member.name().unwrap().into_owned();
                let mut content = vec![];
                member.read_to_end(&mut content).unwrap();
                members.push((name, content));
            }
        }
        Victim {
            name,
            bytes,
            members,
        }
    }

    fn damaged(&self, chance: &mut fastrand::Rng) -> Vec<u8> {
        if self.members.is_empty() || chance.u8(0..4) == 0 {
            return damage(self.bytes.clone(), chance);
        }
        let struck = chance.usize(0..self.members.len());
        let mut out = ZipWriter::new(Cursor::new(vec![]));
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (at, (name, content)) in self.members.iter().enumerate() {
            out.start_file(name, stored).unwrap();
            if at == struck {
                out.write_all(&damage(content.clone(), chance)).unwrap();
            } else {
                out.write_all(content).unwrap();
            }
        }
        out.finish().unwrap().into_inner()
    }
}

/// One to eight things that happen to files: bytes turned, lost, doubled, moved, cut, and numbers
/// that are far too large.
fn damage(mut bytes: Vec<u8>, chance: &mut fastrand::Rng) -> Vec<u8> {
    for _ in 0..chance.u8(1..=8) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.usize(0..bytes.len());
        let length = chance.usize(0..64).min(bytes.len() - at);
        match chance.u8(0..6) {
            0 => bytes[at] = chance.u8(..),
            1 => bytes[at] ^= 1 << chance.u8(0..8),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let part = bytes[at..at + length].to_vec();
                let to = chance.usize(0..=bytes.len());
                bytes.splice(to..to, part);
            }
            4 if chance.u8(0..8) == 0 => bytes.truncate(at),
            _ => {
                let large = [0xFF_u8; 4];
                let end = (at + large.len()).min(bytes.len());
                let digits = b"999999999";
                if bytes[at].is_ascii_digit() {
                    bytes.splice(at..=at, digits.iter().copied());
                } else {
                    bytes[at..end].copy_from_slice(&large[..end - at]);
                }
            }
        }
    }
    bytes
}

fn victims() -> Vec<Victim> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    let ledgers = files.map(|entry| entry.path());
    let mut victims: Vec<Victim> = ledgers.map(|path| Victim::new(&path)).collect();
    let desk = Desk::new();
    victims.push(Victim::new(&desk.file("lines.jsonl", LINES)));
    victims
}

/// What came of these damages, for each victim.
fn strike(victims: &[Victim], seeds: impl Iterator<Item = u64>) -> Vec<Toll> {
    let mut desk = Desk::new();
    let mut tolls = vec![Toll::default(); victims.len()];
    for seed in seeds {
        let mut chance = fastrand::Rng::with_seed(seed);
        let at = chance.usize(0..victims.len());
        let bytes = victims[at].damaged(&mut chance);
        let mut on = |_, _| ControlFlow::Continue(());
        let before = spent();
        let is_read = read::read_from(&mut Cursor::new(&bytes), "a", &mut on).is_ok();
        let took = spent() - before;
        assert!(took < LONGEST, "seed {seed}: {took:?}");
        let toll = &mut tolls[at];
        toll.damaged += 1;
        toll.read += u64::from(is_read);
        toll.slowest = toll.slowest.max(took);
        if is_read && seed % JUDGED == 0 {
            let path = desk.file("a", &bytes);
            drop(desk.plan(&path));
        }
    }
    tolls
}

#[test]
fn no_damaged_file_does_harm() {
    print!("{}", alone("exchange::fuzz::damaged_files"));
}

#[test]
#[ignore = "run in a process of its own by the test above"]
fn damaged_files() {
    let damages = asked("FUZZ", DAMAGES);
    let victims = victims();
    let crew = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let tolls: Vec<Vec<Toll>> = std::thread::scope(|scope| {
        let crew: Vec<_> = (0..crew)
            .map(|first| {
                let seeds = (first..damages).step_by(crew as usize);
                let victims = &victims;
                scope.spawn(move || strike(victims, seeds))
            })
            .collect();
        crew.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut whole = 0;
    for (at, victim) in victims.iter().enumerate() {
        let all = tolls.iter().map(|tolls| &tolls[at]);
        let damaged: u64 = all.clone().map(|toll| toll.damaged).sum();
        let read: u64 = all.clone().map(|toll| toll.read).sum();
        let slowest = all.map(|toll| toll.slowest).max().unwrap();
        println!(
            "{}: {damaged} damaged, {read} read all the same, slowest {slowest:?}",
            victim.name
        );
        whole += read;
    }
    let peak = peak();
    println!(
        "{damages} damaged files, {whole} read all the same, at most {} MB",
        peak >> 20
    );
    assert!(peak < MOST_MEMORY, "{peak} bytes");
    assert!(
        whole > damages / 10 && whole < damages,
        "{whole} of {damages}: the damage does nothing, or all"
    );
}
