//! `jumin log`: who did what and when, of the register or of one person.
//!
//! Invariant: every commit is told, also looks, exports and undoes; closely kept values stay
//! masked.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::change::Tally;
use crate::model::codes;
use crate::model::date::minute_of;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table as Records;
use crate::model::mask;
use crate::model::value::Value;
use crate::model::visit;
use crate::words::Arg;
use std::collections::HashSet;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "PERSON", allow_hyphen_values = true)]
    person: Option<String>,
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let register = desk.open()?;
    let index = register.index();
    let person = args
        .person
        .as_deref()
        .map(|text| ask::one(text, index, desk))
        .transpose()?;
    let commits = register.log(person, args.limit)?;
    let undone: HashSet<CommitId> = commits.iter().filter_map(|commit| commit.undoes).collect();
    let headings = [
        "cli-log-commit",
        "cli-log-when",
        "cli-log-who",
        "cli-log-changes",
        "cli-log-what",
    ];
    let mut table = Table::new(headings.map(|key| desk.words.say(key)).to_vec()).right([3]);
    for commit in &commits {
        table.row(row(commit, &undone, index, desk));
        let told = person.map_or_else(Vec::new, |person| details(commit, person, index, desk));
        for line in told {
            let blank = String::new;
            table.row(vec![
                blank(),
                blank(),
                blank(),
                blank(),
                format!("  {line}"),
            ]);
        }
    }
    desk.lines(&table.lines())?;
    Ok(Exit::Done)
}

fn row(commit: &Commit, undone: &HashSet<CommitId>, index: &Index, desk: &Desk) -> Vec<String> {
    let mut what = match commit.undoes {
        Some(id) => desk
            .words
            .tell("cli-act-undo-of", &[("commit", id.short().into())]),
        None => act(&commit.act, index, desk),
    };
    if undone.contains(&commit.id) {
        what = desk.words.tell("cli-act-undone", &[("what", what.into())]);
    }
    vec![
        commit.id.short(),
        minute_of(commit.stamp.milliseconds()),
        commit.worker.clone(),
        crate::words::grouped(commit.changes.len() as u64),
        what,
    ]
}

/// The outcomes of a ledger's rows, those that there were.
fn tallied(tally: &Tally, desk: &Desk) -> String {
    let counts = [
        ("cli-verdict-new", tally.new),
        ("cli-verdict-updated", tally.updated),
        ("cli-verdict-same", tally.same),
        ("cli-verdict-conflicts", tally.conflicts),
        ("cli-verdict-undecided", tally.undecided),
        ("cli-verdict-rejected", tally.rejected),
        ("cli-verdict-skipped", tally.skipped),
    ];
    let some = counts.into_iter().filter(|(_, count)| *count > 0);
    let told = some.map(|(key, count)| {
        let count = crate::words::grouped(count);
        format!("{} {count}", desk.words.say(key))
    });
    told.collect::<Vec<_>>().join(" ")
}

/// An act in words.
pub(crate) fn act(act: &Act, index: &Index, desk: &Desk) -> String {
    let (key, args): Told = match act {
        Act::Init => ("cli-act-init", vec![]),
        Act::Demo { residents, seed } => (
            "cli-act-demo",
            vec![
                ("residents", (*residents).into()),
                ("seed", seed.to_string().into()),
            ],
        ),
        Act::Import { file, new, updated } => (
            "cli-act-import",
            vec![
                ("file", file.as_str().into()),
                ("new", (*new).into()),
                ("updated", (*updated).into()),
            ],
        ),
        Act::Ledger { file, sheet, tally } => (
            if sheet == file {
                "cli-act-ledger-alone"
            } else {
                "cli-act-ledger"
            },
            vec![
                ("file", file.as_str().into()),
                ("sheet", sheet.as_str().into()),
                ("counts", tallied(tally, desk).into()),
            ],
        ),
        Act::Classify { what, people } => (
            "cli-act-classify",
            vec![("what", what.as_str().into()), ("people", (*people).into())],
        ),
        Act::Edit => ("cli-act-edit", vec![]),
        Act::Undo => ("cli-act-undo", vec![]),
        Act::View => ("cli-act-view", vec![]),
        Act::Reveal { subject, field } => look(*subject, *field, index, desk),
        Act::Export {
            file,
            people,
            purpose,
        } => sent(file, *people, purpose.as_deref(), desk),
        Act::Setting => ("cli-act-setting", vec![]),
        Act::Enter => ("act-enter", vec![]),
        Act::Merge { .. } => ("act-merge", vec![]),
        Act::Part { .. } => ("act-part", vec![]),
        Act::Apart { .. } => ("act-apart", vec![]),
        Act::Visit {
            result,
            verified,
            people,
        } => visited(result, *verified, *people, desk),
    };
    desk.words.tell(key, &args)
}

/// A message's key and what fills it.
type Told = (&'static str, Vec<(&'static str, Arg)>);

fn sent(file: &str, people: u64, purpose: Option<&str>, desk: &Desk) -> Told {
    let masked = desk.words.say("cli-act-masked");
    let args = vec![
        ("file", file.into()),
        ("people", people.into()),
        ("purpose", purpose.map_or(masked, str::to_owned).into()),
    ];
    ("cli-act-export", args)
}

fn look(subject: Subject, number: FieldNo, index: &Index, desk: &Desk) -> Told {
    let label = field::of(subject.table, number).map_or("", |field| field.label(desk.lang()));
    let record = index.book().record(subject);
    let name = record.and_then(|record| record.text(crate::model::person::NAME));
    let args = vec![
        ("field", label.into()),
        ("name", name.unwrap_or_default().into()),
    ];
    ("cli-act-reveal", args)
}

fn visited(result: &str, verified: bool, people: u64, desk: &Desk) -> Told {
    let key = if verified {
        "cli-act-verified"
    } else {
        "cli-act-visit"
    };
    let name = codes::name("visit-result", result, desk.lang()).unwrap_or(result);
    (
        key,
        vec![("result", name.into()), ("people", people.into())],
    )
}

/// What a commit changed about one person: fields, and categories by their names.
fn details(commit: &Commit, person: PersonId, index: &Index, desk: &Desk) -> Vec<String> {
    let about = |subject: Subject| match subject.table {
        Records::Person => subject == person.subject(),
        Records::Assertion => index
            .book()
            .record(subject)
            .is_some_and(|record| record.link(crate::model::assertion::PERSON) == Some(person.0)),
        Records::Visit => index
            .book()
            .record(subject)
            .is_some_and(|record| record.link(visit::PERSON) == Some(person.0)),
        Records::Household
        | Records::Dwelling
        | Records::Category
        | Records::View
        | Records::Setting => false,
    };
    let changes = commit.changes.iter().filter(|change| about(change.subject));
    changes
        .filter_map(|change| detail(change, index, desk))
        .collect()
}

fn detail(change: &Change, index: &Index, desk: &Desk) -> Option<String> {
    let field = field::of(change.subject.table, change.field)?;
    let shown = |value: &Option<Value>| match value {
        None => desk.words.say("cli-nothing"),
        Some(Value::Link(_)) => String::new(),
        Some(Value::Code(code)) if change.field == crate::model::assertion::CATEGORY => {
            let code = crate::model::ids::CategoryCode(code.clone());
            ask::category(&code, index, desk, false).unwrap_or_default()
        }
        Some(value) => mask::show(field, value, desk.lang()),
    };
    if matches!(&change.new, Some(Value::Link(_))) {
        return None;
    }
    let label = field.label(desk.lang());
    let new = shown(&change.new);
    Some(match &change.old {
        None => format!("{label}: {new}"),
        old @ Some(_) => format!("{label}: {} -> {new}", shown(old)),
    })
}
