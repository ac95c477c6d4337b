//! Putting people into categories and taking them out again, as dated assertions.
//!
//! Invariant: a person stands in at most one category of an exclusive group; what was said before
//! is closed, not erased.

use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::assertion::Status;
use crate::model::category::Category;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::value::Value;

/// What a worker says about a person: which category, since when, and what shows it.
#[derive(Debug, Clone)]
pub struct Saying<'a> {
    /// The category, or an axis for "none of these" (with [`Status::Declined`]).
    pub category: &'a CategoryCode,
    /// Confirmed, doubtful, or not so.
    pub status: Status,
    /// Since when.
    pub since: Date,
    /// What shows it.
    pub evidence: Option<&'a str>,
    /// Where it came from: 走访, 部门名单, 本人申报, 导入.
    pub source: &'a str,
}

/// Records what was said: closes what it contradicts and adds the assertion, unless it stands
/// already. Returns whether anything changed.
pub fn say(draft: &mut Draft<'_>, person: PersonId, saying: &Saying<'_>, mint: &mut Mint) -> bool {
    let book = draft.book();
    let standing: Vec<Assertion<'_>> = book
        .assertions(person)
        .filter(|assertion| assertion.to().is_none())
        .collect();
    let same = |one: &Assertion<'_>| one.is_about(saying.category) && one.status() == saying.status;
    if standing.iter().any(same) {
        return false;
    }
    for one in standing {
        if one
            .category()
            .is_some_and(|other| contradicts(draft, saying, &other))
        {
            close(draft, one.id, saying.since);
        }
    }
    let id = mint.assertion();
    let mut set = |field, value| draft.set(id.subject(), field, Some(value));
    set(assertion::PERSON, Value::Link(person.0));
    set(assertion::CATEGORY, Value::Code(saying.category.0.clone()));
    set(assertion::STATUS, Value::Code(saying.status.code().into()));
    set(assertion::FROM, Value::Date(saying.since));
    set(assertion::SOURCE, Value::Text(saying.source.into()));
    if let Some(evidence) = saying.evidence.filter(|text| !text.is_empty()) {
        set(assertion::EVIDENCE, Value::Text(evidence.into()));
    }
    true
}

/// Ends what stands about a person and a category. Returns whether anything did.
pub fn withdraw(
    draft: &mut Draft<'_>,
    person: PersonId,
    category: &CategoryCode,
    until: Date,
) -> bool {
    let standing: Vec<AssertionId> = draft
        .book()
        .assertions(person)
        .filter(|one| one.is_about(category) && one.to().is_none())
        .map(|one| one.id)
        .collect();
    for id in &standing {
        close(draft, *id, until);
    }
    !standing.is_empty()
}

fn close(draft: &mut Draft<'_>, id: AssertionId, until: Date) {
    draft.set(id.subject(), assertion::TO, Some(Value::Date(until)));
}

/// Whether a standing assertion about `other` must end for the saying to be true.
fn contradicts(draft: &Draft<'_>, saying: &Saying<'_>, other: &CategoryCode) -> bool {
    if other == saying.category {
        return true;
    }
    let book = draft.book();
    let (Some(new), Some(old)) = (book.category(saying.category), book.category(other)) else {
        return false;
    };
    let in_axis = |one: &Category<'_>, axis: &Category<'_>| {
        axis.is_axis() && one.axis() == Some(axis.code().0.as_str())
    };
    match saying.status {
        // "None of these" ends every category of its axis; a category ends "none of these".
        Status::Declined => in_axis(&old, &new),
        Status::Confirmed => {
            in_axis(&new, &old) || (old.exclusive().is_some() && old.exclusive() == new.exclusive())
        }
        Status::Doubtful => false,
    }
}
