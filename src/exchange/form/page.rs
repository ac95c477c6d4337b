//! A sheet as its XML has it: rows and cells, with their places.
//!
//! Invariant: every row and cell is known by its own number, also where a writer left the number
//! out.

use crate::exchange::Refusal;
use crate::exchange::form::formula::copied;
use crate::exchange::form::refs::Range as Cells;
use crate::exchange::form::refs::column_number;
use crate::exchange::form::tags::Kind;
use crate::exchange::form::tags::Tag;
use crate::exchange::form::tags::content;
use crate::exchange::form::tags::tags;
use crate::exchange::form::tags::unescaped;
use std::collections::BTreeMap;
use std::ops::Range;

/// A sheet.
pub(crate) struct Page<'a> {
    /// The text.
    pub(crate) xml: &'a str,
    /// All of its tags.
    pub(crate) tags: Vec<Tag<'a>>,
    /// The rows by number.
    pub(crate) rows: BTreeMap<u32, Row<'a>>,
    /// What stands between the tags of `sheetData`; the tag itself when it is empty.
    pub(crate) data: Range<usize>,
    /// The tag of `sheetData`.
    pub(crate) holder: Option<Tag<'a>>,
    /// The merged regions: rows, then columns, first and last.
    pub(crate) merged: Vec<((u32, u32), (u32, u32))>,
    /// Columns that have a style of their own: first, last, style.
    columns: Vec<(u32, u32, u32)>,
    /// The formulas that several cells share, by their number: where the first stands.
    shared: BTreeMap<u32, (u32, u32, String)>,
}

/// A row.
pub(crate) struct Row<'a> {
    /// Its first tag.
    pub(crate) tag: Tag<'a>,
    /// The whole element.
    pub(crate) place: Range<usize>,
    /// Its cells by column.
    pub(crate) cells: BTreeMap<u32, Cell<'a>>,
}

/// A cell.
pub(crate) struct Cell<'a> {
    /// Its first tag.
    pub(crate) tag: Tag<'a>,
    /// The whole element.
    pub(crate) place: Range<usize>,
    /// The number of its style.
    pub(crate) style: u32,
    /// The first tag of its formula and the formula; a formula that is shared may be empty.
    pub(crate) formula: Option<(Tag<'a>, String)>,
}

impl<'a> Row<'a> {
    fn new(tag: &Tag<'a>) -> Row<'a> {
        Row {
            tag: tag.clone(),
            place: tag.place.clone(),
            cells: BTreeMap::new(),
        }
    }
}

impl<'a> Page<'a> {
    /// Reads a sheet.
    pub(crate) fn read(xml: &'a str) -> Result<Page<'a>, Refusal> {
        let mut page = Page {
            xml,
            tags: tags(xml)?,
            rows: BTreeMap::new(),
            data: 0..0,
            holder: None,
            merged: Vec::new(),
            columns: Vec::new(),
            shared: BTreeMap::new(),
        };
        let all = page.tags.clone();
        let (mut row, mut column) = (0, 0);
        for (at, tag) in all.iter().enumerate() {
            match tag.local() {
                "sheetData" if tag.begins("sheetData") => {
                    page.data = match tag.kind {
                        Kind::Empty => tag.place.clone(),
                        Kind::Open | Kind::Close => tag.place.end..tag.place.end,
                    };
                    page.holder = Some(tag.clone());
                }
                "sheetData" => page.data.end = tag.place.start,
                "row" if tag.begins("row") => {
                    row = tag.number("r").unwrap_or(row + 1);
                    column = 0;
                    page.rows.insert(row, Row::new(tag));
                }
                "row" => {
                    if let Some(row) = page.rows.get_mut(&row) {
                        row.place.end = tag.place.end;
                    }
                }
                "c" if tag.begins("c") => {
                    column = column_of(tag).unwrap_or(column + 1);
                    let cell = page.cell(&all, (at, tag), (row, column));
                    if let Some(row) = page.rows.get_mut(&row) {
                        row.cells.insert(column, cell);
                    }
                }
                "mergeCell" => page.merged.extend(merged(tag)),
                "col" => {
                    let number = |key| tag.number(key);
                    let style = number("min").zip(number("max")).zip(number("style"));
                    page.columns
                        .extend(style.map(|((min, max), style)| (min, max, style)));
                }
                _ => {}
            }
        }
        Ok(page)
    }

    fn cell(
        &mut self,
        all: &[Tag<'a>],
        (at, tag): (usize, &Tag<'a>),
        place: (u32, u32),
    ) -> Cell<'a> {
        let inside = all.iter().skip(at).position(|one| one.ends("c"));
        let end = at + inside.unwrap_or(0);
        let mut formula = None;
        for inner in at + 1..end {
            let Some(one) = all.get(inner).filter(|one| one.begins(one.local())) else {
                continue;
            };
            if one.local() == "f" {
                let text = content(self.xml, all, inner).map_or("", |(_, text)| text);
                let text = unescaped(text).into_owned();
                if let Some(number) = one.number("si").filter(|_| !text.is_empty()) {
                    let (row, column) = place;
                    self.shared.insert(number, (row, column, text.clone()));
                }
                formula = Some((one.clone(), text));
            }
        }
        let last = all.get(end).map_or(tag.place.end, |one| one.place.end);
        Cell {
            style: tag.number("s").unwrap_or(0),
            tag: tag.clone(),
            place: tag.place.start..last,
            formula,
        }
    }

    /// A cell's formula, spelled out where it is shared.
    pub(crate) fn formula(&self, row: u32, column: u32, cell: &Cell<'_>) -> Option<String> {
        let (tag, text) = cell.formula.as_ref()?;
        if !text.is_empty() {
            return Some(text.clone());
        }
        let (first_row, first_column, text) = self.shared.get(&tag.number("si")?)?;
        let down = i64::from(row) - i64::from(*first_row);
        let right = i64::from(column) - i64::from(*first_column);
        Some(copied(text, down, right))
    }

    /// The cell at a place.
    pub(crate) fn at(&self, row: u32, column: u32) -> Option<&Cell<'a>> {
        self.rows.get(&row)?.cells.get(&column)
    }

    /// The style of a place: the cell's, else the row's, else the column's.
    pub(crate) fn style(&self, row: u32, column: u32) -> u32 {
        let of_row = || self.rows.get(&row)?.tag.number("s");
        let of_column = || {
            let mut styles = self.columns.iter();
            let (.., style) = styles.find(|(min, max, _)| (*min..=*max).contains(&column))?;
            Some(*style)
        };
        let of_cell = self.at(row, column).map(|cell| cell.style);
        of_cell.or_else(of_row).or_else(of_column).unwrap_or(0)
    }

    /// Whether a place is the first of a region that is merged over several rows.
    pub(crate) fn is_tall(&self, row: u32, column: u32) -> bool {
        self.merged
            .iter()
            .any(|((top, bottom), (left, _))| (*top, *left) == (row, column) && bottom > top)
    }
}

fn column_of(tag: &Tag<'_>) -> Option<u32> {
    let place = tag.get("r")?;
    let letters: String = place
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    Some(column_number(&letters)).filter(|number| (1..=16_384).contains(number))
}

fn merged(tag: &Tag<'_>) -> Option<((u32, u32), (u32, u32))> {
    let cells = Cells::parse(&tag.get("ref")?)?;
    cells.rows().zip(cells.columns())
}
