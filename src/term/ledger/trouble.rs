//! What is wrong with a ledger, by kind, and what can be decided about each row.
//!
//! Invariant: what is masked in the register is masked here; whatever was decided about a row can be
//! taken back.

use crate::app::Say;
use crate::app::import::Answer;
use crate::app::import::Decision;
use crate::app::import::Difference;
use crate::app::import::Line;
use crate::app::import::Trouble;
use crate::exchange::cell;
use crate::exchange::choices::Choices;
use crate::exchange::group::Group;
use crate::exchange::group::Kind;
use crate::exchange::intake::Plan;
use crate::exchange::verdict::Clash;
use crate::exchange::verdict::Doubt;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::Lang;
use crate::model::field::Masking;
use crate::model::mask;
use crate::model::ruling::Side;
use crate::model::ruling::Who;
use crate::term::ledger::masking;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// How many rows of a trouble can be looked at.
const MOST_ROWS: usize = 500;

/// Fields that differ, then what else is wrong, then rows about which something was decided.
pub(super) fn troubles(plan: &Plan, choices: &Choices, lang: Lang) -> Vec<Trouble> {
    let mut all = differences(plan, lang);
    all.extend(groups(plan, lang));
    all.extend(decided(plan, choices, lang));
    all
}

/// The fields in which rows differ from the register, decided or not.
fn differences(plan: &Plan, lang: Lang) -> Vec<Trouble> {
    type Differing<'a> = (usize, String, &'a Clash);
    let mut found: BTreeMap<(bool, &str), Vec<Differing<'_>>> = BTreeMap::new();
    for row in &plan.rows {
        let said = row.clashes.iter().map(|clash| (false, clash));
        let seems = row.life.as_deref().map(|clash| (true, clash));
        for (seems, clash) in said.chain(seems) {
            let same = found.entry((seems, clash.field.key)).or_default();
            same.push((row.number, plan.name(row.number), clash));
        }
    }
    let of_field = |((seems, _), rows): ((bool, &str), Vec<Differing<'_>>)| {
        let (_, _, first) = rows.first()?;
        let is_alike = rows.iter().all(|(_, _, clash)| clash.side == first.side);
        let shown = rows.iter().take(MOST_ROWS);
        Some(Trouble {
            what: first.field.label(lang).to_owned(),
            count: rows.len(),
            rows: shown
                .map(|(row, name, clash)| differing(plan, *row, name, clash, lang))
                .collect(),
            differs: Some(Difference {
                field: first.field,
                side: first.side.filter(|_| is_alike),
                seems,
            }),
        })
    };
    found.into_iter().filter_map(of_field).collect()
}

/// A row that differs in a field.
fn differing(plan: &Plan, row: usize, name: &str, clash: &Clash, lang: Lang) -> Line {
    let why = if clash.field.masking.is_close() {
        clash.field.label(lang).to_owned()
    } else {
        clash.say(lang)
    };
    let why = format!("{} {why}", plan.called(row))
        .trim_start()
        .to_owned();
    let key = match clash.side {
        None => "import-refused",
        Some(Side::Theirs) => "import-row-theirs",
        Some(Side::Ours) => "import-row-ours",
    };
    let answer = |key, side| Answer {
        what: Say::plain(key),
        decision: Decision::Cell(row, clash.field, side),
    };
    Line {
        what: told(key, name, why),
        answers: vec![
            answer("import-answer-theirs", Some(Side::Theirs)),
            answer("import-answer-ours", Some(Side::Ours)),
            answer("import-answer-open", None),
        ],
    }
}

/// What else is wrong, by kind.
fn groups(plan: &Plan, lang: Lang) -> Vec<Trouble> {
    let rows: HashMap<usize, &Row> = plan.rows.iter().map(|row| (row.number, row)).collect();
    let groups = plan.groups(lang).into_iter();
    // That a ledger has headings is no trouble.
    let is_below = |group: &Group| group.rows.iter().any(|row| *row > plan.heading_row);
    let rest = groups.filter(|group| match group.kind {
        Kind::Conflict | Kind::Life => false,
        Kind::Skipped => is_below(group),
        Kind::Rejected | Kind::Undecided | Kind::Cell | Kind::Serial | Kind::Hidden => true,
    });
    rest.map(|group| {
        let shown = group.rows.iter().filter_map(|number| rows.get(number));
        let lines = shown.flat_map(|row| match group.kind {
            Kind::Cell => cells(plan, row, &group.heading, lang),
            Kind::Hidden | Kind::Serial => vec![Line {
                what: told("import-refused", &plan.name(row.number), group.why.clone()),
                answers: Vec::new(),
            }],
            Kind::Rejected | Kind::Undecided | Kind::Conflict | Kind::Life | Kind::Skipped => {
                vec![refused(plan, row, lang)]
            }
        });
        let lead = match group.kind {
            Kind::Skipped => lang.pick("跳过", "skipped:"),
            Kind::Rejected
            | Kind::Undecided
            | Kind::Conflict
            | Kind::Life
            | Kind::Cell
            | Kind::Serial
            | Kind::Hidden => &group.heading,
        };
        Trouble {
            what: format!("{lead} {}", group.why).trim().to_owned(),
            count: group.rows.len(),
            rows: lines.take(MOST_ROWS).collect(),
            differs: None,
        }
    })
    .collect()
}

/// A row that is not taken; one in doubt can be decided.
fn refused(plan: &Plan, row: &Row, lang: Lang) -> Line {
    let why = row.why(lang);
    let (why, answers) = match &row.verdict {
        // It is the row's own cells that are held against those who could be meant.
        Verdict::Undecided(doubt) => {
            let Doubt { name, facts, .. } = doubt;
            let why = format!("{} — {why}", format!("{name} {facts}").trim());
            (why, of_doubt(row.number, doubt))
        }
        Verdict::New
        | Verdict::Updated
        | Verdict::Same
        | Verdict::Conflict
        | Verdict::Rejected(_)
        | Verdict::Skipped(_) => (why, Vec::new()),
    };
    Line {
        what: told("import-refused", &plan.name(row.number), why),
        answers,
    }
}

/// Whom a doubtful row may be about.
fn of_doubt(row: usize, doubt: &Doubt) -> Vec<Answer> {
    let answer = |what, who| Answer {
        what,
        decision: Decision::Row(row, Some(who)),
    };
    let candidates = doubt.candidates.iter().map(|one| {
        let args = [("name", one.name.clone()), ("facts", one.facts.clone())];
        answer(Say::with("import-answer-this", args), one.who)
    });
    let others = [
        answer(Say::plain("import-answer-new"), Who::New),
        answer(Say::plain("import-answer-leave"), Who::Leave),
    ];
    candidates.chain(others).collect()
}

/// The cells of a row that were not taken, under a heading.
fn cells(plan: &Plan, row: &Row, heading: &str, lang: Lang) -> Vec<Line> {
    let here = row.problems.iter().filter(|one| one.heading == heading);
    here.map(|problem| {
        let column = problem.column.and_then(|at| plan.column(row.number, at));
        let masking = column.map_or(Masking::Open, |one| masking(&one.meaning));
        let args = [
            ("row", plan.name(row.number)),
            ("heading", problem.heading.clone()),
            ("text", mask::text(masking, &problem.text)),
            ("why", problem.trouble.say(lang)),
        ];
        let is_rounded = problem.trouble == cell::Trouble::Rounded;
        let numbers = row.numbers.iter().filter(|_| is_rounded);
        let answer = |number: &String| Answer {
            what: Say::with("import-answer-number", [("number", masked(number))]),
            decision: Decision::Number(row.number, Some(number.clone())),
        };
        Line {
            what: Say::with("import-problem", args),
            answers: numbers.map(answer).collect(),
        }
    })
    .collect()
}

/// Rows whose person or identity number was decided, to be opened again.
fn decided(plan: &Plan, choices: &Choices, lang: Lang) -> Option<Trouble> {
    let mut rows = Vec::new();
    for row in &plan.rows {
        let line = |key, what, decision| Line {
            what: told(key, &plan.name(row.number), what),
            answers: vec![Answer {
                what: Say::plain("import-answer-open"),
                decision,
            }],
        };
        if let Some(number) = choices.numbered(row.number) {
            let decision = Decision::Number(row.number, None);
            rows.push(line("import-row-number", masked(number), decision));
        }
        if let Some(who) = choices.who(row.number) {
            let key = match who {
                Who::This(_) | Who::Row(_) => "import-row-this",
                Who::New => "import-row-new",
                Who::Leave => "import-row-leave",
            };
            rows.push(line(key, String::new(), Decision::Row(row.number, None)));
        }
    }
    (!rows.is_empty()).then(|| Trouble {
        what: lang.pick("已逐行定下", "decided row by row").to_owned(),
        count: rows.len(),
        rows,
        differs: None,
    })
}

fn masked(number: &str) -> String {
    mask::text(Masking::IdNumber, number)
}

fn told(key: &'static str, row: &str, why: String) -> Say {
    Say::with(key, [("row", row.to_owned()), ("why", why)])
}
