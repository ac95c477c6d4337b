//! The terminal as a pane to draw on: one frame at a time, shown at once, and the last one kept.
//!
//! Invariant: a box can be drawn over the last frame without whatever that frame was drawn from.

use crossterm::execute;
use crossterm::terminal::BeginSynchronizedUpdate;
use crossterm::terminal::EndSynchronizedUpdate;
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use std::io::Write;

/// A terminal and what it shows.
pub struct Pane<W: Write> {
    terminal: Terminal<CrosstermBackend<W>>,
    last: Buffer,
}

impl<W: Write> Pane<W> {
    /// A pane on a terminal.
    pub fn new(terminal: Terminal<CrosstermBackend<W>>) -> Pane<W> {
        Pane {
            terminal,
            last: Buffer::default(),
        }
    }

    /// Draws a frame.
    pub fn draw<T: Default>(
        &mut self,
        draw: impl FnOnce(&mut Frame<'_>) -> T,
    ) -> std::io::Result<T> {
        let mut answer = T::default();
        execute!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let shown = self.terminal.draw(|frame| answer = draw(frame))?;
        self.last.clone_from(shown.buffer);
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Ok(answer)
    }

    /// Draws over the last frame; the next call finds that frame as it was.
    pub fn over(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()> {
        let last = self.last.clone();
        self.draw(|frame| {
            let buffer = frame.buffer_mut();
            for place in last.area.intersection(buffer.area).positions() {
                buffer[place].clone_from(&last[place]);
            }
            draw(frame);
        })?;
        self.last = last;
        Ok(())
    }
}
