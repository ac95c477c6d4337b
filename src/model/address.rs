//! Addresses inside a community: 小区, 栋, 单元, 室, in any spelling.
//!
//! Invariant: what is parsed is shown again in one form; what cannot be parsed is kept as it was.
//! `parse(address.to_string())` is the same address for every address that was parsed.

use crate::model::spelling;
use std::cmp::Ordering;
use std::cmp::Reverse;

/// An address inside the community. Parts are bare: `3`, `2`, `501`, not `3栋`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// 小区, such as 翠湖小区.
    pub estate: Option<String>,
    /// 栋.
    pub building: Option<String>,
    /// 单元.
    pub unit: Option<String>,
    /// 室.
    pub room: Option<String>,
    /// What could not be parsed: what stood before the estate, then what stood after the room in
    /// brackets; or the whole text.
    pub rest: Option<String>,
}

/// A word after a number, and what the number is then. Longer words stand before their beginnings.
const MARKERS: &[(&str, Marker)] = &[
    ("号楼", Marker::Building),
    ("#楼", Marker::Building),
    ("栋", Marker::Building),
    ("幢", Marker::Building),
    ("座", Marker::Building),
    ("单元", Marker::Unit),
    ("号门", Marker::Unit),
    ("门", Marker::Unit),
    ("梯", Marker::Unit),
    ("室", Marker::Room),
    ("房", Marker::Room),
    ("楼", Marker::Storey),
    ("层", Marker::Floor),
    ("号", Marker::Number),
    ("#", Marker::Number),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Building,
    Unit,
    Room,
    /// A floor, which the room says again.
    Floor,
    /// A building where none is known yet, else a floor: `3楼501`, `3栋5楼501`.
    Storey,
    /// A building where none is known yet, else a room: `3号501`, `3栋501号`.
    Number,
}

impl Address {
    /// Reads `3栋2单元501`, `3-2-501`, `3幢501室`, `翠湖小区3号楼` and the like.
    pub fn parse(text: &str) -> Address {
        let folded = fold(text);
        let address = split(&folded);
        if split(&address.to_string()) == address {
            return address;
        }
        Address {
            rest: Some(folded).filter(|rest| !rest.is_empty()),
            ..Address::default()
        }
    }

    /// The floor, from the room number.
    pub fn floor(&self) -> Option<u16> {
        let room = self.room.as_deref()?;
        let digits = room.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let (digits, _) = digits.split_at(digits.bytes().take_while(u8::is_ascii_digit).count());
        let number: u16 = digits.parse().ok()?;
        ((3..=4).contains(&digits.len()) && number >= 100).then_some(number / 100)
    }

    /// Its estate and building alone.
    #[must_use]
    pub fn block(&self) -> Address {
        Address {
            estate: self.estate.clone(),
            building: self.building.clone(),
            ..Address::default()
        }
    }

    /// Natural order: estate, building, unit, floor, room, numbers by value; unknown parts last.
    pub fn order(&self, other: &Address) -> Ordering {
        let floor = |one: &Address| one.floor().map_or((true, 0), |floor| (false, floor));
        natural(self.estate.as_deref(), other.estate.as_deref())
            .then_with(|| natural(self.building.as_deref(), other.building.as_deref()))
            .then_with(|| natural(self.unit.as_deref(), other.unit.as_deref()))
            .then_with(|| floor(self).cmp(&floor(other)))
            .then_with(|| natural(self.room.as_deref(), other.room.as_deref()))
            .then_with(|| natural(self.rest.as_deref(), other.rest.as_deref()))
    }

    /// Whether two addresses can be one place: the same door, and no other estate.
    pub fn can_be(&self, other: &Address) -> bool {
        let door = |one: &Address| {
            let parts = [&one.building, &one.unit, &one.room];
            let rest = one.rest.clone().filter(|_| one.parts() == 0);
            (parts.map(Clone::clone), rest)
        };
        let estates_agree = match (&self.estate, &other.estate) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        door(self) == door(other) && estates_agree
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Address::default()
    }

    fn parts(&self) -> usize {
        let parts = [&self.building, &self.unit, &self.room];
        parts.iter().filter(|part| part.is_some()).count()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rest = self.rest.as_deref().unwrap_or_default();
        let (before, after) = rest.split_at(rest.find('(').unwrap_or(rest.len()));
        f.write_str(before)?;
        let parts = [
            (&self.estate, ""),
            (&self.building, "栋"),
            (&self.unit, "单元"),
            (&self.room, ""),
        ];
        for (part, marker) in parts {
            if let Some(part) = part {
                write!(f, "{part}{marker}")?;
            }
        }
        f.write_str(after)
    }
}

/// Full-width forms, spaces and the many dashes made one.
fn fold(text: &str) -> String {
    let folded: String = spelling::plain(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| match c {
            '‐' | '‑' | '–' | '—' | '―' | '−' | '~' => '-',
            _ => c,
        })
        .collect();
    spelling::plain(&folded).into_owned()
}

/// Where a street's name ends.
const ROADS: [char; 4] = ['路', '街', '道', '巷'];

/// A piece of an address: a number with what it means, a dash, or other text.
#[derive(Debug)]
enum Token {
    Number { raw: String, value: String },
    Dash,
    Text(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some((value, length)) = number(rest) {
            let raw = rest.chars().take(length).collect();
            (Token::Number { raw, value }, length)
        } else if first == '-' {
            (Token::Dash, 1)
        } else {
            (Token::Text(first.into()), 1)
        };
        match (all.last_mut(), token) {
            (Some(Token::Text(before)), Token::Text(more)) => before.push_str(&more),
            (_, token) => all.push(token),
        }
        let bytes = rest.chars().take(length).map(char::len_utf8).sum();
        rest = rest.split_at(bytes).1;
    }
    all
}

/// The number at the head of a text and its length in characters. Chinese numerals and 甲乙丙丁
/// count only before a building or a unit, for 文一路 and 三门 are names.
fn number(text: &str) -> Option<(String, usize)> {
    let plain: String = text
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    if !plain.is_empty() {
        let length = plain.len();
        return Some((plain.to_ascii_uppercase(), length));
    }
    let word: String = text.chars().take_while(|c| HANZI.contains(*c)).collect();
    let after = text.strip_prefix(word.as_str())?;
    let marked = ["号楼", "栋", "幢", "座", "单元"]
        .iter()
        .any(|marker| after.starts_with(marker));
    let length = word.chars().count();
    (length > 0 && marked).then(|| (numeral(&word).unwrap_or(word), length))
}

const HANZI: &str = "十一二三四五六七八九甲乙丙丁东西南北";

/// The digits of a Chinese numeral up to 九十九.
fn numeral(word: &str) -> Option<String> {
    let digit = |c: char| {
        let at = "十一二三四五六七八九".chars().position(|one| one == c);
        at.filter(|at| *at > 0)
    };
    let chars: Vec<char> = word.chars().collect();
    let value = match chars.as_slice() {
        ['十'] => 10,
        ['十', ones] => 10 + digit(*ones)?,
        [tens, '十'] => digit(*tens)? * 10,
        [tens, '十', ones] => digit(*tens)? * 10 + digit(*ones)?,
        [one] => digit(*one)?,
        _ => return None,
    };
    Some(value.to_string())
}

/// The reading that understands most: no odd words after the room first, then most parts.
fn split(text: &str) -> Address {
    let tokens = tokens(text);
    let starts = (0..tokens.len()).filter(|at| matches!(tokens[*at], Token::Number { .. }));
    let best = starts
        .filter_map(|at| Some((at, body(&tokens, at)?)))
        .min_by_key(|(at, address)| {
            let odd = address
                .rest
                .as_deref()
                .is_some_and(|rest| !rest.starts_with('('));
            (odd, Reverse(address.parts()), *at)
        });
    let Some((at, mut address)) = best else {
        return lonely(text);
    };
    let (before, estate) = head(&raw(&tokens[..at]));
    let after = address
        .rest
        .take()
        .map(|odd| bracketed(&odd))
        .unwrap_or_default();
    address.estate = estate;
    address.rest = Some(before + &after).filter(|rest| !rest.is_empty());
    address
}

/// Compares digits by value and the rest by character; what is unknown stands last.
fn natural(one: Option<&str>, other: Option<&str>) -> Ordering {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none().cmp(&other.is_none());
    };
    let (mut left, mut right) = (one, other);
    while !left.is_empty() && !right.is_empty() {
        let (a, after_a) = run(left);
        let (b, after_b) = run(right);
        let (bare_a, bare_b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(a) && digits(b) {
            (bare_a.len(), bare_a).cmp(&(bare_b.len(), bare_b))
        } else {
            a.cmp(b)
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (after_a, after_b);
    }
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// The run of digits, or the one other character, at the head of a text; and what follows.
fn run(text: &str) -> (&str, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = if digits > 0 {
        digits
    } else {
        text.chars().next().map_or(0, char::len_utf8)
    };
    text.split_at(length)
}

/// An address without any number: an estate by its name, or nothing that is understood.
fn lonely(text: &str) -> Address {
    let (before, estate) = head(text);
    let named = estate.as_deref().is_some_and(|estate| {
        let ends = [
            "小区", "花园", "公寓", "家园", "新村", "苑", "弄", "里", "坊",
        ];
        ends.iter().any(|end| estate.ends_with(end))
    });
    let whole = || Some(text.to_owned()).filter(|text| !text.is_empty());
    Address {
        rest: if named {
            Some(before).filter(|rest| !rest.is_empty())
        } else {
            whole()
        },
        estate: estate.filter(|_| named),
        ..Address::default()
    }
}

fn bracketed(text: &str) -> String {
    if text.starts_with('(') {
        text.to_owned()
    } else {
        format!("({text})")
    }
}

fn raw(tokens: &[Token]) -> String {
    let piece = |token: &Token| match token {
        Token::Number { raw, .. } => raw.clone(),
        Token::Dash => "-".into(),
        Token::Text(text) => text.clone(),
    };
    tokens.iter().map(piece).collect()
}

/// Reads building, unit and room from the number at `start` on. What follows them is left in
/// `rest` as it stands.
fn body(tokens: &[Token], start: usize) -> Option<Address> {
    let on_road = raw(&tokens[..start]).ends_with(ROADS);
    let mut address = Address::default();
    let mut floor: Option<String> = None;
    let mut explicit = false;
    let mut at = start;
    while at < tokens.len() {
        let (numbers, next) = group(tokens, at);
        let (marker, odd) = match tokens.get(next) {
            Some(Token::Text(text)) => marker(text)?,
            _ => (None, ""),
        };
        if numbers.is_empty() || numbers.iter().any(|number| !is_plausible(number)) {
            return None;
        }
        if on_road && at == start && marker == Some(Marker::Number) {
            return None;
        }
        explicit |= marker.is_some();
        place(&mut address, &mut floor, &numbers, marker)?;
        at = next + usize::from(next < tokens.len());
        if !odd.is_empty() {
            let odd = odd.to_owned() + &raw(tokens.get(at..).unwrap_or_default());
            address.rest = Some(odd.clone()).filter(|_| explicit || odd.starts_with('('));
            address.rest.as_ref()?;
            break;
        }
    }
    let said = floor.is_none_or(|floor| address.floor().is_some_and(|n| n.to_string() == floor));
    (said && address.parts() > 0).then_some(address)
}

/// Numbers joined by dashes from `at` on, and where they end.
fn group(tokens: &[Token], mut at: usize) -> (Vec<String>, usize) {
    let mut numbers = Vec::new();
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Number { value, .. } => numbers.push(value.clone()),
            Token::Dash => {}
            Token::Text(_) => break,
        }
        at += 1;
    }
    (numbers, at)
}

/// The marker at the head of a text and what follows it; a bracket follows no marker at all.
fn marker(text: &str) -> Option<(Option<Marker>, &str)> {
    if text.starts_with('(') {
        return Some((None, text));
    }
    MARKERS.iter().find_map(|(word, marker)| {
        let odd = text.strip_prefix(word)?;
        Some((Some(*marker), odd))
    })
}

/// A number of a building, a unit or a room: short, with a digit, or a letter or 甲.
fn is_plausible(number: &str) -> bool {
    let length = number.chars().count();
    length <= 2 || (length <= 6 && number.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Puts numbers where their marker and what is known already say they belong: the last of them
/// at the marker's place, those before it into the open places above.
fn place(
    address: &mut Address,
    floor: &mut Option<String>,
    numbers: &[String],
    marker: Option<Marker>,
) -> Option<()> {
    let level = match (&address.building, &address.unit, &address.room) {
        (None, None, None) => 0,
        (Some(_), None, None) => 1,
        (_, Some(_), None) => 2,
        (_, _, Some(_)) => return None,
    };
    let Address {
        building,
        unit,
        room,
        ..
    } = address;
    let alone = level == 0 && numbers.len() == 1;
    let mut places: Vec<&mut Option<String>> = match marker {
        Some(Marker::Building) => vec![building],
        Some(Marker::Storey | Marker::Number) if alone => vec![building],
        Some(Marker::Unit) => vec![building, unit],
        Some(Marker::Floor | Marker::Storey) => vec![building, unit, floor],
        Some(Marker::Room | Marker::Number) | None => vec![building, unit, room],
    };
    let (last, above) = places.get_mut(level..)?.split_last_mut()?;
    let extra = above.len().min(numbers.len().checked_sub(1)?);
    for (place, number) in above.iter_mut().zip(&numbers[..extra]) {
        **place = Some(number.clone());
    }
    **last = Some(numbers[extra..].join("-"));
    Some(())
}

/// Splits what stands before the building into divisions and a street number, and the estate.
fn head(text: &str) -> (String, Option<String>) {
    let text = text.trim_matches(['-', ',', ';', '、', '。', '.']);
    let chars: Vec<char> = text.chars().collect();
    let from = divisions(&chars);
    let from = from + street(&chars[from..]);
    let estate: String = chars[from..].iter().collect();
    let before = chars[..from].iter().collect();
    (before, Some(estate).filter(|estate| !estate.is_empty()))
}

/// How many characters the divisions at the head of an address take: 杭州市西湖区翠湖街道. A lone
/// 东方城市 or 西湖区 may as well be the name of an estate.
fn divisions(chars: &[char]) -> usize {
    let (mut end, mut count) = (0, 0);
    for at in 1..=chars.len() {
        let name: String = chars[end..at].iter().collect();
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end) && name != *end);
        if ends(&["社区", "居委会", "村委会"]) {
            return at;
        }
        let estate = ends(&["小区", "园区", "校区", "街区", "生活区", "家属区", "住宅区"]);
        let large = at - end >= 3 && ends(&["省", "市", "区", "镇", "乡", "街道"]) && !estate;
        if large || (count > 0 && ends(&["县"])) {
            (end, count) = (at, count + 1);
        }
    }
    if count > 1 { end } else { 0 }
}

/// How many characters a street and its number take: 文一路88号.
fn street(chars: &[char]) -> usize {
    let ends = (1..chars.len()).filter(|at| chars[*at] == '号');
    let numbered = |end: &usize| {
        let digits = chars[..*end]
            .iter()
            .rev()
            .take_while(|c| c.is_ascii_digit())
            .count();
        let road = chars[..*end - digits].last();
        digits > 0 && road.is_some_and(|c| ROADS.contains(c))
    };
    ends.rev().find(numbered).map_or(0, |end| end + 1)
}
