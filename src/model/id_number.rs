//! Identity numbers of every kind, and what each says of itself.
//!
//! Invariant: reading never refuses; a failed check is a state with a reason.

use crate::model::Lang;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::spelling;

/// What kind of number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 18 digits, GB 11643-1999.
    Citizen,
    /// 15 digits, GB 11643-1989.
    Citizen15,
    /// 港澳台居民居住证, region 81, 82 or 83.
    Residence,
    /// Foreign permanent resident's card since 2023-12-01: 18 digits, first 9.
    Foreigner,
    /// The older foreign permanent resident's card: three letters, then 12 digits.
    Foreigner15,
    /// 港澳居民来往内地通行证.
    HongKongMacao,
    /// 台湾居民来往大陆通行证.
    Taiwan,
    /// A passport, by its shape only.
    Passport,
    /// Digits hidden by stars.
    Masked,
    /// No kind that is known.
    Unknown,
}

/// Whether the number checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// It does.
    Good,
    /// This kind has nothing to check.
    NoCheck,
    /// It does not, for this reason.
    Bad(Fault),
}

/// Why a number does not check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The check digit should be this one.
    CheckDigit(char),
    /// No such day.
    Birth,
    /// As many characters as this fit no kind.
    Length(usize),
    /// Characters that no number has.
    Characters,
    /// Digits are hidden.
    Masked,
}

/// What a number says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The kind.
    pub kind: Kind,
    /// Whether it checks.
    pub check: Check,
    /// The birth date in it.
    pub birth: Option<Date>,
    /// The sex in it, as a code of GB/T 2261.1.
    pub sex: Option<&'static str>,
    /// The region of first issue, as a code of GB/T 2260.
    pub region: Option<String>,
    /// Whether the region is in the table of divisions, abolished ones included.
    pub region_known: bool,
}

/// What people write where there is no number.
const PLACEHOLDERS: &[&str] = &[
    "无", "没有", "暂无", "待补", "待办", "待定", "不详", "未知", "未办", "无证", "NONE", "NULL",
    "NA", "N/A",
];

/// The region parts that only 港澳台居民居住证 have; 830000 stands in no table of divisions.
const RESIDENCE_REGIONS: [&str; 3] = ["810000", "820000", "830000"];

/// Folds what people type (full width, lower-case x, spaces, look-alikes) to the stored form.
/// `None` for an empty text or a placeholder such as 无 or eighteen zeros.
pub fn fold(text: &str) -> Option<String> {
    let folded: String = spelling::plain(text)
        .chars()
        .map(|c| c.to_ascii_uppercase())
        .filter(|c| {
            !c.is_whitespace() && !c.is_control() && !"'’‘`\u{200b}\u{feff}-—–".contains(*c)
        })
        .map(|c| match c {
            'Х' | 'х' | 'Χ' | 'χ' | '×' | '✕' => 'X',
            '＊' | '•' | '●' => '*',
            _ => c,
        })
        .collect();
    let plain = spelling::plain(&folded).into_owned();
    let number = if is_misread(&plain) {
        plain.replace('O', "0").replace(['I', 'L'], "1")
    } else {
        plain
    };
    let empty = number.is_empty() || PLACEHOLDERS.contains(&number.as_str());
    (!empty && !is_filler(&number)).then_some(number)
}

/// A citizen's number in which letters were typed for digits.
fn is_misread(text: &str) -> bool {
    let alike = |c: char| c.is_ascii_digit() || "OILX".contains(c);
    matches!(text.chars().count(), 15 | 18)
        && text.chars().next().is_some_and(|c| c.is_ascii_digit())
        && text.chars().all(alike)
}

/// One character repeated, or a birth date between zeros, as departments tell people to fill in.
fn is_filler(number: &str) -> bool {
    let mut chars = number.chars();
    let first = chars.next();
    let repeated = number.len() > 1 && chars.all(|c| Some(c) == first);
    let padded = number.len() == 18 && number.starts_with("000000") && number.ends_with("0000");
    repeated || padded
}

/// Reads a folded number.
pub fn read(number: &str) -> Reading {
    let length = number.chars().count();
    let digits = |count: usize| number.chars().take(count).all(|c| c.is_ascii_digit());
    if number.contains('*') {
        return read_masked(number);
    }
    match length {
        18 if digits(17) && number.ends_with(|c: char| c.is_ascii_digit() || c == 'X') => {
            read_18(number)
        }
        15 if digits(15) => read_15(number),
        15 if is_shape(number, "AAA999999999999") => read_foreigner_15(number),
        _ => read_by_shape(number, length),
    }
}

fn read_18(number: &str) -> Reading {
    let head = part(number, 0, 6);
    let (kind, region) = if RESIDENCE_REGIONS.contains(&head) {
        (Kind::Residence, head.to_owned())
    } else if number.starts_with('9') {
        (Kind::Foreigner, format!("{}0000", part(number, 1, 3)))
    } else {
        (Kind::Citizen, head.to_owned())
    };
    let birth = date(part(number, 6, 14));
    let given = number.chars().last();
    let check = match (birth, check_digit(part(number, 0, 17))) {
        (None, _) => Check::Bad(Fault::Birth),
        (Some(_), Some(right)) if given != Some(right) => Check::Bad(Fault::CheckDigit(right)),
        (Some(_), _) => Check::Good,
    };
    Reading {
        kind,
        check,
        birth,
        sex: sex(number, 16),
        region_known: is_known(&region),
        region: Some(region),
    }
}

fn read_15(number: &str) -> Reading {
    let region = part(number, 0, 6).to_owned();
    let birth = birth_15(number);
    Reading {
        kind: Kind::Citizen15,
        check: birth.map_or(Check::Bad(Fault::Birth), |_| Check::NoCheck),
        birth,
        sex: sex(number, 14),
        region_known: is_known(&region),
        region: Some(region),
    }
}

/// Three letters of nationality, four digits of region, birth, sex, and a check over all of them
/// with the weights of machine-readable travel documents.
fn read_foreigner_15(number: &str) -> Reading {
    let region = format!("{}00", part(number, 3, 7));
    // The cards were issued from 2004 to 2023, so that later years can only mean the 1900s.
    let century = if part(number, 7, 9) > "23" {
        "19"
    } else {
        "20"
    };
    let birth = date(&format!("{century}{}", part(number, 7, 13)));
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    let sum: u32 = number
        .chars()
        .take(14)
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| value(c) * weight)
        .sum();
    let right = char::from_digit(sum % 10, 10).unwrap_or('0');
    let check = match birth {
        None => Check::Bad(Fault::Birth),
        Some(_) if !number.ends_with(right) => Check::Bad(Fault::CheckDigit(right)),
        Some(_) => Check::Good,
    };
    Reading {
        kind: Kind::Foreigner15,
        check,
        birth,
        sex: sex(number, 13),
        region_known: is_known(&region),
        region: Some(region),
    }
}

/// A number whose hidden digits leave some parts to be seen.
fn read_masked(number: &str) -> Reading {
    let whole = number.chars().count() == 18;
    let region = Some(part(number, 0, 6).to_owned())
        .filter(|region| region.len() == 6 && region.bytes().all(|byte| byte.is_ascii_digit()));
    Reading {
        kind: Kind::Masked,
        check: Check::Bad(Fault::Masked),
        birth: date(part(number, 6, 14)).filter(|_| whole),
        sex: sex(number, 16).filter(|_| whole),
        region_known: region.as_deref().is_some_and(is_known),
        region,
    }
}

/// The documents that are known by their shape alone: `A` a letter, `9` a digit.
const SHAPES: &[(&str, Kind)] = &[
    ("H99999999", Kind::HongKongMacao),
    ("M99999999", Kind::HongKongMacao),
    ("H9999999999", Kind::HongKongMacao),
    ("M9999999999", Kind::HongKongMacao),
    ("99999999", Kind::Taiwan),
    ("9999999999A", Kind::Taiwan),
    ("999999999", Kind::Passport),
];

fn read_by_shape(number: &str, length: usize) -> Reading {
    let shaped = SHAPES.iter().find(|(shape, _)| is_shape(number, shape));
    let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let lettered = number.starts_with(|c: char| c.is_ascii_uppercase());
    let (kind, check) = match shaped {
        Some((_, kind)) => (*kind, Check::NoCheck),
        None if !plain || length == 18 => (Kind::Unknown, Check::Bad(Fault::Characters)),
        None if lettered && (5..=17).contains(&length) => (Kind::Passport, Check::NoCheck),
        None => (Kind::Unknown, Check::Bad(Fault::Length(length))),
    };
    Reading {
        kind,
        check,
        birth: None,
        sex: None,
        region: None,
        region_known: false,
    }
}

fn is_shape(number: &str, shape: &str) -> bool {
    let fits = |(c, want): (char, char)| match want {
        '9' => c.is_ascii_digit(),
        'A' => c.is_ascii_uppercase(),
        _ => c == want,
    };
    number.chars().count() == shape.len() && number.chars().zip(shape.chars()).all(fits)
}

/// The check character of GB 11643-1999 for the first 17 digits.
pub fn check_digit(first17: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    if first17.chars().count() != WEIGHTS.len() {
        return None;
    }
    let mut sum = 0;
    for (c, weight) in first17.chars().zip(WEIGHTS) {
        sum += c.to_digit(10)? * weight;
    }
    Some(CHECKS[(sum % 11) as usize])
}

/// The 18-digit form of a 15-digit number.
pub fn expand(number15: &str) -> Option<String> {
    if number15.len() != 15 {
        return None;
    }
    birth_15(number15)?;
    let tail = part(number15, 6, 15);
    let first17 = format!("{}{}{tail}", part(number15, 0, 6), century(number15));
    let check = check_digit(&first17)?;
    Some(format!("{first17}{check}"))
}

fn birth_15(number: &str) -> Option<Date> {
    date(&format!("{}{}", century(number), part(number, 6, 12)))
}

/// The sequences 996 to 999 were kept for people who were centenarians already.
fn century(number15: &str) -> &'static str {
    if part(number15, 12, 15) >= "996" {
        "18"
    } else {
        "19"
    }
}

fn date(eight: &str) -> Option<Date> {
    if eight.len() != 8 || !eight.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // A number holds a whole day; a date known to the month only cannot stand in it.
    Date::parse(eight).filter(|date| date.day().is_some())
}

fn sex(number: &str, at: usize) -> Option<&'static str> {
    let digit = number.chars().nth(at)?.to_digit(10)?;
    Some(if digit % 2 == 1 { "1" } else { "2" })
}

fn is_known(region: &str) -> bool {
    RESIDENCE_REGIONS.contains(&region) || codes::division(region).is_some()
}

/// Some characters of a number; nothing when it is not ASCII there.
fn part(number: &str, from: usize, to: usize) -> &str {
    number.get(from..to).unwrap_or_default()
}

impl Fault {
    /// The fault in words.
    pub fn say(&self, lang: Lang) -> String {
        match (self, lang) {
            (Fault::CheckDigit(right), Lang::Zh) => format!("校验位不符,应为 {right}"),
            (Fault::CheckDigit(right), Lang::En) => {
                format!("the check digit should be {right}")
            }
            (Fault::Birth, Lang::Zh) => "出生日期不存在".into(),
            (Fault::Birth, Lang::En) => "no such birth date".into(),
            (Fault::Length(count), Lang::Zh) => format!("{count} 位,不合任何证件"),
            (Fault::Length(count), Lang::En) => {
                format!("{count} characters fit no kind of number")
            }
            (Fault::Characters, Lang::Zh) => "含有证件号没有的字符".into(),
            (Fault::Characters, Lang::En) => "holds characters that no number has".into(),
            (Fault::Masked, Lang::Zh) => "部分数字被遮挡".into(),
            (Fault::Masked, Lang::En) => "some digits are hidden".into(),
        }
    }
}
