//! The names that a query may use: categories, axes and views of one register.
//!
//! Invariant: a category matches by its whole name, alias or code, never by a part.

use crate::model::book::Book;
use crate::model::category::Sensitivity;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;

/// A category as the language knows it.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its code.
    pub code: CategoryCode,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Its axis.
    pub axis: String,
    /// How closely it is kept.
    pub sensitivity: Sensitivity,
}

/// Everything that can be named.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    /// The categories, in the taxonomy's order, axes left out.
    pub categories: Vec<Term>,
    /// The views: record, Chinese name, English name.
    pub views: Vec<(Subject, String, String)>,
}

impl Lexicon {
    /// The names of a book.
    pub fn of(book: &Book) -> Lexicon {
        use crate::model::Lang::En;
        use crate::model::Lang::Zh;
        let categories = book.categories().into_iter().filter_map(|category| {
            Some(Term {
                axis: category.axis()?.to_owned(),
                code: category.code(),
                zh: category.name(Zh).to_owned(),
                en: category.name(En).to_owned(),
                aliases: category.aliases().to_vec(),
                sensitivity: category.sensitivity(),
            })
        });
        let views = book.views().into_iter().map(|view| {
            (
                view.subject,
                view.name(Zh).to_owned(),
                view.name(En).to_owned(),
            )
        });
        Lexicon {
            categories: categories.collect(),
            views: views.collect(),
        }
    }
}
