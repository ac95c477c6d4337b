//! Text to query.
//!
//! Invariant: every text either parses or yields one fault with a span inside it; no panic.

use crate::query::Node;
use crate::query::Order;
use crate::query::Query;
use crate::query::Span;
use crate::query::Test;
use crate::query::bare;
use crate::query::fault::Fault;
use crate::query::fault::FaultKind;
use crate::query::keys;
use crate::query::keys::Sense;
use crate::query::lex::Token;
use crate::query::lex::TokenKind;
use crate::query::lex::lex;
use crate::query::lexicon::Lexicon;
use crate::query::spell;
use crate::query::value;
use crate::query::value::Value;

/// How deep brackets and negations may nest.
pub const DEEPEST: usize = 16;

/// How many characters a query may have.
pub const LONGEST: usize = 512;

/// How one term of the text was understood, for the chips under the filter bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Where it stands in the text.
    pub span: Span,
    /// The tree of that term alone.
    pub node: Node,
}

/// Parses a query.
pub fn parse(text: &str, lexicon: &Lexicon) -> Result<Query, Fault> {
    let (query, _) = whole(text, lexicon)?;
    Ok(query)
}

/// Parses a query and tells how each top-level term was understood; alternatives are one term.
pub fn chips(text: &str, lexicon: &Lexicon) -> Result<Vec<Chip>, Fault> {
    let (query, chips) = whole(text, lexicon)?;
    let is_split = chips.len() > 1 && matches!(query.root, Node::Any(_));
    if !is_split {
        return Ok(chips);
    }
    let spans = chips.first().zip(chips.last());
    let span = spans.map(|(first, last)| first.span.start..last.span.end);
    let one = |span| Chip {
        span,
        node: query.root,
    };
    Ok(span.map(one).into_iter().collect())
}

fn whole(text: &str, lexicon: &Lexicon) -> Result<(Query, Vec<Chip>), Fault> {
    if let Some((start, _)) = text.char_indices().nth(LONGEST) {
        return Err(fault(start..text.len(), FaultKind::TooLong));
    }
    let tokens = lex(text)?;
    let mut parser = Parser {
        text,
        lexicon,
        tokens: &tokens,
        at: 0,
        order: None,
        chips: Vec::new(),
    };
    let root = parser.any(0)?;
    if let Some(token) = parser.peek() {
        // Only a bracket ends the outermost alternatives early.
        return Err(fault(token.span.clone(), FaultKind::Unopened(')')));
    }
    if let Some(chip) = parser.chips.iter().find(|chip| lexicon.refuses(&chip.node)) {
        let asked = text.get(chip.span.clone()).unwrap_or_default();
        return Err(fault(
            chip.span.clone(),
            FaultKind::Closed(asked.to_owned()),
        ));
    }
    let query = Query {
        root,
        order: parser.order,
    };
    Ok((query, parser.chips))
}

fn fault(span: Span, kind: FaultKind) -> Fault {
    Fault {
        span,
        kind,
        suggestion: None,
        incomplete: false,
    }
}

struct Parser<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    tokens: &'a [Token],
    at: usize,
    order: Option<Order>,
    chips: Vec<Chip>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next_is(&self, kind: &TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == *kind)
    }

    /// Takes the next token if it is of this kind.
    fn take(&mut self, kind: &TokenKind) -> bool {
        let is = self.next_is(kind);
        self.at += usize::from(is);
        is
    }

    /// Something should follow the last token that was taken. While nothing does, the text is only
    /// unfinished.
    fn missing(&self) -> Fault {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let here = last.or(self.tokens.first());
        let span = here.map_or(0..0, |token| token.span.clone());
        Fault {
            incomplete: self.peek().is_none(),
            ..fault(span, FaultKind::Missing)
        }
    }

    /// Alternatives, down to a closing bracket or the end.
    fn any(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut branches = vec![self.all(depth)?];
        while self.take(&TokenKind::Or) {
            branches.push(self.all(depth)?);
        }
        let is_empty = |branch: &Node| *branch == Node::default();
        if branches.len() > 1 && branches.iter().any(is_empty) {
            return Err(self.missing());
        }
        Ok(single(branches, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut terms = Vec::new();
        while let Some(token) = self.peek() {
            if matches!(token.kind, TokenKind::Or | TokenKind::Close) {
                break;
            }
            if depth == 0 && self.sorts()? {
                continue;
            }
            let from = token.span.start;
            let term = self.term(depth)?;
            if depth == 0 {
                let end = self.tokens[self.at - 1].span.end;
                self.chips.push(Chip {
                    span: from..end,
                    node: term.clone(),
                });
            }
            terms.push(term);
        }
        let stray = self.next_is(&TokenKind::Or) || depth > 0;
        if terms.is_empty() && stray {
            return Err(self.missing());
        }
        Ok(single(terms, Node::All))
    }

    /// Takes `sort:`, which is not a term: it stands once, outside brackets.
    fn sorts(&mut self) -> Result<bool, Fault> {
        let Some(Token {
            kind: TokenKind::Key(key),
            span,
        }) = self.peek()
        else {
            return Ok(false);
        };
        if keys::find(key) != Some(Sense::Sort) {
            return Ok(false);
        }
        if self.order.is_some() {
            return Err(fault(span.clone(), FaultKind::Misplaced(key.clone())));
        }
        self.at += 1;
        self.order = Some(value::order(&self.values(key)?)?);
        Ok(true)
    }

    fn term(&mut self, depth: usize) -> Result<Node, Fault> {
        let Some(token) = self.peek() else {
            return Err(self.missing());
        };
        self.at += 1;
        match &token.kind {
            TokenKind::Not => Ok(Node::Not(Box::new(self.inner(depth, token)?))),
            TokenKind::Open => self.group(depth, token),
            TokenKind::Household => Ok(Node::Household(Box::new(self.group(depth, token)?))),
            TokenKind::Quoted(text) if text.is_empty() => Err(self.missing()),
            TokenKind::Quoted(text) => Ok(Node::Test(Test::Text(text.clone()))),
            TokenKind::Key(key) => self.keyed(depth, key, token),
            TokenKind::Word(word) => self.word(word, token),
            TokenKind::View => value::view(&self.value("")?, self.lexicon),
            TokenKind::Literal => Ok(Node::Test(Test::Text(self.value("")?.text.to_owned()))),
            TokenKind::Category => {
                let codes = value::categories(&self.values("")?, self.lexicon)?;
                Ok(Node::Test(Test::Category(codes)))
            }
            TokenKind::Comma | TokenKind::Or | TokenKind::Close => {
                let span = token.span.clone();
                Err(fault(span, FaultKind::Missing))
            }
        }
    }

    /// The term that a negation holds.
    fn inner(&mut self, depth: usize, opening: &Token) -> Result<Node, Fault> {
        deeper(depth, opening)?;
        let closed = |kind: &TokenKind| matches!(kind, TokenKind::Or | TokenKind::Close);
        if self.peek().is_none_or(|token| closed(&token.kind)) {
            return Err(self.missing());
        }
        self.term(depth + 1)
    }

    /// What stands in brackets.
    fn group(&mut self, depth: usize, opening: &Token) -> Result<Node, Fault> {
        deeper(depth, opening)?;
        let node = self.any(depth + 1)?;
        if self.take(&TokenKind::Close) {
            return Ok(node);
        }
        Err(Fault {
            incomplete: true,
            ..fault(opening.span.clone(), FaultKind::Unclosed('('))
        })
    }

    fn keyed(&mut self, depth: usize, key: &'a str, token: &Token) -> Result<Node, Fault> {
        let Some(sense) = keys::find(key) else {
            let span = token.span.start..token.span.end - self.colon(token);
            if key.is_empty() {
                return Err(fault(token.span.clone(), FaultKind::Missing));
            }
            let names = keys::names().map(|(name, _)| name);
            return Err(Fault {
                suggestion: spell::nearest(key, names).map(str::to_owned),
                ..fault(span, FaultKind::UnknownKey(key.to_owned()))
            });
        };
        if sense == Sense::Sort {
            return Err(fault(
                token.span.clone(),
                FaultKind::Misplaced(key.to_owned()),
            ));
        }
        let node = value::node(sense, &self.values(key)?, self.lexicon)?;
        if matches!(node, Node::Any(_)) {
            // Alternatives are shown in brackets, which must not be too deep either.
            deeper(depth, token)?;
        }
        Ok(node)
    }

    /// The length of the colon, full-width or not, that ends a key.
    fn colon(&self, token: &Token) -> usize {
        let typed = self.text.get(token.span.clone()).unwrap_or_default();
        typed.chars().last().map_or(0, char::len_utf8)
    }

    /// A bare word; with commas, categories of which one suffices.
    fn word(&mut self, word: &str, token: &'a Token) -> Result<Node, Fault> {
        if !(self.next_is(&TokenKind::Comma) && self.touches()) {
            return Ok(Node::Test(bare::resolve(word, self.lexicon)));
        }
        let first = self.read(token, "").ok_or_else(|| self.missing())?;
        let codes = value::categories(&self.list(first)?, self.lexicon)?;
        Ok(Node::Test(Test::Category(codes)))
    }

    /// The values that must stand directly here, between commas.
    fn values(&mut self, key: &'a str) -> Result<Vec<Value<'a>>, Fault> {
        let first = self.value(key)?;
        self.list(first)
    }

    /// A value and those that follow it after commas.
    fn list(&mut self, first: Value<'a>) -> Result<Vec<Value<'a>>, Fault> {
        let key = first.key;
        let mut values = vec![first];
        while self.touches() && self.take(&TokenKind::Comma) {
            values.push(self.value(key)?);
        }
        Ok(values)
    }

    /// The value that must stand directly here.
    fn value(&mut self, key: &'a str) -> Result<Value<'a>, Fault> {
        let token = self.peek().filter(|_| self.touches());
        if let Some(value) = token.and_then(|token| self.read(token, key)) {
            self.at += 1;
            return Ok(value);
        }
        let missing = self.missing();
        Err(Fault {
            incomplete: missing.incomplete && missing.span.end == self.text.len(),
            ..missing
        })
    }

    /// A token as a value.
    fn read(&self, token: &'a Token, key: &'a str) -> Option<Value<'a>> {
        let (text, quoted) = match &token.kind {
            TokenKind::Word(text) => (text, false),
            TokenKind::Quoted(text) => (text, true),
            TokenKind::Key(_)
            | TokenKind::Open
            | TokenKind::Close
            | TokenKind::Household
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::View
            | TokenKind::Literal
            | TokenKind::Category
            | TokenKind::Comma => return None,
        };
        (!text.is_empty()).then(|| Value {
            key,
            text,
            raw: self.text.get(token.span.clone()).unwrap_or_default(),
            quoted,
            span: token.span.clone(),
            last: token.span.end == self.text.len(),
        })
    }

    /// Whether the next token stands directly after the last one.
    fn touches(&self) -> bool {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let next = self.peek();
        last.zip(next)
            .is_none_or(|(last, next)| last.span.end == next.span.start)
    }
}

/// One node by itself, several joined.
fn single(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 {
        nodes.pop().unwrap_or_default()
    } else {
        join(nodes)
    }
}

fn deeper(depth: usize, opening: &Token) -> Result<(), Fault> {
    if depth < DEEPEST {
        return Ok(());
    }
    Err(fault(opening.span.clone(), FaultKind::TooDeep))
}
