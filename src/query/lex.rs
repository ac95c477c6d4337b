//! Text to tokens: quotes, brackets, keys, words; full-width punctuation folds first.
//!
//! Invariant: the tokens' spans are byte offsets into the text as typed.

use crate::query::Span;
use crate::query::fault::Fault;
use crate::query::fault::FaultKind;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// A bare word, or a value after a key, a comma or a mark; folded.
    Word(String),
    /// A text in quotes, as typed.
    Quoted(String),
    /// The word before a colon; the span holds the colon.
    Key(String),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `hh(`
    Household,
    /// `|`, `or`
    Or,
    /// `-`, `!`
    Not,
    /// `@`
    View,
    /// `=`
    Literal,
    /// `+`
    Category,
    /// `,`
    Comma,
}

/// The marks that stand directly before a term.
const MARKS: &[(char, TokenKind)] = &[
    ('-', TokenKind::Not),
    ('!', TokenKind::Not),
    ('@', TokenKind::View),
    ('=', TokenKind::Literal),
    ('+', TokenKind::Category),
];

/// The signs that stand for themselves everywhere outside quotes.
const SIGNS: &[(char, TokenKind)] = &[
    ('(', TokenKind::Open),
    (')', TokenKind::Close),
    ('|', TokenKind::Or),
    (',', TokenKind::Comma),
];

const OR: &[&str] = &["or", "或"];

const HOUSEHOLD: &[&str] = &["hh", "户", "同户"];

/// What the Chinese input method types for the language's signs, beside the full-width forms.
const FOLDED: &[(char, char)] = &[
    ('\u{3000}', ' '),
    ('。', '.'),
    ('、', ','),
    ('“', '"'),
    ('”', '"'),
    ('《', '<'),
    ('》', '>'),
];

/// A character as the language reads it: full-width forms as ASCII.
pub fn fold(c: char) -> char {
    if let '\u{ff01}'..='\u{ff5e}' = c {
        // The full-width forms stand in the same order as ASCII.
        return char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
    }
    FOLDED
        .iter()
        .find(|(wide, _)| *wide == c)
        .map_or(c, |(_, narrow)| *narrow)
}

/// Cuts a text into tokens. The only fault is a quote that is not closed.
pub fn lex(text: &str) -> Result<Vec<Token>, Fault> {
    let mut lexer = Lexer {
        chars: text.char_indices().collect(),
        end: text.len(),
        at: 0,
        tokens: Vec::new(),
    };
    while lexer.skip_space() {
        lexer.token()?;
    }
    Ok(lexer.tokens)
}

/// Whether a text stands for itself after a key, without quotes.
pub fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| fold(c) == c && !ends_word(c))
}

/// Whether a text stands for itself as a bare word.
pub fn is_bare(text: &str) -> bool {
    let marked = |c: char| MARKS.iter().any(|(mark, _)| *mark == c);
    is_plain(text) && !text.contains(':') && !text.starts_with(marked) && !is_one_of(OR, text)
}

/// A text as a value: in quotes where it needs them.
pub fn spelled(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quote(text)
    }
}

/// A text in quotes.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        if fold(c) == '"' || c == '\\' {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Whether a character, once folded, ends a word.
pub(crate) fn ends_word(c: char) -> bool {
    c.is_whitespace() || c == '"' || SIGNS.iter().any(|(sign, _)| *sign == c)
}

fn is_one_of(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

struct Lexer {
    chars: Vec<(usize, char)>,
    end: usize,
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer {
    /// The next character, folded.
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|(_, c)| fold(*c))
    }

    /// The byte offset of a character.
    fn offset(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.end, |(offset, _)| *offset)
    }

    /// Skips space; whether anything is left.
    fn skip_space(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.chars.len()
    }

    fn push(&mut self, from: usize, kind: TokenKind) {
        let span = self.offset(from)..self.offset(self.at);
        self.tokens.push(Token { kind, span });
    }

    fn token(&mut self) -> Result<(), Fault> {
        let from = self.at;
        let Some(c) = self.peek() else { return Ok(()) };
        if c == '"' {
            return self.quoted(from);
        }
        let sign = SIGNS.iter().find(|(sign, _)| *sign == c);
        let mark = || MARKS.iter().find(|(mark, _)| *mark == c);
        let in_value = self.in_value();
        if let Some((_, kind)) = sign.or_else(|| if in_value { None } else { mark() }) {
            self.at += 1;
            self.push(from, kind.clone());
        } else if in_value {
            let word = self.word(|_| false);
            self.push(from, TokenKind::Word(word));
        } else {
            self.bare(from);
        }
        Ok(())
    }

    /// Whether a value must stand here: directly after a key, a comma or a mark that takes one.
    fn in_value(&self) -> bool {
        let here = self.offset(self.at);
        self.tokens.last().is_some_and(|last| {
            let takes = match last.kind {
                TokenKind::Key(_)
                | TokenKind::Comma
                | TokenKind::View
                | TokenKind::Literal
                | TokenKind::Category => true,
                TokenKind::Word(_)
                | TokenKind::Quoted(_)
                | TokenKind::Open
                | TokenKind::Close
                | TokenKind::Household
                | TokenKind::Or
                | TokenKind::Not => false,
            };
            takes && last.span.end == here
        })
    }

    fn word(&mut self, stops: fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(c) = self.peek().filter(|c| !ends_word(*c) && !stops(*c)) {
            word.push(c);
            self.at += 1;
        }
        word
    }

    fn bare(&mut self, from: usize) {
        let word = self.word(|c| c == ':');
        let kind = match self.peek() {
            Some(':') => {
                self.at += 1;
                TokenKind::Key(word)
            }
            Some('(') if is_one_of(HOUSEHOLD, &word) => {
                self.at += 1;
                TokenKind::Household
            }
            _ if is_one_of(OR, &word) => TokenKind::Or,
            _ => TokenKind::Word(word),
        };
        self.push(from, kind);
    }

    fn quoted(&mut self, from: usize) -> Result<(), Fault> {
        let mut text = String::new();
        self.at += 1;
        while let Some((_, c)) = self.chars.get(self.at).copied() {
            let next = self.chars.get(self.at + 1).map(|(_, next)| *next);
            let escaped = next.filter(|next| c == '\\' && (fold(*next) == '"' || *next == '\\'));
            self.at += if escaped.is_some() { 2 } else { 1 };
            if escaped.is_none() && fold(c) == '"' {
                self.push(from, TokenKind::Quoted(text));
                return Ok(());
            }
            text.push(escaped.unwrap_or(c));
        }
        Err(Fault {
            span: self.offset(from)..self.offset(from + 1),
            kind: FaultKind::Unclosed('"'),
            suggestion: None,
            incomplete: true,
        })
    }
}
