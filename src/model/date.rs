//! A civil date that may be known only to the year or the month.
//!
//! Invariant: what is known is a real date of the Gregorian calendar, 1800 to 2200. The clock is
//! never read here; "today" is handed in.

use serde::Deserialize;
use serde::Serialize;

/// A date with its precision. Ordered by year, month, day; an unknown month sorts before January.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    year: i16,
    /// 1 to 12, or 0 when unknown.
    month: u8,
    /// 1 to 31, or 0 when unknown.
    day: u8,
}

/// The moment an act happens, as the door of the program hands it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970.
    pub milliseconds: u64,
    /// The local day.
    pub today: Date,
    /// Chance, for the random part of new ids.
    pub seed: u64,
}

/// The wall clock of a moment (milliseconds since 1970) in China's one time zone, UTC+8. The
/// register's days are China's days, wherever the machine thinks it is.
fn wall(milliseconds: u64) -> Option<jiff::civil::DateTime> {
    let moment = jiff::Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()?;
    Some(jiff::tz::offset(8).to_datetime(moment))
}

/// The day and minute of a moment, such as `2026-11-23 09:41`.
pub fn minute_of(milliseconds: u64) -> String {
    wall(milliseconds).map_or(String::new(), |wall| {
        wall.strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// The time of day of a moment, such as `09:41`.
pub fn time_of(milliseconds: u64) -> String {
    wall(milliseconds).map_or(String::new(), |wall| wall.strftime("%H:%M").to_string())
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The year only.
    Year,
    /// Year and month.
    Month,
    /// All of it.
    Day,
}

impl Date {
    /// The day of a moment (milliseconds since 1970); the first day of all when there is none.
    pub fn of(milliseconds: u64) -> Date {
        let first = Date {
            year: 1970,
            month: 1,
            day: 1,
        };
        wall(milliseconds).map_or(first, |wall| Date {
            year: wall.year(),
            month: wall.month().cast_unsigned(),
            day: wall.day().cast_unsigned(),
        })
    }

    /// A date; month or day 0 is "unknown". `None` when no such date exists.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Date> {
        let real = (1800..=2200).contains(&year)
            && match (month, day) {
                (0..=12, 0) => true,
                _ => civil(year, month, day).is_some(),
            };
        real.then_some(Date { year, month, day })
    }

    /// The date in a number, in which dates are ordered alike.
    pub(crate) fn bits(self) -> u32 {
        let year = u32::from(self.year.cast_unsigned() ^ 0x8000);
        year << 16 | u32::from(self.month) << 8 | u32::from(self.day)
    }

    /// The date behind [`Date::bits`].
    pub(crate) fn from_bits(bits: u32) -> Date {
        let [high, low, month, day] = bits.to_be_bytes();
        let year = u16::from_be_bytes([high, low]) ^ 0x8000;
        Date {
            year: year.cast_signed(),
            month,
            day,
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, if known.
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day, if known.
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// How much is known.
    pub fn precision(self) -> Precision {
        match (self.month, self.day) {
            (0, _) => Precision::Year,
            (_, 0) => Precision::Month,
            _ => Precision::Day,
        }
    }

    /// The first day that it can mean.
    #[must_use]
    pub fn first(self) -> Date {
        Date {
            month: self.month.max(1),
            day: self.day.max(1),
            ..self
        }
    }

    /// The last day that it can mean.
    #[must_use]
    pub fn last(self) -> Date {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 {
            days_in(self.year, month)
        } else {
            self.day
        };
        Date {
            year: self.year,
            month,
            day,
        }
    }

    /// Whether two dates can be the same day.
    pub fn can_be(self, other: Date) -> bool {
        let coarse = self.precision().min(other.precision());
        self.year == other.year
            && (coarse == Precision::Year || self.month == other.month)
            && (coarse < Precision::Day || self.day == other.day)
    }

    /// Full years from this date, taken as early as it can be, to `today`: an age.
    pub fn years_until(self, today: Date) -> i32 {
        let (born, today) = (self.first(), today.first());
        let years = i32::from(today.year) - i32::from(born.year);
        years - i32::from((today.month, today.day) < (born.month, born.day))
    }

    /// The date this many months later (or earlier), on the month's last day where it is shorter.
    #[must_use]
    pub fn add_months(self, months: i32) -> Date {
        let count = i32::from(self.year) * 12 + i32::from(self.month.max(1)) - 1 + months;
        let year = i16::try_from(count.div_euclid(12))
            .unwrap_or(self.year)
            .clamp(1800, 2200);
        let month = (count.rem_euclid(12) + 1) as u8;
        let day = self.day.min(days_in(year, month));
        Date {
            year,
            month: if self.month == 0 { 0 } else { month },
            day,
        }
    }

    /// The date this many days later (or earlier).
    #[must_use]
    pub fn add_days(self, days: i32) -> Date {
        let first = self.first();
        let from = civil(first.year, first.month, first.day);
        let moved = from.and_then(|date| date.checked_add(jiff::ToSpan::days(days)).ok());
        moved.map_or(self, |date| Date {
            year: date.year(),
            month: date.month().cast_unsigned(),
            day: date.day().cast_unsigned(),
        })
    }

    /// Days from this date to `later`, both taken as early as they can be.
    pub fn days_until(self, later: Date) -> i32 {
        later.first().number() - self.first().number()
    }

    fn number(self) -> i32 {
        let date = civil(self.year, self.month, self.day);
        let epoch = jiff::civil::date(1970, 1, 1);
        date.map_or(0, |date| (date - epoch).get_days())
    }

    /// Reads a date in the ways people write it: `1956-03-01`, `1956.3.1`, `1956/3/1 0:00`,
    /// `19560301`, `195603`, `1956年3月1日`, `1956`. Two-digit years and serial numbers of
    /// spreadsheets are the importer's affair.
    pub fn parse(text: &str) -> Option<Date> {
        let text = text.trim().split([' ', 'T']).next()?;
        let parts: Vec<&str> = text
            .split(['-', '.', '/', '年', '月', '日'])
            .filter(|part| !part.is_empty())
            .collect();
        if parts
            .iter()
            .any(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return None;
        }
        let number = |text: &str| text.parse::<i16>().ok();
        match parts.as_slice() {
            [whole] if whole.len() == 8 || whole.len() == 6 => {
                let pair = |from: usize| whole.get(from..from + 2)?.parse::<u8>().ok();
                let day = if whole.len() == 8 { pair(6)? } else { 0 };
                Date::new(number(whole.get(..4)?)?, pair(4)?, day)
            }
            [year] if year.len() == 4 => Date::new(number(year)?, 0, 0),
            [year, month] if year.len() == 4 => {
                Date::new(number(year)?, u8::try_from(number(month)?).ok()?, 0)
            }
            [year, month, day] if year.len() == 4 => {
                let month = u8::try_from(number(month)?).ok()?;
                Date::new(number(year)?, month, u8::try_from(number(day)?).ok()?)
            }
            _ => None,
        }
    }
}

fn civil(year: i16, month: u8, day: u8) -> Option<jiff::civil::Date> {
    jiff::civil::Date::new(year, month.cast_signed(), day.cast_signed()).ok()
}

fn days_in(year: i16, month: u8) -> u8 {
    civil(year, month, 1).map_or(31, |date| date.days_in_month().cast_unsigned())
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.precision() {
            Precision::Year => write!(f, "{:04}", self.year),
            Precision::Month => write!(f, "{:04}-{:02}", self.year, self.month),
            Precision::Day => write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, want) in [
            ("1956.3.1", "1956-03-01"),
            ("1956/3/1 0:00", "1956-03-01"),
            ("19560301", "1956-03-01"),
            ("195603", "1956-03"),
            ("1956年3月", "1956-03"),
            ("1956年3月1日", "1956-03-01"),
            ("1956", "1956"),
            ("1956-13", "-"),
            ("1957-02-29", "-"),
            ("张三", "-"),
            ("", "-"),
        ] {
            let got = Date::parse(text).map_or("-".into(), |date| date.to_string());
            assert_eq!(got, want, "{text}");
        }
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let born = Date::new(1956, 3, 1).unwrap();
        assert_eq!(born.years_until(Date::new(2026, 2, 28).unwrap()), 69);
        assert_eq!(born.years_until(Date::new(2026, 3, 1).unwrap()), 70);
        assert_eq!(
            Date::new(2024, 1, 31).unwrap().add_months(1).to_string(),
            "2024-02-29"
        );
        assert_eq!(
            Date::new(2024, 12, 31).unwrap().add_days(1).to_string(),
            "2025-01-01"
        );
    }
}
