//! `jumin demo --ledger`: a made-up community as a ledger of any size, without a register.
//!
//! Invariant: memory holds one part of the community at a time, and the numbers handed out.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::demo::Community;
use crate::demo::Recipe;
use crate::exchange::csv;
use crate::exchange::csv::Charset;
use crate::exchange::file;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::List;
use crate::model::Lang;
use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::date::Now;
use crate::model::draft::Draft;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::role::Role;
use crate::model::seed;
use crate::term::clock;
use std::path::Path;

/// What a committee's ledger has.
const COLUMNS: [&str; 12] = [
    "hh", "relation", "name", "sex", "birth", "id", "tel", "address", "edu", "politics",
    "employer", "note",
];

/// The heading of the last column, the categories that workers would have given.
const CATEGORIES: &str = "人员类别";

/// So many residents are made at a time.
const PART: usize = 20_000;

/// Writes the ledger, whole or not at all.
pub(crate) fn put(recipe: Recipe, path: &Path, desk: &Desk) -> Result<(), Fault> {
    let rows = Rows::new(recipe, clock::now())?;
    let bar = desk::bar();
    bar.set_length(recipe.residents as u64);
    let counted = rows.inspect(|_| bar.inc(1));
    file::put_with(path, |out| csv::write(counted, Charset::Utf8Marked, out))
        .map_err(|error| Fault::disk(path, &error))?;
    bar.finish_and_clear();
    let told = [
        ("count", recipe.residents.into()),
        ("path", path.display().to_string().into()),
    ];
    desk.note("cli-list-written", &told);
    Ok(())
}

/// The ledger's rows, the headings first.
struct Rows {
    community: Community,
    /// The taxonomy, and nobody.
    seeds: Book,
    now: Now,
    mint: Mint,
    columns: Vec<Column>,
    ready: std::vec::IntoIter<Vec<String>>,
}

impl Rows {
    fn new(recipe: Recipe, now: Now) -> Result<Rows, Fault> {
        let mut seeds = Book::default();
        let planted = {
            let mut draft = Draft::new(&seeds);
            seed::plant(&mut draft).map_err(crate::register::RegisterError::from)?;
            draft.finish()
        };
        for change in &planted {
            seeds.apply(change);
        }
        let columns: Vec<Column> = COLUMNS
            .iter()
            .filter_map(|key| write::column(key))
            .collect();
        let mut rows = Rows {
            community: Community::new(recipe, now.today),
            mint: Mint::new(now.milliseconds, now.seed),
            seeds,
            now,
            columns,
            ready: Vec::new().into_iter(),
        };
        let mut headings = write::headings(&rows.list(&rows.seeds));
        headings.push(CATEGORIES.into());
        rows.ready = vec![headings].into_iter();
        Ok(rows)
    }

    /// The rows of the people of a book.
    fn of(&self, book: &Book) -> Vec<Vec<String>> {
        let list = self.list(book);
        let scribe = write::Scribe::new(&list);
        let people = book.people();
        people
            .map(|person| {
                let mut cells = scribe.cells(person.id, &[]);
                cells.push(categories(book, person.id));
                cells
            })
            .collect()
    }

    fn list<'a>(&'a self, book: &'a Book) -> List<'a> {
        List {
            book,
            people: &[],
            columns: &self.columns,
            today: self.now.today,
            lang: Lang::Zh,
            eyes: Role::Manage.open_eyes(),
        }
    }
}

impl Iterator for Rows {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        loop {
            if let Some(row) = self.ready.next() {
                return Some(row);
            }
            let changes = self.community.next(PART, &self.seeds, &mut self.mint)?;
            let mut book = self.seeds.clone();
            for change in &changes {
                book.apply(change);
            }
            self.ready = self.of(&book).into_iter();
        }
    }
}

/// What workers said of a person and still holds.
fn categories(book: &Book, id: PersonId) -> String {
    let said = book.assertions(id);
    let holding = said.filter(|one| one.status() == Status::Confirmed && one.to().is_none());
    let names: Vec<&str> = holding
        .filter_map(|one| Some(book.category(&one.category()?)?.name(Lang::Zh)))
        .collect();
    names.join("、")
}
