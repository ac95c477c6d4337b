//! The divisions of GB/T 2260, abolished ones too, each under the full name of where it lay.
//!
//! Invariant: a division's province and prefecture are the ones that its own code names.

use crate::model::codes::Code;
use crate::model::codes::rows;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One division as the file has it.
struct Division {
    code: &'static str,
    full: String,
    /// The ways ledgers write it.
    aliases: String,
}

static DIVISIONS: LazyLock<Vec<Division>> =
    LazyLock::new(|| read(include_str!("../../../data/codes/division.csv")));

/// The divisions as a code table: the full name, and as aliases what ledgers write instead.
pub(super) fn codes() -> Vec<Code> {
    let code = |one: &'static Division| Code {
        code: one.code,
        zh: &one.full,
        en: &one.full,
        aliases: &one.aliases,
    };
    DIVISIONS.iter().map(code).collect()
}

fn read(text: &'static str) -> Vec<Division> {
    let cells = rows(text).filter_map(|row| {
        let (code, rest) = row.split_once(',')?;
        let (name, until) = rest.split_once(',')?;
        Some((code, name, until.is_empty()))
    });
    let cells: Vec<(&str, &str, bool)> = cells.collect();
    let names: HashMap<&str, &str> = cells.iter().map(|cell| (cell.0, cell.1)).collect();
    let mut alone: HashMap<&str, usize> = HashMap::new();
    for (_, name, _) in cells.iter().filter(|(_, _, current)| *current) {
        *alone.entry(name).or_default() += 1;
    }
    let division = |(code, name, current): &(&'static str, &'static str, bool)| {
        let above = path(code, &names);
        let whole = above.concat();
        let aliases = if *current {
            let brief: String = above.iter().map(|part| short(part)).collect();
            let mut before = vec![whole.as_str(), &brief];
            // A name that stands alone is taken for the one place that bears it today.
            if alone.get(name) == Some(&1) {
                before.push("");
                before.extend(above.first().map(|province| short(province)));
            }
            spellings(&before, name)
        } else {
            String::new()
        };
        Division {
            code,
            full: whole + name,
            aliases,
        }
    };
    cells.iter().map(division).collect()
}

/// A name, whole and short, after each of the names that may stand before it.
fn spellings(before: &[&str], name: &str) -> String {
    let each = before
        .iter()
        .flat_map(|above| [name, short(name)].map(|last| format!("{above}{last}")));
    each.collect::<Vec<_>>().join(" ")
}

/// The names of the province and the prefecture above a division.
fn path<'a>(code: &str, names: &HashMap<&str, &'a str>) -> Vec<&'a str> {
    let above = [2, 4].into_iter().filter_map(|digits| {
        let above = format!("{:0<6}", code.get(..digits)?);
        (above != code).then(|| names.get(above.as_str()).copied())?
    });
    let mut path: Vec<&str> = above.collect();
    // 省直辖县级行政区划 and 市辖区 are headings of the list, not places.
    path.retain(|name| !name.contains("直辖") && *name != "市辖区" && *name != "县");
    path
}

/// A name without what says its rank: 浙江, 杭州, 西湖.
fn short(name: &str) -> &str {
    const RANKS: &[&str] = &[
        "维吾尔自治区",
        "壮族自治区",
        "回族自治区",
        "特别行政区",
        "自治区",
        "地区",
        "省",
        "市",
        "区",
        "县",
    ];
    RANKS
        .iter()
        .find_map(|rank| name.strip_suffix(rank))
        .filter(|short| short.chars().count() > 1)
        .unwrap_or(name)
}
