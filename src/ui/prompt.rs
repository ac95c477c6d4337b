//! One line of text asked for, with what is wrong under it, and what it may become.
//!
//! Invariant: the caret is the terminal's own cursor.

use crate::app::Seen;
use crate::app::prompt::Prompt;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// How many offers are on screen at once.
const OFFERS: usize = 12;

/// Draws the question.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, prompt: &Prompt) -> Seen {
    let field = prompt.field.map_or("", |field| field.label(view.app.lang));
    let title = view
        .words
        .tell(prompt.title, &[("field", Arg::from(field))]);
    let offers = prompt.offers.len().min(OFFERS) as u16;
    let inner = chrome::popup(frame, area, view, &title, (72, 5 + offers));
    let mut rows = chrome::rows(inner);
    let (line, below) = (rows.next(), rows.next());
    if let Some(row) = below {
        let keys = if offers > 0 {
            "prompt-keys-ledger"
        } else {
            "prompt-keys"
        };
        let (text, role) = match &prompt.fault {
            Some(fault) => (chrome::say(view, fault), Role::Bad),
            None => (view.words.say(keys), Role::Dim),
        };
        frame.render_widget(Span::styled(text, view.theme.style(role)), row);
    }
    let top = prompt.row.map_or(0, |row| (row + 1).saturating_sub(OFFERS));
    for (row, (at, offer)) in rows.zip(prompt.offers.iter().enumerate().skip(top)) {
        let role = if prompt.row == Some(at) {
            Role::Cursor
        } else {
            Role::Text
        };
        let line = offered(view, offer, usize::from(row.width));
        frame.render_widget(line.style(view.theme.style(role)), row);
    }
    if let Some(row) = line {
        chrome::field(frame, row, view, ">", &prompt.line);
    }
    Seen::default()
}

/// A path: its name, and beside it the folder that it lies in.
fn offered(view: &View<'_>, path: &str, width: usize) -> Line<'static> {
    let body = path.trim_end_matches(std::path::is_separator);
    let start = body.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let (folder, name) = path.split_at(start);
    let left = width * 3 / 5;
    let folder = width::clip(folder, width.saturating_sub(left + 1));
    Line::from(vec![
        Span::raw(format!(" {}", width::pad(name, left.saturating_sub(1)))),
        Span::styled(folder, view.theme.style(Role::Dim)),
    ])
}
