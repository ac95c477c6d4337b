//! What was searched for: queries that led somewhere, to be asked again.
//!
//! Invariant: each query stands once, the one asked last at the end; they are kept with the desk,
//! and in a sealed register sealed, since a search may name somebody.

use crate::app::action::Action;

/// What they are kept under.
pub const KEPT: &str = "searches";

/// So many are kept.
const MOST: usize = 50;

/// What shows that a query led somewhere.
pub const LEADING: [Action; 8] = [
    Action::Accept,
    Action::ToTable,
    Action::ToFacets,
    Action::Back,
    Action::Round,
    Action::SortQueue,
    Action::Export,
    Action::Visit,
];

/// Past queries, and where one stands among them while going through them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    queries: Vec<String>,
    /// The place of the one in the bar.
    at: Option<usize>,
}

impl Past {
    /// Reads what was kept.
    pub fn read(bytes: &[u8]) -> Past {
        let text = String::from_utf8_lossy(bytes);
        let mut past = Past::default();
        for query in text.lines() {
            past.remember(query);
        }
        past
    }

    /// What is to be kept: a line each, the oldest first.
    pub fn bytes(&self) -> Vec<u8> {
        self.queries.join("\n").into_bytes()
    }

    /// Remembers a query. Returns whether that alters what is to be kept.
    pub fn remember(&mut self, query: &str) -> bool {
        self.at = None;
        let query = query.trim();
        if query.is_empty() || self.queries.last().is_some_and(|last| last == query) {
            return false;
        }
        self.queries.retain(|one| one != query);
        self.queries.push(query.to_owned());
        let surplus = self.queries.len().saturating_sub(MOST);
        self.queries.drain(..surplus);
        true
    }

    /// The query before the one in the bar: before the newest, once something else was typed.
    pub fn older(&mut self, shown: &str) -> Option<&str> {
        let mut at = self
            .place(shown)
            .unwrap_or(self.queries.len())
            .checked_sub(1)?;
        // The one that was asked last may still stand in the bar.
        if self.queries.get(at).is_some_and(|one| one == shown.trim()) {
            at = at.checked_sub(1)?;
        }
        self.at = Some(at);
        self.queries.get(at).map(String::as_str)
    }

    /// The query after it; an empty bar after the last.
    pub fn newer(&mut self, shown: &str) -> Option<&str> {
        let at = self.place(shown)? + 1;
        self.at = Some(at).filter(|at| *at < self.queries.len());
        Some(self.queries.get(at).map_or("", String::as_str))
    }

    /// Where one stands, while the bar still shows that query.
    fn place(&self, shown: &str) -> Option<usize> {
        let is_shown = |at: &usize| self.queries.get(*at).is_some_and(|one| one == shown.trim());
        self.at.filter(is_shown)
    }
}
