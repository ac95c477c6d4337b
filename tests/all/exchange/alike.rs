//! Records that are alike go from one register to another as they are.

use crate::exchange::Desk;
use crate::exchange::list;
use jumin::exchange::Format;
use jumin::model::book::Book;
use jumin::model::draft::Draft;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::removal::NOBODY;
use jumin::model::value::Value;
use uuid::Uuid;

/// The people of a book with all that is known of them.
fn people(book: &Book) -> Vec<String> {
    let lines = book
        .people()
        .map(|one| format!("{:?} {:?}", one.id, one.record));
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

#[test]
fn namesakes_one_number_twice_and_those_without_a_name_stay_apart() {
    let mut desk = Desk::new();
    let mut draft = Draft::new(&desk.book);
    let number = "11010519491231002X";
    for (id, name, number) in [
        (1, "张三", None),
        (2, "张三", None),
        (3, NOBODY, None),
        (4, NOBODY, None),
        (5, "李四", Some(number)),
        (6, "李四", Some(number)),
        (7, "王五", Some(number)),
    ] {
        let who = PersonId(Uuid::from_u128(id)).subject();
        draft.set(who, person::NAME, Some(Value::Text(name.to_owned())));
        let number = number.map(|number: &str| Value::IdNumber(number.to_owned()));
        draft.set(who, person::ID_NO, number);
    }
    let changes = draft.finish();
    changes.iter().for_each(|change| desk.book.apply(change));
    let mut other = Desk::new();
    let path = other.file("out.jsonl", list(&desk.book, true, Format::Json));
    let plan = other.import(&path);
    assert_eq!(plan.counts().new, 7, "{:?}", plan.rows);
    assert_eq!(people(&other.book), people(&desk.book));
    assert_eq!(other.plan(&path).unwrap().changes, []);
    // Where somebody is on the rolls already who may be meant, that is asked as ever.
    let mut third = Desk::new();
    third.text("a.csv", "姓名,性别\n张三,男\n");
    let path = third.file("out.jsonl", list(&desk.book, true, Format::Json));
    let plan = third.plan(&path).unwrap();
    assert_eq!(plan.counts().new, 5, "{:?}", plan.rows);
}
