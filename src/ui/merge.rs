//! Two records side by side: the one that stays on the left, the one that goes on the right; a dot
//! marks what is taken.
//!
//! Invariant: a masked value comes out masked unless revealed; what is taken is told by a sign, not
//! by colour alone.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::merge::Merge;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::merge::Line;
use crate::model::merge::Take;
use crate::model::person;
use crate::model::value::Value;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::pairs::who;
use crate::ui::theme::Role;
use crate::ui::width;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line as TextLine;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::Take,
    Action::Flip,
    Action::Apart,
    Action::Back,
    Action::Reveal,
    Action::Help,
];

/// How wide the labels are, in cells.
const LABEL: usize = 14;

/// Draws the two.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, merge: &Merge) -> Seen {
    width::veil(frame, area);
    let [title, heads, main, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(2),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let room = usize::from(area.width);
    let text = width::clip(&format!(" {}", view.words.say("merge-title")), room);
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), title);
    let half = room.saturating_sub(LABEL) / 2;
    draw_heads(frame, heads, view, merge, half);
    let rows = usize::from(main.height).max(1);
    let top = (merge.row + 1).saturating_sub(rows);
    let lines = merge.lines.iter().enumerate().skip(top);
    for (place, (at, line)) in chrome::rows(main).zip(lines) {
        if at == merge.row {
            frame.set_cursor_position((place.x, place.y));
        }
        frame.render_widget(row(view, merge, line, half, at == merge.row), place);
    }
    if merge.lines.is_empty() {
        let text = format!(" {}", view.words.say("merge-same"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), main);
    }
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Merge, KEYS);
    Seen {
        rows,
        facets: false,
    }
}

fn draw_heads(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, merge: &Merge, half: usize) {
    let two = [("merge-stays", merge.stays), ("merge-goes", merge.goes)];
    let told = |told: &dyn Fn(&str, PersonId) -> String| -> String {
        let cells = two.map(|(word, id)| width::pad(&told(word, id), half));
        format!("{}{}", " ".repeat(LABEL), cells.concat())
    };
    let lines = [
        (
            told(&|word, _| format!(" {}", view.words.say(word))),
            Role::Key,
        ),
        (told(&|_, id| who(view, id, half)), Role::Text),
    ];
    for (place, (text, role)) in chrome::rows(area).zip(lines) {
        frame.render_widget(Span::styled(text, view.theme.style(role)), place);
    }
}

/// One field of both; what is taken bears a dot.
fn row(view: &View<'_>, merge: &Merge, line: &Line, half: usize, here: bool) -> TextLine<'static> {
    let label = width::pad(&format!(" {}", line.field.label(view.app.lang)), LABEL);
    let cell = |id: PersonId, value: Option<&Value>, takes: bool| {
        let dot = if takes { '●' } else { ' ' };
        let shown = value.map_or("-".to_owned(), |value| shown(view, id, line, value));
        let text = width::clip(&format!("{dot} {shown}"), half.saturating_sub(1));
        let role = match (here, takes) {
            (true, _) => Role::Cursor,
            (false, true) => Role::Text,
            (false, false) => Role::Dim,
        };
        Span::styled(width::pad(&text, half), view.theme.style(role))
    };
    let role = if line.is_choice() {
        Role::Warn
    } else {
        Role::Key
    };
    TextLine::from(vec![
        Span::styled(label, view.theme.style(role)),
        cell(merge.stays, line.stays.as_ref(), line.take != Take::Goes),
        cell(merge.goes, line.goes.as_ref(), line.take != Take::Stays),
    ])
}

/// A value for the eyes; a household by its address.
fn shown(view: &View<'_>, id: PersonId, line: &Line, value: &Value) -> String {
    let book = view.index.book();
    if let (person::HOUSEHOLD, Value::Link(home)) = (line.field.number, value) {
        let household = book.household(HouseholdId(*home));
        let dwelling = household.and_then(|one| book.dwelling(one.dwelling()?));
        return dwelling.map_or_else(
            || view.words.say("merge-home"),
            |one| one.address().to_string(),
        );
    }
    view.show(id.subject(), line.field, value)
}
