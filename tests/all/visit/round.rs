//! Today's round: doors in order, one key a door, and going on where it stood.

use crate::rig::Rig;
use jumin::app::Screen;
use jumin::app::round::Round;
use jumin::model::Lang;
use jumin::model::visit::Outcome;
use jumin::model::visit::newest;

fn round(rig: &Rig) -> &Round {
    match &rig.app.screens.active {
        Screen::Round(round) => round,
        _ => panic!("not on a round:\n{}", rig.screen()),
    }
}

fn outcome(rig: &Rig, name: &str) -> Option<Outcome> {
    let all = newest(rig.desk.index().book(), rig.person(name));
    all.first()?.outcome()
}

#[test]
fn a_door_is_ticked_in_one_key_and_the_next_one_comes_up() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-r");
    let walked: Vec<usize> = round(&rig)
        .doors
        .iter()
        .map(|door| door.people.len())
        .collect();
    assert_eq!(walked, [1, 3, 3, 3]);
    rig.keys("2");
    assert_eq!(outcome(&rig, "仇阿婆"), Some(Outcome::NotIn));
    assert_eq!(round(&rig).row, 1);
    // A household is one call: no preview, one undo.
    rig.keys("1");
    for name in ["张秀英", "单伟", "单晓明"] {
        assert_eq!(outcome(&rig, name), Some(Outcome::Met), "{name}");
    }
    assert_eq!(
        (round(&rig).row, round(&rig).done(rig.desk.index())),
        (2, 2)
    );
    rig.keys("F8");
    assert_eq!(outcome(&rig, "张秀英"), None);
    assert_eq!(round(&rig).done(rig.desk.index()), 1);
    // The last door wraps to the first that is open.
    rig.keys("end 0");
    assert_eq!(round(&rig).row, 1);
    rig.keys("F4 5");
    assert_eq!(outcome(&rig, "单伟"), Some(Outcome::Answered));
    assert_eq!(round(&rig).row, 2);
}

#[test]
fn a_round_goes_on_after_it_was_left_though_its_query_has_moved_on() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("no:visit ctrl-r 1 1 esc");
    assert!(rig.screen().contains("6 / 10"), "{}", rig.screen());
    rig.keys("ctrl-r");
    assert_eq!(round(&rig).doors.len(), 4);
    assert_eq!(
        (round(&rig).row, round(&rig).done(rig.desk.index())),
        (2, 2)
    );
    assert!(rig.screen().contains("已走 2 户"), "{}", rig.screen());
    // Another query is another round.
    rig.keys("esc ctrl-u 13栋 ctrl-r");
    assert_eq!(round(&rig).doors.len(), 1);
    rig.keys("esc ctrl-u 没有这个人 ctrl-r 1 enter");
    assert_eq!(round(&rig).doors.len(), 0);
}

#[test]
fn the_round_on_screen() {
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for (width, height) in [(80, 24), (60, 16), (120, 40)] {
            let mut rig = Rig::new(width, height, lang);
            rig.keys("ctrl-r 2 0");
            insta::assert_snapshot!(format!("round-{width}x{height}-{suffix}"), rig.screen());
        }
    }
}
