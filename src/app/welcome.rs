//! The first run: look at a made-up community, take in a ledger, or start empty.
//!
//! A register is sealed unless somebody chooses otherwise. What a sealed one needs (a passphrase, a
//! recovery key on paper) is asked for where no screen is: the choice leaves the screens, and they
//! are opened again on the new register.
//!
//! Invariant: nothing is written before one of them is chosen.

use crate::app::Effect;
use crate::app::Reply;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::step::digit;
use crate::app::step::step;

/// The first screen's cursor.
#[derive(Debug, Clone, Default)]
pub struct Welcome {
    /// Where the register will be.
    pub place: String,
    /// Which choice it is on.
    pub row: usize,
    /// Whether the register will be sealed.
    pub seal: Seal,
}

/// Whether a new register is sealed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seal {
    /// Nobody reads it without a passphrase.
    #[default]
    Sealed,
    /// Whoever has its folder reads it.
    Open,
}

/// What the screens begin with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum First {
    /// The list.
    #[default]
    List,
    /// The question for a ledger, over the list.
    Ledger,
    /// The box at a door, over the list, with what is typed in it.
    Door(String),
}

/// How a register is begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Whether it is sealed.
    pub seal: Seal,
    /// What it is opened on.
    pub first: First,
}

/// A line of the first screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The made-up community.
    Demo,
    /// A register that begins with a ledger.
    Import,
    /// A register that begins empty.
    Empty,
    /// Whether it is sealed.
    Seal,
}

impl Welcome {
    /// The choices, in order.
    pub const CHOICES: [Choice; 4] = [Choice::Demo, Choice::Import, Choice::Empty, Choice::Seal];

    /// The first screen; `place` is where the register will be.
    pub fn new(place: String) -> Welcome {
        Welcome {
            place,
            ..Welcome::default()
        }
    }

    /// A choice's key in the words; its explanation is there too, under `KEY-what`.
    pub fn word(&self, choice: Choice) -> &'static str {
        match (choice, self.seal) {
            (Choice::Demo, _) => "welcome-demo",
            (Choice::Import, _) => "welcome-import",
            (Choice::Empty, _) => "welcome-empty",
            (Choice::Seal, Seal::Sealed) => "welcome-sealed",
            (Choice::Seal, Seal::Open) => "welcome-open",
        }
    }

    /// Runs an action.
    pub fn act(&mut self, action: Action, key: Option<Key>) -> Vec<Reply> {
        let choices = Welcome::CHOICES;
        let named = digit(key).filter(|digit| *digit <= choices.len());
        if let (Action::Digit, Some(digit)) = (action, named) {
            self.row = digit - 1;
            return self.choose();
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        match action {
            Action::Accept => self.choose(),
            Action::Import => self.begin(First::Ledger),
            action => {
                self.row = step(self.row, choices.len() - 1, choices.len(), action);
                Vec::new()
            }
        }
    }

    fn choose(&mut self) -> Vec<Reply> {
        match Welcome::CHOICES.get(self.row) {
            Some(Choice::Demo) => vec![Reply::Effect(Effect::Demo)],
            Some(Choice::Import) => self.begin(First::Ledger),
            Some(Choice::Empty) => self.begin(First::List),
            Some(Choice::Seal) => {
                self.seal = match self.seal {
                    Seal::Sealed => Seal::Open,
                    Seal::Open => Seal::Sealed,
                };
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn begin(&self, first: First) -> Vec<Reply> {
        let seal = self.seal;
        vec![Reply::Effect(Effect::Begin(Beginning { seal, first }))]
    }
}
