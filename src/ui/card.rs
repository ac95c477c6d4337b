//! One person whole: facts on the left; categories, household and history on the right; below, the
//! row under the cursor at full length.
//!
//! ```text
//!  张秀英  女  68  翠湖小区3栋2单元501
//!  ─ 资料 ───────────────────── │ ─ 类别 ──────────────────────────
//!  姓名           张秀英        │ 退休      认定 2013-05-01 起
//! ```
//!
//! Invariant: every row can be reached; a masked value comes out masked unless revealed.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::card::Card;
use crate::app::rows::Part;
use crate::app::rows::Row;
use crate::app::rows::SENSITIVE_CATEGORIES;
use crate::app::rows::is_sensitive;
use crate::app::rows::rows;
use crate::index::Standing;
use crate::model::assertion::Status;
use crate::model::category::Kind;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::person;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::deeds;
use crate::ui::facts;
use crate::ui::table::tag_spans;
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
use ratatui::widgets::Block;
use ratatui::widgets::Borders;
use ratatui::widgets::Paragraph;
use ratatui::widgets::Wrap;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::NextPart,
    Action::Reveal,
    Action::Visit,
    Action::Verify,
    Action::Back,
    Action::Help,
    Action::Home,
    Action::Classify,
    Action::Undo,
    Action::SortQueue,
];

/// A line of a column.
enum Shown<'a> {
    Heading(Part),
    Row(usize, &'a Row),
    Nothing,
}

/// Draws the card.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, card: &Card) -> Seen {
    width::veil(frame, area);
    let [title, main, detail, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(3),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let [left, right] = main.layout(&Layout::horizontal([
        Constraint::Percentage(50),
        Constraint::Fill(1),
    ]));
    let rows = rows(view.index, card.person, &card.history);
    draw_title(frame, title, view, card.person);
    let columns: [(Rect, &[Part]); 2] = [
        (left, &[Part::Facts, Part::Blank]),
        (
            right,
            &[
                Part::Categories,
                Part::Visits,
                Part::Household,
                Part::History,
            ],
        ),
    ];
    for (at, (area, parts)) in columns.into_iter().enumerate() {
        let borders = if at == 0 {
            Borders::NONE
        } else {
            Borders::LEFT
        };
        let block = Block::new()
            .borders(borders)
            .border_style(view.theme.style(Role::Dim));
        let inner = block.inner(area);
        frame.render_widget(block, area);
        draw_column(frame, inner, view, card, &lines(&rows, parts));
    }
    draw_detail(frame, detail, view, card, rows.get(card.row));
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Card, KEYS);
    Seen {
        rows: usize::from(main.height.saturating_sub(1)),
        facets: false,
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, id: PersonId) {
    let Some(person) = view.index.book().person(id) else {
        let text = format!(" {}", view.words.say("card-gone"));
        frame.render_widget(Span::styled(text, view.theme.style(Role::Warn)), area);
        return;
    };
    let text = format!(
        " {}  {}  {}  {}",
        person.name(),
        facts::value(view, person, person::SEX),
        facts::age(view, person),
        facts::address(view, person)
    );
    let aliases = view.index.book().aliases(id).len();
    let merged = match aliases {
        0 => String::new(),
        count => view.words.tell("card-aliases", &[("count", count.into())]),
    };
    let text = width::clip(&format!("{text}  {merged}"), usize::from(area.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), area);
}

/// The lines of a column: each part under its heading.
fn lines<'a>(rows: &'a [Row], parts: &[Part]) -> Vec<Shown<'a>> {
    let mut lines = Vec::new();
    for part in parts {
        lines.push(Shown::Heading(*part));
        let before = lines.len();
        let own = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.part() == *part);
        lines.extend(own.map(|(at, row)| Shown::Row(at, row)));
        if lines.len() == before {
            lines.push(Shown::Nothing);
        }
    }
    lines
}

fn draw_column(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    card: &Card,
    lines: &[Shown<'_>],
) {
    let height = usize::from(area.height);
    let cursor = lines
        .iter()
        .position(|line| matches!(line, Shown::Row(at, _) if *at == card.row));
    let top = cursor.map_or(0, |cursor| (cursor + 2).saturating_sub(height));
    let top = top.min(lines.len().saturating_sub(height));
    let room = usize::from(area.width);
    for (place, line) in chrome::rows(area).zip(lines.iter().skip(top)) {
        match line {
            Shown::Heading(part) => {
                let mut name = view.words.say(heading(*part));
                if *part == Part::Visits {
                    name = format!("{name} {}", visit::summary(view, card.person));
                    name = width::clip(&name, room.saturating_sub(4));
                }
                let rule = "─".repeat(room.saturating_sub(width::cells(&name) + 4));
                let text = format!("─ {name} {rule}");
                frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), place);
            }
            Shown::Nothing => {
                let text = format!(" {}", view.words.say("card-nobody"));
                frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), place);
            }
            Shown::Row(at, row) => {
                let role = if *at == card.row {
                    frame.set_cursor_position((place.x, place.y));
                    Role::Cursor
                } else {
                    Role::Text
                };
                let line = row_line(view, card, row, room);
                frame.render_widget(line.style(view.theme.style(role)), place);
            }
        }
    }
}

fn heading(part: Part) -> &'static str {
    match part {
        Part::Facts => "card-part-facts",
        Part::Blank => "card-part-blank",
        Part::Categories => "card-part-categories",
        Part::Visits => "card-part-visits",
        Part::Household => "card-part-household",
        Part::History => "card-part-history",
    }
}

fn row_line(view: &View<'_>, card: &Card, row: &Row, room: usize) -> Line<'static> {
    match row {
        Row::Fact(subject, field) | Row::Blank(subject, field) => {
            let label = width::pad(field.label(view.app.lang), 15);
            let value = width::clip(&fact(view, *subject, field), room.saturating_sub(17));
            Line::from(vec![
                Span::styled(format!(" {label} "), view.theme.style(Role::Dim)),
                Span::raw(value),
            ])
        }
        Row::Standing(standing) => standing_line(view, card.person, standing, room),
        Row::Member(id) => member_line(view, card.person, *id, room),
        Row::Visit(_) | Row::Commit(_) => {
            let text = format!(" {}", full(view, card, row));
            Line::from(width::clip(&text, room))
        }
    }
}

/// A field's value, masked unless revealed.
fn fact(view: &View<'_>, subject: Subject, field: &Field) -> String {
    let record = view.index.book().record(subject);
    let Some(value) = record.and_then(|record| record.get(field.number)) else {
        return "-".to_owned();
    };
    view.show(subject, field, &value)
}

/// A category's name, hidden while it is sensitive and not revealed.
fn category(view: &View<'_>, person: PersonId, standing: &Standing) -> String {
    let shown = !is_sensitive(view.index, &standing.code)
        || view.app.is_revealed(person.subject(), SENSITIVE_CATEGORIES);
    let record = view.index.book().category(&standing.code);
    match record.filter(|_| shown) {
        Some(one) => one.name(view.app.lang).to_owned(),
        None => "***".to_owned(),
    }
}

fn standing_line(
    view: &View<'_>,
    person: PersonId,
    standing: &Standing,
    room: usize,
) -> Line<'static> {
    let record = view.index.book().category(&standing.code);
    let style = view.theme.category(record.and_then(|one| one.colour()));
    let name_room = (room / 2).clamp(8, 24);
    let name = width::pad(&category(view, person, standing), name_room);
    let rest = format!(" {}", how(view, standing));
    let rest = width::clip(&rest, room.saturating_sub(name_room + 1));
    Line::from(vec![
        Span::raw(" "),
        Span::styled(name, style),
        Span::styled(rest, view.theme.style(Role::Dim)),
    ])
}

/// How someone stands in a category, and since when.
fn how(view: &View<'_>, standing: &Standing) -> String {
    let key = match (standing.until, standing.assertion, standing.kind) {
        (Some(_), ..) => "card-standing-ended",
        (_, Some((_, Status::Doubtful)), _) => "card-standing-doubtful",
        (_, Some((_, Status::Declined)), _) => "card-standing-declined",
        (_, Some((_, Status::Confirmed)), _) | (_, None, Kind::Asserted) => {
            "card-standing-asserted"
        }
        (_, None, Kind::Derived) => "card-standing-derived",
        (_, None, Kind::Suggested) => "card-standing-suggested",
    };
    let mut parts = vec![view.words.say(key)];
    let dates = [
        ("card-from", "since", standing.since),
        ("card-to", "until", standing.until),
    ];
    for (key, name, date) in dates {
        if let Some(date) = date {
            let date = Arg::from(date.to_string());
            parts.push(view.words.tell(key, &[(name, date)]));
        }
    }
    parts.join(" ")
}

fn member_line(view: &View<'_>, own: PersonId, id: PersonId, room: usize) -> Line<'static> {
    let Some(one) = view.index.book().person(id) else {
        return Line::default();
    };
    let relation = facts::value(view, one, person::RELATION);
    let text = format!(
        " {} {} {} ",
        width::pad(&relation, 8),
        width::pad(one.name(), 8),
        width::pad(&facts::age(view, one), 3)
    );
    let mut spans = vec![Span::raw(text)];
    if id == own {
        let text = view.words.say("card-self");
        spans.push(Span::styled(text, view.theme.style(Role::Dim)));
    } else {
        spans.extend(tag_spans(view, id, room.saturating_sub(23)));
    }
    Line::from(spans)
}

/// A row at full length.
fn full(view: &View<'_>, card: &Card, row: &Row) -> String {
    match row {
        Row::Fact(subject, field) | Row::Blank(subject, field) => format!(
            "{}  {}",
            field.label(view.app.lang),
            fact(view, *subject, field)
        ),
        Row::Standing(standing) => {
            let name = category(view, card.person, standing);
            let hidden = name == "***";
            let reason = facts::reason(view, standing).filter(|_| !hidden);
            format!(
                "{name}  {}  {}",
                how(view, standing),
                reason.unwrap_or_default()
            )
        }
        Row::Visit(id) => visit::line(view, *id),
        Row::Member(id) => {
            let one = view.index.book().person(*id);
            one.map_or(String::new(), |one| {
                format!(
                    "{} {} {}  {}  {}",
                    facts::value(view, one, person::RELATION),
                    one.name(),
                    facts::age(view, one),
                    facts::value(view, one, person::ID_NO),
                    facts::value(view, one, person::PHONES)
                )
            })
        }
        Row::Commit(id) => {
            let commit = card.history.iter().find(|commit| commit.id == *id);
            commit.map_or(String::new(), |commit| {
                let day = Date::of(commit.stamp.milliseconds());
                let told = deeds::told(view, commit, &card.history);
                format!("{day} {told}  {}", commit.worker)
            })
        }
    }
}

fn draw_detail(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, card: &Card, row: Option<&Row>) {
    let block = Block::new()
        .borders(Borders::TOP)
        .border_style(view.theme.style(Role::Dim));
    let text = row.map_or(String::new(), |row| full(view, card, row));
    let text = format!(" {text}");
    let paragraph = Paragraph::new(text).wrap(Wrap { trim: false }).block(block);
    frame.render_widget(paragraph, area);
}
