//! A term of a query in words, as its chip under the filter bar says how it was understood.
//!
//! Invariant: a chip says what will be looked for, not what was typed.

use crate::model::Lang;
use crate::model::codes;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ids::CategoryCode;
use crate::query::Bounds;
use crate::query::Match;
use crate::query::Node;
use crate::query::Test;
use crate::query::keys;
use crate::query::keys::Sense;
use crate::query::keys::Word;
use crate::query::lexicon::Lexicon;
use crate::query::lexicon::Term;
use crate::query::show;
use std::fmt::Display;

/// A term in words: `类别 下岗`, `年龄 ≥50`, `非 党员`, `3栋`, `姓名 zhang`.
pub fn chip(node: &Node, lexicon: &Lexicon, lang: Lang) -> String {
    Words { lexicon, lang }.node(node)
}

/// A range in signs.
fn signs<T: Display + PartialEq>(bounds: &Bounds<T>) -> String {
    match (&bounds.low, &bounds.high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("{low}–{high}"),
        (Some(low), None) => format!("≥{low}"),
        (None, Some(high)) => format!("≤{high}"),
        (None, None) => "–".into(),
    }
}

struct Words<'a> {
    lexicon: &'a Lexicon,
    lang: Lang,
}

impl Words<'_> {
    fn node(&self, node: &Node) -> String {
        let pick = |zh, en| self.lang.pick(zh, en);
        match node {
            Node::All(nodes) if nodes.is_empty() => pick("所有人", "everyone").into(),
            Node::All(nodes) => self.join(nodes, pick(" 且 ", " and ")),
            Node::Any(nodes) => self.join(nodes, pick(" 或 ", " or ")),
            Node::Not(inner) => self.not(inner),
            Node::Household(inner) => {
                format!("{} {}", pick("同户有", "household has"), self.part(inner))
            }
            Node::View(view) => {
                let name = self.lexicon.view_name(*view, self.lang).unwrap_or("?");
                format!("{} {name}", pick("视图", "view"))
            }
            Node::Test(test) => self.test(test),
        }
    }

    fn not(&self, inner: &Node) -> String {
        if let Node::Test(Test::No(lack)) = inner {
            let has = keys::label(Sense::Has, self.lang).to_lowercase();
            return format!("{has} {}", self.word(keys::LACKS, *lack));
        }
        let what = if let Node::Test(Test::Category(codes)) = inner {
            self.categories(codes)
        } else {
            self.part(inner)
        };
        format!("{} {what}", self.lang.pick("非", "not"))
    }

    /// A node inside another, in brackets when it is more than one.
    fn part(&self, node: &Node) -> String {
        let several = matches!(node, Node::All(nodes) | Node::Any(nodes) if nodes.len() > 1);
        let text = self.node(node);
        if several { format!("({text})") } else { text }
    }

    fn join(&self, nodes: &[Node], sign: &str) -> String {
        let parts: Vec<String> = nodes.iter().map(|node| self.part(node)).collect();
        parts.join(sign)
    }

    fn test(&self, asked: &Test) -> String {
        let pick = |zh, en| self.lang.pick(zh, en);
        let keyed = |sense: Sense, text: String| {
            let label = keys::label(sense, self.lang);
            if self.lang == Lang::En {
                format!("{} {text}", label.to_lowercase())
            } else {
                format!("{label} {text}")
            }
        };
        match asked {
            Test::Category(codes) => keyed(Sense::Category, self.categories(codes)),
            Test::Suggested(codes) if codes.is_empty() => pick("有建议", "any suggestion").into(),
            Test::Suggested(codes) => keyed(Sense::Suggested, self.categories(codes)),
            Test::Name(name) => keyed(Sense::Name, name.clone()),
            Test::Place(parts) => show::place(parts),
            Test::Digits(text) => format!("{} {text}", pick("室号或尾号", "room or tail")),
            Test::Number(text) => format!("{} {text}", pick("证件或电话", "ID or phone")),
            Test::Text(text) => format!("{} “{text}”", pick("文字", "text")),
            Test::Field(field, matched) => keyed(keys::sense(field), self.matching(field, matched)),
            Test::Age(ages) => keyed(Sense::Age, signs(ages)),
            Test::Size(sizes) => keyed(Sense::Size, signs(sizes)),
            Test::Retired(months) => keyed(Sense::Retired, signs(months)),
            Test::Months(field, months) => keyed(Sense::Months(field), signs(months)),
            Test::Since(dates) => keyed(Sense::Since, dates.say(self.lang)),
            Test::Due(dates) => keyed(Sense::Due, dates.say(self.lang)),
            Test::Seen(dates) => keyed(Sense::Seen, dates.say(self.lang)),
            Test::Verified(dates) => keyed(Sense::Verified, dates.say(self.lang)),
            Test::By(text) => keyed(Sense::By, text.clone()),
            Test::Source(text) => keyed(Sense::Source, text.clone()),
            Test::Is(state) => self.word(keys::STATES, *state).into(),
            Test::No(lack) => keyed(Sense::No, self.word(keys::LACKS, *lack).into()),
        }
    }

    fn categories(&self, codes: &[CategoryCode]) -> String {
        let name = |code| {
            self.lexicon
                .term(code)
                .map(|term: &Term| term.name(self.lang))
        };
        let names: Vec<&str> = codes
            .iter()
            .map(|code| name(code).unwrap_or(&code.0))
            .collect();
        names.join("/")
    }

    fn matching(&self, field: &Field, matched: &Match) -> String {
        match matched {
            Match::OneOf(texts) => {
                let texts: Vec<&str> = texts.iter().map(|text| self.named(field, text)).collect();
                texts.join("/")
            }
            Match::Numbers(numbers) => signs(numbers),
            Match::Dates(dates) => signs(dates),
            Match::Flag(flag) => self.word(keys::FLAGS, *flag).into(),
            Match::Any => self.word(keys::KNOWN, true).into(),
            Match::None => self.word(keys::KNOWN, false).into(),
        }
    }

    fn named<'t>(&self, field: &Field, text: &'t str) -> &'t str {
        let Kind::Code(table) = field.kind else {
            return text;
        };
        codes::name(table, text, self.lang).unwrap_or(text)
    }

    fn word<T: Copy + PartialEq>(&self, table: &'static [Word<T>], means: T) -> &'static str {
        let word = table.iter().find(|word| word.means == means);
        word.map_or("", |word| word.label(self.lang))
    }
}
