//! The characters that a packed record is made of, and how values are written with them.
//!
//! Everything but the texts themselves is ASCII, so that a record is valid UTF-8 as a whole and a
//! text is a slice of it that nobody has to check again.
//!
//! ```text
//! number  6 bits a character, low bits first; 0x40 says that more follow
//! date    5 characters, id 19 characters: 7 bits each, low bits first
//! flag    1 character, 0 or 1
//! words   (length number, text) ..
//! phones  (length number, digits; 0 or length + 1 of the label, label) ..
//! ```
//!
//! Invariant: a value has exactly one spelling; characters that spell none are refused.

use crate::model::date::Date;
use crate::model::value::PhoneRef;
use crate::model::value::Phones;
use crate::model::value::Value;
use crate::model::value::ValueRef;
use crate::model::value::Words;
use uuid::Uuid;

const DATE: usize = 5;
const ID: usize = 19;

/// Says in a number that more follow.
const MORE: u8 = 0x40;

/// The kinds, in the order of [`Value`]'s variants.
const TEXT: u8 = 0;
const CODE: u8 = 1;
const DAY: u8 = 2;
const FLAG: u8 = 3;
const NUMBER: u8 = 4;
const ID_NUMBER: u8 = 5;
const PHONES: u8 = 6;
const LINK: u8 = 7;
const WORDS: u8 = 8;

/// A field as it stands in a record: its number, its kind, its payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'a> {
    pub(crate) field: u16,
    pub(crate) kind: u8,
    pub(crate) payload: &'a str,
}

impl<'a> Slot<'a> {
    /// The field that stands first, and what follows it.
    pub(crate) fn first(packed: &'a str) -> Option<(Slot<'a>, &'a str)> {
        let (field, rest) = number(packed)?;
        let (kind, rest) = rest.split_at_checked(1)?;
        let (payload, rest) = long(rest)?;
        let slot = Slot {
            field: u16::try_from(field).ok()?,
            kind: *kind.as_bytes().first()?,
            payload,
        };
        Some((slot, rest))
    }

    /// The text of a text, a code or an identity number.
    pub(crate) fn text(self) -> Option<&'a str> {
        matches!(self.kind, TEXT | CODE | ID_NUMBER).then_some(self.payload)
    }

    /// What it holds.
    pub(crate) fn value(self) -> Option<ValueRef<'a>> {
        let payload = self.payload;
        Some(match self.kind {
            TEXT => ValueRef::Text(payload),
            CODE => ValueRef::Code(payload),
            ID_NUMBER => ValueRef::IdNumber(payload),
            DAY => ValueRef::Date(Date::from_bits(wide(payload, DATE)? as u32)),
            FLAG => ValueRef::Flag(match payload {
                "\0" => false,
                "\u{1}" => true,
                _ => return None,
            }),
            NUMBER => {
                let (zigzag, rest) = number(payload)?;
                let signed = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
                rest.is_empty().then_some(ValueRef::Number(signed))?
            }
            LINK => ValueRef::Link(Uuid::from_u128(wide(payload, ID)?)),
            PHONES => ValueRef::Phones(Phones(payload)),
            WORDS => ValueRef::Words(Words(payload)),
            _ => return None,
        })
    }

    /// Whether its payload spells a value to the last character.
    pub(crate) fn is_sound(self) -> bool {
        match self.value() {
            None => false,
            Some(ValueRef::Phones(Phones(rest))) => is_whole(rest, phone),
            Some(ValueRef::Words(Words(rest))) => is_whole(rest, long),
            Some(_) => true,
        }
    }
}

/// Writes a field and its value.
pub(crate) fn push(out: &mut String, field: u16, value: &Value) {
    push_number(out, field.into());
    match value {
        Value::Text(text) => push_payload(out, TEXT, text),
        Value::Code(text) => push_payload(out, CODE, text),
        Value::IdNumber(text) => push_payload(out, ID_NUMBER, text),
        Value::Date(date) => push_payload(out, DAY, &wide_of(date.bits().into(), DATE)),
        Value::Flag(flag) => push_payload(out, FLAG, if *flag { "\u{1}" } else { "\0" }),
        Value::Number(number) => {
            let mut payload = String::new();
            let zigzag = (number << 1) ^ (number >> 63);
            push_number(&mut payload, zigzag.cast_unsigned());
            push_payload(out, NUMBER, &payload);
        }
        Value::Link(id) => push_payload(out, LINK, &wide_of(id.as_u128(), ID)),
        Value::Phones(phones) => {
            let mut payload = String::new();
            for phone in phones {
                push_long(&mut payload, &phone.number);
                match &phone.label {
                    None => push_number(&mut payload, 0),
                    Some(label) => {
                        push_number(&mut payload, label.len() as u64 + 1);
                        payload.push_str(label);
                    }
                }
            }
            push_payload(out, PHONES, &payload);
        }
        Value::Words(words) => {
            let mut payload = String::new();
            for word in words {
                push_long(&mut payload, word);
            }
            push_payload(out, WORDS, &payload);
        }
    }
}

/// Writes a field as it stands elsewhere.
pub(crate) fn push_slot(out: &mut String, slot: Slot<'_>) {
    push_number(out, slot.field.into());
    push_payload(out, slot.kind, slot.payload);
}

fn push_payload(out: &mut String, kind: u8, payload: &str) {
    out.push(kind.into());
    push_long(out, payload);
}

fn push_long(out: &mut String, text: &str) {
    push_number(out, text.len() as u64);
    out.push_str(text);
}

fn push_number(out: &mut String, mut number: u64) {
    while number >= MORE.into() {
        out.push(((number as u8 & (MORE - 1)) | MORE).into());
        number >>= 6;
    }
    out.push((number as u8).into());
}

/// A number of a fixed width in characters.
fn wide_of(number: u128, width: usize) -> String {
    let groups = (0..width).map(|at| (number >> (7 * at)) as u8 & 0x7f);
    groups.map(char::from).collect()
}

fn wide(payload: &str, width: usize) -> Option<u128> {
    let bits = if width == ID { 128 } else { 32 };
    let top = payload.as_bytes().last()?;
    let fits = payload.len() == width && u32::from(*top) >> (bits - 7 * (width - 1)) == 0;
    if !fits || !payload.is_ascii() {
        return None;
    }
    let groups = payload.bytes().rev();
    Some(groups.fold(0, |number, group| (number << 7) | u128::from(group)))
}

/// The number that stands first, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let bytes = text.as_bytes();
    let first = *bytes.first()?;
    if first < MORE {
        return Some((first.into(), text.get(1..)?));
    }
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(11) {
        let group = u64::from(byte & (MORE - 1));
        let shift = 6 * at as u32;
        if *byte >= 0x80 || (group << shift) >> shift != group {
            return None;
        }
        number |= group << shift;
        if byte & MORE == 0 {
            let is_shortest = group > 0;
            return is_shortest.then_some((number, text.get(at + 1..)?));
        }
    }
    None
}

/// The text that stands first behind its length, and what follows it.
pub(crate) fn long(text: &str) -> Option<(&str, &str)> {
    let (length, rest) = number(text)?;
    rest.split_at_checked(usize::try_from(length).ok()?)
}

/// The telephone number that stands first, and what follows it.
pub(crate) fn phone(text: &str) -> Option<(PhoneRef<'_>, &str)> {
    let (digits, rest) = long(text)?;
    let (length, rest) = number(rest)?;
    let (label, rest) = match length.checked_sub(1) {
        None => (None, rest),
        Some(length) => {
            let (label, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            (Some(label), rest)
        }
    };
    let phone = PhoneRef {
        number: digits,
        label,
    };
    Some((phone, rest))
}

/// The parts of a text, one after the other.
pub(crate) fn parts<'a, T>(
    text: &'a str,
    part: impl Fn(&'a str) -> Option<(T, &'a str)>,
) -> impl Iterator<Item = T> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (one, behind) = part(rest)?;
        rest = behind;
        Some(one)
    })
}

/// Whether a text is nothing but parts.
fn is_whole<'a, T>(mut rest: &'a str, part: impl Fn(&'a str) -> Option<(T, &'a str)>) -> bool {
    while !rest.is_empty() {
        match part(rest) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    true
}
