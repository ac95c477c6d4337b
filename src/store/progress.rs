//! What is told of a long work while it goes on.
//!
//! Invariant: telling it costs the work nothing that anybody could notice.

/// How far a long work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many are done.
    pub done: u64,
    /// Of how many, when known.
    pub total: Option<u64>,
}

/// A long work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Comparing the journal with what a checkpoint says of it.
    Checking,
    /// Reading the journal.
    Journal,
    /// Building sled again from the journal.
    Rebuilding,
}
