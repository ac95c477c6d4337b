//! Several sheets of a workbook taken together.

use crate::exchange::Desk;
use jumin::exchange::choices::Choices;
use jumin::exchange::choices::Sheets;
use jumin::exchange::intake::Reason;
use jumin::exchange::read;
use jumin::exchange::rejects::Back;
use jumin::exchange::verdict::Verdict;
use jumin::model::person;
use jumin::model::ruling::Who;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Two buildings whose lists differ in their columns, a hidden sheet, and one that is no list.
fn book(desk: &Desk) -> PathBuf {
    let sheets: [(&str, &[&[&str]]); 4] = [
        ("说明", &[&["填表说明", ""], &["每栋一张", ""]]),
        (
            "一栋",
            &[
                &["姓名", "性别", "与户主关系", "房号"],
                &["张三", "男", "户主", "101"],
                &["李四", "女", "配偶", ""],
            ],
        ),
        (
            "二栋",
            &[
                &["翠湖社区二栋"],
                &["房号", "姓 名", "与户主关系", "工作单位", "性别"],
                &["", "王五", "子", "棉纺厂", "男"],
                &["202", "", "户主", "", "女"],
                &["", "赵六", "", "", "男"],
            ],
        ),
        ("底稿", &[&["姓名", "性别"], &["旧人", "男"]]),
    ];
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        sheet.set_hidden(name == "底稿");
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    desk.file("两栋.xlsx", book.save_to_buffer().unwrap())
}

fn all() -> Choices {
    let mut choices = Choices::default();
    choices.sheets = Sheets::All;
    choices
}

#[test]
fn sheets_taken_together_are_one_ledger() {
    let mut desk = Desk::new();
    let path = book(&desk);
    let first = desk.judge(&path, &Choices::default()).unwrap();
    assert_eq!((first.sheet.as_str(), first.counts().new), ("一栋", 2));
    assert_eq!(first.sheets, ["一栋", "二栋"]);

    let plan = desk.judge(&path, &all()).unwrap();
    assert_eq!(plan.sheet, "一栋、二栋");
    let counts = plan.counts();
    assert_eq!((counts.rows, counts.new, counts.rejected), (8, 4, 1));
    let headings: Vec<&str> = plan
        .columns
        .iter()
        .map(|one| one.heading.as_str())
        .collect();
    assert_eq!(headings, ["姓名", "性别", "与户主关系", "房号", "工作单位"]);
    let filled: Vec<usize> = plan.samples.iter().map(|one| one.filled).collect();
    assert_eq!(filled, [4, 5, 4, 4, 1]);
    let unsure = plan
        .rows
        .iter()
        .find(|row| row.verdict == Verdict::Rejected(Reason::NoName));
    let nameless = unsure.unwrap().number;
    assert_eq!(plan.name(nameless), "二栋!4");
    assert_eq!(plan.place(nameless), ("二栋", 4));
    // A cell is told by its heading wherever its column stands.
    assert_eq!(plan.column(nameless, 1).unwrap().heading, "姓名");

    plan.changes
        .iter()
        .for_each(|change| desk.book.apply(change));
    let wang = desk.person("王五");
    assert_eq!(wang.record.text(person::EMPLOYER), Some("棉纺厂"));
    assert_ne!(wang.household(), desk.person("李四").household());
    assert_eq!(
        desk.person("张三").household(),
        desk.person("李四").household()
    );
}

#[test]
fn a_row_keeps_its_decision_whichever_sheets_are_taken() {
    let mut desk = Desk::new();
    let path = book(&desk);
    let plan = desk.judge(&path, &all()).unwrap();
    let row = plan
        .rows
        .iter()
        .find(|row| plan.name(row.number) == "二栋!5");
    let row = row.unwrap().number;
    let mut choices = all();
    choices.row(row, Some(Who::Leave));
    assert_eq!(desk.judge(&path, &choices).unwrap().counts().new, 3);
    choices.sheets = Sheets::Named(vec!["二栋".into()]);
    let second = desk.judge(&path, &choices).unwrap();
    assert_eq!(second.name(row), "5");
    let decided = second.rows.iter().find(|one| one.number == row).unwrap();
    assert_eq!(decided.verdict, Verdict::Skipped(Reason::LeftOut));
    choices.sheets = Sheets::Named(vec!["一栋".into(), "三栋".into()]);
    assert!(desk.judge(&path, &choices).is_err());
}

#[test]
fn what_is_refused_of_several_sheets_goes_back_under_one_heading() {
    let mut desk = Desk::new();
    let path = book(&desk);
    let plan = desk.judge(&path, &all()).unwrap();
    let back = Back::of(&plan).write(&path).unwrap().unwrap();
    let source = read::read(&back, &mut |_, _| ControlFlow::Continue(())).unwrap();
    let rows = source.sheets[0].rows();
    let rows: Vec<Vec<&str>> = rows.map(|row| row.cells().collect()).collect();
    assert_eq!(
        rows[0],
        ["姓名", "性别", "与户主关系", "房号", "工作单位", "原因"]
    );
    assert_eq!(rows[1][..4], ["", "女", "户主", "202"]);
    assert_eq!(rows.len(), 2);
}
