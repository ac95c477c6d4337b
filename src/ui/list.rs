//! The list: bar, chips, table, facets, preview, notice and keys.
//!
//! ```text
//!  居民 翠湖社区                                  7 / 8,214
//!  > 下岗 age:50..|
//!  [类别 下岗职工] [年龄 >=50]
//!    姓名     性 年龄 住址            类别          | 就业身份
//!  * 张秀英   女   63 翠湖3栋2单元501 退休 党员     |   退休       412
//! ```
//!
//! Invariant: only the rows on screen are asked for.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::filter::Filter;
use crate::app::list::COLUMNS;
use crate::app::list::Column;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::app::list::digits;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::query::show::chip;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facets;
use crate::ui::facts;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const BAR_KEYS: &[Action] = &[
    Action::Accept,
    Action::Complete,
    Action::ToTable,
    Action::ToFacets,
    Action::SortQueue,
    Action::Views,
    Action::Order,
    Action::Undo,
    Action::Help,
    Action::Quit,
];
const TABLE_KEYS: &[Action] = &[
    Action::Accept,
    Action::Digit,
    Action::Mark,
    Action::SortQueue,
    Action::Search,
    Action::ToFacets,
    Action::Classify,
    Action::LikeThis,
    Action::Undo,
    Action::Help,
];
const FACET_KEYS: &[Action] = &[
    Action::Accept,
    Action::Exclude,
    Action::Digit,
    Action::SortQueue,
    Action::ToTable,
    Action::Search,
    Action::DropTerm,
    Action::Help,
];

/// Draws the list.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List, active: bool) -> Seen {
    let [title, bar, chips, main, preview, legend, notice, footer] =
        area.layout(&Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Fill(1),
            Constraint::Length(3),
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(1),
        ]));
    let panel = if area.width >= 100 { 30 } else { 22 };
    let [table, panel] = main.layout(&Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(panel),
    ]));
    draw_title(frame, title, view, list);
    draw_chips(frame, chips, view, list);
    let rows = draw_table(frame, table, view, list);
    facets::draw(frame, panel, view, list);
    draw_preview(frame, preview, view, list);
    draw_legend(frame, legend, view, list);
    chrome::notice(frame, notice, view);
    let keys = match list.focus {
        Focus::Bar => BAR_KEYS,
        Focus::Table => TABLE_KEYS,
        Focus::Facets => FACET_KEYS,
    };
    chrome::footer(frame, footer, view, list.scope(), keys);
    draw_bar(frame, bar, view, list, active, table);
    Seen {
        rows: if list.focus == Focus::Facets {
            usize::from(panel.height)
        } else {
            rows
        },
        facets: true,
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    let book = view.index.book();
    let place = book.setting("community").unwrap_or("");
    let views = book.views();
    let opened = list
        .view
        .and_then(|subject| views.iter().find(|one| one.subject == subject));
    let name = opened.map_or(String::new(), |one| {
        format!(" / {}", one.name(view.app.lang))
    });
    let left = format!(" {} {place}{name}", view.words.say("app-name"));
    let mut right = view.words.tell(
        "list-count",
        &[
            ("shown", Arg::from(list.filter.answer.total())),
            ("all", Arg::from(book.population())),
        ],
    );
    if !list.marks.is_empty() {
        let hidden = list.hidden_marks(view.index);
        let marked = [
            ("marked", Arg::from(list.marks.len())),
            ("hidden", Arg::from(hidden)),
        ];
        let key = if hidden > 0 {
            "list-marked-hidden"
        } else {
            "list-marked"
        };
        right = format!("{}  {right}", view.words.tell(key, &marked));
    }
    let room = usize::from(area.width).saturating_sub(width::cells(&right) + 1);
    let line = Line::from(vec![
        Span::styled(width::pad(&left, room), view.theme.style(Role::Title)),
        Span::styled(right, view.theme.style(Role::Accent)),
    ]);
    frame.render_widget(line, area);
}

/// The bar, and under it the completions while a word is being typed.
fn draw_bar(
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
    if list.focus == Focus::Table && active {
        let row = (list.row - list.top.min(list.row)) as u16;
        frame.set_cursor_position((below.x, (below.y + 1 + row).min(below.bottom() - 1)));
    }
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

fn draw_chips(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    let filter = &list.filter;
    if let Some(fault) = &filter.fault {
        let said = fault.say(view.app.lang);
        let role = if fault.incomplete {
            Role::Dim
        } else {
            Role::Bad
        };
        let text = format!(" {}  {}", said, view.words.say("list-previous"));
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

/// How wide each column is; wide screens show more of them and give the rest to categories.
fn widths(total: u16) -> Vec<(Column, usize)> {
    let total = usize::from(total).saturating_sub(2);
    let wanted = |column| match column {
        Column::Name => 9,
        Column::Sex => 3,
        Column::Age => 4,
        Column::Address => 16,
        Column::Categories => 20,
        Column::Phone => 13,
        Column::Id => 20,
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
            Column::Name | Column::Sex | Column::Age | Column::Phone | Column::Id => {}
        }
    }
    shown
}

fn draw_table(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) -> usize {
    let columns = widths(area.width);
    let mut rows = chrome::rows(area);
    if let Some(head) = rows.next() {
        let mut spans = vec![Span::raw("  ")];
        for (at, (column, width)) in columns.iter().enumerate() {
            let text = width::pad(&view.words.say(heading(*column)), *width);
            let held = list.focus == Focus::Table && at == list.column;
            let role = if held { Role::Accent } else { Role::Dim };
            spans.push(Span::styled(text, view.theme.style(role)));
        }
        frame.render_widget(Line::from(spans), head);
    }
    let height = usize::from(area.height).saturating_sub(1);
    let top = list
        .top
        .clamp((list.row + 1).saturating_sub(height), list.row);
    let query = &list.filter.query;
    let people = view.index.rows(query, &list.filter.answer, top, height);
    if people.is_empty()
        && let Some(row) = rows.next()
    {
        let text = format!("  {}", view.words.say("list-nobody"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Warn)), row);
    }
    for (row, id) in rows.zip(people) {
        let line = person_line(view, list, id, &columns);
        let role = match (Some(id) == list.cursor, list.focus) {
            (false, _) => Role::Text,
            (true, Focus::Facets) => Role::Rest,
            (true, Focus::Bar | Focus::Table) => Role::Cursor,
        };
        frame.render_widget(line.style(view.theme.style(role)), row);
    }
    height
}

fn person_line(
    view: &View<'_>,
    list: &List,
    id: PersonId,
    columns: &[(Column, usize)],
) -> Line<'static> {
    let mark = if list.marks.contains(&id) { "* " } else { "  " };
    let mut spans = vec![Span::styled(mark, view.theme.style(Role::Accent))];
    let Some(person) = view.index.book().person(id) else {
        return Line::from(spans);
    };
    for (column, width) in columns {
        let text = match column {
            Column::Name => person.name().to_owned(),
            Column::Sex => facts::value(view, person, person::SEX),
            Column::Age => facts::age(view, person),
            Column::Address => facts::address(view, person),
            Column::Phone => facts::phone(view, person),
            Column::Id => facts::value(view, person, person::ID_NO),
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
    let mut spans = Vec::new();
    let mut left = width;
    for (text, style) in facts::tags(view, id) {
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
        Column::Phone => "list-phone",
        Column::Id => "list-id",
    }
}

/// The person under the cursor in three lines: who, what else is known, who else lives there.
fn draw_preview(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    let mut rows = chrome::rows(area);
    let book = view.index.book();
    let Some(person) = list.cursor.and_then(|id| book.person(id)) else {
        return;
    };
    let known = [
        person::RELATION,
        person::ID_NO,
        person::PHONES,
        person::POLITICS,
        person::EDUCATION,
    ];
    let facts: Vec<String> = known
        .iter()
        .map(|number| facts::value(view, person, *number))
        .filter(|text| !text.is_empty())
        .collect();
    if let Some(row) = rows.next() {
        let rule = "─".repeat(usize::from(row.width));
        frame.render_widget(Span::styled(rule, view.theme.style(Role::Dim)), row);
        let name = Rect {
            x: row.x + 2,
            width: row.width.saturating_sub(2),
            ..row
        };
        let text = format!(
            " {} ",
            width::clip(person.name(), usize::from(name.width / 2))
        );
        frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), name);
    }
    if let Some(row) = rows.next() {
        frame.render_widget(Line::from(format!(" {}", facts.join("  "))), row);
    }
    if let Some(row) = rows.next() {
        let members = person
            .household()
            .map_or(&[][..], |household| book.members(household));
        let others = members
            .iter()
            .filter(|id| **id != person.id)
            .filter_map(|id| book.person(*id));
        let others: Vec<String> = others
            .map(|one| {
                let relation = facts::value(view, one, person::RELATION);
                format!("{} {relation}{}", one.name(), facts::age(view, one))
            })
            .collect();
        let text = match others.is_empty() {
            true => String::new(),
            false => format!(
                " {} {}",
                view.words.say("list-household"),
                others.join("  ")
            ),
        };
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), row);
    }
}

/// Which digit gives which category, while the table or the panel has the keys.
fn draw_legend(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    if list.focus == Focus::Bar {
        return;
    }
    let mut spans = vec![Span::raw(" ")];
    for (at, code) in digits(view.index).iter().enumerate() {
        let Some(category) = view.index.book().category(code) else {
            continue;
        };
        let name = width::clip(category.name(view.app.lang), 8);
        spans.push(Span::styled(
            (at + 1).to_string(),
            view.theme.style(Role::Key),
        ));
        spans.push(Span::styled(
            format!("{name} "),
            view.theme.category(category.colour()),
        ));
    }
    frame.render_widget(Line::from(spans), area);
}
