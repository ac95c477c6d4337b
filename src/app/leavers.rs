//! Those who left: who is to be removed, and removing them, previewed and with one undo.
//!
//! Invariant: nobody on the rolls is removed, and nobody but who manages the register removes.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::ids::PersonId;
use crate::model::removal;
use crate::model::removal::How;
use crate::model::role::Role;
use crate::query::Node;
use crate::query::Query;
use crate::query::State;
use crate::query::Test;
use crate::query::show::show;

/// A way of removing, and its keys in the words: in the choice, over the preview, done.
const WAYS: [(How, [&str; 3]); 2] = [
    (
        How::Anonymise,
        [
            "leavers-anonymise",
            "leavers-will-anonymise",
            "notice-anonymised",
        ],
    ),
    (
        How::Remove,
        ["leavers-remove", "leavers-will-remove", "notice-removed"],
    ),
];

/// Who is to be removed.
pub fn due() -> Query {
    Query {
        root: Node::Test(Test::Is(State::Removable)),
        order: None,
    }
}

/// The same as it is typed.
pub fn query(index: &Index) -> String {
    show(&due(), index.lexicon())
}

/// What can be done with so many who are to be removed.
pub fn how(desk: &Desk<'_>, count: usize) -> Vec<Reply> {
    let months = removal::months(desk.index.book());
    let args = [("months", months.to_string()), ("count", count.to_string())];
    let key = match (count, desk.index.role()) {
        (0, _) => "leavers-nobody",
        (_, Role::Manage) => "leavers-how",
        (_, Role::View | Role::Enter) => "leavers-who",
    };
    vec![Reply::Say(Notice::new(Tone::Good, Say::with(key, args)))]
}

/// Asks how people are removed.
pub fn open(desk: &Desk<'_>, people: &[PersonId]) -> Vec<Reply> {
    let refuse = |say| vec![Reply::Say(Notice::new(Tone::Warn, say))];
    if desk.index.role() != Role::Manage {
        return refuse(Say::plain("role-only-manages"));
    }
    if people.is_empty() {
        return refuse(Say::plain("leavers-none"));
    }
    let those = people.iter().filter_map(|id| desk.index.book().person(*id));
    let stay = those.filter(|one| one.is_present()).count();
    if stay > 0 {
        return refuse(Say::with("leavers-stay", [("count", stay.to_string())]));
    }
    let items = WAYS.map(|(how, [word, ..])| Item {
        label: Label::Word(word),
        hint: String::new(),
        search: word.to_owned(),
        choice: Choice::Removal(how),
    });
    let about = Say::with("leavers-about", [("count", people.len().to_string())]);
    let pick = Pick::new("pick-removal", items.into()).about(about);
    vec![Reply::Open(Screen::Pick(Box::new(pick)))]
}

/// Shows whom removing would touch.
pub fn preview(desk: &Desk<'_>, people: Vec<PersonId>, how: How) -> Vec<Reply> {
    let book = desk.index.book();
    let records = removal::records(book, &people);
    let changes = removal::changes(book, &records, how);
    let act = Act::Remove {
        how,
        records,
        people: people.len() as u64,
        reason: String::new(),
    };
    let [_, title, _] = words(how);
    let title = Say::with(title, [("count", people.len().to_string())]);
    let preview = Preview::of_people(title, people, Effect::Commit(act, changes));
    vec![Reply::Open(Screen::Preview(Box::new(preview)))]
}

/// What to say of people who were removed.
pub fn removed(how: How, people: u64) -> Say {
    let [_, _, done] = words(how);
    Say::with(done, [("count", people.to_string())])
}

fn words(how: How) -> [&'static str; 3] {
    let way = WAYS.iter().find(|(one, _)| *one == how);
    way.map_or([""; 3], |(_, words)| *words)
}
