//! Who is entered twice, over registers up to a district: the time from asking to the list, with
//! one in a hundred entered again with name, sex and birth only.
//!
//! `cargo bench --bench twice` prints the table.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench tells the time, prints its table, and stops at the first surprise"
)]

use jumin::demo;
use jumin::demo::Recipe;
use jumin::index::Index;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::person;
use jumin::model::value::Value;
use std::collections::HashMap;
use std::time::Duration;
use std::time::Instant;

/// The program's own allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// One in so many is entered again.
const AGAIN: usize = 100;

fn main() {
    println!("| residents | entered again | pairs found | time | by name and birth alone |");
    println!("|---|---|---|---|---|");
    for residents in [10_000, 100_000, 1_000_000] {
        let (book, again) = town(residents);
        let index = Index::build(book, Date::new(2026, 11, 23).unwrap());
        let (took, pairs) = timed(|| index.pairs().len());
        let (plain, _) = timed(|| by_name_and_birth(index.book()));
        println!("| {residents} | {again} | {pairs} | {took:.2?} | {plain:.2?} |");
    }
}

/// A made-up community with some of its people entered again.
fn town(residents: usize) -> (Book, usize) {
    let mut book = Book::default();
    let mut mint = Mint::new(1_700_000_000_000, 5);
    let today = Date::new(2026, 11, 23).unwrap();
    let recipe = Recipe { residents, seed: 1 };
    for change in demo::community(recipe, &Book::default(), today, &mut mint) {
        book.apply(&change);
    }
    let mut draft = Draft::new(&book);
    let some = book.people().step_by(AGAIN);
    let mut again = 0;
    for one in some.filter(|one| one.birth().is_some()) {
        let id = mint.person();
        let name = Value::Text(one.name().to_owned());
        draft.set(id.subject(), person::NAME, Some(name));
        for field in [person::BIRTH, person::SEX] {
            draft.set(id.subject(), field, one.record.get(field));
        }
        again += 1;
    }
    let changes = draft.finish();
    for change in &changes {
        book.apply(change);
    }
    (book, again)
}

/// The least that any program would do: everyone put under name and birth.
fn by_name_and_birth(book: &Book) -> usize {
    let mut under: HashMap<(&str, Option<Date>), usize> = HashMap::new();
    for one in book.people() {
        *under.entry((one.name(), one.birth())).or_default() += 1;
    }
    under.values().filter(|count| **count > 1).count()
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}
