//! What the texts of a sheet mean: values, and what the identity number says of the rest.
//!
//! Invariant: what was typed wins over what the identity number says; what cannot be read stays a
//! text, and is never guessed at.

use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::app::value;
use crate::model::codes;
use crate::model::field::Kind;
use crate::model::id_number;
use crate::model::value::Value;

/// What a text means in its slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Nothing was typed.
    Blank,
    /// This value.
    Known(Value),
    /// It cannot be read as what the slot holds.
    Unread,
}

/// Reads a text typed into a slot.
pub fn read(slot: Slot, text: &str) -> Reading {
    let text = text.trim();
    if text.is_empty() {
        return Reading::Blank;
    }
    let known = match slot.field().kind {
        Kind::Code(table) => codes::find(table, text).map(|code| Value::Code(code.to_owned())),
        Kind::Flag => flag(text).map(Value::Flag),
        Kind::Text
        | Kind::Date
        | Kind::Number
        | Kind::IdNumber
        | Kind::Phones
        | Kind::Link(_)
        | Kind::Words => value::read(slot.field(), text).unwrap_or_default(),
    };
    match (known, slot.field().kind) {
        (Some(value), _) => Reading::Known(value),
        // 无 and 待补 are ways to leave the number blank.
        (None, Kind::IdNumber) => Reading::Blank,
        (None, _) => Reading::Unread,
    }
}

/// The answers of a yes or no, with the digits that choose them.
pub const FLAGS: [(&str, bool); 2] = [("1", true), ("2", false)];

fn flag(text: &str) -> Option<bool> {
    match text {
        "1" | "是" | "y" | "yes" | "对" | "有" => Some(true),
        "2" | "0" | "否" | "n" | "no" | "不是" | "无" => Some(false),
        _ => None,
    }
}

/// What the sheet's identity number says, if there is one.
pub fn id(sheet: &Sheet) -> Option<id_number::Reading> {
    let number = id_number::fold(sheet.text(Slot::ID))?;
    Some(id_number::read(&number))
}

/// What the identity number says of another slot.
pub fn by_id(sheet: &Sheet, slot: Slot) -> Option<Value> {
    let id = id(sheet)?;
    match slot {
        Slot::BIRTH => id.birth.map(Value::Date),
        Slot::SEX => id.sex.map(|code| Value::Code(code.to_owned())),
        Slot::NATIVE => id.region.filter(|_| id.region_known).map(Value::Code),
        _ => None,
    }
}

/// The value of a slot: as typed, else as the identity number says.
pub fn value(sheet: &Sheet, slot: Slot) -> Option<Value> {
    match read(slot, sheet.text(slot)) {
        Reading::Known(value) => Some(value),
        Reading::Blank => by_id(sheet, slot),
        Reading::Unread => None,
    }
}
