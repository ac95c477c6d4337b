//! The sheet of a form with its rows filled in.
//!
//! Invariant: a cell that is not filled keeps its style and its formula; what stands below the
//! rows is pushed down whole.

use crate::exchange::form::formula::copied;
use crate::exchange::form::formula::moved;
use crate::exchange::form::page::Cell;
use crate::exchange::form::page::Page;
use crate::exchange::form::page::Row;
use crate::exchange::form::refs::Range;
use crate::exchange::form::refs::Shift;
use crate::exchange::form::refs::column_letters;
use crate::exchange::form::slots::Slots;
use crate::exchange::form::styles::Styles;
use crate::exchange::form::tags::Edits;
use crate::exchange::form::tags::Tag;
use crate::exchange::form::tags::content;
use crate::exchange::form::tags::escaped;
use crate::exchange::form::tags::unescaped;
use crate::exchange::xlsx::Typed;
use crate::model::date::Date;
use std::collections::BTreeMap;

/// Elements whose text is a formula.
pub(crate) const FORMULAS: [&str; 4] = ["formula", "formula1", "formula2", "f"];
/// Spreadsheets count days from here, and have none before.
const FIRST_DAY: (i16, u8, u8) = (1899, 12, 30);
/// They count the first months of 1900 wrongly.
const FIRST_YEAR: i16 = 1901;

/// A row to fill in: what goes into each column, by number, and whether it is marked.
pub(crate) type Filling = BTreeMap<u32, (Typed, bool)>;

/// A sheet on its way to being filled.
pub(crate) struct Work<'a> {
    /// The sheet.
    pub(crate) page: &'a Page<'a>,
    /// Its name.
    pub(crate) name: &'a str,
    /// The styles, to which marked ones are added.
    pub(crate) styles: &'a mut Styles,
    /// The rows to fill.
    pub(crate) slots: Slots,
    /// What goes into them.
    pub(crate) rows: &'a [Filling],
}

/// Which row of the form a row is made from.
struct Pattern<'a> {
    number: u32,
    row: &'a Row<'a>,
    /// Whether what stands in it goes.
    cleared: bool,
}

impl<'a> Work<'a> {
    /// The rows that are pushed down.
    pub(crate) fn shift(&self) -> Shift {
        let Slots { first, count, .. } = self.slots;
        let last = first + count.max(1) - 1;
        let (after, grows) = match count {
            0 => (first - 1, u32::MAX),
            1 => (first, first),
            // New rows come before the last, so that sums over all rows take them in and a heavy
            // line under the last stays the last.
            _ => (last - 1, last),
        };
        Shift {
            after,
            grows,
            count: (self.rows.len() as u32).saturating_sub(count),
        }
    }

    /// The sheet's text, filled in.
    pub(crate) fn made(&mut self) -> String {
        let page = self.page;
        let rows: String = self.all_rows().into_values().collect();
        let mut edits = Edits::default();
        let rows = match &page.holder {
            Some(tag) if tag.place == page.data => {
                format!("{}{rows}</{}>", tag.opened().with(&[]), tag.name)
            }
            _ => rows,
        };
        edits.put(page.data.clone(), rows);
        self.around(&mut edits);
        edits.made(page.xml).unwrap_or_else(|| page.xml.to_owned())
    }

    fn all_rows(&mut self) -> BTreeMap<u32, String> {
        let shift = self.shift();
        let page = self.page;
        let rows = self.rows;
        let Slots {
            first,
            count,
            filled,
        } = self.slots;
        let mut made = BTreeMap::new();
        for (number, row) in &page.rows {
            let slot = number.checked_sub(first).filter(|slot| *slot < count);
            let cleared = slot.is_some_and(|slot| slot < filled);
            let goes = shift.row(*number);
            let pattern = Pattern {
                number: *number,
                row,
                cleared,
            };
            let filling = slot.and_then(|_| rows.get((goes - first) as usize));
            made.insert(goes, self.row(goes, Some(&pattern), filling));
        }
        for (number, filling) in (first..).zip(rows) {
            let is_new = number > shift.after && number <= shift.after + shift.count;
            if made.contains_key(&number) && !is_new {
                continue;
            }
            let row = page.rows.get(&shift.after).filter(|_| count > 0);
            let pattern = row.map(|row| Pattern {
                number: shift.after,
                row,
                cleared: shift.after < first + filled,
            });
            made.insert(number, self.row(number, pattern.as_ref(), Some(filling)));
        }
        made
    }

    fn row(
        &mut self,
        number: u32,
        pattern: Option<&Pattern<'_>>,
        filling: Option<&Filling>,
    ) -> String {
        let prefix = self.page.holder.as_ref().map_or("", Tag::prefix).to_owned();
        let mut cells = BTreeMap::new();
        if let Some(pattern) = pattern {
            let is_plain = |cell: &Cell<'_>| cell.formula.is_none();
            let same = pattern.number == number && !pattern.cleared && filling.is_none();
            if same && pattern.row.cells.values().all(is_plain) {
                return self.raw(&pattern.row.place).to_owned();
            }
            for (column, cell) in &pattern.row.cells {
                cells.insert(*column, self.kept(number, *column, cell, pattern));
            }
        }
        for (column, (value, marked)) in filling.into_iter().flatten() {
            let theirs = pattern.and_then(|pattern| pattern.row.cells.get(column));
            if theirs.is_some_and(|cell| cell.formula.is_some()) {
                continue;
            }
            let like = pattern.map_or(0, |pattern| pattern.number);
            let mut style = self.page.style(like, *column);
            if *marked {
                style = self.styles.marked(style);
            }
            let cell = self.cell(&prefix, (number, *column), style, value);
            cells.insert(*column, cell);
        }
        let text: String = cells.into_values().collect();
        let number = number.to_string();
        let changes = [("r", Some(number.as_str())), ("spans", None)];
        match pattern {
            Some(pattern) => {
                let tag = pattern.row.tag.opened();
                format!("{}{text}</{}>", tag.with(&changes), tag.name)
            }
            None => format!("<{prefix}row r=\"{number}\">{text}</{prefix}row>"),
        }
    }

    fn raw(&self, place: &std::ops::Range<usize>) -> &'a str {
        self.page.xml.get(place.clone()).unwrap_or_default()
    }

    /// A cell of the form in its new row. A formula goes without the value it had.
    fn kept(&self, number: u32, column: u32, cell: &Cell<'_>, pattern: &Pattern<'_>) -> String {
        let place = format!("{}{number}", column_letters(column));
        let at = [("r", Some(place.as_str())), ("t", None)];
        let tag = &cell.tag;
        if let Some((head, _)) = &cell.formula {
            let head = self.formula_head(head);
            let formula = self.formula((pattern.number, column), number, cell);
            let name = format!("{}f", tag.prefix());
            let text = escaped(&formula.unwrap_or_default());
            return format!(
                "{}{head}{text}</{name}></{}>",
                tag.opened().with(&at),
                tag.name
            );
        }
        if pattern.cleared || self.is_pattern_only(number, pattern) {
            let emptied = format!("{}</{}>", tag.opened().with(&at), tag.name);
            return emptied;
        }
        let rest = self.raw(&(tag.place.end..cell.place.end));
        let keep = [("r", Some(place.as_str()))];
        format!("{}{rest}", tag.with(&keep))
    }

    /// Whether a row is new, so that nothing of its pattern but styles and formulas is its own.
    fn is_pattern_only(&self, number: u32, pattern: &Pattern<'_>) -> bool {
        self.shift().row(pattern.number) != number
    }

    /// A formula's first tag, without what it shared with other cells.
    fn formula_head(&self, head: &Tag<'_>) -> String {
        let shift = self.shift();
        let is_shared = head.get("t").as_deref() == Some("shared");
        let moved = head.get("ref").map(|list| shift.ranges(&list));
        let changes: &[(&str, Option<&str>)] = if is_shared {
            &[("t", None), ("ref", None), ("si", None)]
        } else {
            match &moved {
                Some(moved) => &[("ref", Some(moved))],
                None => &[],
            }
        };
        head.opened().with(changes)
    }

    /// A cell's formula in its new row.
    fn formula(&self, (row, column): (u32, u32), number: u32, cell: &Cell<'_>) -> Option<String> {
        let shift = self.shift();
        let text = self.page.formula(row, column, cell)?;
        let moved = moved(&text, shift, true, self.name);
        let down = i64::from(number) - i64::from(shift.row(row));
        Some(if down == 0 {
            moved
        } else {
            copied(&moved, down, 0)
        })
    }

    /// A new cell. Texts stand in the cell itself, so that the table of shared texts stays as it is.
    fn cell(&self, prefix: &str, (row, column): (u32, u32), style: u32, value: &Typed) -> String {
        let place = format!("{}{row}", column_letters(column));
        let head = match style {
            0 => format!("<{prefix}c r=\"{place}\""),
            _ => format!("<{prefix}c r=\"{place}\" s=\"{style}\""),
        };
        let number = match value {
            _ if self.styles.is_text(style) => None,
            Typed::Text(_) => None,
            Typed::Number(number) => Some(*number),
            Typed::Date(date) => day_number(*date).filter(|_| self.styles.is_day(style)),
        };
        if let Some(number) = number {
            return format!("{head}><{prefix}v>{number}</{prefix}v></{prefix}c>");
        }
        let text = escaped(&value.to_string());
        if text.is_empty() {
            return format!("{head}/>");
        }
        format!(
            "{head} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{text}\
             </{prefix}t></{prefix}is></{prefix}c>"
        )
    }

    /// Merged cells, validations, conditional formats, breaks and links move with their rows.
    fn around(&self, edits: &mut Edits) {
        let shift = self.shift();
        if shift.count == 0 {
            return;
        }
        let page = self.page;
        let flat = page.merged.iter().filter(|((top, bottom), _)| {
            top == bottom && *top == shift.after && self.slots.count > 0
        });
        let flat: Vec<(u32, u32)> = flat.map(|(_, columns)| *columns).collect();
        let added = flat.len() * shift.count as usize;
        let count = (page.merged.len() + added).to_string();
        let outside = |tag: &Tag<'_>| !(page.data.start..page.data.end).contains(&tag.place.start);
        for (at, tag) in page.tags.iter().enumerate().filter(|(_, tag)| outside(tag)) {
            match tag.local() {
                "mergeCells" if tag.begins("mergeCells") => {
                    edits.put(tag.place.clone(), tag.with(&[("count", Some(&count))]));
                }
                "mergeCells" => {
                    let copies = merges(tag.prefix(), &flat, shift);
                    edits.put(tag.place.start..tag.place.start, copies);
                }
                "mergeCell" => {
                    let moved = tag.get("ref").map(|list| merge(&list, shift));
                    edits.put(tag.place.clone(), tag.with(&[("ref", moved.as_deref())]));
                }
                "selection" | "pane" | "sheetView" => {}
                "brk" if tag.number("id").is_some_and(|id| id > shift.after) => {
                    let id = tag.number("id").unwrap_or(0) + shift.count;
                    edits.put(
                        tag.place.clone(),
                        tag.with(&[("id", Some(&id.to_string()))]),
                    );
                }
                "sqref" => replace(edits, page.xml, &page.tags, at, &|list| shift.ranges(list)),
                name if FORMULAS.contains(&name) => {
                    let moved = |text: &str| moved(text, shift, true, self.name);
                    replace(edits, page.xml, &page.tags, at, &moved);
                }
                _ => move_ranges(edits, tag, shift),
            }
        }
    }
}

/// Moves the ranges in a tag's attributes.
pub(crate) fn move_ranges(edits: &mut Edits, tag: &Tag<'_>, shift: Shift) {
    for key in ["ref", "sqref"] {
        if let Some(list) = tag.get(key) {
            let moved = shift.ranges(&list);
            if moved != list {
                edits.put(tag.place.clone(), tag.with(&[(key, Some(&moved))]));
            }
        }
    }
}

/// Puts the text of the element that begins at a tag through a function.
pub(crate) fn replace(
    edits: &mut Edits,
    xml: &str,
    tags: &[Tag<'_>],
    at: usize,
    each: &dyn Fn(&str) -> String,
) {
    if let Some((place, raw)) = content(xml, tags, at) {
        let text = unescaped(raw);
        let moved = each(&text);
        if moved != *text {
            edits.put(place, escaped(&moved));
        }
    }
}

/// A merged region where its rows go: one of a single row stays of a single row.
fn merge(list: &str, shift: Shift) -> String {
    let Some(range) = Range::parse(list) else {
        return list.to_owned();
    };
    let rows = range.rows().map(|(first, last)| {
        if first == last {
            (shift.row(first), shift.row(first))
        } else {
            shift.rows(first, last)
        }
    });
    rows.map_or(list.to_owned(), |(first, last)| {
        range.with_rows(first, last).to_string()
    })
}

/// The merged regions of the pattern row, in every new row.
fn merges(prefix: &str, flat: &[(u32, u32)], shift: Shift) -> String {
    let mut text = String::new();
    for row in shift.after + 1..=shift.after + shift.count {
        for (left, right) in flat {
            let (left, right) = (column_letters(*left), column_letters(*right));
            text += &prefixed(prefix, &format!("{left}{row}:{right}{row}"));
        }
    }
    text
}

fn prefixed(prefix: &str, cells: &str) -> String {
    format!("<{prefix}mergeCell ref=\"{cells}\"/>")
}

/// A day as spreadsheets count it.
fn day_number(date: Date) -> Option<i64> {
    let (year, month, day) = FIRST_DAY;
    let first = Date::new(year, month, day)?;
    let counted = date.year() >= FIRST_YEAR && date.day().is_some();
    counted.then(|| i64::from(first.days_until(date)))
}
