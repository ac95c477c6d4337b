//! A register under another key: sealed in place, rekeyed; stopped at any point, it is whole.

use crate::store::PASSPHRASE;
use crate::store::SEALING;
use crate::store::START;
use crate::store::assert_clean;
use crate::store::create;
use crate::store::founder;
use crate::store::history;
use crate::store::newcomers;
use crate::store::sentinel::found;
use jumin::model::change::Commit;
use jumin::model::ids::Mint;
use jumin::model::ids::ReplicaId;
use jumin::model::role::Role;
use jumin::store::Opened;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::keys;
use jumin::store::keys::Rest;
use jumin::store::renew;
use jumin::store::vault::Key;
use jumin::store::vault::slot::Grant;
use secrecy::SecretString;
use std::fs;
use std::path::Path;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn open(dir: &Path, key: Option<Key>) -> Opened {
    let settings = Settings {
        key,
        ..Settings::default()
    };
    Store::open_with(dir, &settings, &mut |_| {}).unwrap()
}

/// An open register of some commits, with a form half filled.
fn open_register(dir: &Path) -> Vec<Commit> {
    SEALING.set(false);
    let mut store = create(dir);
    for people in [3, 40, 1] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    store.keep("form", "半截的表单".as_bytes()).unwrap();
    drop(store);
    history(&open(dir, None).store)
}

fn assert_same(dir: &Path, key: Option<Key>, want: &[Commit]) {
    let mut opened = open(dir, key);
    // What is made anew has its trees already: nothing is told of as mended.
    assert_eq!(opened.notices, []);
    assert_eq!(history(&opened.store), want);
    assert_eq!(opened.book.population(), 44);
    assert_eq!(opened.store.kept("form").unwrap(), "半截的表单".as_bytes());
    assert_clean(&opened.store.check());
    let next = newcomers(&opened.store, 0);
    assert_eq!(next.number, want.len() as u64 + 1);
}

/// The names of what stands in a folder.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn an_open_register_is_sealed_in_place() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let want = open_register(dir);
    let readable = ["居民1之0".to_owned(), "半截".to_owned()];
    assert_eq!(found(dir, &readable).len(), 2);
    let (key, paper) = renew::seal(dir, &founder(), &["form", "sort"]).unwrap();
    assert!(found(dir, &readable).is_empty());
    assert_eq!(names(dir), ["LOCK", "LOCK.holder", "id.toml", "vault-0001"]);
    assert!(matches!(
        Store::open(dir, &mut |_| {}),
        Err(StoreError::Sealed(_))
    ));
    assert_same(dir, Some(key), &want);
    for secret in [&secret(PASSPHRASE), &paper] {
        let key = keys::unlock(dir, "王芳", secret).unwrap();
        assert_same(dir, Some(key), &want);
    }
    assert!(matches!(
        renew::seal(dir, &founder(), &[]),
        Err(StoreError::Key(_))
    ));
}

/// What a stop in the middle leaves: the new home, or a part of it, and `id.toml` as it was.
#[test]
fn a_sealing_that_was_stopped_is_begun_again() {
    let temp = tempfile::tempdir().unwrap();
    let whole = temp.path().join("whole");
    let want = open_register(&whole);
    let dir = temp.path().join("register");
    crate::store::copy(&whole, &dir);
    renew::seal(&dir, &founder(), &["form"]).unwrap();
    let sealed = dir.join("vault-0001");
    // Before the one commit point: whatever stands of the new home, the register is the open one.
    for parts in 0..=5 {
        let stopped = temp.path().join(format!("stopped-{parts}"));
        crate::store::copy(&whole, &stopped);
        let half = stopped.join("vault-0001");
        fs::create_dir(&half).unwrap();
        for name in ["keys", "keys.copy", "journal", "desk"].iter().take(parts) {
            let (from, to) = (sealed.join(name), half.join(name));
            if from.is_dir() {
                crate::store::copy(&from, &to);
            } else {
                fs::copy(&from, &to).unwrap();
            }
        }
        if parts == 5 {
            let journal = half.join("journal/00000001.jnl");
            let bytes = fs::read(&journal).unwrap();
            fs::write(&journal, &bytes[..bytes.len() / 2]).unwrap();
        }
        assert_same(&stopped, None, &want);
        let (key, _) = renew::seal(&stopped, &founder(), &["form"]).unwrap();
        assert_same(&stopped, Some(key), &want);
    }
    // After it: the old home still lies there, whole or in part, and goes at the next opening.
    for gone in 0..=3 {
        let stopped = temp.path().join(format!("left-{gone}"));
        crate::store::copy(&dir, &stopped);
        for name in ["store-0001", "desk", "journal"].iter().skip(gone) {
            let from = whole.join(name);
            if from.exists() {
                crate::store::copy(&from, &stopped.join(name));
            }
        }
        let key = keys::unlock(&stopped, "王芳", &secret(PASSPHRASE)).unwrap();
        assert_same(&stopped, Some(key), &want);
        assert!(!names(&stopped).contains(&"journal".to_owned()));
        assert!(found(&stopped, &["居民1之0".to_owned()]).is_empty());
    }
}

fn grant(name: &str, role: Role, passphrase: &str) -> Grant {
    Grant {
        name: name.into(),
        role,
        passphrase: secret(passphrase),
        ..founder()
    }
}

#[test]
fn after_a_rekey_an_old_key_file_opens_nothing_of_today() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let replica = ReplicaId(Mint::new(START, 7).uuid());
    let (mut store, paper) = Store::create_sealed(&dir, replica, &founder()).unwrap();
    for people in [3, 40, 1] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    store.keep("form", "半截的表单".as_bytes()).unwrap();
    let want = history(&store);
    drop(store);
    let old = keys::unlock(&dir, "王芳", &secret(PASSPHRASE)).unwrap();
    keys::add(
        &dir,
        &old,
        &grant("李强", Role::Enter, "the passphrase of Li"),
    )
    .unwrap();
    let copied = temp.path().join("copied");
    crate::store::copy(&dir, &copied);
    let li = keys::unlock(&dir, "李强", &secret("the passphrase of Li")).unwrap();
    let grants = [
        grant("王芳", Role::Manage, PASSPHRASE),
        grant("赵敏", Role::View, "a third long one"),
    ];
    assert!(
        renew::rekey(&dir, &li, &grants, &[]).is_err(),
        "only who manages"
    );
    assert!(
        renew::rekey(&dir, &old, &grants[1..], &[]).is_err(),
        "nobody would manage"
    );
    assert_same(&dir, Some(old.clone()), &want);
    let new = renew::rekey(&dir, &old, &grants, &["form"]).unwrap();
    assert_same(&dir, Some(new), &want);
    assert_eq!(
        names(&dir),
        ["LOCK", "LOCK.holder", "id.toml", "vault-0002"]
    );
    let Rest::Sealed(slots) = keys::rest(&dir).unwrap() else {
        panic!("it is open");
    };
    let left: Vec<_> = slots.iter().map(|slot| slot.name.as_str()).collect();
    assert_eq!(left, ["王芳", "赵敏", "recovery"]);
    for (who, secret) in [("王芳", &secret(PASSPHRASE)), ("", &paper)] {
        let key = keys::unlock(&dir, who, secret).unwrap();
        assert_same(&dir, Some(key), &want);
    }
    assert!(keys::unlock(&dir, "李强", &secret("the passphrase of Li")).is_err());
    // The old key file, put in the place of the new, with the old passphrase: it unlocks, and what
    // it unlocks reads no frame.
    let home = dir.join("vault-0002");
    for name in ["keys", "keys.copy"] {
        fs::copy(copied.join("vault-0001").join(name), home.join(name)).unwrap();
    }
    let stale = keys::unlock(&dir, "李强", &secret("the passphrase of Li")).unwrap();
    let settings = Settings {
        key: Some(stale),
        ..Settings::default()
    };
    let opened = Store::open_with(&dir, &settings, &mut |_| {}).unwrap();
    assert_eq!(opened.book.population(), 0);
    assert!(opened.store.is_barred());
    // The folder that was copied before still opens with it: that is said, and cannot be helped.
    let key = keys::unlock(&copied, "李强", &secret("the passphrase of Li")).unwrap();
    assert_eq!(open(&copied, Some(key)).book.population(), 44);
}

/// An `id.toml` from before a rekey, put back, makes nothing go away.
#[test]
fn a_stale_identity_removes_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let want = open_register(dir);
    let stale = fs::read(dir.join("id.toml")).unwrap();
    let (key, _) = renew::seal(dir, &founder(), &["form"]).unwrap();
    let named = fs::read(dir.join("id.toml")).unwrap();
    fs::write(dir.join("id.toml"), &stale).unwrap();
    drop(Store::open(dir, &mut |_| {}));
    assert!(
        renew::seal(dir, &founder(), &["form"]).is_err(),
        "there is nothing to seal"
    );
    fs::write(dir.join("id.toml"), &named).unwrap();
    assert_same(dir, Some(key), &want);
}
