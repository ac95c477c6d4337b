//! One row of cells to what it says of a person.
//!
//! Invariant: a blank cell says nothing; a cell in trouble is named and costs only itself.

use crate::exchange::cell;
use crate::exchange::cell::Trouble;
use crate::exchange::heading;
use crate::exchange::heading::Headings;
use crate::exchange::intake::Column;
use crate::exchange::life;
use crate::exchange::rounded;
use crate::exchange::schooling::Schooling;
use crate::exchange::serial::Border;
use crate::exchange::serial::Serial;
use crate::exchange::verdict::Problem;
use crate::model::Lang;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::category;
use crate::model::clean;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Meaning;
use crate::model::value::Value;
use std::borrow::Cow;

/// Words in the place of a category that put nobody in one.
const ORDINARY: [&str; 7] = [
    "无",
    "-",
    "普通居民",
    "一般居民",
    "人户一致",
    "人户同在",
    "正常",
];

/// How firmly a row says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It stands in a cell of its own.
    Said,
    /// It follows from another cell; it fills a gap and contradicts nobody.
    Implied,
}

/// One value that a row claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The field.
    pub field: &'static Field,
    /// The value.
    pub value: Value,
    /// How firmly.
    pub weight: Weight,
}

/// What a row says.
#[derive(Debug, Default)]
pub struct Entry {
    /// Fields of the person, the household (but its head) and the dwelling (but its address).
    pub claims: Vec<Claim>,
    /// The address.
    pub address: Address,
    /// The head's name.
    pub head: Option<String>,
    /// The year of birth that an age means.
    pub age: Option<Date>,
    /// What is left of a damaged identity number.
    pub hint: Option<String>,
    /// The whole numbers that a damaged one can have been.
    pub numbers: Vec<String>,
    /// The categories it puts the person in.
    pub categories: Vec<CategoryCode>,
    /// The state of life that words beside the name tell: a suggestion, no claim.
    pub life: Option<&'static str>,
    /// What its number in the list tells of households.
    pub border: Option<Border>,
    /// Cells that were not taken, or not as they stand.
    pub problems: Vec<Problem>,
}

impl Entry {
    /// What the row claims for a field.
    pub fn get(&self, table: Table, number: FieldNo) -> Option<&Value> {
        self.claims
            .iter()
            .find(|claim| claim.field.table == table && claim.field.number == number)
            .map(|claim| &claim.value)
    }

    /// The text that the row claims for a person's field.
    pub fn text(&self, number: FieldNo) -> Option<&str> {
        self.get(Table::Person, number)?.text()
    }

    /// The name.
    pub fn name(&self) -> &str {
        self.text(person::NAME).unwrap_or_default()
    }

    /// The birth date.
    pub fn birth(&self) -> Option<Date> {
        match self.get(Table::Person, person::BIRTH) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// Whether the row says that the person is the head of the household.
    pub fn is_head(&self) -> bool {
        matches!(self.text(person::RELATION), Some("01" | "02"))
            || self.head.as_deref().is_some_and(|head| head == self.name())
    }

    /// Whether a household begins with the row.
    pub fn begins(&self) -> bool {
        self.border == Some(Border::Begins) || self.is_head()
    }

    /// Whether the row says anything of a household.
    pub fn tells_of_a_home(&self) -> bool {
        !self.address.is_empty()
            || self.head.is_some()
            || self.get(Table::Household, household::NUMBER).is_some()
    }

    /// Claims a value, unless the field has one.
    fn claim(&mut self, field: &'static Field, value: Value, weight: Weight) {
        if self.get(field.table, field.number).is_none() {
            self.claims.push(Claim {
                field,
                value,
                weight,
            });
        }
    }

    fn imply(&mut self, number: FieldNo, value: Value) {
        if let Some(field) = field::of(Table::Person, number) {
            self.claim(field, value, Weight::Implied);
        }
    }

    fn trouble(&mut self, (at, column): (usize, &Column), text: &str, trouble: Trouble) {
        self.problems.push(Problem {
            column: Some(at),
            heading: column.heading.clone(),
            text: text.to_owned(),
            trouble,
        });
    }

    /// Tells of a trouble that is not one cell's.
    pub fn contradiction(&mut self, heading: &str, text: &str, trouble: Trouble) {
        self.problems.push(Problem {
            column: None,
            heading: heading.to_owned(),
            text: text.to_owned(),
            trouble,
        });
    }
}

/// The last address that was read: those who live together stand together, nearly always.
#[derive(Default)]
pub struct Last {
    text: String,
    address: Address,
}

impl Last {
    fn parse(&mut self, text: &str) -> &Address {
        if self.text != text {
            self.address = Address::parse(text);
            text.clone_into(&mut self.text);
        }
        &self.address
    }
}

/// Reads rows under known columns.
pub struct Reader<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// The words of the taxonomy.
    pub headings: &'a Headings,
    /// The taxonomy.
    pub book: &'a Book,
    /// The day for ages.
    pub today: Date,
    /// The code table of schooling.
    pub schooling: Schooling,
    /// What the rows' numbers tell of households.
    pub serial: Serial,
}

impl Reader<'_> {
    /// What a row says. A number that was decided stands in for the damaged one.
    pub fn read(&self, cells: &[&str], number: Option<&str>, last: &mut Last) -> Entry {
        let mut entry = Entry {
            claims: Vec::with_capacity(self.columns.len()),
            border: self.serial.border(cells),
            ..Entry::default()
        };
        let mut identity = None;
        for (at, cell) in self.columns.iter().enumerate().zip(cells) {
            let column = at.1;
            let text = clean::line(cell);
            if text.is_empty() {
                continue;
            }
            match &column.meaning {
                Meaning::Field(field) if field.kind == Kind::IdNumber => {
                    identity = Some((at, number.map_or(text, Cow::Borrowed)));
                }
                Meaning::Field(field) => self.field(&mut entry, at, field, &text, last),
                Meaning::Category(None) => self.named(&mut entry, at, &text),
                Meaning::Category(Some(code)) => self.ticked(&mut entry, at, &code.0, &text),
                Meaning::Age => match cell::birth_of_age(&text, self.today) {
                    Ok(year) => entry.age = Some(year),
                    Err(trouble) => entry.trouble(at, &text, trouble),
                },
                Meaning::Serial | Meaning::Unknown | Meaning::Forbidden => {}
            }
        }
        if let Some((at, text)) = identity {
            identify(&mut entry, at, &text);
        }
        entry
    }

    fn field(
        &self,
        entry: &mut Entry,
        at: (usize, &Column),
        field: &'static Field,
        text: &str,
        last: &mut Last,
    ) {
        match (field.table, field.number) {
            (Table::Dwelling, part) if is_part(part) => place(&mut entry.address, part, text, last),
            (Table::Household, household::HEAD) => entry.head = Some(cell::name(text).0),
            (Table::Person, person::NAME) => {
                let (name, note) = cell::name(text);
                if !name.is_empty() {
                    entry.claim(field, Value::Text(name), Weight::Said);
                }
                if let Some(note) = note {
                    entry.note(&note);
                }
            }
            (Table::Person, person::NOTE) => entry.note(text),
            (Table::Person, person::EDUCATION) => {
                let code = self.schooling.read(text);
                match code.and_then(|text| cell::value(field, text, self.today)) {
                    Ok(Some(value)) => entry.claim(field, value, Weight::Said),
                    Ok(None) => {}
                    Err(trouble) => entry.trouble(at, text, trouble),
                }
            }
            (Table::Person, person::SEX) if is_numeric(text) => {
                // Some systems count 0 male, others 0 unknown: the identity number decides.
                if text == "1" || text == "2" {
                    entry.claim(field, Value::Code(text.to_owned()), Weight::Implied);
                }
            }
            _ => {
                // Of a state of life people also write when: 2019年去世.
                let state = life::is_it(field).then(|| life::told(text)).flatten();
                match cell::value(field, state.unwrap_or(text), self.today) {
                    Ok(Some(value)) => entry.claim(field, value, Weight::Said),
                    Ok(None) => {}
                    Err(trouble) => entry.trouble(at, text, trouble),
                }
            }
        }
    }

    /// A cell with names of categories.
    fn named(&self, entry: &mut Entry, at: (usize, &Column), text: &str) {
        for word in cell::words(text) {
            if ORDINARY.contains(&word.as_str()) {
                continue;
            }
            if heading::is_forbidden(&word) {
                entry.trouble(at, "", Trouble::Forbidden);
                continue;
            }
            match self.headings.category(&word) {
                Some(code) => self.classify(entry, at, code, &[&word]),
                None if imply_code(entry, &[&word]) => {}
                None if codes::find("life", &word) == Some(life::ON_ROLLS) => {}
                None if entry.remark(&word) => {}
                None => entry.trouble(at, &word, Trouble::Category),
            }
        }
    }

    /// A cell that says whether the person is in one category.
    fn ticked(&self, entry: &mut Entry, at: (usize, &Column), code: &str, text: &str) {
        let is_named = self.headings.category(text) == Some(code);
        match cell::flag(text) {
            Ok(false) => {}
            Err(trouble) if !is_named => entry.trouble(at, text, trouble),
            Ok(true) | Err(_) => self.classify(entry, at, code, &[]),
        }
    }

    /// Puts the person in a category. One that a rule derives is not asserted, since the assertion
    /// would outlive the facts; the fact that its name tells is taken instead. Of a row's categories
    /// that exclude each other the first is taken.
    fn classify(&self, entry: &mut Entry, at: (usize, &Column), code: &str, words: &[&str]) {
        let code = CategoryCode(code.to_owned());
        let Some(category) = self.book.category(&code) else {
            return;
        };
        match category.kind() {
            category::Kind::Derived => {
                let aliases = category.aliases();
                let names: Vec<&str> = words
                    .iter()
                    .copied()
                    .chain([category.name(Lang::Zh)])
                    .chain(aliases)
                    .collect();
                if !imply_code(entry, &names) {
                    entry.trouble(at, category.name(Lang::Zh), Trouble::Derived);
                }
            }
            category::Kind::Suggested | category::Kind::Asserted => {
                if entry.categories.contains(&code) {
                    return;
                }
                let excludes = |other: &&CategoryCode| {
                    let group = |code| self.book.category(code)?.exclusive();
                    category.exclusive().is_some() && group(*other) == category.exclusive()
                };
                let other = entry.categories.iter().find(excludes);
                match other.and_then(|other| self.book.category(other)) {
                    Some(other) => {
                        let trouble = Trouble::Exclusive(other.name(Lang::Zh).to_owned());
                        entry.trouble(at, category.name(Lang::Zh), trouble);
                    }
                    None => entry.categories.push(code),
                }
            }
        }
    }
}

impl Entry {
    /// Takes a remark for what it tells of the state of life. Returns whether it tells any.
    fn remark(&mut self, text: &str) -> bool {
        let told = life::told(text);
        self.life = self.life.or(told);
        told.is_some()
    }

    /// Adds to the note.
    fn note(&mut self, text: &str) {
        self.remark(text);
        let known = self
            .claims
            .iter_mut()
            .find(|claim| claim.field.table == Table::Person && claim.field.number == person::NOTE);
        if let Some(claim) = known {
            claim.value = Value::Text(format!("{};{text}", claim.value.plain()));
        } else if let Some(field) = field::of(Table::Person, person::NOTE) {
            self.claim(field, Value::Text(text.to_owned()), Weight::Said);
        }
    }
}

/// Takes a word such as 党员 for the code that it is in a field from which categories derive.
/// Returns whether it is one.
fn imply_code(entry: &mut Entry, names: &[&str]) -> bool {
    let fields = [person::POLITICS, person::EMPLOYMENT, person::HEALTH];
    for field in fields
        .iter()
        .filter_map(|number| field::of(Table::Person, *number))
    {
        let Kind::Code(table) = field.kind else {
            continue;
        };
        if let Some(code) = names.iter().find_map(|name| codes::find(table, name)) {
            entry.claim(field, Value::Code(code.to_owned()), Weight::Implied);
            return true;
        }
    }
    false
}

/// Reads the identity number last, when what it is checked against is known.
fn identify(entry: &mut Entry, at: (usize, &Column), text: &str) {
    let identity = cell::identity(text);
    if let Some(trouble) = identity.trouble {
        if trouble == Trouble::Rounded {
            let plain = cell::folded(text).to_uppercase();
            entry.numbers = rounded::candidates(&plain, entry.text(person::SEX));
        }
        entry.trouble(at, text, trouble);
    }
    if let (Some(number), Meaning::Field(field)) = (identity.number, &at.1.meaning) {
        entry.claim(field, Value::IdNumber(number), Weight::Said);
    }
    entry.hint = identity.hint;
    if let Some(birth) = identity.birth {
        match entry.birth() {
            Some(said) if !crate::exchange::merge::agree(said, birth) => {
                entry.contradiction("出生日期", &said.to_string(), Trouble::BirthDiffers);
            }
            Some(_) | None => entry.imply(person::BIRTH, Value::Date(birth)),
        }
    }
    if let Some(sex) = identity.sex {
        entry
            .claims
            .retain(|claim| claim.weight == Weight::Said || claim.field.number != person::SEX);
        if entry.text(person::SEX).is_some_and(|said| said != sex) {
            entry.contradiction("性别", "", Trouble::SexDiffers);
        }
        entry.imply(person::SEX, Value::Code(sex.to_owned()));
    }
}

fn is_numeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_part(number: FieldNo) -> bool {
    [
        household::ESTATE,
        household::BUILDING,
        household::UNIT,
        household::ROOM,
        household::ADDRESS_TEXT,
    ]
    .contains(&number)
}

/// Puts a cell into an address. What stands in a part's own column wins over the whole address.
fn place(address: &mut Address, part: FieldNo, text: &str, last: &mut Last) {
    let Address {
        estate,
        building,
        unit,
        room,
        rest,
    } = address;
    if part == household::ESTATE {
        *estate = Some(text.to_owned());
        return;
    }
    let slot = match part {
        household::BUILDING => Some(&mut *building),
        household::UNIT => Some(&mut *unit),
        household::ROOM => Some(&mut *room),
        _ => None,
    };
    let is_bare = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if let Some(slot) = slot
        && is_bare
    {
        *slot = Some(text.to_owned());
        return;
    }
    let parsed = last.parse(text).clone();
    let understood = parsed.building.is_some() || parsed.unit.is_some() || parsed.room.is_some();
    if part == household::ADDRESS_TEXT || understood {
        for (slot, found) in [
            (estate, parsed.estate),
            (building, parsed.building),
            (unit, parsed.unit),
            (room, parsed.room),
            (rest, parsed.rest),
        ] {
            if slot.is_none() {
                *slot = found;
            }
        }
    } else {
        match part {
            household::BUILDING => *building = Some(text.to_owned()),
            household::UNIT => *unit = Some(text.to_owned()),
            _ => *room = Some(text.to_owned()),
        }
    }
}
