//! The clock, read at the door and handed down.
//!
//! Invariant: no room below this one asks what time it is.

use crate::model::date::Date;
use crate::model::date::Now;
use std::hash::BuildHasher;
use std::time::Instant;

/// This moment, with fresh chance for new ids.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn now() -> Now {
    let moment = jiff::Timestamp::now();
    let milliseconds = u64::try_from(moment.as_millisecond()).unwrap_or(0);
    // Each hasher state of the standard library is keyed by the system's own randomness.
    let seed = std::hash::RandomState::new().hash_one(moment.as_nanosecond());
    Now {
        milliseconds,
        today: Date::of(milliseconds),
        seed,
    }
}

/// This moment of a clock that only goes forward, to measure how long something takes.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is read")]
pub fn instant() -> Instant {
    Instant::now()
}
