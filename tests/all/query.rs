//! The filter language: what texts mean, what is wrong with them, and what could be typed next.

mod laws;

use crate::seeds::planted;
use insta::assert_snapshot;
use jumin::model::Lang;
use jumin::query::Query;
use jumin::query::complete::Completion;
use jumin::query::complete::complete;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::chips;
use jumin::query::parse::parse;
use jumin::query::show::chip;
use jumin::query::show::show;
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
        "due:<+7d",
        "due:..本月",
        "seen:>90d",
        "seen:<=90天",
        "seen:..90d",
        "上次见面：90d..30d",
        "seen:2026-05",
        "seen:>today",
        "seen:never",
        "seen:any",
        "verified:从未",
        "核实：..6个月",
        "by:王芳,李强",
        "is:stale",
        "has:visit",
        "no:走访",
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
        "seen:90",
        "seen:90 ",
        "seen:3x ",
        "seen:30d..90d",
        "due:>month",
        "seen:tod",
        "is:stael",
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
        ("年龄：5l。。60", "年龄：51。。60"),
        ("下岗 age:50-60", "下岗 age:50..60"),
        ("age:60以上", "age:60.."),
        ("agee:50", "age:50"),
        ("年玲：50", "年龄：50"),
        ("edu:本课", "edu:本科"),
        ("cat:下港 张三", "cat:下岗 张三"),
        ("is:heda 张三", "is:head 张三"),
        ("sort:-agee", "sort:-age"),
        ("seen:30d..90d", "seen:90d..30d"),
        ("seen:90 张三", "seen:90d 张三"),
    ] {
        let Err(fault) = parse(text, &LEXICON) else {
            panic!("{text} parses")
        };
        let meant = fault.suggestion.expect(text);
        let mut mended = text.to_owned();
        mended.replace_range(fault.span, &meant);
        assert_eq!(mended, want);
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
        "seen:>90d due:..+7d verified:never by:王芳 seen:本月 is:stale since:2024..",
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
        "seen:",
        "due:",
        "seen:ne",
        "verified:..3",
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
