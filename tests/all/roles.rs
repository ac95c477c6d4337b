//! The one table of roles, held against every way out: no hidden value leaves by any outlet, and
//! what is masked leaves only masked.

mod office;

use crate::cli::Desk;
use crate::cli::Said;
use crate::rig::Rig;
use crate::roles::office::CLAIMS;
use crate::roles::office::NAME;
use crate::roles::office::WORKERS;
use crate::roles::office::fields;
use crate::roles::office::office;
use crate::roles::office::secret;
use crate::roles::office::sentinel;
use jumin::app::Msg;
use jumin::app::key::Key;
use jumin::model::Lang;
use jumin::model::field;
use jumin::model::field::Masking;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::role::Role;
use jumin::model::role::Sight;
use jumin::register::Register;
use jumin::store::keys;
use jumin::term::clock;
use secrecy::SecretString;
use std::io::Read;
use std::path::Path;

fn run(desk: &Desk, worker: &str, args: &[&str]) -> Said {
    desk.run_as(worker, &secret(worker), args)
}

/// The text of a file: of a workbook, of all its parts.
fn content(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(&bytes)) else {
        return String::from_utf8(bytes).unwrap();
    };
    let mut all = String::new();
    for at in 0..archive.len() {
        archive
            .by_index(at)
            .unwrap()
            .read_to_string(&mut all)
            .unwrap();
    }
    all
}

/// What must not be in a text, and what may: every closely kept thing by how it reads, with how
/// much the role may see of it there.
fn secrets(role: Role, whole: bool) -> Vec<(String, Sight)> {
    let eyes = if whole { role.open_eyes() } else { role.eyes() };
    let kept = fields().filter(|field| field.masking != Masking::Open);
    let values = kept.map(|field| (sentinel(field).1, eyes.field(field)));
    let claims = CLAIMS
        .iter()
        .map(|(_, sensitivity, evidence)| ((*evidence).to_owned(), eyes.category(*sensitivity)));
    values.chain(claims).collect()
}

/// A ledger that says something else of everything that is closely kept.
fn strife(desk: &Desk) -> String {
    let ledger = desk.path("strife.csv");
    let number = sentinel(field::by_key("id").unwrap()).1;
    let rows = format!(
        "姓名,出生日期,现住址,身份证号,联系电话,户籍地址,健康状况,残疾人证号,备注\n\
         {NAME},1949-12-31,试验小区3栋2单元501,,13800001111,别处1栋,1,620399990000,别的\n\
         {NAME},,,{number},13800001111,,1,,\n"
    );
    std::fs::write(&ledger, rows).unwrap();
    ledger.to_str().unwrap().to_owned()
}

fn keeps(outlet: &str, text: &str, role: Role, whole: bool) {
    for (secret, sight) in secrets(role, whole) {
        let leaks = sight != Sight::Clear && text.contains(&secret);
        assert!(!leaks, "{role:?}, {outlet}: {secret} is {sight:?}\n{text}");
    }
    if role == Role::View {
        for hint in [
            "健康状况",
            "残疾人证号",
            "\"health\"",
            "\"disability\"",
            "哨视图",
            "W1",
            "X5",
        ] {
            assert!(!text.contains(hint), "{role:?}, {outlet}: {hint}\n{text}");
        }
    }
}

#[test]
fn no_hidden_value_leaves_by_any_command() {
    let desk = office();
    // A list has no columns of visits.
    let listed = fields().filter(|field| field.table != Table::Visit);
    let keys: Vec<&str> = listed.map(|field| field.key).collect();
    let open = |role: Role| {
        let lexicon = |key: &&str| {
            let field = field::by_key(key).unwrap();
            role.field(field) != Sight::Hidden
        };
        let keys: Vec<&str> = keys.iter().copied().filter(lexicon).collect();
        format!("name,cat,address,{}", keys.join(","))
    };
    let health = field::by_key("health").unwrap();
    let ledger = strife(&desk);
    for (worker, role) in WORKERS {
        let columns = open(role);
        let printed: [&[&str]; 21] = [
            &["list", "--columns", &columns],
            &["list"],
            &["list", "--format", "csv", "--columns", &columns],
            &["list", "--format", "json"],
            &["list", "--format", "text", "--columns", &columns],
            &["list", "--notice-board", "--columns", &columns],
            &["show", NAME],
            &["log"],
            &["log", NAME],
            &["log", "--about", NAME],
            &["log", "--exports"],
            &["count"],
            &["count", "--by", "category"],
            &["count", "--by", "category,age"],
            &["dup"],
            &["set", NAME, "note=新"],
            &["classify", NAME, "+E7"],
            &["dup", "--merge", "1"],
            &["purge", "list"],
            &["import", &ledger, "--dry-run"],
            &["import", &ledger, "--dry-run", "--json"],
        ];
        for args in printed {
            let said = run(&desk, worker, args);
            keeps(&args.join(" "), &(said.out + &said.err), role, false);
        }
        for (ending, whole) in [
            ("csv", false),
            ("json", false),
            ("xlsx", false),
            ("txt", false),
            ("csv", true),
            ("json", true),
            ("xlsx", true),
            ("txt", true),
        ] {
            let path = desk.path(&format!("{worker}-{whole}.{ending}"));
            let mut args = vec!["list", "-o", path.to_str().unwrap(), "--columns", &columns];
            if whole {
                args.extend(["--unmasked", "--purpose", "核对", "--to", "街道办"]);
            }
            let said = run(&desk, worker, &args);
            if whole && !role.reveals() {
                assert_eq!(said.code, 1, "{}", said.err);
                assert!(said.err.contains("看不到全文") && !path.exists());
                continue;
            }
            assert_eq!(said.code, 0, "{}", said.err);
            let text = content(&path);
            keeps(ending, &text, role, whole);
            let notes = fields().filter(|field| field.table == Table::Visit);
            let tells = |field| text.contains(&sentinel(field).1);
            let told = notes
                .map(tells)
                .all(|told| told == (whole && ending == "json"));
            assert!(told, "{role:?}, {ending}: visits\n{text}");
            // The test can see what it looks for: whole values are there.
            for (secret, sight) in secrets(role, whole) {
                // JSON has codes, and lists do not tell the evidence.
                let is_code = ending == "json" && secret == sentinel(health).1;
                let is_value = !secret.starts_with("哨据") && !is_code;
                let seen = !is_value || sight != Sight::Clear || text.contains(&secret);
                assert!(seen, "{role:?}, {ending}: {secret} is not there\n{text}");
            }
        }
    }
}

#[test]
fn what_a_role_may_not_see_it_cannot_ask_for() {
    let desk = office();
    let hidden = [
        "disability:any",
        "health:any",
        "-disability:none",
        "cat:W1",
        "低保",
        "+W1",
        "hh(health:any)",
        "男 | 低保",
        "@哨视图",
        "src:哨据",
        "since:2020..",
        "suggest:W1",
        "-(age:60.. 低保)",
        "X5",
    ];
    for query in hidden {
        let refused = run(&desk, "赵敏", &["count", query]);
        assert_eq!(refused.code, 1, "{query}: {}{}", refused.out, refused.err);
        assert!(refused.err.contains("不能查询"), "{query}: {}", refused.err);
        let allowed = run(&desk, "王芳", &["count", query]);
        assert_eq!(allowed.code, 0, "{query}: {}", allowed.err);
    }
    assert_eq!(run(&desk, "李强", &["count", "低保"]).out.trim(), "1");
    assert_eq!(run(&desk, "李强", &["count", "X5"]).code, 1);
    // A text is looked for only where the role may read it.
    let number = sentinel(field::by_key("disability").unwrap()).1;
    let text = format!("\"{number}\"");
    assert_eq!(run(&desk, "赵敏", &["count", &text]).out.trim(), "0");
    assert_eq!(run(&desk, "王芳", &["count", &text]).out.trim(), "1");
    let column = run(&desk, "赵敏", &["list", "--columns", "name,health"]);
    assert!(
        column.code == 1 && column.err.contains("权限看不到"),
        "{}",
        column.err
    );
}

#[test]
fn who_may_only_look_is_refused_before_anything_is_filled_in() {
    let desk = office();
    let ledger = desk.path("a.csv");
    std::fs::write(&ledger, "姓名\n李四\n").unwrap();
    let acts: [&[&str]; 5] = [
        &["import", ledger.to_str().unwrap(), "--dry-run"],
        &["classify", NAME, "+E7", "--yes"],
        &["set", NAME, "note=新", "--yes"],
        &["undo"],
        &["dup", "--merge", "1", "--yes"],
    ];
    for args in acts {
        let said = run(&desk, "赵敏", args);
        assert_eq!(said.code, 1, "{args:?}: {}{}", said.out, said.err);
        assert!(said.err.contains("只能看"), "{args:?}: {}", said.err);
        assert_eq!(said.out, "", "{args:?}");
    }
}

/// What would lack the hidden part is not made by whoever does not see it.
#[test]
fn what_takes_all_of_the_register_is_refused_to_who_does_not_see_all() {
    let desk = office();
    let place = desk.path("a.age");
    let acts: [&[&str]; 3] = [
        &["check"],
        &["doctor"],
        &["backup", place.to_str().unwrap()],
    ];
    for args in acts {
        let said = run(&desk, "赵敏", args);
        assert_eq!(said.code, 1, "{args:?}: {}{}", said.out, said.err);
        assert!(
            said.err.contains("打不开居民册里"),
            "{args:?}: {}",
            said.err
        );
        assert_eq!(said.out, "", "{args:?}");
        let said = run(&desk, "李强", args);
        assert_eq!(said.code, 0, "{args:?}: {}{}", said.out, said.err);
    }
    let quick = run(&desk, "赵敏", &["check", "--quick"]);
    assert_eq!(quick.code, 0, "{}{}", quick.out, quick.err);
}

/// Opens the office as one of the workers, on a screen.
fn sit_down(desk: &Desk, worker: &str, width: u16, height: u16) -> Rig {
    let dir = desk.register();
    let key = keys::unlock(&dir, worker, &SecretString::from(secret(worker))).unwrap();
    let (register, _) =
        Register::open_with(&dir, worker, crate::rig::moment(0), Some(key), &mut |_| {}).unwrap();
    Rig::of(register, width, height, Lang::Zh)
}

/// Every screen that a worker can walk to, each step with its picture.
const WALKS: [&str; 16] = [
    "",
    "F3 down down",
    "esc F5",
    "enter",
    "欧阳 tab",
    "哨",
    "残 tab",
    "is: tab",
    "ctrl-t 欧阳 enter",
    "esc ctrl-g",
    "esc ctrl-r",
    "F9",
    "esc ctrl-d",
    "esc ctrl-d enter",
    "esc ctrl-b",
    "esc F4",
];

#[test]
fn no_hidden_value_leaves_by_any_screen() {
    let desk = office();
    for (worker, role) in WORKERS {
        let mut rig = sit_down(&desk, worker, 160, 50);
        let who = rig.person(NAME);
        for walk in WALKS {
            rig.keys(walk);
            keeps(walk, &rig.screen(), role, false);
            rig.keys("esc esc esc esc");
        }
        if role.alters() {
            let ledger = strife(&desk);
            rig.keys("ctrl-o");
            rig.send(Msg::Paste(ledger));
            rig.keys("enter");
            assert!(rig.screen().contains("冲突 2"), "{}", rig.screen());
            for step in ["", "end", "up", "enter", "down", "enter", "esc"] {
                rig.keys(step);
                keeps("import", &rig.screen(), role, false);
            }
            rig.keys("esc esc");
        }
        rig.keys(&format!("/ ctrl-u {NAME} enter"));
        let mut seen = String::new();
        for _ in 0..90 {
            let screen = rig.screen();
            keeps("card", &screen, role, false);
            seen.push_str(&screen);
            rig.keys("down");
        }
        let note = |key| sentinel(field::by_key(key).unwrap()).1;
        for text in ["note", "visit_note", "visit_need", "visit_action"].map(note) {
            assert!(seen.contains(&text), "{text}: {seen}");
        }
        assert_eq!(seen.contains("残疾人证号"), role != Role::View);
        // What the role may see whole is shown after a look, and only then.
        rig.keys("home");
        for _ in 0..90 {
            rig.keys("space");
            let screen = rig.screen();
            let shown = |name: &str| {
                let field = field::by_key(name).unwrap();
                screen.contains(&sentinel(field).1)
            };
            if role == Role::View {
                keeps("a look", &screen, role, false);
            }
            if shown("id") {
                seen.clear();
            }
            rig.keys("down");
        }
        assert_eq!(seen.is_empty(), role != Role::View, "{role:?}");
        drop(rig);
        let register = Register::open_with(
            &desk.register(),
            worker,
            clock::now(),
            Some(
                keys::unlock(
                    &desk.register(),
                    worker,
                    &SecretString::from(secret(worker)),
                )
                .unwrap(),
            ),
            &mut |_| {},
        );
        let looks = register.unwrap().0.looks(who, 500).unwrap();
        assert_eq!(
            looks.is_empty(),
            role == Role::View && worker == "赵敏" && looks.is_empty()
        );
    }
}

#[test]
fn keys_that_would_alter_are_refused_to_who_may_only_look() {
    let desk = office();
    let mut rig = sit_down(&desk, "赵敏", 100, 30);
    rig.keys("esc");
    for key in [
        "F2", "ctrl-n", "ctrl-o", "ctrl-s", "+", "ctrl-b", "F4", "F11", "F8",
    ] {
        rig.send(Msg::Key(Key::parse(key).unwrap_or_else(|| Key::char('+'))));
        assert!(rig.screen().contains("只能看"), "{key}: {}", rig.screen());
        assert_eq!(rig.app.screens.below.len(), 0, "{key}");
    }
    rig.keys("enter enter");
    assert!(rig.screen().contains("只能看"), "{}", rig.screen());
    assert_eq!(rig.app.screens.below.len(), 1);
    assert!(
        !rig.desk
            .index()
            .is_in(rig.person(NAME), &CategoryCode("E7".into()))
    );
    let note = rig.desk.index().book().person(rig.person(NAME)).unwrap();
    assert_eq!(note.record.text(person::NOTE), Some("哨note"));
    drop(rig);
    // Who enters removes nobody.
    let mut rig = sit_down(&desk, "李强", 100, 30);
    rig.keys("esc alt-delete");
    assert!(rig.screen().contains("权限 manage"), "{}", rig.screen());
}
