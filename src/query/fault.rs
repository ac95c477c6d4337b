//! What is wrong with a query: where, what was found, what was expected, what was meant.
//!
//! Invariant: a fault names a span of the text as typed.

use crate::model::Lang;
use crate::query::Span;
use crate::query::keys;
use crate::query::parse::DEEPEST;
use crate::query::parse::LONGEST;
use unicode_width::UnicodeWidthStr;

/// Why a text is not a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: FaultKind,
    /// The nearest thing that would be right, ready to replace the span.
    pub suggestion: Option<String>,
    /// The text only ends too early at the caret (`age:`): not an error while it is being typed.
    pub incomplete: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// No such key.
    UnknownKey(String),
    /// The key wants something else: the key, what it wants, what was found.
    BadValue {
        /// The key.
        key: String,
        /// What it wants, such as `number`.
        wants: Wants,
        /// What was found.
        found: String,
    },
    /// No category has this name.
    UnknownCategory(String),
    /// No view has this name.
    UnknownView(String),
    /// `sort:` stands once, with one value, outside brackets.
    Misplaced(String),
    /// Opened here and not closed.
    Unclosed(char),
    /// Closed here and never opened.
    Unopened(char),
    /// Something should follow here.
    Missing,
    /// It asks for what is hidden from the role.
    Closed(String),
    /// Nested deeper than [`DEEPEST`].
    TooDeep,
    /// Longer than [`LONGEST`] characters.
    TooLong,
}

/// What a key wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// A number or a range of numbers.
    Number,
    /// A date or a range of dates.
    Date,
    /// A date, a distance from today, or a range of them.
    When,
    /// One of the words that the key knows.
    Word,
    /// Yes or no.
    Flag,
    /// A code of the field's table, or its name.
    Code,
}

impl Wants {
    /// What is wanted, in words; the words themselves where the key has a few.
    fn say(self, key: &str, lang: Lang) -> String {
        if let Some(words) = keys::find(key).and_then(|sense| keys::choices(sense, lang)) {
            let words = words.join(lang.pick("、", ", "));
            return match lang {
                Lang::Zh => format!("{words}之一"),
                Lang::En => format!("one of {words}"),
            };
        }
        let (zh, en) = match self {
            Wants::Number => (
                "数字或范围（如 50..60）",
                "a number or a range such as 50..60",
            ),
            Wants::Date => (
                "日期或范围（如 2024-05..）",
                "a date or a range such as 2024-05..",
            ),
            Wants::When => (
                "日期、距今多久或范围（如 2024-05..、..90d、+7d、month）",
                "a date, a distance or a range such as 2024-05.., ..90d, +7d, month",
            ),
            Wants::Word => ("一个词", "a word"),
            Wants::Flag => ("“是”或“否”", "yes or no"),
            Wants::Code => ("代码表里的名称或代码", "a name or code of its table"),
        };
        lang.pick(zh, en).to_owned()
    }
}

impl Fault {
    /// The fault as one line, in Anki's manner: what was found, what is missing, how to search it
    /// literally.
    pub fn say(&self, lang: Lang) -> String {
        let (what, aside) = match lang {
            Lang::Zh => self.zh(),
            Lang::En => self.en(),
        };
        let meant = self.suggestion.as_deref().map(|meant| match lang {
            Lang::Zh => format!("，是不是 {meant}？"),
            Lang::En => format!(" — did you mean {meant}?"),
        });
        let end = lang.pick("。", ".");
        let aside = aside.map(|aside| lang.pick("", " ").to_owned() + aside + end);
        what + meant.as_deref().unwrap_or(end) + aside.as_deref().unwrap_or_default()
    }

    /// The text's line under which to draw, in cells: spaces, then a caret under each cell of the
    /// span.
    pub fn carets(&self, text: &str) -> String {
        let before = text.get(..self.span.start).unwrap_or_default();
        let under = text.get(self.span.clone()).unwrap_or_default();
        " ".repeat(before.width()) + &"^".repeat(under.width().max(1))
    }

    /// What is wrong, and how to search for the text itself.
    fn zh(&self) -> (String, Option<&'static str>) {
        let quotes = Some("要按原文查找，请加引号");
        match &self.kind {
            FaultKind::UnknownKey(key) => (format!("没有“{key}:”这个字段"), quotes),
            FaultKind::BadValue { key, wants, found } => {
                let wants = wants.say(key, Lang::Zh);
                (format!("“{key}:”后面应是{wants}，却是“{found}”"), None)
            }
            FaultKind::UnknownCategory(name) => (format!("没有“{name}”这个类别"), quotes),
            FaultKind::UnknownView(name) => (format!("没有“{name}”这个视图"), None),
            FaultKind::Misplaced(key) => {
                (format!("“{key}:”只能写一次、一个值，并写在括号外"), None)
            }
            FaultKind::Unclosed(sign) => (format!("{sign} 在这里打开，没有关闭"), None),
            FaultKind::Unopened(sign) => (format!("{sign} 在这里关闭，前面没有打开"), None),
            FaultKind::Missing => ("这里还缺内容".into(), None),
            FaultKind::Closed(asked) => (
                format!("“{asked}”涉及您的权限看不到的内容，也就不能查询"),
                None,
            ),
            FaultKind::TooDeep => (format!("括号套得太深，最多 {DEEPEST} 层"), None),
            FaultKind::TooLong => (format!("查询太长，最多 {LONGEST} 个字"), None),
        }
    }

    fn en(&self) -> (String, Option<&'static str>) {
        let quotes = Some("To search for the text itself, put it in quotes");
        match &self.kind {
            FaultKind::UnknownKey(key) => (format!("there is no field \"{key}:\""), quotes),
            FaultKind::BadValue { key, wants, found } => {
                let wants = wants.say(key, Lang::En);
                (
                    format!("\"{key}:\" expected {wants}, found \"{found}\""),
                    None,
                )
            }
            FaultKind::UnknownCategory(name) => {
                (format!("there is no category \"{name}\""), quotes)
            }
            FaultKind::UnknownView(name) => (format!("there is no view \"{name}\""), None),
            FaultKind::Misplaced(key) => (
                format!("\"{key}:\" stands once, with one value, outside brackets"),
                None,
            ),
            FaultKind::Unclosed(sign) => (format!("{sign} is opened here and not closed"), None),
            FaultKind::Unopened(sign) => {
                (format!("{sign} is closed here and was never opened"), None)
            }
            FaultKind::Missing => ("something should follow here".into(), None),
            FaultKind::Closed(asked) => (
                format!("\"{asked}\" asks for what your role may not see, and so may not ask for"),
                None,
            ),
            FaultKind::TooDeep => (format!("nested deeper than {DEEPEST}"), None),
            FaultKind::TooLong => (format!("longer than {LONGEST} characters"), None),
        }
    }
}
