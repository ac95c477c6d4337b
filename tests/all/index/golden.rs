//! Written queries and who must stand first: what a worker types at the desk and at a door.

use jumin::index::Index;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::household;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::query::parse::parse;

/// Name, year of birth, estate, building, unit, room, telephone.
type Resident = (&'static str, i16, [&'static str; 4], &'static str);

const RESIDENTS: &[Resident] = &[
    ("张伟", 1980, ["翠湖小区", "3", "2", "501"], "16000001234"),
    (
        "张伟明",
        1975,
        ["翠湖小区", "13", "2", "501"],
        "16000005012",
    ),
    ("章薇", 1990, ["翠湖小区", "3", "1", "101"], "16000002345"),
    ("赵薇", 1991, ["翠湖小区", "3", "1", "102"], "16000003456"),
    ("周伟民", 1950, ["翠湖小区", "3", "1", "201"], "16000004567"),
    ("王伟", 1985, ["翠湖小区", "3", "1", "202"], "16000005678"),
    ("王秀英", 1938, ["翠湖小区", "3", "1", "301"], "16000006789"),
    ("王秀兰", 1941, ["翠湖小区", "3", "1", "302"], "16000007890"),
    ("李张伟", 2001, ["翠湖小区", "3", "2", "502"], "16000008901"),
    ("曾伟", 1979, ["翠湖小区", "4", "1", "501"], "16000009012"),
    ("单雄", 1968, ["翠湖小区", "4", "1", "502"], "16000001111"),
    (
        "欧阳娜娜",
        2000,
        ["翠湖小区", "4", "2", "1501"],
        "16000002222",
    ),
    (
        "欧阳锋",
        1944,
        ["翠湖小区", "4", "2", "1502"],
        "16000003333",
    ),
    ("尉迟恭", 1933, ["湖东苑", "3", "2", "501"], "16000004444"),
    ("吕布", 1972, ["湖东苑", "3", "2", "502"], "16000005555"),
    ("解晓东", 1966, ["湖东苑", "12", "1", "101"], "16000006666"),
    (
        "阿依古丽·买买提",
        1995,
        ["湖东苑", "12", "1", "102"],
        "16000007777",
    ),
    ("陈卫明", 1958, ["湖东苑", "12", "1", "201"], "16000008888"),
    ("艾青", 1949, ["湖东苑", "12", "1", "202"], "16000009999"),
    ("谷雨", 1988, ["湖东苑", "12", "2", "301"], "16000000001"),
    ("于谷", 1987, ["湖东苑", "12", "2", "302"], "16000000002"),
    ("任志强", 1951, ["湖东苑", "2", "1", "101"], "16000000003"),
    ("仇英", 1963, ["湖东苑", "2", "1", "102"], "16000000004"),
    ("邱英", 1964, ["湖东苑", "2", "1", "201"], "16000000005"),
    ("朴正", 1977, ["湖东苑", "2", "1", "202"], "16000000006"),
    ("乐嘉", 1976, ["湖东苑", "2", "1", "301"], "16000000007"),
    ("陳國強", 1936, ["湖东苑", "2", "1", "302"], "16000000008"),
    ("陈国强", 1982, ["湖东苑", "2", "1", "401"], "16000000009"),
    ("𡋾子", 1999, ["湖东苑", "2", "1", "402"], "16000000010"),
    ("仙", 1930, ["湖东苑", "2", "1", "501"], "16000000011"),
    ("西安", 1998, ["湖东苑", "2", "1", "502"], "16000000012"),
    (
        "John Smith",
        1970,
        ["湖东苑", "2", "2", "101"],
        "16000000013",
    ),
    ("阿Q", 1981, ["湖东苑", "2", "2", "102"], "16000000014"),
    ("李建国", 1949, ["湖东苑", "2", "2", "201"], "16000000015"),
    ("建国", 1969, ["湖东苑", "2", "2", "202"], "16000000016"),
    ("吉安", 1996, ["湖东苑", "2", "2", "301"], "16000000017"),
];

/// What is typed, and the name that stands first.
const FIRST: &[(&str, &str)] = &[
    // The whole name before names that only begin so, in hanzi and in pinyin.
    ("张伟", "张伟"),
    ("张伟明", "张伟明"),
    ("zhangwei", "张伟"),
    ("zhangweiming", "张伟明"),
    ("zhangwe", "张伟"),
    ("zhang", "张伟"),
    ("张", "张伟"),
    ("章", "章薇"),
    ("建国", "建国"),
    ("jianguo", "建国"),
    ("lijianguo", "李建国"),
    ("李", "李建国"),
    ("li", "李建国"),
    ("王秀", "王秀兰"),
    ("wangxiuying", "王秀英"),
    // A beginning before initials, initials before the middle of a name.
    ("wang", "王伟"),
    ("wangxiu", "王秀兰"),
    ("zw", "曾伟"),
    ("zhw", "张伟"),
    ("zwm", "张伟明"),
    ("wxy", "王秀英"),
    ("wxl", "王秀兰"),
    ("wxiuy", "王秀英"),
    ("ljg", "李建国"),
    ("oynn", "欧阳娜娜"),
    ("oyf", "欧阳锋"),
    ("weiming", "陈卫明"),
    ("xiuying", "王秀英"),
    ("guoqiang", "陈国强"),
    ("张w", "张伟"),
    ("张wei", "张伟"),
    ("王xiuy", "王秀英"),
    ("李j", "李建国"),
    // A surname's own reading before a character's other ones.
    ("shan", "单雄"),
    ("zeng", "曾伟"),
    ("qiu", "仇英"),
    ("qiuying", "仇英"),
    ("piao", "朴正"),
    ("yue", "乐嘉"),
    ("xie", "解晓东"),
    ("xxd", "解晓东"),
    ("yuchi", "尉迟恭"),
    ("ycg", "尉迟恭"),
    ("yu", "尉迟恭"),
    ("gu", "谷雨"),
    ("ai", "艾青"),
    ("ren", "任志强"),
    ("lv", "吕布"),
    ("lyubu", "吕布"),
    ("xian", "西安"),
    ("xi", "西安"),
    // Names that are no three hanzi.
    ("maimaiti", "阿依古丽·买买提"),
    ("ayg", "阿依古丽·买买提"),
    ("johns", "John Smith"),
    ("aq", "阿Q"),
    ("陳", "陳國強"),
    ("𡋾", "𡋾子"),
    ("仙", "仙"),
    // Rooms before the ends of telephone numbers; buildings are whole numbers.
    ("3栋", "尉迟恭"),
    ("翠湖小区 3栋", "章薇"),
    ("翠湖小区3栋2单元501", "张伟"),
    ("3-2-501", "尉迟恭"),
    ("13栋", "张伟明"),
    ("1502", "欧阳锋"),
    ("5012", "张伟明"),
    ("1234", "张伟"),
    ("16000006789", "王秀英"),
    ("101 翠湖小区", "章薇"),
    ("wang age:80..", "王秀兰"),
    ("age:90.. sort:-age", "仙"),
];

/// What is typed, and the name that stands first among those that are near.
const NEAREST: &[(&str, &str)] = &[
    // Of the same sound.
    ("章伟", "张伟"),
    ("章伟明", "张伟明"),
    ("王秀瑛", "王秀英"),
    ("陈卫民", "陈卫明"),
    ("山雄", "单雄"),
    ("增伟", "曾伟"),
    ("秋英", "仇英"),
    ("谢晓东", "解晓东"),
    ("欧洋锋", "欧阳锋"),
    ("玉池恭", "尉迟恭"),
    ("飘正", "朴正"),
    ("律布", "吕布"),
    ("章weim", "张伟明"),
    ("汪秀ying", "王秀英"),
    // Of a sound that many do not tell apart.
    ("zangwei", "张伟"),
    ("chenggq", "nobody"),
    ("chengguoqiang", "陈国强"),
    ("renziqiang", "任志强"),
    ("ouyannana", "欧阳娜娜"),
    ("ouyanglala", "欧阳娜娜"),
    ("wanxiulan", "王秀兰"),
    ("sanxiong", "单雄"),
    // A slip of a finger, or of the pen.
    ("zhangwie", "张伟"),
    ("zhagnwei", "张伟"),
    ("lenzhiqian", "任志强"),
    ("zhanwgei", "nobody"),
    ("wangxiuyign", "王秀英"),
    ("wangxuying", "王秀英"),
    ("ouyangfeg", "欧阳锋"),
    ("yuchigogn", "尉迟恭"),
    ("maimiati", "阿依古丽·买买提"),
    ("jonhsmith", "John Smith"),
    ("王秀梅", "王秀兰"),
    ("欧阳娜英", "欧阳娜娜"),
    ("zhnagwei 3栋", "张伟"),
    ("wang xiuyign", "王秀英"),
    ("张wie", "张伟"),
    // Digits are taken for no others.
    ("16000001235", "nobody"),
    ("1235", "nobody"),
];

fn register() -> Index {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let mut mint = Mint::new(1, 1);
    for (name, year, place, phone) in RESIDENTS {
        let (one, home, dwelling) = (mint.person(), mint.household(), mint.dwelling());
        let mut set = |subject, field, value| draft.set(subject, field, Some(value));
        let text = |text: &str| Value::Text(text.into());
        set(one.subject(), person::NAME, text(name));
        set(
            one.subject(),
            person::BIRTH,
            Value::Date(Date::new(*year, 1, 1).unwrap()),
        );
        set(one.subject(), person::HOUSEHOLD, Value::Link(home.0));
        let phone = Phone {
            number: (*phone).into(),
            label: None,
        };
        set(one.subject(), person::PHONES, Value::Phones(vec![phone]));
        set(home.subject(), household::DWELLING, Value::Link(dwelling.0));
        let parts = [
            household::ESTATE,
            household::BUILDING,
            household::UNIT,
            household::ROOM,
        ];
        for (part, said) in parts.into_iter().zip(place) {
            set(dwelling.subject(), part, text(said));
        }
    }
    for change in &draft.finish() {
        book.apply(change);
    }
    Index::build(book, Date::new(2026, 6, 1).unwrap())
}

#[test]
fn the_expected_one_stands_first() {
    let index = register();
    let mut wrong = Vec::new();
    for (typed, want) in FIRST {
        let query = parse(typed, index.lexicon()).unwrap();
        let answer = index.ask(&query);
        let first = first(&index, &index.rows(&query, &answer, 0, 1));
        if first != *want {
            wrong.push(format!("{typed}: {first}, not {want}"));
        }
    }
    for (typed, want) in NEAREST {
        let query = parse(typed, index.lexicon()).unwrap();
        let answer = index.ask(&query);
        let first = first(&index, &index.near(&query, &answer));
        if answer.total() > 0 || first != *want {
            let total = answer.total();
            wrong.push(format!(
                "{typed}: {total} answer, {first} is near, not {want}"
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn first(index: &Index, people: &[PersonId]) -> String {
    let first = people.first().and_then(|id| index.book().person(*id));
    first.map_or("nobody", |one| one.name()).to_owned()
}
