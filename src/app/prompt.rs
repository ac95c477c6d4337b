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
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::reveal::Wish;
use crate::model::change::BASES;
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

/// A list on its way out, masked: where to, what for, for whom, on what legal basis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// The file.
    pub path: String,
    /// What for.
    pub purpose: Option<String>,
    /// Who gets it.
    pub receiver: Option<String>,
    /// On what legal basis.
    pub basis: Option<String>,
}

impl Outgoing {
    /// Asks for the legal basis, the last question: one of the list, none, or the worker's own words.
    fn basis(self) -> Pick {
        let word = |word, search: &str, choice| Item {
            label: Label::Word(word),
            hint: String::new(),
            search: search.to_owned(),
            choice,
        };
        let none = word("basis-none", "不写 none", Choice::File(self.clone()));
        let own = word("basis-own", "自己写 own words", Choice::Basis(self.clone()));
        let listed = BASES.iter().map(|(zh, en)| Item {
            label: Label::Text((*zh).to_owned()),
            hint: (*en).to_owned(),
            search: (*en).to_owned(),
            choice: Choice::File(Outgoing {
                basis: Some((*zh).to_owned()),
                ..self.clone()
            }),
        });
        let all = std::iter::once(none).chain(listed).chain([own]);
        Pick::new("pick-basis", all.collect())
    }
}

/// Turns a text into a field's value, or says what is wrong.
pub type Read = fn(&Field, &str) -> Result<Option<Value>, Say>;

enum Purpose {
    Ledger,
    File,
    Cause(Outgoing),
    Receiver(Outgoing),
    Basis(Outgoing),
    ViewName,
    Household,
    Reason(Wish),
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

    /// Asks on what legal basis a list leaves, in the worker's own words.
    pub fn basis(out: Outgoing) -> Prompt {
        Prompt::new("prompt-basis", "", Purpose::Basis(out))
    }

    /// Asks for a view's name.
    pub fn view_name() -> Prompt {
        Prompt::new("prompt-view", "", Purpose::ViewName)
    }

    /// Asks for a household: by a member's name, or its place.
    pub fn household() -> Prompt {
        Prompt::new("prompt-home", "", Purpose::Household)
    }

    /// Asks what a look is for.
    pub fn reason(wish: Wish) -> Prompt {
        Prompt::new("prompt-reason", "", Purpose::Reason(wish))
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

    /// Whether it asks for what alters the register.
    pub fn alters(&self) -> bool {
        match self.purpose {
            Purpose::File
            | Purpose::Cause(_)
            | Purpose::Receiver(_)
            | Purpose::Basis(_)
            | Purpose::Reason(_) => false,
            Purpose::Ledger | Purpose::ViewName | Purpose::Household | Purpose::Value(..) => true,
        }
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
            Purpose::File
            | Purpose::Cause(_)
            | Purpose::Receiver(_)
            | Purpose::Basis(_)
            | Purpose::ViewName
            | Purpose::Household
            | Purpose::Reason(_)
            | Purpose::Value(..) => Vec::new(),
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
            Purpose::File if !text.is_empty() => {
                let out = Outgoing {
                    path: text,
                    ..Outgoing::default()
                };
                return next(Prompt::new("prompt-cause", "", Purpose::Cause(out)));
            }
            // What goes out masked may go out without a word.
            Purpose::Cause(out) => {
                let out = Outgoing {
                    purpose: Some(text).filter(|text| !text.is_empty()),
                    ..out.clone()
                };
                return next(Prompt::new("prompt-receiver", "", Purpose::Receiver(out)));
            }
            Purpose::Receiver(out) => {
                let out = Outgoing {
                    receiver: Some(text).filter(|text| !text.is_empty()),
                    ..out.clone()
                };
                return vec![
                    Reply::Close,
                    Reply::Open(Screen::Pick(Box::new(out.basis()))),
                ];
            }
            Purpose::Basis(out) if !text.is_empty() => Choice::File(Outgoing {
                basis: Some(text),
                ..out.clone()
            }),
            Purpose::ViewName if !text.is_empty() => Choice::ViewName(text),
            Purpose::Household if !text.is_empty() => Choice::Home(text),
            Purpose::Reason(wish) if !text.is_empty() => {
                return vec![Reply::Close, wish.granted(Some(text))];
            }
            Purpose::Ledger
            | Purpose::File
            | Purpose::Basis(_)
            | Purpose::ViewName
            | Purpose::Household
            | Purpose::Reason(_) => {
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

/// Goes on to the next question.
fn next(prompt: Prompt) -> Vec<Reply> {
    vec![Reply::Close, Reply::Open(Screen::Prompt(Box::new(prompt)))]
}

/// Whether a path names a folder.
pub fn is_folder(path: &str) -> bool {
    path.ends_with(std::path::is_separator)
}
