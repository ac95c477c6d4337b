//! The sort screen: the person with all that tells, on the right what a key would say.
//!
//! ```text
//!  逐个分类  就业身份                       未分类的和有建议的
//!  张秀英  女  68  翠湖小区3栋2单元501    │ 建议
//!  身份证号  440308********1512           │ Enter 退休
//!  原单位    第二棉纺厂                   │ 1 国企机关事业在职   412
//!  412/3,010  720 人/时  还要 26 分钟
//! ```
//!
//! Invariant: what is shown is what was saved; a toggle that waits for Space is marked as waiting.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::question::Question;
use crate::app::sort::Sort;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::person;
use crate::model::person::Person;
use crate::model::retire;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::facts;
use crate::ui::legend;
use crate::ui::table;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::StepBack,
    Action::Axis,
    Action::Open,
    Action::Undo,
    Action::Help,
    Action::Back,
];
const END_KEYS: &[Action] = &[
    Action::Axis,
    Action::StepBack,
    Action::Undo,
    Action::Help,
    Action::Back,
];

/// What tells most about a person, in the order in which it is shown; the question's own facts go
/// before these.
const TELLING: [FieldNo; 20] = [
    person::EMPLOYMENT,
    person::EMPLOYER,
    person::UNIT_TYPE,
    person::JOB,
    person::FORMER_EMPLOYER,
    person::RETIRE_KIND,
    person::NOTE,
    person::SEEKING,
    person::UNEMPLOYED_SINCE,
    person::EDUCATION,
    person::POLITICS,
    person::MARRIAGE,
    person::ETHNIC,
    person::HUKOU_HERE,
    person::LIVES_HERE,
    person::HUKOU_KIND,
    person::ARRIVED,
    person::ARRIVAL_REASON,
    person::MILITARY,
    person::SKILLS,
];

/// How to know and reach the person: shown first.
const FIRST: [FieldNo; 4] = [
    person::RELATION,
    person::BIRTH,
    person::ID_NO,
    person::PHONES,
];

/// What stands above the other facts and is not said twice.
const ABOVE: [FieldNo; 6] = [
    person::NAME,
    person::SEX,
    person::RELATION,
    person::BIRTH,
    person::ID_NO,
    person::PHONES,
];

/// Draws the sort screen.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, sort: &Sort) -> Seen {
    width::veil(frame, area);
    let [title, main, progress, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    draw_title(frame, title, view, sort);
    let person = sort
        .queue
        .current()
        .and_then(|id| view.index.book().person(id));
    match person {
        Some(person) => {
            let [left, right] = main.layout(&Layout::horizontal([
                Constraint::Fill(1),
                Constraint::Length((area.width / 3).clamp(28, 44)),
            ]));
            draw_person(frame, left, view, person, &sort.question);
            legend::draw(frame, right, view, sort, person.id);
        }
        None => draw_end(frame, main, view, sort),
    }
    draw_progress(frame, progress, view, sort);
    chrome::notice(frame, notice, view);
    let keys = if person.is_some() { KEYS } else { END_KEYS };
    chrome::footer(frame, footer, view, Scope::Sort, keys);
    Seen::default()
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, sort: &Sort) {
    let axis = view.index.book().category(&sort.question.axis);
    let left = format!(
        " {}  {}",
        view.words.say("sort-title"),
        axis.map_or("", |axis| axis.name(view.app.lang))
    );
    let right = match sort.queue.text.as_str() {
        "" => view.words.say("sort-everyone-waiting"),
        text => text.to_owned(),
    };
    let right = width::clip(&right, usize::from(area.width / 2));
    let room = usize::from(area.width).saturating_sub(width::cells(&right) + 1);
    let line = Line::from(vec![
        Span::styled(width::pad(&left, room), view.theme.style(Role::Title)),
        Span::styled(right, view.theme.style(Role::Accent)),
    ]);
    frame.render_widget(line, area);
}

fn draw_person(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    person: Person<'_>,
    question: &Question,
) {
    frame.set_cursor_position((area.x, area.y));
    let room = usize::from(area.width);
    let household = household_lines(view, person, question, room);
    let left = usize::from(area.height).saturating_sub(household.len() + 2);
    let mut lines = vec![head_line(view, person, room)];
    lines.extend(
        known(view, person, &question.facts, room)
            .into_iter()
            .take(left),
    );
    lines.push(Line::default());
    lines.extend(household);
    for (row, line) in chrome::rows(area).zip(lines) {
        frame.render_widget(line, row);
    }
}

fn head_line(view: &View<'_>, person: Person<'_>, room: usize) -> Line<'static> {
    let rest = format!(
        "  {}  {}  {}",
        facts::value(view, person, person::SEX),
        facts::age(view, person),
        facts::address(view, person)
    );
    let name = width::clip(person.name(), room / 2);
    let rest = width::clip(&rest, room.saturating_sub(width::cells(&name) + 1));
    Line::from(vec![
        Span::styled(format!(" {name}"), view.theme.style(Role::Title)),
        Span::raw(rest),
    ])
}

/// The known facts, one a line: how to reach the person, what the question asks about, the rest.
fn known(
    view: &View<'_>,
    person: Person<'_>,
    asked: &[FieldNo],
    room: usize,
) -> Vec<Line<'static>> {
    let line = |label: &str, text: &str| {
        let label = width::pad(label, 15);
        let text = width::clip(text, room.saturating_sub(17));
        Line::from(vec![
            Span::styled(format!(" {label} "), view.theme.style(Role::Dim)),
            Span::raw(text),
        ])
    };
    let table = person.id.subject().table;
    let fact = |number: FieldNo| {
        let text = facts::value(view, person, number);
        let field = field::of(table, number).filter(|_| !text.is_empty())?;
        Some(line(field.label(view.app.lang), &text))
    };
    let mut lines: Vec<Line<'static>> = FIRST.into_iter().filter_map(fact).collect();
    lines.extend(retirement(view, person).map(|text| line(&view.words.say("sort-retires"), &text)));
    let later = TELLING.iter().filter(|number| !asked.contains(number));
    let above = |number: &FieldNo| !ABOVE.contains(number);
    let rest = asked.iter().chain(later).copied().filter(above);
    lines.extend(rest.filter_map(fact));
    lines
}

fn retirement(view: &View<'_>, person: Person<'_>) -> Option<String> {
    let legal = retire::of(person)?;
    let age = Arg::from(usize::from(legal.years));
    let month = Arg::from(legal.reached.to_string());
    let months = Arg::from(usize::from(legal.months));
    Some(if legal.months == 0 {
        let args = [("age", age), ("month", month)];
        view.words.tell("sort-retirement", &args)
    } else {
        let args = [("age", age), ("months", months), ("month", month)];
        view.words.tell("sort-retirement-months", &args)
    })
}

/// Who else is in the household, a line each, with what they are.
fn household_lines(
    view: &View<'_>,
    person: Person<'_>,
    question: &Question,
    room: usize,
) -> Vec<Line<'static>> {
    let book = view.index.book();
    let household = person.household();
    let members = household.map_or(&[][..], |household| book.members(household));
    let others: Vec<Person<'_>> = members
        .iter()
        .filter(|id| **id != person.id)
        .filter_map(|id| book.person(*id))
        .collect();
    let heading = if others.is_empty() {
        view.words.say("sort-alone")
    } else {
        let people = [("people", Arg::from(others.len()))];
        view.words.tell("sort-household", &people)
    };
    let rule = "─".repeat(room.saturating_sub(width::cells(&heading) + 4));
    let heading = Span::styled(format!(" ─ {heading} {rule}"), view.theme.style(Role::Dim));
    let mut lines = vec![Line::from(heading)];
    lines.extend(others.into_iter().take(6).map(|one| {
        let text = format!(
            " {} {} {} ",
            width::pad(&facts::value(view, one, person::RELATION), 8),
            width::pad(one.name(), 8),
            width::pad(&facts::age(view, one), 3)
        );
        let mut spans = vec![Span::raw(text)];
        let tags = facts::tags(view, one.id, Some(question));
        spans.extend(table::spans(tags, room.saturating_sub(23)));
        Line::from(spans)
    }));
    lines
}

fn draw_progress(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, sort: &Sort) {
    let (done, left) = (sort.trail.tally.done(), sort.queue.left());
    let all = [("done", Arg::from(done)), ("all", Arg::from(done + left))];
    let mut parts = vec![view.words.tell("sort-progress", &all)];
    if let Some(rate) = sort.pace.hourly() {
        parts.push(view.words.tell("sort-rate", &[("rate", Arg::from(rate))]));
    }
    if let Some(minutes) = sort.pace.minutes(left).filter(|_| left > 0) {
        let minutes = [("minutes", Arg::from(minutes))];
        parts.push(view.words.tell("sort-minutes", &minutes));
    }
    let text = format!(" {}", parts.join("  "));
    let text = width::clip(&text, usize::from(area.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Accent)), area);
}

/// The end of the queue: what came of it, and where something still waits.
fn draw_end(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, sort: &Sort) {
    let tally = sort.trail.tally;
    let title = if tally.done() == 0 {
        "sort-nobody"
    } else {
        "sort-end"
    };
    let title = Span::styled(view.words.say(title), view.theme.style(Role::Title));
    let mut lines = vec![Line::default(), Line::from(title), Line::default()];
    for (key, people) in [
        ("sort-end-classified", tally.classified),
        ("sort-end-none", tally.none),
        ("sort-end-flagged", tally.flagged),
        ("sort-end-skipped", tally.skipped),
    ] {
        if people > 0 {
            let people = [("people", Arg::from(people))];
            lines.push(Line::from(view.words.tell(key, &people)));
        }
    }
    let waiting = legend::waiting(view);
    if !waiting.is_empty() {
        lines.push(Line::default());
        let text = view.words.say("sort-end-others");
        lines.push(Line::from(Span::styled(text, view.theme.style(Role::Dim))));
        lines.extend(waiting.into_iter().map(Line::from));
    }
    for (row, line) in chrome::rows(area).zip(lines) {
        frame.render_widget(line.centered(), row);
    }
}
