//! The card: reveals are logged first, edits and endings are saved and undone.

use crate::rig::Rig;
use crate::rig::family;
use jumin::app::Effect;
use jumin::app::Msg;
use jumin::app::Screen;
use jumin::app::card::Card;
use jumin::app::key::Key;
use jumin::app::rows::Row;
use jumin::app::rows::rows;
use jumin::app::update;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::field;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Value;

fn card(rig: &Rig) -> &Card {
    match &rig.app.screens.active {
        Screen::Card(card) => card,
        _ => panic!("not on a card:\n{}", rig.screen()),
    }
}

fn row(rig: &Rig) -> Row {
    let card = card(rig);
    rows(rig.desk.index(), card.person, &card.history)[card.row].clone()
}

/// Walks down to the first row that is this.
fn walk(rig: &mut Rig, is_it: impl Fn(&Row) -> bool) {
    rig.keys("home");
    for _ in 0..200 {
        if is_it(&row(rig)) {
            return;
        }
        rig.keys("down");
    }
    panic!("no such row:\n{}", rig.screen());
}

fn to_field(rig: &mut Rig, key: &str) {
    let wanted = field::by_key(key).unwrap();
    walk(rig, |row| match row {
        Row::Fact(_, field) | Row::Blank(_, field) => *field == wanted,
        _ => false,
    });
}

fn to_category(rig: &mut Rig, code: &str) {
    walk(
        rig,
        |row| matches!(row, Row::Standing(one) if one.code.0 == code && one.until.is_none()),
    );
}

fn value(rig: &Rig, person: PersonId, number: field::FieldNo) -> Option<Value> {
    let book = rig.desk.index().book();
    book.person(person)?.record.get(number)
}

fn is_in(rig: &Rig, person: PersonId, code: &str) -> bool {
    rig.desk.index().is_in(person, &CategoryCode(code.into()))
}

/// On the card of 张秀英.
fn opened() -> (Rig, PersonId) {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zxy enter");
    let person = rig.person("张秀英");
    assert_eq!(card(&rig).person, person);
    (rig, person)
}

#[test]
fn a_masked_value_is_shown_only_after_the_look_was_logged() {
    let (mut rig, person) = opened();
    to_field(&mut rig, "id");
    let number = "440308199901101512";
    let now = crate::rig::moment(50);
    for key in ["space", "enter"] {
        let key = Key::parse(key).unwrap();
        let asked = update(&mut rig.app, rig.desk.index(), now, Msg::Key(key));
        let look = Act::Look {
            subject: person.subject(),
            field: Some(person::ID_NO),
            screen: "card".into(),
            reason: None,
        };
        assert!(
            matches!(asked.as_slice(), [Effect::Commit(act, changes)] if *act == look && changes.is_empty()),
            "{asked:?}"
        );
        assert!(!rig.screen().contains(number));
    }
    rig.keys("space");
    assert!(rig.screen().contains(number), "{}", rig.screen());
    let logged = card(&rig).history.first().unwrap();
    assert!(matches!(logged.act, Act::Look { field, .. } if field == Some(person::ID_NO)));
    rig.keys("enter");
    assert!(matches!(rig.app.screens.active, Screen::Prompt(_)));
}

#[test]
fn a_fact_is_edited_and_the_edit_undone() {
    let (mut rig, person) = opened();
    to_field(&mut rig, "employer");
    rig.keys("enter 蓝海电子 enter");
    let stands = |rig: &Rig| value(rig, person, person::EMPLOYER);
    assert_eq!(stands(&rig), Some(Value::Text("蓝海电子".into())));
    assert!(
        matches!(row(&rig), Row::Fact(_, field) if field.key == "employer"),
        "the cursor follows the field"
    );
    assert!(
        rig.screen().contains("工作单位 - > 蓝海电子"),
        "{}",
        rig.screen()
    );
    rig.keys("F8");
    assert_eq!(stands(&rig), None);
    assert!(rig.screen().contains("撤销：工作单位"), "{}", rig.screen());
}

#[test]
fn what_cannot_be_read_stays_in_the_field() {
    let (mut rig, person) = opened();
    let before = value(&rig, person, person::BIRTH);
    to_field(&mut rig, "birth");
    rig.keys("enter 32 enter");
    assert!(matches!(&rig.app.screens.active, Screen::Prompt(prompt) if prompt.fault.is_some()));
    assert_eq!(value(&rig, person, person::BIRTH), before);
}

#[test]
fn codes_and_flags_are_picked_and_unknown_is_a_choice() {
    let (mut rig, person) = opened();
    to_field(&mut rig, "marriage");
    rig.keys("enter 丧偶 enter");
    let code = jumin::model::codes::find("marriage", "丧偶").unwrap();
    assert_eq!(
        value(&rig, person, person::MARRIAGE),
        Some(Value::Code(code.into()))
    );
    to_field(&mut rig, "lives_here");
    rig.keys("enter 否 enter");
    assert_eq!(
        value(&rig, person, person::LIVES_HERE),
        Some(Value::Flag(false))
    );
    to_field(&mut rig, "lives_here");
    rig.keys("enter 清空 enter");
    assert_eq!(value(&rig, person, person::LIVES_HERE), None);
}

#[test]
fn an_identity_number_fills_birth_and_sex_where_they_are_unknown() {
    let mut rig = Rig::with(80, 24, Lang::Zh, |draft, mint| {
        family(
            draft,
            mint,
            ("", "1", "", "101"),
            &[("赵一", "1", "1990", "02", &[])],
        );
    });
    let person = rig.person("赵一");
    rig.keys("赵一 enter");
    for key in ["sex", "birth"] {
        to_field(&mut rig, key);
        if key == "sex" {
            rig.keys("enter 清空 enter");
        } else {
            rig.keys("enter backspace backspace backspace backspace enter");
        }
    }
    assert_eq!(value(&rig, person, person::SEX), None);
    assert_eq!(value(&rig, person, person::BIRTH), None);
    to_field(&mut rig, "id");
    rig.keys("enter 440308199901101512 enter");
    assert_eq!(
        value(&rig, person, person::SEX),
        Some(Value::Code("1".into()))
    );
    assert_eq!(
        value(&rig, person, person::BIRTH).unwrap().plain(),
        "1999-01-10"
    );
    rig.keys("F8");
    assert_eq!(value(&rig, person, person::ID_NO), None);
    assert_eq!(value(&rig, person, person::BIRTH), None);
}

#[test]
fn a_suggestion_is_confirmed_and_an_assertion_ended_behind_a_preview() {
    let (mut rig, person) = opened();
    to_category(&mut rig, "E13");
    rig.keys("enter");
    assert!(is_in(&rig, person, "E13"));
    to_category(&mut rig, "E13");
    rig.keys("enter");
    assert!(matches!(rig.app.screens.active, Screen::Preview(_)));
    assert!(is_in(&rig, person, "E13"));
    rig.keys("enter");
    assert!(!is_in(&rig, person, "E13"));
    rig.keys("F8");
    assert!(is_in(&rig, person, "E13"));
}

#[test]
fn what_a_rule_computes_is_not_ended() {
    let (mut rig, person) = opened();
    to_category(&mut rig, "P1");
    rig.keys("enter");
    assert!(matches!(rig.app.screens.active, Screen::Card(_)));
    assert!(is_in(&rig, person, "P1"));
}

#[test]
fn a_category_is_added_and_a_member_opened() {
    let (mut rig, person) = opened();
    rig.keys("+ E6 enter");
    assert!(is_in(&rig, person, "E6"));
    let other = rig.person("单伟");
    walk(&mut rig, |row| *row == Row::Member(other));
    rig.keys("enter");
    assert_eq!(card(&rig).person, other);
    rig.keys("esc");
    assert_eq!(card(&rig).person, person);
}

#[test]
fn tab_goes_from_part_to_part_and_round() {
    let (mut rig, _) = opened();
    rig.keys("F4 1");
    let mut parts = vec![row(&rig).part()];
    for _ in 0..6 {
        rig.keys("tab");
        parts.push(row(&rig).part());
    }
    assert_eq!(parts[6], parts[0]);
    assert_eq!(parts[..6], jumin::app::rows::PARTS);
}

#[test]
fn a_sensitive_category_is_hidden_until_revealed() {
    let (mut rig, person) = opened();
    let index = rig.desk.index();
    let hidden = index.book().categories();
    let hidden = hidden
        .iter()
        .find(|one| {
            !one.is_axis() && one.sensitivity() == jumin::model::category::Sensitivity::Sensitive
        })
        .unwrap();
    let (code, name) = (hidden.code(), hidden.name(Lang::Zh).to_owned());
    rig.keys(&format!("+ {code}"));
    rig.keys("enter");
    assert!(is_in(&rig, person, &code.0), "{}", rig.screen());
    to_category(&mut rig, &code.0);
    let screen = rig.screen();
    assert!(
        !screen.contains(&name) && screen.contains("***"),
        "{screen}"
    );
    rig.keys("space");
    assert!(rig.screen().contains(&name), "{}", rig.screen());
}
