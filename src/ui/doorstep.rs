//! Behind a door: the address, a few lines for each member, the questions by their digits, the last
//! notes.
//!
//! ```text
//!  翠湖小区3栋2单元501
//!  ▶ 张秀英  女 68  户主  160****5678     退休 独居
//!    见面 40天前  应访 2026-12-01
//!  ─ 问一问 ─────
//!  1 单伟 身份证号?          2 单伟 联系电话?
//! ```
//!
//! Invariant: a masked value comes out masked unless revealed; every question shown has its digit.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::doorstep::Asked;
use crate::app::doorstep::Doorstep;
use crate::model::household;
use crate::model::person;
use crate::model::person::Person;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::table;
use crate::ui::theme::Role;
use crate::ui::visit;
use crate::ui::width;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Visit,
    Action::Verify,
    Action::Digit,
    Action::Reveal,
    Action::Accept,
    Action::Back,
    Action::Home,
    Action::Help,
];

/// How wide a member's own facts stand before the classes, in cells.
const WHO: usize = 46;
/// So many visits are shown.
const VISITS: usize = 3;

/// Draws the page.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, page: &Doorstep) -> Seen {
    width::veil(frame, area);
    let questions = page.questions(view.index);
    let visits = page.visits(view.index, VISITS);
    let asked = questions.len().div_ceil(2).max(1) as u16;
    let [title, _, main, ask, asks, last, notes, notice, footer] =
        area.layout(&Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Fill(1),
            Constraint::Length(1),
            Constraint::Length(asked),
            Constraint::Length(1),
            Constraint::Length(visits.len().max(1) as u16),
            Constraint::Length(1),
            Constraint::Length(1),
        ]));
    let rows = draw_members(frame, main, view, page);
    draw_title(frame, title, view, page);
    heading(frame, ask, view, "doorstep-ask");
    draw_questions(frame, asks, view, &questions);
    heading(frame, last, view, "doorstep-last");
    let mut told: Vec<String> = visits.iter().map(|id| visit::line(view, *id)).collect();
    if told.is_empty() {
        told.push(view.words.say("doorstep-no-visit"));
    }
    for (place, text) in chrome::rows(notes).zip(told) {
        let text = width::clip(&format!(" {text}"), usize::from(place.width));
        frame.render_widget(Span::raw(text), place);
    }
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Doorstep, KEYS);
    Seen {
        rows,
        facets: false,
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, page: &Doorstep) {
    let book = view.index.book();
    let address = book
        .person(page.person)
        .map(|one| facts::address(view, one));
    let address = address.filter(|text| !text.is_empty());
    let text = address.unwrap_or_else(|| view.words.say("doorstep-nowhere"));
    let text = width::clip(&format!(" {text}"), usize::from(area.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), area);
}

/// Two lines for each member; how many members there is room for.
fn draw_members(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, page: &Doorstep) -> usize {
    let rows = usize::from(area.height / 2).max(1);
    let top = (page.row + 1).saturating_sub(rows);
    let mut places = chrome::rows(area);
    let people = page.members(view.index);
    for (at, id) in people.iter().enumerate().skip(top) {
        let (Some(first), Some(second)) = (places.next(), places.next()) else {
            break;
        };
        let Some(person) = view.index.book().person(*id) else {
            continue;
        };
        let here = at == page.row;
        if here {
            frame.set_cursor_position((first.x, first.y));
        }
        frame.render_widget(member(view, person, usize::from(first.width), here), first);
        let number = view
            .app
            .is_revealed(id.subject(), person::ID_NO)
            .then(|| facts::value(view, person, person::ID_NO) + "  ");
        let seen = visit::summary(view, *id);
        let text = format!("   {}{seen}", number.unwrap_or_default());
        let text = width::clip(&text, usize::from(second.width));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), second);
    }
    rows
}

/// Who a member is, how to reach them, what they are in.
fn member(view: &View<'_>, person: Person<'_>, room: usize, here: bool) -> Line<'static> {
    let home = person
        .household()
        .and_then(|id| view.index.book().household(id));
    let heads = home.and_then(household::Household::head) == Some(person.id);
    let relation = if heads {
        view.words.say("home-is-head")
    } else {
        facts::value(view, person, person::RELATION)
    };
    let mut parts = vec![
        format!(" {} {}", if here { '▶' } else { ' ' }, person.name()),
        format!("{} {}", facts::sex(view, person), facts::age(view, person)),
        relation,
        facts::phone(view, person),
    ];
    if !person.is_present() {
        parts.push(facts::value(view, person, person::LIFE));
    }
    parts.retain(|part| !part.trim().is_empty());
    let role = if here { Role::Cursor } else { Role::Text };
    let who = width::pad(&parts.join("  "), WHO.min(room));
    let left = room.saturating_sub(width::cells(&who) + 1);
    let mut spans = vec![Span::styled(who, view.theme.style(role)), Span::raw(" ")];
    spans.extend(table::tag_spans(view, person.id, left));
    Line::from(spans)
}

/// The questions, two a line, each behind its digit.
fn draw_questions(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, questions: &[Asked]) {
    if questions.is_empty() {
        let text = format!(" {}", view.words.say("doorstep-all-known"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), area);
        return;
    }
    let half = usize::from(area.width) / 2;
    let numbered: Vec<(usize, &Asked)> = (1..).zip(questions).collect();
    for (place, pair) in chrome::rows(area).zip(numbered.chunks(2)) {
        let mut spans = Vec::new();
        for (digit, asked) in pair {
            let person = view.index.book().person(asked.person);
            let name = person.map_or("", Person::name);
            let text = format!(" {name}  {}?", asked.field.label(view.app.lang));
            spans.push(Span::styled(
                format!(" {digit}"),
                view.theme.style(Role::Key),
            ));
            spans.push(Span::raw(width::pad(&text, half.saturating_sub(2))));
        }
        frame.render_widget(Line::from(spans), place);
    }
}

fn heading(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, key: &str) {
    let text = format!("─ {} ", view.words.say(key));
    let rest = usize::from(area.width).saturating_sub(width::cells(&text));
    let text = text + &"─".repeat(rest);
    frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), area);
}
