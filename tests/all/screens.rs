//! Every screen as a person sees it, in both languages.

use crate::rig::Rig;
use jumin::model::Lang;

/// A screen after some keys, in both languages, at a size.
fn both(name: &str, (width, height): (u16, u16), keys: &str) {
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut rig = Rig::new(width, height, lang);
        rig.keys(keys);
        insta::assert_snapshot!(format!("{name}-{width}x{height}-{suffix}"), rig.screen());
    }
}

#[test]
fn the_list() {
    both("list", (80, 24), "");
    both("list", (120, 40), "");
    both("list-too-small", (59, 15), "");
    both("list-table", (80, 24), "down down esc space space");
    both("list-query", (80, 24), "age:60.. F3");
    both("list-fault", (80, 24), "agee:50");
    both("list-incomplete", (80, 24), "age:");
    both("list-nobody", (80, 24), "没有这个人");
    both("list-near", (80, 24), "山伟");
    both("list-near-table", (80, 24), "欧阳晓雨 esc");
    both("list-completion", (80, 24), "tui");
}

#[test]
fn the_boxes() {
    both("help", (80, 24), "F1");
    both("palette", (80, 24), "F9 undo");
    both("views", (80, 24), "F5");
    both("order", (80, 24), "F6");
    both("category", (80, 24), "esc +");
    both("bulk-preview", (80, 24), "3栋 F3 7");
    both("prompt", (80, 24), "ctrl-o");
}

#[test]
fn the_first_run() {
    for (lang, suffix) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        let mut rig = Rig::first_run(80, 24, lang);
        insta::assert_snapshot!(format!("welcome-80x24-{suffix}"), rig.screen());
        rig.keys("4");
        insta::assert_snapshot!(format!("welcome-open-80x24-{suffix}"), rig.screen());
    }
}

#[test]
fn popups_keep_their_borders_over_hanzi() {
    let mut rig = Rig::new(81, 24, Lang::Zh);
    rig.keys("F5");
    let screen = rig.screen();
    let inside = |line: &&str| !line.contains('└');
    let boxed = screen
        .lines()
        .skip_while(|line| !line.contains('┌'))
        .skip(1)
        .take_while(inside);
    let rows: Vec<&str> = boxed.collect();
    let whole = |line: &&str| line.matches('│').count() >= 2;
    assert!(rows.len() > 10 && rows.iter().all(whole), "{screen}");
}

#[test]
fn the_sort_screen() {
    both("sort", (80, 24), "F2");
    both("sort", (120, 40), "F2 space");
    both("sort-toggled", (80, 24), "3栋 F2 F6 V enter space 1 3");
    both("sort-axes", (80, 24), "F2 F6");
    both("sort-end", (80, 24), "zxy F2 9");
}

#[test]
fn the_card() {
    both("card", (80, 24), "zxy enter");
    both("card", (120, 40), "zxy enter + E6 enter tab tab");
    both("card-blank", (80, 24), "zxy enter tab down down");
}

#[test]
fn the_form() {
    both("form", (80, 24), "ctrl-n");
    both(
        "form",
        (120, 40),
        "ctrl-n 单伟 enter 1956 tab tab tab tab 1956-11-02",
    );
    both("form-choices", (80, 24), "zxy enter ctrl-n");
    both("form-address", (80, 24), "ctrl-n 赵小明3-2-501");
    both(
        "form-here",
        (80, 24),
        "ctrl-n 赵小明 enter 440308199901101512",
    );
    both("form-bad-id", (80, 24), "ctrl-n 赵小明339901199003071230");
}
