//! Behind a door: who lives there, what is due, what is missing as questions to be answered in
//! place, and what was written down last.
//!
//! Invariant: a digit on screen is the digit that opens its question; what is closely kept stays
//! masked until it is revealed.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::card;
use crate::app::edit;
use crate::app::household;
use crate::app::key::Key;
use crate::app::reveal::Wish;
use crate::app::reveal::reveal;
use crate::app::step::digit;
use crate::app::step::step;
use crate::app::visit;
use crate::index::Index;
use crate::model::field::Field;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::VisitId;
use crate::model::person;
use crate::model::person::Person;
use crate::model::visit::newest;

/// As many questions as there are digits.
const MOST_ASKED: usize = 9;
/// What a reveal shows first, and then.
const SECRETS: [crate::model::field::FieldNo; 2] = [person::PHONES, person::ID_NO];

/// The page of a household, or of someone who has none.
pub struct Doorstep {
    /// Who was looked for.
    pub person: PersonId,
    /// The household.
    pub home: Option<HouseholdId>,
    /// The cursor among its members.
    pub row: usize,
}

/// Something that is not known of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Of whom.
    pub person: PersonId,
    /// What.
    pub field: &'static Field,
}

impl Doorstep {
    /// The page on which someone is.
    pub fn new(index: &Index, person: PersonId) -> Doorstep {
        let home = index.book().person(person).and_then(Person::household);
        let mut page = Doorstep {
            person,
            home,
            row: 0,
        };
        let row = page.members(index).iter().position(|id| *id == person);
        page.row = row.unwrap_or(0);
        page
    }

    /// Who lives there, the head first; those no longer on the rolls last.
    pub fn members(&self, index: &Index) -> Vec<PersonId> {
        match self.home {
            Some(home) => household::members(index, home),
            None => vec![self.person],
        }
    }

    /// What to ask: the one looked for first, then the others on the rolls.
    pub fn questions(&self, index: &Index) -> Vec<Asked> {
        let mut people = self.members(index);
        people.sort_by_key(|id| *id != self.person);
        let people = people.iter().filter_map(|id| index.book().person(*id));
        let missing = people.filter(|one| one.is_present()).flat_map(|one| {
            household::missing(one).map(move |field| Asked {
                person: one.id,
                field,
            })
        });
        missing.take(MOST_ASKED).collect()
    }

    /// The newest visits to anyone there, one for each call on the household.
    pub fn visits(&self, index: &Index, most: usize) -> Vec<VisitId> {
        let people = self.members(index);
        let all = people.iter().flat_map(|id| newest(index.book(), *id));
        let mut all: Vec<_> = all
            .filter_map(|one| Some((one.date()?, one.id, one.outcome(), one.worker())))
            .collect();
        all.sort_by_key(|(day, id, ..)| std::cmp::Reverse((*day, *id)));
        // One call is logged for each member whom it found.
        all.dedup_by_key(|(day, _, outcome, worker)| (*day, *outcome, *worker));
        all.into_iter().map(|(_, id, ..)| id).take(most).collect()
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        let everyone = self.members(desk.index);
        let here = everyone.get(self.row).copied();
        let is_present = |id: &PersonId| {
            let person = desk.index.book().person(*id);
            person.is_some_and(Person::is_present)
        };
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Accept => here.map_or_else(Vec::new, |id| card::open(desk, id)),
            Action::Digit => {
                let at = digit(key).map_or(0, |digit| digit - 1);
                let asked = self.questions(desk.index).get(at).copied();
                let open = |one: Asked| edit::open(desk, one.person.subject(), one.field);
                asked.map_or_else(Vec::new, open)
            }
            Action::Visit => visit::open(everyone.into_iter().filter(is_present).collect()),
            Action::Verify => visit::verify(desk, here.as_slice()),
            Action::Home => household::open(desk, here),
            Action::Reveal => here.map_or_else(Vec::new, |id| look(desk, id)),
            action => {
                let last = everyone.len().saturating_sub(1);
                self.row = step(self.row, last, desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Takes the answer to a question.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        if let Choice::Value(subject, field, value) = choice {
            return edit::set(desk, subject, field, value);
        }
        Vec::new()
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let last = self.members(desk.index).len().saturating_sub(1);
        self.row = self.row.min(last);
    }
}

/// Shows someone's telephone, and when that is shown already, the identity number.
fn look(desk: &Desk<'_>, id: PersonId) -> Vec<Reply> {
    let subject = id.subject();
    let record = desk.index.book().record(subject);
    let known = |field| record.is_some_and(|one| one.has(field));
    let mut hidden = SECRETS
        .into_iter()
        .filter(|field| known(*field) && !desk.is_revealed(subject, *field));
    match hidden.next() {
        Some(field) => {
            let wish = Wish {
                subject,
                field,
                screen: "doorstep",
            };
            reveal(desk, wish)
        }
        None => vec![Reply::Say(Notice::new(
            Tone::Warn,
            Say::plain("card-nothing-hidden"),
        ))],
    }
}
