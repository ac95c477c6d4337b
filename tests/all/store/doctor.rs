//! The doctor: what it mends, what it leaves, and the way back from a damaged journal.

use crate::rig::asked;
use crate::store::SEALING;
use crate::store::START;
use crate::store::assert_clean;
use crate::store::create;
use crate::store::founder;
use crate::store::home;
use crate::store::key;
use crate::store::newcomers;
use crate::store::open;
use crate::store::open_eager;
use fastrand::Rng;
use jumin::model::ids::Mint;
use jumin::model::ids::ReplicaId;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::doctor;
use jumin::store::doctor::Ailment;
use jumin::store::doctor::Treated;
use jumin::store::salvage;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A register of some commits, each in a segment of its own, with checkpoints.
fn register(dir: &Path) {
    // As the program has it from its first line on: sled asks for more than it needs.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    drop(create(dir));
    for _ in 0..5 {
        let mut store = open_eager(dir).store;
        let next = newcomers(&store, 4);
        store.append(&next).unwrap();
    }
}

fn treat(dir: &Path) -> Vec<Treated> {
    let keys = doctor::keys(dir).unwrap();
    // Unlocking mends the key files, so a known key will not do here.
    let key = if SEALING.get() {
        let secret = secrecy::SecretString::from(crate::store::PASSPHRASE);
        Some(jumin::store::keys::unlock(dir, "王芳", &secret).unwrap())
    } else {
        None
    };
    doctor::treat(dir, key.as_ref(), keys).unwrap()
}

/// What stands before a segment's first commit.
const HEADER: usize = 64;

fn segment(dir: &Path, number: u64) -> PathBuf {
    home(dir).join(format!("journal/{number:08}.jnl"))
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn assert_whole(dir: &Path) {
    let mut opened = open(dir);
    assert_clean(&opened.store.check());
    assert_eq!(opened.book.population(), 20);
}

#[test]
fn what_serves_the_journal_is_built_again_and_what_is_left_over_goes() {
    for is_sealed in [false, true] {
        SEALING.set(is_sealed);
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("register");
        register(&dir);
        assert_eq!(treat(&dir), [], "a sound register");
        let home = home(&dir);
        let named = |path: &PathBuf| path.to_string_lossy().contains("store-");
        let entries = fs::read_dir(&home).unwrap();
        let store = entries
            .map(|entry| entry.unwrap().path())
            .find(named)
            .unwrap();
        let database = store.join("db");
        let (draft, stray) = (home.join("keys.new"), store.join("snap.1.generating"));
        let orphan = home.join("desk.new");
        fs::write(&orphan, "half").unwrap();
        fs::write(dir.join("id.toml.new"), "half").unwrap();
        if is_sealed {
            fs::write(&draft, "half").unwrap();
            flip(&home.join("keys.copy"), 60);
        }
        fs::write(&stray, "").unwrap();
        let bytes = fs::read(&database).unwrap();
        fs::write(&database, vec![0; bytes.len()]).unwrap();
        let checkpoints = fs::read_dir(home.join("checkpoint")).unwrap();
        for checkpoint in checkpoints.map(|entry| entry.unwrap().path()) {
            if checkpoint.extension().is_some_and(|ending| ending == "jcp") {
                let middle = fs::read(&checkpoint).unwrap().len() / 2;
                flip(&checkpoint, middle);
            }
        }
        let found = treat(&dir);
        let has = |is: &dyn Fn(&Ailment) -> bool, mended: bool| {
            let mut all = found.iter();
            assert!(
                all.any(|one| is(&one.ailment) && one.is_mended == mended),
                "{found:?}"
            );
        };
        has(&|one| *one == Ailment::Stray(stray.clone()), true);
        has(&|one| *one == Ailment::Orphan(orphan.clone()), false);
        has(&|one| matches!(one, Ailment::Sled(_)), true);
        has(&|one| matches!(one, Ailment::Checkpoint(_)), true);
        if is_sealed {
            has(&|one| *one == Ailment::Stray(draft.clone()), true);
            let is_keys = |one: &Ailment| matches!(one, Ailment::Keys("keys.copy", _));
            has(&is_keys, true);
            let [first, copy] =
                ["keys", "keys.copy"].map(|name| fs::read(home.join(name)).unwrap());
            assert_eq!(first, copy);
        }
        assert!(orphan.exists() && !stray.exists());
        assert_whole(&dir);
        fs::remove_file(&orphan).unwrap();
        assert!(
            treat(&dir).iter().all(|one| one.is_mended),
            "once is enough"
        );
        assert_eq!(treat(&dir), []);
    }
}

#[cfg(unix)]
#[test]
fn what_others_could_read_is_its_owners_again() {
    use std::os::unix::fs::PermissionsExt;
    SEALING.set(true);
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    register(&dir);
    let paths = [
        dir.clone(),
        home(&dir),
        segment(&dir, 1),
        home(&dir).join("keys"),
    ];
    for path in &paths {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    let found = treat(&dir);
    assert_eq!(found.len(), paths.len(), "{found:?}");
    for path in paths {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 });
        let wanted = Treated {
            ailment: Ailment::Shared(path),
            is_mended: true,
        };
        assert!(found.contains(&wanted));
    }
}

/// So many registers with a commit that is damaged somewhere, or `JUMIN_SALVAGES`.
const SALVAGES: u64 = 5;

/// Wherever a commit is damaged and however badly, all others are saved.
#[test]
fn what_stands_outside_the_damage_is_saved() {
    for number in 0..asked("SALVAGES", SALVAGES) {
        let mut chance = Rng::with_seed(number);
        SEALING.set(chance.bool());
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("register");
        register(&dir);
        fs::remove_dir_all(home(&dir).join("checkpoint")).unwrap();
        let lost = chance.u64(1..=5);
        let hurt = segment(&dir, lost);
        let mut bytes = fs::read(&hurt).unwrap();
        let at = chance.usize(HEADER..bytes.len());
        let end = (at + chance.usize(1..4_096)).min(bytes.len());
        bytes[at..end].fill_with(|| chance.u8(..));
        fs::write(&hurt, bytes).unwrap();
        let into = temp.path().join("saved");
        let replica = ReplicaId(Mint::new(START, 9).uuid());
        let founder = SEALING.get().then(founder);
        let key = key(&dir);
        let saved = salvage::salvage(&dir, key.as_ref(), &into, replica, founder.as_ref());
        let saved = saved.unwrap();
        // The last commit, when it is torn, is one that was never acknowledged.
        let said: &[String] = if lost == 5 { &[] } else { &[lost.to_string()] };
        assert_eq!(
            (saved.lost.as_slice(), saved.people),
            (said, 16),
            "{number}"
        );
        let names: BTreeSet<String> = open(&into)
            .book
            .people()
            .map(|person| person.name().to_owned())
            .collect();
        let outside = (1..=5).filter(|commit| *commit != lost);
        let wanted = outside.flat_map(|commit| (0..4).map(move |n| format!("居民{commit}之{n}")));
        assert_eq!(names, wanted.collect(), "{number}");
    }
}

#[test]
fn a_damaged_journal_is_left_and_its_sound_part_saved_elsewhere() {
    for is_sealed in [false, true] {
        SEALING.set(is_sealed);
        for with_checkpoint in [false, true] {
            let temp = tempfile::tempdir().unwrap();
            let dir = temp.path().join("register");
            register(&dir);
            // Each commit has a segment of its own; the second is lost.
            let hurt = segment(&dir, 2);
            let length = fs::read(&hurt).unwrap().len();
            flip(&hurt, length / 2);
            if !with_checkpoint {
                fs::remove_dir_all(home(&dir).join("checkpoint")).unwrap();
            }
            let before = fs::read(&hurt).unwrap();
            let found = treat(&dir);
            let journal = Treated {
                ailment: Ailment::Journal("2".into()),
                is_mended: false,
            };
            assert!(found.contains(&journal), "{found:?}");
            assert_eq!(fs::read(&hurt).unwrap(), before, "it was touched");
            assert_eq!(home(&dir).join("checkpoint").exists(), with_checkpoint);
            let into = temp.path().join("saved");
            let replica = ReplicaId(Mint::new(START, 9).uuid());
            let founder = is_sealed.then(founder);
            let saved =
                salvage::salvage(&dir, key(&dir).as_ref(), &into, replica, founder.as_ref())
                    .unwrap();
            assert_eq!(saved.lost, ["2"]);
            let settings = Settings {
                key: key(&into),
                ..Settings::default()
            };
            let mut opened = Store::open_with(&into, &settings, &mut |_| {}).unwrap();
            assert_eq!(opened.notices, []);
            assert_clean(&opened.store.check());
            let people = if with_checkpoint { 20 } else { 16 };
            assert_eq!(opened.book.population(), people);
            assert_eq!(saved.people, people);
            // Four that were sound, and with a checkpoint one for what the lost one had come to.
            assert_eq!(saved.commits, if with_checkpoint { 5 } else { 4 });
            assert_eq!(saved.brought_back.is_some(), with_checkpoint);
            let next = newcomers(&opened.store, 1);
            opened.store.append(&next).unwrap();
            drop(opened);
            assert!(fs::read(segment(&dir, 2)).is_ok());
            let again = salvage::salvage(&dir, key(&dir).as_ref(), &into, replica, None);
            assert!(again.is_err(), "a register is there");
        }
    }
}
