//! The list's table: as many columns as fit, a line a person.
//!
//! Who nearly answers stands below a heading of their own, each with a `~`.
//!
//! Invariant: columns stand straight in cells; only the rows on screen are asked for.

use crate::app::cell::COLUMNS;
use crate::app::cell::Column;
use crate::app::form::shape;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::theme::Role;
use crate::ui::visit;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// How wide each column is; wide screens show more of them and give the rest to categories.
fn widths(total: u16) -> Vec<(Column, usize)> {
    let total = usize::from(total).saturating_sub(2);
    let wanted = |column| match column {
        Column::Name => 9,
        Column::Sex => 3,
        Column::Age => 5,
        Column::Seen => 8,
        Column::Address => 17,
        Column::Phone => 13,
        Column::Categories | Column::Id => 20,
    };
    let mut used = 0;
    let mut shown: Vec<(Column, usize)> = Vec::new();
    for column in COLUMNS {
        if used + wanted(column) <= total {
            used += wanted(column);
            shown.push((column, wanted(column)));
        }
    }
    let spare = total - used;
    for (column, width) in &mut shown {
        match column {
            Column::Categories => *width += spare - spare / 3,
            Column::Address => *width += spare / 3,
            Column::Name
            | Column::Sex
            | Column::Age
            | Column::Seen
            | Column::Phone
            | Column::Id => {}
        }
    }
    shown
}

/// A line of the table.
enum Row {
    /// Someone.
    Person(PersonId),
    /// What is to be said there.
    Said(String),
}

/// Draws the table; how many people it had room for.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    list: &List,
    active: bool,
) -> usize {
    let columns = widths(area.width);
    let mut rows = chrome::rows(area);
    if let Some(head) = rows.next() {
        draw_head(frame, head, view, list, &columns);
    }
    let height = usize::from(area.height).saturating_sub(1);
    let (shown, room) = lines(view, list, height);
    for (area, row) in rows.zip(shown) {
        let id = match row {
            Row::Person(id) => id,
            Row::Said(text) => {
                let text = format!("  {text}");
                frame.render_widget(Span::styled(text, view.theme.style(Role::Warn)), area);
                continue;
            }
        };
        let is_here = Some(id) == list.cursor;
        let role = match (is_here, list.focus) {
            (false, _) => Role::Text,
            (true, Focus::Facets) => Role::Rest,
            (true, Focus::Bar | Focus::Table) => Role::Cursor,
        };
        let line = person_line(view, list, id, &columns);
        frame.render_widget(line.style(view.theme.style(role)), area);
        if is_here && list.focus == Focus::Table && active {
            frame.set_cursor_position(area.as_position());
        }
    }
    room
}

/// What stands in so many lines, and for how many people there is room between the others.
fn lines(view: &View<'_>, list: &List, height: usize) -> (Vec<Row>, usize) {
    let filter = &list.filter;
    let people = |from, count| {
        let rows = filter.rows(view.index, from, count);
        rows.into_iter().map(Row::Person)
    };
    let answered = filter.answer.total();
    if filter.near.is_empty() && answered > 0 {
        let highest = (list.row + 1).saturating_sub(height);
        let top = list.top.clamp(highest, list.row);
        return (people(top, height).collect(), height);
    }
    let carried = answered == 0 && !shape::sort(view.index, filter.line.text()).is_empty();
    let is_new = view.index.book().population() == 0 && filter.line.text().is_empty();
    let nobody = if is_new {
        "list-new"
    } else if carried {
        "list-nobody-new"
    } else {
        "list-nobody"
    };
    // They are few here: all lines are drawn up, and those shown that end with the cursor's.
    let mut all: Vec<Row> = people(0, answered).collect();
    if answered == 0 {
        all.push(Row::Said(view.words.say(nobody)));
    }
    if filter.gone > 0 {
        let gone = [("count", Arg::from(filter.gone))];
        all.push(Row::Said(view.words.tell("list-gone", &gone)));
    }
    if !filter.near.is_empty() {
        all.push(Row::Said(view.words.say("list-near")));
    }
    let said = all.len() - answered;
    all.extend(people(answered, filter.near.len()));
    let line = if list.row < answered {
        list.row
    } else {
        list.row + said
    };
    let skipped = (line + 1).saturating_sub(height);
    let shown = all.into_iter().skip(skipped).take(height);
    (shown.collect(), height.saturating_sub(said))
}

fn draw_head(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    list: &List,
    columns: &[(Column, usize)],
) {
    let mut spans = vec![Span::raw("  ")];
    for (at, (column, width)) in columns.iter().enumerate() {
        let text = width::pad(&view.words.say(heading(*column)), *width);
        let held = list.focus == Focus::Table && at == list.column;
        let role = if held { Role::Accent } else { Role::Dim };
        spans.push(Span::styled(text, view.theme.style(role)));
    }
    frame.render_widget(Line::from(spans), area);
}

fn person_line(
    view: &View<'_>,
    list: &List,
    id: PersonId,
    columns: &[(Column, usize)],
) -> Line<'static> {
    let mark = match (list.marks.contains(&id), list.filter.near.contains(&id)) {
        (true, _) => "* ",
        (false, true) => "~ ",
        (false, false) => "  ",
    };
    let mut spans = vec![Span::styled(mark, view.theme.style(Role::Accent))];
    let Some(person) = view.index.book().person(id) else {
        return Line::from(spans);
    };
    for (column, width) in columns {
        let text = match column {
            Column::Name => person.name().to_owned(),
            Column::Sex => facts::sex(view, person),
            Column::Age => facts::age(view, person),
            Column::Address => facts::brief_address(view, person, width - 1),
            Column::Phone => facts::phone(view, person),
            Column::Id => facts::value(view, person, person::ID_NO),
            Column::Seen => {
                let (text, stale) = visit::brief(view, id);
                let role = if stale { Role::Warn } else { Role::Text };
                let text = width::pad(&text, *width);
                spans.push(Span::styled(text, view.theme.style(role)));
                continue;
            }
            Column::Categories => {
                spans.extend(tag_spans(view, id, *width));
                continue;
            }
        };
        let text = width::clip(&text, width.saturating_sub(1));
        spans.push(Span::raw(width::pad(&text, *width)));
    }
    Line::from(spans)
}

/// A person's categories as coloured words in exactly this width.
pub fn tag_spans(view: &View<'_>, id: PersonId, width: usize) -> Vec<Span<'static>> {
    spans(facts::tags(view, id, None), width)
}

/// Tags as coloured words in exactly this width.
pub fn spans(tags: Vec<facts::Tag>, width: usize) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut left = width;
    for (text, style) in tags {
        let text = width::clip(&text, left.saturating_sub(1));
        if text.is_empty() {
            break;
        }
        left -= width::cells(&text) + 1;
        spans.push(Span::styled(text, style));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::raw(" ".repeat(left)));
    spans
}

fn heading(column: Column) -> &'static str {
    match column {
        Column::Name => "list-name",
        Column::Sex => "list-sex",
        Column::Age => "list-age",
        Column::Address => "list-address",
        Column::Categories => "list-categories",
        Column::Seen => "list-seen",
        Column::Phone => "list-phone",
        Column::Id => "list-id",
    }
}
