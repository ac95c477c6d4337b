//! `jumin doctor`: mends what can be mended, says what cannot, and saves what is sound elsewhere.
//!
//! Invariant: exit 1 when something is left that is not in order.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::init;
use crate::model::ids::Mint;
use crate::model::ids::ReplicaId;
use crate::store::Reason;
use crate::store::doctor;
use crate::store::doctor::Ailment;
use crate::store::doctor::Treated;
use crate::store::salvage;
use crate::term::clock;
use crate::term::perform;
use crate::words::Arg;
use crate::words::Words;
use std::path::Path;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "DIR")]
    salvage: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    // Unlocking makes the two key files alike again: they are looked at before.
    let keys = doctor::keys(&dir)?;
    let key = desk.key(&dir)?;
    if let Some(into) = &args.salvage {
        let founder = key.as_ref().map(|_| init::founder(desk)).transpose()?;
        let now = clock::now();
        let replica = ReplicaId(Mint::new(now.milliseconds, now.seed).uuid());
        let saved = salvage::salvage(&dir, key.as_ref(), into, replica, founder.as_ref())?;
        return tell_saved(&saved, into, desk);
    }
    let found = doctor::treat(&dir, key.as_ref(), keys)?;
    for treated in &found {
        let (what, mut args) = said(&treated.ailment, &desk.words);
        let text = desk.words.tell(what, &args);
        let mark = if treated.is_mended {
            "cli-doctor-mended"
        } else {
            "cli-doctor-left"
        };
        args.push(("what", text.into()));
        desk.tell(mark, &args)?;
        let todo = format!("{what}-do");
        if !treated.is_mended && desk.words.has(&todo) {
            desk.tell(&todo, &args)?;
        }
    }
    let is_well = |one: &Treated| one.is_mended || matches!(one.ailment, Ailment::Aside(_));
    if found.iter().all(is_well) {
        desk.tell("cli-doctor-well", &[])?;
        Ok(Exit::Done)
    } else {
        desk.tell("cli-doctor-ill", &[])?;
        Ok(Exit::Wrong)
    }
}

fn tell_saved(saved: &salvage::Salvaged, into: &Path, desk: &mut Desk) -> Result<Exit, Fault> {
    let args = [
        ("path", into.display().to_string().into()),
        ("commits", saved.commits.into()),
        ("people", saved.people.into()),
    ];
    desk.tell("cli-salvage-done", &args)?;
    if saved.lost.is_empty() {
        desk.tell("cli-salvage-nothing-lost", &[])?;
    } else {
        desk.tell(
            "cli-salvage-lost",
            &[("commits", saved.lost.join("、").into())],
        )?;
    }
    if let Some(number) = saved.brought_back {
        desk.tell("cli-salvage-back", &[("number", number.into())])?;
    }
    Ok(Exit::Done)
}

/// The words for what was found, and what fills them.
fn said(ailment: &Ailment, words: &Words) -> (&'static str, Vec<(&'static str, Arg)>) {
    let path = |path: &Path| vec![("path", Arg::from(path.display().to_string()))];
    let why = |why: &Reason| vec![("why", Arg::from(perform::reason(why, words)))];
    match ailment {
        Ailment::Shared(at) => ("doctor-shared", path(at)),
        Ailment::Stray(at) => ("doctor-stray", path(at)),
        Ailment::Orphan(at) => ("doctor-orphan", path(at)),
        Ailment::Keys(file, _) => ("doctor-keys", vec![("file", (*file).into())]),
        Ailment::Torn(bytes) => ("doctor-torn", vec![("bytes", (*bytes).into())]),
        Ailment::Sled(what) => ("doctor-sled", why(what)),
        Ailment::Checkpoint(what) => ("doctor-checkpoint", why(what)),
        Ailment::Journal(commits) => ("doctor-journal", vec![("commits", commits.as_str().into())]),
        Ailment::Sum(what) => ("doctor-sum", why(what)),
        Ailment::ReadOnly(what) => ("doctor-read-only", why(what)),
        Ailment::Aside(files) => ("doctor-aside", vec![("files", (*files).into())]),
    }
}
