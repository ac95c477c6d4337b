//! All by which people are found, in memory: `apply(changes)`, `ask(query)` -> hits, facets, reasons.
//!
//! People get dense numbers, and everything that can be asked of them is a set of numbers or a
//! plain column; one set algebra answers every query. A query is about the people on the rolls
//! unless it names another state of life (`is:moved`, `is:deceased`, `life:`); rules are computed
//! for everyone, proposals only for those on the rolls.
//!
//! Invariant: an answer equals a scan of every record with the same rules; what is stored of it
//! ([`snapshot`]) is a help and can be built anew from the records at any time.

mod words;

mod set;

mod people;

mod home;

pub mod literal;

pub mod pinyin;

mod sound;

mod text;

mod digits;

mod place;

mod cells;

mod column;

mod claim;

mod visit;

mod facts;

mod evaluate;

mod derive;

mod tally;

mod tier;

mod near;

mod touch;

pub mod snapshot;

pub mod kin;

mod key;

mod permutation;

mod rank;

mod facet;

use crate::index::derive::Derived;
use crate::index::evaluate::Scene;
use crate::index::facts::Facts;
use crate::index::key::Line;
use crate::index::kin::Kin;
use crate::index::kin::Pair;
use crate::index::rank::Orders;
use crate::index::set::Set;
use crate::index::tier::Tiers;
use crate::model::Lang;
use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::category::Kind;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::removal;
use crate::model::role::Role;
use crate::model::role::Sight;
use crate::model::visit::Contact;
use crate::model::visit::contact;
use crate::model::visit::stale_days;
use crate::query::Query;
use crate::query::lexicon::Lexicon;
use std::collections::BTreeSet;

/// When more people than this are touched by changes, and than one to so many, everything is indexed
/// anew instead: it takes as long.
const MANY: usize = 1000;
const PART: usize = 100;

/// The index of one register.
pub struct Index {
    book: Book,
    lexicon: Lexicon,
    today: Date,
    facts: Facts,
    derived: Derived,
    orders: Orders,
    role: Role,
}

/// Who answers a query.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The people, as the index's own numbers.
    pub(crate) set: Set,
}

/// Why someone is in a category, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The category; an axis for "none of these".
    pub code: CategoryCode,
    /// How: asserted, derived, or only suggested.
    pub kind: Kind,
    /// Since when.
    pub since: Option<Date>,
    /// Until when, for what has ended.
    pub until: Option<Date>,
    /// What shows it, or the rule's reason (the category's own words, else the rule's text).
    pub reason: Option<String>,
    /// The assertion behind it.
    pub assertion: Option<(AssertionId, Status)>,
}

/// How many of an answer are in a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The category.
    pub code: CategoryCode,
    /// How many.
    pub count: usize,
}

/// What the visits to a person come to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// When the person was met and what is known was verified.
    pub contact: Contact,
    /// When the next visit is due: as agreed, or by the shortest interval of the person's categories.
    pub due: Option<Date>,
    /// Whether nobody has met the person for too long.
    pub stale: bool,
}

impl Index {
    /// Indexes a book on a day.
    pub fn build(book: Book, today: Date) -> Index {
        let mut index = Index {
            lexicon: Lexicon::of(&book),
            book,
            today,
            facts: Facts::default(),
            derived: Derived::default(),
            orders: Orders::default(),
            role: Role::default(),
        };
        index.rebuild();
        index
    }

    /// Answers this role from now on: it can neither see nor ask for what is hidden from it.
    pub fn answer_to(&mut self, role: Role) {
        self.role = role;
        self.lexicon = Lexicon::of(&self.book).seen_by(role, &self.book);
    }

    /// Whom it answers.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether who is in a category is hidden from the role.
    pub fn hides(&self, code: &CategoryCode) -> bool {
        let category = self.book.category(code);
        category.is_some_and(|one| self.role.category(one.sensitivity()) == Sight::Hidden)
    }

    fn rebuild(&mut self) {
        self.book.gather();
        let line = Line::of(&self.book);
        self.facts = Facts::build(&self.book, &line, self.today);
        let (book, facts) = (&self.book, &self.facts);
        // The orders and the rules need the facts, but not each other.
        let (orders, (lexicon, derived)) = std::thread::scope(|scope| {
            let orders = scope.spawn(|| Orders::build(line));
            let rules = rules(book, facts, self.today, self.role);
            (orders.join(), rules)
        });
        self.orders = orders.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (self.lexicon, self.derived) = (lexicon, derived);
    }

    /// Reads the taxonomy and the views again, and computes every rule.
    fn reread(&mut self) {
        (self.lexicon, self.derived) = rules(&self.book, &self.facts, self.today, self.role);
    }

    /// The records.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Leaves outside memory what nobody looks at, once it is much.
    pub fn rest(&mut self) {
        self.book.rest();
    }

    /// The names that queries may use.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The day that ages and rules are computed for.
    pub fn today(&self) -> Date {
        self.today
    }

    /// Moves on to another day.
    pub fn turn(&mut self, today: Date) {
        let before = std::mem::replace(&mut self.today, today);
        if before < today {
            self.facts.turn(&self.book, before, today);
            self.reread();
        } else if before > today {
            self.rebuild();
        }
    }

    /// Makes changes that the register has committed. Who gives them away has their memory back
    /// before an index of many is built.
    pub fn apply(&mut self, committed: impl AsRef<[Change]>) {
        let changes = committed.as_ref();
        let touched = self.touched(changes);
        if touched.len() > MANY.max(self.book.at_most() / PART) {
            self.book.apply_all(changes);
            drop(committed);
            self.rebuild();
            return;
        }
        let stirred = self.stirred(changes, &touched);
        let mut affected = self.leave(&touched, &stirred);
        self.book.apply_all(changes);
        affected |= &self.enter(&touched, &stirred);
        let settings = |change: &Change| change.subject.table == Table::Setting;
        if changes.iter().any(settings) {
            self.facts.kin = Kin::default();
        }
        let rules = |change: &Change| matches!(change.subject.table, Table::Category | Table::View);
        if changes.iter().any(rules) {
            self.reread();
        } else {
            self.derived
                .compute(&self.book, &self.facts, self.today, &affected);
        }
    }

    /// Takes people out of everything, and returns those whose rules are to be computed again.
    fn leave(&mut self, touched: &BTreeSet<PersonId>, stirred: &BTreeSet<PersonId>) -> Set {
        let numbers = touched
            .iter()
            .filter_map(|id| self.facts.people.number(*id))
            .collect();
        let affected = self.facts.homes.mates(&numbers);
        for id in touched {
            if let Some(person) = self.book.person(*id) {
                self.facts.leave(&self.book, person, self.today);
            }
        }
        for number in stirred
            .iter()
            .filter_map(|id| self.facts.people.number(*id))
        {
            self.orders.leave(number);
        }
        affected
    }

    /// Puts people in again as the book has them now, and returns those whose rules are to be
    /// computed again.
    fn enter(&mut self, touched: &BTreeSet<PersonId>, stirred: &BTreeSet<PersonId>) -> Set {
        let mut numbers = Set::default();
        for id in touched {
            let person = self.book.person(*id);
            if let Some(person) = person.filter(|one| one.merged_into().is_none()) {
                numbers.insert(self.facts.enter(&self.book, person, self.today));
            } else if let Some(number) = self.facts.people.number(*id) {
                self.orders.leave(number);
                self.facts.people.dismiss(*id);
                self.derived.forget(number);
            }
        }
        for id in stirred {
            let number = self.facts.people.number(*id);
            if let Some((number, person)) = number.zip(self.book.person(*id)) {
                self.orders.enter(&self.book, &self.facts, number, person);
            }
        }
        self.facts.homes.mates(&numbers)
    }

    /// Who answers a query.
    pub fn ask(&self, query: &Query) -> Answer {
        let mut set = self.scene().node(&query.root, self.asked(query));
        set.slim();
        Answer { set }
    }

    /// Who would answer a query that asks for people on the rolls, but has left them.
    pub fn gone(&self, query: &Query) -> Answer {
        let scene = self.scene();
        if scene.names_life(&query.root) {
            return Answer::default();
        }
        let left = &self.facts.people.all - &self.facts.people.present;
        let found = scene.node(&query.root, &left);
        let is_known = |number| {
            let id = self.facts.people.id(number)?;
            self.book().person(id).filter(|one| removal::has_left(*one))
        };
        Answer {
            set: found.filter(|number| is_known(number).is_some()),
        }
    }

    /// Whom a query is about: those on the rolls, or everyone when it names another state.
    fn asked(&self, query: &Query) -> &Set {
        if self.scene().names_life(&query.root) {
            &self.facts.people.all
        } else {
            &self.facts.people.present
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            book: &self.book,
            facts: &self.facts,
            derived: &self.derived,
            today: self.today,
            role: self.role,
        }
    }

    /// Rows `from` .. `from + count` of an answer, in the query's order (relevance when it has
    /// none and names someone, else by address).
    pub fn rows(&self, query: &Query, answer: &Answer, from: usize, count: usize) -> Vec<PersonId> {
        let tiers = Tiers::of(query, &self.facts, &answer.set);
        let order = tiers.order;
        let (mut from, mut left) = (from, count);
        let mut rows = Vec::new();
        for set in tiers {
            let found = self.orders.rows(order, &set, from, left);
            from = from.saturating_sub(set.len());
            left -= found.len();
            let people = found.into_iter();
            rows.extend(people.filter_map(|number| self.facts.people.id(number)));
            if left == 0 {
                break;
            }
        }
        rows
    }

    /// The row at which a person stands in an answer's order.
    pub fn position(&self, query: &Query, answer: &Answer, person: PersonId) -> Option<usize> {
        let number = self.facts.people.number(person)?;
        let tiers = Tiers::of(query, &self.facts, &answer.set);
        let order = tiers.order;
        let mut before = 0;
        for set in tiers {
            if set.contains(number) {
                return Some(before + self.orders.before(order, &set, number));
            }
            before += set.len();
        }
        None
    }

    /// How many of an answer are in each category, in the taxonomy's order, zeros included.
    pub fn facets(&self, answer: &Answer) -> Vec<Facet> {
        facet::facets(self, &answer.set)
    }

    /// How many of an answer would be proposed for each category and are undecided.
    pub fn suggestions(&self, answer: &Answer) -> Vec<Facet> {
        facet::suggestions(self, &answer.set)
    }

    /// Every category that a person is in or is proposed for, in the taxonomy's order, with its
    /// reason; declined and flagged assertions too, told by their status; ended ones last. What is
    /// hidden from the role is left out.
    pub fn standings(&self, person: PersonId) -> Vec<Standing> {
        facet::standings(self, person)
    }

    /// Whether a person is in a category now.
    pub fn is_in(&self, person: PersonId, code: &CategoryCode) -> bool {
        let number = self.facts.people.number(person);
        number.is_some_and(|number| !self.scene().standing(code, &Set::one(number)).is_empty())
    }

    /// Whether a person answers a query.
    pub fn matches(&self, query: &Query, person: PersonId) -> bool {
        let number = self.facts.people.number(person);
        let asked = number.filter(|number| self.asked(query).contains(*number));
        asked.is_some_and(|number| !self.scene().node(&query.root, &Set::one(number)).is_empty())
    }

    /// Whether a person is in an answer.
    pub fn contains(&self, answer: &Answer, person: PersonId) -> bool {
        let number = self.facts.people.number(person);
        number.is_some_and(|number| answer.set.contains(number))
    }

    /// When a person was met, when the next visit is due, and whether it is overdue.
    pub fn freshness(&self, person: PersonId) -> Freshness {
        let mut reviews = self.derived.reviews();
        let among = |codes: &[CategoryCode]| codes.iter().any(|code| self.is_in(person, code));
        let interval = reviews
            .find(|(_, codes)| among(codes))
            .map(|(days, _)| days);
        let contact = contact(&self.book, person);
        let most = interval.unwrap_or_else(|| stale_days(&self.book));
        Freshness {
            contact,
            due: contact.due(interval, self.today),
            stale: contact.is_stale(most, self.today),
        }
    }

    /// The records that may be one person's, the surest pairs first. They are looked for when they
    /// are first asked for after a change: seconds at a million people.
    pub fn pairs(&self) -> &[Pair] {
        self.facts.kin.pairs(&self.book, &self.facts.people)
    }

    /// Rules of the taxonomy that cannot be computed: the category and the fault in words.
    pub fn faults(&self, lang: Lang) -> Vec<(CategoryCode, String)> {
        self.derived.faults(lang)
    }
}

/// The names that a role's queries may use, and every rule computed for everyone: what follows from
/// the facts is the same for all.
fn rules(book: &Book, facts: &Facts, today: Date, role: Role) -> (Lexicon, Derived) {
    let lexicon = Lexicon::of(book);
    let mut derived = Derived::read(book, &lexicon);
    derived.compute(book, facts, today, &facts.people.all);
    (lexicon.seen_by(role, book), derived)
}

impl Answer {
    /// How many.
    pub fn total(&self) -> usize {
        self.set.len()
    }
}
