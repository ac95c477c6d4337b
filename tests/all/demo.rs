//! The made-up community: the same every time, right in its proportions, and nobody real.

use jumin::demo::Community;
use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::index::Index;
use jumin::model::Lang;
use jumin::model::book::Book;
use jumin::model::category;
use jumin::model::change::Change;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::household;
use jumin::model::id_number;
use jumin::model::id_number::Check;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::person::Person;
use jumin::model::seed;
use jumin::model::value::Value;
use jumin::model::value::ValueRef;
use jumin::query::parse::parse;
use std::collections::BTreeSet;
use std::collections::HashSet;

const TODAY: &str = "2026-11-23";

fn planted() -> Book {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    seed::plant(&mut draft).unwrap();
    for change in draft.finish() {
        book.apply(&change);
    }
    book
}

fn changes(residents: usize, seed: u64, book: &Book) -> Vec<Change> {
    let mut mint = Mint::new(1_700_000_000_000, 5);
    let today = Date::parse(TODAY).unwrap();
    community(Recipe { residents, seed }, book, today, &mut mint)
}

fn book(residents: usize) -> Book {
    let mut book = planted();
    let changes = changes(residents, 7, &book);
    book.check(&changes).unwrap();
    for change in &changes {
        book.apply(change);
    }
    book
}

#[test]
fn the_same_recipe_makes_the_same_community() {
    let book = planted();
    assert_eq!(changes(200, 1, &book), changes(200, 1, &book));
    assert_ne!(changes(200, 1, &book), changes(200, 2, &book));
}

#[test]
fn a_community_made_in_parts_is_the_same_one() {
    let book = planted();
    let recipe = Recipe {
        residents: 500,
        seed: 1,
    };
    let whole = changes(recipe.residents, recipe.seed, &book);
    let today = Date::parse(TODAY).unwrap();
    let mut mint = Mint::new(1_700_000_000_000, 5);
    let mut community = Community::new(recipe, today);
    let mut parts = vec![];
    let mut ends = vec![];
    while let Some(part) = community.next(120, &book, &mut mint) {
        parts.push(part);
        ends.push(community.made());
    }
    assert!(parts.len() > 3, "it was made in {} parts", parts.len());
    assert_eq!(parts.concat(), whole);

    // It goes on where it was cut off, and only there.
    let mut resumed = Community::resume(recipe, today, ends[1], 120).unwrap();
    let mut other_mint = Mint::new(1_800_000_000_000, 6);
    let third = resumed.next(120, &book, &mut other_mint).unwrap();
    let told = |changes: &[Change]| -> Vec<Option<Value>> {
        let ids = |value: &Value| matches!(value, Value::Link(_));
        let said = changes.iter().map(|change| change.new.clone());
        said.filter(|new| !new.as_ref().is_some_and(ids)).collect()
    };
    assert_eq!(told(&third), told(&parts[2]));
    assert!(Community::resume(recipe, today, ends[1] - 1, 120).is_none());
}

#[test]
fn a_community_has_as_many_residents_as_asked() {
    for residents in [0, 1, 37, 1_000] {
        assert_eq!(book(residents).population(), residents);
    }
}

#[test]
fn no_identity_number_can_belong_to_anybody() {
    let book = book(3_000);
    let mut seen = HashSet::new();
    let mut spoiled = 0;
    for person in book.people() {
        let Some(number) = person.id_no() else {
            continue;
        };
        assert!(seen.insert(number.to_owned()), "{number} twice");
        let reading = id_number::read(number);
        assert!(!reading.region_known, "{number}");
        match reading.check {
            Check::Good => {
                assert_eq!(reading.birth, person.birth(), "{number}");
                assert_eq!(reading.sex, person.sex(), "{number}");
                assert!(!person.record.has(person::ID_NOTE));
            }
            Check::NoCheck => assert!(number.starts_with("XZ9"), "{number}"),
            Check::Bad(_) => {
                assert!(person.record.has(person::ID_NOTE), "{number}");
                spoiled += 1;
            }
        }
    }
    assert!((2..40).contains(&spoiled), "{spoiled}");
    for phone in book.people().flat_map(|one| one.phones().iter()) {
        let unallocated = ["160", "161", "163", "164", "168", "169", "0500-"];
        let free = unallocated
            .iter()
            .any(|head| phone.number.starts_with(head));
        assert!(free, "{phone}");
    }
}

#[test]
fn every_code_and_category_exists() {
    let book = book(3_000);
    let known: HashSet<_> = book
        .categories()
        .iter()
        .map(category::Category::code)
        .collect();
    for (subject, record) in book.records() {
        for (number, value) in record.iter() {
            let field = field::of(subject.table, number).unwrap();
            if let (field::Kind::Code(table), ValueRef::Code(code)) = (field.kind, value) {
                let name = codes::name(table, code, Lang::Zh)
                    .map(str::to_owned)
                    .or_else(|| codes::division(code));
                assert!(name.is_some(), "{} {code}", field.key);
            }
        }
    }
    for person in book.people() {
        for one in book.assertions(person.id) {
            let code = one.category().unwrap();
            assert!(known.contains(&code), "{code}");
            if let (Some(from), Some(to)) = (one.from(), one.to()) {
                assert!(from <= to);
            }
        }
    }
}

#[test]
fn the_proportions_are_those_of_a_community() {
    let book = book(3_000);
    let today = Date::parse(TODAY).unwrap();
    let share = |fits: &dyn Fn(Person<'_>) -> bool| {
        let count = book.people().filter(|one| fits(*one)).count();
        1_000 * count / book.population()
    };
    let age = |one: Person<'_>| one.age(today).unwrap();
    let near = |what: &str, low: usize, high: usize, got: usize| {
        assert!((low..=high).contains(&got), "{what}: {got} in a thousand");
    };
    near("children", 100, 180, share(&|one| age(one) < 15));
    near("elders", 160, 260, share(&|one| age(one) >= 60));
    near("men", 450, 550, share(&|one| one.sex() == Some("1")));
    near(
        "migrants",
        100,
        300,
        share(&|one| one.record.date(person::ARRIVED).is_some()),
    );
    near(
        "no phone",
        120,
        260,
        share(&|one| one.phones().iter().next().is_none()),
    );
    near(
        "party",
        60,
        160,
        share(&|one| matches!(one.record.text(person::POLITICS), Some("01" | "02"))),
    );
    near(
        "unsorted",
        280,
        380,
        share(&|one| is_unsorted(&book, one, age(one))),
    );
    near(
        "drafts",
        1,
        15,
        share(&|one| one.record.flag(person::DRAFT) == Some(true)),
    );
    near(
        "disabled",
        5,
        40,
        share(&|one| one.record.has(person::DISABILITY_NO)),
    );
}

/// Nobody has said what an adult lives by, and the facts do not say it either.
fn is_unsorted(book: &Book, one: Person<'_>, age: i32) -> bool {
    let said = book
        .assertions(one.id)
        .any(|one| one.to().is_none() && one.category().unwrap().0.starts_with('E'));
    let record = one.record;
    let told = matches!(
        record.text(person::EMPLOYMENT),
        Some("31" | "32" | "37" | "54" | "27" | "70" | "72" | "75")
    ) || matches!(record.text(person::UNIT_TYPE), Some("220" | "230"));
    age >= 16 && !said && !told
}

#[test]
fn rules_have_something_to_find() {
    let book = book(3_000);
    let today = Date::parse(TODAY).unwrap();
    let homes: Vec<Vec<Person<'_>>> = book
        .households()
        .map(|home| book.members(home.id))
        .map(|ids| ids.iter().filter_map(|id| book.person(*id)).collect())
        .collect();
    let age = |one: &Person<'_>| one.age(today).unwrap();
    let count =
        |fits: &dyn Fn(&Vec<Person<'_>>) -> bool| homes.iter().filter(|all| fits(all)).count();
    assert!(count(&|all| all.len() == 1 && age(&all[0]) >= 60) > 30);
    assert!(count(&|all| all.len() == 2 && all.iter().all(|one| age(one) >= 60)) > 50);
    let jobless = |one: &Person<'_>| {
        matches!(
            one.record.text(person::EMPLOYMENT),
            Some("70" | "71" | "72" | "73" | "31")
        )
    };
    assert!(count(&|all| all.iter().all(jobless)) > 5);
    assert!(
        book.households()
            .all(|home| home.head().is_some() && home.dwelling().is_some())
    );
    let addresses: Vec<String> = book
        .dwellings()
        .map(|one| one.address().to_string())
        .collect();
    let distinct: BTreeSet<&String> = addresses.iter().collect();
    assert_eq!(distinct.len(), addresses.len());
    let uses: BTreeSet<_> = book
        .dwellings()
        .filter_map(|one| one.record.text(household::USE))
        .collect();
    assert!(
        uses.is_superset(&BTreeSet::from(["1", "2", "3", "5"])),
        "{uses:?}"
    );
    let said: BTreeSet<String> = book
        .people()
        .flat_map(|one| book.assertions(one.id))
        .map(|one| one.category().unwrap().0)
        .collect();
    for code in [
        "E1", "E3", "E5", "E6", "E7", "E13", "E15", "W1", "M1", "V1", "L11", "L12", "X2",
    ] {
        assert!(said.contains(code), "{code}");
    }
}

#[test]
fn names_are_as_various_as_people() {
    let book = book(20_000);
    let names: Vec<&str> = book.people().map(Person::name).collect();
    let any = |fits: &dyn Fn(&str) -> bool| names.iter().any(|name| fits(name));
    for odd in [
        "单", "仇", "解", "曾", "查", "区", "朴", "盖", "尉迟", "万俟",
    ] {
        assert!(any(&|name| name.starts_with(odd)), "{odd}");
    }
    assert!(any(&|name| name.contains('·')));
    assert!(any(&|name| name.chars().any(|c| u32::from(c) > 0xffff)));
    assert!(any(&|name| name.chars().count() == 2));
    assert!(any(&|name| name.chars().count() >= 9));
    assert!(
        names
            .iter()
            .all(|name| (2..=12).contains(&name.chars().count()))
    );
    let distinct: HashSet<_> = names.iter().collect();
    assert!(distinct.len() > 12_000, "{}", distinct.len());
}

#[test]
fn the_doors_were_knocked_at_and_some_are_due() {
    let book = book(3_000);
    let today = Date::parse(TODAY).unwrap();
    let logged: usize = book.people().map(|one| book.visits(one.id).count()).sum();
    assert!((600..2_400).contains(&logged), "{logged}");
    for one in book.people() {
        for visit in book.visits(one.id) {
            assert!(one.is_present() && !visit.worker().is_empty());
            assert!(visit.date().is_some_and(|date| date <= today));
        }
    }
    let index = Index::build(book, today);
    let count = |text: &str| {
        let query = parse(text, index.lexicon()).unwrap();
        index.ask(&query).total()
    };
    let called = count("cat:T1,T2,T3");
    for (text, low, high) in [
        ("cat:T1,T2,T3 due:..month", called / 5, called * 9 / 10),
        ("cat:T1,T2,T3 is:stale", called / 5, called * 9 / 10),
        ("seen:30d..", 100, 900),
        ("verified:6m..", 100, 900),
        ("no:visit", 1_200, 2_600),
        ("by:周敏", 300, 1_500),
    ] {
        let found = count(text);
        assert!((low..=high).contains(&found), "{text}: {found} of {called}");
    }
}
