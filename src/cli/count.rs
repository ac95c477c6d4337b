//! `jumin count`: how many people answer a query, whole or by one or two properties.
//!
//! Invariant: everyone is counted, those of whom a property is unknown under their own line; a
//! category line counts people, so its lines may add up to more than the total.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::index::Index;
use crate::model::address::Address;
use crate::model::codes;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::Masking;
use crate::model::ids::PersonId;
use crate::model::ids::Table as Records;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::words::grouped;
use std::cmp::Ordering;
use std::collections::HashMap;

/// The age bands of the starter taxonomy, each by its first year.
const BANDS: [(i32, &str); 9] = [
    (0, "0-2"),
    (3, "3-6"),
    (7, "7-15"),
    (16, "16-17"),
    (18, "18-59"),
    (60, "60-79"),
    (80, "80-89"),
    (90, "90-99"),
    (100, "100+"),
];

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    #[arg(long, value_name = "KEY[,KEY]", value_delimiter = ',')]
    by: Vec<String>,
}

/// A property to count by.
enum By {
    Category,
    Age,
    Building,
    Field(&'static Field),
}

/// One value of a property, with its place among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    place: Place,
    label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    At(usize),
    Address(Address),
    Text,
    Unknown,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let register = desk.open()?;
    let index = register.index();
    let query = ask::query(args.query.as_deref(), index)?;
    let by: Vec<By> = args
        .by
        .iter()
        .map(|key| property(key.trim()))
        .collect::<Result<_, _>>()?;
    let people = ask::people(&query, index);
    match by.as_slice() {
        [] => desk.lines(&[people.len().to_string()])?,
        [rows] => one_way(rows, &people, index, desk)?,
        [rows, columns] => two_way(rows, columns, &people, index, desk)?,
        _ => return Err(Fault::wrong("cli-fault-by-three", &[])),
    }
    Ok(Exit::Done)
}

/// The property that a key, a label or an alias means.
fn property(text: &str) -> Result<By, Fault> {
    const OWN: [(By, &[&str]); 3] = [
        (By::Category, &["category", "cat", "类别"]),
        (By::Age, &["age", "年龄", "年龄段"]),
        (By::Building, &["building", "b", "栋", "楼栋"]),
    ];
    if let Some((by, _)) = OWN.into_iter().find(|(_, names)| names.contains(&text)) {
        return Ok(by);
    }
    field::called(countable(), text)
        .map(By::Field)
        .ok_or_else(|| {
            let coded =
                |field: &&Field| matches!(field.kind, field::Kind::Code(_) | field::Kind::Flag);
            let keys: Vec<&str> = countable().filter(coded).map(|field| field.key).collect();
            let args = [("key", text.into()), ("keys", keys.join(" ").into())];
            Fault::wrong("cli-fault-by", &args)
        })
}

/// Open fields whose values repeat among people.
fn countable() -> impl Iterator<Item = &'static Field> + Clone {
    field::FIELDS.iter().filter(|field| {
        let repeats = matches!(
            field.kind,
            field::Kind::Code(_) | field::Kind::Flag | field::Kind::Text
        );
        let kept = matches!(
            field.table,
            Records::Person | Records::Household | Records::Dwelling
        );
        repeats && kept && field.masking == Masking::Open
    })
}

fn one_way(by: &By, people: &[PersonId], index: &Index, desk: &mut Desk) -> Result<(), Fault> {
    let mut counts = Counts::default();
    for id in people {
        for group in groups(by, *id, index, desk) {
            counts.add(group, "");
        }
    }
    let headings = vec![label(by, desk), desk.words.say("cli-people")];
    let mut table = Table::new(headings).right([1]);
    for group in counts.rows() {
        table.row(vec![group.label.clone(), counts.shown(&group.label, "")]);
    }
    table.row(vec![
        desk.words.say("cli-total"),
        grouped(people.len() as u64),
    ]);
    desk.lines(&table.lines())
}

fn two_way(
    by_row: &By,
    by_column: &By,
    people: &[PersonId],
    index: &Index,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let mut counts = Counts::default();
    let mut across = Counts::default();
    for id in people {
        let columns = groups(by_column, *id, index, desk);
        for group in groups(by_row, *id, index, desk) {
            for column in &columns {
                counts.add(group.clone(), &column.label);
            }
            counts.add(group, "");
        }
        for column in columns {
            across.add(column, "");
        }
    }
    let columns = across.rows();
    let mut headings = vec![label(by_row, desk)];
    headings.extend(columns.iter().map(|column| column.label.clone()));
    headings.push(desk.words.say("cli-total"));
    let mut table = Table::new(headings).right(1..columns.len() + 2);
    for group in counts.rows() {
        let mut row = vec![group.label.clone()];
        row.extend(
            columns
                .iter()
                .map(|column| counts.shown(&group.label, &column.label)),
        );
        row.push(counts.shown(&group.label, ""));
        table.row(row);
    }
    let mut row = vec![desk.words.say("cli-total")];
    row.extend(columns.iter().map(|column| across.shown(&column.label, "")));
    row.push(grouped(people.len() as u64));
    table.row(row);
    desk.lines(&table.lines())
}

/// How many people are in which row and column; the column without a name is the row's total.
#[derive(Default)]
struct Counts {
    places: HashMap<String, Place>,
    cells: HashMap<(String, String), u64>,
}

impl Counts {
    fn add(&mut self, group: Group, column: &str) {
        *self
            .cells
            .entry((group.label.clone(), column.to_owned()))
            .or_default() += 1;
        self.places.insert(group.label, group.place);
    }

    /// The rows in their order.
    fn rows(&self) -> Vec<Group> {
        let mut rows: Vec<Group> = self
            .places
            .iter()
            .map(|(label, place)| Group {
                place: place.clone(),
                label: label.clone(),
            })
            .collect();
        rows.sort_by(Group::order);
        rows
    }

    fn shown(&self, row: &str, column: &str) -> String {
        let cell = self.cells.get(&(row.to_owned(), column.to_owned()));
        grouped(cell.copied().unwrap_or_default())
    }
}

impl Group {
    fn order(&self, other: &Group) -> Ordering {
        match (&self.place, &other.place) {
            (Place::At(one), Place::At(two)) => one.cmp(two),
            (Place::Address(one), Place::Address(two)) => one.order(two),
            (Place::Unknown, Place::Unknown) | (Place::Text, Place::Text) => Ordering::Equal,
            (Place::Unknown, _) => Ordering::Greater,
            (_, Place::Unknown) => Ordering::Less,
            // A property gives one kind of place, so what is left cannot meet.
            (Place::At(_) | Place::Address(_) | Place::Text, _) => Ordering::Equal,
        }
        .then_with(|| self.label.cmp(&other.label))
    }
}

/// The values of a property that one person has: one, or for categories all of them.
fn groups(by: &By, id: PersonId, index: &Index, desk: &Desk) -> Vec<Group> {
    let Some(person) = index.book().person(id) else {
        return Vec::new();
    };
    let found = match by {
        By::Category => return categories(id, index, desk),
        By::Age => person.age(index.today()).and_then(band),
        By::Building => building(person, index),
        By::Field(field) => of_field(field, person, index, desk),
    };
    vec![found.unwrap_or_else(|| unknown(desk))]
}

fn unknown(desk: &Desk) -> Group {
    Group {
        place: Place::Unknown,
        label: desk.words.say("cli-unknown"),
    }
}

/// Every category that someone is in; statistics name the sensitive ones too, for no one is named.
fn categories(id: PersonId, index: &Index, desk: &Desk) -> Vec<Group> {
    let mut found = Vec::new();
    for standing in index
        .standings(id)
        .iter()
        .filter(|standing| ask::holds(standing))
    {
        let Some(name) = ask::category(&standing.code, index, desk, true) else {
            continue;
        };
        let rank = index
            .book()
            .category(&standing.code)
            .map_or(i64::MAX, |category| category.rank());
        let group = Group {
            place: Place::At(usize::try_from(rank).unwrap_or(usize::MAX)),
            label: format!("{} {name}", standing.code),
        };
        if !found.contains(&group) {
            found.push(group);
        }
    }
    if found.is_empty() {
        found.push(unknown(desk));
    }
    found
}

fn band(age: i32) -> Option<Group> {
    let (at, (_, label)) = (0..)
        .zip(BANDS)
        .filter(|(_, (from, _))| *from <= age)
        .last()?;
    Some(Group {
        place: Place::At(at),
        label: label.to_owned(),
    })
}

fn building(person: Person<'_>, index: &Index) -> Option<Group> {
    let building = index.book().home(person)?.address().block();
    (!building.is_empty()).then(|| Group {
        label: building.to_string(),
        place: Place::Address(building),
    })
}

fn of_field(field: &Field, person: Person<'_>, index: &Index, desk: &Desk) -> Option<Group> {
    let record = record(field, person, index)?;
    let value = record.get(field.number)?;
    let place = match field.kind {
        field::Kind::Code(table) => {
            let code = value.plain();
            let at = codes::table(table).iter().position(|one| one.code == code);
            Place::At(at.unwrap_or(usize::MAX))
        }
        field::Kind::Text
        | field::Kind::Date
        | field::Kind::Flag
        | field::Kind::Number
        | field::Kind::IdNumber
        | field::Kind::Phones
        | field::Kind::Link(_)
        | field::Kind::Words => Place::Text,
    };
    Some(Group {
        place,
        label: field.show(&value, desk.lang()),
    })
}

/// The record of a person, the household or the dwelling that holds a field.
fn record<'a>(field: &Field, person: Person<'a>, index: &'a Index) -> Option<&'a Record> {
    match field.table {
        Records::Person => Some(person.record),
        Records::Household => Some(index.book().household(person.household()?)?.record),
        Records::Dwelling => Some(index.book().home(person)?.record),
        Records::Assertion
        | Records::Category
        | Records::View
        | Records::Setting
        | Records::Visit => None,
    }
}

fn label(by: &By, desk: &Desk) -> String {
    match by {
        By::Category => desk.words.say("cli-category"),
        By::Age => desk.words.say("cli-age"),
        By::Building => desk.words.say("cli-building"),
        By::Field(field) => field.label(desk.lang()).to_owned(),
    }
}
