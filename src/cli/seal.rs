//! `jumin seal`: an open register is sealed in place.
//!
//! Invariant: the register is whole at every moment, open or sealed; nobody is told that it is
//! sealed before nothing of it lies open any more.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::init;
use crate::store::keys;
use crate::store::keys::Rest;
use crate::store::renew;
use crate::store::vault::fault::KeyFault;
use crate::term::perform;

pub(crate) fn run(desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    if let Rest::Sealed(_) = keys::rest(&dir)? {
        return Err(KeyFault::Sealed.into());
    }
    let founder = init::founder(desk)?;
    let (_, paper) = renew::seal(&dir, &founder, &perform::KEPT)?;
    let path = dir.display().to_string();
    desk.tell("cli-seal-done", &[("path", path.into())])?;
    init::hand_over(&paper, desk)?;
    desk.tell("cli-seal-copies", &[])?;
    Ok(Exit::Done)
}
