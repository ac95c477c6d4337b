//! Who nearly answers: the names of the same sound or one slip away, for when hardly anybody answers
//! as asked.
//!
//! A query means what it says: those who are near are in no answer, no count and no act. They are
//! told apart from it, after it, and never many.
//!
//! Invariant: nobody who answers is near; everything but one name is as asked.

use crate::index::Answer;
use crate::index::Index;
use crate::index::set::Set;
use crate::index::text::near::Found;
use crate::index::text::near::Near;
use crate::model::ids::PersonId;
use crate::query::Node;
use crate::query::Order;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Test;
use std::borrow::Cow;

/// When so many answer, whoever is looked for will be among them.
const ENOUGH: usize = 5;

/// So many are told at most.
const MOST: usize = 20;

/// Of so many names of a query, the first ones, one may be near.
const NAMES: usize = 4;

/// A name that was asked for, and those for whom all the rest holds.
type Loose<'a> = (&'a str, Cow<'a, Set>);

impl Index {
    /// Who nearly answers, the nearest first: of the same sound, of a sound that many do not tell
    /// apart, one slip away; each first with the whole name, then with its beginning, then inside;
    /// then by name and address.
    pub fn near(&self, query: &Query, answer: &Answer) -> Vec<PersonId> {
        let mut near = Vec::new();
        if answer.total() >= ENOUGH {
            return near;
        }
        let order = Order {
            by: SortKey::Name,
            descending: false,
        };
        let loose = self.loose(query);
        let mut told = answer.set.clone();
        for how in [Near::Sound, Near::Slur, Near::Slip] {
            for mut some in self.nearest(how, &loose, answer) {
                some -= &told;
                let rows = self.orders.rows(order, &some, 0, MOST - near.len());
                near.extend(rows.into_iter().filter_map(|one| self.facts.people.id(one)));
                if near.len() == MOST {
                    return near;
                }
                told |= &some;
            }
        }
        near
    }

    /// The names that everyone must have who answers, each with those for whom the rest holds.
    fn loose<'a>(&'a self, query: &'a Query) -> Vec<Loose<'a>> {
        let nodes = if let Node::All(nodes) = &query.root {
            nodes.as_slice()
        } else {
            std::slice::from_ref(&query.root)
        };
        let names = nodes.iter().enumerate().filter_map(|(at, node)| {
            let Node::Test(Test::Name(name)) = node else {
                return None;
            };
            Some((at, name.as_str()))
        });
        let rest = |at: usize| {
            let others = (0..).zip(nodes).filter(move |(other, _)| *other != at);
            let asked = Cow::Borrowed(self.asked(query));
            others.fold(asked, |left: Cow<'_, Set>, (_, node)| {
                let mut rest = self.scene().node(node, &left);
                rest.slim();
                Cow::Owned(rest)
            })
        };
        let names = names.take(NAMES);
        names.map(|(at, name)| (name, rest(at))).collect()
    }

    /// Who has one of the names nearly, in this way. A name that somebody who answers bears as it was
    /// typed was no slip.
    fn nearest(&self, how: Near, loose: &[Loose<'_>], answer: &Answer) -> Found {
        let names = &self.facts.names;
        let is_borne = |name: &str| {
            if answer.set.is_empty() {
                return false;
            }
            let borne = names.near(name, Near::Same, &answer.set);
            borne.iter().any(|some| !some.is_empty())
        };
        let mut all = Found::default();
        for (name, rest) in loose {
            if how == Near::Slip && is_borne(name) {
                continue;
            }
            for (all, some) in all.iter_mut().zip(names.near(name, how, rest)) {
                *all |= &some;
            }
        }
        all
    }
}
