//! A record: the sorted set of its fields.
//!
//! Invariant: fields are sorted by number, each at most once; an empty record does not exist.

use crate::model::change::Change;
use crate::model::field::FieldNo;
use crate::model::value::Value;
use serde::Deserialize;
use serde::Serialize;

/// The fields of one record, those that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record(Vec<(FieldNo, Value)>);

impl Record {
    /// The value of a field, if known.
    pub fn get(&self, field: FieldNo) -> Option<&Value> {
        let at = self
            .0
            .binary_search_by_key(&field, |(number, _)| *number)
            .ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Sets or clears a field and returns what was there.
    pub fn set(&mut self, field: FieldNo, value: Option<Value>) -> Option<Value> {
        match (
            self.0.binary_search_by_key(&field, |(number, _)| *number),
            value,
        ) {
            (Ok(at), Some(value)) => Some(std::mem::replace(&mut self.0[at].1, value)),
            (Ok(at), None) => Some(self.0.remove(at).1),
            (Err(at), Some(value)) => {
                self.0.insert(at, (field, value));
                None
            }
            (Err(_), None) => None,
        }
    }

    /// Makes one change, whatever stood there before.
    pub fn apply(&mut self, change: &Change) {
        self.set(change.field, change.new.clone());
    }

    /// Whether nothing is known, so that the record does not exist.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The known fields, by number.
    pub fn iter(&self) -> impl Iterator<Item = (FieldNo, &Value)> {
        self.0.iter().map(|(number, value)| (*number, value))
    }

    /// The text of a text, code or identity number field.
    pub fn text(&self, field: FieldNo) -> Option<&str> {
        self.get(field)?.text()
    }

    /// The date of a date field.
    pub fn date(&self, field: FieldNo) -> Option<crate::model::date::Date> {
        if let Some(Value::Date(date)) = self.get(field) {
            Some(*date)
        } else {
            None
        }
    }

    /// The answer of a yes/no field.
    pub fn flag(&self, field: FieldNo) -> Option<bool> {
        if let Some(Value::Flag(flag)) = self.get(field) {
            Some(*flag)
        } else {
            None
        }
    }

    /// The number of a number field.
    pub fn number(&self, field: FieldNo) -> Option<i64> {
        if let Some(Value::Number(number)) = self.get(field) {
            Some(*number)
        } else {
            None
        }
    }

    /// The record that a link field names.
    pub fn link(&self, field: FieldNo) -> Option<uuid::Uuid> {
        if let Some(Value::Link(id)) = self.get(field) {
            Some(*id)
        } else {
            None
        }
    }
}
