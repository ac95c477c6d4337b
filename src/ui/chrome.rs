//! What frames every screen: the notice line, the footer of keys, boxes, text fields.
//!
//! Invariant: the footer shows only keys that work now, and from the keymap in force.

use crate::app::Say;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::action::SCOPES;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::line::Line;
use crate::ui::View;
use crate::ui::theme::Role;
use crate::ui::theme::Theme;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line as TextLine;
use ratatui::text::Span;
use ratatui::widgets::Block;
use ratatui::widgets::Paragraph;

/// A message of the app in words.
pub fn say(view: &View<'_>, say: &Say) -> String {
    let args: Vec<(&str, Arg)> = say
        .args
        .iter()
        .map(|(name, text)| (*name, Arg::from(text.as_str())))
        .collect();
    view.words.tell(say.key, &args)
}

/// The notice line: what was last said, and the key that takes it back.
pub fn notice(frame: &mut Frame<'_>, area: Rect, view: &View<'_>) {
    let Some(notice) = &view.app.notice else {
        if let Some(why) = &view.app.read_only {
            let text = view
                .words
                .tell("read-only", &[("why", Arg::from(why.as_str()))]);
            frame.render_widget(
                Paragraph::new(text).style(view.theme.style(Role::Bad)),
                area,
            );
        }
        return;
    };
    let role = match notice.tone {
        Tone::Good => Role::Good,
        Tone::Warn => Role::Warn,
        Tone::Bad => Role::Bad,
    };
    let style = view.theme.style(role);
    let mut lines: Vec<TextLine<'_>> =
        width::fold(&say(view, &notice.say), usize::from(area.width))
            .into_iter()
            .map(|line| TextLine::from(Span::styled(line, style)))
            .collect();
    let scope = view.app.screens.active.scope();
    if let Some(key) = key(view, scope, Action::Undo).filter(|_| notice.undo)
        && let Some(last) = lines.last_mut()
    {
        last.push_span(Span::raw("  "));
        last.push_span(Span::styled(key.brief(), view.theme.style(Role::Key)));
        last.push_span(Span::raw(format!(" {}", view.words.say("hint-undo"))));
    }
    // What is too long for its line grows upwards: a reason that is cut off helps nobody.
    let more = (lines.len() as u16 - 1).min(area.y);
    let area = Rect {
        y: area.y - more,
        height: area.height + more,
        ..area
    };
    if more > 0 {
        width::veil(frame, area);
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// The footer: what the keys do now, as many as fit.
pub fn footer(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    scope: Scope,
    actions: &[Action],
) {
    let mut spans = Vec::new();
    let mut used = 0;
    for action in actions {
        let Some(key) = key(view, scope, *action) else {
            continue;
        };
        // The nine digits are one action; its footer names them all.
        let key = if *action == Action::Digit {
            "1-9".to_owned()
        } else {
            key.brief()
        };
        let word = hint(view, scope, *action);
        used += width::cells(&key) + width::cells(&word) + 3;
        if used > usize::from(area.width) + 2 {
            break;
        }
        spans.push(Span::styled(key, view.theme.style(Role::Key)));
        spans.push(Span::raw(format!(" {word}  ")));
    }
    frame.render_widget(TextLine::from(spans), area);
}

/// The key to show for an action: one that a Chinese input method lets through, if there is one.
pub fn key(view: &View<'_>, scope: Scope, action: Action) -> Option<Key> {
    usual_key(&view.app.keymap, scope, action)
}

/// The key of a keymap to show for an action.
pub fn usual_key(keymap: &Keymap, scope: Scope, action: Action) -> Option<Key> {
    let keys = keymap.keys(scope, action);
    let passes = |key: &&Key| key.ctrl || !key.typed().is_some_and(char::is_alphabetic);
    keys.iter().find(passes).or(keys.first()).copied()
}

/// What an action does in a scope, in a word or two: the scope's own words, else the common ones.
pub fn hint(view: &View<'_>, scope: Scope, action: Action) -> String {
    let place = SCOPES.iter().find(|(one, _)| *one == scope);
    let own = format!(
        "{}-hint-{}",
        place.map_or("", |(_, name)| name),
        action.name()
    );
    if view.words.has(&own) {
        view.words.say(&own)
    } else {
        view.words.say(&format!("hint-{}", action.name()))
    }
}

/// An empty box over the screen, as large as asked and as the screen allows; its inside.
pub fn popup(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    title: &str,
    size: (u16, u16),
) -> Rect {
    framed(frame, area, *view.theme, title, size)
}

/// The same for who has no view: the box that stands while the register is at work.
pub fn framed(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    title: &str,
    size: (u16, u16),
) -> Rect {
    let width = size.0.min(area.width.saturating_sub(4));
    let height = size.1.min(area.height.saturating_sub(2));
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    width::veil(frame, place);
    let title = format!(
        " {} ",
        width::clip(title, usize::from(width.saturating_sub(4)))
    );
    let block = Block::bordered().title(Span::styled(title, theme.style(Role::Title)));
    let inner = block.inner(place);
    frame.render_widget(block, place);
    inner
}

/// A text field with its label and the terminal's own cursor at the caret, where input methods
/// look for it.
pub fn field(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, label: &str, line: &Line) {
    let label = format!("{label} ");
    let left = width::cells(&label) as u16;
    let room = area.width.saturating_sub(left + 1);
    let scroll = line.scroll(usize::from(room));
    let shown = width::clip(&width::skip(line.text(), scroll), usize::from(room));
    let spans = vec![
        Span::styled(label, view.theme.style(Role::Key)),
        Span::raw(shown),
    ];
    frame.render_widget(TextLine::from(spans), area);
    let caret = left + (line.cells().saturating_sub(scroll) as u16).min(room);
    frame.set_cursor_position((area.x + caret, area.y));
}

/// The rows of an area, from the top.
pub fn rows(area: Rect) -> impl Iterator<Item = Rect> {
    (0..area.height).map(move |row| Rect {
        y: area.y + row,
        height: 1,
        ..area
    })
}
