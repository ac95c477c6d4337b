//! Every command of the real binary: what it prints, what it says, how it ends.

use assert_cmd::Command;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::draft::Draft;
use jumin::model::visit::Call;
use jumin::model::visit::Outcome;
use jumin::model::visit::file;
use jumin::register::Register;
use jumin::term::clock;
use jumin::words::Words;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::process::Stdio;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// Every command, as `--help` is asked of it.
const COMMANDS: [&str; 15] = [
    "demo",
    "init",
    "key",
    "import",
    "list",
    "form",
    "count",
    "show",
    "classify",
    "undo",
    "log",
    "id",
    "check",
    "completions",
    "man",
];

/// A user's own folders, and nobody's environment.
pub struct Desk {
    home: TempDir,
}

/// How a command ended, what it printed and what it said beside.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn new() -> Desk {
        Desk {
            home: TempDir::new().unwrap(),
        }
    }

    /// A desk whose register is a small made-up community.
    pub fn with_demo() -> Desk {
        let desk = Desk::new();
        let dir = desk.register();
        let made = desk.run(&[
            "--register",
            dir.to_str().unwrap(),
            "demo",
            "--residents",
            "300",
        ]);
        assert_eq!(made.code, 0, "{}", made.err);
        desk
    }

    /// Logs a visit to everyone of this name; to how many.
    fn log_visit(&self, outcome: Outcome, name: &str) -> usize {
        let now = clock::now();
        let (mut register, _) = Register::open(&self.register(), "王芳", now, &mut |_| {}).unwrap();
        let (mut mint, book) = (register.mint(now), register.index().book());
        let named = book.people().filter(|one| one.name() == name);
        let people: Vec<_> = named.map(|one| one.id).collect();
        let call = Call {
            date: now.today,
            time: None,
            worker: "王芳",
            outcome,
            verified: false,
            household: None,
            more: &[],
        };
        let mut draft = Draft::new(book);
        file(&mut draft, &people, &call, &mut mint);
        let act = Act::Visit {
            result: outcome.code().into(),
            verified: false,
            people: people.len() as u64,
        };
        let changes = draft.finish();
        register.commit(act, changes, now).unwrap();
        people.len()
    }

    pub fn register(&self) -> PathBuf {
        self.home.path().join("register")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jumin"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("JUMIN_REGISTER", self.register())
            .env("JUMIN_WORKER", "王芳")
            .env("LANG", "zh_CN.UTF-8")
            .env("RUST_BACKTRACE", "0");
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        said(self.command().args(args))
    }

    /// Runs a command as a worker of a sealed register.
    pub fn run_as(&self, worker: &str, secret: &str, args: &[&str]) -> Said {
        let mut command = self.command();
        command
            .env("JUMIN_WORKER", worker)
            .args(["--passphrase-fd", "0"]);
        said(command.args(args).write_stdin(format!("{secret}\n")))
    }

    /// Runs a command in the user's own folder.
    pub fn run_at_home(&self, args: &[&str]) -> Said {
        said(self.command().current_dir(self.home.path()).args(args))
    }

    /// Runs a command that must end well and returns what it printed.
    pub fn done(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Runs a command that must be refused as wrong input and returns what it said.
    pub fn refused(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 1, "{args:?}: {}{}", said.out, said.err);
        said.err
    }

    /// How many commits there are.
    fn commits(&self) -> usize {
        self.done(&["log", "--limit", "1000"]).lines().count() - 1
    }

    pub fn count(&self, query: &str) -> usize {
        self.done(&["count", query]).trim().parse().unwrap()
    }

    fn is_clean(&self) {
        let out = self.done(&["check"]);
        assert!(out.contains("日志、检查点、存储和索引一致"), "{out}");
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The longest run of digits in a text.
fn longest_number(text: &str) -> usize {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    runs.map(str::len).max().unwrap_or(0)
}

#[test]
fn help_has_words_for_every_command_in_both_languages() {
    let desk = Desk::new();
    for (lang, usage) in [("zh", "用法："), ("en", "Usage:")] {
        let whole = desk.done(&["--lang", lang, "--help"]);
        for command in COMMANDS {
            assert!(whole.contains(command), "{command} is not in the help");
            let help = desk.done(&[command, "--help", &format!("--lang={lang}")]);
            assert!(help.contains(usage), "{help}");
            assert!(!help.contains("[cli-"), "{command} lacks words: {help}");
        }
    }
}

#[test]
fn the_language_follows_the_locale_unless_told() {
    let desk = Desk::new();
    for (locale, args, want) in [
        ("en_US.UTF-8", &["--help"][..], "Usage:"),
        ("zh_CN.UTF-8", &["--help"], "用法："),
        ("C.UTF-8", &["--help"], "用法："),
        ("en_US.UTF-8", &["--help", "--lang", "zh"], "用法："),
    ] {
        let said = said(desk.command().env("LANG", locale).args(args));
        assert!(said.out.contains(want), "{locale} {args:?}: {}", said.out);
    }
}

#[test]
fn every_word_that_the_code_asks_for_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = vec![root.join("cli.rs")];
    for dir in ["cli", "cli/import"] {
        sources.extend(
            fs::read_dir(root.join(dir))
                .unwrap()
                .map(|entry| entry.unwrap().path()),
        );
    }
    let mut asked = 0;
    for path in sources.iter().filter(|path| path.is_file()) {
        let text = fs::read_to_string(path).unwrap();
        for piece in text.split("\"cli-").skip(1) {
            let key = format!("cli-{}", piece.split('"').next().unwrap());
            if key.contains('{') {
                continue;
            }
            asked += 1;
            for lang in [Lang::Zh, Lang::En] {
                assert!(Words::new(lang).has(&key), "{key} has no words");
            }
        }
    }
    assert!(asked > 100, "only {asked} keys were found");
}

#[test]
fn wrong_input_is_answered_with_what_and_what_to_do() {
    let desk = Desk::with_demo();
    let before = desk.commits();
    for (args, what) in [
        (&["lst"][..], "没有“lst”这个命令"),
        (&["list", "党员", "--nothing"], "没有“--nothing”这个选项"),
        (&["list", "--formt", "csv"], "没有“--formt”这个选项"),
        (&["list", "--unmasked"], "还缺：--purpose"),
        (&["list", "--columns", "name,foo"], "没有“foo”这一列"),
        (&["list", "--sort", "shoe"], "shoe"),
        (&["list", "--format", "pdf"], "--format"),
        (&["demo", "--residents", "many"], "不能是“many”"),
        (&["count", "--by", "shoe"], "不能按“shoe”统计"),
        (&["count", "--by", "sex,age,building"], "一项或两项"),
        (&["classify", "3栋", "V1", "--yes"], "“V1”不是类别改动"),
        (&["classify", "3栋", "+党元", "--yes"], "党员"),
        (
            &["classify", "3栋", "+V1", "--since", "昨天", "--yes"],
            "“昨天”不是日期",
        ),
        (&["show", "查无此人"], "没有人符合"),
        (&["undo", "zzzzzzzz"], "没有叫 zzzzzzzz 的提交"),
        (&["import", "nowhere.xlsx"], "nowhere.xlsx"),
        (&["init"], "不是空的"),
        (&[], "终端"),
    ] {
        let said = desk.refused(args);
        assert!(said.contains(what), "{args:?}: {said}");
        assert!(
            said.lines().count() > 1,
            "{args:?} says nothing to do: {said}"
        );
    }
    assert_eq!(desk.commits(), before, "a refusal was put on record");
}

#[test]
fn a_fault_in_a_query_is_pointed_at_by_cells() {
    let desk = Desk::with_demo();
    let said = desk.refused(&["list", "党员 agee:50.."]);
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].contains("是不是 age"), "{said}");
    assert_eq!(lines[1], "  党员 agee:50..");
    let carets = lines[2].find('^').unwrap();
    assert_eq!(carets, "  党员 ".width(), "{said}");
    assert!(
        desk.refused(&["--lang", "en", "count", "(党员"])
            .contains("opened here")
    );
}

#[test]
fn a_register_that_is_not_there_is_wrong_input() {
    let desk = Desk::new();
    for command in ["list", "count", "log", "check", "undo"] {
        let said = desk.refused(&[command]);
        assert!(
            said.contains("没有居民册") && said.contains("jumin init"),
            "{said}"
        );
    }
    assert!(!desk.register().exists());
}

#[test]
fn init_starts_an_empty_register_once() {
    let desk = Desk::new();
    let out = desk.done(&["init", "--open"]);
    assert!(out.contains("个类别") && out.contains("import"), "{out}");
    assert_eq!(desk.count(""), 0);
    desk.is_clean();
    desk.refused(&["init"]);
    assert_eq!(desk.commits(), 1);
}

/// Runs a command that reads passphrases from its standard input, a line each.
fn with_passphrases(desk: &Desk, args: &[&str], lines: &str) -> Said {
    let mut command = desk.command();
    command
        .args(["--passphrase-fd", "0"])
        .args(args)
        .write_stdin(lines);
    said(&mut command)
}

#[test]
fn a_sealed_register_opens_with_a_passphrase_and_with_the_sheet() {
    let desk = Desk::new();
    let refused = desk.refused(&["init"]);
    assert!(refused.contains("--passphrase-fd"), "{refused}");
    assert!(!desk.register().exists());
    let run = |args: &[&str], lines: &str| with_passphrases(&desk, args, lines);
    let short = run(&["init"], "short\n");
    assert_eq!(short.code, 1);
    assert!(short.err.contains("太短") && !desk.register().exists());
    let made = run(&["init"], "山水之间 long enough\n");
    assert_eq!(made.code, 0, "{}", made.err);
    let line = made
        .out
        .lines()
        .find(|line| line.contains("AGE-SECRET-KEY-1"));
    let paper = line.unwrap().trim().to_owned();
    // Nobody gets in without one, or with a wrong one; the right one and the sheet open it.
    let closed = desk.refused(&["count"]);
    assert!(closed.contains("加密"), "{closed}");
    let wrong = run(&["count"], "some other passphrase\n");
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("打不开"), "{}", wrong.err);
    for secret in ["山水之间 long enough", &paper] {
        let counted = run(&["count"], &format!("{secret}\n"));
        assert_eq!(counted.code, 0, "{}", counted.err);
    }
    // A second worker who may only look, then no more.
    let lines = "山水之间 long enough\nanother long passphrase\n";
    let added = run(&["key", "add", "李强", "--role", "view"], lines);
    assert_eq!(added.code, 0, "{}", added.err);
    let listed = desk.done(&["key", "list"]);
    assert!(
        listed.contains("李强") && listed.contains("只看"),
        "{listed}"
    );
    let as_other = |args: &[&str]| {
        let mut command = desk.command();
        command
            .env("JUMIN_WORKER", "李强")
            .args(["--passphrase-fd", "0"])
            .args(args)
            .write_stdin("another long passphrase\n");
        said(&mut command)
    };
    assert_eq!(as_other(&["count"]).code, 0);
    let ledger = sample(&desk, "ledger-sample.csv");
    let import = as_other(&["import", ledger.to_str().unwrap(), "--yes"]);
    assert_eq!(import.code, 1, "{}", import.err);
    assert!(import.err.contains("只能看"), "{}", import.err);
    let removed = run(&["key", "remove", "李强"], "山水之间 long enough\n");
    assert_eq!(removed.code, 0, "{}", removed.err);
    assert_eq!(as_other(&["count"]).code, 1);
}

/// Backed up, tried, restored elsewhere with a newcomer's passphrase; then rekeyed.
#[test]
fn a_sealed_register_goes_into_a_backup_and_comes_out_again() {
    let desk = Desk::new();
    let run = |args: &[&str], lines: &str| with_passphrases(&desk, args, lines);
    let secret = "山水之间 long enough\n";
    let made = run(&["init"], secret);
    let line = made
        .out
        .lines()
        .find(|line| line.contains("AGE-SECRET-KEY-1"));
    let paper = format!("{}\n", line.unwrap().trim());
    let ledger = sample(&desk, "ledger-sample.csv");
    assert_eq!(
        run(&["import", ledger.to_str().unwrap(), "--yes"], secret).code,
        0
    );
    let people = run(&["count"], secret).out;
    assert_eq!(run(&["backup"], secret).code, 1, "nobody said where");
    let folder = desk.path("stick");
    fs::create_dir(&folder).unwrap();
    let backed = run(&["backup", "--auto", folder.to_str().unwrap()], secret);
    assert_eq!(backed.code, 0, "{}", backed.err);
    let file = fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let file = file.to_str().unwrap();
    assert!(
        file.ends_with(".age") && backed.out.contains(file),
        "{}",
        backed.out
    );
    let checked = run(&["check", "--quick"], secret);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.out.contains(file) && checked.out.contains("还没有试过"));
    let wrong = run(&["restore", file], "AGE-SECRET-KEY-1\n");
    assert_eq!(wrong.code, 1, "{}", wrong.err);
    let tried = run(&["restore", file], &paper);
    assert_eq!(tried.code, 0, "{}", tried.err);
    assert!(
        !run(&["check", "--quick"], secret)
            .out
            .contains("还没有试过")
    );
    let into = desk.path("again");
    let into = into.to_str().unwrap();
    let lines = format!("{paper}a newcomer's passphrase\n");
    let restored = run(&["restore", file, into], &lines);
    assert_eq!(restored.code, 0, "{}", restored.err);
    let count = ["--register", into, "count"];
    assert_eq!(run(&count, "a newcomer's passphrase\n").out, people);
    assert_eq!(run(&count, &paper).out, people);
    assert_eq!(run(&count, secret).code, 1);
    // Rekeyed: Li gets no key, and the founder another passphrase.
    let lines = format!("{secret}the passphrase of Li\n");
    assert_eq!(run(&["key", "add", "李强"], &lines).code, 0);
    let lines = format!("{secret}another long passphrase\n\n");
    let rekeyed = run(&["key", "rekey"], &lines);
    assert_eq!(rekeyed.code, 0, "{}", rekeyed.err);
    assert!(rekeyed.out.contains("李强"), "{}", rekeyed.out);
    assert_eq!(run(&["count"], "another long passphrase\n").out, people);
    assert_eq!(run(&["count"], secret).code, 1);
    assert_eq!(run(&["doctor"], "another long passphrase\n").code, 0);
}

#[test]
fn an_open_register_is_sealed_in_place_by_one_command() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let secret = "山水之间 long enough\n";
    let sealed = with_passphrases(&desk, &["seal"], secret);
    assert_eq!(sealed.code, 0, "{}", sealed.err);
    assert!(sealed.out.contains("AGE-SECRET-KEY-1"), "{}", sealed.out);
    assert_eq!(with_passphrases(&desk, &["seal"], secret).code, 1);
    assert_eq!(with_passphrases(&desk, &["check"], secret).code, 0);
    assert!(desk.refused(&["count"]).contains("加密"));
}

#[test]
fn a_register_opened_elsewhere_is_a_matter_of_the_disk() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let opened = Register::open(&desk.register(), "李强", clock::now(), &mut |_| {}).unwrap();
    let said = desk.run(&["list"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(said.err.contains("正在别处打开"), "{}", said.err);
    drop(opened);
    desk.done(&["list"]);
}

#[test]
fn demo_makes_one_community_in_its_own_folder() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let first = desk.run(&["demo", "--residents", "200", "--seed", "7"]);
    assert_eq!(first.code, 0, "{}", first.err);
    for want in [
        "位居民",
        "户",
        "还没有分类",
        "demo-200-7",
        "list 独居老人",
        "L6",
    ] {
        assert!(first.out.contains(want), "{want}: {}", first.out);
    }
    assert!(first.err.contains("200"), "{}", first.err);
    assert_eq!(desk.count(""), 0, "the demo went into the user's register");
    let again = desk.run(&["demo", "--residents", "200", "--seed", "7"]);
    assert_eq!((again.code, again.out.as_str()), (0, first.out.as_str()));
    assert_eq!(again.err, "", "the community was made a second time");
}

#[test]
fn demo_writes_a_ledger_that_imports_whole() {
    let desk = Desk::new();
    let ledger = desk.path("made-up.csv");
    let file = ledger.to_str().unwrap();
    desk.done(&["demo", "--residents", "300", "--ledger", file]);
    let text = std::fs::read_to_string(&ledger).unwrap();
    assert_eq!(text.lines().count(), 301);
    desk.done(&["init", "--open"]);
    desk.done(&["import", file, "--yes"]);
    assert_eq!(desk.count(""), 300);
    assert!(desk.count("党员") > 0, "the categories were left behind");
}

#[test]
fn demo_leaves_another_register_alone() {
    let (started, other) = (Desk::new(), Desk::with_demo());
    started.done(&["init", "--open"]);
    for desk in [started, other] {
        let register = desk.register();
        let before = desk.commits();
        let said = desk.refused(&[
            "--register",
            register.to_str().unwrap(),
            "demo",
            "--residents",
            "9",
        ]);
        assert!(said.contains("另一册居民册"), "{said}");
        assert_eq!(desk.commits(), before);
    }
}

#[test]
fn count_is_a_number_or_a_table_that_adds_up() {
    let desk = Desk::with_demo();
    let everyone = desk.count("");
    assert!((290..=300).contains(&everyone), "{everyone}");
    assert_eq!(
        desk.count("sex:男") + desk.count("sex:女") + desk.count("sex:none"),
        everyone
    );
    for by in ["sex", "age", "building", "性别", "edu"] {
        let out = desk.done(&["count", "--by", by]);
        let numbers: Vec<usize> = out.lines().skip(1).map(last_number).collect();
        let (total, parts) = numbers.split_last().unwrap();
        assert_eq!(
            (*total, parts.iter().sum::<usize>()),
            (everyone, everyone),
            "{by}: {out}"
        );
    }
    let crossed = desk.done(&["count", "--by", "building,sex"]);
    let widths: Vec<usize> = crossed.lines().map(UnicodeWidthStr::width).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{crossed}");
    assert!(crossed.contains("翠湖小区1栋"), "{crossed}");
    assert_eq!(last_number(crossed.lines().last().unwrap()), everyone);
    let categories = desk.done(&["count", "--by", "category"]);
    let party = categories
        .lines()
        .find(|line| line.starts_with("P1 "))
        .unwrap();
    assert_eq!(last_number(party), desk.count("党员"));
}

fn last_number(line: &str) -> usize {
    line.split_whitespace()
        .last()
        .unwrap()
        .replace(',', "")
        .parse()
        .unwrap()
}

#[test]
fn list_is_masked_until_a_purpose_is_given_and_then_on_record() {
    let desk = Desk::with_demo();
    let masked = desk.run(&["list", "age:60.."]);
    assert_eq!(masked.code, 0);
    assert_eq!(masked.out.lines().count() - 1, desk.count("age:60.."));
    assert!(
        masked
            .err
            .contains(&format!("{} 人", desk.count("age:60.."))),
        "{}",
        masked.err
    );
    assert!(longest_number(&masked.out) < 11, "{}", masked.out);
    let before = desk.commits();
    let whole = desk.done(&[
        "list",
        "age:60..",
        "--unmasked",
        "--purpose",
        "核对社保",
        "--to",
        "社保所",
    ]);
    assert_eq!(longest_number(&whole), 18);
    assert_eq!(desk.commits(), before + 1);
    assert!(desk.done(&["log"]).contains("核对社保"));
}

#[test]
fn list_goes_to_a_file_in_the_form_that_its_ending_names() {
    let desk = Desk::with_demo();
    let people = desk.count("党员");
    let before = desk.commits();
    for (name, check) in [("list.csv", people + 1), ("list.jsonl", people)] {
        let path = desk.path(name);
        let said = desk.run(&["list", "党员", "-o", path.to_str().unwrap()]);
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
        assert_eq!(
            fs::read_to_string(path).unwrap().lines().count(),
            check,
            "{name}"
        );
    }
    let book = desk.path("list.xlsx");
    desk.done(&["list", "党员", "-o", book.to_str().unwrap()]);
    assert!(fs::read(book).unwrap().starts_with(b"PK"));
    assert_eq!(desk.commits(), before + 3, "each export is on record");
    assert_eq!(
        desk.done(&["list", "党员", "--format", "json"])
            .lines()
            .count(),
        people
    );
    let nowhere = desk.run(&["list", "-o", "/no/such/folder/list.csv"]);
    // The folder is the worker's to name.
    assert_eq!(nowhere.code, 1, "{}", nowhere.err);
    assert!(
        nowhere.err.contains("/no/such/folder/list.csv"),
        "{}",
        nowhere.err
    );
}

#[test]
fn list_takes_columns_order_and_those_of_a_view() {
    let desk = Desk::with_demo();
    let ages = desk.done(&["list", "age:18..", "--columns", "age,name", "--sort", "age"]);
    let numbers: Vec<usize> = ages
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().next().unwrap().parse().unwrap())
        .collect();
    assert!(numbers.len() > 100 && numbers.is_sorted(), "{ages}");
    let called = |columns| desk.done(&["list", "age:90..", "--columns", columns]);
    let (names, keys) = ("姓名,年龄,住址,电话,类别", "name,age,address,tel,cat");
    assert_eq!(called(names), called(keys));
    assert_eq!(called("Name,Age,Address,Phone,Category"), called(keys));
    let view = desk.done(&["list", "@再就业对象"]);
    assert!(view.lines().next().unwrap().contains("求职"), "{view}");
    let left_out = desk.done(&["count", "-党员"]);
    assert_eq!(last_number(&left_out) + desk.count("党员"), desk.count(""));
}

#[test]
fn show_tells_one_person_whole_and_names_several() {
    let desk = Desk::with_demo();
    let several = desk.refused(&["show", "党员"]);
    assert!(
        several.contains("人符合") && several.lines().count() > 3,
        "{several}"
    );
    let (name, place) = someone(&desk);
    let out = desk.done(&["show", &format!("={name} {place}")]);
    for want in [name.as_str(), "资料", "类别", "同户", "所在名单", "自动"] {
        assert!(out.contains(want), "{want}: {out}");
    }
    assert!(longest_number(&out) < 11, "{out}");
    let english = desk.done(&["--lang", "en", "show", &format!("={name} {place}")]);
    assert!(
        english.contains("Categories") && english.contains("derived"),
        "{english}"
    );
}

/// A name and an address that mean one person.
fn someone(desk: &Desk) -> (String, String) {
    let list = desk.done(&[
        "list",
        "age:60..",
        "--columns",
        "name,b,u,room",
        "--format",
        "csv",
    ]);
    let one = list
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>());
    let found = one
        .map(|cells| (cells[0].to_owned(), cells[1..].join("-")))
        .find(|(name, place)| desk.run(&["count", &format!("={name} {place}")]).out.trim() == "1");
    found.unwrap()
}

#[test]
fn classify_asks_first_and_is_one_commit_and_one_undo() {
    let desk = Desk::with_demo();
    let (before, were) = (desk.commits(), desk.count("志愿者"));
    let said = desk.run(&["classify", "1栋", "+V1"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("+V1 志愿者"), "no preview: {}", said.out);
    assert!(said.err.contains("--yes"), "{}", said.err);
    assert_eq!((desk.commits(), desk.count("志愿者")), (before, were));
    let args = [
        "classify",
        "1栋",
        "+志愿者",
        "--yes",
        "--since",
        "2026-03",
        "--evidence",
        "报名表",
    ];
    let done = desk.done(&args);
    assert!(done.contains("jumin undo"), "{done}");
    assert_eq!(desk.commits(), before + 1);
    assert_eq!(desk.count("1栋 -志愿者"), 0);
    assert!(desk.count("志愿者 src:报名表") > 0);
    assert!(
        desk.done(&args).contains("将归入 0 人"),
        "a second time does nothing"
    );
    assert_eq!(desk.commits(), before + 1);
    desk.is_clean();
    desk.done(&["undo"]);
    assert_eq!(desk.count("志愿者"), were);
    desk.done(&["classify", "", "-V1", "--yes"]);
    assert_eq!(desk.count("志愿者"), 0);
    desk.is_clean();
}

#[test]
fn set_shows_what_changes_and_is_one_commit_and_one_undo() {
    let desk = Desk::with_demo();
    let (before, were) = (desk.commits(), desk.count("edu:60"));
    let said = desk.run(&["set", "1栋", "文化程度=高中"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("-> 普通高中"), "no preview: {}", said.out);
    assert_eq!((desk.commits(), desk.count("edu:60")), (before, were));
    desk.done(&["set", "1栋", "edu=高中", "--yes"]);
    assert_eq!(desk.commits(), before + 1);
    assert_eq!(desk.count("1栋 edu:60"), desk.count("1栋"));
    let again = desk.done(&["set", "1栋", "edu=60", "--yes"]);
    assert!(again.contains("将改动 0 人"), "{again}");
    desk.is_clean();
    desk.done(&["undo"]);
    assert_eq!(desk.count("edu:60"), were);
    desk.done(&["set", "1栋", "edu=", "--yes"]);
    assert_eq!(desk.count("1栋 edu:60,61,70,71,80,81,20,21,30,31"), 0);
    // What would make people one another, what is no fact, and what makes no sense.
    for (fact, told) in [
        ("name=张三", "不能一起改"),
        ("身份证号=1", "不能一起改"),
        ("edu", "项=值"),
        ("birth=1990", "不能一起改"),
        ("arrived=昨天", "看不懂的日期"),
    ] {
        let said = desk.run(&["set", "1栋", fact, "--yes"]);
        assert_eq!(said.code, 1, "{fact}");
        assert!(said.err.contains(told), "{fact}: {}", said.err);
    }
    let masked = desk.run(&["set", "1栋", "tel=15400001111"]);
    assert_eq!(longest_number(&masked.out), 4, "{}", masked.out);
}

#[test]
fn undo_takes_back_the_commit_that_is_named() {
    let desk = Desk::with_demo();
    let were = desk.count("志愿者");
    desk.done(&["classify", "1栋", "+V1", "--yes"]);
    desk.done(&["classify", "2栋", "+V2", "--yes"]);
    let log = desk.done(&["log"]);
    let line = log.lines().find(|line| line.contains("+V1")).unwrap();
    assert!(line.contains("王芳"), "{line}");
    let name = line.split_whitespace().next().unwrap();
    assert!(desk.done(&["undo", name]).contains(name));
    assert_eq!(desk.count("志愿者"), were);
    assert!(desk.refused(&["undo", name]).contains("已经撤销过"));
    let log = desk.done(&["log"]);
    assert!(
        log.lines()
            .any(|line| line.contains("+V1") && line.contains("已撤销")),
        "{log}"
    );
}

#[test]
fn log_of_a_person_tells_what_changed() {
    let desk = Desk::with_demo();
    let (name, place) = someone(&desk);
    let who = format!("={name} {place}");
    desk.done(&["classify", &who, "+V2", "--yes"]);
    let log = desk.done(&["log", &who]);
    assert!(log.contains("+V2"), "{log}");
    assert!(log.contains("居民代表"), "{log}");
    assert!(longest_number(&log) < 11, "{log}");
}

#[test]
fn visits_are_shown_listed_and_logged() {
    let desk = Desk::with_demo();
    let seen = desk.done(&[
        "list",
        "verified:any",
        "--columns",
        "name,b,u,room,seen,verified",
        "--format",
        "csv",
    ]);
    let (head, rows) = seen.split_once('\n').unwrap();
    assert!(
        head.ends_with("上次见面,上次核实\r") || head.ends_with("上次见面,上次核实"),
        "{head}"
    );
    let row: Vec<&str> = rows.lines().next().unwrap().trim_end().split(',').collect();
    let (day, who) = (row[4], format!("={} {}", row[0], row[1..4].join("-")));
    assert!(day.len() == 10 && day.starts_with("20"), "{seen}");
    let out = desk.done(&["show", &who]);
    for want in ["上次见面", day, "见到本人", "核实无变化"] {
        assert!(out.contains(want), "{want}: {out}");
    }
    let logged = desk.log_visit(Outcome::NotIn, row[0]);
    let log = desk.done(&["log"]);
    assert!(log.contains(&format!("走访 {logged} 人：未遇")), "{log}");
    let own = desk.done(&["log", &who]);
    assert!(own.contains("走访结果: 未遇"), "{own}");
    let english = desk.done(&["--lang", "en", "show", &who]);
    assert!(
        english.contains("Last verified") && english.contains("nothing changed"),
        "{english}"
    );
}

#[test]
fn id_tells_what_a_number_says() {
    let desk = Desk::new();
    let good = desk.done(&["id", "110101195603010014"]);
    for want in ["18 位", "正确", "1956-03-01", "男", "东城区"] {
        assert!(good.contains(want), "{want}: {good}");
    }
    let bad = desk.run(&["id", "110101195603010013"]);
    assert_eq!(bad.code, 1);
    assert!(bad.out.contains("应为 4"), "{}", bad.out);
    assert!(
        desk.done(&["--lang", "en", "id", "110101195603010014"])
            .contains("right")
    );
    assert!(desk.refused(&["id", "无"]).contains("不是号码"));
}

#[test]
fn completions_and_man_are_made_for_every_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            desk.done(&["completions", shell]).contains("classify"),
            "{shell}"
        );
    }
    desk.refused(&["completions", "cmd.exe"]);
    let man = desk.done(&["--lang", "en", "man"]);
    for want in [
        ".TH jumin",
        "jumin\\-import",
        "\\-\\-dry\\-run",
        "Take in a ledger",
    ] {
        assert!(man.contains(want), "{want}");
    }
}

#[test]
fn a_reader_who_leaves_is_no_fault() {
    let desk = Desk::with_demo();
    for args in [
        &["list"][..],
        &["log"],
        &["man"],
        &["count", "--by", "category"],
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_jumin"));
        let mut child = command
            .args(args)
            .env("JUMIN_REGISTER", desk.register())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{args:?}: {said}");
        assert!(!said.contains("Broken"), "{said}");
    }
}

/// What the JSON report of an import says.
struct Report(serde_json::Value);

impl Report {
    fn of(out: &str) -> Report {
        Report(serde_json::from_str(out).unwrap())
    }

    fn count(&self, key: &str) -> u64 {
        self.0["counts"][key].as_u64().unwrap()
    }

    /// Rows in = the rows of every verdict, also row by row.
    fn adds_up(&self) {
        let taken = ["new", "updated", "same"];
        let parts = ["conflicts", "undecided", "rejected", "skipped"];
        let parts = taken.iter().chain(&parts);
        let sum: u64 = parts.map(|key| self.count(key)).sum();
        assert_eq!(self.count("rows"), sum, "{}", self.0["counts"]);
        assert_eq!(self.0["rows"].as_array().unwrap().len() as u64, sum);
    }
}

/// A copy of a sample ledger in the desk's own folder.
fn sample(desk: &Desk, name: &str) -> PathBuf {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let path = desk.path(name);
    fs::copy(seeds.join(name), &path).unwrap();
    path
}

#[test]
fn a_ledger_goes_in_once_and_comes_out_with_one_undo() {
    for name in ["ledger-sample.csv", "ledger-sample.xlsx"] {
        let desk = Desk::new();
        desk.done(&["init", "--open"]);
        let path = sample(&desk, name);
        let file = path.to_str().unwrap();
        let first = Report::of(&desk.done(&["import", file, "--yes", "--json"]));
        first.adds_up();
        assert!(
            first.count("new") > 0 && first.count("rejected") > 0 && first.count("skipped") > 0
        );
        assert_eq!(desk.commits(), 2, "one commit");
        desk.is_clean();
        let rejects = first.0["rejects"].as_str().unwrap();
        assert!(
            rejects.contains("-退回") && Path::new(rejects).exists(),
            "{rejects}"
        );

        let second = Report::of(&desk.done(&["import", file, "--yes", "--json"]));
        second.adds_up();
        assert_eq!(
            (second.count("new"), second.count("updated")),
            (0, 0),
            "{}",
            second.0["counts"]
        );
        let taken = first.count("new") + first.count("updated") + first.count("same");
        assert_eq!(second.count("same"), taken);
        assert!(second.0["commit"].is_null());
        assert_eq!(second.0["rejects"], rejects, "the same rows go back once");
        let log = desk.done(&["log"]);
        let (new, rejected) = (first.count("new"), first.count("rejected"));
        for want in [
            format!(
                "台账 {name}{}",
                if name.ends_with("csv") { "：" } else { "（" }
            ),
            format!("新增 {new} "),
            format!("退回 {rejected} "),
        ] {
            assert!(log.contains(&want), "{want}: {log}");
        }
        assert_eq!(desk.commits(), 2, "nothing new is no commit");

        desk.done(&["undo"]);
        assert_eq!(desk.count(""), 0);
        desk.is_clean();
        let third = Report::of(&desk.done(&["import", file, "--yes", "--json"]));
        assert_eq!(third.0["counts"], first.0["counts"]);
    }
}

#[test]
fn a_dry_run_shows_everything_and_writes_nothing() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let path = sample(&desk, "ledger-sample.csv");
    let files = || fs::read_dir(desk.home.path()).unwrap().count();
    let (before, there) = (desk.commits(), files());
    let looked = desk.run(&["import", path.to_str().unwrap(), "--dry-run"]);
    assert_eq!(looked.code, 0, "{}", looked.err);
    for want in [
        "各列的理解",
        "身份证号",
        "没有收的行",
        "新增",
        "退回",
        "跳过",
    ] {
        assert!(looked.out.contains(want), "{want}: {}", looked.out);
    }
    assert!(looked.err.contains("什么也没有写"), "{}", looked.err);
    assert!(longest_number(&looked.out) < 15, "{}", looked.out);
    assert_eq!((desk.commits(), files()), (before, there));
    let unasked = desk.run(&["import", path.to_str().unwrap()]);
    assert_eq!(unasked.code, 1);
    assert!(
        unasked.out.contains("新增") && unasked.err.contains("--yes"),
        "{}",
        unasked.err
    );
    assert_eq!(desk.commits(), before);
    let english = desk.done(&[
        "--lang",
        "en",
        "import",
        path.to_str().unwrap(),
        "--dry-run",
    ]);
    assert!(
        english.contains("Columns as understood") && english.contains("Rejected"),
        "{english}"
    );
}

#[test]
fn what_is_no_ledger_is_wrong_input() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    for (name, bytes) in [
        ("page.xls", b"<html><table></table></html>".as_slice()),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\0"),
        ("shopping.csv", "鸡蛋,12\n牛奶,2\n".as_bytes()),
        ("broken.xlsx", b"PK\x03\x04 nothing"),
    ] {
        let path = desk.path(name);
        fs::write(&path, bytes).unwrap();
        let said = desk.refused(&["import", path.to_str().unwrap(), "--yes"]);
        assert!(said.contains(name), "{name}: {said}");
    }
    assert_eq!(desk.commits(), 1);
}

#[test]
fn no_control_character_of_a_ledger_gets_to_the_terminal() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let path = desk.path("mine.csv");
    fs::write(
        &path,
        "姓名,现住址,备注\n张\u{1b}[2J三,3栋2单元501,\u{202e}好\u{7}\n",
    )
    .unwrap();
    let told = desk.run(&["import", path.to_str().unwrap(), "--yes"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let columns = ["list", "--columns", "name,address,note"];
    for out in [
        told.out,
        told.err,
        desk.done(&columns),
        desk.done(&["show", "3-2-501"]),
    ] {
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!out.contains(bad), "{out:?}");
    }
}

#[test]
fn a_check_says_what_differs_what_it_means_and_what_was_mended() {
    let desk = Desk::with_demo();
    let people = desk.count("");
    // A register of this size has no checkpoint of its own accord.
    drop(crate::store::open_with_checkpoints(&desk.register(), 1));
    let mut checkpoints = fs::read_dir(desk.register().join("checkpoint")).unwrap();
    let checkpoint = checkpoints.next().unwrap().unwrap().path();
    for (lang, means) in [("zh", "不丢内容"), ("en", "nothing is lost")] {
        let mut bytes = fs::read(&checkpoint).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&checkpoint, bytes).unwrap();
        let said = desk.run(&["check", "--lang", lang]);
        assert_eq!(said.code, 1, "{}{}", said.out, said.err);
        assert!(said.out.contains(means), "{}", said.out);
        // What was damaged was written anew when the program ended.
        assert_eq!(desk.run(&["check"]).code, 0);
    }
    fs::remove_file(&checkpoint).unwrap();
    let store = fs::read_dir(desk.register()).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name()?.to_str()?.to_owned();
        name.starts_with("store-").then_some(path)
    });
    fs::write(store.unwrap().join("db"), b"junk").unwrap();
    let said = desk.run(&["check"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.err.contains("从日志重建"), "{}{}", said.out, said.err);
    assert_eq!(desk.count(""), people);
    // The reason is said in the worker's language too.
    for entry in fs::read_dir(desk.register()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("store-")
        {
            fs::remove_dir_all(path).unwrap();
        }
    }
    let said = desk.run(&["count"]);
    assert!(said.err.contains("重建（库里什么也没有）"), "{}", said.err);
}

#[test]
fn who_is_not_on_the_rolls_any_more_is_told_of() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let ledger = desk.path("a.csv");
    fs::write(&ledger, "姓名\n钱伯年\n").unwrap();
    desk.done(&["import", ledger.to_str().unwrap(), "--yes"]);
    desk.done(&["set", "钱伯年", "life=2", "--yes"]);
    for command in ["show", "log"] {
        let said = desk.refused(&[command, "钱伯年"]);
        assert!(said.contains("不在册的有 1 位"), "{command}: {said}");
        assert!(said.contains("钱伯年 life:any"), "{command}: {said}");
    }
    assert!(desk.done(&["show", "钱伯年 life:any"]).contains("迁出"));
    let said = desk.refused(&["show", "钱仲年"]);
    assert!(said.contains("没有人符合"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_ledger_and_nobody_waits_for_it() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let pipe = desk.path("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let said = desk.refused(&["import", pipe.to_str().unwrap(), "--dry-run"]);
    assert!(said.contains("管道") && said.contains("pipe.csv"), "{said}");
    let said = desk.refused(&["import", "/dev/null", "--dry-run"]);
    assert!(said.contains("设备"), "{said}");
    let folder = desk.path("");
    let said = desk.refused(&["import", folder.to_str().unwrap(), "--dry-run"]);
    assert!(said.contains("文件夹"), "{said}");
}

#[test]
fn an_import_takes_a_map_of_its_headings_and_a_policy() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let (ledger, map) = (desk.path("台账.csv"), desk.path("map.toml"));
    let (ledger, map) = (ledger.to_str().unwrap(), map.to_str().unwrap());
    let text =
        "姓名,性别,出生日期,手边号码,单位,困难否\n钱一,男,1960-01-02,15412340001,棉纺厂,是\n";
    fs::write(ledger, text).unwrap();
    for (keys, what) in [
        (
            "\"手边号码\" = \"phone number\"",
            "没有“phone number”这个字段",
        ),
        ("\"手边\" = \"tel\"", "表里没有“手边”这个标题"),
        ("手边", "看不懂"),
    ] {
        fs::write(map, keys).unwrap();
        let said = desk.refused(&["import", ledger, "--map", map, "--yes"]);
        assert!(said.contains(what), "{keys}: {said}");
    }
    let keys = "\"手边号码\" = \"tel\"\n\"单位\" = \"employer\"\n\"困难否\" = \"+W1\"\n";
    fs::write(map, keys).unwrap();
    desk.done(&["import", ledger, "--map", map, "--yes"]);
    assert_eq!(desk.count("tel:0001 employer:棉纺厂 低保"), 1);
    fs::write(ledger, text.replace("棉纺厂", "红星厂")).unwrap();
    for (policy, employer) in [("fill", "棉纺厂"), ("ask", "棉纺厂"), ("newer", "红星厂")]
    {
        desk.done(&["import", ledger, "--map", map, "--policy", policy, "--yes"]);
        assert_eq!(desk.count(&format!("employer:{employer}")), 1, "{policy}");
    }
    // The next ledger with these headings is understood without the map, until that is undone.
    fs::write(ledger, text.replace("钱一", "钱二")).unwrap();
    let said = desk.done(&["import", ledger, "--yes"]);
    assert!(said.contains("照上次说明"), "{said}");
    assert_eq!(desk.count("tel:0001 employer:棉纺厂 低保"), 1);
    let said = desk.refused(&["import", ledger, "--policy", "mine"]);
    assert!(said.contains("newer"), "{said}");
    desk.is_clean();
}

#[test]
fn an_import_without_a_yes_leaves_nothing_behind() {
    let desk = Desk::new();
    desk.done(&["init", "--open"]);
    let ledger = desk.path("台账.csv");
    fs::write(&ledger, "姓名,性别\n钱一,男\n,女\n").unwrap();
    let rejects = desk.path("台账-退回.xlsx");
    desk.run(&["import", ledger.to_str().unwrap()]);
    assert_eq!((desk.count(""), rejects.exists()), (0, false));
    desk.done(&["import", ledger.to_str().unwrap(), "--yes"]);
    assert_eq!((desk.count(""), rejects.exists()), (1, true));
}
