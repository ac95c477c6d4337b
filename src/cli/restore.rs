//! `jumin restore`: from a backup to a register in a new folder; without a folder, only a try.
//!
//! Invariant: no register that is there is touched, but for the note that its backup was tried.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::init;
use crate::model::date::minute_of;
use crate::model::ids::Mint;
use crate::model::ids::ReplicaId;
use crate::model::removal::Removals;
use crate::store::backup;
use crate::store::backup::restore;
use crate::store::backup::restore::Content;
use crate::store::backup::restore::Target;
use crate::store::backup::shelf;
use crate::store::keys;
use crate::store::removed;
use crate::term::clock;
use std::path::Path;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    #[arg(value_name = "DIR")]
    into: Option<PathBuf>,
    #[arg(long, requires = "into")]
    open: bool,
    #[arg(long, value_name = "DIR", requires = "into")]
    removals: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let secret = if backup::is_sealed(&args.backup)? {
        Some(desk.secrets.recovery(&desk.words)?)
    } else {
        None
    };
    let Some(dir) = &args.into else {
        let content = restore::look(&args.backup, secret.as_ref())?;
        tell(&content, "cli-restore-tried", desk)?;
        note(&content, args, desk);
        return Ok(Exit::Done);
    };
    // Before a passphrase is thought up for nothing.
    let restored_from = restore::look(&args.backup, secret.as_ref())?;
    let founder = if args.open {
        None
    } else {
        Some(init::founder(desk)?)
    };
    let now = clock::now();
    let replica = ReplicaId(Mint::new(now.milliseconds, now.seed).uuid());
    let removals = removals(&restored_from, args, desk)?;
    let target = Target {
        dir,
        replica,
        founder: founder.as_ref(),
        removals: &removals,
    };
    let restored = restore::restore(&args.backup, secret.as_ref(), &target)?;
    tell(&restored.content, "cli-restore-done", desk)?;
    let path = dir.display().to_string();
    desk.tell(
        "cli-restore-people",
        &[("people", restored.people.into()), ("path", path.into())],
    )?;
    if !removals.is_empty() {
        let records = [("records", removals.len().into())];
        desk.tell("cli-restore-removals", &records)?;
    }
    note(&restored.content, args, desk);
    match (&restored.paper, founder) {
        (Some(paper), _) => init::hand_over(paper, desk)?,
        (None, Some(_)) => desk.tell("cli-restore-sheet", &[])?,
        (None, None) => desk.tell("cli-init-open", &[])?,
    }
    Ok(Exit::Done)
}

/// What has been removed for good since the backup was made: as the folder says that was named, else
/// this desk's own register, if the backup is of that.
fn removals(content: &Content, args: &Args, desk: &Desk) -> Result<Removals, Fault> {
    if let Some(folder) = &args.removals {
        return Ok(removed::noted(folder)?);
    }
    match desk.dir() {
        Ok(dir) if is_of(content, &dir) => Ok(removed::noted(&dir)?),
        Ok(_) | Err(_) => Ok(Removals::new()),
    }
}

/// Whether a backup is of the register of a folder.
fn is_of(content: &Content, dir: &Path) -> bool {
    keys::register(dir).is_ok_and(|register| register == content.register)
}

fn tell(content: &Content, key: &str, desk: &mut Desk) -> Result<(), Fault> {
    let args = [
        ("when", minute_of(content.at).into()),
        ("commits", content.commits.into()),
    ];
    desk.tell(key, &args)
}

/// Notes in this desk's own register that a backup of it was tried.
fn note(content: &Content, args: &Args, desk: &Desk) {
    let Ok(dir) = desk.dir() else { return };
    if is_of(content, &dir) {
        let tried = shelf::tried(
            &dir,
            &args.backup,
            content.commits,
            clock::now().milliseconds,
        );
        // A folder that cannot be written is in order all the same.
        drop(tried);
    }
}
