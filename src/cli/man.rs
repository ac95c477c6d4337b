//! `jumin man`: the manual, one page and one for each command, in roff.
//!
//! Invariant: made from the same table as the parser.

use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::help;

pub(crate) fn run(desk: &mut Desk) -> Result<Exit, Fault> {
    let mut command = help::command(&desk.words);
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let below = command
        .get_subcommands()
        .flat_map(|sub| std::iter::once(sub).chain(sub.get_subcommands()));
    for sub in below {
        clap_mangen::Man::new(sub.clone()).render(&mut page)?;
    }
    desk.text(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Done)
}
