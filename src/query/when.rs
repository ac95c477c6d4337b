//! Days as a query names them: a date, or a distance from today, which moves with the day.
//!
//! Invariant: a distance is kept as it was written; only an answer turns it into a date.

use crate::model::Lang;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::query::Bounds;
use std::fmt::Display;
use std::fmt::Formatter;

/// A day, or the span of days that a partial date or a period means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A date.
    Date(Date),
    /// So many units before today; a negative number lies ahead (`90d`, `+7d`).
    Ago(i32, Unit),
    /// Today, this month, this year.
    This(Precision),
}

/// What a distance is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// A unit and how it is written.
struct Measure {
    unit: Unit,
    letter: char,
    zh: &'static [&'static str],
    en: &'static str,
    /// About how many days it has.
    days: i32,
}

const UNITS: [Measure; 4] = [
    Measure {
        unit: Unit::Day,
        letter: 'd',
        zh: &["天", "日"],
        en: "day",
        days: 1,
    },
    Measure {
        unit: Unit::Week,
        letter: 'w',
        zh: &["周", "星期"],
        en: "week",
        days: 7,
    },
    Measure {
        unit: Unit::Month,
        letter: 'm',
        zh: &["个月", "月"],
        en: "month",
        days: 30,
    },
    Measure {
        unit: Unit::Year,
        letter: 'y',
        zh: &["年"],
        en: "year",
        days: 365,
    },
];

/// A period: its word, its Chinese words, what it is called on screen.
const PERIODS: [(Precision, &str, &[&str], &str); 3] = [
    (Precision::Day, "today", &["今天", "今日"], "today"),
    (Precision::Month, "month", &["本月", "这个月"], "this month"),
    (Precision::Year, "year", &["今年", "本年"], "this year"),
];

/// The longest distance, in units of any kind.
const FARTHEST: i32 = 9_999;

impl When {
    /// Reads `2024-05`, `90d`, `6个月`, `+7d`, `month`, `今天`.
    pub(crate) fn read(text: &str) -> Option<When> {
        if let Some(date) = Date::parse(text) {
            return Some(When::Date(date));
        }
        let period = PERIODS
            .iter()
            .find(|(_, word, zh, _)| word.eq_ignore_ascii_case(text) || zh.contains(&text));
        if let Some((period, ..)) = period {
            return Some(When::This(*period));
        }
        let ahead = text.strip_prefix('+');
        let text = ahead.unwrap_or(text);
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let count = text.strip_suffix(unit).filter(|count| !count.is_empty())?;
        let count: i32 = count.parse().ok()?;
        let named = |one: &&Measure| unit.chars().eq([one.letter]) || one.zh.contains(&unit);
        let one = UNITS.iter().find(named).filter(|_| count <= FARTHEST)?;
        let count = if ahead.is_some() { -count } else { count };
        Some(When::Ago(count, one.unit))
    }

    /// Whether a text can still become one by typing on.
    pub(crate) fn is_begun(text: &str) -> bool {
        let count = text.strip_prefix('+').unwrap_or(text);
        let counted = count.len() <= 4 && count.bytes().all(|byte| byte.is_ascii_digit());
        let mut words = PERIODS.iter().map(|(_, word, ..)| word);
        counted || words.any(|word| word.starts_with(text))
    }

    /// The date that it means on a day.
    pub fn on(self, today: Date) -> Date {
        match self {
            When::Date(date) => date,
            When::Ago(count, Unit::Day) => today.add_days(-count),
            When::Ago(count, Unit::Week) => today.add_days(-7 * count),
            When::Ago(count, Unit::Month) => today.add_months(-count),
            When::Ago(count, Unit::Year) => today.add_months(-12 * count),
            When::This(precision) => {
                let month = today.month().filter(|_| precision > Precision::Year);
                let day = today.day().filter(|_| precision > Precision::Month);
                Date::new(today.year(), month.unwrap_or(0), day.unwrap_or(0)).unwrap_or(today)
            }
        }
    }

    /// About how many days before today; none for a date.
    pub(crate) fn distance(self) -> Option<i32> {
        match self {
            When::Date(_) => None,
            When::Ago(count, unit) => Some(count * measure(unit).days),
            When::This(_) => Some(0),
        }
    }

    /// It in words: `90天前`, `7 days ahead`, `本月`.
    pub(crate) fn say(self, lang: Lang) -> String {
        match self {
            When::Date(date) => date.to_string(),
            When::This(period) => {
                let found = PERIODS.iter().find(|(one, ..)| *one == period);
                found
                    .map_or("", |(_, _, zh, en)| {
                        lang.pick(zh.first().unwrap_or(&""), en)
                    })
                    .to_owned()
            }
            When::Ago(count, unit) => {
                let Measure { zh, en, .. } = measure(unit);
                let (many, zh) = (count.abs(), zh.first().unwrap_or(&""));
                let plural = if many == 1 { "" } else { "s" };
                match (lang, count < 0) {
                    (Lang::Zh, false) => format!("{many}{zh}前"),
                    (Lang::Zh, true) => format!("{many}{zh}后"),
                    (Lang::En, false) => format!("{many} {en}{plural} ago"),
                    (Lang::En, true) => format!("{many} {en}{plural} ahead"),
                }
            }
        }
    }
}

impl Bounds<When> {
    /// The range that it means on a day.
    pub fn on(self, today: Date) -> Bounds<Date> {
        Bounds {
            low: self.low.map(|low| low.on(today)),
            high: self.high.map(|high| high.on(today)),
        }
    }

    /// The range in words.
    pub(crate) fn say(self, lang: Lang) -> String {
        let say = |when: When| when.say(lang);
        match (self.low.map(say), self.high.map(say)) {
            (Some(low), Some(high)) if low == high => low,
            (Some(low), Some(high)) => lang
                .pick("自{}至{}", "{} to {}")
                .replacen("{}", &low, 1)
                .replacen("{}", &high, 1),
            (Some(low), None) => lang.pick("自{}起", "from {}").replace("{}", &low),
            (None, Some(high)) => lang.pick("到{}为止", "up to {}").replace("{}", &high),
            (None, None) => String::new(),
        }
    }
}

fn measure(unit: Unit) -> &'static Measure {
    let found = UNITS.iter().find(|one| one.unit == unit);
    found.unwrap_or(&UNITS[0])
}

impl Display for When {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            When::Date(date) => date.fmt(f),
            When::Ago(count, unit) => {
                let ahead = if *count < 0 { "+" } else { "" };
                write!(f, "{ahead}{}{}", count.abs(), measure(*unit).letter)
            }
            When::This(period) => {
                let found = PERIODS.iter().find(|(one, ..)| one == period);
                f.write_str(found.map_or("", |(_, word, ..)| word))
            }
        }
    }
}
