//! Entering and leaving the terminal.
//!
//! Invariant: everything that was switched on is switched off again: on leaving, on an error, on a
//! panic.

use crate::term::pane::Pane;
use crate::term::worker;
use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;
use crossterm::event::EnableBracketedPaste;
use crossterm::execute;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use crossterm::terminal::disable_raw_mode;
use crossterm::terminal::enable_raw_mode;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::Stdout;
use std::io::stdout;

/// The terminal while the screens are open: as long as this lives.
pub struct Session;

impl Session {
    /// Enters the alternate screen in raw mode.
    pub fn enter() -> std::io::Result<(Session, Pane<Stdout>)> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // A panic inside sled is caught and mended by the store; the screens go on.
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name.starts_with("sled")) {
                return;
            }
            // The loop hears of a worker's panic, gives the terminal back and says it.
            if worker::note(info) {
                return;
            }
            leave();
            before(info);
        }));
        enable_raw_mode()?;
        let entered = execute!(stdout(), EnterAlternateScreen);
        // Windows has no bracketed paste, and asking for it there adds Ctrl to Enter.
        let entered = if cfg!(windows) {
            entered
        } else {
            entered.and_then(|()| execute!(stdout(), EnableBracketedPaste))
        };
        let terminal = entered.and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match terminal {
            Ok(terminal) => Ok((Session, Pane::new(terminal))),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back. Each step is tried whatever became of the one before.
fn leave() {
    let steps = [
        execute!(stdout(), DisableBracketedPaste),
        execute!(stdout(), LeaveAlternateScreen),
        execute!(stdout(), Show),
        disable_raw_mode(),
    ];
    drop(steps);
}
