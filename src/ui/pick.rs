//! The chooser: a field, the rows that are left, a key or a query beside each.
//!
//! Invariant: what is typed narrows by the words on screen too.

use crate::app::Seen;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// Draws the chooser.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, pick: &Pick) -> Seen {
    let mut title = view.words.say(pick.title);
    if let Some(about) = &pick.about {
        title = format!("{title} {}", chrome::say(view, about));
    }
    let inner = chrome::popup(
        frame,
        area,
        view,
        &title,
        (76, area.height.saturating_sub(4)),
    );
    let mut rows = chrome::rows(inner);
    let Some(field) = rows.next() else {
        return Seen::default();
    };
    let height = usize::from(inner.height).saturating_sub(1);
    let items = pick.rows();
    for (row, (at, item)) in rows.zip(items.iter().enumerate().skip(pick.top)) {
        let line = item_line(view, item, usize::from(inner.width));
        let role = if at == pick.row {
            Role::Cursor
        } else {
            Role::Text
        };
        frame.render_widget(line.style(view.theme.style(role)), row);
    }
    chrome::field(frame, field, view, ">", &pick.line);
    Seen {
        rows: height,
        facets: false,
    }
}

fn item_line(view: &View<'_>, item: &Item, width: usize) -> Line<'static> {
    let label = match &item.label {
        Label::Text(text) => text.clone(),
        Label::Word(key) => view.words.say(key),
        Label::Say(say) => chrome::say(view, say),
    };
    let left = if item.hint.is_empty() {
        width
    } else {
        width / 2
    };
    let hint = width::clip(&item.hint, width.saturating_sub(left + 1));
    Line::from(vec![
        Span::raw(format!(" {}", width::pad(&label, left.saturating_sub(1)))),
        Span::styled(hint, view.theme.style(Role::Key)),
    ])
}
