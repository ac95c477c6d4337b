//! `jumin completions`: what a shell needs to complete this command line.
//!
//! Invariant: made from the same table as the parser.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::help;
use clap_complete::Shell;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut command = help::command(&desk.words);
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "jumin", &mut script);
    desk.text(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
