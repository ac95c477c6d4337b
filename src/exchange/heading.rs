//! Headings to fields, by synonym.
//!
//! Invariant: labels and aliases of FIELDS and names of the taxonomy do the work; what is spelled
//! here is only what neither table holds.

use crate::exchange::choices::Choices;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::Table;
use crate::model::ruling::Meaning;
use crate::model::spelling;
use std::collections::HashMap;

/// Headings of columns that name categories.
const CATEGORIES: [&str; 13] = [
    "人户情况",
    "类别",
    "人员类别",
    "人员类型",
    "人员属性",
    "人员标签",
    "标签",
    "特殊群体",
    "所属群体",
    "人口类型",
    "人员分类",
    "category",
    "categories",
];
/// Headings of a row's number in its list.
const SERIAL: [&str; 6] = ["序号", "编号", "序", "行号", "no", "no."];
/// Headings of an age.
const AGE: [&str; 5] = ["年龄", "周岁", "实足年龄", "岁数", "age"];
/// Headings of an address whose parts share a column.
const ADDRESS: [&str; 4] = ["address", "楼栋门牌", "楼栋房号", "栋号房号"];
/// What no register of a committee holds (police, justice and health control groups, religion,
/// bank accounts), by the words that give it away.
const FORBIDDEN: [&str; 22] = [
    "宗教",
    "信仰",
    "银行",
    "开户行",
    "账号",
    "帐号",
    "账户",
    "社区矫正",
    "矫正",
    "刑释",
    "刑满",
    "吸毒",
    "戒毒",
    "涉毒",
    "邪教",
    "法轮",
    "艾滋",
    "严重精神障碍",
    "肇事肇祸",
    "安置帮教",
    "前科",
    "重点青少年",
];
/// What stands before a category's name in a yes/no column.
const QUESTIONS: [&str; 4] = ["是否为", "是否", "是不是", "有无"];
/// What may stand after a category's name and says nothing.
const TAILS: [&str; 7] = ["人员", "家庭", "对象", "人口", "居民", "户", "者"];

/// What every heading means, ready to be looked up.
pub struct Headings {
    known: HashMap<String, Meaning>,
    categories: HashMap<String, String>,
}

impl Headings {
    /// The headings that FIELDS and the book's taxonomy make, and those that were decided.
    pub fn new(book: &Book, choices: &Choices) -> Headings {
        let mut known: HashMap<String, Meaning> = choices
            .columns()
            .map(|(heading, meaning)| (heading.to_owned(), meaning.clone()))
            .collect();
        let mut add = |names: &[&str], meaning: &Meaning| {
            for name in names {
                known.entry(normal(name)).or_insert_with(|| meaning.clone());
            }
        };
        add(&CATEGORIES, &Meaning::Category(None));
        add(&SERIAL, &Meaning::Serial);
        add(&AGE, &Meaning::Age);
        for field in FIELDS.iter().filter(|field| is_in_ledgers(field)) {
            let meaning = Meaning::Field(field);
            add(&[field.zh, field.en, field.key], &meaning);
            add(field.aliases, &meaning);
        }
        if let Some(address) = crate::model::field::of(Table::Dwelling, household::ADDRESS_TEXT) {
            add(&ADDRESS, &Meaning::Field(address));
        }
        Headings {
            known,
            categories: names_of_categories(book),
        }
    }

    /// What a column under this heading holds.
    pub fn meaning(&self, heading: &str) -> Meaning {
        let whole = normal(heading);
        if whole.is_empty() {
            return Meaning::Unknown;
        }
        if is_forbidden(&whole) {
            return Meaning::Forbidden;
        }
        let bare = normal(&without_brackets(heading));
        let last = heading.rsplit(['/', '／', '\\']).next().map(normal);
        [&whole, &bare]
            .into_iter()
            .chain(&last)
            .find_map(|name| self.one(name))
            .unwrap_or(Meaning::Unknown)
    }

    fn one(&self, name: &str) -> Option<Meaning> {
        if let Some(meaning) = self.known.get(name) {
            return Some(meaning.clone());
        }
        let asked = QUESTIONS.iter().find_map(|start| name.strip_prefix(start));
        let name = asked.unwrap_or(name);
        if let Some(code) = self.category(name) {
            return Some(Meaning::Category(Some(CategoryCode(code.to_owned()))));
        }
        names_parts_of_an_address(name).then(|| {
            crate::model::field::of(Table::Dwelling, household::ADDRESS_TEXT)
                .map_or(Meaning::Unknown, Meaning::Field)
        })
    }

    /// The code of the category that a text names: by code, name or alias, with or without a tail
    /// such as 人员.
    pub fn category(&self, text: &str) -> Option<&str> {
        let name = normal(text);
        let bare = TAILS.iter().find_map(|tail| name.strip_suffix(tail));
        [Some(name.as_str()), bare]
            .into_iter()
            .flatten()
            .find_map(|name| self.categories.get(name))
            .map(String::as_str)
    }
}

/// Whether a heading or a word names what jumin refuses to hold.
pub fn is_forbidden(text: &str) -> bool {
    FORBIDDEN.iter().any(|word| text.contains(word))
}

/// A field that a ledger's column can hold: of a person, a household or a dwelling, and no link but
/// the head's name.
fn is_in_ledgers(field: &Field) -> bool {
    let placed = matches!(
        field.table,
        Table::Person | Table::Household | Table::Dwelling
    );
    let is_head = field.table == Table::Household && field.number == household::HEAD;
    placed && (is_head || !matches!(field.kind, Kind::Link(_)))
}

fn names_of_categories(book: &Book) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for category in book.categories() {
        if category.is_axis() {
            continue;
        }
        let code = category.code().0;
        let spelled = [
            code.as_str(),
            category.name(Lang::Zh),
            category.name(Lang::En),
        ];
        let aliases = category.aliases();
        for name in spelled.into_iter().chain(aliases) {
            for name in [normal(name), normal(&without_brackets(name))] {
                names.entry(name).or_insert_with(|| code.clone());
            }
        }
    }
    names.remove("");
    names
}

/// Whether a heading such as 楼栋/单元/室 spells at least two parts of an address.
fn names_parts_of_an_address(name: &str) -> bool {
    let parts: [&[&str]; 3] = [&["栋", "幢", "楼号"], &["单元"], &["室", "房号", "门牌"]];
    parts
        .iter()
        .filter(|words| words.iter().any(|word| name.contains(word)))
        .count()
        > 1
}

/// A heading as it is compared: compatibility forms, small letters, no space or punctuation.
pub fn normal(text: &str) -> String {
    // A name or a door is in its normal spelling already, nearly always.
    let is_normal = |c| matches!(c, '0'..='9' | 'a'..='z' | '\u{4e00}'..='\u{9fff}');
    if text.chars().all(is_normal) {
        return text.to_owned();
    }
    spelling::plain(text)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '+'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The text without what stands in brackets.
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            let is_open = matches!(c, '(' | '（' | '[' | '【');
            let is_close = matches!(c, ')' | '）' | ']' | '】');
            depth += usize::from(is_open);
            let kept = depth == 0;
            depth = depth.saturating_sub(usize::from(is_close));
            kept
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Headings;
    use crate::exchange::choices::Choices;
    use crate::model::book::Book;
    use crate::model::ruling::Meaning;

    #[test]
    fn headings_are_known_in_any_dress() {
        let headings = Headings::new(&Book::default(), &Choices::default());
        for (heading, key) in [
            ("姓　名", "name"),
            ("*姓名：", "name"),
            ("姓名（必填）", "name"),
            ("家庭成员/姓名", "name"),
            ("公民身份\n号码", "id"),
            ("联系电话(手机)", "tel"),
            ("与户主的关系", "relation"),
            ("户主姓名", "head"),
            ("幢号", "b"),
            ("家庭住址", "addr"),
            ("楼栋/单元/室", "addr"),
            ("Name", "name"),
        ] {
            let field = crate::model::field::by_key(key).unwrap();
            assert_eq!(
                headings.meaning(heading),
                Meaning::Field(field),
                "{heading}"
            );
        }
        assert_eq!(headings.meaning("人员类别"), Meaning::Category(None));
        assert_eq!(headings.meaning("年龄(周岁)"), Meaning::Age);
        assert_eq!(headings.meaning("宗教信仰"), Meaning::Forbidden);
        assert_eq!(headings.meaning("开户银行账号"), Meaning::Forbidden);
        assert_eq!(headings.meaning(""), Meaning::Unknown);
        assert_eq!(headings.meaning("电表读数"), Meaning::Unknown);
    }
}
