//! `jumin show`: one person: what is known, every category and why, the household, the lists.
//!
//! Invariant: closely kept values and categories stay masked; the look is on record.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::exchange::write;
use crate::index::Index;
use crate::index::Standing;
use crate::model::assertion::Status;
use crate::model::category::Kind;
use crate::model::change::Act;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::ids::Table as Records;
use crate::model::person;
use crate::model::role::Sight;
use crate::model::visit;
use crate::query::fault::FaultKind;
use crate::query::parse;
use crate::register::Register;
use crate::term::clock;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "PERSON", allow_hyphen_values = true)]
    person: String,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open()?;
    let id = ask::one(&args.person, register.index(), desk)?;
    put_on_record(id, &mut register, desk);
    let index = register.index();
    let parts = [
        ("cli-show-facts", facts(id, index, desk)),
        ("cli-show-categories", categories(id, index, desk)),
        ("cli-show-visits", visits(id, index, desk)),
        ("cli-show-household", household(id, index, desk)),
        ("cli-show-views", views(id, index, desk)),
    ];
    desk.lines(&ask::named_lines(&[id], index, desk))?;
    for (heading, table) in parts {
        desk.line("")?;
        desk.tell(heading, &[])?;
        let lines = table.lines();
        if lines.is_empty() {
            desk.line(&format!("  {}", desk.words.say("cli-nothing")))?;
        }
        for line in lines {
            desk.line(&format!("  {line}"))?;
        }
    }
    Ok(Exit::Done)
}

/// What is masked may be looked at also when the disk is full or the journal is damaged.
fn put_on_record(id: PersonId, register: &mut Register, desk: &Desk) {
    let act = Act::Look {
        subject: id.subject(),
        field: None,
        screen: "show".to_owned(),
        reason: None,
    };
    if let Err(fault) = register.commit(act, Vec::new(), clock::now()) {
        desk.note("cli-show-unlogged", &[("why", desk.reason(&fault).into())]);
    }
}

/// Every known field, masked.
fn facts(id: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    let Some(record) = index.book().record(id.subject()) else {
        return table;
    };
    let role = index.role();
    let own = field::of_table(Records::Person).filter(|field| field.number != person::HOUSEHOLD);
    for field in own.filter(|field| role.field(field) != Sight::Hidden) {
        if let Some(value) = record.get(field.number) {
            let shown = role.eyes().show(field, &value, desk.lang());
            table.row(vec![field.label(desk.lang()).to_owned(), shown]);
        }
    }
    table
}

/// Every category with how, since when and why, proposals and what is over too.
fn categories(id: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    for standing in index.standings(id) {
        let Some(name) = ask::category(&standing.code, index, desk, false) else {
            continue;
        };
        let hidden = name == desk.words.say("cli-sensitive");
        let (code, reason) = if hidden {
            (String::new(), String::new())
        } else {
            (
                standing.code.0.clone(),
                standing.reason.clone().unwrap_or_default(),
            )
        };
        table.row(vec![
            code,
            name,
            desk.words.say(manner(&standing)),
            span(&standing),
            reason,
        ]);
    }
    table
}

/// How someone came to stand in a category.
fn manner(standing: &Standing) -> &'static str {
    if standing.until.is_some() {
        return "cli-manner-ended";
    }
    match (standing.kind, standing.assertion) {
        (_, Some((_, Status::Doubtful))) => "cli-manner-doubtful",
        (_, Some((_, Status::Declined))) => "cli-manner-declined",
        (Kind::Derived, None) => "cli-manner-derived",
        (Kind::Suggested, None) => "cli-manner-suggested",
        (_, Some((_, Status::Confirmed))) | (Kind::Asserted, None) => "cli-manner-asserted",
    }
}

fn span(standing: &Standing) -> String {
    match (standing.since, standing.until) {
        (None, None) => String::new(),
        (since, until) => {
            let text = |date: Option<crate::model::date::Date>| {
                date.map_or_else(String::new, |date| date.to_string())
            };
            format!("{}..{}", text(since), text(until))
        }
    }
}

/// The visits, newest first, after what they come to.
fn visits(id: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    let fresh = index.freshness(id);
    let dates = [
        ("cli-show-seen", fresh.contact.seen),
        ("cli-show-verified", fresh.contact.verified),
        ("cli-show-due", fresh.due),
    ];
    for (key, date) in dates {
        if let Some(date) = date {
            table.row(vec![desk.words.say(key), date.to_string()]);
        }
    }
    if fresh.stale {
        table.row(vec![desk.words.say("cli-show-stale")]);
    }
    let shown = [
        visit::RESULT,
        visit::WORKER,
        visit::NOTE,
        visit::NEED,
        visit::ACTION,
    ];
    for one in visit::newest(index.book(), id) {
        let text = |number: &FieldNo| {
            let field = field::of(Records::Visit, *number)?;
            let eyes = index.role().eyes();
            Some(eyes.show(field, &one.record.get(*number)?, desk.lang()))
        };
        let day = [visit::DATE, visit::TIME];
        let day: Vec<String> = day.iter().filter_map(text).collect();
        let verified = one.verified().then(|| desk.words.say("cli-show-unchanged"));
        let mut row = vec![day.join(" ")];
        row.extend(shown.iter().map(|number| text(number).unwrap_or_default()));
        row.extend(verified);
        table.row(row);
    }
    table
}

/// The people of the household, in the order of the list.
fn household(id: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    let book = index.book();
    let Some(household) = book
        .person(id)
        .and_then(crate::model::person::Person::household)
    else {
        return table;
    };
    let keys = ["name", "relation", "sex", "age", "address"];
    let columns: Vec<write::Column> = keys.into_iter().filter_map(write::column).collect();
    let list = write::List {
        book,
        people: &[],
        columns: &columns,
        today: index.today(),
        lang: desk.lang(),
        eyes: index.role().eyes(),
    };
    let scribe = write::Scribe::new(&list);
    for member in book.members(household) {
        table.row(scribe.cells(*member, &[]));
    }
    table
}

/// The saved lists that the person is on; one whose query is broken says so.
fn views(id: PersonId, index: &Index, desk: &Desk) -> Table {
    let mut table = Table::bare();
    for view in index.book().views() {
        let name = view.name(desk.lang()).to_owned();
        match parse::parse(view.query(), index.lexicon()) {
            Ok(query) if index.matches(&query, id) => {
                table.row(vec![name, view.query().to_owned()]);
            }
            Ok(_) => {}
            // Whether someone is on such a list is not for this role.
            Err(fault) if matches!(fault.kind, FaultKind::Closed(_)) => {}
            Err(fault) => table.row(vec![name, fault.say(desk.lang())]),
        }
    }
    table
}
