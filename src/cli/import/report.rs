//! What an import found, for people and as JSON.
//!
//! Invariant: closely kept cells are told by row and column, never by their text.

use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::exchange::group::Group;
use crate::exchange::group::Kind;
use crate::exchange::intake::Plan;
use crate::exchange::intake::Reason;
use crate::exchange::verdict::Bond;
use crate::exchange::verdict::Problem;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::Lang;
use crate::model::ids::CommitId;
use crate::model::ruling::Meaning;
use crate::words::Words;
use crate::words::grouped;
use serde_json::Value as Json;
use serde_json::json;
use std::path::Path;

/// How many row numbers are named before "and so on".
const NAMED: usize = 8;
/// How many texts of cells are shown of those that share a trouble.
const SHOWN: usize = 3;

/// Prints counts, columns, and what was not taken.
pub(super) fn print(plan: &Plan, desk: &mut Desk) -> Result<(), Fault> {
    let place = [
        ("file", plan.file.as_str().into()),
        ("sheet", plan.sheet.as_str().into()),
        ("row", plan.heading_row.to_string().into()),
    ];
    // A text has one sheet, which is named like its file.
    let word = if plan.sheet == plan.file {
        "cli-import-alone"
    } else {
        "cli-import-file"
    };
    desk.tell(word, &place)?;
    if plan.recalls {
        desk.tell("cli-import-recalls", &[])?;
    }
    let others: Vec<&str> = others(plan).collect();
    if !others.is_empty() {
        desk.tell("cli-import-others", &[("sheets", others.join("、").into())])?;
    }
    let parts = [
        ("cli-import-columns", columns(plan, desk)),
        (
            "cli-import-refused",
            groups(
                plan,
                desk,
                &[Kind::Rejected, Kind::Undecided, Kind::Conflict],
            ),
        ),
        ("cli-import-life", groups(plan, desk, &[Kind::Life])),
        ("cli-import-problems", groups(plan, desk, &[Kind::Cell])),
        ("cli-import-noted", noted(plan, desk)),
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

/// The sheets that could be taken besides.
fn others(plan: &Plan) -> impl Iterator<Item = &str> {
    let sheets = plan.sheets.iter().map(String::as_str);
    let is_taken = |name: &str| plan.parts.iter().any(|part| part.sheet.name == name);
    sheets.filter(move |name| !is_taken(name))
}

/// The counts by the key of their words; the first is the sum of the others.
fn numbers(plan: &Plan) -> [(&'static str, usize); 8] {
    let counts = plan.counts();
    [
        ("rows", counts.rows),
        ("new", counts.new),
        ("updated", counts.updated),
        ("same", counts.same),
        ("conflicts", counts.conflicts),
        ("undecided", counts.undecided),
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
    let columns = plan.columns.iter().zip(&plan.samples);
    for (column, _) in columns.filter(|(column, sample)| !column.is_blank(sample)) {
        let heading = if column.heading.is_empty() {
            desk.words.say("cli-import-unheaded")
        } else {
            column.heading.clone()
        };
        table.row(vec![heading, meaning(&column.meaning, desk)]);
    }
    table
}

/// What was passed over or taken in a way to know of, and the columns that are blank.
fn noted(plan: &Plan, desk: &Desk) -> Table {
    let mut table = groups(plan, desk, &[Kind::Serial, Kind::Skipped, Kind::Hidden]);
    let blank = plan.blank_columns();
    if blank > 0 {
        let what = desk.words.say("cli-import-blank-columns");
        table.row(vec![grouped(blank as u64), what, String::new()]);
    }
    table
}

fn meaning(meaning: &Meaning, desk: &Desk) -> String {
    match meaning {
        Meaning::Field(field) => field.label(desk.lang()).to_owned(),
        Meaning::Category(None) => desk.words.say("cli-meaning-categories"),
        Meaning::Category(Some(code)) => desk
            .words
            .tell("cli-meaning-category", &[("code", code.0.clone().into())]),
        Meaning::Serial => desk.words.say("cli-meaning-serial"),
        Meaning::Age => desk.words.say("cli-age"),
        Meaning::Unknown => desk.words.say("cli-meaning-unknown"),
        Meaning::Forbidden => desk.words.say("cli-meaning-forbidden"),
    }
}

/// What is wrong of some kinds, the largest group first.
fn groups(plan: &Plan, desk: &Desk, kinds: &[Kind]) -> Table {
    let mut table = Table::bare().right([0]);
    let all = plan.groups(desk.lang());
    for group in all.iter().filter(|group| kinds.contains(&group.kind)) {
        let Group {
            heading, why, rows, ..
        } = group;
        let what = if heading.is_empty() {
            why.clone()
        } else {
            format!("{heading}{}: {why}", texts(plan, group))
        };
        let named: Vec<String> = rows.iter().take(NAMED).map(|row| plan.name(*row)).collect();
        let more = if rows.len() > NAMED { " .." } else { "" };
        let told = desk.words.tell(
            "cli-rows",
            &[("rows", format!("{}{more}", named.join(" ")).into())],
        );
        table.row(vec![grouped(rows.len() as u64), what, told]);
    }
    table
}

/// The texts of the first cells of a group, where they may be shown.
fn texts(plan: &Plan, group: &Group) -> String {
    if group.kind != Kind::Cell || !is_open(&group.heading, plan) {
        return String::new();
    }
    let mut texts: Vec<&str> = Vec::new();
    let mut rows = group.rows.iter().peekable();
    for row in &plan.rows {
        if rows.next_if(|number| **number == row.number).is_none() {
            continue;
        }
        let is_meant = |problem: &&Problem| problem.heading == group.heading;
        for problem in row.problems.iter().filter(is_meant) {
            if !problem.text.is_empty() && !texts.contains(&problem.text.as_str()) {
                texts.push(&problem.text);
            }
        }
        if texts.len() >= SHOWN {
            break;
        }
    }
    texts.truncate(SHOWN);
    texts.insert(0, "");
    texts.join(" ")
}

/// Whether the text of a column's cells may be shown.
fn is_open(heading: &str, plan: &Plan) -> bool {
    let column = plan.columns.iter().find(|column| column.heading == heading);
    match column.map(|column| &column.meaning) {
        Some(Meaning::Field(field)) => !field.masking.is_close(),
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
        Reason::Repeated(row) => Reason::repeated(&plan.name(*row), lang),
        Reason::Blank
        | Reason::AboveHeading
        | Reason::Heading
        | Reason::Total
        | Reason::Signature
        | Reason::NoName
        | Reason::LeftOut
        | Reason::Cell(..) => reason.say(lang),
    }
}

/// The report as one JSON object, its words in English.
pub(super) fn json(plan: &Plan, rejects: Option<&Path>, commit: Option<CommitId>) -> Json {
    let counts: serde_json::Map<String, Json> = numbers(plan)
        .iter()
        .map(|(key, count)| ((*key).to_owned(), json!(count)))
        .collect();
    json!({
        "file": plan.file,
        "sheet": plan.sheet,
        "recalls": plan.recalls,
        "other_sheets": others(plan).collect::<Vec<_>>(),
        "heading_row": plan.heading_row,
        "columns": plan.columns.iter().map(|column| json!({
            "heading": column.heading,
            "meaning": column.meaning.key(),
        })).collect::<Vec<_>>(),
        "counts": counts,
        "skipped": tallies(plan, &[Kind::Skipped]),
        "blank_columns": plan.blank_columns(),
        "households_by_serial": plan.rows.iter().filter(|row| row.by_serial).count(),
        "life": tallies(plan, &[Kind::Life]),
        "problems": tallies(plan, &[Kind::Cell]),
        "hidden": plan.hidden().len(),
        "rows": plan.rows.iter().map(|row| row_json(row, plan)).collect::<Vec<_>>(),
        "rejects": rejects.map(|path| path.display().to_string()),
        "commit": commit.map(CommitId::short),
    })
}

/// How many rows have each trouble of some kinds.
fn tallies(plan: &Plan, kinds: &[Kind]) -> Vec<Json> {
    let groups = plan.groups(Lang::En).into_iter();
    let shown = groups.filter(|group| kinds.contains(&group.kind));
    let tally = |group: Group| json!({ "heading": group.heading, "why": group.why, "rows": group.rows.len() });
    shown.map(tally).collect()
}

fn row_json(row: &Row, plan: &Plan) -> Json {
    let (verdict, why) = match &row.verdict {
        Verdict::New => ("new", None),
        Verdict::Updated => ("updated", None),
        Verdict::Same => ("same", None),
        Verdict::Conflict => {
            let keys: Vec<&str> = row.clashes.iter().map(|clash| clash.field.key).collect();
            ("conflict", Some(keys.join(" ")))
        }
        Verdict::Undecided(doubt) => ("undecided", Some(doubt.why.say(Lang::En).to_owned())),
        Verdict::Rejected(why) => ("rejected", Some(reason(why, plan, Lang::En))),
        Verdict::Skipped(why) => ("skipped", Some(reason(why, plan, Lang::En))),
    };
    let problems: Vec<Json> = row
        .problems
        .iter()
        .map(|problem| json!({ "heading": problem.heading, "why": problem.trouble.say(Lang::En) }))
        .collect();
    let (sheet, number) = plan.place(row.number);
    json!({
        "sheet": sheet,
        "row": number,
        "verdict": verdict,
        "known_by": row.bond.map(Bond::key),
        "why": why,
        "problems": problems,
        "hidden": plan.is_hidden(row),
    })
}
