//! The form for newcomers: key counts, what is filled in, what is kept, what is said beside it.

use crate::rig::Rig;
use crate::rig::family;
use jumin::app::Done;
use jumin::app::Msg;
use jumin::app::Screen;
use jumin::app::key::Key;
use jumin::model::Lang;
use jumin::model::codes;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::id_number;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::value::Value;

/// A synthetic number of region 339901.
fn number(birth: &str, sequence: &str) -> String {
    let head = format!("339901{birth}{sequence}");
    let check = id_number::check_digit(&head).unwrap();
    format!("{head}{check}")
}

/// Types and counts: words are keys or else texts, a key a character.
fn count(rig: &mut Rig, keys: &str) -> usize {
    let words = keys.split(' ').filter(|word| !word.is_empty());
    let pressed = words.map(|word| match Key::parse(word) {
        Some(_) => 1,
        None => word.chars().count(),
    });
    let pressed = pressed.sum();
    rig.keys(keys);
    pressed
}

fn field(rig: &Rig, name: &str, key: &str) -> String {
    let book = rig.desk.index().book();
    let one = book.person(rig.person(name)).unwrap();
    let field = jumin::model::field::by_key(key).unwrap();
    let value = one.record.get(field.number);
    value.map_or(String::new(), |value| field.show(&value, Lang::Zh))
}

fn address(rig: &Rig, name: &str) -> String {
    let book = rig.desk.index().book();
    let home = book.home(book.person(rig.person(name)).unwrap());
    home.map_or(String::new(), |home| home.address().to_string())
}

#[test]
fn a_newcomer_takes_45_keys_and_five_stops() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let id = number("19900307", "123");
    // Every stop left with its own key: name, number, phone, address, relation.
    let keys = count(
        &mut rig,
        &format!("ctrl-n 赵小明 enter {id} enter 15412345678 enter 3-2-501 enter F3"),
    );
    assert!(keys <= 45, "{keys} keys:\n{}", rig.screen());
    assert_eq!(field(&rig, "赵小明", "birth"), "1990-03-07");
    assert_eq!(field(&rig, "赵小明", "sex"), "男");
    assert_eq!(field(&rig, "赵小明", "tel"), "15412345678");
    // No estate was typed: there is one with such a door.
    assert_eq!(address(&rig, "赵小明"), "翠湖小区3栋2单元501");
    assert!(rig.screen().contains("已录入 赵小明"), "{}", rig.screen());
    rig.keys("F8");
    let book = rig.desk.index().book();
    assert!(book.people().all(|one| one.name() != "赵小明"));
}

#[test]
fn the_number_says_where_it_was_issued() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明 enter 11010519491231002X F3");
    let region = codes::division("110105").unwrap();
    assert_eq!(field(&rig, "赵小明", "native"), region);
    assert_eq!(field(&rig, "赵小明", "birth"), "1949-12-31");
    assert_eq!(field(&rig, "赵小明", "sex"), "女");
}

#[test]
fn a_name_and_a_room_take_12_keys_and_make_a_draft() {
    // From the search that found nobody, and from the form.
    for keys in ["赵小明8-1-302 enter F3", "ctrl-n 赵小明8-1-302 F3"] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        let pressed = count(&mut rig, keys);
        assert!(pressed <= 12, "{pressed}: {keys}");
        assert_eq!(address(&rig, "赵小明"), "8栋1单元302", "{}", rig.screen());
        assert_eq!(field(&rig, "赵小明", "draft"), "是");
        // The first one there is the head.
        assert_eq!(field(&rig, "赵小明", "relation"), "户主");
    }
}

#[test]
fn a_draft_that_is_completed_is_none_any_more() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明8-1-302 F3 esc esc 赵小明 esc enter");
    let to_birth = |rig: &mut Rig| {
        rig.keys("home");
        let here = |rig: &Rig| {
            rig.screen()
                .lines()
                .any(|one| one.starts_with("reversed") && one.contains("出生日期"))
        };
        for _ in 0..60 {
            if here(rig) {
                return;
            }
            rig.keys("down");
        }
        panic!("{}", rig.screen());
    };
    to_birth(&mut rig);
    rig.keys("enter 1990-03-07 enter");
    assert_eq!(field(&rig, "赵小明", "birth"), "1990-03-07");
    assert_eq!(field(&rig, "赵小明", "draft"), "");
    to_birth(&mut rig);
    rig.keys("enter ctrl-u enter");
    assert_eq!(field(&rig, "赵小明", "draft"), "是");

    // A ledger that knows the birth completes it too.
    rig.keys("esc ctrl-o");
    let path = rig.file("a.csv");
    std::fs::write(&path, "姓名,住址,出生日期\n赵小明,8栋1单元302,1990-03\n").unwrap();
    rig.send(jumin::app::Msg::Paste(path));
    rig.keys("enter F2");
    assert_eq!(field(&rig, "赵小明", "birth"), "1990-03");
    assert_eq!(field(&rig, "赵小明", "draft"), "");
}

#[test]
fn a_family_of_four_takes_110_keys() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let ids: Vec<String> = [
        ("19800307", "123"),
        ("19820901", "124"),
        ("20100512", "125"),
        ("20130611", "126"),
    ]
    .map(|(birth, sequence)| number(birth, sequence))
    .into();
    let keys = count(
        &mut rig,
        &format!(
            "ctrl-n 赵建国{}154123456788-1-302 F2 1孙丽华{} F2 2赵子轩{} F2 3赵雨欣{} F3",
            ids[0], ids[1], ids[2], ids[3]
        ),
    );
    assert!(keys <= 110, "{keys} keys");
    for (name, relation, id) in [
        ("赵建国", "户主", &ids[0]),
        ("孙丽华", "配偶", &ids[1]),
        ("赵子轩", "子", &ids[2]),
        ("赵雨欣", "女", &ids[3]),
    ] {
        assert_eq!(field(&rig, name, "id"), **id, "{name}\n{}", rig.screen());
        assert_eq!(field(&rig, name, "relation"), relation);
        assert_eq!(address(&rig, name), "8栋1单元302");
    }
    assert_eq!(field(&rig, "赵子轩", "tel"), "15412345678(赵建国)");
    let book = rig.desk.index().book();
    let home = |name| book.person(rig.person(name)).unwrap().household();
    assert_eq!(home("赵建国"), home("赵雨欣"));
    // One commit each: three keys take three of them back.
    rig.keys("F8 F8 F8");
    let book = rig.desk.index().book();
    let left = book.people().filter(|one| one.name().starts_with('赵'));
    assert_eq!(left.count(), 1);
}

#[test]
fn a_newcomer_joins_those_who_live_there_or_founds_a_household_apart() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明3-2-501 down down F3");
    rig.keys("ctrl-n 孙丽华3-2-501 F3");
    let book = rig.desk.index().book();
    let home = |name| book.person(rig.person(name)).unwrap().household();
    assert_ne!(home("赵小明"), home("张秀英"));
    assert_eq!(home("孙丽华"), home("张秀英"));
    assert_eq!(address(&rig, "赵小明"), "翠湖小区3栋2单元501");
}

#[test]
fn someone_who_is_here_already_is_named_and_opened() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 张秀 enter 440308199901101512");
    assert!(rig.screen().contains("已在册：张秀英"), "{}", rig.screen());
    let before = rig.desk.index().book().population();
    rig.keys("F3");
    assert_eq!(
        rig.desk.index().book().population(),
        before,
        "it warns first"
    );
    rig.keys("up down enter");
    assert!(matches!(rig.app.screens.active, Screen::Card(_)));
    rig.keys("esc");
    assert!(matches!(rig.app.screens.active, Screen::Form(_)));
    rig.keys("F3 F3");
    assert_eq!(rig.desk.index().book().population(), before + 1);
}

#[test]
fn what_cannot_be_read_is_kept_in_the_note() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明 tab tab 不详 tab tab tab 属猴 F3");
    let note = field(&rig, "赵小明", "note");
    assert!(
        note.contains("出生日期: 属猴") && note.contains("联系电话: 不详"),
        "{note}"
    );
    assert_eq!(field(&rig, "赵小明", "birth"), "");
}

#[test]
fn a_bad_number_is_said_and_saved_all_the_same() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明 enter 339901199003071230");
    assert!(rig.screen().contains("校验位不符"), "{}", rig.screen());
    rig.keys("F3");
    assert_eq!(field(&rig, "赵小明", "id"), "339901199003071230");
}

#[test]
fn codes_are_chosen_by_number_pinyin_and_name() {
    for typed in ["13", "qz", "群众", "１３"] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        rig.keys("ctrl-n 赵小明");
        rig.keys(&"tab ".repeat(12));
        rig.keys(typed);
        rig.keys("F3");
        assert_eq!(field(&rig, "赵小明", "politics"), "群众", "{typed}");
    }
}

#[test]
fn a_name_is_needed_and_nothing_else() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let before = rig.desk.index().book().population();
    rig.keys("ctrl-n tab 3 F3");
    assert_eq!(rig.desk.index().book().population(), before);
    assert!(
        rig.screen().contains("没有姓名不能保存"),
        "{}",
        rig.screen()
    );
    rig.keys("赵小明 F3");
    assert_eq!(rig.desk.index().book().population(), before + 1);
    // An unknown stays unknown.
    assert_eq!(field(&rig, "赵小明", "lives_here"), "");
}

#[test]
fn a_form_that_was_left_is_there_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明 enter 3399 esc");
    assert!(matches!(rig.app.screens.active, Screen::List(_)));
    rig.keys("esc n");
    let screen = rig.screen();
    assert!(
        screen.contains("赵小明") && screen.contains("3399"),
        "{screen}"
    );
    // Another sheet meanwhile, and back to the first.
    rig.keys("F6 孙丽华 F3 ctrl-n");
    assert!(rig.screen().contains("3399"), "{}", rig.screen());
    // Thrown away by the same key twice, it does not come back.
    rig.keys("F7 F7 ctrl-n");
    assert!(!rig.screen().contains("3399"), "{}", rig.screen());
}

#[test]
fn an_undone_entry_is_on_the_form_again() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 赵小明8-1-302 F2 F8");
    let screen = rig.screen();
    assert!(
        screen.contains("赵小明") && screen.contains("8-1-302"),
        "{screen}"
    );
    rig.keys("F3");
    assert_eq!(address(&rig, "赵小明"), "8栋1单元302");
}

#[test]
fn the_card_starts_the_form_with_the_household() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zxy enter ctrl-n 2赵小明 F3");
    let book = rig.desk.index().book();
    let home = |name| book.person(rig.person(name)).unwrap().household();
    assert_eq!(home("赵小明"), home("张秀英"));
    assert_eq!(field(&rig, "赵小明", "relation"), "子");
}

#[test]
fn dates_are_read_in_any_spelling() {
    for typed in [
        "19900307",
        "1990.3.7",
        "1990年3月7日",
        "1990/3/7",
        "１９９０．３．７",
    ] {
        let mut rig = Rig::new(80, 24, Lang::Zh);
        rig.keys("ctrl-n 赵小明 tab tab tab tab tab");
        rig.send(Msg::Paste(typed.into()));
        rig.keys("F3");
        let book = rig.desk.index().book();
        let one = book.person(rig.person("赵小明")).unwrap();
        let want = Date::parse("1990-03-07").map(Value::Date);
        assert_eq!(one.record.get(person::BIRTH), want, "{typed}");
    }
}

#[test]
fn twins_stand_beside_the_form() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 单伟 tab tab tab tab tab 1956-11-02");
    assert!(rig.screen().contains("同名同生日"), "{}", rig.screen());
    rig.keys("F7 F7 ctrl-n 赵小明 tab tab 16012345678");
    assert!(
        rig.screen().contains("张秀英 68 同电话"),
        "{}",
        rig.screen()
    );
}

#[test]
fn a_door_that_several_estates_have_joins_nobody_until_one_is_chosen() {
    let homes = |draft: &mut Draft<'_>, mint: &mut Mint| {
        let one = [("张秀英", "2", "1958-04-12", "02", &[][..])];
        let other = [("李强", "1", "1979-12-31", "02", &[][..])];
        family(draft, mint, ("翠湖小区", "3", "2", "501"), &one);
        family(draft, mint, ("桂花花园", "3", "2", "501"), &other);
    };
    let mut rig = Rig::with(80, 24, Lang::Zh, homes);
    rig.keys("ctrl-n 赵小明3-2-501");
    assert!(rig.screen().contains("几个小区都有"), "{}", rig.screen());
    rig.keys("F3");
    assert_eq!(address(&rig, "赵小明"), "3栋2单元501");
    rig.keys("F8 ctrl-n 赵小明3-2-501 down F3");
    let chosen = address(&rig, "赵小明");
    assert!(chosen.len() > "3栋2单元501".len(), "{chosen}");
    let book = rig.desk.index().book();
    let home = book
        .person(rig.person("赵小明"))
        .unwrap()
        .household()
        .unwrap();
    assert_eq!(book.members(home).len(), 2);
}

#[test]
fn what_was_searched_for_is_kept_before_a_key_is_pressed() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("ctrl-n 孙丽华 esc 赵小明8-1-302 enter");
    let screen = rig.screen();
    assert!(
        screen.contains("赵小明") && screen.contains("另有 1 张"),
        "{screen}"
    );
    let kept = rig.desk.kept(jumin::app::form::sheet::KEPT).unwrap();
    let Done::Kept(_, Some(bytes)) = kept else {
        panic!("{kept:?}");
    };
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("赵小明") && text.contains("孙丽华"), "{text}");
}

/// It is still in the box: a form that was only looked at leaves nothing to be finished.
#[test]
fn what_came_from_the_search_box_alone_is_not_left_behind() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("赵小明8-1-302 enter esc enter");
    assert!(!rig.screen().contains("另有"), "{}", rig.screen());
    rig.keys("16012 esc enter");
    let screen = rig.screen();
    assert!(screen.contains("另有 1 张"), "{screen}");
}
