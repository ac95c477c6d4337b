//! Text to query.
//!
//! Invariant: every text either parses or yields one fault with a span inside it; no panic.

use crate::query::Query;
use crate::query::Span;
use crate::query::fault::Fault;
use crate::query::lexicon::Lexicon;

/// How one term of the text was understood, for the chips under the filter bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Where it stands in the text.
    pub span: Span,
    /// The tree of that term alone.
    pub node: crate::query::Node,
}

/// Parses a query.
pub fn parse(_text: &str, _lexicon: &Lexicon) -> Result<Query, Fault> {
    todo!()
}

/// Parses a query and tells how each top-level term was understood.
pub fn chips(_text: &str, _lexicon: &Lexicon) -> Result<Vec<Chip>, Fault> {
    todo!()
}
