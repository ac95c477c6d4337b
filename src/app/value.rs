//! Texts to values: what a worker types into a field of a card.
//!
//! Invariant: an empty text means unknown; what cannot be read is said, never guessed.

use crate::app::Say;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::id_number;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Phone;
use crate::model::value::Value;

/// Reads what was typed for a field.
pub fn read(field: &Field, text: &str) -> Result<Option<Value>, Say> {
    let text = text.trim();
    if text.is_empty() {
        let needed = field.table == Table::Person && field.number == person::NAME;
        return if needed {
            Err(Say::plain("card-fault-name"))
        } else {
            Ok(None)
        };
    }
    let value = match field.kind {
        Kind::Text => Some(Value::Text(text.to_owned())),
        Kind::Date => Date::parse(&narrowed(text)).map(Value::Date),
        Kind::Number => narrowed(text).parse().ok().map(Value::Number),
        Kind::IdNumber => id_number::fold(text).map(Value::IdNumber),
        Kind::Phones => phones(text).map(Value::Phones),
        Kind::Words => words(text),
        Kind::Code(_) | Kind::Flag | Kind::Link(_) => None,
    };
    value.map(Some).ok_or_else(|| Say::plain(fault(field.kind)))
}

/// The key of what is said when a text is not of a kind.
fn fault(kind: Kind) -> &'static str {
    match kind {
        Kind::Date => "card-fault-date",
        Kind::Number => "card-fault-number",
        Kind::IdNumber => "card-fault-id",
        Kind::Phones => "card-fault-phone",
        Kind::Text | Kind::Words | Kind::Code(_) | Kind::Flag | Kind::Link(_) => "card-fault",
    }
}

fn words(text: &str) -> Option<Value> {
    let words: Vec<String> = text
        .split(['、', '，', ',', '；', ';', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    (!words.is_empty()).then_some(Value::Words(words))
}

/// Numbers between `/`, `、`, commas or blanks, each with an optional label in brackets.
fn phones(text: &str) -> Option<Vec<Phone>> {
    text.split(['/', '、', '，', ',', '；', ';', ' '])
        .filter(|part| !part.trim().is_empty())
        .map(phone)
        .collect()
}

fn phone(text: &str) -> Option<Phone> {
    let (number, label) = match text.trim().split_once(['(', '（']) {
        Some((number, label)) => (number, Some(label.trim_end_matches([')', '）']))),
        None => (text, None),
    };
    let number = narrowed(number.trim());
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let shaped = number.chars().all(|c| c.is_ascii_digit() || c == '-');
    let label = label.filter(|label| !label.is_empty()).map(str::to_owned);
    (shaped && (5..=12).contains(&digits)).then_some(Phone { number, label })
}

/// A text as typed with the input method off.
fn narrowed(text: &str) -> String {
    text.chars().map(narrow).collect()
}

/// The ASCII twin of a full-width character.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::model::field::by_key;
    use crate::model::value::Value;

    #[test]
    fn a_text_is_read_by_the_fields_kind() {
        for (key, text, want) in [
            (
                "tel",
                "16012345678/0571-8888123(家)",
                "16012345678/0571-8888123(家)",
            ),
            ("tel", "１６０１２３４５６７８", "16012345678"),
            ("tel", "不详", "card-fault-phone"),
            ("tel", "160(", "card-fault-phone"),
            ("birth", "1956年3月", "1956-03"),
            ("birth", "1956-02-30", "card-fault-date"),
            ("birth", " ", ""),
            ("name", "", "card-fault-name"),
            ("skills", "书法，合唱", "书法、合唱"),
            ("note", " 早上在家 ", "早上在家"),
        ] {
            let got = match read(by_key(key).unwrap(), text) {
                Ok(value) => value.as_ref().map_or(String::new(), Value::plain),
                Err(say) => say.key.to_owned(),
            };
            assert_eq!(got, want, "{key} {text}");
        }
    }
}
