//! The names that a query may use: categories, axes and views of one register.
//!
//! Invariant: a category matches by its whole name, alias or code, never by a part.

use crate::model::Lang;
use crate::model::book::Book;
use crate::model::category::Sensitivity;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::query::lex::fold;

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

impl Term {
    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Every name, the code last.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let aliases = self.aliases.iter().map(String::as_str);
        [self.zh.as_str(), self.en.as_str()]
            .into_iter()
            .chain(aliases)
            .chain([self.code.0.as_str()])
    }
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
                aliases: category.aliases().map(str::to_owned).collect(),
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

    /// The category that a text names: by code, else by name, else by alias.
    pub fn category(&self, text: &str) -> Option<&Term> {
        let passes: [fn(&Term, &str) -> bool; 3] = [
            |term, text| same(&term.code.0, text),
            |term, text| same(&term.zh, text) || same(&term.en, text),
            |term, text| term.aliases.iter().any(|alias| same(alias, text)),
        ];
        passes
            .iter()
            .find_map(|pass| self.categories.iter().find(|term| pass(term, text)))
    }

    /// The category with this code.
    pub fn term(&self, code: &CategoryCode) -> Option<&Term> {
        self.categories.iter().find(|term| term.code == *code)
    }

    /// The view that a text names.
    pub fn view(&self, text: &str) -> Option<Subject> {
        let named = |(_, zh, en): &&(Subject, String, String)| same(zh, text) || same(en, text);
        self.views
            .iter()
            .find(named)
            .map(|(subject, _, _)| *subject)
    }

    /// The name of a view in a language.
    pub fn view_name(&self, view: Subject, lang: Lang) -> Option<&str> {
        let (_, zh, en) = self.views.iter().find(|(subject, _, _)| *subject == view)?;
        Some(lang.pick(zh, en))
    }
}

/// Whether two names are the same but for case, width, and `-` or `_` for a space.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let even = |c: char| match fold(c) {
        ' ' | '_' => '-',
        c => c.to_ascii_lowercase(),
    };
    !one.is_empty() && one.chars().map(even).eq(other.chars().map(even))
}
