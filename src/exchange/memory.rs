//! What headings were said to mean, kept for the next ledger with the same headings.
//!
//! Kept as a setting of the register, so that it is undone with the import that brought it.
//!
//! Invariant: what is decided now comes before what is remembered; the text kept is the map that
//! `--map` takes.

use crate::exchange::choices::Choices;
use crate::exchange::heading::normal;
use crate::exchange::intake::Column;
use crate::exchange::rejects::REASON;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::ruling::Meaning;
use crate::model::value::Value;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The choices with what was said the last time about a ledger with these headings; none where
/// nothing was, or all of it is decided anew.
pub(super) fn recall(book: &Book, columns: &[Column], choices: &Choices) -> Option<Choices> {
    let kept = book.record(subject(columns))?;
    let text = kept.text(field::SETTING_TEXT)?;
    let map: BTreeMap<String, String> = toml::from_str(text).ok()?;
    let mut whole = choices.clone();
    for (heading, key) in map {
        if choices.meaning(&heading).is_none()
            && let Some(meaning) = Meaning::of_key(&key).filter(|one| is_known(book, one))
        {
            whole.column(&heading, meaning);
        }
    }
    (whole.columns().count() > choices.columns().count()).then_some(whole)
}

/// Whether the taxonomy still has the category that a column is about.
fn is_known(book: &Book, meaning: &Meaning) -> bool {
    let Meaning::Category(Some(code)) = meaning else {
        return true;
    };
    book.category(code).is_some()
}

/// What keeps these choices for the next ledger with these headings.
pub(super) fn keep(book: &Book, columns: &[Column], choices: &Choices) -> Vec<Change> {
    let map: BTreeMap<&str, String> = choices
        .columns()
        .map(|(heading, meaning)| (heading, meaning.key()))
        .collect();
    let mut draft = Draft::new(book);
    if let Ok(text) = toml::to_string(&map)
        && !map.is_empty()
    {
        let text = Value::Text(text);
        draft.set(subject(columns), field::SETTING_TEXT, Some(text));
    }
    draft.finish()
}

/// The setting of these headings, in whatever order they stand.
fn subject(columns: &[Column]) -> Subject {
    let headings: BTreeSet<String> = columns.iter().map(|one| normal(&one.heading)).collect();
    let mut hash = Sha256::new_with_prefix("map");
    // Refused rows come back with one column more.
    let is_own = |heading: &&String| !heading.is_empty() && *heading != REASON;
    for heading in headings.iter().filter(is_own) {
        hash.update("\n");
        hash.update(heading);
    }
    let hash = hash.finalize();
    Subject {
        table: Table::Setting,
        id: Uuid::from_bytes(std::array::from_fn(|at| hash[at])),
    }
}
