//! The tags of an XML text with their places, and edits that leave everything else byte for byte.
//!
//! Invariant: what no edit covers comes out as it went in.

use crate::exchange::Refusal;
use crate::exchange::Strange;
use quick_xml::Reader;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::ops::Range;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Begins an element.
    Open,
    /// Ends an element.
    Close,
    /// Is an element of its own.
    Empty,
}

/// A tag and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'a> {
    /// What it does.
    pub(crate) kind: Kind,
    /// Its name with the prefix, if any.
    pub(crate) name: &'a str,
    /// Its place, brackets included.
    pub(crate) place: Range<usize>,
    /// What stands after the name.
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub(crate) fn local(&self) -> &'a str {
        self.name.rsplit(':').next().unwrap_or(self.name)
    }

    /// The prefix with its colon, or nothing.
    pub(crate) fn prefix(&self) -> &'a str {
        self.name.strip_suffix(self.local()).unwrap_or_default()
    }

    /// Whether an element of this name begins here.
    pub(crate) fn begins(&self, local: &str) -> bool {
        self.kind != Kind::Close && self.local() == local
    }

    /// Whether an element of this name ends here.
    pub(crate) fn ends(&self, local: &str) -> bool {
        self.kind != Kind::Open && self.local() == local
    }

    /// An attribute's value, unescaped.
    pub(crate) fn get(&self, key: &str) -> Option<String> {
        let (_, raw) = self.all().into_iter().find(|(name, _)| name == key)?;
        Some(unescaped(&raw).into_owned())
    }

    /// The value of the attribute that has this name behind a prefix, such as `r:id`.
    pub(crate) fn ending(&self, local: &str) -> Option<String> {
        let is_it = |name: &str| name.rsplit_once(':').is_some_and(|(_, last)| last == local);
        let (_, raw) = self.all().into_iter().find(|(name, _)| is_it(name))?;
        Some(unescaped(&raw).into_owned())
    }

    /// An attribute's whole number.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        self.get(key)?.parse().ok()
    }

    /// The tag with attributes set, or taken away where there is no value.
    pub(crate) fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let is_set = |key: &str| changes.iter().any(|(name, _)| *name == key);
        let kept = self.all().into_iter().filter(|(key, _)| !is_set(key));
        let set = changes.iter().filter_map(|(key, value)| {
            let value = quick_xml::escape::escape((*value)?).into_owned();
            Some(((*key).to_owned(), value))
        });
        let mut text = format!("<{}", self.name);
        for (key, raw) in kept.chain(set) {
            text.extend([" ", &key, "=\"", &raw, "\""]);
        }
        text += if self.kind == Kind::Empty { "/>" } else { ">" };
        text
    }

    /// The tag as one that begins an element with something in it.
    pub(crate) fn opened(&self) -> Tag<'a> {
        Tag {
            kind: Kind::Open,
            ..self.clone()
        }
    }

    /// The attributes as they are spelled.
    fn all(&self) -> Vec<(String, String)> {
        let start = BytesStart::from_content(self.attributes, 0);
        let mut attributes = start.attributes();
        attributes
            .with_checks(false)
            .filter_map(Result::ok)
            .map(|one| {
                let raw = one.value.replace('"', "&quot;");
                (one.key.into_inner().to_owned(), raw)
            })
            .collect()
    }
}

/// All tags of a text, in order.
pub(crate) fn tags(xml: &str) -> Result<Vec<Tag<'_>>, Refusal> {
    let broken = |fault: quick_xml::Error| Refusal::from(Strange::Broken(fault.to_string()));
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        let from = reader.buffer_position() as usize;
        let kind = match reader.read_event().map_err(broken)? {
            Event::Start(_) => Kind::Open,
            Event::End(_) => Kind::Close,
            Event::Empty(_) => Kind::Empty,
            Event::Eof => return Ok(found),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => continue,
        };
        let place = from..reader.buffer_position() as usize;
        let inside = xml.get(place.clone()).unwrap_or_default();
        let inside = inside
            .trim_start_matches(['<', '/'])
            .trim_end_matches(['>', '/']);
        let end = inside
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        found.push(Tag {
            kind,
            name,
            place,
            attributes,
        });
    }
}

/// The text of the element that begins at a tag, and its place; none for an empty element.
pub(crate) fn content<'a>(
    xml: &'a str,
    tags: &[Tag<'_>],
    at: usize,
) -> Option<(Range<usize>, &'a str)> {
    let open = tags.get(at).filter(|tag| tag.kind == Kind::Open)?;
    let close = tags.get(at + 1)?;
    let place = open.place.end..close.place.start;
    Some((place.clone(), xml.get(place)?))
}

/// A text without escapes.
pub(crate) fn unescaped(raw: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(raw).unwrap_or(Cow::Borrowed(raw))
}

/// A text as it can stand between tags; what XML cannot hold is left out.
pub(crate) fn escaped(text: &str) -> String {
    let held = |c: &char| {
        matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(*c, '\u{fffe}' | '\u{ffff}'))
    };
    let clean: String = text.chars().filter(held).collect();
    quick_xml::escape::partial_escape(&clean).into_owned()
}

/// Pieces of a text to be replaced.
#[derive(Debug, Default)]
pub(crate) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Replaces a piece; an empty piece is a place to insert at.
    pub(crate) fn put(&mut self, place: Range<usize>, text: String) {
        self.0.push((place, text));
    }

    /// The text with all pieces replaced; none when there was nothing to replace.
    pub(crate) fn made(mut self, xml: &str) -> Option<String> {
        self.0
            .retain(|(place, text)| xml.get(place.clone()) != Some(text.as_str()));
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(place, _)| (place.start, place.end));
        let mut out = String::with_capacity(xml.len());
        let mut at = 0;
        for (place, text) in self.0 {
            out += xml.get(at..place.start).unwrap_or_default();
            out += &text;
            at = place.end;
        }
        out += xml.get(at..).unwrap_or_default();
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::Edits;
    use super::tags;

    #[test]
    fn a_tag_is_changed_and_nothing_else() {
        let xml = "<?xml version=\"1.0\"?>\r\n<x:a  k='1' b=\"&lt;\"/><c><!-- <d/> --></c>";
        let all = tags(xml).unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].local(), all[0].prefix()), ("a", "x:"));
        assert_eq!(all[0].get("b").as_deref(), Some("<"));
        let mut edits = Edits::default();
        edits.put(
            all[0].place.clone(),
            all[0].with(&[("k", Some("2")), ("z", None)]),
        );
        let made = edits.made(xml).unwrap();
        assert_eq!(
            made,
            "<?xml version=\"1.0\"?>\r\n<x:a b=\"&lt;\" k=\"2\"/><c><!-- <d/> --></c>"
        );
        assert_eq!(Edits::default().made(xml), None);
    }
}
