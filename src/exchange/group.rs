//! The troubles of an import by kind, as they are told together.
//!
//! Invariant: a row stands once in a group, and groups are in the order in which they matter.

use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::Lang;
use crate::model::ruling::Side;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What one group of rows or cells has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Rows that were refused.
    Rejected,
    /// Rows of which it is to be decided whom they are about.
    Undecided,
    /// Rows with a difference to be decided.
    Conflict,
    /// Rows that tell of a death or a move, by whether it is taken.
    Life,
    /// Cells that were not taken.
    Cell,
    /// Rows that begin a household by their number in the list.
    Serial,
    /// No resident's rows.
    Skipped,
    /// Rows that the sheet hides, and that are taken like the others.
    Hidden,
}

/// Rows or cells with the same trouble.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub kind: Kind,
    /// The heading or the field's label; empty where the whole row is meant.
    pub heading: String,
    /// The trouble in words.
    pub why: String,
    /// The rows' numbers, in the file's order.
    pub rows: Vec<usize>,
}

/// The troubles of some rows, by kind and the largest group first.
pub fn groups(rows: &[Row], lang: Lang) -> Vec<Group> {
    let mut found: BTreeMap<(Kind, String, String), Vec<usize>> = BTreeMap::new();
    for row in rows {
        troubles(row, lang, |kind, heading, why| {
            let rows = found.entry((kind, heading.to_owned(), why)).or_default();
            if rows.last() != Some(&row.number) {
                rows.push(row.number);
            }
        });
    }
    let mut groups: Vec<Group> = found
        .into_iter()
        .map(|((kind, heading, why), rows)| Group {
            kind,
            heading,
            why,
            rows,
        })
        .collect();
    groups.sort_by_key(|group| (group.kind, Reverse(group.rows.len())));
    groups
}

/// The troubles of one row: kind, heading, why.
fn troubles(row: &Row, lang: Lang, mut add: impl FnMut(Kind, &str, String)) {
    match &row.verdict {
        Verdict::Rejected(reason) => add(Kind::Rejected, "", reason.kind(lang)),
        Verdict::Undecided(doubt) => add(Kind::Undecided, "", doubt.why.say(lang).to_owned()),
        Verdict::Skipped(reason) => add(Kind::Skipped, "", reason.kind(lang)),
        Verdict::New | Verdict::Updated | Verdict::Same | Verdict::Conflict => {}
    }
    for clash in row.clashes.iter().filter(|clash| clash.side.is_none()) {
        let why = lang.pick("与册中不同", "not as in the register");
        add(Kind::Conflict, clash.field.label(lang), why.to_owned());
    }
    if let Some(life) = &row.life {
        add(Kind::Life, &life.theirs, seems(life.side, lang).to_owned());
    }
    for problem in &row.problems {
        add(Kind::Cell, &problem.heading, problem.trouble.kind(lang));
    }
    if row.by_serial {
        let why = lang.pick(
            "序号从头编起,据此另立一户",
            "a household by its 序号, which begins anew",
        );
        add(Kind::Serial, "", why.to_owned());
    }
}

/// What becomes of what a row tells of a state of life.
fn seems(side: Option<Side>, lang: Lang) -> &'static str {
    let (zh, en) = match side {
        None => (
            "表中像是这样说,人员状态没有改,请核实后在资料页改",
            "so it seems; the state was not changed: confirm it on the card",
        ),
        Some(Side::Theirs) => (
            "照表中的收,不在名单里",
            "taken as the ledger says; not on the rolls",
        ),
        Some(Side::Ours) => ("已定为不改", "decided to stay as it was"),
    };
    lang.pick(zh, en)
}
