//! ODS: the open document format, in its archive or as one flat file of XML.
//!
//! Invariant: what a file says is repeated a million times costs memory only where something
//! stands in it, and then under the limits.

use crate::exchange::Limit;
use crate::exchange::MOST_COLUMNS;
use crate::exchange::MOST_SHEETS;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::archive::Archive;
use crate::exchange::grid::Grid;
use crate::exchange::number;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::MOST_ROWS;
use crate::exchange::sheet::Sheet;
use crate::exchange::xml::Node;
use crate::exchange::xml::Tag;
use crate::exchange::xml::Xml;
use std::collections::HashSet;
use std::io::BufRead;
use std::ops::Range;

/// Reads the sheets of an archive.
pub fn read(archive: &mut Archive<'_>) -> Result<Vec<Sheet>, Refusal> {
    if let Some(manifest) = archive.part("META-INF/manifest.xml")? {
        let mut xml = Xml::new(manifest);
        loop {
            match xml.step()? {
                Node::Open(tag) if tag.name() == "encryption-data" => {
                    return Err(Strange::Locked.into());
                }
                Node::End => break,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
    }
    match archive.part("content.xml")? {
        Some(content) => sheets(content),
        None => Err(Strange::broken("content.xml").into()),
    }
}

/// Reads the sheets of a content.xml, or of a flat file.
pub fn sheets(content: impl BufRead) -> Result<Vec<Sheet>, Refusal> {
    let mut xml = Xml::new(content);
    let mut sheets = Vec::new();
    let mut style = None;
    let mut hidden = HashSet::new();
    loop {
        match xml.step()? {
            Node::Open(tag) => match tag.name() {
                "style" => style = tag.get("name"),
                "table-properties" if tag.get("display").as_deref() == Some("false") => {
                    hidden.extend(style.take());
                }
                "tracked-changes" | "shapes" => xml.skip(tag.name())?,
                "table" => {
                    let mut sheet = table(&mut xml, &tag)?;
                    sheet.hidden = tag
                        .get("style-name")
                        .is_some_and(|one| hidden.contains(&one));
                    sheets.push(sheet);
                    if sheets.len() > MOST_SHEETS {
                        return Err(Limit::Sheets(MOST_SHEETS).into());
                    }
                }
                _ => {}
            },
            Node::Close(_) | Node::Text(_) => {}
            Node::End => return Ok(sheets),
        }
    }
}

/// Reads up to the end of a table.
fn table<R: BufRead>(xml: &mut Xml<R>, tag: &Tag) -> Result<Sheet, Refusal> {
    let mut grid = Grid::default();
    let mut merged = Vec::new();
    let mut row = 0;
    loop {
        match xml.step()? {
            Node::Open(tag) => match tag.name() {
                "table-row" => {
                    let rest = (MOST_ROWS as u32).saturating_sub(row);
                    let times = tag.number("number-rows-repeated").unwrap_or(1).min(rest);
                    let is_hidden = tag.get("visibility").is_some_and(|one| one != "visible");
                    let cells = cells(xml, row, &mut merged)?;
                    put(&mut grid, row..row + times, is_hidden, &cells)?;
                    row += times;
                }
                "shapes" | "forms" => xml.skip(tag.name())?,
                _ => {}
            },
            Node::Close(name) if name == "table" => break,
            Node::Close(_) | Node::Text(_) => {}
            Node::End => break,
        }
    }
    let mut sheet = grid.into_sheet(&tag.get("name").unwrap_or_default())?;
    sheet.merged = merged;
    Ok(sheet)
}

/// Puts the same cells in some rows.
fn put(
    grid: &mut Grid,
    rows: Range<u32>,
    is_hidden: bool,
    cells: &[(u32, String)],
) -> Result<(), Limit> {
    if cells.is_empty() {
        return Ok(());
    }
    for row in rows {
        if is_hidden {
            grid.hidden.insert(row);
        }
        for (column, text) in cells {
            grid.put(row, *column, text)?;
        }
    }
    Ok(())
}

/// Reads up to the end of a row: its filled cells with their columns.
fn cells<R: BufRead>(
    xml: &mut Xml<R>,
    row: u32,
    merged: &mut Vec<Area>,
) -> Result<Vec<(u32, String)>, Refusal> {
    let mut cells = Vec::new();
    let mut column = 0_u32;
    loop {
        match xml.step()? {
            Node::Open(tag) if matches!(tag.name(), "table-cell" | "covered-table-cell") => {
                let times = tag.number("number-columns-repeated").unwrap_or(1);
                let text = value(&tag, words(xml, tag.name())?);
                let span = |key| tag.number(key).unwrap_or(1).saturating_sub(1) as usize;
                let (right, down) = (span("number-columns-spanned"), span("number-rows-spanned"));
                if right + down > 0 {
                    let (top, left) = (row as usize + 1, column as usize);
                    merged.push(Area {
                        top,
                        bottom: top.saturating_add(down),
                        left,
                        right: left.saturating_add(right),
                    });
                }
                if !text.is_empty() {
                    let last = column.saturating_add(times).min(MOST_COLUMNS as u32 + 1);
                    cells.extend((column..last).map(|column| (column, text.clone())));
                }
                column = column.saturating_add(times);
            }
            Node::Close(name) if name == "table-row" => return Ok(cells),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            Node::End => return Ok(cells),
        }
    }
}

/// A cell's text: by its value, where that says more than what is shown.
fn value(tag: &Tag, shown: String) -> String {
    let stored = |key| tag.get(key);
    match tag.get("value-type").as_deref() {
        Some("float" | "currency" | "percentage") => {
            let exact = stored("value").and_then(|value| value.trim().parse().ok());
            exact.map_or(shown, number::number)
        }
        Some("date") => {
            stored("date-value").map_or(shown, |moment| number::day_of_iso(&moment).to_owned())
        }
        Some("boolean") => {
            let answer = stored("boolean-value").map(|answer| answer == "true");
            answer.map_or(shown, |answer| number::answer(answer).to_owned())
        }
        Some("string") => stored("string-value").unwrap_or(shown),
        _ => shown,
    }
}

/// Reads up to the end of a cell: its paragraphs, each a line.
fn words<R: BufRead>(xml: &mut Xml<R>, cell: &str) -> Result<String, Refusal> {
    let mut text = String::new();
    let mut is_inside = false;
    loop {
        match xml.step()? {
            Node::Open(tag) => match tag.name() {
                "p" => {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    is_inside = true;
                }
                "s" => {
                    let times = tag.number("c").unwrap_or(1).min(100) as usize;
                    text.extend(std::iter::repeat_n(' ', times));
                }
                "tab" => text.push('\t'),
                "line-break" => text.push('\n'),
                "annotation" | "table" | "ruby-text" => xml.skip(tag.name())?,
                _ => {}
            },
            Node::Close(name) if name == cell => return Ok(text),
            Node::Close(name) if name == "p" => is_inside = false,
            Node::Text(part) if is_inside => text.push_str(&part),
            Node::Close(_) | Node::Text(_) => {}
            Node::End => return Ok(text),
        }
    }
}
