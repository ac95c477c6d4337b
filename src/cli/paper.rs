//! A list as plain text for paper: a title on every page, numbered rows, columns aligned by cells.
//!
//! Invariant: every page says what it is, which page it is and of how many; no row is on two.

use crate::cli::desk::Desk;
use crate::cli::print::one_line;
use crate::cli::table::Table;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::List;
use crate::exchange::write::Scribe;
use unicode_width::UnicodeWidthStr;

/// How many rows a page has: what A4 holds at six lines an inch, less title, headings and margins.
const ROWS_A_PAGE: usize = 50;
/// What tells a printer to begin a new page.
const NEW_PAGE: char = '\u{c}';

/// What stands around the rows.
pub(crate) struct Frame {
    /// Above them.
    pub(crate) title: String,
    /// Who took whole values out, when and what for; none when they are masked.
    pub(crate) mark: Option<String>,
}

/// The lines of all pages.
pub(crate) fn pages(list: &List<'_>, frame: &Frame, desk: &Desk) -> Vec<String> {
    let lines = table(list, desk).lines();
    let width = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let (heading, rows) = match lines.split_first() {
        Some((heading, rows)) => (heading.as_str(), rows),
        None => ("", &[][..]),
    };
    let pages = rows.len().div_ceil(ROWS_A_PAGE).max(1);
    let mut out = Vec::new();
    for page in 0..pages {
        let from = page * ROWS_A_PAGE;
        let title = centred(&one_line(&frame.title), width);
        out.push(if page == 0 {
            title
        } else {
            format!("{NEW_PAGE}{title}")
        });
        let args = [
            ("count", rows.len().into()),
            ("date", list.today.to_string().into()),
            ("page", (page + 1).into()),
            ("pages", pages.into()),
        ];
        out.push(centred(&desk.words.tell("cli-paper-page", &args), width));
        out.extend(frame.mark.as_deref().map(one_line));
        out.extend([String::new(), heading.to_owned(), "-".repeat(width)]);
        out.extend(rows.iter().skip(from).take(ROWS_A_PAGE).cloned());
    }
    out
}

fn table(list: &List<'_>, desk: &Desk) -> Table {
    let mut headings = vec![desk.words.say("cli-paper-number")];
    headings.extend(write::headings(list));
    let ages = (1..)
        .zip(list.columns)
        .filter(|(_, column)| **column == Column::Age);
    let right = std::iter::once(0).chain(ages.map(|(at, _)| at));
    let mut table = Table::new(headings).right(right);
    let scribe = Scribe::new(list);
    for (number, (person, categories)) in (1..).zip(list.people) {
        let mut row = vec![format!("{number}")];
        row.extend(scribe.cells(*person, categories));
        table.row(row);
    }
    table
}

fn centred(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.width()) / 2;
    format!("{}{text}", " ".repeat(blanks))
}
