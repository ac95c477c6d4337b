//! One line of text asked for over another screen.
//!
//! Invariant: what cannot be used stays in the field, with the reason beside it.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Reply;
use crate::app::Say;
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
    purpose: Purpose,
}

/// Turns a text into a field's value, or says what is wrong.
pub type Read = fn(&Field, &str) -> Result<Option<Value>, Say>;

enum Purpose {
    Ledger,
    File,
    ViewName,
    Value(Subject, &'static Field, Read),
}

impl Prompt {
    /// Asks for a ledger's file.
    pub fn ledger() -> Prompt {
        Prompt::new("prompt-ledger", "", Purpose::Ledger)
    }

    /// Asks for the file to write the list to.
    pub fn file() -> Prompt {
        Prompt::new("prompt-file", "", Purpose::File)
    }

    /// Asks for a view's name.
    pub fn view_name() -> Prompt {
        Prompt::new("prompt-view", "", Purpose::ViewName)
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
            purpose,
        }
    }

    /// A key of the text.
    pub fn typed(&mut self, key: Key) -> Vec<Reply> {
        self.line.edit(key);
        self.fault = None;
        Vec::new()
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str) -> Vec<Reply> {
        self.line.paste(text);
        self.fault = None;
        Vec::new()
    }

    /// Runs an action.
    pub fn act(&mut self, _desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        if action != Action::Accept {
            return vec![Reply::Close];
        }
        let text = self.line.text().trim().to_owned();
        let choice = match &self.purpose {
            Purpose::Ledger if !text.is_empty() => Choice::Ledger(text),
            Purpose::File if !text.is_empty() => Choice::File(text),
            Purpose::ViewName if !text.is_empty() => Choice::ViewName(text),
            Purpose::Ledger | Purpose::File | Purpose::ViewName => {
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
