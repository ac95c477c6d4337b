//! Ledgers in and lists out: dirt, encodings, bombs, and the way there and back.

mod alike;

mod borders;

mod bounds;

mod choices;

mod crew;

mod dirt;

mod fuzz;

mod hostile;

mod life;

mod reading;

mod sheets;

mod whom;

use crate::ledger;
use jumin::exchange::ExchangeError;
use jumin::exchange::Format;
use jumin::exchange::Limit;
use jumin::exchange::choices::Choices;
use jumin::exchange::choices::Sheets;
use jumin::exchange::intake;
use jumin::exchange::intake::Plan;
use jumin::exchange::intake::Reason;
use jumin::exchange::read;
use jumin::exchange::read::Source;
use jumin::exchange::rejects::Back;
use jumin::exchange::verdict::Candidate;
use jumin::exchange::verdict::Counts;
use jumin::exchange::verdict::Doubt;
use jumin::exchange::verdict::Verdict;
use jumin::exchange::verdict::Why;
use jumin::exchange::write;
use jumin::exchange::write::List;
use jumin::model::Lang;
use jumin::model::assertion::Status;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::household;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::role::Role;
use jumin::model::ruling::Meaning;
use jumin::model::ruling::Who;
use jumin::model::seed;
use jumin::model::value::Value;
use jumin::model::value::ValueRef;
use jumin::model::visit;
use jumin::model::visit::Call;
use jumin::model::visit::Outcome;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

const HEAD: &str = "姓名,性别,身份证号,出生日期,联系电话,现住址,人员类别\n";

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

static SEEDED: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    seed::plant(&mut draft).unwrap();
    let changes = draft.finish();
    changes.iter().for_each(|change| book.apply(change));
    book
});

fn source(path: &Path) -> Result<Source, ExchangeError> {
    read::read(path, &mut |_, _| ControlFlow::Continue(()))
}

/// A folder, a register with only the seeds, and its mint.
struct Desk {
    dir: tempfile::TempDir,
    book: Book,
    mint: Mint,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            dir: tempfile::tempdir().unwrap(),
            book: SEEDED.clone(),
            mint: Mint::new(1_790_000_000_000, 7),
        }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn plan(&mut self, path: &Path) -> Result<Plan, ExchangeError> {
        let plan = self.judge(path, &Choices::default())?;
        let counts = plan.counts();
        assert_eq!(counts.rows, sum(counts), "{counts:?}");
        self.book.check(&plan.changes).unwrap();
        Ok(plan)
    }

    fn judge(&mut self, path: &Path, choices: &Choices) -> Result<Plan, ExchangeError> {
        self.judge_source(&source(path)?, choices)
    }

    fn judge_source(&mut self, source: &Source, choices: &Choices) -> Result<Plan, ExchangeError> {
        let desk = intake::Desk {
            book: &self.book,
            today: today(),
            mint: &mut self.mint,
            watch: &mut |_, _| ControlFlow::Continue(()),
        };
        intake::judge(source, choices, desk)
    }

    /// Plans and commits.
    fn import(&mut self, path: &Path) -> Plan {
        let plan = self.plan(path).unwrap();
        plan.changes
            .iter()
            .for_each(|change| self.book.apply(change));
        plan
    }

    fn text(&mut self, name: &str, text: &str) -> Plan {
        let path = self.file(name, text);
        self.import(&path)
    }

    fn person(&self, name: &str) -> person::Person<'_> {
        let mut found = self.book.people().filter(|person| person.name() == name);
        let one = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(found.next().is_none(), "two {name}");
        one
    }

    fn categories(&self, name: &str) -> Vec<String> {
        let id = self.person(name).id;
        let standing = self
            .book
            .assertions(id)
            .filter(|one| one.stands(today().add_days(1)));
        let mut codes: Vec<String> = standing.filter_map(|one| Some(one.category()?.0)).collect();
        codes.sort();
        codes
    }

    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .book
            .people()
            .map(|one| line(&self.book, one.id))
            .collect();
        lines.sort();
        lines
    }
}

fn sum(counts: Counts) -> usize {
    let taken = counts.new + counts.updated + counts.same;
    taken + counts.conflicts + counts.undecided + counts.rejected + counts.skipped
}

/// Everything about someone but ids, for comparing registers.
fn line(book: &Book, id: PersonId) -> String {
    let person = book.person(id).unwrap();
    let mut parts = vec![];
    let household = person.household().and_then(|id| book.household(id));
    let home = household.and_then(|one| book.dwelling(one.dwelling()?));
    let head = household.and_then(|one| book.person(one.head()?));
    let records = [
        (Table::Person, Some(person.record)),
        (Table::Household, household.map(|one| one.record)),
        (Table::Dwelling, home.map(|one| one.record)),
    ];
    for (table, record) in records {
        for (number, value) in record.into_iter().flat_map(|record| record.iter()) {
            if !matches!(value, ValueRef::Link(_)) {
                parts.push(format!(
                    "{}={}",
                    field::of(table, number).unwrap().key,
                    value.plain()
                ));
            }
        }
    }
    parts.push(format!("head={}", head.map_or("", person::Person::name)));
    let standing: BTreeSet<String> = book
        .assertions(id)
        .filter(|one| one.status() == Status::Confirmed && one.to().is_none())
        .filter_map(|one| Some(one.category()?.0))
        .collect();
    parts.push(format!("{standing:?}"));
    parts.join(" ")
}

#[test]
fn the_sample_ledger_comes_in_and_again_changes_nothing() {
    let mut desk = Desk::new();
    let first = desk.import(&ledger::seed("ledger-sample.csv"));
    let counts = first.counts();
    assert_eq!(
        (counts.rejected, counts.undecided),
        (1, 1),
        "{:?}",
        odd(&first)
    );
    assert_eq!(counts.conflicts, 0, "{:?}", odd(&first));
    assert!((90..140).contains(&counts.new), "{counts:?}");
    assert_eq!(desk.book.population(), counts.new);
    for reason in [
        Reason::AboveHeading,
        Reason::Heading,
        Reason::Total,
        Reason::Signature,
        Reason::Blank,
    ] {
        let skipped = Verdict::Skipped(reason);
        let is_there = first.rows.iter().any(|row| row.verdict == skipped);
        // A blank line of a text file is no row at all, but this one has its commas.
        assert!(is_there, "{skipped:?}");
    }
    let second = desk.import(&ledger::seed("ledger-sample.csv"));
    let again = second.counts();
    assert_eq!(second.changes, [], "{:?}", odd(&second));
    assert_eq!((again.new, again.updated, again.conflicts), (0, 0, 0));
    assert_eq!(
        again.same,
        counts.new + counts.updated,
        "{:?}",
        odd(&second)
    );
    assert_eq!(
        (again.rejected, again.skipped),
        (counts.rejected, counts.skipped)
    );
}

/// Both lists hold the same, or the first difference is told.
fn assert_same(left: &[String], right: &[String], what: &str) {
    let mut pairs = left.iter().zip(right);
    if let Some((left, right)) = pairs.find(|(left, right)| left != right) {
        panic!("{what}\n{left}\n{right}");
    }
    assert_eq!(left.len(), right.len(), "{what}");
}

fn odd(plan: &Plan) -> Vec<String> {
    plan.rows
        .iter()
        .filter(|row| !matches!(row.verdict, Verdict::New | Verdict::Same))
        .map(|row| format!("{} {:?}", row.number, row.verdict))
        .collect()
}

#[test]
fn the_sample_is_one_list_in_every_dress() {
    let sample = ledger::sample();
    let text = ledger::csv(&sample);
    let with = |name: &str, bytes: &[u8]| {
        let mut desk = Desk::new();
        let path = desk.file(name, bytes);
        let counts = desk.import(&path).counts();
        (
            desk.lines(),
            Counts {
                rows: 0,
                skipped: 0,
                ..counts
            },
        )
    };
    let gb = encoding_rs::GB18030.encode(&text).0;
    let bom = format!("\u{feff}{text}");
    let utf16: Vec<u8> = bom.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let tabs = text.replace(',', "\t");
    let plain = with("a.csv", text.as_bytes());
    assert!(plain.0.len() > 90);
    assert_eq!(plain, with("a.csv", &gb));
    assert_eq!(plain, with("a.csv", bom.as_bytes()));
    assert_eq!(plain, with("a.csv", &utf16));
    assert_eq!(plain, with("a.xlsx", &ledger::xlsx(&sample)));
    assert_eq!(plain, with("wrongly-named.csv", &ledger::xlsx(&sample)));
    assert_eq!(
        plain,
        with(
            "a.xlsx",
            &std::fs::read(ledger::seed("ledger-sample.xlsx")).unwrap()
        )
    );
    // The category cells of the sample hold commas, which are quoted there.
    assert_eq!(plain.0.len(), with("a.txt", tabs.as_bytes()).0.len());
}

#[test]
fn merged_cells_make_households() {
    let mut desk = Desk::new();
    desk.import(&ledger::seed("ledger-sample.xlsx"));
    let households = desk.book.households().count();
    assert_eq!(households, 41);
    for household in desk.book.households() {
        let head = desk.book.person(household.head().unwrap()).unwrap();
        assert!(desk.book.members(household.id).contains(&head.id));
        assert_eq!(
            head.record.text(person::RELATION),
            Some("02"),
            "{}",
            head.name()
        );
        let home = desk
            .book
            .dwelling(household.dwelling().unwrap())
            .unwrap()
            .address();
        assert!(home.building.is_some() && home.unit.is_some() && home.room.is_some());
    }
}

#[test]
fn damaged_numbers_cost_only_themselves() {
    let mut desk = Desk::new();
    let plan = desk.text(
        "a.csv",
        &format!(
            "{HEAD}张一,,6.22E+17,,,1栋101,\n张二,,110101195603071000,,,1栋102,\n\
             张三,,3301**********1234,,,1栋103,\n张四,,000000000000000000,,,1栋104,\n\
             张五,,无,,,1栋105,\n张六,,11010519491231002x,,,1栋106,\n\
             张七,,１１０１０５１９４９１２３１００１０,,,1栋107,\n张八,,1.1010119560307E17,,,1栋108,\n"
        ),
    );
    assert_eq!(plan.counts().new, 8);
    let id = |name| desk.person(name).id_no().map(str::to_owned);
    for name in ["张一", "张二", "张三", "张四", "张五", "张八"] {
        assert_eq!(id(name), None, "{name}");
    }
    assert_eq!(id("张六").unwrap(), "11010519491231002X");
    assert_eq!(id("张七").unwrap(), "110105194912310010");
    for name in ["张二", "张八"] {
        assert_eq!(desk.person(name).birth().unwrap().to_string(), "1956-03-07");
    }
    let troubled: Vec<usize> = plan
        .rows
        .iter()
        .filter(|row| !row.problems.is_empty())
        .map(|row| row.number)
        .collect();
    assert_eq!(troubled, [2, 3, 4, 8, 9]);
    assert_eq!(desk.person("张六").sex(), Some("2"));
}

#[test]
fn a_damaged_number_still_finds_its_owner() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        &format!("{HEAD}张三,,11010519491231002X,,,,\n张三,,440524188001010014,,,,\n"),
    );
    let plan = desk.text("b.csv", "姓名,身份证号,民族\n张三,110105194912310000,回\n");
    assert_eq!(plan.counts().updated, 1);
    let plan = desk.text("c.csv", "姓名,身份证号,民族\n张三,110105********002X,回\n");
    assert_eq!(plan.counts().same, 1, "{:?}", plan.rows);
    assert_eq!(desk.book.population(), 2);
}

#[test]
fn dates_and_phones_are_read_as_people_write_them() {
    let mut desk = Desk::new();
    for (at, (text, want)) in [
        ("1956.3.1", "1956-03-01"),
        ("56.3", "1956-03"),
        ("56-3-1", "1956-03-01"),
        ("560301", "1956-03-01"),
        ("05.3", "2005-03"),
        ("20.3", "-"),
        ("20515", "1956-03-01"),
        ("195603", "1956-03"),
        ("1956年3月", "1956-03"),
        ("１９５６年３月", "1956-03"),
        ("不详", "-"),
        ("昨天", "-"),
    ]
    .iter()
    .enumerate()
    {
        desk.text(
            "a.csv",
            &format!("姓名,出生日期,住址\n人{at},{text},1栋{at}01\n"),
        );
        let person = desk.person(&format!("人{at}"));
        let got = person.birth().map_or("-".into(), |date| date.to_string());
        assert_eq!(got, *want, "{text}");
    }
    for (at, (text, want)) in [
        ("15412345678", "15412345678"),
        ("15412345678.0", "15412345678"),
        ("１５４１２３４５６７８", "15412345678"),
        ("15412345678/0571-88001234", "15412345678/0571-88001234"),
        (
            "15412345678(子)、15487654321",
            "15412345678(子)/15487654321",
        ),
        ("+86 15412345678", "15412345678"),
        ("+8615412345678", "15412345678"),
        ("1.54E+10", "-"),
        ("154****5678", "-"),
        ("无", "-"),
    ]
    .iter()
    .enumerate()
    {
        desk.text(
            "a.csv",
            &format!("姓名;电话;住址\n友{at};{text};2栋{at}01\n"),
        );
        let person = desk.person(&format!("友{at}"));
        let got = person
            .record
            .read(person::PHONES)
            .map_or("-".into(), ValueRef::plain);
        assert_eq!(got, *want, "{text}");
    }
}

#[test]
fn names_lose_padding_and_annotations() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        "姓名,住址,备注\n张　三,1栋101,\n李四(已故),1栋102,老党员\n王\u{202e}五\u{200b}\u{7}*,1栋103,\n\
         阿卜杜拉•买买提,1栋104,\nMary Smith,1栋105,\n",
    );
    desk.person("张三");
    desk.person("王五");
    desk.person("阿卜杜拉·买买提");
    desk.person("Mary Smith");
    assert_eq!(
        desk.person("李四").record.text(person::NOTE),
        Some("已故;老党员")
    );
}

#[test]
fn categories_become_assertions_with_evidence() {
    let mut desk = Desk::new();
    let plan = desk.text(
        "名册.csv",
        "姓名,住址,人员类别,是否低保,是否党员,宗教信仰\n张三,1栋101,退休人员、志愿者,是,√,佛\n\
         李四,1栋102,飞行员,否,,\n王五,1栋103,刑满释放,,,\n",
    );
    assert_eq!(desk.categories("张三"), ["E13", "V1", "W1"]);
    assert_eq!(
        desk.person("张三").record.text(person::POLITICS),
        Some("01")
    );
    let id = desk.person("张三").id;
    let one = desk.book.assertions(id).next().unwrap();
    assert_eq!(one.evidence(), Some("名册.csv"));
    assert_eq!(one.from(), Some(today()));
    assert_eq!(plan.columns[5].meaning, Meaning::Forbidden);
    assert!(desk.categories("李四").is_empty() && desk.categories("王五").is_empty());
    assert_eq!(plan.rows[2].problems.len(), 1);
    assert_eq!(plan.rows[3].problems.len(), 1);
    // A tick that is gone says nothing; another of the exclusive group contradicts.
    let plan = desk.text("b.csv", "姓名,住址,人员类别,是否低保\n张三,1栋101,,\n");
    assert_eq!(plan.counts().same, 1);
    assert_eq!(desk.categories("张三").len(), 3);
    let plan = desk.text("c.csv", "姓名,住址,人员类别\n张三,1栋101,下岗职工\n");
    assert_eq!(plan.counts().conflicts, 1, "{:?}", plan.rows);
    assert_eq!(desk.categories("张三").len(), 3);
}

#[test]
fn a_blank_never_erases_and_a_conflict_leaves_alone() {
    let mut desk = Desk::new();
    let full =
        format!("{HEAD}张三,男,110101199003070038,1990-03-07,15412345678,3栋2单元501,志愿者\n");
    desk.text("a.csv", &full);
    let before = desk.lines();
    let plan = desk.text("b.csv", &format!("{HEAD}张三,,110101199003070038,,,,\n"));
    assert_eq!(
        (plan.counts().same, plan.changes.len()),
        (1, 0),
        "{:?}",
        plan.rows
    );
    let plan = desk.text(
        "c.csv",
        &format!("{HEAD}张三,男,110101199003070038,1991-01-01,15400000000,3栋2单元502,\n"),
    );
    assert_eq!(plan.rows[1].verdict, Verdict::Conflict);
    let clashes = plan.rows[1].clashes.iter();
    let keys: Vec<&str> = clashes.map(|clash| clash.field.key).collect();
    assert_eq!(keys, ["birth", "addr"]);
    // What differs stays as it is; what was blank is filled in.
    let filled = before[0].replace("15412345678", "15412345678/15400000000");
    assert_eq!(desk.lines(), [filled]);
    // What only adds is taken: another phone, a finer address.
    let plan = desk.text(
        "d.csv",
        "姓名,身份证号,电话,住址\n张三,110101199003070038,15400000000,翠湖小区3-2-501\n",
    );
    assert_eq!(plan.counts().updated, 1, "{:?}", plan.rows);
    let again = desk.text(
        "d.csv",
        "姓名,身份证号,电话,住址\n张三,110101199003070038,15400000000,翠湖小区3-2-501\n",
    );
    assert_eq!(
        (again.counts().same, again.changes.len()),
        (1, 0),
        "{:?}",
        again.changes
    );
}

#[test]
fn people_are_matched_by_what_the_row_has() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        &format!("{HEAD}张三,男,610104196209276908,,15412345678,3栋2单元501,\n"),
    );
    for (row, want) in [
        ("张三,610104620927690,,,", Verdict::Same),
        ("张三,,1962-09-27,,", Verdict::Same),
        ("张三,,,15412345678,", Verdict::Same),
        ("张三,,,,3-2-501", Verdict::Same),
        (
            "李四,610104196209276908,,,",
            Verdict::Undecided(Doubt {
                why: Why::OtherName,
                name: "李四".into(),
                facts: "女 1962-09-27".into(),
                candidates: vec![Candidate {
                    who: Who::This(desk.person("张三").id),
                    name: "张三".into(),
                    facts: "男 1962-09-27 3栋2单元501".into(),
                }],
            }),
        ),
        (",610104196209276908,,,", Verdict::Rejected(Reason::NoName)),
        ("张三,,1962-09-28,,", Verdict::New),
        ("张三,,,15487654321,", Verdict::New),
    ] {
        let path = desk.file(
            "b.csv",
            format!("姓名,身份证号,出生日期,电话,住址\n{row}\n"),
        );
        let plan = desk.plan(&path).unwrap();
        assert_eq!(plan.rows[1].verdict, want, "{row}");
    }
    desk.text("c.csv", "姓名,电话,住址\n张三,15487654321,9栋901\n");
    let plan = desk.text("d.csv", "姓名,民族\n张三,汉\n");
    let Verdict::Undecided(doubt) = &plan.rows[1].verdict else {
        panic!("{:?}", plan.rows[1]);
    };
    assert_eq!((doubt.why, doubt.candidates.len()), (Why::Several, 2));
}

#[test]
fn two_rows_about_one_person_are_one_person() {
    let mut desk = Desk::new();
    let text = format!(
        "{HEAD}张三,男,11010519491231002X,,,3-2-501,退休\n张三,,11010519491231002X,,,,志愿者\n\
         张三,,11010519491231002X,,,,退休\n"
    );
    let plan = desk.text("a.csv", &text);
    assert_eq!(plan.rows[2].verdict, Verdict::Updated);
    assert_eq!(plan.rows[3].verdict, Verdict::Skipped(Reason::Repeated(2)));
    assert_eq!(desk.categories("张三").len(), 2);
    assert_eq!(desk.text("a.csv", &text).changes, []);
}

#[test]
fn refused_rows_are_written_beside_the_source() {
    let mut desk = Desk::new();
    let path = desk.file(
        "名册.csv",
        format!("{HEAD}张三,男,11010519491231002X,,,,\n李四,,11010519491231002X,,,,\n"),
    );
    let plan = desk.import(&path);
    let first = Back::of(&plan).write(&path).unwrap().unwrap();
    assert_eq!(first.file_name().unwrap(), "名册-退回.xlsx");
    let again = Back::of(&plan).write(&path).unwrap();
    assert_eq!(
        again.as_ref(),
        Some(&first),
        "the same rows are there already"
    );
    let more = desk.file(
        "名册.csv",
        format!("{HEAD}张三,男,11010519491231002X,,,,\n,男,,,,,\n李四,,11010519491231002X,,,,\n"),
    );
    let other = desk.plan(&more).unwrap();
    let second = Back::of(&other).write(&more).unwrap().unwrap();
    assert_eq!(second.file_name().unwrap(), "名册-退回2.xlsx");
    let refused = desk.plan(&first).unwrap();
    assert_eq!(refused.columns.last().unwrap().heading, "原因");
    assert_eq!(refused.parts[0].sheet.len(), 2);
    let last = refused.parts[0].sheet.row(1).unwrap().cells().last();
    assert!(last.unwrap().contains("张三"));
    let dated = desk.file(
        "生日.csv",
        "序号,姓名,出生日期,身份证号\n1,,1990-03-07,110105194912310021\n2,,1990.3.7,\n",
    );
    let plan = desk.plan(&dated).unwrap();
    let back = Back::of(&plan).write(&dated).unwrap().unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(back).unwrap();
    let range = calamine::Reader::worksheet_range(&mut book, "退回").unwrap();
    let kinds = |row: u32| [0, 2, 3].map(|at| range.get_value((row, at)).cloned());
    assert!(
        matches!(
            kinds(1),
            [
                Some(calamine::Data::Float(1.0)),
                Some(calamine::Data::DateTime(_)),
                Some(calamine::Data::String(_))
            ]
        ),
        "{:?}",
        kinds(1)
    );
    assert!(matches!(
        &kinds(2)[1],
        Some(calamine::Data::String(text)) if text == "1990.3.7"
    ));
    let clean = desk.file("b.csv", format!("{HEAD}王五,男,,,,1栋101,\n"));
    let plan = desk.import(&clean);
    assert_eq!(Back::of(&plan).write(&clean).unwrap(), None);
    let nowhere = desk.dir.path().join("gone/名册.csv");
    let plan = desk.plan(&path).unwrap();
    let fault = Back::of(&plan).write(&nowhere).unwrap_err();
    assert!(
        matches!(&fault, ExchangeError::Disk { path, .. } if path.ends_with("gone/名册-退回.xlsx"))
    );
}

fn list(book: &Book, unmasked: bool, format: Format) -> Vec<u8> {
    let people: Vec<(PersonId, Vec<String>)> = book
        .people()
        .map(|one| {
            let standing = book.assertions(one.id).filter(|one| one.to().is_none());
            let names = standing
                .filter_map(|one| Some(book.category(&one.category()?)?.name(Lang::Zh).to_owned()));
            (one.id, names.collect())
        })
        .collect();
    let keys = field::FIELDS
        .iter()
        .filter(|field| {
            matches!(
                field.table,
                Table::Person | Table::Household | Table::Dwelling
            )
        })
        .map(|field| field.key)
        .chain(["age", "cat"]);
    let columns: Vec<write::Column> = keys.filter_map(write::column).collect();
    let list = List {
        book,
        people: &people,
        columns: &columns,
        today: today(),
        lang: Lang::Zh,
        eyes: if unmasked {
            Role::Manage.open_eyes()
        } else {
            Role::Manage.eyes()
        },
    };
    let mut out = vec![];
    write::write(&list, format, None, &mut out).unwrap();
    out
}

#[test]
fn what_goes_out_comes_back() {
    let mut desk = Desk::new();
    desk.import(&ledger::seed("ledger-sample.csv"));
    for (format, name) in [
        (Format::Csv, "out.csv"),
        (Format::Xlsx, "out.xlsx"),
        (Format::Json, "out.jsonl"),
    ] {
        let bytes = list(&desk.book, true, format);
        let mut other = Desk::new();
        let path = other.file(name, &bytes);
        let plan = other.import(&path);
        assert_eq!(
            plan.counts().new,
            desk.book.population(),
            "{name} {:?}",
            odd(&plan)
        );
        assert_same(&other.lines(), &desk.lines(), name);
        let back = desk.plan(&path).unwrap();
        assert_eq!(back.changes, [], "{name} {:?}", odd(&back));
    }
}

#[test]
fn json_lines_are_lossless() {
    let mut desk = Desk::new();
    desk.import(&ledger::seed("ledger-sample.xlsx"));
    let people: Vec<PersonId> = desk.book.people().map(|one| one.id).collect();
    let more = [(visit::NEED, Value::Text("想装扶手".to_owned()))];
    let call = Call {
        date: today(),
        time: Some("09:41"),
        worker: "测",
        outcome: Outcome::Met,
        verified: true,
        household: desk.book.person(people[0]).unwrap().household(),
        more: &more,
    };
    let mut draft = Draft::new(&desk.book);
    visit::file(&mut draft, &people[..9], &call, &mut desk.mint);
    // What was said of a merged record went over to the one that stays.
    let is_bare = |id: &&PersonId| {
        let household = desk.book.person(**id).unwrap().household();
        let is_shared = household.is_some_and(|one| desk.book.members(one).len() > 2);
        is_shared && desk.book.assertions(**id).next().is_none()
    };
    let bare: Vec<PersonId> = people[9..].iter().filter(is_bare).copied().collect();
    for (goes, stays) in [(bare[1], bare[0]), (bare[2], bare[1])] {
        let link = Some(Value::Link(stays.0));
        draft.set(goes.subject(), person::MERGED, link);
    }
    // Households that everybody has left, and dwellings where no household is.
    for at in 0_u128..3 {
        let link = |id: u128| Some(Value::Link(uuid::Uuid::from_u128(id)));
        let of = |table, id: u128| Subject {
            table,
            id: uuid::Uuid::from_u128(id),
        };
        let household = of(Table::Household, 100 + at);
        draft.set(
            household,
            household::NUMBER,
            Some(Value::Text(format!("空{at}"))),
        );
        draft.set(household, household::HEAD, link(people[20].0.as_u128()));
        let dwelling = of(Table::Dwelling, 200 + at);
        draft.set(
            dwelling,
            household::ROOM,
            Some(Value::Text(format!("90{at}"))),
        );
        if at < 2 {
            draft.set(household, household::DWELLING, link(200 + at));
        }
    }
    let changes = draft.finish();
    changes.iter().for_each(|change| desk.book.apply(change));
    let mut other = Desk::new();
    let path = other.file("out.jsonl", list(&desk.book, true, Format::Json));
    let plan = other.import(&path);
    assert_eq!(plan.counts().new, plan.counts().rows, "{:?}", odd(&plan));
    assert_eq!(other.plan(&path).unwrap().changes, []);
    let all = |book: &Book| {
        let mut all: Vec<String> = book
            .records()
            .map(|(subject, record)| format!("{subject:?} {record:?}"))
            .collect();
        all.sort();
        all
    };
    assert_same(&all(&other.book), &all(&desk.book), "json");
}

#[test]
fn masked_lists_hide_and_are_not_taken_for_facts() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        "姓名,身份证号,电话,残疾人证号,人员类别,住址\n\
         张三,11010519491231002X,15412345678,11010519491231002X44,低保、志愿者,3栋2单元501\n",
    );
    assert_eq!(desk.categories("张三").len(), 2);
    for format in [Format::Csv, Format::Json, Format::Xlsx] {
        let bytes = list(&desk.book, false, format);
        let mut other = Desk::new();
        let path = other.file("masked", &bytes);
        let plan = other.import(&path);
        let seen = match format {
            Format::Xlsx => format!("{:?}", plan.parts),
            Format::Csv | Format::Json => String::from_utf8(bytes).unwrap(),
        };
        assert!(seen.contains("张三"), "{seen}");
        for secret in ["19491231", "15412345678", "低保", "W1", "002X44"] {
            assert!(!seen.contains(secret), "{format:?} shows {secret}: {seen}");
        }
        for person in other.book.people() {
            assert_eq!(person.id_no(), None);
            assert!(person.phones().iter().next().is_none());
            assert_eq!(person.record.text(person::DISABILITY_NO), None);
        }
        assert_eq!(plan.counts().new, usize::from(format != Format::Json));
    }
}

#[test]
fn formulas_go_out_as_text() {
    let mut desk = Desk::new();
    for trigger in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "'=1"] {
        desk.text(
            "a.csv",
            &format!("姓名,住址,工作单位\n{trigger}甲,1栋101,{trigger}\n"),
        );
        let csv = String::from_utf8(list(&desk.book, true, Format::Csv)).unwrap();
        for cell in csv.split([',', '\n']) {
            assert!(
                !cell
                    .trim_matches(['"', ' '])
                    .starts_with(['=', '+', '-', '@', '＝']),
                "{cell}"
            );
        }
        let mut other = Desk::new();
        for (name, format) in [("b.csv", Format::Csv), ("b.xlsx", Format::Xlsx)] {
            let path = other.file(name, list(&desk.book, true, format));
            other.import(&path);
            assert_eq!(other.lines(), desk.lines(), "{trigger}");
        }
    }
}

#[test]
fn headings_are_hunted() {
    for text in [
        "某社区名册,,\n,,\n序号,姓名,民族\n1,张三,汉\n",
        "姓名,民族\n必填,见代码\n张三,汉\n",
        "序号,家庭成员,,住址\n,姓名,民族,\n1,张三,汉,1栋101\n",
        "姓名,民族\n张三,汉\n姓名,民族\n合计,1\n填表人:李某,\n",
        "Name,Ethnicity\n张三,汉\n",
        "Name\tEthnicity\n张三\t01\n",
    ] {
        let mut desk = Desk::new();
        let plan = desk.text("a.csv", text);
        assert_eq!(plan.counts().new, 1, "{text} {:?}", plan.rows);
        assert_eq!(
            desk.person("张三").record.text(person::ETHNIC),
            Some("01"),
            "{text}"
        );
    }
    let mut desk = Desk::new();
    for text in ["", "\n\n", "a,b\n1,2\n", "民族,性别\n汉,男\n"] {
        let path = desk.file("a.csv", text);
        assert!(
            matches!(desk.plan(&path), Err(ExchangeError::NoHeading { .. })),
            "{text}"
        );
    }
}

#[test]
fn merged_places_fill_down_only_where_the_household_goes_on() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        "楼栋,单元,室,户主,姓名,与户主关系\n3栋,2单元,501,张三,张三,户主\n,,,,李四,妻\n,,502,王五,王五,户主\n\
         5栋,,101,赵六,赵六,户主\n同上,,同上,,钱七,妻\n,,,,孙八,户主\n",
    );
    let home = |name| {
        let home = desk.book.home(desk.person(name));
        home.map_or("-".into(), |home| home.address().to_string())
    };
    assert_eq!(home("李四"), home("张三"));
    let parts = |name| desk.book.home(desk.person(name)).unwrap().address();
    assert_eq!(parts("王五").unit.as_deref(), Some("2"));
    assert_eq!(parts("王五").room.as_deref(), Some("502"));
    assert_eq!(parts("赵六").unit, None);
    assert_eq!(home("钱七"), home("赵六"));
    assert_eq!(home("孙八"), "-");
    assert_eq!(
        desk.person("李四").household(),
        desk.person("张三").household()
    );
    // A roster that is not by household: a blank is unknown.
    let mut desk = Desk::new();
    desk.text("b.csv", "姓名,年龄,住址\n张三,81,3栋501\n李四,85,\n");
    assert_eq!(desk.person("李四").household(), None);
    assert_eq!(desk.person("李四").birth(), Date::new(1941, 0, 0));
}

#[test]
fn strange_files_are_named() {
    let mut desk = Desk::new();
    for (bytes, want) in [
        (&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], "cannot be opened"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "before Excel 5.0"),
        (b"<html><table></table></html>", "web page"),
        (b"PK\x03\x04 but no archive", "cannot be opened"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02\x03", "not text"),
    ] {
        let path = desk.file("a.xlsx", bytes);
        let fault = desk.plan(&path).unwrap_err().to_string();
        assert!(fault.contains(want), "{fault}");
    }
    let gone = desk.dir.path().join("gone.csv");
    assert!(matches!(desk.plan(&gone), Err(ExchangeError::Disk { .. })));
    let path = ledger::seed("ledger-sample.xlsx");
    let mut plan = |sheet: &str| {
        let mut choices = Choices::default();
        choices.sheets = Sheets::Named(vec![sheet.to_owned()]);
        desk.judge(&path, &choices)
    };
    assert!(plan("花名册").is_ok());
    assert!(plan("别的").unwrap_err().to_string().contains("花名册"));
}

#[test]
fn bombs_end_with_a_sentence() {
    let mut desk = Desk::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "姓名").unwrap();
    sheet.write_string(0, 1, "民族").unwrap();
    sheet.write_string(1_048_575, 16_383, "far").unwrap();
    let path = desk.file("far.xlsx", book.save_to_buffer().unwrap());
    let fault = desk.plan(&path).unwrap_err();
    assert!(matches!(
        fault,
        ExchangeError::TooLarge {
            what: Limit::Columns(512, 1_048_576),
            ..
        }
    ));

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/sharedStrings.xml", options).unwrap();
    for _ in 0..65 {
        std::io::Write::write_all(&mut archive, &vec![b' '; 1 << 20]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    let path = desk.file("bomb.xlsx", bytes);
    let fault = desk.plan(&path).unwrap_err();
    assert!(
        matches!(
            fault,
            ExchangeError::TooLarge {
                what: Limit::Unpacked(_),
                ..
            }
        ),
        "{fault}"
    );

    let path = desk.file(
        "long.csv",
        format!("姓名,民族\n{},汉\n", "长".repeat(32_768)),
    );
    let fault = desk.plan(&path).unwrap_err();
    assert!(matches!(
        fault,
        ExchangeError::TooLarge {
            what: Limit::Characters(_, 2),
            ..
        }
    ));
    let path = desk.file("wide.csv", format!("姓名,民族{}x\n", ",".repeat(600)));
    let fault = desk.plan(&path).unwrap_err();
    assert!(matches!(
        fault,
        ExchangeError::TooLarge {
            what: Limit::Columns(512, 1),
            ..
        }
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_ledger_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut desk = Desk::new();
        let path = desk.file("a", &bytes);
        drop(desk.plan(&path));
    }

    #[test]
    fn any_cells_under_headings_add_up(
        cells in prop::collection::vec(prop::collection::vec("[0-9EX+.*/张三栋〃'=\u{202e} ,-]{0,20}", 8), 1..6)
    ) {
        let mut desk = Desk::new();
        let mut text = "姓名,身份证号,出生日期,电话,住址,与户主关系,人员类别,年龄\n".to_owned();
        for row in cells {
            text.push_str(&row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","));
            text.push('\n');
        }
        let path = desk.file("a.csv", &text);
        desk.import(&path);
        let again = desk.plan(&path).unwrap();
        let counts = again.counts();
        prop_assert_eq!((counts.new, counts.updated), (0, 0), "{} {:?}", text, again.rows);
    }

    #[test]
    fn a_damaged_workbook_is_an_error(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = std::fs::read(ledger::seed("ledger-sample.xlsx")).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let mut desk = Desk::new();
        let path = desk.file("a.xlsx", &bytes);
        drop(desk.plan(&path));
    }
}

#[test]
fn a_worker_who_said_no_is_not_overruled() {
    let mut desk = Desk::new();
    desk.text("a.csv", "姓名,住址\n张三,1栋101\n");
    let id = desk.person("张三").id;
    let code = CategoryCode("W1".into());
    let saying = jumin::model::classify::Saying {
        category: &code,
        status: Status::Declined,
        since: today(),
        evidence: None,
        source: "走访",
    };
    let mut draft = Draft::new(&desk.book);
    jumin::model::classify::say(&mut draft, id, &saying, &mut desk.mint);
    let changes = draft.finish();
    changes.iter().for_each(|change| desk.book.apply(change));
    let plan = desk.text("b.csv", "姓名,住址,是否低保\n张三,1栋101,是\n");
    assert_eq!(plan.counts().conflicts, 1, "{:?}", plan.rows);
}

#[test]
fn members_of_one_hukou_may_live_apart() {
    let mut desk = Desk::new();
    let text = "户号,户主,姓名,与户主关系,住址\nH1,张三,张三,户主,1栋101\nH1,张三,李四,妻,1栋101\n\
                H1,张三,张小三,子,2栋202\nH1,张三,张小四,女,\n";
    assert_eq!(desk.text("a.csv", text).counts().new, 4);
    let household = |name| desk.person(name).household().unwrap();
    assert_eq!(household("李四"), household("张三"));
    assert_ne!(household("张小三"), household("张三"));
    let away = desk.book.home(desk.person("张小三")).unwrap().address();
    assert_eq!(away.building.as_deref(), Some("2"));
    let again = desk.text("a.csv", text);
    assert_eq!(
        (again.counts().same, again.changes.len()),
        (4, 0),
        "{:?}",
        odd(&again)
    );
}

#[test]
fn rows_are_numbered_as_a_person_counts_lines() {
    let mut desk = Desk::new();
    for end in ["\n", "\r\n"] {
        let text = [
            "姓名,住址",
            "张三,1栋101",
            "",
            "李四,\"1栋\n102\"",
            "王五,1栋103",
        ]
        .join(end);
        let plan = desk.text("a.csv", &text);
        let numbers: Vec<usize> = plan.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 2, 4, 6], "{end:?}");
    }
}

#[test]
fn planning_stops_when_told_to() {
    let path = ledger::seed("ledger-sample.csv");
    let mut told = Vec::new();
    let mut watch = |done, total| {
        told.push((done, total));
        if done < 3 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    let (book, mut mint) = (Book::default(), Mint::new(0, 0));
    let desk = intake::Desk {
        book: &book,
        today: today(),
        mint: &mut mint,
        watch: &mut watch,
    };
    let plan = intake::judge(&source(&path).unwrap(), &Choices::default(), desk);
    assert!(matches!(plan, Err(ExchangeError::Cancelled)));
    let total = told[0].1;
    assert!(
        total > 3 && told == [(1, total), (2, total), (3, total)],
        "{told:?}"
    );
}
