//! The terminal as a pane to draw on: one frame at a time, shown at once, and the last one kept.
//!
//! Invariant: it shows what was drawn, whatever was on it before; a box can be drawn over the last
//! frame without whatever that frame was drawn from.

use crate::ui::width;
use crossterm::execute;
use crossterm::terminal::BeginSynchronizedUpdate;
use crossterm::terminal::EndSynchronizedUpdate;
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::buffer::CellDiffOption;
use std::io::Write;

/// A terminal and what it shows.
pub struct Pane<W: Write> {
    terminal: Terminal<CrosstermBackend<W>>,
    /// What is on it.
    shown: Buffer,
    /// The frame under the box, while there is one.
    under: Option<Buffer>,
}

impl<W: Write> Pane<W> {
    /// A pane on a terminal.
    pub fn new(terminal: Terminal<CrosstermBackend<W>>) -> Pane<W> {
        Pane {
            terminal,
            shown: Buffer::default(),
            under: None,
        }
    }

    /// What is on it now.
    pub fn shown(&self) -> &Buffer {
        &self.shown
    }

    /// Draws a frame.
    pub fn draw<T: Default>(
        &mut self,
        draw: impl FnOnce(&mut Frame<'_>) -> T,
    ) -> std::io::Result<T> {
        self.under = None;
        self.put(draw)
    }

    /// Draws over the last frame; the next call finds that frame as it was.
    pub fn over(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> std::io::Result<()> {
        let under = self.under.take().unwrap_or_else(|| self.shown.clone());
        let put = self.put(|frame| {
            let buffer = frame.buffer_mut();
            for place in under.area.intersection(buffer.area).positions() {
                buffer[place].clone_from(&under[place]);
            }
            draw(frame);
        });
        self.under = Some(under);
        put
    }

    fn put<T: Default>(&mut self, draw: impl FnOnce(&mut Frame<'_>) -> T) -> std::io::Result<T> {
        let mut answer = T::default();
        execute!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let before = &self.shown;
        let shown = self.terminal.draw(|frame| {
            answer = draw(frame);
            resend_halves(before, frame.buffer_mut());
        })?;
        self.shown.clone_from(shown.buffer);
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Ok(answer)
    }
}

/// Has sent again what is left of a wide glyph whose first half is drawn over. The buffers know that
/// half as a blank and may find it unaltered, but terminals blank it in colours of their own choice.
fn resend_halves(before: &Buffer, now: &mut Buffer) {
    let is_wide = |buffer: &Buffer, place| width::cells(buffer[place].symbol()) > 1;
    let area = before.area.intersection(now.area);
    for place in area.positions() {
        let next = (place.x + 1, place.y);
        if is_wide(before, place)
            && !is_wide(now, place)
            && let Some(half) = now.cell_mut(next)
        {
            half.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
}
