//! What of a register anybody reads who has a key of it, and what only those from whom nothing of it
//! is hidden: the line between the two data keys.
//!
//! What the table of roles hides from [`Role::View`] lies behind the line: the sensitive fields, and
//! what is said of closely kept categories. An assertion lies where the commit put it that made it,
//! whatever becomes of its category afterwards, so that nobody ever reads a half of one; a register
//! that is written anew is parted by what holds then.
//!
//! An act lies behind the line when it tells of what does, when nothing but that was done, or when it
//! names a list: what a list is called, and who is on it, may be the very thing that is hidden. An
//! act that says no more than that somebody was entered or altered stays, so that nobody learns from
//! it of whom there is something to hide.
//!
//! Invariant: what was behind the line never comes before it, but in a register written anew.

use crate::model::assertion;
use crate::model::book::Book;
use crate::model::category;
use crate::model::category::Sensitivity;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::field;
use crate::model::field::FIELDS;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::role::Role;
use crate::model::role::Sight;
use crate::model::value::Value;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use uuid::Uuid;

/// The fields that are hidden whatever they say.
static HIDDEN: LazyLock<Vec<(Table, FieldNo)>> = LazyLock::new(|| {
    let hidden = FIELDS
        .iter()
        .filter(|field| Role::View.field(field) == Sight::Hidden);
    hidden.map(|field| (field.table, field.number)).collect()
});

/// Which side of the line things lie on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sieve {
    /// The categories that are closely kept.
    kept: FxHashSet<Uuid>,
    /// The assertions that lie behind the line.
    claims: FxHashSet<Uuid>,
}

impl Sieve {
    /// The sieve of a register where these assertions lie behind the line.
    pub fn of(claims: FxHashSet<Uuid>) -> Sieve {
        Sieve {
            claims,
            ..Sieve::default()
        }
    }

    /// Learns that these assertions lie behind the line.
    pub fn claim(&mut self, claims: impl IntoIterator<Item = Uuid>) {
        self.claims.extend(claims);
    }

    /// Learns how closely the categories of a register are kept.
    pub fn know(&mut self, book: &Book) {
        let kept = book.records_of(Table::Category).filter(|(_, record)| {
            let number = record.number(category::SENSITIVITY);
            is_kept(Sensitivity::from_number(number))
        });
        self.kept = kept.map(|(id, _)| id).collect();
    }

    /// Learns how closely categories are kept.
    pub fn rate<'c>(&mut self, changes: impl IntoIterator<Item = &'c Change>) {
        for (category, sensitivity) in changes.into_iter().filter_map(rated) {
            if is_kept(sensitivity) {
                self.kept.insert(category);
            } else {
                self.kept.remove(&category);
            }
        }
    }

    /// Learns of a commit that is to be made which assertions of it lie behind the line. Whether it
    /// is made is not known yet: so what it keeps more closely counts, and what less does not.
    pub fn foresee(&mut self, changes: &[Change]) {
        let raised = changes.iter().filter_map(rated);
        let raised = raised.filter(|(_, sensitivity)| is_kept(*sensitivity));
        self.kept.extend(raised.map(|(category, _)| category));
        self.place(changes);
    }

    /// Learns which assertions of a commit lie behind the line, by what is known of the categories.
    pub fn place(&mut self, changes: &[Change]) {
        let told = (Table::Assertion, assertion::CATEGORY);
        for change in changes
            .iter()
            .filter(|one| (one.subject.table, one.field) == told)
        {
            let code = change.new.as_ref().and_then(Value::text);
            let category = code.map(|code| Subject::spelled(Table::Category, code).id);
            if category.is_some_and(|category| self.kept.contains(&category)) {
                self.claims.insert(change.subject.id);
            }
        }
    }

    /// Whether a field of a record lies behind the line.
    pub fn hides(&self, subject: Subject, field: FieldNo) -> bool {
        if subject.table == Table::Assertion {
            return self.claims.contains(&subject.id);
        }
        HIDDEN.contains(&(subject.table, field))
    }

    /// Whether an act lies behind the line, of so many changes, so many of them hidden.
    pub fn veils(&self, act: &Act, changes: u64, hidden: u64) -> bool {
        match act {
            Act::Reveal { subject, field }
            | Act::Look {
                subject,
                field: Some(field),
                ..
            } => {
                // No field of the table: a look at the sensitive categories.
                self.hides(*subject, *field) || field::of(subject.table, *field).is_none()
            }
            Act::Import { .. } | Act::Ledger { .. } | Act::Export { .. } | Act::Send(_) => true,
            Act::Classify { .. } => hidden > 0,
            Act::Init
            | Act::Demo { .. }
            | Act::Edit
            | Act::Undo
            | Act::View
            | Act::Setting
            | Act::Visit { .. }
            | Act::Enter
            | Act::Merge { .. }
            | Act::Part { .. }
            | Act::Apart { .. }
            | Act::Look { field: None, .. }
            | Act::Remove { .. }
            | Act::Veiled => hidden > 0 && hidden == changes,
        }
    }
}

/// Whether a category is hidden from who only looks.
fn is_kept(sensitivity: Sensitivity) -> bool {
    Role::View.category(sensitivity) == Sight::Hidden
}

/// The category that a change says the closeness of, and how close.
fn rated(change: &Change) -> Option<(Uuid, Sensitivity)> {
    let told = (change.subject.table, change.field);
    (told == (Table::Category, category::SENSITIVITY)).then(|| {
        let number = match change.new {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        (change.subject.id, Sensitivity::from_number(number))
    })
}
