//! What a word without a key means: a category, an address, digits, else a name.
//!
//! Invariant: the order of the readings is fixed, so that a word always means the same.

use crate::model::address::Address;
use crate::query::Place;
use crate::query::Test;
use crate::query::lexicon::Lexicon;

/// The words that mark a number as a part of an address.
const MARKERS: &[&str] = &["栋", "幢", "座", "楼", "单元", "门", "室", "房", "号", "弄"];

/// The endings that make an estate of a name without numbers. Single characters such as 苑 or 里
/// are left to people's names.
const ESTATES: &[&str] = &["小区", "花园", "公寓", "家园", "新村"];

/// The test that a bare word stands for.
pub(crate) fn resolve(word: &str, lexicon: &Lexicon) -> Test {
    if let Some(term) = lexicon.category(word) {
        return Test::Category(vec![term.code.clone()]);
    }
    let placed = has_address_shape(word).then(|| place(word)).flatten();
    placed
        .map(Test::Place)
        .or_else(|| number(word))
        .unwrap_or_else(|| Test::Name(word.to_lowercase()))
}

/// The parts of an address, if all of the text is one.
pub(crate) fn place(text: &str) -> Option<Place> {
    let address = Address::parse(text);
    let whole = address.rest.is_none() && !address.is_empty();
    whole.then_some(Place {
        estate: address.estate,
        building: address.building,
        unit: address.unit,
        room: address.room,
    })
}

/// Three or four digits, or more; the last may be the X of an identity number, and a landline's
/// hyphen is left out.
fn number(word: &str) -> Option<Test> {
    let text = word.replace('-', "").to_ascii_uppercase();
    let digits = text.strip_suffix('X').unwrap_or(&text);
    let is_number = digits.len() >= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        0..=4 => is_number.then_some(Test::Digits(text)),
        _ => is_number.then_some(Test::Number(text)),
    }
}

fn has_address_shape(word: &str) -> bool {
    let marked = MARKERS.iter().any(|marker| word.contains(marker));
    let joined = || {
        let parts: Vec<&str> = word.split('-').collect();
        let short =
            |part: &&str| part.ends_with(|c: char| c.is_ascii_digit()) && part.chars().count() <= 4;
        parts.len() > 1 && parts.iter().all(short)
    };
    let named = || {
        ESTATES
            .iter()
            .any(|end| word.ends_with(end) && word.len() > end.len())
    };
    marked || joined() || named()
}
