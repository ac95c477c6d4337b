//! The packed record: it is the map of its fields, and characters that are none are refused.

use jumin::model::date::Date;
use jumin::model::field::FieldNo;
use jumin::model::record::Record;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Texts short and long, of all widths.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z张👪\0]{0,4}", "[0-9X]{18}", "[居民é]{20,90}"]
}

fn date() -> impl Strategy<Value = Date> {
    let parts = (1800_i16..=2200, 0_u8..=12, 0_u8..=28);
    let real = |(year, month, day)| Date::new(year, month, day);
    parts.prop_filter_map("no such date", real)
}

fn phone() -> impl Strategy<Value = Phone> {
    let parts = (text(), option::of(text()));
    parts.prop_map(|(number, label)| Phone { number, label })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::Text),
        text().prop_map(Value::Code),
        date().prop_map(Value::Date),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Number),
        text().prop_map(Value::IdNumber),
        vec(phone(), 0..3).prop_map(Value::Phones),
        any::<u128>().prop_map(|id| Value::Link(Uuid::from_u128(id))),
        vec(text(), 0..3).prop_map(Value::Words),
    ]
}

/// Few numbers, so that they come again; small and large ones.
fn field() -> impl Strategy<Value = FieldNo> {
    prop_oneof![
        0_u16..8,
        60_u16..68,
        Just(4_095),
        Just(4_096),
        Just(u16::MAX)
    ]
    .prop_map(FieldNo)
}

fn sets() -> impl Strategy<Value = Vec<(FieldNo, Option<Value>)>> {
    vec((field(), option::weighted(0.8, value())), 0..24)
}

fn made(sets: &[(FieldNo, Option<Value>)]) -> Record {
    let mut record = Record::default();
    for (field, value) in sets {
        record.set(*field, value.as_ref());
    }
    record
}

proptest! {
    #[test]
    fn a_record_is_the_map_of_its_fields(sets in sets()) {
        let mut map = BTreeMap::new();
        for (field, value) in &sets {
            match value {
                Some(value) => map.insert(*field, value.clone()),
                None => map.remove(field),
            };
        }
        let mut record = made(&sets);
        let fields: Vec<_> = record.iter().map(|(field, value)| (field, value.owned())).collect();
        prop_assert!(fields.into_iter().eq(map.clone()));
        for (field, _) in &sets {
            prop_assert_eq!(record.get(*field), map.get(field).cloned());
            prop_assert_eq!(record.has(*field), map.contains_key(field));
            prop_assert_eq!(record.text(*field), map.get(field).and_then(Value::text));
            let same = match (record.read(*field), map.get(field)) {
                (Some(stands), Some(value)) => stands == *value,
                (stands, value) => stands.is_none() && value.is_none(),
            };
            prop_assert!(same);
        }
        prop_assert_eq!(record.is_empty(), map.is_empty());
        // Setting all at once is setting one after the other.
        let mut at_once = Record::default();
        at_once.set_all(&mut sets.clone());
        prop_assert_eq!(&at_once, &record);
        record.set_all(&mut map.keys().map(|field| (*field, None::<Value>)).collect::<Vec<_>>());
        prop_assert!(record.is_empty());
    }

    #[test]
    fn a_record_is_read_as_it_was_packed(sets in sets()) {
        let record = made(&sets);
        prop_assert_eq!(Record::checked(record.packed()), Some(record));
    }

    /// Whatever is taken for a record is sound to the last value, and is spelled as it would be.
    #[test]
    fn no_characters_do_harm(sets in sets(), at: prop::sample::Index, other: char, junk: String) {
        let packed = made(&sets).packed().to_owned();
        let mut characters: Vec<char> = packed.chars().collect();
        if !characters.is_empty() {
            let at = at.index(characters.len());
            characters[at] = other;
        }
        let spoiled: String = characters.iter().collect();
        let cut: String = characters.iter().take(at.index(characters.len() + 1)).collect();
        for text in [spoiled, cut, junk] {
            if let Some(record) = Record::checked(&text) {
                let fields: Vec<_> = record.iter().map(|(field, value)| (field, Some(value.owned()))).collect();
                let again = made(&fields);
                prop_assert_eq!(again.packed(), &text);
            }
        }
    }
}
