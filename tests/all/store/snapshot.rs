//! The snapshot of the index: believed only where it belongs, and never more than a help.

use crate::store::SEALING;
use crate::store::copy;
use crate::store::create;
use crate::store::home;
use crate::store::newcomers;
use crate::store::open;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::snapshot::Laid;
use memchr::memmem;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

const PARTS: [&str; 3] = ["第一", "", "第三部分"];

fn file(dir: &Path) -> PathBuf {
    home(dir).join("checkpoint/index.snapshot")
}

fn save(store: &mut Store, people: usize) -> u64 {
    let next = newcomers(store, people);
    store.append(&next).unwrap();
    next.number
}

fn lay_by(store: &Store) {
    let laid = store.lay_by(7, |pen| PARTS.iter().try_for_each(|part| pen.part(part)));
    laid.unwrap();
}

/// The parts, and the commits that the snapshot lacks.
fn read(laid: &Laid) -> (Vec<Option<String>>, Vec<u64>) {
    let parts = (0..PARTS.len()).map(|at| laid.part(at)).collect();
    (parts, laid.since.iter().map(|one| one.number).collect())
}

fn whole() -> Vec<Option<String>> {
    PARTS.iter().map(|part| Some((*part).to_owned())).collect()
}

#[test]
pub fn it_comes_back_with_the_commits_that_it_lacks() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    assert!(store.laid_by(7, 100).is_none());
    save(&mut store, 2);
    lay_by(&store);
    let bytes = fs::read(file(temp.path())).unwrap();
    let is_plain = memmem::find(&bytes, PARTS[2].as_bytes()).is_some();
    assert_eq!(is_plain, !SEALING.get());
    assert_eq!(read(&store.laid_by(7, 0).unwrap()), (whole(), vec![]));
    drop(store);
    let mut store = open(temp.path()).store;
    assert_eq!(read(&store.laid_by(7, 0).unwrap()), (whole(), vec![]));
    let (one, next) = (save(&mut store, 1), save(&mut store, 3));
    drop(store);
    let mut store = open(temp.path()).store;
    let laid = store.laid_by(7, 8).unwrap();
    assert_eq!(read(&laid), (whole(), vec![one, next]));
    assert_eq!(laid.part::<String>(PARTS.len()), None);
    assert!(store.laid_by(7, 7).is_none(), "it lacks eight changes");
    assert!(store.laid_by(8, 8).is_none(), "another version");
}

#[test]
pub fn it_is_not_believed_in_another_past() {
    let temp = tempfile::tempdir().unwrap();
    let (one, other) = (temp.path().join("one"), temp.path().join("other"));
    let mut store = create(&one);
    save(&mut store, 1);
    drop(store);
    copy(&one, &other);
    let mut store = open(&one).store;
    save(&mut store, 2);
    lay_by(&store);
    drop(store);
    let mut store = open(&other).store;
    save(&mut store, 3);
    drop(store);
    fs::create_dir_all(file(&other).parent().unwrap()).unwrap();
    fs::copy(file(&one), file(&other)).unwrap();
    assert!(open(&one).store.laid_by(7, 100).is_some());
    assert!(open(&other).store.laid_by(7, 100).is_none());
}

/// No damage is taken for a part, and none keeps the register from opening.
#[test]
pub fn a_damaged_one_is_none() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    save(&mut store, 1);
    lay_by(&store);
    let bytes = fs::read(file(temp.path())).unwrap();
    // What is damaged may be which commits are about whom, which is gathered anew.
    let mut beside = 0;
    let mut damaged = |bytes: &[u8], name: &str| {
        fs::write(file(temp.path()), bytes).unwrap();
        if let Some(laid) = store.laid_by(7, 0) {
            let (parts, _) = read(&laid);
            let fits = parts
                .iter()
                .zip(whole())
                .all(|(part, whole)| part.is_none() || *part == whole);
            assert!(fits, "{name}: {parts:?}");
            beside += usize::from(parts == whole());
        }
    };
    for at in 0..bytes.len() {
        damaged(&bytes[..at], &format!("cut to {at}"));
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        damaged(&flipped, &format!("byte {at} flipped"));
    }
    assert!(beside * 3 < bytes.len(), "{beside} of {}", bytes.len());
    drop(store);
    assert_eq!(open(temp.path()).notices, []);
}

/// Where it cannot be written, the register is as it was.
#[test]
fn one_that_cannot_be_written_is_an_error_and_no_more() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    save(&mut store, 1);
    fs::write(home(temp.path()).join("checkpoint"), b"in the way").unwrap();
    let laid = store.lay_by(7, |pen| pen.part(&1));
    assert!(matches!(laid, Err(StoreError::Disk { .. })), "{laid:?}");
    save(&mut store, 1);
}
