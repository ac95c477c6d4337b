//! Small random registers: a few subjects whose fields are set to a few values, again and again.

use jumin::index::pinyin::Syllable;
use jumin::index::pinyin::syllables;
use jumin::model::assertion;
use jumin::model::book::Book;
use jumin::model::category;
use jumin::model::change::Change;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field::FieldNo;
use jumin::model::field::by_key;
use jumin::model::household;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::model::view;
use jumin::model::visit;
use jumin::query::Bounds;
use jumin::query::Lack;
use jumin::query::Match;
use jumin::query::Node;
use jumin::query::Place;
use jumin::query::State;
use jumin::query::Test;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::parse;
use jumin::query::when::When;
use proptest::prelude::Just;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prelude::prop_oneof;
use proptest::sample::Index as Pick;
use proptest::sample::select;
use uuid::Uuid;

/// Codes, exclusive groups, kinds and rules.
const TAXONOMY: &[(&str, Option<&str>, &str, &str)] = &[
    ("A1", Some("a"), "D", "age:60.."),
    ("A2", Some("a"), "D", "sex:1"),
    ("A3", Some("a"), "A", ""),
    ("B1", None, "S", "size:1 cat:A1"),
    ("B2", None, "D", "hh(cat:B3) | @老人"),
    ("B3", None, "D", "age:80.. -is:draft"),
    ("B4", Some("b"), "S", "note:纺 | no:phone"),
    ("B5", Some("b"), "A", ""),
    ("B6", None, "D", "suggest:B4 -cat:A3"),
    ("B7", None, "D", "is:unclassified"),
    ("B8", None, "D", "is:stale | due:..0d | seen:30d.."),
    ("C1", Some("c"), "D", "cat:C9 | hh(is:moved)"),
    ("C2", Some("c"), "D", "age:10..40"),
    ("C9", None, "D", "age:20..30"),
];

/// After how many days the people of some categories should be visited again.
const REVIEWS: &[(&str, i64)] = &[("A1", 30), ("A3", 7), ("B3", 30), ("C9", 200)];

/// C1 waits for C9, so C2 is computed before it.
pub(super) const ORDER: &[&str] = &["A1", "A2", "C2", "C9", "C1"];

/// A field set to the n-th of its values, 0 being none.
#[derive(Debug, Clone)]
pub(super) struct Op(Table, usize, Pick, Pick);

pub(super) fn ops(count: usize) -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        8 => (Just(Table::Person), 0..9_usize),
        2 => (Just(Table::Household), 0..4_usize),
        2 => (Just(Table::Dwelling), 0..3_usize),
        5 => (Just(Table::Assertion), 0..8_usize),
        5 => (Just(Table::Visit), 0..8_usize),
    ];
    let op = (op, any::<Pick>(), any::<Pick>());
    let op = op.prop_map(|((table, id), field, value)| Op(table, id, field, value));
    proptest::collection::vec(op, 0..count)
}

/// A book with the taxonomy and one view, and nobody in it.
pub(super) fn seeded() -> Book {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    for axis in ["A", "B", "C"] {
        let subject = CategoryCode(axis.into()).subject();
        draft.set(subject, category::CODE, Some(Value::Code(axis.into())));
        draft.set(
            subject,
            category::ZH,
            Some(Value::Text(format!("轴{axis}"))),
        );
        draft.set(subject, category::REQUIRED, Some(Value::Flag(axis == "A")));
    }
    for (rank, (code, group, kind, rule)) in (1..).zip(TAXONOMY) {
        let subject = CategoryCode((*code).into()).subject();
        let mut set = |field, text: &str| {
            if !text.is_empty() {
                draft.set(subject, field, Some(Value::Text(text.into())));
            }
        };
        set(category::CODE, code);
        set(category::ZH, &format!("类{code}"));
        set(category::AXIS, &code[..1]);
        set(category::EXCLUSIVE, group.unwrap_or_default());
        set(category::KIND, kind);
        set(category::RULE, rule);
        draft.set(subject, category::RANK, Some(Value::Number(rank)));
        let review = REVIEWS.iter().find(|(one, _)| one == code);
        let days = review.map(|(_, days)| Value::Number(*days));
        draft.set(subject, category::REVIEW_DAYS, days);
    }
    draft.set(VIEW, view::ZH, Some(Value::Text("老人".into())));
    draft.set(VIEW, view::QUERY, Some(Value::Text("age:70..75".into())));
    let changes = draft.finish();
    for change in &changes {
        book.apply(change);
    }
    book
}

const VIEW: Subject = Subject {
    table: Table::View,
    id: Uuid::from_u128(7),
};

fn subject(table: Table, at: usize) -> Subject {
    Subject {
        table,
        id: Uuid::from_u128((table as u128) << 64 | (at as u128 + 1)),
    }
}

/// The changes that these steps make of a book.
pub(super) fn changes(book: &Book, ops: &[Op]) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for Op(table, at, field, value) in ops {
        let fields = fields(*table);
        let (field, values) = &fields[field.index(fields.len())];
        let value = value.index(values.len() + 1).checked_sub(1);
        draft.set(
            subject(*table, *at),
            *field,
            value.map(|at| values[at].clone()),
        );
    }
    draft.finish()
}

fn texts(all: &[&str]) -> Vec<Value> {
    all.iter().map(|text| Value::Text((*text).into())).collect()
}

fn codes(all: &[&str]) -> Vec<Value> {
    all.iter().map(|code| Value::Code((*code).into())).collect()
}

fn dates(all: &[&str]) -> Vec<Value> {
    all.iter()
        .map(|date| Value::Date(Date::parse(date).unwrap()))
        .collect()
}

fn flags() -> Vec<Value> {
    vec![Value::Flag(true), Value::Flag(false)]
}

fn links(table: Table, count: usize) -> Vec<Value> {
    (0..count)
        .map(|at| Value::Link(subject(table, at).id))
        .collect()
}

fn phones() -> Vec<Value> {
    let lists: [&[&str]; 3] = [
        &["13800000501"],
        &["0571-8888501", "16000001234"],
        &["16100009876"],
    ];
    let phone = |number: &&str| Phone {
        number: (*number).into(),
        label: None,
    };
    lists
        .iter()
        .map(|list| Value::Phones(list.iter().map(phone).collect()))
        .collect()
}

const NAMES: &[&str] = &[
    "张伟",
    "张伟明",
    "王薇",
    "曾乐",
    "单单",
    "欧阳单",
    "吕绿",
    "尉迟任",
    "阿Q",
    "买买提·艾力",
    "John Wu",
    "燕安",
    "西安",
    "仙",
    "解解乐",
    // Surnames that are read otherwise than the character, or are two characters.
    "仇查",
    "区曾明",
    "单于仇",
    "万俟朴",
    "长孙盖",
    "令狐员",
    // Characters beyond the first plane, with a reading and without one.
    "𡋾子",
    "𠮷伟",
    "𰻝安",
    "㐂",
    "章𬭎",
];

fn fields(table: Table) -> Vec<(FieldNo, Vec<Value>)> {
    match table {
        Table::Person => {
            let births = [
                "1940-02-29",
                "1946",
                "1952-07",
                "1965-03-01",
                "1970-06-02",
                "2000-01-15",
                "2009-12-31",
            ];
            let ids = [
                "110101194002290016",
                "11010119650301001X",
                "H12345678",
                "110101700602501",
            ];
            vec![
                (person::NAME, texts(NAMES)),
                (person::NAME, texts(NAMES)),
                (person::BIRTH, dates(&births)),
                (person::BIRTH, dates(&births)),
                (person::SEX, codes(&["1", "2"])),
                (person::HOUSEHOLD, links(Table::Household, 4)),
                (person::HOUSEHOLD, links(Table::Household, 4)),
                (person::LIFE, codes(&["1", "2", "3"])),
                (
                    person::LIFE_DATE,
                    dates(&["2020", "2023-11", "2024-01-31", "2026-02-28"]),
                ),
                (person::MERGED, links(Table::Person, 4)),
                (person::LIVES_HERE, flags()),
                (
                    person::ID_NO,
                    ids.map(|id| Value::IdNumber(id.into())).into(),
                ),
                (person::PHONES, phones()),
                (person::RELATION, codes(&["01", "10"])),
                (person::NOTE, texts(&["纺织厂", "ＡＢＣ厂", "x\ny"])),
                (person::EMPLOYER, texts(&["纺织厂", "木器厂abc"])),
                (
                    person::ARRIVED,
                    dates(&["2025-12-01", "2025-12-02", "2026", "2026-06-15"]),
                ),
                (person::RETIRE_KIND, codes(&["1", "2", "3"])),
                (person::DRAFT, flags()),
                (
                    person::SKILLS,
                    vec![Value::Words(vec!["书法".into(), "厂".into()])],
                ),
            ]
        }
        Table::Household => vec![
            (household::NUMBER, texts(&["H1", "h12"])),
            (household::HEAD, links(Table::Person, 9)),
            (household::DWELLING, links(Table::Dwelling, 3)),
        ],
        Table::Dwelling => vec![
            (household::ESTATE, texts(&["翠湖小区", "湖东苑"])),
            (household::BUILDING, texts(&["3", "13", "3A"])),
            (household::UNIT, texts(&["1", "2"])),
            (household::ROOM, texts(&["501", "50", "1501"])),
            (household::ADDRESS_TEXT, texts(&["老街旁"])),
            (household::USE, codes(&["1", "2"])),
        ],
        Table::Visit => {
            let days = [
                "2025-04-01",
                "2026-04-30",
                "2026-05-02",
                "2026-05-25",
                "2026-06-01",
            ];
            let ahead = ["2026-05-31", "2026-06-01", "2026-06", "2026-07-15"];
            vec![
                (visit::PERSON, links(Table::Person, 9)),
                (visit::PERSON, links(Table::Person, 9)),
                (visit::DATE, dates(&days)),
                (visit::DATE, dates(&days)),
                (visit::RESULT, codes(&["1", "1", "2", "9"])),
                (visit::RESULT, codes(&["1"])),
                (visit::VERIFIED, flags()),
                (visit::NEXT, dates(&ahead)),
                (visit::WORKER, texts(&["王芳", "李Ｗ"])),
            ]
        }
        _ => {
            let all: Vec<&str> = TAXONOMY
                .iter()
                .map(|one| one.0)
                .chain(["A", "B", "Z9"])
                .collect();
            let dates = || dates(&["2025-01-01", "2026-06-01", "2026-06-02", "2026"]);
            vec![
                (assertion::PERSON, links(Table::Person, 9)),
                (assertion::PERSON, links(Table::Person, 9)),
                (assertion::CATEGORY, codes(&all)),
                (assertion::CATEGORY, codes(&all)),
                (assertion::STATUS, codes(&["1", "2", "3"])),
                (assertion::FROM, dates()),
                (assertion::TO, dates()),
                (assertion::EVIDENCE, texts(&["下岗证", "电话"])),
                (assertion::SOURCE, texts(&["走访", "导入"])),
                (assertion::REVIEW, dates()),
            ]
        }
    }
}

/// A rule or a view rewritten, so that everything that hangs on it is read again.
pub(super) fn rewritten(book: &Book) -> Vec<Change> {
    let mut draft = Draft::new(book);
    let rule = |text: &str| Some(Value::Text(text.into()));
    draft.set(
        CategoryCode("A2".into()).subject(),
        category::RULE,
        rule("sex:2 | age:..5"),
    );
    draft.set(
        CategoryCode("B5".into()).subject(),
        category::KIND,
        rule("S"),
    );
    draft.set(
        CategoryCode("B5".into()).subject(),
        category::RULE,
        rule("hh(is:head)"),
    );
    draft.set(VIEW, view::QUERY, rule("name:张 | is:deceased"));
    draft.finish()
}

fn bounds(range: std::ops::Range<i64>) -> impl Strategy<Value = Bounds<i64>> {
    let end = || proptest::option::of(range.clone());
    (end(), end()).prop_map(|(low, high)| Bounds { low, high })
}

fn between() -> impl Strategy<Value = Bounds<Date>> {
    let days = [
        "1946",
        "1952-07",
        "1965-03-01",
        "2025",
        "2025-12-02",
        "2026-06-01",
        "2026-06",
    ];
    let end = || proptest::option::of(select(days.map(|day| Date::parse(day).unwrap()).to_vec()));
    (end(), end()).prop_map(|(low, high)| Bounds { low, high })
}

fn whens() -> impl Strategy<Value = Bounds<When>> {
    let whens = [
        "2025",
        "2026-05",
        "2026-06-01",
        "365d",
        "31d",
        "30d",
        "1m",
        "6d",
        "0d",
        "today",
        "month",
        "year",
        "+1d",
        "+2w",
    ];
    let when = |text: &str| {
        let read = parse(&format!("seen:{text}.."), &Lexicon::default()).unwrap();
        match read.root {
            Node::Test(Test::Seen(bounds)) => bounds.low.unwrap(),
            node => panic!("{node:?}"),
        }
    };
    let end = proptest::option::of(select(whens.map(when).to_vec()));
    (end.clone(), end).prop_map(|(low, high)| Bounds { low, high })
}

fn category_codes() -> impl Strategy<Value = Vec<CategoryCode>> {
    let all: Vec<_> = TAXONOMY
        .iter()
        .map(|one| CategoryCode(one.0.into()))
        .collect();
    proptest::sample::subsequence(all, 0..3)
}

/// Names, each one or two of the known ones run together.
pub(super) fn people() -> impl Strategy<Value = Vec<String>> {
    let name = proptest::collection::vec(select(NAMES.to_vec()), 1..3);
    let odd = select(vec!["", "·", "单·解", "曾"]).prop_map(str::to_owned);
    let name = prop_oneof![12 => name.prop_map(|parts| parts.concat()), 1 => odd];
    proptest::collection::vec(name, 1..12)
}

/// What may be typed for a name.
pub(super) fn typed() -> impl Strategy<Value = String> {
    let syllables = [
        "zhang", "wei", "z", "w", "zh", "y", "yan", "an", "张", "伟", "单", "shan", "dan", "lv",
        "lu", "le", "yue", "x", "xi", "xian", "mai", "q", "ren", "o", "yu", "chi", "jo", "ＷＵ",
        "·", "ming", "章", "卫", "zang", "wie", "zhnag", "仇", "区", "qiu", "ou", "xie", "zha",
        "万俟", "moqi", "𡋾", "𬭎", "𠮷", "明", "鸣",
    ];
    proptest::collection::vec(select(syllables.to_vec()), 1..4).prop_map(|parts| parts.concat())
}

/// Other characters of the sound of those in names.
const SOUNDS: &str = "张章彰伟卫薇微明鸣名王汪单山善解谢区欧查扎曾增仇秋朴飘盖葛乐月尉玉迟池万莫俟齐子紫安按西溪仙先绿律";

/// People, and one of their names as somebody may type it who has only heard it, or in a hurry.
pub(super) fn mistyped() -> impl Strategy<Value = (Vec<String>, String)> {
    let spelled = proptest::collection::vec((0..4_u8, any::<Pick>()), 8);
    let edit = (
        0..6_u8,
        any::<Pick>(),
        select(vec!["a", "g", "h", "n", "z", "伟"]),
    );
    (people(), any::<Pick>(), spelled, edit).prop_map(|(people, one, forms, edit)| {
        let units = syllables(&people[one.index(people.len())]);
        let spelled = units.iter().zip(forms);
        let spelled: String = spelled
            .map(|(unit, (form, pick))| spell(unit, form, &pick))
            .collect();
        (people, slip(&spelled, &edit))
    })
}

/// A unit as the character, by its reading, or as another character that is read so.
fn spell(unit: &Syllable, form: u8, pick: &Pick) -> String {
    let reading = unit.primary.first().map(ToString::to_string);
    let glyph = unit.glyph.map(String::from);
    let alike = SOUNDS.chars().filter(|c| {
        let other = syllables(&String::from(*c));
        other[0]
            .primary
            .iter()
            .any(|one| unit.primary.contains(one))
    });
    let alike: Vec<char> = alike.collect();
    let other = (!alike.is_empty()).then(|| alike[pick.index(alike.len())].to_string());
    let said = match form {
        0 => glyph.clone(),
        1 => other,
        _ => reading.clone(),
    };
    said.or(reading).or(glyph).unwrap()
}

/// A text with a letter lost, doubled, swapped, replaced or added, or left as it is.
fn slip(text: &str, (kind, at, letter): &(u8, Pick, &str)) -> String {
    let mut letters: Vec<String> = text.chars().map(String::from).collect();
    if letters.is_empty() {
        return String::new();
    }
    let at = at.index(letters.len());
    match kind {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, (*letter).to_owned()),
        2 => letters[at] = (*letter).to_owned(),
        3 if at > 0 => letters.swap(at - 1, at),
        4 => letters.insert(at, letters[at].clone()),
        _ => {}
    }
    letters.concat()
}

fn matching() -> impl Strategy<Value = Test> {
    let field = |key: &'static str| by_key(key).unwrap();
    let texts = [
        "纺织", "abc", "*厂", "*1", "厂", "1", "110101", "h1", "湖", "x y", "老街", "138", "伟",
    ];
    let text = || select(texts.to_vec()).prop_map(str::to_owned);
    let keys = [
        "name", "note", "employer", "tel", "id", "skills", "hh", "estate", "sex", "life",
        "relation", "use", "draft", "born", "arrived",
    ]
    .into_iter()
    .filter_map(by_key)
    .collect::<Vec<_>>();
    let how = prop_oneof![
        4 => proptest::collection::vec(text(), 0..3).prop_map(Match::OneOf),
        2 => select(vec!["1", "2", "3", "01"]).prop_map(|code| Match::OneOf(vec![code.into()])),
        1 => Just(Match::Any),
        1 => Just(Match::None),
        1 => any::<bool>().prop_map(Match::Flag),
    ];
    prop_oneof![
        4 => (select(keys), how).prop_map(|(field, how)| Test::Field(field, how)),
        1 => between().prop_map(move |days| Test::Field(field("birth"), Match::Dates(days))),
        1 => bounds(-10..30).prop_map(move |months| Test::Months(field("arrived"), months)),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let part = |texts: &[&'static str]| {
        proptest::option::of(select(texts.to_vec()).prop_map(str::to_owned))
    };
    (
        part(&["湖", "翠湖小区"]),
        part(&["3", "13", "3a"]),
        part(&["1", "2"]),
        part(&["5", "501", "15"]),
    )
        .prop_map(|(estate, building, unit, room)| Place {
            estate,
            building,
            unit,
            room,
        })
}

pub(super) fn tests() -> impl Strategy<Value = Test> {
    let digits = ["501", "50", "1234", "002", "16", "001X"];
    let numbers = [
        "11010119650301001X",
        "110101",
        "90016",
        "13800",
        "88501",
        "00001234",
        "05718888501",
    ];
    let nearly = [
        "彰伟",
        "zhagnwei",
        "zangwie",
        "王微",
        "曾月",
        "山山",
        "ouyagn",
        "吕律",
        "jonhwu",
        "xiean",
        "谢解乐",
        "扎",
        "秋扎",
        "moqipao",
        "张伟名",
        "章文明",
    ];
    let texts = ["纺织", "厂", "abc", "01", "y", "x y", "厂\n"];
    let states = [
        State::Unclassified,
        State::Head,
        State::Moved,
        State::Deceased,
        State::Draft,
        State::Flagged,
        State::BadId,
        State::Stale,
        State::Removable,
    ];
    let lacks = [
        Lack::Phone,
        Lack::Category,
        Lack::Id,
        Lack::Relation,
        Lack::Birth,
        Lack::Address,
        Lack::Note,
        Lack::Visit,
        Lack::Seen,
        Lack::Verified,
    ];
    let owned = |texts: &[&'static str]| select(texts.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        3 => category_codes().prop_map(Test::Category),
        2 => category_codes().prop_map(Test::Suggested),
        4 => typed().prop_map(Test::Name),
        2 => owned(&nearly).prop_map(Test::Name),
        2 => place().prop_map(Test::Place),
        1 => owned(&digits).prop_map(Test::Digits),
        1 => owned(&numbers).prop_map(Test::Number),
        1 => owned(&texts).prop_map(Test::Text),
        4 => matching(),
        1 => bounds(0..100).prop_map(Test::Age),
        1 => bounds(0..5).prop_map(Test::Size),
        1 => bounds(-400..400).prop_map(Test::Retired),
        1 => whens().prop_map(Test::Since),
        2 => whens().prop_map(Test::Due),
        2 => whens().prop_map(Test::Seen),
        1 => whens().prop_map(Test::Verified),
        1 => owned(&["王", "w", "王芳"]).prop_map(Test::By),
        1 => owned(&["走访", "电", "导入"]).prop_map(Test::Source),
        3 => select(states.to_vec()).prop_map(Test::Is),
        2 => select(lacks.to_vec()).prop_map(Test::No),
    ]
}

pub(super) fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![12 => tests().prop_map(Node::Test), 1 => Just(Node::View(VIEW))];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = proptest::collection::vec(inner.clone(), 0..4);
        prop_oneof![
            2 => some.clone().prop_map(Node::All),
            2 => some.prop_map(Node::Any),
            1 => inner.clone().prop_map(|node| Node::Not(Box::new(node))),
            2 => inner.prop_map(|node| Node::Household(Box::new(node))),
        ]
    })
}
