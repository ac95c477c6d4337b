//! `jumin undo`: takes a commit back with a new one.
//!
//! Invariant: the same act as the screen's undo key, on any commit.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::log;
use crate::term::clock;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "COMMIT")]
    commit: Option<String>,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open_to_alter()?;
    let commit = match &args.commit {
        Some(name) => register.find(name)?,
        None => match register.last_undoable()? {
            Some(commit) => commit,
            None => return Err(Fault::wrong("cli-fault-no-undo", &[])),
        },
    };
    let undone = register.undo(commit.id, clock::now())?;
    let args = [
        ("commit", commit.id.short().into()),
        ("act", log::act(&commit.act, register.index(), desk).into()),
        ("count", undone.changes.len().into()),
        ("undo", undone.id.short().into()),
    ];
    desk.tell("cli-undo-done", &args)?;
    let left = register.left_by(&undone)?;
    if !left.is_empty() {
        desk.tell("cli-undo-left", &[("count", left.len().into())])?;
        desk.lines(&ask::named_lines(&left, register.index(), desk))?;
    }
    Ok(Exit::Done)
}
