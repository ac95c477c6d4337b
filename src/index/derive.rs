//! Rules to categories: what follows from the facts (D), and what is only proposed (S).
//!
//! A worker's word wins over a rule: what is derived yields to a confirmed sibling of its exclusive
//! group and to a "not so"; what is proposed yields to any decision on the category, to a confirmed
//! sibling, and to "none of these" on the axis. Between two rules of one exclusive group the one
//! that is computed first wins: rules are computed after those they name, else in the taxonomy's
//! order.
//!
//! Invariant: a rule that does not parse, or that names itself by way of others, yields nobody and
//! a fault.

use crate::index::evaluate::DEPTH;
use crate::index::evaluate::Scene;
use crate::index::facts::Facts;
use crate::index::set::Set;
use crate::index::tally::Tally;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::category::Category;
use crate::model::category::Kind;
use crate::model::date::Date;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::model::role::Role;
use crate::query::Node;
use crate::query::State;
use crate::query::Test;
use crate::query::fault::Fault;
use crate::query::lexicon::Lexicon;
use crate::query::parse::parse;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::HashSet;

/// The rules and what they yield.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// In the order in which they are computed.
    rules: Vec<Rule>,
    ruled: FxHashMap<CategoryCode, Set>,
    /// Who is in a category, by a worker's word or by its rule.
    standing: FxHashMap<CategoryCode, Set>,
    /// The same for counting, in the order of `codes`.
    tally: Tally,
    /// The taxonomy's order.
    codes: Vec<CategoryCode>,
    proposed: FxHashMap<CategoryCode, Set>,
    required: Vec<(CategoryCode, Vec<CategoryCode>)>,
    reviews: Vec<(i32, Vec<CategoryCode>)>,
    views: FxHashMap<Subject, Node>,
    faults: Vec<(CategoryCode, RuleFault)>,
}

/// A category's rule.
#[derive(Debug)]
struct Rule {
    code: CategoryCode,
    kind: Kind,
    axis: Option<CategoryCode>,
    /// The others of its exclusive group.
    siblings: Vec<CategoryCode>,
    node: Node,
}

/// What is wrong with a rule.
#[derive(Debug)]
enum RuleFault {
    /// It is no query.
    Parse(Fault),
    /// It names itself, by way of these.
    Circle(Vec<CategoryCode>),
}

impl Derived {
    /// Reads the rules and views of a book; nothing is computed yet.
    pub(crate) fn read(book: &Book, lexicon: &Lexicon) -> Derived {
        let categories = book.categories();
        let views = book.views();
        let views = views
            .iter()
            .filter_map(|view| Some((view.subject, parse(view.query(), lexicon).ok()?.root)));
        let mut derived = Derived {
            required: required(&categories),
            reviews: reviews(&categories),
            views: views.collect(),
            codes: lexicon
                .categories
                .iter()
                .map(|term| term.code.clone())
                .collect(),
            ..Derived::default()
        };
        let mut rules = Vec::new();
        for category in &categories {
            let kind = category.kind();
            let Some(text) = category.rule().filter(|_| kind != Kind::Asserted) else {
                continue;
            };
            match parse(text, lexicon) {
                Ok(query) => rules.push(Rule::of(*category, kind, query.root, &categories)),
                Err(fault) => derived
                    .faults
                    .push((category.code(), RuleFault::Parse(fault))),
            }
        }
        derived.line_up(rules);
        derived
    }

    /// Puts the rules into an order in which each comes after those it names.
    fn line_up(&mut self, mut rules: Vec<Rule>) {
        while !rules.is_empty() {
            let waiting: HashSet<&CategoryCode> = rules.iter().map(|rule| &rule.code).collect();
            let ready = rules.iter().position(|rule| {
                !self.names(&rule.node, 0, &|test| self.waits(test, &waiting, &rules))
            });
            let Some(ready) = ready else {
                let circle: Vec<CategoryCode> = rules.into_iter().map(|rule| rule.code).collect();
                for code in &circle {
                    self.faults
                        .push((code.clone(), RuleFault::Circle(circle.clone())));
                }
                return;
            };
            let rule = rules.remove(ready);
            self.rules.push(rule);
        }
    }

    /// Whether a test asks for the outcome of a rule that is still waiting.
    fn waits(&self, test: &Test, waiting: &HashSet<&CategoryCode>, rules: &[Rule]) -> bool {
        let any = |codes: &[CategoryCode]| codes.iter().any(|code| waiting.contains(code));
        let proposes = |rule: &Rule| rule.kind == Kind::Suggested;
        match test {
            Test::Suggested(codes) if codes.is_empty() => rules.iter().any(proposes),
            Test::Category(codes) | Test::Suggested(codes) => any(codes),
            Test::Due(_) | Test::Is(State::Stale) => {
                self.reviews.iter().any(|(_, codes)| any(codes))
            }
            Test::Is(State::Unclassified) => self.required.iter().any(|(_, codes)| any(codes)),
            Test::Name(_)
            | Test::Place(_)
            | Test::Digits(_)
            | Test::Number(_)
            | Test::Text(_)
            | Test::Field(..)
            | Test::Age(_)
            | Test::Size(_)
            | Test::Retired(_)
            | Test::Months(..)
            | Test::Since(_)
            | Test::Seen(_)
            | Test::Verified(_)
            | Test::By(_)
            | Test::Source(_)
            | Test::Is(_)
            | Test::No(_) => false,
        }
    }

    /// Whether some test in a tree, or in a view that it names, is so.
    fn names(&self, node: &Node, depth: usize, so: &dyn Fn(&Test) -> bool) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().any(|node| self.names(node, depth, so))
            }
            Node::Not(node) | Node::Household(node) => self.names(node, depth, so),
            Node::View(view) => {
                let node = self.view(*view).filter(|_| depth < DEPTH);
                node.is_some_and(|node| self.names(node, depth + 1, so))
            }
            Node::Test(test) => so(test),
        }
    }

    /// Computes the rules again for some people, whole households of them.
    pub(crate) fn compute(&mut self, book: &Book, facts: &Facts, today: Date, people: &Set) {
        // All of it goes first: a rule must not see what a later one yielded last time.
        for set in self.sets() {
            *set -= people;
        }
        for (code, confirmed) in facts.claims.categories() {
            let again = confirmed & people;
            add(&mut self.standing, code, &again);
        }
        for at in 0..self.rules.len() {
            let scene = Scene {
                book,
                facts,
                derived: self,
                today,
                role: Role::Manage,
            };
            let rule = &self.rules[at];
            let found = scene.node(&rule.node, people);
            let found = rule.yields(found, scene);
            let (code, kind) = (rule.code.clone(), rule.kind);
            match kind {
                Kind::Suggested => add(&mut self.proposed, &code, &found),
                Kind::Derived | Kind::Asserted => {
                    add(&mut self.ruled, &code, &found);
                    add(&mut self.standing, &code, &found);
                }
            }
        }
        if let Set::Many(_) = people {
            self.sets().for_each(Set::settle);
        }
        let sets = self.codes.iter().map(|code| self.standing.get(code));
        self.tally.lay(&sets.collect::<Vec<_>>(), people);
    }

    fn sets(&mut self) -> impl Iterator<Item = &mut Set> {
        let ruled = self.ruled.values_mut().chain(self.proposed.values_mut());
        ruled.chain(self.standing.values_mut())
    }

    /// Takes someone's number out of everything, before it is free for another.
    pub(crate) fn forget(&mut self, number: u32) {
        self.sets().for_each(|set| set.remove(number));
        self.tally
            .lay(&vec![None; self.codes.len()], &Set::one(number));
    }

    /// How many of a set are in each category, in the taxonomy's order.
    pub(crate) fn count(&self, set: &Set) -> impl Iterator<Item = (&CategoryCode, usize)> {
        let counts = self
            .tally
            .count(set)
            .into_iter()
            .map(|count| count as usize);
        self.codes.iter().zip(counts.chain(std::iter::repeat(0)))
    }

    /// Who is in a category, by a worker's word or by its rule.
    pub(crate) fn standing(&self, code: &CategoryCode) -> Option<&Set> {
        self.standing.get(code)
    }

    /// Who is in a category by its rule.
    pub(crate) fn ruled(&self, code: &CategoryCode) -> Option<&Set> {
        self.ruled.get(code)
    }

    /// For whom one of these categories is proposed; any category when none is given.
    pub(crate) fn proposed(&self, codes: &[CategoryCode]) -> Set {
        if codes.is_empty() {
            return Set::union(self.proposed.values());
        }
        Set::union(codes.iter().filter_map(|code| self.proposed.get(code)))
    }

    /// For whom a category is proposed.
    pub(crate) fn proposes(&self, code: &CategoryCode) -> Option<&Set> {
        self.proposed.get(code)
    }

    /// The axes on which everyone should have a category, and their categories.
    pub(crate) fn required(&self) -> impl Iterator<Item = (&CategoryCode, &[CategoryCode])> {
        self.required
            .iter()
            .map(|(axis, codes)| (axis, codes.as_slice()))
    }

    /// The categories whose people should be visited every so many days, the shortest first.
    pub(crate) fn reviews(&self) -> impl Iterator<Item = (i32, &[CategoryCode])> {
        self.reviews
            .iter()
            .map(|(days, codes)| (*days, codes.as_slice()))
    }

    /// What a view asks for; nothing for one that is gone or does not parse.
    pub(crate) fn view(&self, view: Subject) -> Option<&Node> {
        self.views.get(&view)
    }

    /// Rules that yield nobody because they cannot be understood.
    pub(crate) fn faults(&self, lang: Lang) -> Vec<(CategoryCode, String)> {
        let faults = self.faults.iter();
        faults
            .map(|(code, fault)| (code.clone(), fault.say(lang)))
            .collect()
    }
}

impl Rule {
    fn of(category: Category<'_>, kind: Kind, node: Node, all: &[Category<'_>]) -> Rule {
        let code = category.code();
        let group = category.exclusive();
        let same = |other: &&Category<'_>| group.is_some() && other.exclusive() == group;
        let siblings = all.iter().filter(same).map(Category::code);
        Rule {
            kind,
            node,
            axis: category.axis().map(|axis| CategoryCode(axis.to_owned())),
            siblings: siblings.filter(|other| *other != code).collect(),
            code,
        }
    }

    /// What is left of those for whom the rule holds once the workers' word is heard.
    fn yields(&self, mut found: Set, scene: Scene<'_>) -> Set {
        let claims = &scene.facts.claims;
        let less = |found: &mut Set, set: Option<&Set>| {
            if let Some(set) = set {
                *found -= set;
            }
        };
        less(&mut found, claims.declined(&self.code));
        for sibling in &self.siblings {
            less(&mut found, claims.confirmed(sibling));
        }
        match self.kind {
            Kind::Suggested => {
                found &= &scene.facts.people.present;
                less(&mut found, claims.confirmed(&self.code));
                less(
                    &mut found,
                    self.axis.as_ref().and_then(|axis| claims.declined(axis)),
                );
            }
            Kind::Derived | Kind::Asserted => {
                for sibling in &self.siblings {
                    less(&mut found, scene.derived.ruled(sibling));
                }
            }
        }
        found
    }
}

impl RuleFault {
    fn say(&self, lang: Lang) -> String {
        match self {
            RuleFault::Parse(fault) => fault.say(lang),
            RuleFault::Circle(codes) => {
                let codes: Vec<&str> = codes.iter().map(|code| code.0.as_str()).collect();
                let words = lang.pick("规则互相引用：", "these rules name one another: ");
                format!("{words}{}", codes.join(", "))
            }
        }
    }
}

fn reviews(categories: &[Category<'_>]) -> Vec<(i32, Vec<CategoryCode>)> {
    let mut all: BTreeMap<i32, Vec<CategoryCode>> = BTreeMap::new();
    for one in categories {
        if let Some(days) = one.review_days() {
            all.entry(days).or_default().push(one.code());
        }
    }
    all.into_iter().collect()
}

/// Adds people to a set, which is made when there are any.
fn add(sets: &mut FxHashMap<CategoryCode, Set>, code: &CategoryCode, people: &Set) {
    if let Some(set) = sets.get_mut(code) {
        *set |= people;
    } else if !people.is_empty() {
        sets.insert(code.clone(), people.clone());
    }
}

fn required(categories: &[Category<'_>]) -> Vec<(CategoryCode, Vec<CategoryCode>)> {
    let axes = categories
        .iter()
        .filter(|one| one.is_axis() && one.is_required());
    axes.map(|axis| {
        let of_all = axis.code();
        let of = |one: &&Category<'_>| one.axis() == Some(of_all.0.as_str());
        let codes = categories.iter().filter(of).map(Category::code).collect();
        (of_all, codes)
    })
    .collect()
}
