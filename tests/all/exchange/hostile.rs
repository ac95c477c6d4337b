//! Files of hostile size and shape: each ends with a sentence, or with cleaned values, within the time
//! and the memory that a damaged file may take.

use crate::exchange::Desk;
use crate::exchange::bounds::MOST_MEMORY;
use crate::exchange::bounds::alone;
use crate::exchange::bounds::peak;
use crate::exchange::bounds::spent;
use jumin::exchange::ExchangeError;
use jumin::exchange::Limit;
use jumin::model::person;
use std::io::Cursor;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The longest that a file as large as may be read may take, unoptimized.
const LONGEST: Duration = Duration::from_secs(60);

/// Ten million.
const MANY: usize = 10_000_000;

/// A workbook with one sheet, whose rows come from `rows` until there are no more.
fn workbook(desk: &Desk, name: &str, rows: impl Iterator<Item = String>) -> PathBuf {
    let mut out = ZipWriter::new(Cursor::new(vec![]));
    let options = SimpleFileOptions::default();
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let links = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let root = links.replace("worksheets/sheet1.xml", "xl/workbook.xml");
    let root = root.replace("/worksheet\"", "/officeDocument\"");
    for (part, text) in [
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
    ] {
        out.start_file(part, options).unwrap();
        out.write_all(text.as_bytes()).unwrap();
    }
    out.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let head = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
    out.write_all(head.as_bytes()).unwrap();
    for row in rows {
        out.write_all(row.as_bytes()).unwrap();
    }
    out.write_all(b"</sheetData></worksheet>").unwrap();
    desk.file(name, out.finish().unwrap().into_inner())
}

fn cell(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn heading() -> String {
    format!(
        r#"<row r="1">{}{}</row>"#,
        cell("A1", "姓名"),
        cell("B1", "住址")
    )
}

/// A file that has to end with this limit, or to be read.
type Case = (PathBuf, Option<fn(&Limit) -> bool>);

fn cases(desk: &Desk) -> Vec<Case> {
    let empty = std::iter::repeat_n("<row/>".repeat(1_000), MANY / 1_000);
    let rows = workbook(desk, "rows.xlsx", std::iter::once(heading()).chain(empty));
    let blank = std::iter::repeat_n("<row/>".repeat(1_000), 1_000);
    let person = format!(r#"<row r="1000001">{}</row>"#, cell("A1000001", "张三"));
    let blank = std::iter::once(heading()).chain(blank).chain([person]);
    let blank = workbook(desk, "blank.xlsx", blank);
    let long = cell("A2", &"长".repeat(350_000));
    let long = format!(r#"<row r="2">{long}</row>"#);
    let long = workbook(desk, "long.xlsx", [heading(), long].into_iter());
    let far = cell("XFD1048576", "x");
    let far = format!(r#"<row r="1048576">{far}</row>"#);
    let far = workbook(desk, "far.xlsx", [heading(), far].into_iter());
    let spaces = std::iter::repeat_n(" ".repeat(1 << 20), 600);
    let bomb = workbook(desk, "bomb.xlsx", spaces);
    let lines = desk.file(
        "lines.csv",
        format!("姓名,住址\n{}张三,1栋101\n", "\n".repeat(MANY)),
    );
    let commas = desk.file("commas.csv", format!("姓名,住址\n{}", ",\n".repeat(MANY)));
    let megabyte = desk.file(
        "long.csv",
        format!("姓名,住址\n{},1\n", "a".repeat(1 << 20)),
    );
    let quotes = desk.file(
        "quotes.csv",
        format!("姓名,住址\n{}", "\"a\n".repeat(200_000)),
    );
    vec![
        (
            rows,
            Some(|limit| matches!(limit, Limit::Rows(_) | Limit::Unpacked(_))),
        ),
        (blank, None),
        (
            long,
            Some(|limit| matches!(limit, Limit::Characters(..) | Limit::Cell(_))),
        ),
        (far, Some(|limit| matches!(limit, Limit::Columns(..)))),
        (bomb, Some(|limit| matches!(limit, Limit::Cell(_)))),
        (lines, None),
        (commas, Some(|limit| matches!(limit, Limit::Rows(_)))),
        (
            megabyte,
            Some(|limit| matches!(limit, Limit::Characters(..))),
        ),
        (quotes, None),
    ]
}

#[test]
fn files_of_hostile_size_end_with_a_sentence() {
    print!("{}", alone("exchange::hostile::large_files"));
}

#[test]
#[ignore = "run in a process of its own by the test above"]
fn large_files() {
    let mut desk = Desk::new();
    let cases = cases(&desk);
    // What it took to make them is not counted.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
    for (path, limit) in cases {
        let before = spent();
        let plan = desk.plan(&path);
        let (took, peak) = (spent() - before, peak());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!("{name}: {took:?}, at most {} MB", peak >> 20);
        match (plan, limit) {
            (Err(ExchangeError::TooLarge { what, .. }), Some(is_it)) => {
                assert!(is_it(&what), "{name}: {what:?}");
            }
            (Ok(plan), None) => assert!(plan.counts().new > 0, "{name}: {:?}", plan.counts()),
            (Ok(plan), Some(_)) => panic!("{name} was read: {:?}", plan.counts()),
            (Err(fault), _) => panic!("{name}: {fault}"),
        }
        assert!(took < LONGEST, "{name}: {took:?}");
        assert!(peak < MOST_MEMORY, "{name}: {peak} bytes");
    }
}

#[test]
fn what_a_terminal_would_obey_is_left_out() {
    let mut desk = Desk::new();
    for (what, text) in [
        ("an escape", "张\u{1b}[31m三"),
        ("a window's title", "张\u{1b}]0;x\u{7}三"),
        ("an escape of one byte", "张\u{9b}2J三"),
        ("a bell and a backspace", "张\u{7}\u{8}三"),
        ("a reversal", "张\u{202e}三\u{202c}"),
        ("an isolate", "\u{2067}张三\u{2069}"),
        ("no width", "张\u{200b}\u{feff}三"),
        ("a NUL", "张\0三"),
        ("a delete", "张\u{7f}三"),
    ] {
        // A short file with a NUL is taken for no text.
        let title = "翠湖社区居民花名册".repeat(10);
        let ledger = format!("{title}\n姓名,住址,备注\n{text},1栋101,{text}\n");
        let path = desk.file("a.csv", ledger);
        let plan = desk.plan(&path).unwrap();
        assert_eq!(plan.counts().new, 1, "{what}");
        let mut book = desk.book.clone();
        plan.changes.iter().for_each(|change| book.apply(change));
        let someone = book.people().last().unwrap();
        // What stands in brackets beside a name is a note.
        let note = someone.record.text(person::NOTE).unwrap().to_owned();
        for kept in [someone.name(), &note] {
            let is_obeyed =
                |c: char| c.is_control() || "\u{202e}\u{2067}\u{200b}\u{feff}".contains(c);
            assert!(!kept.contains(is_obeyed), "{what}: {kept:?}");
            assert!(kept.contains('张'), "{what}: {kept:?}");
        }
    }
}
