//! What every screen can be asked; each passes it to its own.
//!
//! Invariant: a screen that does not know a question answers nothing.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Reply;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::form;
use crate::app::key::Key;
use crate::model::change::Commit;

impl Screen {
    /// Whether a text field is open, which takes printable keys first.
    pub fn is_typing(&self) -> bool {
        match self {
            Screen::List(list) => list.is_typing(),
            Screen::Pick(_) | Screen::Prompt(_) | Screen::Form(_) | Screen::Door(_) => true,
            Screen::Visit(visiting) => visiting.typing.is_some(),
            Screen::Card(_)
            | Screen::Sort(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Welcome(_)
            | Screen::Preview(_) => false,
        }
    }

    /// A key of its text field.
    pub fn typed(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        match self {
            Screen::List(list) => list.typed(desk, key),
            Screen::Pick(pick) => pick.typed(key),
            Screen::Prompt(prompt) => prompt.typed(key),
            Screen::Visit(visiting) => visiting.typed(key),
            Screen::Form(form) => form.typed(desk, key),
            Screen::Door(door) => door.typed(desk, key),
            Screen::Card(_)
            | Screen::Sort(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Welcome(_)
            | Screen::Preview(_) => Vec::new(),
        }
    }

    /// Pasted text.
    pub fn paste(&mut self, desk: &Desk<'_>, text: &str) -> Vec<Reply> {
        match self {
            Screen::List(list) => list.paste(desk, text),
            Screen::Pick(pick) => pick.paste(text),
            Screen::Prompt(prompt) => prompt.paste(text),
            Screen::Visit(visiting) => visiting.paste(text),
            Screen::Form(form) => form.paste(desk, text),
            Screen::Door(door) => door.paste(desk, text),
            Screen::Card(_)
            | Screen::Sort(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Welcome(_)
            | Screen::Preview(_) => Vec::new(),
        }
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        match self {
            Screen::List(list) => list.act(desk, action, key),
            Screen::Card(card) => card.act(desk, action, key),
            Screen::Sort(sort) => sort.act(desk, action, key),
            Screen::Round(round) => round.act(desk, action, key),
            Screen::Household(home) => home.act(desk, action),
            Screen::Door(door) => door.act(desk, action),
            Screen::Doorstep(page) => page.act(desk, action, key),
            Screen::Pairs(pairs) => pairs.act(desk, action),
            Screen::Merge(merge) => merge.act(desk, action),
            Screen::Welcome(welcome) => welcome.act(action, key),
            Screen::Pick(pick) => pick.act(desk, action),
            Screen::Prompt(prompt) => prompt.act(desk, action),
            Screen::Preview(preview) => preview.act(desk, action),
            Screen::Import(import) => import.act(desk, action),
            Screen::Visit(visiting) => visiting.act(desk, action, key),
            Screen::Form(form) => form.act(desk, action),
        }
    }

    /// A key that is bound to nothing here: a hanzi or a letter on the list starts a search.
    pub fn stray(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        if let Screen::List(list) = self {
            list.stray(desk, key)
        } else {
            Vec::new()
        }
    }

    /// What was chosen in the box above it.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        match self {
            Screen::List(list) => list.choose(desk, choice),
            Screen::Card(card) => card.choose(desk, choice),
            Screen::Sort(sort) => sort.choose(desk, choice),
            Screen::Import(import) => import.choose(choice),
            Screen::Household(home) => home.choose(desk, choice),
            Screen::Doorstep(page) => page.choose(desk, choice),
            Screen::Round(_)
            | Screen::Door(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Welcome(_)
            | Screen::Pick(_)
            | Screen::Prompt(_)
            | Screen::Preview(_)
            | Screen::Visit(_)
            | Screen::Form(_) => Vec::new(),
        }
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        match self {
            Screen::List(list) => list.refresh(desk),
            Screen::Card(card) => card.refresh(desk),
            Screen::Sort(sort) => sort.refresh(desk),
            Screen::Round(round) => round.refresh(desk),
            Screen::Household(home) => home.refresh(desk),
            Screen::Door(door) => door.refresh(desk),
            Screen::Doorstep(page) => page.refresh(desk),
            Screen::Pairs(pairs) => pairs.refresh(desk),
            Screen::Merge(merge) => merge.refresh(desk),
            Screen::Form(form) => form.refresh(desk),
            Screen::Welcome(_)
            | Screen::Pick(_)
            | Screen::Prompt(_)
            | Screen::Preview(_)
            | Screen::Import(_)
            | Screen::Visit(_) => {}
        }
    }

    /// Hears of a commit.
    pub fn committed(&mut self, desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        match self {
            Screen::Sort(sort) => sort.committed(desk, commit),
            Screen::Round(round) => round.committed(desk, commit),
            Screen::Form(form) => form.committed(desk, commit),
            Screen::Card(card) => card.committed(),
            Screen::List(list) => list.committed(commit),
            Screen::Household(_)
            | Screen::Door(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Welcome(_)
            | Screen::Pick(_)
            | Screen::Prompt(_)
            | Screen::Preview(_)
            | Screen::Import(_)
            | Screen::Visit(_) => Vec::new(),
        }
    }

    /// Hears of an undo.
    pub fn undone(&mut self, desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        match self {
            Screen::Sort(sort) => sort.undone(desk, commit),
            Screen::Card(card) => card.committed(),
            Screen::Form(form) => form.undone(commit),
            Screen::List(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Door(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Welcome(_)
            | Screen::Pick(_)
            | Screen::Prompt(_)
            | Screen::Preview(_)
            | Screen::Visit(_) => Vec::new(),
        }
    }

    /// Hears that an effect failed.
    pub fn failed(&mut self, _desk: &Desk<'_>) -> Vec<Reply> {
        if let Screen::Sort(sort) = self {
            sort.failed();
        } else if let Screen::Form(form) = self {
            form.failed();
        }
        Vec::new()
    }

    /// Takes what was kept under a name.
    pub fn kept(&mut self, desk: &Desk<'_>, name: &str, bytes: Option<&[u8]>) -> Vec<Reply> {
        match self {
            Screen::Sort(sort) => sort.kept(desk, name, bytes),
            Screen::Round(round) => round.kept(desk, name, bytes),
            Screen::Form(form) => form.take_kept(desk, name, bytes),
            Screen::List(_)
            | Screen::Card(_)
            | Screen::Household(_)
            | Screen::Door(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Welcome(_)
            | Screen::Pick(_)
            | Screen::Prompt(_)
            | Screen::Preview(_)
            | Screen::Import(_)
            | Screen::Visit(_) => form::resume(desk, name, bytes),
        }
    }
}
