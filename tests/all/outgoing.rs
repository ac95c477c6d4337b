//! What leaves the register, and what comes in: on record before it is out, with its hash; cleaned
//! before it is kept; and no byte that a terminal obeys in anything that is printed.

use crate::cli::Desk;
use crate::rig::Rig;
use jumin::app::Msg;
use jumin::app::Screen;
use jumin::app::key::Key;
use jumin::app::reveal::FREE;
use jumin::exchange::read;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::field::Kind;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::register::Register;
use jumin::term::clock;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::ops::ControlFlow;

const WHY: [&str; 6] = [
    "--purpose",
    "核对高龄",
    "--to",
    "街道民政科",
    "--basis",
    "1",
];

#[test]
fn a_list_is_on_record_with_the_hash_of_its_file_and_carries_its_purpose() {
    let desk = Desk::with_demo();
    for ending in ["csv", "json", "xlsx", "txt"] {
        let path = desk.path(&format!("名单.{ending}"));
        let file = path.to_str().unwrap();
        let mut args = vec!["list", "age:60..", "-o", file, "--unmasked"];
        args.extend(WHY);
        let said = desk.run(&args);
        assert_eq!(said.code, 0, "{}", said.err);
        let bytes = fs::read(&path).unwrap();
        let hash = Sha256::digest(&bytes)
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let sent = desk.done(&["log", "--exports", "--limit", "1"]);
        for part in [
            &hash,
            "核对高龄",
            "街道民政科",
            "法定职责",
            "全文",
            "name,sex,age",
        ] {
            assert!(sent.contains(part), "{ending}: {part}\n{sent}");
        }
        let rows = format!("导出 {} 人", desk.count("age:60.."));
        assert!(sent.contains(&rows), "{rows}\n{sent}");
        // The head that was said then still holds.
        let (_, head) = said.err.split_once("到 ").unwrap();
        let is_head = |c: &char| c.is_ascii_hexdigit() || *c == '-';
        let head: String = head.chars().take_while(is_head).collect();
        let checked = desk.done(&["check", "--head", &head]);
        assert!(checked.contains("相符"), "{checked}");
        if ending != "xlsx" {
            let text = String::from_utf8(bytes).unwrap();
            for part in ["核对高龄", "街道民政科", "法定职责", "王芳"] {
                assert!(text.contains(part), "{ending}: {part}");
            }
        }
        if ending == "txt" {
            continue;
        }
        // Its own heading does not spoil the way back: everyone is known, nobody is new.
        let back = desk.run(&["import", file, "--dry-run", "--json"]);
        let json: serde_json::Value = serde_json::from_str(back.out.trim()).unwrap();
        let counts = json.to_string();
        assert_eq!(json["counts"]["new"], 0, "{ending}: {counts}");
        assert_eq!(json["counts"]["rejected"], 0, "{ending}: {counts}");
    }
    let wrong = desk.run(&["check", "--head", "1-0000000000000000"]);
    assert_eq!(wrong.code, 1, "{}", wrong.out);
    assert!(wrong.err.contains("不符"), "{}", wrong.err);
}

#[test]
fn a_list_leaves_the_screen_on_a_basis_of_ones_own_words() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    let path = rig.file("名单.csv");
    rig.keys("ctrl-e").keys(&path).keys("enter");
    rig.keys("核对高龄 enter 街道民政科 enter 自己 enter");
    // Nothing said is nothing taken.
    rig.keys("enter");
    assert!(rig.screen().contains("法律依据"), "{}", rig.screen());
    rig.keys("街道来函 enter");
    let text = fs::read_to_string(&path).unwrap();
    for part in ["用途：核对高龄", "交给：街道民政科", "依据：街道来函"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn without_a_record_there_is_no_file() {
    let desk = Desk::with_demo();
    let path = desk.path("名单.csv");
    let file = path.to_str().unwrap();
    // Whole values need a purpose and a receiver.
    for lacking in [&WHY[..2], &WHY[2..4]] {
        let mut args = vec!["list", "-o", file, "--unmasked"];
        args.extend(lacking);
        desk.refused(&args);
        assert!(!path.exists());
    }
    // A file that cannot be written is on record all the same: the record comes first.
    let nowhere = desk.path("没有/名单.csv");
    let said = desk.run(&["list", "-o", nowhere.to_str().unwrap()]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(desk.done(&["log", "--exports"]).contains("名单.csv"));
    // A journal that takes nothing more: no file.
    let journal = find(&desk.register(), "jnl");
    let mut bytes = fs::read(&journal).unwrap();
    bytes[100] ^= 1;
    fs::write(&journal, bytes).unwrap();
    let said = desk.run(&["list", "-o", file]);
    assert_ne!(said.code, 0, "{}", said.out);
    assert!(!path.exists());
    let checked = desk.run(&["check"]);
    assert_eq!(checked.code, 1, "{}", checked.out);
    assert!(checked.out.contains("里的提交 1 坏了"), "{}", checked.out);
}

fn find(dir: &std::path::Path, ending: &str) -> std::path::PathBuf {
    let mut waiting = vec![dir.to_owned()];
    while let Some(dir) = waiting.pop() {
        for path in fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|one| one == ending) {
                return path;
            }
        }
    }
    panic!("no {ending}");
}

#[test]
fn who_has_looked_at_a_person_is_told() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let ledger = desk.path("a.csv");
    fs::write(
        &ledger,
        "姓名,联系电话\n张三,16412345678\n李四,16412345679\n",
    )
    .unwrap();
    desk.done(&["import", ledger.to_str().unwrap(), "--yes"]);
    desk.done(&["show", "张三"]);
    let path = desk.path("一人.csv");
    desk.done(&[
        "list",
        "张三",
        "-o",
        path.to_str().unwrap(),
        "--to",
        "网格员",
    ]);
    let about = desk.done(&["log", "--about", "张三"]);
    assert!(
        about.contains("全部资料") && about.contains("一人.csv"),
        "{about}"
    );
    assert!(about.contains("网格员"), "{about}");
    let other = desk.done(&["log", "--about", "李四"]);
    assert!(
        !other.contains("全部资料") && !other.contains("一人.csv"),
        "{other}"
    );
}

#[test]
fn many_looks_ask_for_a_reason_and_it_is_kept() {
    let mut rig = Rig::new(80, 24, Lang::Zh);
    rig.keys("zxy enter");
    let who = rig.person("张秀英");
    to_secret(&mut rig);
    for look in 0..FREE {
        rig.keys("space");
        assert!(
            matches!(rig.app.screens.active, Screen::Card(_)),
            "look {look}"
        );
    }
    rig.keys("space");
    assert!(
        matches!(rig.app.screens.active, Screen::Prompt(_)),
        "{}",
        rig.screen()
    );
    rig.keys("enter");
    assert!(
        matches!(rig.app.screens.active, Screen::Prompt(_)),
        "an empty reason is none"
    );
    rig.keys("核对补贴 enter");
    assert!(matches!(rig.app.screens.active, Screen::Card(_)));
    rig.keys("F7");
    let screen = rig.screen();
    assert!(
        screen.contains("谁看过张秀英") && screen.contains("核对补贴"),
        "{screen}"
    );
    rig.keys("esc");
    let looks = rig.app.looks.len();
    assert_eq!(looks, FREE + 1);
    // Ten minutes later nobody asks.
    rig.wait(11 * 60 * 1000);
    rig.keys("space");
    assert!(
        matches!(rig.app.screens.active, Screen::Card(_)),
        "{}",
        rig.screen()
    );
    let kept = rig.app.screens.all().find_map(|screen| match screen {
        Screen::Card(card) if card.person == who => Some(&card.history),
        _ => None,
    });
    let reasons = kept
        .unwrap()
        .iter()
        .filter(|one| matches!(&one.act, Act::Look { reason: Some(why), .. } if why == "核对补贴"));
    assert_eq!(reasons.count(), 1);
}

/// Puts the cursor on the first row that has something to reveal.
fn to_secret(rig: &mut Rig) {
    for _ in 0..60 {
        rig.send(Msg::Key(Key::parse("space").unwrap()));
        if rig.app.revealed.is_some() {
            rig.app.looks.clear();
            return;
        }
        rig.keys("down");
    }
    panic!("nothing to reveal: {}", rig.screen());
}

/// What a terminal would obey, in the ways in which it can be written.
const OBEYED: &str = "\u{1b}[2J\u{9b}31m\u{1b}]0;x\u{7}\u{202e}\u{2066}\u{200b}\u{feff}\0\u{85}";

/// Whether a terminal would obey anything in what was printed.
fn obeyed(text: &str) -> Option<char> {
    let turns = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars()
        .find(|c| turns(*c) || (c.is_control() && *c != '\n'))
}

#[test]
fn no_record_makes_a_terminal_obey() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let now = clock::now();
    let (mut register, _) = Register::open(&desk.register(), "王芳", now, &mut |_| {}).unwrap();
    let mut mint = register.mint(now);
    let (who, home, dwelling) = (mint.person(), mint.household(), mint.dwelling());
    let (claim, visit) = (mint.assertion().subject(), mint.uuid());
    let mut draft = Draft::new(register.index().book());
    // As if an older version had let it in: past every reader, into every field.
    for field in field::FIELDS {
        let id = match field.table {
            Table::Person => who.0,
            Table::Household => home.0,
            Table::Dwelling => dwelling.0,
            Table::Assertion => claim.id,
            Table::Visit => visit,
            Table::Category | Table::View | Table::Setting => continue,
        };
        let text = format!("坏{OBEYED}{}", field.key);
        let value = match field.kind {
            Kind::Text | Kind::Code(_) => Value::Text(text),
            Kind::IdNumber => Value::IdNumber(text),
            Kind::Phones => Value::Phones(vec![Phone {
                number: text.clone(),
                label: Some(text),
            }]),
            Kind::Words => Value::Words(vec![text]),
            Kind::Link(Table::Household) => Value::Link(home.0),
            Kind::Link(Table::Dwelling) => Value::Link(dwelling.0),
            Kind::Link(_) if field.key == "merged" => continue,
            Kind::Link(_) => Value::Link(who.0),
            Kind::Date | Kind::Flag | Kind::Number => continue,
        };
        let subject = Subject {
            table: field.table,
            id,
        };
        draft.set(subject, field.number, Some(value));
    }
    let view = Subject {
        table: Table::View,
        id: mint.uuid(),
    };
    draft.set(
        view,
        jumin::model::view::ZH,
        Some(Value::Text(format!("坏{OBEYED}"))),
    );
    draft.set(
        view,
        jumin::model::view::QUERY,
        Some(Value::Text(format!("age:{OBEYED}"))),
    );
    let changes = draft.finish();
    let act = Act::Classify {
        what: format!("+{OBEYED}"),
        people: 1,
    };
    register.commit(act, changes, now).unwrap();
    drop(register);
    let every: Vec<&str> = field::FIELDS
        .iter()
        .filter(|one| {
            matches!(
                one.table,
                Table::Person | Table::Household | Table::Dwelling
            )
        })
        .map(|one| one.key)
        .collect();
    let columns = every.join(",");
    let bad = format!("坏{OBEYED}");
    let shown = bad.replace('\0', "");
    let commands: [&[&str]; 20] = [
        &["list", "--columns", &columns],
        &[
            "list",
            "--columns",
            &columns,
            "--unmasked",
            "--purpose",
            &shown,
            "--to",
            &shown,
        ],
        &["list", "--format", "csv", "--columns", &columns],
        &["list", "--format", "json"],
        &["list", "--notice-board", "--title", &shown],
        &["show", "坏"],
        &["log"],
        &["log", "坏"],
        &["log", "--about", "坏"],
        &["log", "--exports"],
        &["count", "--by", "category"],
        &["count", "--by", "employer,job"],
        &["dup"],
        &["set", "坏", &format!("note={shown}")],
        &["classify", "坏", "+E6"],
        &["count", &shown],
        &["list", &format!("age:{shown}")],
        &["show", &shown],
        &["form", "list"],
        &["id", &shown],
    ];
    for args in commands {
        let said = desk.run(args);
        for (way, text) in [("out", &said.out), ("err", &said.err)] {
            let found = obeyed(&text.replace("\r\n", "\n"));
            assert_eq!(found, None, "{args:?} {way}: {text:?}");
        }
    }
}

#[test]
fn what_comes_in_is_cleaned() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let ledger = desk.path("a.csv");
    let text = OBEYED.replace('\0', "");
    fs::write(&ledger, format!("姓名,备注\n张{text}三,老{text}党员\n")).unwrap();
    desk.done(&["import", ledger.to_str().unwrap(), "--yes"]);
    let path = desk.path("b.csv");
    desk.done(&["set", "张", &format!("job=门{text}卫"), "--yes"]);
    let mut args = vec!["list", "-o", path.to_str().unwrap(), "--purpose"];
    let purpose = format!("核{text}对");
    args.extend([purpose.as_str(), "--to", &purpose, "--basis", &purpose]);
    desk.done(&args);
    let (register, _) =
        Register::open(&desk.register(), "王芳", clock::now(), &mut |_| {}).unwrap();
    let one = register.index().book().people().next().unwrap();
    assert_eq!(obeyed(one.name()), None);
    let note = one.record.text(jumin::model::person::NOTE).unwrap();
    assert!(note.ends_with("老[2J31m]0;x党员"), "{note}");
    assert_eq!(
        one.record.text(jumin::model::person::JOB),
        Some("门[2J31m]0;x卫")
    );
    let sent = register.sent(1).unwrap();
    let Act::Send(sent) = &sent[0].act else {
        panic!("{sent:?}");
    };
    let clean = Some("核[2J31m]0;x对".to_owned());
    assert_eq!(
        (&sent.purpose, &sent.receiver, &sent.basis),
        (&clean, &clean, &clean)
    );
    assert_eq!(
        obeyed(
            &fs::read_to_string(&path)
                .unwrap()
                .replace(['\r', '\u{feff}'], "")
        ),
        None
    );
    // The mark above the rows is no row.
    let source = read::read(&path, &mut |_, _| ControlFlow::Continue(())).unwrap();
    drop(source);
}
