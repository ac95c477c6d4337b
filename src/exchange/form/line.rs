//! What goes into the columns of a form, and the rows that it has.
//!
//! Invariant: what is closely kept goes out as in any list: hidden, unless the list is unmasked.

use crate::exchange::form::Form;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::List;
use crate::exchange::write::Scribe;
use crate::exchange::xlsx::Typed;
use crate::model::book::Book;
use crate::model::field;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::model::ruling::Meaning;
use std::collections::HashSet;

/// The key of a row's number in its list.
pub(crate) const SERIAL_KEY: &str = "serial";
/// The key of how many people a household has.
pub(crate) const MEMBERS_KEY: &str = "members";
/// What stands for a yes or no that is not shown.
const HIDDEN: &str = "***";

/// What is filled into a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fill {
    /// Nothing.
    Nothing,
    /// The row's number.
    Serial,
    /// How many people the household has.
    Members,
    /// Whether the person is in a category.
    In(CategoryCode),
    /// What a list has in such a column.
    Column(Column),
}

impl Fill {
    /// What a key stands for.
    pub(crate) fn parse(key: &str) -> Option<Fill> {
        match key.trim() {
            "" => Some(Fill::Nothing),
            SERIAL_KEY => Some(Fill::Serial),
            MEMBERS_KEY => Some(Fill::Members),
            key => match key.strip_prefix('+') {
                Some(code) => Some(Fill::In(CategoryCode(code.to_owned()))),
                None => write::column(key).map(Fill::Column),
            },
        }
    }

    /// The field, when it is one.
    pub(crate) fn field(&self) -> Option<&'static field::Field> {
        match self {
            Fill::Column(Column::Field(field)) => Some(field),
            Fill::Nothing | Fill::Serial | Fill::Members | Fill::In(_) | Fill::Column(_) => None,
        }
    }

    fn column(&self) -> Option<Column> {
        match self {
            Fill::Column(column) => Some(*column),
            Fill::Nothing | Fill::Serial | Fill::Members | Fill::In(_) => None,
        }
    }

    /// What the heading above means to those who read such a sheet.
    pub(crate) fn meaning(&self) -> Meaning {
        match self {
            Fill::Nothing | Fill::Members => Meaning::Unknown,
            Fill::Serial => Meaning::Serial,
            Fill::In(code) => Meaning::Category(Some(code.clone())),
            Fill::Column(Column::Field(field)) => Meaning::Field(field),
            Fill::Column(Column::Age) => Meaning::Age,
            Fill::Column(_) => Meaning::Category(None),
        }
    }
}

/// A row of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Whom it is about.
    pub person: PersonId,
    /// What stands in each column.
    pub cells: Vec<Typed>,
}

impl Form {
    /// Whom the rows are about: everyone found, or of every household found its head, where that
    /// is known.
    pub fn people(&self, found: Vec<PersonId>, book: &Book) -> Vec<PersonId> {
        if !self.is_by_household() {
            return found;
        }
        let mut seen = HashSet::new();
        let household = |id: &PersonId| book.household(book.person(*id)?.household()?);
        let rows = found.into_iter().filter_map(|id| match household(&id) {
            None => Some(id),
            Some(one) if !seen.insert(one.id) => None,
            Some(one) => one
                .head()
                .filter(|head| book.person(*head).is_some())
                .or(Some(id)),
        });
        rows.collect()
    }

    /// The rows for a list of people; the columns of the list are not looked at.
    pub fn rows(&self, list: &List<'_>) -> Vec<Line> {
        let fills = self.fills();
        let columns: Vec<Column> = fills.iter().filter_map(Fill::column).collect();
        let list = List {
            columns: &columns,
            ..*list
        };
        let scribe = Scribe::new(&list);
        let rows = (1..)
            .zip(list.people)
            .map(|(number, (person, categories))| {
                let mut shown = scribe.typed_cells(*person, categories).into_iter();
                let cells = fills.iter().map(|fill| match fill {
                    Fill::Nothing => Typed::Text(String::new()),
                    Fill::Serial => Typed::Number(number),
                    Fill::Members => Typed::Number(members(*person, list.book)),
                    Fill::In(code) => Typed::Text(answer(code, categories, &list)),
                    Fill::Column(_) => shown.next().unwrap_or(Typed::Text(String::new())),
                });
                Line {
                    person: *person,
                    cells: cells.collect(),
                }
            });
        rows.collect()
    }

    /// What is filled into each column.
    pub(crate) fn fills(&self) -> Vec<Fill> {
        let fills = self.columns.iter().map(|column| Fill::parse(&column.key));
        fills.map(|fill| fill.unwrap_or(Fill::Nothing)).collect()
    }
}

fn members(person: PersonId, book: &Book) -> i64 {
    let household = book.person(person).and_then(Person::household);
    household.map_or(1, |id| {
        i64::try_from(book.members(id).len()).unwrap_or(i64::MAX)
    })
}

/// Yes or no, in the list's language; hidden where the category is closely kept.
fn answer(code: &CategoryCode, held: &[String], list: &List<'_>) -> String {
    let Some(category) = list.book.category(code) else {
        return String::new();
    };
    if write::is_hidden(category, list.eyes) {
        return HIDDEN.to_owned();
    }
    let is_in = held.iter().any(|name| name == category.name(list.lang));
    let words = if is_in { ("是", "yes") } else { ("否", "no") };
    list.lang.pick(words.0, words.1).to_owned()
}
