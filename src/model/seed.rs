//! What a new register starts from: `seeds/categories.toml` and `seeds/views.toml`.
//!
//! Invariant: seeds become ordinary records in the register's first commit, and the user's own: a
//! record that stands is never planted over.

use crate::model::category;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::value::Value;
use crate::model::view;
use serde::Deserialize;
use std::collections::HashSet;

/// The starter taxonomy: its name and its text.
const CATEGORIES: (&str, &str) = (
    "seeds/categories.toml",
    include_str!("../../seeds/categories.toml"),
);

/// The views of the first day: their name and their text.
const VIEWS: (&str, &str) = ("seeds/views.toml", include_str!("../../seeds/views.toml"));

/// Why a seed file cannot be used: which file, which entry, what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct SeedFault {
    /// The file.
    pub file: &'static str,
    /// What is wrong.
    pub what: String,
}

/// Drafts the starter taxonomy and the day-one views.
pub fn plant(draft: &mut Draft<'_>) -> Result<(), SeedFault> {
    plant_categories(draft, CATEGORIES.1)?;
    plant_views(draft, VIEWS.1)
}

/// Drafts a taxonomy that is written as `seeds/categories.toml` is.
pub fn plant_categories(draft: &mut Draft<'_>, text: &str) -> Result<(), SeedFault> {
    let fault = |what| SeedFault {
        file: CATEGORIES.0,
        what,
    };
    let taxonomy: Taxonomy = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    taxonomy.check().map_err(fault)?;
    let mut rank = 0;
    for axis in &taxonomy.axis {
        rank += 1;
        write(draft, Table::Category, &axis.code, axis.values(rank));
        for category in &axis.category {
            rank += 1;
            let values = category.values(axis, rank);
            write(draft, Table::Category, &category.code, values);
        }
    }
    Ok(())
}

/// Drafts views that are written as `seeds/views.toml` is.
pub fn plant_views(draft: &mut Draft<'_>, text: &str) -> Result<(), SeedFault> {
    let fault = |what| SeedFault {
        file: VIEWS.0,
        what,
    };
    let views: Views = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
    once(views.view.iter().map(|view| view.key.as_str())).map_err(fault)?;
    for (rank, view) in (1..).zip(&views.view) {
        write(draft, Table::View, &view.key, view.values(rank));
    }
    Ok(())
}

/// Fields and the values that an entry gives them.
type Values = Vec<(FieldNo, Option<Value>)>;

/// Drafts one record, unless it stands already.
fn write(draft: &mut Draft<'_>, table: Table, key: &str, values: Values) {
    let subject = Subject::spelled(table, key);
    if draft.book().record(subject).is_some() {
        return;
    }
    for (field, value) in values {
        draft.set(subject, field, value);
    }
}

/// The first key that is too long for an id or stands twice.
fn once<'a>(keys: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for key in keys {
        if key.is_empty() || key.len() > 16 {
            return Err(format!("{key:?}: a key has 1 to 16 bytes"));
        }
        if !seen.insert(key) {
            return Err(format!("{key} stands twice"));
        }
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Taxonomy {
    axis: Vec<AxisSeed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisSeed {
    code: String,
    zh: String,
    en: String,
    key: String,
    colour: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    digits: Vec<String>,
    #[serde(default)]
    category: Vec<CategorySeed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategorySeed {
    code: String,
    zh: String,
    en: String,
    aliases: Vec<String>,
    exclusive: Option<String>,
    kind: KindSeed,
    rule: Option<String>,
    reason_zh: Option<String>,
    reason_en: Option<String>,
    #[serde(default)]
    sensitivity: i64,
    key: Option<String>,
    colour: Option<String>,
    review_days: Option<i64>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
enum KindSeed {
    D,
    S,
    A,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Views {
    view: Vec<ViewSeed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewSeed {
    key: String,
    zh: String,
    en: String,
    query: String,
    #[serde(default)]
    columns: Vec<String>,
}

impl Taxonomy {
    /// What would make a register stumble later: said now, with the entry's code.
    fn check(&self) -> Result<(), String> {
        let categories = || self.axis.iter().flat_map(|axis| &axis.category);
        let axes = self.axis.iter().map(|axis| axis.code.as_str());
        once(axes.chain(categories().map(|category| category.code.as_str())))?;
        for category in categories() {
            let told = [&category.rule, &category.reason_zh, &category.reason_en];
            let ruled = category.kind != KindSeed::A;
            if told.iter().any(|one| one.is_some() != ruled) {
                let code = &category.code;
                return Err(format!(
                    "{code}: D and S have a rule and its reasons, A has none"
                ));
            }
        }
        for axis in &self.axis {
            let own = |code: &&String| axis.category.iter().any(|one| one.code == **code);
            if let Some(stray) = axis.digits.iter().find(|code| !own(code)) {
                return Err(format!(
                    "{}: digits name {stray}, not in the axis",
                    axis.code
                ));
            }
        }
        Ok(())
    }
}

impl AxisSeed {
    fn values(&self, rank: i64) -> Values {
        vec![
            (category::CODE, text(&self.code)),
            (category::ZH, text(&self.zh)),
            (category::EN, text(&self.en)),
            (category::KEY, text(&self.key)),
            (category::COLOUR, text(&self.colour)),
            (category::RANK, Some(Value::Number(rank))),
            (
                category::REQUIRED,
                self.required.then_some(Value::Flag(true)),
            ),
            (category::DIGITS, words(&self.digits)),
        ]
    }
}

impl CategorySeed {
    fn values(&self, axis: &AxisSeed, rank: i64) -> Values {
        let maybe = |value: &Option<String>| value.as_deref().and_then(text);
        vec![
            (category::CODE, text(&self.code)),
            (category::ZH, text(&self.zh)),
            (category::EN, text(&self.en)),
            (category::ALIASES, words(&self.aliases)),
            (category::AXIS, text(&axis.code)),
            (category::EXCLUSIVE, maybe(&self.exclusive)),
            (category::KIND, text(self.kind.letter())),
            (category::RULE, maybe(&self.rule)),
            (category::REASON_ZH, maybe(&self.reason_zh)),
            (category::REASON_EN, maybe(&self.reason_en)),
            (category::SENSITIVITY, Some(Value::Number(self.sensitivity))),
            (category::KEY, maybe(&self.key)),
            (
                category::COLOUR,
                text(self.colour.as_ref().unwrap_or(&axis.colour)),
            ),
            (category::REVIEW_DAYS, self.review_days.map(Value::Number)),
            (category::RANK, Some(Value::Number(rank))),
        ]
    }
}

impl KindSeed {
    fn letter(self) -> &'static str {
        match self {
            KindSeed::D => "D",
            KindSeed::S => "S",
            KindSeed::A => "A",
        }
    }
}

impl ViewSeed {
    fn values(&self, rank: i64) -> Values {
        vec![
            (view::ZH, text(&self.zh)),
            (view::EN, text(&self.en)),
            (view::QUERY, text(&self.query)),
            (view::COLUMNS, words(&self.columns)),
            (view::RANK, Some(Value::Number(rank))),
        ]
    }
}

/// A text as a value; an empty one is none.
fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::Text(text.to_owned()))
}

fn words(words: &[String]) -> Option<Value> {
    (!words.is_empty()).then(|| Value::Words(words.to_vec()))
}
