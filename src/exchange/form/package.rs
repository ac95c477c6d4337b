//! The members of a workbook's archive, and which of them are changed.
//!
//! Invariant: a member that nobody changed is copied with its very bytes.

use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::form::tags::escaped;
use crate::exchange::form::tags::tags;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;
use zip::CompressionMethod;
use zip::ZipArchive;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The member that holds the workbook's properties.
const PROPERTIES: &str = "docProps/core.xml";
/// How they end.
const END: &str = "</cp:coreProperties>";
/// The property that holds a remark.
const REMARK: [&str; 2] = ["<dc:description>", "</dc:description>"];

/// A workbook's archive.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The members that change; none for one that goes.
    changed: BTreeMap<String, Option<String>>,
}

/// What one part of a workbook says of another.
pub(crate) struct Relation {
    /// Its name there.
    pub(crate) id: String,
    /// The last word of its kind, such as `drawing`.
    pub(crate) kind: String,
    /// The member.
    pub(crate) target: String,
}

impl<'a> Package<'a> {
    /// Opens an archive whose sizes have been measured.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Package<'a>, Refusal> {
        Ok(Package {
            archive: ZipArchive::new(Cursor::new(bytes)).map_err(broken)?,
            changed: BTreeMap::new(),
        })
    }

    /// The names of all members.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.archive.file_names().filter_map(Result::ok);
        names.map(std::borrow::Cow::into_owned).collect()
    }

    /// A member's text as it is now; none when there is no such member.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        if let Some(changed) = self.changed.get(name) {
            return Ok(changed.clone());
        }
        let Some(at) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut member = self.archive.by_index(at).map_err(broken)?;
        member.read_to_string(&mut text).map_err(broken)?;
        Ok(Some(text))
    }

    /// A member's text that must be there.
    pub(crate) fn needed(&mut self, name: &str) -> Result<String, Refusal> {
        self.text(name)?.ok_or_else(|| broken(name))
    }

    /// Changes a member where there is a change.
    pub(crate) fn put(&mut self, name: &str, text: Option<String>) {
        if let Some(text) = text {
            self.changed.insert(name.to_owned(), Some(text));
        }
    }

    /// Puts a remark into the workbook's properties, where it has any: the sheet stays as it is.
    pub(crate) fn remark(&mut self, remark: &str) -> Result<(), Refusal> {
        let changed = self
            .text(PROPERTIES)?
            .and_then(|xml| remarked(&xml, remark));
        self.put(PROPERTIES, changed);
        Ok(())
    }

    /// Leaves a member out.
    pub(crate) fn drop(&mut self, name: &str) {
        self.changed.insert(name.to_owned(), None);
    }

    /// What a member refers to.
    pub(crate) fn relations(&mut self, name: &str) -> Result<Vec<Relation>, Refusal> {
        let Some(xml) = self.text(&relations_of(name))? else {
            return Ok(Vec::new());
        };
        let found = tags(&xml)?.into_iter().filter_map(|tag| {
            let outside = tag.get("TargetMode").as_deref() == Some("External");
            let is_one = tag.begins("Relationship") && !outside;
            let target = tag.get("Target").filter(|_| is_one)?;
            let kind = tag.get("Type")?;
            Some(Relation {
                id: tag.get("Id")?,
                kind: kind.rsplit('/').next()?.to_owned(),
                target: resolved(name, &target),
            })
        });
        Ok(found.collect())
    }

    /// The archive with its changes.
    pub(crate) fn made(mut self) -> Result<Vec<u8>, Refusal> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..self.archive.len() {
            let member = self.archive.by_index_raw(at).map_err(broken)?;
            let name = member.name().map_err(broken)?.into_owned();
            match self.changed.get(&name) {
                None => out.raw_copy_file(member).map_err(broken)?,
                Some(None) => {}
                Some(Some(text)) => {
                    let options = SimpleFileOptions::default()
                        .compression_method(CompressionMethod::Deflated)
                        .last_modified_time(member.last_modified().unwrap_or_default());
                    drop(member);
                    out.start_file(name, options).map_err(broken)?;
                    out.write_all(text.as_bytes()).map_err(broken)?;
                }
            }
        }
        Ok(out.finish().map_err(broken)?.into_inner())
    }
}

/// The properties with another remark; none when they are of an unknown shape.
fn remarked(xml: &str, remark: &str) -> Option<String> {
    let (head, tail) = xml.rsplit_once(END)?;
    let [open, close] = REMARK;
    let head = match head.split_once(open) {
        Some((before, rest)) => before.to_owned() + rest.split_once(close)?.1,
        None => head.replace("<dc:description/>", ""),
    };
    xml.contains("xmlns:dc=")
        .then(|| format!("{head}{open}{}{close}{END}{tail}", escaped(remark)))
}

pub(crate) fn broken(fault: impl std::fmt::Display) -> Refusal {
    Strange::Broken(fault.to_string()).into()
}

/// `xl/workbook.xml` has its relations in `xl/_rels/workbook.xml.rels`.
pub(crate) fn relations_of(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{name}.rels"),
    }
}

/// A target as a member's name, seen from the member that names it.
fn resolved(from: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
