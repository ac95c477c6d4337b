//! `jumin purge`: those who have left are removed, from the register and then from its history.
//!
//! Invariant: nobody on the rolls is removed; nothing is altered without a yes; that the history no
//! longer holds somebody is said only after the register was written anew and read back.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::key;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::clean;
use crate::model::date::minute_of;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::removal;
use crate::model::removal::How;
use crate::model::role::Role;
use crate::model::value::Value;
use crate::register::Register;
use crate::store::backup::shelf;
use crate::store::renew;
use crate::store::vault::fault::KeyFault;
use crate::term::clock;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(clap::Subcommand)]
enum What {
    List,
    Anonymise(Those),
    Remove(Those),
    History(Sure),
    Months(Term),
}

#[derive(clap::Args)]
struct Term {
    #[arg(value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1200))]
    months: u16,
}

/// Who is to be removed; those who are due when no query says.
#[derive(clap::Args)]
struct Those {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    whom: Option<String>,
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    #[arg(short, long)]
    yes: bool,
}

#[derive(clap::Args)]
struct Sure {
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    match args.what.as_ref().unwrap_or(&What::List) {
        What::List => list(desk),
        What::Anonymise(whom) => remove(How::Anonymise, whom, desk),
        What::Remove(whom) => remove(How::Remove, whom, desk),
        What::History(sure) => history(sure, desk),
        What::Months(term) => set(term.months, desk),
    }
}

/// Who is due, and how many the history still holds.
fn list(desk: &mut Desk) -> Result<Exit, Fault> {
    let register = desk.open()?;
    let index = register.index();
    let due = removal::due(index.book(), index.today());
    let people: Vec<PersonId> = due.iter().map(|(id, _)| *id).collect();
    let told = [
        ("count", people.len().into()),
        ("months", removal::months(index.book()).to_string().into()),
    ];
    desk.tell("cli-purge-due", &told)?;
    let lines = ask::named_lines(&people, index, desk);
    desk.lines(&lines)?;
    let undated = removal::undated(index.book());
    if undated > 0 {
        desk.tell("cli-purge-undated", &[("count", undated.into())])?;
    }
    let held = register.removed()?.people;
    if held > 0 {
        desk.tell("cli-purge-held", &[("count", held.into())])?;
    }
    Ok(Exit::Done)
}

/// Says after how many months somebody who left is due.
fn set(months: u16, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open_to_alter()?;
    if register.role() != Role::Manage {
        return Err(KeyFault::NotManager.into());
    }
    let setting = Subject::spelled(Table::Setting, removal::MONTHS_SETTING);
    let text = Value::Text(months.to_string());
    let mut draft = Draft::new(register.index().book());
    draft.set(setting, field::SETTING_TEXT, Some(text));
    let changes = draft.finish();
    if !changes.is_empty() {
        register.commit(Act::Setting, changes, clock::now())?;
    }
    desk.tell("cli-purge-months", &[("months", months.to_string().into())])?;
    Ok(Exit::Done)
}

fn remove(how: How, those: &Those, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open_to_alter()?;
    if register.role() != Role::Manage {
        return Err(KeyFault::NotManager.into());
    }
    let index = register.index();
    let people = chosen(those, index)?;
    if people.is_empty() {
        desk.tell("cli-purge-nobody", &[])?;
        return Ok(Exit::Done);
    }
    let count = people.len();
    let lines = ask::named_lines(&people, index, desk);
    desk.lines(&lines)?;
    let (question, done) = match how {
        How::Anonymise => ("cli-purge-anonymise", "cli-purge-anonymised"),
        How::Remove => ("cli-purge-remove", "cli-purge-removed"),
    };
    let question = desk.words.tell(question, &[("count", count.into())]);
    if !ask::agreed(&question, those.yes, desk)? {
        return Ok(Exit::Done);
    }
    let records = removal::records(index.book(), &people);
    let changes = removal::changes(index.book(), &records, how);
    let act = Act::Remove {
        how,
        records,
        people: count as u64,
        reason: clean::line(&those.reason).into_owned(),
    };
    let commit = register.commit(act, changes, clock::now())?.id;
    let told = [("count", count.into()), ("commit", commit.short().into())];
    desk.tell(done, &told)?;
    Ok(Exit::Done)
}

/// Those of a query, or those who are due. Whoever is on the rolls is no one to be removed.
fn chosen(those: &Those, index: &Index) -> Result<Vec<PersonId>, Fault> {
    let Some(query) = &those.whom else {
        let due = removal::due(index.book(), index.today());
        return Ok(due.into_iter().map(|(id, _)| id).collect());
    };
    let people = ask::people(&ask::query(Some(query), index)?, index);
    let stays = people.iter().filter_map(|id| index.book().person(*id));
    let stays = stays.filter(|one| one.is_present()).count();
    if stays > 0 {
        return Err(Fault::wrong(
            "cli-fault-purge-stays",
            &[("count", stays.into())],
        ));
    }
    Ok(people)
}

/// Writes the register anew without those who were removed, under a new data key.
fn history(sure: &Sure, desk: &mut Desk) -> Result<Exit, Fault> {
    let dir = desk.dir()?;
    let key = key::unlock(&dir, desk)?;
    let (register, _) = Register::open_with(
        &dir,
        &desk.worker(),
        clock::now(),
        Some(key.clone()),
        &mut |_| {},
    )?;
    let removed = register.removed()?;
    drop(register);
    if removed.people == 0 {
        desk.tell("cli-purge-nothing", &[])?;
        return Ok(Exit::Done);
    }
    let told = [("count", removed.people.into())];
    let question = desk.words.tell("cli-purge-history", &told);
    if !ask::agreed(&question, sure.yes, desk)? {
        return Ok(Exit::Done);
    }
    let heirs = key::heirs(&dir, &key, desk)?;
    renew::purge(&dir, &key, &heirs.grants, &removed.records)?;
    desk.tell("cli-purge-done", &told)?;
    heirs.tell_left(desk)?;
    match shelf::note(&dir).last {
        Some(last) => {
            let told = [
                ("when", minute_of(last.at).into()),
                ("path", last.file.display().to_string().into()),
            ];
            desk.tell("cli-purge-backups", &told)?;
        }
        None => desk.tell("cli-purge-copies", &[])?,
    }
    Ok(Exit::Done)
}
