//! `jumin classify`: puts the people of a query into a category or takes them out, as one commit.
//!
//! Invariant: what will happen is shown first; nobody is altered without a yes.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::index::Index;
use crate::model::assertion;
use crate::model::assertion::Status;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::classify;
use crate::model::classify::Saying;
use crate::model::date::Date;
use crate::model::date::Now;
use crate::model::draft::Draft;
use crate::model::ids::CategoryCode;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::query::Node;
use crate::query::Test;
use crate::term::clock;

/// What an assertion made here says of where it came from.
const SOURCE: &str = "批量";

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: String,
    #[arg(value_name = "CHANGE", allow_hyphen_values = true)]
    change: String,
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
    #[arg(short, long)]
    yes: bool,
}

/// Into a category, or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Into,
    OutOf,
}

/// What will happen.
struct Plan {
    changes: Vec<Change>,
    affected: Vec<PersonId>,
    /// How many standing assertions end.
    ended: usize,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let mut register = desk.open_to_alter()?;
    let now = clock::now();
    let index = register.index();
    let (direction, code) = change(&args.change, index)?;
    let people = ask::people(&ask::query(Some(&args.query), index)?, index);
    let since = since(args, now)?;
    let mint = register.mint(now);
    let plan = plan(args, (direction, &code), &people, since, index, mint);
    preview(&plan, (direction, &code), people.len(), index, desk)?;
    if plan.affected.is_empty() {
        return Ok(Exit::Done);
    }
    let question = desk.words.tell(
        "cli-classify-question",
        &[("count", plan.affected.len().into())],
    );
    if !ask::agreed(&question, args.yes, desk)? {
        return Ok(Exit::Done);
    }
    let act = Act::Classify {
        what: sign(direction, &code),
        people: plan.affected.len() as u64,
    };
    let commit = register.commit(act, plan.changes, now)?;
    let done = [
        ("count", plan.affected.len().into()),
        ("commit", commit.id.short().into()),
    ];
    desk.tell("cli-classify-done", &done)?;
    Ok(Exit::Done)
}

/// Reads `+E6` or `-下岗`.
fn change(text: &str, index: &Index) -> Result<(Direction, CategoryCode), Fault> {
    let into = text
        .strip_prefix(['+', '＋'])
        .map(|name| (Direction::Into, name));
    let out = text
        .strip_prefix(['-', '－'])
        .map(|name| (Direction::OutOf, name));
    let Some((direction, name)) = into.or(out) else {
        return Err(Fault::wrong("cli-fault-change", &[("text", text.into())]));
    };
    let query = ask::query(Some(&format!("+{}", name.trim())), index)?;
    match only(&query.root) {
        Some(Test::Category(codes)) if codes.len() == 1 => {
            let code = codes.first().cloned();
            code.map(|code| (direction, code))
        }
        _ => None,
    }
    .ok_or_else(|| Fault::wrong("cli-fault-change", &[("text", text.into())]))
}

/// The test, when a query is nothing else.
fn only(node: &Node) -> Option<&Test> {
    match node {
        Node::Test(test) => Some(test),
        Node::All(nodes) if nodes.len() == 1 => nodes.first().and_then(only),
        Node::All(_) | Node::Any(_) | Node::Not(_) | Node::Household(_) | Node::View(_) => None,
    }
}

fn since(args: &Args, now: Now) -> Result<Date, Fault> {
    let Some(text) = &args.since else {
        return Ok(now.today);
    };
    Date::parse(text)
        .ok_or_else(|| Fault::wrong("cli-fault-date", &[("text", text.as_str().into())]))
}

fn plan(
    args: &Args,
    (direction, code): (Direction, &CategoryCode),
    people: &[PersonId],
    since: Date,
    index: &Index,
    mut mint: Mint,
) -> Plan {
    let mut draft = Draft::new(index.book());
    let saying = Saying {
        category: code,
        status: Status::Confirmed,
        since,
        evidence: args.evidence.as_deref(),
        source: SOURCE,
    };
    let mut alter = |id: &PersonId| match direction {
        Direction::Into => classify::say(&mut draft, *id, &saying, &mut mint),
        Direction::OutOf => classify::withdraw(&mut draft, *id, code, since),
    };
    let affected: Vec<PersonId> = people.iter().filter(|id| alter(id)).copied().collect();
    let changes = draft.finish();
    let ends = |change: &&Change| change.field == assertion::TO;
    let ended = changes.iter().filter(ends).count();
    Plan {
        changes,
        affected,
        ended,
    }
}

fn preview(
    plan: &Plan,
    (direction, code): (Direction, &CategoryCode),
    found: usize,
    index: &Index,
    desk: &mut Desk,
) -> Result<(), Fault> {
    let name = index
        .book()
        .category(code)
        .map(|category| category.name(desk.lang()).to_owned());
    let args = [
        ("change", sign(direction, code).into()),
        ("category", name.unwrap_or_default().into()),
        ("found", found.into()),
        ("count", plan.affected.len().into()),
        ("rest", (found - plan.affected.len()).into()),
    ];
    let key = match direction {
        Direction::Into => "cli-classify-into",
        Direction::OutOf => "cli-classify-out-of",
    };
    desk.tell(key, &args)?;
    let names = ask::named_lines(&plan.affected, index, desk);
    let names: Vec<String> = names.iter().map(|line| format!("  {line}")).collect();
    desk.lines(&names)?;
    if direction == Direction::Into && plan.ended > 0 {
        desk.tell("cli-classify-ends", &[("count", plan.ended.into())])?;
    }
    Ok(())
}

fn sign(direction: Direction, code: &CategoryCode) -> String {
    match direction {
        Direction::Into => format!("+{code}"),
        Direction::OutOf => format!("-{code}"),
    }
}
