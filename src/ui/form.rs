//! The form: fields on the left, each with what is said of it; on the right what can be chosen, who
//! may be the same, and who lives at the address.
//!
//! ```text
//!  新居民  张三
//!  姓名         张三                              │─ 可选 ────────────────────
//!  身份证号     339901199003071234 号码对         │ 1 配偶
//! ```
//!
//! Invariant: the caret is the terminal's own cursor; a digit shown is the digit that chooses.

use crate::app::Seen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::form::Form;
use crate::app::form::beside;
use crate::app::form::beside::Remark;
use crate::app::form::offer::Label;
use crate::app::form::offer::Offer;
use crate::app::form::offer::offers;
use crate::app::form::place;
use crate::app::form::reading;
use crate::app::form::slot::Slot;
use crate::app::form::twin;
use crate::model::person;
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
use ratatui::text::Line;
use ratatui::text::Span;
use ratatui::widgets::Block;
use ratatui::widgets::Borders;

const KEYS: &[Action] = &[
    Action::Accept,
    Action::SaveNext,
    Action::Save,
    Action::NextField,
    Action::OtherSheet,
    Action::Discard,
    Action::Back,
    Action::Help,
];

/// How wide the labels are.
const LABEL: usize = 15;

/// A line of the left side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Slot(Slot),
    Rule,
}

/// Draws the form.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form) -> Seen {
    width::veil(frame, area);
    let [title, main, detail, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let [left, right] = main.layout(&Layout::horizontal([
        Constraint::Percentage(66),
        Constraint::Fill(1),
    ]));
    draw_title(frame, title, view, form);
    draw_panel(frame, right, view, form);
    draw_fields(frame, left, view, form);
    draw_detail(frame, detail, view, form);
    chrome::notice(frame, notice, view);
    chrome::footer(frame, footer, view, Scope::Form, KEYS);
    Seen {
        rows: usize::from(main.height),
        facets: false,
    }
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form) {
    let name = form.sheet.text(Slot::NAME);
    let left = format!(" {}  {name}", view.words.say("form-title"));
    let right = if form.aside.is_empty() {
        String::new()
    } else {
        let sheets = Arg::from(form.aside.len());
        view.words.tell("form-aside", &[("sheets", sheets)])
    };
    let room = usize::from(area.width).saturating_sub(width::cells(&right) + 1);
    let line = Line::from(vec![
        Span::styled(width::pad(&left, room), view.theme.style(Role::Title)),
        Span::styled(right, view.theme.style(Role::Accent)),
    ]);
    frame.render_widget(line, area);
}

fn draw_fields(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form) {
    let rows: Vec<Row> = Slot::stops()
        .map(Row::Slot)
        .chain([Row::Rule])
        .chain(Slot::all().filter(|slot| !slot.is_stop()).map(Row::Slot))
        .collect();
    let height = usize::from(area.height);
    let here = Row::Slot(form.sheet.at());
    let cursor = rows.iter().position(|row| *row == here).unwrap_or(0);
    let top = (cursor + 2)
        .saturating_sub(height)
        .min(rows.len().saturating_sub(height));
    for (place, row) in chrome::rows(area).zip(rows.iter().skip(top)) {
        match row {
            Row::Rule => {
                let name = view.words.say("form-more");
                let rule =
                    "─".repeat(usize::from(place.width).saturating_sub(width::cells(&name) + 5));
                let text = format!(" ─ {name} {rule}");
                frame.render_widget(Span::styled(text, view.theme.style(Role::Dim)), place);
            }
            Row::Slot(slot) => draw_field(frame, place, view, form, *slot),
        }
    }
}

/// A field: its label, its text or what the identity number says, and the remark behind it.
fn draw_field(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form, slot: Slot) {
    let lang = view.app.lang;
    let label = format!(" {}", width::pad(slot.field().label(lang), LABEL - 1));
    let at = slot == form.sheet.at();
    let room = usize::from(area.width).saturating_sub(LABEL + 1);
    let text = form.sheet.text(slot);
    let (shown, role) = match reading::by_id(&form.sheet, slot).filter(|_| text.is_empty()) {
        Some(said) => (slot.field().show(&said, lang), Role::Dim),
        None if form.sheet.is_given(slot) => (text.to_owned(), Role::Dim),
        None => (text.to_owned(), Role::Text),
    };
    let head = if at { Role::Accent } else { Role::Key };
    let scroll = if at { form.line.scroll(room) } else { 0 };
    let shown = width::clip(&width::skip(&shown, scroll), room);
    let left = room.saturating_sub(width::cells(&shown) + 1);
    let mut spans = vec![
        Span::styled(label, view.theme.style(head)),
        Span::styled(shown, view.theme.style(role)),
    ];
    if let Some(remark) = beside::remark(view.index, &form.sheet, slot, at, lang) {
        let said = width::clip(&chrome::say(view, &remark.say), left);
        spans.push(Span::raw(" "));
        spans.push(Span::styled(said, view.theme.style(tone(&remark))));
    }
    frame.render_widget(Line::from(spans), area);
    if at {
        let caret = LABEL + form.line.cells().saturating_sub(scroll).min(room);
        frame.set_cursor_position((area.x + caret as u16, area.y));
    }
}

fn tone(remark: &Remark) -> Role {
    match remark.tone {
        Tone::Good => Role::Good,
        Tone::Warn => Role::Warn,
        Tone::Bad => Role::Bad,
    }
}

/// What is said of the field under the cursor, at full length.
fn draw_detail(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form) {
    let slot = form.sheet.at();
    let remark = beside::remark(view.index, &form.sheet, slot, true, view.app.lang);
    if let Some(remark) = remark {
        let label = slot.field().label(view.app.lang);
        let text = format!(" {label}  {}", chrome::say(view, &remark.say));
        let text = width::clip(&text, usize::from(area.width));
        frame.render_widget(Span::styled(text, view.theme.style(tone(&remark))), area);
    }
}

/// What can be chosen, who may be the same, who lives there: as much as there is room for.
fn draw_panel(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, form: &Form) {
    let block = Block::new()
        .borders(Borders::LEFT)
        .border_style(view.theme.style(Role::Dim));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let room = usize::from(inner.width);
    let mut lines = twin_lines(view, form, room);
    lines.extend(offer_lines(view, form, room));
    lines.extend(member_lines(view, form, room));
    for (row, line) in chrome::rows(inner).zip(lines) {
        frame.render_widget(line, row);
    }
}

fn heading(view: &View<'_>, key: &str, room: usize) -> Line<'static> {
    let name = view.words.say(key);
    let rule = "─".repeat(room.saturating_sub(width::cells(&name) + 3));
    Line::from(Span::styled(
        format!("─ {name} {rule}"),
        view.theme.style(Role::Dim),
    ))
}

fn offer_lines(view: &View<'_>, form: &Form, room: usize) -> Vec<Line<'static>> {
    let all = offers(view.index, &form.sheet, form.sheet.at(), view.app.lang);
    if all.is_empty() {
        return Vec::new();
    }
    let wide = all
        .iter()
        .map(|one| width::cells(&one.number))
        .max()
        .unwrap_or(0);
    let mut lines = vec![heading(view, "form-offers", room)];
    for (at, offer) in all.iter().enumerate() {
        let role = if form.chosen == Some(at) {
            Role::Cursor
        } else {
            Role::Text
        };
        let label = width::clip(&label(view, offer), room.saturating_sub(wide + 3));
        let number = width::pad(&offer.number, wide);
        let line = Line::from(vec![
            Span::styled(format!(" {number} "), view.theme.style(Role::Key)),
            Span::raw(label),
        ]);
        lines.push(line.style(view.theme.style(role)));
    }
    lines
}

fn label(view: &View<'_>, offer: &Offer) -> String {
    match &offer.label {
        Label::Text(text) => text.clone(),
        Label::Say(say) => chrome::say(view, say),
    }
}

fn twin_lines(view: &View<'_>, form: &Form, room: usize) -> Vec<Line<'static>> {
    let twins = twin::twins(view.index, &form.sheet);
    if twins.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![heading(view, "form-twins", room)];
    for twin in twins.iter().take(4) {
        let Some(one) = view.index.book().person(twin.person) else {
            continue;
        };
        let why = view.words.say(twin.why.word());
        let text = format!(" {} {} {why}", one.name(), facts::age(view, one));
        let address = format!("   {}", facts::address(view, one));
        lines.push(Line::from(Span::styled(
            width::clip(&text, room),
            view.theme.style(Role::Warn),
        )));
        lines.push(Line::from(Span::styled(
            width::clip(&address, room),
            view.theme.style(Role::Dim),
        )));
    }
    lines
}

fn member_lines(view: &View<'_>, form: &Form, room: usize) -> Vec<Line<'static>> {
    let Some(home) = place::household(view.index, &form.sheet) else {
        return Vec::new();
    };
    let mut lines = vec![heading(view, "form-members", room)];
    for id in place::present(view.index, home) {
        if let Some(one) = view.index.book().person(id) {
            let relation = facts::value(view, one, person::RELATION);
            let text = format!(
                " {} {} {}",
                width::pad(&relation, 6),
                one.name(),
                facts::age(view, one)
            );
            lines.push(Line::from(width::clip(&text, room)));
        }
    }
    lines
}
