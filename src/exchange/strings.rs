//! The texts of an XLS: in a code page before Excel 97, in Unicode since, shared by all sheets.
//!
//! Invariant: a text that is cut off ends where its bytes end; a text that goes on in the next
//! record goes on whole, although its characters may be stored in another width there.

use crate::exchange::Strange;
use crate::exchange::biff::Bytes;
use encoding_rs::Encoding;
use encoding_rs::GB18030;

/// How texts are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Excel 5.0 and 95.
    Paged,
    /// Excel 97 and later.
    Unicode,
}

impl Version {
    /// By the number at the start of a workbook.
    pub(super) fn of(number: u16) -> Result<Version, Strange> {
        match number {
            0x0600 => Ok(Version::Unicode),
            0x0500 => Ok(Version::Paged),
            _ => Err(Strange::TooOld),
        }
    }
}

/// Code pages by their numbers.
const PAGES: [(u16, &Encoding); 20] = [
    (874, encoding_rs::WINDOWS_874),
    (932, encoding_rs::SHIFT_JIS),
    (936, GB18030),
    (949, encoding_rs::EUC_KR),
    (950, encoding_rs::BIG5),
    (1200, encoding_rs::UTF_16LE),
    (1250, encoding_rs::WINDOWS_1250),
    (1251, encoding_rs::WINDOWS_1251),
    (1253, encoding_rs::WINDOWS_1253),
    (1254, encoding_rs::WINDOWS_1254),
    (1255, encoding_rs::WINDOWS_1255),
    (1256, encoding_rs::WINDOWS_1256),
    (1257, encoding_rs::WINDOWS_1257),
    (1258, encoding_rs::WINDOWS_1258),
    (10002, encoding_rs::BIG5),
    (10008, GB18030),
    (20936, GB18030),
    (52936, GB18030),
    (54936, GB18030),
    (65001, encoding_rs::UTF_8),
];

/// Reads texts that stand in the records themselves.
#[derive(Debug)]
pub(super) struct Text {
    version: Version,
    page: Option<&'static Encoding>,
}

impl Text {
    /// Texts of a version, in no code page yet.
    pub(super) fn new(version: Version) -> Text {
        Text {
            version,
            page: None,
        }
    }

    /// Sets the code page. Western ones are not believed: a Chinese system writes them too.
    pub(super) fn set_page(&mut self, number: u16) {
        let page = PAGES.iter().find(|(page, _)| *page == number);
        self.page = page.map(|(_, encoding)| *encoding);
    }

    /// A text with its length in one byte.
    pub(super) fn short(&self, bytes: Bytes<'_>) -> String {
        self.text(usize::from(bytes.u8(0)), bytes.from(1))
    }

    /// A text with its length in two bytes.
    pub(super) fn long(&self, bytes: Bytes<'_>) -> String {
        self.text(usize::from(bytes.u16(0)), bytes.from(2))
    }

    /// A number format.
    pub(super) fn format(&self, bytes: Bytes<'_>) -> String {
        match self.version {
            Version::Paged => self.short(bytes),
            Version::Unicode => self.long(bytes),
        }
    }

    fn text(&self, length: usize, bytes: Bytes<'_>) -> String {
        match self.version {
            Version::Paged => {
                let bytes = bytes.0.get(..length).unwrap_or(bytes.0);
                self.paged(bytes)
            }
            Version::Unicode => {
                let mut units = Vec::new();
                Width::of(bytes.u8(0)).take(length, bytes.from(1).0, &mut units);
                String::from_utf16_lossy(&units)
            }
        }
    }

    fn paged(&self, bytes: &[u8]) -> String {
        let page = self.page.unwrap_or(GB18030);
        let (text, is_damaged) = page.decode_without_bom_handling(bytes);
        if is_damaged && self.page.is_none() {
            let western = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            return western.0.into_owned();
        }
        text.into_owned()
    }
}

/// How many bytes a character takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    One,
    Two,
}

impl Width {
    fn of(flags: u8) -> Width {
        if flags & 1 == 0 {
            Width::One
        } else {
            Width::Two
        }
    }

    /// Takes at most so many characters. Returns how many bytes they took.
    fn take(self, most: usize, bytes: &[u8], units: &mut Vec<u16>) -> usize {
        match self {
            Width::One => {
                let count = most.min(bytes.len());
                units.extend(bytes.iter().take(count).map(|byte| u16::from(*byte)));
                count
            }
            Width::Two => {
                let pairs = bytes.as_chunks::<2>().0.iter().take(most);
                units.extend(pairs.map(|pair| u16::from_le_bytes(*pair)));
                most.min(bytes.len() / 2) * 2
            }
        }
    }
}

/// The texts that all sheets share.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// The text with a number.
    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let end = self.ends.get(number).copied().unwrap_or_default();
        let before = number.checked_sub(1).and_then(|at| self.ends.get(at));
        let start = before.copied().unwrap_or_default();
        self.text
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// Reads the texts of a record and of those that it goes on in.
    pub(super) fn read(parts: &[&[u8]]) -> Strings {
        let mut strings = Strings::default();
        let mut run = Run { parts, at: 0 };
        let mut units = Vec::new();
        while run.has_more() {
            units.clear();
            run.text(&mut units);
            let chars = char::decode_utf16(units.iter().copied());
            let chars = chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
            strings.text.extend(chars);
            strings.ends.push(strings.text.len() as u32);
        }
        strings
    }
}

/// A place in a record that goes on in others.
struct Run<'a> {
    parts: &'a [&'a [u8]],
    at: usize,
}

impl<'a> Run<'a> {
    fn rest(&self) -> &'a [u8] {
        let part = self.parts.first().copied().unwrap_or_default();
        part.get(self.at..).unwrap_or_default()
    }

    fn next_part(&mut self) {
        self.parts = self.parts.get(1..).unwrap_or_default();
        self.at = 0;
    }

    /// Whether anything is left, here or in the next record.
    fn has_more(&mut self) -> bool {
        while self.rest().is_empty() && !self.parts.is_empty() {
            self.next_part();
        }
        !self.parts.is_empty()
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.has_more() {
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
        }
    }

    /// Reads one text: its length and flags, its characters, and past what follows them.
    fn text(&mut self, units: &mut Vec<u16>) {
        let head = Bytes(self.rest());
        let (length, flags) = (usize::from(head.u16(0)), head.u8(2));
        let (has_runs, has_more) = (flags & 8 != 0, flags & 4 != 0);
        let runs = if has_runs {
            usize::from(head.u16(3))
        } else {
            0
        };
        let after = 3 + if has_runs { 2 } else { 0 };
        let extra = if has_more {
            head.u32(after) as usize
        } else {
            0
        };
        self.at += after + if has_more { 4 } else { 0 };
        let mut width = Width::of(flags);
        loop {
            self.at += width.take(length - units.len(), self.rest(), units);
            if units.len() == length || self.parts.len() < 2 {
                break;
            }
            // Each record that a text goes on in says anew how wide its characters are.
            self.next_part();
            width = Width::of(Bytes(self.rest()).u8(0));
            self.at = 1;
        }
        self.skip(runs * 4 + extra);
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;
    use super::Text;
    use super::Version;
    use crate::exchange::biff::Bytes;

    #[test]
    fn texts_go_on_in_the_next_record_in_another_width() {
        let parts: [&[u8]; 3] = [
            &[5, 0, 0, b'a', b'b'],
            &[1, 0x20, 0x5f, 0x09, 0x4e],
            &[
                0, b'!', 1, 0, 9, 1, 0, 0x38, 0x4e, 1, 2, 3, 4, 2, 0, 0, b'o', b'k',
            ],
        ];
        let strings = Strings::read(&parts);
        assert_eq!(
            [0, 1, 2, 3].map(|at| strings.get(at)),
            ["ab张三!", "丸", "ok", ""]
        );
    }

    #[test]
    fn texts_before_unicode_are_read_by_their_page() {
        let mut text = Text::new(Version::Paged);
        let hanzi = Bytes(&[4, 0, 0xd5, 0xc5, 0xc8, 0xfd]);
        assert_eq!(text.long(hanzi), "张三");
        text.set_page(1252);
        assert_eq!(text.long(hanzi), "张三");
        assert_eq!(text.long(Bytes(&[4, 0, b'J', b'o', b's', 0xe9])), "José");
        text.set_page(950);
        assert_eq!(text.long(Bytes(&[2, 0, 0xb1, 0x69])), "張");
    }
}
