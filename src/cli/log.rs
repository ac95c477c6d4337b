//! `jumin log`: who did what and when, of the register or of one person.
//!
//! Invariant: every commit is told, also looks, exports and undoes; closely kept values stay
//! masked.

use crate::cli::ask;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::table::Table;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::change::Sending;
use crate::model::change::Tally;
use crate::model::codes;
use crate::model::date::minute_of;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::field::Kind;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table as Records;
use crate::model::removal::How;
use crate::model::role::Sight;
use crate::model::value::Value;
use crate::model::visit;
use crate::words::Arg;
use std::collections::HashSet;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "PERSON", allow_hyphen_values = true)]
    person: Option<String>,
    #[arg(long, value_name = "PERSON", conflicts_with_all = ["person", "exports"])]
    about: Option<String>,
    #[arg(long, conflicts_with = "person")]
    exports: bool,
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let register = desk.open()?;
    let index = register.index();
    let person = args
        .person
        .as_deref()
        .map(|text| ask::one(text, index, desk))
        .transpose()?;
    if args.exports {
        return sendings(&register.sent(args.limit)?, index, desk);
    }
    let commits = match &args.about {
        Some(text) => register.looks(ask::one(text, index, desk)?, args.limit)?,
        None => register.log(person, args.limit)?,
    };
    let undone: HashSet<CommitId> = commits.iter().filter_map(|commit| commit.undoes).collect();
    let headings = [
        "cli-log-commit",
        "cli-log-when",
        "cli-log-who",
        "cli-log-changes",
        "cli-log-what",
    ];
    let mut table = Table::new(headings.map(|key| desk.words.say(key)).to_vec()).right([3]);
    for commit in &commits {
        let size = register.size(commit);
        table.row(row(commit, size, &undone, (index, desk)));
        let told = person.map_or_else(Vec::new, |person| details(commit, person, index, desk));
        for line in told {
            let blank = String::new;
            table.row(vec![
                blank(),
                blank(),
                blank(),
                blank(),
                format!("  {line}"),
            ]);
        }
    }
    desk.lines(&table.lines())?;
    Ok(Exit::Done)
}

/// The lists that left the register, each with the hash by which its file is known again.
fn sendings(commits: &[Commit], index: &Index, desk: &mut Desk) -> Result<Exit, Fault> {
    let headings = [
        "cli-log-commit",
        "cli-log-when",
        "cli-log-who",
        "cli-log-what",
        "cli-log-columns",
        "cli-log-hash",
    ];
    let mut table = Table::new(headings.map(|key| desk.words.say(key)).to_vec());
    for commit in commits {
        let (columns, hash) = if let Act::Send(sent) = &commit.act {
            (sent.columns.join(","), hex(&sent.hash))
        } else {
            (String::new(), String::new())
        };
        table.row(vec![
            commit.id.short(),
            minute_of(commit.stamp.milliseconds()),
            commit.worker.clone(),
            act(&commit.act, index, desk),
            columns,
            hash,
        ]);
    }
    desk.lines(&table.lines())?;
    Ok(Exit::Done)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn row(
    commit: &Commit,
    size: u64,
    undone: &HashSet<CommitId>,
    (index, desk): (&Index, &Desk),
) -> Vec<String> {
    let mut what = match commit.undoes {
        Some(id) => desk
            .words
            .tell("cli-act-undo-of", &[("commit", id.short().into())]),
        None => act(&commit.act, index, desk),
    };
    if undone.contains(&commit.id) {
        what = desk.words.tell("cli-act-undone", &[("what", what.into())]);
    }
    vec![
        commit.id.short(),
        minute_of(commit.stamp.milliseconds()),
        commit.worker.clone(),
        crate::words::grouped(size),
        what,
    ]
}

/// The outcomes of a ledger's rows, those that there were.
fn tallied(tally: &Tally, desk: &Desk) -> String {
    let counts = [
        ("cli-verdict-new", tally.new),
        ("cli-verdict-updated", tally.updated),
        ("cli-verdict-same", tally.same),
        ("cli-verdict-conflicts", tally.conflicts),
        ("cli-verdict-undecided", tally.undecided),
        ("cli-verdict-rejected", tally.rejected),
        ("cli-verdict-skipped", tally.skipped),
    ];
    let some = counts.into_iter().filter(|(_, count)| *count > 0);
    let told = some.map(|(key, count)| {
        let count = crate::words::grouped(count);
        format!("{} {count}", desk.words.say(key))
    });
    told.collect::<Vec<_>>().join(" ")
}

/// An act in words.
pub(crate) fn act(act: &Act, index: &Index, desk: &Desk) -> String {
    let (key, args): Told = match act {
        Act::Init => ("cli-act-init", vec![]),
        Act::Demo { residents, seed } => demo(*residents, *seed),
        Act::Import { file, new, updated } => (
            "cli-act-import",
            vec![
                ("file", file.as_str().into()),
                ("new", (*new).into()),
                ("updated", (*updated).into()),
            ],
        ),
        Act::Ledger { file, sheet, tally } => ledger(file, sheet, tallied(tally, desk)),
        Act::Classify { what, people } => (
            "cli-act-classify",
            vec![
                ("what", classified(what, index, desk).into()),
                ("people", (*people).into()),
            ],
        ),
        Act::Edit => ("cli-act-edit", vec![]),
        Act::Undo => ("cli-act-undo", vec![]),
        Act::View => ("cli-act-view", vec![]),
        Act::Reveal { subject, field } => look((*subject, Some(*field)), ("", None), index, desk),
        Act::Look {
            subject,
            field,
            screen,
            reason,
        } => look((*subject, *field), (screen, reason.as_deref()), index, desk),
        Act::Send(sending) => gone(sending, desk),
        Act::Export {
            file,
            people,
            purpose,
        } => sent(file, *people, purpose.as_deref(), desk),
        Act::Setting => ("cli-act-setting", vec![]),
        Act::Enter => ("act-enter", vec![]),
        Act::Veiled => ("act-veiled", vec![]),
        Act::Merge { .. } => ("act-merge", vec![]),
        Act::Part { .. } => ("act-part", vec![]),
        Act::Apart { .. } => ("act-apart", vec![]),
        Act::Remove {
            how,
            people,
            reason,
            ..
        } => removed(*how, *people, reason),
        Act::Visit {
            result,
            verified,
            people,
        } => visited(result, *verified, *people, desk),
    };
    desk.words.tell(key, &args)
}

/// A ledger that was taken in; a text's one sheet is called as its file.
fn ledger(file: &str, sheet: &str, counts: String) -> Told {
    let key = if sheet == file {
        "cli-act-ledger-alone"
    } else {
        "cli-act-ledger"
    };
    let told = [("file", file), ("sheet", sheet)];
    let told = told.map(|(name, text)| (name, text.into()));
    let counts = ("counts", counts.into());
    (key, told.into_iter().chain([counts]).collect())
}

/// The signs of a classification, such as `+E6 -E`: closely kept categories masked, hidden ones left
/// out.
fn classified(what: &str, index: &Index, desk: &Desk) -> String {
    let one = |word: &str| {
        let mut rest = word.chars();
        let sign = rest.next().unwrap_or_default();
        let code = CategoryCode(rest.as_str().to_owned());
        let eyes = index.role().eyes();
        let sight = index
            .book()
            .category(&code)
            .map_or(Sight::Clear, |one| eyes.category(one.sensitivity()));
        match sight {
            Sight::Hidden => None,
            Sight::Masked => Some(format!("{sign}{}", desk.words.say("cli-sensitive"))),
            Sight::Clear => Some(word.to_owned()),
        }
    };
    let words: Vec<String> = what.split_whitespace().filter_map(one).collect();
    words.join(" ")
}

/// A message's key and what fills it.
type Told = (&'static str, Vec<(&'static str, Arg)>);

fn demo(residents: u64, seed: u64) -> Told {
    let seed = seed.to_string();
    let told = vec![("residents", residents.into()), ("seed", seed.into())];
    ("cli-act-demo", told)
}

fn removed(how: How, people: u64, reason: &str) -> Told {
    let key = match how {
        How::Anonymise => "cli-act-anonymise",
        How::Remove => "cli-act-remove",
    };
    let told = vec![("people", people.into()), ("reason", reason.into())];
    (key, told)
}

fn sent(file: &str, people: u64, purpose: Option<&str>, desk: &Desk) -> Told {
    let masked = desk.words.say("cli-act-masked");
    let args = vec![
        ("file", file.into()),
        ("people", people.into()),
        ("purpose", purpose.map_or(masked, str::to_owned).into()),
    ];
    ("cli-act-export", args)
}

/// A list that left: how many, into which file, masked or whole, and what was said of it.
fn gone(sending: &Sending, desk: &Desk) -> Told {
    let said = [
        ("mark-purpose", &sending.purpose),
        ("mark-receiver", &sending.receiver),
        ("mark-basis", &sending.basis),
    ];
    let told = |(key, text): (&str, &Option<String>)| {
        Some(desk.words.tell(key, &[("text", text.as_deref()?.into())]))
    };
    let said: Vec<String> = said.into_iter().filter_map(told).collect();
    let how = if sending.whole {
        "cli-act-whole"
    } else {
        "cli-act-masked"
    };
    let args = vec![
        ("file", sending.file.as_str().into()),
        ("people", sending.people.len().into()),
        ("purpose", (desk.words.say(how) + &said.concat()).into()),
    ];
    ("cli-act-export", args)
}

/// A look: whose, which field, where and what for.
fn look(
    (subject, number): (Subject, Option<FieldNo>),
    (screen, reason): (&str, Option<&str>),
    index: &Index,
    desk: &Desk,
) -> Told {
    let record = index.book().record(subject);
    let name = record.and_then(|record| record.text(crate::model::person::NAME));
    let label = match number {
        None => desk.words.say("cli-act-record"),
        Some(number) => field::of(subject.table, number).map_or_else(
            || desk.words.say("act-categories"),
            |field| field.label(desk.lang()).to_owned(),
        ),
    };
    let place = match screen {
        "" => String::new(),
        screen => desk
            .words
            .tell("cli-act-where", &[("screen", screen.into())]),
    };
    let reason = reason.map_or_else(String::new, |reason| {
        desk.words.tell("mark-purpose", &[("text", reason.into())])
    });
    let args = vec![
        ("field", label.into()),
        ("name", name.unwrap_or_default().into()),
        ("where", (place + &reason).into()),
    ];
    ("cli-act-reveal", args)
}

fn visited(result: &str, verified: bool, people: u64, desk: &Desk) -> Told {
    let key = if verified {
        "cli-act-verified"
    } else {
        "cli-act-visit"
    };
    let name = codes::name("visit-result", result, desk.lang()).unwrap_or(result);
    (
        key,
        vec![("result", name.into()), ("people", people.into())],
    )
}

/// What a commit changed about one person: fields, and categories by their names.
fn details(commit: &Commit, person: PersonId, index: &Index, desk: &Desk) -> Vec<String> {
    let about = |subject: Subject| match subject.table {
        Records::Person => subject == person.subject(),
        Records::Assertion => index
            .book()
            .record(subject)
            .is_some_and(|record| record.link(crate::model::assertion::PERSON) == Some(person.0)),
        Records::Visit => index
            .book()
            .record(subject)
            .is_some_and(|record| record.link(visit::PERSON) == Some(person.0)),
        Records::Household
        | Records::Dwelling
        | Records::Category
        | Records::View
        | Records::Setting => false,
    };
    let changes = commit.changes.iter().filter(|change| about(change.subject));
    changes
        .filter_map(|change| detail(change, index, desk))
        .collect()
}

/// How much may be seen of a change: of what is said of a category no more than of the category.
fn sight(change: &Change, field: &Field, index: &Index) -> Sight {
    let own = index.role().field(field);
    let about = index.book().assertion(AssertionId(change.subject.id));
    let about = about.filter(|_| change.subject.table == Records::Assertion);
    let category = about.and_then(|one| index.book().category(&one.category()?));
    let eyes = index.role().eyes();
    category.map_or(own, |one| own.min(eyes.category(one.sensitivity())))
}

fn detail(change: &Change, index: &Index, desk: &Desk) -> Option<String> {
    let field = field::of(change.subject.table, change.field)?;
    (sight(change, field, index) != Sight::Hidden).then_some(())?;
    let is_said = change.subject.table == Records::Assertion && field.kind == Kind::Text;
    let shown = |value: &Option<Value>| match value {
        None => desk.words.say("cli-nothing"),
        Some(Value::Link(_)) => String::new(),
        Some(Value::Code(code)) if change.field == crate::model::assertion::CATEGORY => {
            let code = CategoryCode(code.clone());
            ask::category(&code, index, desk, false).unwrap_or_default()
        }
        Some(_) if is_said && sight(change, field, index) == Sight::Masked => {
            desk.words.say("cli-sensitive")
        }
        Some(value) => index.role().eyes().show(field, value, desk.lang()),
    };
    if matches!(&change.new, Some(Value::Link(_))) {
        return None;
    }
    let label = field.label(desk.lang());
    let new = shown(&change.new);
    Some(match &change.old {
        None => format!("{label}: {new}"),
        old @ Some(_) => format!("{label}: {} -> {new}", shown(old)),
    })
}
