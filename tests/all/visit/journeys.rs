//! Keys in, visits in the register: every count of keys that the budget names is typed here.

use crate::rig::Rig;
use crate::rig::day;
use jumin::app::Screen;
use jumin::index::Freshness;
use jumin::model::Lang;
use jumin::model::date::Date;
use jumin::model::visit;
use jumin::model::visit::Outcome;
use jumin::model::visit::Visit;
use jumin::model::visit::newest;

/// On the table, with the cursor on 张秀英, who lives with 单伟 and 单晓明.
fn at_table() -> Rig {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zxy esc");
    rig
}

fn fresh(rig: &Rig, name: &str) -> Freshness {
    rig.desk.index().freshness(rig.person(name))
}

fn visits<'a>(rig: &'a Rig, name: &str) -> Vec<Visit<'a>> {
    newest(rig.desk.index().book(), rig.person(name))
}

fn only<'a>(rig: &'a Rig, name: &str) -> Visit<'a> {
    let all = visits(rig, name);
    assert_eq!(all.len(), 1, "{}", rig.screen());
    all[0]
}

#[test]
fn a_visit_is_two_keys_and_one_undo() {
    for (digit, outcome) in ["1", "2", "3", "4", "5"].into_iter().zip(Outcome::ALL) {
        let mut rig = at_table();
        rig.keys(&format!("F4 {digit}"));
        let one = only(&rig, "张秀英");
        assert_eq!(one.outcome(), Some(outcome));
        assert_eq!((one.date(), one.worker()), (Some(day()), "王芳"));
        assert!(one.record.text(visit::TIME).is_some() && !one.verified());
        let met = outcome == Outcome::Met;
        assert_eq!(fresh(&rig, "张秀英").contact.seen.is_some(), met);
        assert!(visits(&rig, "单伟").is_empty());
        assert_eq!(rig.app.screens.all().count(), 1);
        rig.keys("F8");
        assert!(visits(&rig, "张秀英").is_empty());
    }
}

#[test]
fn nothing_changed_is_one_key_from_bar_table_card_and_sort() {
    for before in ["zxy", "zxy esc", "zxy enter", "zxy F2"] {
        for key in ["F11", "ctrl-y"] {
            let mut rig = Rig::new(80, 24, Lang::Zh);
            rig.keys(before);
            rig.keys(key);
            let contact = fresh(&rig, "张秀英").contact;
            assert_eq!(
                contact.verified,
                Some(day()),
                "{before} {key}\n{}",
                rig.screen()
            );
            assert_eq!(contact.seen, Some(day()));
            rig.keys("F8");
            assert_eq!(fresh(&rig, "张秀英").contact.verified, None);
        }
    }
}

#[test]
fn a_household_is_visited_in_three_keys_and_undone_in_one() {
    let mut rig = at_table();
    rig.keys("F4 space 1");
    for name in ["张秀英", "单伟", "单晓明"] {
        assert_eq!(fresh(&rig, name).contact.seen, Some(day()), "{name}");
        assert!(only(&rig, name).record.link(visit::HOUSEHOLD).is_some());
    }
    assert!(visits(&rig, "仇阿婆").is_empty());
    assert!(rig.screen().contains("另 2 人"), "{}", rig.screen());
    rig.keys("F8");
    for name in ["张秀英", "单伟", "单晓明"] {
        assert!(visits(&rig, name).is_empty(), "{name}");
    }
}

#[test]
fn the_box_opens_from_bar_card_and_sort_and_full_width_digits_file() {
    for before in ["zxy", "zxy enter", "zxy F2"] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        rig.keys(before);
        rig.keys("F4 １");
        assert_eq!(
            only(&rig, "张秀英").outcome(),
            Some(Outcome::Met),
            "{before}"
        );
    }
}

#[test]
fn notes_are_written_before_the_digit_and_days_can_be_counted() {
    let mut rig = at_table();
    rig.keys("F4 tab");
    rig.keys("腿脚不便1");
    rig.keys("tab");
    rig.keys("要助浴");
    rig.keys("tab tab");
    rig.keys("14");
    rig.keys("tab");
    rig.keys("2026-11-20");
    rig.keys("enter 5");
    let one = only(&rig, "张秀英");
    let text = |number| one.record.text(number);
    assert_eq!(text(visit::NOTE), Some("腿脚不便1"));
    assert_eq!(text(visit::NEED), Some("要助浴"));
    assert_eq!(one.record.date(visit::NEXT), Date::parse("2026-12-07"));
    assert_eq!(one.date(), Date::parse("2026-11-20"));
    // The hour is that of the desk's day, not of a day before.
    assert_eq!(text(visit::TIME), None);
    assert_eq!(fresh(&rig, "张秀英").due, Date::parse("2026-12-07"));
}

#[test]
fn what_cannot_be_read_keeps_the_box_open_and_files_nothing() {
    for (field, text, said) in [(4, "某天", "看不懂"), (5, "2026-11-24", "不能晚于今天")]
    {
        let mut rig = at_table();
        rig.keys(&format!("F4{}", " tab".repeat(field)));
        rig.keys(text);
        rig.keys("enter 1");
        assert!(visits(&rig, "张秀英").is_empty());
        assert!(rig.screen().contains(said), "{}", rig.screen());
        assert!(matches!(rig.app.screens.active, Screen::Visit(_)));
        rig.keys("ctrl-u tab esc esc");
        assert_eq!(rig.app.screens.all().count(), 1);
    }
}

#[test]
fn a_visit_is_corrected_on_the_card_and_its_history_stays() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zxy enter F4 2 tab tab tab enter");
    let Screen::Visit(_) = &rig.app.screens.active else {
        panic!("no box over the visit:\n{}", rig.screen())
    };
    rig.keys("tab");
    rig.keys("门口贴了条");
    rig.keys("enter enter");
    let one = only(&rig, "张秀英");
    assert_eq!(one.outcome(), Some(Outcome::NotIn));
    assert_eq!(one.record.text(visit::NOTE), Some("门口贴了条"));
    rig.keys("enter 0");
    assert!(only(&rig, "张秀英").verified());
    assert_eq!(fresh(&rig, "张秀英").contact.seen, Some(day()));
    rig.keys("F8 F8");
    let one = only(&rig, "张秀英");
    assert_eq!(
        (one.outcome(), one.record.text(visit::NOTE)),
        (Some(Outcome::NotIn), None)
    );
}

#[test]
fn several_marked_people_are_shown_before_anything_is_filed() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("esc space space F11");
    assert!(matches!(rig.app.screens.active, Screen::Preview(_)));
    let logged = |rig: &Rig| {
        let book = rig.desk.index().book();
        book.people()
            .filter(|one| book.visits(one.id).count() > 0)
            .count()
    };
    assert_eq!(logged(&rig), 0);
    rig.keys("enter");
    assert_eq!(logged(&rig), 2, "{}", rig.screen());
    rig.keys("F8");
    assert_eq!(logged(&rig), 0);
}

#[test]
fn who_was_seen_is_found_by_it() {
    let mut rig = at_table();
    rig.keys("F4 space 1 esc");
    rig.keys("/ seen:today");
    assert!(rig.screen().contains("3 / 10"), "{}", rig.screen());
    rig.keys("ctrl-u by:王");
    assert!(rig.screen().contains("3 / 10"), "{}", rig.screen());
    rig.keys("ctrl-u no:visit");
    assert!(rig.screen().contains("7 / 10"), "{}", rig.screen());
    rig.keys("ctrl-u -is:stale");
    assert!(rig.screen().contains("3 / 10"), "{}", rig.screen());
}

#[test]
fn the_screens_of_a_visit() {
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let shot = |name: &str, (width, height): (u16, u16), keys: &[&str]| {
            let mut rig = Rig::new(width, height, lang);
            for key in keys {
                rig.keys(key);
            }
            insta::assert_snapshot!(
                format!("visit-{name}-{width}x{height}-{suffix}"),
                rig.screen()
            );
        };
        shot("box", (80, 24), &["zxy esc F4 space tab", "腿脚不便"]);
        shot("box", (60, 16), &["zxy esc F4"]);
        shot("old", (80, 24), &["zxy enter F4 2 tab tab tab enter"]);
        shot("card", (80, 24), &["zxy enter F4 1 F11"]);
        shot("list", (120, 40), &["zxy esc F4 space 1 esc"]);
    }
}
