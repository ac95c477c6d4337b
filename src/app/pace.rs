//! How fast the sorting goes, and how long the rest will take.
//!
//! Invariant: a pause is not work: time beyond two minutes between two steps does not count.

/// The longest time between two steps that still counts as work, in milliseconds.
const PAUSE: u64 = 120_000;

const HOUR: u64 = 3_600_000;

/// Steps made, and the time that they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    last: u64,
    worked: u64,
    steps: u64,
}

impl Pace {
    /// Starts at a moment, in milliseconds since 1970.
    pub fn new(now: u64) -> Pace {
        Pace {
            last: now,
            worked: 0,
            steps: 0,
        }
    }

    /// A step was made.
    pub fn step(&mut self, now: u64) {
        let passed = now.saturating_sub(self.last);
        if passed <= PAUSE {
            self.worked += passed;
            self.steps += 1;
        }
        self.last = now;
    }

    /// Steps an hour, once there is something to judge by.
    pub fn hourly(&self) -> Option<u64> {
        (self.steps * HOUR).checked_div(self.worked)
    }

    /// Minutes that so many more steps will take, begun ones in full.
    pub fn minutes(&self, left: usize) -> Option<u64> {
        let each = self.worked.checked_div(self.steps)?;
        Some((each * left as u64).div_ceil(60_000))
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn a_pause_is_not_work() {
        let mut pace = Pace::new(1_000);
        assert_eq!((pace.hourly(), pace.minutes(10)), (None, None));
        pace.step(6_000);
        pace.step(11_000);
        assert_eq!((pace.hourly(), pace.minutes(25)), (Some(720), Some(3)));
        pace.step(11_000 + 120_001);
        assert_eq!(pace.hourly(), Some(720));
        pace.step(11_000 + 120_001 + 5_000);
        assert_eq!(pace.hourly(), Some(720));
    }
}
