//! The screen that classifies residents one after another.
//!
//! Invariant: it advances only when the commit was made.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Reply;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::model::change::Commit;

/// The name under which this desk keeps where the sorting stands.
pub const KEPT: &str = "sort";

/// The sort screen's state.
pub struct Sort {}

impl Sort {
    /// The queue of a query; of the unclassified and the suggested when it is empty.
    pub fn new(_desk: &Desk<'_>, _query: &str) -> Sort {
        Sort {}
    }

    /// Runs an action.
    pub fn act(&mut self, _desk: &Desk<'_>, _action: Action, _key: Option<Key>) -> Vec<Reply> {
        vec![Reply::Close]
    }

    /// Takes what was chosen in a box.
    pub fn choose(&mut self, _desk: &Desk<'_>, _choice: Choice) -> Vec<Reply> {
        Vec::new()
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, _desk: &Desk<'_>) {}

    /// A commit was made.
    pub fn committed(&mut self, _desk: &Desk<'_>, _commit: &Commit) -> Vec<Reply> {
        Vec::new()
    }

    /// A commit was taken back.
    pub fn undone(&mut self, _desk: &Desk<'_>, _commit: &Commit) -> Vec<Reply> {
        Vec::new()
    }

    /// An effect failed: nothing moves.
    pub fn failed(&mut self) {}

    /// Where the sorting stood when it was last left.
    pub fn kept(&mut self, _desk: &Desk<'_>, _name: &str, _bytes: Option<&[u8]>) -> Vec<Reply> {
        Vec::new()
    }
}
