//! What the first screen says of its own accord: how the backups stand, and who is to be removed.
//!
//! Invariant: of a register with nothing in it that could be lost, nothing is said.

use crate::app::Notice;
use crate::app::Say;
use crate::app::Tone;
use crate::app::leavers;
use crate::model::date::minute_of;
use crate::model::role::Role;
use crate::register::Register;
use crate::store::backup::shelf;
use crate::term::Setup;
use crate::term::clock;
use crate::term::perform::Desk;
use crate::words::Arg;
use crate::words::Words;

/// How long ago a backup may be, in days.
const OLD: u64 = 7;

/// So many acts are worth a backup.
const WORTH: usize = 20;

/// What is to be said when the screens are opened; nothing of a made-up community.
pub(crate) fn notice(setup: &Setup, desk: &Desk) -> Option<Notice> {
    let register = desk.register().filter(|_| setup.dir != setup.demo_dir)?;
    match (due(register), backups(setup, register)) {
        (due, None) => due,
        (None, backups) => backups,
        (Some(due), Some(backups)) => {
            let words = Words::new(setup.lang);
            let args = [
                ("one", said(&due, &words)),
                ("other", said(&backups, &words)),
            ];
            Some(Notice::new(backups.tone, Say::with("morning-both", args)))
        }
    }
}

fn said(notice: &Notice, words: &Words) -> String {
    let args = notice.say.args.iter();
    let args: Vec<(&str, Arg)> = args
        .map(|(name, text)| (*name, text.as_str().into()))
        .collect();
    words.tell(notice.say.key, &args)
}

/// How many are to be removed, for whoever may do it.
fn due(register: &Register) -> Option<Notice> {
    if register.role() != Role::Manage {
        return None;
    }
    let count = register.index().ask(&leavers::due()).total();
    let say = Say::with("morning-due", [("count", count.to_string())]);
    (count > 0).then(|| Notice::new(Tone::Good, say))
}

/// How the backups stand. That there is none is said once there is work that could be lost.
fn backups(setup: &Setup, register: &Register) -> Option<Notice> {
    let note = shelf::note(&setup.dir);
    let tried = match &note.tried {
        Some(tried) => minute_of(tried.at),
        None => Words::new(setup.lang).say("backup-not-tried"),
    };
    let tried = ("tried", tried);
    match (&note.last, note.days(clock::now())) {
        (Some(_), Some(days)) if days >= OLD => Some(Notice::new(
            Tone::Warn,
            Say::with("backup-old", [("days", days.to_string()), tried]),
        )),
        (Some(last), _) => Some(Notice::new(
            Tone::Good,
            Say::with("backup-known", [("when", minute_of(last.at)), tried]),
        )),
        (None, _) if is_worth_it(register) => {
            Some(Notice::new(Tone::Warn, Say::plain("backup-never")))
        }
        (None, _) => None,
    }
}

/// Whether a register holds work: a ledger was taken in, or there were some acts.
fn is_worth_it(register: &Register) -> bool {
    register.acts() > WORTH || register.has_ledger()
}
