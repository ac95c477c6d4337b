//! The clock, read at the door and handed down.
//!
//! Invariant: no room below this one asks what time it is.

use crate::model::date::Date;
use crate::model::date::Now;
use std::hash::BuildHasher;

/// This moment, on the local calendar, with fresh chance for new ids.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn now() -> Now {
    let now = jiff::ZonedDateTime::now();
    let milliseconds = u64::try_from(now.timestamp().as_millisecond()).unwrap_or(0);
    let date = Date::new(
        now.year(),
        now.month().cast_unsigned(),
        now.day().cast_unsigned(),
    );
    let epoch = Date::new(1970, 1, 1);
    let today = date
        .or(epoch)
        .unwrap_or_else(|| unreachable!("1970-01-01 is a date"));
    // Each hasher state of the standard library is keyed by the system's own randomness.
    let seed = std::hash::RandomState::new().hash_one(now.timestamp().as_nanosecond());
    Now {
        milliseconds,
        today,
        seed,
    }
}
