//! `jumin import`: a ledger's rows to verdicts, shown, and then one commit.
//!
//! Invariant: the counts add up; nothing is committed without a yes; `--dry-run` writes nothing.

mod report;

use crate::cli::ask;
use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::exchange::choices::Choices;
use crate::exchange::intake;
use crate::exchange::intake::Plan;
use crate::exchange::read;
use crate::exchange::rejects;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::register::Register;
use crate::term::clock;
use std::ops::ControlFlow;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[arg(long)]
    dry_run: bool,
    #[arg(long)]
    json: bool,
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open()?;
    let plan = plan(args, &register, desk)?;
    let refused = if args.dry_run {
        None
    } else {
        write_rejects(args, &plan, desk)
    };
    if !args.json {
        report::print(&plan, desk)?;
    }
    if let Some(path) = &refused {
        desk.note(
            "cli-import-rejects",
            &[("path", path.display().to_string().into())],
        );
    }
    let commit = commit(args, &plan, &mut register, desk)?;
    if args.json {
        let json = report::json(&plan, refused.as_deref(), commit.as_ref());
        desk.line(&json.to_string())?;
    }
    Ok(Exit::Done)
}

fn plan(args: &Args, register: &Register, desk: &Desk) -> Result<Plan, Fault> {
    let now = clock::now();
    let bar = desk::bar();
    bar.set_message(desk.words.say("cli-stage-import"));
    let source = read::read(&args.file, &mut |_, _| ControlFlow::Continue(()))?;
    let mut choices = Choices::default();
    choices.sheet.clone_from(&args.sheet);
    let judging = intake::Desk {
        book: register.index().book(),
        today: now.today,
        mint: &mut register.mint(now),
        watch: &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
            ControlFlow::Continue(())
        },
    };
    let plan = intake::judge(&source, &choices, judging);
    bar.finish_and_clear();
    Ok(plan?)
}

/// Writes the workbook of refused rows. Where the ledger's folder cannot be written to, the rows
/// are named in the report all the same, so that is a notice and no failure.
fn write_rejects(args: &Args, plan: &Plan, desk: &Desk) -> Option<PathBuf> {
    match rejects::write(plan, &args.file) {
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

/// Commits what the plan will do, after a yes; says why when there is nothing to commit.
fn commit(
    args: &Args,
    plan: &Plan,
    register: &mut Register,
    desk: &mut Desk,
) -> Result<Option<Commit>, Fault> {
    let counts = plan.counts();
    if plan.changes.is_empty() {
        desk.note("cli-import-nothing", &[]);
        return Ok(None);
    }
    if args.dry_run {
        desk.note("cli-import-dry", &[]);
        return Ok(None);
    }
    let numbers = [
        ("new", counts.new.into()),
        ("updated", counts.updated.into()),
    ];
    let question = desk.words.tell("cli-import-question", &numbers);
    if !ask::agreed(&question, args.yes, desk)? {
        return Ok(None);
    }
    let act = Act::Import {
        file: plan.file.clone(),
        new: counts.new as u64,
        updated: counts.updated as u64,
    };
    let commit = register.commit(act, plan.changes.clone(), clock::now())?;
    desk.finish()?;
    desk.note("cli-import-done", &[("commit", commit.id.short().into())]);
    Ok(Some(commit))
}
