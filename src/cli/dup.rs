//! `jumin dup`: who may be in the register twice; making one of two, parting them, or noting that
//! they are not one.
//!
//! Invariant: two records are shown side by side, masked, before they are made one; nothing is
//! done without a yes.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::index::Index;
use crate::index::kin::Pair;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::ids::PersonId;
use crate::model::merge;
use crate::model::merge::Line;
use crate::model::merge::Take;
use crate::model::person;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::register::Register;
use crate::term::clock;

/// So many pairs are listed when not all are asked for.
const LISTED: usize = 50;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "PAIR", conflicts_with_all = ["apart", "part"])]
    merge: Option<usize>,
    #[arg(long, value_name = "PAIR", conflicts_with = "part")]
    apart: Option<usize>,
    #[arg(long, value_name = "PERSON")]
    part: Option<String>,
    #[arg(long)]
    all: bool,
    #[arg(short, long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let acts = args.merge.is_some() || args.apart.is_some() || args.part.is_some();
    let mut register = if acts {
        desk.open_to_alter()?
    } else {
        desk.open()?
    };
    if let Some(place) = args.merge {
        make_one(place, args.yes, &mut register, desk)?;
    } else if let Some(place) = args.apart {
        keep_apart(place, args.yes, &mut register, desk)?;
    } else if let Some(who) = &args.part {
        part(who, args.yes, &mut register, desk)?;
    } else {
        list(args.all, register.index(), desk)?;
    }
    Ok(Exit::Done)
}

fn list(all: bool, index: &Index, desk: &mut Desk) -> Result<(), Fault> {
    let pairs = index.pairs();
    let most = if all { pairs.len() } else { LISTED };
    for (place, pair) in (1..).zip(pairs.iter().take(most)) {
        desk.line(&heading(place, pair, desk))?;
        for line in two(pair.one, pair.other, index, desk).lines() {
            desk.line(&line)?;
        }
    }
    if pairs.len() > most {
        desk.tell("cli-and-more", &[("count", (pairs.len() - most).into())])?;
    }
    let key = if pairs.is_empty() {
        "pairs-none"
    } else {
        "cli-dup-do"
    };
    desk.tell(key, &[])
}

/// A pair's number and what speaks for it.
fn heading(place: usize, pair: &Pair, desk: &Desk) -> String {
    let said: Vec<String> = pair
        .signs
        .iter()
        .map(|sign| desk.words.say(sign.word()))
        .collect();
    format!("{place}  {}  {}", pair.score, said.join(" · "))
}

/// Two people, a line each.
fn two(one: PersonId, other: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    for person in [one, other]
        .iter()
        .filter_map(|id| index.book().person(*id))
    {
        let told = [person::SEX, person::BIRTH, person::ID_NO, person::PHONES];
        let mut cells = vec![format!("   {}", person.name())];
        cells.extend(told.map(|field| known(person, field, index, desk)));
        cells.push(address(person, index));
        table.row(cells);
    }
    table
}

fn known(
    person: Person<'_>,
    number: crate::model::field::FieldNo,
    index: &Index,
    desk: &Desk,
) -> String {
    let field = crate::model::field::of(crate::model::ids::Table::Person, number);
    let value = field.zip(person.record.get(number));
    value.map_or("-".to_owned(), |(field, value)| {
        index.role().eyes().show(field, &value, desk.lang())
    })
}

fn address(person: Person<'_>, index: &Index) -> String {
    let home = index.book().home(person);
    home.map_or("-".to_owned(), |home| home.address().to_string())
}

/// The pair with a number of the list.
fn pair(place: usize, index: &Index) -> Result<Pair, Fault> {
    let pair = place.checked_sub(1).and_then(|at| index.pairs().get(at));
    let none = || {
        let args = [
            ("place", place.into()),
            ("count", index.pairs().len().into()),
        ];
        Fault::wrong("cli-fault-pair", &args)
    };
    pair.cloned().ok_or_else(none)
}

fn make_one(
    place: usize,
    yes: bool,
    register: &mut Register,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let index = register.index();
    let pair = pair(place, index)?;
    let (stays, goes) = merge::order(index.book(), pair.one, pair.other);
    let lines = merge::lines(index.book(), stays, goes);
    for line in two(stays, goes, index, desk).lines() {
        desk.line(&line)?;
    }
    let mut table = Table::bare();
    for line in &lines {
        table.row(taken(line, index, stays, goes, desk));
    }
    desk.lines(&table.lines())?;
    let changes = merge::merge(index.book(), stays, goes, &lines);
    let act = Act::Merge { stays, goes };
    commit("cli-dup-merge", (act, changes), yes, register, desk)
}

/// A field of both; what is taken bears a dot.
fn taken(line: &Line, index: &Index, stays: PersonId, goes: PersonId, desk: &Desk) -> Vec<String> {
    let shown = |id: PersonId, value: Option<&Value>| match value {
        None => "-".to_owned(),
        Some(Value::Link(_)) => {
            let person = index.book().person(id);
            person.map_or(String::new(), |person| address(person, index))
        }
        Some(value) => index.role().eyes().show(line.field, value, desk.lang()),
    };
    let dotted = |takes: bool, text: String| format!("{} {text}", if takes { "●" } else { " " });
    vec![
        format!("   {}", line.field.label(desk.lang())),
        dotted(line.take != Take::Goes, shown(stays, line.stays.as_ref())),
        dotted(line.take != Take::Stays, shown(goes, line.goes.as_ref())),
    ]
}

fn keep_apart(
    place: usize,
    yes: bool,
    register: &mut Register,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let index = register.index();
    let pair = pair(place, index)?;
    for line in two(pair.one, pair.other, index, desk).lines() {
        desk.line(&line)?;
    }
    let changes = merge::keep_apart(index.book(), pair.one, pair.other);
    let act = Act::Apart {
        one: pair.one,
        other: pair.other,
    };
    commit("cli-dup-apart", (act, changes), yes, register, desk)
}

fn commit(
    question: &str,
    (act, changes): (Act, Vec<Change>),
    yes: bool,
    register: &mut Register,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let question = desk.words.say(question);
    if !ask::agreed(&question, yes, desk)? {
        return Ok(());
    }
    let commit = register.commit(act, changes, clock::now())?;
    desk.tell("cli-dup-done", &[("commit", commit.id.short().into())])
}

/// Parts the record that was merged last into someone's.
fn part(who: &str, yes: bool, register: &mut Register, desk: &mut Desk) -> Result<(), Fault> {
    let index = register.index();
    let id = ask::one(who, index, desk)?;
    let Some(goes) = index.book().aliases(id).last().copied() else {
        return Err(Fault::wrong("part-nothing", &[]));
    };
    for line in two(id, goes, index, desk).lines() {
        desk.line(&line)?;
    }
    let question = desk.words.say("cli-dup-part");
    if !ask::agreed(&question, yes, desk)? {
        return Ok(());
    }
    let commit = register.part(goes, clock::now())?;
    desk.tell("cli-dup-done", &[("commit", commit.id.short().into())])
}
