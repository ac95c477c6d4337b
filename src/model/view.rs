//! A view: a saved query with its columns and order.
//!
//! Invariant: a view that names something deleted stays, and opens as a fault, never as an empty
//! list.

use crate::model::Lang;
use crate::model::book::Book;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::record::Record;

/// The Chinese name, or the only one.
pub const ZH: FieldNo = FieldNo(1);
/// The English name.
pub const EN: FieldNo = FieldNo(2);
/// The query's text.
pub const QUERY: FieldNo = FieldNo(3);
/// The columns' field keys, in order.
pub const COLUMNS: FieldNo = FieldNo(4);
/// The order in the list of views.
pub const RANK: FieldNo = FieldNo(5);

/// A view's record.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Which.
    pub subject: Subject,
    /// What is known.
    pub record: &'a Record,
}

impl<'a> View<'a> {
    /// The view of this record, if it has one.
    pub fn of(subject: Subject, book: &'a Book) -> Option<View<'a>> {
        Some(View {
            subject,
            record: book.record(subject)?,
        })
    }

    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &'a str {
        let zh = self.record.text(ZH).unwrap_or_default();
        lang.pick(zh, self.record.text(EN).unwrap_or(zh))
    }

    /// The query's text.
    pub fn query(&self) -> &'a str {
        self.record.text(QUERY).unwrap_or_default()
    }

    /// The columns' field keys; none for the list's own.
    pub fn columns(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.record.words(COLUMNS).iter()
    }

    /// The order in the list of views.
    pub fn rank(&self) -> i64 {
        self.record.number(RANK).unwrap_or(i64::MAX)
    }
}
