//! What filling one sheet means for the other parts of its workbook.
//!
//! Invariant: a part is touched only where it speaks of rows that moved, or keeps a result that may
//! no longer be true.

use crate::exchange::Refusal;
use crate::exchange::form::fill::FORMULAS;
use crate::exchange::form::fill::move_ranges;
use crate::exchange::form::fill::replace;
use crate::exchange::form::formula::moved;
use crate::exchange::form::formula::names;
use crate::exchange::form::package::Package;
use crate::exchange::form::package::Relation;
use crate::exchange::form::package::relations_of;
use crate::exchange::form::refs::Shift;
use crate::exchange::form::tags::Edits;
use crate::exchange::form::tags::Tag;
use crate::exchange::form::tags::content;
use crate::exchange::form::tags::tags;
use crate::exchange::form::tags::unescaped;
use std::collections::BTreeSet;

/// The parts of a workbook that are found by their names.
pub(crate) struct Book {
    /// The workbook's own part.
    pub(crate) member: String,
    /// Its sheets: name and member.
    pub(crate) sheets: Vec<(String, String)>,
    /// Its styles.
    pub(crate) styles: Option<String>,
    /// The order in which formulas were computed.
    chain: Option<String>,
}

impl Book {
    /// Finds the parts.
    pub(crate) fn find(package: &mut Package<'_>) -> Result<Book, Refusal> {
        let root = package.relations("")?;
        let member =
            of_kind(&root, "officeDocument").unwrap_or_else(|| "xl/workbook.xml".to_owned());
        let relations = package.relations(&member)?;
        let xml = package.needed(&member)?;
        let sheets = tags(&xml)?.into_iter().filter_map(|tag| {
            let name = tag.get("name").filter(|_| tag.begins("sheet"))?;
            let id = tag.ending("id")?;
            let relation = relations.iter().find(|one| one.id == id)?;
            Some((name, relation.target.clone()))
        });
        Ok(Book {
            sheets: sheets.collect(),
            styles: of_kind(&relations, "styles"),
            chain: of_kind(&relations, "calcChain"),
            member,
        })
    }

    /// The member of a sheet.
    pub(crate) fn sheet(&self, name: &str) -> Option<&str> {
        let found = self.sheets.iter().find(|(one, _)| one == name);
        found.map(|(_, member)| member.as_str())
    }

    /// Brings the other parts in line with a sheet whose rows were filled.
    pub(crate) fn follow(
        &self,
        package: &mut Package<'_>,
        sheet: &str,
        shift: Shift,
    ) -> Result<(), Refusal> {
        self.recompute(package, sheet)?;
        if shift.count == 0 {
            return Ok(());
        }
        let named = |text: &str| moved(text, shift, false, sheet);
        for (_, member) in self.sheets.iter().filter(|(name, _)| name != sheet) {
            edit(package, member, &mut |edits, xml, tags| {
                texts(edits, xml, tags, &FORMULAS, &named);
            })?;
        }
        edit(package, &self.member, &mut |edits, xml, tags| {
            texts(edits, xml, tags, &["definedName"], &named);
        })?;
        for member in package.names() {
            if member.starts_with("xl/charts/chart") {
                edit(package, &member, &mut |edits, xml, tags| {
                    texts(edits, xml, tags, &["f"], &named);
                })?;
            }
        }
        let own = self.sheet(sheet).unwrap_or_default().to_owned();
        for relation in package.relations(&own)? {
            attached(package, &relation, shift, sheet)?;
        }
        self.unchain(package)
    }

    /// Has the program that opens the workbook compute everything anew, and takes away the results
    /// of formulas that the filled rows may alter, for those who only look.
    fn recompute(&self, package: &mut Package<'_>, sheet: &str) -> Result<(), Refusal> {
        let mut stale: BTreeSet<&str> = BTreeSet::from([sheet]);
        let mut has_formulas = false;
        loop {
            let known = stale.len();
            for (name, member) in &self.sheets {
                let xml = package.needed(member)?;
                let all = tags(&xml)?;
                let formulas = formulas(&xml, &all);
                has_formulas |= !formulas.is_empty();
                let speaks = |one: &&str| formulas.iter().any(|text| names(text, one));
                if !stale.contains(name.as_str()) && stale.iter().any(speaks) {
                    stale.insert(name);
                    package.put(member, without_results(&xml, &all));
                }
            }
            if stale.len() == known {
                break;
            }
        }
        if !has_formulas {
            return Ok(());
        }
        edit(package, &self.member, &mut |edits, _, tags| {
            if let Some(tag) = tags.iter().find(|tag| tag.begins("calcPr")) {
                edits.put(
                    tag.place.clone(),
                    tag.with(&[("fullCalcOnLoad", Some("1"))]),
                );
                return;
            }
            // The schema wants this element after the names, or where there are none, the sheets.
            let before = [
                "definedNames",
                "externalReferences",
                "functionGroups",
                "sheets",
            ];
            let end = before
                .iter()
                .find_map(|name| tags.iter().find(|tag| tag.ends(name)));
            if let Some(tag) = end {
                let prefix = tag.prefix();
                let text = format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>");
                edits.put(tag.place.end..tag.place.end, text);
            }
        })
    }

    /// Leaves out the order in which formulas were computed: it names cells that have moved.
    fn unchain(&self, package: &mut Package<'_>) -> Result<(), Refusal> {
        let Some(chain) = &self.chain else {
            return Ok(());
        };
        package.drop(chain);
        let lists = ["[Content_Types].xml".to_owned(), relations_of(&self.member)];
        for member in lists {
            edit(package, &member, &mut |edits, _, tags| {
                for tag in tags.iter().filter(|tag| names_the_chain(tag)) {
                    edits.put(tag.place.clone(), String::new());
                }
            })?;
        }
        Ok(())
    }
}

fn names_the_chain(tag: &Tag<'_>) -> bool {
    let parts = ["PartName", "Target"].map(|key| tag.get(key));
    let mut names = parts.into_iter().flatten();
    names.any(|name| name.ends_with("calcChain.xml"))
}

fn of_kind(relations: &[Relation], kind: &str) -> Option<String> {
    let found = relations.iter().find(|one| one.kind == kind);
    found.map(|one| one.target.clone())
}

/// Moves what is attached to the sheet: tables, pictures, comments.
fn attached(
    package: &mut Package<'_>,
    relation: &Relation,
    shift: Shift,
    sheet: &str,
) -> Result<(), Refusal> {
    match relation.kind.as_str() {
        "table" | "comments" | "threadedComment" => {
            let formula = |text: &str| moved(text, shift, true, sheet);
            edit(package, &relation.target, &mut |edits, xml, tags| {
                for tag in tags {
                    move_ranges(edits, tag, shift);
                }
                texts(
                    edits,
                    xml,
                    tags,
                    &["calculatedColumnFormula", "totalsRowFormula"],
                    &formula,
                );
            })
        }
        // Both count rows from 0.
        "drawing" => edit(package, &relation.target, &mut |edits, xml, tags| {
            texts(edits, xml, tags, &["row"], &|text| moved_row(text, shift));
        }),
        // Excel writes this kind with tags that need not match: such a one stays as it is.
        "vmlDrawing" => edit(package, &relation.target, &mut |edits, xml, tags| {
            texts(edits, xml, tags, &["Row"], &|text| moved_row(text, shift));
            texts(edits, xml, tags, &["Anchor"], &|text| {
                moved_anchor(text, shift)
            });
        })
        .or(Ok(())),
        _ => Ok(()),
    }
}

fn moved_row(text: &str, shift: Shift) -> String {
    let row = text.trim().parse::<u32>().ok();
    row.map_or(text.to_owned(), |row| (shift.row(row + 1) - 1).to_string())
}

/// The place of a comment's box: the third and the seventh of its numbers are rows.
fn moved_anchor(text: &str, shift: Shift) -> String {
    let parts = text.split(',').enumerate().map(|(at, part)| match at {
        2 | 6 => moved_row(part, shift),
        _ => part.trim().to_owned(),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Edits a member, if it is there.
fn edit(
    package: &mut Package<'_>,
    member: &str,
    each: &mut dyn FnMut(&mut Edits, &str, &[Tag<'_>]),
) -> Result<(), Refusal> {
    if let Some(xml) = package.text(member)? {
        let mut edits = Edits::default();
        each(&mut edits, &xml, &tags(&xml)?);
        package.put(member, edits.made(&xml));
    }
    Ok(())
}

/// Puts the texts of elements through a function.
fn texts(
    edits: &mut Edits,
    xml: &str,
    tags: &[Tag<'_>],
    names: &[&str],
    each: &dyn Fn(&str) -> String,
) {
    for (at, tag) in tags.iter().enumerate() {
        if names.contains(&tag.local()) {
            replace(edits, xml, tags, at, each);
        }
    }
}

fn formulas(xml: &str, all: &[Tag<'_>]) -> Vec<String> {
    let found = all.iter().enumerate().filter(|(_, tag)| tag.begins("f"));
    found
        .filter_map(|(at, _)| content(xml, all, at))
        .map(|(_, text)| unescaped(text).into_owned())
        .collect()
}

/// A sheet without the results of its formulas.
fn without_results(xml: &str, all: &[Tag<'_>]) -> Option<String> {
    let mut edits = Edits::default();
    let mut computed = false;
    for (at, tag) in all.iter().enumerate() {
        match tag.local() {
            "c" => computed = false,
            "f" => computed = true,
            "v" if computed && tag.begins("v") => {
                let end = all.iter().skip(at).find(|one| one.ends("v"));
                let end = end.map_or(tag.place.end, |one| one.place.end);
                edits.put(tag.place.start..end, String::new());
            }
            _ => {}
        }
    }
    edits.made(xml)
}
