//! sled damaged, erring, panicking, hanging and lying: the register opens whole all the same.

use crate::rig::asked;
use crate::store::SEALING;
use crate::store::assert_clean;
use crate::store::assert_whole;
use crate::store::copy;
use crate::store::create;
use crate::store::fault_of;
use crate::store::home;
use crate::store::key;
use crate::store::newcomers;
use crate::store::open;
use crate::store::trees;
use fastrand::Rng;
use jumin::store::Notice;
use jumin::store::Opened;
use jumin::store::Reason;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::engine::Engine;
use jumin::store::engine::Pair;
use jumin::store::engine::Sled;
use jumin::store::engine::Trees;
use jumin::store::engine::Visit;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A register with enough in it for sled to have written a snapshot, closed cleanly.
fn settled(dir: &Path) {
    let mut store = create(dir);
    for people in [400, 1, 1, 30] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    drop(store);
    // sled writes its snapshot when it opens on a log.
    assert_eq!(open(dir).notices, []);
}

/// The file of sled whose name begins so.
fn file(dir: &Path, name: &str) -> PathBuf {
    let all = trees(dir);
    assert_eq!(all.len(), 1, "{all:?}");
    fs::read_dir(&all[0])
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(name)
        })
        .unwrap_or_else(|| panic!("no {name} in {}", all[0].display()))
}

fn alter(path: &Path, how: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    how(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Alters what stands in the trees, as sled itself would; the first pair is their word about
/// themselves.
fn rewrite(dir: &Path, how: impl FnOnce(&mut Vec<(Vec<u8>, Vec<u8>)>)) {
    let sled = Sled.open(&trees(dir)[0]).unwrap();
    let mut pairs = vec![];
    let mut take = |key: &[u8], value: &[u8]| {
        pairs.push((key.to_vec(), value.to_vec()));
        Ok(())
    };
    sled.scan(&mut take).unwrap();
    how(&mut pairs);
    let pairs = pairs.into_iter().map(|(key, value)| (key, Some(value)));
    sled.put(pairs.collect()).unwrap();
    sled.flush().unwrap();
}

/// The version that stands before all that was put into the trees by an earlier program.
const EARLIER: u8 = 1;

type Fault = (&'static str, fn(&Path), bool);

/// Each fault, and whether it must be seen (some strike dead space).
const FAULTS: &[Fault] = &[
    (
        "snapshot deleted",
        |dir| fs::remove_file(file(dir, "snap.")).unwrap(),
        false,
    ),
    (
        "snapshot truncated",
        |dir| alter(&file(dir, "snap."), |bytes| bytes.truncate(9)),
        true,
    ),
    (
        "snapshot emptied",
        |dir| alter(&file(dir, "snap."), Vec::clear),
        true,
    ),
    (
        "snapshot flipped",
        |dir| alter(&file(dir, "snap."), |bytes| bytes[12] ^= 1),
        true,
    ),
    (
        "half-written snapshot left",
        |dir| {
            fs::write(trees(dir)[0].join("snap.00000000000FFFFF.generating"), b"").unwrap();
        },
        true,
    ),
    (
        "db cut by a byte",
        |dir| {
            alter(&file(dir, "db"), |bytes| {
                bytes.pop();
            })
        },
        false,
    ),
    (
        "db cut by 64 KiB",
        |dir| {
            alter(&file(dir, "db"), |bytes| {
                bytes.truncate(bytes.len().saturating_sub(65_536))
            });
        },
        false,
    ),
    (
        "db cut to its start",
        |dir| alter(&file(dir, "db"), |bytes| bytes.truncate(20_000)),
        true,
    ),
    (
        "db emptied",
        |dir| alter(&file(dir, "db"), Vec::clear),
        true,
    ),
    (
        "db deleted",
        |dir| fs::remove_file(file(dir, "db")).unwrap(),
        true,
    ),
    (
        "db zeroed",
        |dir| alter(&file(dir, "db"), |bytes| bytes.fill(0)),
        true,
    ),
    (
        "db zeroed in part",
        |dir| alter(&file(dir, "db"), |bytes| bytes[4_096..8_192].fill(0)),
        false,
    ),
    (
        "conf deleted",
        |dir| fs::remove_file(file(dir, "conf")).unwrap(),
        false,
    ),
    (
        "conf emptied",
        |dir| alter(&file(dir, "conf"), Vec::clear),
        false,
    ),
    (
        "conf flipped",
        |dir| alter(&file(dir, "conf"), |bytes| bytes[0] ^= 64),
        false,
    ),
    (
        "trees deleted",
        |dir| fs::remove_dir_all(&trees(dir)[0]).unwrap(),
        true,
    ),
    (
        "not closed",
        |dir| fs::write(home(dir).join("store.dirty"), b"").unwrap(),
        true,
    ),
];

#[test]
pub fn each_fault_of_sled_is_mended() {
    let temp = tempfile::tempdir().unwrap();
    let whole = temp.path().join("whole");
    settled(&whole);
    for (n, (name, harm, must_be_seen)) in FAULTS.iter().enumerate() {
        let dir = temp.path().join(n.to_string());
        copy(&whole, &dir);
        harm(&dir);
        assert_mended(&dir, name, 432, *must_be_seen);
    }
}

/// What an earlier program put into the trees reads as nothing today: all of it, or a row that it wrote
/// when it was put to use again in between.
#[test]
fn the_trees_of_an_earlier_program_are_built_again() {
    let temp = tempfile::tempdir().unwrap();
    for (name, rows) in [("all", 0), ("a row", 1)] {
        let dir = temp.path().join(name);
        settled(&dir);
        rewrite(&dir, |pairs| {
            let from = rows * (pairs.len() - 1);
            pairs[from..]
                .iter_mut()
                .for_each(|(_, value)| value[0] = EARLIER);
        });
        assert_mended(&dir, name, 432, true);
    }
}

/// What happens to sled's files at a place that chance chooses; `elder` is a copy of an older day.
type Damage = (&'static str, fn(&Path, &Path, &mut Rng));

const DAMAGES: [Damage; 11] = [
    ("a bit", |dir, _, chance| {
        alter(&file(dir, "db"), |bytes| {
            let at = used(bytes, chance);
            bytes[at] ^= 1 << chance.u8(..8);
        });
    }),
    ("4 KiB of zeros", |dir, _, chance| {
        alter(&file(dir, "db"), |bytes| {
            let at = used(bytes, chance) / 4_096 * 4_096;
            let end = (at + 4_096).min(bytes.len());
            bytes[at..end].fill(0);
        });
    }),
    ("512 bytes of anything", |dir, _, chance| {
        alter(&file(dir, "db"), |bytes| {
            let at = used(bytes, chance) / 512 * 512;
            let end = (at + 512).min(bytes.len());
            bytes[at..end].fill_with(|| chance.u8(..));
        });
    }),
    ("cut", |dir, _, chance| {
        alter(&file(dir, "db"), |bytes| {
            let at = used(bytes, chance);
            bytes.truncate(at);
        });
    }),
    ("a snapshot altered", |dir, _, chance| {
        alter(&file(dir, "snap."), |bytes| {
            let at = chance.usize(..bytes.len());
            bytes[at] ^= 1 << chance.u8(..8);
        });
    }),
    ("a snapshot cut", |dir, _, chance| {
        alter(&file(dir, "snap."), |bytes| {
            bytes.truncate(chance.usize(..bytes.len()))
        });
    }),
    ("no snapshot", |dir, _, _| {
        fs::remove_file(file(dir, "snap.")).unwrap()
    }),
    ("conf altered", |dir, _, chance| {
        alter(&file(dir, "conf"), |bytes| {
            let at = chance.usize(..bytes.len());
            bytes[at] ^= 1 << chance.u8(..8);
        });
    }),
    ("no conf", |dir, _, _| {
        fs::remove_file(file(dir, "conf")).unwrap()
    }),
    ("two values changed for each other", |dir, _, chance| {
        rewrite(dir, |pairs| {
            let [one, other] = [(); 2].map(|()| chance.usize(1..pairs.len()));
            let value = pairs[one].1.clone();
            pairs[one].1 = std::mem::replace(&mut pairs[other].1, value);
        });
    }),
    ("the trees of an older day", |dir, elder, _| {
        let of_today = trees(dir).remove(0);
        fs::remove_dir_all(&of_today).unwrap();
        copy(&trees(elder)[0], &of_today);
    }),
];

/// A place where something stands: most of the file is empty.
fn used(bytes: &[u8], chance: &mut Rng) -> usize {
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    used[chance.usize(..used.len())]
}

/// So many of each damage, or `JUMIN_DAMAGES`.
const EACH: u64 = 5;

#[test]
fn whatever_happens_to_sleds_files_is_mended() {
    let temp = tempfile::tempdir().unwrap();
    let folders = [false, true].map(|is_sealed| {
        SEALING.set(is_sealed);
        let day = |day: &str| temp.path().join(format!("{day} {is_sealed}"));
        let (elder, whole) = (day("elder"), day("whole"));
        settled(&whole);
        copy(&whole, &elder);
        let mut store = open(&whole).store;
        let next = newcomers(&store, 2);
        store.append(&next).unwrap();
        drop(store);
        assert_eq!(open(&whole).notices, []);
        (elder, whole)
    });
    for (name, harm) in DAMAGES {
        for number in 0..asked("DAMAGES", EACH) {
            let (elder, whole) = &folders[number as usize % 2];
            let dir = temp.path().join("harmed");
            copy(whole, &dir);
            harm(&dir, elder, &mut Rng::with_seed(number));
            assert_mended(&dir, &format!("{name} {number}"), 434, false);
            fs::remove_dir_all(&dir).unwrap();
        }
    }
}

fn assert_mended(dir: &Path, name: &str, people: usize, must_be_seen: bool) {
    let mut opened = open(dir);
    assert_eq!(opened.book.population(), people, "{name}");
    assert_whole(&opened.store, &opened.book);
    assert_clean(&opened.store.check());
    let notices = [opened.notices, opened.store.notices()].concat();
    let only_rebuilt = notices
        .iter()
        .all(|one| matches!(one, Notice::Rebuilt { .. }));
    assert!(only_rebuilt && notices.len() <= 1, "{name}: {notices:?}");
    assert!(!must_be_seen || notices.len() == 1, "{name} went unsaid");
    let next = newcomers(&opened.store, 1);
    opened.store.append(&next).unwrap();
    drop(opened.store);
    let mut again = open(dir);
    assert_eq!(again.notices, [], "{name}");
    assert_eq!(again.book.population(), people + 1, "{name}");
    assert_clean(&again.store.check());
}

/// What an engine does instead of its duty.
#[derive(Clone, Copy, PartialEq)]
enum Mischief {
    ErrAtOpen,
    PanicAtOpen,
    HangAtOpen,
    ErrAtPut,
    PanicAtPut,
    HangAtPut,
    LoseAtPut,
}

/// sled with a mischief, done so many times.
struct Rogue {
    mischief: Mischief,
    times: Arc<AtomicUsize>,
}

struct RogueTrees {
    inner: Box<dyn Trees>,
    mischief: Mischief,
    times: Arc<AtomicUsize>,
}

/// Whether the mischief is done once more.
fn strikes(times: &AtomicUsize) -> bool {
    times
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_ok()
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

impl Engine for Rogue {
    fn open(&self, dir: &Path) -> Result<Box<dyn Trees>, String> {
        match self.mischief {
            Mischief::ErrAtOpen if strikes(&self.times) => return Err("rogue".into()),
            Mischief::PanicAtOpen if strikes(&self.times) => panic!("rogue"),
            Mischief::HangAtOpen if strikes(&self.times) => hang(),
            _ => {}
        }
        Ok(Box::new(RogueTrees {
            inner: Sled.open(dir)?,
            mischief: self.mischief,
            times: Arc::clone(&self.times),
        }))
    }
}

impl Trees for RogueTrees {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, String> {
        self.inner.get(key)
    }

    fn put(&self, mut pairs: Vec<Pair>) -> Result<(), String> {
        match self.mischief {
            Mischief::ErrAtPut if strikes(&self.times) => return Err("rogue".into()),
            Mischief::PanicAtPut if strikes(&self.times) => panic!("rogue"),
            Mischief::HangAtPut if strikes(&self.times) => hang(),
            Mischief::LoseAtPut if strikes(&self.times) => drop(pairs.remove(0)),
            _ => {}
        }
        self.inner.put(pairs)
    }

    fn scan(&self, each: &mut Visit<'_>) -> Result<(), String> {
        self.inner.scan(each)
    }

    fn flush(&self) -> Result<(), String> {
        self.inner.flush()
    }
}

/// A register's folder with 432 people, opened with a rogue.
fn rogue(mischief: Mischief, times: usize) -> (tempfile::TempDir, Opened) {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let opened = open_rogue(temp.path(), mischief, times);
    assert_eq!(opened.book.population(), 432);
    (temp, opened)
}

fn open_rogue(dir: &Path, mischief: Mischief, times: usize) -> Opened {
    let settings = Settings {
        engine: Arc::new(Rogue {
            mischief,
            times: Arc::new(AtomicUsize::new(times)),
        }),
        patience: Duration::from_millis(700),
        key: key(dir),
        ..Settings::default()
    };
    let opened = Store::open_with(dir, &settings, &mut |_| {}).unwrap();
    opened.store.verify();
    opened
}

fn rebuilt(why: Reason) -> Vec<Notice> {
    vec![Notice::Rebuilt { why }]
}

fn without(why: Reason) -> Vec<Notice> {
    vec![Notice::WithoutSled { why }]
}

#[test]
pub fn what_fails_once_at_open_is_rebuilt() {
    for (mischief, why) in [
        (Mischief::ErrAtOpen, Reason::Said("rogue".into())),
        (Mischief::PanicAtOpen, Reason::Panicked("rogue".into())),
        (Mischief::HangAtOpen, Reason::Silent),
    ] {
        let (_temp, mut opened) = rogue(mischief, 1);
        assert_eq!(opened.notices, rebuilt(why));
        assert_clean(&opened.store.check());
    }
}

#[test]
pub fn what_fails_always_is_done_without() {
    for (mischief, why) in [
        (Mischief::ErrAtOpen, Reason::Said("rogue".into())),
        (Mischief::PanicAtOpen, Reason::Panicked("rogue".into())),
        (Mischief::HangAtOpen, Reason::Silent),
    ] {
        let (temp, mut opened) = rogue(mischief, 99);
        assert_eq!(opened.notices, without(why));
        let next = newcomers(&opened.store, 3);
        opened.store.append(&next).unwrap();
        let findings = opened.store.check();
        assert_eq!(findings[0].fault, None);
        assert!(fault_of(&findings, "sled").is_some());
        drop(opened);
        let mut again = open(temp.path());
        assert_eq!(again.book.population(), 435);
        assert!(matches!(again.notices[..], [Notice::Rebuilt { .. }]));
        assert_clean(&again.store.check());
    }
}

#[test]
pub fn what_fails_while_saving_is_rebuilt_and_no_save_waits() {
    for (mischief, why) in [
        (Mischief::ErrAtPut, Reason::Said("rogue".into())),
        (Mischief::PanicAtPut, Reason::Panicked("rogue".into())),
    ] {
        let (_temp, mut opened) = rogue(mischief, 1);
        assert_eq!(opened.notices, []);
        for _ in 0..3 {
            let next = newcomers(&opened.store, 2);
            opened.store.append(&next).unwrap();
        }
        assert_clean(&opened.store.check());
        assert_eq!(opened.store.notices(), rebuilt(why));
    }
}

#[test]
pub fn a_sled_that_hangs_while_saving_holds_nobody_up() {
    let (temp, mut opened) = rogue(Mischief::HangAtPut, 1);
    for _ in 0..3 {
        let next = newcomers(&opened.store, 2);
        opened.store.append(&next).unwrap();
    }
    drop(opened);
    let mut again = open(temp.path());
    assert_eq!(again.book.population(), 438);
    assert!(
        matches!(again.notices[..], [Notice::Rebuilt { .. }]),
        "{:?}",
        again.notices
    );
    assert_clean(&again.store.check());
}

#[test]
pub fn what_sled_loses_silently_is_seen() {
    let (temp, mut opened) = rogue(Mischief::LoseAtPut, 1);
    let next = newcomers(&opened.store, 2);
    opened.store.append(&next).unwrap();
    let findings = opened.store.check();
    let fault = fault_of(&findings, "sled");
    // Where marks are salted they count no fields.
    let is_seen = matches!(fault, Some(Reason::Fields { .. } | Reason::Digest));
    assert!(is_seen, "{fault:?}");
    drop(opened);
    let mut again = open(temp.path());
    assert_clean(&again.store.check());
    let notices = [again.notices, again.store.notices()].concat();
    assert!(
        matches!(notices[..], [Notice::Rebuilt { .. }]),
        "{notices:?}"
    );
}
