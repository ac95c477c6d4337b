//! `jumin demo`: makes a synthetic community in its own folder and opens it.
//!
//! Invariant: no register but a demo is ever written to; the same size and seed find the same
//! folder again.

mod ledger;

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::screen;
use crate::cli::table::Table;
use crate::demo::Community;
use crate::demo::Recipe;
use crate::index::Index;
use crate::model::change::Act;
use crate::query::Node;
use crate::query::Query;
use crate::query::State;
use crate::query::Test;
use crate::register::Register;
use crate::term::clock;
use std::path::PathBuf;

/// The community that is made when nothing else is asked for.
pub(crate) const USUAL: Recipe = Recipe {
    residents: 3000,
    seed: 1,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "N", default_value_t = USUAL.residents)]
    residents: usize,
    #[arg(long, value_name = "S", default_value_t = USUAL.seed)]
    seed: u64,
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

/// So many residents are committed at a time: a community of any size is made in bounded memory.
const PART: usize = 500_000;

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let recipe = Recipe {
        residents: args.residents,
        seed: args.seed,
    };
    if let Some(path) = &args.ledger {
        ledger::put(recipe, path, desk)?;
        return Ok(Exit::Done);
    }
    // The environment's register is somebody's real one: only `--register` moves the demo.
    let (dir, own) = match &desk.given {
        Some(dir) => (dir.clone(), !Register::is_in(dir)),
        None => (home(recipe)?, true),
    };
    let (mut register, notices) = if Register::is_in(&dir) {
        desk.open_at(&dir)?
    } else {
        let worker = desk.worker();
        (Register::create(&dir, &worker, clock::now())?, Vec::new())
    };
    fill(&mut register, recipe, own, desk)?;
    if screen::has_terminal() {
        return screen::show(register, &notices, desk);
    }
    summary(&register, desk)?;
    Ok(Exit::Done)
}

/// The demo's own folder.
pub(crate) fn home(recipe: Recipe) -> Result<PathBuf, Fault> {
    let name = format!("demo-{}-{}", recipe.residents, recipe.seed);
    Ok(desk::data_folder()?.join(name))
}

/// Puts the community in, unless it is there, or the rest of it where the making was cut off. A
/// folder that is no demo's `own` is left alone.
fn fill(register: &mut Register, recipe: Recipe, own: bool, desk: &Desk) -> Result<(), Fault> {
    let inhabited = register.index().book().population() > 0;
    let acts = acts(register, recipe.seed)?;
    if inhabited && acts.contains(&recipe.residents) {
        return Ok(());
    }
    // What was taken back, or cut off before its first commit, holds nobody and is filled now.
    let stands = acts.iter().copied().max().filter(|_| inhabited);
    let is_ours = (own || !acts.is_empty()) && stands.is_some() == inhabited;
    let now = clock::now();
    let community = Community::resume(recipe, now.today, stands.unwrap_or(0), PART);
    let Some(mut community) = community.filter(|_| is_ours) else {
        let path = register.dir().display().to_string();
        return Err(Fault::wrong(
            "cli-fault-not-this-demo",
            &[("path", path.into())],
        ));
    };
    let mut mint = register.mint(now);
    desk.note("cli-demo-making", &[("residents", recipe.residents.into())]);
    while let Some(changes) = community.next(PART, register.index().book(), &mut mint) {
        let act = Act::Demo {
            residents: community.made() as u64,
            seed: recipe.seed,
        };
        register.commit(act, changes, clock::now())?;
    }
    Ok(())
}

/// How many residents stood after each commit of this demo in a register.
fn acts(register: &Register, seed: u64) -> Result<Vec<usize>, Fault> {
    let log = register.log(None, usize::MAX)?;
    let mut made = vec![];
    for commit in &log {
        if let Act::Demo {
            residents,
            seed: of,
        } = commit.act
            && of == seed
        {
            made.extend(usize::try_from(residents));
        }
    }
    Ok(made)
}

fn summary(register: &Register, desk: &mut Desk) -> Result<(), Fault> {
    let index = register.index();
    let unclassified = Query {
        root: Node::Test(Test::Is(State::Unclassified)),
        order: None,
    };
    let args = [
        ("residents", index.ask(&Query::default()).total().into()),
        ("households", index.book().households().count().into()),
        ("unclassified", index.ask(&unclassified).total().into()),
    ];
    desk.tell("cli-demo-summary", &args)?;
    desk.line("")?;
    desk.lines(&category_table(index, desk).lines())?;
    desk.line("")?;
    let dir = desk::typed(register.dir());
    desk.tell("cli-demo-folder", &[("path", dir.as_str().into())])?;
    let next = [("jumin", desk::called().into()), ("path", dir.into())];
    for key in [
        "cli-demo-next-open",
        "cli-demo-next-list",
        "cli-demo-next-count",
    ] {
        desk.tell(key, &next)?;
    }
    Ok(())
}

/// How many people are in each category that anyone is in.
fn category_table(index: &Index, desk: &Desk) -> Table {
    let words = &desk.words;
    let headings = ["cli-code", "cli-category", "cli-people"];
    let mut table = Table::new(headings.map(|key| words.say(key)).to_vec()).right([2]);
    for facet in index.facets(&index.ask(&Query::default())) {
        let Some(category) = index.book().category(&facet.code) else {
            continue;
        };
        if facet.count > 0 {
            let count = crate::words::grouped(facet.count as u64);
            table.row(vec![
                facet.code.0,
                category.name(desk.lang()).to_owned(),
                count,
            ]);
        }
    }
    table
}
