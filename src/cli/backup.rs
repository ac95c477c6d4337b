//! `jumin backup`: the whole history in one file that any age tool opens.
//!
//! Invariant: nothing is called done that was not read back; a backup that whoever has the file can
//! read is said to be one.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::model::date::minute_of;
use crate::store::backup;
use crate::store::backup::Receipt;
use crate::store::backup::Wrap;
use crate::store::backup::shelf;
use crate::store::backup::shelf::Made;
use crate::store::vault::Key;
use crate::term::clock;
use std::path::Path;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "PLACE")]
    place: Option<PathBuf>,
    #[arg(long, value_name = "AGE1")]
    to: Option<String>,
    #[arg(long, value_name = "DIR", conflicts_with_all = ["place", "to", "no_auto"])]
    auto: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["place", "to"])]
    no_auto: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    let known = shelf::note(&dir);
    if args.no_auto {
        shelf::name_folder(&dir, None)?;
        desk.tell("cli-backup-no-auto", &[])?;
        return Ok(Exit::Done);
    }
    let place = args.auto.clone().or_else(|| args.place.clone());
    let Some(place) = place.or(known.folder) else {
        return Err(Fault::wrong("cli-fault-no-place", &[]));
    };
    let key = desk.key(&dir)?;
    let now = clock::now();
    let receipt = if place.is_dir() && args.to.is_none() {
        shelf::into(&dir, key.as_ref(), &place, now)?
    } else {
        let wrap = match &args.to {
            Some(recipient) => Wrap::To(recipient.clone()),
            None => backup::usual(&dir)?,
        };
        let receipt = backup::write(&dir, key.as_ref(), &place, &wrap, now.milliseconds)?;
        shelf::made(&dir, &receipt, now.milliseconds)?;
        receipt
    };
    tell(&receipt, desk)?;
    if let Some(folder) = &args.auto {
        shelf::name_folder(&dir, Some(folder))?;
        desk.tell(
            "cli-backup-auto",
            &[("path", folder.display().to_string().into())],
        )?;
    }
    Ok(Exit::Done)
}

fn tell(receipt: &Receipt, desk: &mut Desk) -> Result<(), Fault> {
    let args = [
        ("path", receipt.path.display().to_string().into()),
        ("commits", receipt.commits.into()),
        ("bytes", receipt.bytes.into()),
    ];
    desk.tell("cli-backup-done", &args)?;
    let how = if receipt.sealed {
        "cli-backup-sealed"
    } else {
        "cli-backup-plain"
    };
    desk.tell(how, &[])
}

/// Makes the backup that is due when the screens are left. What keeps it from being made is said
/// and is not the end of anything: the register itself is in order.
pub(crate) fn leave(dir: &Path, key: Option<&Key>, desk: &Desk) {
    match shelf::leave(dir, key, clock::now()) {
        Ok(None) => {}
        Ok(Some(receipt)) => {
            let path = receipt.path.display().to_string();
            desk.note("cli-backup-left", &[("path", path.into())]);
        }
        Err(fault) => {
            desk.note("cli-backup-not-left", &[]);
            Fault::from(fault).report(&desk.words);
        }
    }
}

/// What is known of a folder's backups, in lines.
pub(crate) fn known(dir: &Path, desk: &Desk) -> Vec<String> {
    let note = shelf::note(dir);
    let one = |key: &str, made: Option<&Made>| match made {
        Some(made) => {
            let args = [
                ("when", minute_of(made.at).into()),
                ("path", made.file.display().to_string().into()),
                ("commits", made.commits.into()),
            ];
            desk.words.tell(key, &args)
        }
        None => desk.words.say(&format!("{key}-never")),
    };
    vec![
        one("cli-backup-last", note.last.as_ref()),
        one("cli-backup-tried", note.tried.as_ref()),
    ]
}
