//! What ledgers are headed with and how their cells are soiled, line by line, each with what is made
//! of it.

use crate::exchange::Desk;
use jumin::exchange::intake::Meaning;
use jumin::exchange::verdict::Verdict;
use jumin::model::Lang;
use jumin::model::value::ValueRef;

/// The headings that mean each field, as communities write them.
const HEADINGS: &[(&str, &str)] = &[
    (
        "name",
        "姓名 名字 居民姓名 成员姓名 人员姓名 住户姓名 被访者姓名",
    ),
    (
        "id",
        "身份证号 身份证 身份证号码 公民身份号码 公民身份证号码 证件号码 证件号 身份号码 身份证件号",
    ),
    ("id_type", "证件类型 证件种类"),
    ("sex", "性别"),
    ("birth", "出生日期 出生年月 出生年月日 生日"),
    (
        "tel",
        "联系电话 联系方式 手机 手机号 手机号码 电话 移动电话 本人电话 固定电话",
    ),
    (
        "hukou_addr",
        "户籍地址 户籍地 户籍详址 户籍所在地 户口所在地 户口地址 户籍详细地址 原籍地址",
    ),
    (
        "addr",
        "现住址 现住地址 居住地址 现居住地 现住地 家庭住址 家庭地址 住址 住所 实际居住地 楼栋/单元/室",
    ),
    ("room", "房号 门牌号 室号 房间号 门室"),
    ("b", "楼号 幢号 栋"),
    ("relation", "与户主关系 和户主关系 家庭关系 关系 称谓"),
    ("head", "户主 户主姓名"),
    ("hh", "户号 户编号 户口编号"),
    ("ethnic", "民族"),
    ("politics", "政治面貌 政治面目"),
    ("edu", "文化程度 学历 受教育程度"),
    ("marriage", "婚姻状况 婚否 婚姻"),
    (
        "employer",
        "工作单位 服务处所 单位名称 就业单位 工作单位及职务",
    ),
    ("former_employer", "原单位名称"),
    ("job", "职业 职务 岗位"),
    ("hukou_kind", "户口性质 户籍类型 户口类型 户别"),
    ("note", "备注"),
    (
        "cat",
        "人员类别 人员属性 类别 标签 特殊群体 所属群体 人口类型 人员类型 人户情况",
    ),
    ("+", "是否低保 是否残疾 是否独居 是否党员 是否人户分离"),
];

/// What a heading looks like in a real file.
const DRESSES: [fn(&str) -> String; 5] = [
    str::to_owned,
    |heading| format!("*{heading}："),
    |heading| heading.chars().flat_map(|c| [c, '\u{3000}']).collect(),
    |heading| format!("{heading}（必填）"),
    |heading| {
        let mut chars: Vec<char> = heading.chars().collect();
        chars.insert(chars.len() / 2, '\n');
        chars.into_iter().collect()
    },
];

#[test]
fn every_heading_is_known_in_every_dress() {
    let mut desk = Desk::new();
    let mut unknown = Vec::new();
    for (key, spelled) in HEADINGS {
        for heading in spelled.split(' ') {
            for dress in DRESSES {
                let dressed = dress(heading);
                let text = format!("姓名,性别,\"{dressed}\"\n张三,男,\n");
                let file = desk.file("a.csv", &text);
                let Ok(plan) = desk.plan(&file) else {
                    unknown.push(format!("{dressed:?}: no headings"));
                    continue;
                };
                let got = plan.columns[2].meaning.key();
                let fits = match *key {
                    "+" => matches!(plan.columns[2].meaning, Meaning::Category(Some(_))),
                    key => got == key,
                };
                if !fits {
                    unknown.push(format!("{dressed:?} is {got:?}, not {key}"));
                }
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

/// A cell: its heading, its text, what stands in the field afterwards, and what is told of it.
type Cell = (&'static str, &'static str, &'static str, &'static str);

const CELLS: &[Cell] = &[
    // Identity numbers that a program damaged: the sound digits tell the birth, nothing is invented.
    ("身份证号", "339901195603071000", "", "已失真"),
    ("身份证号", "3.39901195603071E+17", "", "已失真"),
    ("身份证号", "119999199003070032.0", "", "已失真"),
    ("身份证号", "6.22E+17", "", "科学计数法"),
    // Places for a number.
    ("身份证号", "000000000000000000", "", ""),
    ("身份证号", "000000195603070000", "", ""),
    ("身份证号", "无", "", ""),
    ("身份证号", "待补", "", ""),
    ("身份证号", "111111111111111111", "", ""),
    // The same number in other signs.
    ("身份证号", "33990119560307001x", "33990119560307001X", ""),
    (
        "身份证号",
        "３３９９０１１９５６０３０７００１Ｘ",
        "33990119560307001X",
        "",
    ),
    ("身份证号", "33990119560307001Х", "33990119560307001X", ""),
    ("身份证号", "33990119560307001×", "33990119560307001X", ""),
    ("身份证号", "339901 19560307 001X", "33990119560307001X", ""),
    ("身份证号", "'33990119560307001X", "33990119560307001X", ""),
    ("身份证号", "33990119560307OO1X", "33990119560307001X", ""),
    ("身份证号", "3399**********002X", "", "遮盖"),
    // It does not check, and stands in the certificate like that.
    (
        "身份证号",
        "339901195603070011",
        "339901195603070011",
        "已照录",
    ),
    ("身份证号", "339901195613070011", "", "未录入"),
    ("出生日期", "1956.3.1", "1956-03-01", ""),
    ("出生日期", "1956/3/1 0:00", "1956-03-01", ""),
    ("出生日期", "1956-03-01 00:00:00", "1956-03-01", ""),
    ("出生日期", "19560301", "1956-03-01", ""),
    ("出生日期", "195603", "1956-03", ""),
    ("出生日期", "1956年3月", "1956-03", ""),
    ("出生日期", "1956年3月1日", "1956-03-01", ""),
    ("出生日期", "1956", "1956", ""),
    ("出生日期", "56.3", "1956-03", ""),
    ("出生日期", "20515", "1956-03-01", ""),
    ("出生日期", "1956.2.30", "", "看不懂的日期"),
    ("出生日期", "20.3", "", "世纪不明"),
    ("出生日期", "不详", "", ""),
    ("联系电话", "1.54E+10", "", "科学计数法"),
    ("联系电话", "15412345678.0", "15412345678", ""),
    (
        "联系电话",
        "15412345678/15487654321",
        "15412345678/15487654321",
        "",
    ),
    (
        "联系电话",
        "15412345678、15487654321",
        "15412345678/15487654321",
        "",
    ),
    (
        "联系电话",
        "15412345678；15487654321",
        "15412345678/15487654321",
        "",
    ),
    (
        "联系电话",
        "15412345678 15487654321",
        "15412345678/15487654321",
        "",
    ),
    (
        "联系电话",
        "15412345678\n15487654321",
        "15412345678/15487654321",
        "",
    ),
    ("联系电话", "154 1234 5678", "15412345678", ""),
    ("联系电话", "154-1234-5678", "15412345678", ""),
    ("联系电话", "+86 15412345678", "15412345678", ""),
    ("联系电话", "0571-88001234", "0571-88001234", ""),
    ("联系电话", "(0571)88001234", "0571-88001234", ""),
    ("联系电话", "15412345678(儿子)", "15412345678(儿子)", ""),
    ("联系电话", "0571 88001234", "0571-88001234", ""),
    (
        "联系电话",
        "儿子 15412345678 女儿 15487654321",
        "15412345678(儿子)/15487654321(女儿)",
        "",
    ),
    (
        "联系电话",
        "15412345678 本人 15487654321",
        "15412345678(本人)/15487654321",
        "",
    ),
    ("联系电话", "1990-02-28", "", "不是电话号码"),
    ("联系电话", "20121212", "20121212", ""),
    ("联系电话", "无", "", ""),
    ("联系电话", "154****5678", "", "遮盖"),
    // Yes and no; blank is unknown.
    ("户籍在本社区", "是", "是", ""),
    ("户籍在本社区", "√", "是", ""),
    ("户籍在本社区", "1", "是", ""),
    ("户籍在本社区", "有", "是", ""),
    ("户籍在本社区", "Y", "是", ""),
    ("户籍在本社区", "否", "否", ""),
    ("户籍在本社区", "×", "否", ""),
    ("户籍在本社区", "0", "否", ""),
    ("户籍在本社区", "无", "否", ""),
    ("户籍在本社区", "N", "否", ""),
    ("户籍在本社区", "", "", ""),
    ("户籍在本社区", "大概", "", "不是“是”或“否”"),
    // Codes, names and what people call them.
    ("政治面貌", "01", "01", ""),
    ("政治面貌", "1", "01", ""),
    ("政治面貌", "中共党员", "01", ""),
    ("政治面貌", "党员", "01", ""),
    ("政治面貌", "群众", "13", ""),
    ("民族", "汉", "01", ""),
    ("民族", "汉族", "01", ""),
    ("民族", "01", "01", ""),
    ("文化程度", "大专", "30", ""),
    ("文化程度", "60", "60", ""),
    ("文化程度", "50", "47", ""),
    ("文化程度", "文盲", "91", ""),
    ("文化程度", "90", "", "新旧"),
    ("婚姻状况", "已婚", "20", ""),
    ("婚姻状况", "20", "20", ""),
    ("婚姻状况", "不知道", "", "不在代码表中"),
    ("性别", "男", "1", ""),
    ("性别", "女性", "2", ""),
    ("性别", "M", "1", ""),
    ("性别", "2", "2", ""),
    ("年龄", "67", "1959", ""),
    ("年龄", "67岁", "1959", ""),
    ("年龄", "六十七", "", "不是年龄"),
    ("与户主关系", "妻", "12", ""),
    ("与户主关系", "老婆", "12", ""),
    ("与户主关系", "儿子", "20", ""),
];

#[test]
fn every_kind_of_dirt_has_its_own_answer() {
    let mut wrong = Vec::new();
    let mut desk = Desk::new();
    for (heading, text, want, told) in CELLS {
        let file = desk.file(
            "a.csv",
            format!("姓名,住址,{heading}\n张三,1栋101,\"{text}\"\n"),
        );
        let plan = desk.plan(&file).unwrap();
        let key = match plan.columns[2].meaning {
            Meaning::Field(field) => field.number,
            _ => jumin::model::person::BIRTH,
        };
        let mut book = desk.book.clone();
        plan.changes.iter().for_each(|change| book.apply(change));
        let person = book.people().find(|one| one.name() == "张三");
        let value = person.unwrap().record.read(key);
        let got = value.map_or(String::new(), ValueRef::plain);
        let problems = plan.rows[1].problems.iter();
        let problems: Vec<String> = problems.map(|one| one.trouble.say(Lang::Zh)).collect();
        let is_told = match *told {
            "" => problems.is_empty(),
            told => problems.iter().any(|one| one.contains(told)),
        };
        if got != *want || !is_told || plan.rows[1].verdict != Verdict::New {
            wrong.push(format!(
                "{heading} {text:?} is {got:?} {problems:?}, not {want:?} {told:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_column_tells_which_code_table_it_is_written_in() {
    let mut desk = Desk::new();
    let path = desk.file(
        "a.csv",
        "姓名,性别,文化程度\n张三,男,90\n李四,男,51\n王五,男,70\n",
    );
    desk.import(&path);
    let edu = |name| {
        desk.person(name)
            .record
            .read(jumin::model::person::EDUCATION)
            .map(ValueRef::plain)
    };
    assert_eq!(
        ["张三", "李四", "王五"].map(edu),
        ["91", "47", "70"].map(|code| Some(code.into()))
    );
}

#[test]
fn what_a_category_says_is_kept_as_the_fact_that_it_tells_or_named() {
    let mut desk = Desk::new();
    let text = "姓名,住址,是否残疾,人户情况,人员类别\n张三,1栋101,是,人户分离,老年人、残疾人\n李四,1栋102,,人户一致,\n";
    let path = desk.file("a.csv", text);
    let plan = desk.import(&path);
    let health = desk
        .person("张三")
        .record
        .read(jumin::model::person::HEALTH);
    assert_eq!(health.map(ValueRef::plain).as_deref(), Some("6"));
    let told: Vec<String> = plan
        .rows
        .iter()
        .flat_map(|row| &row.problems)
        .map(|one| one.trouble.say(Lang::Zh))
        .collect();
    assert_eq!(told, ["自动类别,由其他资料算出,不单独录入"; 2]);
    assert_eq!(desk.categories("李四"), Vec::<String>::new());
}
