//! The code tables of `data/codes/`: national standards and a few local lists.
//!
//! Invariant: a code once shipped stays; tables only grow.

use crate::model::Lang;

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code, such as `01`.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Other ways ledgers write it.
    pub aliases: &'static str,
}

/// The codes of a table, in its order; empty for a table that does not exist.
pub fn table(_name: &str) -> &'static [Code] {
    todo!()
}

/// The name of a code.
pub fn name(_table: &str, _code: &str, _lang: Lang) -> Option<&'static str> {
    todo!()
}

/// The code that a text means: the code itself, a name, or an alias.
pub fn find(_table: &str, _text: &str) -> Option<&'static str> {
    todo!()
}

/// The full name of a division of GB/T 2260 (`330106` is 浙江省杭州市西湖区), abolished ones too.
pub fn division(_code: &str) -> Option<String> {
    todo!()
}
