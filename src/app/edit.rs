//! Editing one field of a card: the box for it, and the change that it makes.
//!
//! Invariant: a field's kind alone decides how it is edited.

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
use crate::app::prompt::Prompt;
use crate::app::value;
use crate::model::change::Act;
use crate::model::codes;
use crate::model::draft::Draft;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::id_number;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::settle;
use crate::model::value::Value;
use crate::model::value::ValueRef;

/// Opens the box in which a field is edited.
pub fn open(desk: &Desk<'_>, subject: Subject, field: &'static Field) -> Vec<Reply> {
    let record = desk.index.book().record(subject);
    let value = record.and_then(|record| record.read(field.number));
    let pick = |items| {
        vec![Reply::Open(Screen::Pick(Box::new(Pick::new(
            "card-choose",
            items,
        ))))]
    };
    match field.kind {
        Kind::Code(table) => pick(code_items(desk, subject, field, table)),
        Kind::Flag => pick(flag_items(desk, subject, field)),
        Kind::Text
        | Kind::Date
        | Kind::Number
        | Kind::IdNumber
        | Kind::Phones
        | Kind::Link(_)
        | Kind::Words => {
            let text = value.map_or(String::new(), ValueRef::plain);
            let prompt = Prompt::value(subject, field, &text, value::read);
            vec![Reply::Open(Screen::Prompt(Box::new(prompt)))]
        }
    }
}

fn code_items(desk: &Desk<'_>, subject: Subject, field: &'static Field, table: &str) -> Vec<Item> {
    let item = |code: &codes::Code| Item {
        label: Label::Text(desk.lang.pick(code.zh, code.en).to_owned()),
        hint: code.code.to_owned(),
        search: format!("{} {} {}", code.zh, code.en, code.aliases),
        choice: Choice::Value(subject, field, Some(Value::Code(code.code.to_owned()))),
    };
    let mut items: Vec<Item> = codes::table(table).iter().map(item).collect();
    items.push(unknown(subject, field));
    items
}

fn flag_items(desk: &Desk<'_>, subject: Subject, field: &'static Field) -> Vec<Item> {
    let item = |flag| Item {
        label: Label::Text(field.show(&Value::Flag(flag), desk.lang)),
        hint: String::new(),
        search: flag.to_string(),
        choice: Choice::Value(subject, field, Some(Value::Flag(flag))),
    };
    vec![item(true), item(false), unknown(subject, field)]
}

fn unknown(subject: Subject, field: &'static Field) -> Item {
    Item {
        label: Label::Word("card-unknown"),
        hint: String::new(),
        search: "clear unknown 清空".to_owned(),
        choice: Choice::Value(subject, field, None),
    }
}

/// Sets a field; an identity number also fills birth and sex where they are unknown.
pub fn set(desk: &Desk<'_>, subject: Subject, field: &Field, value: Option<Value>) -> Vec<Reply> {
    let mut draft = Draft::new(desk.index.book());
    if let Some(Value::IdNumber(number)) = &value {
        let reading = id_number::read(number);
        let birth = reading.birth.map(Value::Date);
        let sex = reading.sex.map(|code| Value::Code(code.to_owned()));
        for (number, known) in [(person::BIRTH, birth), (person::SEX, sex)] {
            if draft.get(subject, number).is_none() {
                draft.set(subject, number, known);
            }
        }
    }
    draft.set(subject, field.number, value);
    let completes = [person::ID_NO, person::BIRTH].contains(&field.number);
    if subject.table == Table::Person && completes {
        settle::mark_draft(&mut draft, PersonId(subject.id));
    }
    let changes = draft.finish();
    if changes.is_empty() {
        let notice = Notice::new(Tone::Warn, Say::plain("card-same"));
        return vec![Reply::Say(notice)];
    }
    vec![Reply::Effect(Effect::Commit(Act::Edit, changes))]
}
