//! One line of text asked for over another screen.
//!
//! Invariant: what cannot be used stays in the field, with the reason beside it.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::line::Line;
use crate::model::field::Field;
use crate::model::ids::Subject;
use crate::model::value::Value;

/// A question with its field.
pub struct Prompt {
    /// The question's key in the words.
    pub title: &'static str,
    /// The field that is edited, for its label.
    pub field: Option<&'static Field>,
    /// The text.
    pub line: Line,
    /// Why the text cannot be used.
    pub fault: Option<Say>,
    /// Paths that the text may become; a folder ends in a separator.
    pub offers: Vec<String>,
    /// The offer under the cursor; none while the text itself is meant.
    pub row: Option<usize>,
    purpose: Purpose,
}

/// Turns a text into a field's value, or says what is wrong.
pub type Read = fn(&Field, &str) -> Result<Option<Value>, Say>;

enum Purpose {
    Ledger,
    File,
    ViewName,
    Household,
    Value(Subject, &'static Field, Read),
}

impl Prompt {
    /// Asks for a ledger's file, and which there are.
    pub fn ledger() -> Vec<Reply> {
        let prompt = Prompt::new("prompt-ledger", "", Purpose::Ledger);
        let looked = Reply::Effect(Effect::Look(String::new()));
        vec![Reply::Open(Screen::Prompt(Box::new(prompt))), looked]
    }

    /// Asks for the file to write the list to.
    pub fn file() -> Prompt {
        Prompt::new("prompt-file", "", Purpose::File)
    }

    /// Asks for a view's name.
    pub fn view_name() -> Prompt {
        Prompt::new("prompt-view", "", Purpose::ViewName)
    }

    /// Asks for a household: by a member's name, or its place.
    pub fn household() -> Prompt {
        Prompt::new("prompt-home", "", Purpose::Household)
    }

    /// Asks for the day on which something happened; an empty answer is today.
    pub fn day(subject: Subject, field: &'static Field, read: Read) -> Prompt {
        Prompt::new("prompt-day", "", Purpose::Value(subject, field, read))
    }

    /// Asks for a field's value.
    pub fn value(subject: Subject, field: &'static Field, text: &str, read: Read) -> Prompt {
        let mut prompt = Prompt::new("prompt-value", text, Purpose::Value(subject, field, read));
        prompt.field = Some(field);
        prompt
    }

    fn new(title: &'static str, text: &str, purpose: Purpose) -> Prompt {
        Prompt {
            title,
            field: None,
            line: Line::new(text),
            fault: None,
            offers: Vec::new(),
            row: None,
            purpose,
        }
    }

    /// A key of the text.
    pub fn typed(&mut self, key: Key) -> Vec<Reply> {
        self.line.edit(key);
        self.look()
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str) -> Vec<Reply> {
        self.line.paste(text);
        self.look()
    }

    /// Looks for what the text may become.
    fn look(&mut self) -> Vec<Reply> {
        self.fault = None;
        self.row = None;
        match self.purpose {
            Purpose::Ledger => vec![Reply::Effect(Effect::Look(self.line.text().to_owned()))],
            Purpose::File | Purpose::ViewName | Purpose::Household | Purpose::Value(..) => {
                Vec::new()
            }
        }
    }

    /// Takes what a text may become; an answer that was overtaken by typing is dropped. A text that
    /// is not yet any of them stands for the first.
    pub fn take_offers(&mut self, typed: &str, offers: Vec<String>) {
        if typed == self.line.text() {
            let is_partial = !typed.is_empty() && offers.iter().all(|offer| offer != typed);
            self.row = (is_partial && !offers.is_empty()).then_some(0);
            self.offers = offers;
        }
    }

    /// Makes an offer the text, so that one can look into a folder, or go on typing.
    fn complete(&mut self) -> Vec<Reply> {
        let Some(offer) = self.offers.get(self.row.unwrap_or(0)) else {
            return Vec::new();
        };
        self.line = Line::new(offer);
        self.look()
    }

    /// Runs an action.
    pub fn act(&mut self, _desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let last = self.offers.len().checked_sub(1);
        let is_folder = |at: usize| self.offers.get(at).is_some_and(|one| is_folder(one));
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the others are not for a line"
        )]
        match action {
            Action::Accept if self.row.is_some_and(is_folder) => self.complete(),
            Action::Accept => self.accept(),
            Action::Complete => self.complete(),
            Action::Up => {
                self.row = self.row.and_then(|row| row.checked_sub(1));
                Vec::new()
            }
            Action::Down => {
                let next = self.row.map_or(0, |row| row + 1);
                self.row = last.map(|last| next.min(last));
                Vec::new()
            }
            Action::Back => vec![Reply::Close],
            _ => Vec::new(),
        }
    }

    fn accept(&mut self) -> Vec<Reply> {
        let chosen = self.row.and_then(|row| self.offers.get(row));
        let text = chosen.map_or(self.line.text(), String::as_str).trim();
        let text = text.to_owned();
        let choice = match &self.purpose {
            Purpose::Ledger if !text.is_empty() => Choice::Ledger(text),
            Purpose::File if !text.is_empty() => Choice::File(text),
            Purpose::ViewName if !text.is_empty() => Choice::ViewName(text),
            Purpose::Household if !text.is_empty() => Choice::Home(text),
            Purpose::Ledger | Purpose::File | Purpose::ViewName | Purpose::Household => {
                self.fault = Some(Say::plain("prompt-empty"));
                return Vec::new();
            }
            Purpose::Value(subject, field, read) => match read(field, &text) {
                Ok(value) => Choice::Value(*subject, field, value),
                Err(say) => {
                    self.fault = Some(say);
                    return Vec::new();
                }
            },
        };
        vec![Reply::Close, Reply::Choose(choice)]
    }
}

/// Whether a path names a folder.
pub fn is_folder(path: &str) -> bool {
    path.ends_with(std::path::is_separator)
}
