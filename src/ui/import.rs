//! What an import would do: where the headings were found, the counts, each column with what it was
//! taken for, and what is wrong, by kind.
//!
//! Invariant: every row under the cursor can be reached; nothing is told by colour alone.

use crate::app::Seen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::import::Column;
use crate::app::import::Import;
use crate::app::import::Outlook;
use crate::app::import::Trouble;
use crate::model::ruling::Meaning;
use crate::model::ruling::Policy;
use crate::model::ruling::Side;
use crate::ui::View;
use crate::ui::chrome;
use crate::ui::theme::Role;
use crate::ui::width;
use crate::words::Arg;
use ratatui::Frame;
use ratatui::layout::Constraint;
use ratatui::layout::Layout;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::text::Span;

const KEYS: &[Action] = &[Action::TakeIn, Action::Accept, Action::Decide, Action::Back];
const MORE: [Action; 2] = [Action::Policy, Action::Help];

/// How wide a heading and a meaning are, in cells.
const WIDE: usize = 16;

/// Draws the screen.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &View<'_>,
    import: &Import,
    active: bool,
) -> Seen {
    width::veil(frame, area);
    let [title, counts, rest, main, notice, footer] = area.layout(&Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ]));
    let outlook = &import.outlook;
    let found = [
        ("file", Arg::from(outlook.file.as_str())),
        ("sheet", Arg::from(outlook.sheet.as_str())),
        ("row", Arg::from(outlook.heading_row)),
    ];
    // A text has one sheet, which is named like its file.
    let word = if outlook.sheet == outlook.file {
        "import-found-alone"
    } else {
        "import-found"
    };
    let mut text = format!(" {}", view.words.tell(word, &found));
    if outlook.recalls {
        text.push_str(&view.words.say("import-recalls"));
    }
    let others: Vec<&str> = others(outlook).collect();
    if !others.is_empty() {
        let names = [("sheets", Arg::from(others.join("、")))];
        text.push_str(&view.words.tell("import-others", &names));
    }
    let text = width::clip(&text, usize::from(title.width));
    frame.render_widget(Span::styled(text, view.theme.style(Role::Title)), title);
    let told = |all: &[(&'static str, usize)]| {
        let one = |(word, count): &(&'static str, usize)| {
            view.words.tell(word, &[("rows", Arg::from(*count))])
        };
        let words: Vec<String> = all.iter().map(one).collect();
        format!(" {}", words.join("  "))
    };
    let (first, second) = outlook.counts.split_at(outlook.counts.len().min(4));
    frame.render_widget(Span::raw(told(first)), counts);
    let mut text = told(second);
    if outlook.blank_columns > 0 {
        let blank = [("columns", Arg::from(outlook.blank_columns))];
        text.push_str("  ");
        text.push_str(&view.words.tell("import-blank-columns", &blank));
    }
    let policy = view.words.say(policy(outlook.policy));
    frame.render_widget(Span::raw(format!("{text}  {policy}")), rest);
    draw_rows(frame, main, view, import, active);
    chrome::notice(frame, notice, view);
    if active {
        let sheets = (outlook.sheets.len() > 1).then_some(Action::NextSheet);
        let keys: Vec<Action> = KEYS.iter().copied().chain(sheets).chain(MORE).collect();
        chrome::footer(frame, footer, view, Scope::Import, &keys);
    }
    Seen {
        rows: usize::from(main.height),
        facets: false,
    }
}

/// The sheets that could be taken besides.
fn others(outlook: &Outlook) -> impl Iterator<Item = &str> {
    let sheets = outlook.sheets.iter().map(String::as_str);
    sheets.filter(|name| !outlook.together && *name != outlook.sheet)
}

fn policy(policy: Policy) -> &'static str {
    match policy {
        Policy::FillBlanks => "import-policy-fill",
        Policy::NewerWins => "import-policy-newer",
        Policy::Ask => "import-policy-ask",
    }
}

fn draw_rows(frame: &mut Frame<'_>, area: Rect, view: &View<'_>, import: &Import, active: bool) {
    let outlook = &import.outlook;
    let room = usize::from(area.width);
    let columns = outlook.columns.iter();
    let columns = columns.map(|column| column_line(view, column, room));
    let troubles = outlook.troubles.iter();
    let lines = columns.chain(troubles.map(|trouble| trouble_line(view, trouble, room)));
    let height = usize::from(area.height).max(1);
    let top = (import.row + 1).saturating_sub(height);
    for (place, (at, line)) in chrome::rows(area).zip(lines.enumerate().skip(top)) {
        let role = if at == import.row {
            if active {
                frame.set_cursor_position((place.x, place.y));
            }
            Role::Cursor
        } else {
            Role::Text
        };
        frame.render_widget(line.style(view.theme.style(role)), place);
    }
}

fn column_line(view: &View<'_>, column: &Column, room: usize) -> Line<'static> {
    let cells = format!("{}/{}", column.understood, column.filled);
    let left = room.saturating_sub(2 * WIDE + 15);
    let role = match column.meaning {
        Meaning::Forbidden => Role::Bad,
        Meaning::Unknown => Role::Dim,
        Meaning::Field(_) | Meaning::Category(_) | Meaning::Serial | Meaning::Age => Role::Chip,
    };
    let heading = if column.heading.is_empty() {
        view.words.say("import-unheaded")
    } else {
        column.heading.replace(['\r', '\n'], " ")
    };
    Line::from(vec![
        Span::raw(format!(" {}", width::pad(&heading, WIDE))),
        Span::styled(
            format!(" > {}", width::pad(&meaning(view, &column.meaning), WIDE)),
            view.theme.style(role),
        ),
        Span::raw(format!(" {} ", width::pad(&cells, 9))),
        Span::raw(width::pad(&column.samples.join(", "), left)),
    ])
}

fn meaning(view: &View<'_>, meaning: &Meaning) -> String {
    match meaning {
        Meaning::Field(field) => field.label(view.app.lang).to_owned(),
        Meaning::Category(Some(code)) => match view.index.book().category(code) {
            Some(category) => category.name(view.app.lang).to_owned(),
            None => code.0.clone(),
        },
        Meaning::Category(None) => view.words.say("import-meaning-categories"),
        Meaning::Serial => view.words.say("import-meaning-serial"),
        Meaning::Age => view.words.say("import-meaning-age"),
        Meaning::Unknown => view.words.say("import-meaning-unknown"),
        Meaning::Forbidden => view.words.say("import-meaning-forbidden"),
    }
}

fn trouble_line(view: &View<'_>, trouble: &Trouble, room: usize) -> Line<'static> {
    let args = [
        ("what", Arg::from(trouble.what.as_str())),
        ("rows", Arg::from(trouble.count)),
    ];
    let word = match trouble.differs.map(|one| (one.seems, one.side)) {
        None => "import-rows-with",
        Some((false, None)) => "import-differs",
        Some((false, Some(Side::Theirs))) => "import-differs-theirs",
        Some((false, Some(Side::Ours))) => "import-differs-ours",
        Some((true, None)) => "import-seems",
        Some((true, Some(Side::Theirs))) => "import-seems-theirs",
        Some((true, Some(Side::Ours))) => "import-seems-ours",
    };
    let text = format!(" ! {}", view.words.tell(word, &args));
    Line::styled(width::pad(&text, room), view.theme.style(Role::Warn))
}
