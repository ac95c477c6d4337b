//! How well the people of an answer match what was asked: the tiers in which they are listed.
//!
//! A name ranks exact, then begins so, then initials, then inside, then rarer readings, each tier
//! by name; a number of three or four digits ranks rooms before tails; all else stands by address.
//! A sort order that was asked for has one tier for those who have what it sorts by, and one for
//! the rest, so that they come last also when it runs backwards.
//!
//! Invariant: the tiers part the answer: together they are all of it, and no two overlap.

use crate::index::facts::Facts;
use crate::index::text::Grade;
use crate::model::ids::Table;
use crate::model::person;
use crate::query::Node;
use crate::query::Order;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::Test;
use roaring::RoaringBitmap;

/// An answer parted into tiers, and the order inside each.
pub(crate) struct Tiers {
    /// The best first.
    pub(crate) sets: Vec<RoaringBitmap>,
    /// The order inside each.
    pub(crate) order: Order,
}

/// Parts an answer to a query into tiers.
pub(crate) fn tiers(query: &Query, facts: &Facts, answer: &RoaringBitmap) -> Tiers {
    let by = |by| Order {
        by,
        descending: false,
    };
    match (query.order, relevant(&query.root)) {
        (Some(order), _) => sorted(order, facts, answer),
        (None, Some(Test::Name(name))) => {
            let grades = Grade::ALL
                .iter()
                .map(|grade| facts.names.find(name, *grade, answer));
            Tiers {
                sets: part(answer, grades),
                order: by(SortKey::Name),
            }
        }
        (None, Some(Test::Digits(digits))) => Tiers {
            sets: part(answer, [facts.places.room(digits, answer)].into_iter()),
            order: by(SortKey::Address),
        },
        (None, _) => sorted(by(SortKey::Address), facts, answer),
    }
}

fn sorted(order: Order, facts: &Facts, answer: &RoaringBitmap) -> Tiers {
    let has = match order.by {
        SortKey::Address => &facts.places.known & answer,
        SortKey::Age => facts.columns.known((Table::Person, person::BIRTH), answer),
        SortKey::Name => facts.columns.known((Table::Person, person::NAME), answer),
        SortKey::Added => answer.clone(),
    };
    Tiers {
        sets: part(answer, [has].into_iter()),
        order,
    }
}

/// Parts a set by sets that are better before worse; who is in none of them comes last.
fn part(answer: &RoaringBitmap, sets: impl Iterator<Item = RoaringBitmap>) -> Vec<RoaringBitmap> {
    let mut rest = answer.clone();
    let mut tiers = Vec::new();
    for set in sets {
        tiers.push(&rest & &set);
        rest -= set;
    }
    tiers.push(rest);
    tiers
}

/// The first test that people can match better or worse, among those that must all hold.
fn relevant(node: &Node) -> Option<&Test> {
    match node {
        Node::All(nodes) => nodes.iter().find_map(relevant),
        Node::Test(test @ (Test::Name(_) | Test::Digits(_))) => Some(test),
        Node::Test(_) | Node::Any(_) | Node::Not(_) | Node::Household(_) | Node::View(_) => None,
    }
}
