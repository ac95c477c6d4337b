//! What a row says against what the register holds: fill, same, or clash.
//!
//! Invariant: what is known is never replaced by something else, only made more exact.

use crate::exchange::heading::normal;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::id_number;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Phone;
use crate::model::value::Value;

/// What becomes of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Known already.
    Same,
    /// To be set: nothing was known, or less.
    Set(Value),
    /// Something else is known.
    Clash,
}

/// Puts a ledger's value beside the register's.
pub fn merge(field: &Field, ours: Option<&Value>, theirs: &Value) -> Outcome {
    let Some(ours) = ours else {
        return Outcome::Set(theirs.clone());
    };
    if ours == theirs {
        return Outcome::Same;
    }
    match (ours, theirs) {
        (Value::Date(ours), Value::Date(new)) if agree(*ours, *new) => {
            finer(ours.precision() < new.precision(), theirs)
        }
        (Value::IdNumber(ours), Value::IdNumber(new)) if id_key(ours) == id_key(new) => {
            finer(ours.len() < new.len(), theirs)
        }
        (Value::Phones(ours), Value::Phones(new)) => joined_phones(ours, new),
        (Value::Words(ours), Value::Words(new)) => joined_words(ours, new),
        (Value::Text(ours), Value::Text(new)) => texts(field, ours, new),
        _ => Outcome::Clash,
    }
}

fn finer(is_finer: bool, theirs: &Value) -> Outcome {
    if is_finer {
        Outcome::Set(theirs.clone())
    } else {
        Outcome::Same
    }
}

/// Whether two dates can be the same day.
pub fn agree(one: Date, other: Date) -> bool {
    one.can_be(other)
}

/// What identity numbers are compared by: 15 digits by their 18-digit form.
pub fn id_key(number: &str) -> String {
    id_number::expand(number).unwrap_or_else(|| number.to_owned())
}

fn joined_phones(ours: &[Phone], new: &[Phone]) -> Outcome {
    let mut all = ours.to_vec();
    for phone in new {
        if all.iter().all(|known| known.number != phone.number) {
            all.push(phone.clone());
        }
    }
    if all.len() == ours.len() {
        Outcome::Same
    } else {
        Outcome::Set(Value::Phones(all))
    }
}

fn joined_words(ours: &[String], new: &[String]) -> Outcome {
    let mut all = ours.to_vec();
    all.extend(new.iter().filter(|word| !ours.contains(word)).cloned());
    if all.len() == ours.len() {
        Outcome::Same
    } else {
        Outcome::Set(Value::Words(all))
    }
}

/// Texts are the same apart from spaces and punctuation; notes are added to notes.
fn texts(field: &Field, ours: &str, new: &str) -> Outcome {
    if normal(ours) == normal(new) {
        return Outcome::Same;
    }
    let is_note = field.table == Table::Person && field.number == person::NOTE;
    if !is_note {
        Outcome::Clash
    } else if ours.contains(new) {
        Outcome::Same
    } else {
        Outcome::Set(Value::Text(format!("{ours};{new}")))
    }
}
