//! The one writer to stdout and stderr.
//!
//! Invariant: no control character but line ends and tabs, and no mark that turns the direction of
//! text, gets to the terminal, whatever a record holds.

use crate::model::clean::is_unseen;
use std::io;
use std::io::BufWriter;
use std::io::Stdout;
use std::io::Write;

/// The upper half of a cell, where it is one column wide.
pub(crate) const HALF: char = '▀';

/// Standard output, buffered.
pub(crate) struct Printer {
    out: BufWriter<Stdout>,
}

impl Printer {
    /// A printer to this process's stdout.
    pub(crate) fn new() -> Printer {
        Printer {
            out: BufWriter::new(io::stdout()),
        }
    }

    /// Prints one line; line ends inside it become spaces.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", one_line(text))
    }

    /// Prints a text of many lines as it stands.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(clean(text).as_bytes())
    }

    /// Prints squares, dark where it says so, two blanks each: the one thing that is coloured here.
    pub(crate) fn squares(&mut self, rows: &[Vec<bool>]) -> io::Result<()> {
        const DARK: &str = "\u{1b}[40m  ";
        const LIGHT: &str = "\u{1b}[107m  ";
        const PLAIN: &str = "\u{1b}[0m";
        for row in rows {
            for is_dark in row {
                self.out
                    .write_all(if *is_dark { DARK } else { LIGHT }.as_bytes())?;
            }
            writeln!(self.out, "{PLAIN}")?;
        }
        Ok(())
    }

    /// The same in half the rows, two squares in each: an upper half block of one colour on the other,
    /// one column wide.
    pub(crate) fn halves(&mut self, rows: &[Vec<bool>]) -> io::Result<()> {
        const PLAIN: &str = "\u{1b}[0m";
        for pair in rows.chunks(2) {
            let upper = pair.first().into_iter().flatten();
            let lower = pair.get(1).into_iter().flatten().map(Some);
            for (upper, lower) in upper.zip(lower.chain(std::iter::repeat(None))) {
                let above = if *upper { 30 } else { 97 };
                let below = if lower == Some(&true) { 40 } else { 107 };
                write!(self.out, "\u{1b}[{above};{below}m{HALF}")?;
            }
            writeln!(self.out, "{PLAIN}")?;
        }
        Ok(())
    }

    /// Wipes the terminal, and what it scrolled away, where it lets a program do so.
    pub(crate) fn wipe(&mut self) -> io::Result<()> {
        self.out.write_all(b"\x1b[H\x1b[2J\x1b[3J")
    }

    /// Prints bytes that no terminal will see.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Hands everything over.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Says one line on stderr. A stderr that has gone is nobody's loss.
pub(crate) fn note(text: &str) {
    let said = writeln!(io::stderr(), "{}", one_line(text));
    drop(said);
}

/// A text without what a terminal would obey.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !obeyed(*c)).collect()
}

/// A text as one line without what a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| {
            if matches!(c, '\n' | '\r' | '\t') {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !obeyed(*c))
        .collect()
}

fn obeyed(c: char) -> bool {
    is_unseen(c) && c != '\r'
}

#[cfg(test)]
mod tests {
    use super::clean;
    use super::one_line;

    #[test]
    fn what_a_terminal_obeys_is_left_out() {
        assert_eq!(clean("张\u{1b}[31m三\u{9b}2J\u{202e}\n"), "张[31m三2J\n");
        assert_eq!(one_line("张三\r\n\t李四\u{7}"), "张三   李四");
    }
}
