//! The index of a larger register is laid by and taken up again, and nobody can tell but by the time
//! it takes.

use crate::rig::day;
use crate::rig::moment;
use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::index::Index;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::date::Now;
use jumin::model::field::FieldNo;
use jumin::model::ids::Mint;
use jumin::model::ids::Subject;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::query::parse::parse;
use jumin::register::Register;
use jumin::store::Notice;
use jumin::store::Store;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// More than are indexed sooner than a snapshot is read.
const RESIDENTS: usize = 1_200;

fn file(dir: &Path) -> PathBuf {
    dir.join("checkpoint/index.snapshot")
}

fn open(dir: &Path, now: Now) -> Register {
    let (register, notices) = Register::open(dir, "王芳", now, &mut |_| {}).unwrap();
    assert_eq!(notices, []);
    register
}

/// A register with a community in it, closed.
fn settled(dir: &Path) {
    let mut register = Register::create(dir, "王芳", moment(0)).unwrap();
    let recipe = Recipe {
        residents: RESIDENTS,
        seed: 5,
    };
    let book = register.index().book();
    let changes = community(recipe, book, day(), &mut Mint::new(2, 2));
    register.commit(Act::Edit, changes, moment(1)).unwrap();
}

/// Everybody by name with their classes, and how many are in each.
fn answers(index: &Index) -> Vec<String> {
    let mut said = Vec::new();
    for text in [
        "",
        "w",
        "zhang",
        "老年人",
        "党员",
        "is:stale",
        "due:..30d",
        "3栋",
    ] {
        let query = parse(text, index.lexicon()).unwrap();
        let answer = index.ask(&query);
        said.push(format!(
            "{:?}",
            index.rows(&query, &answer, 0, answer.total())
        ));
        said.push(format!("{:?}", index.facets(&answer)));
        said.push(format!("{:?}", index.suggestions(&answer)));
    }
    // To say it of everybody would take minutes.
    let people = index.book().people().step_by(97);
    said.extend(people.map(|one| format!("{:?}", index.standings(one.id))));
    said
}

fn assert_as_built(register: &Register) {
    let index = register.index();
    let built = Index::build(index.book().clone(), index.today());
    assert!(answers(index) == answers(&built));
}

fn set(subject: Subject, register: &Register, field: FieldNo, text: &str) -> Change {
    let record = register.index().book().record(subject);
    Change {
        subject,
        field,
        old: record.and_then(|record| record.get(field)),
        new: Some(Value::Text(text.into())),
    }
}

/// Gives so many people another name.
fn rename(register: &mut Register, count: usize, step: u64) {
    let people = register.index().book().people();
    let name = format!("魏改{step}");
    let changes = people
        .take(count)
        .map(|one| set(one.id.subject(), register, person::NAME, &name))
        .collect();
    register.commit(Act::Edit, changes, moment(step)).unwrap();
}

/// A million records stay on the disk while people are counted and looked for.
#[test]
fn no_more_than_a_few_records_are_read_at_opening() {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let mut register = Register::open(temp.path(), "王芳", moment(2), &mut |_| {})
        .unwrap()
        .0;
    // Whatever is looked up from now on is read from the journal, and that is told.
    let checkpoint = temp.path().join("checkpoint/000000000002.jcp");
    let mut bytes = fs::read(&checkpoint).unwrap();
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let places = bytes.len() - 8 - 8 * number(bytes.len() - 4);
    let begin = |block: usize| 8 + (0..block).map(|at| number(places + 8 * at)).sum::<usize>();
    // Those of people come first, 64 to a block, behind two blocks of other things.
    let people = begin(2)..begin(2 + RESIDENTS / 64);
    bytes[people].fill(0);
    fs::write(&checkpoint, bytes).unwrap();
    let index = register.index();
    for text in ["", "w", "zhang", "老年人", "3栋", "age:60..", "is:stale"] {
        let query = parse(text, index.lexicon()).unwrap();
        let answer = index.ask(&query);
        assert!(index.facets(&answer).iter().any(|one| one.count > 0));
        assert!(index.rows(&query, &answer, 0, 50).len() > 5, "{text}");
    }
    assert_eq!(register.notices(), []);
    let names = register.index().book().people().map(|one| one.name().len());
    assert!(names.sum::<usize>() > RESIDENTS * 6);
    let notices = register.notices();
    assert!(
        matches!(notices[..], [Notice::Reread { .. }]),
        "{notices:?}"
    );
}

#[test]
fn it_is_taken_up_with_what_was_done_since_and_on_a_later_day() {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let laid = fs::read(file(temp.path())).unwrap();
    let mut register = open(temp.path(), moment(2));
    assert_as_built(&register);
    rename(&mut register, 3, 10);
    rename(&mut register, 5, 11);
    drop(register);
    let later = Now {
        today: day().add_days(45),
        ..moment(20)
    };
    let register = open(temp.path(), later);
    assert_eq!(register.index().today(), later.today);
    assert_as_built(&register);
    drop(register);
    let now = fs::read(file(temp.path())).unwrap();
    assert!(now == laid, "it served as it was and was not written anew");
}

#[test]
fn it_is_written_anew_when_much_was_done_since() {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let laid = fs::read(file(temp.path())).unwrap();
    let mut register = open(temp.path(), moment(2));
    rename(&mut register, 501, 10);
    drop(register);
    let anew = fs::read(file(temp.path())).unwrap();
    assert!(anew != laid);
    let register = open(temp.path(), moment(2_000));
    assert_as_built(&register);
    let store = fs::read(file(temp.path())).unwrap();
    assert!(store == anew);
}

#[test]
fn a_damaged_one_is_built_and_written_anew() {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let laid = fs::read(file(temp.path())).unwrap();
    for at in (0..laid.len()).step_by(laid.len() / 7) {
        let mut damaged = laid.clone();
        damaged[at] ^= 4;
        fs::write(file(temp.path()), &damaged).unwrap();
        let register = open(temp.path(), moment(3));
        assert_as_built(&register);
        drop(register);
        assert!(fs::read(file(temp.path())).unwrap() != damaged, "byte {at}");
    }
}

/// Whoever opens a register after an import of thousands does not wait for an index.
#[test]
fn an_act_that_ends_the_program_lays_the_index_by() {
    let temp = tempfile::tempdir().unwrap();
    settled(temp.path());
    let mut register = open(temp.path(), moment(2));
    rename(&mut register, 600, 10);
    let people = register.index().book().people();
    let changes = people
        .map(|one| set(one.id.subject(), &register, person::NAME, "终改"))
        .collect();
    register
        .conclude(Act::Edit, changes, moment(1_000), drop)
        .unwrap();
    let mut opened = Store::open(temp.path(), &mut |_| {}).unwrap();
    assert!(
        opened
            .store
            .laid_by(jumin::index::snapshot::VERSION, 0)
            .is_some()
    );
    drop(opened);
    let register = open(temp.path(), moment(2_000));
    assert_as_built(&register);
    let query = parse("终改", register.index().lexicon()).unwrap();
    let people = register.index().book().people();
    let present = people.filter(|one| one.is_present()).count();
    assert_eq!(register.index().ask(&query).total(), present);
}
