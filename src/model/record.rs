//! A record: the sorted set of its fields, packed into one piece of text.
//!
//! ```text
//! record  field ..
//! field   number | kind, 1 character | length of the payload, a number | payload
//! kind    the place of the value's variant in [`Value`]
//! payload a text, a code and an identity number as they are; the rest as in `record/pack.rs`
//! ```
//!
//! A million residents are three million records and forty million fields: so each record is one
//! allocation, is stored as it stands in memory, and is read in place.
//!
//! Invariant: fields are sorted by number, each at most once, each payload spells a value; an empty
//! record does not exist. Characters from outside come in by [`Record::checked`] only.

pub(crate) mod pack;

use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::field::FieldNo;
use crate::model::record::pack::Slot;
use crate::model::value::Phones;
use crate::model::value::Value;
use crate::model::value::ValueRef;
use crate::model::value::Words;
use std::borrow::Borrow;
use uuid::Uuid;

/// The fields of one record, those that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record(Box<str>);

impl Record {
    /// The record that is packed so; `None` for characters that are none.
    pub fn checked(packed: &str) -> Option<Record> {
        let mut last = None;
        let mut rest = packed;
        while !rest.is_empty() {
            let (slot, behind) = Slot::first(rest)?;
            if last >= Some(slot.field) || !slot.is_sound() {
                return None;
            }
            last = Some(slot.field);
            rest = behind;
        }
        Some(Record(packed.into()))
    }

    /// The record as it is packed.
    pub fn packed(&self) -> &str {
        &self.0
    }

    /// The value of a field, if known.
    pub fn get(&self, field: FieldNo) -> Option<Value> {
        self.read(field).map(ValueRef::owned)
    }

    /// The value of a field, if known, where it stands.
    pub fn read(&self, field: FieldNo) -> Option<ValueRef<'_>> {
        self.slot(field)?.value()
    }

    /// Whether a field is known.
    pub fn has(&self, field: FieldNo) -> bool {
        self.slot(field).is_some()
    }

    /// Sets or clears a field.
    pub fn set(&mut self, field: FieldNo, value: Option<&Value>) {
        self.set_all(&mut [(field, value)]);
    }

    /// Sets or clears fields; of several times the same one, the last counts.
    pub fn set_all<V: Borrow<Value>>(&mut self, fields: &mut [(FieldNo, Option<V>)]) {
        fields.sort_by_key(|(field, _)| *field);
        let mut packed = String::with_capacity(self.0.len() + 32 * fields.len());
        let mut stands = self.slots().peekable();
        let mut news = fields.iter().peekable();
        while let Some((field, value)) = news.next() {
            if news.peek().is_some_and(|(next, _)| next == field) {
                continue;
            }
            while let Some(slot) = stands.next_if(|slot| slot.field <= field.0) {
                if slot.field < field.0 {
                    pack::push_slot(&mut packed, slot);
                }
            }
            if let Some(value) = value {
                pack::push(&mut packed, field.0, value.borrow());
            }
        }
        for slot in stands {
            pack::push_slot(&mut packed, slot);
        }
        self.0 = packed.into_boxed_str();
    }

    /// Makes one change, whatever stood there before.
    pub fn apply(&mut self, change: &Change) {
        self.set(change.field, change.new.as_ref());
    }

    /// Whether nothing is known, so that the record does not exist.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The known fields, by number.
    pub fn iter(&self) -> impl Iterator<Item = (FieldNo, ValueRef<'_>)> {
        self.slots()
            .filter_map(|slot| Some((FieldNo(slot.field), slot.value()?)))
    }

    /// The numbers of the known fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = FieldNo> {
        self.slots().map(|slot| FieldNo(slot.field))
    }

    /// The text of a text, code or identity number field.
    pub fn text(&self, field: FieldNo) -> Option<&str> {
        self.slot(field)?.text()
    }

    /// The date of a date field.
    pub fn date(&self, field: FieldNo) -> Option<Date> {
        self.read(field)?.date()
    }

    /// The answer of a yes/no field.
    pub fn flag(&self, field: FieldNo) -> Option<bool> {
        self.read(field)?.flag()
    }

    /// The number of a number field.
    pub fn number(&self, field: FieldNo) -> Option<i64> {
        self.read(field)?.number()
    }

    /// The record that a link field names.
    pub fn link(&self, field: FieldNo) -> Option<Uuid> {
        self.read(field)?.link()
    }

    /// The words of a words field.
    pub fn words(&self, field: FieldNo) -> Words<'_> {
        let words = self.read(field).and_then(ValueRef::words);
        words.unwrap_or_default()
    }

    /// The telephone numbers of a phones field.
    pub fn phones(&self, field: FieldNo) -> Phones<'_> {
        let phones = self.read(field).and_then(ValueRef::phones);
        phones.unwrap_or_default()
    }

    /// The record in two: the fields that are not hidden, and those that are.
    pub fn parted(&self, hides: impl Fn(FieldNo) -> bool) -> (Record, Record) {
        let (mut open, mut hidden) = (String::new(), String::new());
        for slot in self.slots() {
            let side = if hides(FieldNo(slot.field)) {
                &mut hidden
            } else {
                &mut open
            };
            pack::push_slot(side, slot);
        }
        (Record(open.into()), Record(hidden.into()))
    }

    /// One record of two; `None` when they have a field in common.
    pub fn joined(&self, other: &Record) -> Option<Record> {
        let mut slots: Vec<Slot<'_>> = self.slots().chain(other.slots()).collect();
        slots.sort_by_key(|slot| slot.field);
        let mut packed = String::with_capacity(self.0.len() + other.0.len());
        for slot in &slots {
            pack::push_slot(&mut packed, *slot);
        }
        let is_sorted = slots.is_sorted_by(|one, next| one.field < next.field);
        is_sorted.then(|| Record(packed.into()))
    }

    fn slot(&self, field: FieldNo) -> Option<Slot<'_>> {
        let found = self.slots().find(|slot| slot.field >= field.0);
        found.filter(|slot| slot.field == field.0)
    }

    fn slots(&self) -> Slots<'_> {
        Slots(&self.0)
    }
}

/// The fields of a record as they stand in it.
#[derive(Clone)]
struct Slots<'a>(&'a str);

impl<'a> Iterator for Slots<'a> {
    type Item = Slot<'a>;

    fn next(&mut self) -> Option<Slot<'a>> {
        let (slot, rest) = Slot::first(self.0)?;
        self.0 = rest;
        Some(slot)
    }
}
