//! The names that a query may use: categories, axes and views of one register.
//!
//! A role that may not see something may not ask for it either: how many there are would tell.
//!
//! Invariant: a category matches by its whole name, alias or code, never by a part.

use crate::model::Lang;
use crate::model::book::Book;
use crate::model::category::Sensitivity;
use crate::model::field::Field;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::model::role::Role;
use crate::model::role::Sight;
use crate::model::view::View;
use crate::query::Node;
use crate::query::Test;
use crate::query::fault::FaultKind;
use crate::query::keys::Sense;
use crate::query::lex::fold;
use crate::query::parse::parse;
use std::collections::HashSet;

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
    /// The categories, in the taxonomy's order, axes and what is hidden from the role left out.
    pub categories: Vec<Term>,
    /// The views that the role may ask: record, Chinese name, English name.
    pub views: Vec<(Subject, String, String)>,
    /// Whose queries are understood.
    role: Role,
    closed: Closed,
}

/// What is hidden from the role: known here only so that asking for it can be refused.
#[derive(Debug, Clone, Default)]
struct Closed {
    categories: Vec<Term>,
    views: Vec<(Subject, String, String)>,
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
            role: Role::Manage,
            closed: Closed::default(),
        }
        .seen_by(Role::Manage, book)
    }

    /// The same names as a role may use them.
    #[must_use]
    pub fn seen_by(mut self, role: Role, book: &Book) -> Lexicon {
        self.role = role;
        let closed = |term: &mut Term| role.category(term.sensitivity) == Sight::Hidden;
        self.closed.categories = self.categories.extract_if(.., closed).collect();
        // A view that names a closed one is closed too.
        loop {
            let is_closed = |view: &(Subject, String, String)| {
                let text = View::of(view.0, book).map_or("", |view| view.query());
                parse(text, &self).is_err_and(|fault| matches!(fault.kind, FaultKind::Closed(_)))
            };
            let found: HashSet<Subject> = self
                .views
                .iter()
                .filter(|one| is_closed(one))
                .map(|one| one.0)
                .collect();
            if found.is_empty() {
                return self;
            }
            let closed = self.views.extract_if(.., |one| found.contains(&one.0));
            self.closed.views.extend(closed);
        }
    }

    /// Whether a field is hidden from the role.
    pub fn hides(&self, field: &Field) -> bool {
        self.role.field(field) == Sight::Hidden
    }

    /// Whether a key asks for what is hidden from the role, whatever follows it.
    pub(crate) fn refuses_sense(&self, sense: Sense) -> bool {
        match sense {
            Sense::Field(field) | Sense::Months(field) => self.hides(field),
            Sense::Source | Sense::Since => !self.closed.categories.is_empty(),
            Sense::Age
            | Sense::Size
            | Sense::Retired
            | Sense::Category
            | Sense::Suggested
            | Sense::Is
            | Sense::No
            | Sense::Has
            | Sense::Sort
            | Sense::Name
            | Sense::Part(_)
            | Sense::Address
            | Sense::Due
            | Sense::Seen
            | Sense::Verified
            | Sense::By => false,
        }
    }

    /// Whether a query asks for what is hidden from the role.
    pub fn refuses(&self, node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(|node| self.refuses(node)),
            Node::Not(node) | Node::Household(node) => self.refuses(node),
            Node::View(view) => self.closed.views.iter().any(|one| one.0 == *view),
            Node::Test(test) => self.refuses_test(test),
        }
    }

    fn refuses_test(&self, test: &Test) -> bool {
        match test {
            Test::Category(codes) | Test::Suggested(codes) => {
                let mut closed = self.closed.categories.iter();
                closed.any(|term| codes.contains(&term.code))
            }
            Test::Field(field, _) | Test::Months(field, _) => self.hides(field),
            // They look at every assertion, those about hidden categories too.
            Test::Source(_) | Test::Since(_) => !self.closed.categories.is_empty(),
            Test::Name(_)
            | Test::Place(_)
            | Test::Digits(_)
            | Test::Number(_)
            | Test::Text(_)
            | Test::Age(_)
            | Test::Size(_)
            | Test::Retired(_)
            | Test::Due(_)
            | Test::Seen(_)
            | Test::Verified(_)
            | Test::By(_)
            | Test::Is(_)
            | Test::No(_) => false,
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
            .find_map(|pass| self.terms().find(|term| pass(term, text)))
    }

    /// The category with this code.
    pub fn term(&self, code: &CategoryCode) -> Option<&Term> {
        self.terms().find(|term| term.code == *code)
    }

    fn terms(&self) -> impl Iterator<Item = &Term> {
        self.categories.iter().chain(&self.closed.categories)
    }

    /// The view that a text names.
    pub fn view(&self, text: &str) -> Option<Subject> {
        let named = |(_, zh, en): &&(Subject, String, String)| same(zh, text) || same(en, text);
        self.views
            .iter()
            .chain(&self.closed.views)
            .find(named)
            .map(|(subject, _, _)| *subject)
    }

    /// The name of a view in a language.
    pub fn view_name(&self, view: Subject, lang: Lang) -> Option<&str> {
        let mut views = self.views.iter().chain(&self.closed.views);
        let (_, zh, en) = views.find(|(subject, _, _)| *subject == view)?;
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
