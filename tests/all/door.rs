//! At a door: anyone is found by what is at hand, the household is on one page, what is missing is
//! asked and answered there.

use crate::rig::Rig;
use jumin::app::Done;
use jumin::app::Effect;
use jumin::app::Msg;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::person::Person;

fn at(width: u16, height: u16) -> Rig {
    let mut rig = Rig::new(width, height, Lang::Zh);
    rig.keys("ctrl-t");
    rig
}

fn of<'r>(rig: &'r Rig, name: &str) -> Person<'r> {
    let id: PersonId = rig.person(name);
    rig.desk.index().book().person(id).unwrap()
}

#[test]
fn the_box_and_the_page() {
    let mut rig = at(80, 24);
    insta::assert_snapshot!("door-80x24-zh", rig.screen());
    rig.keys("zxy");
    insta::assert_snapshot!("door-found-80x24-zh", rig.screen());
    rig.keys("enter");
    insta::assert_snapshot!("doorstep-80x24-zh", rig.screen());
    rig.keys("F12");
    insta::assert_snapshot!("doorstep-80x24-en", rig.screen());
    rig.keys("esc esc 501");
    insta::assert_snapshot!("door-found-80x24-en", rig.screen());
    let mut wide = at(120, 40);
    wide.keys("oywq enter");
    insta::assert_snapshot!("doorstep-120x40-zh", wide.screen());
}

#[test]
fn anyone_is_found_by_initials_room_or_telephone() {
    for (typed, who) in [
        ("zxy", "张秀英"),
        ("3-2-501", "张秀英"),
        ("5678", "张秀英"),
        ("1203", "李强"),
        ("chou", "仇阿婆"),
        ("欧阳小", "欧阳小雨"),
    ] {
        let mut rig = at(80, 24);
        rig.keys(typed);
        assert!(rig.screen().contains(who), "{typed}: {}", rig.screen());
    }
    // What is faulty says so and leaves those found; nobody found offers the form with the words.
    let mut rig = at(80, 24);
    rig.keys("仇阿婆 esc");
    rig.keys("赵小明3-2-501");
    assert!(rig.screen().contains("回车录入新居民"), "{}", rig.screen());
    rig.keys("enter");
    let screen = rig.screen();
    assert!(
        screen.contains("新居民") && screen.contains("赵小明"),
        "{screen}"
    );
}

/// A name that was heard and not read: Enter is still for a new resident.
#[test]
fn who_only_sounds_so_stands_below_nobody() {
    let mut rig = at(80, 24);
    rig.keys("章秀应");
    let screen = rig.screen();
    assert!(screen.contains("~ 张秀英"), "{screen}");
    assert!(screen.contains("没有找到"), "{screen}");
    rig.keys("down enter");
    let screen = rig.screen();
    assert!(
        screen.contains("问一问") && screen.contains("张秀英"),
        "{screen}"
    );
    let mut rig = at(80, 24);
    rig.keys("章秀应 enter");
    let screen = rig.screen();
    assert!(
        screen.contains("新居民") && screen.contains("章秀应"),
        "{screen}"
    );
}

#[test]
fn a_question_is_answered_by_its_digit() {
    let mut rig = at(80, 24);
    rig.keys("zxy enter");
    let screen = rig.screen();
    // 张秀英 lacks nothing; the first question is about her husband's number.
    assert!(screen.contains("1 单伟  身份证号?"), "{screen}");
    assert!(screen.contains("2 单伟  联系电话?"), "{screen}");
    rig.keys("2 15400001111 enter");
    assert_eq!(
        of(&rig, "单伟").phones().iter().next().unwrap().number,
        "15400001111"
    );
    let screen = rig.screen();
    assert!(!screen.contains("单伟  联系电话?"), "{screen}");
    rig.keys("u");
    assert_eq!(of(&rig, "单伟").phones().iter().count(), 0);
    // A digit without a question does nothing.
    rig.keys("9");
    assert!(rig.screen().contains("问一问"), "{}", rig.screen());
}

#[test]
fn what_is_closely_kept_is_masked_until_revealed_and_the_look_is_logged() {
    let mut rig = at(80, 24);
    rig.keys("zxy enter");
    assert!(!rig.screen().contains("16012345678"), "{}", rig.screen());
    assert!(rig.screen().contains("160****5678"), "{}", rig.screen());
    rig.keys("space");
    assert!(rig.screen().contains("16012345678"), "{}", rig.screen());
    rig.keys("space");
    assert!(
        rig.screen().contains("440308199901101512"),
        "{}",
        rig.screen()
    );
    let id = rig.person("张秀英");
    let mut watch = |_, _| std::ops::ControlFlow::Continue(());
    let now = crate::rig::moment(99);
    let told = rig
        .desk
        .perform(Effect::History(id), now, Lang::Zh, &mut watch);
    let Msg::Done(Done::History(_, log)) = told else {
        panic!("{told:?}");
    };
    let looks = log.iter().filter(|one| matches!(one.act, Act::Look { .. }));
    assert_eq!(looks.count(), 2);
    rig.keys("down space");
    assert!(rig.screen().contains("没有打码"), "{}", rig.screen());
}

#[test]
fn a_visit_takes_three_keys_and_nothing_changed_takes_one() {
    let mut rig = at(80, 24);
    rig.keys("zxy enter F11");
    let book = rig.desk.index().book();
    let seen = book.visits(rig.person("张秀英")).next().unwrap();
    assert!(seen.verified());
    rig.keys("F8 F4 1");
    let book = rig.desk.index().book();
    for name in ["张秀英", "单伟", "单晓明"] {
        assert_eq!(book.visits(rig.person(name)).count(), 1, "{name}");
    }
    // One call is one line of what was written down last.
    let screen = rig.screen();
    assert_eq!(screen.matches("王芳").count(), 1, "{screen}");
}

#[test]
fn someone_without_a_household_has_a_page_too() {
    let mut rig = Rig::with(80, 24, Lang::Zh, |draft, mint| {
        let id = mint.person();
        let name = jumin::model::value::Value::Text("赵一".into());
        draft.set(id.subject(), person::NAME, Some(name));
    });
    rig.keys("ctrl-t zy enter");
    let screen = rig.screen();
    assert!(
        screen.contains("住址不详") && screen.contains("赵一"),
        "{screen}"
    );
    rig.keys("ctrl-g enter esc esc esc esc");
    assert!(rig.screen().contains("类别"), "{}", rig.screen());
}
