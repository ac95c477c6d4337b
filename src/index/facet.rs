//! Counts per category within a set, and what one person is in, with the reasons.
//!
//! Invariant: a person is counted under a category exactly when a query for it finds them.

use crate::index::Facet;
use crate::index::Index;
use crate::index::Standing;
use crate::index::set::Set;
use crate::model::assertion::Assertion;
use crate::model::category::Category;
use crate::model::category::Kind;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use std::collections::HashMap;

/// How many of a set are in each category.
pub(crate) fn facets(index: &Index, set: &Set) -> Vec<Facet> {
    let counts = index.derived.count(set);
    let facet = |(code, count): (&CategoryCode, usize)| Facet {
        code: code.clone(),
        count,
    };
    counts.map(facet).collect()
}

/// For how many of a set each category is proposed.
pub(crate) fn suggestions(index: &Index, set: &Set) -> Vec<Facet> {
    let terms = index.lexicon.categories.iter();
    terms
        .map(|term| Facet {
            code: term.code.clone(),
            count: index
                .derived
                .proposes(&term.code)
                .map_or(0, |one| one.shared(set)),
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
            .proposes(&code)
            .is_some_and(|set| set.contains(number))
        {
            all.push(ruled(category, code, Kind::Suggested));
        }
    }
    all.retain(|standing| !index.hides(&standing.code));
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
