//! Sealed registers from before there was a second data key: they open as they did, and get one when
//! the data keys are changed. `tests/fixtures/one-key/` was written by the last program that knew but
//! one: 王芳 manages, 赵敏 looks, two made-up people, one with a disability certificate, one on 低保.

use crate::store::assert_clean;
use crate::store::copy;
use crate::store::founder;
use crate::store::history;
use jumin::model::role::Role;
use jumin::store::Opened;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::keys;
use jumin::store::renew;
use jumin::store::vault::Key;
use jumin::store::vault::slot::Grant;
use secrecy::SecretString;
use std::fs;
use std::path::Path;

const MANAGES: &str = "correct horse battery staple";
const LOOKS: &str = "correct horse battery staple 看";
const PAPER: &str = "AGE-SECRET-KEY-1VDACG0M5LHQU2RJCQ3VDAC2JL40FN0S5MCLW5XHEPN3RUWA758RS47NZN7";

/// What is hidden from who only looks.
const CERTIFICATE: &str = "33990119500304101142";

const FILES: [(&str, &[u8]); 4] = [
    (
        "00000001.jnl",
        include_bytes!("../../fixtures/one-key/00000001.jnl"),
    ),
    (
        "00000002.jnl",
        include_bytes!("../../fixtures/one-key/00000002.jnl"),
    ),
    (
        "00000003.jnl",
        include_bytes!("../../fixtures/one-key/00000003.jnl"),
    ),
    (
        "00000004.jnl",
        include_bytes!("../../fixtures/one-key/00000004.jnl"),
    ),
];

fn unpack(dir: &Path) {
    let home = dir.join("vault-0001");
    fs::create_dir_all(home.join("journal")).unwrap();
    fs::write(
        dir.join("id.toml"),
        include_bytes!("../../fixtures/one-key/id.toml"),
    )
    .unwrap();
    fs::write(
        home.join("keys"),
        include_bytes!("../../fixtures/one-key/keys"),
    )
    .unwrap();
    for (name, bytes) in FILES {
        fs::write(home.join("journal").join(name), bytes).unwrap();
    }
}

fn unlock(dir: &Path, who: &str, secret: &str) -> Key {
    keys::unlock(dir, who, &SecretString::from(secret)).unwrap()
}

fn open(dir: &Path, key: &Key) -> Opened {
    let settings = Settings {
        key: Some(key.clone()),
        ..Settings::default()
    };
    Store::open_with(dir, &settings, &mut |_| {}).unwrap()
}

/// Whether the certificate, and that somebody is on 低保, are to be had.
fn sees(opened: &Opened) -> (bool, bool) {
    let records: Vec<_> = opened
        .book
        .records()
        .flat_map(|(_, record)| record.iter().map(|(_, value)| value.plain()))
        .collect();
    let told = format!("{records:?} {:?}", history(&opened.store));
    (told.contains(CERTIFICATE), told.contains("+W1"))
}

#[test]
fn a_register_with_one_data_key_opens_as_it_did() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    unpack(dir);
    for (who, secret, role) in [
        ("王芳", MANAGES, Role::Manage),
        ("", PAPER, Role::Manage),
        ("赵敏", LOOKS, Role::View),
    ] {
        let key = unlock(dir, who, secret);
        assert_eq!(key.role(), role);
        assert!(key.is_whole(), "one key opens everything");
        let mut opened = open(dir, &key);
        assert_eq!(opened.book.population(), 2);
        assert_eq!(sees(&opened), (true, true));
        assert_clean(&opened.store.check());
    }
    assert!(!keys::is_parted(dir).unwrap());
    // It goes on in its own format: what an earlier program wrote with, it still reads.
    let manages = unlock(dir, "王芳", MANAGES);
    let third = Grant {
        name: "李强".into(),
        role: Role::View,
        ..founder()
    };
    keys::add(dir, &manages, &third).unwrap();
    let mut store = open(dir, &manages).store;
    let next = crate::store::newcomers(&store, 1);
    store.append(&next).unwrap();
    drop(store);
    let file = fs::read(dir.join("vault-0001/keys")).unwrap();
    assert_eq!(file[8..10], [1, 0]);
    let mut opened = open(dir, &manages);
    assert_eq!(opened.book.population(), 3);
    assert_clean(&opened.store.check());
}

#[test]
fn it_gets_a_second_one_when_the_data_keys_are_changed() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    unpack(&dir);
    let manages = unlock(&dir, "王芳", MANAGES);
    let looks = Grant {
        name: "赵敏".into(),
        role: Role::View,
        ..founder()
    };
    let grants = [founder(), looks.clone()];
    let want = history(&open(&dir, &manages).store);
    let old = temp.path().join("old");
    copy(&dir, &old);
    let whole = temp.path().join("whole");
    copy(&dir, &whole);
    renew::rekey(&whole, &manages, &grants, &[]).unwrap();
    // Stopped in the middle, with so much of the new home there, it is begun again.
    for parts in 0..=4 {
        let stopped = temp.path().join(format!("stopped-{parts}"));
        copy(&old, &stopped);
        let half = stopped.join("vault-0002");
        fs::create_dir(&half).unwrap();
        for name in ["keys", "keys.copy"].iter().take(parts) {
            fs::copy(whole.join("vault-0002").join(name), half.join(name)).unwrap();
        }
        if parts > 2 {
            let segment = "journal/00000001.jnl";
            let bytes = fs::read(whole.join("vault-0002").join(segment)).unwrap();
            fs::create_dir(half.join("journal")).unwrap();
            fs::write(half.join(segment), &bytes[..bytes.len() * (parts - 2) / 2]).unwrap();
        }
        let opened = open(&stopped, &manages);
        assert_eq!(history(&opened.store), want, "it is what it was");
        drop(opened);
        let new = renew::rekey(&stopped, &manages, &grants, &[]).unwrap();
        let mut opened = open(&stopped, &new);
        assert_eq!(history(&opened.store), want);
        assert_eq!(sees(&opened), (true, true));
        assert_clean(&opened.store.check());
    }
    assert!(keys::is_parted(&whole).unwrap());
    let key = keys::unlock(&whole, "赵敏", &looks.passphrase).unwrap();
    let opened = open(&whole, &key);
    assert_eq!(opened.notices, []);
    assert_eq!(opened.book.population(), 2);
    assert_eq!(sees(&opened), (false, false));
    drop(opened);
    let paper = unlock(&whole, "", PAPER);
    assert_eq!(sees(&open(&whole, &paper)), (true, true));
}
