//! What a column that nobody knows may hold, by what stands in it.
//!
//! Invariant: a guess is only offered, and only where every value that is looked at fits; it tells
//! nothing of texts and numbers, which fit everywhere.

use crate::exchange::cell;
use crate::model::address::Address;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::field::Masking;
use crate::model::household;
use crate::model::ids::Table;

/// The fields that some values fit, in the order of the table.
pub fn fields(values: &[String], today: Date) -> Vec<&'static Field> {
    let tables = [Table::Person, Table::Household, Table::Dwelling];
    let fits = |field: &&Field| values.iter().all(|text| fits(field, text, today));
    let all = FIELDS.iter().filter(|field| tables.contains(&field.table));
    let found = all.filter(|_| !values.is_empty()).filter(fits);
    found.collect()
}

fn fits(field: &Field, text: &str, today: Date) -> bool {
    match field.kind {
        Kind::IdNumber => is_number(text),
        Kind::Date => !is_number(text) && matches!(cell::value(field, text, today), Ok(Some(_))),
        Kind::Phones => is_mobile(text),
        // Bare digits are a code in every table.
        Kind::Code(table) => {
            let is_word = text.chars().any(|c| !c.is_ascii_digit());
            is_word && codes::find(table, text).is_some()
        }
        Kind::Flag => cell::flag(text).is_ok(),
        Kind::Text if field.table == Table::Dwelling => {
            let home = Address::parse(text);
            let is_door = home.building.is_some() && home.room.is_some();
            field.number == household::ADDRESS_TEXT && is_door
        }
        Kind::Text | Kind::Number | Kind::Words | Kind::Link(_) => false,
    }
}

/// How a value of a column that nobody knows is shown: numbers of people are masked wherever they
/// stand.
pub fn masking(text: &str) -> Masking {
    if is_number(text) {
        Masking::IdNumber
    } else if is_mobile(text) {
        Masking::Phone
    } else {
        Masking::Open
    }
}

/// Whether a text is an identity number, or what a spreadsheet or a pen left of one.
fn is_number(text: &str) -> bool {
    let identity = cell::identity(text);
    let plain = cell::folded(text);
    let is_long = (15..=18).contains(&plain.chars().count());
    let is_whole = is_long && plain.starts_with(|c: char| c.is_ascii_digit());
    let is_read = identity.number.is_some() || identity.hint.is_some();
    is_read && (is_whole || identity.birth.is_some())
}

/// Whether a text begins with a mobile number.
fn is_mobile(text: &str) -> bool {
    let plain = cell::folded(text);
    let digits = plain.trim_start_matches("+86").chars();
    let digits: String = digits.take_while(char::is_ascii_digit).collect();
    digits.len() == 11 && digits.starts_with('1')
}

#[cfg(test)]
mod tests {
    use super::fields;
    use super::masking;
    use crate::model::date::Date;
    use crate::model::field::Masking;

    #[test]
    fn what_stands_in_a_column_tells_what_it_may_hold() {
        let today = Date::new(2026, 11, 23).unwrap();
        let first = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|text| (*text).to_owned()).collect();
            fields(&values, today).first().map(|field| field.key)
        };
        for (values, key) in [
            (
                &["11010519491231002X", "339901195603070011"][..],
                Some("id"),
            ),
            (&["15412345678/15487654321", "154 1234 5678"], Some("tel")),
            (&["1956.3.1", "1960年5月"], Some("birth")),
            (&["男", "女"], Some("sex")),
            (&["汉族", "回"], Some("ethnic")),
            (&["大专", "小学"], Some("edu")),
            (&["3栋2单元501", "翠湖小区1-1-101"], Some("addr")),
            (&["1", "2", "3"], None),
            (&["男", "3栋2单元501"], None),
            (&["随便", "什么"], None),
            (&[], None),
        ] {
            assert_eq!(first(values), key, "{values:?}");
        }
        assert_eq!(masking("339901195603070011"), Masking::IdNumber);
        assert_eq!(masking("15412345678(儿子)"), Masking::Phone);
        assert_eq!(masking("2024年"), Masking::Open);
    }
}
