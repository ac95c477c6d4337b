//! Identity numbers that went through a double: which ones they can have been.
//!
//! A table program keeps fifteen digits and nothing is left to choose from; a script keeps what a
//! double keeps, so that in most provinces one number alone rounds to what stands in the cell and
//! checks.
//!
//! Invariant: a number is offered, never taken; each one offered checks and rounds to the cell.

use crate::model::id_number;
use crate::model::id_number::Check;

/// Half of how far apart the doubles of eighteen digits stand at most.
const REACH: u64 = 64;
/// The numbers of eighteen digits.
const EIGHTEEN: std::ops::Range<f64> = 1e17..1e18;
/// The digits that a table program keeps: a double that needs no more may have been cut by one.
const KEPT: usize = 15;
/// More than so many are no help.
const MOST: usize = 9;

/// The double that a folded text spells, of a size with eighteen digits: `1.1010119560307123E+17`,
/// `110101195603071232.0`.
pub(super) fn double(text: &str) -> Option<f64> {
    let spelled = text.contains('E') || text.ends_with(".0");
    let value: f64 = text.parse().ok().filter(|_| spelled)?;
    EIGHTEEN.contains(&value).then_some(value)
}

/// The identity numbers that a folded text can have been: those that round to it, check, and are
/// of a sex, if that is known.
pub(super) fn candidates(text: &str, sex: Option<&str>) -> Vec<String> {
    let Some(value) = double(text) else {
        return Vec::new();
    };
    let Ok(middle) = format!("{value:.0}").parse::<u64>() else {
        return Vec::new();
    };
    let shortest = format!("{value:e}");
    let mantissa = shortest.split('e').next().unwrap_or_default();
    if mantissa.chars().filter(char::is_ascii_digit).count() <= KEPT {
        return Vec::new();
    }
    let rounds = |number: &String| number.parse() == Ok(value);
    let fits = |number: &String| {
        let reading = id_number::read(number);
        reading.check == Check::Good && sex.is_none_or(|sex| reading.sex == Some(sex))
    };
    let near = (middle - REACH..=middle + REACH).map(|number| number.to_string());
    let mut found: Vec<String> = near.filter(rounds).filter(fits).collect();
    if found.len() > MOST {
        found.clear();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn what_a_double_kept_is_offered() {
        let both = ["119999199003070027", "119999199003070035"];
        for text in [
            "1.1999919900307003E+17",
            "1.1999919900307003E17",
            "119999199003070032.0",
        ] {
            assert_eq!(candidates(text, None), both);
            assert_eq!(candidates(text, Some("1")), both[1..]);
        }
        // Cut by a table program, not a double, too small, too large, no number.
        for text in [
            "3.3990119900307E+17",
            "119999199003070032",
            "1.5E+3",
            "9.9E+99",
            "NANE.0",
        ] {
            assert!(candidates(text, None).is_empty(), "{text}");
        }
    }
}
