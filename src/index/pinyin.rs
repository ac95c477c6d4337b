//! Readings of hanzi: surnames first, alternates after.
//!
//! The readings come from the crate `pinyin` (data: mozillazg/pinyin-data); its first reading of a
//! character is the commonest in running text, which for many surnames is the wrong one, so the
//! surnames have a table of their own.
//!
//! Invariant: a reading is spelled in a to z; ü is spelled v, and u and yu find it too.

use crate::index::literal::fold;
use pinyin::ToPinyin;
use pinyin::ToPinyinMulti;
use std::borrow::Cow;

/// Surnames of one character that are not read as the character mostly is.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('單', "shan"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('曾', "zeng"),
    ('查', "zha"),
    ('区', "ou"),
    ('區', "ou"),
    ('朴', "piao"),
    ('盖', "ge"),
    ('蓋', "ge"),
    ('覃', "qin"),
    ('洗', "xian"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('翟', "zhai"),
    ('乐', "yue"),
    ('樂', "yue"),
    ('召', "shao"),
    ('员', "yun"),
    ('員', "yun"),
    ('繁', "po"),
    ('折', "she"),
    ('种', "chong"),
    ('秘', "bi"),
    ('黑', "he"),
    ('卜', "bu"),
    ('佴', "nai"),
    ('郇', "xun"),
    ('隗', "wei"),
    ('能', "nai"),
    ('祭', "zhai"),
    ('阚', "kan"),
    ('賁', "ben"),
];

/// Surnames of two characters that are not read character by character.
const COMPOUNDS: &[(&str, [&str; 2])] = &[
    ("尉迟", ["yu", "chi"]),
    ("尉遲", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("萬俟", ["mo", "qi"]),
    ("单于", ["chan", "yu"]),
    ("單于", ["chan", "yu"]),
    ("澹台", ["tan", "tai"]),
    ("澹臺", ["tan", "tai"]),
];

/// One unit of a name: a character with its readings, or a word in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syllable {
    /// The character; none for a Latin word.
    pub glyph: Option<char>,
    /// How it is read here, and other spellings of the same.
    pub primary: Vec<Cow<'static, str>>,
    /// How else it can be read.
    pub others: Vec<Cow<'static, str>>,
}

/// One unit of a name before its readings are looked up: what they depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    /// A character, and its reading as a surname where that is not the usual one.
    Glyph(char, Option<&'static str>),
    /// A word in Latin letters.
    Word(String),
}

/// The units of a name with their readings.
pub fn syllables(name: &str) -> Vec<Syllable> {
    units(&fold(name)).iter().map(Unit::syllable).collect()
}

/// The units of a folded name. What is neither letter nor digit, such as the dot of
/// 阿依古丽·买买提, only parts them.
pub(crate) fn units(folded: &str) -> Vec<Unit> {
    let surname = surname(folded);
    let mut units = Vec::with_capacity(4);
    let mut joins = false;
    for (at, c) in folded.chars().enumerate() {
        let continues = std::mem::replace(&mut joins, c.is_ascii_alphanumeric());
        match units.last_mut() {
            Some(Unit::Word(word)) if continues && joins => word.push(c),
            _ if joins => units.push(Unit::Word(c.into())),
            _ if c.is_alphanumeric() => units.push(Unit::Glyph(c, surname.get(at).copied())),
            _ => {}
        }
    }
    units
}

/// The key by which names are ordered: the primary readings, then the name itself.
pub fn order_key(name: &str) -> String {
    let units = units(&fold(name));
    let spelled: Vec<String> = units.iter().map(Unit::spelled).collect();
    format!("{}\u{1}{name}", spelled.join(" "))
}

/// How each character of a folded name is read; letters and what has no reading are not.
pub(crate) fn readings(folded: &str) -> Vec<Option<String>> {
    let surname = surname(folded);
    let read = |(at, c)| Some(reading(c, surname.get(at).copied())?.replace('ü', "v"));
    folded.chars().enumerate().map(read).collect()
}

/// How a character is read: as the surname's, else as it mostly is.
fn reading(c: char, surname: Option<&'static str>) -> Option<&'static str> {
    surname.or_else(|| Some(c.to_pinyin()?.plain()))
}

impl Unit {
    /// How it is written in an order: the primary reading, else as it is.
    pub(crate) fn spelled(&self) -> String {
        match self {
            Unit::Word(word) => word.clone(),
            Unit::Glyph(c, surname) => match reading(*c, *surname) {
                Some(reading) => reading.replace('ü', "v"),
                None => c.to_string(),
            },
        }
    }

    /// The unit with its readings.
    pub(crate) fn syllable(&self) -> Syllable {
        match self {
            Unit::Word(word) => Syllable {
                glyph: None,
                primary: vec![word.clone().into()],
                others: Vec::new(),
            },
            Unit::Glyph(c, surname) => Syllable::glyph(*c, *surname),
        }
    }
}

impl Syllable {
    fn glyph(c: char, surname: Option<&'static str>) -> Syllable {
        let primary = reading(c, surname).into_iter().flat_map(spellings);
        let primary: Vec<Cow<'static, str>> = primary.collect();
        let mut others: Vec<Cow<'static, str>> = Vec::new();
        let readings = c.to_pinyin_multi().into_iter().flatten();
        for reading in readings.flat_map(|reading| spellings(reading.plain())) {
            if !primary.contains(&reading) && !others.contains(&reading) {
                others.push(reading);
            }
        }
        Syllable {
            glyph: Some(c),
            primary,
            others,
        }
    }
}

/// The readings of the surname that a name begins with, where they are not the usual ones.
fn surname(name: &str) -> &'static [&'static str] {
    let compound = COMPOUNDS
        .iter()
        .find(|(surname, _)| name.starts_with(surname));
    if let Some((_, readings)) = compound {
        return readings;
    }
    let first = name.chars().next();
    let single = SURNAMES.iter().find(|(surname, _)| first == Some(*surname));
    single.map_or(&[], |(_, reading)| std::slice::from_ref(reading))
}

/// The ways a reading is typed.
fn spellings(reading: &'static str) -> Vec<Cow<'static, str>> {
    if !reading.contains('ü') {
        return vec![reading.into()];
    }
    ["v", "u", "yu"]
        .map(|spelling| reading.replace('ü', spelling).into())
        .into()
}

#[cfg(test)]
mod tests {
    use super::COMPOUNDS;
    use super::SURNAMES;
    use pinyin::ToPinyin;

    #[test]
    fn every_line_is_needed_once() {
        for (at, (surname, reading)) in SURNAMES.iter().enumerate() {
            let usual = surname.to_pinyin().map(pinyin::Pinyin::plain);
            assert_ne!(usual, Some(*reading), "{surname}");
            assert!(
                !SURNAMES[..at].iter().any(|(other, _)| other == surname),
                "{surname}"
            );
        }
        for (surname, readings) in COMPOUNDS {
            let alone = surname.chars().enumerate().map(|(at, c)| {
                let first = SURNAMES.iter().find(|(other, _)| at == 0 && *other == c);
                first
                    .map(|(_, reading)| *reading)
                    .or(c.to_pinyin().map(pinyin::Pinyin::plain))
            });
            assert_ne!(alone.flatten().collect::<Vec<_>>(), readings, "{surname}");
        }
    }
}
