//! `jumin init`: a new, empty register with the seeds, sealed unless it shall be open.
//!
//! Invariant: what is there already is left alone; no register is open without its being said.

use crate::cli::anew;
use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::print;
use crate::cli::qr;
use crate::cli::screen;
use crate::model::Lang;
use crate::model::clean;
use crate::model::role::Role;
use crate::register::Register;
use crate::store::keys;
use crate::store::vault::Key;
use crate::store::vault::slot::Grant;
use crate::term::Beginning;
use crate::term::First;
use crate::term::Seal;
use crate::term::clock;
use crate::term::probe;
use clap::ValueEnum;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::path::Path;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long)]
    open: bool,
    #[arg(long, value_name = "SCREEN")]
    then: Option<Then>,
}

/// The screens that `--then` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Then {
    List,
    Import,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    if args.then.is_some() && !screen::has_terminal() {
        return Err(Fault::wrong("cli-fault-no-terminal", &[]));
    }
    let dir = desk.dir()?;
    // Before a passphrase is thought up for nothing.
    keys::require_free(&dir)?;
    let (register, key) = if args.open {
        let register = Register::create(&dir, &desk.worker(), clock::now())?;
        (register, None)
    } else {
        let (register, key) = sealed(&dir, desk)?;
        (register, Some(key))
    };
    let categories = register.index().lexicon().categories.len();
    let views = register.index().lexicon().views.len();
    desk.tell(
        "cli-init-done",
        &[
            ("path", dir.display().to_string().into()),
            ("categories", categories.into()),
            ("views", views.into()),
        ],
    )?;
    if key.is_none() {
        desk.tell("cli-init-open", &[])?;
    }
    let first = match args.then {
        None => {
            desk.tell("cli-init-next", &[("jumin", desk::called().into())])?;
            return Ok(Exit::Done);
        }
        Some(Then::List) => First::List,
        Some(Then::Import) => First::Ledger,
    };
    desk.finish()?;
    screen::begin(register, key, first, desk)
}

/// Begins this command anew, as was chosen on the first screen; comes back only where that cannot be
/// done.
pub(crate) fn anew(dir: &Path, lang: Lang, how: &Beginning) -> Fault {
    let then = match how.first {
        First::Ledger => Then::Import,
        First::List | First::Door(_) => Then::List,
    };
    anew::begin(dir, lang, |command| {
        command.args(["init", "--then"]);
        command.args(
            then.to_possible_value()
                .map(|value| value.get_name().to_owned()),
        );
        if how.seal == Seal::Open {
            command.arg("--open");
        }
    })
}

/// Makes a sealed register. All that is asked is asked before anything is written, so that whoever
/// breaks off leaves nothing half made.
fn sealed(dir: &Path, desk: &mut Desk) -> Result<(Register, Key), Fault> {
    if screen::has_terminal() {
        desk.tell("cli-init-how", &[])?;
        desk.finish()?;
    }
    let founder = founder(desk)?;
    let (founding, paper) = Register::prepare(&founder, clock::now())?;
    hand_over(&paper, desk)?;
    let register = Register::found(dir, &founding, &founder.name, clock::now())?;
    Ok((register, founding.key().clone()))
}

/// The founder's name, which stands beside every change: asked for where the environment does not say
/// it and there is somebody to ask.
fn name(desk: &Desk) -> Result<String, Fault> {
    let may_ask = screen::has_terminal() && desk.secrets.is_typed();
    let mut tries = if Desk::named().is_none() && may_ask {
        TRIES
    } else {
        0
    };
    while tries > 0 {
        tries -= 1;
        print::note(&desk.words.say("cli-worker-ask"));
        let mut typed = String::new();
        std::io::stdin().read_line(&mut typed)?;
        let name = clean::line(&typed);
        if !name.is_empty() {
            return Ok(name.into_owned());
        }
    }
    Ok(desk.worker())
}

/// Who founds a sealed register: this worker, with a passphrase that is asked for now.
pub(crate) fn founder(desk: &Desk) -> Result<Grant, Fault> {
    let name = name(desk)?;
    let (passphrase, cost) = desk.secrets.fresh(&name, &desk.words)?;
    Ok(Grant {
        name,
        label: String::new(),
        role: Role::Manage,
        passphrase,
        cost,
    })
}

/// Shows the recovery key, once: in words, and on a terminal as a picture too. Whoever can type has
/// to show that it was copied.
pub(crate) fn hand_over(paper: &SecretString, desk: &mut Desk) -> Result<(), Fault> {
    let is_seen = screen::has_terminal();
    if is_seen {
        draw(&qr::picture(paper.expose_secret()), desk)?;
        desk.tell("cli-recovery-picture", &[])?;
    }
    desk.tell("cli-recovery", &[])?;
    desk.line("")?;
    desk.line(&format!("    {}", paper.expose_secret()))?;
    desk.line("")?;
    desk.tell("cli-recovery-keep", &[])?;
    if is_seen && desk.secrets.is_typed() {
        prove(paper, desk)?;
    }
    Ok(())
}

/// How many rows are needed beside the picture.
const BELOW: usize = 8;

/// Draws the picture: two blanks for a square, which every terminal draws alike, or half a cell, where
/// that would not fit and the terminal says that a cell is one column wide. What has to be copied stands
/// below it, in case not even that fits.
fn draw(picture: &[Vec<bool>], desk: &mut Desk) -> Result<(), Fault> {
    desk.finish()?;
    let fits = probe::rows().is_none_or(|rows| picture.len() + BELOW <= rows);
    if fits || !probe::is_narrow(print::HALF) {
        desk.squares(picture)
    } else {
        desk.halves(picture)
    }
}

/// Which letters of the key are asked for, behind the part that all keys begin with.
const ASKED: [std::ops::Range<usize>; 2] = [16..22, 68..74];

/// So often they may be mistyped.
const TRIES: usize = 3;

/// Has two parts of the key typed back.
fn prove(paper: &SecretString, desk: &mut Desk) -> Result<(), Fault> {
    for asked in ASKED {
        let wanted = paper.expose_secret().get(asked.clone()).unwrap_or_default();
        let args = [("from", (asked.start + 1).into()), ("to", asked.end.into())];
        let mut is_right = false;
        for _ in 0..TRIES {
            desk.tell("cli-recovery-prove", &args)?;
            desk.finish()?;
            let mut typed = String::new();
            std::io::stdin().read_line(&mut typed)?;
            is_right = typed.trim().eq_ignore_ascii_case(wanted);
            if is_right {
                break;
            }
            desk.tell("cli-recovery-differs", &[])?;
        }
        if !is_right {
            desk.tell("cli-recovery-unproved", &[])?;
            return Ok(());
        }
    }
    // It is on paper now, and no longer for whoever comes by.
    desk.wipe()?;
    desk.tell("cli-recovery-proved", &[])
}
