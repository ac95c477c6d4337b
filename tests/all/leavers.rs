//! Those who left long ago: told on the first screen, listed, removed from the list, brought back.

use crate::pty;
use crate::rig::Rig;
use crate::rig::moment;
use jumin::app::Effect;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field::FieldNo;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Value;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

/// A desk where 李强 left long ago, 单伟 lately and 仇阿婆 nobody knows when.
fn desk() -> Rig {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let mut draft = Draft::new(rig.desk.index().book());
    for (name, left) in [
        ("李强", Some((2020, 3, 1))),
        ("单伟", Some((2026, 3, 1))),
        ("仇阿婆", None),
    ] {
        let who = rig.person(name).subject();
        draft.set(who, person::LIFE, Some(Value::Code("2".into())));
        let date = left.and_then(|(year, month, day)| Date::new(year, month, day));
        draft.set(who, person::LIFE_DATE, date.map(Value::Date));
    }
    let effect = Effect::Commit(Act::Edit, draft.finish());
    let mut watch = |_, _| ControlFlow::Continue(());
    let said = rig.desk.perform(effect, moment(2), Lang::Zh, &mut watch);
    rig.send(said);
    rig
}

/// All that is known of everyone.
fn everyone(rig: &Rig) -> Vec<(PersonId, Vec<(FieldNo, Value)>)> {
    let people = rig.desk.index().book().people();
    let known = people.map(|one| {
        let values = one.record.iter();
        let values = values.map(|(field, value)| (field, value.owned()));
        (one.id, values.collect())
    });
    known.collect()
}

fn name(rig: &Rig, id: PersonId) -> Option<String> {
    let person = rig.desk.index().book().person(id);
    person.map(|one| one.name().to_owned())
}

#[test]
fn who_left_long_ago_is_listed_and_anonymised_and_brought_back() {
    let mut rig = desk();
    let who = rig.person("李强");
    let before = everyone(&rig);
    rig.keys("alt-x");
    let screen = rig.screen();
    assert!(
        screen.contains("该清除的 1 人") && screen.contains("1 / "),
        "{screen}"
    );
    assert!(screen.contains("李强") && !screen.contains("单伟") && !screen.contains("仇阿婆"));
    rig.keys("* alt-delete");
    assert!(rig.screen().contains("离开的 1 人"), "{}", rig.screen());
    rig.keys("enter");
    assert!(rig.screen().contains("将匿名 1 人"), "{}", rig.screen());
    assert_eq!(name(&rig, who).as_deref(), Some("李强"), "only a preview");
    rig.keys("enter");
    assert!(rig.screen().contains("已匿名 1 人"), "{}", rig.screen());
    assert_eq!(name(&rig, who).as_deref(), Some("已匿名"));
    rig.keys("alt-x");
    assert!(rig.screen().contains("没有该清除的"), "{}", rig.screen());
    rig.keys("F8");
    assert!(rig.screen().contains("李强"), "{}", rig.screen());
    assert_eq!(everyone(&rig), before);
}

#[test]
fn whoever_left_is_removed_altogether_and_brought_back() {
    let mut rig = desk();
    let who = rig.person("单伟");
    let before = everyone(&rig);
    rig.keys("is:moved esc * alt-delete down enter");
    assert!(rig.screen().contains("将清除 3 人"), "{}", rig.screen());
    rig.keys("esc");
    assert_eq!(name(&rig, who).as_deref(), Some("单伟"));
    rig.keys("alt-delete down enter enter");
    assert!(rig.screen().contains("已清除 3 人"), "{}", rig.screen());
    assert_eq!(name(&rig, who), None);
    rig.keys("F8");
    assert_eq!(everyone(&rig), before);
}

#[test]
fn nobody_on_the_rolls_is_removed() {
    let mut rig = desk();
    let who = rig.person("张秀英");
    rig.keys("张秀英 esc alt-delete");
    assert!(rig.screen().contains("还在册"), "{}", rig.screen());
    assert_eq!(rig.app.screens.below.len(), 0);
    assert!(name(&rig, who).is_some());
}

fn run(dir: &Path, args: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_jumin"))
        .args(args)
        .env("HOME", dir)
        .env("LANG", "zh_CN.UTF-8")
        .env("JUMIN_WORKER", "王芳")
        .env("JUMIN_REGISTER", dir.join("register"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{args:?}: {done:?}");
}

#[test]
fn the_first_screen_tells_of_backups_and_of_who_left_long_ago() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    run(dir, &["init", "--open"]);
    // Nothing is in it that could be lost.
    let mut desk = pty::Desk::open(dir, &[]);
    desk.shows("册里还没有人").lacks("备份").leave();
    let ledger = dir.join("ledger.csv");
    std::fs::write(&ledger, "姓名\n钱伯年\n").unwrap();
    run(dir, &["import", ledger.to_str().unwrap(), "--yes"]);
    let mut desk = pty::Desk::open(dir, &[]);
    desk.shows("还没有备份过").lacks("该清除").leave();
    run(dir, &["set", "钱伯年", "life_date=2020-01-01", "--yes"]);
    run(dir, &["set", "钱伯年", "life=2", "--yes"]);
    let mut desk = pty::Desk::open(dir, &[]);
    desk.shows("1 人离开满期").shows("还没有备份过");
    desk.press("\x1bx").shows("钱伯年").leave();
}

#[test]
fn whoever_left_is_told_of_where_nobody_answers() {
    let mut rig = desk();
    rig.keys("单伟");
    assert!(
        rig.screen().contains("已不在册的有 1 人"),
        "{}",
        rig.screen()
    );
    rig.keys("ctrl-u 李四");
    assert!(!rig.screen().contains("已不在册"), "{}", rig.screen());
    rig.keys("ctrl-u 单伟 space life:any");
    let screen = rig.screen();
    assert!(
        screen.contains("单伟") && !screen.contains("已不在册"),
        "{screen}"
    );
}
