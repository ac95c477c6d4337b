//! What a slot can be filled with: codes by number, pinyin or name, households at the address,
//! addresses of the register.
//!
//! Invariant: taking an offer leaves a text that reads as that offer.

use crate::app::Say;
use crate::app::form::place;
use crate::app::form::reading::FLAGS;
use crate::app::form::sheet::Home;
use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::index::Index;
use crate::index::pinyin;
use crate::model::Lang;
use crate::model::codes;
use crate::model::codes::Code;
use crate::model::field::Kind;
use crate::model::value::Value;
use std::cmp::Reverse;

/// How many offers are made.
const MOST: usize = 12;

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The number that chooses it, as it is typed.
    pub number: String,
    /// What it is called.
    pub label: Label,
    /// What taking it does.
    pub take: Take,
}

/// What an offer is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// By its own name.
    Text(String),
    /// In words.
    Say(Say),
}

/// What taking an offer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The slot holds this text.
    Text(String),
    /// The newcomer goes there.
    Home(Home),
}

/// What a slot of a sheet can be filled with, the best first.
pub fn offers(index: &Index, sheet: &Sheet, slot: Slot, lang: Lang) -> Vec<Offer> {
    let text = sheet.text(slot).trim();
    match slot.field().kind {
        Kind::Code(table) => by_code(table, text, lang),
        Kind::Flag => FLAGS
            .map(|(number, flag)| {
                let label = slot.field().show(&Value::Flag(flag), lang);
                named(number, &label)
            })
            .into_iter()
            .filter(|one| text.is_empty() || one.take == Take::Text(text.to_owned()))
            .collect(),
        Kind::Text if slot == Slot::ADDRESS && !text.is_empty() => by_place(index, sheet, text),
        Kind::Text
        | Kind::Date
        | Kind::Number
        | Kind::IdNumber
        | Kind::Phones
        | Kind::Link(_)
        | Kind::Words => Vec::new(),
    }
}

fn named(number: &str, label: &str) -> Offer {
    Offer {
        number: number.to_owned(),
        label: Label::Text(label.to_owned()),
        take: Take::Text(label.to_owned()),
    }
}

fn by_code(table: &str, text: &str, lang: Lang) -> Vec<Offer> {
    let all = codes::table(table);
    // Thousands of divisions are offered only to someone who has begun to type one.
    if text.is_empty() && all.len() > 500 {
        return Vec::new();
    }
    let exact = codes::find(table, text);
    let mut ranked: Vec<(u8, &Code)> = all
        .iter()
        .filter_map(|code| Some((rank(code, text, exact, all.len() > 500)?, code)))
        .collect();
    ranked.sort_by_key(|(rank, _)| Reverse(*rank));
    let offer = |(_, code): (u8, &Code)| named(number(code), lang.pick(code.zh, code.en));
    ranked.into_iter().take(MOST).map(offer).collect()
}

/// The number that stands for a code: its one digit where the standard has one.
fn number(code: &Code) -> &'static str {
    let digit = |alias: &&str| alias.len() == 1 && alias.bytes().all(|byte| byte.is_ascii_digit());
    code.aliases.split(' ').find(digit).unwrap_or(code.code)
}

/// How well a code fits what was typed; none when it does not.
fn rank(code: &Code, text: &str, exact: Option<&str>, large: bool) -> Option<u8> {
    if exact == Some(code.code) {
        return Some(9);
    }
    if text.is_empty() {
        return Some(u8::from(number(code).len() == 1));
    }
    let lower = text.to_lowercase();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let letters = text.bytes().all(|byte| byte.is_ascii_alphabetic());
    if digits {
        let bare = code.code.trim_start_matches('0');
        return (code.code.starts_with(text) || bare.starts_with(text)).then_some(5);
    }
    if letters && !large {
        let sound =
            sounds(code.zh, &lower) || code.aliases.split(' ').any(|one| sounds(one, &lower));
        let english = code.en.to_lowercase();
        return if sounds(code.zh, &lower) {
            Some(6)
        } else if english.starts_with(&lower) {
            Some(5)
        } else {
            (sound || english.contains(&lower)).then_some(2)
        };
    }
    if code.zh.starts_with(text) {
        Some(6)
    } else {
        (code.zh.contains(text) || code.aliases.contains(text)).then_some(3)
    }
}

/// Whether a name begins with these letters, in full pinyin or by initials.
fn sounds(name: &str, letters: &str) -> bool {
    let syllables = pinyin::syllables(name);
    let read = |syllable: &pinyin::Syllable| syllable.primary.first().cloned().unwrap_or_default();
    let full: String = syllables.iter().map(|one| read(one).into_owned()).collect();
    let initials: String = syllables
        .iter()
        .filter_map(|one| read(one).chars().next())
        .collect();
    !letters.is_empty() && (full.starts_with(letters) || initials.starts_with(letters))
}

/// The households that live there, a new one, then addresses that begin so.
fn by_place(index: &Index, sheet: &Sheet, text: &str) -> Vec<Offer> {
    let households = place::households(index, &place::address(sheet));
    let mut offers = Vec::new();
    let say = |key, args| Label::Say(Say { key, args });
    for id in &households {
        let members = place::present(index, *id).len();
        let args = vec![
            ("name", place::name_of(index, *id)),
            ("members", members.to_string()),
        ];
        offers.push(Offer {
            number: String::new(),
            label: say("form-offer-join", args),
            take: Take::Home(Home::Known(*id)),
        });
    }
    if !households.is_empty() {
        offers.push(Offer {
            number: String::new(),
            label: say("form-offer-new", Vec::new()),
            take: Take::Home(Home::New),
        });
    }
    offers.extend(
        place::completions(index, text)
            .iter()
            .map(|one| named("", one)),
    );
    offers.truncate(MOST);
    offers
}

#[cfg(test)]
mod tests {
    use super::Label;
    use super::by_code;
    use crate::model::Lang;

    #[test]
    fn a_code_is_found_by_number_pinyin_and_name() {
        for (table, text, want) in [
            ("relation", "1", "配偶"),
            ("relation", "3", "女"),
            ("relation", "erx", "儿媳"),
            ("relation", "女婿", "女婿"),
            ("politics", "13", "群众"),
            ("politics", "qz", "群众"),
            ("politics", "qunzhong", "群众"),
            ("politics", "团", "共青团员"),
            ("ethnic", "1", "汉族"),
            ("ethnic", "wwe", "维吾尔族"),
            ("sex", "女", "女"),
            ("division", "330106", "浙江省杭州市西湖区"),
        ] {
            let offers = by_code(table, text, Lang::Zh);
            let first = offers.first().map(|one| one.label.clone());
            assert_eq!(first, Some(Label::Text(want.into())), "{table} {text}");
        }
        assert_eq!(by_code("relation", "", Lang::Zh)[0].number, "0");
        assert!(by_code("politics", "xyz", Lang::Zh).is_empty());
    }
}
