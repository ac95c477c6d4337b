//! One cell to a value, or what is wrong with it.
//!
//! Invariant: a cell that cannot be understood costs only itself; nothing is guessed silently.

use crate::exchange::phone;
use crate::exchange::rounded;
use crate::model::Lang;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::id_number::Fault;
use crate::model::spelling;
use crate::model::value::Value;

/// The most characters of a text; a longer one is no fact about a person.
const LONGEST_TEXT: usize = 2_000;
/// Digits of an identity number that survive a spreadsheet's number.
const SOUND_DIGITS: usize = 15;
/// The serial numbers that spreadsheets give the days from 1927 to 2064.
const SERIALS: std::ops::RangeInclusive<i32> = 10_000..=60_000;
/// The oldest age that a two-digit year is read as.
const OLDEST: i16 = 110;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A spreadsheet rounded the identity number: its last three digits are lost.
    Rounded,
    /// A number in scientific notation whose digits are lost.
    Scientific,
    /// Digits are hidden.
    Masked,
    /// The number does not check; it is not taken.
    BadId(Fault),
    /// The number does not check; it is taken all the same.
    Unchecked(Fault),
    /// No date.
    Date,
    /// A year of two digits that may be of either century.
    Century,
    /// No telephone number.
    Phone,
    /// Not in the code table.
    Code,
    /// A code that means two things in the two tables of schooling.
    TwoTables,
    /// Neither yes nor no.
    Flag,
    /// No whole number.
    Number,
    /// No age.
    Age,
    /// Too long.
    Long,
    /// No such category.
    Category,
    /// A category that is worked out from other facts.
    Derived,
    /// Something that the register refuses to hold.
    Forbidden,
    /// The birth date is not the one in the identity number.
    BirthDiffers,
    /// The sex is not the one in the identity number.
    SexDiffers,
    /// The identity number belongs to somebody else.
    Taken,
    /// A category that excludes this one stands already; its name.
    Exclusive(String),
    /// The household that was found has something else here.
    Household(String),
}

impl Trouble {
    /// The trouble as cells that share it are told together: without what differs from cell to cell.
    pub fn kind(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Trouble::Unchecked(Fault::CheckDigit(_)) => (
                "校验位不符,已照录",
                "the check digit is wrong; taken as it is",
            ),
            Trouble::BadId(Fault::Length(_)) => (
                "位数不合任何证件,号码未录入",
                "of a length that fits no number; not taken",
            ),
            Trouble::Exclusive(_) => ("与已有的类别互斥", "excluded by a category that stands"),
            Trouble::Household(_) => ("与所在户的不同", "not as the household has it"),
            Trouble::Rounded
            | Trouble::Scientific
            | Trouble::Masked
            | Trouble::BadId(_)
            | Trouble::Unchecked(_)
            | Trouble::Date
            | Trouble::Century
            | Trouble::Phone
            | Trouble::Code
            | Trouble::TwoTables
            | Trouble::Flag
            | Trouble::Number
            | Trouble::Age
            | Trouble::Long
            | Trouble::Category
            | Trouble::Derived
            | Trouble::Forbidden
            | Trouble::BirthDiffers
            | Trouble::SexDiffers
            | Trouble::Taken => return self.say(lang),
        };
        lang.pick(zh, en).to_owned()
    }

    /// The trouble in words.
    pub fn say(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Trouble::Rounded => (
                "身份证号被表格软件改成了数字,末几位已失真,号码未录入",
                "a spreadsheet rounded the number; its last digits are lost",
            ),
            Trouble::Scientific => (
                "科学计数法,号码已丢失",
                "scientific notation; the digits are lost",
            ),
            Trouble::Masked => ("号码有遮盖,未录入", "digits are hidden"),
            Trouble::BadId(fault) => {
                return format!(
                    "{}{}",
                    fault.say(lang),
                    lang.pick(",号码未录入", "; not taken")
                );
            }
            Trouble::Unchecked(fault) => {
                return format!(
                    "{}{}",
                    fault.say(lang),
                    lang.pick(",已照录", "; taken as it is")
                );
            }
            Trouble::Date => ("看不懂的日期", "not a date"),
            Trouble::Century => ("两位数的年份,世纪不明", "the century is unclear"),
            Trouble::Phone => ("不是电话号码", "not a telephone number"),
            Trouble::Code => ("不在代码表中", "not in the code table"),
            Trouble::TwoTables => (
                "在新旧两版学历代码中含义不同,请改写文字",
                "means two things in the old and the new code table: write the name",
            ),
            Trouble::Flag => ("不是“是”或“否”", "neither yes nor no"),
            Trouble::Number => ("不是整数", "not a whole number"),
            Trouble::Age => ("不是年龄", "not an age"),
            Trouble::Long => ("文字太长", "too long"),
            Trouble::Category => ("没有此类别", "no such category"),
            Trouble::Derived => (
                "自动类别,由其他资料算出,不单独录入",
                "worked out from other facts, not kept by itself",
            ),
            Trouble::Forbidden => ("不采集此类信息", "not kept in this register"),
            Trouble::BirthDiffers => ("与身份证号中的出生日期不一致", "not as in the ID number"),
            Trouble::SexDiffers => ("与身份证号中的性别不一致", "not as in the ID number"),
            Trouble::Taken => (
                "此号码已登记给别人,未录入",
                "the number is somebody else's; not taken",
            ),
            Trouble::Exclusive(other) => {
                return format!("{}{other}", lang.pick("互斥,已有: ", "excluded by: "));
            }
            Trouble::Household(ours) => {
                return format!("{}{ours}", lang.pick("所在户为:", "the household has: "));
            }
        };
        lang.pick(zh, en).to_owned()
    }
}

/// A cleaned, filled cell as a value of a field. `None` for words that mean "nothing".
/// Identity numbers, and links, have their own readers.
pub fn value(field: &Field, text: &str, today: Date) -> Result<Option<Value>, Trouble> {
    if text.chars().all(|c| matches!(c, '*' | '＊' | '●' | '•')) {
        return Err(Trouble::Masked);
    }
    match field.kind {
        Kind::Text | Kind::Link(_) => self::text(text).map(Some),
        Kind::Code(table) => code(table, text).map(|code| Some(Value::Code(code.to_owned()))),
        Kind::Date => date(text, today).map(|date| date.map(Value::Date)),
        Kind::Flag => flag(text).map(|flag| Some(Value::Flag(flag))),
        Kind::Number => folded(text)
            .parse()
            .map(Value::Number)
            .map(Some)
            .or(Err(Trouble::Number)),
        Kind::IdNumber => Ok(identity(text).number.map(Value::IdNumber)),
        Kind::Phones => phone::phones(text),
        Kind::Words => Ok(Some(Value::Words(words(text))).filter(|_| !words(text).is_empty())),
    }
}

fn text(text: &str) -> Result<Value, Trouble> {
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(Trouble::Long);
    }
    Ok(Value::Text(text.to_owned()))
}

/// Compatibility forms and no space: what codes, dates and numbers are compared as.
pub fn folded(text: &str) -> String {
    let plain = spelling::plain(text);
    plain.chars().filter(|c| !c.is_whitespace()).collect()
}

fn code(table: &'static str, text: &str) -> Result<&'static str, Trouble> {
    let whole = || codes::find(table, folded(text).trim_end_matches(".0"));
    codes::find(table, text).or_else(whole).ok_or(Trouble::Code)
}

/// Yes or no, in the ways ledgers tick.
pub fn flag(text: &str) -> Result<bool, Trouble> {
    match folded(text).to_lowercase().as_str() {
        "是" | "有" | "√" | "✓" | "✔" | "1" | "y" | "yes" | "true" | "对" | "☑" => {
            Ok(true)
        }
        "否" | "无" | "×" | "✗" | "✘" | "x" | "0" | "n" | "no" | "false" | "不是" | "没有" => {
            Ok(false)
        }
        _ => Err(Trouble::Flag),
    }
}

/// A date in any form that ledgers use, two-digit years and serial numbers among them.
fn date(text: &str, today: Date) -> Result<Option<Date>, Trouble> {
    let plain = spelling::plain(text);
    let plain = plain.trim().trim_end_matches(".0");
    if matches!(plain, "无" | "不详" | "未知" | "-" | "/") {
        return Ok(None);
    }
    if let Some(date) = Date::parse(plain) {
        return Ok(Some(date));
    }
    let serial = plain.split('.').next().and_then(|days| days.parse().ok());
    if let Some(days) = serial.filter(|days| SERIALS.contains(days)) {
        let first = Date::new(1899, 12, 30).ok_or(Trouble::Date)?;
        return Ok(Some(first.add_days(days)));
    }
    short_year(plain, today).map(Some)
}

/// `56.3`, `56-3-1`, `560301`: a year of two digits, read only where one century makes sense.
fn short_year(text: &str, today: Date) -> Result<Date, Trouble> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, rest) = match text.split_once(['.', '-', '/', '年']) {
        Some((year, rest)) if !rest.is_empty() => (year.to_owned(), rest.to_owned()),
        None if text.len() == 6 && is_number(text) => (
            text.chars().take(2).collect(),
            text.chars().skip(2).collect(),
        ),
        Some(_) | None => return Err(Trouble::Date),
    };
    if year.len() != 2 || !is_number(&year) {
        return Err(Trouble::Date);
    }
    let joint = if is_number(&rest) && rest.len() == 4 {
        ""
    } else {
        "."
    };
    let in_century = |century: &str| {
        Date::parse(&format!("{century}{year}{joint}{rest}"))
            .filter(|date| *date <= today && today.year() - date.year() <= OLDEST)
    };
    match (in_century("19"), in_century("20")) {
        (Some(date), None) | (None, Some(date)) => Ok(date),
        (Some(_), Some(_)) => Err(Trouble::Century),
        (None, None) => Err(Trouble::Date),
    }
}

/// The year of birth that an age means.
pub fn birth_of_age(text: &str, today: Date) -> Result<Date, Trouble> {
    let plain = folded(text);
    let age: i16 = plain
        .trim_end_matches("周岁")
        .trim_end_matches('岁')
        .trim_end_matches(".0")
        .parse()
        .or(Err(Trouble::Age))?;
    (0..=130)
        .contains(&age)
        .then(|| Date::new(today.year() - age, 0, 0))
        .flatten()
        .ok_or(Trouble::Age)
}

/// Several words in a cell.
pub fn words(text: &str) -> Vec<String> {
    text.split(['、', ',', '，', ';', '；', '/', '|', ' ', '\u{3000}'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What a cell with an identity number gives.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The number, folded, if it is to be kept.
    pub number: Option<String>,
    /// What is left of a damaged or masked number, `*` for what is lost.
    pub hint: Option<String>,
    /// The birth date that even a damaged number tells.
    pub birth: Option<Date>,
    /// The sex that a whole number tells.
    pub sex: Option<&'static str>,
    /// What is wrong.
    pub trouble: Option<Trouble>,
}

/// Reads a cell with an identity number, however damaged.
pub fn identity(text: &str) -> Identity {
    let plain = folded(text).to_uppercase();
    if let Some((mantissa, power)) = plain.split_once("E+").or_else(|| plain.split_once("E1")) {
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let is_power = power.len() <= 2 && power.bytes().all(|byte| byte.is_ascii_digit());
        if is_power && mantissa.contains('.') && digits.len() + 1 == mantissa.len() {
            return scientific(&digits);
        }
    }
    let was_double = rounded::double(&plain).is_some();
    let plain = plain.trim_end_matches(".0");
    if was_double {
        return rounded(plain);
    }
    let Some(number) = id_number::fold(plain) else {
        return Identity {
            birth: padded_birth(plain),
            ..Identity::default()
        };
    };
    let reading = id_number::read(&number);
    let told = Identity {
        birth: reading.birth,
        sex: reading.sex,
        ..Identity::default()
    };
    match reading.check {
        Check::Good | Check::NoCheck => Identity {
            number: Some(number),
            ..told
        },
        Check::Bad(Fault::CheckDigit(_)) if number.ends_with("000") => rounded(&number),
        Check::Bad(Fault::Masked) => Identity {
            hint: Some(number),
            trouble: Some(Trouble::Masked),
            ..told
        },
        Check::Bad(fault @ Fault::CheckDigit(_)) => Identity {
            number: Some(number),
            trouble: Some(Trouble::Unchecked(fault)),
            ..Identity::default()
        },
        Check::Bad(fault @ (Fault::Birth | Fault::Length(_) | Fault::Characters)) => Identity {
            trouble: Some(Trouble::BadId(fault)),
            ..Identity::default()
        },
    }
}

/// A number that went through a spreadsheet: fifteen digits are sound if so many were kept.
fn scientific(digits: &str) -> Identity {
    // Zeros at the end are not written, so that 14 digits may stand for 15 sound ones.
    if digits.len() + 2 < SOUND_DIGITS {
        return Identity {
            trouble: Some(Trouble::Scientific),
            ..Identity::default()
        };
    }
    rounded(&format!("{digits:0<18}"))
}

fn rounded(number: &str) -> Identity {
    let sound: String = number.chars().take(SOUND_DIGITS).collect();
    let birth: String = sound.chars().skip(6).take(8).collect();
    Identity {
        hint: Some(format!("{sound}***")),
        birth: Date::parse(&birth),
        trouble: Some(Trouble::Rounded),
        ..Identity::default()
    }
}

/// The birth date of a number that is only a place for one: `000000YYYYMMDD0000`.
fn padded_birth(text: &str) -> Option<Date> {
    let digits = text.strip_prefix("000000")?.strip_suffix("0000")?;
    Date::parse(digits).filter(|_| digits.len() == 8)
}

/// A name without padding, and what stood in brackets or as a star beside it.
pub fn name(text: &str) -> (String, Option<String>) {
    let bare = crate::exchange::heading::without_brackets(text);
    let note: String = text
        .chars()
        .skip_while(|c| !matches!(c, '(' | '（' | '[' | '【'))
        .filter(|c| !matches!(c, '(' | '（' | '[' | '【' | ')' | '）' | ']' | '】'))
        .collect();
    let bare = bare.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '＊');
    // Spaces pad a Chinese name and part a foreign one.
    let is_foreign = bare.chars().any(|c| c.is_ascii_alphabetic());
    let spelled: String = bare
        .chars()
        .filter(|c| is_foreign || !c.is_whitespace())
        .map(|c| {
            if "•・．‧∙⋅".contains(c) {
                '·'
            } else {
                c
            }
        })
        .collect();
    (
        spelled,
        Some(note.trim().to_owned()).filter(|note| !note.is_empty()),
    )
}
