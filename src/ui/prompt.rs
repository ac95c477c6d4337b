//! One line of text asked for, with what is wrong under it.
//!
//! Invariant: the caret is the terminal's own cursor.

use crate::app::Seen;
use crate::app::prompt::Prompt;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

/// Draws the question.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, prompt: &Prompt) -> Seen {
    let field = prompt.field.map_or("", |field| field.label(view.app.lang));
    let title = view
        .words
        .tell(prompt.title, &[("field", Arg::from(field))]);
    let inner = chrome::popup(frame, area, view, &title, (72, 5));
    let mut rows = chrome::rows(inner);
    let (line, below) = (rows.next(), rows.next());
    if let Some(row) = below {
        let (text, role) = match &prompt.fault {
            Some(fault) => (chrome::say(view, fault), Role::Bad),
            None => (view.words.say("prompt-keys"), Role::Dim),
        };
        frame.render_widget(Span::styled(text, view.theme.style(role)), row);
    }
    if let Some(row) = line {
        chrome::field(frame, row, view, ">", &prompt.line);
    }
    Seen::default()
}
