//! The locked desk: the program begun anew, at the question for the passphrase.
//!
//! Invariant: a locked program has opened no register.

use crate::cli::anew;
use crate::cli::desk;
use crate::cli::echo;
use crate::cli::echo::Hush;
use crate::cli::fault::Fault;
use crate::model::Lang;
use crate::term::lock::Limits;
use serde::Deserialize;
use std::io;
use std::path::Path;
use std::time::Duration;

/// What tells a program that it was locked.
const LOCKED: &str = "JUMIN_LOCKED";

/// The user's own choice of when the desk locks itself, in minutes; 0 is never.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    minutes: Option<f64>,
    door_minutes: Option<f64>,
}

/// When the desk locks itself: as `lock.toml` beside `keys.toml` says.
pub(crate) fn limits() -> Result<Limits, Fault> {
    let path = desk::config_folder()?.join("lock.toml");
    let choice: Choice = match std::fs::read_to_string(&path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Choice::default(),
        Err(fault) => return Err(Fault::disk(&path, &fault)),
        Ok(text) => toml::from_str(&text).map_err(|fault| {
            let args = [
                ("path", path.display().to_string().into()),
                ("what", fault.message().into()),
            ];
            Fault::wrong("cli-fault-lock-file", &args)
        })?,
    };
    let usual = Limits::default();
    Ok(Limits {
        desk: limit(choice.minutes, usual.desk),
        door: limit(choice.door_minutes, usual.door),
    })
}

fn limit(minutes: Option<f64>, usual: Option<Duration>) -> Option<Duration> {
    let Some(minutes) = minutes else { return usual };
    let limit = Duration::try_from_secs_f64(minutes * 60.0).ok()?;
    Some(limit).filter(|limit| !limit.is_zero())
}

/// Whether this program was locked by the one before it.
pub(crate) fn was_locked() -> bool {
    std::env::var_os(LOCKED).is_some()
}

/// Begins the program anew in place of this one; comes back only where that cannot be done.
pub(crate) fn again(dir: &Path, lang: Lang) -> Fault {
    // Whoever types on sees nothing of it until the question is up, and then neither.
    let _hush = Hush::begin();
    anew::begin(dir, lang, |command| {
        command.env(LOCKED, "1");
    })
}

/// The terminal of a desk that was locked, which the program before this one has hushed: it is given
/// back however this one ends.
pub(crate) struct Inherited;

impl Inherited {
    /// Nothing, unless this program was locked.
    pub(crate) fn take() -> Option<Inherited> {
        was_locked().then_some(Inherited)
    }
}

impl Drop for Inherited {
    fn drop(&mut self) {
        echo::show();
    }
}
