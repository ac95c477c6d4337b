//! A ledger that waits to be taken in: read once, judged again after each decision.
//!
//! Invariant: a decision that cannot be judged leaves the ledger as it was.

use crate::app::Say;
use crate::app::import::Column;
use crate::app::import::Decision;
use crate::app::import::Meaning;
use crate::app::import::Outlook;
use crate::app::import::Policy;
use crate::app::import::Side;
use crate::app::import::Trouble;
use crate::exchange::ExchangeError;
use crate::exchange::Watch;
use crate::exchange::choices;
use crate::exchange::choices::Choices;
use crate::exchange::intake;
use crate::exchange::intake::Plan;
use crate::exchange::read;
use crate::exchange::read::Source;
use crate::exchange::verdict::Kind;
use crate::exchange::verdict::Row;
use crate::index::Index;
use crate::model::Lang;
use crate::model::date::Now;
use crate::model::field::Field;
use crate::model::field::Masking;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;

/// How many rows of a trouble can be looked at.
const MOST_ROWS: usize = 500;

/// A ledger, what was decided about it, and what taking it in would do.
pub struct Ledger {
    /// The file.
    pub path: PathBuf,
    /// What taking it in would do.
    pub plan: Plan,
    source: Source,
    choices: Choices,
}

impl Ledger {
    /// Reads and judges a file.
    pub fn read(
        path: &Path,
        index: &Index,
        now: Now,
        watch: &mut Watch<'_>,
    ) -> Result<Ledger, ExchangeError> {
        let source = read::read(path, watch)?;
        let choices = Choices::default();
        Ok(Ledger {
            path: path.to_owned(),
            plan: judge(&source, &choices, index, now, watch)?,
            source,
            choices,
        })
    }

    /// Judges it against another register.
    pub fn judge_again(
        &mut self,
        index: &Index,
        now: Now,
        watch: &mut Watch<'_>,
    ) -> Result<(), ExchangeError> {
        self.plan = judge(&self.source, &self.choices, index, now, watch)?;
        Ok(())
    }

    /// Judges it after one more decision.
    pub fn decide(
        &mut self,
        decision: Decision,
        index: &Index,
        now: Now,
        watch: &mut Watch<'_>,
    ) -> Result<(), ExchangeError> {
        let mut choices = self.choices.clone();
        match decision {
            Decision::Column(heading, meaning) => choices.column(&heading, theirs(meaning)),
            Decision::Field(field, side) => choices.field(
                field,
                side.map(|side| match side {
                    Side::Ours => choices::Side::Ours,
                    Side::Theirs => choices::Side::Theirs,
                }),
            ),
            Decision::Sheet(name) => choices.sheet = Some(name),
            Decision::Policy(policy) => {
                choices.policy = match policy {
                    Policy::FillBlanks => choices::Policy::FillBlanks,
                    Policy::NewerWins => choices::Policy::NewerWins,
                    Policy::Ask => choices::Policy::Ask,
                }
            }
        }
        self.plan = judge(&self.source, &choices, index, now, watch)?;
        self.choices = choices;
        Ok(())
    }

    /// What a worker looks at before it is taken in.
    pub fn outlook(&self, lang: Lang) -> Outlook {
        let plan = &self.plan;
        let counts = plan.counts();
        let columns = plan.columns.iter().zip(&plan.samples);
        let mut troubles = differences(plan, lang);
        troubles.extend(groups(plan, lang));
        Outlook {
            file: plan.file.clone(),
            sheet: plan.sheet.clone(),
            sheets: plan.sheets.clone(),
            recalls: plan.recalls,
            policy: match self.choices.policy {
                choices::Policy::FillBlanks => Policy::FillBlanks,
                choices::Policy::NewerWins => Policy::NewerWins,
                choices::Policy::Ask => Policy::Ask,
            },
            heading_row: plan.heading_row,
            counts: vec![
                ("import-rows", counts.rows),
                ("import-new", counts.new),
                ("import-updated", counts.updated),
                ("import-same", counts.same),
                ("import-conflicts", counts.conflicts),
                ("import-undecided", counts.undecided),
                ("import-rejected", counts.rejected),
                ("import-skipped", counts.skipped),
            ],
            columns: columns
                .map(|(column, sample)| Column {
                    heading: column.heading.clone(),
                    meaning: ours(&column.meaning),
                    samples: samples(&column.meaning, &sample.values),
                    filled: sample.filled,
                    understood: sample.understood,
                })
                .collect(),
            troubles,
        }
    }
}

fn judge(
    source: &Source,
    choices: &Choices,
    index: &Index,
    now: Now,
    watch: &mut Watch<'_>,
) -> Result<Plan, ExchangeError> {
    let mut mint = Mint::new(now.milliseconds, now.seed);
    let desk = intake::Desk {
        book: index.book(),
        today: now.today,
        mint: &mut mint,
        watch: &mut |done, total| watch(done, total),
    };
    intake::judge(source, choices, desk)
}

/// The samples of a column, unless it holds what is masked.
fn samples(meaning: &intake::Meaning, values: &[String]) -> Vec<String> {
    let masked = |field: &Field| field.masking != Masking::Open;
    match meaning {
        intake::Meaning::Field(field) if masked(field) => vec!["***".to_owned()],
        intake::Meaning::Forbidden => Vec::new(),
        intake::Meaning::Field(_)
        | intake::Meaning::Category(_)
        | intake::Meaning::Serial
        | intake::Meaning::Age
        | intake::Meaning::Unknown => values.to_vec(),
    }
}

fn ours(meaning: &intake::Meaning) -> Meaning {
    match meaning {
        intake::Meaning::Field(field) => Meaning::Field(field),
        intake::Meaning::Category(None) => Meaning::Categories,
        intake::Meaning::Category(Some(code)) => Meaning::Category(CategoryCode(code.clone())),
        intake::Meaning::Serial => Meaning::Serial,
        intake::Meaning::Age => Meaning::Age,
        intake::Meaning::Unknown => Meaning::Unknown,
        intake::Meaning::Forbidden => Meaning::Forbidden,
    }
}

fn theirs(meaning: Meaning) -> intake::Meaning {
    match meaning {
        Meaning::Field(field) => intake::Meaning::Field(field),
        Meaning::Categories => intake::Meaning::Category(None),
        Meaning::Category(code) => intake::Meaning::Category(Some(code.0)),
        Meaning::Serial => intake::Meaning::Serial,
        Meaning::Age => intake::Meaning::Age,
        Meaning::Unknown => intake::Meaning::Unknown,
        Meaning::Forbidden => intake::Meaning::Forbidden,
    }
}

/// The fields in which rows differ from the register, decided or not.
fn differences(plan: &Plan, lang: Lang) -> Vec<Trouble> {
    type Differing = (&'static Field, Option<Side>, Vec<Say>, usize);
    let mut found: BTreeMap<&str, Differing> = BTreeMap::new();
    for row in &plan.rows {
        for clash in &row.clashes {
            let side = clash.side.map(|side| match side {
                choices::Side::Ours => Side::Ours,
                choices::Side::Theirs => Side::Theirs,
            });
            let entry = found.entry(clash.field.key);
            let (_, _, rows, count) = entry.or_insert((clash.field, side, Vec::new(), 0));
            *count += 1;
            // What is masked in the register stays masked here.
            let why = match clash.field.masking {
                Masking::Open => clash.say(lang),
                Masking::IdNumber | Masking::Phone | Masking::Sensitive => {
                    clash.field.label(lang).to_owned()
                }
            };
            if rows.len() < MOST_ROWS {
                rows.push(refused(row.number, why));
            }
        }
    }
    let trouble = |(field, side, rows, count): Differing| Trouble {
        what: field.label(lang).to_owned(),
        count,
        rows,
        differs: Some((field, side)),
    };
    found.into_values().map(trouble).collect()
}

/// What else is wrong, by kind.
fn groups(plan: &Plan, lang: Lang) -> Vec<Trouble> {
    let rows: HashMap<usize, &Row> = plan.rows.iter().map(|row| (row.number, row)).collect();
    let groups = plan.groups(lang).into_iter();
    let rest = groups.filter(|group| group.kind != Kind::Conflict);
    rest.map(|group| {
        let shown = group.rows.iter().filter_map(|number| rows.get(number));
        let lines = shown.flat_map(|row| match group.kind {
            Kind::Cell => cells(row, &group.heading, lang),
            Kind::Rejected | Kind::Undecided | Kind::Conflict => {
                vec![refused(row.number, row.why(lang))]
            }
        });
        Trouble {
            what: format!("{} {}", group.heading, group.why).trim().to_owned(),
            count: group.rows.len(),
            rows: lines.take(MOST_ROWS).collect(),
            differs: None,
        }
    })
    .collect()
}

fn refused(row: usize, why: String) -> Say {
    Say::with("import-refused", [("row", row.to_string()), ("why", why)])
}

/// The cells of a row that were not taken, under a heading.
fn cells(row: &Row, heading: &str, lang: Lang) -> Vec<Say> {
    let here = row.problems.iter().filter(|one| one.heading == heading);
    here.map(|problem| {
        let args = [
            ("row", row.number.to_string()),
            ("heading", problem.heading.clone()),
            ("text", problem.text.clone()),
            ("why", problem.trouble.say(lang)),
        ];
        Say::with("import-problem", args)
    })
    .collect()
}
