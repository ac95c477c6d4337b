//! Query to text, and to the words of a chip.
//!
//! Invariant: what is shown parses to the same query.

use crate::model::Lang;
use crate::query::Node;
use crate::query::Query;
use crate::query::lexicon::Lexicon;

/// The query as text that parses to it.
pub fn show(_query: &Query, _lexicon: &Lexicon) -> String {
    todo!()
}

/// A term in words: `类别 下岗`, `年龄 ≥50`, `非 党员`, `3栋`, `姓名 zhang`.
pub fn chip(_node: &Node, _lexicon: &Lexicon, _lang: Lang) -> String {
    todo!()
}
