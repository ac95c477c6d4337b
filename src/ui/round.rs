//! Today's round: the doors in the order of walking, those done with a tick and what came of it.
//!
//! ```text
//!  走访路线  cat:T1,T2,T3 due:..month                        2/14 户
//!  [x] 翠湖小区3栋1单元102   仇阿婆 87                今天  见到本人
//!  [ ] 翠湖小区3栋2单元501   张秀英 68  单伟 70       见面 40天前
//! ```
//!
//! Invariant: only the doors on screen are looked at, but for the count.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::round::Door;
use crate::app::round::Round;
use crate::model::ids::PersonId;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
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

const KEYS: &[Action] = &[
    Action::Visit,
    Action::Accept,
    Action::Back,
    Action::Undo,
    Action::Help,
];

/// Draws the round.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, round: &Round) -> Seen {
    width::veil(frame, area);
    let [title, main, legend, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    draw_title(frame, title, view, round);
    let rows = usize::from(main.height);
    let top = round
        .top
        .clamp((round.row + 1).saturating_sub(rows), round.row);
    if round.doors.is_empty() {
        let text = format!(" {}", view.words.say("round-empty"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Warn)), main);
    }
    for (place, (at, door)) in chrome::rows(main).zip(round.doors.iter().enumerate().skip(top)) {
        let role = if at == round.row {
            frame.set_cursor_position((place.x, place.y));
            Role::Cursor
        } else {
            Role::Text
        };
        let line = door_line(view, round, door, usize::from(place.width));
        frame.render_widget(line.style(view.theme.style(role)), place);
    }
    frame.render_widget(visit::digits(view), legend);
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Round, KEYS);
    Seen {
        rows,
        facets: false,
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, round: &Round) {
    let count = [
        ("done", Arg::from(round.done(view.index))),
        ("doors", Arg::from(round.doors.len())),
    ];
    let right = view.words.tell("round-count", &count);
    let room = usize::from(area.width).saturating_sub(width::cells(&right) + 1);
    let left = format!(" {}  {}", view.words.say("round-title"), round.text);
    let line = Line::from(vec![
        Span::styled(width::pad(&left, room), view.theme.style(Role::Title)),
        Span::styled(right, view.theme.style(Role::Accent)),
    ]);
    frame.render_widget(line, area);
}

fn door_line(view: &View<'_>, round: &Round, door: &Door, room: usize) -> Line<'static> {
    let book = view.index.book();
    let name = |id: &PersonId| {
        let one = book.person(*id)?;
        Some(format!("{} {}", one.name(), facts::age(view, one)))
    };
    let names: Vec<String> = door.people.iter().filter_map(name).collect();
    let first = door.people.first().and_then(|id| book.person(*id));
    let address = first.map_or(String::new(), |one| facts::brief_address(view, one, 21));
    let (sign, state, role) = match (door.visit(view.index, round.since), first) {
        (Some(id), _) => ("[x]", visit::line(view, id), Role::Dim),
        (None, Some(one)) => ("[ ]", visit::summary(view, one.id), Role::Text),
        (None, None) => ("[ ]", String::new(), Role::Text),
    };
    let left = (room / 2).saturating_sub(4);
    let text = format!("{} {}", width::pad(&address, 21), names.join("  "));
    let style = view.theme.style(role);
    Line::from(vec![
        Span::styled(format!(" {sign} "), view.theme.style(Role::Accent)),
        Span::styled(width::pad(&text, left + 5), style),
        Span::styled(
            format!(" {}", width::clip(&state, room.saturating_sub(left + 11))),
            style,
        ),
    ])
}
