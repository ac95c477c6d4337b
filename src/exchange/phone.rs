//! A cell with telephone numbers, however they are grouped, parted and labelled.
//!
//! Invariant: digits that are no number are said to be none; no digit is dropped.

use crate::exchange::cell::Trouble;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::spelling;
use crate::model::value::Phone;
use crate::model::value::Value;

/// One or more telephone numbers; a word in brackets or beside a number is its label.
pub(super) fn phones(text: &str) -> Result<Option<Value>, Trouble> {
    let plain = spelling::plain(text);
    if matches!(plain.trim(), "无" | "没有" | "-" | "/" | "0") {
        return Ok(None);
    }
    let mut phones: Vec<Phone> = Vec::new();
    let parts = plain.split(['/', '、', ',', ';', '|', '\n']);
    for part in parts.flat_map(numbers) {
        let phone = phone(&part)?;
        if phones.iter().all(|known| known.number != phone.number) {
            phones.push(phone);
        }
    }
    if phones.is_empty() {
        return Err(Trouble::Phone);
    }
    Ok(Some(Value::Phones(phones)))
}

/// The numbers of a part that spaces may group or part: `154 1234 5678` is one, `+86 15412345678`
/// and `0571 88001234` are, `15412345678 15487654321` is two.
fn numbers(part: &str) -> Vec<String> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let joined = words.concat();
    if is_mobile(joined.trim_start_matches('+')) {
        return vec![joined];
    }
    match words.as_slice() {
        [area, number] if is_area(area) && is_local(number) => vec![format!("{area}-{number}")],
        words => labelled(words),
    }
}

/// Words with the labels beside their numbers: before them where the first word is one, else after.
fn labelled(words: &[&str]) -> Vec<String> {
    let is_label = |word: &str| !word.contains(|c: char| c.is_ascii_digit());
    let leads = words.first().is_some_and(|word| is_label(word));
    let mut all: Vec<String> = Vec::new();
    let mut is_open = leads;
    for word in words {
        match all.last_mut() {
            Some(last) if is_open || (is_label(word) && !leads) => last.push_str(word),
            _ => all.push((*word).to_owned()),
        }
        is_open = leads && is_label(word);
    }
    all
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a mobile number, with or without the country's code.
fn is_mobile(text: &str) -> bool {
    let bare = text.strip_prefix("86").filter(|rest| rest.len() == 11);
    let bare = bare.unwrap_or(text);
    bare.len() == 11 && bare.starts_with('1') && is_digits(bare)
}

/// Whether a text is the code of an area: 010, 0571.
fn is_area(text: &str) -> bool {
    matches!(text.len(), 3 | 4) && text.starts_with('0') && is_digits(text)
}

/// Whether a text is a number within an area.
fn is_local(text: &str) -> bool {
    matches!(text.len(), 7 | 8) && is_digits(text)
}

/// One number; `(0571)88001234` is `0571-88001234`.
fn phone(part: &str) -> Result<Phone, Trouble> {
    let part = part.trim_end_matches(".0");
    let in_brackets = part.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let with_area = in_brackets.filter(|(area, rest)| is_area(area) && is_local(rest));
    if let Some((area, rest)) = with_area {
        return phone(&format!("{area}-{rest}"));
    }
    let is_digit = |c: char| c.is_ascii_digit();
    if part.contains(['E', 'e']) && part.contains('+') {
        return Err(Trouble::Scientific);
    }
    let number: String = part.chars().filter(|c| is_digit(*c) || *c == '-').collect();
    let number = number.trim_matches('-');
    let label: String = part
        .chars()
        .filter(|c| !is_digit(*c) && !matches!(c, '-' | '(' | ')' | ':' | '+' | '.'))
        .collect();
    let digits = number.chars().filter(|c| is_digit(*c)).count();
    if label.contains(['*', '●']) {
        return Err(Trouble::Masked);
    }
    let bare = number.replace('-', "");
    let bare = bare
        .strip_prefix("86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(&bare);
    let is_mobile = bare.len() == 11 && bare.starts_with('1');
    let is_day = number.contains('-')
        && Date::parse(number).is_some_and(|day| day.precision() == Precision::Day);
    if is_day || !is_mobile && !(5..=16).contains(&digits) {
        return Err(Trouble::Phone);
    }
    Ok(Phone {
        number: if is_mobile { bare } else { number }.to_owned(),
        label: Some(label).filter(|label| !label.is_empty()),
    })
}
