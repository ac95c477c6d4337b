//! The log of looks as a chain: what is removed, altered, moved or cut is named, and what was forged
//! from one end to the other does not pass a head that was noted before.

use crate::store::commit;
use crate::store::copy;
use crate::store::create;
use crate::store::drop_trees;
use crate::store::newcomers;
use crate::store::segments;
use crate::store::try_open;
use jumin::model::change::Act;
use jumin::model::ids::PersonId;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::store::Notice;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const LOOKS: u64 = 12;
const HEADER: usize = 64;
const BEFORE: usize = 16;

/// The bytes of a frame: length 4, checksum 4, number 8, payload, tag 32.
type Frame = Vec<u8>;

/// A register with one person at whom somebody looked often, and its head.
fn watched(dir: &Path) -> String {
    let mut store = create(dir);
    let made = newcomers(&store, 1);
    let who = made
        .changes
        .iter()
        .find(|one| one.subject.table == Table::Person);
    let who = PersonId(who.unwrap().subject.id);
    store.append(&made).unwrap();
    for at in 0..LOOKS {
        let mut look = commit(&store, vec![]);
        look.worker = format!("王芳{at}");
        look.act = Act::Look {
            subject: who.subject(),
            field: Some(person::ID_NO),
            screen: "card".into(),
            reason: None,
        };
        store.append(&look).unwrap();
    }
    store.head().to_string()
}

fn split(bytes: &[u8]) -> (Vec<u8>, Vec<Frame>) {
    let (header, mut rest) = bytes.split_at(HEADER);
    let mut frames = vec![];
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
        let (frame, behind) = rest.split_at(BEFORE + length + 32);
        frames.push(frame.to_vec());
        rest = behind;
    }
    (header.to_vec(), frames)
}

/// Gives a frame a number, and the checksum that its bytes want.
fn sum(frame: &mut Frame, number: u64) {
    frame[8..16].copy_from_slice(&number.to_le_bytes());
    let mut hasher = crc32fast::Hasher::new();
    let end = frame.len() - 32;
    hasher.update(&frame[8..end]);
    let sum = hasher.finalize().to_le_bytes();
    frame[4..8].copy_from_slice(&sum);
}

/// Numbers and links all frames anew, as whoever can write the folder could.
fn forge(header: &[u8], frames: &mut [Frame]) {
    let mut before: [u8; 32] = header[28..60].try_into().unwrap();
    for (number, frame) in (1_u64..).zip(frames) {
        sum(frame, number);
        let end = frame.len() - 32;
        let mut hasher = Sha256::new();
        hasher.update(before);
        hasher.update(number.to_le_bytes());
        hasher.update(Sha256::digest(&frame[BEFORE..end]));
        before = hasher.finalize().into();
        frame[end..].copy_from_slice(&before);
    }
}

/// What is done to the frame at a place.
type Deed = fn(&mut Vec<Frame>, usize);

/// Another worker looked: one letter of the name, with a checksum that agrees.
fn alter(frame: &mut Frame) {
    let name = frame
        .windows(6)
        .position(|six| six == "王芳".as_bytes())
        .unwrap();
    frame[name..name + 6].copy_from_slice("李强".as_bytes());
    let number = u64::from_le_bytes(frame[8..16].try_into().unwrap());
    sum(frame, number);
}

const DEEDS: [(&str, Deed); 3] = [
    ("remove", |frames, at| drop(frames.remove(at))),
    ("swap", |frames, at| frames.swap(at, at + 1)),
    ("alter", |frames, at| alter(&mut frames[at])),
];

struct Case {
    dir: PathBuf,
    head: String,
}

impl Case {
    /// Whether opening or checking names what was done to the log, and whether the noted head fits.
    fn outcome(&self) -> (bool, bool) {
        let Ok(mut opened) = try_open(&self.dir, &mut |_| {}) else {
            return (true, false);
        };
        let damaged = opened
            .notices
            .iter()
            .any(|one| matches!(one, Notice::Damaged { .. } | Notice::TornTail { .. }));
        let found = opened
            .store
            .check()
            .iter()
            .any(|finding| finding.fault.is_some());
        let passed = opened.store.has_passed(&self.head).unwrap_or(false);
        (damaged || found, passed)
    }
}

fn case(temp: &Path, name: &str, head: &str, deed: &dyn Fn(&[u8], &mut Vec<Frame>)) -> Case {
    let dir = temp.join(name);
    copy(&temp.join("whole"), &dir);
    // Whoever alters the journal throws away what would contradict it.
    drop_trees(&dir);
    let journal = segments(&dir)[0].clone();
    let (header, mut frames) = split(&fs::read(&journal).unwrap());
    deed(&header, &mut frames);
    fs::write(journal, [header, frames.concat()].concat()).unwrap();
    Case {
        dir,
        head: head.to_owned(),
    }
}

#[test]
fn whatever_is_done_to_the_log_is_found() {
    let temp = tempfile::tempdir().unwrap();
    let head = watched(&temp.path().join("whole"));
    let untouched = case(temp.path(), "untouched", &head, &|_, _| {});
    assert_eq!(untouched.outcome(), (false, true));
    for (name, deed) in DEEDS {
        for at in 1..LOOKS as usize {
            let plain = case(temp.path(), &format!("{name}-{at}"), &head, &|_, frames| {
                deed(frames, at);
            });
            assert_eq!(plain.outcome(), (true, false), "{name} {at}");
            let forged = case(
                temp.path(),
                &format!("{name}-{at}-f"),
                &head,
                &|header, frames| {
                    deed(frames, at);
                    forge(header, frames);
                },
            );
            let (_, passed) = forged.outcome();
            assert!(!passed, "{name} {at}, forged");
        }
    }
    for at in 1..=LOOKS as usize {
        let shorter = case(temp.path(), &format!("cut-{at}"), &head, &|_, frames| {
            frames.truncate(at);
        });
        let (_, passed) = shorter.outcome();
        assert!(!passed, "cut to {at}");
    }
}

#[test]
fn a_head_holds_for_what_was_there_when_it_was_noted() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("whole");
    let noted = watched(&dir);
    let mut store = try_open(&dir, &mut |_| {}).unwrap().store;
    let next = newcomers(&store, 1);
    store.append(&next).unwrap();
    assert_ne!(store.head().to_string(), noted);
    assert!(store.has_passed(&noted).unwrap());
    for wrong in [
        "",
        "1",
        "1-",
        "99-0123456789abcdef",
        "x-y",
        "3-0000000000000000",
    ] {
        assert!(!store.has_passed(wrong).unwrap(), "{wrong}");
    }
}
