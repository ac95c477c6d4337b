//! What a worker says of one person, as one act.
//!
//! Invariant: the act's text names every word of it, so that the log can tell it again.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::bulk::SOURCE;
use crate::app::rows::is_sensitive;
use crate::index::Index;
use crate::model::Lang;
use crate::model::assertion::Status;
use crate::model::change::Act;
use crate::model::classify;
use crate::model::classify::Saying;
use crate::model::draft::Draft;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;

/// One word about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// In this category, or not, or in doubt; and what shows it. An axis stands for all of it.
    Say(CategoryCode, Status, Option<String>),
    /// What stood about this category has ended.
    End(CategoryCode),
}

/// The act that says these words today; none when they change nothing.
pub fn speak(desk: &Desk<'_>, person: PersonId, words: &[Word]) -> Option<Effect> {
    let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
    let mut draft = Draft::new(desk.index.book());
    let today = desk.now.today;
    for word in words {
        match word {
            Word::Say(category, status, evidence) => {
                let saying = Saying {
                    category,
                    status: *status,
                    since: today,
                    evidence: evidence.as_deref(),
                    source: SOURCE,
                };
                classify::say(&mut draft, person, &saying, &mut mint);
            }
            Word::End(category) => {
                classify::withdraw(&mut draft, person, category, today);
            }
        }
    }
    let changes = draft.finish();
    let act = Act::Classify {
        what: words.iter().map(sign).collect::<Vec<_>>().join(" "),
        people: 1,
    };
    (!changes.is_empty()).then_some(Effect::Commit(act, changes))
}

/// A word as the log keeps it: `+E6`, `-E6`, `?E`.
fn sign(word: &Word) -> String {
    match word {
        Word::Say(code, Status::Confirmed, _) => format!("+{code}"),
        Word::Say(code, Status::Doubtful, _) => format!("?{code}"),
        Word::Say(code, Status::Declined, _) | Word::End(code) => format!("-{code}"),
    }
}

/// An act's text in words: `+E6 -E` as `+下岗职工 -就业身份`; sensitive categories stay masked, and what
/// is hidden from the role is left out.
pub fn told(index: &Index, lang: Lang, what: &str) -> String {
    let one = |word: &str| {
        let mut rest = word.chars();
        let sign = rest.next().unwrap_or_default();
        let code = CategoryCode(rest.as_str().to_owned());
        match index.book().category(&code) {
            Some(_) if index.hides(&code) => None,
            Some(_) if is_sensitive(index, &code) => Some(format!("{sign}***")),
            Some(category) => Some(format!("{sign}{}", category.name(lang))),
            None => Some(word.to_owned()),
        }
    };
    what.split_whitespace()
        .filter_map(one)
        .collect::<Vec<_>>()
        .join(" ")
}
