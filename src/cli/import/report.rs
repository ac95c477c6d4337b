//! What an import found, for people and as JSON.
//!
//! Invariant: closely kept cells are told by row and column, never by their text.

use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::exchange::intake::Meaning;
use crate::exchange::intake::Plan;
use crate::exchange::intake::Reason;
use crate::exchange::intake::Row;
use crate::exchange::intake::Verdict;
use crate::model::Lang;
use crate::model::change::Commit;
use crate::model::field::Masking;
use crate::model::ids::CategoryCode;
use crate::words::Words;
use crate::words::grouped;
use serde_json::Value as Json;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// How many row numbers are named before "and so on".
const NAMED: usize = 8;

/// Prints counts, columns, and what was not taken.
pub(super) fn print(plan: &Plan, desk: &mut Desk) -> Result<(), Fault> {
    let place = [
        ("file", plan.file.as_str().into()),
        ("sheet", plan.sheet.as_str().into()),
        ("row", plan.heading_row.to_string().into()),
    ];
    desk.tell("cli-import-file", &place)?;
    let parts = [
        ("cli-import-columns", columns(plan, desk)),
        ("cli-import-refused", refused(plan, desk)),
        ("cli-import-problems", problems(plan, &desk.words)),
    ];
    for (heading, table) in parts {
        let lines = table.lines();
        if !lines.is_empty() {
            desk.line("")?;
            desk.tell(heading, &[])?;
        }
        for line in lines {
            desk.line(&format!("  {line}"))?;
        }
    }
    desk.line("")?;
    desk.lines(&counts(plan, &desk.words).lines())
}

/// The counts by the key of their words; the first is the sum of the others.
fn numbers(plan: &Plan) -> [(&'static str, usize); 7] {
    let counts = plan.counts();
    [
        ("rows", counts.rows),
        ("new", counts.new),
        ("updated", counts.updated),
        ("same", counts.same),
        ("conflicts", counts.conflicts),
        ("rejected", counts.rejected),
        ("skipped", counts.skipped),
    ]
}

fn counts(plan: &Plan, words: &Words) -> Table {
    let mut table = Table::bare().right([1]);
    for (key, count) in numbers(plan) {
        table.row(vec![
            words.say(&format!("cli-verdict-{key}")),
            grouped(count as u64),
        ]);
    }
    table
}

fn columns(plan: &Plan, desk: &Desk) -> Table {
    let mut table = Table::bare();
    for column in &plan.columns {
        table.row(vec![column.heading.clone(), meaning(&column.meaning, desk)]);
    }
    table
}

fn meaning(meaning: &Meaning, desk: &Desk) -> String {
    match meaning {
        Meaning::Field(field) => field.label(desk.lang()).to_owned(),
        Meaning::Category(None) => desk.words.say("cli-meaning-categories"),
        Meaning::Category(Some(code)) => {
            let code = CategoryCode(code.clone());
            desk.words
                .tell("cli-meaning-category", &[("code", code.0.into())])
        }
        Meaning::Serial => desk.words.say("cli-meaning-serial"),
        Meaning::Age => desk.words.say("cli-age"),
        Meaning::Unknown => desk.words.say("cli-meaning-unknown"),
        Meaning::Forbidden => desk.words.say("cli-meaning-forbidden"),
    }
}

/// Rows that are refused or contradict what is there, grouped by the reason.
fn refused(plan: &Plan, desk: &Desk) -> Table {
    let told = plan.rows.iter().filter_map(|row| {
        let why = match &row.verdict {
            Verdict::Rejected(reason) => self::reason(reason, plan, desk.lang()),
            Verdict::Conflict(fields) => {
                let labels: Vec<&str> = fields
                    .iter()
                    .map(|(field, ..)| field.label(desk.lang()))
                    .collect();
                desk.words.tell(
                    "cli-reason-conflict",
                    &[("fields", labels.join("、").into())],
                )
            }
            Verdict::New | Verdict::Updated | Verdict::Same | Verdict::Skipped(_) => return None,
        };
        Some((why, row.number))
    });
    by_reason(told, &desk.words)
}

/// Cells that were not taken although their rows were, grouped by column and reason.
fn problems(plan: &Plan, words: &Words) -> Table {
    let told = plan.rows.iter().flat_map(|row| {
        let what = |(heading, text, why): &(String, String, String)| {
            let cell = if is_open(heading, plan) {
                format!(" {text}")
            } else {
                String::new()
            };
            (format!("{heading}{cell}: {why}"), row.number)
        };
        row.problems.iter().map(what)
    });
    by_reason(told, words)
}

fn by_reason(told: impl Iterator<Item = (String, usize)>, words: &Words) -> Table {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (why, row) in told {
        groups.entry(why).or_default().push(row);
    }
    let mut table = Table::bare().right([0]);
    for (why, rows) in groups {
        let named: Vec<String> = rows.iter().take(NAMED).map(usize::to_string).collect();
        let more = if rows.len() > NAMED { " .." } else { "" };
        let rows_told = words.tell(
            "cli-rows",
            &[("rows", format!("{}{more}", named.join(" ")).into())],
        );
        table.row(vec![grouped(rows.len() as u64), why, rows_told]);
    }
    table
}

/// Whether the text of a column's cells may be shown.
fn is_open(heading: &str, plan: &Plan) -> bool {
    let column = plan.columns.iter().find(|column| column.heading == heading);
    match column.map(|column| &column.meaning) {
        Some(Meaning::Field(field)) => field.masking == Masking::Open,
        Some(Meaning::Forbidden) => false,
        Some(Meaning::Category(_) | Meaning::Serial | Meaning::Age | Meaning::Unknown) | None => {
            true
        }
    }
}

/// A reason in words, without the text of a closely kept cell.
fn reason(reason: &Reason, plan: &Plan, lang: Lang) -> String {
    match reason {
        Reason::Cell(heading, _) if !is_open(heading, plan) => {
            Reason::Cell(heading.clone(), "***".into()).say(lang)
        }
        Reason::Blank
        | Reason::AboveHeading
        | Reason::Heading
        | Reason::Total
        | Reason::Signature
        | Reason::NoName
        | Reason::Repeated(_)
        | Reason::OtherName(_)
        | Reason::Ambiguous
        | Reason::Cell(..) => reason.say(lang),
    }
}

/// The report as one JSON object, its words in English.
pub(super) fn json(plan: &Plan, rejects: Option<&Path>, commit: Option<&Commit>) -> Json {
    let counts: serde_json::Map<String, Json> = numbers(plan)
        .iter()
        .map(|(key, count)| ((*key).to_owned(), json!(count)))
        .collect();
    json!({
        "file": plan.file,
        "sheet": plan.sheet,
        "heading_row": plan.heading_row,
        "columns": plan.columns.iter().map(|column| json!({
            "heading": column.heading,
            "meaning": meaning_key(&column.meaning),
        })).collect::<Vec<_>>(),
        "counts": counts,
        "rows": plan.rows.iter().map(|row| row_json(row, plan)).collect::<Vec<_>>(),
        "rejects": rejects.map(|path| path.display().to_string()),
        "commit": commit.map(|commit| commit.id.short()),
    })
}

fn meaning_key(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Field(field) => field.key.to_owned(),
        Meaning::Category(None) => "category".into(),
        Meaning::Category(Some(code)) => format!("category:{code}"),
        Meaning::Serial => "serial".into(),
        Meaning::Age => "age".into(),
        Meaning::Unknown => "unknown".into(),
        Meaning::Forbidden => "forbidden".into(),
    }
}

fn row_json(row: &Row, plan: &Plan) -> Json {
    let (verdict, why) = match &row.verdict {
        Verdict::New => ("new", None),
        Verdict::Updated => ("updated", None),
        Verdict::Same => ("same", None),
        Verdict::Conflict(fields) => {
            let keys: Vec<&str> = fields.iter().map(|(field, ..)| field.key).collect();
            ("conflict", Some(keys.join(" ")))
        }
        Verdict::Rejected(why) => ("rejected", Some(reason(why, plan, Lang::En))),
        Verdict::Skipped(why) => ("skipped", Some(reason(why, plan, Lang::En))),
    };
    let problems: Vec<Json> = row
        .problems
        .iter()
        .map(|(heading, _, why)| json!({ "heading": heading, "why": why }))
        .collect();
    json!({ "row": row.number, "verdict": verdict, "why": why, "problems": problems })
}
