//! What was done, in words: a commit as a line of history.
//!
//! Invariant: a masked field's values never stand in a history.

use crate::app::rows::SENSITIVE_CATEGORIES;
use crate::app::speak::told as told_signs;
use crate::model::assertion;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::codes;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::removal::How;
use crate::model::role::Sight;
use crate::model::value::Value;
use crate::ui::View;
use crate::words::Arg;

/// A commit in words. `history` is where a commit that was taken back is looked up.
pub fn told(view: &View<'_>, commit: &Commit, history: &[Commit]) -> String {
    let tell =
        |key: &str, name: &str, text: String| view.words.tell(key, &[(name, Arg::from(text))]);
    match &commit.act {
        Act::Init => view.words.say("act-init"),
        Act::Demo { residents, .. } => view
            .words
            .tell("act-demo", &[("residents", Arg::from(*residents))]),
        Act::Import { file, .. } | Act::Ledger { file, .. } => {
            tell("act-import", "file", file.clone())
        }
        Act::Classify { what, .. } => tell(
            "act-classify",
            "what",
            told_signs(view.index, view.app.lang, what),
        ),
        Act::Edit => tell("act-edit", "what", edits(view, &commit.changes)),
        Act::Undo => {
            let of = |one: &&Commit| Some(one.id) == commit.undoes;
            match history.iter().find(of).filter(|one| one.act != Act::Undo) {
                Some(undone) => tell("act-undo", "what", told(view, undone, &[])),
                None => view.words.say("act-undo-older"),
            }
        }
        Act::View => view.words.say("act-view"),
        Act::Setting => view.words.say("act-setting"),
        Act::Reveal { subject, field }
        | Act::Look {
            subject,
            field: Some(field),
            ..
        } => tell("act-reveal", "field", label(view, *subject, *field)),
        Act::Look { .. } => view.words.say("act-look"),
        Act::Send(sent) => tell("act-export", "file", sent.file.clone()),
        Act::Visit {
            result, verified, ..
        } => {
            let key = if *verified {
                "act-verified"
            } else {
                "act-visit"
            };
            let name = codes::name("visit-result", result, view.app.lang).unwrap_or(result);
            tell(key, "result", name.to_owned())
        }
        Act::Export { file, .. } => tell("act-export", "file", file.clone()),
        Act::Enter => view.words.say("act-enter"),
        Act::Merge { .. } => view.words.say("act-merge"),
        Act::Part { .. } => view.words.say("act-part"),
        Act::Apart { .. } => view.words.say("act-apart"),
        Act::Remove { how, .. } => view.words.say(match how {
            How::Anonymise => "act-anonymise",
            How::Remove => "act-remove",
        }),
        Act::Veiled => view.words.say("act-veiled"),
    }
}

/// What an edit changed: `工作单位 - > 蓝海电子`.
fn edits(view: &View<'_>, changes: &[Change]) -> String {
    let one = |change: &Change| {
        let field = field::of(change.subject.table, change.field)?;
        let role = view.index.role();
        (role.field(field) != Sight::Hidden).then_some(())?;
        // What is said of a category is told by the act's own words.
        (change.subject.table != Table::Assertion).then_some(())?;
        let shown = |value: &Option<Value>| {
            let value = value.as_ref();
            value.map_or("-".to_owned(), |value| {
                view.show(change.subject, field, value)
            })
        };
        let label = field.label(view.app.lang);
        Some(format!(
            "{label} {} > {}",
            shown(&change.old),
            shown(&change.new)
        ))
    };
    let told: Vec<String> = changes.iter().filter_map(one).collect();
    told.join("; ")
}

fn label(view: &View<'_>, subject: Subject, number: FieldNo) -> String {
    let categories = (subject.table == Table::Person && number == SENSITIVE_CATEGORIES)
        || (subject.table == Table::Assertion && number == assertion::CATEGORY);
    if categories {
        return view.words.say("act-categories");
    }
    field::of(subject.table, number)
        .map_or(String::new(), |field| field.label(view.app.lang).to_owned())
}
