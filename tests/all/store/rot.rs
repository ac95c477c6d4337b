//! Torn tails, flipped bytes and missing files of the journal.

use crate::store::assert_whole;
use crate::store::copy;
use crate::store::create;
use crate::store::drop_trees;
use crate::store::home;
use crate::store::newcomers;
use crate::store::open;
use crate::store::open_eager;
use crate::store::segments;
use crate::store::try_open;
use jumin::store::Notice;
use jumin::store::Opened;
use jumin::store::StoreError;
use std::fs;
use std::path::Path;

/// A register of three sessions with two commits each.
fn six_commits(dir: &Path) {
    sessions(dir, |_| open);
}

/// The same, each later session opened in a way of its own.
fn sessions(dir: &Path, opener: impl Fn(usize) -> fn(&Path) -> Opened) {
    for session in 0..3 {
        let mut store = if session == 0 {
            create(dir)
        } else {
            opener(session)(dir).store
        };
        for people in [1, 2] {
            let next = newcomers(&store, people);
            store.append(&next).unwrap();
        }
    }
}

/// What opening said, when it opened.
fn said(dir: &Path) -> Result<(u64, Vec<Notice>), StoreError> {
    let opened = try_open(dir, &mut |_| {})?;
    Ok((opened.store.last().0, opened.notices))
}

#[test]
pub fn a_torn_tail_is_cut_and_said_at_every_byte() {
    let temp = tempfile::tempdir().unwrap();
    let whole = temp.path().join("whole");
    six_commits(&whole);
    drop_trees(&whole);
    let last = segments(&whole)[2].clone();
    let bytes = fs::read(&last).unwrap();
    let first_frame = 64 + 48 + u32::from_le_bytes(bytes[64..68].try_into().unwrap()) as usize;
    for cut in 0..bytes.len() {
        let dir = temp.path().join(format!("cut-{cut}"));
        copy(&whole, &dir);
        fs::write(&segments(&dir)[2], &bytes[..cut]).unwrap();
        let mut opened = open(&dir);
        let survives = if cut < first_frame { 4 } else { 5 };
        assert_eq!(opened.store.last().0, survives, "cut at {cut}");
        assert_eq!(
            assert_whole(&opened.store, &opened.book).len() as u64,
            survives
        );
        let torn = match cut {
            0..64 => cut,
            _ if cut < first_frame => cut - 64,
            _ => cut - first_frame,
        };
        let tails: Vec<u64> = opened.notices.iter().filter_map(tail).collect();
        let want: &[u64] = if torn == 0 { &[] } else { &[torn as u64] };
        assert_eq!(tails, want, "cut at {cut}: {:?}", opened.notices);
        let next = newcomers(&opened.store, 1);
        opened.store.append(&next).unwrap();
        drop(opened);
        let (number, notices) = said(&dir).unwrap();
        assert_eq!((number, notices), (survives + 1, vec![]), "cut at {cut}");
        fs::remove_dir_all(&dir).unwrap();
    }
}

fn tail(notice: &Notice) -> Option<u64> {
    if let Notice::TornTail { bytes } = notice {
        Some(*bytes)
    } else {
        None
    }
}

#[test]
pub fn what_is_cut_is_set_aside() {
    let temp = tempfile::tempdir().unwrap();
    six_commits(temp.path());
    drop_trees(temp.path());
    let last = segments(temp.path())[2].clone();
    let bytes = fs::read(&last).unwrap();
    fs::write(&last, &bytes[..bytes.len() - 5]).unwrap();
    open(temp.path());
    let aside: Vec<_> = fs::read_dir(home(temp.path()).join("quarantine"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(aside.len(), 1);
    let kept = fs::read(&last).unwrap();
    assert_eq!([kept, aside[0].clone()].concat(), bytes[..bytes.len() - 5]);
}

/// Every byte of the journal, flipped: said, or the frame was the last and sled was gone with it.
#[test]
pub fn no_flipped_byte_goes_unsaid() {
    let temp = tempfile::tempdir().unwrap();
    let whole = temp.path().join("whole");
    six_commits(&whole);
    assert_no_flip_unsaid(temp.path(), &whole, 1);
}

/// The same where a checkpoint stands after most of the journal, or after all of it.
#[test]
pub fn no_flipped_byte_below_a_checkpoint_goes_unsaid() {
    for eager in [1, 2] {
        let temp = tempfile::tempdir().unwrap();
        let whole = temp.path().join("whole");
        sessions(
            &whole,
            |session| if session == eager { open_eager } else { open },
        );
        assert_eq!(
            fs::read_dir(home(&whole).join("checkpoint"))
                .unwrap()
                .count(),
            1
        );
        assert_no_flip_unsaid(temp.path(), &whole, 3);
    }
}

/// Flips each byte that is so many behind the one before.
fn assert_no_flip_unsaid(temp: &Path, whole: &Path, step: usize) {
    let dir = temp.join("flipped");
    copy(whole, &dir);
    for (n, segment) in segments(&dir).into_iter().enumerate() {
        let bytes = fs::read(&segment).unwrap();
        for at in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(&segment, &flipped).unwrap();
            let mut opened = open(&dir);
            let place = format!("segment {n} byte {at}: {:?}", opened.notices);
            let damage = opened
                .notices
                .iter()
                .any(|notice| matches!(notice, Notice::Damaged { .. }));
            assert!(damage, "{place}");
            let next = newcomers(&opened.store, 1);
            let refused = opened.store.append(&next);
            assert!(
                matches!(refused, Err(StoreError::ReadOnly { .. })),
                "{place}"
            );
            assert!(opened.book.population() >= 6, "{place}");
            drop(opened);
            assert_eq!(fs::read(&segment).unwrap(), flipped, "{place}");
        }
        fs::write(&segment, &bytes).unwrap();
    }
    let (number, notices) = said(&dir).unwrap();
    assert_eq!(
        (number, notices),
        (6, vec![]),
        "mended by hand, all is well"
    );
}

#[test]
pub fn damage_names_the_commits_and_the_file() {
    let temp = tempfile::tempdir().unwrap();
    six_commits(temp.path());
    let second = segments(temp.path())[1].clone();
    let mut bytes = fs::read(&second).unwrap();
    bytes[100] ^= 4;
    fs::write(&second, bytes).unwrap();
    let (_, notices) = said(temp.path()).unwrap();
    let want = Notice::Damaged {
        commits: "3".into(),
        file: second.display().to_string(),
    };
    assert_eq!(notices, [want]);
}

#[test]
pub fn a_missing_segment_is_said() {
    for (gone, commits) in [(0, "1-2"), (1, "3-4"), (2, "5-6")] {
        let temp = tempfile::tempdir().unwrap();
        six_commits(temp.path());
        fs::remove_file(&segments(temp.path())[gone]).unwrap();
        let mut opened = open(temp.path());
        let said = opened.notices.iter().any(
            |notice| matches!(notice, Notice::Damaged { commits: said, .. } if said == commits),
        );
        assert!(said, "segment {gone}: {:?}", opened.notices);
        assert_eq!(opened.book.population(), 6);
        let next = newcomers(&opened.store, 1);
        assert!(matches!(
            opened.store.append(&next),
            Err(StoreError::ReadOnly { .. })
        ));
        let findings = opened.store.check();
        assert!(
            findings.iter().any(|one| one.fault.is_some()),
            "{findings:?}"
        );
    }
}

/// A segment whose beginning failed and could not be taken away again.
#[test]
pub fn a_leftover_that_the_next_segment_contradicts_is_harmless() {
    let temp = tempfile::tempdir().unwrap();
    six_commits(temp.path());
    let all = segments(temp.path());
    let stray = fs::read(&all[2]).unwrap();
    // The same beginning twice: the later file is the one that counts.
    fs::rename(&all[2], all[2].with_file_name("00000004.jnl")).unwrap();
    fs::write(&all[2], &stray[..stray.len() / 2]).unwrap();
    let renamed = home(temp.path()).join("journal/00000004.jnl");
    let mut bytes = fs::read(&renamed).unwrap();
    bytes[12] = 4;
    let crc = crc32fast::hash(&bytes[..60]);
    bytes[60..64].copy_from_slice(&crc.to_le_bytes());
    fs::write(&renamed, bytes).unwrap();
    let (number, notices) = said(temp.path()).unwrap();
    assert_eq!(number, 6);
    assert!(
        matches!(notices[..], [Notice::TornTail { .. }]),
        "{notices:?}"
    );
    assert_eq!(said(temp.path()).unwrap(), (6, vec![]));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 200,
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn any_bytes_as_a_journal_do_no_harm(junk: Vec<u8>, keep in 0_usize..700) {
        let temp = tempfile::tempdir().unwrap();
        let mut store = create(temp.path());
        let next = newcomers(&store, 1);
        store.append(&next).unwrap();
        drop(store);
        let first = segments(temp.path())[0].clone();
        let mut bytes = fs::read(&first).unwrap();
        bytes.truncate(keep);
        bytes.extend_from_slice(&junk);
        fs::write(&first, bytes).unwrap();
        let (number, _) = said(temp.path()).unwrap();
        assert!(number <= 1);
    }
}
