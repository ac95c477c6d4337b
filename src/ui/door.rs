//! At a door: the box, and under it who was found, two lines and a gap for each; who only nearly
//! answers is marked with a `~`.
//!
//! Invariant: the caret is the terminal's own cursor; nothing closely kept is shown.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::door::Door;
use crate::model::ids::PersonId;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::table;
use crate::ui::theme::Role;
use crate::ui::visit;
use crate::ui::width;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::Visit,
    Action::Verify,
    Action::Back,
    Action::Help,
];

/// How wide a name, sex and age stand, in cells.
const WHO: usize = 24;
/// Lines for each person, the gap included.
const EACH: u16 = 3;

/// Draws the box and who was found.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, door: &Door) -> Seen {
    width::veil(frame, area);
    let [title, _, typed, said, main, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(2),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let text = width::clip(
        &format!(" {}", view.words.say("door-title")),
        usize::from(title.width),
    );
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), title);
    let (text, role) = told(view, door);
    let text = width::clip(&format!("   {text}"), usize::from(said.width));
    frame.render_widget(Span::styled(text, view.theme.style(role)), said);
    let rows = usize::from(main.height / EACH).max(1);
    let here = door.at();
    let top = here.map_or(0, |here| (here + 1).saturating_sub(rows));
    let mut places = chrome::rows(main);
    for (at, id) in door.found.iter().enumerate().skip(top) {
        let (Some(first), Some(second)) = (places.next(), places.next()) else {
            break;
        };
        places.next();
        let sign = match (here == Some(at), at < door.total) {
            (true, _) => '▶',
            (false, true) => ' ',
            (false, false) => '~',
        };
        draw_person(frame, (first, second), view, *id, sign);
    }
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Door, KEYS);
    chrome::field(frame, typed, view, "  >", &door.line);
    Seen {
        rows,
        facets: false,
    }
}

/// How many were found, what is wrong, or what can be typed.
fn told(view: &View<'_>, door: &Door) -> (String, Role) {
    if let Some(fault) = &door.fault {
        return (fault.say(view.app.lang), Role::Warn);
    }
    if door.line.text().trim().is_empty() {
        return (view.words.say("door-hint"), Role::Dim);
    }
    if door.total == 0 && !door.found.is_empty() {
        return (view.words.say("door-near"), Role::Warn);
    }
    if door.total == 0 {
        return (view.words.say("door-nobody"), Role::Warn);
    }
    let count = [("count", grouped(door.total as u64).into())];
    (view.words.tell("door-found", &count), Role::Dim)
}

fn draw_person(
    frame: &mut Frame<'_>,
    (first, second): (Rect, Rect),
    view: &View<'_>,
    id: PersonId,
    sign: char,
) {
    let Some(person) = view.index.book().person(id) else {
        return;
    };
    let who = format!(
        " {sign} {}  {} {}",
        person.name(),
        facts::sex(view, person),
        facts::age(view, person)
    );
    let role = if sign == '▶' {
        Role::Cursor
    } else {
        Role::Text
    };
    let who = width::pad(&who, WHO);
    let room = usize::from(first.width).saturating_sub(width::cells(&who) + 1);
    let mut spans = vec![Span::styled(who, view.theme.style(role)), Span::raw(" ")];
    spans.extend(table::tag_spans(view, id, room));
    frame.render_widget(Line::from(spans), first);
    let text = format!(
        "   {}  {}",
        facts::address(view, person),
        visit::summary(view, id)
    );
    let text = width::clip(&text, usize::from(second.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), second);
}
