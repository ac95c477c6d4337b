//! The filter bar: text and caret, completions under it, how each word was understood.
//!
//! Invariant: a fault is shown in words beside the rows of the last good query.

use crate::app::filter::Filter;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::query::show::chip;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// The bar, and under it the completions while a word is being typed.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    list: &List,
    active: bool,
    below: Rect,
) {
    let filter = &list.filter;
    let text = filter.line.text();
    if list.focus == Focus::Bar && active {
        chrome::field(frame, area, view, " >", &filter.line);
        if text.is_empty() {
            let hint = Rect {
                x: area.x + 4,
                width: area.width.saturating_sub(4),
                ..area
            };
            let text = view.words.say("list-bar-hint");
            frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), hint);
        }
        draw_completions(frame, view, filter, below);
        return;
    }
    let shown = if text.is_empty() {
        view.words.say("list-everyone")
    } else {
        text.to_owned()
    };
    let spans = vec![
        Span::styled(" > ", view.theme.style(Role::Dim)),
        Span::raw(shown),
    ];
    frame.render_widget(Line::from(spans), area);
}

fn draw_completions(frame: &mut Frame<'_>, view: &View<'_>, filter: &Filter, below: Rect) {
    let shown = filter.completions.len().min(6) as u16;
    if shown == 0 {
        return;
    }
    let label = |at: usize| {
        let one = &filter.completions[at];
        let count = one
            .count
            .map_or(String::new(), |count| grouped(count as u64));
        (one.label.clone(), count)
    };
    let widest = (0..usize::from(shown)).map(|at| {
        let (label, count) = label(at);
        width::cells(&label) + width::cells(&count) + 3
    });
    let wide = (widest.max().unwrap_or(10) as u16 + 2).min(below.width);
    let place = Rect {
        x: below.x + 2,
        y: below.y,
        width: wide,
        height: shown.min(below.height),
    };
    width::veil(frame, place);
    for (at, row) in chrome::rows(place).enumerate() {
        let (label, count) = label(at);
        let room = usize::from(place.width).saturating_sub(width::cells(&count) + 2);
        let text = format!(" {}{count} ", width::pad(&label, room));
        let role = if at == filter.chosen {
            Role::Cursor
        } else {
            Role::Rest
        };
        frame.render_widget(Span::styled(text, view.theme.style(role)), row);
    }
}

/// How each word was understood, or what is wrong.
pub fn draw_chips(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    let filter = &list.filter;
    if let Some(fault) = &filter.fault {
        let said = fault.say(view.app.lang);
        let role = if fault.incomplete {
            Role::Dim
        } else {
            Role::Bad
        };
        let mut text = format!(" {said}  {}", view.words.say("list-previous"));
        if width::cells(&text) > usize::from(area.width) {
            text = format!(" {said}");
        }
        frame.render_widget(Span::styled(text, view.theme.style(role)), area);
        return;
    }
    let mut spans = vec![Span::raw(" ")];
    for one in &filter.chips {
        let text = chip(&one.node, view.index.lexicon(), view.app.lang);
        spans.push(Span::styled(
            format!("[{text}]"),
            view.theme.style(Role::Chip),
        ));
        spans.push(Span::raw(" "));
    }
    frame.render_widget(Line::from(spans), area);
}
