//! Literal texts: folded, page by page, searched byte by byte.
//!
//! Invariant: a hit lies within one line of one person's texts.

use crate::model::field::FieldNo;
use crate::model::ids::Table;
use memchr::memmem::Finder;
use memchr::memrchr;
use roaring::RoaringBitmap;

/// How many people share a page. An edit moves one page; a search starts anew on each.
const PAGE: usize = 256;
/// What stands between the texts, and in none of them.
const BREAK: u8 = b'\n';

/// Full-width forms to ASCII, capitals to small letters, line breaks and tabs to spaces.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(fold_char).collect()
}

fn fold_char(c: char) -> std::char::ToLowercase {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    };
    narrow.to_lowercase()
}

/// Which line a text is: the field it comes from, spelled in control characters, which no folded
/// text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark([u8; 4]);

impl Mark {
    /// The mark of a field.
    pub(crate) fn of(table: Table, field: FieldNo) -> Mark {
        let number = u32::from(field.0) | (table as u32) << 12;
        Mark([12, 8, 4, 0].map(|shift| 0x10 | (number >> shift & 0xf) as u8))
    }
}

/// What to look for: a folded text, in any line or in those of one field, anywhere in the line or
/// at its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// The field.
    pub(crate) mark: Option<Mark>,
    /// Whether the line must end so.
    pub(crate) ends: bool,
}

impl<'a> Wanted<'a> {
    /// A text in any line.
    pub(crate) fn anywhere(text: &'a str) -> Wanted<'a> {
        Wanted {
            text,
            mark: None,
            ends: false,
        }
    }

    /// The next hit that is accepted, from a place on.
    fn next(self, finder: &Finder<'_>, bytes: &[u8], mut from: usize) -> Option<usize> {
        loop {
            from += finder.find(bytes.get(from..)?)?;
            if self.accepts(bytes, from) {
                return Some(from);
            }
            from += 1;
        }
    }

    /// Whether a hit is in the right line and at the right end of it.
    fn accepts(self, bytes: &[u8], at: usize) -> bool {
        let before = &bytes[..at];
        let line = memrchr(BREAK, before).map_or(0, |end| end + 1);
        let marked = |mark: Mark| bytes[line..].starts_with(&mark.0);
        let ended = bytes.get(at + self.text.len()) == Some(&BREAK);
        self.mark.is_none_or(marked) && (!self.ends || ended)
    }
}

/// The texts of every person.
#[derive(Debug, Default)]
pub(crate) struct Literals {
    pages: Vec<Page>,
}

#[derive(Debug, Default)]
struct Page {
    bytes: Vec<u8>,
    /// Where each person's texts end.
    ends: Vec<usize>,
}

impl Literals {
    /// Sets a person's texts: [`lines`].
    pub(crate) fn set(&mut self, number: u32, lines: &[u8]) {
        let (page, at) = (number as usize / PAGE, number as usize % PAGE);
        while self.pages.len() <= page {
            self.pages.push(Page::default());
        }
        self.pages[page].set(at, lines);
    }

    /// Those of `within` with a line that holds what is wanted.
    pub(crate) fn find(&self, wanted: Wanted<'_>, within: &RoaringBitmap) -> RoaringBitmap {
        let finder = Finder::new(wanted.text);
        let few = within.len() * 8 < (self.pages.len() * PAGE) as u64;
        if few {
            let holds = |number: &u32| {
                let section = self.section(*number);
                !section.is_empty() && wanted.next(&finder, section, 0).is_some()
            };
            return within.iter().filter(holds).collect();
        }
        let mut found = RoaringBitmap::new();
        for (first, page) in (0..).step_by(PAGE).zip(&self.pages) {
            page.find(&finder, wanted, |at| {
                found.insert(first + at as u32);
            });
        }
        found & within
    }

    fn section(&self, number: u32) -> &[u8] {
        let page = self.pages.get(number as usize / PAGE);
        page.map_or(&[], |page| page.section(number as usize % PAGE))
    }
}

impl Page {
    fn section(&self, at: usize) -> &[u8] {
        let end = self.ends.get(at).copied().unwrap_or(self.bytes.len());
        &self.bytes[self.start(at)..end]
    }

    fn start(&self, at: usize) -> usize {
        let before = at.checked_sub(1);
        before.map_or(0, |before| {
            self.ends.get(before).copied().unwrap_or(self.bytes.len())
        })
    }

    fn set(&mut self, at: usize, lines: &[u8]) {
        if self.ends.len() <= at {
            self.ends.resize(at + 1, self.bytes.len());
        }
        let (start, end) = (self.start(at), self.ends[at]);
        self.bytes.splice(start..end, lines.iter().copied());
        for later in &mut self.ends[at..] {
            *later = *later + lines.len() - (end - start);
        }
    }

    fn find(&self, finder: &Finder<'_>, wanted: Wanted<'_>, mut hit: impl FnMut(usize)) {
        let mut from = 0;
        while let Some(offset) = wanted.next(finder, &self.bytes, from) {
            let at = self.ends.partition_point(|end| *end <= offset);
            let Some(end) = self.ends.get(at) else {
                return;
            };
            hit(at);
            from = *end;
        }
    }
}

/// Texts as [`Literals::set`] wants them: marked, folded, each closed by a line break.
pub(crate) fn lines(texts: impl Iterator<Item = (Mark, String)>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (mark, text) in texts {
        lines.extend(mark.0);
        lines.extend(fold(&text).bytes());
        lines.push(BREAK);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::Literals;
    use super::Mark;
    use super::Wanted;
    use super::fold;
    use super::lines;
    use crate::model::field::FieldNo;
    use crate::model::ids::Table;
    use roaring::RoaringBitmap;

    fn mark(field: usize) -> Mark {
        Mark::of(Table::Person, FieldNo(field as u16))
    }

    fn find(literals: &Literals, wanted: Wanted<'_>) -> Vec<u32> {
        let all: RoaringBitmap = (0..1000).collect();
        let found: Vec<u32> = literals.find(wanted, &all).iter().collect();
        for number in 0..1000 {
            let alone = literals.find(wanted, &RoaringBitmap::from([number]));
            assert_eq!(alone.contains(number), found.contains(&number));
        }
        found
    }

    fn set(literals: &mut Literals, number: u32, texts: &[&str]) {
        let texts = texts.iter().enumerate();
        let texts = texts.map(|(field, text)| (mark(field), (*text).to_owned()));
        literals.set(number, &lines(texts));
    }

    #[test]
    fn texts_are_found_and_replaced() {
        let mut literals = Literals::default();
        set(&mut literals, 0, &["纺织厂", "ABC"]);
        set(&mut literals, 700, &["ｘｙｚ纺织"]);
        set(&mut literals, 3, &["", "织厂织"]);
        let any = |literals: &Literals, text: &str| find(literals, Wanted::anywhere(&fold(text)));
        assert_eq!(any(&literals, "纺织"), [0, 700]);
        assert_eq!(any(&literals, "织厂"), [0, 3]);
        assert_eq!(any(&literals, "XYZ"), [700]);
        assert_eq!(any(&literals, ""), [0, 3, 700]);
        assert_eq!(any(&literals, "厂abc"), [0; 0], "lines do not run together");
        let first = |text, ends| Wanted {
            text,
            mark: Some(mark(0)),
            ends,
        };
        assert_eq!(find(&literals, first("织", false)), [0, 700]);
        assert_eq!(find(&literals, first("织", true)), [700]);
        set(&mut literals, 5, &["aaa"]);
        assert_eq!(find(&literals, first("aa", true)), [5]);
        set(&mut literals, 0, &["木器厂"]);
        assert_eq!(any(&literals, "纺织"), [700]);
        assert_eq!(any(&literals, "织厂"), [3]);
        assert_eq!(any(&literals, "木"), [0]);
    }
}
