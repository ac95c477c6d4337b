//! What a cell's style says, and the same style marked as changed.
//!
//! Invariant: styles are only added, never altered: what is not marked looks as before.

use crate::exchange::Refusal;
use crate::exchange::form::tags::Edits;
use crate::exchange::form::tags::Tag;
use crate::exchange::form::tags::tags;
use std::collections::BTreeMap;

/// The numbers of built-in formats that show days.
const DAYS: [std::ops::RangeInclusive<u32>; 3] = [14..=22, 27..=36, 50..=58];
/// The number of the built-in format for text.
const TEXT: u32 = 49;
/// The fill of what has changed: light yellow, which prints as next to nothing.
const CHANGED: &str = "FFFFF2AB";

/// The styles of a workbook.
#[derive(Default)]
pub(crate) struct Styles {
    xml: String,
    formats: BTreeMap<u32, String>,
    bordered: Vec<bool>,
    cells: Vec<Style>,
    fills: u32,
    /// The marked style of each style that was asked for.
    marked: BTreeMap<u32, u32>,
}

/// One style of cells.
struct Style {
    format: u32,
    border: u32,
    /// Its element.
    place: std::ops::Range<usize>,
    /// Where its first tag ends.
    head: String,
}

impl Styles {
    /// Reads `xl/styles.xml`.
    pub(crate) fn read(xml: String) -> Result<Styles, Refusal> {
        let all = tags(&xml)?;
        let mut styles = Styles {
            fills: fills_of(&all),
            ..Styles::default()
        };
        let mut inside: Vec<&str> = Vec::new();
        let mut is_bordered = false;
        for (at, tag) in all.iter().enumerate() {
            let parent = inside.last().copied().unwrap_or_default();
            match (parent, tag.local()) {
                ("numFmts", "numFmt") => {
                    let code = tag.get("formatCode").unwrap_or_default();
                    styles
                        .formats
                        .extend(tag.number("numFmtId").map(|id| (id, code)));
                }
                ("border", "left" | "right" | "top" | "bottom") => {
                    is_bordered |= tag.get("style").is_some_and(|style| style != "none");
                }
                ("borders", "border") if tag.begins("border") && tag.ends("border") => {
                    styles.bordered.push(false);
                }
                ("border", "border") => {
                    styles.bordered.push(is_bordered);
                    is_bordered = false;
                }
                ("cellXfs", "xf") if tag.begins("xf") => {
                    styles
                        .cells
                        .extend(Style::read(&xml, &all, at, styles.fills));
                }
                _ => {}
            }
            step(&mut inside, tag);
        }
        styles.xml = xml;
        Ok(styles)
    }

    /// Whether the style shows a number as a day.
    pub(crate) fn is_day(&self, style: u32) -> bool {
        let Some(format) = self.cells.get(style as usize).map(|one| one.format) else {
            return false;
        };
        match self.formats.get(&format) {
            Some(code) => shows_days(code),
            None => DAYS.iter().any(|days| days.contains(&format)),
        }
    }

    /// Whether the style shows everything as text.
    pub(crate) fn is_text(&self, style: u32) -> bool {
        let format = self.cells.get(style as usize).map(|one| one.format);
        format.is_some_and(|id| id == TEXT || self.formats.get(&id).is_some_and(|code| code == "@"))
    }

    /// Whether the style draws a border.
    pub(crate) fn is_bordered(&self, style: u32) -> bool {
        let border = self.cells.get(style as usize).map(|one| one.border);
        let drawn = border.and_then(|border| self.bordered.get(border as usize));
        drawn.copied().unwrap_or(false)
    }

    /// The same style with the fill of what has changed.
    pub(crate) fn marked(&mut self, style: u32) -> u32 {
        let next = (self.cells.len() + self.marked.len()) as u32;
        if self.cells.get(style as usize).is_none() {
            return style;
        }
        *self.marked.entry(style).or_insert(next)
    }

    /// The text with the marked styles added; none when nothing was marked.
    pub(crate) fn made(&self) -> Result<Option<String>, Refusal> {
        let all = tags(&self.xml)?;
        let mut edits = Edits::default();
        let mut added: Vec<(u32, u32)> =
            self.marked.iter().map(|(from, to)| (*to, *from)).collect();
        added.sort_unstable();
        if added.is_empty() {
            return Ok(None);
        }
        for tag in &all {
            let (name, piece, count) = match tag.local() {
                "fills" => ("fills", fill_element(tag.prefix()), self.fills + 1),
                "cellXfs" => {
                    let styles = added.iter().filter_map(|(_, from)| self.copy(*from));
                    let count = self.cells.len() + added.len();
                    ("cellXfs", styles.collect(), count as u32)
                }
                _ => continue,
            };
            if tag.begins(name) {
                let head = tag.with(&[("count", Some(&count.to_string()))]);
                edits.put(tag.place.clone(), head);
            } else {
                edits.put(tag.place.start..tag.place.start, piece);
            }
        }
        Ok(edits.made(&self.xml))
    }

    /// A style's element with the other fill.
    fn copy(&self, style: u32) -> Option<String> {
        let style = self.cells.get(style as usize)?;
        let rest = self.xml.get(style.place.clone())?;
        Some(format!("{}{rest}", style.head))
    }
}

impl Style {
    fn read(xml: &str, all: &[Tag<'_>], at: usize, fills: u32) -> Option<Style> {
        let open = all.get(at)?;
        let close = all.iter().skip(at).find(|tag| tag.ends("xf"))?;
        let head = open.with(&[
            ("fillId", Some(&fills.to_string())),
            ("applyFill", Some("1")),
        ]);
        xml.get(open.place.end..close.place.end)?;
        Some(Style {
            format: open.number("numFmtId").unwrap_or(0),
            border: open.number("borderId").unwrap_or(0),
            place: open.place.end..close.place.end,
            head,
        })
    }
}

/// The fill of what has changed.
fn fill_element(prefix: &str) -> String {
    format!(
        "<{prefix}fill><{prefix}patternFill patternType=\"solid\"><{prefix}fgColor \
         rgb=\"{CHANGED}\"/><{prefix}bgColor indexed=\"64\"/></{prefix}patternFill></{prefix}fill>"
    )
}

/// How many fills there are: the number of the one that is added.
fn fills_of(all: &[Tag<'_>]) -> u32 {
    let within = all
        .iter()
        .skip_while(|tag| !tag.begins("fills"))
        .take_while(|tag| !tag.ends("fills"));
    within.filter(|tag| tag.begins("fill")).count() as u32
}

/// Enters and leaves elements.
fn step<'a>(inside: &mut Vec<&'a str>, tag: &Tag<'a>) {
    if tag.begins(tag.local()) && !tag.ends(tag.local()) {
        inside.push(tag.local());
    } else if !tag.begins(tag.local()) {
        inside.pop();
    }
}

/// Whether a format's code has a place for the year, the month or the day, outside of quotes and
/// brackets.
fn shows_days(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    code.chars().any(|c| {
        let plain = !quoted && !bracketed && !escaped;
        escaped = !escaped && c == '\\';
        quoted ^= c == '"';
        bracketed = (bracketed || c == '[') && c != ']';
        plain && matches!(c.to_ascii_lowercase(), 'y' | 'm' | 'd')
    })
}

#[cfg(test)]
mod tests {
    use super::Styles;
    use super::shows_days;

    const XML: &str = "<styleSheet><numFmts count=\"1\"><numFmt numFmtId=\"176\" \
        formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts><fills count=\"2\"><fill>\
        <patternFill patternType=\"none\"/></fill><fill><patternFill/></fill></fills><borders>\
        <border><left/></border><border><left style=\"thin\"><color/></left></border></borders>\
        <cellXfs count=\"2\"><xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>\
        <xf numFmtId=\"176\" fillId=\"0\" borderId=\"1\"><alignment/></xf></cellXfs></styleSheet>";

    #[test]
    fn styles_tell_days_texts_and_borders() {
        let styles = Styles::read(XML.to_owned()).unwrap();
        assert!(styles.is_text(0) && !styles.is_text(1));
        assert!(styles.is_day(1) && !styles.is_day(0));
        assert!(styles.is_bordered(1) && !styles.is_bordered(0) && !styles.is_bordered(9));
    }

    #[test]
    fn a_marked_style_is_the_same_with_another_fill() {
        let mut styles = Styles::read(XML.to_owned()).unwrap();
        assert_eq!(styles.made().unwrap(), None);
        assert_eq!(
            (styles.marked(1), styles.marked(1), styles.marked(0)),
            (2, 2, 3)
        );
        let made = styles.made().unwrap().unwrap();
        assert!(made.contains("<fills count=\"3\">") && made.contains("<cellXfs count=\"4\">"));
        let added = "<xf numFmtId=\"176\" borderId=\"1\" fillId=\"2\" applyFill=\"1\"><alignment/></xf>\
            <xf numFmtId=\"49\" fontId=\"0\" borderId=\"0\" fillId=\"2\" applyFill=\"1\"/></cellXfs>";
        assert!(made.contains(added), "{made}");
        assert!(Styles::read(made).unwrap().is_bordered(2));
    }

    #[test]
    fn formats_of_days_are_known() {
        for (code, shows) in [
            ("yyyy-mm-dd", true),
            ("[$-804]yyyy\"年\"", true),
            ("0.00", false),
            ("[Red]0", false),
            ("\"day\"0", false),
            ("General", false),
        ] {
            assert_eq!(shows_days(code), shows, "{code}");
        }
    }
}
