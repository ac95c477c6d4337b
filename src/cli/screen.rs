//! The way from the command line to the screen.
//!
//! Invariant: the screen opens only on a terminal.

use crate::cli::backup;
use crate::cli::demo;
use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::init;
use crate::cli::lock;
use crate::register::Register;
use crate::register::RegisterError;
use crate::store::Notice;
use crate::store::StoreError;
use crate::store::vault::Key;
use crate::term;
use crate::term::End;
use crate::term::First;
use crate::term::Setup;
use crate::term::TermError;
use std::io::IsTerminal;
use std::path::Path;

#[derive(clap::Args)]
pub(crate) struct Door {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: Vec<String>,
}

/// Opens the register on the screen; where there is none, the screen asks how to begin.
pub(crate) fn open(desk: &mut Desk) -> Result<Exit, Fault> {
    start(First::List, desk)
}

/// Opens the register on the box at a door.
pub(crate) fn door(args: &Door, desk: &mut Desk) -> Result<Exit, Fault> {
    start(First::Door(args.query.join(" ")), desk)
}

fn start(first: First, desk: &mut Desk) -> Result<Exit, Fault> {
    if !has_terminal() {
        return Err(Fault::wrong("cli-fault-no-terminal", &[]));
    }
    let dir = desk.dir()?;
    let key = match desk.key(&dir) {
        // The screen asks how to begin.
        Err(Fault::Register(fault)) if is_missing(&fault) => None,
        key => key?,
    };
    let setup = Setup {
        key,
        first,
        ..setup(&dir, desk)?
    };
    let end = ended(term::open(&setup))?;
    leave(&end, &setup, desk)
}

/// Opens the screen on a register that was just made.
pub(crate) fn begin(
    mut register: Register,
    key: Option<Key>,
    first: First,
    desk: &Desk,
) -> Result<Exit, Fault> {
    let dir = register.dir().to_owned();
    let setup = Setup {
        key,
        first,
        ..setup(&dir, desk)?
    };
    let notices: Vec<Notice> = register.watch(&setup.seen).into_iter().collect();
    let end = ended(term::show(register, &notices, &setup))?;
    leave(&end, &setup, desk)
}

/// What comes after the screen.
fn leave(end: &End, setup: &Setup, desk: &Desk) -> Result<Exit, Fault> {
    match end {
        End::Left => {
            backup::leave(&setup.dir, setup.key.as_ref(), desk);
            if setup.key.is_none() && Register::is_in(&setup.dir) {
                desk.note("cli-open-left", &[]);
            }
            Ok(Exit::Done)
        }
        End::Locked(lang) => Err(lock::again(&setup.dir, *lang)),
        End::Begun(how, lang) => Err(init::anew(&setup.dir, *lang, how)),
    }
}

/// Shows an open register.
pub(crate) fn show(register: Register, notices: &[Notice], desk: &Desk) -> Result<Exit, Fault> {
    let dir = register.dir().to_owned();
    // What is shown so is a made-up community, which is open and cannot be locked.
    ended(term::show(register, notices, &setup(&dir, desk)?))?;
    Ok(Exit::Done)
}

/// Whether someone can see the screen and press keys.
pub(crate) fn has_terminal() -> bool {
    std::io::stdout().is_terminal() && std::io::stdin().is_terminal()
}

fn setup(dir: &Path, desk: &Desk) -> Result<Setup, Fault> {
    let keys = desk::config_folder()?.join("keys.toml");
    Ok(Setup {
        lang: desk.lang(),
        keys: std::fs::read_to_string(keys).ok(),
        colours: std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        worker: desk.worker(),
        key: None,
        dir: dir.to_owned(),
        demo_dir: demo::home(demo::USUAL)?,
        home: etcetera::home_dir().ok(),
        seen: desk::seen()?,
        first: First::List,
        limits: lock::limits()?,
        was_locked: lock::was_locked(),
    })
}

fn is_missing(fault: &RegisterError) -> bool {
    matches!(fault, RegisterError::Store(StoreError::NotFound(_)))
}

fn ended(outcome: Result<End, TermError>) -> Result<End, Fault> {
    match outcome {
        Ok(end) => Ok(end),
        Err(TermError::Terminal(error)) => Err(Fault::terminal(&error)),
        Err(TermError::Register(error)) => Err(error.into()),
        Err(TermError::Bug(what)) => Err(Fault::bug(what)),
    }
}
