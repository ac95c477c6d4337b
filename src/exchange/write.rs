//! Any list of people to a file.
//!
//! Invariant: identity numbers and phones go out as text; masked unless the caller says otherwise.

use crate::exchange::ExchangeError;
use crate::exchange::Format;
use crate::exchange::csv;
use crate::exchange::csv::Charset;
use crate::exchange::json;
use crate::exchange::xlsx;
use crate::exchange::xlsx::Typed;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::category::Category;
use crate::model::category::Sensitivity;
use crate::model::date::Date;
use crate::model::date::Precision;
use crate::model::field;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::field::Masking;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::mask;
use crate::model::person;
use crate::model::person::Person;
use crate::model::role::Eyes;
use crate::model::role::Sight;
use crate::model::value::Value;
use crate::model::visit::contact;
use std::collections::HashSet;
use std::io::Write;

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A field of the person, the household or the dwelling.
    Field(&'static Field),
    /// The whole address.
    Address,
    /// Age in full years.
    Age,
    /// The categories' names.
    Categories,
    /// When the person was last met.
    Seen,
    /// When what is known was last verified.
    Verified,
    /// The name as a notice board may show it: `张*明`.
    NoticeName,
    /// The address as a notice board may show it: down to the building.
    NoticeAddress,
}

/// What to write.
pub struct List<'a> {
    /// The records.
    pub book: &'a Book,
    /// Who, in order, each with the names of their categories.
    pub people: &'a [(PersonId, Vec<String>)],
    /// The columns.
    pub columns: &'a [Column],
    /// The day for ages.
    pub today: Date,
    /// The language of headings and codes.
    pub lang: Lang,
    /// Whose eyes it is for, and whether closely kept values go out whole.
    pub eyes: Eyes,
}

/// The keys of the columns that are no single field.
const KEYS: [(&str, Column); 7] = [
    ("address", Column::Address),
    ("addr", Column::Address),
    ("age", Column::Age),
    ("cat", Column::Categories),
    ("categories", Column::Categories),
    ("seen", Column::Seen),
    ("verified", Column::Verified),
];

/// What stands for a category that is not shown.
const HIDDEN: &str = "***";

/// The column of this name: a field's key, `address`, `age`, `cat`, `seen`, `verified`, or what any of
/// them is called in either language.
pub fn column(name: &str) -> Option<Column> {
    let is_listed = |table| matches!(table, Table::Person | Table::Household | Table::Dwelling);
    let listed = FIELDS.iter().filter(|field| is_listed(field.table));
    let field = field::called(listed, name);
    let key = field.map_or(name, |field| field.key);
    let headings = |column: Column| [Lang::Zh, Lang::En].map(|lang| column.heading(lang));
    let mut whole = KEYS.into_iter();
    let whole = whole.find(|(known, column)| *known == key || headings(*column).contains(&name));
    whole.map(|(_, column)| column).or(field.map(Column::Field))
}

impl Column {
    /// What stands above it.
    pub fn heading(self, lang: Lang) -> &'static str {
        match self {
            Column::Field(field) => field.label(lang),
            Column::NoticeName => lang.pick("姓名", "Name"),
            Column::Address | Column::NoticeAddress => lang.pick("现住址", "Address"),
            Column::Age => lang.pick("年龄", "Age"),
            Column::Categories => lang.pick("类别", "Category"),
            Column::Seen => lang.pick("上次见面", "Last seen"),
            Column::Verified => lang.pick("上次核实", "Last verified"),
        }
    }

    /// Its key.
    pub fn key(self) -> &'static str {
        match self {
            Column::Field(field) => field.key,
            Column::NoticeName => "name",
            Column::NoticeAddress => "address",
            Column::Address
            | Column::Age
            | Column::Categories
            | Column::Seen
            | Column::Verified => {
                let known = KEYS.iter().find(|(_, column)| *column == self);
                known.map_or("", |(key, _)| *key)
            }
        }
    }
}

/// What a notice board shows in a column's place: names and addresses cut short, and nothing by
/// which someone can be found or telephoned.
pub fn on_notice_board(column: Column) -> Option<Column> {
    match column {
        Column::Field(field) if (field.table, field.number) == (Table::Person, person::NAME) => {
            Some(Column::NoticeName)
        }
        Column::Field(field) => {
            let is_open = field.masking == Masking::Open && field.table == Table::Person;
            let is_public = matches!(field.kind, Kind::Code(_) | Kind::Flag | Kind::Number);
            (is_open && is_public).then_some(column)
        }
        Column::Address | Column::NoticeAddress => Some(Column::NoticeAddress),
        Column::Age | Column::Categories | Column::NoticeName => Some(column),
        // Who has not been seen for long is nobody else's business.
        Column::Seen | Column::Verified => None,
    }
}

/// The headings.
pub fn headings(list: &List<'_>) -> Vec<String> {
    let columns = list.columns.iter();
    columns
        .map(|one| one.heading(list.lang).to_owned())
        .collect()
}

/// Writes one person's cells after another's: which categories nobody may see is looked up once.
pub struct Scribe<'a> {
    list: &'a List<'a>,
    hidden: HashSet<&'a str>,
}

impl<'a> Scribe<'a> {
    /// One for a list; of its people or of any others.
    pub fn new(list: &'a List<'a>) -> Scribe<'a> {
        let categories = list.book.categories().into_iter();
        let hidden = categories.filter(|one| is_hidden(*one, list.eyes));
        Scribe {
            list,
            hidden: hidden
                .flat_map(|one| [one.name(Lang::Zh), one.name(Lang::En)])
                .collect(),
        }
    }

    /// One person's cells.
    pub fn cells(&self, person: PersonId, categories: &[String]) -> Vec<String> {
        let cells = cells(self.list, person, || self.named(categories));
        cells.unwrap_or_else(|| vec![String::new(); self.list.columns.len()])
    }

    /// One person's cells as a spreadsheet should hold them.
    pub fn typed_cells(&self, person: PersonId, categories: &[String]) -> Vec<Typed> {
        let cells = self.cells(person, categories).into_iter();
        cells.zip(self.list.columns).map(typed).collect()
    }

    /// The categories' names. Locked ones never go out; sensitive ones only unmasked.
    fn named(&self, names: &[String]) -> String {
        let shown = |name: &String| !self.hidden.contains(name.as_str());
        let mut shown: Vec<&str> = names
            .iter()
            .map(|name| if shown(name) { name } else { HIDDEN })
            .collect();
        shown.dedup();
        shown.join("、")
    }
}

/// A person's cells; none for somebody who is not there.
fn cells(
    list: &List<'_>,
    person: PersonId,
    categories: impl Fn() -> String,
) -> Option<Vec<String>> {
    let person = list.book.person(person)?;
    let household = person.household().and_then(|id| list.book.household(id));
    let home = household.and_then(|one| list.book.dwelling(one.dwelling()?));
    let cell = |column: &Column| match column {
        Column::Field(field) => {
            let record = match field.table {
                Table::Household => household.map(|one| one.record),
                Table::Dwelling => home.map(|one| one.record),
                Table::Person
                | Table::Assertion
                | Table::Category
                | Table::View
                | Table::Setting
                | Table::Visit => Some(person.record),
            };
            record
                .and_then(|record| record.get(field.number))
                .map(|value| shown(list, field, &value))
        }
        Column::NoticeName => Some(mask::name(person.name())),
        Column::Address => home.map(|home| home.address().to_string()),
        Column::NoticeAddress => home.map(|home| home.address().block().to_string()),
        Column::Age => person.age(list.today).map(|age| age.to_string()),
        Column::Categories => Some(categories()),
        Column::Seen => contact(list.book, person.id)
            .seen
            .map(|date| date.to_string()),
        Column::Verified => contact(list.book, person.id)
            .verified
            .map(|date| date.to_string()),
    };
    let cells = list.columns.iter();
    Some(cells.map(|one| cell(one).unwrap_or_default()).collect())
}

fn shown(list: &List<'_>, field: &Field, value: &Value) -> String {
    match (field.kind, value) {
        (Kind::Link(table), Value::Link(id)) => linked(list, Subject { table, id: *id }),
        _ => list.eyes.show(field, value, list.lang),
    }
}

/// What a linked record is called.
fn linked(list: &List<'_>, subject: Subject) -> String {
    let book = list.book;
    let name = match subject.table {
        Table::Person => book
            .person(PersonId(subject.id))
            .map(|one| one.name().to_owned()),
        Table::Household => book
            .household(HouseholdId(subject.id))
            .and_then(|one| one.number().map(str::to_owned)),
        Table::Dwelling => book
            .dwelling(DwellingId(subject.id))
            .map(|one| one.address().to_string()),
        Table::Assertion | Table::Category | Table::View | Table::Setting | Table::Visit => None,
    };
    name.unwrap_or_default()
}

/// How a list goes out. A mark says who took it out, when, what for and for whom.
#[derive(Debug, Clone, Copy)]
pub enum Dress<'a> {
    /// Comma-separated values; a mark stands on a line of its own above them, which reading skips as
    /// it does any title.
    Csv(Charset, Option<&'a str>),
    /// JSON lines, which ignore the columns and are lossless when unmasked; a mark comes first.
    Json(Option<&'a str>),
    /// A workbook; a mark stands above the rows, in the footer and in its properties.
    Xlsx(Option<&'a str>),
}

/// Writes a list in the usual dress of a format.
pub fn write(
    list: &List<'_>,
    format: Format,
    mark: Option<&str>,
    out: &mut dyn Write,
) -> Result<(), ExchangeError> {
    let dress = match format {
        Format::Csv => Dress::Csv(Charset::Utf8Marked, mark),
        Format::Json => Dress::Json(mark),
        Format::Xlsx => Dress::Xlsx(mark),
    };
    write_as(list, dress, out)
}

/// Writes a list.
pub fn write_as(
    list: &List<'_>,
    dress: Dress<'_>,
    out: &mut dyn Write,
) -> Result<(), ExchangeError> {
    let scribe = Scribe::new(list);
    let rows = list
        .people
        .iter()
        .map(|(id, names)| scribe.cells(*id, names));
    let written = match dress {
        Dress::Csv(charset, mark) => {
            let mark = mark.map(|mark| vec![mark.to_owned()]);
            let all = std::iter::once(headings(list)).chain(rows.clone());
            let who = std::iter::once("").chain(list.people.iter().map(|(id, _)| name(list, *id)));
            if charset == Charset::Gb18030 {
                fits(who.zip(all.clone()), charset)?;
            }
            csv::write(mark.into_iter().chain(all), charset, out)
        }
        Dress::Json(mark) => {
            let people = list.people.iter().map(|(id, _)| *id);
            let marked = mark.map_or(Ok(()), |mark| json::write_mark(mark, out));
            marked.and_then(|()| json::write(list.book, people, list.eyes, out))
        }
        Dress::Xlsx(mark) => {
            let typed = rows.map(|row| row.into_iter().zip(list.columns).map(typed).collect());
            let name = list.lang.pick("居民", "Residents");
            xlsx::write(name, mark, &headings(list), typed).and_then(|bytes| out.write_all(&bytes))
        }
    };
    written.map_err(|source| ExchangeError::Write { source })
}

fn name<'a>(list: &List<'a>, person: PersonId) -> &'a str {
    list.book.person(person).map_or("", Person::name)
}

/// Whether every cell has bytes in an encoding; whose has not, otherwise.
fn fits<'a>(
    mut rows: impl Iterator<Item = (&'a str, Vec<String>)>,
    charset: Charset,
) -> Result<(), ExchangeError> {
    let lacking = rows.find_map(|(who, cells)| {
        let what = cells.iter().find_map(|cell| charset.lacks(cell))?;
        Some((who.to_owned(), what))
    });
    lacking.map_or(Ok(()), |(who, what)| {
        Err(ExchangeError::Unencodable { who, what })
    })
}

/// Whether nobody may see who is in a category.
pub(crate) fn is_hidden(category: Category<'_>, eyes: Eyes) -> bool {
    let sensitivity = category.sensitivity();
    sensitivity == Sensitivity::Locked || eyes.category(sensitivity) != Sight::Clear
}

/// A cell as a spreadsheet should hold it. Identity numbers and phones stay text.
fn typed((text, column): (String, &Column)) -> Typed {
    let kind = match column {
        Column::Field(field) => field.kind,
        Column::Age => Kind::Number,
        Column::Seen | Column::Verified => Kind::Date,
        Column::Address | Column::Categories | Column::NoticeName | Column::NoticeAddress => {
            Kind::Text
        }
    };
    let date = || Date::parse(&text).filter(|date| date.precision() == Precision::Day);
    let typed = match kind {
        Kind::Number => text.parse().ok().map(Typed::Number),
        Kind::Date => date().map(Typed::Date),
        Kind::Text
        | Kind::Code(_)
        | Kind::Flag
        | Kind::IdNumber
        | Kind::Phones
        | Kind::Link(_)
        | Kind::Words => None,
    };
    typed.unwrap_or(Typed::Text(text))
}
