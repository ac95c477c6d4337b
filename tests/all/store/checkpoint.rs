//! Checkpoints: opening with one and without gives the same, and none that is deleted, damaged, old,
//! foreign or newer than the journal is believed or passed over in silence.

use crate::store::START;
use crate::store::assert_clean;
use crate::store::commit;
use crate::store::copy;
use crate::store::create;
use crate::store::fault_of;
use crate::store::history;
use crate::store::home;
use crate::store::newcomers;
use crate::store::open;
use crate::store::open_eager;
use crate::store::segments;
use crate::store::trees;
use crate::store::try_open;
use jumin::model::book::Book;
use jumin::model::change;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::date::Now;
use jumin::model::draft::Draft;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::register::Register;
use jumin::store::Notice;
use jumin::store::Opened;
use jumin::store::Reason;
use jumin::store::Stage;
use jumin::store::Store;
use jumin::store::StoreError;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// The checkpoints, oldest first.
fn checkpoints(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home(dir).join("checkpoint")) else {
        return vec![];
    };
    let mut all: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

/// Saves newcomers in a session of its own, with a checkpoint at its close.
fn session(dir: &Path, people: &[usize]) {
    let mut store = open_eager(dir).store;
    for people in people {
        let next = newcomers(&store, *people);
        store.append(&next).unwrap();
    }
}

/// A register of two sessions with two commits each and a checkpoint after each session, then one
/// of two commits without.
fn two_checkpoints(dir: &Path) {
    drop(create(dir));
    session(dir, &[1, 2]);
    session(dir, &[1, 2]);
    let mut store = open(dir).store;
    for people in [1, 2] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    drop(store);
    assert_eq!(checkpoints(dir).len(), 2);
}

/// Opens, and tells how many bytes of the journal were replayed.
fn replayed(dir: &Path) -> (Opened, u64) {
    let mut bytes = 0;
    let opened = try_open(dir, &mut |progress| {
        if progress.stage == Stage::Journal {
            bytes = progress.done;
        }
    });
    (opened.unwrap(), bytes)
}

/// How long the journal is.
fn size(dir: &Path) -> u64 {
    let sizes = segments(dir)
        .into_iter()
        .map(|path| fs::metadata(path).unwrap().len());
    sizes.sum()
}

fn assert_same_book(one: &Book, other: &Book) {
    assert_eq!(one.records().count(), other.records().count());
    for (subject, record) in one.records() {
        assert_eq!(other.record(subject), Some(record));
    }
    let ids = |book: &Book| book.people().map(|person| person.id).collect::<Vec<_>>();
    assert_eq!(ids(one), ids(other));
}

/// That a register opens in silence to what its journal alone says.
fn assert_as_without(dir: &Path, name: &str) {
    let bare = dir.with_added_extension("bare");
    copy(dir, &bare);
    fs::remove_dir_all(home(&bare).join("checkpoint")).unwrap();
    let (opened, without) = (open(dir), open(&bare));
    assert_eq!(opened.notices, [], "{name}");
    assert_same_book(&opened.book, &without.book);
    assert_eq!(opened.store.entries(), without.store.entries(), "{name}");
    assert_eq!(opened.store.last(), without.store.last(), "{name}");
    assert_eq!(history(&opened.store), history(&without.store), "{name}");
    drop(without);
    fs::remove_dir_all(&bare).unwrap();
}

#[test]
pub fn opening_begins_at_a_checkpoint_and_gives_the_same() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    drop(create(&dir));
    session(&dir, &[1, 90, 2]);
    let (opened, bytes) = replayed(&dir);
    assert_eq!(bytes, 0, "all of it is in the checkpoint");
    let mut store = opened.store;
    // A commit from before the checkpoint is altered, another taken back whole.
    let all = history(&store);
    let who = all[1].changes[0].subject;
    let mut draft = Draft::new(&opened.book);
    draft.set(who, person::NOTE, Some(Value::Text("altered".into())));
    let edit = commit(&store, draft.finish());
    store.append(&edit).unwrap();
    let mut undo = commit(&store, change::inverse(&all[2].changes));
    undo.undoes = Some(all[2].id);
    store.append(&undo).unwrap();
    assert_eq!(store.commit(all[0].id).unwrap().as_ref(), Some(&all[0]));
    assert_clean(&store.check());
    drop(store);
    let (opened, bytes) = replayed(&dir);
    assert!(0 < bytes && bytes < size(&dir) / 2, "{bytes} replayed");
    assert_eq!(opened.book.population(), 91);
    let altered = opened
        .book
        .record(who)
        .and_then(|record| record.text(person::NOTE));
    assert_eq!(altered, Some("altered"));
    drop(opened);
    assert_as_without(&dir, "two commits beyond");
    assert_clean(&open(&dir).store.check());
}

#[test]
pub fn what_was_done_before_a_checkpoint_can_be_taken_back() {
    let temp = tempfile::tempdir().unwrap();
    let now = |step| Now {
        milliseconds: START + step,
        today: Date::of(START),
        seed: step,
    };
    let mut register = Register::create(temp.path(), "王芳", now(0)).unwrap();
    let mut draft = Draft::new(register.index().book());
    let who = register.mint(now(1)).person().subject();
    draft.set(who, person::NAME, Some(Value::Text("赵一".into())));
    let changes = draft.finish();
    let made = register.commit(Act::Edit, changes, now(2)).unwrap();
    drop(register);
    drop(open_eager(temp.path()));
    assert_eq!(replayed(temp.path()).1, 0);
    let (mut register, notices) = Register::open(temp.path(), "王芳", now(3), &mut |_| {}).unwrap();
    assert_eq!(notices, []);
    assert_eq!(register.last_undoable().unwrap().as_ref(), Some(&made));
    register.undo(made.id, now(4)).unwrap();
    assert_eq!(register.index().book().population(), 0);
    assert_eq!(register.log(None, 9).unwrap().len(), 3);
    drop(register);
    assert_eq!(open(temp.path()).book.population(), 0);
}

#[test]
pub fn a_large_commit_is_put_in_a_checkpoint_while_the_register_is_open() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    let mut store = open_eager(temp.path()).store;
    let next = newcomers(&store, 3);
    store.append(&next).unwrap();
    assert!(checkpoints(temp.path()).is_empty());
    let next = newcomers(&store, 300);
    store.append(&next).unwrap();
    // It goes on in the middle of a segment.
    let next = newcomers(&store, 4);
    store.append(&next).unwrap();
    let written = || {
        checkpoints(temp.path())
            .iter()
            .any(|path| path.ends_with("000000000002.jcp"))
    };
    for _ in 0..500 {
        if written() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(written());
    // The register ends without a close.
    let killed = temp.path().join("killed");
    let (from, to) = (home(temp.path()), killed.join("vault-0001"));
    let to = if from == temp.path() {
        killed.clone()
    } else {
        to
    };
    for part in ["journal", "checkpoint"] {
        copy(&from.join(part), &to.join(part));
    }
    fs::copy(temp.path().join("id.toml"), killed.join("id.toml")).unwrap();
    if from != temp.path() {
        fs::copy(from.join("keys"), to.join("keys")).unwrap();
    }
    let (opened, bytes) = replayed(&killed);
    assert_eq!(opened.book.population(), 307);
    assert!(0 < bytes && bytes < size(&killed) / 2, "{bytes} replayed");
    drop(opened);
    assert_as_without(&killed, "killed");
}

#[test]
pub fn only_the_newest_two_are_kept() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    for people in [1, 2, 3] {
        session(temp.path(), &[people]);
    }
    // A session that saves nothing writes nothing.
    let before = fs::metadata(&checkpoints(temp.path())[1])
        .unwrap()
        .modified()
        .unwrap();
    session(temp.path(), &[]);
    let all = checkpoints(temp.path());
    let names: Vec<_> = all
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["000000000002.jcp", "000000000003.jcp"]);
    assert_eq!(fs::metadata(&all[1]).unwrap().modified().unwrap(), before);
}

/// What is done to a checkpoint's bytes, and its name.
type Harm = (String, Box<dyn Fn(&mut Vec<u8>)>);

fn harms(length: usize) -> Vec<Harm> {
    let mut all: Vec<Harm> = vec![];
    for cut in [0, 1, 7, 8, 20, length / 2, length - 1] {
        all.push((
            format!("cut to {cut}"),
            Box::new(move |bytes| bytes.truncate(cut)),
        ));
    }
    all.push(("one byte more".into(), Box::new(|bytes| bytes.push(0))));
    // The magic, the first block's head and what it says, then all over the file.
    let places = (0..40)
        .chain((40..length).step_by(length / 40))
        .chain([length - 1]);
    for at in places {
        let flip = move |bytes: &mut Vec<u8>| bytes[at] ^= 1 << (at % 8);
        all.push((format!("byte {at} flipped"), Box::new(flip)));
    }
    all
}

#[test]
pub fn a_damaged_checkpoint_is_passed_over_and_a_check_tells() {
    let temp = tempfile::tempdir().unwrap();
    two_checkpoints(temp.path());
    let newest = checkpoints(temp.path())[1].clone();
    let whole = fs::read(&newest).unwrap();
    let without = open(temp.path()).book;
    let (_, bytes) = replayed(temp.path());
    assert!(bytes > 0);
    let mut looked_up = 0;
    for (name, harm) in harms(whole.len()) {
        let dir = temp.path().with_added_extension("harmed");
        copy(temp.path(), &dir);
        let mut bytes_now = whole.clone();
        harm(&mut bytes_now);
        fs::write(&checkpoints(&dir)[1], bytes_now).unwrap();
        let (mut opened, more) = replayed(&dir);
        assert_eq!(opened.notices, [], "{name}");
        assert_same_book(&opened.book, &without);
        assert_eq!(opened.store.entries().len(), 6, "{name}");
        let notices = opened.store.notices();
        let fault = fault_of(&opened.store.check(), "checkpoints");
        assert!(
            matches!(fault, Some(Reason::Checkpoint(4, _))),
            "{name}: {fault:?}"
        );
        drop(opened);
        if more == bytes {
            looked_up += 1;
            assert!(
                matches!(notices[..], [Notice::Reread { .. }]),
                "{name}: {notices:?}"
            );
            assert_eq!(replayed(&dir).1, 0, "{name}: a new one was written at once");
        } else {
            let serves = bytes < more && more < size(temp.path());
            assert!(serves, "{name}: the one before serves");
            assert_eq!(notices, [], "{name}");
        }
        fs::remove_dir_all(&dir).unwrap();
    }
    assert!(
        looked_up > 5,
        "only {looked_up} were seen when records were looked up"
    );
    fs::remove_file(&newest).unwrap();
    assert_as_without(temp.path(), "the newest deleted");
    fs::write(&checkpoints(temp.path())[0], b"junk").unwrap();
    let (opened, all) = replayed(temp.path());
    assert_eq!((opened.notices, all), (vec![], size(temp.path())));
    drop(opened.store);
    assert_as_without(temp.path(), "both damaged");
}

#[test]
pub fn a_checkpoint_newer_than_the_journal_proves_a_loss() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    session(temp.path(), &[1, 2]);
    session(temp.path(), &[1, 2]);
    for tree in trees(temp.path()) {
        fs::remove_dir_all(tree).unwrap();
    }
    let last = segments(temp.path())[1].clone();
    let bytes = fs::read(&last).unwrap();
    for (cut, commits) in [(bytes.len() - 5, "4"), (100, "3-4"), (0, "3-4")] {
        fs::write(&last, &bytes[..cut]).unwrap();
        let mut opened = open(temp.path());
        let damaged = |notice: &Notice| matches!(notice, Notice::Damaged { commits: said, .. } if said == commits);
        assert!(opened.notices.iter().any(damaged), "{:?}", opened.notices);
        let next = newcomers(&opened.store, 1);
        let refused = opened.store.append(&next);
        assert!(matches!(refused, Err(StoreError::ReadOnly { .. })));
        assert!(fault_of(&opened.store.check(), "checkpoints").is_some());
        drop(opened);
        assert_eq!(fs::read(&last).unwrap(), bytes[..cut], "nothing is cut");
    }
    fs::write(&last, &bytes).unwrap();
    // sled is built again.
    drop(open(temp.path()));
    assert_as_without(temp.path(), "mended by hand");
}

#[test]
pub fn a_checkpoint_of_another_register_or_another_past_is_not_believed() {
    let temp = tempfile::tempdir().unwrap();
    let (mine, other) = (temp.path().join("mine"), temp.path().join("other"));
    drop(create(&mine));
    session(&mine, &[2]);
    copy(&mine, &other);
    session(&mine, &[3, 4]);
    // The same register with another past.
    session(&other, &[5, 6]);
    let theirs = checkpoints(&other)[1].clone();
    let foreign = temp.path().join("foreign");
    drop(
        Store::create(
            &foreign,
            jumin::model::ids::ReplicaId(uuid::Uuid::from_u128(9)),
        )
        .unwrap(),
    );
    session(&foreign, &[7, 8, 9, 10]);
    for from in [theirs, checkpoints(&foreign)[0].clone()] {
        let put = home(&mine)
            .join("checkpoint")
            .join(from.file_name().unwrap());
        let whole = fs::read(&put).ok();
        fs::copy(&from, &put).unwrap();
        let mut opened = open(&mine);
        assert_eq!(opened.book.population(), 9);
        assert!(fault_of(&opened.store.check(), "checkpoints").is_some());
        drop(opened);
        assert_as_without(&mine, "foreign");
        fs::remove_file(&put).unwrap();
        if let Some(whole) = whole {
            fs::write(&put, whole).unwrap();
        }
    }
    assert_clean(&open(&mine).store.check());
}

#[test]
pub fn a_torn_tail_beyond_a_checkpoint_is_cut_at_its_place() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    let mut store = open_eager(temp.path()).store;
    let next = newcomers(&store, 100);
    store.append(&next).unwrap();
    let length = fs::metadata(&segments(temp.path())[0]).unwrap().len();
    let next = newcomers(&store, 1);
    store.append(&next).unwrap();
    drop(store);
    // Keep the checkpoint of the large commit alone, and lose sled's word on the small one.
    fs::remove_file(home(temp.path()).join("checkpoint/000000000002.jcp")).unwrap();
    for tree in trees(temp.path()) {
        fs::remove_dir_all(tree).unwrap();
    }
    let path = segments(temp.path())[0].clone();
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
    let opened = open_eager(temp.path());
    let torn = Notice::TornTail {
        bytes: bytes.len() as u64 - 3 - length,
    };
    assert!(opened.notices.contains(&torn), "{:?}", opened.notices);
    assert_eq!(opened.book.population(), 100);
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
    let mut store = opened.store;
    let next = newcomers(&store, 2);
    store.append(&next).unwrap();
    assert_clean(&store.check());
    drop(store);
    assert_eq!(replayed(temp.path()).1, 0);
    assert_as_without(temp.path(), "after the cut");
}

#[test]
pub fn a_checkpoint_that_cannot_be_written_hurts_nobody() {
    let temp = tempfile::tempdir().unwrap();
    drop(create(temp.path()));
    fs::write(home(temp.path()).join("checkpoint"), b"in the way").unwrap();
    session(temp.path(), &[1, 200]);
    let mut opened = open(temp.path());
    assert_eq!(opened.notices, []);
    assert_eq!(opened.book.population(), 201);
    assert_clean(&opened.store.check());
}

#[test]
fn an_earlier_programs_checkpoint_is_passed_over_in_silence() {
    let temp = tempfile::tempdir().unwrap();
    two_checkpoints(temp.path());
    let newest = checkpoints(temp.path())[1].clone();
    let (_, beyond) = replayed(temp.path());
    let mut bytes = fs::read(&newest).unwrap();
    bytes[..8].copy_from_slice(b"JUMINCKP");
    fs::write(&newest, bytes).unwrap();
    let (mut opened, more) = replayed(temp.path());
    assert!(beyond < more, "the one before serves");
    assert_eq!(opened.notices, []);
    assert_clean(&opened.store.check());
    drop(opened);
    assert_as_without(temp.path(), "older");
}

/// Writes zeros over a file that somebody may have open.
fn wipe(path: &Path) {
    let length = fs::metadata(path).unwrap().len();
    fs::OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &vec![0; length as usize]))
        .unwrap();
}

/// A register of 94 people whose records all lie in its one checkpoint.
fn one_checkpoint(dir: &Path) -> Book {
    drop(create(dir));
    session(dir, &[1, 91, 2]);
    let book = open(dir).book;
    assert_eq!(book.people().count(), 94);
    book
}

#[test]
fn what_cannot_be_looked_up_any_more_is_read_from_the_journal() {
    let temp = tempfile::tempdir().unwrap();
    let whole = one_checkpoint(temp.path());
    let mut opened = open(temp.path());
    wipe(checkpoints(temp.path()).last().unwrap());
    assert_eq!(opened.store.notices(), [], "nobody has looked yet");
    assert_same_book(&opened.book, &whole);
    let notices = opened.store.notices();
    assert!(
        matches!(notices[..], [Notice::Reread { .. }]),
        "{notices:?}"
    );
    assert_eq!(opened.store.notices(), [], "it is told once");
    let next = newcomers(&opened.store, 1);
    opened.store.append(&next).unwrap();
    drop(opened);
    assert_as_without(temp.path(), "afterwards");
}

#[test]
fn where_the_journal_is_gone_too_nothing_is_saved_any_more() {
    let temp = tempfile::tempdir().unwrap();
    one_checkpoint(temp.path());
    let mut opened = open(temp.path());
    wipe(checkpoints(temp.path()).last().unwrap());
    segments(temp.path()).iter().for_each(|path| wipe(path));
    assert_eq!(opened.book.people().count(), 0);
    let notices = opened.store.notices();
    assert!(
        matches!(notices[..], [Notice::Unread { .. }]),
        "{notices:?}"
    );
    let next = newcomers(&opened.store, 1);
    let saved = opened.store.append(&next);
    assert!(
        matches!(saved, Err(StoreError::ReadOnly { .. })),
        "{saved:?}"
    );
}
