//! Masks: what someone sees who has not asked to see more.
//!
//! Invariant: a masked text never holds the hidden part, whatever the input looks like.

use crate::model::Lang;
use crate::model::field::Field;
use crate::model::value::Value;

/// A value as shown unrevealed; the same as [`Field::show`] for open fields.
pub fn show(_field: &Field, _value: &Value, _lang: Lang) -> String {
    todo!()
}
