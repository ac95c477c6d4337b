//! `jumin list`: the people who answer a query, as a table or a file.
//!
//! Invariant: values go out masked unless a purpose is given, and then the look is a commit; a
//! file is written whole or not at all.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::paper;
use crate::cli::paper::Frame;
use crate::cli::sending::Cause;
use crate::cli::table::Table;
use crate::exchange::csv::Charset;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::Dress;
use crate::exchange::write::List;
use crate::exchange::write::Scribe;
use crate::index::Index;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::view::View;
use crate::query::Node;
use crate::query::Query;
use crate::term::sending::Load;
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
    #[arg(long, value_name = "ENCODING")]
    encoding: Option<Encoding>,
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    #[arg(long, conflicts_with = "unmasked")]
    notice_board: bool,
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    cause: Cause,
}

/// The forms that a list can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
    Xlsx,
    Text,
}

/// The encodings that a list of comma-separated values can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    Gb18030,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let format = format(args)?;
    let mut register = desk.open()?;
    let query = query(args, register.index())?;
    let eyes = args.cause.eyes(register.role())?;
    let columns = columns(args, &query, register.index())?;
    let frame = Frame {
        title: title(args, &query, register.index(), desk),
        mark: args.cause.mark(&register, desk),
    };
    let found = ask::people(&query, register.index());
    let people = found.len();
    let bytes = {
        let index = register.index();
        let people: Vec<(PersonId, Vec<String>)> = found
            .iter()
            .map(|id| (*id, ask::categories(*id, index, desk, eyes.is_whole())))
            .collect();
        let list = List {
            book: index.book(),
            people: &people,
            columns: &columns,
            today: index.today(),
            lang: desk.lang(),
            eyes,
        };
        render(&list, &frame, format, args, desk)?
    };
    if args.output.is_some() || eyes.is_whole() {
        let load = Load {
            path: args.output.as_deref(),
            bytes: &bytes,
            whole: eyes.is_whole(),
            columns: columns.iter().map(|one| one.key().to_owned()).collect(),
            people: found,
        };
        args.cause.send(load, &mut register, desk)?;
    }
    match &args.output {
        Some(path) => {
            let path = path.display().to_string();
            desk.note(
                "cli-list-written",
                &[("count", people.into()), ("path", path.into())],
            );
        }
        None if is_raw(format, args) => desk.bytes(&bytes)?,
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
        Some("txt") => Format::Text,
        _ if args.notice_board => Format::Text,
        _ => Format::Table,
    });
    if args.encoding.is_some() && format != Format::Csv {
        return Err(Fault::wrong("cli-fault-encoding-csv", &[]));
    }
    if args.notice_board && format == Format::Json {
        return Err(Fault::wrong("cli-fault-notice-json", &[]));
    }
    if is_binary(format, args) && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Fault::wrong("cli-fault-binary", &[]));
    }
    Ok(format)
}

fn is_binary(format: Format, args: &Args) -> bool {
    format == Format::Xlsx || args.encoding == Some(Encoding::Gb18030)
}

/// Whether the bytes go out as they are: a printer at the end of a pipe needs the marks between
/// pages, which a terminal must not see.
fn is_raw(format: Format, args: &Args) -> bool {
    is_binary(format, args) || (format == Format::Text && !std::io::stdout().is_terminal())
}

/// The query with the order asked for.
fn query(args: &Args, index: &Index) -> Result<Query, Fault> {
    let mut query = ask::query(args.query.as_deref(), index)?;
    if let Some(key) = &args.sort {
        query.order = ask::query(Some(&format!("sort:{key}")), index)?.order;
    }
    Ok(query)
}

/// The columns asked for, else those of the view that the query names, else the list's own. What
/// a notice board may not show is left out there; asking for what is hidden from the role is refused.
fn columns(args: &Args, query: &Query, index: &Index) -> Result<Vec<Column>, Fault> {
    let asked = args.columns.iter().map(String::as_str).collect();
    let of_view = named_view(query, index).into_iter();
    let of_view = of_view.flat_map(|view| view.columns()).collect();
    let all: [Vec<&str>; 3] = [asked, of_view, COLUMNS.to_vec()];
    let keys = all.into_iter().find(|keys| !keys.is_empty());
    let keys: Vec<&str> = keys.into_iter().flatten().map(str::trim).collect();
    let column = |key: &&str| {
        write::column(key)
            .ok_or_else(|| Fault::wrong("cli-fault-column", &[("key", (*key).into())]))
    };
    let mut columns: Vec<Column> = keys.iter().map(column).collect::<Result<_, _>>()?;
    let closed =
        |column: &Column| matches!(column, Column::Field(field) if index.lexicon().hides(field));
    if let Some(column) = columns
        .iter()
        .find(|column| closed(column) && !args.columns.is_empty())
    {
        let key = column.key();
        return Err(Fault::wrong(
            "cli-fault-column-closed",
            &[("key", key.into())],
        ));
    }
    columns.retain(|column| !closed(column));
    if !args.notice_board {
        return Ok(columns);
    }
    Ok(columns
        .into_iter()
        .filter_map(write::on_notice_board)
        .collect())
}

/// The title asked for, else the view's name, else what was asked.
fn title(args: &Args, query: &Query, index: &Index, desk: &Desk) -> String {
    let of_view = named_view(query, index).map(|view| view.name(desk.lang()));
    let given = args.title.as_deref().or(of_view).or(args.query.as_deref());
    given.map_or_else(|| desk.words.say("cli-list-title"), str::to_owned)
}

/// The view that a query is, when it is nothing else.
fn named_view<'a>(query: &Query, index: &'a Index) -> Option<View<'a>> {
    let subject = view(&query.root)?;
    View::of(subject, index.book())
}

fn view(node: &Node) -> Option<Subject> {
    match node {
        Node::View(subject) => Some(*subject),
        Node::All(nodes) if nodes.len() == 1 => nodes.first().and_then(view),
        Node::All(_) | Node::Any(_) | Node::Not(_) | Node::Household(_) | Node::Test(_) => None,
    }
}

fn render(
    list: &List<'_>,
    frame: &Frame,
    format: Format,
    args: &Args,
    desk: &Desk,
) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let dress = match format {
        Format::Table => return Ok(text(&table(list).lines())),
        Format::Text => return Ok(text(&paper::pages(list, frame, desk))),
        Format::Csv => Dress::Csv(charset(args), frame.mark.as_deref()),
        Format::Json => Dress::Json(frame.mark.as_deref()),
        Format::Xlsx => Dress::Xlsx(frame.mark.as_deref()),
    };
    write::write_as(list, dress, &mut bytes)?;
    Ok(bytes)
}

fn text(lines: &[String]) -> Vec<u8> {
    let mut text = lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

/// A file is marked as UTF-8, by which spreadsheets know it; a pipe is not.
fn charset(args: &Args) -> Charset {
    match args.encoding {
        Some(Encoding::Gb18030) => Charset::Gb18030,
        Some(Encoding::Utf8) | None if args.output.is_some() => Charset::Utf8Marked,
        Some(Encoding::Utf8) | None => Charset::Utf8,
    }
}

fn table(list: &List<'_>) -> Table {
    let ages = (0..)
        .zip(list.columns)
        .filter(|(_, column)| **column == Column::Age);
    let mut table = Table::new(write::headings(list)).right(ages.map(|(at, _)| at));
    let scribe = Scribe::new(list);
    for (person, categories) in list.people {
        table.row(scribe.cells(*person, categories));
    }
    table
}
