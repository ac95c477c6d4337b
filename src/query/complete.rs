//! Completion: what could stand at the caret.
//!
//! Invariant: accepting a completion never makes a query worse: the result parses, or is only
//! incomplete.

use crate::model::Lang;
use crate::model::category::Sensitivity;
use crate::model::codes;
use crate::model::field::Kind;
use crate::query::Query;
use crate::query::Span;
use crate::query::Test;
use crate::query::bare;
use crate::query::keys;
use crate::query::keys::Sense;
use crate::query::keys::Word;
use crate::query::lex;
use crate::query::lex::TokenKind;
use crate::query::lexicon::Lexicon;
use crate::query::lexicon::Term;
use crate::query::lexicon::same;
use crate::query::parse::parse;
use crate::query::spell;
use std::cmp::Reverse;

/// One thing that could stand at the caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What it replaces.
    pub span: Span,
    /// With what.
    pub text: String,
    /// What it is called on screen.
    pub label: String,
    /// How many people of the present result it would leave.
    pub count: Option<usize>,
}

/// How many completions are offered, and so how often `count` is asked.
const MOST: usize = 24;

/// What could stand at the caret (a byte offset): categories by name, alias, pinyin or initials,
/// keys by a unique prefix, values of a key, views after `@`. `count` counts a query; it is asked
/// only for the candidates that are returned. Best first, those without anyone last.
pub fn complete(
    text: &str,
    caret: usize,
    lexicon: &Lexicon,
    lang: Lang,
    count: &dyn Fn(&Query) -> usize,
) -> Vec<Completion> {
    let Some((slot, typed, span)) = at(text, caret) else {
        return Vec::new();
    };
    let offers = Offers {
        lexicon,
        lang,
        typed: &typed,
    };
    let mut candidates = offers.all(slot);
    candidates.sort_by_key(|candidate| candidate.rank);
    let mut ranked: Vec<(usize, Completion)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let after = replaced(text, &span, &candidate.text).filter(|after| after != text)?;
            let count = match parse(&after, lexicon) {
                Ok(query) => Some(Some(query)),
                Err(fault) => fault.incomplete.then_some(None),
            }?;
            Some((candidate, count))
        })
        .take(MOST)
        .map(|(candidate, query)| {
            let completion = Completion {
                span: span.clone(),
                text: candidate.text,
                label: candidate.label,
                count: query.as_ref().map(count),
            };
            (candidate.rank, completion)
        })
        .collect();
    ranked.sort_by_key(|(rank, one)| (one.count == Some(0), *rank, Reverse(one.count)));
    ranked.into_iter().map(|(_, one)| one).collect()
}

/// A text with a span of it replaced.
fn replaced(text: &str, span: &Span, with: &str) -> Option<String> {
    let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
    Some(format!("{before}{with}{after}"))
}

/// What kind of thing stands at the caret.
#[derive(Debug, Clone, Copy)]
enum Slot {
    /// A term.
    Bare,
    /// A category.
    Category,
    /// A view.
    View,
    /// A value of a key.
    Value(Sense),
}

/// What stands at the caret: its kind, what of it is typed, and where all of it stands.
fn at(text: &str, caret: usize) -> Option<(Slot, String, Span)> {
    let head = text.get(..caret)?;
    let tokens = lex::lex(head).ok()?;
    let rest = text.get(caret..)?;
    let tail = rest.find(|c| lex::ends_word(lex::fold(c)));
    let mut span = caret..caret + tail.unwrap_or(rest.len());
    let mut typed = String::new();
    if let Some(last) = tokens.last()
        && last.span.end == caret
        && let TokenKind::Word(word) = &last.kind
    {
        typed.clone_from(word);
        span.start = last.span.start;
    }
    let mut edge = caret;
    let mut slot = Slot::Bare;
    for token in tokens.iter().rev() {
        if token.span.end != edge {
            break;
        }
        match &token.kind {
            TokenKind::Quoted(_) if edge == caret => return None,
            TokenKind::Word(_) | TokenKind::Quoted(_) => {}
            TokenKind::Comma => slot = Slot::Category,
            TokenKind::Key(key) => return Some((Slot::Value(keys::find(key)?), typed, span)),
            TokenKind::Category => return Some((Slot::Category, typed, span)),
            TokenKind::View => return Some((Slot::View, typed, span)),
            // No term begins directly after the word `or`: it would become another word.
            TokenKind::Or if head.ends_with(char::is_alphanumeric) && edge == caret => return None,
            TokenKind::Literal | TokenKind::Close => return None,
            TokenKind::Open | TokenKind::Household | TokenKind::Or | TokenKind::Not => break,
        }
        edge = token.span.start;
    }
    Some((slot, typed, span))
}

/// Something that fits what is typed; the lower its rank, the better.
struct Candidate {
    text: String,
    label: String,
    rank: usize,
}

struct Offers<'a> {
    lexicon: &'a Lexicon,
    lang: Lang,
    typed: &'a str,
}

impl Offers<'_> {
    fn all(&self, slot: Slot) -> Vec<Candidate> {
        match slot {
            Slot::Bare => {
                let bare = |term: &Term| self.bare(term);
                self.categories(bare).chain(self.keys()).collect()
            }
            Slot::Category => self.categories(|term| self.name(term)).collect(),
            Slot::View => self.views(),
            Slot::Value(sense) => {
                let known = self.words(keys::KNOWN, "").map(|known| Candidate {
                    rank: known.rank + 1,
                    ..known
                });
                self.values(sense).into_iter().chain(known).collect()
            }
        }
    }

    /// How well a name fits: whole, from its head, or by its pinyin.
    fn fit(&self, name: &str) -> Option<usize> {
        let begins = || name.to_lowercase().starts_with(&self.typed.to_lowercase());
        let fits = [
            same(name, self.typed),
            begins(),
            spell::leads(self.typed, name),
        ];
        fits.iter().position(|fits| *fits)
    }

    /// The categories that fit, locked ones left out, each spelled as its place wants.
    fn categories(&self, spelled: impl Fn(&Term) -> String) -> impl Iterator<Item = Candidate> {
        let open = |term: &&Term| term.sensitivity != Sensitivity::Locked;
        self.lexicon
            .categories
            .iter()
            .filter(open)
            .filter_map(move |term| {
                let names = term
                    .names()
                    .zip([0, 0].into_iter().chain([1].into_iter().cycle()));
                let ranks = names.filter_map(|(name, aside)| Some(self.fit(name)? + aside));
                Some(Candidate {
                    rank: ranks.min()?,
                    text: spelled(term),
                    label: term.name(self.lang).to_owned(),
                })
            })
    }

    /// A category's name as a value: in the language of the screen where it means that category.
    fn name(&self, term: &Term) -> String {
        let spoken = term.name(self.lang);
        let joined = spoken.to_lowercase().replace(' ', "-");
        let means = |name: &&str| {
            let meant = self.lexicon.category(name);
            meant.is_some_and(|meant| meant.code == term.code)
        };
        let joined = Some(joined.as_str()).filter(|name| lex::is_plain(name) && means(name));
        let named = joined.or(Some(spoken).filter(means));
        lex::spelled(named.unwrap_or(&term.code.0))
    }

    /// A category's name as a term.
    fn bare(&self, term: &Term) -> String {
        let name = self.name(term);
        let means = Test::Category(vec![term.code.clone()]);
        if lex::is_bare(&name) && bare::resolve(&name, self.lexicon) == means {
            name
        } else {
            format!("+{name}")
        }
    }

    /// The keys that begin with what is typed, each by the first of its names that does.
    fn keys(&self) -> impl Iterator<Item = Candidate> {
        let mut seen: Vec<Sense> = Vec::new();
        let typed = self.typed.to_lowercase();
        let begins = move |name: &str| !typed.is_empty() && name.starts_with(&typed);
        keys::names()
            .filter(move |(name, _)| begins(name))
            .filter(|(_, sense)| !self.lexicon.refuses_sense(*sense))
            .filter(move |(_, sense)| {
                let first = !seen.contains(sense);
                seen.push(*sense);
                first
            })
            .map(|(name, sense)| Candidate {
                text: format!("{name}:"),
                label: keys::label(sense, self.lang),
                rank: 1,
            })
    }

    fn views(&self) -> Vec<Candidate> {
        let offer = |(view, zh, en): &(_, String, String)| {
            let name = self.lang.pick(zh, en);
            let rank = [zh, en]
                .into_iter()
                .filter_map(|name| self.fit(name))
                .min()?;
            (self.lexicon.view(name) == Some(*view)).then(|| Candidate {
                text: lex::spelled(name),
                label: name.to_owned(),
                rank,
            })
        };
        self.lexicon.views.iter().filter_map(offer).collect()
    }

    fn values(&self, sense: Sense) -> Vec<Candidate> {
        match sense {
            Sense::Category | Sense::Suggested => self.categories(|term| self.name(term)).collect(),
            Sense::Is => self.words(keys::STATES, "").collect(),
            Sense::No | Sense::Has => self.words(keys::LACKS, "").collect(),
            Sense::Seen | Sense::Verified => {
                let never = self.words(keys::NEVER, "");
                never.chain(self.words(keys::PAST, "")).collect()
            }
            Sense::Since => self.words(keys::PAST, "").collect(),
            Sense::Due => self.words(keys::AHEAD, "").collect(),
            Sense::Sort => {
                let turned = if self.typed.starts_with('-') { "-" } else { "" };
                let typed = self.typed.strip_prefix('-').unwrap_or(self.typed);
                Offers { typed, ..*self }
                    .words(keys::ORDERS, turned)
                    .collect()
            }
            Sense::Field(field) => match field.kind {
                Kind::Code(table) => self.codes(table),
                Kind::Flag => self.words(keys::FLAGS, "").collect(),
                Kind::Text
                | Kind::Date
                | Kind::Number
                | Kind::IdNumber
                | Kind::Phones
                | Kind::Link(_)
                | Kind::Words => Vec::new(),
            },
            Sense::Age
            | Sense::Size
            | Sense::Retired
            | Sense::Months(_)
            | Sense::Name
            | Sense::Part(_)
            | Sense::Address
            | Sense::By
            | Sense::Source => Vec::new(),
        }
    }

    fn words<T>(
        &self,
        table: &'static [Word<T>],
        before: &'static str,
    ) -> impl Iterator<Item = Candidate> {
        table.iter().filter_map(move |word| {
            let label = word.label(self.lang);
            Some(Candidate {
                rank: word.names().filter_map(|name| self.fit(name)).min()?,
                text: format!("{before}{label}"),
                label: label.to_owned(),
            })
        })
    }

    fn codes(&self, table: &str) -> Vec<Candidate> {
        let offer = |code: &codes::Code| {
            let name = self.lang.pick(code.zh, code.en);
            let names = [code.zh, code.en, code.code]
                .into_iter()
                .chain(code.aliases.split(' '));
            let means = codes::find(table, name) == Some(code.code);
            Some(Candidate {
                rank: names.filter_map(|name| self.fit(name)).min()?,
                text: lex::spelled(if means { name } else { code.code }),
                label: name.to_owned(),
            })
        };
        codes::table(table).iter().filter_map(offer).collect()
    }
}
