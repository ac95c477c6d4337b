//! The sort screen: how many keys, what is saved, what Backspace takes back, where it goes on.

use crate::rig::Rig;
use jumin::app::App;
use jumin::app::Effect;
use jumin::app::Msg;
use jumin::app::Say;
use jumin::app::Screen;
use jumin::app::key::Key;
use jumin::app::keymap::Keymap;
use jumin::app::sort::Sort;
use jumin::app::update;
use jumin::model::Lang;
use jumin::model::assertion::Status;
use jumin::model::change::Act;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::PersonId;
use jumin::query::parse::parse;
use proptest::prelude::ProptestConfig;
use proptest::proptest;

fn sort(rig: &Rig) -> &Sort {
    match &rig.app.screens.active {
        Screen::Sort(sort) => sort,
        _ => panic!("not on the sort screen:\n{}", rig.screen()),
    }
}

fn current(rig: &Rig) -> PersonId {
    sort(rig).queue.current().unwrap()
}

fn is_in(rig: &Rig, person: PersonId, code: &str) -> bool {
    rig.desk.index().is_in(person, &CategoryCode(code.into()))
}

fn answers(rig: &Rig, person: PersonId, query: &str) -> bool {
    let index = rig.desk.index();
    index.matches(&parse(query, index.lexicon()).unwrap(), person)
}

fn statuses(rig: &Rig, person: PersonId) -> Vec<(String, Status)> {
    let all = rig.desk.index().book().assertions(person);
    all.map(|one| (one.category().unwrap().0, one.status()))
        .collect()
}

/// On the sort screen with the default queue.
fn begun() -> Rig {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("F2");
    rig
}

#[test]
fn the_queue_is_those_for_whom_the_question_is_open_by_address() {
    let mut rig = begun();
    let index = rig.desk.index();
    let query = "is:unclassified | suggest:E1,E3,E5,E6,E7,E8,E9,E13 sort:address";
    let query = parse(query, index.lexicon()).unwrap();
    let answer = index.ask(&query);
    let people = index.rows(&query, &answer, 0, answer.total());
    let mut seen = Vec::new();
    while let Some(person) = sort(&rig).queue.current() {
        seen.push(person);
        rig.keys("space");
    }
    assert!(seen.len() > 3);
    assert_eq!(seen, people);
    assert_eq!(sort(&rig).trail.tally.skipped, people.len());
}

#[test]
fn a_single_label_takes_one_key() {
    let mut rig = begun();
    let person = current(&rig);
    rig.keys("5");
    assert!(is_in(&rig, person, "E6"));
    assert_ne!(current(&rig), person);
    assert_eq!(sort(&rig).trail.tally.classified, 1);
}

#[test]
fn a_suggestion_is_accepted_with_its_reason_in_one_key() {
    let mut rig = begun();
    let person = current(&rig);
    let proposed = sort(&rig).question.proposals(rig.desk.index(), person);
    assert_eq!(proposed[0].code.0, "E13");
    rig.keys("enter");
    let book = rig.desk.index().book();
    let made = book.assertions(person).next().unwrap();
    assert!(made.is_about(&proposed[0].code));
    assert_eq!(made.evidence(), proposed[0].reason.as_deref());
    assert!(made.evidence().is_some());
    assert_ne!(current(&rig), person);
}

#[test]
fn several_labels_take_a_key_each_and_space() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("3栋 F2 F6 V enter");
    assert!(!sort(&rig).question.single);
    let person = current(&rig);
    rig.keys("1");
    assert_eq!(current(&rig), person);
    assert!(!is_in(&rig, person, "V1"));
    rig.keys("space");
    assert!(is_in(&rig, person, "V1"));
    let second = current(&rig);
    assert_ne!(second, person);
    rig.keys("1 2 2 3 space");
    assert!(is_in(&rig, second, "V1") && is_in(&rig, second, "V3"));
    assert!(!is_in(&rig, second, "V2"));
    rig.keys("backspace 1 space");
    assert!(is_in(&rig, second, "V1"), "undone, then said again");
}

#[test]
fn none_of_these_is_a_decision_that_turns_suggestions_down() {
    let mut rig = begun();
    let person = current(&rig);
    rig.keys("0");
    let said = statuses(&rig, person);
    assert!(said.contains(&("E".into(), Status::Declined)), "{said:?}");
    assert!(said.contains(&("E13".into(), Status::Declined)), "{said:?}");
    assert!(!answers(&rig, person, "is:unclassified"));
    assert!(!answers(&rig, person, "suggest:E13"));
    assert_ne!(current(&rig), person);
}

#[test]
fn a_flag_is_found_again() {
    let mut rig = begun();
    let person = current(&rig);
    rig.keys("tab");
    assert!(answers(&rig, person, "is:flagged"));
    assert_ne!(current(&rig), person);
    assert_eq!(sort(&rig).trail.tally.flagged, 1);
}

#[test]
fn backspace_takes_back_what_was_saved_and_only_steps_back_after_a_skip() {
    let mut rig = begun();
    let first = current(&rig);
    rig.keys("9");
    let second = current(&rig);
    rig.keys("space");
    rig.keys("backspace");
    assert_eq!(current(&rig), second);
    assert!(is_in(&rig, first, "E13"));
    rig.keys("backspace");
    assert_eq!(current(&rig), first);
    assert!(!is_in(&rig, first, "E13"));
    assert!(statuses(&rig, first).is_empty());
    assert_eq!(sort(&rig).trail.tally.done(), 0);
    rig.keys("backspace");
    assert_eq!(current(&rig), first);
}

#[test]
fn the_common_undo_steps_back_too() {
    let mut rig = begun();
    let first = current(&rig);
    rig.keys("9 space F8");
    assert_eq!(current(&rig), first);
    assert!(!is_in(&rig, first, "E13"));
}

#[test]
fn it_goes_on_where_it_was_left() {
    let mut rig = begun();
    rig.keys("9 space 5");
    let (here, done) = (current(&rig), sort(&rig).trail.tally);
    assert_eq!(done.done(), 3);
    rig.app = App::new(rig.desk.index(), Lang::Zh, Keymap::default());
    rig.keys("F2");
    assert_eq!(current(&rig), here);
    assert_eq!(sort(&rig).trail.tally, done);
    rig.keys("esc");
    rig.keys("3栋 F2");
    assert_eq!(
        sort(&rig).trail.tally.done(),
        0,
        "another query starts anew"
    );
}

#[test]
fn it_goes_on_after_the_person_left_the_queue() {
    let mut rig = begun();
    rig.keys("9 9");
    let here = current(&rig);
    rig.keys("right + E6 enter esc");
    let next = current(&rig);
    assert_ne!(next, here);
    rig.keys("esc");
    rig.keys("F2");
    assert_eq!(current(&rig), next);
}

#[test]
fn nothing_moves_before_it_is_saved() {
    let mut rig = begun();
    let person = current(&rig);
    let now = crate::rig::moment(99);
    let key = |rig: &mut Rig, text: &str| {
        let key = Key::parse(text).unwrap();
        update(&mut rig.app, rig.desk.index(), now, Msg::Key(key))
    };
    let asked = key(&mut rig, "9");
    assert!(matches!(
        asked.as_slice(),
        [Effect::Commit(Act::Classify { people: 1, .. }, changes)] if !changes.is_empty()
    ));
    assert_eq!(current(&rig), person);
    assert!(key(&mut rig, "9").is_empty(), "the first answer is awaited");
    rig.send(Msg::Failed(Say::plain("failed-stale")));
    assert_eq!(current(&rig), person);
    assert_eq!(sort(&rig).trail.tally.done(), 0);
    rig.keys("9");
    assert_ne!(current(&rig), person);
}

#[test]
fn the_end_says_what_came_of_it() {
    let mut rig = begun();
    rig.keys("9 0 tab");
    while sort(&rig).queue.current().is_some() {
        rig.keys("space");
    }
    let screen = rig.screen();
    for line in ["归类 1 人", "都不是 1 人", "待查 1 人"] {
        assert!(screen.contains(line), "{screen}");
    }
    rig.keys("9 enter 0 tab space right backspace");
    assert!(sort(&rig).queue.current().is_some());
}

const KEYS: [&str; 27] = [
    "1",
    "2",
    "5",
    "9",
    "0",
    "space",
    "enter",
    "tab",
    "backspace",
    "esc",
    "right",
    "left",
    "up",
    "down",
    "pagedown",
    "end",
    "home",
    "F2",
    "F3",
    "F6",
    "F8",
    "F9",
    "F12",
    "+",
    "a",
    "？",
    "４",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_keys_breaks_it(keys in proptest::collection::vec(0..KEYS.len(), 60)) {
        let mut rig = begun();
        for key in keys {
            rig.keys(KEYS[key]);
        }
    }
}
