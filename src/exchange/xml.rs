//! XML as a run of tags and texts, names without their prefixes.
//!
//! Invariant: what is broken ends the reading with a reason; entities stand for one character each
//! and nothing else, so no text grows by being read.

use crate::exchange::Refusal;
use crate::exchange::Strange;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use std::io::BufRead;

/// What comes next.
#[derive(Debug)]
pub enum Node {
    /// A tag opens; one that is empty closes at once.
    Open(Tag),
    /// A tag closes; its name.
    Close(String),
    /// Text.
    Text(String),
    /// Nothing more.
    End,
}

/// An opening tag.
#[derive(Debug)]
pub struct Tag {
    start: BytesStart<'static>,
}

impl Tag {
    /// Its name.
    pub fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<String> {
        self.find(|key| key.rsplit(':').next() == Some(name))
    }

    fn find(&self, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let mut all = self.start.attributes();
        let mut known = all.with_checks(false).flatten();
        let one = known.find(|one| is_meant(one.key.into_inner()))?;
        let value = one.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.into_owned())
    }

    /// The value of an attribute whose name has a prefix.
    pub fn get_prefixed(&self, name: &str) -> Option<String> {
        self.find(|key| key.split_once(':').is_some_and(|(_, own)| own == name))
    }

    /// The value of an attribute that is a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    /// Whether an attribute says yes.
    pub fn is(&self, name: &str) -> bool {
        matches!(self.get(name).as_deref(), Some("1" | "true" | "on"))
    }
}

/// Reads XML.
pub struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Xml<R> {
    /// Nothing read yet.
    pub fn new(input: R) -> Xml<R> {
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Xml {
            reader,
            buffer: Vec::new(),
        }
    }

    /// What comes next.
    pub fn step(&mut self) -> Result<Node, Refusal> {
        loop {
            self.buffer.clear();
            let event = self.reader.read_event_into(&mut self.buffer);
            return Ok(match event.map_err(Strange::broken)? {
                Event::Start(start) => Node::Open(Tag {
                    start: start.into_owned(),
                }),
                Event::End(end) => Node::Close(end.local_name().into_inner().to_owned()),
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => {
                    let one = entity.resolve_char_ref().ok().flatten();
                    let named = resolve_xml_entity(&entity).unwrap_or_default();
                    Node::Text(one.map_or_else(|| named.to_owned(), String::from))
                }
                Event::Eof => Node::End,
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => continue,
            });
        }
    }

    /// Passes over what stands inside the tag that has just opened.
    pub fn skip(&mut self, name: &str) -> Result<(), Refusal> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.step()? {
                Node::Open(tag) if tag.name() == name => depth += 1,
                Node::Close(closed) if closed == name => depth -= 1,
                Node::End => depth = 0,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }
}
