//! What of the history is hidden from a role.
//!
//! Invariant: a commit that is about hidden things alone is not told at all: that it was made would
//! tell what it was about.

use crate::index::Index;
use crate::model::assertion;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::role::Sight;
use crate::model::value::Value;

/// Whether a commit is hidden from the role whom the index answers.
pub(crate) fn hides(index: &Index, commit: &Commit) -> bool {
    if !index.role().is_kept_out() {
        return false;
    }
    if commit.act == Act::Veiled && commit.changes.is_empty() {
        return true;
    }
    if let Act::Reveal { subject, field }
    | Act::Look {
        subject,
        field: Some(field),
        ..
    } = commit.act
    {
        return hides_field(index, subject, field);
    }
    let mut changes = commit.changes.iter();
    !commit.changes.is_empty() && changes.all(|change| hides_change(index, commit, change))
}

fn hides_field(index: &Index, subject: Subject, number: FieldNo) -> bool {
    // No field of the table: a look at the sensitive categories.
    let field = field::of(subject.table, number);
    field.is_none_or(|field| index.role().field(field) == Sight::Hidden)
}

fn hides_change(index: &Index, commit: &Commit, change: &Change) -> bool {
    if change.subject.table != Table::Assertion {
        return hides_field(index, change.subject, change.field);
    }
    let said = commit.changes.iter().find_map(|one| {
        let is_category = one.subject == change.subject && one.field == assertion::CATEGORY;
        match one.new.as_ref().or(one.old.as_ref()) {
            Some(Value::Code(code) | Value::Text(code)) if is_category => {
                Some(CategoryCode(code.clone()))
            }
            _ => None,
        }
    });
    let stands = || {
        let record = index.book().assertion(AssertionId(change.subject.id))?;
        record.category()
    };
    said.or_else(stands).is_some_and(|code| index.hides(&code))
}
