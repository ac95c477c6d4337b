//! The box that stands over the last frame while the register is at work.
//!
//! Invariant: needs neither the screens nor the index: both are at work.

use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::model::Lang;
use crate::ui::Look;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::words::Arg;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::text::Line;
use ratatui::text::Span;
use ratatui::widgets::LineGauge;

/// How large the box is, in cells.
const SIZE: (u16, u16) = (60, 5);

/// What is being done, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Its name's key in the words.
    pub what: &'static str,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 while not known.
    pub total: u64,
    /// For how long, in seconds.
    pub seconds: u64,
    /// Whether it can be ended before it is done.
    pub stop: Stop,
}

/// Whether a work can be ended before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// By a key.
    Offered,
    /// It was asked to.
    Asked,
    /// Never: it is done whole.
    Never,
    /// Never; what is typed meanwhile is for the screen that it opens.
    Ahead,
    /// Never, and the program ends when it is done.
    Leaving,
}

impl Work {
    /// A work that has just begun.
    pub fn new(what: &'static str, stop: Stop) -> Work {
        Work {
            what,
            done: 0,
            total: 0,
            seconds: 0,
            stop,
        }
    }
}

/// Draws the box.
pub fn draw(frame: &mut Frame<'_>, look: &Look, lang: Lang, keymap: &Keymap, work: &Work) {
    let words = look.words(lang);
    let style = |role| look.theme.style(role);
    let title = words.say(work.what);
    let inner = chrome::framed(frame, frame.area(), look.theme, &title, SIZE);
    let mut rows = chrome::rows(inner);
    let seconds = words.tell("work-seconds", &[("seconds", Arg::from(work.seconds))]);
    if let Some(row) = rows.next().filter(|_| work.total > 0) {
        let percent = work.done.min(work.total) * 100 / work.total;
        let gauge = LineGauge::default()
            .ratio(f64::from(percent as u32) / 100.0)
            .label(format!(" {percent:>3}%"))
            .filled_symbol("=")
            .unfilled_symbol("-")
            .filled_style(style(Role::Good))
            .unfilled_style(style(Role::Dim));
        frame.render_widget(gauge, row);
    }
    if let Some(row) = rows.next() {
        let count = match (work.done, work.total) {
            (0, 0) => String::new(),
            (done, 0) => format!("{}  ", grouped(done)),
            (done, total) => format!("{} / {}  ", grouped(done), grouped(total)),
        };
        frame.render_widget(Span::raw(format!(" {count}{seconds}")), row);
    }
    if let Some(row) = rows.next() {
        let key = chrome::usual_key(keymap, Scope::Work, Action::Back);
        let key = match work.stop {
            Stop::Offered => key.map_or(String::new(), Key::brief),
            Stop::Asked | Stop::Never | Stop::Ahead | Stop::Leaving => String::new(),
        };
        let text = words.say(match work.stop {
            Stop::Offered => "work-offered",
            Stop::Asked => "work-asked",
            Stop::Never => "work-never",
            Stop::Ahead => "work-ahead",
            Stop::Leaving => "work-leaving",
        });
        let spans = vec![
            Span::styled(format!(" {key}"), style(Role::Key)),
            Span::styled(format!(" {text}"), style(Role::Dim)),
        ];
        frame.render_widget(Line::from(spans), row);
    }
}
