//! The register's folder under kill, fault, torn tail and rot: nothing acknowledged is ever lost,
//! and nothing is altered silently.

use jumin::model::book::Book;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::change::Commit;
use jumin::model::date::Date;
use jumin::model::date::Now;
use jumin::model::draft::Draft;
use jumin::model::ids::CommitId;
use jumin::model::ids::Mint;
use jumin::model::ids::ReplicaId;
use jumin::model::person;
use jumin::model::role::Role;
use jumin::model::value::Value;
use jumin::store::Due;
use jumin::store::Finding;
use jumin::store::Opened;
use jumin::store::Progress;
use jumin::store::Reason;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::keys as keys_of;
use jumin::store::vault::Key;
use jumin::store::vault::kdf::Cost;
use jumin::store::vault::slot::Grant;
use secrecy::SecretString;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Mutex;

mod backup;
mod border;
mod chain;
mod checkpoint;
mod crash;
mod doctor;
mod engines;
mod frozen;
mod fuzz;
mod keys;
mod old;
mod one_key;
mod purge;
mod renew;
mod rot;
mod sealed;
mod sentinel;
mod snapshot;
mod thief;

const START: u64 = 1_790_000_000_000;

/// What the tests unlock with.
const PASSPHRASE: &str = "测试用的口令 not a secret";

/// So many days later.
fn now(day: u64) -> Now {
    let milliseconds = START + day * 86_400_000;
    Now {
        milliseconds,
        today: Date::of(milliseconds),
        seed: day,
    }
}

thread_local! {
    /// Whether this thread's tests are about sealed registers.
    static SEALING: Cell<bool> = const { Cell::new(false) };
}

/// The keys that were unlocked, by their key files: unlocking is slow on purpose.
static UNLOCKED: Mutex<Vec<(Vec<u8>, Key)>> = Mutex::new(vec![]);

fn founder() -> Grant {
    Grant {
        name: "王芳".into(),
        label: "前台".into(),
        role: Role::Manage,
        passphrase: SecretString::from(PASSPHRASE),
        cost: Cost::FLOOR,
    }
}

/// A new register in a folder of its own.
fn create(dir: &Path) -> Store {
    let replica = ReplicaId(Mint::new(START, 7).uuid());
    if SEALING.get() {
        Store::create_sealed(dir, replica, &founder()).unwrap().0
    } else {
        Store::create(dir, replica).unwrap()
    }
}

/// Where the journal is and all that serves it.
fn home(dir: &Path) -> PathBuf {
    let vault = dir.join("vault-0001");
    if vault.exists() {
        vault
    } else {
        dir.to_owned()
    }
}

/// The key of a folder, if it needs one.
fn key(dir: &Path) -> Option<Key> {
    let file = fs::read(dir.join("vault-0001/keys")).ok()?;
    let mut unlocked = UNLOCKED.lock().unwrap();
    if let Some((_, key)) = unlocked.iter().find(|(known, _)| *known == file) {
        return Some(key.clone());
    }
    let key = keys_of::unlock(dir, "王芳", &SecretString::from(PASSPHRASE)).unwrap();
    unlocked.push((file, key.clone()));
    Some(key)
}

/// Opens with the key that is needed.
fn try_open(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Opened, StoreError> {
    let settings = Settings {
        key: key(dir),
        ..Settings::default()
    };
    Store::open_with(dir, &settings, progress)
}

/// Opens as the register does.
fn open(dir: &Path) -> Opened {
    let opened = try_open(dir, &mut |_| {}).unwrap();
    opened.store.verify();
    opened
}

/// Opens with checkpoints written often: on every close, and after commits of some people.
fn open_eager(dir: &Path) -> Opened {
    open_with_checkpoints(dir, 5_000)
}

/// Opens with checkpoints written on every close, and after commits of so many bytes.
pub fn open_with_checkpoints(dir: &Path, large: u64) -> Opened {
    let due = Due {
        commits: 0,
        bytes: 0,
        large,
    };
    let settings = Settings {
        due,
        key: key(dir),
        ..Settings::default()
    };
    let opened = Store::open_with(dir, &settings, &mut |_| {}).unwrap();
    opened.store.verify();
    opened
}

/// The next commit: people who are new, each with a name that tells which commit made them.
fn newcomers(store: &Store, people: usize) -> Commit {
    let number = store.last().0 + 1;
    let mut mint = Mint::new(START + number, number);
    let empty = Book::default();
    let mut draft = Draft::new(&empty);
    for n in 0..people {
        let subject = mint.person().subject();
        draft.set(
            subject,
            person::NAME,
            Some(Value::Text(format!("居民{number}之{n}"))),
        );
        draft.set(subject, person::SEX, Some(Value::Code("1".into())));
    }
    commit(store, draft.finish())
}

/// Every commit, oldest first.
fn history(store: &Store) -> Vec<Commit> {
    let mut all = vec![];
    store
        .log(&mut |commit| {
            all.push(commit);
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

fn commit(store: &Store, changes: Vec<Change>) -> Commit {
    let (last, stamp) = store.last();
    let number = last + 1;
    Commit {
        id: CommitId(Mint::new(START + number, number ^ 0xC0).uuid()),
        stamp: stamp.next(START + number),
        replica: store.replica(),
        number,
        worker: "王芳".into(),
        act: Act::Edit,
        undoes: None,
        changes,
    }
}

/// How many people each commit of the log made, and that the book holds exactly those.
fn assert_whole(store: &Store, book: &Book) -> BTreeMap<u64, usize> {
    let mut people = BTreeMap::new();
    store
        .log(&mut |commit| {
            people.insert(commit.number, commit.changes.len() / 2);
            for change in &commit.changes {
                let stands = book
                    .record(change.subject)
                    .and_then(|r| r.get(change.field));
                assert_eq!(stands, change.new, "commit {}", commit.number);
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(book.population(), people.values().sum::<usize>());
    people
}

fn assert_clean(findings: &[Finding]) {
    assert!(
        findings.iter().all(|one| one.fault.is_none()),
        "{findings:?}"
    );
}

/// What a check found to be wrong with a part.
fn fault_of(findings: &[Finding], what: &str) -> Option<Reason> {
    let part = findings.iter().find(|one| one.what == what).unwrap();
    part.fault.clone()
}

/// Copies a folder and what is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The journal's files, oldest first.
fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(home(dir).join("journal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    all
}

/// The folders of sled that are there.
fn trees(dir: &Path) -> Vec<PathBuf> {
    fs::read_dir(home(dir))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("store-")
        })
        .collect()
}

fn drop_trees(dir: &Path) {
    for tree in trees(dir) {
        fs::remove_dir_all(tree).unwrap();
    }
}

#[test]
fn commits_are_there_the_next_morning() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let mut store = create(&dir);
    let mut sent = vec![];
    for people in [1, 3, 0, 1_500] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
        sent.push(next);
    }
    assert_clean(&store.check());
    drop(store);
    let mut opened = open(&dir);
    assert_eq!(opened.notices, []);
    assert_eq!(opened.store.last(), (4, sent[3].stamp));
    assert_eq!(opened.book.population(), 1_504);
    assert_whole(&opened.store, &opened.book);
    let second = opened.store.commit(sent[1].id).unwrap();
    assert_eq!(second.as_ref(), Some(&sent[1]));
    assert_clean(&opened.store.check());
    let next = newcomers(&opened.store, 2);
    opened.store.append(&next).unwrap();
    drop(opened);
    let opened = open(&dir);
    assert_eq!(opened.notices, []);
    assert_eq!(assert_whole(&opened.store, &opened.book).len(), 5);
    assert_eq!(segments(&dir).len(), 2);
}

#[test]
fn a_commit_out_of_turn_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    let mut next = newcomers(&store, 1);
    next.number = 3;
    assert!(matches!(
        store.append(&next),
        Err(StoreError::Damaged { .. })
    ));
    assert_eq!(store.last().0, 0);
}

#[test]
fn only_one_program_has_the_folder() {
    let temp = tempfile::tempdir().unwrap();
    let store = create(temp.path());
    let Err(StoreError::Locked { holder }) = Store::open(temp.path(), &mut |_| {}) else {
        panic!("opened twice");
    };
    let holder = holder.unwrap();
    assert_eq!(holder.process, std::process::id().to_string());
    assert!(!holder.host.is_empty() && holder.since.starts_with('2'));
    drop(store);
    assert_eq!(open(temp.path()).notices, []);
}

#[test]
fn folders_that_are_no_registers_are_told_apart() {
    let temp = tempfile::tempdir().unwrap();
    let there = temp.path().join("there");
    drop(create(&there));
    let replica = ReplicaId(Mint::new(START, 8).uuid());
    assert!(matches!(
        Store::create(&there, replica),
        Err(StoreError::Exists(_))
    ));
    let nowhere = Store::open(&temp.path().join("nowhere"), &mut |_| {});
    assert!(matches!(nowhere, Err(StoreError::NotFound(_))));
    let full = temp.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter.txt"), "dear").unwrap();
    assert!(matches!(
        Store::create(&full, replica),
        Err(StoreError::Disk { .. })
    ));
    let text = fs::read_to_string(there.join("id.toml")).unwrap();
    fs::write(
        there.join("id.toml"),
        text.replace("format = 1", "format = 9"),
    )
    .unwrap();
    assert!(matches!(
        Store::open(&there, &mut |_| {}),
        Err(StoreError::Newer(9))
    ));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let mut store = create(&dir);
    let next = newcomers(&store, 1);
    store.append(&next).unwrap();
    store.keep("sort", b"row 7").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&home(&dir).join("journal")), 0o700);
    assert_eq!(mode(&segments(&dir)[0]), 0o600);
    assert_eq!(mode(&dir.join("id.toml")), 0o600);
    let kept = fs::read_dir(home(&dir).join("desk")).unwrap().next();
    assert_eq!(mode(&kept.unwrap().unwrap().path()), 0o600);
    if dir != home(&dir) {
        assert_eq!(mode(&home(&dir)), 0o700);
        assert_eq!(mode(&home(&dir).join("keys")), 0o600);
    }
}

#[test]
fn small_things_are_kept() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    assert_eq!(store.kept("sort"), None);
    store.keep("sort", b"row 7").unwrap();
    store.keep("sort", b"row 8").unwrap();
    store.keep("../id.toml", b"no").unwrap();
    drop(store);
    let opened = open(temp.path());
    assert_eq!(opened.store.kept("sort").as_deref(), Some(&b"row 8"[..]));
    assert_eq!(opened.store.kept("../id.toml").as_deref(), Some(&b"no"[..]));
    assert_eq!(opened.notices, []);
}

/// The changes of a large commit are hashed side by side, and taken into sled in pieces.
#[test]
fn a_large_commit_adds_up() {
    let temp = tempfile::tempdir().unwrap();
    let mut store = create(temp.path());
    let next = newcomers(&store, 10_001);
    store.append(&next).unwrap();
    assert_clean(&store.check());
    drop(store);
    let mut opened = open(temp.path());
    assert_eq!(opened.notices, []);
    assert_eq!(opened.book.population(), 10_001);
    assert_clean(&opened.store.check());
}
