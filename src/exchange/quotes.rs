//! Quotes that nobody closed: a cell that begins with one would swallow all the rows below it.
//!
//! A quoted cell may hold line ends. One that holds some must also close as programs close it,
//! before the next delimiter or at a line's end; else its first quote was a character that someone
//! typed, and is left out.
//!
//! Invariant: a text whose quotes are in order stays as it is.

use memchr::memchr;
use std::borrow::Cow;

/// A quote that is open to the end of a file costs a walk through all of it; a file has one, or is
/// nothing to be mended.
const MOST_OPEN: usize = 8;

/// How a quoted cell ends.
enum End {
    /// In order, before this place.
    Closed(usize),
    /// Not as programs end one.
    Torn,
    /// Not at all.
    Open,
}

/// The text without the quotes that begin a cell and are not closed.
pub(super) fn mended(text: &str, delimiter: u8) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut stray: Vec<usize> = Vec::new();
    let (mut at, mut open) = (0, 0);
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
        let quote = at + found;
        at = quote + 1;
        if !begins_cell(bytes, quote, delimiter) {
            continue;
        }
        match end(bytes, at, delimiter) {
            End::Closed(after) => at = after,
            End::Torn => stray.push(quote),
            End::Open if open == MOST_OPEN => return Cow::Borrowed(text),
            End::Open => {
                open += 1;
                stray.push(quote);
            }
        }
    }
    if stray.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for quote in stray {
        out.push_str(text.get(from..quote).unwrap_or_default());
        from = quote + 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Whether a cell begins at a place.
fn begins_cell(bytes: &[u8], at: usize, delimiter: u8) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_none_or(|before| parts(*before, delimiter))
}

fn parts(byte: u8, delimiter: u8) -> bool {
    byte == delimiter || matches!(byte, b'\r' | b'\n')
}

/// How the cell ends whose text begins here. A cell of one line may go on behind its closing quote.
fn end(bytes: &[u8], start: usize, delimiter: u8) -> End {
    let mut at = start;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr(b'"', rest)) {
        let quote = at + found;
        match bytes.get(quote + 1) {
            Some(b'"') => at = quote + 2,
            Some(next) if !parts(*next, delimiter) => {
                let inside = bytes.get(start..quote).unwrap_or_default();
                let is_one_line = !inside.iter().any(|byte| matches!(byte, b'\r' | b'\n'));
                return if is_one_line {
                    End::Closed(quote + 1)
                } else {
                    End::Torn
                };
            }
            _ => return End::Closed(quote + 1),
        }
    }
    End::Open
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn only_quotes_that_nobody_closed_are_left_out() {
        for whole in [
            "",
            "a,b\n",
            "\"a,b\"\n\"c\"\"\nd\",e\r\n",
            "a \"b\" c\n",
            "\"a\"b,c\n",
            "\"\"",
        ] {
            assert_eq!(mended(whole, b','), whole);
        }
        for (torn, whole) in [
            ("a,\"b\nc,d\n", "a,b\nc,d\n"),
            ("a,\"b\nc,\"d\"\n", "a,b\nc,\"d\"\n"),
            ("\"a\r\"b\r\"c\"", "a\rb\r\"c\""),
            ("\"", ""),
        ] {
            assert_eq!(mended(torn, b','), whole, "{torn:?}");
        }
    }

    #[test]
    fn a_file_of_quotes_ends_soon() {
        let quotes = "\"".repeat(3_000_001);
        assert!(mended(&quotes, b',').len() <= quotes.len());
    }
}
