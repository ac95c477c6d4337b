//! Tables of web pages, as old systems export them under the name of .xls.
//!
//! Invariant: cells stand where a browser would show them, rows and columns that they span
//! included; what a browser would not show (scripts, styles) is no text.

use crate::exchange::Limit;
use crate::exchange::MOST_COLUMNS;
use crate::exchange::MOST_SHEETS;
use crate::exchange::Refusal;
use crate::exchange::Strange;
use crate::exchange::grid::Grid;
use crate::exchange::sheet::Area;
use crate::exchange::sheet::Sheet;
use html5gum::DefaultEmitter;
use html5gum::StartTag;
use html5gum::Token;
use html5gum::Tokenizer;

/// Tables inside tables inside tables: no page that shows a list goes deeper.
const DEEPEST: usize = 16;
/// The most rows that a cell spans, as browsers have it.
const MOST_SPANNED: u32 = 65_534;
/// Whose text is never shown.
const MUTE: [&[u8]; 8] = [
    b"script",
    b"style",
    b"title",
    b"xml",
    b"noscript",
    b"template",
    b"textarea",
    b"select",
];

/// Reads the tables that hold anything, in the order in which they begin.
pub fn sheets(text: &str, name: &str) -> Result<Vec<Sheet>, Refusal> {
    let mut page = Page::default();
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag)?,
            Token::EndTag(tag) => page.close(&tag.name)?,
            Token::String(text) => page.say(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    while !page.open.is_empty() {
        page.close(b"table")?;
    }
    page.done.sort_by_key(|(order, _)| *order);
    let count = page.done.len();
    if count == 0 {
        return Err(Strange::Page.into());
    }
    let tables = page.done.into_iter().map(|(_, table)| table);
    let named = (1..).zip(tables).map(|(at, table)| {
        let name = if count == 1 { name } else { &format!("#{at}") };
        let mut sheet = table.grid.into_sheet(name)?;
        sheet.merged = table.merged;
        Ok(sheet)
    });
    named.collect()
}

/// A page that is being read.
#[derive(Default)]
struct Page {
    /// The tables that are open, the innermost last, with their places among all.
    open: Vec<(usize, Table)>,
    done: Vec<(usize, Table)>,
    begun: usize,
    /// Tables that are open but too deep to be kept.
    ignored: usize,
    /// The tag whose text is not shown.
    mute: Option<Vec<u8>>,
}

impl Page {
    fn open(&mut self, tag: &StartTag<()>) -> Result<(), Limit> {
        let name = tag.name.as_slice();
        if self.mute.is_some() {
            return Ok(());
        }
        if MUTE.contains(&name) {
            self.mute = (!tag.self_closing).then(|| name.to_vec());
            return Ok(());
        }
        if name == b"table" {
            if self.open.len() < DEEPEST {
                self.begun += 1;
                self.open.push((self.begun, Table::default()));
            } else {
                self.ignored += 1;
            }
            return Ok(());
        }
        let Some((_, table)) = self.open.last_mut() else {
            return Ok(());
        };
        match name {
            b"tr" => table.open_row(hides(tag))?,
            b"td" | b"th" => table.open_cell(number(tag, b"colspan"), number(tag, b"rowspan"))?,
            b"br" | b"p" | b"div" | b"li" => table.break_line(),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Limit> {
        if let Some(mute) = &self.mute {
            if mute == name {
                self.mute = None;
            }
            // A page that forgets to close a style sheet has a table all the same.
            if name != b"table" {
                return Ok(());
            }
        }
        let Some((_, table)) = self.open.last_mut() else {
            return Ok(());
        };
        match name {
            b"td" | b"th" => table.close_cell(),
            b"tr" => {
                table.close_cell()?;
                table.is_in_row = false;
                Ok(())
            }
            b"table" if self.ignored > 0 => {
                self.ignored -= 1;
                Ok(())
            }
            b"table" => {
                table.close_cell()?;
                let closed = self.open.pop().filter(|(_, table)| !table.grid.is_empty());
                self.done.extend(closed);
                if self.done.len() > MOST_SHEETS {
                    return Err(Limit::Sheets(MOST_SHEETS));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn say(&mut self, text: &str) {
        if self.mute.is_none()
            && let Some((_, table)) = self.open.last_mut()
        {
            table.say(text);
        }
    }
}

/// A table that is being read.
#[derive(Default)]
struct Table {
    grid: Grid,
    merged: Vec<Area>,
    /// The row after the last that was opened.
    next_row: u32,
    is_in_row: bool,
    /// For each column, the row after the last that a cell above spans.
    taken: Vec<u32>,
    column: usize,
    cell: Option<Cell>,
}

/// A cell that is being read.
struct Cell {
    row: u32,
    column: usize,
    text: String,
}

impl Table {
    fn open_row(&mut self, is_hidden: bool) -> Result<(), Limit> {
        self.close_cell()?;
        if is_hidden {
            self.grid.hidden.insert(self.next_row);
        }
        self.next_row += 1;
        self.column = 0;
        self.is_in_row = true;
        Ok(())
    }

    fn open_cell(&mut self, across: u32, down: u32) -> Result<(), Limit> {
        self.close_cell()?;
        if !self.is_in_row {
            self.open_row(false)?;
        }
        let row = self.next_row - 1;
        while self
            .taken
            .get(self.column)
            .is_some_and(|until| *until > row)
        {
            self.column += 1;
        }
        let column = self.column;
        // Beyond the most columns nothing can stand, so nothing is kept of what is spanned there.
        let last = column
            .saturating_add(across.max(1) as usize)
            .min(MOST_COLUMNS + 1);
        let down = down.clamp(1, MOST_SPANNED);
        if self.taken.len() < last {
            self.taken.resize(last, 0);
        }
        for until in self.taken.iter_mut().take(last).skip(column) {
            *until = row + down;
        }
        if down > 1 || last > column + 1 {
            self.merged.push(Area {
                top: row as usize + 1,
                bottom: (row + down) as usize,
                left: column,
                right: last.saturating_sub(1),
            });
        }
        self.column = last.max(column);
        self.cell = Some(Cell {
            row,
            column,
            text: String::new(),
        });
        Ok(())
    }

    fn close_cell(&mut self) -> Result<(), Limit> {
        match self.cell.take() {
            Some(cell) => self
                .grid
                .put(cell.row, cell.column as u32, cell.text.trim()),
            None => Ok(()),
        }
    }

    /// Adds text to the open cell, its runs of spaces and line ends as one space.
    fn say(&mut self, text: &str) {
        let Some(cell) = &mut self.cell else { return };
        for c in text.chars() {
            let is_space = c.is_ascii_whitespace();
            if !is_space {
                cell.text.push(c);
            } else if !cell.text.ends_with([' ', '\n']) {
                cell.text.push(' ');
            }
        }
    }

    fn break_line(&mut self) {
        if let Some(cell) = &mut self.cell
            && !cell.text.is_empty()
        {
            cell.text.push('\n');
        }
    }
}

fn attribute<'a>(tag: &'a StartTag<()>, name: &[u8]) -> Option<std::borrow::Cow<'a, str>> {
    let value = tag.attributes.get(name)?;
    Some(String::from_utf8_lossy(value))
}

fn number(tag: &StartTag<()>, name: &[u8]) -> u32 {
    attribute(tag, name)
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(1)
}

/// Whether a row is not shown.
fn hides(tag: &StartTag<()>) -> bool {
    let style = attribute(tag, b"style").unwrap_or_default().to_lowercase();
    let style: String = style.split_whitespace().collect();
    style.contains("display:none") || tag.attributes.contains_key(&b"hidden"[..])
}

#[cfg(test)]
mod tests {
    use super::sheets;

    fn rows(html: &str) -> Vec<Vec<(usize, String)>> {
        let sheets = sheets(html, "a").unwrap();
        let row = |row: crate::exchange::sheet::Row<'_>| {
            (row.number, row.cells().collect::<Vec<_>>().join("|"))
        };
        sheets
            .iter()
            .map(|sheet| sheet.rows().map(row).collect())
            .collect()
    }

    #[test]
    fn cells_stand_where_a_browser_shows_them() {
        let html = "<table><tr><th rowspan=2>户&#20027;<th colspan='2'>家庭<br>成员</tr>\
            <tr><td>姓名<td>性别</tr><tr><td colspan=2>a<td> b\n  c&nbsp;</table>";
        let want = ["户主|家庭\n成员", "|姓名|性别", "a||b c"];
        let want: Vec<(usize, String)> = (1..).zip(want.map(str::to_owned)).collect();
        assert_eq!(rows(html), [want]);
        let sheet = &sheets(html, "a").unwrap()[0];
        assert_eq!(sheet.merged.len(), 3);
        assert_eq!((sheet.merged[0].bottom, sheet.merged[1].right), (2, 2));
    }

    #[test]
    fn tables_in_tables_are_tables() {
        let html = "<style><table></style><table><tr><td><table><tr><td>in<script><td>no</script>\
            </table>out<tr style='DISPLAY: none'><td>hid</table><table></table><p>no</p>";
        let tables = rows(html);
        assert_eq!(tables[0], [(1, "out".to_owned()), (2, "hid".to_owned())]);
        assert_eq!(tables[1], [(1, "in".to_owned())]);
        let sheets = sheets(html, "a").unwrap();
        assert!(sheets[0].row(1).unwrap().hidden);
        assert_eq!(sheets[1].name, "#2");
    }
}
