//! `jumin init`: starts an empty register with the seeds.
//!
//! Invariant: a folder that holds anything is left alone.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::register::Register;
use crate::term::clock;

pub(crate) fn run(desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    let register = Register::create(&dir, &desk.worker(), clock::now())?;
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
    desk.tell("cli-init-next", &[("jumin", desk::called().into())])?;
    Ok(Exit::Done)
}
