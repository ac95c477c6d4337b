//! The categories that a row puts its person in, as assertions with the file as their evidence.
//!
//! Invariant: what a worker said is not overruled by a ledger unless that is decided.

use crate::exchange::admit::Admission;
use crate::exchange::admit::weigh::Ground;
use crate::exchange::admit::weigh::is_theirs;
use crate::exchange::entry::Entry;
use crate::exchange::verdict::Clash;
use crate::model::Lang;
use crate::model::assertion;
use crate::model::assertion::Status;
use crate::model::classify;
use crate::model::classify::Saying;
use crate::model::field;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::value::Value;

/// The source that an assertion from a ledger names.
const SOURCE: &str = "导入";

impl Admission<'_> {
    /// The categories of a row that are to be said, and the differences of the others.
    pub(super) fn weigh_categories(
        &self,
        id: PersonId,
        entry: &Entry,
        ground: Ground,
        clashes: &mut Vec<Clash>,
    ) -> Vec<CategoryCode> {
        let mut said: Vec<CategoryCode> = Vec::new();
        for code in &entry.categories {
            if self.stands(id, code, Status::Confirmed) {
                continue;
            }
            let declined = self.stands(id, code, Status::Declined).then(|| {
                let status = field::of(Table::Assertion, assertion::STATUS);
                let declined = Value::Code(Status::Declined.code().into());
                status.map_or_else(String::new, |status| status.show(&declined, Lang::Zh))
            });
            let ours = declined.or_else(|| {
                let other = self.excluding(id, code)?;
                Some(self.called(&other))
            });
            let Some(ours) = ours else {
                said.push(code.clone());
                continue;
            };
            let theirs = self.called(code);
            let clash = self.clash(
                ground,
                Table::Assertion,
                assertion::CATEGORY,
                &ours,
                &theirs,
            );
            if is_theirs(clash.as_ref()) {
                said.push(code.clone());
            }
            clashes.extend(clash);
        }
        said
    }

    /// Puts someone in categories. Returns whether there were any.
    pub(super) fn say(&mut self, id: PersonId, categories: Vec<CategoryCode>) -> bool {
        let any = !categories.is_empty();
        for code in categories {
            let saying = Saying {
                category: &code,
                status: Status::Confirmed,
                since: self.today,
                evidence: Some(self.file),
                source: SOURCE,
            };
            classify::say(&mut self.draft, id, &saying, self.mint);
            self.said.entry(id).or_default().push(code);
        }
        any
    }

    /// Whether an assertion of this status stands, or an earlier row made it.
    fn stands(&self, id: PersonId, code: &CategoryCode, status: Status) -> bool {
        let said = self.said.get(&id).is_some_and(|said| said.contains(code));
        (said && status == Status::Confirmed)
            || self
                .draft
                .book()
                .assertions(id)
                .any(|one| one.is_about(code) && one.status() == status && one.to().is_none())
    }

    /// A category that stands, or that an earlier row said, and excludes this one.
    fn excluding(&self, id: PersonId, code: &CategoryCode) -> Option<CategoryCode> {
        let book = self.draft.book();
        let group = book.category(code)?.exclusive()?;
        let standing = book
            .assertions(id)
            .filter(|one| one.to().is_none() && one.status() == Status::Confirmed)
            .filter_map(assertion::Assertion::category);
        let earlier = self.said.get(&id).into_iter().flatten().cloned();
        standing.chain(earlier).find(|other| {
            other != code && book.category(other).and_then(|other| other.exclusive()) == Some(group)
        })
    }

    fn called(&self, code: &CategoryCode) -> String {
        let category = self.draft.book().category(code);
        category.map_or_else(|| code.0.clone(), |one| one.name(Lang::Zh).to_owned())
    }
}
