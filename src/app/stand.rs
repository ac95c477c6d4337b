//! Where a desk stands, to be found again after it was locked.
//!
//! Invariant: a desk stands again where it stood, or on the nearest screen below that still is; what
//! was half typed in a form is kept by the form itself.

use crate::app::App;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Screen;
use crate::app::card;
use crate::app::door::Door;
use crate::app::doorstep::Doorstep;
use crate::app::household;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::app::round;
use crate::app::round::Round;
use crate::app::sort;
use crate::app::sort::Sort;
use crate::index::Index;
use crate::model::date::Now;
use crate::model::ids::PersonId;
use serde::Deserialize;
use serde::Serialize;

/// The name under which it is kept.
pub const KEPT: &str = "lock";

/// A screen, and where it stands.
#[derive(Debug, Serialize, Deserialize)]
enum Stand {
    List {
        text: String,
        cursor: Option<PersonId>,
        table: bool,
    },
    Card(PersonId),
    Household(Option<PersonId>),
    Door(String),
    Doorstep(PersonId),
    Sort(String),
    Round(String),
}

/// Where the screens stand, in bytes; those that are not remembered are left out.
pub fn note(app: &App, index: &Index) -> Vec<u8> {
    let stands: Vec<Stand> = app
        .screens
        .all()
        .filter_map(|screen| stand(screen, index))
        .collect();
    serde_json::to_vec(&stands).unwrap_or_default()
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "boxes and previews are of the moment, a form keeps itself"
)]
fn stand(screen: &Screen, index: &Index) -> Option<Stand> {
    Some(match screen {
        Screen::List(list) => Stand::List {
            text: list.filter.line.text().to_owned(),
            cursor: list.cursor,
            table: list.focus != Focus::Bar,
        },
        Screen::Card(card) => Stand::Card(card.person),
        Screen::Household(home) => {
            let members = household::members(index, home.id);
            Stand::Household(members.get(home.row).copied())
        }
        Screen::Door(door) => Stand::Door(door.line.text().to_owned()),
        Screen::Doorstep(page) => Stand::Doorstep(page.person),
        Screen::Sort(sort) => Stand::Sort(sort.queue.text.clone()),
        Screen::Round(round) => Stand::Round(round.text.clone()),
        _ => return None,
    })
}

/// Puts the screens where they stood; what is still to be fetched for them.
pub fn resume(app: &mut App, index: &Index, now: Now, bytes: &[u8]) -> Vec<Effect> {
    let stands: Vec<Stand> = serde_json::from_slice(bytes).unwrap_or_default();
    let (worker, looks) = (app.worker.clone(), app.looks.clone());
    let desk = Desk {
        index,
        now,
        lang: app.lang,
        worker: &worker,
        seen: app.seen,
        revealed: None,
        looks: &looks,
    };
    let mut effects = vec![];
    for stand in stands {
        // What a screen fetches goes to the active one, so nothing is put over one that does.
        let is_waiting = effects.iter().any(|one| matches!(one, Effect::Kept(_)));
        let replies = if is_waiting {
            vec![]
        } else {
            replies(&desk, stand)
        };
        for reply in replies {
            match reply {
                Reply::Open(Screen::List(list)) => app.screens.active = Screen::List(list),
                Reply::Open(screen) => app.screens.open(screen),
                Reply::Effect(effect) => effects.push(effect),
                Reply::Close | Reply::Say(_) | Reply::Choose(_) => {}
            }
        }
    }
    effects
}

fn replies(desk: &Desk<'_>, stand: Stand) -> Vec<Reply> {
    let lives = |id: &PersonId| desk.index.book().person(*id).is_some();
    let screen = match stand {
        Stand::List {
            text,
            cursor,
            table,
        } => {
            let mut list = List::new(desk.index, desk.lang);
            list.filter.set_text(desk, &text);
            list.cursor = cursor;
            if table {
                list.focus = Focus::Table;
            }
            list.refresh(desk);
            Some(Screen::List(Box::new(list)))
        }
        Stand::Card(id) if lives(&id) => return card::open(desk, id),
        Stand::Household(who) => return household::open(desk, who),
        Stand::Door(text) => Some(Screen::Door(Box::new(Door::new(desk.index, &text)))),
        Stand::Doorstep(id) if lives(&id) => {
            Some(Screen::Doorstep(Box::new(Doorstep::new(desk.index, id))))
        }
        Stand::Sort(text) => {
            return vec![
                Reply::Open(Screen::Sort(Box::new(Sort::new(desk, &text)))),
                Reply::Effect(Effect::Kept(sort::KEPT)),
            ];
        }
        Stand::Round(text) => {
            return vec![
                Reply::Open(Screen::Round(Box::new(Round::new(desk, &text)))),
                Reply::Effect(Effect::Kept(round::KEPT)),
            ];
        }
        Stand::Card(_) | Stand::Doorstep(_) => None,
    };
    screen.map(Reply::Open).into_iter().collect()
}
