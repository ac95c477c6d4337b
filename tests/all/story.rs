//! What was done about somebody is found without reading what was done about others, and is what
//! reading everything would find.

use crate::rig::day;
use crate::rig::moment;
use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::model::assertion;
use jumin::model::book::Book;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::change::Commit;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::Subject;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::model::visit;
use jumin::register::Register;
use jumin::store::Store;
use std::collections::HashSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

/// So many that the commit that makes them is not read for a line, and a snapshot is laid by.
const RESIDENTS: usize = 1_100;

/// A register in which a few were altered, visited, classified anew and looked at.
fn busy(dir: &Path) {
    let mut register = Register::create(dir, "王芳", moment(0)).unwrap();
    let recipe = Recipe {
        residents: RESIDENTS,
        seed: 9,
    };
    let book = register.index().book();
    let changes = community(recipe, book, day(), &mut Mint::new(2, 2));
    register.commit(Act::Edit, changes, moment(1)).unwrap();
    let people: Vec<PersonId> = register.index().book().people().map(|one| one.id).collect();
    for (step, at) in (2_u64..).zip([0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144]) {
        let who = people[at];
        let book = register.index().book();
        let mut draft = Draft::new(book);
        let note = |text: &str| Some(Value::Text(format!("{text} {step}")));
        match step % 4 {
            0 => draft.set(who.subject(), person::NOTE, note("noted")),
            1 => {
                let household = book.person(who).and_then(|one| one.household()).unwrap();
                draft.set(
                    household.subject(),
                    jumin::model::household::NOTE,
                    note("home"),
                );
            }
            2 => {
                let subject = Mint::new(step, step).visit().subject();
                draft.set(subject, visit::PERSON, Some(Value::Link(who.0)));
                draft.set(subject, visit::NOTE, note("met"));
            }
            _ => {
                let said: Vec<Subject> = book.assertions(who).map(|one| one.id.subject()).collect();
                for subject in said {
                    draft.set(subject, assertion::PERSON, None);
                    draft.set(subject, assertion::NOTE, None);
                }
                draft.set(who.subject(), person::NOTE, note("unsaid"));
            }
        }
        let changes = draft.finish();
        register.commit(Act::Edit, changes, moment(step)).unwrap();
        let look = Act::Look {
            subject: who.subject(),
            field: Some(person::ID_NO),
            screen: "card".into(),
            reason: None,
        };
        register.commit(look, vec![], moment(step)).unwrap();
    }
}

fn is_about(change: &Change, who: PersonId, book: &Book) -> bool {
    let mut own: HashSet<Subject> = [who.subject()].into();
    own.extend(book.assertions(who).map(|one| one.id.subject()));
    own.extend(book.visits(who).map(|one| one.id.subject()));
    let household = book.person(who).and_then(|one| one.household());
    own.extend(household.map(|id| id.subject()));
    let link = Some(Value::Link(who.0));
    let names = [assertion::PERSON, visit::PERSON].contains(&change.field)
        && (change.old == link || change.new == link);
    own.contains(&change.subject) || names
}

fn looks(commit: &Commit, who: PersonId) -> bool {
    matches!(commit.act, Act::Look { subject, .. } if subject == who.subject())
}

fn whole(dir: &Path) -> Vec<Commit> {
    let mut all = vec![];
    let store = Store::open(dir, &mut |_| {}).unwrap().store;
    store
        .log_back(&mut |commit| {
            all.push(commit);
            ControlFlow::Continue(())
        })
        .unwrap();
    all
}

fn ids(commits: &[Commit]) -> Vec<String> {
    commits.iter().map(|one| one.id.short()).collect()
}

#[test]
fn a_persons_history_is_what_a_reading_of_everything_finds() {
    let temp = tempfile::tempdir().unwrap();
    busy(temp.path());
    let all = whole(temp.path());
    let (mut register, _) = Register::open(temp.path(), "王芳", moment(90), &mut |_| {}).unwrap();
    register.remember();
    // One more, after it was gathered.
    let people: Vec<PersonId> = register.index().book().people().map(|one| one.id).collect();
    let mut draft = Draft::new(register.index().book());
    let text = Some(Value::Text("late".into()));
    draft.set(people[1].subject(), person::NOTE, text);
    let changes = draft.finish();
    let late = register.commit(Act::Edit, changes, moment(91)).unwrap();
    let all: Vec<Commit> = [vec![late], all].concat();
    let book = register.index().book();
    let mut several = 0;
    for who in people.into_iter().take(160) {
        let touched = |one: &Commit| one.changes.iter().any(|one| is_about(one, who, book));
        let meant: Vec<Commit> = all
            .iter()
            .filter(|one| touched(one) || looks(one, who))
            .cloned()
            .collect();
        several += usize::from(meant.len() > 1);
        let log = register.log(Some(who), usize::MAX).unwrap();
        assert_eq!(ids(&log), ids(&meant));
        let story = register.story(who, usize::MAX).unwrap();
        assert_eq!(ids(&story), ids(&meant));
        assert!(
            story.last().unwrap().changes.is_empty(),
            "it is a large one"
        );
        assert_eq!(
            ids(&register.story(who, 2).unwrap()),
            ids(&meant)[..meant.len().min(2)]
        );
        let looked: Vec<Commit> = meant
            .iter()
            .filter(|one| looks(one, who))
            .cloned()
            .collect();
        assert_eq!(register.looks(who, usize::MAX).unwrap(), looked);
        let made = log.last().unwrap();
        assert!(made.changes.len() < 200 && register.size(made) > 10_000);
        assert!(made.changes.iter().all(|one| is_about(one, who, book)));
    }
    assert!(several > 12, "{several}");
    assert_eq!(register.log(None, usize::MAX).unwrap().len(), all.len());
    assert_eq!(
        register.looks_since(moment(90).milliseconds).unwrap().len(),
        0
    );
    assert_eq!(
        register.looks_since(moment(0).milliseconds).unwrap().len(),
        12
    );
}

/// Where the second block of a file of blocks lies.
fn second(bytes: &[u8]) -> std::ops::Range<usize> {
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let places = bytes.len() - 8 - 8 * number(bytes.len() - 4);
    let begin = 8 + number(places);
    begin..begin + number(places + 8)
}

#[test]
fn what_was_laid_by_of_it_is_a_help_and_no_more() {
    let temp = tempfile::tempdir().unwrap();
    busy(temp.path());
    let snapshot = temp.path().join("checkpoint/index.snapshot");
    let open = || {
        let opened = Register::open(temp.path(), "王芳", moment(90), &mut |_| {});
        opened.unwrap().0
    };
    let stories = || {
        let register = open();
        let people: Vec<PersonId> = register.index().book().people().map(|one| one.id).collect();
        let story = |who: &PersonId| ids(&register.story(*who, 9).unwrap());
        people.iter().take(40).map(story).collect::<Vec<_>>()
    };
    drop(open());
    let laid = fs::read(&snapshot).unwrap();
    let whole = stories();
    assert!(whole.iter().any(|one| one.len() > 2));
    let place = second(&laid);
    assert!(place.len() > RESIDENTS * 8, "every record leaves a mark");
    let mut harmed = laid.clone();
    harmed[place.start + 100] ^= 1;
    fs::write(&snapshot, harmed).unwrap();
    assert_eq!(stories(), whole);
    fs::remove_file(&snapshot).unwrap();
    assert_eq!(stories(), whole);
}
