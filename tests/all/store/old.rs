//! Old journals stay readable. `first/` was written before visits were known: one commit for every
//! act of that time, the first seven each with a record of another table and a value of every kind.

use super::assert_clean;
use super::open;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::field::FieldNo;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use std::fs;
use std::ops::ControlFlow;
use uuid::Uuid;

/// The tables of that time, in order.
const TABLES: [Table; 7] = [
    Table::Person,
    Table::Household,
    Table::Dwelling,
    Table::Assertion,
    Table::Category,
    Table::View,
    Table::Setting,
];

fn subject(table: Table, id: u128) -> Subject {
    Subject {
        table,
        id: Uuid::from_u128(id),
    }
}

fn values() -> Vec<Value> {
    vec![
        Value::Text("张秀英".into()),
        Value::Code("2".into()),
        Value::Date(Date::new(1958, 4, 0).unwrap()),
        Value::Flag(true),
        Value::Number(-7),
        Value::IdNumber("339901199901101512".into()),
        Value::Phones(vec![Phone {
            number: "15412345678".into(),
            label: Some("家".into()),
        }]),
        Value::Link(Uuid::from_u128(2)),
        Value::Words(vec!["书法".into(), "合唱".into()]),
    ]
}

fn acts() -> Vec<Act> {
    vec![
        Act::Init,
        Act::Demo {
            residents: 1,
            seed: 2,
        },
        Act::Import {
            file: "台账.csv".into(),
            new: 1,
            updated: 0,
        },
        Act::Classify {
            what: "+E6".into(),
            people: 1,
        },
        Act::Edit,
        Act::Undo,
        Act::View,
        Act::Reveal {
            subject: subject(Table::Person, 1),
            field: FieldNo(5),
        },
        Act::Export {
            file: "名单.xlsx".into(),
            people: 1,
            purpose: None,
        },
        Act::Setting,
    ]
}

#[test]
fn a_journal_from_before_the_visits_says_what_it_said() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    fs::create_dir_all(dir.join("journal")).unwrap();
    fs::write(dir.join("id.toml"), include_bytes!("first/id.toml")).unwrap();
    fs::write(
        dir.join("journal/00000001.jnl"),
        include_bytes!("first/journal.jnl"),
    )
    .unwrap();
    let mut opened = open(&dir);
    for (number, table) in (1..).zip(TABLES) {
        let record = opened.book.record(subject(table, number)).unwrap();
        let known: Vec<Value> = record.iter().map(|(_, value)| value.owned()).collect();
        assert_eq!(known, values(), "{table:?}");
    }
    let mut told = Vec::new();
    opened
        .store
        .log(&mut |commit| {
            told.push(commit.act);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(told, acts());
    assert_clean(&opened.store.check());
}
