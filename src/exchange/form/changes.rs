//! What is not as it was in an earlier filing.
//!
//! Invariant: everyone of both filings is new, gone, altered or the same; a row's number is
//! nobody's fact and never a change.

use crate::exchange::form::Form;
use crate::exchange::form::line::Fill;
use crate::exchange::form::line::Line;
use crate::model::ids::PersonId;
use std::collections::HashMap;
use std::collections::HashSet;

/// What is not as it was in an earlier filing.
#[derive(Debug, Default)]
pub struct Changes {
    /// Who was not in it.
    pub new: Vec<PersonId>,
    /// Who was in it and is no more.
    pub gone: Vec<PersonId>,
    /// Whose cells are others: which columns, from 0.
    pub altered: Vec<(PersonId, Vec<usize>)>,
    marks: HashMap<PersonId, Vec<usize>>,
}

impl Changes {
    /// Compares two filings of a form. A row's number is nobody's fact and never a change.
    pub fn between(form: &Form, before: &[Line], now: &[Line]) -> Changes {
        let old: HashMap<PersonId, &Line> = before.iter().map(|line| (line.person, line)).collect();
        let here: HashSet<PersonId> = now.iter().map(|line| line.person).collect();
        let counted: Vec<bool> = form
            .fills()
            .iter()
            .map(|fill| *fill != Fill::Serial)
            .collect();
        let mut changes = Changes::default();
        for line in now {
            let Some(was) = old.get(&line.person) else {
                changes.new.push(line.person);
                changes
                    .marks
                    .insert(line.person, (0..counted.len()).collect());
                continue;
            };
            let cells = line.cells.iter().zip(&was.cells).zip(&counted).enumerate();
            let others = cells.filter(|(_, ((now, was), counted))| **counted && now != was);
            let others: Vec<usize> = others.map(|(at, _)| at).collect();
            if !others.is_empty() {
                changes.marks.insert(line.person, others.clone());
                changes.altered.push((line.person, others));
            }
        }
        let gone = before.iter().filter(|line| !here.contains(&line.person));
        changes.gone = gone.map(|line| line.person).collect();
        changes
    }

    /// Whether everything is as it was.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.altered.is_empty()
    }

    /// The columns of someone that changed, from 0: all of them for someone new.
    pub(crate) fn marks(&self, person: PersonId) -> Option<&Vec<usize>> {
        self.marks.get(&person)
    }
}
