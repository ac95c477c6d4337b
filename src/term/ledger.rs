//! A ledger that waits to be taken in: read once, judged again after each decision.
//!
//! Invariant: a decision that cannot be judged leaves the ledger as it was.

mod trouble;

use crate::app::import::Column;
use crate::app::import::Decision;
use crate::app::import::Outlook;
use crate::exchange::ExchangeError;
use crate::exchange::Watch;
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
use crate::model::ids::Mint;
use crate::model::mask;
use crate::model::ruling::Meaning;
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
            Decision::Column(heading, meaning) => choices.column(&heading, meaning),
            Decision::Field(field, side) => choices.field(field, side),
            Decision::Cell(row, field, side) => choices.cell(row, field, side),
            Decision::Row(row, who) => choices.row(row, who),
            Decision::Number(row, number) => choices.number(row, number),
            Decision::Sheet(Some(name)) => choices.sheets = Sheets::Named(vec![name]),
            Decision::Sheet(None) => choices.sheets = Sheets::All,
            Decision::Policy(policy) => choices.policy = policy,
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
            policy: self.choices.policy,
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
                    meaning: column.meaning.clone(),
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
        if column.meaning != Meaning::Unknown {
            return Vec::new();
        }
        let is_free = |field: &&'static Field| {
            let taken = Meaning::Field(field);
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
fn samples(meaning: &Meaning, values: &[String]) -> Vec<String> {
    if *meaning == Meaning::Forbidden {
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
fn masking(meaning: &Meaning) -> Masking {
    match meaning {
        Meaning::Field(field) => field.masking,
        Meaning::Category(_)
        | Meaning::Serial
        | Meaning::Age
        | Meaning::Unknown
        | Meaning::Forbidden => Masking::Open,
    }
}
