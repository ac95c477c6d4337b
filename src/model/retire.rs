//! The statutory retirement age, by the decision of 2024-09-13, in force from 2025-01-01.
//!
//! Invariant: computed from birth and kind alone.

use crate::model::date::Date;
use crate::model::person;
use crate::model::person::Person;

/// Whose table applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetireKind {
    /// 男: 60 to 63.
    Man,
    /// 女, formerly at 55: to 58.
    Woman55,
    /// 女, formerly at 50: to 55.
    Woman50,
}

/// A statutory age: years and months, and the month it is reached (precision month).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retirement {
    /// Full years.
    pub years: u8,
    /// Months beyond them.
    pub months: u8,
    /// The month in which the age is reached.
    pub reached: Date,
}

/// How one kind is delayed: born from January of `base` on, one month more for every `step`
/// months, at most `most`, beyond the old age.
struct Delay {
    base: i32,
    old_age: i32,
    step: i32,
    most: i32,
}

impl RetireKind {
    fn delay(self) -> Delay {
        let (base, old_age, step, most) = match self {
            RetireKind::Man => (1965, 60, 4, 36),
            RetireKind::Woman55 => (1970, 55, 4, 36),
            RetireKind::Woman50 => (1975, 50, 2, 60),
        };
        Delay {
            base,
            old_age,
            step,
            most,
        }
    }
}

/// The statutory age of a person, if birth and sex are known. A woman of whom no kind is known is
/// taken for the later one.
pub fn of(one: Person<'_>) -> Option<Retirement> {
    let kind = match (one.record.text(person::RETIRE_KIND), one.sex()) {
        (Some("1"), _) | (None, Some("1")) => RetireKind::Man,
        (Some("2"), _) | (None, Some("2")) => RetireKind::Woman55,
        (Some("3"), _) => RetireKind::Woman50,
        _ => return None,
    };
    Some(retirement(kind, one.birth()?))
}

/// The statutory age of someone born then.
pub fn retirement(kind: RetireKind, birth: Date) -> Retirement {
    let delay = kind.delay();
    let birth = birth.first();
    let born = i32::from(birth.year()) * 12 + i32::from(birth.month().unwrap_or(1)) - 1;
    let late = (born - delay.base * 12).div_euclid(delay.step) + 1;
    let age = delay.old_age * 12 + late.clamp(0, delay.most);
    let reached = birth.add_months(age);
    Retirement {
        years: u8::try_from(age / 12).unwrap_or(u8::MAX),
        months: u8::try_from(age % 12).unwrap_or(0),
        reached: Date::new(reached.year(), reached.month().unwrap_or(1), 0).unwrap_or(reached),
    }
}
