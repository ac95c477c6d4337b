//! Masks: what someone sees who has not asked to see more.
//!
//! Invariant: a masked text never holds the hidden part, whatever the input looks like; masking
//! twice is masking once.

use crate::model::address::Address;
use crate::model::field::Masking;

/// What stands for a value that is hidden whole, its length too.
const HIDDEN: &str = "***";

/// A text as shown unrevealed.
pub fn text(masking: Masking, text: &str) -> String {
    match masking {
        Masking::Open => text.to_owned(),
        Masking::IdNumber => id_number(text),
        Masking::Phone => phones(text),
        Masking::Address => address(text),
        Masking::Sensitive if text.is_empty() => String::new(),
        Masking::Sensitive => HIDDEN.into(),
    }
}

/// What stands for all of an address behind its estate.
const DOORS: &str = "**幢**室";

/// An address to its estate: `翠湖小区**幢**室`. Without an estate it has no shape: all stars.
fn address(text: &str) -> String {
    let estate = match text.strip_suffix(DOORS) {
        Some(estate) => Some(estate.to_owned()),
        None => Address::parse(text).estate,
    };
    let whole = |text: &str| stars(text, 0, 0);
    let Some(estate) = estate.filter(|estate| !estate.is_empty()) else {
        return whole(text);
    };
    let hidden = |c: char| if is_digit(c) { '*' } else { c };
    estate.chars().map(hidden).collect::<String>() + DOORS
}

/// A name on a notice board: `张*`, `张*明`, `欧**娜`.
pub fn name(name: &str) -> String {
    let tail = usize::from(name.chars().count() > 2);
    stars(name, 1, tail)
}

/// How many characters a document's number shows at its head and its tail, by its length.
fn id_number(text: &str) -> String {
    let length = text.chars().count();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '*');
    let (head, tail) = match length {
        18 if plain => (6, 4),
        15 if plain => (6, 3),
        7..=12 if plain => (1, 3),
        _ => (0, 0),
    };
    stars(text, head, tail)
}

/// Masks every run of digits in a text; words such as a label stay.
fn phones(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars() {
        if is_digit(c) || (is_gap(c) && !run.is_empty()) {
            run.push(c);
        } else {
            out += &phone(&std::mem::take(&mut run));
            out.push(c);
        }
    }
    out + &phone(&run)
}

/// A mobile number shows its first three and last four digits, a landline its area code and its
/// last two; what has no such shape shows none.
fn phone(run: &str) -> String {
    let digits: String = run.chars().filter(|c| is_digit(*c)).collect();
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '*');
    let area = match run.split_once('-') {
        Some((area, _)) if matches!(area.len(), 3 | 4) => area.len(),
        _ if digits.starts_with("01") || digits.starts_with("02") => 3,
        _ => 4,
    };
    let (head, tail) = match digits.chars().count() {
        11 if plain && digits.starts_with('1') => (3, 4),
        10..=12 if plain && digits.starts_with('0') => (area, 2),
        _ => (0, 0),
    };
    stars(run, head, tail)
}

/// Hides all but so many characters at both ends; gaps are neither counted nor hidden.
fn stars(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().filter(|c| !is_gap(*c)).count();
    let mut at = 0;
    let hide = |c: char| {
        if is_gap(c) {
            return c;
        }
        at += 1;
        if at > head && at + tail <= count {
            '*'
        } else {
            c
        }
    };
    text.chars().map(hide).collect()
}

fn is_digit(c: char) -> bool {
    c.is_numeric() || c == '*'
}

fn is_gap(c: char) -> bool {
    matches!(c, '-' | ' ')
}
