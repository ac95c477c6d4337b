//! KEYS, the table of what may stand before a colon, and the words that some keys take.
//!
//! Invariant: the keys of fields come from FIELDS; only those of computed things are written here.

use crate::model::Lang;
use crate::model::assertion;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::field::called;
use crate::model::household;
use crate::model::ids::Table;
use crate::model::person;
use crate::query::Lack;
use crate::query::SortKey;
use crate::query::State;

/// What a key asks about, and so which values it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// Full years.
    Age,
    /// People of the household in the dwelling.
    Size,
    /// Months since (negative: to) the retirement month.
    Retired,
    /// Categories.
    Category,
    /// Proposed categories.
    Suggested,
    /// A state.
    Is,
    /// Something missing.
    No,
    /// Something there.
    Has,
    /// The order of the list.
    Sort,
    /// A name in any spelling.
    Name,
    /// A part of the address.
    Part(Part),
    /// A whole address.
    Address,
    /// The beginning of an assertion.
    Since,
    /// The review of an assertion, or the next visit.
    Due,
    /// When the person was last met.
    Seen,
    /// When the person was last verified.
    Verified,
    /// Who has called on the person.
    By,
    /// The source or evidence of an assertion.
    Source,
    /// The value of a field.
    Field(&'static Field),
    /// Months since a date field.
    Months(&'static Field),
}

/// A part of an address that has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 小区.
    Estate,
    /// 栋.
    Building,
    /// 单元.
    Unit,
    /// 室.
    Room,
}

/// A key of something computed.
#[derive(Debug)]
pub struct Key {
    /// The name before the colon.
    pub name: &'static str,
    /// The Chinese label, which is a name too.
    pub zh: &'static str,
    /// The English label.
    pub en: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// What it asks about.
    pub sense: Sense,
}

macro_rules! keys {
    ($($name:literal, $zh:literal, $en:literal, [$($alias:literal)*], $sense:ident;)*) => {
        /// Every key of something computed.
        pub const KEYS: &[Key] = &[$(Key {
            name: $name, zh: $zh, en: $en, aliases: &[$($alias),*], sense: Sense::$sense,
        },)*];
    };
}

keys! {
"age", "年龄", "Age", ["岁" "岁数" "周岁" "nl"], Age;
"size", "户人数", "Household size", ["人数" "户人口" "家庭人口"], Size;
"retired", "退休月数", "Months retired", ["到龄" "退休"], Retired;
"suggest", "建议", "Suggested", ["建议类别" "suggested" "jy"], Suggested;
"is", "是", "Is", ["标记"], Is;
"no", "缺", "No", ["无" "缺少" "without"], No;
"has", "有", "Has", ["with"], Has;
"seen", "上次见面", "Last seen", ["见面" "走访" "visited"], Seen;
"verified", "上次核实", "Last verified", ["核实"], Verified;
"due", "到期", "Due", ["复核" "复核日期" "应访"], Due;
"by", "走访人", "Visited by", ["worker"], By;
"sort", "排序", "Sort", ["排" "order" "px"], Sort;
}

/// Fields whose key asks for more than their stored value.
const READ: &[(Table, FieldNo, Sense)] = &[
    (Table::Person, person::NAME, Sense::Name),
    (
        Table::Dwelling,
        household::ESTATE,
        Sense::Part(Part::Estate),
    ),
    (
        Table::Dwelling,
        household::BUILDING,
        Sense::Part(Part::Building),
    ),
    (Table::Dwelling, household::UNIT, Sense::Part(Part::Unit)),
    (Table::Dwelling, household::ROOM, Sense::Part(Part::Room)),
    (Table::Dwelling, household::ADDRESS_TEXT, Sense::Address),
    (Table::Assertion, assertion::CATEGORY, Sense::Category),
    (Table::Assertion, assertion::FROM, Sense::Since),
    (Table::Assertion, assertion::SOURCE, Sense::Source),
];

/// Names of fields that only a query would use: they are too short or too common to head a column.
const SHORT: &[(&str, &str)] = &[
    ("户", "hh"),
    ("c", "cat"),
    ("分类", "cat"),
    ("类", "cat"),
    ("从", "since"),
    ("开始", "since"),
    ("source", "src"),
    ("address", "addr"),
    ("household", "hh"),
    ("在此", "lives_here"),
];

/// What a date field's key ends in to ask for the months since.
const MONTHS: &[&str] = &[".months", ".月数", ".月"];

/// What a key asks about; ASCII names in any case.
pub fn find(name: &str) -> Option<Sense> {
    let name = name.to_lowercase();
    let computed = KEYS
        .iter()
        .find(|key| key.name == name || key.zh == name || key.aliases.contains(&name.as_str()));
    if let Some(key) = computed {
        return Some(key.sense);
    }
    if let Some(stem) = MONTHS.iter().find_map(|end| name.strip_suffix(end)) {
        let field = field(stem)?;
        return (field.kind == Kind::Date).then_some(Sense::Months(field));
    }
    field(&name).map(sense)
}

/// Every name that a key can have, each with its sense, the computed ones first.
pub fn names() -> impl Iterator<Item = (&'static str, Sense)> {
    let computed = KEYS.iter().flat_map(|key| {
        let names = [key.name, key.zh].into_iter();
        names
            .chain(key.aliases.iter().copied())
            .map(|name| (name, key.sense))
    });
    let fields = askable().flat_map(|field| {
        let names = [field.key, field.zh].into_iter();
        names
            .chain(field.aliases.iter().copied())
            .map(move |name| (name, sense(field)))
    });
    let short = SHORT
        .iter()
        .filter_map(|(name, key)| Some((*name, sense(field(key)?))));
    computed.chain(fields).chain(short)
}

/// The name of a key in queries, without the colon.
pub fn key(sense: Sense) -> String {
    if let Sense::Months(field) = sense {
        format!("{}.months", field.key)
    } else {
        origin(sense).0.to_owned()
    }
}

/// What a key is called on screen.
pub fn label(sense: Sense, lang: Lang) -> String {
    if let Sense::Months(field) = sense {
        let months = lang.pick("距今月数", ", months since");
        return format!("{}{months}", field.label(lang));
    }
    let (_, zh, en) = origin(sense);
    lang.pick(zh, en).to_owned()
}

/// The key and the labels of a sense.
fn origin(sense: Sense) -> (&'static str, &'static str, &'static str) {
    if let Sense::Field(field) | Sense::Months(field) = sense {
        return (field.key, field.zh, field.en);
    }
    let computed = KEYS.iter().find(|key| key.sense == sense);
    let read = || {
        let (table, number, _) = READ.iter().find(|(_, _, read)| *read == sense)?;
        let field = crate::model::field::of(*table, *number)?;
        Some((field.key, field.zh, field.en))
    };
    computed
        .map(|key| (key.name, key.zh, key.en))
        .or_else(read)
        .unwrap_or_default()
}

/// The fields that can be asked about: what is known of a person, the household and the dwelling,
/// and what READ makes of an assertion.
fn askable() -> impl Iterator<Item = &'static Field> + Clone {
    FIELDS.iter().filter(|field| match field.table {
        Table::Person | Table::Household | Table::Dwelling => !matches!(field.kind, Kind::Link(_)),
        Table::Assertion => sense(field) != Sense::Field(field),
        Table::Category | Table::View | Table::Setting | Table::Visit => false,
    })
}

fn field(name: &str) -> Option<&'static Field> {
    let short = SHORT.iter().find(|(short, _)| *short == name);
    let name = short.map_or(name, |(_, key)| key);
    called(askable(), name)
}

/// What the key of a field asks about.
pub(crate) fn sense(field: &'static Field) -> Sense {
    let read = READ
        .iter()
        .find(|(table, number, _)| *table == field.table && *number == field.number);
    read.map_or(Sense::Field(field), |(_, _, sense)| *sense)
}

/// A word that a key takes, such as `head` after `is:`.
#[derive(Debug)]
pub struct Word<T: 'static> {
    /// What it means.
    pub means: T,
    /// The English word.
    pub name: &'static str,
    /// The Chinese word.
    pub zh: &'static str,
    /// Other words.
    pub aliases: &'static [&'static str],
}

impl<T> Word<T> {
    /// Whether a text is this word.
    pub fn is(&self, text: &str) -> bool {
        self.names().any(|name| name.eq_ignore_ascii_case(text))
    }

    /// The word in a language.
    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.name)
    }

    /// Every spelling.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + Clone + use<T> {
        [self.name, self.zh]
            .into_iter()
            .chain(self.aliases.iter().copied())
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $table:ident: $kind:ty {
        $($means:expr, $name:literal, $zh:literal, [$($alias:literal)*];)*
    }) => {
        $(#[$doc])*
        pub const $table: &[Word<$kind>] = &[$(Word {
            means: $means, name: $name, zh: $zh, aliases: &[$($alias),*],
        },)*];
    };
}

words! {
/// What `is:` takes.
STATES: State {
State::Unclassified, "unclassified", "未分类", ["待分类"];
State::Head, "head", "户主", [];
State::Moved, "moved", "迁出", ["已迁出" "搬走"];
State::Deceased, "deceased", "死亡", ["已故" "去世" "dead"];
State::Draft, "draft", "待补全", ["草稿"];
State::Flagged, "flagged", "存疑", ["待查" "flag"];
State::BadId, "bad-id", "证号有误", ["badid" "bad_id"];
State::Stale, "stale", "久未见面", ["超期" "走访超期" "overdue"];
State::Dup, "dup", "疑似重复", ["重复" "duplicate"];
State::Removable, "removable", "该清除", ["待清除" "due-removal"];
}}

words! {
/// What `no:` and `has:` take.
LACKS: Lack {
Lack::Phone, "phone", "电话", ["tel" "手机" "联系电话"];
Lack::Category, "cat", "类别", ["category" "分类"];
Lack::Id, "id", "身份证", ["证件" "身份证号" "证号"];
Lack::Relation, "relation", "户主关系", ["关系" "与户主关系"];
Lack::Birth, "birth", "生日", ["born" "出生日期" "出生"];
Lack::Address, "address", "地址", ["addr" "住址"];
Lack::Note, "note", "备注", [];
Lack::Visit, "visit", "走访", ["visits"];
Lack::Seen, "seen", "见面", [];
Lack::Verified, "verified", "核实", [];
}}

words! {
/// What `sort:` takes, after a `-` for largest first.
ORDERS: SortKey {
SortKey::Address, "address", "地址", ["addr" "住址"];
SortKey::Name, "name", "姓名", ["名字"];
SortKey::Age, "age", "年龄", [];
SortKey::Added, "added", "录入", ["录入时间" "new"];
}}

words! {
/// What a yes/no field takes.
FLAGS: bool {
true, "yes", "是", ["y" "true" "1" "对"];
false, "no", "否", ["n" "false" "0" "不是" "不"];
}}

words! {
/// What asks whether anything is known at all.
KNOWN: bool {
true, "any", "有", ["*"];
false, "none", "无", ["空" "未知"];
}}

words! {
/// What says that something never happened.
NEVER: bool {
false, "never", "从未", ["没有过"];
}}

words! {
/// Ranges that are offered for a day in the past.
PAST: () {
(), "..30d", "..30天", [];
(), "..90d", "..90天", [];
(), "..6m", "..6个月", [];
(), "month", "本月", [];
(), "today", "今天", [];
}}

words! {
/// Ranges that are offered for a day on which something is due.
AHEAD: () {
(), "..today", "..今天", [];
(), "..month", "..本月", [];
(), "..+7d", "..+7天", [];
}}

/// The words that a key takes, if it takes a few.
pub fn choices(sense: Sense, lang: Lang) -> Option<Vec<&'static str>> {
    fn labels<T>(words: &'static [Word<T>], lang: Lang) -> Vec<&'static str> {
        words.iter().map(|word| word.label(lang)).collect()
    }
    let tables = [
        (Sense::Is, labels(STATES, lang)),
        (Sense::No, labels(LACKS, lang)),
        (Sense::Has, labels(LACKS, lang)),
        (Sense::Sort, labels(ORDERS, lang)),
    ];
    let found = tables.into_iter().find(|(key, _)| *key == sense);
    found.map(|(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::Sense;
    use super::find;
    use super::key;
    use super::names;

    #[test]
    fn every_name_of_a_key_is_found() {
        for (name, sense) in names() {
            assert!(find(name).is_some(), "{name}");
            assert_eq!(find(&key(sense)), Some(sense), "{name}");
        }
    }

    #[test]
    fn computed_keys_stand_before_fields() {
        for (name, want) in [
            ("年龄", Sense::Age),
            ("AGE", Sense::Age),
            ("类别", Sense::Category),
            ("xm", Sense::Name),
        ] {
            assert_eq!(find(name), Some(want), "{name}");
        }
        for (name, want) in [
            ("生日", "birth"),
            ("born", "birth"),
            ("楼", "b"),
            ("户", "hh"),
            ("电话", "tel"),
            ("性别", "sex"),
            ("arrived.months", "arrived.months"),
            ("来本地日期.月", "arrived.months"),
        ] {
            assert_eq!(find(name).map(key).as_deref(), Some(want), "{name}");
        }
        for name in ["head", "sex.months", "category_rule", "agee", ""] {
            assert_eq!(find(name), None, "{name}");
        }
    }
}
