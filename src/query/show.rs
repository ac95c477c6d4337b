//! Query to text that parses to it.
//!
//! Invariant: what is shown parses to the same query, up to the length that a query may have.

use crate::model::Lang;
use crate::model::address::Address;
use crate::model::codes;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ids::CategoryCode;
use crate::query::Bounds;
use crate::query::Match;
use crate::query::Node;
use crate::query::Place;
use crate::query::Query;
use crate::query::Test;
use crate::query::bare;
use crate::query::keys;
use crate::query::keys::Part;
use crate::query::keys::Sense;
use crate::query::keys::Word;
use crate::query::lex;
use crate::query::lexicon::Lexicon;
use std::fmt::Display;

pub use crate::query::chip::chip;

/// The query as text that parses to it.
pub fn show(query: &Query, lexicon: &Lexicon) -> String {
    let shows = Shows { lexicon };
    let everyone = query.root == Node::default();
    let found = (!everyone).then(|| shows.any(&query.root));
    let sorted = query.order.map(|order| {
        let turned = if order.descending { "-" } else { "" };
        format!("sort:{turned}{}", word(keys::ORDERS, order.by))
    });
    let parts: Vec<String> = found.into_iter().chain(sorted).collect();
    parts.join(" ")
}

/// A node of its own as text: one term of a query.
pub fn show_node(node: &Node, lexicon: &Lexicon) -> String {
    Shows { lexicon }.any(node)
}

/// The text of an address's parts.
pub(crate) fn place(place: &Place) -> String {
    Address {
        estate: place.estate.clone(),
        building: place.building.clone(),
        unit: place.unit.clone(),
        room: place.room.clone(),
        rest: None,
    }
    .to_string()
}

/// A range as `a..b`, or the one value that it holds.
pub(crate) fn range<T: Display + PartialEq>(bounds: &Bounds<T>) -> String {
    let end = |end: &Option<T>| end.as_ref().map(T::to_string).unwrap_or_default();
    if bounds.low.is_some() && bounds.low == bounds.high {
        return end(&bounds.low);
    }
    format!("{}..{}", end(&bounds.low), end(&bounds.high))
}

/// The English word of a meaning.
fn word<T: Copy + PartialEq>(table: &'static [Word<T>], means: T) -> &'static str {
    table
        .iter()
        .find(|word| word.means == means)
        .map_or("", |word| word.name)
}

struct Shows<'a> {
    lexicon: &'a Lexicon,
}

impl Shows<'_> {
    /// What may stand alone, between brackets, or at the top.
    fn any(&self, node: &Node) -> String {
        match node {
            Node::Any(nodes) if nodes.len() > 1 => self.join(nodes, " | ", Shows::all),
            Node::Any(_)
            | Node::All(_)
            | Node::Not(_)
            | Node::Household(_)
            | Node::View(_)
            | Node::Test(_) => self.all(node),
        }
    }

    /// What may stand between `|`.
    fn all(&self, node: &Node) -> String {
        match node {
            Node::All(nodes) if nodes.len() > 1 => self.join(nodes, " ", Shows::term),
            Node::Any(_)
            | Node::All(_)
            | Node::Not(_)
            | Node::Household(_)
            | Node::View(_)
            | Node::Test(_) => self.term(node),
        }
    }

    fn join(&self, nodes: &[Node], sign: &str, show: fn(&Self, &Node) -> String) -> String {
        let nodes: Vec<String> = nodes.iter().map(|node| show(self, node)).collect();
        nodes.join(sign)
    }

    /// What may stand between spaces.
    fn term(&self, node: &Node) -> String {
        match node {
            // A group of one is that one; a group of none can only be shown, not typed.
            Node::All(nodes) | Node::Any(nodes) => match nodes.as_slice() {
                [one] => self.term(one),
                [] => "()".into(),
                _ => format!("({})", self.any(node)),
            },
            Node::Not(inner) => {
                if let Node::Test(Test::No(lack)) = inner.as_ref() {
                    return format!("has:{}", word(keys::LACKS, *lack));
                }
                format!("-{}", self.term(inner))
            }
            Node::Household(inner) => format!("hh({})", self.any(inner)),
            Node::View(view) => {
                let named = |lang| {
                    let name = self.lexicon.view_name(*view, lang)?;
                    (self.lexicon.view(name) == Some(*view)).then(|| lex::spelled(name))
                };
                let name = named(Lang::Zh).or_else(|| named(Lang::En));
                format!("@{}", name.unwrap_or_else(|| view.id.to_string()))
            }
            Node::Test(test) => self.test(test),
        }
    }

    fn test(&self, asked: &Test) -> String {
        let ranged = |sense: Sense, text: String| format!("{}:{text}", keys::key(sense));
        match asked {
            Test::Category(codes) => match codes.as_slice() {
                [code] => self.category(code),
                _ => format!("cat:{}", self.categories(codes)),
            },
            Test::Suggested(codes) if codes.is_empty() => "suggest:any".into(),
            Test::Suggested(codes) => format!("suggest:{}", self.categories(codes)),
            Test::Name(name) if self.is_bare(name, asked) => name.clone(),
            Test::Name(name) => format!("name:{}", value(name)),
            Test::Place(parts) => self.place(parts, asked),
            Test::Digits(text) | Test::Number(text) => text.clone(),
            Test::Text(text) => lex::quote(text),
            Test::Field(field, matched) => {
                format!(
                    "{}:{}",
                    keys::key(keys::sense(field)),
                    matching(field, matched)
                )
            }
            Test::Age(ages) => ranged(Sense::Age, range(ages)),
            Test::Size(sizes) => ranged(Sense::Size, range(sizes)),
            Test::Retired(months) => ranged(Sense::Retired, range(months)),
            Test::Months(field, months) => ranged(Sense::Months(field), range(months)),
            Test::Since(dates) => ranged(Sense::Since, range(dates)),
            Test::Due(dates) => ranged(Sense::Due, range(dates)),
            Test::Seen(dates) => ranged(Sense::Seen, range(dates)),
            Test::Verified(dates) => ranged(Sense::Verified, range(dates)),
            Test::By(text) => ranged(Sense::By, value(text)),
            Test::Source(text) => ranged(Sense::Source, value(text)),
            Test::Is(state) => ranged(Sense::Is, word(keys::STATES, *state).into()),
            Test::No(lack) => ranged(Sense::No, word(keys::LACKS, *lack).into()),
        }
    }

    /// Whether a text by itself is read as this test.
    fn is_bare(&self, text: &str, asked: &Test) -> bool {
        lex::is_bare(text) && bare::resolve(text, self.lexicon) == *asked
    }

    /// The name of a category if it means that category, else its code.
    fn name<'c>(&'c self, code: &'c CategoryCode) -> &'c str {
        let term = self.lexicon.term(code);
        let names = term
            .into_iter()
            .flat_map(|term| [term.zh.as_str(), term.en.as_str()]);
        let means = |name: &&str| {
            let meant = self.lexicon.category(name);
            lex::is_plain(name) && meant.is_some_and(|term| term.code == *code)
        };
        names.into_iter().find(means).unwrap_or(&code.0)
    }

    fn category(&self, code: &CategoryCode) -> String {
        let name = self.name(code);
        if self.is_bare(name, &Test::Category(vec![code.clone()])) {
            name.to_owned()
        } else {
            format!("+{}", lex::spelled(name))
        }
    }

    fn categories(&self, codes: &[CategoryCode]) -> String {
        let names: Vec<String> = codes.iter().map(|code| value(self.name(code))).collect();
        names.join(",")
    }

    fn place(&self, parts: &Place, asked: &Test) -> String {
        let text = place(parts);
        if self.is_bare(&text, asked) {
            return text;
        }
        let parts = [
            (Part::Estate, &parts.estate),
            (Part::Building, &parts.building),
            (Part::Unit, &parts.unit),
            (Part::Room, &parts.room),
        ];
        let mut given = parts
            .into_iter()
            .filter_map(|(part, text)| Some((part, text.as_deref()?)));
        match (given.next(), given.next()) {
            (Some((part, text)), None) => {
                format!("{}:{}", keys::key(Sense::Part(part)), value(text))
            }
            _ => format!("{}:{}", keys::key(Sense::Address), value(&text)),
        }
    }
}

/// A text after a key, in quotes also where it would ask whether anything is known.
fn value(text: &str) -> String {
    if keys::KNOWN.iter().any(|word| word.is(text)) {
        lex::quote(text)
    } else {
        lex::spelled(text)
    }
}

fn matching(field: &Field, matched: &Match) -> String {
    match matched {
        Match::OneOf(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| value(named(field, text))).collect();
            texts.join(",")
        }
        Match::Numbers(numbers) => range(numbers),
        Match::Dates(dates) => range(dates),
        Match::Flag(flag) => word(keys::FLAGS, *flag).into(),
        Match::Any => word(keys::KNOWN, true).into(),
        Match::None => word(keys::KNOWN, false).into(),
    }
}

/// The name of a code if it means that code, else the code.
fn named<'t>(field: &Field, text: &'t str) -> &'t str {
    let Kind::Code(table) = field.kind else {
        return text;
    };
    let name = codes::name(table, text, Lang::Zh);
    let means = |name: &&str| lex::is_plain(name) && codes::find(table, name) == Some(text);
    name.filter(means).unwrap_or(text)
}
