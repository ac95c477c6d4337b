//! The first run: look at a made-up community, take in a ledger, or start empty.
//!
//! Invariant: nothing is written before one of them is chosen.

use crate::app::Effect;
use crate::app::Reply;
use crate::app::Start;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::prompt::Prompt;
use crate::app::step::digit;
use crate::app::step::step;

/// The first screen's cursor.
#[derive(Debug, Clone, Default)]
pub struct Welcome {
    /// Where the register will be.
    pub place: String,
    /// Which choice it is on.
    pub row: usize,
}

/// The choices, as keys of the words.
pub const CHOICES: [&str; 3] = ["welcome-demo", "welcome-import", "welcome-empty"];

impl Welcome {
    /// Runs an action.
    pub fn act(&mut self, action: Action, key: Option<Key>) -> Vec<Reply> {
        let named = digit(key).filter(|digit| *digit <= CHOICES.len());
        if let (Action::Digit, Some(digit)) = (action, named) {
            self.row = digit - 1;
            return self.act(Action::Accept, None);
        }
        match (action, self.row) {
            (Action::Accept, 0) => vec![Reply::Effect(Effect::Start(Start::Demo))],
            (Action::Accept, 1) => Prompt::ledger(),
            (Action::Accept, _) => vec![Reply::Effect(Effect::Start(Start::Empty))],
            (action, row) => {
                self.row = step(row, CHOICES.len() - 1, CHOICES.len(), action);
                Vec::new()
            }
        }
    }
}
