//! Literal texts: folded, page by page, searched byte by byte.
//!
//! Invariant: a hit lies within one line of one person's texts.

use memchr::memmem::Finder;
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
    /// Sets a person's texts: folded lines, each closed by a line break.
    pub(crate) fn set(&mut self, number: u32, lines: &str) {
        let (page, at) = (number as usize / PAGE, number as usize % PAGE);
        while self.pages.len() <= page {
            self.pages.push(Page::default());
        }
        self.pages[page].set(at, lines.as_bytes());
    }

    /// Those of `within` with a line that holds the folded text.
    pub(crate) fn find(&self, folded: &str, within: &RoaringBitmap) -> RoaringBitmap {
        let finder = Finder::new(folded);
        let few = within.len() * 8 < (self.pages.len() * PAGE) as u64;
        if few {
            let holds = |number: &u32| finder.find(self.section(*number)).is_some();
            return within.iter().filter(holds).collect();
        }
        let mut found = RoaringBitmap::new();
        for (first, page) in (0..).step_by(PAGE).zip(&self.pages) {
            page.find(&finder, |at| {
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

    fn find(&self, finder: &Finder<'_>, mut hit: impl FnMut(usize)) {
        let mut from = 0;
        while let Some(offset) = finder.find(&self.bytes[from..]) {
            let at = self.ends.partition_point(|end| *end <= from + offset);
            let Some(end) = self.ends.get(at) else {
                return;
            };
            hit(at);
            from = *end;
        }
    }
}

/// Joins texts into lines, as [`Literals::set`] wants them.
pub(crate) fn lines(texts: impl Iterator<Item = String>) -> String {
    let mut lines = String::new();
    for text in texts {
        lines.push_str(&fold(&text));
        lines.push(char::from(BREAK));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::Literals;
    use super::fold;
    use super::lines;
    use roaring::RoaringBitmap;

    fn find(literals: &Literals, text: &str) -> Vec<u32> {
        let all: RoaringBitmap = (0..1000).collect();
        literals.find(text, &all).iter().collect()
    }

    #[test]
    fn texts_are_found_and_replaced() {
        let mut literals = Literals::default();
        let set = |literals: &mut Literals, number, texts: &[&str]| {
            literals.set(number, &lines(texts.iter().map(|text| (*text).to_owned())));
        };
        set(&mut literals, 0, &["纺织厂", "ABC"]);
        set(&mut literals, 700, &["ｘｙｚ纺织"]);
        set(&mut literals, 3, &["织厂"]);
        assert_eq!(find(&literals, "纺织"), [0, 700]);
        assert_eq!(find(&literals, "织厂"), [0, 3]);
        assert_eq!(find(&literals, &fold("XYZ")), [700]);
        assert_eq!(
            find(&literals, "厂abc"),
            [0; 0],
            "lines do not run together"
        );
        set(&mut literals, 0, &["木器厂"]);
        assert_eq!(find(&literals, "纺织"), [700]);
        assert_eq!(find(&literals, "织厂"), [3]);
        assert_eq!(find(&literals, "木"), [0]);
        let few = RoaringBitmap::from([3]);
        assert_eq!(literals.find("厂", &few).iter().collect::<Vec<_>>(), [3]);
    }
}
