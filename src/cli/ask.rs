//! Queries and questions: text to query, query to people, a text to one person, yes or no.
//!
//! Invariant: what cannot be understood is a fault with its place; nothing is guessed.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::cli::print;
use crate::cli::table::Table;
use crate::exchange::write;
use crate::exchange::write::Column;
use crate::exchange::write::List;
use crate::exchange::write::Scribe;
use crate::index::Index;
use crate::index::Standing;
use crate::model::assertion::Status;
use crate::model::category::Kind;
use crate::model::category::Sensitivity;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::query::Query;
use crate::query::parse;
use std::io::IsTerminal;

/// How many people are named before "and so on".
const NAMED: usize = 12;

/// The columns that tell people apart.
const TELLING: [&str; 5] = ["name", "sex", "age", "address", "id"];

/// The query that a text means; no text is everyone.
pub(crate) fn query(text: Option<&str>, index: &Index) -> Result<Query, Fault> {
    let text = text.unwrap_or_default();
    if text.starts_with("--") {
        return Err(Fault::wrong("cli-fault-argument", &[("arg", text.into())]));
    }
    parse::parse(text, index.lexicon()).map_err(|fault| Fault::Query {
        text: text.to_owned(),
        fault: Box::new(fault),
    })
}

/// The people who answer a query, in its order.
pub(crate) fn people(query: &Query, index: &Index) -> Vec<PersonId> {
    let answer = index.ask(query);
    index.rows(query, &answer, 0, answer.total())
}

/// The one person that a text means: the only one it finds, or the only one of exactly that name.
pub(crate) fn one(text: &str, index: &Index, desk: &Desk) -> Result<PersonId, Fault> {
    let found = people(&query(Some(text), index)?, index);
    let book = index.book();
    let named = |id: &PersonId| book.person(*id).is_some_and(|one| one.name() == text);
    let exact: Vec<PersonId> = found.iter().copied().filter(named).collect();
    match (found.as_slice(), exact.as_slice()) {
        ([], _) => Err(nobody(text, index, desk)),
        ([id], _) | (_, [id]) => Ok(*id),
        _ => {
            let args = [("text", text.into()), ("count", found.len().into())];
            let lines = named_lines(&found, index, desk);
            Err(Fault::wrong("cli-fault-several", &args).with(lines))
        }
    }
}

/// Nobody on the rolls answers a text: that those who do have left, where there are any.
fn nobody(text: &str, index: &Index, desk: &Desk) -> Fault {
    let gone = query(Some(text), index).map(|query| {
        let gone = index.gone(&query);
        index.rows(&query, &gone, 0, gone.total())
    });
    match gone {
        Ok(gone) if !gone.is_empty() => {
            let args = [
                ("text", text.into()),
                ("count", gone.len().into()),
                ("jumin", desk::called().into()),
            ];
            Fault::wrong("cli-fault-left", &args).with(named_lines(&gone, index, desk))
        }
        Ok(_) | Err(_) => Fault::wrong("cli-fault-nobody", &[("text", text.into())]),
    }
}

/// A few lines that name people, masked.
pub(crate) fn named_lines(people: &[PersonId], index: &Index, desk: &Desk) -> Vec<String> {
    let columns: Vec<Column> = TELLING.into_iter().filter_map(write::column).collect();
    let list = List {
        book: index.book(),
        people: &[],
        columns: &columns,
        today: index.today(),
        lang: desk.lang(),
        eyes: index.role().eyes(),
    };
    let mut table = Table::bare();
    let scribe = Scribe::new(&list);
    for id in people.iter().take(NAMED) {
        table.row(scribe.cells(*id, &[]));
    }
    let mut lines = table.lines();
    if people.len() > NAMED {
        lines.push(
            desk.words
                .tell("cli-and-more", &[("count", (people.len() - NAMED).into())]),
        );
    }
    lines
}

/// Whether someone is in the category now: not only proposed, doubtful, declined or over.
pub(crate) fn holds(standing: &Standing) -> bool {
    let decided = match standing.assertion {
        Some((_, status)) => status == Status::Confirmed,
        None => true,
    };
    standing.kind != Kind::Suggested && standing.until.is_none() && decided
}

/// The names of the categories that someone is in; closely kept ones by name only when `unmasked`.
pub(crate) fn categories(
    person: PersonId,
    index: &Index,
    desk: &Desk,
    unmasked: bool,
) -> Vec<String> {
    let held = index.standings(person);
    let mut names: Vec<String> = held
        .iter()
        .filter(|standing| holds(standing))
        .filter_map(|standing| category(&standing.code, index, desk, unmasked))
        .collect();
    names.dedup();
    names
}

/// The name of a category as it may be shown; none when it is never shown.
pub(crate) fn category(
    code: &CategoryCode,
    index: &Index,
    desk: &Desk,
    unmasked: bool,
) -> Option<String> {
    let Some(category) = index.book().category(code) else {
        return Some(code.0.clone());
    };
    if index.hides(code) {
        return None;
    }
    match category.sensitivity() {
        Sensitivity::Locked => None,
        Sensitivity::Sensitive if !unmasked => Some(desk.words.say("cli-sensitive")),
        Sensitivity::Open | Sensitivity::Normal | Sensitivity::Sensitive => {
            Some(category.name(desk.lang()).to_owned())
        }
    }
}

/// Asks for a yes. Without a terminal nobody can answer: that is a fault, unless `yes` was given.
pub(crate) fn agreed(question: &str, yes: bool, desk: &mut Desk) -> Result<bool, Fault> {
    if yes {
        return Ok(true);
    }
    desk.finish()?;
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(Fault::wrong("cli-fault-unasked", &[]));
    }
    print::note(question);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    let agreed = matches!(
        answer.trim().to_lowercase().as_str(),
        "y" | "yes" | "是" | "好"
    );
    if !agreed {
        desk.note("cli-not-done", &[]);
    }
    Ok(agreed)
}
