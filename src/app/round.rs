//! Today's round: a query as a list of doors in the order in which they are walked.
//!
//! The doors are fixed when the round begins, for a visit may take its people out of the query. A
//! door is ticked by the visits themselves, so a round that was left, or that a crash ended, goes on
//! where it stood.
//!
//! Invariant: a door is ticked exactly when someone of it was called on since the round began.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::card;
use crate::app::household;
use crate::app::key::Key;
use crate::app::step::step;
use crate::app::visit;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::date::Date;
use crate::model::ids::PersonId;
use crate::model::ids::VisitId;
use crate::model::person::Person;
use crate::model::visit::newest;
use crate::query::Order;
use crate::query::Query;
use crate::query::SortKey;
use crate::query::parse::parse;
use serde::Deserialize;
use serde::Serialize;

/// The name under which this desk keeps its round.
pub const KEPT: &str = "round";

/// How many people a round takes in: more than anyone can call on in a day.
const MOST: usize = 1_000;

/// The round.
pub struct Round {
    /// The query's text.
    pub text: String,
    /// The day on which it began.
    pub since: Date,
    /// The doors, in order.
    pub doors: Vec<Door>,
    /// The cursor's door.
    pub row: usize,
    /// The first door on screen.
    pub top: usize,
    /// Whether it is known by now if there is a round to go on with.
    settled: bool,
}

/// A door: those behind it who are to be called on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Who, in the order of the list; never empty.
    pub people: Vec<PersonId>,
}

/// A round as this desk keeps it.
#[derive(Serialize, Deserialize)]
struct Place {
    query: String,
    since: Date,
    people: Vec<PersonId>,
}

impl Door {
    /// The newest visit to someone of it since a day, if there is one: the tick.
    pub fn visit(&self, index: &Index, since: Date) -> Option<VisitId> {
        let visits = self.people.iter().flat_map(|id| newest(index.book(), *id));
        let mut recent = visits.filter(|one| one.date().is_some_and(|date| date >= since));
        recent.next().map(|one| one.id)
    }
}

impl Round {
    /// The round of a query; a faulty one has no doors.
    pub fn new(desk: &Desk<'_>, text: &str) -> Round {
        let order = Order {
            by: SortKey::Address,
            descending: false,
        };
        let query = parse(text, desk.index.lexicon());
        let people = query.map_or(Vec::new(), |query| {
            let query = Query {
                order: Some(order),
                ..query
            };
            desk.index.rows(&query, &desk.index.ask(&query), 0, MOST)
        });
        Round {
            text: text.to_owned(),
            since: desk.now.today,
            doors: doors(desk.index, &people),
            row: 0,
            top: 0,
            settled: false,
        }
    }

    /// How many doors are ticked.
    pub fn done(&self, index: &Index) -> usize {
        self.doors
            .iter()
            .filter(|door| door.visit(index, self.since).is_some())
            .count()
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        let people = self
            .doors
            .get(self.row)
            .map_or(&[][..], |door| &door.people);
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => return vec![Reply::Close],
            Action::Digit => return visit::by_digit(desk, people, key),
            Action::Verify => return visit::verify(desk, people),
            Action::Visit => return visit::open(people.to_vec()),
            Action::Home => return household::open(desk, people.first().copied()),
            Action::Accept => {
                let person = people.first();
                return person.map_or(Vec::new(), |person| card::open(desk, *person));
            }
            action => {
                let last = self.doors.len().saturating_sub(1);
                self.go(desk, step(self.row, last, desk.seen.rows.max(1), action));
            }
        }
        Vec::new()
    }

    fn go(&mut self, desk: &Desk<'_>, row: usize) {
        let page = desk.seen.rows.max(1);
        self.row = row.min(self.doors.len().saturating_sub(1));
        self.top = self
            .top
            .clamp((self.row + 1).saturating_sub(page), self.row);
    }

    /// A visit was logged: on to the next door without a tick.
    pub fn committed(&mut self, desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        if matches!(commit.act, Act::Visit { .. }) {
            self.advance(desk);
        }
        Vec::new()
    }

    fn advance(&mut self, desk: &Desk<'_>) {
        let open = |at: &usize| {
            let door = self.doors.get(*at);
            door.is_some_and(|door| door.visit(desk.index, self.since).is_none())
        };
        let next = (self.row..self.doors.len()).chain(0..self.row).find(open);
        self.go(desk, next.unwrap_or(self.row));
    }

    /// Sees the changed register: those whose records are gone are called on no more.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        for door in &mut self.doors {
            door.people
                .retain(|id| desk.index.book().person(*id).is_some());
        }
        self.doors.retain(|door| !door.people.is_empty());
        self.go(desk, self.row);
    }

    /// The round that was begun today with the same query goes on; else this one is kept.
    pub fn kept(&mut self, desk: &Desk<'_>, name: &str, bytes: Option<&[u8]>) -> Vec<Reply> {
        if name != KEPT || self.settled {
            return Vec::new();
        }
        self.settled = true;
        let place = bytes
            .and_then(|bytes| serde_json::from_slice::<Place>(bytes).ok())
            .filter(|place| place.query == self.text && place.since == self.since);
        let Some(place) = place else {
            return vec![self.keep()];
        };
        self.doors = doors(desk.index, &place.people);
        self.refresh(desk);
        self.advance(desk);
        let done = self.done(desk.index);
        let args = [
            ("done", done.to_string()),
            ("left", (self.doors.len() - done).to_string()),
        ];
        let say = Say::with("round-resumed", args);
        vec![Reply::Say(Notice::new(Tone::Warn, say))]
    }

    fn keep(&self) -> Reply {
        let people = self.doors.iter().flat_map(|door| door.people.clone());
        let place = Place {
            query: self.text.clone(),
            since: self.since,
            people: people.collect(),
        };
        let bytes = serde_json::to_vec(&place).unwrap_or_default();
        Reply::Effect(Effect::Keep(KEPT, bytes))
    }
}

/// People in the order of their addresses, as doors.
fn doors(index: &Index, people: &[PersonId]) -> Vec<Door> {
    let book = index.book();
    let home = |id: &PersonId| book.person(*id).and_then(Person::household);
    let mut all: Vec<Door> = Vec::new();
    for id in people {
        let same =
            |door: &&mut Door| home(id).is_some() && door.people.first().and_then(home) == home(id);
        match all.last_mut().filter(same) {
            Some(door) => door.people.push(*id),
            None => all.push(Door { people: vec![*id] }),
        }
    }
    all
}
