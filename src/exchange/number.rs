//! Numbers, days and answers of a spreadsheet as the text that a ledger would have.
//!
//! Invariant: a number that a spreadsheet has rounded says so by its form, so that nobody takes it
//! for an identity number.

use crate::model::date::Date;

/// From here on a number has more digits than a spreadsheet keeps.
const FIRST_INEXACT: f64 = 1e15;
/// The last day that spreadsheets know: 9999-12-31.
const LAST_DAY: f64 = 2_958_465.0;
/// The days between the two ways to count, from 1900 and from 1904.
const FROM_1904: f64 = 1462.0;
/// Spreadsheets believe that 1900 had a 29th of February: this day.
const NO_DAY: f64 = 60.0;

/// A number.
pub fn number(number: f64) -> String {
    if number.abs() >= FIRST_INEXACT {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// The day that a number stands for; one that stands for none stays a number.
pub fn day(serial: f64, is_1904: bool) -> String {
    let count = if is_1904 { serial + FROM_1904 } else { serial };
    if !(1.0..=LAST_DAY).contains(&count) {
        return number(serial);
    }
    let eve = Date::new(1899, 12, 30);
    let days = count as i32 + i32::from(count < NO_DAY);
    eve.map_or_else(|| number(serial), |eve| eve.add_days(days).to_string())
}

/// The day of a moment in ISO 8601: `1956-03-01T00:00:00`.
pub fn day_of_iso(moment: &str) -> &str {
    moment.split('T').next().unwrap_or(moment)
}

/// An answer.
pub fn answer(is_yes: bool) -> &'static str {
    if is_yes { "是" } else { "否" }
}

/// Whether a number format shows a day: it names a year or a day, or a month without the time.
pub fn is_day(format: &str) -> bool {
    let mut letters = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '[' => drop(chars.by_ref().find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            // What follows is for negative numbers.
            ';' => break,
            _ => letters.extend(c.to_lowercase()),
        }
    }
    let has = |letter: char| letters.contains(letter);
    !letters.starts_with("general")
        && (has('y') || has('d') || (has('m') && !has('h') && !has('s')))
}

/// Whether a number format that spreadsheets know by this number shows a day; 27 to 36 and 50 to
/// 58 do in East Asia.
pub fn is_known_day(format: u16) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

#[cfg(test)]
mod tests {
    use super::day;
    use super::is_day;
    use super::number;

    #[test]
    fn days_are_counted_as_spreadsheets_count() {
        for (serial, want) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (20515.0, "1956-03-01"),
            (20515.75, "1956-03-01"),
            (0.5, "0.5"),
            (-3.0, "-3"),
            (2_958_466.0, "2958466"),
        ] {
            assert_eq!(day(serial, false), want);
        }
        assert_eq!(day(19053.0, true), "1956-03-01");
        assert_eq!(number(110_101_199_003_070_000.0), "1.1010119900307e17");
        assert_eq!(number(15_412_345_678.0), "15412345678");
    }

    #[test]
    fn formats_of_days_are_told_from_others() {
        for format in [
            "yyyy-mm-dd",
            "yyyy\"年\"m\"月\"",
            "[$-804]d/m",
            "mmm",
            "yyyy/m/d h:mm",
        ] {
            assert!(is_day(format), "{format}");
        }
        for format in [
            "General",
            "0.00",
            "[Red]0",
            "h:mm",
            "mm:ss",
            "\"d\"0",
            "G/通用格式",
            "@",
        ] {
            assert!(!is_day(format), "{format}");
        }
    }
}
