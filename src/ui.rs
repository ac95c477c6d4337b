//! `draw(&View, &mut Frame) -> Seen`: the state as cells; nothing is decided here.
//!
//! A screen has the same name here and in `app`. Boxes are drawn over the screen that is open below
//! them.
//!
//! Invariant: draws from `frame.area()` alone, at most one cursor a frame, nothing said by colour
//! alone, and only ASCII and box lines in the chrome.

pub mod width;

pub mod theme;

pub mod chrome;

pub mod facts;

pub mod deeds;

pub mod list;

pub mod bar;

pub mod table;

pub mod facets;

pub mod card;

pub mod form;

pub mod sort;

pub mod legend;

pub mod pick;

pub mod prompt;

pub mod preview;

pub mod import;

pub mod visit;

pub mod round;

pub mod household;

pub mod door;

pub mod doorstep;

pub mod pairs;

pub mod merge;

pub mod welcome;

pub mod work;

use crate::app::App;
use crate::app::Screen;
use crate::app::Seen;
use crate::index::Index;
use crate::model::Lang;
use crate::model::field::Field;
use crate::model::ids::Subject;
use crate::model::value::Value;
use crate::ui::theme::Theme;
use crate::words::Words;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Paragraph;

/// The smallest screen that can be worked on, in cells.
pub const SMALLEST: (u16, u16) = (60, 16);

/// How things look: both languages' words and the theme.
pub struct Look {
    zh: Words,
    en: Words,
    /// The colours.
    pub theme: Theme,
}

/// What a drawing function may look at.
pub struct View<'a> {
    /// The state.
    pub app: &'a App,
    /// The register.
    pub index: &'a Index,
    /// The words of the language in force.
    pub words: &'a Words,
    /// The colours.
    pub theme: &'a Theme,
}

impl View<'_> {
    /// A field's value as it may be seen now: masked unless it is revealed, as the role wants it.
    pub fn show(&self, subject: Subject, field: &Field, value: &Value) -> String {
        let role = self.index.role();
        let eyes = if self.app.is_revealed(subject, field.number) {
            role.open_eyes()
        } else {
            role.eyes()
        };
        eyes.show(field, value, self.app.lang)
    }
}

impl Look {
    /// Words and colours; without colours when the terminal should have none.
    pub fn new(theme: Theme) -> Look {
        Look {
            zh: Words::new(Lang::Zh),
            en: Words::new(Lang::En),
            theme,
        }
    }

    /// The words of a language.
    pub fn words(&self, lang: Lang) -> &Words {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Draws the whole screen.
pub fn draw(frame: &mut Frame<'_>, app: &App, index: &Index, look: &Look) -> Seen {
    let view = View {
        app,
        index,
        words: look.words(app.lang),
        theme: &look.theme,
    };
    let area = frame.area();
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        frame.render_widget(Paragraph::new(view.words.say("too-small")).centered(), area);
        return Seen::default();
    }
    // A whole screen hides all below it; boxes are drawn over the nearest whole one.
    let screens: Vec<&Screen> = app.screens.all().collect();
    let first = screens
        .iter()
        .rposition(|screen| screen.is_whole())
        .unwrap_or(0);
    let mut seen = Seen::default();
    for screen in screens.into_iter().skip(first) {
        let active = std::ptr::eq(screen, &raw const app.screens.active);
        seen = draw_one(frame, area, &view, screen, active);
    }
    seen
}

fn draw_one(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    screen: &Screen,
    active: bool,
) -> Seen {
    match screen {
        Screen::List(list) => list::draw(frame, area, view, list, active),
        Screen::Card(card) => card::draw(frame, area, view, card),
        Screen::Sort(sort) => sort::draw(frame, area, view, sort),
        Screen::Round(round) => round::draw(frame, area, view, round),
        Screen::Household(home) => household::draw(frame, area, view, home),
        Screen::Door(door) => door::draw(frame, area, view, door),
        Screen::Doorstep(page) => doorstep::draw(frame, area, view, page),
        Screen::Pairs(pairs) => pairs::draw(frame, area, view, pairs),
        Screen::Merge(merge) => merge::draw(frame, area, view, merge),
        Screen::Welcome(welcome) => welcome::draw(frame, area, view, welcome, active),
        Screen::Pick(pick) => pick::draw(frame, area, view, pick),
        Screen::Prompt(prompt) => prompt::draw(frame, area, view, prompt),
        Screen::Preview(preview) => preview::draw(frame, area, view, preview),
        Screen::Import(import) => import::draw(frame, area, view, import, active),
        Screen::Form(form) => form::draw(frame, area, view, form),
        Screen::Visit(visiting) => visit::draw(frame, area, view, visiting),
    }
}
