//! How well the people of an answer match what was asked: the tiers in which they are listed.
//!
//! A name ranks exact, then begins so, then initials, then inside, then rarer readings, each tier
//! by name; a number of three or four digits ranks rooms before tails; all else stands by address.
//! A sort order that was asked for has one tier for those who have what it sorts by, and one for
//! the rest, so that they come last also when it runs backwards.
//!
//! Invariant: the tiers part the answer: together they are all of it, and no two overlap.

use crate::index::facts::Facts;
use crate::index::place;
use crate::index::set::Set;
use crate::index::text::Grade;
use crate::model::ids::Table;
use crate::model::person;
use crate::query::Node;
use crate::query::Order;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Test;
use std::iter::once_with;

/// An answer parted into tiers, the best first; each is computed only when it is asked for.
pub(crate) struct Tiers<'a> {
    /// The order inside each.
    pub(crate) order: Order,
    /// Those who belong into each tier or a better one. Whoever is in none of them comes last.
    better: Box<dyn Iterator<Item = Set> + 'a>,
    /// Who is in no tier so far.
    rest: Set,
}

impl<'a> Tiers<'a> {
    /// Parts an answer to a query into tiers.
    pub(crate) fn of(query: &'a Query, facts: &'a Facts, answer: &'a Set) -> Tiers<'a> {
        let by = |by| Order {
            by,
            descending: false,
        };
        let (order, better): (_, Box<dyn Iterator<Item = Set> + 'a>) =
            match (query.order, relevant(&query.root)) {
                (Some(order), _) => (order, Box::new(has(order, facts, answer))),
                (None, Some(Test::Name(name))) => {
                    let grades = Grade::ALL.iter();
                    let found = move |grade: &Grade| facts.names.find(name, *grade, answer);
                    (by(SortKey::Name), Box::new(grades.map(found)))
                }
                (None, Some(Test::Digits(digits))) => {
                    let room = move || place::room(&facts.columns, digits, answer);
                    (by(SortKey::Address), Box::new(once_with(room)))
                }
                (None, _) => {
                    let order = by(SortKey::Address);
                    (order, Box::new(has(order, facts, answer)))
                }
            };
        Tiers {
            order,
            better,
            rest: answer.clone(),
        }
    }
}

impl Iterator for Tiers<'_> {
    type Item = Set;

    fn next(&mut self) -> Option<Set> {
        while !self.rest.is_empty() {
            let Some(mut tier) = self.better.next() else {
                return Some(std::mem::take(&mut self.rest));
            };
            tier &= &self.rest;
            if !tier.is_empty() {
                self.rest -= &tier;
                return Some(tier);
            }
        }
        None
    }
}

/// Those of an answer who have what it is sorted by.
fn has<'a>(order: Order, facts: &'a Facts, answer: &'a Set) -> impl Iterator<Item = Set> + 'a {
    once_with(move || match order.by {
        SortKey::Address => &facts.housed & answer,
        SortKey::Age => facts.columns.known((Table::Person, person::BIRTH), answer),
        SortKey::Name => facts.columns.known((Table::Person, person::NAME), answer),
        SortKey::Added => answer.clone(),
    })
}

/// The first test that people can match better or worse, among those that must all hold.
fn relevant(node: &Node) -> Option<&Test> {
    match node {
        Node::All(nodes) => nodes.iter().find_map(relevant),
        Node::Test(test @ (Test::Name(_) | Test::Digits(_))) => Some(test),
        Node::Test(_) | Node::Any(_) | Node::Not(_) | Node::Household(_) | Node::View(_) => None,
    }
}
