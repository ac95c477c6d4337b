//! The rows that were refused, written beside their source with the reason.
//!
//! Invariant: the source file is never touched.

use crate::exchange::ExchangeError;
use crate::exchange::intake::Plan;
use std::path::Path;
use std::path::PathBuf;

/// Writes the refused and contradictory rows to `NAME-退回.xlsx` beside the source: the original
/// columns plus 原因. Returns the path, or `None` when there are none.
pub fn write(_plan: &Plan, _source: &Path) -> Result<Option<PathBuf>, ExchangeError> {
    todo!()
}
