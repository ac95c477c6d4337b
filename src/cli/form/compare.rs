//! `jumin form changes`: a form then and now.
//!
//! Invariant: what is compared is whole, what is shown is masked.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::cli::form::filing;
use crate::cli::form::find;
use crate::cli::form::lines;
use crate::cli::table::Table;
use crate::exchange::form::Form;
use crate::exchange::form::changes::Changes;
use crate::exchange::form::line::Line;
use crate::index::Index;
use crate::model::date::Date;
use crate::model::ids::PersonId;
use crate::register::Register;
use std::collections::BTreeMap;

#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "NAME")]
    name: String,
    #[arg(long, value_name = "DATE")]
    compare: Option<String>,
}

/// The register as it stood at the end of a day, else at the last filing; none when there is none.
pub(super) fn before(
    form: &Form,
    day: Option<&str>,
    register: &Register,
) -> Result<Option<Index>, Fault> {
    if let Some(text) = day {
        let day = Date::parse(text)
            .ok_or_else(|| Fault::wrong("cli-fault-date", &[("text", text.into())]))?;
        let then = register.as_of(&|commit| Date::of(commit.stamp.milliseconds()) <= day.last())?;
        return Ok(then);
    }
    match filing(form, register) {
        Some(id) => Ok(register.as_of(&|commit| commit.id == id)?),
        None => Ok(None),
    }
}

pub(super) fn run(args: &Args, desk: &mut Desk) -> Result<(), Fault> {
    let register = desk.open()?;
    let form = find(&args.name, register.index())?;
    let then = before(&form, args.compare.as_deref(), &register)?.ok_or_else(|| {
        Fault::wrong(
            "cli-fault-form-unfiled",
            &[("name", form.name.as_str().into())],
        )
    })?;
    let index = register.index();
    let role = index.role();
    let old = lines(&form, &then, desk, role.open_eyes())?;
    let now = lines(&form, index, desk, role.open_eyes())?;
    let changes = Changes::between(&form, &old, &now);
    for (key, people, index) in [
        ("cli-form-new", &changes.new, index),
        ("cli-form-gone", &changes.gone, &then),
    ] {
        if !people.is_empty() {
            desk.tell(key, &[("count", people.len().into())])?;
            desk.lines(&indented(&ask::named_lines(people, index, desk)))?;
        }
    }
    if !changes.altered.is_empty() {
        desk.tell(
            "cli-form-altered",
            &[("count", changes.altered.len().into())],
        )?;
        let shown = [
            lines(&form, &then, desk, role.eyes())?,
            lines(&form, index, desk, role.eyes())?,
        ];
        let table = altered(&form, &changes, &shown, index, desk);
        desk.lines(&indented(&table.lines()))?;
    }
    if changes.is_empty() {
        desk.tell("cli-form-same", &[])?;
    }
    Ok(())
}

fn indented(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("  {line}")).collect()
}

/// Who has other cells, and from what to what, masked.
fn altered(
    form: &Form,
    changes: &Changes,
    shown: &[Vec<Line>; 2],
    index: &Index,
    desk: &Desk,
) -> Table {
    let mut table = Table::bare();
    let [old, now] = shown.each_ref().map(|lines| {
        let by_person = lines.iter().map(|line| (line.person, line));
        by_person.collect::<BTreeMap<PersonId, &Line>>()
    });
    for (person, columns) in &changes.altered {
        let name = index.book().person(*person).map_or("", |one| one.name());
        for at in columns {
            let cell = |lines: &BTreeMap<PersonId, &Line>| {
                let cell = lines.get(person).and_then(|line| line.cells.get(*at));
                cell.map_or_else(String::new, ToString::to_string)
            };
            let heading = form
                .columns
                .get(*at)
                .map_or("", |column| column.heading.as_str());
            let (old, now) = (cell(&old), cell(&now));
            let change = if old == now {
                desk.words.say("cli-form-hidden")
            } else {
                format!("{old} -> {now}")
            };
            table.row(vec![name.to_owned(), heading.to_owned(), change]);
        }
    }
    table
}
