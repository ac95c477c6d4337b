//! What a terminal alone can tell: how tall it is, and how wide it draws what is one column wide in one
//! place and two in another.
//!
//! Invariant: the terminal is left as it was found, whatever it answers.

use crossterm::cursor;
use crossterm::cursor::MoveToColumn;
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal;
use crossterm::terminal::Clear;
use crossterm::terminal::ClearType;
use crossterm::terminal::disable_raw_mode;
use crossterm::terminal::enable_raw_mode;
use std::io::stdout;

/// How many rows there are, where that can be told.
pub fn rows() -> Option<usize> {
    terminal::size().ok().map(|(_, rows)| usize::from(rows))
}

/// Whether something is drawn in one column: it is drawn, and the terminal asked where its cursor is
/// then. One that does not answer counts as one that draws it in two.
pub fn is_narrow(sample: char) -> bool {
    let ask = || {
        enable_raw_mode()?;
        execute!(stdout(), MoveToColumn(0), Print(sample))?;
        cursor::position()
    };
    let answer = ask();
    let wiped = execute!(stdout(), MoveToColumn(0), Clear(ClearType::CurrentLine));
    drop((wiped, disable_raw_mode()));
    answer.is_ok_and(|(column, _)| column == 1)
}
