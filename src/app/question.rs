//! What a pass of the sort screen asks: one axis, its digits, and what rules propose on it.
//!
//! Invariant: a pass asks one question; a digit means the same for everyone in it.

use crate::index::Index;
use crate::index::Standing;
use crate::model::category::Category;
use crate::model::category::Kind;
use crate::model::field::FieldNo;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::query::Node;
use crate::query::State;
use crate::query::Test;
use crate::query::parse::parse;

/// One axis, asked of one person after another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The axis.
    pub axis: CategoryCode,
    /// The categories of the digits 1 to 9.
    pub digits: Vec<CategoryCode>,
    /// Whether a person has at most one of them, so that a digit settles it.
    pub single: bool,
    /// The fields of a person that the axis's rules ask about.
    pub facts: Vec<FieldNo>,
    /// Every category of the axis.
    categories: Vec<CategoryCode>,
    required: bool,
}

impl Question {
    /// The question of an axis; an axis that does not exist has no digits.
    pub fn of(index: &Index, axis: &CategoryCode) -> Question {
        let book = index.book();
        let record = book.category(axis);
        let digits: Vec<CategoryCode> = record
            .into_iter()
            .flat_map(|axis| axis.digits())
            .map(|code| CategoryCode(code.to_owned()))
            .filter(|code| !index.hides(code))
            .collect();
        let group = |code: &CategoryCode| book.category(code)?.exclusive().map(str::to_owned);
        let first = digits.first().and_then(group);
        let mut categories = book.categories();
        categories.retain(|one| one.axis() == Some(axis.0.as_str()) && !index.hides(&one.code()));
        Question {
            axis: axis.clone(),
            single: first.is_some() && digits.iter().all(|code| group(code) == first),
            digits,
            facts: facts(index, &categories),
            categories: categories.iter().map(Category::code).collect(),
            required: record.is_some_and(|axis| axis.is_required()),
        }
    }

    /// The question that comes first: the axis that everyone should have, else the first one.
    pub fn first(index: &Index) -> Question {
        let all = axes(index);
        let required = |code: &&CategoryCode| {
            let axis = index.book().category(code);
            axis.is_some_and(|axis| axis.is_required())
        };
        let first = all.iter().find(required).or(all.first());
        Question::of(
            index,
            &first.cloned().unwrap_or(CategoryCode(String::new())),
        )
    }

    /// Those for whom it is open: without a category that everyone should have, or with a
    /// suggestion that nobody has decided.
    pub fn open(&self) -> Node {
        let mut either = Vec::new();
        if self.required {
            either.push(Node::Test(Test::Is(State::Unclassified)));
        }
        if !self.categories.is_empty() {
            either.push(Node::Test(Test::Suggested(self.categories.clone())));
        }
        Node::Any(either)
    }

    /// Whether a category is one of the axis.
    pub fn covers(&self, code: &CategoryCode) -> bool {
        self.categories.contains(code)
    }

    /// What rules propose for a person on this axis and nobody has decided.
    pub fn proposals(&self, index: &Index, person: PersonId) -> Vec<Standing> {
        let mut standings = index.standings(person);
        standings.retain(|one| is_proposal(one) && self.covers(&one.code));
        standings
    }
}

/// The fields of a person that these categories' rules ask about, as they come up.
fn facts(index: &Index, categories: &[Category<'_>]) -> Vec<FieldNo> {
    let mut fields = Vec::new();
    for rule in categories.iter().filter_map(Category::rule) {
        if let Ok(query) = parse(rule, index.lexicon()) {
            gather(&query.root, &mut fields);
        }
    }
    fields
}

fn gather(node: &Node, fields: &mut Vec<FieldNo>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => {
            for node in nodes {
                gather(node, fields);
            }
        }
        Node::Not(node) => gather(node, fields),
        Node::Test(Test::Field(field, _) | Test::Months(field, _)) => {
            if field.table == Table::Person && !fields.contains(&field.number) {
                fields.push(field.number);
            }
        }
        Node::Household(_) | Node::View(_) | Node::Test(_) => {}
    }
}

/// Whether a rule proposes it and nobody has decided.
pub fn is_proposal(standing: &Standing) -> bool {
    standing.kind == Kind::Suggested && standing.assertion.is_none()
}

/// The axes that have digits, in the taxonomy's order.
pub fn axes(index: &Index) -> Vec<CategoryCode> {
    let categories = index.book().categories();
    let asked = |one: &&Category<'_>| one.is_axis() && one.digits().next().is_some();
    categories
        .iter()
        .filter(asked)
        .map(Category::code)
        .collect()
}
