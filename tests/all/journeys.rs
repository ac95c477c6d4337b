//! Keys in, screen and register out; every act is undone again.

use crate::rig::Rig;
use jumin::app::Msg;
use jumin::app::Screen;
use jumin::app::action::Scope;
use jumin::app::list::List;
use jumin::model::Lang;
use jumin::model::ids::CategoryCode;
use jumin::model::person;
use proptest::prelude::ProptestConfig;
use proptest::prelude::Strategy;
use proptest::prelude::prop;
use proptest::prelude::proptest;
use proptest::sample::select;

fn retired(rig: &Rig, name: &str) -> bool {
    rig.desk
        .index()
        .is_in(rig.person(name), &CategoryCode("E13".into()))
}

/// The digit that gives E13 (退休) on the list.
fn digit(rig: &Rig) -> String {
    let digits = jumin::app::step::digits(rig.desk.index());
    let at = digits.iter().position(|code| code.0 == "E13").unwrap();
    (at + 1).to_string()
}

#[test]
fn a_person_is_found_and_classified_in_four_keys_and_undone_in_one() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let digit = digit(&rig);
    rig.keys(&format!("zxy esc {digit}"));
    assert!(retired(&rig, "张秀英"), "{}", rig.screen());
    rig.keys("F8");
    assert!(!retired(&rig, "张秀英"));
}

#[test]
fn a_group_is_classified_from_a_facet_in_four_keys() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let digit = digit(&rig);
    rig.keys("age:60..");
    rig.keys(&format!("F3 {digit} enter"));
    assert!(retired(&rig, "张秀英") && retired(&rig, "单伟") && retired(&rig, "仇阿婆"));
    assert!(!retired(&rig, "李强"));
    rig.keys("F8");
    assert!(!retired(&rig, "张秀英") && !retired(&rig, "单伟") && !retired(&rig, "仇阿婆"));
}

#[test]
fn a_view_that_is_too_long_in_full_is_not_saved() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let views = rig.desk.index().book().views().len();
    // Each of these is longer as it is shown, and all of them together are.
    let text = "男|".repeat(200) + "女";
    rig.send(Msg::Paste(text));
    rig.keys("ctrl-s 长 enter");
    assert!(rig.screen().contains("最多 512 个"), "{}", rig.screen());
    assert_eq!(rig.desk.index().book().views().len(), views);
    rig.keys("ctrl-u 男 ctrl-s 短 enter");
    assert_eq!(rig.desk.index().book().views().len(), views + 1);
}

#[test]
fn marks_survive_filters_and_say_how_many_are_hidden() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("esc space space / zxy");
    assert!(rig.screen().contains("已选 2"), "{}", rig.screen());
    assert_eq!(rig.app.screens.all().count(), 1);
    rig.keys("esc");
    let marked = match &rig.app.screens.active {
        jumin::app::Screen::List(list) => list.marks.len(),
        _ => 0,
    };
    assert_eq!(marked, 2);
}

/// The list of a desk.
fn list(rig: &Rig) -> &List {
    let mut all = rig.app.screens.all();
    let list = all.find_map(|screen| match screen {
        Screen::List(list) => Some(list),
        _ => None,
    });
    list.unwrap()
}

#[test]
fn who_is_near_is_gone_to_by_hand() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("山伟");
    assert_eq!(list(&rig).cursor, None, "{}", rig.screen());
    rig.keys("enter");
    let is_form = matches!(rig.app.screens.active, Screen::Form(_));
    assert!(
        is_form,
        "nobody answers: it is a newcomer's name\n{}",
        rig.screen()
    );
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("山伟 down");
    assert_eq!(list(&rig).cursor, Some(rig.person("单伟")));
    rig.keys("enter");
    assert!(matches!(rig.app.screens.active, Screen::Card(_)));
    rig.keys("esc");
    assert_eq!(list(&rig).cursor, Some(rig.person("单伟")), "it stays");
}

#[test]
fn who_is_near_is_in_no_act_unless_marked() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let digit = digit(&rig);
    let marks = |rig: &Rig| list(rig).marks.len();
    rig.keys("山伟 esc *");
    assert_eq!(marks(&rig), 0, "{}", rig.screen());
    rig.keys(&format!("F3 {digit} enter"));
    assert!(!retired(&rig, "单伟"), "{}", rig.screen());
    rig.keys("esc tab esc space");
    assert_eq!(marks(&rig), 1, "{}", rig.screen());
    assert!(rig.screen().contains("0 / 10 人"), "{}", rig.screen());
    assert!(!rig.screen().contains("不在此列"), "{}", rig.screen());
    rig.keys(&digit);
    assert!(retired(&rig, "单伟"), "{}", rig.screen());
}

#[test]
fn a_facet_is_toggled_on_and_off() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let all = rig.screen();
    rig.keys("F3 enter");
    assert_ne!(all, rig.screen());
    rig.keys("enter tab");
    assert!(rig.screen().contains("10 / 10"), "{}", rig.screen());
}

#[test]
fn the_language_changes_while_running() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("F12");
    assert!(rig.screen().contains("people"), "{}", rig.screen());
    rig.keys("F12");
    assert!(rig.screen().contains("10 / 10 人"), "{}", rig.screen());
}

#[test]
fn a_view_is_saved_and_opened_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("age:60.. ctrl-s 六十以上 enter F5 六十以上 enter");
    assert!(rig.screen().contains("/ 六十以上"), "{}", rig.screen());
    assert!(rig.screen().contains("3 / 10"), "{}", rig.screen());
}

#[test]
fn the_row_like_this_cell() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    // The address column is the fourth; the first row by address is a home of building 3.
    rig.keys("esc right right right F7");
    let screen = rig.screen();
    assert!(
        !screen.contains("10 / 10") && screen.contains("/ 10 人"),
        "{screen}"
    );
}

#[test]
fn full_width_digits_classify_with_the_input_method_on() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let wide: String = digit(&rig)
        .chars()
        .map(|c| char::from_u32(c as u32 + 0xFEE0).unwrap())
        .collect();
    rig.keys(&format!("zxy esc {wide}"));
    assert!(retired(&rig, "张秀英"));
}

/// Anything that a keyboard can send: named keys, control keys, digits, letters, hanzi, rubbish.
fn any_keys() -> impl Strategy<Value = Vec<String>> {
    let named = [
        "enter",
        "esc",
        "tab",
        "shift-tab",
        "backspace",
        "delete",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "space",
        "F1",
        "F2",
        "F3",
        "F5",
        "F6",
        "F7",
        "F8",
        "F9",
        "F12",
        "ctrl-n",
        "ctrl-p",
        "ctrl-s",
        "ctrl-z",
        "ctrl-w",
        "ctrl-u",
        "0",
        "1",
        "2",
        "3",
        "9",
        "+",
        "-",
        "*",
        "=",
        "/",
        "?",
        ":",
        "(",
        "\"",
        "|",
        "@",
        "z",
        "w",
        "张",
        "栋",
        "下",
        "岗",
        "，",
        "１",
        "　",
        "𠮷",
        "\u{301}",
        "\u{200b}",
    ];
    prop::collection::vec(select(named.to_vec()).prop_map(str::to_owned), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_keys_breaks_anything(keys in any_keys()) {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        for key in &keys {
            rig.keys(key);
        }
        // Whatever was done, the way back leads to the list, and every act can be undone.
        rig.keys("esc esc esc esc esc esc esc esc");
        let whole = rig.app.screens.all().count();
        assert!(whole <= 2, "{keys:?} left {whole} screens open:\n{}", rig.screen());
    }
}

#[test]
fn a_dirty_ledger_is_looked_through_mended_and_taken_in_and_undone() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let path = rig.file("ledger.csv");
    let text = "某某社区台账\n姓名,性别,出生日期,手边号码,工作单位,宗教信仰\n\
        赵一,男,1970-01-02,15412340001,棉纺厂,无\n单晓明,男,1984-02-29,,红星厂,\n\
        钱二,男,二月三十,15412340002,,\n,女,1980-05-05,,,\n";
    std::fs::write(&path, text).unwrap();
    rig.keys("ctrl-o");
    rig.send(jumin::app::Msg::Paste(path));
    rig.keys("enter");
    let screen = rig.screen();
    for part in ["标题在第 2 行", "拒收", "不收这一列", "出生日期"] {
        assert!(screen.contains(part), "{part} in:\n{screen}");
    }
    insta::assert_snapshot!("import-80x24-zh", screen);
    rig.keys("F12");
    insta::assert_snapshot!("import-80x24-en", rig.screen());
    // The fourth column is what the telephone numbers stand in, as can be seen: two keys.
    rig.keys("F12 down down down enter enter");
    let screen = rig.screen();
    assert!(!screen.contains("不收这一列"), "{screen}");
    assert!(!screen.contains("15412340001"), "{screen}");
    // The first trouble is the employer that differs: the ledger's is taken.
    rig.keys("down down down");
    insta::assert_snapshot!("import-decide-80x24-zh", rig.screen());
    rig.keys("space");
    assert!(rig.screen().contains("采用表中的"), "{}", rig.screen());
    // What is to be decided about one row stands under the row.
    rig.keys("enter");
    let screen = rig.screen();
    assert!(screen.contains("第 4 行：单晓明 工作单位"), "{screen}");
    rig.keys("esc down enter");
    assert!(rig.screen().contains("第 "), "{}", rig.screen());
    rig.keys("esc");
    let before = rig.desk.index().book().population();
    rig.keys("F2");
    let people = |rig: &Rig| rig.desk.index().book().population();
    assert_eq!(people(&rig), before + 2, "{}", rig.screen());
    let employer = |rig: &Rig| {
        let person = rig
            .desk
            .index()
            .book()
            .person(rig.person("单晓明"))
            .unwrap();
        person
            .record
            .read(jumin::model::person::EMPLOYER)
            .map(jumin::model::value::ValueRef::plain)
    };
    assert_eq!(employer(&rig).as_deref(), Some("红星厂"));
    rig.keys("F8");
    assert_eq!(people(&rig), before);
    assert_eq!(employer(&rig).as_deref(), Some("蓝海电子(外资)有限公司"));
}

#[test]
fn a_ledger_that_is_left_changes_nothing() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let path = rig.file("ledger.csv");
    std::fs::write(&path, "姓名,性别\n赵一,男\n").unwrap();
    let before = rig.screen();
    rig.keys("ctrl-o");
    rig.send(jumin::app::Msg::Paste(path));
    rig.keys("enter down space backspace");
    assert_eq!(rig.screen(), before);
}

#[test]
fn a_ledger_is_picked_among_the_newest_of_the_usual_folders_and_by_its_path() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let folder = rig.file("home/下载");
    std::fs::create_dir_all(format!("{folder}/旧 表")).unwrap();
    let ledger = "姓名,性别\n赵一,男\n";
    for name in ["三栋.csv", "照片.jpg", "~$三栋.xlsx", "旧 表/四栋.csv"] {
        std::fs::write(format!("{folder}/{name}"), ledger).unwrap();
    }
    rig.keys("ctrl-o");
    let screen = rig.screen();
    assert!(screen.contains("三栋.csv"), "{screen}");
    assert!(
        !screen.contains("照片") && !screen.contains("~$"),
        "{screen}"
    );
    rig.keys("down enter");
    assert!(rig.screen().contains("三栋.csv"), "{}", rig.screen());
    assert_eq!(rig.app.screens.active.scope(), Scope::Import);
    // A part of the name is enough; a folder opens; what was dropped by a file manager is understood.
    rig.keys("esc ctrl-o 三 enter");
    assert_eq!(rig.app.screens.active.scope(), Scope::Import);
    rig.keys("esc ctrl-o ~/下载/ enter");
    assert_eq!(rig.app.screens.active.scope(), Scope::Prompt);
    assert!(rig.screen().contains("四栋.csv"), "{}", rig.screen());
    rig.keys("down enter");
    assert_eq!(rig.app.screens.active.scope(), Scope::Import);
    rig.keys("esc ctrl-o");
    rig.send(jumin::app::Msg::Paste(format!("'{folder}/旧 表/四栋.csv'")));
    rig.keys("enter");
    assert_eq!(rig.app.screens.active.scope(), Scope::Import);
}

#[test]
fn another_sheet_is_turned_to_and_who_is_right_is_chosen() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let ledger = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/openpyxl.xlsx");
    rig.keys("ctrl-o");
    rig.send(jumin::app::Msg::Paste(ledger.into()));
    rig.keys("enter");
    let screen = rig.screen();
    assert!(
        screen.contains("（3栋）") && screen.contains("另有 5栋"),
        "{screen}"
    );
    assert!(
        screen.contains("新增 7") && screen.contains("F6"),
        "{screen}"
    );
    rig.keys("F6");
    let screen = rig.screen();
    assert!(
        screen.contains("（5栋）") && screen.contains("新增 2"),
        "{screen}"
    );
    rig.keys("F2 ctrl-o");
    // The ledger says otherwise: it is passed over, taken over, or asked about.
    let changed = rig.file("5.csv");
    std::fs::write(
        &changed,
        "姓名,性别,出生日期,工作单位\n单晓明,男,1984-02-29,红星厂\n",
    )
    .unwrap();
    rig.send(jumin::app::Msg::Paste(changed));
    rig.keys("enter");
    assert!(rig.screen().contains("保留册中的"), "{}", rig.screen());
    rig.keys("F3");
    let screen = rig.screen();
    assert!(
        screen.contains("采用表中的") && screen.contains("更新 1"),
        "{screen}"
    );
    rig.keys("F3");
    assert!(rig.screen().contains("冲突 1"), "{}", rig.screen());
}

#[test]
fn a_failure_is_told_to_its_last_word() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let path =
        rig.file("一份名字很长的台账，长到一行写不下它的名字和后面的原因，二〇二六年十一月.csv");
    std::fs::write(&path, [0, 1, 2, 3, 0, 255]).unwrap();
    rig.keys("ctrl-o");
    rig.send(jumin::app::Msg::Paste(path));
    rig.keys("enter");
    assert!(rig.screen().contains(".xlsx"), "{}", rig.screen());
}

#[test]
fn what_is_in_doubt_about_a_row_is_decided_on_the_screen() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let path = rig.file("doubt.csv");
    let text = "姓名,性别,身份证号,曾用名\n单晓明,,,单大明\n\
        赵一,男,1.1999919900307003E+17,\n单晓明,,,单小明\n";
    std::fs::write(&path, text).unwrap();
    rig.keys("ctrl-o");
    rig.send(jumin::app::Msg::Paste(path));
    rig.keys("enter");
    let before = rig.desk.index().book().population();
    assert!(rig.screen().contains("待定 2"), "{}", rig.screen());
    // Two rows with only the name in common: one is chosen, and decided to be the one known.
    rig.keys("end up");
    rig.keys("enter");
    insta::assert_snapshot!("import-doubt-rows-80x24-zh", rig.screen());
    rig.keys("enter");
    insta::assert_snapshot!("import-doubt-80x24-zh", rig.screen());
    rig.keys("enter");
    let screen = rig.screen();
    assert!(
        screen.contains("待定 1") && screen.contains("更新 1"),
        "{screen}"
    );
    // The other is left out; the number is one of those that the double can have been.
    rig.keys("enter down down enter");
    assert!(!rig.screen().contains("待定 1"), "{}", rig.screen());
    rig.keys("home");
    for _ in 0..4 {
        rig.keys("down");
    }
    rig.keys("enter enter");
    assert!(
        rig.screen().contains("已逐行定下：3 行"),
        "{}",
        rig.screen()
    );
    // What was decided is taken back the same way.
    rig.keys("end enter end enter enter");
    insta::assert_snapshot!("import-decided-80x24-zh", rig.screen());
    rig.keys("F2");
    let book = rig.desk.index().book();
    assert_eq!(book.population(), before + 1);
    let zhao = book.people().find(|one| one.name() == "赵一").unwrap();
    assert_eq!(zhao.id_no(), Some("119999199003070035"));
}

#[test]
fn a_fact_is_set_for_all_who_are_marked_behind_a_preview() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("esc space space ctrl-b 文化程度 enter 高中 enter");
    insta::assert_snapshot!("bulk-fact-80x24-zh", rig.screen());
    let edu = |rig: &Rig| {
        let people = rig.desk.index().book().people();
        people
            .filter(|one| one.record.text(person::EDUCATION) == Some("60"))
            .count()
    };
    assert_eq!(edu(&rig), 0);
    rig.keys("enter");
    assert_eq!(edu(&rig), 2, "{}", rig.screen());
    rig.keys("F8");
    assert_eq!(edu(&rig), 0);
    // Of one person it is set at once; an empty text clears it.
    rig.keys("delete ctrl-b bz enter 常年在外 enter");
    let notes = |rig: &Rig, text: &str| {
        let people = rig.desk.index().book().people();
        people
            .filter(|one| one.record.text(person::NOTE) == Some(text))
            .count()
    };
    assert_eq!(notes(&rig, "常年在外"), 1, "{}", rig.screen());
    rig.keys("ctrl-b bz enter enter");
    assert_eq!(notes(&rig, "常年在外"), 0, "{}", rig.screen());
}
