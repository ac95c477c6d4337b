//! The border between who only looks and all others is cryptographic: what is hidden from the role
//! stands nowhere where its key opens anything.
//!
//! A reader that knows nothing of the program but the formats tries a key on everything there is.

use crate::store::PASSPHRASE;
use crate::store::START;
use crate::store::assert_clean;
use crate::store::commit;
use crate::store::copy;
use crate::store::founder;
use crate::store::now;
use crate::store::thief::Thief;
use crate::store::thief::checkpoints;
use crate::store::thief::frames;
use crate::store::thief::mark;
use crate::store::thief::marks;
use crate::store::thief::slots;
use chacha20poly1305::KeyInit;
use hmac::Hmac;
use hmac::Mac;
use jumin::model::assertion;
use jumin::model::book::Book;
use jumin::model::category;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::draft::Draft;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::removal::Removals;
use jumin::model::role::Role;
use jumin::model::value::Value;
use jumin::register::Register;
use jumin::store::Due;
use jumin::store::Notice;
use jumin::store::Opened;
use jumin::store::Reason;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::backup;
use jumin::store::backup::Wrap;
use jumin::store::backup::restore;
use jumin::store::backup::restore::Target;
use jumin::store::doctor;
use jumin::store::keys;
use jumin::store::renew;
use jumin::store::salvage;
use jumin::store::vault::Key;
use jumin::store::vault::slot::Grant;
use secrecy::SecretString;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

/// Who has a key, besides the founder.
const WORKERS: [(&str, Role); 2] = [("赵敏", Role::View), ("李强", Role::Enter)];

/// What whoever has a key may read.
const SHOWN: [&str; 3] = ["欧阳试", "哨备注", "哨常用"];

/// What is hidden from who only looks: a field, what is said of closely kept categories, what they
/// are called in an act, the names of lists.
const HIDDEN: [&str; 6] = [
    "62033901",
    "哨据敏",
    "哨据锁",
    "+W1",
    "哨名单.xlsx",
    "哨台账.csv",
];

/// What is half typed.
const HALF: &str = "半截的62035550";

fn grant((name, role): (&str, Role)) -> Grant {
    Grant {
        name: name.into(),
        label: String::new(),
        role,
        passphrase: SecretString::from(format!("{name} has a passphrase")),
        ..founder()
    }
}

fn key(dir: &Path, who: &str) -> Key {
    let own = format!("{who} has a passphrase");
    let passphrase = if who == "王芳" { PASSPHRASE } else { &own };
    keys::unlock(dir, who, &SecretString::from(passphrase)).unwrap()
}

/// Opens a register as one of its workers, with checkpoints written on every close.
fn open(dir: &Path, who: &str) -> Opened {
    let settings = Settings {
        key: Some(key(dir, who)),
        due: Due {
            commits: 0,
            bytes: 0,
            large: u64::MAX,
        },
        ..Settings::default()
    };
    Store::open_with(dir, &settings, &mut |_| {}).unwrap()
}

fn claim(draft: &mut Draft<'_>, mint: &mut Mint, who: PersonId, code: &str, evidence: &str) {
    let said = mint.assertion().subject();
    for (number, value) in [
        (assertion::EVIDENCE, Value::Text(evidence.into())),
        (assertion::PERSON, Value::Link(who.0)),
        (assertion::CATEGORY, Value::Code(code.into())),
        (assertion::STATUS, Value::Code("1".into())),
    ] {
        draft.set(said, number, Some(value));
    }
}

/// A sealed register with everything in it, a checkpoint, trees and more commits beyond; the keys
/// of everybody.
fn office(dir: &Path) -> PersonId {
    let (mut register, _) = Register::create_sealed(dir, &founder(), now(0)).unwrap();
    let mut mint = register.mint(now(1));
    let who = mint.person();
    let mut draft = Draft::new(register.index().book());
    for (field, value) in [
        (person::NAME, Value::Text(SHOWN[0].into())),
        (person::DISABILITY_NO, Value::Text(HIDDEN[0].into())),
        (person::NOTE, Value::Text(SHOWN[1].into())),
        (person::HEALTH, Value::Code("3".into())),
    ] {
        draft.set(who.subject(), field, Some(value));
    }
    let changes = draft.finish();
    let act = Act::Import {
        file: HIDDEN[5].into(),
        new: 1,
        updated: 0,
    };
    register.commit(act, changes, now(1)).unwrap();
    let claims = [("E6", SHOWN[2]), ("W1", HIDDEN[1]), ("X5", HIDDEN[2])];
    for (code, evidence) in claims {
        let mut draft = Draft::new(register.index().book());
        claim(&mut draft, &mut mint, who, code, evidence);
        let changes = draft.finish();
        let act = Act::Classify {
            what: format!("+{code}"),
            people: 1,
        };
        register.commit(act, changes, now(2)).unwrap();
    }
    let sent = Act::Export {
        file: HIDDEN[4].into(),
        people: 1,
        purpose: None,
    };
    register.commit(sent, vec![], now(3)).unwrap();
    let look = Act::Look {
        subject: who.subject(),
        field: Some(person::DISABILITY_NO),
        screen: "card".into(),
        reason: None,
    };
    register.commit(look, vec![], now(3)).unwrap();
    drop(register);
    for worker in WORKERS {
        keys::add(dir, &key(dir, "王芳"), &grant(worker)).unwrap();
    }
    drop(open(dir, "王芳").store);
    let mut store = open(dir, "李强").store;
    store.keep("form", HALF.as_bytes()).unwrap();
    let next = commit(&store, vec![]);
    store.append(&next).unwrap();
    who
}

/// Everything that a worker's own program shows: the records, the history, what the desk keeps.
fn everything(opened: &Opened) -> String {
    let mut all = String::new();
    for (subject, record) in opened.book.records() {
        let fields: Vec<_> = record
            .iter()
            .map(|(no, value)| (no, value.owned()))
            .collect();
        all.push_str(&format!("{subject:?} {fields:?}\n"));
    }
    opened
        .store
        .log(&mut |commit| {
            all.push_str(&format!("{commit:?}\n"));
            ControlFlow::Continue(())
        })
        .unwrap();
    let kept = opened.store.kept("form").unwrap_or_default();
    all + &String::from_utf8(kept).unwrap()
}

fn assert_seen(all: &str, sees_all: bool) {
    for shown in SHOWN {
        assert!(all.contains(shown), "{shown} is not there");
    }
    for hidden in HIDDEN.iter().chain([&HALF]) {
        assert_eq!(all.contains(hidden), sees_all, "{hidden}");
    }
}

#[test]
fn who_looks_reads_the_open_part_and_everybody_else_all_of_it() {
    let temp = tempfile::tempdir().unwrap();
    let (dir, without) = (temp.path().join("register"), temp.path().join("without"));
    office(&dir);
    copy(&dir, &without);
    fs::remove_dir_all(without.join("vault-0001/checkpoint")).unwrap();
    let before = checkpoints(&dir);
    assert!(!before.is_empty());
    for (who, role) in WORKERS.into_iter().chain([("王芳", Role::Manage)]) {
        let seen = [&dir, &without].map(|dir| {
            let opened = open(dir, who);
            assert_eq!(opened.notices, [], "{who}");
            assert_eq!(opened.store.role(), role);
            let all = everything(&opened);
            assert_seen(&all, role != Role::View);
            all
        });
        assert_eq!(seen[0], seen[1], "{who}: a checkpoint makes a difference");
    }
}

#[test]
fn who_looks_leaves_nothing_behind_that_lacks_the_rest() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let who = office(dir);
    let before = checkpoints(dir);
    let mut opened = open(dir, "赵敏");
    for day in 4..8 {
        let act = Act::Look {
            subject: who.subject(),
            field: Some(person::PHONES),
            screen: "card".into(),
            reason: Some(format!("day {day}")),
        };
        let mut next = commit(&opened.store, vec![]);
        (next.act, next.worker) = (act, "赵敏".into());
        opened.store.append(&next).unwrap();
    }
    opened.store.keep("form", b"mine").unwrap();
    opened.store.verify();
    let half = Some(Reason::Half);
    for finding in opened.store.check() {
        let want = half.clone().filter(|_| finding.what != "journal");
        assert_eq!(finding.fault, want, "{}", finding.what);
    }
    drop(opened);
    assert_eq!(checkpoints(dir), before);
    let refused = [
        doctor::treat(dir, Some(&key(dir, "赵敏")), vec![]).err(),
        backup::write(
            dir,
            Some(&key(dir, "赵敏")),
            &dir.join("backup.age"),
            &Wrap::Recovery,
            START,
        )
        .err(),
        salvage::salvage(
            dir,
            Some(&key(dir, "赵敏")),
            &dir.join("salvaged"),
            open(dir, "赵敏").store.replica(),
            Some(&founder()),
        )
        .err(),
    ];
    for refused in refused {
        let refused = refused.expect("it takes all of the register");
        assert!(
            matches!(&refused, StoreError::Key(fault) if fault.say().0 == "key-half"),
            "{refused}"
        );
    }
    let mut opened = open(dir, "李强");
    assert_eq!(opened.notices, []);
    let all = everything(&opened);
    assert_seen(&all, true);
    assert!(all.contains("day 7"), "the looks are in the history");
    assert_clean(&opened.store.check());
}

/// A torn end is cut by who looks too, and a loss that others can prove is not covered up.
#[test]
fn who_looks_cuts_a_torn_end_and_hears_of_a_loss() {
    let temp = tempfile::tempdir().unwrap();
    let (torn, lost) = (temp.path().join("torn"), temp.path().join("lost"));
    office(&torn);
    copy(&torn, &lost);
    let segments = |dir: &Path| {
        let entries = fs::read_dir(dir.join("vault-0001/journal")).unwrap();
        let mut all: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let last = segments(&torn).pop().unwrap();
    let mut bytes = fs::read(&last).unwrap();
    bytes.extend_from_slice(&[7; 20]);
    fs::write(&last, bytes).unwrap();
    let opened = open(&torn, "赵敏");
    assert_eq!(opened.notices, [Notice::TornTail { bytes: 20 }]);
    drop(opened);
    let opened = open(&torn, "李强");
    assert_eq!(opened.notices, []);
    fs::remove_file(segments(&lost).pop().unwrap()).unwrap();
    let opened = open(&lost, "赵敏");
    let is_told = |one: &Notice| matches!(one, Notice::Damaged { .. });
    assert!(opened.notices.iter().any(is_told), "{:?}", opened.notices);
    assert!(opened.store.is_barred());
}

#[test]
fn an_assertion_stays_where_it_was_made_until_all_is_written_anew() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let who = office(dir);
    let rate = |code: &str, number: i64| {
        let opened = open(dir, "王芳");
        let (mut store, book) = (opened.store, opened.book);
        let mut draft = Draft::new(&book);
        let subject = CategoryCode(code.into()).subject();
        draft.set(subject, category::SENSITIVITY, Some(Value::Number(number)));
        let next = commit(&store, draft.finish());
        store.append(&next).unwrap();
        store
    };
    let say = |store: &mut Store, evidence: &str, day: u64| {
        let empty = Book::default();
        let mut draft = Draft::new(&empty);
        let mut mint = Mint::new(START + day, day);
        claim(&mut draft, &mut mint, who, "E6", evidence);
        let next = commit(store, draft.finish());
        let said = next.changes[0].subject;
        store.append(&next).unwrap();
        let close = Change {
            subject: said,
            field: assertion::NOTE,
            old: None,
            new: Some(Value::Text(format!("{evidence}后"))),
        };
        let next = commit(store, vec![close]);
        store.append(&next).unwrap();
    };
    let seen = |said: &str| {
        let all = everything(&open(dir, "赵敏"));
        (all.contains(said), all.contains(&format!("{said}后")))
    };
    let mut store = rate("E6", 2);
    say(&mut store, "后来敏感", 20);
    drop(store);
    // What was said before is still seen, the new is not, in this session and in the next.
    assert_eq!(seen("后来敏感"), (false, false));
    assert!(seen(SHOWN[2]).0);
    let mut store = rate("E6", 1);
    say(&mut store, "又不敏感", 21);
    drop(store);
    assert_eq!(seen("又不敏感"), (true, true));
    assert_eq!(seen("后来敏感"), (false, false));
    drop(rate("E6", 3));
    let grants = [founder(), grant(WORKERS[0])];
    renew::rekey(dir, &key(dir, "王芳"), &grants, &[]).unwrap();
    for said in ["后来敏感", "又不敏感", SHOWN[2]] {
        assert_eq!(seen(said), (false, false), "{said}");
    }
    let all = everything(&open(dir, "王芳"));
    for said in ["后来敏感后", "又不敏感后", SHOWN[2], HIDDEN[1]] {
        assert!(all.contains(said), "{said}");
    }
}

#[test]
fn the_key_of_who_looks_opens_nothing_hidden_by_any_reader() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    office(dir);
    let holds = |loot: &[u8], text: &str| memchr::memmem::find(loot, text.as_bytes()).is_some();
    let (looks, enters) = (Thief::of(dir, "赵敏"), Thief::of(dir, "李强"));
    assert_eq!((looks.keys.len(), enters.keys.len()), (1, 2));
    assert_eq!(looks.keys[0], enters.keys[0]);
    let (all, closed) = enters.loot(dir);
    assert_eq!(closed, 0);
    let (some, closed) = looks.loot(dir);
    assert!(closed > 10, "only {closed} values are closed");
    for shown in SHOWN {
        assert!(holds(&all, shown) && holds(&some, shown), "{shown}");
    }
    for hidden in HIDDEN.iter().chain([&HALF]) {
        assert!(holds(&all, hidden), "{hidden} is nowhere");
        assert!(!holds(&some, hidden), "{hidden} lies open");
    }
}

/// Nor does a checkpoint tell how much was done that is hidden.
#[test]
fn a_checkpoint_does_not_tell_how_many_changes_there_were() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    office(dir);
    drop(open(dir, "李强"));
    let told = |who: &str| -> Vec<(u64, bool)> {
        let store = open(dir, who).store;
        let entries = store.entries().iter();
        entries.map(|one| (one.changes, one.is_ledger)).collect()
    };
    let (all, some) = (told("李强"), told("赵敏"));
    assert_eq!(all.len(), some.len());
    assert!(all.iter().any(|(changes, _)| *changes > 3));
    assert!(some.iter().all(|one| *one == (0, false)), "{some:?}");
}

/// By how the digest moves, a reader could try out what a hidden field says, were it not salted.
#[test]
fn a_mark_tells_nothing_of_what_is_hidden() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let who = office(dir);
    let mut opened = open(dir, "李强");
    let old = opened.book.person(who).unwrap().record.get(person::HEALTH);
    let code = Value::Code("4".into());
    let change = Change {
        subject: who.subject(),
        field: person::HEALTH,
        old,
        new: Some(code.clone()),
    };
    let next = commit(&opened.store, vec![change]);
    opened.store.append(&next).unwrap();
    drop(opened);
    // The formula of registers without a salt, for each value that the field may have had and has.
    let hash = |code: &str| {
        let mut bytes = vec![1];
        bytes.extend_from_slice(who.0.as_bytes());
        bytes.extend_from_slice(&person::HEALTH.0.to_le_bytes());
        bytes.extend_from_slice(&[1, 0, 0, 0]);
        bytes.extend_from_slice(&(code.len() as u64).to_le_bytes());
        bytes.extend_from_slice(code.as_bytes());
        let low: [u8; 16] = Sha256::digest(&bytes)[..16].try_into().unwrap();
        u128::from_le_bytes(low)
    };
    let looks = Thief::of(dir, "赵敏");
    let digests: Vec<u128> = marks(&looks, dir)
        .iter()
        .map(|((_, digest), _)| *digest)
        .collect();
    let moved: Vec<u128> = digests
        .windows(2)
        .map(|two| two[1].wrapping_sub(two[0]))
        .collect();
    let guesses: Vec<u128> = (1..=9)
        .flat_map(|old| (1..=9).map(move |new| (old, new)))
        .map(|(old, new)| hash(&new.to_string()).wrapping_sub(hash(&old.to_string())))
        .filter(|guess| *guess != 0)
        .collect();
    assert!(moved.iter().any(|by| *by != 0));
    assert!(!moved.iter().any(|by| guesses.contains(by)));
    // Without a salt the same guesses hit: an open register's digest is moved so.
    let plain = temp.path().join("plain");
    crate::store::SEALING.set(false);
    let mut store = crate::store::create(&plain);
    for (old, new) in [(None, "3"), (Some("3"), "4")] {
        let value = |code: &str| Value::Code(code.into());
        let change = Change {
            subject: who.subject(),
            field: person::HEALTH,
            old: old.map(value),
            new: Some(value(new)),
        };
        let next = commit(&store, vec![change]);
        store.append(&next).unwrap();
    }
    drop(store);
    let bytes = fs::read(plain.join("journal/00000001.jnl")).unwrap();
    let digests = frames(&bytes)
        .map(|(_, payload)| mark(payload).1)
        .collect::<Vec<_>>();
    assert!(guesses.contains(&digests[1].wrapping_sub(digests[0])));
}

/// Not by what was done, nor by how many fields are set, nor by how long a frame is.
#[test]
fn whether_there_is_something_to_hide_is_not_told() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let who = office(dir);
    let mut store = open(dir, "李强").store;
    let mut mint = Mint::new(START + 50, 50);
    let hidden = [
        (
            person::DISABILITY_NO,
            Value::Text("33990119500304101142".into()),
        ),
        (person::HEALTH, Value::Code("3".into())),
    ];
    for hidden in [&[][..], &hidden] {
        let other = mint.person().subject();
        let empty = Book::default();
        let mut draft = Draft::new(&empty);
        draft.set(other, person::NAME, Some(Value::Text("试甲".into())));
        for (field, value) in hidden {
            draft.set(other, *field, Some(value.clone()));
        }
        let mut next = commit(&store, draft.finish());
        next.act = Act::Enter;
        store.append(&next).unwrap();
    }
    drop(store);
    let [(one, _), (other, _)] = marks(&Thief::of(dir, "赵敏"), dir)
        .last_chunk::<2>()
        .map(|last| last.map(|(mark, length)| ((mark.0, length), mark.1)))
        .unwrap();
    assert_eq!(one, other, "count and length");
    assert_eq!(one.0, 0);
    let mut told = vec![];
    open(dir, "赵敏")
        .store
        .log(&mut |commit| {
            told.push((commit.act, commit.changes.len()));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(told[told.len() - 2..], [(Act::Enter, 1), (Act::Enter, 1)]);
    // What alters hidden things alone tells not even what kind of act it was.
    let opened = open(dir, "李强");
    let (mut store, book) = (opened.store, opened.book);
    let mut draft = Draft::new(&book);
    draft.set(who.subject(), person::HEALTH, None);
    let next = commit(&store, draft.finish());
    store.append(&next).unwrap();
    drop(store);
    let all = everything(&open(dir, "赵敏"));
    let last = all.trim_end().lines().last().unwrap_or_default();
    assert!(
        last.contains("act: Veiled") && last.contains("changes: []"),
        "{last}"
    );
}

/// A restored backup, and what was salvaged, keep the border.
#[test]
fn what_is_made_anew_has_the_border_too() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    office(&dir);
    let key_of_all = key(&dir, "王芳");
    let replica = open(&dir, "王芳").store.replica();
    let file = temp.path().join("backup.jsonl");
    backup::write(&dir, Some(&key_of_all), &file, &Wrap::Plain, START).unwrap();
    let restored = temp.path().join("restored");
    let target = Target {
        dir: &restored,
        replica,
        founder: Some(&founder()),
        removals: &Removals::new(),
    };
    restore::restore(&file, None, &target).unwrap();
    let salvaged = temp.path().join("salvaged");
    let wrecked = Some(&key_of_all);
    salvage::salvage(&dir, wrecked, &salvaged, replica, Some(&founder())).unwrap();
    for dir in [&restored, &salvaged] {
        keys::add(dir, &key(dir, "王芳"), &grant(WORKERS[0])).unwrap();
        for (who, sees_all) in [("王芳", true), ("赵敏", false)] {
            let mut opened = open(dir, who);
            let all = everything(&opened) + if sees_all { HALF } else { "" };
            assert_seen(&all, sees_all);
            if sees_all {
                assert_clean(&opened.store.check());
            }
        }
    }
}

/// Who looks can make the last checksum of the key file, and has no use for it.
#[test]
fn who_looks_cannot_have_the_second_key_wrapped_for_another_sheet() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    office(dir);
    let home = dir.join("vault-0001");
    let whole = fs::read(home.join("keys")).unwrap();
    let thief = Thief::of(dir, "赵敏");
    let sign = |file: &mut Vec<u8>| {
        file.truncate(file.len() - 32);
        let head = thief.derive(&thief.keys[0], "head");
        let mut block = [0; 64];
        block[..32].copy_from_slice(&head);
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&block).into());
        mac.update(file);
        file.extend_from_slice(&mac.finalize().into_bytes());
    };
    let write = |file: &[u8]| {
        for name in ["keys", "keys.copy"] {
            fs::write(home.join(name), file).unwrap();
        }
    };
    let mut same = whole.clone();
    sign(&mut same);
    assert_eq!(same, whole, "the thief signs as the program does");
    // Another public half of a recovery key: one that the thief has on paper.
    let mut other = whole.clone();
    let paper = slots(&whole)
        .into_iter()
        .find(|slot| slot.name == "recovery")
        .unwrap();
    let public = paper.at + 3 + 1 + "recovery".len() + 1 + 1;
    assert_eq!(&other[public..public + 4], b"age1");
    other[public + 10] ^= 1;
    sign(&mut other);
    write(&other);
    let refused = keys::unlock(dir, "王芳", &SecretString::from(PASSPHRASE));
    assert!(
        matches!(&refused, Err(StoreError::Key(fault)) if fault.say().0 == "key-altered"),
        "{refused:?}"
    );
    write(&whole);
    // What is theirs they change: their own passphrase, and everybody opens it all the same.
    let own = Grant {
        passphrase: SecretString::from("another passphrase of Zhao"),
        ..grant(WORKERS[0])
    };
    keys::change(dir, &key(dir, "赵敏"), &own).unwrap();
    assert!(keys::unlock(dir, "赵敏", &own.passphrase).is_ok());
    assert!(key(dir, "王芳").is_whole() && key(dir, "李强").is_whole());
    assert!(keys::is_parted(dir).unwrap());
}
