//! Texts by cells: hanzi are two wide. Only this file measures.
//!
//! Invariant: a clipped text is never wider than asked, and no glyph is halved.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many cells a text takes.
pub fn cells(text: &str) -> usize {
    text.width()
}

/// The head of a text that fits; `..` stands for what was cut.
pub fn clip(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let mark = if width > 4 { ".." } else { "" };
    head(text, width - mark.len()) + mark
}

/// The head of a text that fits, without a mark.
pub fn head(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += cells(grapheme);
        if used > width {
            break;
        }
        out.push_str(grapheme);
    }
    out
}

/// The text clipped or filled with blanks to exactly this width.
pub fn pad(text: &str, width: usize) -> String {
    let mut out = clip(text, width);
    let missing = width.saturating_sub(cells(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// The text in lines that fit, broken where a word ends, or between two hanzi.
pub fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_word_bounds() {
        let line = lines.last_mut().map_or(0, |line| cells(line));
        if line > 0 && line + cells(word) > width {
            lines.push(String::new());
        }
        if let Some(line) = lines
            .last_mut()
            .filter(|line| !line.is_empty() || word != " ")
        {
            line.push_str(word);
        }
    }
    lines
}

/// The text without its first cells, for a field that is scrolled.
pub fn skip(text: &str, width: usize) -> String {
    let mut skipped = 0;
    let mut rest = text.graphemes(true);
    while skipped < width {
        let Some(grapheme) = rest.next() else { break };
        skipped += cells(grapheme);
    }
    rest.as_str().to_owned()
}

/// Clears the place of a box. A wide glyph that would reach into its left border is blanked too:
/// otherwise the terminal drops the border.
pub fn veil(frame: &mut Frame<'_>, area: Rect) {
    if let Some(x) = area.x.checked_sub(1) {
        for y in area.top()..area.bottom() {
            if let Some(cell) = frame.buffer_mut().cell_mut((x, y))
                && cells(cell.symbol()) > 1
            {
                cell.reset();
            }
        }
    }
    frame.render_widget(Clear, area);
}

#[cfg(test)]
mod tests {
    use super::cells;
    use super::clip;
    use super::fold;
    use super::pad;
    use super::skip;

    #[test]
    fn no_hanzi_is_halved() {
        assert_eq!(clip("张三李四", 7), "张三..");
        assert_eq!(clip("张三李四", 3), "张");
        assert_eq!(clip("张三", 4), "张三");
        assert_eq!(pad("张三", 5), "张三 ");
        assert_eq!(skip("张三a", 3), "a");
        assert_eq!(
            fold("张三 到此 of here", 6),
            ["张三 ", "到此 ", "of ", "here"]
        );
        for width in 0..12 {
            assert_eq!(cells(&pad("欧阳a娜·b", width)), width);
        }
    }
}
