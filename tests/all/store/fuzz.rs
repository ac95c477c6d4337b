//! Damaged bytes for every reader of what the register itself has written: key files, sealed values,
//! lines of a backup. Each is told to be damaged or reads as what was written, and none panics.
//!
//! What only makes sense under a key or a checksum is damaged before and after it was computed.
//! `JUMIN_FUZZ` for another number of each; a failure names its number, from which it is made again.

use crate::rig::asked;
use crate::store::PASSPHRASE;
use crate::store::SEALING;
use crate::store::START;
use crate::store::create;
use crate::store::key;
use crate::store::newcomers;
use crate::store::open;
use fastrand::Rng;
use jumin::model::role::Role;
use jumin::store::Store;
use jumin::store::backup;
use jumin::store::backup::Wrap;
use jumin::store::backup::restore;
use jumin::store::keys;
use jumin::store::vault::kdf::Cost;
use jumin::store::vault::slot::Grant;
use memchr::memmem;
use secrecy::SecretString;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

/// So many of each.
const DAMAGES: u64 = 1_000;

/// None takes longer to be read.
const LONGEST: Duration = Duration::from_secs(1);

/// One to four things that happen to bytes.
fn damaged(whole: &[u8], chance: &mut Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..chance.u8(1..=4) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.usize(..bytes.len());
        let length = chance.usize(..64).min(bytes.len() - at);
        match chance.u8(..7) {
            0 => bytes[at] = chance.u8(..),
            1 => bytes[at] ^= 1 << chance.u8(..8),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let part = bytes[at..at + length].to_vec();
                let to = chance.usize(..=bytes.len());
                bytes.splice(to..to, part);
            }
            4 if chance.u8(..8) == 0 => bytes.truncate(at),
            5 => bytes[at..at + length].fill(chance.choice([0, 0xff, b'9']).unwrap()),
            _ => bytes[at] = bytes[at].wrapping_add(chance.u8(..3)),
        }
    }
    bytes
}

/// Has each of so many damaged copies read, in time and without a panic.
fn strike(name: &str, whole: &[u8], mut read: impl FnMut(&[u8], &mut Rng)) {
    for number in 0..asked("FUZZ", DAMAGES) {
        let mut chance = Rng::with_seed(number);
        let bytes = damaged(whole, &mut chance);
        let begun = Instant::now();
        let harm = catch_unwind(AssertUnwindSafe(|| read(&bytes, &mut chance))).is_err();
        let took = begun.elapsed();
        assert!(
            !harm && took < LONGEST,
            "{name} {number}, {took:?}: {bytes:?}"
        );
    }
}

/// A sealed register with two workers and three people.
fn sealed(dir: &Path) -> Store {
    SEALING.set(true);
    let mut store = create(dir);
    let next = newcomers(&store, 3);
    store.append(&next).unwrap();
    drop(store);
    let second = Grant {
        name: "李强".into(),
        label: "网格员".into(),
        role: Role::View,
        passphrase: SecretString::from(PASSPHRASE),
        cost: Cost::FLOOR,
    };
    keys::add(dir, &key(dir).unwrap(), &second).unwrap();
    open(dir).store
}

#[test]
fn no_damaged_key_file_does_harm() {
    let temp = tempfile::tempdir().unwrap();
    drop(sealed(temp.path()));
    let [file, copy] = ["keys", "keys.copy"].map(|name| temp.path().join("vault-0001").join(name));
    let whole = fs::read(&file).unwrap();
    fs::remove_file(copy).unwrap();
    let mut refused = 0;
    strike("key file", &whole, |bytes, _| {
        fs::write(&file, bytes).unwrap();
        refused += u64::from(keys::rest(temp.path()).is_err());
    });
    assert!(refused > 0);
}

/// A value that is kept sealed comes back as it was kept, or not at all.
#[test]
fn no_damaged_value_is_read_as_another() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = sealed(temp.path());
    let kept = "张三 18 岁".repeat(9);
    store.keep("sort", kept.as_bytes()).unwrap();
    let desk = fs::read_dir(temp.path().join("vault-0001/desk")).unwrap();
    let file = desk.map(|entry| entry.unwrap().path()).next().unwrap();
    let whole = fs::read(&file).unwrap();
    strike("value", &whole, |bytes, _| {
        fs::write(&file, bytes).unwrap();
        let read = store.kept("sort");
        assert_eq!(read.is_some(), bytes == whole);
        assert!(read.is_none_or(|read| read == kept.as_bytes()));
    });
}

#[test]
fn no_damaged_backup_does_harm() {
    SEALING.set(false);
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let mut store = create(&dir);
    for people in [1, 2] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    drop(store);
    let file = temp.path().join("one.jsonl");
    backup::write(&dir, None, &file, &Wrap::Plain, START).unwrap();
    let whole = fs::read(&file).unwrap();
    let summed = memmem::find(&whole, END).unwrap();
    strike("backup", &whole, |bytes, chance| {
        let mut bytes = bytes.to_vec();
        // Beyond the checksum lies the rest.
        let is_summed = chance.u8(..4) > 0 && sum_up(&mut bytes).is_some();
        fs::write(&file, &bytes).unwrap();
        let read = restore::look(&file, None);
        let is_same = bytes.starts_with(&whole[..summed]);
        assert!(
            read.is_err() || is_summed || is_same,
            "it reads as if it were whole"
        );
    });
}

/// What the last line begins with.
const END: &[u8] = b"{\"end\"";

/// Writes the checksum anew, where there still is a place for it.
fn sum_up(bytes: &mut [u8]) -> Option<()> {
    const PLACE: &[u8] = b"\"sha256\":\"";
    let end = memmem::find(bytes, END)?;
    let digits = Sha256::digest(&bytes[..end])
        .iter()
        .fold(String::new(), |all, byte| format!("{all}{byte:02x}"));
    let at = end + memmem::find(&bytes[end..], PLACE)? + PLACE.len();
    bytes
        .get_mut(at..at + digits.len())?
        .copy_from_slice(digits.as_bytes());
    Some(())
}
