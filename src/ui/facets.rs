//! The facet panel: every category with how many of the present result are in it.
//!
//! Invariant: the counts are those of the rows on the left.

use crate::app::filter::Hold;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::index::Facet;
use crate::model::ids::CategoryCode;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;
use ratatui::widgets::Block;
use ratatui::widgets::Borders;

enum Row<'a> {
    Axis(String),
    Category(usize, &'a Facet),
}

/// Draws the panel.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    let block = Block::new()
        .borders(Borders::LEFT)
        .border_style(view.theme.style(Role::Dim));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let facets = list.facet_rows();
    let rows = with_axes(view, &facets);
    let height = usize::from(inner.height);
    let cursor = rows
        .iter()
        .position(|row| matches!(row, Row::Category(at, _) if *at == list.facet));
    let top = cursor
        .unwrap_or(0)
        .saturating_sub(height.saturating_sub(1) / 2);
    let top = top.min(rows.len().saturating_sub(height));
    for (place, row) in chrome::rows(inner).zip(rows.iter().skip(top)) {
        match row {
            Row::Axis(name) => {
                let text = format!(" {name}");
                frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), place);
            }
            Row::Category(at, facet) => {
                let held = list.focus == Focus::Facets && *at == list.facet;
                let line = category(view, list, facet, usize::from(inner.width));
                let role = if held { Role::Cursor } else { Role::Text };
                frame.render_widget(line.style(view.theme.style(role)), place);
                if held {
                    frame.set_cursor_position((place.x, place.y));
                }
            }
        }
    }
}

/// The categories with a line for each axis above its own.
fn with_axes<'a>(view: &View<'_>, facets: &[&'a Facet]) -> Vec<Row<'a>> {
    let book = view.index.book();
    let mut rows = Vec::new();
    let mut last = None;
    for (at, facet) in facets.iter().enumerate() {
        let axis = book
            .category(&facet.code)
            .and_then(|category| category.axis());
        if axis != last {
            let name = axis.and_then(|axis| book.category(&CategoryCode(axis.to_owned())));
            rows.push(Row::Axis(
                name.map_or("", |axis| axis.name(view.app.lang)).to_owned(),
            ));
            last = axis;
        }
        rows.push(Row::Category(at, facet));
    }
    rows
}

fn category(view: &View<'_>, list: &List, facet: &Facet, width: usize) -> Line<'static> {
    let category = view.index.book().category(&facet.code);
    let name = category.map_or("", |category| category.name(view.app.lang));
    let count = grouped(facet.count as u64);
    let hold = match list.filter.hold(&facet.code) {
        Hold::Free => "  ",
        Hold::On => "+ ",
        Hold::Off => "- ",
    };
    let room = width.saturating_sub(width::cells(&count) + 4);
    let style = view
        .theme
        .category(category.and_then(|category| category.colour()));
    Line::from(vec![
        Span::styled(hold, view.theme.style(Role::Accent)),
        Span::styled(width::pad(name, room), style),
        Span::raw(format!(" {count} ")),
    ])
}
