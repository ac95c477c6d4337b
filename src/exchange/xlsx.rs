//! XLSX in, streamed under caps, and out with identity numbers as text.
//!
//! Invariant: what a workbook unpacks to is measured before calamine sees it, and no cell's place
//! decides how much memory is asked for.

use crate::exchange::Limit;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::grid::Grid;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Sheet;
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
use std::io::Cursor;
use std::io::Read;
use unicode_width::UnicodeWidthStr;

/// The most sheets of a workbook.
const MOST_SHEETS: usize = 20;
/// The most unpacked bytes that are held at once: shared strings, styles and the rest.
const MOST_HELD: u64 = 64 << 20;
/// The most unpacked bytes that are streamed: the sheets.
const MOST_STREAMED: u64 = 512 << 20;
/// The most bytes between two tags of a sheet: a cell's text, with room for escapes.
const MOST_BETWEEN_TAGS: usize = 1 << 20;
/// From here on a number has more digits than a spreadsheet keeps, and says so by its form.
const FIRST_INEXACT: f64 = 1e15;

/// A workbook, measured and opened.
pub struct Workbook<'a> {
    inner: Xlsx<Cursor<&'a [u8]>>,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook once its content is known to fit.
    pub fn open(bytes: &'a [u8]) -> Result<Workbook<'a>, Refusal> {
        measure(bytes)?;
        let inner = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
        if inner.sheet_names().len() > MOST_SHEETS {
            return Err(Limit::Sheets(MOST_SHEETS).into());
        }
        Ok(Workbook { inner })
    }

    /// Reads every sheet, in order.
    pub fn sheets(mut self) -> Result<Vec<Sheet>, Refusal> {
        let sheets = self.inner.sheets_metadata().to_vec();
        sheets
            .into_iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| self.sheet(&sheet))
            .collect()
    }

    fn sheet(&mut self, about: &calamine::Sheet) -> Result<Sheet, Refusal> {
        let mut grid = Grid::default();
        let name = about.name.as_str();
        let mut cells = self.inner.worksheet_cells_reader(name).map_err(broken)?;
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            grid.put(row, column, &text(cell.get_value()))?;
        }
        drop(cells);
        let merged = self.inner.merge_cells_by_sheet_name(name).map_err(broken)?;
        let mut sheet = grid.into_sheet(name)?;
        sheet.merged = merged.iter().map(area).collect();
        sheet.hidden = about.visible != SheetVisible::Visible;
        Ok(sheet)
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

fn broken(fault: impl std::fmt::Display) -> Refusal {
    Strange::Broken(fault.to_string()).into()
}

/// Unpacks every part into nothing, counting. What an archive declares is not believed.
fn measure(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut held, mut streamed) = (0, 0);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(broken)?;
        let is_sheet = part.name().map_err(broken)?.starts_with("xl/worksheets/");
        let (sum, most) = if is_sheet {
            (&mut streamed, MOST_STREAMED)
        } else {
            (&mut held, MOST_HELD)
        };
        *sum += unpacked(&mut part, most - *sum, is_sheet)?.ok_or(Limit::Unpacked(most))?;
    }
    Ok(())
}

/// How many bytes a part unpacks to; `None` when over the limit, or when a sheet has a longer run
/// without a tag than any cell.
fn unpacked(part: &mut impl Read, most: u64, is_sheet: bool) -> Result<Option<u64>, Refusal> {
    let mut buffer = [0; 1 << 14];
    let (mut sum, mut run) = (0, 0);
    loop {
        let length = part.read(&mut buffer).map_err(broken)?;
        let chunk = buffer.get(..length).unwrap_or_default();
        if chunk.is_empty() {
            return Ok(Some(sum));
        }
        sum += chunk.len() as u64;
        run = match chunk.iter().rposition(|byte| *byte == b'<') {
            Some(last) => chunk.len() - last,
            None => run + chunk.len(),
        };
        if sum > most || (is_sheet && run > MOST_BETWEEN_TAGS) {
            return Ok(None);
        }
    }
}

/// A cell's text. Errors such as `#N/A` are blank: nothing is known.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(answer) => if *answer { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn number_text(number: f64) -> String {
    if number.abs() >= FIRST_INEXACT {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// The day of a date cell; a number that is formatted as a date but is none stays a number.
fn moment_text(moment: &ExcelDateTime) -> String {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    i16::try_from(year)
        .ok()
        .filter(|_| moment.is_datetime() && moment.as_f64() >= 1.0)
        .and_then(|year| Date::new(year, month, day))
        .map_or_else(|| number_text(moment.as_f64()), |date| date.to_string())
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
