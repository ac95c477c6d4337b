//! People entered twice, on screen and on the command line: found, made one, parted again.

use crate::cli::Desk;
use crate::rig::Rig;
use crate::rig::community;
use crate::rig::family;
use jumin::model::Lang;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::value::Value;

/// The community, with 单伟 entered once more under a homophone, at another door.
fn twice(draft: &mut Draft<'_>, mint: &mut Mint) {
    community(draft, mint);
    let note = (person::NOTE, Value::Text("耳背".into()));
    let former = (person::FORMER_EMPLOYER, Value::Text("农机厂".into()));
    family(
        draft,
        mint,
        ("翠湖小区", "9", "1", "101"),
        &[("单玮", "1", "1956-11-02", "02", &[note, former])],
    );
    family(
        draft,
        mint,
        ("翠湖小区", "9", "1", "102"),
        &[
            ("王芳", "2", "1981-03", "02", &[]),
            ("李强", "1", "1979-12-31", "11", &[]),
        ],
    );
}

fn rig(width: u16, height: u16) -> Rig {
    Rig::with(width, height, Lang::Zh, twice)
}

fn living(rig: &Rig) -> usize {
    rig.desk.index().book().population()
}

#[test]
fn the_pairs_and_the_two_side_by_side() {
    let mut rig = rig(80, 24);
    rig.keys("ctrl-d");
    insta::assert_snapshot!("pairs-80x24-zh", rig.screen());
    rig.keys("F12");
    insta::assert_snapshot!("pairs-80x24-en", rig.screen());
    rig.keys("F12 down enter");
    insta::assert_snapshot!("merge-80x24-zh", rig.screen());
    rig.keys("F12");
    insta::assert_snapshot!("merge-80x24-en", rig.screen());
    let mut wide = Rig::with(120, 40, Lang::Zh, twice);
    wide.keys("ctrl-d enter");
    insta::assert_snapshot!("merge-120x40-zh", wide.screen());
}

#[test]
fn a_duplicate_is_merged_in_three_keys() {
    let mut rig = rig(80, 24);
    let before = living(&rig);
    let found = rig.desk.index().pairs().len();
    rig.keys("ctrl-d enter enter");
    assert_eq!(living(&rig), before - 1);
    assert!(rig.screen().contains("已并为一人"), "{}", rig.screen());
    assert_eq!(rig.desk.index().pairs().len(), found - 1);
    rig.keys("F8");
    assert_eq!(living(&rig), before);
}

#[test]
fn what_is_taken_is_chosen_field_by_field_and_the_record_that_stays_too() {
    let mut rig = rig(80, 24);
    rig.keys("单玮 ctrl-d");
    rig.keys("enter");
    assert!(rig.screen().contains("单玮"), "{}", rig.screen());
    // The first line is the name; the other one's is taken.
    rig.keys("space enter");
    let book = rig.desk.index().book();
    let one = book
        .people()
        .find(|one| !book.aliases(one.id).is_empty())
        .unwrap();
    let names = [
        one.name(),
        book.person(book.aliases(one.id)[0]).unwrap().name(),
    ];
    assert_eq!(names[0], names[1], "the one took the other's name");
    let (id, told) = (one.id, one.record.text(person::NOTE).map(str::to_owned));
    assert_eq!(told.as_deref(), Some("耳背"));
    // On the card the two are parted again, also after an edit.
    let name = names[0].to_owned();
    rig.keys("esc esc backspace");
    rig.keys(&format!("/ {name} enter"));
    assert!(rig.screen().contains(&name), "{}", rig.screen());
    assert!(rig.screen().contains("并入的记录"), "{}", rig.screen());
    rig.keys("ctrl-u");
    insta::assert_snapshot!("part-80x24-zh", rig.screen());
    rig.keys("enter");
    let book = rig.desk.index().book();
    assert_eq!(book.aliases(id), []);
    let names: Vec<&str> = book
        .people()
        .map(|one| one.name())
        .filter(|name| name.starts_with('单'))
        .collect();
    assert!(
        names.contains(&"单伟") && names.contains(&"单玮"),
        "{names:?}"
    );
    rig.keys("ctrl-u");
    assert!(rig.screen().contains("没有并入过"), "{}", rig.screen());
}

#[test]
fn two_who_are_not_one_are_not_asked_about_again() {
    let mut rig = rig(80, 24);
    let (before, found) = (living(&rig), rig.desk.index().pairs().len());
    rig.keys("ctrl-d delete");
    assert_eq!(rig.desk.index().pairs().len(), found - 1);
    assert!(rig.screen().contains("不是同一人"), "{}", rig.screen());
    rig.keys("F8");
    assert_eq!(rig.desk.index().pairs().len(), found);
    rig.keys("enter delete");
    assert_eq!(
        (living(&rig), rig.desk.index().pairs().len()),
        (before, found - 1)
    );
}

#[test]
fn two_who_are_marked_stand_side_by_side() {
    let mut rig = rig(80, 24);
    let before = living(&rig);
    rig.keys("仇阿婆 | 欧阳小雨 esc space space ctrl-d");
    let screen = rig.screen();
    assert!(
        screen.contains("仇阿婆") && screen.contains("欧阳小雨") && screen.contains("保留"),
        "{screen}"
    );
    let stays = |rig: &Rig| {
        let text = rig.screen();
        text.find("仇阿婆") < text.find("欧阳小雨")
    };
    let first = stays(&rig);
    rig.keys("tab");
    assert_ne!(stays(&rig), first);
    rig.keys("esc");
    assert_eq!(living(&rig), before);
}

#[test]
fn the_command_lists_merges_and_parts() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    std::fs::write(
        desk.path("a.csv"),
        "姓名,性别,出生日期,身份证号,住址\n单伟,男,1956-11-02,,3栋2单元501\n单玮,男,1956-11-02,,9栋1单元101\n仇阿婆,女,1939-09-01,,3栋1单元102\n",
    )
    .unwrap();
    desk.done(&["import", desk.path("a.csv").to_str().unwrap(), "--yes"]);
    let listed = desk.done(&["dup"]);
    assert!(
        listed.contains("名字同音 · 同一天出生") && listed.contains("单玮"),
        "{listed}"
    );
    assert!(!listed.contains("仇阿婆"), "{listed}");
    let wrong = desk.run(&["dup", "--merge", "2", "--yes"]);
    assert_eq!(wrong.code, 1);
    let merged = desk.done(&["dup", "--merge", "1", "--yes"]);
    assert!(merged.contains("● "), "{merged}");
    assert_eq!(desk.done(&["count"]).trim(), "2");
    assert!(desk.done(&["dup"]).contains("没有发现"));
    // The ledger that had both leads to the one person, by either name.
    desk.done(&["import", desk.path("a.csv").to_str().unwrap(), "--yes"]);
    assert_eq!(desk.done(&["count"]).trim(), "2");
    let kept = ["单伟", "单玮"]
        .into_iter()
        .find(|name| desk.run(&["show", name]).code == 0)
        .unwrap();
    desk.done(&["set", kept, "文化程度=高中", "--yes"]);
    desk.done(&["dup", "--part", kept, "--yes"]);
    assert_eq!(desk.done(&["count"]).trim(), "3");
    assert_eq!(desk.done(&["count", "edu:高中"]).trim(), "1");
    assert!(
        desk.done(&["dup"]).contains("没有发现"),
        "said not to be one"
    );
}
