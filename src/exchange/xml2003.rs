//! XML Spreadsheet 2003, as old systems export it under the name of .xls.
//!
//! Invariant: rows and cells stand where their numbers say, and none costs memory by its number.

use crate::exchange::Limit;
use crate::exchange::MOST_SHEETS;
use crate::exchange::Refusal;
use crate::exchange::grid::Grid;
use crate::exchange::number;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Sheet;
use crate::exchange::xml::Node;
use crate::exchange::xml::Tag;
use crate::exchange::xml::Xml;
use std::io::BufRead;

/// Reads the sheets of a file.
pub fn sheets(content: impl BufRead) -> Result<Vec<Sheet>, Refusal> {
    let mut xml = Xml::new(content);
    let mut sheets = Vec::new();
    loop {
        match xml.step()? {
            Node::Open(tag) if tag.name() == "Worksheet" => {
                sheets.push(worksheet(&mut xml, &tag)?);
                if sheets.len() > MOST_SHEETS {
                    return Err(Limit::Sheets(MOST_SHEETS).into());
                }
            }
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            Node::End => return Ok(sheets),
        }
    }
}

/// Reads up to the end of a sheet.
fn worksheet<R: BufRead>(xml: &mut Xml<R>, tag: &Tag) -> Result<Sheet, Refusal> {
    let mut grid = Grid::default();
    let mut merged = Vec::new();
    let mut is_hidden = false;
    let mut next = 0;
    loop {
        match xml.step()? {
            Node::Open(tag) if tag.name() == "Row" => {
                let row = index(&tag).unwrap_or(next);
                if tag.is("Hidden") {
                    grid.hidden.insert(row);
                }
                cells(xml, row, &mut grid, &mut merged)?;
                let span = tag.number("Span").unwrap_or(0);
                next = row.saturating_add(span).saturating_add(1);
            }
            Node::Open(tag) if tag.name() == "Visible" => {
                is_hidden = matches!(xml.step()?, Node::Text(text) if text.contains("Hidden"));
            }
            Node::Close(name) if name == "Worksheet" => break,
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            Node::End => break,
        }
    }
    let mut sheet = grid.into_sheet(&tag.get("Name").unwrap_or_default())?;
    sheet.hidden = is_hidden;
    sheet.merged = merged;
    Ok(sheet)
}

/// The place from 0 that a row or a cell says it has.
fn index(tag: &Tag) -> Option<u32> {
    tag.number("Index")?.checked_sub(1)
}

/// Reads up to the end of a row.
fn cells<R: BufRead>(
    xml: &mut Xml<R>,
    row: u32,
    grid: &mut Grid,
    merged: &mut Vec<Area>,
) -> Result<(), Refusal> {
    let mut next = 0_u32;
    loop {
        match xml.step()? {
            Node::Open(tag) if tag.name() == "Cell" => {
                let column = index(&tag).unwrap_or(next);
                let across = tag.number("MergeAcross").unwrap_or(0);
                let down = tag.number("MergeDown").unwrap_or(0);
                if across > 0 || down > 0 {
                    let (top, left) = (row as usize + 1, column as usize);
                    merged.push(Area {
                        top,
                        bottom: top.saturating_add(down as usize),
                        left,
                        right: left.saturating_add(across as usize),
                    });
                }
                grid.put(row, column, &value(xml)?)?;
                next = column.saturating_add(across).saturating_add(1);
            }
            Node::Close(name) if name == "Row" => return Ok(()),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            Node::End => return Ok(()),
        }
    }
}

/// Reads up to the end of a cell.
fn value<R: BufRead>(xml: &mut Xml<R>) -> Result<String, Refusal> {
    let mut text = String::new();
    let mut kind = None;
    loop {
        match xml.step()? {
            Node::Open(tag) if tag.name() == "Data" => kind = tag.get("Type"),
            Node::Open(tag) if tag.name() == "Comment" => xml.skip("Comment")?,
            Node::Text(part) if kind.is_some() => text.push_str(&part),
            Node::Close(name) if name == "Cell" => break,
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            Node::End => break,
        }
    }
    let text = text.trim();
    Ok(match kind.as_deref() {
        Some("Number") => text
            .parse()
            .map_or_else(|_| text.to_owned(), number::number),
        Some("DateTime") => number::day_of_iso(text).to_owned(),
        Some("Boolean") => number::answer(text == "1").to_owned(),
        Some("Error") => String::new(),
        _ => text.to_owned(),
    })
}
