//! What a new register starts from: `seeds/categories.toml` and `seeds/views.toml`.
//!
//! Invariant: seeds become ordinary records in the register's first commit, and the user's own.

use crate::model::draft::Draft;

/// Why a seed file cannot be used: which file, which entry, what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct SeedFault {
    /// The file.
    pub file: &'static str,
    /// What is wrong.
    pub what: String,
}

/// Drafts the starter taxonomy and the day-one views.
pub fn plant(_draft: &mut Draft<'_>) -> Result<(), SeedFault> {
    todo!()
}
