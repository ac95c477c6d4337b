//! How much speaks for two records being one person's.
//!
//! The points follow what is known of Chinese registers: with names of two or three characters an
//! edit distance fires on every sibling, so names count by sound and look; two numbers that both
//! check and differ settle it, because no single slip turns one such number into another (GB 11643
//! finds each wrong digit and each swap of neighbours).
//!
//! Invariant: the weight is the same in both directions.

use crate::index::kin::face::Face;
use crate::index::kin::face::Faces;
use crate::index::kin::face::Number;
use crate::index::kin::spelled::Likeness;
use crate::model::date::Date;
use crate::model::date::Precision;

/// From here on two records are worth a look.
const ENOUGH: i32 = 50;

/// What speaks for two records being one person's. The order is that of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The same identity number.
    Number,
    /// Identity numbers that differ by a slip.
    NumberSlip,
    /// The same name.
    Name,
    /// The one's former name is the other's name.
    Former,
    /// Names that sound alike.
    Sound,
    /// Names that look alike.
    Look,
    /// Names that share characters.
    Near,
    /// The same birth.
    Birth,
    /// Births that differ by a slip, or may be the same.
    BirthSlip,
    /// The same dwelling.
    Home,
    /// The same building.
    Building,
    /// A telephone in common.
    Phone,
}

impl Sign {
    /// Every sign.
    pub const ALL: [Sign; 12] = [
        Sign::Number,
        Sign::NumberSlip,
        Sign::Name,
        Sign::Former,
        Sign::Sound,
        Sign::Look,
        Sign::Near,
        Sign::Birth,
        Sign::BirthSlip,
        Sign::Home,
        Sign::Building,
        Sign::Phone,
    ];

    /// The key of the words that say it.
    pub fn word(self) -> &'static str {
        match self {
            Sign::Number => "kin-number",
            Sign::NumberSlip => "kin-number-slip",
            Sign::Name => "kin-name",
            Sign::Former => "kin-former",
            Sign::Sound => "kin-sound",
            Sign::Look => "kin-look",
            Sign::Near => "kin-near",
            Sign::Birth => "kin-birth",
            Sign::BirthSlip => "kin-birth-slip",
            Sign::Home => "kin-home",
            Sign::Building => "kin-building",
            Sign::Phone => "kin-phone",
        }
    }
}

/// A set of signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs(u16);

impl Signs {
    fn add(&mut self, sign: Sign) {
        self.0 |= 1 << sign as u16;
    }

    /// Whether a sign is among them.
    pub fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u16) != 0
    }

    /// Each sign.
    pub fn iter(self) -> impl Iterator<Item = Sign> {
        Sign::ALL.into_iter().filter(move |sign| self.has(*sign))
    }
}

/// The points of two records and what speaks for them, when that is enough.
pub(crate) fn weigh(faces: &Faces<'_>, one: &Face<'_>, other: &Face<'_>) -> Option<(i32, Signs)> {
    let mut signs = Signs::default();
    let mut score = 0;
    let mut count = |(points, sign): (i32, Option<Sign>)| {
        score += points;
        if let Some(sign) = sign {
            signs.add(sign);
        }
    };
    count(number(one.number, other.number)?);
    count(name(faces, one, other));
    count(birth(one.birth, other.birth));
    if one.sex.is_some() && other.sex.is_some() && one.sex != other.sex {
        count((-30, None));
    }
    let shares = |one: Option<u64>, other| one.is_some() && one == other;
    let is_home = one.home.is_some() && one.home == other.home;
    if is_home {
        count((20, Some(Sign::Home)));
    } else if shares(one.building, other.building) {
        count((5, Some(Sign::Building)));
    }
    let theirs = |number: &str| other.phones.iter().any(|phone| phone.number == number);
    if one.phones.iter().any(|phone| theirs(phone.number)) {
        // Housemates share a telephone; strangers hardly do.
        count((if is_home { 10 } else { 20 }, Some(Sign::Phone)));
    }
    (score >= ENOUGH).then_some((score, signs))
}

/// None when the numbers settle that there are two people.
fn number(one: Option<Number<'_>>, other: Option<Number<'_>>) -> Option<(i32, Option<Sign>)> {
    let (Some(one), Some(other)) = (one, other) else {
        return Some((0, None));
    };
    if one.key == other.key {
        Some((80, Some(Sign::Number)))
    } else if one.checks && other.checks {
        None
    } else if strsim::osa_distance(one.text, other.text) < 2 {
        Some((40, Some(Sign::NumberSlip)))
    } else {
        Some((-30, None))
    }
}

fn name(faces: &Faces<'_>, one: &Face<'_>, other: &Face<'_>) -> (i32, Option<Sign>) {
    let names = &faces.names;
    match names.likeness(one.name, other.name) {
        Likeness::Same => return (30, Some(Sign::Name)),
        Likeness::Sound => return (26, Some(Sign::Sound)),
        Likeness::Look => return (24, Some(Sign::Look)),
        Likeness::Swapped | Likeness::Part | Likeness::OneOff | Likeness::Other => {}
    }
    let was = |former: Option<u32>, name| {
        former.is_some_and(|former| names.likeness(former, name) <= Likeness::Sound)
    };
    if was(one.former, other.name) || was(other.former, one.name) {
        return (26, Some(Sign::Former));
    }
    match names.likeness(one.name, other.name) {
        Likeness::Swapped => (14, Some(Sign::Near)),
        Likeness::Part => (10, Some(Sign::Near)),
        // Twins and brothers are named so.
        Likeness::OneOff => (-20, None),
        Likeness::Same | Likeness::Sound | Likeness::Look | Likeness::Other => (-40, None),
    }
}

fn birth(one: Option<Date>, other: Option<Date>) -> (i32, Option<Sign>) {
    let (Some(one), Some(other)) = (one, other) else {
        return (0, None);
    };
    let years = (one.year() - other.year()).abs();
    let coarse = one.precision().min(other.precision());
    if one == other && coarse == Precision::Day {
        (30, Some(Sign::Birth))
    } else if one.can_be(other) {
        (15, Some(Sign::BirthSlip))
    } else if coarse == Precision::Day && is_slip(one, other) {
        (12, Some(Sign::BirthSlip))
    } else if coarse < Precision::Day && years < 2 {
        // An age tells the year to within one.
        (8, Some(Sign::BirthSlip))
    } else if years == 0 {
        (-15, None)
    } else {
        (-40, None)
    }
}

/// Whether one wrong digit, or month and day swapped, makes the one date of the other.
fn is_slip(one: Date, other: Date) -> bool {
    let swapped =
        one.year() == other.year() && (one.month(), one.day()) == (other.day(), other.month());
    let digits = |date: Date| {
        format!(
            "{:04}{:02}{:02}",
            date.year(),
            date.month().unwrap_or(0),
            date.day().unwrap_or(0)
        )
    };
    swapped || strsim::hamming(&digits(one), &digits(other)) == Ok(1)
}
