//! What stands after a key: words, codes, categories, texts; ranges are read in `range`.
//!
//! Invariant: a value that the key does not take is a fault at that value, never another reading.

use crate::model::codes;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::Table;
use crate::model::person;
use crate::query::Lack;
use crate::query::Match;
use crate::query::Node;
use crate::query::Order;
use crate::query::Place;
use crate::query::Span;
use crate::query::Test;
use crate::query::bare;
use crate::query::fault::Fault;
use crate::query::fault::FaultKind;
use crate::query::fault::Wants;
use crate::query::keys;
use crate::query::keys::Part;
use crate::query::keys::Sense;
use crate::query::keys::Word;
use crate::query::lex;
use crate::query::lexicon::Lexicon;
use crate::query::lexicon::Term;
use crate::query::range::bounds;
use crate::query::spell;

/// One value as it stands in a text.
#[derive(Debug, Clone)]
pub(crate) struct Value<'a> {
    /// The key before it, as typed.
    pub(crate) key: &'a str,
    /// Folded, or as typed when quoted.
    pub(crate) text: &'a str,
    /// As typed, with its quotes.
    pub(crate) raw: &'a str,
    /// Whether it stands in quotes.
    pub(crate) quoted: bool,
    /// Where.
    pub(crate) span: Span,
    /// Whether it ends the query, so that it may still be being typed.
    pub(crate) last: bool,
}

impl Value<'_> {
    /// The fault that this value, or a part of it, is not what its key wants.
    pub(crate) fn bad(&self, wants: Wants, found: &str, span: Span) -> Fault {
        Fault {
            span,
            kind: FaultKind::BadValue {
                key: self.key.to_owned(),
                wants,
                found: found.to_owned(),
            },
            suggestion: None,
            incomplete: false,
        }
    }

    /// The fault that this is none of the names it could be.
    fn unknown<'n>(&self, kind: FaultKind, names: impl Iterator<Item = &'n str> + Clone) -> Fault {
        let unfinished = |name: &str| spell::leads(self.text, name);
        Fault {
            span: self.span.clone(),
            kind,
            incomplete: self.last && !self.quoted && names.clone().any(unfinished),
            suggestion: spell::nearest(self.text, names).map(lex::spelled),
        }
    }
}

/// What a key asks: that one of its values fits.
pub(crate) fn node(sense: Sense, values: &[Value<'_>], lexicon: &Lexicon) -> Result<Node, Fault> {
    if let Some(node) = known(sense, values) {
        return Ok(node);
    }
    match sense {
        Sense::Category => Ok(test(Test::Category(categories(values, lexicon)?))),
        Sense::Suggested => Ok(test(Test::Suggested(categories(values, lexicon)?))),
        Sense::Age => either(values, |value| bounds(value).map(Test::Age)),
        Sense::Size => either(values, |value| bounds(value).map(Test::Size)),
        Sense::Retired => either(values, |value| bounds(value).map(Test::Retired)),
        Sense::Months(field) => either(values, |value| Ok(Test::Months(field, bounds(value)?))),
        Sense::Since => either(values, |value| bounds(value).map(Test::Since)),
        Sense::Due => either(values, |value| bounds(value).map(Test::Due)),
        Sense::Seen => either(values, |value| bounds(value).map(Test::Seen)),
        Sense::Verified => either(values, |value| bounds(value).map(Test::Verified)),
        Sense::By => either(values, |value| Ok(Test::By(value.text.to_owned()))),
        Sense::Source => either(values, |value| Ok(Test::Source(value.text.to_owned()))),
        Sense::Name => either(values, |value| Ok(Test::Name(value.text.to_lowercase()))),
        Sense::Part(part) => either(values, |value| Ok(Test::Place(place(part, value.text)))),
        Sense::Address => either(values, |value| Ok(address(value.text))),
        Sense::Is => either(values, |value| word(keys::STATES, value).map(Test::Is)),
        Sense::No => either(values, |value| word(keys::LACKS, value).map(Test::No)),
        Sense::Has => any_of(values, |value| {
            Ok(Node::Not(Box::new(test(Test::No(word(
                keys::LACKS,
                value,
            )?)))))
        }),
        Sense::Field(field) => of_field(field, values),
        Sense::Sort => Err(misplaced(values)),
    }
}

/// The order that `sort:` asks for; a `-` turns it round.
pub(crate) fn order(values: &[Value<'_>]) -> Result<Order, Fault> {
    let [value] = values else {
        return Err(misplaced(values));
    };
    let descending = value.text.starts_with('-');
    let text = value.text.strip_prefix('-').unwrap_or(value.text);
    // A sign alone is all that there is to point at.
    let skip = usize::from(descending && !value.quoted && !text.is_empty());
    let span = value.span.start + skip..value.span.end;
    let by = Value {
        text,
        span,
        ..value.clone()
    };
    Ok(Order {
        by: word(keys::ORDERS, &by)?,
        descending,
    })
}

/// The categories that values name.
pub(crate) fn categories(
    values: &[Value<'_>],
    lexicon: &Lexicon,
) -> Result<Vec<CategoryCode>, Fault> {
    let code = |value: &Value<'_>| {
        let term = lexicon.category(value.text);
        let names = lexicon.categories.iter().flat_map(Term::names);
        let fault = || value.unknown(FaultKind::UnknownCategory(value.text.to_owned()), names);
        term.map(|term| term.code.clone()).ok_or_else(fault)
    };
    values.iter().map(code).collect()
}

/// The view that a value names.
pub(crate) fn view(value: &Value<'_>, lexicon: &Lexicon) -> Result<Node, Fault> {
    let names = lexicon
        .views
        .iter()
        .flat_map(|(_, zh, en)| [zh.as_str(), en.as_str()]);
    let fault = || value.unknown(FaultKind::UnknownView(value.text.to_owned()), names);
    lexicon.view(value.text).map(Node::View).ok_or_else(fault)
}

/// The stored field behind a part of an address.
pub(crate) fn part_number(part: Part) -> FieldNo {
    match part {
        Part::Estate => household::ESTATE,
        Part::Building => household::BUILDING,
        Part::Unit => household::UNIT,
        Part::Room => household::ROOM,
    }
}

fn misplaced(values: &[Value<'_>]) -> Fault {
    let (key, span) = values
        .first()
        .map_or(("", 0..0), |value| (value.key, value.span.clone()));
    let end = values.last().map_or(span.end, |value| value.span.end);
    Fault {
        span: span.start..end,
        kind: FaultKind::Misplaced(key.to_owned()),
        suggestion: None,
        incomplete: false,
    }
}

fn test(test: Test) -> Node {
    Node::Test(test)
}

fn either<'a, 'v>(
    values: &'a [Value<'v>],
    read: impl Fn(&'a Value<'v>) -> Result<Test, Fault>,
) -> Result<Node, Fault> {
    any_of(values, |value| read(value).map(Node::Test))
}

fn any_of<'a, 'v>(
    values: &'a [Value<'v>],
    read: impl Fn(&'a Value<'v>) -> Result<Node, Fault>,
) -> Result<Node, Fault> {
    if let [one] = values {
        return read(one);
    }
    let nodes = values.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Node::Any(nodes))
}

/// What a lone `none` or `any` asks of a key that can be known or unknown.
fn known(sense: Sense, values: &[Value<'_>]) -> Option<Node> {
    let [value] = values else { return None };
    let never = if matches!(sense, Sense::Seen | Sense::Verified) {
        keys::NEVER
    } else {
        &[]
    };
    let mut words = keys::KNOWN.iter().chain(never);
    let word = words.find(|word| word.is(value.text));
    let is_known = word.filter(|_| !value.quoted)?.means;
    let lack = |lack: Lack| {
        let lacks = test(Test::No(lack));
        if is_known {
            Node::Not(Box::new(lacks))
        } else {
            lacks
        }
    };
    let of = |field: &'static Field| {
        let matched = if is_known { Match::Any } else { Match::None };
        test(Test::Field(field, matched))
    };
    match sense {
        Sense::Category => Some(lack(Lack::Category)),
        Sense::Age => Some(lack(Lack::Birth)),
        Sense::Address => Some(lack(Lack::Address)),
        Sense::Seen => Some(lack(Lack::Seen)),
        Sense::Verified => Some(lack(Lack::Verified)),
        Sense::By => Some(lack(Lack::Visit)),
        Sense::Suggested => {
            let any = test(Test::Suggested(Vec::new()));
            Some(if is_known {
                any
            } else {
                Node::Not(Box::new(any))
            })
        }
        Sense::Name => field::of(Table::Person, person::NAME).map(of),
        Sense::Part(part) => field::of(Table::Dwelling, part_number(part)).map(of),
        Sense::Field(field) | Sense::Months(field) => Some(of(field)),
        Sense::Size
        | Sense::Retired
        | Sense::Is
        | Sense::No
        | Sense::Has
        | Sense::Sort
        | Sense::Since
        | Sense::Due
        | Sense::Source => None,
    }
}

fn of_field(field: &'static Field, values: &[Value<'_>]) -> Result<Node, Fault> {
    let matched = |matched: Match| Test::Field(field, matched);
    let texts = |texts: Result<Vec<String>, Fault>| Ok(test(matched(Match::OneOf(texts?))));
    match field.kind {
        Kind::Text | Kind::Phones | Kind::Words | Kind::Link(_) => texts(Ok(values
            .iter()
            .map(|value| value.text.to_owned())
            .collect())),
        Kind::IdNumber => texts(Ok(values
            .iter()
            .map(|value| value.text.to_ascii_uppercase())
            .collect())),
        Kind::Code(table) => texts(values.iter().map(|value| code(table, value)).collect()),
        Kind::Date => either(values, |value| bounds(value).map(Match::Dates).map(matched)),
        Kind::Number => either(values, |value| {
            bounds(value).map(Match::Numbers).map(matched)
        }),
        Kind::Flag => either(values, |value| {
            let flag = find(keys::FLAGS, value, Wants::Flag)?;
            Ok(matched(Match::Flag(flag)))
        }),
    }
}

fn code(table: &str, value: &Value<'_>) -> Result<String, Fault> {
    let names = codes::table(table)
        .iter()
        .flat_map(|code| {
            [code.zh, code.en]
                .into_iter()
                .chain(code.aliases.split(' '))
        })
        .filter(|name| !name.is_empty());
    let fault = || {
        let bad = value.bad(Wants::Code, value.text, value.span.clone());
        value.unknown(bad.kind, names)
    };
    codes::find(table, value.text)
        .map(str::to_owned)
        .ok_or_else(fault)
}

fn word<T: Copy>(table: &'static [Word<T>], value: &Value<'_>) -> Result<T, Fault> {
    find(table, value, Wants::Word)
}

fn find<T: Copy>(table: &'static [Word<T>], value: &Value<'_>, wants: Wants) -> Result<T, Fault> {
    let fault = || {
        let bad = value.bad(wants, value.text, value.span.clone());
        value.unknown(bad.kind, table.iter().flat_map(Word::names))
    };
    let word = table.iter().find(|word| word.is(value.text));
    word.map(|word| word.means).ok_or_else(fault)
}

/// A part of an address as addresses are stored: `03`, `3栋` and `3号楼` are all building 3.
fn place(part: Part, text: &str) -> Place {
    let marker = match part {
        Part::Estate => return only(part, text.to_owned()),
        Part::Building => "栋",
        Part::Unit => "单元",
        Part::Room => "室",
    };
    let read = |text: &str| {
        let place = bare::place(text)?;
        let value = [
            place.building.clone(),
            place.unit.clone(),
            place.room.clone(),
        ];
        let alone = value
            .into_iter()
            .flatten()
            .next()
            .map(|value| only(part, value));
        alone.filter(|alone| *alone == place)
    };
    read(&format!("{text}{marker}"))
        .or_else(|| read(text))
        .unwrap_or_else(|| only(part, text.to_owned()))
}

fn only(part: Part, text: String) -> Place {
    let mut place = Place::default();
    *match part {
        Part::Estate => &mut place.estate,
        Part::Building => &mut place.building,
        Part::Unit => &mut place.unit,
        Part::Room => &mut place.room,
    } = Some(text);
    place
}

/// An address that is understood by its parts, else as a text.
fn address(text: &str) -> Test {
    let as_text = || {
        let field = field::of(Table::Dwelling, household::ADDRESS_TEXT)?;
        Some(Test::Field(field, Match::OneOf(vec![text.to_owned()])))
    };
    bare::place(text)
        .map(Test::Place)
        .or_else(as_text)
        .unwrap_or_else(|| Test::Text(text.to_owned()))
}
