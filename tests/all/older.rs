//! An older copy of a register that is put back in its place is told, on a computer that saw more.

use crate::cli::Desk;
use std::fs;
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Puts a copy where the register is.
fn put_back(copy_of: &Path, register: &Path) {
    fs::remove_dir_all(register).unwrap();
    copy(copy_of, register);
}

fn is_told(desk: &Desk) -> bool {
    let said = desk.run(&["count"]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.err.contains("这台电脑见过这册")
}

fn set(desk: &Desk, nation: &str) -> String {
    let said = desk.run(&["set", "age:60..", &format!("民族={nation}"), "--yes"]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.err
}

#[test]
fn an_older_copy_is_told_until_somebody_works_in_it() {
    let desk = Desk::with_demo();
    let (before, after) = (desk.path("before"), desk.path("after"));
    set(&desk, "02");
    copy(&desk.register(), &before);
    assert!(!is_told(&desk));
    set(&desk, "03");
    copy(&desk.register(), &after);
    assert!(!is_told(&desk));
    put_back(&before, &desk.register());
    let said = desk.run(&["count"]).err;
    assert!(said.contains("第 4 次动作，眼前这份只到第 3 次"), "{said}");
    assert!(is_told(&desk), "every time");
    put_back(&after, &desk.register());
    assert!(!is_told(&desk), "the newer one was found");
    put_back(&before, &desk.register());
    assert!(set(&desk, "05").contains("这台电脑见过这册"));
    assert!(!is_told(&desk), "somebody has worked in it");
    put_back(&after, &desk.register());
    assert!(is_told(&desk), "it went another way");
}

#[test]
fn new_keys_are_no_older_copy_and_the_one_before_them_is() {
    let desk = Desk::with_demo();
    let before = desk.path("before");
    copy(&desk.register(), &before);
    assert!(!is_told(&desk));
    let sealed = desk.run_as("王芳", "a long enough secret", &["seal"]);
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    let said = desk.run_as("王芳", "a long enough secret", &["count"]);
    assert_eq!(
        (said.code, said.err.contains("见过这册")),
        (0, false),
        "{}",
        said.err
    );
    put_back(&before, &desk.register());
    assert!(is_told(&desk));
}
