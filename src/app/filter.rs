//! The filter bar: the text, how it was understood, and who answers it.
//!
//! Invariant: while the text is faulty the last good query and its rows stay.

use crate::app::Desk;
use crate::app::key::Key;
use crate::app::line::Line;
use crate::index::Answer;
use crate::index::Facet;
use crate::index::Index;
use crate::model::Lang;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::query::Node;
use crate::query::Order;
use crate::query::Query;
use crate::query::Test;
use crate::query::complete::Completion;
use crate::query::complete::complete;
use crate::query::fault::Fault;
use crate::query::parse::Chip;
use crate::query::parse::chips;
use crate::query::parse::parse;
use crate::query::show::show;

/// The filter bar's state.
pub struct Filter {
    /// The text.
    pub line: Line,
    /// The last query that could be understood, in the order in force.
    pub query: Query,
    /// What is wrong with the text now.
    pub fault: Option<Fault>,
    /// How each word was understood.
    pub chips: Vec<Chip>,
    /// Who answers.
    pub answer: Answer,
    /// Who nearly answers; listed after the answer, and no part of it.
    pub near: Vec<PersonId>,
    /// How many would answer who have left the rolls; counted where nobody answers.
    pub gone: usize,
    /// How many of them are in each category.
    pub facets: Vec<Facet>,
    /// What could stand at the caret.
    pub completions: Vec<Completion>,
    /// Which of those Tab takes.
    pub chosen: usize,
    order: Option<Order>,
}

/// How a category stands in the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Not named.
    Free,
    /// Wanted.
    On,
    /// Excluded.
    Off,
}

impl Filter {
    /// A filter with this text.
    pub fn new(index: &Index, lang: Lang, text: &str) -> Filter {
        let mut filter = Filter {
            line: Line::new(text),
            query: Query::default(),
            fault: None,
            chips: Vec::new(),
            answer: Answer::default(),
            near: Vec::new(),
            gone: 0,
            facets: Vec::new(),
            completions: Vec::new(),
            chosen: 0,
            order: None,
        };
        filter.refresh(index, lang);
        filter.completions.clear();
        filter
    }

    /// Understands the text anew and asks again.
    pub fn refresh(&mut self, index: &Index, lang: Lang) {
        let lexicon = index.lexicon();
        match parse(self.line.text(), lexicon) {
            Ok(mut query) => {
                query.order = query.order.or(self.order);
                self.query = query;
                self.fault = None;
                self.chips = chips(self.line.text(), lexicon).unwrap_or_default();
            }
            Err(fault) => self.fault = Some(fault),
        }
        self.answer = index.ask(&self.query);
        self.near = index.near(&self.query, &self.answer);
        self.gone = match self.answer.total() {
            0 => index.gone(&self.query).total(),
            _ => 0,
        };
        self.facets = index.facets(&self.answer);
        let count = |query: &Query| index.ask(query).total();
        self.completions = if self.line.text().is_empty() {
            Vec::new()
        } else {
            complete(self.line.text(), self.line.caret(), lexicon, lang, &count)
        };
        self.chosen = 0;
    }

    /// How many rows there are, with those who nearly answer.
    pub fn length(&self) -> usize {
        self.answer.total() + self.near.len()
    }

    /// Rows `from` .. `from + count`: who answers, then who nearly does.
    pub fn rows(&self, index: &Index, from: usize, count: usize) -> Vec<PersonId> {
        let mut rows = index.rows(&self.query, &self.answer, from, count);
        let skipped = from.saturating_sub(self.answer.total());
        let near = self.near.iter().skip(skipped).take(count - rows.len());
        rows.extend(near);
        rows
    }

    /// Whether a person has a row.
    pub fn shows(&self, index: &Index, person: PersonId) -> bool {
        index.contains(&self.answer, person) || self.near.contains(&person)
    }

    /// The row at which a person stands.
    pub fn place(&self, index: &Index, person: PersonId) -> Option<usize> {
        let near = || self.near.iter().position(|one| *one == person);
        let answers = index.position(&self.query, &self.answer, person);
        answers.or_else(|| Some(self.answer.total() + near()?))
    }

    /// Takes an editing key.
    pub fn edit(&mut self, desk: &Desk<'_>, key: Key) {
        self.line.edit(key);
        self.refresh(desk.index, desk.lang);
    }

    /// Replaces the text.
    pub fn set_text(&mut self, desk: &Desk<'_>, text: &str) {
        self.line = Line::new(text);
        self.refresh(desk.index, desk.lang);
        self.completions.clear();
    }

    /// The order in force, unless the text names one.
    pub fn set_order(&mut self, desk: &Desk<'_>, order: Option<Order>) {
        self.order = order;
        self.refresh(desk.index, desk.lang);
        self.completions.clear();
    }

    /// Takes the chosen completion; says whether there was one.
    pub fn accept_completion(&mut self, desk: &Desk<'_>) -> bool {
        let Some(completion) = self.completions.get(self.chosen).cloned() else {
            return false;
        };
        self.line.replace(completion.span, &completion.text);
        self.refresh(desk.index, desk.lang);
        self.completions.retain(|next| next.text != completion.text);
        true
    }

    /// Chooses the next completion.
    pub fn next_completion(&mut self) {
        if !self.completions.is_empty() {
            self.chosen = (self.chosen + 1) % self.completions.len();
        }
    }

    /// How a category stands in the filter.
    pub fn hold(&self, code: &CategoryCode) -> Hold {
        self.term_of(code)
            .map_or(Hold::Free, |chip| match chip.node {
                Node::Not(_) => Hold::Off,
                Node::All(_)
                | Node::Any(_)
                | Node::Household(_)
                | Node::View(_)
                | Node::Test(_) => Hold::On,
            })
    }

    fn term_of(&self, code: &CategoryCode) -> Option<&Chip> {
        let wanted = Node::Test(Test::Category(vec![code.clone()]));
        self.chips.iter().find(|chip| {
            let node = if let Node::Not(inner) = &chip.node {
                inner
            } else {
                &chip.node
            };
            *node == wanted
        })
    }

    /// Wants, excludes or frees a category: what stands already in that way is taken out.
    pub fn toggle(&mut self, desk: &Desk<'_>, code: &CategoryCode, want: Hold) {
        let stood = self.hold(code);
        if let Some(span) = self.term_of(code).map(|chip| chip.span.clone()) {
            self.line.replace(span, "");
            let tidy = self
                .line
                .text()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            self.line = Line::new(&tidy);
        }
        if stood != want {
            let test = Node::Test(Test::Category(vec![code.clone()]));
            let node = if want == Hold::Off {
                Node::Not(Box::new(test))
            } else {
                test
            };
            self.add(desk, node);
        }
        self.refresh(desk.index, desk.lang);
        self.completions.clear();
    }

    /// Adds a term at the end.
    pub fn add(&mut self, desk: &Desk<'_>, node: Node) {
        let term = show(
            &Query {
                root: node,
                order: None,
            },
            desk.index.lexicon(),
        );
        let text = format!("{} {term}", self.line.text());
        self.set_text(desk, text.trim());
    }

    /// Takes the last term out; says whether there was one.
    pub fn drop_term(&mut self, desk: &Desk<'_>) -> bool {
        let last = self
            .chips
            .last()
            .filter(|_| self.fault.is_none())
            .map(|chip| chip.span.start);
        let Some(head) = self.line.text().get(..last.unwrap_or(0)) else {
            return false;
        };
        let full = !self.line.text().is_empty();
        let head = head.trim_end().to_owned();
        self.set_text(desk, &head);
        full
    }
}
