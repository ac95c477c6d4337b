//! What an act would do, before it is done: Enter does it, Esc leaves all as it is.
//!
//! Invariant: nothing is altered while a preview is open.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Say;
use crate::app::action::Action;
use crate::app::step::step;
use crate::model::ids::PersonId;

/// A preview.
pub struct Preview {
    /// What would be done.
    pub title: Say,
    /// To whom, or line by line.
    pub body: Body,
    /// The first row on screen.
    pub top: usize,
    effect: Option<Effect>,
}

/// What a preview lists.
pub enum Body {
    /// The people whom it touches.
    People(Vec<PersonId>),
    /// Lines.
    Lines(Vec<Say>),
}

impl Preview {
    /// A preview of an act on people.
    pub fn of_people(title: Say, people: Vec<PersonId>, effect: Effect) -> Preview {
        Preview {
            title,
            body: Body::People(people),
            top: 0,
            effect: Some(effect),
        }
    }

    /// A preview in words.
    pub fn of_lines(title: Say, lines: Vec<Say>, effect: Effect) -> Preview {
        Preview {
            effect: Some(effect),
            ..Preview::to_look_at(title, lines)
        }
    }

    /// Lines to look at; nothing comes of it.
    pub fn to_look_at(title: Say, lines: Vec<Say>) -> Preview {
        Preview {
            title,
            body: Body::Lines(lines),
            top: 0,
            effect: None,
        }
    }

    /// Whether it is only to be looked at.
    pub fn is_idle(&self) -> bool {
        self.effect.is_none()
    }

    /// How many rows it lists.
    pub fn len(&self) -> usize {
        match &self.body {
            Body::People(people) => people.len(),
            Body::Lines(lines) => lines.len(),
        }
    }

    /// Whether it lists nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        match action {
            Action::Accept => std::iter::once(Reply::Close)
                .chain(self.effect.clone().map(Reply::Effect))
                .collect(),
            Action::Back => vec![Reply::Close],
            action => {
                let last = self.len().saturating_sub(desk.seen.rows.max(1));
                self.top = step(self.top, last, desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }
}
