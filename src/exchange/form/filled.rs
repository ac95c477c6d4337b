//! A form filled in: the sheet, and what follows from it in the rest of the workbook.
//!
//! Invariant: what is neither filled nor moved comes out with the very bytes it had.

use crate::exchange::form::Form;
use crate::exchange::form::NAMING;
use crate::exchange::form::Unfit;
use crate::exchange::form::changes::Changes;
use crate::exchange::form::fill::Filling;
use crate::exchange::form::fill::Work;
use crate::exchange::form::line::Fill;
use crate::exchange::form::line::Line;
use crate::exchange::form::members::Book;
use crate::exchange::form::package::Package;
use crate::exchange::form::page::Page;
use crate::exchange::form::sheets;
use crate::exchange::form::slots::Sight;
use crate::exchange::form::slots::Slots;
use crate::exchange::form::styles::Styles;
use crate::exchange::intake::Column;
use crate::exchange::sheet::Sheet;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::Table;

/// A form filled in.
#[derive(Debug)]
pub struct Filled {
    /// The workbook.
    pub bytes: Vec<u8>,
    /// How many rows of it held something before: an example, or an earlier filing.
    pub overwritten: u32,
}

impl Form {
    /// The workbook with its rows filled in, marked where they changed since an earlier filing.
    pub fn fill(
        &self,
        bytes: &[u8],
        rows: &[Line],
        changes: Option<&Changes>,
        mark: Option<&str>,
    ) -> Result<Filled, Unfit> {
        let sheets = sheets(bytes)?;
        let names = || sheets.iter().map(|one| one.name.clone()).collect();
        let sheet = sheets.iter().find(|one| one.name == self.sheet);
        let sheet = sheet.ok_or_else(|| Unfit::NoSheet(names()))?;
        let mut package = Package::open(bytes)?;
        let parts = Book::find(&mut package)?;
        let member = parts
            .sheet(&self.sheet)
            .ok_or_else(|| Unfit::NoSheet(names()))?;
        let xml = package.needed(member)?;
        let page = Page::read(&xml)?;
        let mut styles = match &parts.styles {
            Some(styles) => Styles::read(package.needed(styles)?)?,
            None => Styles::default(),
        };
        let slots = self.slots(sheet, &page, &styles);
        let rows: Vec<Filling> = rows
            .iter()
            .map(|line| self.filling(line, changes))
            .collect();
        let mut work = Work {
            page: &page,
            name: &self.sheet,
            styles: &mut styles,
            slots,
            rows: &rows,
        };
        let made = work.made();
        let shift = work.shift();
        package.put(member, Some(made));
        if let Some(member) = &parts.styles {
            package.put(member, styles.made()?);
        }
        parts.follow(&mut package, &self.sheet, shift)?;
        if let Some(mark) = mark {
            package.remark(mark)?;
        }
        Ok(Filled {
            bytes: package.made()?,
            overwritten: slots.filled,
        })
    }

    fn slots(&self, sheet: &Sheet, page: &Page<'_>, styles: &Styles) -> Slots {
        let fills = self.fills();
        let fields: Vec<_> = fills.iter().map(Fill::field).collect();
        let place = |naming: &(Table, FieldNo)| {
            let is_it = |field: &Field| (field.table, field.number) == *naming;
            fields.iter().position(|field| field.is_some_and(is_it))
        };
        let headings = self
            .columns
            .iter()
            .zip(&fills)
            .map(|(column, fill)| Column {
                heading: column.heading.clone(),
                meaning: fill.meaning(),
            });
        let headings: Vec<Column> = headings.collect();
        let sight = Sight {
            sheet,
            page,
            styles,
            columns: &headings,
            naming: NAMING.iter().find_map(place).unwrap_or(0),
            heading: self.heading_row as u32,
        };
        sight.slots()
    }

    fn filling(&self, line: &Line, changes: Option<&Changes>) -> Filling {
        let marks = changes.and_then(|changes| changes.marks(line.person));
        let cells = (0..).zip(self.columns.iter().zip(&line.cells));
        let filled = cells.filter(|(_, (column, _))| !column.key.is_empty());
        filled
            .map(|(at, (_, cell)): (usize, _)| {
                let is_marked = marks.is_some_and(|marks| marks.contains(&at));
                (at as u32 + 1, (cell.clone(), is_marked))
            })
            .collect()
    }
}
