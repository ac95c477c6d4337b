//! The code tables of `data/codes/`: national standards and a few local lists.
//!
//! Invariant: a code once shipped stays; tables only grow.

pub mod division;

use crate::model::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code, such as `01`.
    pub code: &'static str,
    /// Its Chinese name.
    pub zh: &'static str,
    /// Its English name.
    pub en: &'static str,
    /// Other ways ledgers write it, between spaces.
    pub aliases: &'static str,
}

/// A table that has been read, with a way from every spelling to its code.
struct Table {
    codes: Vec<Code>,
    /// Where each code stands in the table.
    places: HashMap<&'static str, usize>,
    spellings: HashMap<String, &'static str>,
}

/// Names the tables that are read as they stand; divisions have their own reader.
macro_rules! sources {
    ($($name:literal)*) => {
        /// The small tables by name.
        const SOURCES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../data/codes/", $name, ".csv"))),)*];
    };
}

sources! {
    "sex" "marriage" "employment" "politics" "education" "health" "relation" "ethnic" "hukou-kind"
    "military" "id-type" "residence" "arrival-reason" "unit-type" "life" "household-kind"
    "dwelling-use" "retire-kind" "assertion-status" "visit-result"
}

static SMALL: LazyLock<HashMap<&'static str, Table>> = LazyLock::new(|| {
    let read = |(name, text): &(&'static str, &'static str)| {
        (*name, Table::new(rows(text).map(code).collect()))
    };
    SOURCES.iter().map(read).collect()
});

/// Apart from the small ones, which are needed at once while this one may never be.
static DIVISIONS: LazyLock<Table> = LazyLock::new(|| Table::new(division::codes()));

impl Table {
    fn new(codes: Vec<Code>) -> Table {
        let mut spellings = HashMap::new();
        // A code's own spelling wins over a name, and a name over another code's alias.
        let passes: [fn(&Code) -> Vec<&'static str>; 3] = [
            |one| vec![one.code],
            |one| vec![one.zh, one.en],
            |one| one.aliases.split(' ').collect(),
        ];
        for pass in passes {
            for one in &codes {
                for spelling in pass(one) {
                    spellings.entry(fold(spelling)).or_insert(one.code);
                }
            }
        }
        spellings.remove("");
        let places = (0..).zip(&codes).map(|(at, one)| (one.code, at)).collect();
        Table {
            codes,
            places,
            spellings,
        }
    }
}

/// The codes of a table, in its order; empty for a table that does not exist.
pub fn table(name: &str) -> &'static [Code] {
    of(name).map_or(&[], |table| &table.codes)
}

/// The name of a code; of a division, its full name.
pub fn name(table: &str, code: &str, lang: Lang) -> Option<&'static str> {
    let table = of(table)?;
    let one = table.codes.get(*table.places.get(code)?)?;
    Some(lang.pick(one.zh, one.en))
}

/// The code that a text means: the code itself, a name, or an alias, also without the leading
/// zero of a code or the 族 and 人员 at the end of a name.
pub fn find(table: &str, text: &str) -> Option<&'static str> {
    let spellings = &of(table)?.spellings;
    let text = fold(text);
    let known = |text: &str| spellings.get(text).copied();
    let trimmed = || {
        ["族", "人员", "类", "户口"]
            .iter()
            .find_map(|end| known(text.strip_suffix(end)?))
    };
    let padded = || {
        text.parse::<u8>()
            .ok()
            .and_then(|_| known(&format!("0{text}")))
    };
    known(&text).or_else(trimmed).or_else(padded)
}

/// The full name of a division of GB/T 2260 (`330106` is 浙江省杭州市西湖区), abolished ones too.
pub fn division(code: &str) -> Option<String> {
    name("division", code, Lang::Zh).map(str::to_owned)
}

fn of(name: &str) -> Option<&'static Table> {
    if name == "division" {
        Some(&DIVISIONS)
    } else {
        SMALL.get(name)
    }
}

/// A spelling without spaces, in lower case, brackets and slashes in ASCII.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(|c| {
            match c {
                // The full-width forms stand in the same order as ASCII.
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                _ => c,
            }
            .to_lowercase()
        })
        .collect()
}

/// The rows of a table: the lines after its comments and its heading.
fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1)
}

fn code(row: &'static str) -> Code {
    let mut cells = row.split(',');
    let mut next = || cells.next().unwrap_or_default();
    Code {
        code: next(),
        zh: next(),
        en: next(),
        aliases: next(),
    }
}
