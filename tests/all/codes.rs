//! The code tables: complete, unambiguous, and read as ledgers write them.

use jumin::model::Lang;
use jumin::model::codes;
use jumin::model::field::FIELDS;
use jumin::model::field::Kind;
use std::collections::HashSet;
use std::fs;
use std::path::Path;

#[test]
fn every_code_field_has_its_table() {
    for field in FIELDS {
        let Kind::Code(table) = field.kind else {
            continue;
        };
        let codes = codes::table(table);
        assert!(codes.len() > 1, "{table} is empty");
        let mut seen = HashSet::new();
        for one in codes {
            assert!(seen.insert(one.code), "{table} {} stands twice", one.code);
            assert!(
                !one.zh.is_empty() && !one.en.is_empty(),
                "{table} {}",
                one.code
            );
            assert_eq!(
                codes::find(table, one.code),
                Some(one.code),
                "{table} {}",
                one.code
            );
            assert_eq!(codes::name(table, one.code, Lang::Zh), Some(one.zh));
        }
    }
}

#[test]
fn no_spelling_means_two_codes() {
    for field in FIELDS {
        let Kind::Code(table) = field.kind else {
            continue;
        };
        // Places share names; for them a shared name is no alias at all.
        if table == "division" {
            continue;
        }
        for one in codes::table(table) {
            for spelling in one.aliases.split(' ').chain([one.zh, one.en]) {
                let found = codes::find(table, spelling);
                assert!(
                    spelling.is_empty() || found == Some(one.code),
                    "{table} {} {spelling}: {found:?}",
                    one.code
                );
            }
        }
    }
}

#[test]
fn codes_are_found_as_ledgers_write_them() {
    for (table, text, want) in [
        ("sex", "男", Some("1")),
        ("sex", " Female ", Some("2")),
        ("ethnic", "汉", Some("01")),
        ("ethnic", "1", Some("01")),
        ("ethnic", "维吾尔族", Some("05")),
        ("politics", "党员", Some("01")),
        ("politics", "１", Some("01")),
        ("education", "大专", Some("30")),
        ("education", "技校", Some("47")),
        ("education", "半文盲", Some("91")),
        ("relation", "1", Some("10")),
        ("relation", "儿子", Some("20")),
        ("relation", "之岳父", None),
        ("hukou-kind", "农业户口", Some("2")),
        ("hukou-kind", "居民户口（原农业）", Some("4")),
        ("employment", "退休人员", Some("81")),
        ("life", "去世", Some("3")),
        ("sex", "", None),
        ("nowhere", "1", None),
    ] {
        assert_eq!(codes::find(table, text), want, "{table} {text}");
    }
}

#[test]
fn divisions_are_named_whole_also_after_their_end() {
    for (code, want) in [
        ("330106", Some("浙江省杭州市西湖区")),
        ("330104", Some("浙江省杭州市江干区")),
        ("110103", Some("北京市崇文区")),
        ("132121", Some("河北省邯郸地区大名县")),
        ("429004", Some("湖北省仙桃市")),
        ("440300", Some("广东省深圳市")),
        ("710000", Some("台湾省")),
        ("830000", Some("台湾省")),
        ("810000", Some("香港特别行政区")),
        ("000000", None),
        ("3301", None),
    ] {
        assert_eq!(codes::division(code).as_deref(), want, "{code}");
    }
    let known = codes::table("division").len();
    assert!(known > 7_000, "{known}");
}

#[test]
fn places_are_found_as_ledgers_write_them() {
    for (text, want) in [
        ("浙江省杭州市西湖区", Some("330106")),
        ("浙江杭州西湖区", Some("330106")),
        ("浙江杭州", Some("330100")),
        ("浙江省", Some("330000")),
        ("浙江", Some("330000")),
        ("内蒙古", Some("150000")),
        ("杭州", Some("330100")),
        ("杭州市", Some("330100")),
        ("台湾", Some("710000")),
        // Two provinces have a 西湖区.
        ("西湖区", None),
    ] {
        assert_eq!(codes::find("division", text), want, "{text}");
    }
}

#[test]
fn every_file_names_its_standard() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/codes");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let named = ["# GB/T ", "# GA/T ", "# Local "];
        assert!(named.iter().any(|name| text.starts_with(name)), "{path:?}");
        files += 1;
    }
    let tables = FIELDS.iter().filter_map(|field| {
        if let Kind::Code(table) = field.kind {
            Some(table)
        } else {
            None
        }
    });
    assert_eq!(files, tables.collect::<HashSet<_>>().len());
}

#[test]
fn every_employment_maps_to_the_standard() {
    let standard = [
        "11", "13", "17", "21", "24", "27", "31", "37", "51", "54", "70", "80", "90",
    ];
    let text = include_str!("../../data/codes/employment.csv");
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(2)
        .map(|row| row.split(',').collect())
        .collect();
    for row in &rows {
        let [code, _, _, _, mapped] = row.as_slice() else {
            panic!("{row:?}");
        };
        assert!(standard.contains(mapped), "{code} maps to {mapped}");
        assert!(
            !standard.contains(code) || code == mapped,
            "{code} maps to {mapped}"
        );
    }
    assert_eq!(rows.len(), codes::table("employment").len());
}
