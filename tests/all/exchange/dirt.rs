//! What ledgers are headed with and how their cells are soiled, line by line, each with what is made
//! of it.

use crate::exchange::Desk;
use crate::exchange::source;
use jumin::exchange::choices::Choices;
use jumin::exchange::group::Kind;
use jumin::exchange::intake::Plan;
use jumin::exchange::read::Source;
use jumin::exchange::verdict::Verdict;
use jumin::model::Lang;
use jumin::model::ruling::Meaning;
use jumin::model::value::ValueRef;
use std::path::Path;
use std::sync::Arc;

/// The headings that mean each field, as communities write them: the key of the meaning, `+` for a
/// yes or no of a category, and the headings between spaces.
const HEADINGS: &str = include_str!("../../fixtures/dirt/headings.csv");

/// Cells: the heading, how a spreadsheet holds the cell, its text, what stands in the field afterwards
/// (`+CODE` for categories), and what is told of it.
const CELLS: &str = include_str!("../../fixtures/dirt/cells.csv");

/// The workbooks of both tables, a line a sheet, as `tests/fixtures/make.py` has them written.
const WRITERS: [&str; 6] = [
    "openpyxl.xlsx",
    "xlwt.xls",
    "odfpy.ods",
    "libreoffice.xlsx",
    "libreoffice.xls",
    "libreoffice.ods",
];

fn lines(table: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

fn fits(meaning: &Meaning, key: &str) -> bool {
    match key {
        "+" => matches!(meaning, Meaning::Category(Some(_))),
        key => meaning.key() == key,
    }
}

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
    for line in lines(HEADINGS) {
        for heading in line[1].split(' ') {
            for dress in DRESSES {
                let dressed = dress(heading);
                let text = format!("姓名,性别,\"{dressed}\"\n张三,男,\n");
                let file = desk.file("a.csv", &text);
                let Ok(plan) = desk.plan(&file) else {
                    unknown.push(format!("{dressed:?}: no headings"));
                    continue;
                };
                let meaning = &plan.columns[2].meaning;
                if !fits(meaning, &line[0]) {
                    unknown.push(format!("{dressed:?} is {meaning:?}, not {}", &line[0]));
                }
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
}

/// What is not as a line of the table of cells says, of the only row of a plan.
fn complaint(desk: &Desk, plan: &Plan, line: &csv::StringRecord) -> Option<String> {
    let [heading, _, text, want, told] = std::array::from_fn(|at| &line[at]);
    let mut book = desk.book.clone();
    plan.changes.iter().for_each(|change| book.apply(change));
    let row = plan.rows.iter().find(|row| row.person.is_some())?;
    let id = row.person?;
    let column = plan.columns.iter().find(|one| one.heading == heading);
    let field = match column.map(|one| &one.meaning) {
        Some(Meaning::Field(field)) => field.number,
        _ => jumin::model::person::BIRTH,
    };
    let got = if column.is_some_and(|one| matches!(one.meaning, Meaning::Category(_))) {
        let codes = book.assertions(id).filter_map(|one| one.category());
        let mut codes: Vec<String> = codes.map(|code| format!("+{code}")).collect();
        codes.sort();
        codes.concat()
    } else {
        let value = book.person(id)?.record.read(field);
        value.map_or(String::new(), |value| value.plain())
    };
    let problems = row.problems.iter().map(|one| one.trouble.say(Lang::Zh));
    let problems: Vec<String> = problems.collect();
    let is_told = match told {
        "" => problems.is_empty(),
        told => problems.iter().any(|one| one.contains(told)),
    };
    let is_right = got == want && is_told && row.verdict == Verdict::New;
    (!is_right)
        .then(|| format!("{heading} {text:?} is {got:?} {problems:?}, not {want:?} {told:?}"))
}

#[test]
fn every_kind_of_dirt_has_its_own_answer() {
    let mut desk = Desk::new();
    let mut wrong = Vec::new();
    for line in lines(CELLS).iter().filter(|line| &line[1] == "text") {
        let (heading, text) = (&line[0], &line[2]);
        let ledger = match heading {
            "姓名" => format!("姓名,住址\n\"{text}\",1栋101\n"),
            heading => format!("姓名,住址,{heading}\n张三,1栋101,\"{text}\"\n"),
        };
        let file = desk.file("a.csv", ledger);
        let plan = desk.plan(&file).unwrap();
        assert_eq!(plan.counts().new, 1, "{heading} {text:?}");
        wrong.extend(complaint(&desk, &plan, line));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_tables_are_understood_from_every_writer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/dirt");
    let (headings, cells) = (lines(HEADINGS), lines(CELLS));
    let mut wrong = Vec::new();
    for writer in WRITERS {
        let found = source(&folder.join(writer)).unwrap();
        assert_eq!(found.sheets.len(), headings.len() + cells.len(), "{writer}");
        for (at, sheet) in found.sheets.iter().enumerate() {
            let mut desk = Desk::new();
            let alone = Source {
                sheets: vec![Arc::clone(sheet)],
                ..found.clone()
            };
            let plan = desk.judge_source(&alone, &Choices::default()).unwrap();
            let Some(line) = at.checked_sub(headings.len()).map(|at| &cells[at]) else {
                let line = &headings[at];
                let known = line[1].split(' ').zip(&plan.columns[2..]);
                let unknown = known.filter(|(_, column)| !fits(&column.meaning, &line[0]));
                wrong.extend(unknown.map(|(heading, _)| format!("{writer}: {heading}")));
                continue;
            };
            assert_eq!(plan.counts().new, 1, "{writer}: {line:?} {:?}", plan.rows);
            let complaint = complaint(&desk, &plan, line);
            wrong.extend(complaint.map(|what| format!("{writer}: {what}")));
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

#[test]
fn cells_with_one_trouble_are_told_together() {
    let mut desk = Desk::new();
    let text = "姓名,住址,身份证号\n张三,1栋101,339901195603070011\n李四,1栋102,11010519491231002X\n王五,1栋103,110105194912310021\n赵六,1栋104,110105194912310022\n";
    let path = desk.file("a.csv", text);
    let plan = desk.plan(&path).unwrap();
    let groups = plan.groups(Lang::Zh).into_iter();
    let cells = groups.filter(|group| group.kind == Kind::Cell);
    let cells: Vec<_> = cells.map(|group| (group.why, group.rows)).collect();
    assert_eq!(cells, [("校验位不符,已照录".to_owned(), vec![2, 4, 5])]);
}
