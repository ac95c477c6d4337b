//! Records that may be one person's: two lines a pair, and what speaks for it.
//!
//! ```text
//!  单伟    男 76  翠湖小区3栋2单元501    单玮    男 76  翠湖小区9栋1单元101
//!    同音名 · 同生日 · 同电话
//! ```
//!
//! Invariant: what speaks for a pair is said in words; no masked value is among them.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::pairs::Pairs;
use crate::index::kin::Pair;
use crate::index::kin::Sign;
use crate::model::ids::PersonId;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::Apart,
    Action::Back,
    Action::Undo,
    Action::Help,
];

/// From so many points on there is little doubt.
const SURE: i32 = 100;

/// Draws the pairs.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, pairs: &Pairs) -> Seen {
    width::veil(frame, area);
    let [title, main, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let all = view.index.pairs();
    let count = [("count", Arg::from(all.len()))];
    let text = format!(" {}", view.words.tell("pairs-title", &count));
    let text = width::clip(&text, usize::from(title.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), title);
    let rows = usize::from(main.height / 2).max(1);
    let top = (pairs.row + 1).saturating_sub(rows);
    let mut places = chrome::rows(main);
    for (at, pair) in all.iter().enumerate().skip(top) {
        let (Some(first), Some(second)) = (places.next(), places.next()) else {
            break;
        };
        let role = if at == pairs.row {
            frame.set_cursor_position((first.x, first.y));
            Role::Cursor
        } else {
            Role::Text
        };
        let half = usize::from(first.width) / 2;
        let two = [pair.one, pair.other].map(|id| width::pad(&who(view, id, half), half));
        let text = width::pad(&two.concat(), usize::from(first.width));
        frame.render_widget(Span::styled(text, view.theme.style(role)), first);
        let said = width::clip(
            &format!("   {}", signs(view, pair)),
            usize::from(second.width),
        );
        let role = if pair.score < SURE {
            Role::Dim
        } else {
            Role::Warn
        };
        frame.render_widget(Span::styled(said, view.theme.style(role)), second);
    }
    if all.is_empty() {
        let text = format!(" {}", view.words.say("pairs-none"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), main);
    }
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Pairs, KEYS);
    Seen {
        rows,
        facets: false,
    }
}

/// What speaks for a pair.
fn signs(view: &View<'_>, pair: &Pair) -> String {
    let said = pair.signs.iter().map(Sign::word);
    let said: Vec<String> = said.map(|key| view.words.say(key)).collect();
    said.join(" · ")
}

/// Someone in half a line: the name, sex and age, the address.
pub fn who(view: &View<'_>, id: PersonId, room: usize) -> String {
    let Some(person) = view.index.book().person(id) else {
        return String::new();
    };
    let head = format!(
        " {} {} {} ",
        width::pad(person.name(), 10),
        width::pad(&facts::sex(view, person), 2),
        width::pad(&facts::age(view, person), 3)
    );
    let left = room.saturating_sub(width::cells(&head) + 1);
    format!("{head}{}", facts::brief_address(view, person, left))
}
