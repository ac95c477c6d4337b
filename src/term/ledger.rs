//! A ledger that waits to be taken in: read once, judged again after each decision.
//!
//! Invariant: a decision that cannot be judged leaves the ledger as it was.

mod trouble;

use crate::app::import::Column;
use crate::app::import::Decision;
use crate::app::import::Meaning;
use crate::app::import::Outlook;
use crate::app::import::Policy;
use crate::app::import::Side;
use crate::app::import::Who;
use crate::exchange::ExchangeError;
use crate::exchange::Watch;
use crate::exchange::choices;
use crate::exchange::choices::Choices;
use crate::exchange::choices::Sheets;
use crate::exchange::guess;
use crate::exchange::intake;
use crate::exchange::intake::Plan;
use crate::exchange::read;
use crate::exchange::read::Source;
use crate::index::Index;
use crate::model::Lang;
use crate::model::date::Date;
use crate::model::date::Now;
use crate::model::field::Field;
use crate::model::field::Masking;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use crate::model::mask;
use std::path::Path;
use std::path::PathBuf;

/// A ledger, what was decided about it, and what taking it in would do.
pub struct Ledger {
    /// The file.
    pub path: PathBuf,
    /// What taking it in would do.
    pub plan: Plan,
    source: Source,
    choices: Choices,
    today: Date,
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
            today: now.today,
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
            Decision::Field(field, side) => choices.field(field, side.map(side_of)),
            Decision::Cell(row, field, side) => choices.cell(row, field, side.map(side_of)),
            Decision::Row(row, who) => choices.row(row, who.map(who_of)),
            Decision::Number(row, number) => choices.number(row, number),
            Decision::Sheet(Some(name)) => choices.sheets = Sheets::Named(vec![name]),
            Decision::Sheet(None) => choices.sheets = Sheets::All,
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
        let columns = columns.filter(|(column, sample)| !column.is_blank(sample));
        Outlook {
            file: plan.file.clone(),
            sheet: plan.sheet.clone(),
            sheets: plan.sheets.clone(),
            together: plan.parts.len() > 1,
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
                    guesses: self.guesses(column, &sample.values),
                    filled: sample.filled,
                    understood: sample.understood,
                })
                .collect(),
            blank_columns: plan.blank_columns(),
            troubles: trouble::troubles(plan, &self.choices, lang),
        }
    }

    /// What a column that nobody knows may hold, of what no other column does.
    fn guesses(&self, column: &intake::Column, values: &[String]) -> Vec<&'static Field> {
        if column.meaning != intake::Meaning::Unknown {
            return Vec::new();
        }
        let is_free = |field: &&'static Field| {
            let taken = intake::Meaning::Field(field);
            self.plan.columns.iter().all(|one| one.meaning != taken)
        };
        let fields = guess::fields(values, self.today).into_iter();
        fields.filter(is_free).collect()
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
    if *meaning == intake::Meaning::Forbidden {
        return Vec::new();
    }
    if masking(meaning).is_close() {
        return vec!["***".to_owned()];
    }
    let shown = values.iter();
    shown
        .map(|text| mask::text(guess::masking(text), text))
        .collect()
}

/// How the cells of a column are shown.
fn masking(meaning: &intake::Meaning) -> Masking {
    match meaning {
        intake::Meaning::Field(field) => field.masking,
        intake::Meaning::Category(_)
        | intake::Meaning::Serial
        | intake::Meaning::Age
        | intake::Meaning::Unknown
        | intake::Meaning::Forbidden => Masking::Open,
    }
}

fn side_of(side: Side) -> choices::Side {
    match side {
        Side::Ours => choices::Side::Ours,
        Side::Theirs => choices::Side::Theirs,
    }
}

fn who_of(who: Who) -> choices::Who {
    match who {
        Who::This(person) => choices::Who::This(person),
        Who::Row(row) => choices::Who::Row(row),
        Who::New => choices::Who::New,
        Who::Leave => choices::Who::Leave,
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
