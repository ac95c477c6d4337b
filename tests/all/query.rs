//! The filter language: what texts mean, what is wrong with them, and what could be typed next.

use crate::seeds::planted;
use insta::assert_snapshot;
use jumin::model::Lang;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::field;
use jumin::model::field::Kind;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Table;
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
use jumin::query::complete::Completion;
use jumin::query::complete::complete;
use jumin::query::keys;
use jumin::query::keys::Sense;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::chips;
use jumin::query::parse::parse;
use jumin::query::show::chip;
use jumin::query::show::show;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&planted()));

/// What a text means, as it is shown again.
fn meaning(text: &str) -> String {
    match parse(text, &LEXICON) {
        Ok(query) => show(&query, &LEXICON),
        Err(fault) => format!("! {}", fault.say(Lang::En)),
    }
}

#[test]
fn words_are_resolved_in_the_order_of_the_readings() {
    let texts = [
        "下岗",
        "E6",
        "e6",
        "laid-off",
        "laid_off",
        "党员",
        "+党员",
        "-党员",
        "!下岗",
        "=下岗",
        "“下岗”",
        "3栋",
        "3幢",
        "3号楼",
        "-3栋",
        "3-2-501",
        "3栋2单元501",
        "501室",
        "翠湖小区3号楼",
        "翠湖小区",
        "501",
        "0011",
        "001x",
        "13800",
        "0571-88886666",
        "11010119800101001X",
        "12",
        "张三",
        "Zhang伟",
        "zw",
        "dy",
        "王苑",
        "name:下岗",
        "name:\"or\"",
        "ｚｈａｎｇ　３栋",
        "退休,残疾人",
        "退休 党员",
        "\"a \\\"b\\\" \\\\\"",
    ];
    let table: Vec<String> = texts
        .iter()
        .map(|text| format!("{text:24} {}", meaning(text)))
        .collect();
    assert_snapshot!(table.join("\n"));
}

#[test]
fn keys_take_ranges_words_codes_and_lists() {
    let texts = [
        "age:50..",
        "年龄：50。。60",
        "age:>50",
        "age:<50",
        "age:>=50",
        "age:≤50",
        "age:《50",
        "age:50",
        "age:50..50",
        "age:16..20,60..",
        "age:none",
        "age:any",
        "retired:-12..-1",
        "retired:0..",
        "birth:1956",
        "born:1956.3..1960",
        "birth:>2024-05",
        "birth:<2024",
        "生日:1956年3月",
        "arrived.months:6..",
        "来本地日期.月:..6",
        "since:2024..",
        "due:..2026-12",
        "sex:女",
        "性别:2,1",
        "edu:本科",
        "unit_type:220,230",
        "politics:01",
        "lives_here:yes",
        "hukou_here:否",
        "seeking:无",
        "employer:纺织厂,none",
        "employer:none",
        "tel:有",
        "note:\"无\"",
        "id:1101x",
        "cat:退休,残疾人",
        "cat:none",
        "类别:无",
        "suggest:any",
        "建议:E20",
        "is:户主",
        "is:bad-id,draft",
        "no:phone",
        "缺:电话,身份证",
        "has:note",
        "b:3",
        "楼:3栋",
        "u:2",
        "room:5",
        "estate:翠湖",
        "b:none",
        "addr:3-2-501",
        "addr:河边老屋",
        "src:走访",
        "sort:-age 下岗",
        "sort:姓名",
        "hh:A1",
    ];
    let table: Vec<String> = texts
        .iter()
        .map(|text| format!("{text:24} {}", meaning(text)))
        .collect();
    assert_snapshot!(table.join("\n"));
}

#[test]
fn terms_join_as_the_grammar_says() {
    let texts = [
        "",
        "  ",
        "laid-off age:50.. -party 3栋 zhang",
        "下岗 | 退休 党员",
        "(下岗 或 退休) 党员",
        "下岗 OR 退休",
        "((下岗))",
        "--下岗",
        "-(下岗 张三)",
        "hh(低保) -低保",
        "户（低保 or 残疾人）",
        "-hh(age:..59)",
        "age:60.. size:1 lives_here:yes",
        "arrived.months:6.. hukou_here:no",
        "a|b sort:name",
        "@农民工",
    ];
    let table: Vec<String> = texts
        .iter()
        .map(|text| format!("{text:40} {}", meaning(text)))
        .collect();
    assert_snapshot!(table.join("\n"));
}

#[test]
fn faults_say_where_and_what_was_meant() {
    let deep = "(".repeat(17) + "a" + &")".repeat(17);
    let long = "啊".repeat(513);
    let texts = [
        "age:5O..",
        "下岗 age:5l..6O",
        "age:50-60",
        "age:60以上",
        "age:60岁",
        "age:60..50",
        "age:",
        "age: 50",
        "age:..",
        "age:>",
        "age:一",
        "agee:50",
        "年玲：50",
        "12:30",
        ":5",
        "birth:1956-13",
        "birth:195",
        "birth:2024-2025",
        "birth:>2200",
        "edu:本课",
        "edu:本",
        "sex:x",
        "lives_here:maybe",
        "is:heda",
        "is:unc",
        "no:phnoe",
        "sort:agee",
        "(sort:age)",
        "sort:age sort:name",
        "sort:age,name",
        "cat:下港",
        "cat:xiagang 张三",
        "cat:下",
        "+下港,退休",
        "退休,",
        "退休, 残疾",
        ",",
        "@不存在",
        "(下岗",
        "下岗)",
        "\"下岗",
        "下岗 |",
        "| 下岗",
        "下岗 | | 退休",
        "()",
        "-",
        "hh(",
        "=",
        "+",
        "@",
        "\"\"",
        &deep,
        &long,
    ];
    let mut table = String::new();
    for text in texts {
        let fault = parse(text, &LEXICON).expect_err(text);
        let shown: String = text.chars().take(40).collect();
        let carets: String = fault.carets(text).chars().take(60).collect();
        let unfinished = if fault.incomplete { " ..." } else { "" };
        table += &format!(
            "{shown}{unfinished}\n{carets}\n{}\n{}\n\n",
            fault.say(Lang::Zh),
            fault.say(Lang::En)
        );
    }
    assert_snapshot!(table);
}

#[test]
fn a_suggestion_in_the_place_of_the_span_mends_the_fault() {
    for (text, want) in [
        ("age:5O..", "age:50.."),
        ("年龄：5l。。6", "年龄：51。。6"),
        ("下岗 age:50-60", "下岗 age:50..60"),
        ("age:60以上", "age:60.."),
        ("agee:50", "age:50"),
        ("年玲：50", "年龄：50"),
        ("edu:xbk", "edu:"),
        ("cat:下港 张三", "cat:下岗 张三"),
        ("is:heda 张三", "is:head 张三"),
        ("sort:-agee", "sort:-age"),
    ] {
        let Err(fault) = parse(text, &LEXICON) else {
            panic!("{text} parses")
        };
        let Some(meant) = fault.suggestion else {
            continue;
        };
        let mut mended = text.to_owned();
        mended.replace_range(fault.span, &meant);
        assert!(mended.starts_with(want), "{text} -> {mended}");
    }
}

#[test]
fn every_rule_and_view_of_the_seeds_parses() {
    let book = planted();
    for category in book.categories() {
        if let Some(rule) = category.rule() {
            let parsed = parse(rule, &LEXICON);
            assert!(
                parsed.is_ok(),
                "{}: {rule}: {}",
                category.code(),
                parsed.unwrap_err().say(Lang::En)
            );
        }
    }
    for view in book.views() {
        let parsed = parse(view.query(), &LEXICON);
        assert!(
            parsed.is_ok(),
            "{}: {}",
            view.query(),
            parsed.unwrap_err().say(Lang::En)
        );
    }
}

#[test]
fn chips_say_how_each_term_was_understood() {
    let say = |text: &str, lang| {
        let chips = chips(text, &LEXICON).unwrap();
        let words = chips.iter().map(|one| {
            format!(
                "[{}={}]",
                &text[one.span.clone()],
                chip(&one.node, &LEXICON, lang)
            )
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let texts = [
        "下岗 age:50.. -党员 3栋 zhang",
        "cat:退休,残疾人 -no:phone no:id is:head",
        "下岗 | 退休 sort:age",
        "hh(低保 age:60..) -(张三 李四)",
        "edu:本科 birth:1956..1960 lives_here:no tel:none suggest:any arrived.months:6..",
        "501 13800138 =x @农民工 cat:none",
    ];
    let lines = texts
        .iter()
        .map(|text| format!("{}\n{}", say(text, Lang::Zh), say(text, Lang::En)));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

/// The first completions of a text at its end, nobody being in L9.
fn offered(text: &str, lang: Lang) -> String {
    let count = |query: &Query| usize::from(!show(query, &LEXICON).contains("百岁"));
    let all = complete(text, text.len(), &LEXICON, lang, &count);
    let shown = |one: &Completion| match one.count {
        Some(count) => format!("{}={count}", one.text),
        None => one.text.clone(),
    };
    all.iter().take(5).map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn completions_are_offered_for_what_stands_at_the_caret() {
    let texts = [
        "xg",
        "下",
        "-xg",
        "+tuix",
        "ag",
        "年",
        "age:60.. xg",
        "cat:xg",
        "cat:退休,xg",
        "退休,xg",
        "is:",
        "is:h",
        "no:",
        "sort:-a",
        "edu:b",
        "sex:",
        "lives_here:",
        "age:",
        "@",
        "@nmg",
        "=xg",
        "\"xg",
        "下岗)",
        "(xg",
        "hh(db",
        "agee:5 xg",
        "下岗 or",
        "下岗 |",
        "bais",
        "L",
    ];
    let lines = texts.iter().map(|text| {
        format!(
            "{text:14} {}\n{:14} {}",
            offered(text, Lang::Zh),
            "",
            offered(text, Lang::En)
        )
    });
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn those_without_anyone_come_last() {
    let count = |query: &Query| usize::from(!show(query, &LEXICON).contains("下岗"));
    let all = complete("x", 1, &LEXICON, Lang::Zh, &count);
    let first_empty = all.iter().position(|one| one.count == Some(0));
    let tail = &all[first_empty.expect("下岗 is offered")..];
    assert!(tail.iter().all(|one| one.count == Some(0)), "{all:?}");
    assert!(tail.len() < all.len());
}

#[test]
fn a_completion_in_the_middle_replaces_the_whole_word() {
    let all = complete("下职 张三", "下".len(), &LEXICON, Lang::Zh, &|_| 1);
    assert_eq!(all[0].span, 0.."下职".len());
}

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
            let text = jumin::model::address::Address {
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
            *place != Place::default()
                && (lone || jumin::model::address::Address::parse(&text.to_string()) == text)
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
    ];
    let lacks = vec![
        Lack::Phone,
        Lack::Category,
        Lack::Id,
        Lack::Relation,
        Lack::Birth,
        Lack::Address,
        Lack::Note,
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
        1 => dates().prop_map(Test::Since),
        1 => dates().prop_map(Test::Due),
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
