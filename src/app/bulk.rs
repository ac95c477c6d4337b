//! Acts on several people at once, and the acts that any screen can draft.
//!
//! Invariant: what touches more than one person is previewed first.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::edit;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::prompt::Prompt;
use crate::app::value;
use crate::model::alike;
use crate::model::assertion::Status;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::classify::Saying;
use crate::model::classify::say;
use crate::model::draft::Draft;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::model::view;

/// Where an assertion made on screen comes from.
pub const SOURCE: &str = "工作人员";

/// The changes that put people into a category (or say another thing of it), and whom they touch.
pub fn draft(
    desk: &Desk<'_>,
    people: &[PersonId],
    category: &CategoryCode,
    status: Status,
    evidence: Option<&str>,
) -> (Vec<Change>, Vec<PersonId>) {
    let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
    let mut draft = Draft::new(desk.index.book());
    let mut touched = Vec::new();
    let since = desk.now.today;
    for person in people {
        let saying = Saying {
            category,
            status,
            since,
            evidence,
            source: SOURCE,
        };
        if say(&mut draft, *person, &saying, &mut mint) {
            touched.push(*person);
        }
    }
    (draft.finish(), touched)
}

/// Puts people into a category: one at once, several behind a preview.
pub fn classify(desk: &Desk<'_>, people: &[PersonId], code: &CategoryCode) -> Vec<Reply> {
    let name = desk
        .index
        .book()
        .category(code)
        .map_or("", |category| category.name(desk.lang));
    let (changes, touched) = draft(desk, people, code, Status::Confirmed, None);
    if changes.is_empty() {
        let say = Say::with("bulk-nothing", [("category", name.to_owned())]);
        return vec![Reply::Say(Notice::new(Tone::Warn, say))];
    }
    let act = Act::Classify {
        what: format!("+{code}"),
        people: touched.len() as u64,
    };
    let effect = Effect::Commit(act, changes);
    if people.len() == 1 {
        return vec![Reply::Effect(effect)];
    }
    let title = Say::with(
        "bulk-title",
        [
            ("category", name.to_owned()),
            ("people", touched.len().to_string()),
            ("same", (people.len() - touched.len()).to_string()),
        ],
    );
    let preview = Preview::of_people(title, touched, effect);
    vec![Reply::Open(Screen::Preview(Box::new(preview)))]
}

/// The facts that can be said of people, to choose one.
pub fn facts(desk: &Desk<'_>) -> Pick {
    let fields = FIELDS.iter().filter(|field| alike::fits(field));
    let items = fields.map(|field| Item {
        label: Label::Text(field.label(desk.lang).to_owned()),
        hint: field.key.to_owned(),
        search: format!("{} {} {}", field.zh, field.en, field.aliases.join(" ")),
        choice: Choice::Field(field),
    });
    Pick::new("pick-fact", items.collect())
}

/// Asks what a fact is to be; the answer is one person's as far as the box knows.
pub fn ask(desk: &Desk<'_>, people: &[PersonId], field: &'static Field) -> Vec<Reply> {
    let Some(first) = people.first() else {
        return Vec::new();
    };
    match field.kind {
        Kind::Code(_) | Kind::Flag => edit::open(desk, first.subject(), field),
        Kind::Text
        | Kind::Date
        | Kind::Number
        | Kind::IdNumber
        | Kind::Phones
        | Kind::Link(_)
        | Kind::Words => {
            let prompt = Prompt::value(first.subject(), field, "", value::read);
            vec![Reply::Open(Screen::Prompt(Box::new(prompt)))]
        }
    }
}

/// Sets a fact of people, or clears it: one at once, several behind a preview of what changes.
pub fn set(
    desk: &Desk<'_>,
    people: &[PersonId],
    field: &'static Field,
    value: Option<&Value>,
) -> Vec<Reply> {
    let book = desk.index.book();
    let changes = alike::set(book, people, field, value);
    if changes.is_empty() {
        return vec![Reply::Say(Notice::new(Tone::Warn, Say::plain("card-same")))];
    }
    let show = |value: Option<&Value>| {
        value.map_or_else(|| "-".to_owned(), |value| desk.show(field, value))
    };
    let line = |change: &Change| {
        let person = book.person(PersonId(change.subject.id));
        let args = [
            ("name", person.map_or("", Person::name).to_owned()),
            ("old", show(change.old.as_ref())),
            ("new", show(change.new.as_ref())),
        ];
        Say::with("bulk-fact", args)
    };
    let lines: Vec<Say> = changes.iter().map(line).collect();
    let args = [
        ("field", field.label(desk.lang).to_owned()),
        ("people", changes.len().to_string()),
        ("same", (people.len() - changes.len()).to_string()),
    ];
    let effect = Effect::Commit(Act::Edit, changes);
    if people.len() == 1 {
        return vec![Reply::Effect(effect)];
    }
    let preview = Preview::of_lines(Say::with("bulk-facts", args), lines, effect);
    vec![Reply::Open(Screen::Preview(Box::new(preview)))]
}

/// Saves a query as a view.
pub fn save_view(desk: &Desk<'_>, name: &str, query: &str, rank: i64) -> Vec<Reply> {
    let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
    let subject = Subject {
        table: Table::View,
        id: mint.uuid(),
    };
    let mut draft = Draft::new(desk.index.book());
    draft.set(subject, view::ZH, Some(Value::Text(name.to_owned())));
    draft.set(subject, view::QUERY, Some(Value::Text(query.to_owned())));
    draft.set(subject, view::RANK, Some(Value::Number(rank)));
    vec![Reply::Effect(Effect::Commit(Act::View, draft.finish()))]
}
