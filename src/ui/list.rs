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
use crate::app::list::Focus;
use crate::app::list::List;
use crate::app::step::digits;
use crate::model::person;
use crate::ui::View;
use crate::ui::bar;
use crate::ui::chrome;
use crate::ui::facets;
use crate::ui::facts;
use crate::ui::table;
use crate::ui::theme::Role;
use crate::ui::visit;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const BAR_KEYS: &[Action] = &[
    Action::Accept,
    Action::Complete,
    Action::NewPerson,
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
    Action::Visit,
    Action::Verify,
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
    bar::draw_chips(frame, chips, view, list);
    let rows = table::draw(frame, table, view, list, active);
    facets::draw(frame, panel, view, list);
    draw_preview(frame, preview, view, list);
    draw_legend(frame, legend, view, list);
    chrome::notice(frame, notice, view);
    let keys = match list.focus {
        Focus::Bar => BAR_KEYS,
        Focus::Table => TABLE_KEYS,
        Focus::Facets => FACET_KEYS,
    };
    if active {
        chrome::footer(frame, footer, view, list.scope(), keys);
    }
    bar::draw(frame, bar, view, list, active, table);
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
        let text = format!(" {}  {} ", person.name(), facts::address(view, person));
        let text = width::clip(&text, usize::from(name.width));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), name);
    }
    if let Some(row) = rows.next() {
        // A visit is what the day is about: it stands where a narrow screen cannot cut it off.
        let seen = visit::summary(view, person.id);
        let room = usize::from(row.width).saturating_sub(width::cells(&seen) + 2);
        let facts = width::pad(&format!(" {}", facts.join("  ")), room);
        frame.render_widget(Line::from(format!("{facts}  {seen}")), row);
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
        let text = if others.is_empty() {
            String::new()
        } else {
            format!(
                " {} {}",
                view.words.say("list-household"),
                others.join("  ")
            )
        };
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), row);
    }
}

/// Which digit gives which category, while the table or the panel has the keys.
fn draw_legend(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, list: &List) {
    if list.focus == Focus::Bar {
        return;
    }
    let codes = digits(view.index);
    let room = usize::from(area.width).saturating_sub(1) / codes.len().max(1);
    let mut spans = vec![Span::raw(" ")];
    for (at, code) in codes.iter().enumerate() {
        let Some(category) = view.index.book().category(code) else {
            continue;
        };
        let name = width::clip(category.name(view.app.lang), room.saturating_sub(2));
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
