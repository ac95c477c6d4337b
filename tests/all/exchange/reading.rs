//! Every kind of file from every writer in `tests/fixtures/`: the same people come out of each.
//!
//! What is in the files is said by `tests/fixtures/make.py`, which makes them.

use crate::exchange::Desk;
use crate::exchange::assert_same;
use crate::exchange::list;
use crate::exchange::odd;
use crate::exchange::source;
use crate::exchange::sum;
use crate::ledger;
use jumin::exchange::Format;
use jumin::exchange::choices::Choices;
use jumin::exchange::choices::Sheets;
use jumin::exchange::group;
use jumin::exchange::read::Kind;

use jumin::model::Lang;
use jumin::model::field;
use jumin::model::person;
use std::path::Path;
use std::path::PathBuf;

/// The ledgers, what each is inside, and whether it has the second sheet and knows hidden rows.
const LEDGERS: [(&str, Kind, bool, bool); 13] = [
    ("openpyxl.xlsx", Kind::Xlsx, true, true),
    ("libreoffice.xlsx", Kind::Xlsx, true, true),
    ("xlwt.xls", Kind::Xls, true, true),
    ("libreoffice.xls", Kind::Xls, true, true),
    ("excel-95.xls", Kind::Xls, true, true),
    ("odfpy.ods", Kind::Ods, true, true),
    ("libreoffice.ods", Kind::Ods, true, true),
    ("web-page.xls", Kind::Html, true, true),
    ("excel-2003-xml.xls", Kind::Xml2003, true, true),
    ("commas-gb18030.csv", Kind::Text, false, false),
    ("tabs-utf16.txt", Kind::Text, false, false),
    ("semicolons.csv", Kind::Text, false, false),
    ("bars-old-mac.csv", Kind::Text, false, false),
];

/// Who is on the first sheet: name, birth, phone, address as printed.
const PEOPLE: [(&str, &str, &str, &str); 7] = [
    ("钱一山", "1956-03-01", "15400000001", "3栋2单元501"),
    ("孙二梅", "1958-07-12", "15400000002", "3栋2单元501"),
    ("钱三", "1984-11-30", "15400000003", "3栋2单元501"),
    ("李四海", "1990-02-28", "15400000004", "3栋2单元502"),
    (
        "阿依古丽·买买提",
        "1992-05-05",
        "15400000005",
        "3栋2单元502",
    ),
    ("周五", "1949-10-01", "15400000006", "3栋2单元601"),
    ("吴六妹", "1951-12-31", "15400000007", "3栋2单元601"),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name)
}

#[test]
fn every_writers_file_is_the_same_ledger() {
    for (name, kind, has_second, knows_hidden) in LEDGERS {
        let found = source(&fixture(name)).unwrap();
        assert_eq!(found.kind, kind, "{name}");
        assert_eq!(found.sheets.len() > 1, has_second, "{name}");
        let hidden = found.sheets[0].rows().filter(|row| row.hidden).count();
        assert_eq!(hidden > 0, knows_hidden, "{name}");
        let mut desk = Desk::new();
        let plan = desk.import(&fixture(name));
        let counts = plan.counts();
        let taken = (counts.new, counts.rejected, counts.undecided);
        assert_eq!(taken, (7, 0, 0), "{name}: {counts:?}");
        assert_eq!(plan.hidden().len(), usize::from(knows_hidden), "{name}");
        let skipped = plan.groups(Lang::En).into_iter();
        let skipped = skipped.filter(|group| group.kind == group::Kind::Skipped);
        let skipped: Vec<(String, usize)> =
            skipped.map(|group| (group.why, group.rows.len())).collect();
        for kind in [
            "above the headings",
            "headings or hints",
            "a total",
            "signature or stamp",
        ] {
            let told = skipped.iter().find(|(why, _)| why == kind);
            assert!(told.is_some(), "{name}: {kind} {skipped:?}");
        }
        assert_eq!(
            skipped.iter().map(|(_, rows)| rows).sum::<usize>(),
            counts.skipped
        );
        for (who, birth, phone, address) in PEOPLE {
            let person = desk.person(who);
            let cell = |key: &str| {
                let field = field::by_key(key).unwrap();
                person
                    .record
                    .get(field.number)
                    .map_or(String::new(), |value| value.plain())
            };
            assert_eq!(
                (cell("birth").as_str(), cell("tel").as_str()),
                (birth, phone),
                "{name}: {who}"
            );
            assert_eq!(cell("id").len(), 18, "{name}: {who}");
            let home = desk.book.home(person).unwrap();
            assert_eq!(home.address().to_string(), address, "{name}: {who}");
        }
        assert_eq!(
            desk.person("钱三").household(),
            desk.person("钱一山").household(),
            "{name}"
        );
        assert_ne!(
            desk.person("周五").household(),
            desk.person("钱一山").household(),
            "{name}"
        );
        let head = desk
            .book
            .household(desk.person("吴六妹").household().unwrap())
            .unwrap()
            .head();
        assert_eq!(head, Some(desk.person("周五").id), "{name}");
        assert!(!desk.categories("孙二梅").is_empty(), "{name}");
        assert_eq!(
            desk.person("孙二梅").record.get(person::NOTE),
            None,
            "{name}"
        );
    }
}

/// LibreOffice leaves a hidden row out of a web page but not out of the spans around it, so that
/// the cells below stand one column too far right: nothing can be built on them.
#[test]
fn a_page_with_spans_that_reach_too_far_is_read_all_the_same() {
    let found = source(&fixture("libreoffice.html")).unwrap();
    assert_eq!((found.kind, found.sheets.len()), (Kind::Html, 2));
    let plan = Desk::new().plan(&fixture("libreoffice.html")).unwrap();
    assert!(plan.counts().new > 0);
}

#[test]
fn a_text_that_ten_hands_made_loses_no_row() {
    let mut desk = Desk::new();
    let plan = desk.import(&fixture("dirty.csv"));
    assert_eq!(
        (plan.counts().rows, plan.counts().new),
        (7, 6),
        "{:?}",
        plan.counts()
    );
    let numbers: Vec<usize> = plan.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 6, 7, 8]);
    for (who, note) in [
        ("钱一山", "说\"还好\""),
        ("李四海", "两行"),
        ("周五", "没有收尾"),
        ("王七", "[2J红色"),
        ("冯八斤", "a\"b尾"),
    ] {
        let person = desk.person(who);
        let said = person
            .record
            .get(person::NOTE)
            .map_or(String::new(), |value| value.plain());
        assert_eq!(said, note, "{who}");
    }
    for (who, address) in [("孙二梅", "3栋2单元501"), ("李四海", "3栋2单元502")] {
        let home = desk.book.home(desk.person(who)).unwrap();
        assert!(
            home.address().to_string().contains(address),
            "{who}: {}",
            home.address()
        );
    }
}

/// Every file of the fixtures and the seeds, whole: its sheets together.
fn every_file() -> impl Iterator<Item = PathBuf> {
    let ledgers = LEDGERS.iter().map(|(name, ..)| fixture(name));
    let others = [fixture("dirty.csv")];
    let seeds = ["ledger-sample.csv", "ledger-sample.xlsx"].map(ledger::seed);
    ledgers.chain(others).chain(seeds)
}

#[test]
fn every_file_is_accounted_for_comes_in_once_and_goes_out_whole() {
    let mut choices = Choices::default();
    choices.sheets = Sheets::All;
    for path in every_file() {
        let mut desk = Desk::new();
        let plan = desk.judge(&path, &choices).unwrap();
        let lines: usize = plan.parts.iter().map(|part| part.sheet.len()).sum();
        let counts = plan.counts();
        assert_eq!(
            (counts.rows, sum(counts)),
            (lines, lines),
            "{}",
            path.display()
        );
        let changes = plan.changes.iter();
        changes.for_each(|change| desk.book.apply(change));

        let again = desk.judge(&path, &choices).unwrap();
        assert_eq!(again.changes, [], "{}: {:?}", path.display(), odd(&again));
        assert_eq!(again.counts().new + again.counts().updated, 0);

        for (format, name) in [
            (Format::Csv, "out.csv"),
            (Format::Xlsx, "out.xlsx"),
            (Format::Json, "out.jsonl"),
        ] {
            let mut other = Desk::new();
            let file = other.file(name, list(&desk.book, true, format));
            other.import(&file);
            let what = format!("{} as {name}", path.display());
            assert_same(&other.lines(), &desk.lines(), &what);
        }
    }
}
