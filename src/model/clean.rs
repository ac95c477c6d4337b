//! What comes in, cleaned: cells of ledgers, typed text, arguments of commands, settings.
//!
//! Invariant: nothing that a terminal obeys and nothing that nobody sees gets past; cleaning twice is
//! cleaning once.

use std::borrow::Cow;

/// Whether a character is obeyed by terminals or seen by nobody: controls but line ends and tabs,
/// marks of writing direction, joiners and spaces without width.
pub fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => true,
        _ => c.is_control(),
    }
}

/// A text as one clean line: line ends and tabs become spaces, blanks at its ends go. Nearly all texts
/// are clean already, and are not copied.
pub fn line(text: &str) -> Cow<'_, str> {
    let breaks = |c: char| matches!(c, '\n' | '\r' | '\t');
    if !text.chars().any(|c| breaks(c) || is_unseen(c)) {
        return Cow::Borrowed(text.trim());
    }
    let spaced = text.chars().map(|c| if breaks(c) { ' ' } else { c });
    let text: String = spaced.filter(|c| !is_unseen(*c)).collect();
    Cow::Owned(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_unseen;
    use super::line;

    #[test]
    fn a_line_holds_nothing_unseen() {
        assert_eq!(
            line(" 张\u{1b}[31m三\u{9b}2J\u{202e}\u{200b}\u{feff}\0\r\n李\u{7f}四\t"),
            "张[31m三2J  李四"
        );
        let all: String = (0..0x3000).filter_map(char::from_u32).collect();
        let once = line(&all).into_owned();
        assert!(!once.chars().any(is_unseen) && !once.contains(['\n', '\t']));
        assert_eq!(line(&once), once);
    }
}
