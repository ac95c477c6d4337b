//! `jumin set`: one fact of the people of a query, set or cleared as one commit.
//!
//! Invariant: what will change is shown first, masked; nobody is altered without a yes.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::exchange::cell;
use crate::index::Index;
use crate::model::alike;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::clean;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::ids::PersonId;
use crate::model::value::Value;
use crate::term::clock;

/// So many changes are shown before they are made.
const SHOWN: usize = 10;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: String,
    #[arg(value_name = "FIELD=VALUE", allow_hyphen_values = true)]
    fact: String,
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open_to_alter()?;
    let now = clock::now();
    let index = register.index();
    let (field, value) = fact(&args.fact, now.today, desk)?;
    let people = ask::people(&ask::query(Some(&args.query), index)?, index);
    let changes = alike::set(index.book(), &people, field, value.as_ref());
    preview(&changes, (field, value.as_ref()), people.len(), index, desk)?;
    let count = changes.len();
    if count == 0 {
        return Ok(Exit::Done);
    }
    let question = desk
        .words
        .tell("cli-classify-question", &[("count", count.into())]);
    if !ask::agreed(&question, args.yes, desk)? {
        return Ok(Exit::Done);
    }
    let commit = register.commit(Act::Edit, changes, now)?;
    let done = [
        ("count", count.into()),
        ("commit", commit.id.short().into()),
    ];
    desk.tell("cli-classify-done", &done)?;
    Ok(Exit::Done)
}

/// Reads `politics=党员`; nothing after the sign clears the field.
fn fact(text: &str, today: Date, desk: &Desk) -> Result<(&'static Field, Option<Value>), Fault> {
    let unclear = || Fault::wrong("cli-fault-fact", &[("text", text.into())]);
    let (name, value) = text.split_once(['=', '＝']).ok_or_else(unclear)?;
    let name = name.trim();
    let labelled = |field: &&Field| [field.zh, field.en].contains(&name);
    let field = field::by_key(name)
        .or_else(|| FIELDS.iter().find(labelled))
        .filter(|field| alike::fits(field))
        .ok_or_else(|| Fault::wrong("cli-fault-fact-field", &[("field", name.into())]))?;
    let value = clean::line(value);
    if value.is_empty() {
        return Ok((field, None));
    }
    let read = cell::value(field, &value, today);
    let value = read.map_err(|trouble| {
        let why = trouble.say(desk.lang());
        let told = [("text", value.as_ref().into()), ("why", why.into())];
        Fault::wrong("cli-fault-fact-value", &told)
    })?;
    Ok((field, value))
}

fn preview(
    changes: &[Change],
    (field, value): (&'static Field, Option<&Value>),
    found: usize,
    index: &Index,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let lang = desk.lang();
    let show = |value: Option<&Value>| {
        value.map_or_else(
            || "-".to_owned(),
            |value| index.role().eyes().show(field, value, lang),
        )
    };
    let args = [
        ("field", field.label(lang).into()),
        ("value", show(value).into()),
        ("found", found.into()),
        ("count", changes.len().into()),
        ("rest", (found - changes.len()).into()),
    ];
    desk.tell("cli-set-title", &args)?;
    let mut table = Table::bare();
    for change in changes.iter().take(SHOWN) {
        let person = index.book().person(PersonId(change.subject.id));
        let name = person.map_or("", |one| one.name());
        table.row(vec![
            format!("  {name}"),
            format!(
                "{} -> {}",
                show(change.old.as_ref()),
                show(change.new.as_ref())
            ),
        ]);
    }
    desk.lines(&table.lines())?;
    if changes.len() > SHOWN {
        let more = [("count", (changes.len() - SHOWN).into())];
        desk.tell("cli-and-more", &more)?;
    }
    Ok(())
}
