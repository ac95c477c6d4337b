//! JSON lines, lossless.
//!
//! One line is one person: `{"person":{"uuid":..,..},"household":{"uuid":..},"dwelling":{"uuid":..},
//! "assertions":[{"uuid":..}],"visits":[{"uuid":..}],"merged":[{"uuid":..}]}`, fields by their keys and
//! codes as codes. Visits, and records that were merged into the person's, go out unmasked only.
//! Everybody at once, unmasked, brings the households and dwellings of nobody along: lines without
//! `"person"`.
//!
//! Invariant: what is written unmasked is read back to the same records; a masked line is never
//! read, for masks are no facts.

use crate::exchange::Limit;
use crate::exchange::Refusal;
use crate::exchange::csv;
use crate::exchange::entry::Claim;
use crate::exchange::entry::Entry;
use crate::exchange::entry::Weight;
use crate::exchange::intake::Reason;
use crate::exchange::sheet::Sheet;
use crate::exchange::sheet::is_longer;
use crate::model::Lang;
use crate::model::address::Address;
use crate::model::assertion;
use crate::model::assertion::Assertion;
use crate::model::book::Book;
use crate::model::clean;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::role::Eyes;
use crate::model::role::Sight;
use crate::model::value::Phone;
use crate::model::value::Value;
use crate::model::visit;
use serde_json::Map;
use serde_json::Value as Json;
use std::collections::HashSet;
use std::io::Write;
use uuid::Uuid;

/// The key of a record's own id; `id` is a person's identity number.
const RECORD: &str = "uuid";

/// A record that comes with its own id.
pub type Whole = (Subject, Vec<(FieldNo, Value)>);

/// One person with everything about them.
#[derive(Debug)]
pub struct Dossier {
    /// What a row of a ledger would say: by this the person is matched.
    pub entry: Entry,
    /// The id.
    pub person: PersonId,
    /// The household.
    pub household: Option<Whole>,
    /// The dwelling.
    pub dwelling: Option<Whole>,
    /// The records that lead to the person: see [`LEADING`].
    pub leading: Vec<Whole>,
}

/// What a line holds.
#[derive(Debug)]
pub enum Told {
    /// A person.
    Person(Box<Dossier>),
    /// A household of nobody with its dwelling, or a dwelling of no household.
    Home(Vec<Whole>),
}

/// The records that lead to a person, by the key of their list and the field that leads.
pub const LEADING: [(&str, Table, FieldNo); 3] = [
    ("assertions", Table::Assertion, assertion::PERSON),
    ("visits", Table::Visit, visit::PERSON),
    ("merged", Table::Person, person::MERGED),
];

/// The most characters of a line.
const LONGEST_LINE: usize = 1 << 20;

/// The lines of a file, each a row of one cell; blank lines are no rows.
pub fn sheet(bytes: &[u8], name: &str) -> Result<Sheet, Refusal> {
    let text = csv::decode(bytes);
    let mut sheet = Sheet::new(name);
    for (number, line) in (1..).zip(text.lines()) {
        if is_longer(line, LONGEST_LINE) {
            return Err(Limit::Characters(LONGEST_LINE, number).into());
        }
        if !line.trim().is_empty() && !line.starts_with(MARK) {
            sheet.push_line(number, line)?;
        }
    }
    Ok(sheet)
}

/// Reads a line; one that is no record is refused, not the file.
pub fn record(line: &str) -> Result<Told, Reason> {
    let wrong = |what: String| Reason::Cell("JSON".to_owned(), what);
    serde_json::from_str(line)
        .map_err(|fault| wrong(fault.to_string()))
        .and_then(|json: Json| told(&json).map_err(wrong))
}

fn told(json: &Json) -> Result<Told, String> {
    if json.get("masked").is_some() {
        return Err("masked".to_owned());
    }
    let part = |table, key| json.get(key).map(|json| whole(table, json)).transpose();
    let household = part(Table::Household, "household")?;
    let dwelling = part(Table::Dwelling, "dwelling")?;
    if let Some(person) = part(Table::Person, "person")? {
        return dossier(json, &person, household, dwelling).map(|one| Told::Person(Box::new(one)));
    }
    let home: Vec<Whole> = household.into_iter().chain(dwelling).collect();
    if home.is_empty() {
        return Err("person?".to_owned());
    }
    Ok(Told::Home(home))
}

fn dossier(
    json: &Json,
    person: &Whole,
    household: Option<Whole>,
    dwelling: Option<Whole>,
) -> Result<Dossier, String> {
    let mut leading = Vec::new();
    for (key, table, _) in LEADING {
        let records = json.get(key).and_then(Json::as_array);
        for json in records.into_iter().flatten() {
            leading.push(whole(table, json)?);
        }
    }
    let mut entry = Entry::default();
    for (subject, fields) in [Some(person), household.as_ref(), dwelling.as_ref()]
        .into_iter()
        .flatten()
    {
        for (number, value) in fields {
            tell(&mut entry, subject.table, *number, value);
        }
    }
    Ok(Dossier {
        entry,
        person: PersonId(person.0.id),
        household,
        dwelling,
        leading,
    })
}

/// Adds a field to what a row of a ledger would say.
fn tell(entry: &mut Entry, table: Table, number: FieldNo, value: &Value) {
    let Address {
        estate,
        building,
        unit,
        room,
        rest,
    } = &mut entry.address;
    let slot = match number {
        _ if table != Table::Dwelling => None,
        household::ESTATE => Some(estate),
        household::BUILDING => Some(building),
        household::UNIT => Some(unit),
        household::ROOM => Some(room),
        household::ADDRESS_TEXT => Some(rest),
        _ => None,
    };
    if let Some(slot) = slot {
        *slot = Some(value.plain());
    } else if let Some(field) = field::of(table, number)
        && !matches!(field.kind, Kind::Link(_))
    {
        entry.claims.push(Claim {
            field,
            value: value.clone(),
            weight: Weight::Said,
        });
    }
}

fn whole(table: Table, json: &Json) -> Result<Whole, String> {
    let object = json.as_object().ok_or("{}?")?;
    let id = object.get(RECORD).and_then(Json::as_str).ok_or("uuid?")?;
    let id = Uuid::parse_str(id).map_err(|fault| fault.to_string())?;
    let mut fields = Vec::new();
    for (key, json) in object.iter().filter(|(key, _)| *key != RECORD) {
        let field = field::by_key(key).filter(|field| field.table == table);
        let field = field.ok_or_else(|| format!("{key}?"))?;
        let value = from_json(field, json).ok_or_else(|| format!("{key}: {json}"))?;
        fields.push((field.number, value));
    }
    fields.sort_by_key(|(number, _)| *number);
    Ok((Subject { table, id }, fields))
}

fn from_json(field: &Field, json: &Json) -> Option<Value> {
    let text = || {
        json.as_str()
            .map(|text| clean::line(text).into_owned())
            .filter(|text| !text.is_empty())
    };
    // A category's code is a code of the taxonomy, which is no table of data/codes.
    let is_category = field.table == Table::Assertion && field.number == assertion::CATEGORY;
    match field.kind {
        Kind::Text if is_category => text().map(Value::Code),
        Kind::Text => text().map(Value::Text),
        Kind::Code(_) => text().map(Value::Code),
        Kind::Date => Date::parse(json.as_str()?).map(Value::Date),
        Kind::Flag => json.as_bool().map(Value::Flag),
        Kind::Number => json.as_i64().map(Value::Number),
        Kind::IdNumber => text().map(Value::IdNumber),
        Kind::Phones => json
            .as_array()?
            .iter()
            .map(phone)
            .collect::<Option<_>>()
            .map(Value::Phones),
        Kind::Link(_) => Uuid::parse_str(json.as_str()?).ok().map(Value::Link),
        Kind::Words => json
            .as_array()?
            .iter()
            .map(|word| Some(clean::line(word.as_str()?).into_owned()))
            .collect::<Option<_>>()
            .map(Value::Words),
    }
}

fn phone(json: &Json) -> Option<Phone> {
    let part = |key| Some(clean::line(json.get(key)?.as_str()?).into_owned());
    Some(Phone {
        number: part("number")?,
        label: part("label"),
    })
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(_) | Value::Code(_) | Value::IdNumber(_) | Value::Date(_) | Value::Link(_) => {
            value.plain().into()
        }
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => (*number).into(),
        Value::Phones(phones) => phones
            .iter()
            .map(|phone| match &phone.label {
                Some(label) => serde_json::json!({"number": phone.number, "label": label}),
                None => serde_json::json!({"number": phone.number}),
            })
            .collect(),
        Value::Words(words) => words.iter().map(String::as_str).collect(),
    }
}

/// How the line begins that says who took the list out: it is no record.
const MARK: &str = "{\"export\":";

/// Writes that line.
pub fn write_mark(mark: &str, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{MARK}{}}}", Json::from(mark))
}

/// Writes people as JSON lines, with the records that belong to them.
pub fn write(
    book: &Book,
    people: impl Iterator<Item = PersonId>,
    eyes: Eyes,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut written: HashSet<Subject> = HashSet::new();
    for id in people {
        let household = book.person(id).and_then(Person::household);
        let dwelling = household.and_then(|id| book.household(id)?.dwelling());
        let mut line = Map::new();
        if !eyes.is_whole() {
            line.insert("masked".to_owned(), Json::Bool(true));
        }
        let parts = [
            ("person", Some(id.subject())),
            ("household", household.map(HouseholdId::subject)),
            ("dwelling", dwelling.map(DwellingId::subject)),
        ];
        for (key, subject) in parts.into_iter().filter_map(|(key, one)| Some((key, one?))) {
            put(&mut line, key, subject, book, eyes);
            written.insert(subject);
        }
        for (key, table, _) in LEADING {
            let records = leading(book, id, table, eyes).into_iter();
            let list: Vec<Json> = records
                .filter_map(|subject| Some(object(subject, book.record(subject)?, eyes)))
                .collect();
            if !list.is_empty() {
                line.insert(key.to_owned(), Json::Array(list));
            }
        }
        end_line(&line, out)?;
    }
    let is_written = |one: Person<'_>| written.contains(&one.id.subject());
    if eyes.is_whole() && book.people().all(is_written) {
        write_empty(book, &mut written, eyes, out)?;
    }
    Ok(())
}

/// Writes the households of nobody, then the dwellings of no household.
fn write_empty(
    book: &Book,
    written: &mut HashSet<Subject>,
    eyes: Eyes,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for household in book.households() {
        let subject = household.id.subject();
        if written.insert(subject) {
            let mut line = Map::new();
            put(&mut line, "household", subject, book, eyes);
            if let Some(dwelling) = household.dwelling() {
                put(&mut line, "dwelling", dwelling.subject(), book, eyes);
                written.insert(dwelling.subject());
            }
            end_line(&line, out)?;
        }
    }
    for dwelling in book.dwellings() {
        let subject = dwelling.id.subject();
        if written.insert(subject) {
            let mut line = Map::new();
            put(&mut line, "dwelling", subject, book, eyes);
            end_line(&line, out)?;
        }
    }
    Ok(())
}

/// Adds a record to a line, if there is one.
fn put(line: &mut Map<String, Json>, key: &str, subject: Subject, book: &Book, eyes: Eyes) {
    if let Some(record) = book.record(subject) {
        line.insert(key.to_owned(), object(subject, record, eyes));
    }
}

fn end_line(line: &Map<String, Json>, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

/// The records of a table that lead to a person.
fn leading(book: &Book, id: PersonId, table: Table, eyes: Eyes) -> Vec<Subject> {
    match table {
        Table::Assertion => {
            let is_seen = |one: &Assertion<'_>| {
                let category = one.category();
                category.is_none_or(|code| is_seen(book, &code, eyes))
            };
            let shown = book.assertions(id).filter(is_seen);
            shown.map(|one| one.id.subject()).collect()
        }
        Table::Visit if eyes.is_whole() => book.visits(id).map(|one| one.id.subject()).collect(),
        Table::Person if eyes.is_whole() => {
            let direct = book.aliases(id).iter();
            let all = direct.flat_map(|alias| {
                let earlier = leading(book, *alias, table, eyes);
                std::iter::once(alias.subject()).chain(earlier)
            });
            all.collect()
        }
        Table::Person
        | Table::Visit
        | Table::Household
        | Table::Dwelling
        | Table::Category
        | Table::View
        | Table::Setting => Vec::new(),
    }
}

fn object(subject: Subject, record: &Record, eyes: Eyes) -> Json {
    let mut object = Map::new();
    object.insert(RECORD.to_owned(), subject.id.to_string().into());
    for (number, value) in record.iter() {
        if let Some(field) = field::of(subject.table, number) {
            let value = &value.owned();
            let json = match eyes.field(field) {
                Sight::Hidden => continue,
                Sight::Masked => eyes.show(field, value, Lang::Zh).into(),
                Sight::Clear => to_json(value),
            };
            object.insert(field.key.to_owned(), json);
        }
    }
    Json::Object(object)
}

/// Whether these eyes see who is in a category.
fn is_seen(book: &Book, code: &CategoryCode, eyes: Eyes) -> bool {
    book.category(code)
        .is_none_or(|category| eyes.category(category.sensitivity()) == Sight::Clear)
}
