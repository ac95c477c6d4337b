//! Identity numbers of every kind, and what each says of itself.
//!
//! Invariant: reading never refuses; a failed check is a state with a reason.

use crate::model::Lang;
use crate::model::date::Date;

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

/// Folds what people type (full width, lower-case x, spaces, look-alikes) to the stored form.
/// `None` for an empty text or a placeholder such as 无 or eighteen zeros.
pub fn fold(_text: &str) -> Option<String> {
    todo!()
}

/// Reads a folded number.
pub fn read(_number: &str) -> Reading {
    todo!()
}

/// The check character of GB 11643-1999 for the first 17 digits.
pub fn check_digit(_first17: &str) -> Option<char> {
    todo!()
}

/// The 18-digit form of a 15-digit number.
pub fn expand(_number15: &str) -> Option<String> {
    todo!()
}

impl Fault {
    /// The fault in words.
    pub fn say(&self, _lang: Lang) -> String {
        todo!()
    }
}
