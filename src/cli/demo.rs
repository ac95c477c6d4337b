//! `jumin demo`: makes a synthetic community in its own folder and opens it.
//!
//! Invariant: no register but a demo is ever written to; the same size and seed find the same
//! folder again.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::fault::Exit;
use crate::cli::fault::Fault;
use crate::cli::screen;
use crate::cli::table::Table;
use crate::demo;
use crate::demo::Recipe;
use crate::index::Index;
use crate::model::change::Act;
use crate::query::Node;
use crate::query::Query;
use crate::query::State;
use crate::query::Test;
use crate::register::Register;
use crate::term::clock;
use std::path::Path;
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
}

pub(crate) fn run(args: &Args, desk: &mut Desk) -> Result<Exit, Fault> {
    let recipe = Recipe {
        residents: args.residents,
        seed: args.seed,
    };
    // The environment's register is somebody's real one: only `--register` moves the demo.
    let (dir, own) = match &desk.given {
        Some(dir) => (dir.clone(), !exists(dir)),
        None => (home(recipe)?, true),
    };
    let (mut register, notices) = if exists(&dir) {
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

/// Whether a folder holds something.
fn exists(dir: &Path) -> bool {
    std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some())
}

/// Puts the community in, unless it is there. A folder that is no demo's `own` is left alone.
fn fill(register: &mut Register, recipe: Recipe, own: bool, desk: &Desk) -> Result<(), Fault> {
    let act = Act::Demo {
        residents: recipe.residents as u64,
        seed: recipe.seed,
    };
    let made = register
        .log(None, usize::MAX)?
        .iter()
        .any(|commit| commit.act == act);
    let inhabited = register.index().book().population() > 0;
    if made && inhabited {
        return Ok(());
    }
    // A demo that was cut off before its commit, or taken back, holds nobody and is filled now.
    if inhabited || !(made || own) {
        let path = register.dir().display().to_string();
        return Err(Fault::wrong(
            "cli-fault-not-this-demo",
            &[("path", path.into())],
        ));
    }
    desk.note("cli-demo-making", &[("residents", recipe.residents.into())]);
    let now = clock::now();
    let mut mint = register.mint(now);
    let changes = demo::community(recipe, register.index().book(), now.today, &mut mint);
    register.commit(act, changes, now)?;
    Ok(())
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
