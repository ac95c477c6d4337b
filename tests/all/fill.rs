//! A department's own form: filled in, and otherwise as it was made.

use crate::cli::Desk;
use calamine::Data;
use calamine::Reader;
use calamine::Xlsx;
use std::collections::BTreeMap;
use std::fs;
use std::fs::File;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

/// Seven old people in four households, and somebody young.
const LEDGER: &str = "姓名,性别,身份证号,出生日期,电话,住址,户主,与户主关系\n\
    张大海,男,339901193801020006,,15400000001,翠湖小区1栋101,张大海,户主\n\
    李小梅,女,,1939-05-06,15400000002,翠湖小区1栋101,张大海,妻\n\
    王五,男,,1940-03-03,15400000003,翠湖小区1栋102,王五,户主\n\
    赵六,男,,1941-03,,翠湖小区2栋201,赵六,户主\n\
    钱七,女,,1942-07-07,15400000005,翠湖小区2栋202,钱七,户主\n\
    孙八,男,,1943-08-08,15400000006,翠湖小区2栋202,钱七,夫\n\
    周九,女,,1944-09-09,15400000007,翠湖小区2栋202,钱七,其他\n\
    吴年轻,男,,2001-01-01,15400000008,翠湖小区1栋102,王五,孙子\n";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/form")
        .join(name)
}

/// A desk whose register has the people of the ledger.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    take_in(&desk, LEDGER);
    desk
}

fn take_in(desk: &Desk, ledger: &str) {
    let path = desk.path("ledger.csv");
    fs::write(&path, ledger).unwrap();
    desk.done(&["import", path.to_str().unwrap(), "--yes"]);
}

fn add(desk: &Desk, name: &str, file: &str, query: &str) -> String {
    let blank = fixture(file);
    let said = desk.run(&[
        "form",
        "add",
        name,
        blank.to_str().unwrap(),
        "--query",
        query,
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out + &said.err
}

/// Fills a form in and returns the workbook and what was said.
fn fill(desk: &Desk, name: &str, more: &[&str]) -> (PathBuf, String) {
    let path = desk.path("out.xlsx");
    let args = ["form", "fill", name, "-o", path.to_str().unwrap()];
    let said = desk.run(&[&args[..], more].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    (path, said.err)
}

const WHOLE: [&str; 5] = ["--unmasked", "--purpose", "街道核对", "--to", "街道办"];

fn members(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut members = BTreeMap::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).unwrap();
        let mut bytes = vec![];
        member.read_to_end(&mut bytes).unwrap();
        members.insert(member.name().unwrap().into_owned(), bytes);
    }
    members
}

fn text(path: &Path, member: &str) -> String {
    String::from_utf8(members(path).remove(member).unwrap()).unwrap()
}

fn book(path: &Path) -> Xlsx<BufReader<File>> {
    calamine::open_workbook(path).unwrap()
}

/// The cell at a place such as `B5`.
fn cell(path: &Path, sheet: &str, place: &str) -> Data {
    let column = u32::from(place.as_bytes()[0] - b'A');
    let row: u32 = place[1..].parse().unwrap();
    let range = book(path).worksheet_range(sheet).unwrap();
    range
        .get_value((row - 1, column))
        .cloned()
        .unwrap_or(Data::Empty)
}

fn shown(path: &Path, sheet: &str, places: &str) -> Vec<String> {
    let one = |place: &str| cell(path, sheet, place).to_string();
    places.split(' ').map(one).collect()
}

fn formula(path: &Path, sheet: &str, place: &str) -> String {
    let column = u32::from(place.as_bytes()[0] - b'A');
    let row: u32 = place[1..].parse().unwrap();
    let range = book(path).worksheet_formula(sheet).unwrap();
    range
        .get_value((row - 1, column))
        .cloned()
        .unwrap_or_default()
}

/// The attribute of the tag that a cell or a row begins with.
fn attribute(xml: &str, tag: &str, place: &str, key: &str) -> Option<String> {
    let rest = xml.split(&format!("<{tag} ")).find(|rest| {
        let head = rest.split('>').next().unwrap();
        format!(" {head}").contains(&format!(" r=\"{place}\""))
    })?;
    let head = format!(" {}", rest.split('>').next()?);
    let value = head.split(&format!(" {key}=\"")).nth(1)?;
    Some(value.split('"').next()?.to_owned())
}

#[test]
fn a_filled_form_has_its_people_and_pushes_the_rest_down() {
    for file in ["monthly.xlsx", "monthly-libreoffice.xlsx"] {
        let desk = desk();
        let said = add(&desk, "高龄", file, "age:80..");
        assert!(
            said.contains("标题在第 4 行") && said.contains("服务编号"),
            "{said}"
        );
        let (path, said) = fill(&desk, "高龄", &WHOLE);
        assert!(
            said.contains("7 人") && said.contains("没有填的列：服务编号"),
            "{said}"
        );
        let first = shown(&path, "名单", "A5 B5 C5 E5 F5 G5 I5 J5");
        let want = [
            "1",
            "张大海",
            "男",
            "339901193801020006",
            "翠湖小区",
            "1",
            "15400000001",
            "",
        ];
        assert_eq!(first, want, "{file}");
        assert!(
            matches!(cell(&path, "名单", "D5"), Data::DateTime(_)),
            "a day is a day"
        );
        assert!(matches!(cell(&path, "名单", "H5"), Data::Float(age) if age >= 86.0));
        assert_eq!(shown(&path, "名单", "B7 D8"), ["王五", "1941-03"], "{file}");
        assert_eq!(shown(&path, "名单", "A11 B11"), ["7", "周九"]);
        assert_eq!(
            shown(&path, "名单", "A12 A13 E13"),
            ["合计", "填表人：", "审核人："]
        );
        assert!(cell(&path, "名单", "A14").to_string().starts_with("注：1."));
        for (sheet, place, want) in [
            ("名单", "H12", "SUM(H5:H11)"),
            ("名单", "I12", "COUNTA(B5:B11)"),
            ("汇总", "B2", "B1+1"),
        ] {
            assert_eq!(formula(&path, sheet, place), want, "{file} {place}");
        }
        let sums = [formula(&path, "汇总", "B1"), formula(&path, "汇总", "B3")];
        let plain = sums.map(|one| one.replace(['$', '\''], ""));
        assert_eq!(plain, ["SUM(名单!H5:H11)", "名单!I12"], "{file}");
    }
}

#[test]
fn what_speaks_of_rows_moves_and_every_other_member_is_the_same() {
    for file in ["monthly.xlsx", "monthly-libreoffice.xlsx"] {
        let desk = desk();
        add(&desk, "高龄", file, "age:80..");
        let (path, _) = fill(&desk, "高龄", &WHOLE);
        let sheet = text(&path, "xl/worksheets/sheet1.xml");
        for part in [
            "ref=\"A12:G12\"",
            "ref=\"A14:J14\"",
            "ref=\"F3:H3\"",
            "sqref=\"C5:C11\"",
            "sqref=\"H5:H11\"",
            "sqref=\"A12:J12\"",
            "$H$13</",
            "id=\"13\"",
            "orientation=\"landscape\"",
            "ref=\"A1:J14\"",
        ] {
            assert!(sheet.contains(part), "{file}: no {part}");
        }
        for row in ["5", "9", "10", "11"] {
            assert_eq!(
                attribute(&sheet, "row", row, "ht").as_deref(),
                Some("24"),
                "{file} {row}"
            );
        }
        let style = |place: &str| attribute(&sheet, "c", place, "s");
        for column in ["A", "D", "E", "H", "J"] {
            let like = style(&format!("{column}8"));
            assert_eq!(style(&format!("{column}9")), like, "{file}");
            assert_eq!(style(&format!("{column}10")), like, "{file}");
            assert_ne!(
                style(&format!("{column}11")),
                like,
                "the heavy line stays the last"
            );
        }
        let names = text(&path, "xl/workbook.xml").replace('\'', "");
        assert!(
            names.contains("名单!$A$1:$J$14") && names.contains("名单!$H$5:$H$11"),
            "{names}"
        );
        assert!(
            names.contains("名单!$3:$4") && names.contains("fullCalcOnLoad=\"1\""),
            "{names}"
        );
        let comment = members(&path)
            .into_iter()
            .find(|(name, _)| name.starts_with("xl/comment") && name.ends_with(".xml"));
        assert!(
            String::from_utf8(comment.unwrap().1)
                .unwrap()
                .contains("ref=\"I13\"")
        );
        let (before, after) = (members(&fixture(file)), members(&path));
        let chart = String::from_utf8(after["xl/charts/chart1.xml"].clone()).unwrap();
        assert!(chart.contains("$H$5:$H$11"), "{chart}");
        assert!(before.keys().eq(after.keys()), "{file}");
        let touched = before
            .iter()
            .filter(|(name, bytes)| after[*name] != **bytes);
        for (name, _) in touched {
            let may = [
                "sheet1.xml",
                "sheet2.xml",
                "workbook.xml",
                "chart1.xml",
                "omment",
                "vmlDrawing",
                // The remark: who took it out and what for.
                "docProps/core.xml",
            ];
            assert!(
                may.iter().any(|part| name.contains(part)),
                "{file}: {name} was touched"
            );
        }
    }
}

#[test]
fn fewer_people_than_rows_leave_the_layout_alone() {
    let desk = desk();
    add(&desk, "高龄", "monthly.xlsx", "age:85..");
    let (path, said) = fill(&desk, "高龄", &WHOLE);
    let people = desk.count("age:85..");
    assert!(
        people < 5 && said.contains(&format!("{people} 人")),
        "{said}"
    );
    let (before, after) = (members(&fixture("monthly.xlsx")), members(&path));
    let touched = before
        .iter()
        .filter(|(name, bytes)| after[*name] != **bytes);
    let touched: Vec<&str> = touched.map(|(name, _)| name.as_str()).collect();
    // The second sheet's sums would be those of the blank form.
    let sheets = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"];
    let others = ["docProps/core.xml", "xl/workbook.xml"];
    assert_eq!(touched, [&others[..], &sheets].concat());
    assert_eq!(shown(&path, "名单", "A9 B9 A10"), ["5", "", "合计"]);
    assert_eq!(formula(&path, "名单", "H10"), "SUM(H5:H9)");
}

#[test]
fn a_form_of_heads_has_a_row_a_household() {
    let desk = desk();
    let said = add(&desk, "住户", "households.xlsx", "");
    assert!(said.contains("一户一行，现在 4 户"), "{said}");
    assert!(
        said.contains("家庭人口") && said.contains("members"),
        "{said}"
    );
    let (path, said) = fill(&desk, "住户", &WHOLE);
    assert!(said.contains("没有填的列：开户银行、家庭年收入"), "{said}");
    assert!(said.contains("1 行已换掉"), "the example goes: {said}");
    assert_eq!(
        shown(&path, "住户", "A3 B3 C3 F3 G3 H3"),
        ["1", "张大海", "2", "否", "", ""]
    );
    assert_eq!(
        shown(&path, "住户", "A6 B6 C6 E6"),
        ["4", "钱七", "3", "15400000005"]
    );
    assert_eq!(cell(&path, "住户", "A7"), Data::Empty);
}

#[test]
fn keys_say_what_goes_under_a_heading_that_is_not_understood() {
    let desk = desk();
    let blank = fixture("monthly.xlsx");
    let keys = desk.path("keys.toml");
    let try_keys = |text: &str| {
        fs::write(&keys, text).unwrap();
        let args = ["form", "add", "高龄", blank.to_str().unwrap(), "--keys"];
        desk.run(&[&args[..], &[keys.to_str().unwrap()]].concat())
    };
    let said = try_keys("\"服务编号\" = \"hh\"\n\"联系电话\" = \"\"\n");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("没有填的列：联系电话"), "{}", said.err);
    for (text, word) in [
        ("\"服务编号\" = \"nonsense\"", "nonsense"),
        ("\"没有的标题\" = \"name\"", "没有的标题"),
        ("服务编号", "keys.toml"),
    ] {
        let said = try_keys(text);
        assert_eq!(said.code, 1, "{}", said.err);
        assert!(said.err.contains(word), "{}", said.err);
    }
}

#[test]
fn a_form_is_masked_until_a_purpose_is_given_and_always_on_record() {
    let desk = desk();
    add(&desk, "高龄", "monthly.xlsx", "age:80..");
    let (path, _) = fill(&desk, "高龄", &[]);
    assert_eq!(
        shown(&path, "名单", "E5 I5"),
        ["339901********0006", "154****0001"]
    );
    assert!(desk.done(&["log"]).contains("导出 7 人到 out.xlsx：打码"));
    let (path, _) = fill(&desk, "高龄", &WHOLE);
    assert!(desk.done(&["log"]).contains("街道核对"));
    // The sheet is the department's; who took it out and what for stands in its properties.
    let properties = text(&path, "docProps/core.xml");
    assert!(
        properties.contains("街道核对") && properties.contains("街道办"),
        "{properties}"
    );
    desk.refused(&["form", "fill", "高龄", "--unmasked"]);
}

#[test]
fn what_changed_since_the_last_filing_is_told_and_marked() {
    let desk = desk();
    add(&desk, "高龄", "monthly.xlsx", "age:80..");
    let unfiled = desk.refused(&["form", "changes", "高龄"]);
    assert!(unfiled.contains("还没有报送过"), "{unfiled}");
    let (path, _) = fill(&desk, "高龄", &WHOLE);
    let plain = text(&path, "xl/styles.xml");
    assert_eq!(plain, text(&fixture("monthly.xlsx"), "xl/styles.xml"));
    assert!(desk.done(&["form", "changes", "高龄"]).contains("没有变动"));
    take_in(
        &desk,
        "姓名,性别,出生日期,电话,住址\n\
         郑十,男,1930-10-10,15400000010,翠湖小区3栋301\n\
         赵六,男,1941-03,15400000004,翠湖小区2栋201\n",
    );
    let told = desk.done(&["form", "changes", "高龄"]);
    assert!(told.contains("新增 1") && told.contains("郑十"), "{told}");
    assert!(
        told.contains("有变动 1") && told.contains("赵六  联系电话   -> 154****0004"),
        "{told}"
    );
    let (path, said) = fill(&desk, "高龄", &[&WHOLE[..], &["--trial"]].concat());
    assert!(said.contains("新增 1，不在了 0，有变动 1"), "{said}");
    let sheet = text(&path, "xl/worksheets/sheet1.xml");
    let styles = text(&path, "xl/styles.xml");
    let yellow = styles.split("<cellXfs").nth(1).unwrap();
    let fills = styles
        .split("<fills")
        .nth(1)
        .unwrap()
        .split("</fills>")
        .next()
        .unwrap();
    let marked = format!("fillId=\"{}\"", fills.matches("<fill>").count() - 1);
    assert!(fills.contains("FFFFF2AB"), "{fills}");
    let is_marked = |place: &str| {
        let style: usize = attribute(&sheet, "c", place, "s").unwrap().parse().unwrap();
        yellow
            .split("<xf ")
            .nth(style + 1)
            .unwrap()
            .contains(&marked)
    };
    let rows = (5..=12).map(|row| (row, cell(&path, "名单", &format!("B{row}")).to_string()));
    for (row, name) in rows {
        assert_eq!(is_marked(&format!("B{row}")), name == "郑十", "{name}");
        assert_eq!(
            is_marked(&format!("I{row}")),
            name == "郑十" || name == "赵六",
            "{name}"
        );
        assert_eq!(is_marked(&format!("A{row}")), name == "郑十", "{name}");
    }
    let (_, said) = fill(&desk, "高龄", &WHOLE);
    assert!(said.contains("新增 1"), "a trial is no filing: {said}");
    let (_, said) = fill(&desk, "高龄", &WHOLE);
    assert!(said.contains("新增 0，不在了 0，有变动 0"), "{said}");
    let (_, said) = fill(&desk, "高龄", &["--unmarked"]);
    assert!(!said.contains("新增"), "{said}");
    assert!(desk.done(&["form", "list"]).contains("高龄"));
    let none = desk.refused(&["form", "changes", "高龄", "--compare", "2020-01-01"]);
    assert!(none.contains("还没有"), "{none}");
}

#[test]
fn a_form_goes_beside_the_last_one_and_is_forgotten_by_an_undo() {
    let desk = desk();
    add(&desk, "街道/高龄", "monthly.xlsx", "age:80..");
    for count in 1..=2 {
        let done = desk.run_at_home(&["form", "fill", "街道/高龄"]);
        assert_eq!(done.code, 0, "{}", done.err);
        let made = fs::read_dir(desk.path("")).unwrap().filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("街道-高龄-2")
        });
        assert_eq!(made.count(), count);
    }
    desk.done(&["undo"]);
    let said = desk.refused(&["form", "fill", "街道/高龄"]);
    assert!(said.contains("没有存下"), "{said}");
}

#[test]
fn what_is_no_form_is_named() {
    let desk = desk();
    let csv = desk.path("a.csv");
    fs::write(&csv, "姓名,住址\n").unwrap();
    let odd = desk.path("odd.xlsx");
    desk.done(&["list", "--columns", "age,sex", "-o", odd.to_str().unwrap()]);
    let gone = desk.path("gone.xlsx");
    for (path, word) in [(&csv, "不是 .xlsx"), (&odd, "户主"), (&gone, "gone.xlsx")] {
        let said = desk.refused(&["form", "add", "x", path.to_str().unwrap()]);
        assert!(said.contains(word), "{said}");
    }
    let blank = fixture("monthly.xlsx");
    let blank = blank.to_str().unwrap();
    let said = desk.refused(&["form", "add", "x", blank, "--sheet", "别的"]);
    assert!(said.contains("名单、汇总、说明"), "{said}");
    desk.refused(&["form", "add", "x", blank, "--view", "没有的视图"]);
    desk.refused(&["form", "add", "x", blank, "--query", "age:abc"]);
    desk.done(&["form", "add", "x", blank, "--view", "独居老人名册"]);
    assert!(desk.done(&["form", "list"]).contains("@独居老人名册"));
}

#[test]
fn every_command_below_form_has_its_words() {
    let desk = Desk::new();
    for lang in ["zh", "en"] {
        for command in ["add", "fill", "list", "changes"] {
            let help = desk.done(&["form", command, "--help", "--lang", lang]);
            assert!(!help.contains("[cli-"), "{help}");
            assert!(
                desk.done(&["man"])
                    .contains(&format!("jumin\\-form\\-{command}"))
            );
        }
    }
}
