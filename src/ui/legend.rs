//! What each key of the sort screen would say: suggestions with their reasons, digits, none, next.
//!
//! Invariant: nothing is said by colour alone: what stands is starred, what waits has a sign.

use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::question::Question;
use crate::app::question::axes;
use crate::app::queue::waiting as waiting_for;
use crate::app::sort::Sort;
use crate::index::Standing;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::query::Query;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::grouped;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;
use ratatui::widgets::Block;
use ratatui::widgets::Borders;

/// Draws the panel.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, sort: &Sort, person: PersonId) {
    let block = Block::new()
        .borders(Borders::LEFT)
        .border_style(view.theme.style(Role::Dim));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let room = usize::from(inner.width);
    let digits = digit_lines(view, sort, person, room);
    let others = [Action::None, Action::Next, Action::Flag];
    let others: Vec<Line<'static>> = others
        .into_iter()
        .filter_map(|action| key_line(view, action, room))
        .collect();
    let left = usize::from(inner.height).saturating_sub(digits.len() + others.len());
    let proposals = sort.question.proposals(view.index, person);
    let mut lines = suggestion_lines(view, &proposals, room);
    lines.truncate(left);
    lines.extend(digits);
    lines.extend(others);
    for (row, line) in chrome::rows(inner).zip(lines) {
        frame.render_widget(line, row);
    }
}

/// Each suggestion with its reason; the first one has the key that accepts it.
fn suggestion_lines(view: &View<'_>, proposals: &[Standing], room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if proposals.is_empty() {
        return lines;
    }
    lines.push(heading(view, "sort-suggestions", room));
    let key = chrome::key(view, Scope::Sort, Action::Accept);
    let accept = key.map_or(String::new(), Key::brief);
    for (at, standing) in proposals.iter().enumerate() {
        let record = view.index.book().category(&standing.code);
        let key = if at == 0 { accept.as_str() } else { "" };
        let name = record.map_or("", |one| one.name(view.app.lang));
        let style = view.theme.category(record.and_then(|one| one.colour()));
        lines.push(Line::from(vec![
            Span::styled(
                format!(" {} ", width::pad(key, width::cells(&accept))),
                view.theme.style(Role::Key),
            ),
            Span::styled(
                width::clip(name, room.saturating_sub(width::cells(&accept) + 2)),
                style,
            ),
        ]));
        let reason = facts::reason(view, standing).unwrap_or_default();
        lines.extend(
            wrapped(&reason, room.saturating_sub(2), 2)
                .into_iter()
                .map(|text| {
                    Line::from(Span::styled(
                        format!("  {text}"),
                        view.theme.style(Role::Dim),
                    ))
                }),
        );
    }
    lines
}

fn heading(view: &View<'_>, key: &str, room: usize) -> Line<'static> {
    let name = view.words.say(key);
    let rule = "─".repeat(room.saturating_sub(width::cells(&name) + 3));
    Line::from(Span::styled(
        format!("─ {name} {rule}"),
        view.theme.style(Role::Dim),
    ))
}

/// A text in lines of this width, at most so many; the last one is clipped.
fn wrapped(text: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut rest = text.to_owned();
    while !rest.is_empty() && lines.len() < most {
        if lines.len() + 1 == most || width::cells(&rest) <= room {
            lines.push(width::clip(&rest, room));
            break;
        }
        let head = break_at(&rest, room);
        rest = rest.chars().skip(head.chars().count()).collect();
        rest = rest.trim_start().to_owned();
        lines.push(head);
    }
    lines
}

/// The head of a text that fits, up to its last blank if that keeps half of it.
fn break_at(text: &str, room: usize) -> String {
    let head = width::head(text, room);
    match head.rsplit_once(' ') {
        Some((words, _)) if width::cells(words) * 2 > room => words.to_owned(),
        _ => head,
    }
}

/// The digits with their categories and how many residents are in each.
fn digit_lines(view: &View<'_>, sort: &Sort, person: PersonId, room: usize) -> Vec<Line<'static>> {
    let everyone = view.index.ask(&Query::default());
    let facets = view.index.facets(&everyone);
    let mut lines = vec![heading(view, "sort-digits", room)];
    for (at, code) in sort.question.digits.iter().take(9).enumerate() {
        let record = view.index.book().category(code);
        let count = facets.iter().find(|facet| facet.code == *code);
        let count = grouped(count.map_or(0, |facet| facet.count as u64));
        let name = record.map_or("", |one| one.name(view.app.lang));
        let wide = room.saturating_sub(width::cells(&count) + 6);
        lines.push(Line::from(vec![
            Span::styled(format!(" {}", at + 1), view.theme.style(Role::Key)),
            Span::styled(
                format!("{} ", sign(view, sort, person, code)),
                view.theme.style(Role::Accent),
            ),
            Span::styled(
                width::pad(name, wide),
                view.theme.category(record.and_then(|one| one.colour())),
            ),
            Span::styled(format!(" {count} "), view.theme.style(Role::Dim)),
        ]));
    }
    lines
}

/// `*` is so now; `+` and `-` wait for Space.
fn sign(view: &View<'_>, sort: &Sort, person: PersonId, code: &CategoryCode) -> char {
    match (view.index.is_in(person, code), sort.toggled.contains(code)) {
        (true, true) => '-',
        (true, false) => '*',
        (false, true) => '+',
        (false, false) => ' ',
    }
}

fn key_line(view: &View<'_>, action: Action, room: usize) -> Option<Line<'static>> {
    let key = chrome::key(view, Scope::Sort, action)?.brief();
    let word = chrome::hint(view, Scope::Sort, action);
    let text = width::clip(&word, room.saturating_sub(width::cells(&key) + 2));
    Some(Line::from(vec![
        Span::styled(format!(" {key} "), view.theme.style(Role::Key)),
        Span::raw(text),
    ]))
}

/// The axes on which something waits, with how many people.
pub fn waiting(view: &View<'_>) -> Vec<String> {
    let line = |code: &CategoryCode| {
        let query = waiting_for(&Question::of(view.index, code));
        let people = view.index.ask(&query).total();
        let axis = view.index.book().category(code)?;
        let name = axis.name(view.app.lang);
        (people > 0).then(|| format!("{name} {}", grouped(people as u64)))
    };
    axes(view.index).iter().filter_map(line).collect()
}
