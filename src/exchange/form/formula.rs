//! The references inside a formula.
//!
//! Invariant: only references are altered; texts in quotes, names and functions stay.

use crate::exchange::form::refs::Range;
use crate::exchange::form::refs::Shift;
use std::cell::Cell;

/// Whose cells a reference means.
enum Sheet {
    /// Those of the formula's own sheet.
    Own,
    /// Those of this sheet.
    Named(String),
    /// Those of another workbook, or of several sheets.
    Elsewhere,
}

/// A formula after rows were pushed down in the sheet of a name; `own`: the formula stands there.
pub(crate) fn moved(text: &str, shift: Shift, own: bool, name: &str) -> String {
    rewritten(text, &|sheet, range| {
        let is_ours = match sheet {
            Sheet::Own => own,
            Sheet::Named(sheet) => is_same(sheet, name),
            Sheet::Elsewhere => false,
        };
        if is_ours { range.moved(shift) } else { range }
    })
}

/// A formula as it reads when it is copied so many rows down and columns to the right.
pub(crate) fn copied(text: &str, down: i64, right: i64) -> String {
    rewritten(text, &|_, range| range.copied(down, right))
}

/// Whether a formula speaks of a sheet by its name.
pub(crate) fn names(text: &str, sheet: &str) -> bool {
    let found = Cell::new(false);
    rewritten(text, &|named, range| {
        if let Sheet::Named(one) = named {
            found.set(found.get() || is_same(one, sheet));
        }
        range
    });
    found.get()
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A formula with every reference put through a function.
fn rewritten(text: &str, each: &dyn Fn(&Sheet, Range) -> Range) -> String {
    let mut scan = Scan {
        chars: text.chars().collect(),
        at: 0,
        sheet: Sheet::Own,
        out: String::with_capacity(text.len()),
    };
    while let Some(c) = scan.chars.get(scan.at).copied() {
        match c {
            '"' | '\'' => scan.quote(),
            '[' => scan.bracket(),
            _ if is_word(c) => scan.word(each),
            _ => {
                scan.at += 1;
                scan.sheet = Sheet::Own;
                scan.out.push(c);
            }
        }
    }
    scan.out
}

/// How far a formula is read, and what became of it so far.
struct Scan {
    chars: Vec<char>,
    at: usize,
    sheet: Sheet,
    out: String,
}

impl Scan {
    /// A text, or the name of a sheet: within it a doubled quote is a quote.
    fn quote(&mut self) {
        let from = self.at;
        let quote = self.chars.get(from).copied();
        self.at += 1;
        while let Some(here) = self.chars.get(self.at).copied() {
            let is_doubled = self.chars.get(self.at + 1).copied() == quote;
            if Some(here) == quote && !is_doubled {
                break;
            }
            self.at += 1 + usize::from(Some(here) == quote);
        }
        self.at = (self.at + 1).min(self.chars.len());
        if quote == Some('\'') && self.next() == Some('!') {
            let name = self.piece(from + 1, self.at - 1);
            self.sheet = if name.contains(['[', ':']) {
                Sheet::Elsewhere
            } else {
                Sheet::Named(name.replace("''", "'"))
            };
            self.at += 1;
        }
        self.out += &self.piece(from, self.at);
    }

    /// The columns of a table, or another workbook.
    fn bracket(&mut self) {
        let from = self.at;
        let mut depth = 0_usize;
        while let Some(c) = self.next() {
            depth += usize::from(c == '[');
            depth -= usize::from(c == ']');
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        self.sheet = Sheet::Elsewhere;
        self.out += &self.piece(from, self.at);
    }

    /// A function, the name of a sheet, a reference, or something else of letters and digits.
    fn word(&mut self, each: &dyn Fn(&Sheet, Range) -> Range) {
        let word = self.take();
        let second = self.after(self.at + 1);
        let pair = self.piece(self.at, second);
        match self.next() {
            Some('!') => {
                self.at += 1;
                if !matches!(self.sheet, Sheet::Elsewhere) {
                    self.sheet = Sheet::Named(word.clone());
                }
                self.out += &word;
                self.out.push('!');
            }
            Some('(' | '[') => self.out += &word,
            Some(':') if self.chars.get(second) == Some(&'!') => {
                self.sheet = Sheet::Elsewhere;
                self.out += &word;
            }
            Some(':') if range(&format!("{word}{pair}")).is_some() => {
                self.at = second;
                self.reference(range(&format!("{word}{pair}")), &word, each);
            }
            _ => self.reference(cell(&word), &word, each),
        }
    }

    fn reference(
        &mut self,
        range: Option<Range>,
        word: &str,
        each: &dyn Fn(&Sheet, Range) -> Range,
    ) {
        let sheet = std::mem::replace(&mut self.sheet, Sheet::Own);
        self.out += &range.map_or(word.to_owned(), |one| each(&sheet, one).to_string());
    }

    fn next(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self) -> String {
        let from = self.at;
        self.at = self.after(from);
        self.piece(from, self.at)
    }

    /// The place after the word at a place.
    fn after(&self, from: usize) -> usize {
        let rest = self.chars.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|c| is_word(**c)).count()
    }

    fn piece(&self, from: usize, to: usize) -> String {
        let piece = self.chars.get(from..to).unwrap_or_default();
        piece.iter().collect()
    }
}

/// A word that is a cell; a bare number or a bare name is none.
fn cell(word: &str) -> Option<Range> {
    Range::parse(word).filter(|one| one.first.column.is_some() && one.first.row.is_some())
}

/// Two words that are a range: both cells, both columns or both rows.
fn range(pair: &str) -> Option<Range> {
    let range = Range::parse(pair)?;
    let last = range.last?;
    let alike = range.first.column.is_some() == last.column.is_some()
        && range.first.row.is_some() == last.row.is_some();
    alike.then_some(range)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\')
}

#[cfg(test)]
mod tests {
    use super::copied;
    use super::moved;
    use super::names;
    use crate::exchange::form::refs::Shift;

    /// Rows 4 to 6 are to be filled; three more are put in under row 5.
    const THREE: Shift = Shift {
        after: 5,
        grows: 6,
        count: 3,
    };

    #[test]
    fn references_move_with_their_rows() {
        for (formula, want) in [
            ("SUM(D4:D6)", "SUM(D4:D9)"),
            ("SUM(D4:D5)", "SUM(D4:D5)"),
            ("$A$1+A6-B7", "$A$1+A9-B10"),
            (
                "SUM(A:A)+SUM($1:$3)+SUM(4:6)",
                "SUM(A:A)+SUM($1:$3)+SUM(4:9)",
            ),
            ("LOG10(A8)&\"A8\"", "LOG10(A11)&\"A8\""),
            ("'名单'!A8+名单!A8+汇总!A8", "'名单'!A11+名单!A11+汇总!A8"),
            ("[1]名单!A8+'[1]名单'!A8", "[1]名单!A8+'[1]名单'!A8"),
            ("一:三!A8", "一:三!A8"),
            ("Table1[A8]+TRUE+1.5E8+AB_8", "Table1[A8]+TRUE+1.5E8+AB_8"),
            (
                "IF(A8=\"x\"\"A8\",B8,'it''s'!C8)",
                "IF(A11=\"x\"\"A8\",B11,'it''s'!C8)",
            ),
            ("\"open", "\"open"),
            ("'open", "'open"),
            ("]A8+B8[", "]A11+B8["),
        ] {
            assert_eq!(moved(formula, THREE, true, "名单"), want);
        }
        assert_eq!(moved("A8+名单!A8", THREE, false, "名单"), "A8+名单!A11");
    }

    #[test]
    fn a_single_row_to_fill_grows() {
        let shift = Shift {
            after: 4,
            grows: 4,
            count: 2,
        };
        let want = "SUM(D4:D6)+D4+D7";
        assert_eq!(moved("SUM(D4:D4)+D4+D5", shift, true, "x"), want);
        assert_eq!(shift.ranges("D4:D4"), "D4:D6");
    }

    #[test]
    fn a_copied_formula_looks_at_its_own_row() {
        assert_eq!(copied("ROW()-3+$A$1*A4+B$4", 2, 1), "ROW()-3+$A$1*B6+C$4");
        assert_eq!(copied("SUM(A4:C4)", 1, 0), "SUM(A5:C5)");
        assert!(names("SUM('名单'!A1)", "名单") && !names("\"名单!A1\"", "名单"));
    }
}
