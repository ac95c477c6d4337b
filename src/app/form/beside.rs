//! What is said beside a slot while it is being typed.
//!
//! Invariant: nothing said here keeps anyone from saving; a reason is given with every warning.

use crate::app::Say;
use crate::app::Tone;
use crate::app::form::place;
use crate::app::form::reading;
use crate::app::form::reading::Reading;
use crate::app::form::sheet::Home;
use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::app::form::twin;
use crate::index::Index;
use crate::model::Lang;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::field::Kind;
use crate::model::household::Household;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::HouseholdId;
use crate::model::person::Person;
use crate::model::value::Value;

/// A remark, and how it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How it is meant.
    pub tone: Tone,
    /// What.
    pub say: Say,
}

fn good<const N: usize>(key: &'static str, args: [(&'static str, String); N]) -> Remark {
    Remark {
        tone: Tone::Good,
        say: Say::with(key, args),
    }
}

fn warn<const N: usize>(key: &'static str, args: [(&'static str, String); N]) -> Remark {
    Remark {
        tone: Tone::Warn,
        say: Say::with(key, args),
    }
}

/// What is to be said of a slot; `typing` when the caret is in it.
pub fn remark(
    index: &Index,
    sheet: &Sheet,
    slot: Slot,
    typing: bool,
    lang: Lang,
) -> Option<Remark> {
    let text = sheet.text(slot).trim();
    match slot {
        Slot::NAME => name(index, sheet, text),
        Slot::ID => id(index, sheet, typing, lang),
        Slot::ADDRESS => address(index, sheet, text),
        _ => match reading::read(slot, text) {
            Reading::Blank => None,
            Reading::Unread if typing && is_begun(slot, text) => None,
            Reading::Unread => Some(warn("form-unread", [])),
            Reading::Known(value) => known(index, sheet, slot, &value, lang),
        },
    }
}

/// Whether a text may still become one that can be read.
fn is_begun(slot: Slot, text: &str) -> bool {
    match slot.field().kind {
        Kind::Date | Kind::Phones => {
            text.starts_with(|c: char| c.is_ascii_digit()) && text.len() < 8
        }
        Kind::Code(_) | Kind::Flag => true,
        Kind::Text | Kind::Number | Kind::IdNumber | Kind::Link(_) | Kind::Words => false,
    }
}

fn name(index: &Index, sheet: &Sheet, text: &str) -> Option<Remark> {
    if text.is_empty() {
        return if sheet.is_blank() {
            None
        } else {
            Some(warn("form-name-needed", []))
        };
    }
    match twin::namesakes(index, sheet) {
        0 => None,
        people => Some(warn("form-namesakes", [("people", people.to_string())])),
    }
}

fn id(index: &Index, sheet: &Sheet, typing: bool, lang: Lang) -> Option<Remark> {
    let number = id_number::fold(sheet.text(Slot::ID))?;
    if let Some(other) = twin::same(index, sheet) {
        let name = index.book().person(other).map_or("", Person::name);
        return Some(warn("form-id-here", [("name", name.to_owned())]));
    }
    let reading = id_number::read(&number);
    let count = number.chars().count();
    match reading.check {
        Check::Bad(_) if typing && count < 18 => {
            Some(good("form-id-count", [("count", count.to_string())]))
        }
        Check::Bad(fault) => Some(warn("form-id-bad", [("why", fault.say(lang))])),
        Check::Good if !reading.region_known => Some(warn("form-id-region", [])),
        Check::Good => Some(good("form-id-good", [])),
        Check::NoCheck => Some(good("form-id-unchecked", [])),
    }
}

fn address(index: &Index, sheet: &Sheet, text: &str) -> Option<Remark> {
    if text.is_empty() {
        return None;
    }
    if let Some(id) = place::household(index, sheet) {
        let members = place::present(index, id).len().to_string();
        let args = [("name", place::name_of(index, id)), ("members", members)];
        return Some(good("form-address-join", args));
    }
    let address = place::address(sheet);
    if place::is_vague(index, &address) {
        return Some(warn("form-address-vague", []));
    }
    if address.rest.is_some() {
        return Some(warn("form-address-whole", []));
    }
    let key = if sheet.home() == Home::New {
        "form-address-apart"
    } else {
        "form-address-new"
    };
    Some(good(key, [("address", address.to_string())]))
}

/// What a value says that could be read.
fn known(index: &Index, sheet: &Sheet, slot: Slot, value: &Value, lang: Lang) -> Option<Remark> {
    let by_id = reading::by_id(sheet, slot).filter(|said| slot != Slot::NATIVE && said != value);
    if let Some(said) = by_id {
        let said = slot.field().show(&said, lang);
        return Some(warn("form-not-as-id", [("said", said)]));
    }
    match value {
        Value::Date(date) => {
            let date = (slot, *date);
            Some(self::date(index, date, sheet.text(slot).trim()))
        }
        Value::Code(code) if slot == Slot::RELATION => relation(index, sheet, code, lang),
        Value::Code(code) => {
            let Kind::Code(table) = slot.field().kind else {
                return None;
            };
            let name = codes::name(table, code, lang).unwrap_or(code);
            let typed = sheet.text(slot).trim() == name;
            (!typed).then(|| good("form-code", [("name", name.to_owned())]))
        }
        Value::Text(_)
        | Value::Flag(_)
        | Value::Number(_)
        | Value::IdNumber(_)
        | Value::Phones(_)
        | Value::Link(_)
        | Value::Words(_) => None,
    }
}

/// How a date was read, and of a birth the age.
fn date(index: &Index, (slot, date): (Slot, Date), typed: &str) -> Remark {
    let shown = date.to_string();
    if slot != Slot::BIRTH {
        return good("form-date", [("date", shown)]);
    }
    let age = date.years_until(index.today()).to_string();
    if shown == typed {
        return good("form-age", [("age", age)]);
    }
    good("form-date-age", [("date", shown), ("age", age)])
}

/// Whose relation it is, or that there is a head already.
fn relation(index: &Index, sheet: &Sheet, code: &str, lang: Lang) -> Option<Remark> {
    let head = place::household(index, sheet).and_then(|id| head(index, id));
    if crate::app::form::save::HEADS.contains(&code) {
        return head.map(|name| warn("form-head-already", [("name", name)]));
    }
    let relation = codes::name("relation", code, lang)
        .unwrap_or(code)
        .to_owned();
    match head {
        Some(name) => Some(good(
            "form-relation-to",
            [("name", name), ("relation", relation)],
        )),
        None => Some(good("form-code", [("name", relation)])),
    }
}

fn head(index: &Index, id: HouseholdId) -> Option<String> {
    let head = index.book().household(id).and_then(Household::head)?;
    Some(index.book().person(head)?.name().to_owned())
}
