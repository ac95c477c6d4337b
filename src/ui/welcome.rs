//! The first run: the choices and what each does.
//!
//! Invariant: tells where the register will be before anything is written.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::welcome::Welcome;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Up,
    Action::Down,
    Action::Accept,
    Action::Language,
    Action::Quit,
];

/// Draws the first run.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    welcome: &Welcome,
    active: bool,
) -> Seen {
    let title = view.words.say("welcome-title");
    let inner = chrome::popup(frame, area, view, &title, (74, 15));
    let mut rows = chrome::rows(inner).skip(1);
    let mut put = |text: String, role| {
        if let Some(row) = rows.next() {
            let text = width::pad(&text, usize::from(row.width));
            frame.render_widget(Span::styled(text, view.theme.style(role)), row);
        }
    };
    put(format!(" {}", view.words.say("welcome-what")), Role::Text);
    put(String::new(), Role::Text);
    for (at, choice) in Welcome::CHOICES.into_iter().enumerate() {
        let word = welcome.word(choice);
        let role = if at == welcome.row {
            Role::Cursor
        } else {
            Role::Text
        };
        put(format!(" {}  {}", at + 1, view.words.say(word)), role);
        put(
            format!("     {}", view.words.say(&format!("{word}-what"))),
            Role::Dim,
        );
    }
    put(String::new(), Role::Text);
    let place = [("dir", Arg::from(welcome.place.as_str()))];
    put(
        format!(" {}", view.words.tell("welcome-place", &place)),
        Role::Dim,
    );
    let [notice, footer] = [2, 1].map(|up| Rect {
        y: area.bottom().saturating_sub(up),
        height: 1,
        ..area
    });
    chrome::notice(frame, notice, view);
    if active {
        chrome::footer(frame, footer, view, Scope::Welcome, KEYS);
    }
    Seen {
        rows: Welcome::CHOICES.len(),
        facets: false,
    }
}
