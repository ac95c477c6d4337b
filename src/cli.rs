//! The command line: one file per command; with no command the register opens in the terminal.
//!
//! Invariant: exit codes are 0 done, 1 the input was wrong or a check found something, 2 data or
//! disk; answers go to stdout, everything else to stderr; no control character gets out.

mod guard;

mod desk;

mod interrupt;

mod echo;

mod secret;

mod print;

mod fault;

mod help;

mod table;

mod paper;

mod qr;

mod sending;

mod form;

mod ask;

mod anew;

mod lock;

mod screen;

mod demo;

mod init;

mod key;

mod import;

mod list;

mod count;

mod show;

mod classify;

mod set;

mod dup;

mod undo;

mod log;

mod id;

mod check;

mod backup;

mod doctor;

mod seal;

mod purge;

mod restore;

mod completions;

mod man;

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::help::Parsed;
use crate::words::Words;
use clap::ArgAction;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use std::path::PathBuf;
use std::process::ExitCode;

/// What can be typed. The words that explain it are in `data/words/` (see [`help`]).
#[derive(Parser)]
#[command(
    name = "jumin",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[arg(long, global = true, value_name = "DIR")]
    register: Option<PathBuf>,
    #[arg(long, global = true, value_name = "N")]
    passphrase_fd: Option<u32>,
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Tongue>,
    #[arg(short, long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The languages by the names that `--lang` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tongue {
    Zh,
    En,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Key(key::Args),
    Seal,
    Purge(purge::Args),
    Door(screen::Door),
    Import(import::Args),
    List(list::Args),
    Form(form::Args),
    Count(count::Args),
    Show(show::Args),
    Classify(classify::Args),
    Set(set::Args),
    Dup(dup::Args),
    Undo(undo::Args),
    Log(log::Args),
    Id(id::Args),
    Check(check::Args),
    Doctor(doctor::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Completions(completions::Args),
    Man,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    guard::up();
    let _terminal = lock::Inherited::take();
    let words = help::words_before_parsing();
    let exit = match help::parse(&words) {
        Ok(Parsed::Told) => Exit::Done,
        Ok(Parsed::Run(cli)) => sit_down(*cli, words),
        Err(fault) => fault.report(&words),
    };
    ExitCode::from(exit as u8)
}

fn sit_down(cli: Cli, words: Words) -> Exit {
    let mut desk = Desk::new(cli.register, cli.passphrase_fd, words);
    let done = perform(cli.command, &mut desk);
    // What was printed before a fault belongs before the words of the fault.
    let handed_over = desk.finish();
    done.and_then(|exit| handed_over.map(|()| exit))
        .unwrap_or_else(|fault| fault.report(&desk.words))
}

fn perform(command: Option<Command>, desk: &mut Desk) -> Result<Exit, Fault> {
    match command {
        None => screen::open(desk),
        Some(Command::Demo(args)) => demo::run(&args, desk),
        Some(Command::Init(args)) => init::run(&args, desk),
        Some(Command::Key(args)) => key::run(&args, desk),
        Some(Command::Seal) => seal::run(desk),
        Some(Command::Purge(args)) => purge::run(&args, desk),
        Some(Command::Door(args)) => screen::door(&args, desk),
        Some(Command::Import(args)) => import::run(&args, desk),
        Some(Command::List(args)) => list::run(&args, desk),
        Some(Command::Form(args)) => form::run(&args, desk),
        Some(Command::Count(args)) => count::run(&args, desk),
        Some(Command::Show(args)) => show::run(&args, desk),
        Some(Command::Classify(args)) => classify::run(&args, desk),
        Some(Command::Set(args)) => set::run(&args, desk),
        Some(Command::Dup(args)) => dup::run(&args, desk),
        Some(Command::Undo(args)) => undo::run(&args, desk),
        Some(Command::Log(args)) => log::run(&args, desk),
        Some(Command::Id(args)) => id::run(&args, desk),
        Some(Command::Check(args)) => check::run(&args, desk),
        Some(Command::Doctor(args)) => doctor::run(&args, desk),
        Some(Command::Backup(args)) => backup::run(&args, desk),
        Some(Command::Restore(args)) => restore::run(&args, desk),
        Some(Command::Completions(args)) => completions::run(&args, desk),
        Some(Command::Man) => man::run(desk),
    }
}
