//! Completion: what could stand at the caret.
//!
//! Invariant: accepting a completion never makes a query worse: the result parses, or is only
//! incomplete.

use crate::model::Lang;
use crate::query::Query;
use crate::query::Span;
use crate::query::lexicon::Lexicon;

/// One thing that could stand at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it replaces.
    pub span: Span,
    /// With what.
    pub text: String,
    /// What it is called on screen.
    pub label: String,
    /// How many people of the present result it would leave.
    pub count: Option<usize>,
}

/// What could stand at the caret (a byte offset): categories by name, alias, pinyin or initials,
/// keys by a unique prefix, values of a key, views after `@`. `count` counts a query; it is asked
/// only for the candidates that are returned. Best first, those without anyone last.
pub fn complete(
    _text: &str,
    _caret: usize,
    _lexicon: &Lexicon,
    _lang: Lang,
    _count: &dyn Fn(&Query) -> usize,
) -> Vec<Completion> {
    todo!()
}
