//! Whom a row is about: certain, probable, or to be asked.

use crate::exchange::Desk;
use jumin::exchange::verdict::Bond;
use jumin::exchange::verdict::Verdict;
use jumin::exchange::verdict::Why;

const HEAD: &str = "姓名,性别,身份证号,出生日期,联系电话,住址,工作单位,备注\n";

/// What is known: one with all, one with little, and two of one name.
const KNOWN: [&str; 5] = [
    "张三,男,339901199003070014,,15412345678,3栋2单元501,,",
    "李四,,,,,,,",
    "王五,男,,1950-01-02,,1栋1单元101,,",
    "王五,男,,1970-05-06,,2栋1单元202,,",
    "赵六,女,,1961,15487654321,,,",
];

fn seeded() -> Desk {
    let mut desk = Desk::new();
    let plan = desk.text("known.csv", &format!("{HEAD}{}\n", KNOWN.join("\n")));
    assert_eq!(plan.counts().new, KNOWN.len(), "{:?}", plan.rows);
    desk
}

#[test]
fn a_row_finds_its_person_by_the_firmest_bond() {
    let mut desk = seeded();
    let new = None;
    for (row, want) in [
        ("张三,,339901199003070014,,,,,", Ok(Some(Bond::Number))),
        ("张三,,339901900307001,,,,,", Ok(Some(Bond::Number))),
        ("张三,,3399**********0014,,,,,", Ok(Some(Bond::Visible))),
        ("张三,,339901199003070000,,,,,", Ok(Some(Bond::Visible))),
        ("张三,,339901199003080000,,,,,", Ok(new)),
        ("张三,,,1990-03-07,,,,", Ok(Some(Bond::Birth))),
        ("张三,,,1990.3,15400000000,,,", Ok(Some(Bond::Birth))),
        ("张三,女,,1990-03-07,,,,", Ok(new)),
        ("张三,女,,1990-03-07,15412345678,,,", Err(Why::OtherSex)),
        ("张三,女,339901199003070022,,15412345678,,,", Ok(new)),
        ("张三,,,1990-03-08,,,,", Ok(new)),
        ("张三,,339901199003071033,,15412345678,,,", Ok(new)),
        (
            "张三,,339901199003070015,1990-03-07,,,,",
            Ok(Some(Bond::Birth)),
        ),
        ("张三,,,,15412345678,9栋901,,", Ok(Some(Bond::Phone))),
        ("张三,,,,,3-2-501,,", Ok(Some(Bond::Home))),
        ("张三,,,,,9栋901,,", Ok(new)),
        ("张三,,,,15400000000,,,", Ok(new)),
        ("张三,,,,,,,", Ok(Some(Bond::Name))),
        ("张三,,,,,,某厂,", Err(Why::NameAlone)),
        ("李四,,,1980-01-01,,,,", Err(Why::NameAlone)),
        ("李四,,339901199003071033,,,,,", Err(Why::NameAlone)),
        ("王五,,,,,,某厂,", Err(Why::Several)),
        ("王五,,,1970-05-06,,,某厂,", Ok(Some(Bond::Birth))),
        ("王五,,,,,1-1-101,某厂,", Ok(Some(Bond::Home))),
        ("赵六,,,1961,,,某厂,", Err(Why::NameAlone)),
        ("赵六,,,1962,,,某厂,", Ok(new)),
        ("孙七,,339901199003070014,,,,,", Err(Why::OtherName)),
        ("孙七,,,,,,,", Ok(new)),
    ] {
        let path = desk.file("b.csv", format!("{HEAD}{row}\n"));
        let plan = desk.plan(&path).unwrap();
        let found = match &plan.rows[1].verdict {
            Verdict::Undecided(doubt) => Err(doubt.why),
            _ => Ok(plan.rows[1].bond),
        };
        assert_eq!(found, want, "{row} {:?}", plan.rows[1]);
    }
}

#[test]
fn a_former_name_is_a_name() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        "姓名,曾用名,身份证号\n张三,张大,339901199003070014\n",
    );
    let plan = desk.text("b.csv", "姓名,身份证号,民族\n张大,339901199003070014,汉\n");
    assert_eq!(plan.rows[1].verdict, Verdict::Updated, "{:?}", plan.rows[1]);
    desk.person("张三");
}

#[test]
fn thousands_of_one_name_are_told_apart_in_no_time() {
    let mut desk = Desk::new();
    let rows: String = (0..4_000)
        .map(|at| {
            let (year, month, day) = (1920 + at % 90, at / 90 % 12 + 1, at / 1_080 + 1);
            format!("张三,{year}-{month:02}-{day:02},{}栋{at}室\n", at % 30 + 1)
        })
        .collect();
    let text = format!("姓名,出生日期,住址\n{rows}");
    assert_eq!(desk.text("a.csv", &text).counts().new, 4_000);
    let again = desk.text("a.csv", &text);
    assert_eq!((again.counts().same, again.changes.len()), (4_000, 0));
}

#[test]
fn a_name_in_a_household_of_that_number_is_known_wherever_it_lives() {
    let mut desk = Desk::new();
    desk.text(
        "a.csv",
        "户号,姓名,性别,住址\n0071,张三,男,3栋2单元501\n0072,张三,男,9栋901\n",
    );
    let path = desk.file("b.csv", "户号,姓名,住址\n0071,张三,5栋1单元101\n");
    let plan = desk.plan(&path).unwrap();
    assert_eq!(plan.rows[1].bond, Some(Bond::Home), "{:?}", plan.rows[1]);
    assert_eq!(plan.rows[1].verdict, Verdict::Conflict);
}
