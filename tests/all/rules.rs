//! The rules of the starter taxonomy and the day-one views: each parses, and each finds whom it
//! should and nobody else.

use crate::seeds::planted;
use jumin::index::Index;
use jumin::model::Lang;
use jumin::model::assertion::Status;
use jumin::model::book::Book;
use jumin::model::category::Category;
use jumin::model::category::Kind;
use jumin::model::classify;
use jumin::model::classify::Saying;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::field::Kind as FieldKind;
use jumin::model::household;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::parse;
use std::collections::BTreeSet;

/// The day on which all of this is true.
const TODAY: &str = "2026-06-15";

/// A category, someone who must be in it (or proposed for it), and someone who must not. Housemates
/// stand after `/`; `+E13` is what a worker said.
const RULES: &[(&str, &str, &str)] = &[
    (
        "R1",
        "hukou_here=1 lives_here=1",
        "hukou_here=1 lives_here=0",
    ),
    ("R1", "hukou_here=1", "hukou_here=0"),
    ("R2", "hukou_here=1 lives_here=0", "hukou_here=1"),
    (
        "R3",
        "hukou_here=0 lives_here=1",
        "hukou_here=0 arrived=2020-01",
    ),
    ("R4", "hukou_here=0 arrived=2020-01", "hukou_here=0"),
    (
        "R4",
        "hukou_here=0 permit=A1",
        "hukou_here=0 permit=A1 id_type=414",
    ),
    ("R5", "id_type=414", "id_type=111"),
    ("R5", "hukou_region=810000", "hukou_region=330106"),
    ("R6", "residence=03", "residence=02"),
    ("R7", "residence=02", "residence=01"),
    ("R7", "use=2", "use=2 residence=01"),
    ("R8", "permit=A1", "arrived=2020-01"),
    (
        "R9",
        "hukou_here=0 arrived=2025-12-01",
        "hukou_here=0 arrived=2026-01-15",
    ),
    ("E1", "employment=11", "employment=54"),
    (
        "E1",
        "employment=17 unit_type=110",
        "employment=17 unit_type=210",
    ),
    (
        "E2",
        "employment=17 unit_type=230",
        "employment=81 unit_type=230",
    ),
    ("E2", "unit_type=220", "unit_type=220 +E13"),
    (
        "E3",
        "employment=24 unit_type=210",
        "employment=24 unit_type=110",
    ),
    ("E4", "employment=54", "employment=51"),
    ("E5", "employment=52", "employment=54"),
    ("E6", "employment=73", "employment=70"),
    ("E6", "employment=73", "employment=73 -E6"),
    (
        "E7",
        "sex=1 birth=1985 employment=71",
        "sex=1 birth=1950 employment=71",
    ),
    (
        "E7",
        "sex=1 birth=1985 employment=70 seeking=1",
        "sex=1 birth=1985 employment=16 seeking=1",
    ),
    (
        "E8",
        "sex=1 birth=1985 employment=70",
        "sex=1 birth=1985 employment=70 seeking=1",
    ),
    (
        "E8",
        "sex=1 birth=1985 employment=72",
        "sex=1 birth=1985 employment=72 +E6",
    ),
    ("E9", "birth=2016-03", "birth=2021-03"),
    ("E9", "birth=2003 employment=31", "birth=2003"),
    ("E10", "birth=2023-01", "birth=2016-03"),
    (
        "E11",
        "birth=1980 employment=27",
        "birth=1980 employment=24",
    ),
    ("E12", "employment=37", "military=1"),
    ("E12", "military=4", "military=4 employment=31 birth=2003"),
    ("E13", "sex=1 birth=1950", "sex=1 birth=1990"),
    ("E13", "employment=81", "sex=1 birth=1950 employment=17"),
    (
        "E14",
        "birth=1930 employment=82",
        "birth=1950 employment=82",
    ),
    ("E15", "employment=83", "employment=81"),
    (
        "E20",
        "hukou_here=0 hukou_kind=2 birth=1990 arrived=2024-01 employment=24",
        "hukou_here=0 hukou_kind=1 birth=1990 arrived=2024-01 employment=24",
    ),
    (
        "E21",
        "sex=2 birth=1984 employment=70 / employment=54",
        "sex=1 birth=1995 employment=70 / employment=54",
    ),
    (
        "E21",
        "sex=1 birth=1995 employment=70 / birth=1960",
        "sex=1 birth=1995 employment=16 / birth=1960",
    ),
    (
        "E21",
        "sex=1 birth=1995 unemployed_since=2025-05-01 +E7 / employment=54",
        "sex=1 birth=1995 unemployed_since=2025-07-01 +E7 / employment=54",
    ),
    (
        "E22",
        "birth=2003 employment=74",
        "birth=1980 employment=70 edu=30",
    ),
    ("E23", "sex=1 birth=1965-01", "sex=1 birth=1967-01"),
    ("E24", "sex=1 birth=1966-06", "sex=1 birth=1968-01"),
    ("P1", "politics=02", "politics=03"),
    ("P2", "politics=03", "politics=13"),
    ("P3", "politics=12", "politics=13"),
    ("P4", "politics=13", ""),
    ("P5", "politics=01 party_here=1", "politics=01 party_here=0"),
    (
        "P6",
        "politics=01 party_here=0 employer=甲厂",
        "politics=01 party_here=1 employer=甲厂",
    ),
    (
        "P7",
        "politics=01 party_here=0 hukou_here=0 arrived=2025-01",
        "politics=01 party_here=0 hukou_here=0 arrived=2026-03",
    ),
    (
        "P8",
        "politics=01 party_here=1 lives_here=0 left=2025-01",
        "politics=01 party_here=1 lives_here=0 left=2026-05",
    ),
    ("P9", "politics=01 +E13", "politics=13 +E13"),
    (
        "P10",
        "politics=01 party_joined=1976-06-15",
        "politics=01 party_joined=1976-08-01",
    ),
    (
        "P12",
        "politics=01 party_here=0 hukou_here=1",
        "politics=01 party_here=0 hukou_here=1 employer=甲厂",
    ),
    ("L1", "birth=2024-01", "birth=2023-01"),
    ("L2", "birth=2023-01", "birth=2019-01"),
    ("L3", "birth=2019-01", "birth=2010-01"),
    ("L4", "birth=2010-01", "birth=2008-01"),
    ("L5", "birth=2008-01", "birth=1966-06-15"),
    ("L6", "birth=1966-06-15", "birth=1966-06-16"),
    ("L7", "birth=1946-01", "birth=1947-01"),
    ("L8", "birth=1936-01", "birth=1937-01"),
    ("L9", "birth=1926-01", "birth=1927-01"),
    ("L10", "birth=1950", "birth=1950 / birth=1990"),
    ("L10", "birth=1950 / birth=1990 lives_here=0", "birth=1980"),
    ("L11", "birth=1950 / birth=1952", "birth=1950 / birth=1990"),
    (
        "L11",
        "birth=1950 / birth=1990 lives_here=0",
        "birth=1950 children_away=0",
    ),
    ("L13", "birth=2018 / birth=1955", "birth=2018 / birth=1990"),
    ("L16", "sex=2 birth=2000", "sex=1 birth=2000"),
    ("T1", "birth=1940", "birth=1950"),
    (
        "T1",
        "birth=1940 +L11 / birth=1944",
        "birth=1940 / birth=1944",
    ),
    ("T2", "birth=1950", "birth=1950 / birth=1990"),
    ("T2", "birth=1990 +L12", "birth=1940"),
    ("T3", "birth=1940 / birth=1990", "birth=1950 / birth=1990"),
    ("W9", "+W1", "+W5"),
    (
        "H0",
        "disability=11010519491231002X",
        "disability= health=1",
    ),
    (
        "H1",
        "disability=11010519491231002X13",
        "disability=11010519491231002X31",
    ),
    ("H2", "disability=11010519491231002X24", "health=61"),
    (
        "H3",
        "disability=11010519491231002X31",
        "disability=11010519491231002X13",
    ),
    (
        "H4",
        "disability=11010519491231002X42",
        "disability=11010519491231002X24",
    ),
    ("H5", "health=65", "health=64"),
    (
        "H6",
        "disability=11010519491231002X61",
        "disability=11010519491231002X16",
    ),
    (
        "H7",
        "disability=11010519491231002X72",
        "disability=11010519491231002X27",
    ),
    (
        "H8",
        "disability=11010519491231002X42",
        "disability=11010519491231002X43",
    ),
    (
        "H9",
        "health=64 sex=1 birth=1990 employment=70",
        "health=64 sex=1 birth=1990 employment=54",
    ),
    ("M1", "military=1", "military=4"),
    (
        "M5",
        "relation=51 / relation=02 military=4",
        "relation=99 / relation=02 military=4",
    ),
    ("M9", "+M3", "military=1"),
    ("V9", "birth=1995 edu=30", "birth=1970 edu=30"),
    ("V9", "birth=1995 military=1", "birth=1995 military=1 +E1"),
    ("X1", "birth=1990 hukou_here=1", "birth=2015 hukou_here=1"),
    (
        "X1",
        "birth=1990 hukou_here=0",
        "birth=1990 hukou_here=1 +X5",
    ),
    ("X4", "birth=2008-03", "birth=2007-03"),
];

fn today() -> Date {
    Date::parse(TODAY).unwrap()
}

/// A book with one household, and the first of its members.
fn community(people: &str) -> (Book, PersonId) {
    let mut book = planted();
    let mut mint = Mint::new(1, 1);
    let (home, dwelling) = (mint.household(), mint.dwelling());
    let mut first = None;
    for facts in people.split('/') {
        let person = mint.person();
        let subject = person.subject();
        let mut draft = Draft::new(&book);
        draft.set(subject, person::NAME, Some(Value::Text("张三".into())));
        draft.set(subject, person::HOUSEHOLD, Some(Value::Link(home.0)));
        draft.set(
            home.subject(),
            household::DWELLING,
            Some(Value::Link(dwelling.0)),
        );
        for fact in facts.split_whitespace() {
            if let Some((key, text)) = fact.split_once('=') {
                let field = field::by_key(key).unwrap();
                let home = [home.subject(), dwelling.subject()];
                let holder = home.into_iter().find(|one| one.table == field.table);
                let subject = holder.unwrap_or(subject);
                draft.set(subject, field.number, value(field, text));
                continue;
            }
            let (said, code) = fact.split_at(1);
            let saying = Saying {
                category: &CategoryCode(code.to_owned()),
                status: if said == "+" {
                    Status::Confirmed
                } else {
                    Status::Declined
                },
                since: Date::parse("2026-01-01").unwrap(),
                evidence: None,
                source: "走访",
            };
            classify::say(&mut draft, person, &saying, &mut mint);
        }
        for change in draft.finish() {
            book.apply(&change);
        }
        first.get_or_insert(person);
    }
    (book, first.unwrap())
}

fn value(field: &field::Field, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    if let FieldKind::Code(table) = field.kind {
        assert_eq!(codes::find(table, text), Some(text), "{table}");
        return Some(Value::Code(text.to_owned()));
    }
    let kinds = [
        (FieldKind::Text, Some(Value::Text(text.to_owned()))),
        (FieldKind::Flag, Some(Value::Flag(text == "1"))),
        (FieldKind::Date, Date::parse(text).map(Value::Date)),
    ];
    let (_, value) = kinds
        .into_iter()
        .find(|(kind, _)| *kind == field.kind)
        .unwrap();
    assert!(value.is_some(), "{}: {text}", field.key);
    value
}

/// Whether the rule of a category finds someone.
fn finds(code: &str, people: &str) -> bool {
    let (book, person) = community(people);
    let kind = book.category(&CategoryCode(code.into())).unwrap().kind();
    let key = if kind == Kind::Suggested {
        "suggest"
    } else {
        "cat"
    };
    let query = parse(&format!("{key}:{code}"), &Lexicon::of(&book)).unwrap();
    Index::build(book, today()).matches(&query, person)
}

#[test]
fn no_rule_goes_in_a_circle() {
    assert_eq!(Index::build(planted(), today()).faults(Lang::En), []);
}

#[test]
fn every_rule_is_tried_on_someone() {
    let book = planted();
    let ruled = |one: &Category<'_>| one.rule().is_some();
    let all = book
        .categories()
        .into_iter()
        .filter(ruled)
        .map(|one| one.code().0);
    let tried = RULES.iter().map(|(code, _, _)| (*code).to_owned());
    assert_eq!(tried.collect::<BTreeSet<_>>(), all.collect::<BTreeSet<_>>());
}

#[test]
fn rules_find_whom_they_should() {
    let mut wrong = vec![];
    for (code, inside, outside) in RULES {
        if !finds(code, inside) {
            wrong.push(format!("{code} misses [{inside}]"));
        }
        if finds(code, outside) {
            wrong.push(format!("{code} takes [{outside}]"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nobody_who_left_or_died_is_found_by_a_rule() {
    let states = ["2", "3", "4", "5"].iter().cycle();
    for ((code, inside, _), life) in RULES.iter().zip(states) {
        let left = format!("life={life} {inside}");
        assert!(!finds(code, &left), "{code} takes [{left}]");
    }
}

/// Whether a view of the first day, by its English name, shows someone.
fn is_shown(name: &str, people: &str) -> bool {
    let (book, person) = community(people);
    let query = book
        .views()
        .into_iter()
        .find(|view| view.name(Lang::En) == name)
        .unwrap_or_else(|| panic!("no view {name}"))
        .query()
        .to_owned();
    let query = parse(&query, &Lexicon::of(&book)).unwrap();
    Index::build(book, today()).matches(&query, person)
}

#[test]
fn views_show_whom_they_should() {
    for (name, inside, outside) in [
        ("Unclassified", "", "+E6"),
        (
            "To be re-employed",
            "sex=1 birth=1985 +E6",
            "sex=1 birth=1950 +E6",
        ),
        (
            "Aged 40 or 50 without work",
            "sex=2 birth=1984 +E7",
            "sex=1 birth=1984 +E7",
        ),
        (
            "Households without work",
            "sex=1 birth=1985 +E7 / birth=1950 +E13",
            "sex=1 birth=1985 +E7 / +E1",
        ),
        (
            "Rural migrants' children",
            "birth=2016 hukou_here=0 arrived=2024 / birth=1990 hukou_here=0 hukou_kind=2 arrived=2024 employment=24",
            "birth=2016 hukou_here=0 arrived=2024 / birth=1990 hukou_here=0 hukou_kind=1 arrived=2024 employment=24",
        ),
        (
            "Permits to endorse",
            "permit_issued=2025-07-10",
            "permit_issued=2025-09-10",
        ),
        (
            "80 and over, alone",
            "birth=1940",
            "birth=1940 / birth=1942",
        ),
        (
            "Old-age allowance within a year",
            "birth=1947-01",
            "birth=1946-01",
        ),
    ] {
        assert!(is_shown(name, inside), "{name} misses [{inside}]");
        assert!(!is_shown(name, outside), "{name} shows [{outside}]");
    }
}
