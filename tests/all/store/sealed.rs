//! The same faults, kills and rot, with sealed registers: sealing changes nothing of what is kept,
//! cut, mended and said.

use crate::store::SEALING;
use crate::store::checkpoint;
use crate::store::commits_are_there_the_next_morning;
use crate::store::crash;
use crate::store::create;
use crate::store::engines;
use crate::store::home;
use crate::store::newcomers;
use crate::store::nobody_else_can_read_it;
use crate::store::open;
use crate::store::rot;
use crate::store::segments;
use crate::store::small_things_are_kept;
use crate::store::snapshot;
use crate::store::try_open;
use jumin::store::Notice;
use jumin::store::Reason;
use jumin::store::Store;
use jumin::store::StoreError;
use std::fs;
use std::path::Path;

/// What is tried in a sealed register as well.
const TABLE: &[(&str, fn())] = &[
    ("next morning", commits_are_there_the_next_morning),
    ("small things", small_things_are_kept),
    ("nobody else", nobody_else_can_read_it),
    ("torn tail", rot::a_torn_tail_is_cut_and_said_at_every_byte),
    ("set aside", rot::what_is_cut_is_set_aside),
    ("flipped", rot::no_flipped_byte_goes_unsaid),
    ("named", rot::damage_names_the_commits_and_the_file),
    ("missing", rot::a_missing_segment_is_said),
    (
        "leftover",
        rot::a_leftover_that_the_next_segment_contradicts_is_harmless,
    ),
    (
        "begins",
        checkpoint::opening_begins_at_a_checkpoint_and_gives_the_same,
    ),
    (
        "large",
        checkpoint::a_large_commit_is_put_in_a_checkpoint_while_the_register_is_open,
    ),
    ("two", checkpoint::only_the_newest_two_are_kept),
    (
        "damaged",
        checkpoint::a_damaged_checkpoint_is_passed_over_and_a_check_tells,
    ),
    (
        "newer",
        checkpoint::a_checkpoint_newer_than_the_journal_proves_a_loss,
    ),
    (
        "beyond",
        checkpoint::a_torn_tail_beyond_a_checkpoint_is_cut_at_its_place,
    ),
    ("faults of sled", engines::each_fault_of_sled_is_mended),
    ("once", engines::what_fails_once_at_open_is_rebuilt),
    ("always", engines::what_fails_always_is_done_without),
    (
        "saving",
        engines::what_fails_while_saving_is_rebuilt_and_no_save_waits,
    ),
    ("lost", engines::what_sled_loses_silently_is_seen),
    (
        "laid by",
        snapshot::it_comes_back_with_the_commits_that_it_lacks,
    ),
    ("another past", snapshot::it_is_not_believed_in_another_past),
    ("damaged parts", snapshot::a_damaged_one_is_none),
];

#[test]
fn a_sealed_register_bears_what_an_open_one_bears() {
    for (name, test) in TABLE {
        println!("{name}");
        SEALING.set(true);
        test();
    }
}

#[test]
fn no_kill_loses_an_acknowledged_commit_that_is_sealed() {
    SEALING.set(true);
    let (some, _) = crash::kill_one_register(100, false);
    let (more, _) = crash::kill_one_register(101, true);
    assert!(some + more > 30, "the writer hardly wrote");
}

/// A sealed register of three commits, closed.
fn three_commits(dir: &Path) {
    SEALING.set(true);
    let mut store = create(dir);
    for people in [2, 3, 4] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    store.keep("sort", b"row 7").unwrap();
}

#[test]
fn it_does_not_open_without_a_key() {
    let temp = tempfile::tempdir().unwrap();
    three_commits(temp.path());
    let refused = Store::open(temp.path(), &mut |_| {});
    assert!(matches!(refused, Err(StoreError::Sealed(_))));
    assert_eq!(open(temp.path()).book.population(), 9);
}

#[test]
fn a_plain_frame_has_no_place_in_it() {
    let temp = tempfile::tempdir().unwrap();
    let (sealed, plain) = (temp.path().join("sealed"), temp.path().join("plain"));
    three_commits(&sealed);
    SEALING.set(false);
    // An open register with the same id: whoever has the folder can make its frames.
    let mut store = create(&plain);
    let next = newcomers(&store, 5);
    store.append(&next).unwrap();
    drop(store);
    fs::copy(&segments(&plain)[0], &segments(&sealed)[0]).unwrap();
    let opened = try_open(&sealed, &mut |_| {}).unwrap();
    let damaged = |one: &Notice| matches!(one, Notice::Damaged { .. });
    assert!(opened.notices.iter().any(damaged), "{:?}", opened.notices);
    assert_eq!(opened.book.population(), 0);
}

#[test]
fn passed_off_as_open_it_is_not_read_and_not_written() {
    let temp = tempfile::tempdir().unwrap();
    three_commits(temp.path());
    let identity = fs::read_to_string(temp.path().join("id.toml")).unwrap();
    let without = identity.replace("vault = 1", "");
    fs::write(temp.path().join("id.toml"), &without).unwrap();
    let said = Store::open(temp.path(), &mut |_| {}).err().unwrap();
    assert_eq!(Reason::from(said), Reason::Disagrees);
    fs::write(temp.path().join("id.toml"), identity).unwrap();
    assert_eq!(open(temp.path()).book.population(), 9);
}

#[test]
fn what_is_kept_under_one_name_does_not_open_under_another() {
    let temp = tempfile::tempdir().unwrap();
    three_commits(temp.path());
    let desk = home(temp.path()).join("desk");
    let mut store = open(temp.path()).store;
    let one = fs::read_dir(&desk).unwrap().next().unwrap().unwrap().path();
    store.keep("route", b"door 3").unwrap();
    let other = fs::read_dir(&desk)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| *path != one)
        .unwrap();
    assert_eq!(store.kept("sort").as_deref(), Some(&b"row 7"[..]));
    assert_eq!(store.kept("route").as_deref(), Some(&b"door 3"[..]));
    fs::copy(&one, &other).unwrap();
    assert_eq!(store.kept("route"), None);
}
