//! How long a keystroke, an index build and an edit take, beside their budgets and beside plain
//! scans of the same rows in the same run: `cargo bench --bench lookup [-- RESIDENTS .. --best=N]`,
//! each keystroke the best of so many (3). The same keystrokes beside other programs:
//! `tests/bench/peers.py`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads the clock and prints a table"
)]

use jumin::demo::Community;
use jumin::demo::Recipe;
use jumin::index::Index;
use jumin::index::literal::fold;
use jumin::index::pinyin::Syllable;
use jumin::index::pinyin::order_key;
use jumin::index::pinyin::syllables;
use jumin::model::address::Address;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::household::Dwelling;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::seed::plant;
use jumin::model::value::Value;
use jumin::query::Query;
use jumin::query::parse::parse;
use memchr::memmem::Finder;
use std::fs::File;
use std::hint::black_box;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many residents are made at a time.
const PART: usize = 10_000;

/// What is typed, letter by letter.
const SESSIONS: &[(&str, &[&str])] = &[
    (
        "full pinyin",
        &[
            "zhangwei",
            "liuyang",
            "ouyangfeng",
            "chenjing",
            "yanan",
            "wanglihua",
            "huangxiaoming",
            "shanxiong",
            "lvmeng",
            "xuzhiqiang",
        ],
    ),
    (
        "initials",
        &[
            "zw", "lxm", "zhj", "wxy", "cjg", "ljh", "oyf", "hxm", "shx", "zzq",
        ],
    ),
    (
        "mixed",
        &[
            "zhangw", "zwei", "lixm", "wangj", "chenxh", "huangz", "wxiaoy",
        ],
    ),
    (
        "from the middle",
        &["weiming", "jianguo", "xiuying", "guiying", "zhiqiang"],
    ),
    (
        "hanzi",
        &[
            "张伟",
            "王秀英",
            "李",
            "建国",
            "刘洋",
            "陈静",
            "欧阳",
            "秀英",
            "黄小明",
            "单雄",
        ],
    ),
    (
        "hanzi and pinyin",
        &["张wei", "王xiu", "李j", "刘yang", "陈jing"],
    ),
    (
        "nearly",
        &[
            "zhagnwei",
            "wangxiuyign",
            "ouyangfegn",
            "lihuaxing",
            "zangjianguo",
            "chengxiaomin",
            "shanxoing",
            "xuzhiqinag",
            "章薇明",
            "王秀瑛",
            "欧洋锋",
            "山熊",
            "陈镜",
        ],
    ),
    (
        "address",
        &[
            "3栋2单元501",
            "3-2-501",
            "12栋",
            "15栋1单元",
            "7-1-302",
            "翠湖",
        ],
    ),
    (
        "digits",
        &["501", "1234", "110101", "16000", "1203", "0716", "33990119"],
    ),
    (
        "category",
        &[
            "党员 老年人",
            "下岗 -党员",
            "失业 3栋",
            "低保",
            "党员 失业",
            "残疾人 低保",
        ],
    ),
    (
        "field",
        &[
            "age:60..",
            "age:20..30 sex:男",
            "born:1956",
            "edu:大学",
            "age:18..59",
            "sex:女 age:80..",
            "arrived.months:6..",
            "retired:..-1",
        ],
    ),
    (
        "household",
        &["hh(低保) -低保", "size:1 age:80..", "hh(age:80..) age:..6"],
    ),
    (
        "state",
        &[
            "is:unclassified",
            "no:phone",
            "suggest:any",
            "is:head",
            "is:stale",
        ],
    ),
    (
        "text",
        &["\"纺织\"", "note:独居", "employer:公司", "\"公司\""],
    ),
    (
        "combined",
        &[
            "zhang 3栋 age:50..",
            "党员 wei -is:head",
            "age:60.. sex:女 li",
            "wang age:80.. 老年人",
        ],
    ),
];

/// The budgets of DESIGN.md, which are for a search keystroke at these sizes: p50, p99, worst.
fn budget(residents: usize) -> &'static str {
    match residents {
        0..=10_000 => "10 µs / 50 µs",
        10_001..=100_000 => "50 µs / 200 µs",
        _ => "0.5 ms / 2 ms / 5 ms",
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if let Some(at) = words.iter().position(|word| word == "--serve") {
        let folder = words.get(at + 1).map_or(".", String::as_str);
        serve(Path::new(folder), sizes.first().copied().unwrap_or(100_000));
        return;
    }
    let best = words.iter().find_map(|word| word.strip_prefix("--best="));
    let best = best.and_then(|best| best.parse().ok()).unwrap_or(3);
    let usual = [10_000, 100_000];
    for residents in if sizes.is_empty() { &usual[..] } else { &sizes } {
        measure(*residents, best);
    }
}

fn today() -> Date {
    Date::new(2026, 6, 1).unwrap_or_else(|| unreachable!("a real day"))
}

fn measure(residents: usize, best: usize) {
    let book = made_up(residents);
    let (before, worked) = (resident(), processor());
    let (build, mut index) = timed(|| Index::build(book, today()));
    let (taken, worked) = (
        resident().saturating_sub(before),
        processor().saturating_sub(worked),
    );
    let count = index.book().population();
    println!("\n## {count} residents\n");
    println!("| what | p50 | p99 | worst | budget |");
    println!("|---|---|---|---|---|");
    println!(
        "| index build, {worked:.1?} of processor time | {build:.1?} | | | 0.4 s at 1,000,000 |"
    );
    println!(
        "| memory taken by the build, its leavings too | {taken} MB | | | 80 MB at 1,000,000 |"
    );
    let mut all = Vec::new();
    for (kind, words) in SESSIONS {
        let times: Vec<Duration> = keystrokes(&index, words)
            .map(|(_, query)| answer(&index, &query, best))
            .collect();
        row(&format!("keystroke: {kind}"), times.clone(), "");
        all.extend(times);
    }
    let what = format!("**keystroke, all {}**", all.len());
    let ours = row(&what, all, budget(residents));
    let everyone = index.ask(&Query::default());
    let counting = (0..50).map(|_| timed(|| black_box(index.facets(&everyone))).0);
    row("every facet of everyone", counting.collect(), "");
    let edits = edits(&mut index);
    row(
        "edit one person: name and birth",
        edits,
        "0.5 ms p99 at 1,000,000",
    );
    peers(&index, ours);
}

/// Made part by part, so that no more than the book itself is in memory.
fn made_up(residents: usize) -> Book {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let planted = plant(&mut draft);
    assert!(planted.is_ok(), "the seeds can be planted");
    for change in &draft.finish() {
        book.apply(change);
    }
    let mut mint = Mint::new(1, 1);
    let mut community = Community::new(Recipe { residents, seed: 1 }, today());
    while let Some(changes) = community.next(PART, &book, &mut mint) {
        for change in &changes {
            book.apply(change);
        }
    }
    book
}

/// Every beginning of every text that is a query, as it is typed.
fn keystrokes<'a>(
    index: &'a Index,
    words: &'a [&str],
) -> impl Iterator<Item = (&'a str, Query)> + 'a {
    let typed = words.iter().flat_map(|word| {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.filter_map(|end| word.get(..end))
    });
    typed.filter_map(|text| Some((text, parse(text, index.lexicon()).ok()?)))
}

/// A whole answer: the set with its exact count, fifty rows in order, who is near, every facet count.
fn whole(index: &Index, query: &Query) -> usize {
    let answer = index.ask(query);
    black_box(index.rows(query, &answer, 0, 50));
    black_box(index.near(query, &answer));
    black_box(index.facets(&answer));
    answer.total()
}

/// The best of some, since a shared machine takes its slices out of any of them.
fn answer(index: &Index, query: &Query, best: usize) -> Duration {
    let times = (0..best).map(|_| timed(|| black_box(whole(index, query))).0);
    times.min().unwrap_or_default()
}

/// The name and the birth of one in many changed and changed back.
fn edits(index: &mut Index) -> Vec<Duration> {
    let count = index.book().population();
    let step = (count / 100).max(1);
    let people: Vec<_> = index
        .book()
        .people()
        .step_by(step)
        .map(|one| one.id)
        .collect();
    let mut times = Vec::new();
    for id in people {
        let mut draft = Draft::new(index.book());
        draft.set(
            id.subject(),
            person::NAME,
            Some(Value::Text("欧阳建国".into())),
        );
        draft.set(
            id.subject(),
            person::BIRTH,
            Date::new(1950, 1, 1).map(Value::Date),
        );
        let changes = draft.finish();
        times.push(timed(|| index.apply(&changes)).0);
        let back = jumin::model::change::inverse(&changes);
        times.push(timed(|| index.apply(&back)).0);
    }
    times
}

/// The same question put to plain scans.
fn peers(index: &Index, ours: Duration) {
    let texts = |text: fn(&str) -> String| {
        let all = index.book().people().map(|one| text(one.name()));
        all.collect::<Vec<_>>().join("\n")
    };
    let names = texts(fold);
    let readings = texts(order_key);
    let wanted = ["张伟", "王秀英", "欧阳", "建国", "李"];
    let scan = |text: &str, word: &str| {
        timed(|| black_box(Finder::new(word).find_iter(text.as_bytes()).count())).0
    };
    let pass: Vec<Duration> = wanted
        .iter()
        .flat_map(|word| [scan(&names, word); 3])
        .collect();
    let limit = row("limit: one memmem pass over the names", pass, "");
    let words = ["zhang wei", "xiu ying", "ou yang", "jian guo", "li "];
    row(
        "peer: memmem over names in pinyin, no facets, no order",
        words.iter().map(|word| scan(&readings, word)).collect(),
        "",
    );
    let records = wanted.iter().map(|word| {
        let holds = |one: &person::Person<'_>| one.name().contains(word) && one.is_present();
        timed(|| black_box(index.book().people().filter(holds).count())).0
    });
    let naive = row(
        "peer: a scan of the records, no facets, no order",
        records.collect(),
        "",
    );
    let ratio = |one: Duration, other: Duration| one.as_secs_f64() / other.as_secs_f64();
    println!(
        "\nkeystroke p50 = {:.1} x the limit; the scan of the records takes {:.0} x as long",
        ratio(ours, limit),
        ratio(naive, ours)
    );
}

/// The same rows and keystrokes for others: writes both into a folder, then answers every keystroke
/// once for each line that comes in, and says how many nanoseconds each took and how many it found.
fn serve(folder: &Path, residents: usize) {
    let index = Index::build(made_up(residents), today());
    let written = export(&index, folder);
    assert!(written.is_ok(), "{written:?}");
    let all: Vec<_> = SESSIONS
        .iter()
        .flat_map(|(_, words)| keystrokes(&index, words))
        .collect();
    println!("ready");
    for line in std::io::stdin().lines() {
        if line.is_err() {
            return;
        }
        let pass = all.iter().map(|(_, query)| {
            let (time, total) = timed(|| whole(&index, query));
            format!("{}:{total}", time.as_nanos())
        });
        println!("{}", pass.collect::<Vec<_>>().join(" "));
    }
}

/// Writes `rows.csv` (pinyin and initials prepared, a column of 0 and 1 for each category) and
/// `keys.tsv` (kind, text).
fn export(index: &Index, folder: &Path) -> std::io::Result<()> {
    let codes: Vec<_> = index
        .lexicon()
        .categories
        .iter()
        .map(|term| &term.code)
        .collect();
    let mut rows = BufWriter::new(File::create(folder.join("rows.csv"))?);
    write!(
        rows,
        "name,py,ini,estate,building,unit,room,id_no,phone,birth,age,sex"
    )?;
    for code in &codes {
        write!(rows, ",{code}")?;
    }
    writeln!(rows)?;
    for one in index.book().people().filter(|one| one.is_present()) {
        let units = syllables(one.name());
        let read = |unit: &Syllable| unit.primary.first().map(ToString::to_string);
        let read: Vec<String> = units.iter().filter_map(read).collect();
        let initials: String = read.iter().filter_map(|one| one.chars().next()).collect();
        let home = index.book().home(one).map(Dwelling::address);
        let part = |part: fn(&Address) -> Option<&str>| home.as_ref().and_then(part).unwrap_or("");
        let phone = one
            .phones()
            .iter()
            .next()
            .map(|phone| phone.number.to_string());
        let birth = one.birth().map(Date::first);
        let age = birth.map(|birth| birth.years_until(today()));
        let birth = birth.map(|birth| birth.to_string());
        let texts = [
            one.name().into(),
            read.concat(),
            initials,
            part(|home| home.estate.as_deref()).into(),
            part(|home| home.building.as_deref()).into(),
            part(|home| home.unit.as_deref()).into(),
            part(|home| home.room.as_deref()).into(),
            one.id_no().unwrap_or_default().into(),
            phone.unwrap_or_default(),
            birth.unwrap_or_default(),
            age.map(|age| age.to_string()).unwrap_or_default(),
            one.sex().unwrap_or_default().into(),
        ];
        write!(rows, "{}", texts.join(","))?;
        for code in &codes {
            write!(rows, ",{}", u8::from(index.is_in(one.id, code)))?;
        }
        writeln!(rows)?;
    }
    rows.flush()?;
    let mut keys = BufWriter::new(File::create(folder.join("keys.tsv"))?);
    for (kind, words) in SESSIONS {
        for (text, _) in keystrokes(index, words) {
            writeln!(keys, "{kind}\t{text}")?;
        }
    }
    keys.flush()
}

/// A number of the kernel's about this process; 0 where there is none.
fn told(file: &str, line: &str, word: usize) -> usize {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find(|one| one.starts_with(line));
    let word = line.and_then(|line| line.split_whitespace().nth(word));
    word.and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// Megabytes in memory.
fn resident() -> usize {
    told("/proc/self/status", "VmRSS:", 1) / 1000
}

/// Processor time so far, of every thread.
fn processor() -> Duration {
    let ticks = |word| told("/proc/self/stat", "", word) as u64;
    Duration::from_millis((ticks(13) + ticks(14)) * 10)
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

/// Prints a row and returns the p50.
fn row(what: &str, mut times: Vec<Duration>, budget: &str) -> Duration {
    times.sort_unstable();
    let at = |part: usize| times.get((times.len() * part / 100).min(times.len().saturating_sub(1)));
    let time = |part| at(part).copied().unwrap_or_default();
    println!(
        "| {what} | {:.1?} | {:.1?} | {:.1?} | {budget} |",
        time(50),
        time(99),
        time(100)
    );
    time(50)
}
