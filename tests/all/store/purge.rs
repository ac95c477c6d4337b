//! Those who left are removed: from the register, from its history, and from what an old backup
//! brings back; everybody else stays as they were.

use crate::store::START;
use crate::store::assert_clean;
use crate::store::founder;
use crate::store::now;
use jumin::model::assertion;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::household;
use jumin::model::ids::AssertionId;
use jumin::model::ids::HouseholdId;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::ReplicaId;
use jumin::model::person;
use jumin::model::removal;
use jumin::model::removal::How;
use jumin::model::value::Value;
use jumin::model::visit;
use jumin::register::Register;
use jumin::store::backup;
use jumin::store::backup::Wrap;
use jumin::store::backup::restore;
use jumin::store::backup::restore::Target;
use jumin::store::removed;
use jumin::store::renew;
use jumin::store::vault::Key;
use secrecy::SecretString;
use std::fmt::Write;
use std::path::Path;

/// What nobody may find afterwards; each stands in a record of its own kind.
const GONE: [&str; 5] = ["翊珩霁", "339901193001015007", "依据澍", "诉求鞅", "户号蕤"];

/// Two people in two households, one with a class and a visit.
struct Town {
    leaves: PersonId,
    stays: PersonId,
    home: HouseholdId,
    class: AssertionId,
}

fn settle(register: &mut Register) -> Town {
    let mut mint = Mint::new(START, 3);
    let town = Town {
        leaves: mint.person(),
        stays: mint.person(),
        home: mint.household(),
        class: mint.assertion(),
    };
    let call = mint.visit().subject();
    let text = |text: &str| Some(Value::Text(text.into()));
    let link = |id| Some(Value::Link(id));
    let mut draft = Draft::new(register.index().book());
    let (leaves, class) = (town.leaves.subject(), town.class.subject());
    draft.set(leaves, person::NAME, text(GONE[0]));
    draft.set(leaves, person::ID_NO, Some(Value::IdNumber(GONE[1].into())));
    draft.set(leaves, person::SEX, Some(Value::Code("1".into())));
    draft.set(
        leaves,
        person::BIRTH,
        Date::new(1930, 1, 1).map(Value::Date),
    );
    draft.set(leaves, person::HOUSEHOLD, link(town.home.0));
    draft.set(town.home.subject(), household::NUMBER, text(GONE[4]));
    draft.set(town.home.subject(), household::HEAD, link(town.leaves.0));
    draft.set(class, assertion::PERSON, link(town.leaves.0));
    draft.set(class, assertion::CATEGORY, text("E6"));
    draft.set(class, assertion::EVIDENCE, text(GONE[2]));
    draft.set(call, visit::PERSON, link(town.leaves.0));
    draft.set(call, visit::NEED, text(GONE[3]));
    draft.set(town.stays.subject(), person::NAME, text("李留"));
    let changes = draft.finish();
    register.commit(Act::Enter, changes, now(1)).unwrap();
    town
}

/// Somebody else comes to live there.
fn join(register: &mut Register, town: &Town) {
    let mut draft = Draft::new(register.index().book());
    let home = Some(Value::Link(town.home.0));
    draft.set(town.stays.subject(), person::HOUSEHOLD, home);
    let changes = draft.finish();
    register.commit(Act::Edit, changes, now(3)).unwrap();
}

fn die(register: &mut Register, town: &Town) {
    let mut draft = Draft::new(register.index().book());
    let who = town.leaves.subject();
    draft.set(who, person::LIFE, Some(Value::Code("3".into())));
    draft.set(who, person::LIFE_DATE, Some(Value::Date(now(2).today)));
    let changes = draft.finish();
    register.commit(Act::Edit, changes, now(2)).unwrap();
}

fn remove(register: &mut Register, town: &Town, how: How) -> jumin::model::ids::CommitId {
    let book = register.index().book();
    let records = removal::records(book, &[town.leaves]);
    let changes = removal::changes(book, &records, how);
    let act = Act::Remove {
        how,
        records,
        people: 1,
        reason: String::new(),
    };
    register.commit(act, changes, now(900)).unwrap().id
}

fn open(dir: &Path, key: &Key) -> Register {
    let opened = Register::open_with(dir, "王芳", now(901), Some(key.clone()), &mut |_| {});
    opened.unwrap().0
}

/// Which of those words the register and its whole history hold.
fn held(register: &Register) -> Vec<&'static str> {
    let mut all = String::new();
    for commit in register.log(None, usize::MAX).unwrap() {
        write!(all, "{commit:?}").unwrap();
    }
    for (subject, record) in register.index().book().records() {
        write!(all, "{subject:?}{:?}", record.packed()).unwrap();
    }
    GONE.into_iter().filter(|word| all.contains(word)).collect()
}

fn begun(dir: &Path) -> (Key, SecretString, Town) {
    let (mut register, paper) = Register::create_sealed(dir, &founder(), now(0)).unwrap();
    let town = settle(&mut register);
    die(&mut register, &town);
    drop(register);
    let key = crate::store::key(dir).unwrap();
    (key, paper, town)
}

#[test]
fn whoever_left_long_ago_is_due_and_nobody_else() {
    let temp = tempfile::tempdir().unwrap();
    let (key, _, town) = begun(temp.path());
    let mut register = open(temp.path(), &key);
    let book = register.index().book();
    let due = |day| removal::due(book, now(day).today);
    assert!(due(700).is_empty());
    assert_eq!(removal::undated(book), 0);
    let late = due(740);
    assert_eq!(late.len(), 1);
    assert_eq!(late[0].0, town.leaves);
    // Of whom nobody knows when is never due, and is counted.
    let mut draft = Draft::new(book);
    draft.set(town.leaves.subject(), person::LIFE_DATE, None);
    let changes = draft.finish();
    register.commit(Act::Edit, changes, now(4)).unwrap();
    let book = register.index().book();
    assert!(removal::due(book, now(740).today).is_empty());
    assert_eq!(removal::undated(book), 1);
}

#[test]
fn what_statistics_need_stays_of_those_who_are_anonymised() {
    let temp = tempfile::tempdir().unwrap();
    let (key, _, town) = begun(temp.path());
    let mut register = open(temp.path(), &key);
    let done = remove(&mut register, &town, How::Anonymise);
    let book = register.index().book();
    let one = book.person(town.leaves).unwrap();
    let shown: Vec<_> = one.record.iter().map(|(field, _)| field).collect();
    let kept = [
        person::NAME,
        person::SEX,
        person::BIRTH,
        person::LIFE,
        person::LIFE_DATE,
    ];
    assert_eq!(shown.len(), kept.len(), "{shown:?}");
    assert_eq!(
        (one.name(), one.birth()),
        (removal::NOBODY, Date::new(1930, 0, 0))
    );
    assert_eq!(book.assertions(town.leaves).count(), 1);
    assert!(book.record(town.home.subject()).is_none());
    assert!(!removal::has_left(one), "who is nobody is not due again");
    // Until the history is rewritten, it can be taken back.
    register.undo(done, now(901)).unwrap();
    let one = register.index().book().person(town.leaves).unwrap();
    assert_eq!(one.name(), GONE[0]);
    assert!(register.removed().unwrap().records.is_empty());
}

#[test]
fn a_rewritten_history_holds_nobody_who_was_removed() {
    for how in [How::Anonymise, How::Remove] {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path();
        let (key, _, town) = begun(dir);
        let mut register = open(dir, &key);
        if how == How::Remove {
            join(&mut register, &town);
        }
        let done = remove(&mut register, &town, how);
        assert_eq!(
            held(&register),
            GONE,
            "the history still says what was cleared"
        );
        let removed = register.removed().unwrap();
        assert_eq!(removed.people, 1);
        let before = register.log(None, usize::MAX).unwrap().len();
        drop(register);
        let key = renew::purge(dir, &key, &[founder()], &removed.records).unwrap();
        let mut register = open(dir, &key);
        // A household that somebody still belongs to stays, without its head.
        let left = if how == How::Remove { &GONE[4..] } else { &[] };
        assert_eq!(held(&register), left);
        let home = register.index().book().record(town.home.subject());
        assert_eq!(home.is_some(), how == How::Remove);
        assert!(home.is_none_or(|home| !home.has(household::HEAD)));
        assert_eq!(register.log(None, usize::MAX).unwrap().len(), before);
        assert_eq!(register.removed().unwrap().people, 0);
        let is_there = register.index().book().person(town.leaves).is_some();
        assert_eq!(is_there, how == How::Anonymise);
        let stays = register.index().book().person(town.stays).unwrap();
        assert_eq!(stays.name(), "李留");
        assert!(register.undo(done, now(902)).is_err());
        assert_clean(&register.check());
        assert_eq!(removed::noted(dir).unwrap(), removed.records);
    }
}

#[test]
fn an_old_backup_brings_back_nobody_who_was_removed() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let (key, paper, town) = begun(&dir);
    let old = temp.path().join("old.age");
    backup::write(&dir, Some(&key), &old, &Wrap::Recovery, START).unwrap();
    let mut register = open(&dir, &key);
    remove(&mut register, &town, How::Remove);
    let removals = register.removed().unwrap().records;
    drop(register);
    for (name, removals) in [("with", removals), ("without", removal::Removals::new())] {
        let into = temp.path().join(name);
        let target = Target {
            dir: &into,
            replica: ReplicaId(Mint::new(START, 8).uuid()),
            founder: Some(&founder()),
            removals: &removals,
        };
        let made = restore::restore(&old, Some(&paper), &target).unwrap();
        let mut register = open(&into, &made.key.unwrap());
        assert_eq!(held(&register).is_empty(), name == "with");
        assert_eq!(removed::noted(&into).unwrap(), removals);
        assert_clean(&register.check());
    }
}
