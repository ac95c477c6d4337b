//! Identity numbers of every kind, by the vectors of the standards.

use jumin::model::id_number::Check;
use jumin::model::id_number::Fault;
use jumin::model::id_number::Kind;
use jumin::model::id_number::check_digit;
use jumin::model::id_number::expand;
use jumin::model::id_number::fold;
use jumin::model::id_number::read;

#[test]
#[expect(clippy::too_many_lines, reason = "one table of vectors")]
fn numbers_of_every_kind_are_read() {
    for (number, kind, check, birth, sex) in [
        (
            "11010519491231002X",
            Kind::Citizen,
            Check::Good,
            "1949-12-31",
            "2",
        ),
        (
            "440524188001010014",
            Kind::Citizen,
            Check::Good,
            "1880-01-01",
            "1",
        ),
        (
            "440308199901101512",
            Kind::Citizen,
            Check::Good,
            "1999-01-10",
            "1",
        ),
        (
            "610104620927690",
            Kind::Citizen15,
            Check::NoCheck,
            "1962-09-27",
            "2",
        ),
        (
            "810000199408230021",
            Kind::Residence,
            Check::Good,
            "1994-08-23",
            "2",
        ),
        (
            "830000199201300022",
            Kind::Residence,
            Check::Good,
            "1992-01-30",
            "2",
        ),
        (
            "110105194912310021",
            Kind::Citizen,
            Check::Bad(Fault::CheckDigit('X')),
            "1949-12-31",
            "2",
        ),
        (
            "110105194913310020",
            Kind::Citizen,
            Check::Bad(Fault::Birth),
            "-",
            "2",
        ),
        (
            "610104621327690",
            Kind::Citizen15,
            Check::Bad(Fault::Birth),
            "-",
            "2",
        ),
        ("H12345678", Kind::HongKongMacao, Check::NoCheck, "-", "-"),
        ("M1234567801", Kind::HongKongMacao, Check::NoCheck, "-", "-"),
        ("12345678", Kind::Taiwan, Check::NoCheck, "-", "-"),
        ("1234567890B", Kind::Taiwan, Check::NoCheck, "-", "-"),
        ("E12345678", Kind::Passport, Check::NoCheck, "-", "-"),
        (
            "3301**********1234",
            Kind::Masked,
            Check::Bad(Fault::Masked),
            "-",
            "1",
        ),
        (
            "1101051949123100",
            Kind::Unknown,
            Check::Bad(Fault::Length(16)),
            "-",
            "-",
        ),
        (
            "11010519491231002Y",
            Kind::Unknown,
            Check::Bad(Fault::Characters),
            "-",
            "-",
        ),
        (
            "6.22E+17",
            Kind::Unknown,
            Check::Bad(Fault::Characters),
            "-",
            "-",
        ),
        (
            "张三",
            Kind::Unknown,
            Check::Bad(Fault::Characters),
            "-",
            "-",
        ),
    ] {
        let reading = read(number);
        assert_eq!(reading.kind, kind, "{number}");
        assert_eq!(reading.check, check, "{number}");
        let seen = reading.birth.map_or("-".into(), |date| date.to_string());
        assert_eq!(
            (seen.as_str(), reading.sex.unwrap_or("-")),
            (birth, sex),
            "{number}"
        );
    }
}

#[test]
fn foreign_residents_have_two_cards() {
    let check = check_digit("93115619850615001").unwrap();
    let new = read(&format!("93115619850615001{check}"));
    assert_eq!((new.kind, new.check), (Kind::Foreigner, Check::Good));
    assert_eq!(new.region.as_deref(), Some("310000"));
    assert_eq!(new.birth.unwrap().to_string(), "1985-06-15");
    // The specimen layout: letters count from 10, weights 7-3-1 over the first fourteen.
    let old = read("CAN110370010115");
    assert_eq!(old.kind, Kind::Foreigner15);
    assert_eq!(old.region.as_deref(), Some("110300"));
    assert_eq!(old.birth.unwrap().to_string(), "1970-01-01");
}

#[test]
fn old_numbers_grow_to_eighteen_digits() {
    assert_eq!(
        expand("610104620927690").as_deref(),
        Some("610104196209276908")
    );
    assert_eq!(expand("610104921301690"), None);
    assert_eq!(expand("6101046209276"), None);
    assert!(expand("110105050101997").unwrap().starts_with("1101051805"));
}

#[test]
fn typing_is_folded() {
    for (text, want) in [
        (" 11010519491231002x", Some("11010519491231002X")),
        (
            "１１０１０５１９４９１２３１００２Ｘ",
            Some("11010519491231002X"),
        ),
        ("'110105 19491231 002Х", Some("11010519491231002X")),
        ("11O1O519491231002×", Some("11010519491231002X")),
        ("h12345678", Some("H12345678")),
        ("OE1234567", Some("OE1234567")),
        ("3301＊＊＊＊＊＊＊＊＊＊1234", Some("3301**********1234")),
        ("", None),
        ("无", None),
        ("待补", None),
        ("-", None),
        ("000000000000000000", None),
        ("000000195603010000", None),
        ("111111", None),
    ] {
        assert_eq!(fold(text).as_deref(), want, "{text}");
    }
}

#[test]
fn regions_are_known_by_the_table() {
    for (number, known) in [
        ("11010519491231002X", true),
        ("830000199201300022", true),
        ("339901194912310021", false),
    ] {
        assert_eq!(read(number).region_known, known, "{number}");
    }
}
