//! XLSX in, streamed under caps, and out with identity numbers as text.
//!
//! Invariant: calamine sees no archive that was not measured, and no cell's place decides how much
//! memory is asked for.

use crate::exchange::Limit;
use crate::exchange::MOST_SHEETS;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::archive::Archive;
use crate::exchange::grid::Grid;
use crate::exchange::number;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Sheet;
use crate::exchange::xml::Node;
use crate::exchange::xml::Tag;
use crate::exchange::xml::Xml;
use crate::model::date::Date;
use calamine::DataRef;
use calamine::Dimensions;
use calamine::ExcelDateTime;
use calamine::Reader;
use calamine::SheetType;
use calamine::SheetVisible;
use calamine::Xlsx;
use rust_xlsxwriter::Color;
use rust_xlsxwriter::DocProperties;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::XlsxError;
use std::collections::HashMap;
use std::io::Cursor;
use unicode_width::UnicodeWidthStr;

/// Reads every sheet, in order.
pub fn read(bytes: &[u8], archive: &mut Archive<'_>) -> Result<Vec<Sheet>, Refusal> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(Strange::broken)?;
    let parts = parts(archive)?;
    let sheets = book.sheets_metadata().to_vec();
    if sheets.len() > MOST_SHEETS {
        return Err(Limit::Sheets(MOST_SHEETS).into());
    }
    let sheets = sheets
        .into_iter()
        .filter(|about| about.typ == SheetType::WorkSheet);
    let sheets = sheets.map(|about| {
        let mut grid = Grid::default();
        if let Some(part) = parts.get(&about.name) {
            grid.hidden = archive.hidden(part);
        }
        let mut sheet = sheet(&mut book, &about.name, grid)?;
        sheet.hidden = about.visible != SheetVisible::Visible;
        Ok(sheet)
    });
    sheets.collect()
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, mut grid: Grid) -> Result<Sheet, Refusal> {
    let mut cells = book.worksheet_cells_reader(name).map_err(Strange::broken)?;
    while let Some(cell) = cells.next_cell().map_err(Strange::broken)? {
        let (row, column) = cell.get_position();
        grid.put(row, column, &text(cell.get_value()))?;
    }
    drop(cells);
    let merged = book
        .merge_cells_by_sheet_name(name)
        .map_err(Strange::broken)?;
    let mut sheet = grid.into_sheet(name)?;
    sheet.merged = merged.iter().map(area).collect();
    Ok(sheet)
}

/// The parts of the archive that hold the sheets, by the names of the sheets.
fn parts(archive: &mut Archive<'_>) -> Result<HashMap<String, String>, Refusal> {
    let mut ids = HashMap::new();
    tags(archive, "xl/workbook.xml", "sheet", |tag| {
        // The other attribute whose name ends so is the sheet's own number.
        ids.extend(tag.get_prefixed("id").zip(tag.get("name")));
    })?;
    let mut parts = HashMap::new();
    tags(
        archive,
        "xl/_rels/workbook.xml.rels",
        "Relationship",
        |tag| {
            let name = tag.get("Id").and_then(|id| ids.remove(&id));
            let target = tag
                .get("Target")
                .map(|target| match target.strip_prefix('/') {
                    Some(whole) => whole.to_owned(),
                    None => format!("xl/{target}"),
                });
            parts.extend(name.zip(target));
        },
    )?;
    Ok(parts)
}

fn tags(
    archive: &mut Archive<'_>,
    part: &str,
    name: &str,
    mut each: impl FnMut(&Tag),
) -> Result<(), Refusal> {
    let Some(part) = archive.part(part)? else {
        return Ok(());
    };
    let mut xml = Xml::new(part);
    loop {
        match xml.step()? {
            Node::Open(tag) if tag.name() == name => each(&tag),
            Node::End => return Ok(()),
            Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
        }
    }
}

fn area(merged: &Dimensions) -> Area {
    Area {
        top: merged.start.0 as usize + 1,
        bottom: merged.end.0 as usize + 1,
        left: merged.start.1 as usize,
        right: merged.end.1 as usize,
    }
}

/// A cell's text. Errors such as `#N/A` are blank: nothing is known.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number::number(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(answer) => number::answer(*answer).to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// The day of a date cell; a number that is formatted as a date but is none stays a number.
fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    i16::try_from(year)
        .ok()
        .filter(|_| moment.is_datetime() && moment.as_f64() >= 1.0)
        .and_then(|year| Date::new(year, month, day))
        .map_or_else(|| number::number(moment.as_f64()), |date| date.to_string())
}

/// A cell as it goes out.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// Text, whatever it looks like.
    Text(String),
    /// A number.
    Number(i64),
    /// A whole date.
    Date(Date),
}

impl std::fmt::Display for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Typed::Text(text) => f.write_str(text),
            Typed::Number(number) => number.fmt(f),
            Typed::Date(date) => date.fmt(f),
        }
    }
}

/// Columns are as wide as their widest cell, within these bounds, in cells of a terminal.
const WIDTHS: std::ops::RangeInclusive<u16> = 6..=40;
/// A footer holds 255 characters, its codes included.
const MOST_FOOTER: usize = 240;
/// Spreadsheets have no days before this year, and count its first months wrongly.
const FIRST_YEAR: i16 = 1901;

/// A workbook of one sheet: bold headings that stay in view and filter, then the rows. A mark says
/// who took the list out and what for: above the headings, on every printed page, and among the
/// file's properties.
pub fn write(
    name: &str,
    mark: Option<&str>,
    headings: &[String],
    rows: impl Iterator<Item = Vec<Typed>>,
) -> std::io::Result<Vec<u8>> {
    let mut book = rust_xlsxwriter::Workbook::new();
    if let Some(mark) = mark {
        book.set_properties(&DocProperties::new().set_comment(mark));
    }
    let sheet = book.add_worksheet();
    sheet_of(sheet, name, mark, headings, rows).map_err(std::io::Error::other)?;
    book.save_to_buffer().map_err(std::io::Error::other)
}

fn sheet_of(
    sheet: &mut Worksheet,
    name: &str,
    mark: Option<&str>,
    headings: &[String],
    rows: impl Iterator<Item = Vec<Typed>>,
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    sheet.set_name(name)?;
    let top = u32::from(mark.is_some());
    if let Some(mark) = mark {
        let pale = Format::new().set_italic().set_font_color(Color::Gray);
        sheet.write_string_with_format(0, 0, mark, &pale)?;
        // A single & begins a code in a footer.
        let footer = mark.replace('&', "&&");
        let footer: String = footer.chars().take(MOST_FOOTER).collect();
        sheet.set_footer(format!("&L{footer}&R&P/&N"));
    }
    sheet.set_freeze_panes(top + 1, 0)?;
    sheet.set_repeat_rows(top, top)?;
    let mut widths: Vec<u16> = headings.iter().map(|heading| cells_of(heading)).collect();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(top, column, heading, &bold)?;
    }
    let mut last = top;
    for (row, cells) in (top + 1..).zip(rows) {
        last = row;
        for (column, cell) in (0..).zip(&cells) {
            let width = match cell {
                Typed::Text(text) if text.is_empty() => continue,
                Typed::Text(text) => {
                    sheet.write_string(row, column, text)?;
                    cells_of(text)
                }
                Typed::Number(number) => {
                    let text = number.to_string();
                    sheet.write_number(row, column, text.parse::<f64>().unwrap_or_default())?;
                    cells_of(&text)
                }
                Typed::Date(date) => put_date(sheet, row, column, *date, &day)?,
            };
            if let Some(widest) = widths.get_mut(usize::from(column)) {
                *widest = width.max(*widest);
            }
        }
    }
    if let Some(columns) = u16::try_from(headings.len())
        .ok()
        .filter(|columns| *columns > 0)
    {
        sheet.autofilter(top, 0, last, columns - 1)?;
    }
    for (column, width) in (0..).zip(widths) {
        let width = width
            .saturating_add(2)
            .clamp(*WIDTHS.start(), *WIDTHS.end());
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

/// Writes a date as a date, or as text where spreadsheets have no such day. Returns its width.
fn put_date(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    date: Date,
    format: &Format,
) -> Result<u16, XlsxError> {
    let text = date.to_string();
    let year = u16::try_from(date.year())
        .ok()
        .filter(|_| date.year() >= FIRST_YEAR);
    match (year, date.month(), date.day()) {
        (Some(year), Some(month), Some(day)) => {
            let moment = rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day)?;
            sheet.write_datetime_with_format(row, column, &moment, format)?;
        }
        _ => {
            sheet.write_string(row, column, &text)?;
        }
    }
    Ok(cells_of(&text))
}

/// A text's width in cells of a terminal, in which a hanzi takes two.
fn cells_of(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}
