//! The people of a pass, household by household in address order, and whose turn it is.
//!
//! Invariant: the order is fixed when the pass begins; whoever has left the answer or the register
//! since then is passed over.

use crate::app::question::Question;
use crate::index::Index;
use crate::model::ids::PersonId;
use crate::query::Order;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::parse::parse;

/// A snapshot of who answers a query.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The query as typed; empty for those for whom the question is open.
    pub text: String,
    query: Query,
    people: Vec<PersonId>,
    at: usize,
}

impl Queue {
    /// The queue of a query for a question. A text that does not parse counts as empty.
    pub fn new(index: &Index, text: &str, question: &Question) -> Queue {
        let asked = parse(text, index.lexicon()).ok();
        let (text, mut query) = match asked.filter(|_| !text.trim().is_empty()) {
            Some(query) => (text.trim(), query),
            None => ("", waiting(question)),
        };
        query.order.get_or_insert(BY_ADDRESS);
        let answer = index.ask(&query);
        let people = index.rows(&query, &answer, 0, answer.total());
        Queue {
            text: text.to_owned(),
            query,
            people,
            at: 0,
        }
    }

    /// Whose turn it is; nobody's at the end.
    pub fn current(&self) -> Option<PersonId> {
        self.people.get(self.at).copied()
    }

    /// How many are still to be asked.
    pub fn left(&self) -> usize {
        self.people.len() - self.at
    }

    /// Goes on to the next person who is still to be asked.
    pub fn advance(&mut self, index: &Index) {
        self.at = (self.at + 1).min(self.people.len());
        self.settle(index);
    }

    /// Passes over those who have left.
    pub fn settle(&mut self, index: &Index) {
        while self
            .current()
            .is_some_and(|person| !index.matches(&self.query, person))
        {
            self.at += 1;
        }
    }

    /// Goes to a person of the queue.
    pub fn go(&mut self, person: PersonId) {
        if let Some(at) = self.people.iter().position(|one| *one == person) {
            self.at = at;
        }
    }

    /// Goes to where a person stands, or would stand by address.
    pub fn resume(&mut self, index: &Index, person: PersonId) {
        if self.people.contains(&person) {
            self.go(person);
            return;
        }
        let everyone = Query {
            order: self.query.order,
            ..Query::default()
        };
        let answer = index.ask(&everyone);
        let place = |one: PersonId| index.position(&everyone, &answer, one);
        if let Some(there) = place(person) {
            self.at = self.people.partition_point(|one| place(*one) < Some(there));
        }
    }
}

const BY_ADDRESS: Order = Order {
    by: SortKey::Address,
    descending: false,
};

/// Those for whom a question is open.
pub fn waiting(question: &Question) -> Query {
    Query {
        root: question.open(),
        order: None,
    }
}
