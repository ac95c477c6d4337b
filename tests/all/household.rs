//! The household screen: what it shows, each turn of a member's life, and taking it back.

use crate::rig::Rig;
use jumin::model::Lang;
use jumin::model::household;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::person::Person;

/// The household of someone, opened from the search bar.
fn at(rig: &mut Rig, name: &str) {
    rig.keys(&format!("{name} ctrl-g"));
    assert!(rig.screen().contains(name), "{}", rig.screen());
}

fn of<'r>(rig: &'r Rig, name: &str) -> Person<'r> {
    let id = rig.person(name);
    rig.desk.index().book().person(id).unwrap()
}

fn relation(rig: &Rig, name: &str) -> Option<String> {
    of(rig, name)
        .record
        .text(person::RELATION)
        .map(str::to_owned)
}

fn head(rig: &Rig, name: &str) -> Option<PersonId> {
    let home = of(rig, name).household().unwrap();
    rig.desk
        .index()
        .book()
        .household(home)
        .and_then(household::Household::head)
}

/// What is chosen of the turns that a member can take, by its place.
fn choose(rig: &mut Rig, place: usize) {
    rig.keys("space");
    for _ in 0..place {
        rig.keys("down");
    }
    rig.keys("enter");
}

#[test]
fn the_screen_says_who_lives_here_and_what_is_missing() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    at(&mut rig, "张秀英");
    insta::assert_snapshot!("household-80x24-zh", rig.screen());
    rig.keys("F12");
    insta::assert_snapshot!("household-80x24-en", rig.screen());
    let mut wide = Rig::new(120, 40, Lang::Zh);
    at(&mut wide, "欧阳婉清");
    wide.keys("space");
    insta::assert_snapshot!("household-turns-120x40-zh", wide.screen());
    // A member's card and back; the whole household is called on with one key.
    rig.keys("F12 down enter");
    assert!(rig.screen().contains("资料"), "{}", rig.screen());
    rig.keys("F6");
    assert!(rig.screen().contains("在册 3 人"), "{}", rig.screen());
    rig.keys("F4 1");
    assert_eq!(
        rig.desk.index().book().visits(rig.person("单晓明")).count(),
        1
    );
}

#[test]
fn a_spouse_takes_over_as_the_head() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    at(&mut rig, "张秀英");
    rig.keys("down");
    choose(&mut rig, 2);
    assert!(rig.screen().contains("这会改动 2 人"), "{}", rig.screen());
    assert_eq!(head(&rig, "单伟"), Some(rig.person("张秀英")));
    rig.keys("enter");
    assert_eq!(head(&rig, "单伟"), Some(rig.person("单伟")));
    let told = ["单伟", "张秀英", "单晓明"].map(|name| relation(&rig, name));
    assert_eq!(told, ["02", "12", "20"].map(|code| Some(code.to_owned())));
    rig.keys("F8");
    assert_eq!(head(&rig, "单伟"), Some(rig.person("张秀英")));
    assert_eq!(relation(&rig, "单伟").as_deref(), Some("11"));
}

#[test]
fn relations_to_another_head_become_unknown() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    at(&mut rig, "张秀英");
    rig.keys("end");
    choose(&mut rig, 2);
    rig.keys("enter");
    assert_eq!(head(&rig, "单晓明"), Some(rig.person("单晓明")));
    assert_eq!(relation(&rig, "张秀英"), None);
    assert_eq!(relation(&rig, "单伟"), None);
}

#[test]
fn who_moves_out_or_dies_stays_on_record_and_can_come_back() {
    for (place, life) in [(0, "2"), (1, "3")] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        at(&mut rig, "张秀英");
        choose(&mut rig, place);
        assert!(
            of(&rig, "张秀英").is_present(),
            "the day is asked for first"
        );
        rig.keys("enter");
        let gone = of(&rig, "张秀英").record;
        assert_eq!(gone.text(person::LIFE), Some(life));
        assert_eq!(gone.get(person::LIFE_DATE).unwrap().plain(), "2026-11-23");
        assert_eq!(gone.has(person::LEFT), life == "2");
        assert!(!of(&rig, "张秀英").is_present());
        let screen = rig.screen();
        assert!(
            screen.contains("户主已不在册") && screen.contains("在册 2 人"),
            "{screen}"
        );
        // Those on the rolls stand first now.
        rig.keys("end");
        choose(&mut rig, 0);
        assert!(of(&rig, "张秀英").is_present());
        assert_eq!(of(&rig, "张秀英").record.get(person::LEFT), None);
    }
}

#[test]
fn a_member_parts_and_joins_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let old = of(&rig, "张秀英").household();
    at(&mut rig, "张秀英");
    rig.keys("end");
    choose(&mut rig, 3);
    let own = of(&rig, "单晓明");
    assert_ne!(own.household(), old);
    assert_eq!(head(&rig, "单晓明"), Some(own.id));
    let book = rig.desk.index().book();
    let home = |name| book.home(of(&rig, name)).unwrap().id;
    assert_eq!(home("单晓明"), home("张秀英"));

    let mut rig = rig;
    rig.keys("esc esc esc");
    at(&mut rig, "单晓明");
    // Alone, there is nothing to part from: moved out, died, another household.
    choose(&mut rig, 2);
    rig.keys("zxy enter");
    assert!(rig.screen().contains("张秀英、单伟"), "{}", rig.screen());
    rig.keys("enter");
    assert_eq!(of(&rig, "单晓明").household(), old);
    assert_eq!(relation(&rig, "单晓明"), None);
}

#[test]
fn a_household_goes_over_to_another_whole() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let other = of(&rig, "张秀英").household();
    at(&mut rig, "李强");
    choose(&mut rig, 4);
    rig.keys("没有这人 enter");
    assert!(rig.screen().contains("没有找到别的户"), "{}", rig.screen());
    choose(&mut rig, 4);
    rig.keys("张秀英 enter enter");
    assert!(rig.screen().contains("这会改动 3 人"), "{}", rig.screen());
    rig.keys("enter");
    for name in ["李强", "王芳", "𠮷田"] {
        assert_eq!(of(&rig, name).household(), other, "{name}");
        assert_eq!(relation(&rig, name), None, "{name}");
    }
    assert_eq!(head(&rig, "李强"), Some(rig.person("张秀英")));
    assert!(rig.screen().contains("已无人在册"), "{}", rig.screen());
    rig.keys("F8");
    assert_ne!(of(&rig, "李强").household(), other);
    assert_eq!(head(&rig, "李强"), Some(rig.person("李强")));
}

#[test]
fn the_day_of_a_turn_is_typed_as_it_is_said() {
    for (typed, day) in [
        ("2026-10-01", "2026-10-01"),
        ("2026年9月", "2026-09"),
        ("２０２５", "2025"),
    ] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        at(&mut rig, "张秀英");
        choose(&mut rig, 0);
        rig.keys(&format!("{typed} enter"));
        let gone = of(&rig, "张秀英").record;
        for field in [person::LIFE_DATE, person::LEFT] {
            assert_eq!(gone.get(field).unwrap().plain(), day, "{typed}");
        }
    }
    // What is no day, or has not come yet, changes nothing.
    let mut rig = Rig::new(80, 24, Lang::Zh);
    at(&mut rig, "张秀英");
    choose(&mut rig, 1);
    rig.keys("上周吧 enter");
    assert!(rig.screen().contains("看不懂这个日期"), "{}", rig.screen());
    rig.keys("ctrl-u 2027-01-01 enter");
    assert!(rig.screen().contains("还没有到"), "{}", rig.screen());
    assert!(of(&rig, "张秀英").is_present());
}

#[test]
fn the_household_s_own_facts_are_filled_in() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    at(&mut rig, "张秀英");
    rig.keys("F7");
    insta::assert_snapshot!("household-facts-80x24-zh", rig.screen());
    rig.keys("户号 enter 0312 enter");
    assert!(rig.screen().contains("户号 0312"), "{}", rig.screen());
    rig.keys("F7 房主 enter 周吉 enter");
    let book = rig.desk.index().book();
    let dwelling = book.home(of(&rig, "张秀英")).unwrap();
    assert_eq!(dwelling.record.text(household::OWNER), Some("周吉"));
    rig.keys("F8 F8");
    assert!(!rig.screen().contains("0312"), "{}", rig.screen());
}
