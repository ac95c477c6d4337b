//! Counts per category within a set, and what one person is in, with the reasons.
//!
//! Invariant: a person is counted under a category exactly when a query for it finds them.

use crate::index::Facet;
use crate::index::Index;
use crate::index::Standing;
use crate::model::assertion::Assertion;
use crate::model::category::Category;
use crate::model::category::Kind;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use roaring::RoaringBitmap;
use std::collections::HashMap;

/// How many of a set are in each category.
pub(crate) fn facets(index: &Index, set: &RoaringBitmap) -> Vec<Facet> {
    count(index, |code| {
        let confirmed = index.facts.claims.confirmed(code);
        match (confirmed, index.derived.ruled(code)) {
            (Some(confirmed), Some(derived)) => set.intersection_len(&(confirmed | derived)),
            (one, other) => one.or(other).map_or(0, |one| set.intersection_len(one)),
        }
    })
}

/// For how many of a set each category is proposed.
pub(crate) fn suggestions(index: &Index, set: &RoaringBitmap) -> Vec<Facet> {
    count(index, |code| {
        let proposed = index.derived.proposed(std::slice::from_ref(code));
        set.intersection_len(&proposed)
    })
}

fn count(index: &Index, count: impl Fn(&CategoryCode) -> u64) -> Vec<Facet> {
    let terms = index.lexicon.categories.iter();
    terms
        .map(|term| Facet {
            code: term.code.clone(),
            count: count(&term.code) as usize,
        })
        .collect()
}

/// Everything said of a person, by workers and by rules.
pub(crate) fn standings(index: &Index, id: PersonId) -> Vec<Standing> {
    let Some(number) = index.facts.people.number(id) else {
        return Vec::new();
    };
    let mut all: Vec<Standing> = index.book.assertions(id).filter_map(asserted).collect();
    for category in index.book.categories() {
        let code = category.code();
        let confirmed = index.facts.claims.confirmed(&code);
        if confirmed.is_some_and(|set| set.contains(number)) {
            continue;
        }
        if index
            .derived
            .ruled(&code)
            .is_some_and(|set| set.contains(number))
        {
            all.push(ruled(category, code, Kind::Derived));
        } else if index
            .derived
            .proposed(std::slice::from_ref(&code))
            .contains(number)
        {
            all.push(ruled(category, code, Kind::Suggested));
        }
    }
    let places: HashMap<CategoryCode, usize> = index
        .book
        .categories()
        .iter()
        .map(Category::code)
        .zip(0..)
        .collect();
    all.sort_by_key(|standing| {
        let ended = standing
            .until
            .is_some_and(|until| until.last() <= index.today);
        let place = places.get(&standing.code).copied().unwrap_or(usize::MAX);
        (
            ended,
            place,
            standing.since,
            standing.assertion.map(|(id, _)| id),
        )
    });
    all
}

fn asserted(one: Assertion<'_>) -> Option<Standing> {
    Some(Standing {
        code: one.category()?,
        kind: Kind::Asserted,
        since: one.from(),
        until: one.to(),
        reason: one.evidence().map(str::to_owned),
        assertion: Some((one.id, one.status())),
    })
}

fn ruled(category: Category<'_>, code: CategoryCode, kind: Kind) -> Standing {
    let reason = category
        .reason(crate::model::Lang::Zh)
        .or_else(|| category.rule());
    Standing {
        code,
        kind,
        since: None,
        until: None,
        reason: reason.map(str::to_owned),
        assertion: None,
    }
}
