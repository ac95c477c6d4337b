//! The laws of the filter language, over queries and texts made by chance.

use super::LEXICON;
use jumin::model::Lang;
use jumin::model::address::Address;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::date::Precision;
use jumin::model::field;
use jumin::model::field::Kind;
use jumin::model::ids::CategoryCode;
use jumin::query::Bounds;
use jumin::query::Lack;
use jumin::query::Match;
use jumin::query::Node;
use jumin::query::Order;
use jumin::query::Place;
use jumin::query::Query;
use jumin::query::SortKey;
use jumin::query::State;
use jumin::query::Test;
use jumin::query::complete::complete;
use jumin::query::keys;
use jumin::query::keys::Sense;
use jumin::query::parse::chips;
use jumin::query::parse::parse;
use jumin::query::show::show;
use jumin::query::when::Unit;
use jumin::query::when::When;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

fn bounds<T: Copy + std::fmt::Debug>(
    one: impl Strategy<Value = T> + Clone,
    ordered: fn(T, T) -> bool,
) -> impl Strategy<Value = Bounds<T>> {
    (option::of(one.clone()), option::of(one)).prop_filter_map(
        "an ordered range",
        move |(low, high)| {
            let fits = match (low, high) {
                (Some(low), Some(high)) => ordered(low, high),
                (low, high) => low.is_some() || high.is_some(),
            };
            fits.then_some(Bounds { low, high })
        },
    )
}

fn numbers() -> impl Strategy<Value = Bounds<i64>> {
    bounds(-200_i64..200, |low, high| low <= high)
}

fn dates() -> impl Strategy<Value = Bounds<Date>> {
    let date = (1900_i16..2100, 0_u8..13, 0_u8..29)
        .prop_filter_map("a date", |(year, month, day)| {
            Date::new(year, month, if month == 0 { 0 } else { day })
        });
    bounds(date, |low, high| low.first() <= high.last())
}

fn whens() -> impl Strategy<Value = Bounds<When>> {
    let unit = select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]);
    let period = select(vec![Precision::Day, Precision::Month, Precision::Year]);
    let when = prop_oneof![
        dates().prop_map(|bounds| When::Date(bounds.low.or(bounds.high).unwrap())),
        (-500_i32..500, unit).prop_map(|(count, unit)| When::Ago(count, unit)),
        period.prop_map(When::This),
    ];
    bounds(when, |low, high| {
        let today = Date::new(2026, 6, 1).unwrap();
        let distance = |when| match when {
            When::Date(_) => None,
            When::Ago(count, Unit::Day) => Some(count),
            When::Ago(count, Unit::Week) => Some(7 * count),
            When::Ago(count, Unit::Month) => Some(30 * count),
            When::Ago(count, Unit::Year) => Some(365 * count),
            When::This(_) => Some(0),
        };
        match (distance(low), distance(high)) {
            (Some(low), Some(high)) => low >= high,
            (None, None) => low.on(today).first() <= high.on(today).last(),
            _ => true,
        }
    })
}

fn codes_of_categories() -> impl Strategy<Value = Vec<CategoryCode>> {
    let all: Vec<_> = LEXICON
        .categories
        .iter()
        .map(|term| term.code.clone())
        .collect();
    vec(select(all), 1..4)
}

/// Texts with every sign that the language gives a meaning.
fn text() -> impl Strategy<Value = String> {
    "([a-z0-9 张三下岗无有。“”（)(|\"\\\\:,=+@!x-]|none|or|hh){1,6}"
}

/// A field and what may be asked of it.
fn asked() -> impl Strategy<Value = Test> {
    let fields: Vec<_> = field::FIELDS
        .iter()
        .filter(
            |field| matches!(keys::find(field.key), Some(Sense::Field(found)) if found == *field),
        )
        .collect();
    select(fields).prop_flat_map(|field| {
        let known = prop_oneof![Just(Match::Any), Just(Match::None)];
        let matched = match field.kind {
            Kind::Code(table) => {
                let codes: Vec<_> = codes::table(table)
                    .iter()
                    .map(|code| code.code.to_owned())
                    .collect();
                vec(select(codes), 1..3).prop_map(Match::OneOf).boxed()
            }
            Kind::Date => dates().prop_map(Match::Dates).boxed(),
            Kind::Flag => any::<bool>().prop_map(Match::Flag).boxed(),
            Kind::Number => numbers().prop_map(Match::Numbers).boxed(),
            Kind::IdNumber => vec("[0-9X]{1,6}", 1..3).prop_map(Match::OneOf).boxed(),
            _ => vec(text(), 1..3).prop_map(Match::OneOf).boxed(),
        };
        prop_oneof![4 => matched, 1 => known].prop_map(move |matched| Test::Field(field, matched))
    })
}

fn place() -> impl Strategy<Value = Place> {
    let estate = option::of(select(vec!["翠湖小区", "东园", "和平新村"]).prop_map(str::to_owned));
    let number = |most: u32| option::of((1..most).prop_map(|n| n.to_string()));
    (
        estate,
        number(40),
        number(6),
        option::of((101..1800_u32).prop_map(|n| n.to_string())),
    )
        .prop_map(|(estate, building, unit, room)| Place {
            estate,
            building,
            unit,
            room,
        })
        .prop_filter("an address that reads as itself", |place| {
            let text = Address {
                estate: place.estate.clone(),
                building: place.building.clone(),
                unit: place.unit.clone(),
                room: place.room.clone(),
                rest: None,
            };
            let lone = [&place.estate, &place.building, &place.unit, &place.room]
                .into_iter()
                .flatten()
                .count()
                == 1;
            *place != Place::default() && (lone || Address::parse(&text.to_string()) == text)
        })
}

fn test() -> impl Strategy<Value = Test> {
    let arrived = field::by_key("arrived").unwrap();
    let states = vec![
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
    let lacks = vec![
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
    prop_oneof![
        4 => codes_of_categories().prop_map(Test::Category),
        1 => codes_of_categories().prop_map(Test::Suggested),
        1 => Just(Test::Suggested(vec![])),
        3 => text().prop_map(|name| Test::Name(name.to_lowercase())),
        2 => place().prop_map(Test::Place),
        1 => "[1-9][0-9]{3}X".prop_map(Test::Number),
        1 => "[0-9]{3}".prop_map(Test::Digits),
        1 => text().prop_map(Test::Text),
        4 => asked(),
        1 => numbers().prop_map(Test::Age),
        1 => numbers().prop_map(Test::Size),
        1 => numbers().prop_map(Test::Retired),
        1 => numbers().prop_map(move |months| Test::Months(arrived, months)),
        1 => whens().prop_map(Test::Since),
        1 => whens().prop_map(Test::Due),
        1 => whens().prop_map(Test::Seen),
        1 => whens().prop_map(Test::Verified),
        1 => text().prop_map(Test::By),
        1 => text().prop_map(Test::Source),
        1 => select(states).prop_map(Test::Is),
        1 => select(lacks).prop_map(Test::No),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let views: Vec<_> = LEXICON.views.iter().map(|(view, _, _)| *view).collect();
    let leaf =
        prop_oneof![8 => test().prop_map(Node::Test), 1 => select(views).prop_map(Node::View)];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Node::All),
            vec(inner.clone(), 2..4).prop_map(Node::Any),
            inner.clone().prop_map(|node| Node::Not(Box::new(node))),
            inner.prop_map(|node| Node::Household(Box::new(node))),
        ]
    })
}

fn query() -> impl Strategy<Value = Query> {
    let by = select(vec![
        SortKey::Address,
        SortKey::Name,
        SortKey::Age,
        SortKey::Added,
    ]);
    let order = (by, any::<bool>()).prop_map(|(by, descending)| Order { by, descending });
    let root = prop_oneof![20 => node(), 1 => Just(Node::default())];
    (root, option::of(order)).prop_map(|(root, order)| Query { root, order })
}

/// Texts made of the language's own pieces, so that many of them nearly parse.
fn typed() -> impl Strategy<Value = String> {
    let pieces = vec![
        "下岗",
        "xg",
        "退休",
        "党员",
        "张三",
        "zhang",
        "3栋",
        "3-2-501",
        "501",
        "13800",
        "seen:",
        "due:",
        "90d",
        "+7d",
        "本月",
        "never",
        "by:",
        "stale",
        "age:",
        "年龄：",
        "50",
        "..",
        "。。",
        ">",
        "<",
        "5O",
        "birth:",
        "2024-05",
        "edu:",
        "本科",
        "cat:",
        "+",
        "-",
        "!",
        "@",
        "=",
        "农民工",
        "hh(",
        "户（",
        "(",
        ")",
        "）",
        "|",
        " or ",
        " ",
        " ",
        "　",
        ",",
        "，",
        "\"",
        "“",
        "”",
        "\\",
        "is:",
        "head",
        "no:",
        "has:",
        "phone",
        "none",
        "any",
        "sort:",
        "agee:",
        "suggest:",
        "addr:",
        "b:",
        "name:",
        "employer:",
        ":",
        "é",
        "\u{301}",
        "𠮷",
        "\n",
    ];
    prop_oneof![
        3 => vec(select(pieces), 0..12).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_shown_query_parses_to_itself(query in query()) {
        let text = show(&query, &LEXICON);
        prop_assume!(text.chars().count() <= 512);
        prop_assert_eq!(parse(&text, &LEXICON), Ok(query), "{}", text);
    }

    #[test]
    fn any_text_parses_or_faults_inside_it(text in typed()) {
        match parse(&text, &LEXICON) {
            Ok(query) => {
                let shown = show(&query, &LEXICON);
                prop_assert_eq!(parse(&shown, &LEXICON), Ok(query), "{}", shown);
                for chip in chips(&text, &LEXICON).unwrap() {
                    prop_assert!(text.get(chip.span.clone()).is_some_and(|part| !part.is_empty()));
                }
            }
            Err(fault) => {
                prop_assert!(text.get(fault.span.clone()).is_some(), "{:?}", fault);
                prop_assert!(!fault.span.is_empty(), "{:?}", fault);
                prop_assert!(!fault.say(Lang::Zh).is_empty() && !fault.say(Lang::En).is_empty());
                prop_assert!(!fault.carets(&text).is_empty());
            }
        }
    }

    #[test]
    fn a_suggestion_never_leaves_the_same_fault(text in typed()) {
        let Err(fault) = parse(&text, &LEXICON) else { return Ok(()) };
        let Some(meant) = fault.suggestion.clone() else { return Ok(()) };
        let mut mended = text.clone();
        mended.replace_range(fault.span.clone(), &meant);
        if let Err(after) = parse(&mended, &LEXICON) {
            prop_assert!(after.kind != fault.kind || after.span.start > fault.span.start, "{} -> {}", text, mended);
        }
    }

    #[test]
    fn a_completion_never_makes_a_query_worse(text in typed(), at in any::<prop::sample::Index>(), zh in any::<bool>()) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let caret = at.index(text.len() + 1);
        for one in complete(&text, caret, &LEXICON, lang, &|_| 1) {
            let mut after = text.clone();
            after.replace_range(one.span.clone(), &one.text);
            let parsed = parse(&after, &LEXICON);
            prop_assert!(parsed.is_ok_and(|_| one.count == Some(1)) || parse(&after, &LEXICON).is_err_and(|fault| fault.incomplete && one.count.is_none()), "{} -> {}", text, after);
        }
    }
}
