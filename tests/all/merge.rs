//! Two records made one, and two again: nothing is lost either way.

use crate::rig::family;
use crate::rig::moment;
use jumin::model::assertion;
use jumin::model::book::Book;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field::FieldNo;
use jumin::model::household;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::Subject;
use jumin::model::merge;
use jumin::model::merge::Take;
use jumin::model::person;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::model::visit;
use jumin::register::Register;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;

/// Fields that the records of the tests have, with values to choose from.
fn fields() -> Vec<(FieldNo, Vec<Value>)> {
    let text = |text: &str| Value::Text(text.into());
    let phones = |numbers: &[&str]| {
        let phone = |number: &&str| Phone {
            number: (*number).into(),
            label: None,
        };
        Value::Phones(numbers.iter().map(phone).collect())
    };
    let date = |text| Value::Date(Date::parse(text).unwrap());
    vec![
        (person::NAME, vec![text("单伟"), text("单玮")]),
        (
            person::BIRTH,
            vec![date("1950-04-02"), date("1950-04"), date("1951-04-02")],
        ),
        (
            person::PHONES,
            vec![
                phones(&["15400001111"]),
                phones(&["15400002222", "15400001111"]),
            ],
        ),
        (
            person::ID_NO,
            vec![
                Value::IdNumber("33990119500402001X".into()),
                Value::IdNumber("339901195004020012".into()),
            ],
        ),
        (person::NOTE, vec![text("爱下棋"), text("耳背")]),
        (
            person::LIFE,
            vec![Value::Code("1".into()), Value::Code("2".into())],
        ),
        (
            person::RELATION,
            vec![Value::Code("01".into()), Value::Code("20".into())],
        ),
        (person::DRAFT, vec![Value::Flag(true)]),
    ]
}

fn value() -> impl Strategy<Value = (FieldNo, Option<Value>)> {
    select(fields()).prop_flat_map(|(field, values)| (Just(field), option::of(select(values))))
}

/// What is made of the two people: their fields, what is said of them, who visited them.
#[derive(Debug, Clone)]
struct Made {
    records: [Vec<(FieldNo, Option<Value>)>; 2],
    claims: Vec<(usize, &'static str)>,
    visits: Vec<(usize, i32)>,
    heads: bool,
    share: bool,
}

fn made() -> impl Strategy<Value = Made> {
    let record = || vec(value(), 0..9);
    let claims = vec((0..2_usize, select(vec!["B1", "B2", "E6"])), 0..5);
    let visits = vec((0..2_usize, 0..3_i32), 0..4);
    (
        [record(), record()],
        claims,
        visits,
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(records, claims, visits, heads, share)| Made {
            records,
            claims,
            visits,
            heads,
            share,
        })
}

fn build(made: &Made, mint: &mut Mint) -> (Book, [PersonId; 2]) {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let people = [mint.person(), mint.person()];
    let homes = [mint.household(), mint.household()];
    for (at, id) in people.iter().enumerate() {
        let home = homes[if made.share { 0 } else { at }];
        draft.set(id.subject(), person::NAME, Some(Value::Text("居民".into())));
        draft.set(id.subject(), person::HOUSEHOLD, Some(Value::Link(home.0)));
        draft.set(
            home.subject(),
            household::NUMBER,
            Some(Value::Text(format!("{at}"))),
        );
        if made.heads {
            draft.set(home.subject(), household::HEAD, Some(Value::Link(id.0)));
        }
        for (field, value) in &made.records[at] {
            draft.set(id.subject(), *field, value.clone());
        }
    }
    for (who, code) in &made.claims {
        let subject = mint.assertion().subject();
        draft.set(
            subject,
            assertion::PERSON,
            Some(Value::Link(people[*who].0)),
        );
        draft.set(
            subject,
            assertion::CATEGORY,
            Some(Value::Text((*code).into())),
        );
        draft.set(subject, assertion::STATUS, Some(Value::Code("1".into())));
    }
    for (who, day) in &made.visits {
        let subject = mint.visit().subject();
        let day = Date::parse("2026-11-01").unwrap().add_days(*day);
        draft.set(subject, visit::PERSON, Some(Value::Link(people[*who].0)));
        draft.set(subject, visit::DATE, Some(Value::Date(day)));
    }
    apply(&mut book.clone(), &[]);
    let changes = draft.finish();
    apply(&mut book, &changes);
    (book, people)
}

fn apply(book: &mut Book, changes: &[Change]) {
    book.check(changes).unwrap();
    for change in changes {
        book.apply(change);
    }
}

fn edit(book: &mut Book, edits: &[(Subject, FieldNo, Option<Value>)]) {
    let mut draft = Draft::new(book);
    for (subject, field, value) in edits {
        draft.set(*subject, *field, value.clone());
    }
    let changes = draft.finish();
    apply(book, &changes);
}

fn record(book: &Book, subject: Subject) -> BTreeMap<FieldNo, Value> {
    let fields = book.record(subject).into_iter().flat_map(|one| one.iter());
    fields
        .map(|(field, value)| (field, value.owned()))
        .collect()
}

/// Everything of a book but who was said not to be one.
fn all(book: &Book) -> BTreeMap<Subject, BTreeMap<FieldNo, Value>> {
    let records = book
        .records()
        .map(|(subject, _)| (subject, record(book, subject)));
    let said = |subject: &Subject| subject.table == jumin::model::ids::Table::Setting;
    records.filter(|(subject, _)| !said(subject)).collect()
}

proptest! {
    /// A merge taken apart at once leaves everything as it was, whatever was taken from whom.
    #[test]
    fn parted_at_once_all_is_as_before(made in made(), turns in vec(0..12_usize, 0..8)) {
        let mut mint = Mint::new(1, 1);
        let (mut book, [one, other]) = build(&made, &mut mint);
        let before = all(&book);
        let (stays, goes) = merge::order(&book, one, other);
        let mut lines = merge::lines(&book, stays, goes);
        turns.iter().for_each(|at| merge::turn(&mut lines, *at));
        let changes = merge::merge(&book, stays, goes, &lines);
        apply(&mut book, &changes);
        prop_assert_eq!(book.population(), 1);
        prop_assert_eq!(book.assertions(goes).count() + book.visits(goes).count()
            + book.assertions(stays).count() + book.visits(stays).count(),
            made.claims.len() + made.visits.len());
        for line in &lines {
            let kept = record(&book, stays.subject()).get(&line.field.number).cloned();
            prop_assert_eq!(kept, line.value(), "{}", line.field.key);
        }
        let parted = merge::part(&book, &changes, stays, goes);
        apply(&mut book, &parted);
        prop_assert_eq!(all(&book), before);
        prop_assert!(merge::are_apart(&book, one, other));
    }

    /// Parted after edits of either side: what was edited stays edited where it was edited, all
    /// else is as it was before the merge.
    #[test]
    fn parted_after_edits_each_has_its_own(made in made(), edits in vec((any::<bool>(), value()), 0..8)) {
        let mut mint = Mint::new(1, 1);
        let (mut book, [one, other]) = build(&made, &mut mint);
        let (stays, goes) = merge::order(&book, one, other);
        let mut wanted = [stays, goes].map(|id| record(&book, id.subject()));
        let before: Vec<_> = [stays, goes].map(|id| (
            book.assertions(id).map(|one| one.id).collect::<Vec<_>>(),
            book.visits(id).map(|one| one.id).collect::<Vec<_>>(),
        )).into();
        let lines = merge::lines(&book, stays, goes);
        let changes = merge::merge(&book, stays, goes, &lines);
        apply(&mut book, &changes);
        for (of_goes, (field, value)) in &edits {
            let who = [stays, goes][usize::from(*of_goes)];
            let stood = record(&book, who.subject()).get(field).cloned();
            edit(&mut book, &[(who.subject(), *field, value.clone())]);
            if stood == *value {
                continue;
            }
            let wanted = &mut wanted[usize::from(*of_goes)];
            match value {
                Some(value) => wanted.insert(*field, value.clone()),
                None => wanted.remove(field),
            };
        }
        // Who came after the merge came to the one person.
        let late = mint.visit();
        edit(&mut book, &[(late.subject(), visit::PERSON, Some(Value::Link(stays.0)))]);
        let after_edits = [stays, goes].map(|id| record(&book, id.subject()));
        let parted = merge::part(&book, &changes, stays, goes);
        apply(&mut book, &parted);
        for (at, id) in [stays, goes].into_iter().enumerate() {
            for (field, _) in fields() {
                let now = record(&book, id.subject()).get(&field).cloned();
                // An edit back to what the merge had set is no edit that could be told.
                let merged = changes.iter().find(|change| {
                    change.subject == id.subject() && change.field == field
                });
                let untold = merged.is_some_and(|change| {
                    after_edits[at].get(&field) == change.new.as_ref()
                });
                let want = match merged {
                    Some(change) if untold => change.old.clone(),
                    _ => wanted[at].get(&field).cloned(),
                };
                prop_assert_eq!(now, want, "{:?} of {}", field, at);
            }
            let mut visits: Vec<_> = book.visits(id).map(|one| one.id).collect();
            visits.retain(|one| *one != late);
            let claims: Vec<_> = book.assertions(id).map(|one| one.id).collect();
            prop_assert_eq!(&(claims, visits), &before[at]);
        }
        prop_assert!(book.visits(stays).any(|one| one.id == late));
    }
}

/// A register with the same man entered twice: at home, and by his telephone only.
fn office(dir: &std::path::Path) -> (Register, PersonId, PersonId) {
    let mut register = Register::create(dir, "王芳", moment(0)).unwrap();
    let mut mint = register.mint(moment(1));
    let mut draft = Draft::new(register.index().book());
    let id = (person::ID_NO, Value::IdNumber("33990119500402001X".into()));
    family(
        &mut draft,
        &mut mint,
        ("翠湖小区", "3", "2", "501"),
        &[("单伟", "1", "1950-04-02", "01", &[id])],
    );
    let note = (person::NOTE, Value::Text("耳背".into()));
    family(
        &mut draft,
        &mut mint,
        ("翠湖小区", "9", "1", "101"),
        &[("单玮", "1", "1950-04-02", "01", &[note])],
    );
    let changes = draft.finish();
    register.commit(Act::Enter, changes, moment(2)).unwrap();
    let of = |name: &str| {
        let mut people = register.index().book().people();
        people.find(|one| one.name() == name).unwrap().id
    };
    let (one, other) = (of("单伟"), of("单玮"));
    (register, one, other)
}

#[test]
fn a_merged_record_is_nobody_and_its_person_answers() {
    let dir = tempfile::tempdir().unwrap();
    let (mut register, one, other) = office(&dir.path().join("r"));
    assert_eq!(
        register.index().pairs().len(),
        1,
        "{:?}",
        register.index().pairs()
    );
    let book = register.index().book();
    let lines = merge::lines(book, one, other);
    let takes: Vec<_> = lines
        .iter()
        .map(|line| (line.field.key, line.take))
        .collect();
    assert_eq!(
        takes,
        [
            ("name", Take::Stays),
            ("id", Take::Stays),
            ("household", Take::Stays),
            ("note", Take::Goes)
        ]
    );
    let changes = merge::merge(book, one, other, &lines);
    let act = Act::Merge {
        stays: one,
        goes: other,
    };
    register.commit(act, changes, moment(3)).unwrap();
    let index = register.index();
    assert_eq!(index.pairs(), []);
    assert_eq!(index.book().aliases(one), [other]);
    assert_eq!(
        index
            .book()
            .members(index.book().person(other).unwrap().household().unwrap()),
        []
    );
    let found = |index: &jumin::index::Index, text: &str| {
        let query = jumin::query::parse::parse(text, index.lexicon()).unwrap();
        index.ask(&query).total()
    };
    assert_eq!(
        (
            found(index, "单玮"),
            found(index, ""),
            found(index, "note:耳背")
        ),
        (0, 1, 1)
    );
    // The household that lost its only member has no head; it comes back with its own.
    let edited = [(
        one.subject(),
        person::NOTE,
        Some(Value::Text("耳背，怕吵".into())),
    )];
    let mut draft = Draft::new(register.index().book());
    for (subject, field, value) in edited {
        draft.set(subject, field, value);
    }
    let changes = draft.finish();
    register.commit(Act::Edit, changes, moment(4)).unwrap();
    drop(register);
    let dir = dir.path().join("r");
    let (mut register, _) = Register::open(&dir, "王芳", moment(5), &mut |_| {}).unwrap();
    register.part(other, moment(6)).unwrap();
    let index = register.index();
    let note = |id: PersonId| index.book().person(id).unwrap().record.text(person::NOTE);
    assert_eq!((note(one), note(other)), (Some("耳背，怕吵"), Some("耳背")));
    assert_eq!((found(index, "单玮"), found(index, "")), (1, 2));
    assert_eq!(index.pairs(), [], "they were said not to be one");
    let home = index.book().person(other).unwrap().household().unwrap();
    assert_eq!(index.book().household(home).unwrap().head(), Some(other));
    assert!(
        register.part(other, moment(7)).is_err(),
        "they are two already"
    );
    let findings = register.check();
    assert!(
        findings.iter().all(|one| one.fault.is_none()),
        "{findings:?}"
    );
}
