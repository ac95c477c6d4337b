//! Whether the terminal shows what is typed.
//!
//! A question for a passphrase switches that off before it is put: whoever types at once sees nothing of
//! it either. A desk that locks itself hands the terminal on to its successor like that.
//!
//! Invariant: whoever gets the terminal afterwards sees again what they type.

#[cfg(unix)]
use rustix::termios::LocalModes;
#[cfg(unix)]
use rustix::termios::OptionalActions;
#[cfg(unix)]
use rustix::termios::Termios;
#[cfg(unix)]
use rustix::termios::tcgetattr;
#[cfg(unix)]
use rustix::termios::tcsetattr;

/// A terminal that shows nothing of what is typed, as long as this lives; then it is as it was.
pub(crate) struct Hush {
    #[cfg(unix)]
    before: Option<Termios>,
}

#[cfg(unix)]
impl Hush {
    /// Shows nothing from now on. What is no terminal shows nothing anyway.
    pub(crate) fn begin() -> Hush {
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(modes) = &before {
            set(modes.clone(), false);
        }
        Hush { before }
    }
}

#[cfg(unix)]
impl Drop for Hush {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Shows what is typed, whatever the program before this one left behind.
#[cfg(unix)]
pub(crate) fn show() {
    if let Ok(modes) = tcgetattr(std::io::stdin()) {
        set(modes, true);
    }
}

#[cfg(unix)]
fn set(mut modes: Termios, is_shown: bool) {
    modes.local_modes.set(LocalModes::ECHO, is_shown);
    let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &modes);
}

#[cfg(not(unix))]
impl Hush {
    /// Here the question itself sees to it.
    pub(crate) fn begin() -> Hush {
        Hush {}
    }
}

/// Here no program leaves a terminal behind for another.
#[cfg(not(unix))]
pub(crate) fn show() {}
