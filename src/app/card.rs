//! One person whole: facts, categories, household, history.
//!
//! Invariant: a masked value is shown only after its reveal was logged.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Reply;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::model::change::Commit;
use crate::model::ids::PersonId;

/// A card's state.
pub struct Card {
    /// Who.
    pub person: PersonId,
    /// The commits that touch the person, newest first.
    pub history: Vec<Commit>,
}

impl Card {
    /// The card of a person.
    pub fn new(_desk: &Desk<'_>, person: PersonId) -> Card {
        Card {
            person,
            history: Vec::new(),
        }
    }

    /// Runs an action.
    pub fn act(&mut self, _desk: &Desk<'_>, _action: Action, _key: Option<Key>) -> Vec<Reply> {
        vec![Reply::Close]
    }

    /// Takes what was chosen in a box.
    pub fn choose(&mut self, _desk: &Desk<'_>, _choice: Choice) -> Vec<Reply> {
        Vec::new()
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, _desk: &Desk<'_>) {}

    /// Something was committed: the history is asked for again.
    pub fn committed(&mut self) -> Vec<Reply> {
        vec![Reply::Effect(crate::app::Effect::History(self.person))]
    }

    /// Takes the commits of a person.
    pub fn take_history(&mut self, person: PersonId, commits: &[Commit]) {
        if person == self.person {
            self.history = commits.to_vec();
        }
    }
}
