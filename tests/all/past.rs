//! Past queries come back by a key; the meter tells how fast the desk was.

use crate::rig::Rig;
use crate::rig::day;
use jumin::app::Choice;
use jumin::app::Done;
use jumin::app::Screen;
use jumin::app::meter::Meter;
use jumin::app::past;
use jumin::app::past::Past;
use jumin::model::Lang;

fn bar(rig: &Rig) -> &str {
    let Screen::List(list) = &rig.app.screens.active else {
        panic!("the list is not on top");
    };
    list.filter.line.text()
}

#[test]
fn what_was_searched_for_comes_back_by_a_key() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("sex:女 enter esc esc esc tab sex:男 esc esc tab");
    rig.keys("ctrl-up");
    assert_eq!(bar(&rig), "sex:男");
    rig.keys("ctrl-up");
    assert_eq!(bar(&rig), "sex:女");
    rig.keys("ctrl-up");
    assert_eq!(bar(&rig), "sex:女", "there is none before the first");
    rig.keys("ctrl-down");
    assert_eq!(bar(&rig), "sex:男");
    rig.keys("ctrl-down");
    assert_eq!(bar(&rig), "");
    let Done::Kept(_, kept) = rig.desk.kept(past::KEPT).unwrap() else {
        panic!("it is not kept");
    };
    assert_eq!(kept.as_deref(), Some("sex:女\nsex:男".as_bytes()));
}

#[test]
fn after_typing_the_newest_comes_first_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("sex:女 enter esc esc esc tab sex:男 esc esc tab");
    rig.keys("ctrl-up ctrl-up");
    assert_eq!(bar(&rig), "sex:女");
    rig.keys("backspace ctrl-down");
    assert_eq!(bar(&rig), "sex:", "what was typed is none of them");
    rig.keys("ctrl-up");
    assert_eq!(bar(&rig), "sex:男");
    rig.keys("ctrl-up left ctrl-up ctrl-down");
    assert_eq!(bar(&rig), "sex:男", "moving the caret is no typing");
}

#[test]
fn what_led_nowhere_is_not_remembered() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zzzzqq esc esc tab sex: esc esc tab ctrl-up");
    assert_eq!(bar(&rig), "");
}

#[test]
fn a_query_stands_once_and_the_oldest_go() {
    let mut past = Past::default();
    for number in 0..60 {
        past.remember(&format!("{number}"));
    }
    past.remember("30");
    let text = String::from_utf8(past.bytes()).unwrap();
    let all: Vec<&str> = text.lines().collect();
    assert_eq!(
        (all.len(), all.first(), all.last()),
        (50, Some(&"10"), Some(&"30"))
    );
    assert_eq!(Past::read(text.as_bytes()), past);
}

#[test]
fn the_meter_keeps_the_slowest_of_a_week() {
    let mut meter = Meter::default();
    let today = day();
    meter.painted(500, "quick", today);
    assert_eq!(meter.news(), None, "what is quick is not slow");
    meter.painted(9_000, "slow", today);
    meter.painted(20_000, "slower", today);
    meter.painted(12_000, "slow", today.add_days(-3));
    let kept = meter.news().unwrap();
    assert_eq!(
        String::from_utf8(kept.clone()).unwrap(),
        "2026-11-23\t20000\tslower\n2026-11-20\t12000\tslow"
    );
    assert_eq!(meter.news(), None);
    let mut later = Meter::default();
    later.take_kept(&kept, today.add_days(5));
    later.painted(8_000, "new", today.add_days(5));
    assert_eq!(
        String::from_utf8(later.news().unwrap()).unwrap(),
        "2026-11-23\t20000\tslower\n2026-11-28\t8000\tnew",
        "what is a week old is gone"
    );
}

#[test]
fn the_meter_is_a_chooser_that_asks_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.app.meter.painted(30_500, "女", day());
    let pick = rig.app.meter.pick(rig.desk.index());
    let asks = |choice: &Choice| matches!(choice, Choice::Query(text) if text == "女");
    assert!(pick.items.iter().any(|item| asks(&item.choice)));
    rig.keys("alt-p");
    assert!(rig.screen().contains("30.5 ms"), "{}", rig.screen());
    rig.keys("down down enter");
    assert_eq!(bar(&rig), "女");
}
