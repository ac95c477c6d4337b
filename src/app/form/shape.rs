//! Which slot a text belongs to by its shape, and where a character goes that its slot cannot take.
//!
//! An identity number has eighteen characters, so that a nineteenth begins the next slot; a name
//! has no digit. A worker who types without looking up needs no key between them.
//!
//! Invariant: a character is never lost: it goes into its own slot or into the next blank one.

use crate::app::form::reading;
use crate::app::form::reading::Reading;
use crate::app::form::slot::Slot;
use crate::index::Index;
use crate::model::address::Address;
use crate::model::id_number;
use crate::query::Node;
use crate::query::Place;
use crate::query::Query;
use crate::query::Test;

/// Where a typed character goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Into the slot under the cursor.
    Stay,
    /// Into the next blank stop.
    On,
    /// With all that was typed here, into another slot, when that is blank.
    Along(Slot),
}

/// Where a character goes that is typed behind a slot's text.
pub fn flow(slot: Slot, text: &str, c: char) -> Flow {
    let digit = c.is_ascii_digit();
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    match slot {
        Slot::NAME if digit && !text.is_empty() => Flow::On,
        Slot::ID if is_whole_id(text) => Flow::On,
        Slot::ID if digits && text.len() <= 4 && "-栋幢座楼单室号#".contains(c) => {
            Flow::Along(Slot::ADDRESS)
        }
        Slot::PHONE if digit && is_mobile(text) => Flow::On,
        Slot::RELATION if digits && !digit && is_read(slot, text) => Flow::On,
        _ => Flow::Stay,
    }
}

fn is_read(slot: Slot, text: &str) -> bool {
    matches!(reading::read(slot, text), Reading::Known(_))
}

fn is_whole_id(text: &str) -> bool {
    id_number::fold(text).is_some_and(|number| number.chars().count() == 18)
}

/// A whole mobile number: eleven digits, the first of them 1.
fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The texts of a search with the slots they belong to: what nobody answered is a newcomer.
pub fn sort(index: &Index, search: &str) -> Vec<(Slot, String)> {
    let mut sorted: Vec<(Slot, String)> = Vec::new();
    for word in search.split_whitespace() {
        for (slot, text) in of(index, word) {
            if !sorted.iter().any(|(other, _)| *other == slot) {
                sorted.push((slot, text));
            }
        }
    }
    sorted
}

fn of(index: &Index, word: &str) -> Vec<(Slot, String)> {
    let alone = |slot| vec![(slot, word.to_owned())];
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if index.lexicon().category(word).is_some() || word.contains(':') {
        return Vec::new();
    }
    if plain && is_mobile(word) {
        return alone(Slot::PHONE);
    }
    if plain && digits >= 14 {
        return alone(Slot::ID);
    }
    let address = Address::parse(word);
    let placed = address.rest.is_none() && (address.building.is_some() || address.room.is_some());
    if !placed {
        let hanzi = word.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        return if hanzi && digits == 0 {
            alone(Slot::NAME)
        } else {
            Vec::new()
        };
    }
    // 张三3-2-501: what would be an estate of which the register knows nothing is a name.
    let Some(name) = address.estate.filter(|name| is_name(index, name)) else {
        return alone(Slot::ADDRESS);
    };
    let rest = word.strip_prefix(name.as_str()).unwrap_or(word);
    vec![(Slot::ADDRESS, rest.to_owned()), (Slot::NAME, name)]
}

fn is_name(index: &Index, text: &str) -> bool {
    let place = Place {
        estate: Some(text.to_owned()),
        ..Place::default()
    };
    let query = Query {
        root: Node::Test(Test::Place(place)),
        order: None,
    };
    (2..=4).contains(&text.chars().count()) && index.ask(&query).total() == 0
}

#[cfg(test)]
mod tests {
    use super::Flow;
    use super::flow;
    use crate::app::form::slot::Slot;

    #[test]
    fn a_character_goes_where_it_can_stand() {
        for (slot, text, c, want) in [
            (Slot::NAME, "张三", '3', Flow::On),
            (Slot::NAME, "张", '三', Flow::Stay),
            (Slot::NAME, "", '3', Flow::Stay),
            (Slot::ID, "33990119900307123", '4', Flow::Stay),
            (Slot::ID, "339901199003071234", '1', Flow::On),
            (Slot::ID, "339901199003071234", '3', Flow::On),
            (Slot::ID, "3", '-', Flow::Along(Slot::ADDRESS)),
            (Slot::ID, "12", '栋', Flow::Along(Slot::ADDRESS)),
            (Slot::ID, "33990", '-', Flow::Stay),
            (Slot::PHONE, "15412345678", '3', Flow::On),
            (Slot::PHONE, "15412345678", '/', Flow::Stay),
            (Slot::PHONE, "0571888812", '3', Flow::Stay),
            (Slot::RELATION, "2", '张', Flow::On),
            (Slot::RELATION, "2", '1', Flow::Stay),
            (Slot::RELATION, "女", '儿', Flow::Stay),
            (Slot::ADDRESS, "3-2-501", '张', Flow::Stay),
        ] {
            assert_eq!(flow(slot, text, c), want, "{text} {c}");
        }
    }
}
