//! The laws of visits, over visits made by chance.

use jumin::model::book::Book;
use jumin::model::change::inverse;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::HouseholdId;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::model::visit;
use jumin::model::visit::Call;
use jumin::model::visit::Contact;
use jumin::model::visit::Outcome;
use jumin::model::visit::contact;
use jumin::model::visit::file;
use jumin::model::visit::housemates;
use jumin::model::visit::newest;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn today() -> Date {
    Date::parse("2026-11-23").unwrap()
}

fn ago(days: i32) -> Date {
    today().add_days(-days)
}

/// A household of three people: at home, living elsewhere, moved away; and one more without any.
fn home(mint: &mut Mint) -> (Book, Vec<PersonId>, HouseholdId) {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let home = mint.household();
    let people: Vec<PersonId> = (0..4).map(|_| mint.person()).collect();
    for (at, id) in people.iter().enumerate() {
        let mut set = |field, value| draft.set(id.subject(), field, Some(value));
        set(person::NAME, Value::Text(format!("居民{at}")));
        if at < 3 {
            set(person::HOUSEHOLD, Value::Link(home.0));
        }
    }
    let mut set = |at: usize, field, value| draft.set(people[at].subject(), field, Some(value));
    set(1, person::LIVES_HERE, Value::Flag(false));
    set(2, person::LIFE, Value::Code("2".into()));
    for change in draft.finish() {
        book.apply(&change);
    }
    (book, people, home)
}

#[derive(Debug, Clone)]
struct Logged {
    days: i32,
    outcome: Outcome,
    verified: bool,
    next: Option<i32>,
}

fn logged() -> impl Strategy<Value = Logged> {
    let outcome = select(Outcome::ALL.to_vec());
    let next = option::of(-20..20_i32);
    (0..40_i32, outcome, any::<bool>(), next).prop_map(|(days, outcome, verified, next)| Logged {
        days,
        outcome,
        verified,
        next,
    })
}

fn log(book: &mut Book, people: &[PersonId], one: &Logged, mint: &mut Mint) {
    let next = one.next.map(|days| (visit::NEXT, Value::Date(ago(days))));
    let more: Vec<_> = next.into_iter().collect();
    let call = Call {
        date: ago(one.days),
        time: None,
        worker: "王芳",
        outcome: one.outcome,
        verified: one.verified,
        household: None,
        more: &more,
    };
    let mut draft = Draft::new(book);
    file(&mut draft, people, &call, mint);
    for change in draft.finish() {
        book.apply(&change);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn last_seen_and_verified_are_the_latest_whatever_the_order_of_logging(all in vec(logged(), 0..8)) {
        let mut mint = Mint::new(1, 1);
        let (mut book, people, _) = home(&mut mint);
        for one in &all {
            log(&mut book, &people[..1], one, &mut mint);
        }
        let found = contact(&book, people[0]);
        let met = all.iter().filter(|one| one.outcome == Outcome::Met);
        let last = met.clone().map(|one| one.days).min();
        prop_assert_eq!(found.seen, last.map(ago));
        let verified = all.iter().filter(|one| one.verified).map(|one| one.days).min();
        prop_assert_eq!(found.verified, verified.map(ago));
        // What was agreed stands until the person is met; of one day, the later entry counts.
        let mut sorted: Vec<&Logged> = all.iter().rev().collect();
        sorted.sort_by_key(|one| one.days);
        let open = sorted.iter().position(|one| one.outcome == Outcome::Met);
        let open = &sorted[..open.map_or(sorted.len(), |at| at + 1)];
        prop_assert_eq!(found.next, open.iter().find_map(|one| one.next).map(ago));
        prop_assert_eq!(contact(&book, people[1]), Contact::default());
    }

    #[test]
    fn a_visit_taken_back_leaves_no_trace(before in vec(logged(), 0..4), one in logged()) {
        let mut mint = Mint::new(1, 1);
        let (mut book, people, _) = home(&mut mint);
        for one in &before {
            log(&mut book, &people, one, &mut mint);
        }
        let records: Vec<_> = people.iter().map(|id| contact(&book, *id)).collect();
        let mut draft = Draft::new(&book);
        let call = Call {
            date: ago(one.days), time: Some("09:41"), worker: "王芳", outcome: one.outcome,
            verified: one.verified, household: None, more: &[],
        };
        file(&mut draft, &people, &call, &mut mint);
        let changes = draft.finish();
        for change in changes.iter().chain(&inverse(&changes)) {
            book.apply(change);
        }
        for (id, was) in people.iter().zip(records) {
            prop_assert_eq!(contact(&book, *id), was);
            prop_assert_eq!(book.visits(*id).count(), before.len());
        }
    }

    #[test]
    fn what_is_due_and_what_is_stale_agree(seen in option::of(0..400_i32), next in option::of(-50..50_i32), days in 1..400_i32) {
        let contact = Contact { seen: seen.map(ago), verified: None, next: next.map(ago) };
        let due = contact.due(Some(days), today()).unwrap();
        prop_assert_eq!(contact.is_stale(days, today()), due < today() || (seen.is_none() && next.is_none()));
        prop_assert_eq!(contact.due(None, today()), next.map(ago));
    }
}

#[test]
fn a_call_at_the_door_is_on_those_who_live_there() {
    let mut mint = Mint::new(1, 1);
    let (book, people, _) = home(&mut mint);
    let at = |person: usize| housemates(&book, book.person(people[person]).unwrap());
    assert_eq!(at(0), [people[0]]);
    // Whoever is asked for is called on, wherever they live.
    assert_eq!(at(1), [people[1], people[0]]);
    assert_eq!(at(3), [people[3]]);
}

#[test]
fn a_visit_is_kept_as_it_was_logged() {
    let mut mint = Mint::new(1, 1);
    let (mut book, people, home) = home(&mut mint);
    let more = [
        (visit::NOTE, Value::Text("腿脚不便".into())),
        (visit::NEXT, Value::Date(Date::parse("2026-12").unwrap())),
    ];
    let call = Call {
        date: today(),
        time: Some("09:41"),
        worker: "王芳",
        outcome: Outcome::Answered,
        verified: true,
        household: Some(home),
        more: &more,
    };
    let mut draft = Draft::new(&book);
    file(&mut draft, &people[..2], &call, &mut mint);
    for change in draft.finish() {
        book.apply(&change);
    }
    for id in &people[..2] {
        let [one] = newest(&book, *id)[..] else {
            panic!("not one visit")
        };
        assert_eq!(one.person(), Some(*id));
        assert_eq!((one.date(), one.worker()), (Some(today()), "王芳"));
        assert_eq!(one.outcome(), Some(Outcome::Answered));
        assert!(one.verified());
        assert_eq!(one.record.link(visit::HOUSEHOLD), Some(home.0));
        assert_eq!(one.record.text(visit::NOTE), Some("腿脚不便"));
        let found = contact(&book, *id);
        assert_eq!(found.seen, None);
        assert_eq!(found.verified, Some(today()));
        assert_eq!(found.next, Date::parse("2026-12-31"));
    }
}

#[test]
fn every_outcome_has_its_code_and_its_names() {
    let codes: Vec<&str> = codes::table("visit-result")
        .iter()
        .map(|code| code.code)
        .collect();
    let known: Vec<&str> = Outcome::ALL.iter().map(|one| one.code()).collect();
    assert_eq!(codes, known);
    for one in Outcome::ALL {
        assert_eq!(Outcome::from_code(one.code()), Some(one));
    }
    assert_eq!(Outcome::from_code("9"), None);
}
