//! The arguments of every command that writes a list: what for, for whom, on what basis.
//!
//! Invariant: whole values need a purpose, a receiver, and a role that may see them.

use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::exchange::ExchangeError;
use crate::model::change::BASES;
use crate::model::change::Commit;
use crate::model::role::Eyes;
use crate::model::role::Role;
use crate::register::Register;
use crate::term::clock;
use crate::term::sending;
use crate::term::sending::Load;
use crate::term::sending::Unsent;

/// Why a list goes out.
#[derive(Debug, clap::Args)]
pub(crate) struct Cause {
    #[arg(long, requires = "purpose", requires = "receiver")]
    unmasked: bool,
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    #[arg(long = "to", value_name = "TEXT")]
    receiver: Option<String>,
    #[arg(long, value_name = "TEXT")]
    basis: Option<String>,
}

impl Cause {
    /// Whose eyes the list is for, if the role may have it.
    pub(crate) fn eyes(&self, role: Role) -> Result<Eyes, Fault> {
        match (self.unmasked, role.reveals()) {
            (false, _) => Ok(role.eyes()),
            (true, true) => Ok(role.open_eyes()),
            (true, false) => Err(Fault::wrong("cli-fault-role-masked", &[])),
        }
    }

    /// What stands in the file; see [`sending::Cause::mark`].
    pub(crate) fn mark(&self, register: &Register, desk: &Desk) -> Option<String> {
        self.said().mark(register, &desk.words, clock::now())
    }

    /// Puts a list on record, then writes its file, if it has one, and tells the journal's head.
    pub(crate) fn send(
        &self,
        load: Load<'_>,
        register: &mut Register,
        desk: &Desk,
    ) -> Result<Commit, Fault> {
        let sent = self.said().send(load, register, clock::now());
        let commit = sent.map_err(|unsent| match unsent {
            Unsent::Unrecorded(fault) => Fault::from(fault),
            Unsent::Unwritten(path, source) => Fault::from(ExchangeError::Disk { path, source }),
        })?;
        let head = register.head().to_string();
        desk.note("cli-sent", &[("head", head.into())]);
        Ok(commit)
    }

    fn said(&self) -> sending::Cause {
        let said = sending::Cause {
            purpose: self.purpose.clone(),
            receiver: self.receiver.clone(),
            basis: self.basis.clone(),
        };
        let said = said.cleaned();
        sending::Cause {
            basis: said.basis.as_deref().map(listed),
            ..said
        }
    }
}

/// A legal basis of the list by its number or name, else as it was said.
fn listed(text: &str) -> String {
    let numbered = text.parse::<usize>().ok().and_then(|at| at.checked_sub(1));
    let named = |(zh, en): &&(&str, &str)| *zh == text || en.eq_ignore_ascii_case(text);
    let known = numbered.and_then(|at| BASES.get(at));
    let known = known.or_else(|| BASES.iter().find(named));
    known.map_or(text, |(zh, _)| zh).to_owned()
}
