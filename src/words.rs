//! What the program says, in Chinese and English, from `data/words/*.ftl`.
//!
//! Invariant: both languages hold the same messages with the same arguments
//! (`tests/all/words.rs`); nothing that a person reads is spelled in another room.

use crate::model::Lang;
use fluent_bundle::FluentArgs;
use fluent_bundle::FluentResource;
use fluent_bundle::FluentValue;
use fluent_bundle::concurrent::FluentBundle;

/// The sources, by language.
pub const SOURCES: [(Lang, &str, &str); 2] = [
    (Lang::Zh, "zh-CN", include_str!("../data/words/zh-CN.ftl")),
    (Lang::En, "en", include_str!("../data/words/en.ftl")),
];

/// The words of one language.
pub struct Words {
    /// Which language.
    pub lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// The words of a language.
    pub fn new(lang: Lang) -> Words {
        let (_, name, source) = SOURCES[usize::from(lang == Lang::En)];
        let mut bundle = FluentBundle::new_concurrent(vec![name.parse().unwrap_or_default()]);
        // Isolation marks are for bidirectional text; a terminal shows them as rubbish.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(kept, _)| kept);
        bundle.add_resource_overriding(resource);
        Words { lang, bundle }
    }

    /// The message with this key.
    pub fn say(&self, key: &str) -> String {
        self.tell(key, &[])
    }

    /// The message with this key, its arguments filled in. A key without a message is shown in
    /// brackets, so that it is seen and no act fails over a word.
    pub fn tell(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return format!("[{key}]");
        };
        let mut filled = FluentArgs::new();
        for (name, arg) in args {
            filled.set(*name, FluentValue::from(arg));
        }
        self.bundle
            .format_pattern(pattern, Some(&filled), &mut Vec::new())
            .into_owned()
    }

    /// Whether there is a message with this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

/// What fills a place in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A text.
    Text(String),
    /// A number, shown with a comma every three digits.
    Number(u64),
}

impl From<&Arg> for FluentValue<'static> {
    fn from(arg: &Arg) -> Self {
        match arg {
            Arg::Text(text) => FluentValue::from(text.clone()),
            Arg::Number(number) => FluentValue::from(grouped(*number)),
        }
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(text)
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Arg {
        Arg::Number(number as u64)
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Arg {
        Arg::Number(number)
    }
}

/// A number with a comma every three digits: 8,214.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The language of a locale such as `zh_CN.UTF-8`: Chinese unless it names another language.
pub fn of_locale(locale: Option<&str>) -> Lang {
    match locale {
        Some(locale) if locale.to_ascii_lowercase().starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}
