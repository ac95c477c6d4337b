//! What alters the register: a worker who may only look is told so before a form is filled in.
//!
//! Invariant: every effect, box and choice is listed; the store refuses what would get past.

use crate::app::Choice;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Screen;

impl Reply {
    /// Whether it alters the register, or leads only to what does.
    pub fn alters(&self) -> bool {
        match self {
            Reply::Effect(effect) => effect.alters(),
            Reply::Open(screen) => screen.alters(),
            Reply::Choose(choice) => choice.alters(),
            Reply::Close | Reply::Say(_) => false,
        }
    }
}

impl Effect {
    fn alters(&self) -> bool {
        match self {
            Effect::Commit(_, changes) => !changes.is_empty(),
            Effect::Part(_)
            | Effect::Undo(_)
            | Effect::Plan(_)
            | Effect::Judge(_)
            | Effect::TakeIn
            | Effect::Demo
            | Effect::Begin(_) => true,
            Effect::History(_)
            | Effect::Looks(_)
            | Effect::Keep(..)
            | Effect::Kept(_)
            | Effect::Look(_)
            | Effect::Export(..)
            | Effect::Lock
            | Effect::Quit => false,
        }
    }
}

impl Screen {
    fn alters(&self) -> bool {
        match self {
            Screen::Sort(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Visit(_)
            | Screen::Form(_) => true,
            Screen::Preview(preview) => !preview.is_idle(),
            Screen::Pick(pick) => pick.items.iter().any(|item| item.choice.alters()),
            Screen::Prompt(prompt) => prompt.alters(),
            Screen::List(_)
            | Screen::Card(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Door(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Welcome(_) => false,
        }
    }
}

impl Choice {
    fn alters(&self) -> bool {
        match self {
            Choice::Category(_)
            | Choice::Axis(_)
            | Choice::Value(..)
            | Choice::ViewName(_)
            | Choice::Ledger(_)
            | Choice::Meaning(_)
            | Choice::Field(_)
            | Choice::Step(_)
            | Choice::Part(_)
            | Choice::Removal(_)
            | Choice::Row(_)
            | Choice::Decide(_) => true,
            // What is run answers for itself.
            Choice::Run(_)
            | Choice::Query(_)
            | Choice::View(_)
            | Choice::Order(_)
            | Choice::File(_)
            | Choice::Basis(_)
            | Choice::Home(_) => false,
        }
    }
}
