//! `jumin check`: compares journal, store and index, and the journal with a head noted on paper.
//!
//! Invariant: exit 1 when anything differs.

use crate::cli::backup;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::register::RegisterError;
use crate::store::Finding;
use crate::store::vault::fault::KeyFault;
use crate::term::perform;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long)]
    quick: bool,
    #[arg(long, value_name = "HEAD")]
    head: Option<String>,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open()?;
    let backups = backup::known(register.dir(), desk);
    if args.quick {
        // Opening has read the whole journal, or a checkpoint and what lies beyond it.
        let is_whole = !register.is_barred();
        desk.tell(
            if is_whole {
                "cli-check-quick"
            } else {
                "cli-check-barred"
            },
            &[],
        )?;
        desk.lines(&backups)?;
        return Ok(if is_whole { Exit::Done } else { Exit::Wrong });
    }
    if !register.is_whole() {
        return Err(KeyFault::Half.into());
    }
    let findings = register.check();
    // What was mended since opening is not a difference any more, but the worker hears of it.
    desk.tell_mended(&register.notices());
    let mut table = Table::bare();
    for finding in &findings {
        table.row(vec![what(finding, desk), verdict(finding, desk)]);
    }
    desk.lines(&table.lines())?;
    desk.lines(&backups)?;
    let head = register.head().to_string();
    desk.tell("cli-check-head", &[("head", head.into())])?;
    if let Some(noted) = args.head.as_deref() {
        let told = [("head", noted.into())];
        if !register.has_passed(noted).map_err(RegisterError::from)? {
            desk.note("cli-check-head-gone", &told);
            return Ok(Exit::Wrong);
        }
        desk.tell("cli-check-head-good", &told)?;
    }
    if findings.iter().all(|finding| finding.fault.is_none()) {
        desk.tell("cli-check-clean", &[])?;
        return Ok(Exit::Done);
    }
    desk.note("cli-check-differs", &[]);
    Ok(Exit::Wrong)
}

fn what(finding: &Finding, desk: &Desk) -> String {
    desk.words.say(&format!("cli-check-{}", finding.what))
}

/// In order, or what differs, what that means and what to do.
fn verdict(finding: &Finding, desk: &Desk) -> String {
    match &finding.fault {
        Some(fault) => {
            let key = format!("cli-check-{}-differs", finding.what);
            let why = perform::reason(fault, &desk.words);
            desk.words.tell(&key, &[("why", why.into())])
        }
        None => desk.words.say("cli-check-good"),
    }
}
