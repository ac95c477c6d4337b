//! `jumin import`: a ledger's rows to verdicts, shown, and then one commit.
//!
//! Invariant: the counts add up; nothing is committed without a yes; `--dry-run` writes nothing.

mod report;

use crate::cli::ask;
use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::form;
use crate::exchange::choices::Choices;
use crate::exchange::choices::POLICIES;
use crate::exchange::choices::Sheets;
use crate::exchange::intake;
use crate::exchange::intake::Plan;
use crate::exchange::read;
use crate::exchange::rejects::Back;
use crate::exchange::verdict::Counts;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::ids::CommitId;
use crate::model::ruling::Meaning;
use crate::query::lexicon::Lexicon;
use crate::register::Register;
use crate::term::clock;
use clap::builder::PossibleValuesParser;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Every sheet; no spreadsheet lets a sheet have this name.
const EVERY: &str = "*";

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(long, value_name = "NAME")]
    sheet: Vec<String>,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    #[arg(long, value_name = "POLICY", value_parser = PossibleValuesParser::new(POLICIES.map(|(_, name)| name)))]
    policy: Option<String>,
    #[arg(long)]
    json: bool,
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let register = desk.open_to_alter()?;
    let mut plan = plan(args, &register, desk)?;
    if !args.json {
        report::print(&plan, desk)?;
    }
    let brings_nothing = plan.changes.is_empty();
    let back = Back::of(&plan);
    let bringing = Bringing {
        counts: plan.counts(),
        act: plan.act(),
        changes: std::mem::take(&mut plan.changes),
    };
    // The rows of a large ledger are not held while their changes are committed.
    let told = args.json.then_some(plan);
    let commit = bringing.commit(args, register, desk)?;
    // Who says no gets no file either; a ledger that brings nothing new may still have rows to mend.
    let is_done = commit.is_some() || brings_nothing;
    let refused = if is_done && !args.dry_run {
        write_back(args, back, desk)
    } else {
        None
    };
    if let Some(path) = &refused {
        desk.note(
            "cli-import-rejects",
            &[("path", path.display().to_string().into())],
        );
    }
    if let Some(plan) = told {
        let json = report::json(&plan, refused.as_deref(), commit);
        desk.line(&json.to_string())?;
    }
    Ok(Exit::Done)
}

fn plan(args: &Args, register: &Register, desk: &Desk) -> Result<Plan, Fault> {
    let now = clock::now();
    let bar = desk::bar();
    bar.set_message(desk.words.say("cli-stage-import"));
    let mut watch = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        ControlFlow::Continue(())
    };
    let source = read::read(&args.file, &mut watch)?;
    let keys = form::keys(args.map.as_deref())?;
    let choices = choices(args, &keys, register.index().lexicon())?;
    let judging = intake::Desk {
        book: register.index().book(),
        today: now.today,
        mint: &mut register.mint(now),
        watch: &mut watch,
    };
    let plan = intake::judge(&source, &choices, judging);
    bar.finish_and_clear();
    let plan = plan?;
    let is_there = |heading: &String| plan.columns.iter().any(|one| one.is_headed(heading));
    match keys.keys().find(|heading| !is_there(heading)) {
        Some(heading) => {
            let told = [("heading", heading.as_str().into())];
            Err(Fault::wrong("cli-fault-form-unheaded", &told))
        }
        None => Ok(plan),
    }
}

/// What was decided on the command line: the sheet, who is right, what headings mean.
fn choices(
    args: &Args,
    keys: &BTreeMap<String, String>,
    lexicon: &Lexicon,
) -> Result<Choices, Fault> {
    let mut choices = Choices::default();
    choices.sheets = match args.sheet.as_slice() {
        [] => Sheets::First,
        names if names.iter().any(|name| name == EVERY) => Sheets::All,
        names => Sheets::Named(names.to_vec()),
    };
    let named = |name: &String| POLICIES.iter().find(|(_, one)| one == name);
    if let Some((policy, _)) = args.policy.as_ref().and_then(named) {
        choices.policy = *policy;
    }
    for (heading, key) in keys {
        let meaning = meaning(key, lexicon).ok_or_else(|| {
            let told = [
                ("heading", heading.as_str().into()),
                ("key", key.as_str().into()),
            ];
            Fault::wrong("cli-fault-map-key", &told)
        })?;
        choices.column(heading, meaning);
    }
    Ok(choices)
}

/// What a key of a map means; a category may be named in any way.
fn meaning(key: &str, lexicon: &Lexicon) -> Option<Meaning> {
    let meaning = Meaning::of_key(key)?;
    let Meaning::Category(Some(name)) = &meaning else {
        return Some(meaning);
    };
    let code = lexicon.category(&name.0)?.code.clone();
    Some(Meaning::Category(Some(code)))
}

/// Writes the workbook of refused rows. Where the ledger's folder cannot be written to, the rows
/// are named in the report all the same, so that is a notice and no failure.
fn write_back(args: &Args, back: Back, desk: &Desk) -> Option<PathBuf> {
    match back.write(&args.file) {
        Ok(path) => path,
        Err(error) => {
            desk.note(
                "cli-import-no-rejects",
                &[("why", error.to_string().into())],
            );
            None
        }
    }
}

/// What is to be committed.
struct Bringing {
    counts: Counts,
    act: Act,
    changes: Vec<Change>,
}

impl Bringing {
    /// Commits it after a yes; says why when there is nothing to commit.
    fn commit(
        self,
        args: &Args,
        register: Register,
        desk: &mut Desk,
    ) -> Result<Option<CommitId>, Fault> {
        if self.changes.is_empty() {
            desk.note("cli-import-nothing", &[]);
            return Ok(None);
        }
        if args.dry_run {
            desk.note("cli-import-dry", &[]);
            return Ok(None);
        }
        let numbers = [
            ("new", self.counts.new.into()),
            ("updated", self.counts.updated.into()),
        ];
        let question = desk.words.tell("cli-import-question", &numbers);
        if !ask::agreed(&question, args.yes, desk)? {
            return Ok(None);
        }
        desk.finish()?;
        let wheel = desk::wheel(desk.words.say("cli-stage-saving"));
        let commit = register.conclude(self.act, self.changes, clock::now(), |id| {
            let told = [("commit", id.short().into())];
            wheel.suspend(|| desk.note("cli-import-done", &told));
            wheel.set_message(desk.words.say("cli-stage-settling"));
        });
        wheel.finish_and_clear();
        Ok(Some(commit?))
    }
}
