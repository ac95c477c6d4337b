//! The steps of a pass and what came of them.
//!
//! Invariant: the tally is what was counted before this desk's pass began plus its steps.

use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use serde::Deserialize;
use serde::Serialize;

/// How many people came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// In a category.
    pub classified: usize,
    /// In none of them.
    pub none: usize,
    /// To be looked at later.
    pub flagged: usize,
    /// Left as they were.
    pub skipped: usize,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// In a category.
    Classified,
    /// In none of them.
    None,
    /// To be looked at later.
    Flagged,
    /// Left as it was.
    Skipped,
    /// A suggestion was accepted and another waits: the person is not done yet.
    Stays,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// About whom.
    pub person: PersonId,
    /// How it ended.
    pub outcome: Outcome,
    /// What was saved; nothing for a skip.
    pub commit: Option<CommitId>,
}

/// The steps of a pass.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// What came of them.
    pub tally: Tally,
    steps: Vec<Step>,
}

impl Tally {
    /// How many have been asked.
    pub fn done(&self) -> usize {
        self.classified + self.none + self.flagged + self.skipped
    }

    fn count(&mut self, outcome: Outcome) -> Option<&mut usize> {
        match outcome {
            Outcome::Classified => Some(&mut self.classified),
            Outcome::None => Some(&mut self.none),
            Outcome::Flagged => Some(&mut self.flagged),
            Outcome::Skipped => Some(&mut self.skipped),
            Outcome::Stays => None,
        }
    }
}

impl Trail {
    /// A trail that goes on from what was counted before.
    pub fn after(tally: Tally) -> Trail {
        Trail {
            tally,
            steps: Vec::new(),
        }
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step) {
        if let Some(count) = self.tally.count(step.outcome) {
            *count += 1;
        }
        self.steps.push(step);
    }

    /// The last step.
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// Forgets the last step; whose it was.
    pub fn pop(&mut self) -> Option<PersonId> {
        let step = self.steps.pop()?;
        if let Some(count) = self.tally.count(step.outcome) {
            *count = count.saturating_sub(1);
        }
        Some(step.person)
    }

    /// Lets the last step stand for good: it can no longer be taken back.
    pub fn close(&mut self) {
        self.steps.pop();
    }

    /// Forgets the step that made a commit, and those after it; whose it was.
    pub fn rewind(&mut self, commit: CommitId) -> Option<PersonId> {
        let at = self
            .steps
            .iter()
            .rposition(|step| step.commit == Some(commit))?;
        while self.steps.len() > at + 1 {
            self.pop();
        }
        self.pop()
    }
}
