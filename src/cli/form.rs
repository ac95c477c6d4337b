//! `jumin form`: a department's own workbook, kept under a name and filled in with one command.
//!
//! Invariant: a form goes out masked unless a purpose is given; every form that goes out is on
//! record before its file is written.

mod compare;

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::sending::Cause;
use crate::cli::table::Table;
use crate::exchange::Refusal;
use crate::exchange::form;
use crate::exchange::form::Form;
use crate::exchange::form::Unfit;
use crate::exchange::form::changes::Changes;
use crate::exchange::form::line::Line;
use crate::exchange::read::MOST_WORKBOOK;
use crate::exchange::write::List;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::date::Date;
use crate::model::date::minute_of;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::role::Eyes;
use crate::model::value::Value;
use crate::query::Node;
use crate::query::show;
use crate::register::Register;
use crate::register::RegisterError;
use crate::term::clock;
use crate::term::sending::Load;
use crate::words::Arg;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use uuid::Uuid;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Add(Add),
    Fill(Fill),
    List,
    Changes(compare::Args),
}

#[derive(clap::Args)]
struct Add {
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(value_name = "FILE")]
    blank: PathBuf,
    #[arg(long, value_name = "VIEW", conflicts_with = "query")]
    view: Option<String>,
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

#[derive(clap::Args)]
struct Fill {
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    cause: Cause,
    #[arg(long, value_name = "DATE")]
    compare: Option<String>,
    #[arg(long)]
    unmarked: bool,
    #[arg(long)]
    trial: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    match &args.what {
        What::Add(args) => add(args, desk)?,
        What::Fill(args) => fill(args, desk)?,
        What::List => list(desk)?,
        What::Changes(args) => compare::run(args, desk)?,
    }
    Ok(Exit::Done)
}

fn add(args: &Add, desk: &mut Desk) -> Result<(), Fault> {
    let bytes = blank(&args.blank).map_err(|error| unread(&args.blank, error))?;
    let mut register = desk.open_to_alter()?;
    let index = register.index();
    let query = query(args, index)?;
    let found = ask::people(&ask::query(Some(&query), index)?, index);
    let file = args.blank.file_name().unwrap_or_default().to_string_lossy();
    let keys = keys(args.keys.as_deref())?;
    let about = (args.sheet.as_deref(), &keys);
    let form = Form::study(&args.name, &file, &bytes, about, &query, index.book())
        .map_err(|unfit| fault(unfit, &args.blank))?;
    let rows = form.people(found, index.book()).len();
    let mut draft = Draft::new(index.book());
    let setting = Value::Text(form.text());
    draft.set(
        Form::subject(&form.name),
        field::SETTING_TEXT,
        Some(setting),
    );
    let changed = draft.finish();
    register
        .keep(&kept_workbook(&form), &bytes)
        .map_err(RegisterError::from)?;
    if !changed.is_empty() {
        register.commit(Act::Setting, changed, clock::now())?;
    }
    let told = [
        ("sheet", form.sheet.as_str().into()),
        ("row", form.heading_row.into()),
    ];
    desk.tell("cli-form-found", &told)?;
    desk.lines(&mapping(&form, desk).lines())?;
    left_blank(&form, desk);
    let key = if form.is_by_household() {
        "cli-form-added-households"
    } else {
        "cli-form-added"
    };
    desk.note(
        key,
        &[("name", form.name.as_str().into()), ("count", rows.into())],
    );
    Ok(())
}

/// The workbook's bytes; of one that is too large, enough to be refused.
fn blank(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    file.take(MOST_WORKBOOK + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The query asked for, or that of a view; everyone when neither is given.
fn query(args: &Add, index: &Index) -> Result<String, Fault> {
    let Some(name) = &args.view else {
        return Ok(args.query.clone().unwrap_or_default());
    };
    let view = index.lexicon().view(name);
    let view =
        view.ok_or_else(|| Fault::wrong("cli-fault-form-view", &[("name", name.as_str().into())]))?;
    Ok(show::show_node(&Node::View(view), index.lexicon()))
}

/// The keys for headings that a file of lines `"heading" = "key"` gives.
pub(super) fn keys(path: Option<&Path>) -> Result<BTreeMap<String, String>, Fault> {
    let Some(path) = path else {
        return Ok(BTreeMap::new());
    };
    let text = fs::read_to_string(path).map_err(|error| unread(path, error))?;
    toml::from_str(&text).map_err(|error| {
        let told = [
            ("path", path.display().to_string().into()),
            ("why", error.message().to_owned().into()),
        ];
        Fault::wrong("cli-fault-form-keys", &told)
    })
}

/// What goes under each heading.
fn mapping(form: &Form, desk: &Desk) -> Table {
    let headings = ["cli-form-heading", "cli-form-key"].map(|key| desk.words.say(key));
    let mut table = Table::new(headings.to_vec());
    for column in form
        .columns
        .iter()
        .filter(|column| !column.heading.is_empty())
    {
        let key = match column.key.as_str() {
            "" => desk.words.say("cli-form-blank"),
            key => key.to_owned(),
        };
        table.row(vec![column.heading.clone(), key]);
    }
    table
}

/// Names the headings under which nothing is filled in.
fn left_blank(form: &Form, desk: &Desk) {
    let blank = form.left_blank();
    if !blank.is_empty() {
        desk.note(
            "cli-form-left-blank",
            &[("headings", blank.join("、").into())],
        );
    }
}

fn fill(args: &Fill, desk: &mut Desk) -> Result<(), Fault> {
    let mut register = desk.open()?;
    let form = find(&args.name, register.index())?;
    let bytes = register
        .kept(&kept_workbook(&form))
        .filter(|bytes| form::digest(bytes) == form.workbook)
        .ok_or_else(|| {
            Fault::wrong(
                "cli-fault-form-gone",
                &[("name", form.name.as_str().into())],
            )
        })?;
    let changes = match compare::before(&form, args.compare.as_deref(), &register)? {
        Some(then) if !args.unmarked => {
            let whole = register.role().open_eyes();
            let old = lines(&form, &then, desk, whole)?;
            let now = lines(&form, register.index(), desk, whole)?;
            Some(Changes::between(&form, &old, &now))
        }
        Some(_) | None => None,
    };
    let eyes = args.cause.eyes(register.role())?;
    let rows = lines(&form, register.index(), desk, eyes)?;
    let path = output(args, &form, register.index().today());
    let mark = args.cause.mark(&register, desk);
    let filled = form
        .fill(&bytes, &rows, changes.as_ref(), mark.as_deref())
        .map_err(|unfit| fault(unfit, Path::new(&form.file)))?;
    let columns = form.columns.iter().map(|column| column.key.clone());
    let load = Load {
        path: Some(&path),
        bytes: &filled.bytes,
        whole: eyes.is_whole(),
        columns: columns.filter(|key| !key.is_empty()).collect(),
        people: rows.iter().map(|row| row.person).collect(),
    };
    let commit = args.cause.send(load, &mut register, desk)?;
    if !args.trial {
        register
            .keep(&kept_filing(&form), commit.id.0.as_bytes())
            .map_err(RegisterError::from)?;
    }
    report(&form, rows.len(), &path, desk);
    if filled.overwritten > 0 {
        let rows = u64::from(filled.overwritten);
        desk.note("cli-form-overwritten", &[("rows", rows.into())]);
    }
    if let Some(changes) = changes {
        desk.note("cli-form-marked", &counts(&changes));
    }
    Ok(())
}

fn report(form: &Form, rows: usize, path: &Path, desk: &Desk) {
    let key = if form.is_by_household() {
        "cli-form-written-households"
    } else {
        "cli-form-written"
    };
    let path = path.display().to_string();
    desk.note(key, &[("count", rows.into()), ("path", path.into())]);
    left_blank(form, desk);
}

fn counts(changes: &Changes) -> [(&'static str, Arg); 3] {
    [
        ("new", changes.new.len().into()),
        ("gone", changes.gone.len().into()),
        ("altered", changes.altered.len().into()),
    ]
}

/// The file asked for, else a new one that is named after the form and the day.
fn output(args: &Fill, form: &Form, today: Date) -> PathBuf {
    if let Some(path) = &args.output {
        return path.clone();
    }
    let plain = |c: char| {
        if matches!(c, '/' | '\\' | ':') {
            '-'
        } else {
            c
        }
    };
    let stem: String = format!("{}-{today}", form.name)
        .chars()
        .map(plain)
        .collect();
    let named = |count: u32| match count {
        1 => PathBuf::from(format!("{stem}.xlsx")),
        _ => PathBuf::from(format!("{stem}-{count}.xlsx")),
    };
    (1..u32::MAX)
        .map(named)
        .find(|path| !path.exists())
        .unwrap_or_else(|| named(1))
}

fn list(desk: &mut Desk) -> Result<(), Fault> {
    let register = desk.open()?;
    let headings = [
        "cli-form-name",
        "cli-form-query",
        "cli-form-file",
        "cli-form-filed",
    ];
    let mut table = Table::new(headings.map(|key| desk.words.say(key)).to_vec());
    for form in Form::all(register.index().book()) {
        let filed = filing(&form, &register).and_then(|id| register.find(&id.0.to_string()).ok());
        let filed = filed.map(|commit| minute_of(commit.stamp.milliseconds()));
        let query = match form.query.as_str() {
            "" => desk.words.say("cli-form-everyone"),
            query => query.to_owned(),
        };
        let filed = filed.unwrap_or_else(|| desk.words.say("cli-nothing"));
        table.row(vec![form.name, query, form.file, filed]);
    }
    desk.lines(&table.lines())
}

/// The rows of a form as the register stands at some time.
fn lines(form: &Form, index: &Index, desk: &Desk, eyes: Eyes) -> Result<Vec<Line>, Fault> {
    let found = ask::people(&ask::query(Some(&form.query), index)?, index);
    let people: Vec<(PersonId, Vec<String>)> = form
        .people(found, index.book())
        .into_iter()
        .map(|id| (id, ask::categories(id, index, desk, eyes.is_whole())))
        .collect();
    Ok(form.rows(&List {
        book: index.book(),
        people: &people,
        columns: &[],
        today: index.today(),
        lang: desk.lang(),
        eyes,
    }))
}

/// The commit of a form's last filing at this desk.
fn filing(form: &Form, register: &Register) -> Option<CommitId> {
    let bytes = register.kept(&kept_filing(form))?;
    Uuid::from_slice(&bytes).ok().map(CommitId)
}

fn kept_workbook(form: &Form) -> String {
    format!("form-{}", form.workbook)
}

fn kept_filing(form: &Form) -> String {
    format!("filed-{}", Form::subject(&form.name).id.simple())
}

fn find(name: &str, index: &Index) -> Result<Form, Fault> {
    let forms = Form::all(index.book());
    let names: Vec<&str> = forms.iter().map(|form| form.name.as_str()).collect();
    let known = names.join("、");
    let found = forms.iter().find(|form| form.name == name).cloned();
    found.ok_or_else(|| {
        let told = [("name", name.into()), ("names", known.into())];
        Fault::wrong("cli-fault-form-unknown", &told)
    })
}

fn unread(path: &Path, error: std::io::Error) -> Fault {
    Refusal::from(error).about(path).into()
}

fn fault(unfit: Unfit, path: &Path) -> Fault {
    let path_told = ("path", path.display().to_string().into());
    match unfit {
        Unfit::Refused(refusal) => refusal.about(path).into(),
        Unfit::Kind => Fault::wrong("cli-fault-form-kind", &[path_told]),
        Unfit::NoSheet(names) => {
            let names = names.join("、");
            Fault::wrong(
                "cli-fault-form-sheet",
                &[path_told, ("names", names.into())],
            )
        }
        Unfit::NoHeading => Fault::wrong("cli-fault-form-heading", &[path_told]),
        Unfit::Key(heading, key) => {
            let told = [("heading", heading.into()), ("key", key.into())];
            Fault::wrong("cli-fault-form-key", &told)
        }
        Unfit::Heading(heading) => {
            Fault::wrong("cli-fault-form-unheaded", &[("heading", heading.into())])
        }
    }
}
