//! One household: the place, then a line for each member, what is missing of them, what they are.
//!
//! ```text
//!  翠湖小区3栋2单元501  户号 0312  在册 3 人  见面 40天前
//!  户主  张秀英  女 68  户主  退休 独居          缺: 联系电话
//! ```
//!
//! Invariant: who is no longer on the rolls says so; a household without a head on the rolls says so.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::household::Household;
use crate::app::household::members;
use crate::app::household::missing;
use crate::model::household;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::person::Person;
use crate::ui::View;
use crate::ui::chrome;
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

const KEYS: &[Action] = &[
    Action::Turn,
    Action::Accept,
    Action::Visit,
    Action::Verify,
    Action::NewPerson,
    Action::Fact,
    Action::Back,
    Action::Undo,
    Action::Help,
];

/// How much of the width a member's name has: one part of so many.
const NAME: usize = 8;
/// How wide sex, age and relation stand beside the name, in cells.
const BESIDE: usize = 20;

/// Draws the household.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, home: &Household) -> Seen {
    width::veil(frame, area);
    let [title, state, main, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let everyone = members(view.index, home.id);
    draw_title(frame, (title, state), view, home, &everyone);
    let rows = usize::from(main.height / 2).max(1);
    let top = (home.row + 1).saturating_sub(rows);
    let mut places = chrome::rows(main);
    for (at, id) in everyone.iter().enumerate().skip(top) {
        let (Some(first), Some(second)) = (places.next(), places.next()) else {
            break;
        };
        let role = if at == home.row {
            frame.set_cursor_position((first.x, first.y));
            Role::Cursor
        } else {
            Role::Text
        };
        let Some(person) = view.index.book().person(*id) else {
            continue;
        };
        let line = member_line(view, home, person, usize::from(first.width));
        frame.render_widget(line.style(view.theme.style(role)), first);
        frame.render_widget(lack_line(view, person, usize::from(second.width)), second);
    }
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Household, KEYS);
    Seen {
        rows,
        facets: false,
    }
}

fn draw_title(
    frame: &mut Frame<'_>,
    (title, state): (Rect, Rect),
    view: &View<'_>,
    home: &Household,
    everyone: &[PersonId],
) {
    let book = view.index.book();
    let people: Vec<Person<'_>> = everyone.iter().filter_map(|id| book.person(*id)).collect();
    let household = book.household(home.id);
    let address = people
        .first()
        .map_or(String::new(), |one| facts::address(view, *one));
    let number = household
        .and_then(household::Household::number)
        .unwrap_or_default();
    let present = people.iter().filter(|one| one.is_present()).count();
    let args = [
        ("address", Arg::from(address)),
        ("number", Arg::from(number)),
        ("people", Arg::from(present)),
    ];
    let key = if number.is_empty() {
        "home-title"
    } else {
        "home-title-number"
    };
    let text = width::clip(
        &format!(" {}", view.words.tell(key, &args)),
        usize::from(title.width),
    );
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), title);
    let head = household.and_then(|one| book.person(one.head()?));
    let fault = match head {
        _ if present == 0 => Some("home-empty"),
        None => Some("home-headless"),
        Some(head) if !head.is_present() => Some("home-head-gone"),
        Some(_) => None,
    };
    if let Some(key) = fault {
        let text = format!(" {}", view.words.say(key));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Warn)), state);
    }
}

/// Who a member is, and what they are in.
fn member_line(
    view: &View<'_>,
    home: &Household,
    person: Person<'_>,
    room: usize,
) -> Line<'static> {
    let household = view.index.book().household(home.id);
    let heads = household.and_then(household::Household::head) == Some(person.id);
    let relation = if heads {
        view.words.say("home-is-head")
    } else {
        facts::value(view, person, person::RELATION)
    };
    let who = format!(
        " {} {} {} {}",
        width::pad(person.name(), room / NAME),
        width::pad(&facts::sex(view, person), 2),
        width::pad(&facts::age(view, person), 3),
        relation
    );
    let mut spans = vec![Span::raw(width::pad(&who, room / NAME + BESIDE))];
    if !person.is_present() {
        let state = facts::value(view, person, person::LIFE);
        let day = facts::value(view, person, person::LIFE_DATE);
        let text = format!("{state} {day} ");
        spans.push(Span::styled(text, view.theme.style(Role::Warn)));
    }
    let used: usize = spans.iter().map(|span| width::cells(&span.content)).sum();
    let left = room.saturating_sub(used);
    spans.extend(table::tag_spans(view, person.id, left));
    Line::from(spans)
}

/// When a member was last met, and what is missing.
fn lack_line(view: &View<'_>, person: Person<'_>, room: usize) -> Line<'static> {
    let seen = visit::summary(view, person.id);
    let labels: Vec<&str> = missing(person)
        .map(|field| field.label(view.app.lang))
        .collect();
    let lack = if labels.is_empty() {
        String::new()
    } else {
        let what = [(
            "what",
            Arg::from(labels.join(view.app.lang.pick("、", ", "))),
        )];
        view.words.tell("home-missing", &what)
    };
    let text = format!("   {}  ", width::pad(&seen, room / NAME + BESIDE - 5));
    let left = room.saturating_sub(width::cells(&text));
    Line::from(vec![
        Span::styled(text, view.theme.style(Role::Dim)),
        Span::styled(width::clip(&lack, left), view.theme.style(Role::Warn)),
    ])
}
