//! `jumin key`: who can open a sealed register.
//!
//! Invariant: nothing is changed before the one who asks has unlocked the register.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::init;
use crate::cli::screen;
use crate::cli::table::Table;
use crate::model::role::Role;
use crate::store::keys;
use crate::store::keys::Rest;
use crate::store::renew;
use crate::store::vault::Holder;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::slot::Grant;
use crate::store::vault::slot::Lock;
use crate::store::vault::slot::Slot;
use crate::term::perform;
use clap::ValueEnum;
use std::path::Path;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    List,
    Add(Add),
    Change(Change),
    Remove(Remove),
    Recovery,
    Rekey,
}

#[derive(clap::Args)]
struct Add {
    #[arg(value_name = "NAME")]
    worker: String,
    #[arg(long, value_name = "ROLE", default_value = "enter")]
    role: Part,
    #[arg(long, value_name = "TEXT", default_value = "")]
    label: String,
}

#[derive(clap::Args)]
struct Change {
    #[arg(value_name = "NAME")]
    worker: Option<String>,
}

#[derive(clap::Args)]
struct Remove {
    #[arg(value_name = "NAME")]
    worker: String,
}

/// The roles by the names that `--role` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    View,
    Enter,
    Manage,
}

impl Part {
    fn role(self) -> Role {
        match self {
            Part::View => Role::View,
            Part::Enter => Role::Enter,
            Part::Manage => Role::Manage,
        }
    }
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    match &args.what {
        What::List => list(&dir, desk)?,
        What::Add(add) => {
            let key = unlock(&dir, desk)?;
            let mut grant = grant(&add.worker, desk)?;
            grant.role = add.role.role();
            grant.label.clone_from(&add.label);
            keys::add(&dir, &key, &grant)?;
            desk.tell("cli-key-added", &[("name", add.worker.as_str().into())])?;
            tell_border(&dir, &add.worker, desk)?;
        }
        What::Change(change) => {
            let key = unlock(&dir, desk)?;
            let name = match (&change.worker, key.holder()) {
                (Some(name), _) | (None, Holder::Worker { name, .. }) => name.clone(),
                (None, Holder::Recovery) => return Err(KeyFault::NoPassphrase.into()),
            };
            keys::change(&dir, &key, &grant(&name, desk)?)?;
            desk.tell("cli-key-changed", &[("name", name.as_str().into())])?;
            tell_border(&dir, &name, desk)?;
        }
        What::Remove(remove) => {
            let key = unlock(&dir, desk)?;
            keys::remove(&dir, &key, &remove.worker)?;
            let name = remove.worker.as_str();
            desk.tell("cli-key-removed", &[("name", name.into())])?;
            let question = desk.words.say("cli-rekey-offer");
            if screen::has_terminal() && ask::agreed(&question, false, desk)? {
                rekey(&dir, &key, desk)?;
            }
        }
        What::Rekey => {
            let key = unlock(&dir, desk)?;
            rekey(&dir, &key, desk)?;
        }
        What::Recovery => {
            let key = unlock(&dir, desk)?;
            let paper = keys::renew(&dir, &key)?;
            init::hand_over(&paper, desk)?;
        }
    }
    Ok(Exit::Done)
}

/// Says of who only looks, where it is so, that the program alone hides from them what it hides.
fn tell_border(dir: &Path, worker: &str, desk: &mut Desk) -> Result<(), Fault> {
    let Rest::Sealed(slots) = keys::rest(dir)? else {
        return Ok(());
    };
    let looks = |slot: &Slot| slot.name == worker && slot.role == Role::View;
    if !slots.iter().any(looks) || keys::is_parted(dir)? {
        return Ok(());
    }
    desk.tell("cli-key-program-only", &[("name", worker.into())])
}

/// New data keys: everybody who goes on types a passphrase, the same as before or another.
fn rekey(dir: &Path, key: &Key, desk: &mut Desk) -> Result<(), Fault> {
    let heirs = heirs(dir, key, desk)?;
    renew::rekey(dir, key, &heirs.grants, &perform::KEPT)?;
    desk.tell("cli-rekey-done", &[("count", heirs.grants.len().into())])?;
    heirs.tell_left(desk)?;
    desk.tell("cli-seal-copies", &[])
}

/// Who has a key of what stands under a new data key, and who has none.
pub(crate) struct Heirs {
    pub(crate) grants: Vec<Grant>,
    left: Vec<String>,
}

impl Heirs {
    /// Names those without a key.
    pub(crate) fn tell_left(&self, desk: &mut Desk) -> Result<(), Fault> {
        if self.left.is_empty() {
            return Ok(());
        }
        desk.tell("cli-rekey-left", &[("names", self.left.join("、").into())])
    }
}

/// Has everybody who goes on type a passphrase; who manages the register must be among them.
pub(crate) fn heirs(dir: &Path, key: &Key, desk: &Desk) -> Result<Heirs, Fault> {
    if key.role() != Role::Manage {
        return Err(KeyFault::NotManager.into());
    }
    let Rest::Sealed(slots) = keys::rest(dir)? else {
        return Err(KeyFault::NotSealed.into());
    };
    desk.note("cli-rekey-how", &[]);
    let mut grants = vec![];
    let mut left = vec![];
    let is_own = |slot: &Slot| matches!(key.holder(), Holder::Worker { slot: own, .. } if *own == slot.number);
    let passphrase = |slot: &&Slot| matches!(slot.lock, Lock::Passphrase(_));
    let (own, others): (Vec<_>, Vec<_>) = slots
        .iter()
        .filter(passphrase)
        .partition(|slot| is_own(slot));
    for slot in own.into_iter().chain(others) {
        match desk.secrets.again(&slot.name, &desk.words)? {
            Some((passphrase, cost)) => grants.push(Grant {
                name: slot.name.clone(),
                label: slot.label.clone(),
                role: slot.role,
                passphrase,
                cost,
            }),
            None => left.push(slot.name.clone()),
        }
    }
    if !grants.iter().any(|grant| grant.role == Role::Manage) {
        return Err(Fault::wrong("cli-fault-rekey-nobody", &[]));
    }
    Ok(Heirs { grants, left })
}

/// Has the register of a folder unlocked.
pub(crate) fn unlock(dir: &Path, desk: &Desk) -> Result<Key, Fault> {
    desk.key(dir)?.ok_or_else(|| KeyFault::NotSealed.into())
}

fn grant(name: &str, desk: &Desk) -> Result<Grant, Fault> {
    let (passphrase, cost) = desk.secrets.fresh(name, &desk.words)?;
    Ok(Grant {
        name: name.to_owned(),
        label: String::new(),
        role: Role::Enter,
        passphrase,
        cost,
    })
}

fn list(dir: &Path, desk: &mut Desk) -> Result<(), Fault> {
    let Rest::Sealed(slots) = keys::rest(dir)? else {
        return Err(KeyFault::NotSealed.into());
    };
    let words = &desk.words;
    let headings = [
        "cli-key-number",
        "cli-key-name",
        "cli-key-role",
        "cli-key-label",
    ];
    let mut table = Table::new(headings.map(|key| words.say(key)).to_vec()).right([0]);
    for slot in slots {
        let role = words.say(said(slot.role));
        table.row(vec![
            slot.number.to_string(),
            name(&slot, desk),
            role,
            slot.label,
        ]);
    }
    desk.lines(&table.lines())
}

fn name(slot: &Slot, desk: &Desk) -> String {
    match slot.lock {
        Lock::Passphrase(_) => slot.name.clone(),
        Lock::Recovery { .. } => desk.words.say("cli-key-paper"),
    }
}

fn said(role: Role) -> &'static str {
    match role {
        Role::View => "cli-key-view",
        Role::Enter => "cli-key-enter",
        Role::Manage => "cli-key-manage",
    }
}
