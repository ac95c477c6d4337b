//! What an act would do: to whom, line by line, and the keys that do it or leave it.
//!
//! Invariant: as many rows as there are can be walked through.

use crate::app::Seen;
use crate::app::preview::Body;
use crate::app::preview::Preview;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::table::tag_spans;
use crate::ui::theme::Role;
use crate::ui::width;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// Draws the preview.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, preview: &Preview) -> Seen {
    let title = chrome::say(view, &preview.title);
    let height = (preview.len() as u16)
        .saturating_add(4)
        .min(area.height.saturating_sub(2));
    let inner = chrome::popup(frame, area, view, &title, (76, height.max(6)));
    let body = Rect {
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let foot = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    match &preview.body {
        Body::People(people) => {
            for (row, id) in chrome::rows(body).zip(people.iter().skip(preview.top)) {
                let Some(person) = view.index.book().person(*id) else {
                    continue;
                };
                let mut spans = vec![
                    Span::raw(format!(" {} ", width::pad(person.name(), 10))),
                    Span::raw(width::pad(&facts::address(view, person), 22)),
                ];
                spans.extend(tag_spans(
                    view,
                    *id,
                    usize::from(row.width).saturating_sub(35),
                ));
                frame.render_widget(Line::from(spans), row);
            }
        }
        Body::Lines(lines) => {
            for (row, say) in chrome::rows(body).zip(lines.iter().skip(preview.top)) {
                let text = width::clip(&chrome::say(view, say), usize::from(row.width) - 1);
                frame.render_widget(Span::raw(format!(" {text}")), row);
            }
        }
    }
    let text = view.words.say(if preview.is_idle() {
        "preview-keys-look"
    } else {
        "preview-keys"
    });
    frame.render_widget(Span::styled(text, view.theme.style(Role::Key)), foot);
    Seen {
        rows: usize::from(body.height),
        facets: false,
    }
}
