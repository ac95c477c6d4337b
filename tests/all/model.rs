//! The laws of the model: change and inverse, no panic on any text, masks that hide.

use jumin::model::Lang;
use jumin::model::address::Address;
use jumin::model::assertion;
use jumin::model::book::Book;
use jumin::model::book::Records;
use jumin::model::change;
use jumin::model::change::Change;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field::FieldNo;
use jumin::model::field::Masking;
use jumin::model::household;
use jumin::model::id_number;
use jumin::model::ids::AssertionId;
use jumin::model::ids::DwellingId;
use jumin::model::ids::HouseholdId;
use jumin::model::ids::PersonId;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::ids::VisitId;
use jumin::model::mask;
use jumin::model::person;
use jumin::model::retire::RetireKind;
use jumin::model::retire::retirement;
use jumin::model::role::Role;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::model::visit;
use proptest::collection::vec;
use proptest::prelude::ProptestConfig;
use proptest::prelude::Strategy;
use proptest::prelude::any;
use proptest::prelude::prop_oneof;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use std::collections::BTreeMap;
use uuid::Uuid;

#[test]
fn retirement_follows_the_decision() {
    for (kind, birth, years, months, reached) in [
        (RetireKind::Man, "1965-01", 60, 1, "2025-02"),
        (RetireKind::Man, "1976-09", 63, 0, "2039-09"),
        (RetireKind::Woman55, "1971-04", 55, 4, "2026-08"),
        (RetireKind::Woman50, "1984-11", 55, 0, "2039-11"),
        (RetireKind::Man, "1964-12-31", 60, 0, "2024-12"),
        (RetireKind::Woman50, "1974-12", 50, 0, "2024-12"),
        (RetireKind::Man, "1990", 63, 0, "2053-01"),
    ] {
        let got = retirement(kind, Date::parse(birth).unwrap());
        assert_eq!((got.years, got.months), (years, months), "{birth}");
        assert_eq!(got.reached.to_string(), reached, "{birth}");
    }
}

#[test]
fn masks_follow_the_table() {
    for (masking, text, want) in [
        (
            Masking::IdNumber,
            "110101194912310011",
            "110101********0011",
        ),
        (Masking::IdNumber, "110101491231002", "110101******002"),
        (Masking::IdNumber, "E12345678", "E*****678"),
        (Masking::IdNumber, "1234", "****"),
        (
            Masking::IdNumber,
            "１１０１０１194912310011",
            "******************",
        ),
        (Masking::Phone, "13812345678", "138****5678"),
        (Masking::Phone, "138 1234 5678", "138 **** 5678"),
        (Masking::Phone, "0571-88881234", "0571-******34"),
        (Masking::Phone, "01088881234", "010******34"),
        (Masking::Phone, "12345", "*****"),
        (
            Masking::Phone,
            "李梅(女儿)13812345678",
            "李梅(女儿)138****5678",
        ),
        (Masking::Address, "翠湖小区3栋2单元501", "翠湖小区**幢**室"),
        (Masking::Address, "翠湖小区**幢**室", "翠湖小区**幢**室"),
        (Masking::Address, "3-2-501", "*-*-***"),
        (Masking::Address, "某省某县某村四组", "********"),
        (Masking::Address, "", ""),
        (Masking::Sensitive, "精神二级", "***"),
        (Masking::Sensitive, "", ""),
        (Masking::Open, "110101194912310011", "110101194912310011"),
    ] {
        assert_eq!(mask::text(masking, text), want, "{text}");
    }
}

#[test]
fn names_are_cut_for_a_notice_board() {
    for (name, want) in [
        ("张伟", "张*"),
        ("张小伟", "张*伟"),
        ("欧阳娜娜", "欧**娜"),
        ("买买提·吐尔逊", "买*****逊"),
        ("张", "张"),
        ("", ""),
    ] {
        assert_eq!(mask::name(name), want);
    }
}

#[test]
fn a_masked_field_shows_every_phone_masked() {
    let phone = |number: &str, label: Option<&str>| Phone {
        number: number.into(),
        label: label.map(str::to_owned),
    };
    let value = Value::Phones(vec![
        phone("16412345678", Some("子")),
        phone("0571-88881234", None),
    ]);
    let field = jumin::model::field::of(Table::Person, person::PHONES).unwrap();
    assert_eq!(
        Role::Manage.eyes().show(field, &value, Lang::Zh),
        "164****5678(子)/0571-******34"
    );
}

/// Texts that look like what ledgers hold, and texts that look like nothing.
fn ledger_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９Xx* -]{0,24}",
        "[翠湖小区社街道市省弄号楼栋幢座单元门室层三十甲东(（)0-9A-Za-z#-]{0,16}",
        "[0-9]{1,4}[年./-][0-9]{1,3}[月./-]?[0-9]{0,3}日?",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mask_lets_the_hidden_part_through(text in ledger_text(), number in "[1-9][0-9]{17}",
        phone in "1[3-9][0-9]{9}", line in "0[1-9][0-9]{1,2}-[0-9]{7,8}") {
        let longest = |text: &str| {
            text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or(0)
        };
        let most = [
            (Masking::IdNumber, 6), (Masking::Phone, 4), (Masking::Address, 0), (Masking::Sensitive, 0),
        ];
        for (masking, most) in most {
            for text in [&text, &number, &phone, &line, &format!("{text}{number}"), &format!("{phone}{text}")] {
                let once = mask::text(masking, text);
                prop_assert!(longest(&once) <= most, "{masking:?} {text:?}: {once:?}");
                prop_assert_eq!(mask::text(masking, &once), once, "{:?} {:?}", masking, text);
            }
        }
        // By place: the part that is shown may say the same as the hidden one.
        for (masking, text, hidden) in [
            (Masking::IdNumber, &number, 6..14),
            (Masking::Phone, &phone, 3..7),
            (Masking::Phone, &line, 5..line.len() - 2),
        ] {
            let once = mask::text(masking, text);
            prop_assert!(once[hidden].chars().all(|c| c == '*'), "{once}");
        }
        let cut = mask::name(&text);
        prop_assert_eq!(mask::name(&cut), cut);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in ledger_text()) {
        id_number::read(&text);
        id_number::expand(&text);
        id_number::check_digit(&text);
        if let Some(folded) = id_number::fold(&text) {
            prop_assert_eq!(id_number::fold(&folded), Some(folded.clone()));
            id_number::read(&folded);
        }
        if let Some(date) = Date::parse(&text) {
            prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
    }

    #[test]
    fn an_address_shown_is_the_same_address(text in ledger_text()) {
        let address = Address::parse(&text);
        prop_assert_eq!(Address::parse(&address.to_string()), address);
    }

    #[test]
    fn addresses_are_in_a_total_order(texts in vec(ledger_text(), 3)) {
        let all: Vec<Address> = texts.iter().map(|text| Address::parse(text)).collect();
        let (a, b, c) = (&all[0], &all[1], &all[2]);
        prop_assert_eq!(a.order(b), b.order(a).reverse());
        if a.order(b).is_le() && b.order(c).is_le() {
            prop_assert!(a.order(c).is_le());
        }
    }

    #[test]
    fn a_mask_hides_and_hides_once(text in ledger_text()) {
        for (masking, most) in [
            (Masking::IdNumber, 10),
            (Masking::Phone, 7),
            (Masking::Sensitive, 0),
        ] {
            let masked = mask::text(masking, &text);
            prop_assert_eq!(mask::text(masking, &masked), masked.clone());
            let runs = masked.split(|c: char| !c.is_numeric() && !"*- ".contains(c));
            for run in runs {
                let shown = run.chars().filter(|c| c.is_numeric()).count();
                prop_assert!(shown <= most, "{text} shows {masked}");
            }
        }
    }

    #[test]
    fn a_number_hides_its_middle(head in "[0-9]{6}", middle in "[0-9]{8}", tail in "[0-9]{3}[0-9X]") {
        let masked = mask::text(Masking::IdNumber, &format!("{head}{middle}{tail}"));
        prop_assert_eq!(masked, format!("{head}********{tail}"));
    }

    #[test]
    fn inverse_takes_a_change_back(first in vec(edit(), 0..40), second in vec(edit(), 0..40)) {
        let mut book = Book::default();
        let start = draft(&book, &first);
        play(&mut book, &start);
        let before = picture(&book);
        let changes = draft(&book, &second);
        prop_assert!(book.check(&changes).is_ok());
        play(&mut book, &changes);
        prop_assert_eq!(relations(&book), relations(&rebuilt(&book)));
        let back = change::inverse(&changes);
        prop_assert!(book.check(&back).is_ok());
        play(&mut book, &back);
        prop_assert_eq!(relations(&book), relations(&rebuilt(&book)));
        prop_assert_eq!(picture(&book), before);
    }

    #[test]
    fn changes_at_once_are_changes_one_by_one(edits in vec(edit(), 0..60)) {
        let (mut one, mut all) = (Book::default(), Book::default());
        let changes = draft(&one, &edits);
        play(&mut one, &changes);
        all.apply_all(&changes);
        prop_assert_eq!(picture(&all), picture(&one));
        prop_assert_eq!(relations(&all), relations(&one));
    }
}

// Each of these makes thousands of records: few cases are enough, and more take minutes.
proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(12)
    })]

    /// In whatever order ids come, many or few, each record is found and all are in order.
    #[test]
    fn records_are_in_order(ids in vec(0_u128..6_000, 0..5_000), gone in vec(0_u128..6_000, 0..50)) {
        let at = |id| PersonId(Uuid::from_u128(id)).subject();
        let (mut records, mut map) = (Records::default(), BTreeMap::new());
        for (number, id) in ids.iter().enumerate() {
            let name = Value::Text(format!("名{number}"));
            records.entry(at(*id)).set(person::NAME, Some(&name));
            map.insert(at(*id), name);
        }
        for id in &gone {
            records.entry(at(*id)).set(person::NAME, None);
            map.remove(&at(*id));
        }
        let all = records.iter().map(|(subject, record)| (subject, record.get(person::NAME)));
        prop_assert!(all.eq(map.iter().map(|(subject, name)| (*subject, Some(name.clone())))));
        for id in 0..6_000 {
            let found = records.get(at(id)).and_then(|record| record.get(person::NAME));
            prop_assert_eq!(found.as_ref(), map.get(&at(id)));
        }
    }

    /// An import's worth of changes is related as so many single ones.
    #[test]
    fn many_changes_at_once_are_related(homes in vec(0_u128..40, 1_200..1_400)) {
        let book = Book::default();
        let mut draft = Draft::new(&book);
        for (number, home) in (1..).zip(&homes) {
            let link = Value::Link(Uuid::from_u128(*home));
            draft.set(PersonId(Uuid::from_u128(number)).subject(), person::HOUSEHOLD, Some(link));
        }
        let changes = draft.finish();
        let (mut one, mut all) = (Book::default(), Book::default());
        play(&mut one, &changes);
        all.apply_all(&changes);
        prop_assert_eq!(relations(&all), relations(&one));
        prop_assert_eq!(all.population(), homes.len());
    }
}

/// A field of one of a few records set or cleared.
fn edit() -> impl Strategy<Value = (Subject, FieldNo, Option<Value>)> {
    let at = |table, id| Subject {
        table,
        id: Uuid::from_u128(id),
    };
    let few = || (1_u128..4, proptest::option::of(1_u128..4));
    let link = |id: Option<u128>| id.map(|id| Value::Link(Uuid::from_u128(id)));
    let name = |id: Option<u128>| id.map(|id| Value::Text(format!("名{id}")));
    prop_oneof![
        few().prop_map(move |(id, to)| (at(Table::Person, id), person::HOUSEHOLD, link(to))),
        few().prop_map(move |(id, to)| (at(Table::Person, id), person::NAME, name(to))),
        few().prop_map(move |(id, to)| (at(Table::Person, id), person::MERGED, link(to))),
        few().prop_map(move |(id, to)| (at(Table::Household, id), household::DWELLING, link(to))),
        few().prop_map(move |(id, to)| (at(Table::Household, id), household::NUMBER, name(to))),
        few().prop_map(move |(id, to)| (at(Table::Dwelling, id), household::ROOM, name(to))),
        few().prop_map(move |(id, to)| (at(Table::Assertion, id), assertion::PERSON, link(to))),
        few().prop_map(move |(id, to)| (at(Table::Assertion, id), assertion::NOTE, name(to))),
        few().prop_map(move |(id, to)| (at(Table::Visit, id), visit::PERSON, link(to))),
        few().prop_map(move |(id, to)| (at(Table::Visit, id), visit::NOTE, name(to))),
    ]
}

fn draft(book: &Book, edits: &[(Subject, FieldNo, Option<Value>)]) -> Vec<Change> {
    let mut draft = Draft::new(book);
    for (subject, field, value) in edits {
        draft.set(*subject, *field, value.clone());
    }
    draft.finish()
}

fn play(book: &mut Book, changes: &[Change]) {
    for change in changes {
        book.apply(change);
    }
}

fn rebuilt(book: &Book) -> Book {
    let mut records = Records::default();
    for (subject, record) in book.records() {
        *records.entry(subject) = record.clone();
    }
    Book::of(records)
}

fn picture(book: &Book) -> Vec<String> {
    let mut all: Vec<String> = book
        .records()
        .map(|(subject, record)| format!("{subject:?} {record:?}"))
        .collect();
    all.sort();
    all
}

/// Every relation that the book keeps, as it answers them.
fn relations(book: &Book) -> Vec<String> {
    let people: Vec<PersonId> = book.people().map(|person| person.id).collect();
    assert_eq!(book.population(), people.len());
    let mut all = vec![format!("{people:?}")];
    for id in (1..4).map(Uuid::from_u128) {
        let about: Vec<AssertionId> = book.assertions(PersonId(id)).map(|one| one.id).collect();
        let visits: Vec<VisitId> = book.visits(PersonId(id)).map(|one| one.id).collect();
        all.push(format!(
            "{:?} {:?} {:?} {about:?} {visits:?}",
            book.aliases(PersonId(id)),
            book.members(HouseholdId(id)),
            book.occupants(DwellingId(id)),
        ));
    }
    all
}
