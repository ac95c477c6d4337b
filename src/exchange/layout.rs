//! From raw cells to a table: header hunt, fill-down, rows to skip.
//!
//! Invariant: every row of the sheet is either a resident's or skipped for a reason; a cell is
//! filled from above only where the layout shows that the household goes on.

use crate::exchange::heading::Headings;
use crate::exchange::heading::normal;
use crate::exchange::intake::Column;
use crate::exchange::intake::Reason;
use crate::exchange::serial::Border;
use crate::exchange::serial::Serial;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Row;
use crate::exchange::sheet::Sheet;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Meaning;

/// Headings stand in one of the first rows.
const ROWS_TO_HUNT: usize = 15;
/// A row with fewer known headings is none.
const FEWEST_HEADINGS: usize = 2;
/// Marks for "the same as above".
const DITTO: [&str; 6] = ["同上", "〃", "″", "\"", "同前", "々"];
/// How a row of sums begins.
const TOTALS: [&str; 6] = ["合计", "小计", "总计", "共计", "本页合计", "累计"];
/// How a row of signatures begins.
const SIGNATURES: [&str; 12] = [
    "填表人",
    "填报人",
    "制表",
    "审核人",
    "审核",
    "经办人",
    "负责人",
    "单位负责人",
    "盖章",
    "截止日期",
    "填表日期",
    "填报日期",
];
/// What a row of hints under the headings says.
const HINTS: [&str; 7] = ["必填", "选填", "例如", "格式", "下拉", "yyyy", "填写"];

/// A sheet whose headings are known.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// The row number of the headings.
    pub heading_row: usize,
    /// The columns.
    pub columns: Vec<Column>,
    /// What the rows' numbers tell of households.
    pub serial: Serial,
    sheet: &'a Sheet,
    first: usize,
    last: usize,
}

/// Finds the headings; `None` when no row has headings with a name.
pub fn read<'a>(sheet: &'a Sheet, headings: &Headings) -> Option<Ledger<'a>> {
    let (first, last, mut columns) = hunt(sheet, headings, &[(Table::Person, person::NAME)])?;
    let under = || sheet.rows().skip(last + 1);
    let widest = under().map(|row| row.cells().len()).max();
    let widest = widest.unwrap_or_default().max(columns.len());
    // What stands under no heading is seen too.
    columns.resize(widest, Column::blank());
    Some(Ledger {
        heading_row: sheet.row(last)?.number,
        serial: Serial::of(&columns, |at| under().map(move |row| row.cell(at))),
        columns,
        sheet,
        first,
        last,
    })
}

impl<'a> Ledger<'a> {
    /// Every row with its number: a resident's cells, filled from above where the layout says so,
    /// or why it is none.
    pub fn rows(&self) -> impl Iterator<Item = (usize, Result<Vec<&'a str>, Reason>)> {
        let layout = Layout::of(&self.columns, self.serial);
        let mut merged = Merged::of(self.sheet);
        let mut above: Vec<&'a str> = Vec::new();
        (0..).zip(self.sheet.rows()).map(move |(at, row)| {
            let mut cells = merged.fill(row);
            if let Some(reason) = self.reason_to_skip(at, &cells) {
                return (row.number, Err(reason));
            }
            let border = self.serial.border(&cells);
            layout.fill(&mut cells, &above, border);
            above.clone_from(&cells);
            (row.number, Ok(cells))
        })
    }

    /// The cells of a column under the headings, as they stand.
    pub fn column(&self, at: usize) -> impl Iterator<Item = &'a str> {
        let under = self.sheet.rows().skip(self.last + 1);
        under.map(move |row| row.cell(at))
    }

    fn reason_to_skip(&self, at: usize, cells: &[&str]) -> Option<Reason> {
        if is_blank(cells) {
            Some(Reason::Blank)
        } else if at < self.first {
            Some(Reason::AboveHeading)
        } else if at <= self.last {
            Some(Reason::Heading)
        } else {
            reason_to_skip(cells, &self.columns, at == self.last + 1)
        }
    }
}

/// The merged areas that reach over several rows, and the text of those that are open.
struct Merged<'a> {
    /// By their first row, the last area first.
    coming: Vec<Area>,
    /// The areas that the current row is in, with the text of their first cell.
    open: Vec<(Area, &'a str)>,
}

impl<'a> Merged<'a> {
    fn of(sheet: &Sheet) -> Merged<'a> {
        let tall = sheet.merged.iter().filter(|area| area.bottom > area.top);
        let mut coming: Vec<Area> = tall.copied().collect();
        coming.sort_by_key(|area| std::cmp::Reverse(area.top));
        Merged {
            coming,
            open: Vec::new(),
        }
    }

    /// The cells of a row, with the text of every merged area that it is in.
    fn fill(&mut self, row: Row<'a>) -> Vec<&'a str> {
        let mut cells: Vec<&str> = row.cells().collect();
        self.open.retain(|(area, _)| area.bottom >= row.number);
        for (area, text) in &self.open {
            if cells.len() <= area.left {
                cells.resize(area.left + 1, "");
            }
            if cells[area.left].is_empty() {
                cells[area.left] = text;
            }
        }
        while let Some(area) = self.coming.pop_if(|area| area.top <= row.number) {
            let text = row.cell(area.left);
            if area.top == row.number && !text.is_empty() && area.bottom > row.number {
                self.open.push((area, text));
            }
        }
        cells
    }
}

/// The rows (first and last index) of the headings, and the columns: the row among the first ones
/// with the most known headings, among them one that names, alone or joined with the row below it.
pub(crate) fn hunt(
    sheet: &Sheet,
    headings: &Headings,
    naming: &[(Table, FieldNo)],
) -> Option<(usize, usize, Vec<Column>)> {
    let mut merged = Merged::of(sheet);
    let top: Vec<Vec<&str>> = sheet
        .rows()
        .take(ROWS_TO_HUNT)
        .map(|row| merged.fill(row))
        .collect();
    let mut best: Option<(usize, usize, usize, Vec<Column>)> = None;
    for (at, cells) in top.iter().enumerate() {
        let alone = columns(cells, headings);
        let joined = top
            .get(at + 1)
            .and_then(|below| joined(&alone, below, headings));
        for (last, found) in [(at, Some(alone)), (at + 1, joined)] {
            let Some(found) = found else { continue };
            let hits = hits(&found);
            let names = |column| naming.iter().any(|(table, no)| is(column, *table, *no));
            let has_name = found.iter().any(names);
            let enough = hits >= FEWEST_HEADINGS.min(found.len()) && has_name;
            if enough && best.as_ref().is_none_or(|(most, ..)| hits > *most) {
                best = Some((hits, at, last, found));
            }
        }
    }
    best.map(|(_, first, last, columns)| (first, last, columns))
}

fn columns(cells: &[&str], headings: &Headings) -> Vec<Column> {
    cells
        .iter()
        .map(|cell| Column {
            heading: cell.trim().to_owned(),
            meaning: headings.meaning(cell),
        })
        .collect()
}

/// Two rows of headings as one, where the lower says at least two things that the upper does not.
fn joined(upper: &[Column], below: &[&str], headings: &Headings) -> Option<Vec<Column>> {
    let lower = columns(below, headings);
    let mut found = upper.to_vec();
    found.resize(upper.len().max(lower.len()), Column::blank());
    let mut gained = 0;
    for (column, under) in found.iter_mut().zip(lower) {
        let is_known = under.meaning != Meaning::Unknown;
        let is_first = column.meaning == Meaning::Unknown;
        gained += usize::from(is_known && is_first);
        // 家庭住址 over 小区 and 栋 is the heading of neither, nor is a title above them all. A heading
        // that is not known is still one, for a worker to say what it means.
        if is_known || (is_first && !under.heading.is_empty()) {
            *column = under;
        }
    }
    (gained >= FEWEST_HEADINGS).then_some(found)
}

fn hits(columns: &[Column]) -> usize {
    columns
        .iter()
        .filter(|column| column.meaning != Meaning::Unknown)
        .count()
}

pub(crate) fn is(column: &Column, table: Table, number: FieldNo) -> bool {
    matches!(&column.meaning, Meaning::Field(field) if field.table == table && field.number == number)
}

fn is_blank(cells: &[&str]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// Why a row under the headings is no resident's.
pub(crate) fn reason_to_skip(cells: &[&str], columns: &[Column], is_first: bool) -> Option<Reason> {
    let (name_heading, name) = columns
        .iter()
        .zip(cells)
        .find(|(column, _)| is(column, Table::Person, person::NAME))
        .map_or(("", ""), |(column, cell)| (&column.heading, cell.trim()));
    let mut filled = cells.iter().map(|cell| cell.trim());
    let lead = filled.find(|cell| !cell.is_empty())?;
    // Most rows begin with their number in the list.
    if !lead.starts_with(|c: char| c.is_ascii_digit()) {
        let lead = normal(lead);
        let begins = |words: &[&str]| words.iter().any(|word| lead.starts_with(word));
        if begins(&TOTALS) {
            return Some(Reason::Total);
        }
        if begins(&SIGNATURES) {
            return Some(Reason::Signature);
        }
    }
    let repeated = columns
        .iter()
        .zip(cells)
        .filter(|(column, cell)| {
            column.meaning != Meaning::Unknown && column.heading == cell.trim()
        })
        .count();
    let hinted = || {
        cells
            .iter()
            .any(|cell| HINTS.iter().any(|hint| cell.to_lowercase().contains(hint)))
    };
    let is_heading = repeated * 2 > hits(columns) || (!name.is_empty() && name == name_heading);
    (is_heading || (is_first && hinted())).then_some(Reason::Heading)
}

/// Which columns a merged household cell can stand in.
struct Layout {
    /// 户号, 户主, address, room: what tells one household from the next.
    marks: Vec<usize>,
    /// 小区, 栋, 单元: merged over many households.
    places: Vec<usize>,
    /// 栋, one of the places.
    building: Option<usize>,
    /// 与户主关系.
    relation: Option<usize>,
    /// Whether the list goes by household: only then a blank means "as above".
    by_household: bool,
}

impl Layout {
    fn of(columns: &[Column], serial: Serial) -> Layout {
        let at = |fields: &[(Table, FieldNo)]| -> Vec<usize> {
            let wanted = |column| {
                fields
                    .iter()
                    .any(|(table, number)| is(column, *table, *number))
            };
            (0..columns.len())
                .filter(|at| wanted(&columns[*at]))
                .collect()
        };
        let heads = at(&[
            (Table::Household, household::NUMBER),
            (Table::Household, household::HEAD),
        ]);
        let relation = at(&[(Table::Person, person::RELATION)]).first().copied();
        Layout {
            marks: at(&[
                (Table::Household, household::NUMBER),
                (Table::Household, household::HEAD),
                (Table::Dwelling, household::ADDRESS_TEXT),
                (Table::Dwelling, household::ROOM),
            ]),
            places: at(&[
                (Table::Dwelling, household::ESTATE),
                (Table::Dwelling, household::BUILDING),
                (Table::Dwelling, household::UNIT),
            ]),
            building: at(&[(Table::Dwelling, household::BUILDING)])
                .first()
                .copied(),
            relation,
            by_household: relation.is_some() || !heads.is_empty() || serial.is_told(),
        }
    }

    /// Fills "the same as above" in from the row above.
    fn fill<'a>(&self, cells: &mut Vec<&'a str>, above: &[&'a str], border: Option<Border>) {
        let over = |at: usize| above.get(at).map_or("", |cell: &&'a str| cell.trim());
        let here = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let begins =
            border == Some(Border::Begins) || self.relation.is_some_and(|at| is_head(here(at)));
        let as_above = |at: &usize| is_above(here(*at)) || here(*at) == over(*at);
        let goes_on = self.by_household && !begins && self.marks.iter().all(as_above);
        let marked = self.marks.iter().any(|at| !here(*at).is_empty());
        // A building that is stated says nothing of the estate and the units of the row above.
        let is_restated = self.building.is_some_and(|at| !is_above(here(at)));
        let in_place = self.by_household && (goes_on || marked);
        let fills = |at: usize| {
            let blank_fills = if self.marks.contains(&at) {
                goes_on
            } else {
                in_place && (self.building == Some(at) || !is_restated)
            };
            is_ditto(here(at)) || (blank_fills && here(at).is_empty())
        };
        let all = self.marks.iter().chain(&self.places).copied();
        let filled: Vec<usize> = all.filter(|at| fills(*at)).collect();
        for at in filled {
            if cells.len() <= at {
                cells.resize(at + 1, "");
            }
            cells[at] = over(at);
        }
    }
}

fn is_above(text: &str) -> bool {
    text.is_empty() || is_ditto(text)
}

fn is_ditto(text: &str) -> bool {
    DITTO.contains(&text)
}

/// Whether a relation says "the head": such a row begins a household.
fn is_head(relation: &str) -> bool {
    matches!(relation, "户主" | "本人" | "本人或户主" | "01" | "02" | "0")
}
