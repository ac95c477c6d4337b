//! When a desk locks itself: nobody has touched it for a while, or the machine has slept.
//!
//! A clock that only goes forward stands still while a machine sleeps, and the wall clock does not:
//! that is how the program hears that it was asleep.
//!
//! Invariant: a desk that nobody touched for longer than its limit takes in no key before it is
//! unlocked.

use crate::app::App;
use crate::app::Screen;
use crate::term::clock;
use std::time::Duration;
use std::time::Instant;

/// A wall clock that has gone so much further than the other says that the machine was asleep.
const SLEPT: Duration = Duration::from_secs(30);

/// How long nobody may touch a desk; `None` for as long as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Anywhere but at a door.
    pub desk: Option<Duration>,
    /// At a door, where strangers stand by.
    pub door: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            desk: Some(Duration::from_mins(5)),
            door: Some(Duration::from_mins(2)),
        }
    }
}

impl Limits {
    /// The limit where the screens stand.
    pub fn of(self, app: &App) -> Option<Duration> {
        let at_door = |screen: &Screen| matches!(screen, Screen::Door(_) | Screen::Doorstep(_));
        if app.screens.all().any(at_door) {
            self.door
        } else {
            self.desk
        }
    }
}

/// When somebody touched the desk last.
#[derive(Debug, Clone, Copy)]
pub struct Touch {
    moment: Instant,
    wall: u64,
}

impl Touch {
    /// Now.
    pub fn now() -> Touch {
        Touch {
            moment: clock::instant(),
            wall: clock::now().milliseconds,
        }
    }

    /// How much is left of a limit.
    pub fn left(self, limit: Duration) -> Duration {
        limit.saturating_sub(self.moment.elapsed())
    }

    /// Whether it is longer ago than the limit, or the machine slept since.
    pub fn is_over(self, limit: Duration) -> bool {
        let now = Touch::now();
        let by_clock = now.moment.duration_since(self.moment);
        let by_wall = Duration::from_millis(now.wall.saturating_sub(self.wall));
        by_clock >= limit || by_wall >= by_clock + SLEPT
    }
}
