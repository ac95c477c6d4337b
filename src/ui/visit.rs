//! The box that logs a visit, and what visits come to in words.
//!
//! ```text
//! ┌ 走访 张秀英 ──────────────────────────────────────────┐
//! │ 1 见到本人      4 空关                                │
//! │ 2 未遇          5 他人代答                            │
//! │ 3 拒访          0 核实无变化                          │
//! │ Space 连同住的人一起：张秀英 单伟                     │
//! ```
//!
//! Invariant: what is overdue is said in a sign or a word, never by colour alone.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::visit::NOTES;
use crate::app::visit::Reach;
use crate::app::visit::Target;
use crate::app::visit::Visiting;
use crate::app::visit::field_of;
use crate::index::Freshness;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::ids::VisitId;
use crate::model::person::Person;
use crate::model::visit;
use crate::model::visit::Contact;
use crate::model::visit::Outcome;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

/// Rows of results, two in each.
const RESULTS: usize = 3;

/// How wide the labels of the notes are.
const LABEL: usize = 14;

/// Draws the box.
pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, visiting: &Visiting) -> Seen {
    let title = view
        .words
        .tell("visit-title", &[("who", Arg::from(who(view, visiting)))]);
    let height = (RESULTS + NOTES.len() + 4) as u16;
    let inner = chrome::popup(frame, area, view, &title, (66, height));
    let mut rows = chrome::rows(inner);
    for (at, row) in rows.by_ref().take(RESULTS).enumerate() {
        if at == 0 {
            frame.set_cursor_position((row.x, row.y));
        }
        frame.render_widget(results(view, visiting, at), row);
    }
    if let Some(row) = rows.next() {
        frame.render_widget(reach(view, visiting, usize::from(row.width)), row);
    }
    if let Some(row) = rows.next() {
        frame.render_widget(hint(view, visiting), row);
    }
    for (at, row) in rows.take(NOTES.len()).enumerate() {
        note(frame, row, view, visiting, at);
    }
    Seen::default()
}

fn who(view: &View<'_>, visiting: &Visiting) -> String {
    let book = view.index.book();
    let name = |id: &PersonId| book.person(*id).map_or("", Person::name).to_owned();
    match &visiting.target {
        Target::New(people, _) => people.iter().map(name).collect::<Vec<_>>().join(" "),
        Target::Old(id) => line(view, *id),
    }
}

/// A result of the left column and one of the right; the last is "nothing changed".
fn results(view: &View<'_>, visiting: &Visiting, row: usize) -> Line<'static> {
    let verify = chrome::hint(view, Scope::Visit, Action::Verify);
    let option = |at: usize| match Outcome::ALL.get(at) {
        Some(one) => {
            let name = codes::name("visit-result", one.code(), view.app.lang);
            (one.code(), name.unwrap_or("").to_owned())
        }
        None => ("0", verify.clone()),
    };
    let stands = match &visiting.target {
        Target::Old(id) => view.index.book().visit(*id),
        Target::New(..) => None,
    };
    let stands = stands.map(|one| {
        if one.verified() {
            "0"
        } else {
            one.outcome().map_or("", Outcome::code)
        }
    });
    let mut spans = Vec::new();
    for (digit, name) in [option(row), option(row + RESULTS)] {
        let sign = if stands == Some(digit) { '*' } else { ' ' };
        spans.push(Span::styled(
            format!(" {digit}"),
            view.theme.style(Role::Key),
        ));
        spans.push(Span::raw(format!("{sign}{}", width::pad(&name, 26))));
    }
    Line::from(spans)
}

/// The key that takes in the household, and whom it takes in.
fn reach(view: &View<'_>, visiting: &Visiting, room: usize) -> Line<'static> {
    let Target::New(people, reach) = &visiting.target else {
        return Line::default();
    };
    let book = view.index.book();
    let mates = people.iter().filter_map(|id| book.person(*id));
    let mut all: Vec<PersonId> = mates
        .flat_map(|one| visit::housemates(book, one))
        .filter(|id| !people.contains(id))
        .collect();
    all.dedup();
    if all.is_empty() {
        return Line::default();
    }
    let names: Vec<&str> = all
        .iter()
        .filter_map(|id| Some(book.person(*id)?.name()))
        .collect();
    let key = chrome::key(view, Scope::Visit, Action::Household);
    let key = key.map_or(String::new(), Key::brief);
    let (sign, role) = match reach {
        Reach::Chosen => ("[ ]", Role::Dim),
        Reach::Households => ("[x]", Role::Accent),
    };
    let args = [
        ("people", Arg::from(all.len())),
        ("names", Arg::from(names.join(" "))),
    ];
    let text = format!(" {sign} {}", view.words.tell("visit-household", &args));
    Line::from(vec![
        Span::styled(format!(" {key}"), view.theme.style(Role::Key)),
        Span::styled(
            width::clip(&text, room.saturating_sub(width::cells(&key) + 1)),
            view.theme.style(role),
        ),
    ])
}

/// What is wrong, or what the keys do.
fn hint(view: &View<'_>, visiting: &Visiting) -> Line<'static> {
    let (text, role) = match (&visiting.fault, &visiting.target) {
        (Some(fault), _) => (chrome::say(view, fault), Role::Bad),
        (None, Target::New(..)) => (view.words.say("visit-keys"), Role::Dim),
        (None, Target::Old(_)) => (view.words.say("visit-keys-old"), Role::Dim),
    };
    Line::from(Span::styled(format!(" {text}"), view.theme.style(role)))
}

fn note(frame: &mut Frame<'_>, row: Rect, view: &View<'_>, visiting: &Visiting, at: usize) {
    let (Some(number), Some(line)) = (NOTES.get(at), visiting.lines.get(at)) else {
        return;
    };
    let label = field_of(*number).map_or("", |field| field.label(view.app.lang));
    let label = format!(" {}", width::pad(label, LABEL));
    if visiting.typing == Some(at) {
        chrome::field(frame, row, view, &label, line);
        return;
    }
    let unsaid = if *number == visit::DATE {
        view.words.say("visit-today")
    } else {
        "-".to_owned()
    };
    let text = match line.text() {
        "" => Span::styled(unsaid, view.theme.style(Role::Dim)),
        text => Span::raw(text.to_owned()),
    };
    let label = Span::styled(format!("{label} "), view.theme.style(Role::Dim));
    frame.render_widget(Line::from(vec![label, text]), row);
}

/// Which digit files which result, in one line.
pub fn digits(view: &View<'_>) -> Line<'static> {
    let results = Outcome::ALL.iter().map(|one| {
        let name = codes::name("visit-result", one.code(), view.app.lang);
        (one.code(), name.unwrap_or("").to_owned())
    });
    let verify = chrome::hint(view, Scope::Round, Action::Verify);
    let mut spans = Vec::new();
    for (digit, name) in results.chain([("0", verify)]) {
        spans.push(Span::styled(
            format!(" {digit} "),
            view.theme.style(Role::Key),
        ));
        spans.push(Span::raw(format!("{name} ")));
    }
    Line::from(spans)
}

/// How long ago a day was: `今天`, `12天前`.
fn ago(view: &View<'_>, date: Date) -> String {
    match date.days_until(view.index.today()) {
        0 => view.words.say("visit-today"),
        days => {
            let days = Arg::from(days.to_string());
            view.words.tell("visit-ago", &[("days", days)])
        }
    }
}

/// A visit in one line: how long ago, how it ended, what was written down, who called.
pub fn line(view: &View<'_>, id: VisitId) -> String {
    let Some(one) = view.index.book().visit(id) else {
        return String::new();
    };
    let text = |number: FieldNo| {
        let (field, value) = (field_of(number)?, one.record.get(number)?);
        Some(view.show(id.subject(), field, &value))
    };
    let labelled = |number: FieldNo| {
        let label = field_of(number)?.label(view.app.lang);
        Some(format!("{label} {}", text(number)?))
    };
    let verified = one
        .verified()
        .then(|| chrome::hint(view, Scope::Visit, Action::Verify));
    let parts = [
        one.date().map(|date| ago(view, date)),
        verified.or_else(|| text(visit::RESULT)),
        text(visit::NOTE),
        labelled(visit::NEED),
        labelled(visit::ACTION),
        labelled(visit::NEXT),
        text(visit::WORKER),
        text(visit::DATE),
        text(visit::TIME),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("  ")
}

/// When a person was last met and verified, when the next visit is due, and whether it is overdue.
pub fn summary(view: &View<'_>, id: PersonId) -> String {
    let Freshness {
        contact,
        due,
        stale,
    } = view.index.freshness(id);
    let told = |key, name, text| view.words.tell(key, &[(name, Arg::from(text))]);
    let seen = match contact.seen {
        Some(date) => told("visit-seen", "when", ago(view, date)),
        None => view.words.say("visit-never"),
    };
    let verified = contact
        .verified
        .map(|date| told("visit-verified", "when", ago(view, date)));
    let due = due.map(|date| told("visit-due", "date", date.to_string()));
    // Someone never met is not said to be overdue on top of it.
    let lapsed = stale && contact != Contact::default();
    let stale = lapsed.then(|| view.words.say("visit-stale"));
    let parts: Vec<String> = [Some(seen), verified, due, stale]
        .into_iter()
        .flatten()
        .collect();
    parts.join("  ")
}

/// For a column: how many days ago a person was met, with a sign when that is too long; and whether
/// it is.
pub fn brief(view: &View<'_>, id: PersonId) -> (String, bool) {
    let fresh = view.index.freshness(id);
    let Some(seen) = fresh.contact.seen else {
        return ("-".to_owned(), false);
    };
    let days = seen.days_until(view.index.today()).to_string();
    let text = view.words.tell("visit-days", &[("days", Arg::from(days))]);
    let sign = if fresh.stale { "!" } else { "" };
    (text + sign, fresh.stale)
}
