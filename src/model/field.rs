//! FIELDS, the one table of what a record can hold.
//!
//! Form, list columns, import, export, query keys and help derive from it; nothing about a field
//! is written twice.
//!
//! Invariant: a field's number is stored in every journal: never change or reuse one.

use crate::model::Lang;
use crate::model::assertion;
use crate::model::category;
use crate::model::codes;
use crate::model::household;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Value;
use crate::model::view;
use crate::model::visit;
use serde::Deserialize;
use serde::Serialize;

/// A field's stable number inside its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldNo(pub u16);

/// The text of a setting, whose record has this one field.
pub const SETTING_TEXT: FieldNo = FieldNo(1);

/// What kind of value a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text.
    Text,
    /// A code of the named table in `data/codes/`.
    Code(&'static str),
    /// A date with precision.
    Date,
    /// Yes, no, or unknown.
    Flag,
    /// A whole number.
    Number,
    /// An identity number.
    IdNumber,
    /// Telephone numbers.
    Phones,
    /// Another record.
    Link(Table),
    /// Several words.
    Words,
}

/// How a value is shown to someone who has not asked to see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masking {
    /// As it is.
    Open,
    /// An identity number: `110101********0011`.
    IdNumber,
    /// A telephone number: `138****5678`.
    Phone,
    /// An address elsewhere, to the estate: `翠湖小区**幢**室`. Whoever enters sees it whole.
    Address,
    /// Health, disability and the like: hidden whole.
    Sensitive,
}

impl Masking {
    /// Whether it is masked from everyone until it is revealed.
    pub fn is_close(self) -> bool {
        match self {
            Masking::Open | Masking::Address => false,
            Masking::IdNumber | Masking::Phone | Masking::Sensitive => true,
        }
    }
}

/// One line of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// The table it belongs to.
    pub table: Table,
    /// Its stable number there.
    pub number: FieldNo,
    /// Its name in queries, exports and on the command line.
    pub key: &'static str,
    /// Its Chinese label.
    pub zh: &'static str,
    /// Its English label.
    pub en: &'static str,
    /// Other headings under which ledgers hold it, and other keys that queries accept.
    pub aliases: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// How it is masked.
    pub masking: Masking,
}

impl Field {
    /// The label in a language.
    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }

    /// A value of this field for a person's eyes, unmasked: codes by their names.
    pub fn show(&self, value: &Value, lang: Lang) -> String {
        match (self.kind, value) {
            (Kind::Code(table), Value::Code(code)) => {
                codes::name(table, code, lang).unwrap_or(code).to_owned()
            }
            (_, Value::Flag(flag)) => match (flag, lang) {
                (true, Lang::Zh) => "是".into(),
                (false, Lang::Zh) => "否".into(),
                (true, Lang::En) => "yes".into(),
                (false, Lang::En) => "no".into(),
            },
            _ => value.plain(),
        }
    }
}

/// The field of a table with this number.
pub fn of(table: Table, number: FieldNo) -> Option<&'static Field> {
    FIELDS
        .iter()
        .find(|field| field.table == table && field.number == number)
}

/// The one of some fields that is called so: by its key or a label, else by another name.
pub fn called<'a>(
    fields: impl Iterator<Item = &'a Field> + Clone,
    name: &str,
) -> Option<&'a Field> {
    let mut others = fields.clone();
    let mut fields = fields;
    let whole = fields.find(|field| [field.key, field.zh, field.en].contains(&name));
    whole.or_else(|| others.find(|field| field.aliases.contains(&name)))
}

/// The field with this key.
pub fn by_key(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.key == key)
}

/// The fields of a table, in the order of forms and lists.
pub fn of_table(table: Table) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| field.table == table)
}

macro_rules! fields {
    ($($table:ident { $($number:path, $key:literal, $zh:literal, $en:literal,
        $kind:expr, $masking:ident, [$($alias:literal)*];)* })*) => {
        /// Every field of every table, in the order of forms and lists.
        pub const FIELDS: &[Field] = &[$($(Field {
            table: Table::$table, number: $number, key: $key, zh: $zh, en: $en,
            aliases: &[$($alias),*], kind: $kind, masking: Masking::$masking,
        },)*)*];
    };
}

fields! {
Person {
person::NAME, "name", "姓名", "Name", Kind::Text, Open,
    ["名字" "居民姓名" "成员姓名" "人员姓名" "住户姓名" "被访者姓名" "xm"];
person::SEX, "sex", "性别", "Sex", Kind::Code("sex"), Open, ["gender" "xb"];
person::BIRTH, "birth", "出生日期", "Born", Kind::Date, Open,
    ["出生年月" "出生年月日" "生日" "出生" "born" "csrq"];
person::ID_TYPE, "id_type", "证件类型", "ID type", Kind::Code("id-type"), Open, ["证件种类"];
person::ID_NO, "id", "身份证号", "ID number", Kind::IdNumber, IdNumber,
    ["身份证" "身份证号码" "公民身份号码" "公民身份证号码" "证件号码" "证件号" "身份号码"
     "身份证件号" "id_no" "idno" "sfzh"];
person::ID_NOTE, "id_note", "证件说明", "ID note", Kind::Text, Open, [];
person::PHONES, "tel", "联系电话", "Phone", Kind::Phones, Phone,
    ["联系方式" "手机" "手机号" "手机号码" "电话" "移动电话" "本人电话" "固定电话" "phone"
     "电话号码" "dh"];
person::RELATION, "relation", "与户主关系", "Relation", Kind::Code("relation"), Open,
    ["和户主关系" "家庭关系" "关系" "称谓" "与户主的关系"];
person::HOUSEHOLD, "household", "所在户", "Household", Kind::Link(Table::Household), Open, [];
person::MERGED, "merged", "并入", "Merged into", Kind::Link(Table::Person), Open, [];
person::ETHNIC, "ethnic", "民族", "Ethnicity", Kind::Code("ethnic"), Open, ["mz"];
person::MARRIAGE, "marriage", "婚姻状况", "Marriage", Kind::Code("marriage"), Open,
    ["婚否" "婚姻"];
person::EDUCATION, "edu", "文化程度", "Education", Kind::Code("education"), Open,
    ["学历" "受教育程度" "education"];
person::POLITICS, "politics", "政治面貌", "Politics", Kind::Code("politics"), Open,
    ["政治面目"];
person::HUKOU_KIND, "hukou_kind", "户口性质", "Hukou kind", Kind::Code("hukou-kind"), Open,
    ["户籍类型" "户口类型" "户别"];
person::HUKOU_HERE, "hukou_here", "户籍在本社区", "Hukou here", Kind::Flag, Open,
    ["是否户籍人口" "户籍在此"];
person::HUKOU_REGION, "hukou_region", "户籍区划", "Hukou region", Kind::Code("division"), Open,
    [];
person::HUKOU_ADDRESS, "hukou_addr", "户籍地址", "Hukou address", Kind::Text, Address,
    ["户籍地" "户籍详址" "户籍所在地" "户口所在地" "户口地址" "户籍详细地址" "原籍地址"];
person::NATIVE, "native", "籍贯", "Native place", Kind::Code("division"), Open, [];
person::LIVES_HERE, "lives_here", "是否在住", "Lives here", Kind::Flag, Open,
    ["是否居住" "实际居住" "在住"];
person::RESIDENCE, "residence", "住所类型", "Residence", Kind::Code("residence"), Open,
    ["居住类型" "住房类型"];
person::ARRIVED, "arrived", "来本地日期", "Arrived", Kind::Date, Open,
    ["到达日期" "流入日期" "来沪日期" "来本地时间" "居住日期"];
person::ARRIVAL_REASON, "arrival_reason", "流入原因", "Arrival reason",
    Kind::Code("arrival-reason"), Open, ["事由" "来本地原因" "居住事由"];
person::PERMIT_NO, "permit", "居住证号", "Permit no.", Kind::Text, IdNumber,
    ["居住证" "居住证编号" "居住证号码"];
person::PERMIT_ISSUED, "permit_issued", "居住证签发日期", "Permit issued", Kind::Date, Open,
    ["签发日期" "办证日期"];
person::LEFT, "left", "离开日期", "Left", Kind::Date, Open, ["离开时间" "外出日期"];
person::EMPLOYMENT, "employment", "从业状况", "Employment", Kind::Code("employment"), Open,
    ["就业状况" "就业情况" "从业情况" "个人身份"];
person::EMPLOYER, "employer", "工作单位", "Employer", Kind::Text, Open,
    ["服务处所" "单位名称" "就业单位" "工作单位及职务" "单位"];
person::UNIT_TYPE, "unit_type", "单位类型", "Unit type", Kind::Code("unit-type"), Open,
    ["单位性质" "企业类型" "经济类型"];
person::JOB, "job", "职业", "Job", Kind::Text, Open, ["职务" "岗位" "工种"];
person::FORMER_EMPLOYER, "former_employer", "原单位", "Former unit", Kind::Text, Open,
    ["原单位名称" "原工作单位"];
person::HANDED_OVER, "handed_over", "移交社区日期", "Handed over", Kind::Date, Open,
    ["社会化移交日期" "移交日期"];
person::RETIRE_KIND, "retire_kind", "退休类别", "Retire kind", Kind::Code("retire-kind"), Open,
    [];
person::SEEKING, "seeking", "有求职意愿", "Seeks work", Kind::Flag, Open,
    ["求职意愿" "是否求职" "就业意愿"];
person::UNEMPLOYED_SINCE, "unemployed_since", "失业登记日期", "Unemployed since", Kind::Date,
    Open, ["失业日期" "登记失业日期" "失业时间"];
person::PARTY_JOINED, "party_joined", "入党日期", "Party joined", Kind::Date, Open,
    ["入党时间" "入党年月"];
person::PARTY_BRANCH, "branch", "党支部", "Party branch", Kind::Text, Open,
    ["所在党支部" "所属支部" "支部"];
person::PARTY_HERE, "party_here", "组织关系在本社区", "Party relation here", Kind::Flag, Open,
    ["组织关系在此" "组织关系是否在本社区"];
person::MILITARY, "military", "兵役状况", "Military", Kind::Code("military"), Open, [];
person::DISABILITY_NO, "disability", "残疾人证号", "Disability cert.", Kind::Text, Sensitive,
    ["残疾证号" "残疾人证" "残疾证" "残疾人证号码"];
person::HEALTH, "health", "健康状况", "Health", Kind::Code("health"), Sensitive, [];
person::CHILDREN_AWAY, "children_away", "子女不同住", "Children away", Kind::Flag, Open, [];
person::SKILLS, "skills", "特长", "Skills", Kind::Words, Open, ["爱好" "技能" "特长爱好"];
person::EMERGENCY, "emergency", "紧急联系人", "Emergency contact", Kind::Text, Phone, [];
person::FORMER_NAME, "former_name", "曾用名", "Former name", Kind::Text, Open, ["别名"];
person::LIFE, "life", "人员状态", "State", Kind::Code("life"), Open, ["人员状况" "状态"];
person::LIFE_DATE, "life_date", "状态日期", "State since", Kind::Date, Open, [];
person::DRAFT, "draft", "待补全", "Draft", Kind::Flag, Open, [];
person::NOTE, "note", "备注", "Note", Kind::Text, Open, ["说明" "备考"];
}
Household {
household::NUMBER, "hh", "户号", "Household no.", Kind::Text, Open, ["户编号" "户口编号" "户口簿号"];
household::HEAD, "head", "户主", "Head", Kind::Link(Table::Person), Open, ["户主姓名"];
household::KIND, "hh_kind", "户类型", "Household kind", Kind::Code("household-kind"), Open, [];
household::DWELLING, "dwelling", "房屋", "Dwelling", Kind::Link(Table::Dwelling), Open, [];
household::NOTE, "hh_note", "户备注", "Household note", Kind::Text, Open, [];
}
Dwelling {
household::ESTATE, "estate", "小区", "Estate", Kind::Text, Open, ["小区名称" "所属小区"];
household::BUILDING, "b", "栋", "Building", Kind::Text, Open,
    ["楼" "幢" "楼号" "幢号" "栋号" "楼栋" "楼栋号" "building"];
household::UNIT, "u", "单元", "Unit", Kind::Text, Open, ["单元号" "unit"];
household::ROOM, "room", "室", "Room", Kind::Text, Open,
    ["房号" "门牌号" "室号" "房间号" "门室"];
household::USE, "use", "使用性质", "Use", Kind::Code("dwelling-use"), Open, ["房屋用途"];
household::OWNER, "owner", "房主", "Owner", Kind::Text, Open, ["房主姓名" "产权人"];
household::OWNER_PHONE, "owner_tel", "房主电话", "Owner's phone", Kind::Text, Phone, [];
household::DWELLING_NOTE, "dwelling_note", "房屋备注", "Dwelling note", Kind::Text, Open, [];
household::ADDRESS_TEXT, "addr", "现住址", "Address", Kind::Text, Open,
    ["现住地址" "居住地址" "现居住地" "现住地" "家庭住址" "家庭地址" "住址" "住所" "实际居住地"
     "地址" "详细地址" "现居住地址"];
}
Assertion {
assertion::PERSON, "about", "居民", "Person", Kind::Link(Table::Person), Open, [];
assertion::CATEGORY, "cat", "类别", "Category", Kind::Text, Open, [];
assertion::STATUS, "status", "认定状态", "Status", Kind::Code("assertion-status"), Open, [];
assertion::FROM, "since", "起始", "Since", Kind::Date, Open, [];
assertion::TO, "until", "截止", "Until", Kind::Date, Open, [];
assertion::EVIDENCE, "evidence", "依据", "Evidence", Kind::Text, Open, [];
assertion::SOURCE, "src", "来源", "Source", Kind::Text, Open, [];
assertion::REVIEW, "due", "复核日期", "Review", Kind::Date, Open, [];
assertion::NOTE, "assertion_note", "认定备注", "Assertion note", Kind::Text, Open, [];
}
Category {
category::CODE, "category_code", "代码", "Code", Kind::Text, Open, [];
category::ZH, "category_zh", "中文名", "Chinese name", Kind::Text, Open, [];
category::EN, "category_en", "英文名", "English name", Kind::Text, Open, [];
category::ALIASES, "category_aliases", "别称", "Aliases", Kind::Words, Open, [];
category::AXIS, "category_axis", "分类轴", "Axis", Kind::Text, Open, [];
category::EXCLUSIVE, "category_exclusive", "互斥组", "Exclusive group", Kind::Text, Open, [];
category::KIND, "category_kind", "产生方式", "Kind", Kind::Text, Open, [];
category::RULE, "category_rule", "规则", "Rule", Kind::Text, Open, [];
category::SENSITIVITY, "category_sensitivity", "敏感级", "Sensitivity", Kind::Number, Open, [];
category::KEY, "category_key", "按键", "Key", Kind::Text, Open, [];
category::COLOUR, "category_colour", "颜色", "Colour", Kind::Text, Open, [];
category::REVIEW_DAYS, "category_review", "复核周期", "Review days", Kind::Number, Open, [];
category::RANK, "category_rank", "次序", "Rank", Kind::Number, Open, [];
category::REQUIRED, "category_required", "人人应有", "Required", Kind::Flag, Open, [];
category::REASON_ZH, "category_reason_zh", "理由", "Reason (zh)", Kind::Text, Open, [];
category::REASON_EN, "category_reason_en", "理由(英)", "Reason (en)", Kind::Text, Open, [];
category::DIGITS, "category_digits", "数字键", "Digits", Kind::Words, Open, [];
}
View {
view::ZH, "view_zh", "视图名", "View", Kind::Text, Open, [];
view::EN, "view_en", "英文视图名", "View (en)", Kind::Text, Open, [];
view::QUERY, "view_query", "查询", "Query", Kind::Text, Open, [];
view::COLUMNS, "view_columns", "列", "Columns", Kind::Words, Open, [];
view::RANK, "view_rank", "视图次序", "View rank", Kind::Number, Open, [];
}
Visit {
visit::PERSON, "visited", "居民", "Person", Kind::Link(Table::Person), Open, [];
visit::HOUSEHOLD, "visited_hh", "走访户", "Household", Kind::Link(Table::Household), Open, [];
visit::DATE, "visit_date", "走访日期", "Visited on", Kind::Date, Open, [];
visit::TIME, "visit_time", "走访时刻", "Visited at", Kind::Text, Open, [];
visit::RESULT, "visit_result", "走访结果", "Result", Kind::Code("visit-result"), Open, [];
visit::VERIFIED, "visit_verified", "核实无变化", "Nothing changed", Kind::Flag, Open, [];
visit::NOTE, "visit_note", "走访情况", "Visit note", Kind::Text, Open, [];
visit::NEED, "visit_need", "诉求", "Need", Kind::Text, Open, [];
visit::ACTION, "visit_action", "处理", "Action", Kind::Text, Open, [];
visit::NEXT, "visit_next", "下次走访", "Next visit", Kind::Date, Open, [];
visit::WORKER, "visit_worker", "走访人", "Visited by", Kind::Text, Open, [];
}
Setting {
SETTING_TEXT, "setting", "设置", "Setting", Kind::Text, Open, [];
}
}

#[cfg(test)]
mod tests {
    use super::FIELDS;
    use std::collections::HashSet;

    #[test]
    fn numbers_and_keys_are_unique() {
        let mut numbers = HashSet::new();
        let mut keys = HashSet::new();
        for field in FIELDS {
            assert!(numbers.insert((field.table, field.number)), "{}", field.key);
            assert!(keys.insert(field.key), "{}", field.key);
        }
    }
}
