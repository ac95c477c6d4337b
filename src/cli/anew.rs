//! The program begun anew in place of this one, on the same register and in the same language.
//!
//! What was in memory, and every thread that listens to the terminal, is gone with the old program:
//! not dropped, which leaves it lying there, but replaced by the system.
//!
//! Invariant: what comes back is why it could not be done.

use crate::cli::fault::Fault;
use crate::model::Lang;
use std::io;
use std::path::Path;
use std::process::Command;

/// Begins the program anew; `how` adds what else it is to be told.
pub(crate) fn begin(dir: &Path, lang: Lang, how: impl FnOnce(&mut Command)) -> Fault {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(fault) => return Fault::disk(Path::new("jumin"), &fault),
    };
    let mut command = Command::new(&program);
    command
        .arg("--register")
        .arg(dir)
        .args(["--lang", lang.pick("zh", "en")]);
    how(&mut command);
    Fault::disk(&program, &replace(command))
}

#[cfg(unix)]
fn replace(mut command: Command) -> io::Error {
    std::os::unix::process::CommandExt::exec(&mut command)
}

/// Where a program cannot be replaced, this one ends.
#[cfg(not(unix))]
fn replace(_command: Command) -> io::Error {
    io::Error::from(io::ErrorKind::Unsupported)
}
