//! What is wrong with a query: where, what was found, what was expected, what was meant.
//!
//! Invariant: a fault names a span of the text as typed.

use crate::model::Lang;
use crate::query::Span;

/// Why a text is not a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: FaultKind,
    /// The nearest thing that would be right, ready to replace the span.
    pub suggestion: Option<String>,
    /// The text only ends too early at the caret (`age:`): not an error while it is being typed.
    pub incomplete: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// No such key.
    UnknownKey(String),
    /// The key wants something else: the key, what it wants, what was found.
    BadValue {
        /// The key.
        key: String,
        /// What it wants, such as `number`.
        wants: Wants,
        /// What was found.
        found: String,
    },
    /// No category has this name.
    UnknownCategory(String),
    /// No view has this name.
    UnknownView(String),
    /// Opened here and not closed.
    Unclosed(char),
    /// Closed here and never opened.
    Unopened(char),
    /// Something should follow here.
    Missing,
    /// Nested deeper than 16.
    TooDeep,
    /// Longer than 512 characters.
    TooLong,
}

/// What a key wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// A number or a range of numbers.
    Number,
    /// A date or a range of dates.
    Date,
    /// One of the words that the key knows.
    Word,
    /// Yes or no.
    Flag,
    /// A code of the field's table, or its name.
    Code,
}

impl Fault {
    /// The fault as one line, in Anki's manner: what was found, what is missing, how to search it
    /// literally.
    pub fn say(&self, _lang: Lang) -> String {
        todo!()
    }
}
