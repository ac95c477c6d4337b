//! What a worker decides about an import: what a column means, and who is right where a row and the
//! register differ.
//!
//! Invariant: no choice can make jumin hold what it refuses to hold.

use crate::exchange::heading::is_forbidden;
use crate::exchange::heading::normal;
use crate::model::field::Field;
use crate::model::ruling::Meaning;
use crate::model::ruling::Policy;
use crate::model::ruling::Side;
use crate::model::ruling::Who;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// Every policy with its name on the command line.
pub const POLICIES: [(Policy, &str); 3] = [
    (Policy::FillBlanks, "fill"),
    (Policy::NewerWins, "newer"),
    (Policy::Ask, "ask"),
];

/// What is taken of a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sheets {
    /// The first sheet with headings.
    #[default]
    First,
    /// The sheets with these names.
    Named(Vec<String>),
    /// Every sheet with headings that is not hidden.
    All,
}

/// All that was decided so far. Nothing, to begin with.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// What is taken of a workbook.
    pub sheets: Sheets,
    columns: BTreeMap<String, Meaning>,
    /// What happens where nothing else is decided.
    pub policy: Policy,
    fields: HashMap<&'static str, Side>,
    cells: HashMap<(usize, &'static str), Side>,
    rows: HashMap<usize, Who>,
    numbers: HashMap<usize, String>,
}

impl Choices {
    /// Decides what the columns under a heading hold. A column that names what jumin refuses to
    /// hold keeps that meaning.
    pub fn column(&mut self, heading: &str, meaning: Meaning) {
        let heading = normal(heading);
        if !heading.is_empty() && !is_forbidden(&heading) {
            self.columns.insert(heading, meaning);
        }
    }

    /// The decided columns: the heading as it is compared, and what it means.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Meaning)> {
        self.columns
            .iter()
            .map(|(heading, meaning)| (heading.as_str(), meaning))
    }

    /// What a heading was decided to mean; the heading as it is compared.
    pub fn meaning(&self, heading: &str) -> Option<&Meaning> {
        self.columns.get(heading)
    }

    /// Decides every difference in a field; `None` leaves it to the policy again.
    pub fn field(&mut self, field: &'static Field, side: Option<Side>) {
        put(&mut self.fields, field.key, side);
    }

    /// Decides one row's difference in a field; `None` leaves it to the field's decision again.
    pub fn cell(&mut self, row: usize, field: &'static Field, side: Option<Side>) {
        put(&mut self.cells, (row, field.key), side);
    }

    /// Decides whom a row is about; `None` leaves it in doubt again.
    pub fn row(&mut self, row: usize, who: Option<Who>) {
        put(&mut self.rows, row, who);
    }

    /// Decides which identity number a row's damaged one was; `None` leaves it open again.
    pub fn number(&mut self, row: usize, number: Option<String>) {
        put(&mut self.numbers, row, number);
    }

    /// Which identity number a row's damaged one was decided to have been.
    pub fn numbered(&self, row: usize) -> Option<&str> {
        self.numbers.get(&row).map(String::as_str)
    }

    /// Whose value stands in a field of a row, as decided for the cell, else for the field.
    pub fn decided(&self, row: usize, field: &'static Field) -> Option<Side> {
        let decided = self.cells.get(&(row, field.key));
        decided.or_else(|| self.fields.get(field.key)).copied()
    }

    /// Whose value stands in a field of a row: as decided, else by the policy; `None` where the
    /// worker is still to be asked.
    pub fn side(&self, row: usize, field: &'static Field) -> Option<Side> {
        let newer = (self.policy == Policy::NewerWins).then_some(Side::Theirs);
        self.decided(row, field).or(newer)
    }

    /// Whom a row was decided to be about.
    pub fn who(&self, row: usize) -> Option<Who> {
        self.rows.get(&row).copied()
    }
}

fn put<K: std::hash::Hash + Eq, V>(all: &mut HashMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => all.insert(key, value),
        None => all.remove(&key),
    };
}
