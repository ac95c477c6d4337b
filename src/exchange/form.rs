//! A department's own form: their blank workbook, filled in and otherwise as they made it.
//!
//! The workbook is edited inside its archive: only the rows of one sheet, and what speaks of rows
//! that moved. Every other member is copied as it is.
//!
//! Invariant: a column whose heading is not understood is left blank, never guessed; a formula of
//! the form is never overwritten.

pub mod changes;

mod fill;

pub mod filled;

mod formula;

pub mod line;

mod members;

mod package;

mod page;

mod refs;

mod slots;

mod styles;

mod tags;

use crate::exchange::Refusal;
use crate::exchange::choices::Choices;
use crate::exchange::form::line::Fill;
use crate::exchange::form::line::MEMBERS_KEY;
use crate::exchange::form::line::SERIAL_KEY;
use crate::exchange::heading::Headings;
use crate::exchange::heading::normal;
use crate::exchange::intake::Column as Heading;
use crate::exchange::layout::hunt;
use crate::exchange::read;
use crate::exchange::read::Kind;
use crate::exchange::sheet::Sheet;
use crate::model::book::Book;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Meaning;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::Arc;
use uuid::Uuid;

/// The headings that say whom a row is about: a person, or else a household.
const NAMING: [(Table, FieldNo); 2] = [
    (Table::Person, person::NAME),
    (Table::Household, household::HEAD),
];
/// Headings of how many people a household has.
const MEMBERS: [&str; 7] = [
    "家庭人口",
    "家庭人口数",
    "家庭人数",
    "户人口",
    "户人口数",
    "人口数",
    "人数",
];

/// A form as the register keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Its name.
    pub name: String,
    /// The name of the file that it came from.
    pub file: String,
    /// What its workbook is known by: see [`digest`].
    pub workbook: String,
    /// The sheet that is filled.
    pub sheet: String,
    /// The row number of the headings.
    pub heading_row: usize,
    /// Its columns, from the first.
    pub columns: Vec<Blank>,
    /// Who is in it.
    pub query: String,
}

/// A column of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blank {
    /// Its heading.
    pub heading: String,
    /// What is filled in: a column's key, `serial`, `members`, `+CODE` for a yes or no; nothing
    /// where it is left blank.
    pub key: String,
}

/// Why a workbook cannot be a form.
#[derive(Debug)]
pub enum Unfit {
    /// It cannot be read.
    Refused(Refusal),
    /// It is no workbook of Excel since 2007.
    Kind,
    /// It has no such sheet; the sheets it has.
    NoSheet(Vec<String>),
    /// No row has headings with 姓名 or 户主.
    NoHeading,
    /// The map names a column that there is not: heading and key.
    Key(String, String),
    /// The map names a heading that the form does not have.
    Heading(String),
}

impl<T: Into<Refusal>> From<T> for Unfit {
    fn from(refusal: T) -> Unfit {
        Unfit::Refused(refusal.into())
    }
}

/// What a workbook is known by.
pub fn digest(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let half: [u8; 16] = std::array::from_fn(|at| hash[at]);
    Uuid::from_bytes(half).simple().to_string()
}

impl Form {
    /// Studies a blank workbook: its headings, and what goes under each. The map has keys for
    /// headings that are not understood, or not as they should be.
    pub fn study(
        name: &str,
        file: &str,
        bytes: &[u8],
        (sheet, map): (Option<&str>, &BTreeMap<String, String>),
        query: &str,
        book: &Book,
    ) -> Result<Form, Unfit> {
        let sheets = sheets(bytes)?;
        let headings = Headings::new(book, &Choices::default());
        let wanted = sheets
            .iter()
            .filter(|one| sheet.is_none_or(|name| one.name == name));
        let mut found = wanted.filter_map(|one| Some((one, hunt(one, &headings, &NAMING)?)));
        let Some((sheet, (_, last, columns))) = found.next() else {
            let named = sheet.filter(|name| sheets.iter().all(|one| one.name != **name));
            let all = || sheets.iter().map(|one| one.name.clone()).collect();
            return Err(named.map_or(Unfit::NoHeading, |_| Unfit::NoSheet(all())));
        };
        let mut columns: Vec<Blank> = columns.iter().map(Blank::of).collect();
        for (heading, key) in map {
            let is_it = |blank: &&mut Blank| normal(&blank.heading) == normal(heading);
            let mut meant = columns.iter_mut().filter(is_it).peekable();
            if Fill::parse(key).is_none() {
                return Err(Unfit::Key(heading.clone(), key.clone()));
            }
            if meant.peek().is_none() {
                return Err(Unfit::Heading(heading.clone()));
            }
            meant.for_each(|blank| blank.key.clone_from(key));
        }
        Ok(Form {
            name: name.to_owned(),
            file: file.to_owned(),
            workbook: digest(bytes),
            sheet: sheet.name.clone(),
            heading_row: sheet.row(last).map_or(0, |row| row.number),
            columns,
            query: query.to_owned(),
        })
    }

    /// The form that a setting holds, if it is one.
    pub fn read(setting: &str) -> Option<Form> {
        serde_json::from_str(setting).ok()
    }

    /// The form as a setting.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The forms of a register, by name.
    pub fn all(book: &Book) -> Vec<Form> {
        let settings = book
            .records()
            .filter(|(subject, _)| subject.table == Table::Setting);
        let mut forms: Vec<Form> = settings
            .filter_map(|(_, record)| Form::read(record.text(field::SETTING_TEXT)?))
            .collect();
        forms.sort_by(|one, other| one.name.cmp(&other.name));
        forms
    }

    /// The setting of a form's name: the same name is the same form on every machine.
    pub fn subject(name: &str) -> Subject {
        let hash = Sha256::digest(format!("form {name}").as_bytes());
        let id = std::array::from_fn(|at| hash[at]);
        Subject {
            table: Table::Setting,
            id: Uuid::from_bytes(id),
        }
    }

    /// The headings under which nothing is filled in.
    pub fn left_blank(&self) -> Vec<&str> {
        let blank = self.columns.iter().filter(|column| column.key.is_empty());
        blank
            .map(|column| column.heading.as_str())
            .filter(|heading| !heading.is_empty())
            .collect()
    }

    /// Whether a row is a household: there is 户主 and no 姓名.
    pub fn is_by_household(&self) -> bool {
        let fields: Vec<_> = self.fills().iter().filter_map(Fill::field).collect();
        let has = |(table, number): (Table, FieldNo)| {
            fields
                .iter()
                .any(|field| (field.table, field.number) == (table, number))
        };
        let [name, head] = NAMING;
        has(head) && !has(name)
    }
}

impl Blank {
    fn of(column: &Heading) -> Blank {
        let is_of_members = MEMBERS.contains(&normal(&column.heading).as_str());
        let key = if column.meaning == Meaning::Serial {
            SERIAL_KEY.to_owned()
        } else if column.meaning == Meaning::Unknown && is_of_members {
            MEMBERS_KEY.to_owned()
        } else {
            column.meaning.key()
        };
        Blank {
            heading: column.heading.clone(),
            key,
        }
    }
}

/// The sheets of a workbook, measured while they are read.
fn sheets(bytes: &[u8]) -> Result<Vec<Arc<Sheet>>, Unfit> {
    let source = read::read_from(&mut Cursor::new(bytes), "", &mut |_, _| {
        ControlFlow::Continue(())
    })?;
    if source.kind == Kind::Xlsx {
        Ok(source.sheets)
    } else {
        Err(Unfit::Kind)
    }
}
