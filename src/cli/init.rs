//! `jumin init`: a new, empty register with the seeds, sealed unless it shall be open.
//!
//! Invariant: what is there already is left alone; no register is open without its being said.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::qr;
use crate::cli::screen;
use crate::model::role::Role;
use crate::register::Register;
use crate::store::StoreError;
use crate::store::vault::slot::Grant;
use crate::term::clock;
use secrecy::ExposeSecret;
use secrecy::SecretString;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long)]
    open: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    if Register::is_in(&dir) {
        return Err(StoreError::Exists(dir).into());
    }
    let (register, paper) = if args.open {
        let register = Register::create(&dir, &desk.worker(), clock::now())?;
        (register, None)
    } else {
        let founder = founder(desk)?;
        let (register, paper) = Register::create_sealed(&dir, &founder, clock::now())?;
        (register, Some(paper))
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
    match paper {
        Some(paper) => hand_over(&paper, desk)?,
        None => desk.tell("cli-init-open", &[])?,
    }
    desk.tell("cli-init-next", &[("jumin", desk::called().into())])?;
    Ok(Exit::Done)
}

/// Who founds a sealed register: this worker, with a passphrase that is asked for now.
pub(crate) fn founder(desk: &Desk) -> Result<Grant, Fault> {
    let name = desk.worker();
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
    desk.tell("cli-recovery", &[])?;
    desk.line("")?;
    desk.line(&format!("    {}", paper.expose_secret()))?;
    desk.line("")?;
    if screen::has_terminal() {
        let picture = qr::picture(paper.expose_secret());
        desk.squares(&picture)?;
        desk.tell("cli-recovery-picture", &[])?;
    }
    desk.tell("cli-recovery-keep", &[])?;
    if screen::has_terminal() && desk.secrets.is_typed() {
        prove(paper, desk)?;
    }
    Ok(())
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
    desk.tell("cli-recovery-proved", &[])
}
