//! A day at the desk, measured: open, save, import, each beside its budget, and a save beside a bare
//! append with `fdatasync` on the same disk in the same run.
//!
//! `cargo bench --bench desk` prints the table for 10,000 and 100,000 residents, `cargo bench --bench
//! desk -- 1000000` for as many as are said; `JUMIN_BENCH_DIR` names the disk to measure. Memory is
//! the most the process has held by its own word (`/proc/self/status`, on Linux).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench tells the time, prints its table, and stops at the first surprise"
)]

use jumin::demo::Community;
use jumin::demo::Recipe;
use jumin::exchange::choices::Choices;
use jumin::exchange::file::bytes;
use jumin::exchange::file::put;
use jumin::exchange::intake;
use jumin::exchange::read;
use jumin::exchange::write;
use jumin::exchange::write::List;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::date::Now;
use jumin::model::draft::Draft;
use jumin::model::person;
use jumin::model::role::Role;
use jumin::model::value::Value;
use jumin::query::Query;
use jumin::register::Register;
use jumin::store::keys;
use jumin::store::vault::Key;
use jumin::store::vault::kdf::Cost;
use jumin::store::vault::slot::Grant;
use secrecy::SecretString;
use std::fs::OpenOptions;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SAVES: usize = 200;

/// So many residents are made at a time.
const PART: usize = 500_000;

fn now(step: u64) -> Now {
    let milliseconds = 1_795_392_000_000 + step;
    Now {
        milliseconds,
        today: Date::of(milliseconds),
        seed: step,
    }
}

fn main() {
    println!("| residents | what | measured | budget |\n|---|---|---|---|");
    let mut sizes: Vec<usize> = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    for residents in sizes {
        let root = std::env::var_os("JUMIN_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
        let dir = tempfile::tempdir_in(root).unwrap();
        let place = dir.path().join("register");
        let row = |what: &str, took: String, budget: &str| {
            println!("| {residents} | {what} | {took} | {budget} |");
        };
        let made = Register::create(&place, "bench", now(0)).unwrap();
        fill(made, residents);
        row("most memory while it was made", memory("VmHWM"), "");
        let open = median((0..5).map(|_| open_as(&place, None)).collect());
        let budget = if residents == 10_000 {
            "100 ms"
        } else {
            "2 s at 1,000,000"
        };
        row("open to the first rows", show(open), budget);
        let snapshot = place.join("checkpoint/index.snapshot");
        let bare = median((0..3).map(|_| without(&snapshot, &place)).collect());
        row("the same with the index built anew", show(bare), "");
        let (saves, bare) = save(&place, None, dir.path());
        row(
            "save one act, p50",
            show(at(&saves, 50)),
            "10 ms where fdatasync is",
        );
        row("save one act, p99", show(at(&saves, 99)), "");
        row(
            "bare append and fdatasync, p50",
            show(at(&bare, 50)),
            "the limit",
        );
        let ratio = at(&saves, 50).as_secs_f64() / at(&bare, 50).as_secs_f64();
        row(
            "a save is so many times the bare append",
            format!("{ratio:.1}"),
            "",
        );
        sealed(residents, open, at(&saves, 50), dir.path(), &row);
        let (plan, commit) = import(&place, dir.path());
        let budget = if residents == 10_000 {
            "1 s with the commit"
        } else {
            ""
        };
        row("import a ledger of as many rows: plan", show(plan), budget);
        row("import a ledger of as many rows: commit", show(commit), "");
        row("most memory until then", memory("VmHWM"), "");
    }
}

/// A register with a made-up community.
fn fill(mut register: Register, residents: usize) {
    let mut mint = register.mint(now(1));
    let recipe = Recipe { residents, seed: 1 };
    let mut community = Community::new(recipe, now(0).today);
    while let Some(changes) = community.next(PART, register.index().book(), &mut mint) {
        let act = Act::Demo {
            residents: community.made() as u64,
            seed: 1,
        };
        register.commit(act, changes, now(2)).unwrap();
    }
}

/// A line of what the system knows of this process, in MB.
fn memory(line: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|all| all.strip_prefix(line));
    let kilobytes = found.and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.map_or("-".into(), |kilobytes| format!("{} MB", kilobytes >> 10))
}

/// The same in a sealed register, as so many times what it took in the open one.
fn sealed(
    residents: usize,
    open: Duration,
    plain_save: Duration,
    beside: &Path,
    row: &dyn Fn(&str, String, &str),
) {
    let place = beside.join("sealed");
    let start = Instant::now();
    Cost::PROBE.try_out().unwrap();
    let founder = Grant {
        name: "bench".into(),
        label: String::new(),
        role: Role::Manage,
        passphrase: SecretString::from("a passphrase of the bench"),
        cost: Cost::fitted(start.elapsed()),
    };
    let (made, _) = Register::create_sealed(&place, &founder, now(0)).unwrap();
    fill(made, residents);
    let start = Instant::now();
    let key = keys::unlock(&place, "bench", &founder.passphrase).unwrap();
    row(
        "sealed: unlock",
        show(start.elapsed()),
        "0.5 to 1 s on purpose",
    );
    let times = |took: Duration, than: Duration| {
        let ratio = took.as_secs_f64() / than.as_secs_f64();
        format!("{} ({ratio:.2} times)", show(took))
    };
    let opened = median((0..5).map(|_| open_as(&place, Some(&key))).collect());
    row(
        "sealed: open, unlocked",
        times(opened, open),
        "2 times the open one",
    );
    let (sealed_saves, _) = save(&place, Some(&key), beside);
    row(
        "sealed: save, p50",
        times(at(&sealed_saves, 50), plain_save),
        "1.3 times the open one",
    );
}

/// Opens, asks for everyone and takes the first screen of rows.
fn open_as(place: &Path, key: Option<&Key>) -> Duration {
    let start = Instant::now();
    let opened = Register::open_with(place, "bench", now(3), key.cloned(), &mut |_| {});
    let (register, _) = opened.unwrap();
    let query = Query::default();
    let answer = register.index().ask(&query);
    assert_eq!(register.index().rows(&query, &answer, 0, 50).len(), 50);
    start.elapsed()
}

/// Opens where no snapshot of the index is.
fn without(snapshot: &Path, place: &Path) -> Duration {
    std::fs::remove_file(snapshot).unwrap();
    open_as(place, None)
}

/// Single edits, each in turn with a bare append of as many bytes to a file beside the register.
fn save(place: &Path, key: Option<&Key>, beside: &Path) -> (Vec<Duration>, Vec<Duration>) {
    let opened = Register::open_with(place, "bench", now(3), key.cloned(), &mut |_| {});
    let (mut register, _) = opened.unwrap();
    let people: Vec<_> = register.index().book().people().map(|one| one.id).collect();
    let mut bare = OpenOptions::new()
        .create(true)
        .append(true)
        .open(beside.join("bare"))
        .unwrap();
    let (mut saves, mut appends) = (Vec::new(), Vec::new());
    for step in 0..SAVES {
        let who = people[step * 7 % people.len()].subject();
        let mut draft = Draft::new(register.index().book());
        draft.set(who, person::NOTE, Some(Value::Text(format!("note {step}"))));
        let changes = draft.finish();
        let start = Instant::now();
        register
            .commit(Act::Edit, changes, now(10 + step as u64))
            .unwrap();
        saves.push(start.elapsed());
        let start = Instant::now();
        bare.write_all(&[0; 400]).unwrap();
        bare.sync_data().unwrap();
        appends.push(start.elapsed());
    }
    saves.sort();
    appends.sort();
    (saves, appends)
}

/// Writes everyone to a ledger, unmasked, and takes it into a register with only the seeds.
fn import(place: &Path, beside: &Path) -> (Duration, Duration) {
    let ledger = beside.join("ledger.csv");
    {
        let (register, _) = Register::open(place, "bench", now(3), &mut |_| {}).unwrap();
        let book = register.index().book();
        let people: Vec<_> = book.people().map(|one| (one.id, Vec::new())).collect();
        let keys = [
            "name", "sex", "birth", "id", "tel", "relation", "address", "politics", "edu",
        ];
        let columns: Vec<_> = keys.into_iter().filter_map(write::column).collect();
        let today = now(0).today;
        let lang = Lang::Zh;
        let (people, columns) = (&people[..], &columns[..]);
        let list = List {
            book,
            people,
            columns,
            today,
            lang,
            eyes: Role::Manage.open_eyes(),
        };
        put(&ledger, &bytes(&list, &ledger, None).unwrap()).unwrap();
    }
    let mut fresh = Register::create(&beside.join("fresh"), "bench", now(0)).unwrap();
    let mut mint = fresh.mint(now(4));
    let start = Instant::now();
    let book = fresh.index().book();
    let desk = intake::Desk {
        book,
        today: now(0).today,
        mint: &mut mint,
        watch: &mut |_, _| ControlFlow::Continue(()),
    };
    let source = read::read(&ledger, &mut |_, _| ControlFlow::Continue(())).unwrap();
    let plan = intake::judge(&source, &Choices::default(), desk).unwrap();
    let planned = start.elapsed();
    let counts = plan.counts();
    let act = Act::Import {
        file: plan.file,
        new: counts.new as u64,
        updated: 0,
    };
    let start = Instant::now();
    fresh.commit(act, plan.changes, now(5)).unwrap();
    (planned, start.elapsed())
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn show(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds:.2} s"),
        seconds if seconds >= 0.001 => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.0} us", seconds * 1e6),
    }
}
