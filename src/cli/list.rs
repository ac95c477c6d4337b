//! `jumin list`: the people who answer a query, as a table or a file.
//!
//! Invariant: values go out masked unless a purpose is given, and then the look is a commit; a
//! file is written whole or not at all.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::exchange;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::List;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::query::Node;
use crate::query::Query;
use crate::register::Register;
use crate::term::clock;
use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;

/// The columns of a list for which none were asked.
const COLUMNS: [&str; 7] = ["name", "sex", "age", "address", "tel", "id", "cat"];

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    #[arg(long, value_name = "KEYS", value_delimiter = ',')]
    columns: Vec<String>,
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long, requires = "purpose")]
    unmasked: bool,
    #[arg(long, value_name = "TEXT", requires = "unmasked")]
    purpose: Option<String>,
}

/// The forms that a list can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    Xlsx,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let format = format(args)?;
    let mut register = desk.open()?;
    let query = query(args, register.index())?;
    let columns = columns(args, &query, register.index())?;
    let bytes = {
        let index = register.index();
        let people: Vec<(PersonId, Vec<String>)> = ask::people(&query, index)
            .into_iter()
            .map(|id| (id, ask::categories(id, index, desk, args.unmasked)))
            .collect();
        let list = List {
            book: index.book(),
            people: &people,
            columns: &columns,
            today: index.today(),
            lang: desk.lang(),
            unmasked: args.unmasked,
        };
        render(&list, format)?
    };
    let people = register.index().ask(&query).total();
    record(args, people, &mut register)?;
    match &args.output {
        Some(path) => {
            std::fs::write(path, bytes).map_err(|error| Fault::disk(path, &error))?;
            let path = path.display().to_string();
            desk.note(
                "cli-list-written",
                &[("count", people.into()), ("path", path.into())],
            );
        }
        None if format == Format::Xlsx => desk.bytes(&bytes)?,
        None => desk.text(&String::from_utf8_lossy(&bytes))?,
    }
    if format == Format::Table {
        desk.finish()?;
        desk.note("cli-list-count", &[("count", people.into())]);
    }
    Ok(Exit::Done)
}

/// The form asked for, else the one that the file's ending names, else a table.
fn format(args: &Args) -> Result<Format, Fault> {
    let ending = args.output.as_deref().and_then(Path::extension);
    let ending = ending.map(|ending| ending.to_string_lossy().to_lowercase());
    let format = args.format.unwrap_or(match ending.as_deref() {
        Some("csv") => Format::Csv,
        Some("json" | "jsonl") => Format::Json,
        Some("xlsx") => Format::Xlsx,
        _ => Format::Table,
    });
    if format == Format::Xlsx && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Fault::wrong("cli-fault-binary", &[]));
    }
    Ok(format)
}

/// The query with the order asked for.
fn query(args: &Args, index: &Index) -> Result<Query, Fault> {
    let mut query = ask::query(args.query.as_deref(), index)?;
    if let Some(key) = &args.sort {
        query.order = ask::query(Some(&format!("sort:{key}")), index)?.order;
    }
    Ok(query)
}

/// The columns asked for, else those of the view that the query names, else the list's own.
fn columns(args: &Args, query: &Query, index: &Index) -> Result<Vec<Column>, Fault> {
    let of_view = view(&query.root)
        .and_then(|subject| {
            index
                .book()
                .views()
                .into_iter()
                .find(|view| view.subject == subject)
        })
        .map_or(&[][..], |view| view.columns());
    let asked = [args.columns.as_slice(), of_view];
    let keys = asked.into_iter().find(|keys| !keys.is_empty());
    let keys: Vec<&str> = match keys {
        Some(keys) => keys.iter().map(|key| key.trim()).collect(),
        None => COLUMNS.to_vec(),
    };
    let column = |key: &&str| {
        write::column(key)
            .ok_or_else(|| Fault::wrong("cli-fault-column", &[("key", (*key).into())]))
    };
    keys.iter().map(column).collect()
}

/// The view, when a query is nothing else.
fn view(node: &Node) -> Option<Subject> {
    match node {
        Node::View(subject) => Some(*subject),
        Node::All(nodes) if nodes.len() == 1 => nodes.first().and_then(view),
        Node::All(_) | Node::Any(_) | Node::Not(_) | Node::Household(_) | Node::Test(_) => None,
    }
}

fn render(list: &List<'_>, format: Format) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    match format {
        Format::Table => bytes = table(list).lines().join("\n").into_bytes(),
        Format::Csv => write::write(list, exchange::Format::Csv, &mut bytes)?,
        Format::Json => write::write(list, exchange::Format::Json, &mut bytes)?,
        Format::Xlsx => write::write(list, exchange::Format::Xlsx, &mut bytes)?,
    }
    if format == Format::Table {
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn table(list: &List<'_>) -> Table {
    let ages = (0..)
        .zip(list.columns)
        .filter(|(_, column)| **column == Column::Age);
    let mut table = Table::new(write::headings(list)).right(ages.map(|(at, _)| at));
    for (person, categories) in list.people {
        table.row(write::cells(list, *person, categories));
    }
    table
}

/// A list that leaves as a file, or with whole values, is on record before it is out.
fn record(args: &Args, people: usize, register: &mut Register) -> Result<(), Fault> {
    if args.output.is_none() && !args.unmasked {
        return Ok(());
    }
    let name = args.output.as_deref().and_then(Path::file_name);
    let act = Act::Export {
        file: name.map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned()),
        people: people as u64,
        purpose: args.purpose.clone(),
    };
    register.commit(act, Vec::new(), clock::now())?;
    Ok(())
}
