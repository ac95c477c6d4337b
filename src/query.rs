//! The filter language: text <-> [`Query`], faults with spans, completion.
//!
//! One language serves the filter bar, saved views, category rules, bulk selection and the command
//! line. Space is AND and binds tighter than `|`; repeated categories mean both; a typo is a fault
//! with a suggestion, never reinterpreted silently. Full-width punctuation folds first.
//!
//! ```text
//! query = any ;  any = all { ("|" | "or") all } ;  all = term { term }
//! term  = "-" term | "!" term | "(" any ")" | hh "(" any ")" | "@" view | atom
//! atom  = key ":" val { "," val } | bare | '"' literal '"' | "=" word | "+" category
//! val   = [n] ".." [n] | ">" n | "<" n | none | any | word
//! ```
//!
//! Invariant: `parse(show(q)) = q` for every query that can be parsed.

pub mod lex;

pub mod keys;

pub mod lexicon;

pub mod spell;

mod bare;

mod range;

pub mod when;

mod value;

pub mod parse;

pub mod show;

mod chip;

pub mod fault;

pub mod complete;

use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::query::when::When;
use std::ops::Range;

/// Byte offsets into the text as typed.
pub type Span = Range<usize>;

/// A whole query: what to find and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What to find; an empty [`Node::All`] is everyone.
    pub root: Node,
    /// The order asked for with `sort:`; by relevance, else by address, when none.
    pub order: Option<Order>,
}

/// A field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: SortKey,
    /// Largest first.
    pub descending: bool,
}

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Estate, building, unit, floor, room, household, head first.
    Address,
    /// The name's pinyin.
    Name,
    /// Age, youngest first.
    Age,
    /// When the record was made.
    Added,
}

/// A query's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Each of these.
    All(Vec<Node>),
    /// At least one of these.
    Any(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// Someone in the same household (the person too) is this.
    Household(Box<Node>),
    /// A saved view.
    View(Subject),
    /// One test.
    Test(Test),
}

impl Default for Node {
    fn default() -> Node {
        Node::All(Vec::new())
    }
}

/// One thing that is true of a person or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// In one of these categories (standing, or derived; suggestions do not count).
    Category(Vec<CategoryCode>),
    /// A rule proposes one of these, or any when empty, and nobody has decided (`suggest:`).
    Suggested(Vec<CategoryCode>),
    /// A name in hanzi, pinyin, initials or a mixture, folded to lower case.
    Name(String),
    /// An address: the parts that were given, building `3` never matching 13.
    Place(Place),
    /// 3 or 4 digits: a room (501), else the tail of a phone or an identity number.
    Digits(String),
    /// At least 5 digits: the head or tail of a phone or an identity number.
    Number(String),
    /// A literal text anywhere in the person's own texts (name, notes, employer, ...).
    Text(String),
    /// A field of the table holds one of these values, lies between, is known or unknown.
    Field(&'static Field, Match),
    /// Full years of age.
    Age(Bounds<i64>),
    /// How many people of the household live in the dwelling.
    Size(Bounds<i64>),
    /// Months to (negative) or since (positive) the statutory retirement month.
    Retired(Bounds<i64>),
    /// Months since a date field, for rules such as "arrived six months ago" (`arrived.months:6..`).
    Months(&'static Field, Bounds<i64>),
    /// A standing assertion began then (`since:2024..`).
    Since(Bounds<When>),
    /// Something is to be done then (`due:..month`): a standing assertion is to be looked at again,
    /// or the next visit falls due, as agreed or by the interval of a category.
    Due(Bounds<When>),
    /// The person was last met then (`seen:..90d`).
    Seen(Bounds<When>),
    /// What is known of the person was last found unchanged then (`verified:..6m`).
    Verified(Bounds<When>),
    /// A worker whose name holds this text has called on the person (`by:王芳`).
    By(String),
    /// A standing assertion's source or evidence holds this text (`src:走访`).
    Source(String),
    /// A state (`is:`).
    Is(State),
    /// Something is missing (`no:`), or is there (`has:` is its negation).
    No(Lack),
}

/// The parts of an address that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// 小区, a part of its name.
    pub estate: Option<String>,
    /// 栋, exactly.
    pub building: Option<String>,
    /// 单元, exactly.
    pub unit: Option<String>,
    /// 室, from its head: `5` and `50` lead to `501`.
    pub room: Option<String>,
}

/// A range, either end open; both ends belong to it. A partial date covers what it can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds<T> {
    /// At least.
    pub low: Option<T>,
    /// At most.
    pub high: Option<T>,
}

/// How a field must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// A code, or a text that the field's text contains, or after a `*` ends in: one of these.
    OneOf(Vec<String>),
    /// A number between.
    Numbers(Bounds<i64>),
    /// A date between.
    Dates(Bounds<Date>),
    /// Yes or no.
    Flag(bool),
    /// Known.
    Any,
    /// Unknown.
    None,
}

/// A state of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// A required axis (see [`crate::model::category::REQUIRED`]) has no category and no decision.
    Unclassified,
    /// Head of the household.
    Head,
    /// Moved out.
    Moved,
    /// Dead.
    Deceased,
    /// Entered in a hurry, to be completed.
    Draft,
    /// Flagged to look at later on the sort screen (a doubtful assertion stands).
    Flagged,
    /// The identity number fails its check.
    BadId,
    /// Nobody has met the person for longer than the shortest interval of the categories that the
    /// person is in, or the register's own.
    Stale,
    /// Another record may be the same person's.
    Dup,
    /// Left so long ago that nobody may keep the record (see [`crate::model::removal`]).
    Removable,
}

/// What can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lack {
    /// No telephone.
    Phone,
    /// No asserted category.
    Category,
    /// No identity number.
    Id,
    /// No relation to the head.
    Relation,
    /// No birth date.
    Birth,
    /// No address.
    Address,
    /// No note.
    Note,
    /// No visit was ever logged.
    Visit,
    /// Nobody has ever met the person.
    Seen,
    /// What is known was never found unchanged at a visit.
    Verified,
}
