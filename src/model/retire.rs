//! The statutory retirement age, by the decision of 2024-09-13, in force from 2025-01-01.
//!
//! Invariant: computed from birth and kind alone.

use crate::model::date::Date;

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

/// The statutory age of someone born then.
pub fn retirement(_kind: RetireKind, _birth: Date) -> Retirement {
    todo!()
}
