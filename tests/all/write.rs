//! Lists out: kinds of cells in a workbook, encodings, print, notice boards, pipes.

use crate::cli::Desk;
use calamine::Data;
use calamine::Reader;
use jumin::exchange::csv;
use jumin::exchange::csv::Charset;
use jumin::model::mask;
use std::fs;
use std::io::Read;
use unicode_width::UnicodeWidthStr;

/// What UTF-8 can spell and a list can hold: all of the first plane, and of those above, which
/// GB18030 counts through, one in a hundred.
fn every_character() -> impl Iterator<Item = char> {
    let above = ('\u{10000}'..=char::MAX).step_by(97);
    let first = (' '..='\u{ffff}').filter(|c| !c.is_control() && *c != '\u{feff}');
    first.chain(above)
}

/// Places of private use that older fonts had hanzi at; their bytes now mean those hanzi, which have
/// places of their own since.
fn is_retired(c: char) -> bool {
    matches!(
        c,
        '\u{e78d}'
            ..='\u{e796}'
                | '\u{e81e}'
                | '\u{e826}'
                | '\u{e82b}'
                | '\u{e82c}'
                | '\u{e832}'
                | '\u{e843}'
                | '\u{e854}'
                | '\u{e864}'
    )
}

#[test]
fn gb18030_holds_every_character_but_one_and_gives_it_back() {
    let lacking: Vec<char> = every_character()
        .filter(|c| Charset::Gb18030.lacks(c.encode_utf8(&mut [0; 4])).is_some())
        .collect();
    assert_eq!(lacking, ['\u{e5e5}']);
    let text: String = every_character()
        .filter(|c| *c != '\u{e5e5}' && !is_retired(*c))
        .collect();
    for part in text.chars().collect::<Vec<_>>().chunks(5000) {
        let cell: String = part.iter().collect();
        let mut bytes = vec![];
        let rows = [vec!["姓名".to_owned()], vec![cell.clone()]];
        csv::write(rows.into_iter(), Charset::Gb18030, &mut bytes).unwrap();
        let back = csv::decode(&bytes);
        assert!(back.replace("\"\"", "\"").contains(&cell), "{}", part[0]);
    }
}

#[test]
fn gb18030_goes_out_and_the_character_it_lacks_is_named_with_its_person() {
    let desk = Desk::with_demo();
    let path = desk.path("list.csv");
    let out = path.to_str().unwrap();
    desk.done(&["list", "--encoding", "gb18030", "-o", out]);
    let bytes = fs::read(&path).unwrap();
    assert!(String::from_utf8(bytes.clone()).is_err());
    let text = encoding_rs::GB18030.decode(&bytes).0;
    assert!(text.starts_with("姓名,性别,年龄,现住址"), "{text}");
    let ledger = desk.path("odd.csv");
    fs::write(&ledger, "姓名,住址\n钱\u{e5e5}多,1栋101\n").unwrap();
    desk.done(&["import", ledger.to_str().unwrap(), "--yes"]);
    let said = desk.refused(&["list", "钱", "--encoding", "gb18030", "-o", out]);
    assert!(said.contains("U+E5E5") && said.contains("钱"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "the old file stays");
    let other = desk.refused(&["list", "--encoding", "gb18030", "--format", "json"]);
    assert!(other.contains("--encoding"), "{other}");
}

#[test]
fn a_file_is_marked_as_utf8_and_a_pipe_is_not() {
    let desk = Desk::with_demo();
    let path = desk.path("list.csv");
    desk.done(&["list", "党员", "-o", path.to_str().unwrap()]);
    let file = fs::read_to_string(&path).unwrap();
    let piped = desk.done(&["list", "党员", "--format", "csv"]);
    assert_eq!(file.strip_prefix('\u{feff}'), Some(piped.as_str()));
}

#[test]
fn a_workbook_has_typed_cells_filters_widths_and_its_purpose() {
    let desk = Desk::with_demo();
    let path = desk.path("list.xlsx");
    let columns = "name,birth,age,id,tel,address";
    let purpose = "核对社保 A&B";
    let args = [
        "list",
        "age:60..",
        "--columns",
        columns,
        "--unmasked",
        "--purpose",
        purpose,
        "--to",
        "街道办",
    ];
    desk.done(&[&args[..], &["-o", path.to_str().unwrap()]].concat());
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&path).unwrap();
    let range = book.worksheet_range("居民").unwrap();
    let rows: Vec<&[Data]> = range.rows().collect();
    let mark = rows[0][0].to_string();
    assert!(mark.contains("王芳") && mark.contains(purpose), "{mark}");
    assert_eq!(rows[1][0], Data::String("姓名".into()));
    assert_eq!(rows.len(), desk.count("age:60..") + 2);
    for row in &rows[2..] {
        assert!(matches!(row[1], Data::DateTime(_)), "{row:?}");
        assert!(matches!(row[2], Data::Float(age) if age >= 60.0), "{row:?}");
        assert!(matches!(row[3], Data::String(_) | Data::Empty), "{row:?}");
        assert!(matches!(row[4], Data::String(_) | Data::Empty), "{row:?}");
    }
    let sheet = member(&path, "xl/worksheets/sheet1.xml");
    let last = rows.len();
    for part in [
        "topLeftCell=\"A3\"".to_owned(),
        format!("<autoFilter ref=\"A2:F{last}\"/>"),
        "核对社保 A&amp;&amp;B，交给：街道办".to_owned(),
    ] {
        assert!(sheet.contains(&part), "no {part}");
    }
    let widths: Vec<f64> = sheet
        .split("width=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(widths[3] > 19.0 && widths[1] > 11.0, "{widths:?}");
    assert!(member(&path, "docProps/core.xml").contains("王芳"));
    let back = desk.done(&["import", path.to_str().unwrap(), "--dry-run"]);
    assert!(back.contains("相同"), "{back}");
}

fn member(path: &std::path::Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn print_has_a_title_numbers_and_straight_columns_on_every_page() {
    let desk = Desk::with_demo();
    let out = desk.done(&["list", "--format", "text", "--title", "全体居民"]);
    let pages: Vec<&str> = out.split('\u{c}').collect();
    assert_eq!(pages.len(), 6, "300 people at 50 a page");
    let mut number = 0;
    for (at, page) in pages.iter().enumerate() {
        let lines: Vec<&str> = page.lines().collect();
        assert_eq!(lines[0].trim(), "全体居民");
        assert!(
            lines[1].contains(&format!("第 {}/6 页", at + 1)),
            "{}",
            lines[1]
        );
        let name_at = |line: &str, word: &str| line.find(word).map(|at| line[..at].width());
        assert_eq!(name_at(lines[3], "姓名"), Some(6), "{}", lines[3]);
        for line in &lines[5..] {
            number += 1;
            assert_eq!(line[..4].trim(), number.to_string(), "{line}");
            let blanks: String = line.chars().skip(4).take(2).collect();
            assert_eq!(blanks, "  ", "{line}");
        }
    }
    assert_eq!(number, desk.count(""));
    let purposed = desk.done(&[
        "list",
        "党员",
        "--format",
        "text",
        "--unmasked",
        "--purpose",
        "党费核对",
        "--to",
        "镇党委",
    ]);
    assert!(purposed.starts_with(|c: char| c.is_whitespace() || c == '党'));
    assert!(
        purposed.contains("导出：王芳") && purposed.contains("用途：党费核对"),
        "{purposed}"
    );
}

#[test]
fn a_notice_board_names_nobody_whole() {
    let desk = Desk::with_demo();
    let names = desk.done(&["list", "--columns", "name"]);
    let out = desk.done(&["list", "--notice-board"]);
    assert!(
        out.contains("类别") && !out.contains("电话") && !out.contains("身份证"),
        "{out}"
    );
    for name in names
        .lines()
        .skip(1)
        .filter(|name| name.chars().count() > 1)
    {
        assert!(!out.contains(name), "{name}");
    }
    assert!(!out.contains("单元"), "{out}");
    let rooms = desk.done(&[
        "list",
        "--notice-board",
        "--columns",
        "name,tel,room,addr,birth,sex",
    ]);
    assert!(!rooms.contains('室') && !rooms.contains("出生"), "{rooms}");
    assert!(rooms.contains("性别"), "{rooms}");
    desk.refused(&["list", "--notice-board", "--format", "json"]);
    desk.refused(&[
        "list",
        "--notice-board",
        "--unmasked",
        "--purpose",
        "x",
        "--to",
        "y",
    ]);
}

#[test]
fn names_are_masked_as_the_law_table_says() {
    for (name, masked) in [
        ("", ""),
        ("张", "张"),
        ("张三", "张*"),
        ("张小明", "张*明"),
        ("欧阳娜娜", "欧**娜"),
        ("买买提·艾力", "买****力"),
    ] {
        assert_eq!(mask::name(name), masked);
        assert_eq!(mask::name(masked), masked);
    }
}
