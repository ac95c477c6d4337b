//! How long a keystroke, an index build and an edit take, beside their budgets and beside plain
//! scans of the same rows in the same run: `cargo bench --bench lookup [-- RESIDENTS ..]`.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads the clock and prints a table"
)]

use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::index::Index;
use jumin::index::literal::fold;
use jumin::index::pinyin::order_key;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::seed::plant;
use jumin::model::value::Value;
use jumin::query::Query;
use jumin::query::parse::parse;
use memchr::memmem::Finder;
use std::hint::black_box;
use std::time::Duration;
use std::time::Instant;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is typed, letter by letter.
const SESSIONS: &[(&str, &[&str])] = &[
    (
        "full pinyin",
        &["zhangwei", "liuyang", "ouyangfeng", "chenjing", "yanan"],
    ),
    ("initials", &["zw", "lxm", "zhj", "wxy", "cjg"]),
    ("mixed", &["zhangw", "zwei", "lixm", "wangj"]),
    ("from the middle", &["weiming", "jianguo", "xiuying"]),
    ("hanzi", &["张伟", "王秀英", "李", "建国"]),
    ("hanzi and pinyin", &["张wei", "王xiu", "李j"]),
    ("address", &["3栋2单元501", "3-2-501", "12栋"]),
    ("digits", &["501", "1234", "110101", "16000"]),
    ("category", &["党员 老年人", "下岗 -党员", "失业 3栋"]),
    (
        "field",
        &["age:60..", "age:20..30 sex:男", "born:1956", "edu:大学"],
    ),
    ("household", &["hh(低保) -低保", "size:1 age:80.."]),
    (
        "state",
        &["is:unclassified", "no:phone", "suggest:any", "is:head"],
    ),
    ("text", &["\"纺织\"", "note:独居", "employer:公司"]),
    (
        "combined",
        &[
            "zhang 3栋 age:50..",
            "党员 wei -is:head",
            "age:60.. sex:女 li",
        ],
    ),
];

/// The budgets of DESIGN.md, which are for a search keystroke at these sizes: p50, p99.
fn budget(residents: usize) -> (Duration, Duration) {
    if residents <= 10_000 {
        (Duration::from_micros(10), Duration::from_micros(50))
    } else {
        (Duration::from_micros(50), Duration::from_micros(200))
    }
}

fn main() {
    let given: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if given.is_empty() {
        vec![10_000, 100_000]
    } else {
        given
    };
    for residents in sizes {
        measure(residents);
    }
}

fn today() -> Date {
    Date::new(2026, 6, 1).unwrap_or_else(|| unreachable!("a real day"))
}

fn measure(residents: usize) {
    let book = made_up(residents);
    let copy = book.clone();
    let (build, mut index) = timed(|| Index::build(copy, today()));
    println!("\n## {} residents\n", index.book().population());
    println!("| what | p50 | p99 | worst | budget |");
    println!("|---|---|---|---|---|");
    println!("| index build | {build:.1?} | | | 0.4 s at 1,000,000 |");
    let mut all = Vec::new();
    for (kind, words) in SESSIONS {
        let times: Vec<Duration> = keystrokes(&index, words)
            .map(|query| answer(&index, &query))
            .collect();
        row(&format!("keystroke: {kind}"), times.clone(), "");
        all.extend(times);
    }
    let (p50, p99) = budget(residents);
    let ours = row(
        &format!("**keystroke, all {}**", all.len()),
        all,
        &format!("{p50:?} / {p99:?}"),
    );
    row(
        "edit one person",
        edits(&mut index),
        "0.5 ms p99 at 1,000,000",
    );
    peers(&index, ours);
}

fn made_up(residents: usize) -> Book {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let planted = plant(&mut draft);
    assert!(planted.is_ok(), "the seeds can be planted");
    let changes = draft.finish();
    for change in &changes {
        book.apply(change);
    }
    let recipe = Recipe { residents, seed: 1 };
    let changes = community(recipe, &book, today(), &mut Mint::new(1, 1));
    for change in &changes {
        book.apply(change);
    }
    book
}

/// Every beginning of every text that is a query, as it is typed.
fn keystrokes<'a>(index: &'a Index, words: &'a [&str]) -> impl Iterator<Item = Query> + 'a {
    let typed = words.iter().flat_map(|word| {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.filter_map(|end| word.get(..end))
    });
    typed.filter_map(|text| parse(text, index.lexicon()).ok())
}

/// A whole answer: the set with its exact count, fifty rows in order, every facet count; the best
/// of three, since a shared machine takes its slices out of any of them.
fn answer(index: &Index, query: &Query) -> Duration {
    let whole = || {
        let answer = index.ask(query);
        black_box(index.rows(query, &answer, 0, 50));
        black_box(index.facets(&answer));
    };
    (0..3).map(|_| timed(whole).0).min().unwrap_or_default()
}

/// One person's note, birth and name changed and changed back, over and over.
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
