//! Entering and leaving the terminal.
//!
//! Invariant: everything that was switched on is switched off again: on leaving, on an error, on a
//! panic.

use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;
use crossterm::event::EnableBracketedPaste;
use crossterm::execute;
use crossterm::terminal::BeginSynchronizedUpdate;
use crossterm::terminal::EndSynchronizedUpdate;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use crossterm::terminal::disable_raw_mode;
use crossterm::terminal::enable_raw_mode;
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::Stdout;
use std::io::stdout;

/// The terminal while the screens are open.
pub struct Session {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Session {
    /// Enters the alternate screen in raw mode.
    pub fn enter() -> std::io::Result<Session> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            // A panic inside sled is caught and mended by the store; the screens go on.
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name.starts_with("sled")) {
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
            Ok(terminal) => Ok(Session { terminal }),
            Err(error) => {
                leave();
                Err(error)
            }
        }
    }

    /// Draws one frame, shown at once.
    pub fn draw<T: Default>(
        &mut self,
        draw: impl FnOnce(&mut Frame<'_>) -> T,
    ) -> std::io::Result<T> {
        let mut seen = T::default();
        execute!(stdout(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| seen = draw(frame))?;
        execute!(stdout(), EndSynchronizedUpdate)?;
        Ok(seen)
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
