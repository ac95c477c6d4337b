//! The screen that classifies residents one after another.
//!
//! A digit gives a category: of an exclusive axis at once, of another together with the other
//! toggles when Space goes on. What is asked for waits in `pending` until the register answers.
//!
//! Invariant: it advances only when the commit was made, or when there was nothing to commit.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::card;
use crate::app::key::Key;
use crate::app::pace::Pace;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::question::Question;
use crate::app::question::axes;
use crate::app::queue::Queue;
use crate::app::queue::waiting;
use crate::app::speak::Word;
use crate::app::speak::speak;
use crate::app::step::digit;
use crate::app::trail::Outcome;
use crate::app::trail::Step;
use crate::app::trail::Tally;
use crate::app::trail::Trail;
use crate::app::visit;
use crate::model::assertion::Status;
use crate::model::change::Commit;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use serde::Deserialize;
use serde::Serialize;

/// The name under which this desk keeps where the sorting stands.
pub const KEPT: &str = "sort";

/// The sort screen's state.
pub struct Sort {
    /// What is asked.
    pub question: Question,
    /// Of whom.
    pub queue: Queue,
    /// Categories that wait for Space.
    pub toggled: Vec<CategoryCode>,
    /// What came of it so far.
    pub trail: Trail,
    /// How fast it goes.
    pub pace: Pace,
    /// What the register has been asked for and has not answered yet.
    pending: Option<Pending>,
}

enum Pending {
    Commit(Step),
    Undo,
}

/// Where the sorting stands, as this desk keeps it.
#[derive(Serialize, Deserialize)]
struct Place {
    query: String,
    axis: String,
    person: Option<PersonId>,
    tally: Tally,
}

impl Sort {
    /// The queue of a query; when it is empty, of those for whom the question is open: without a
    /// category, or with a suggestion that nobody has decided.
    pub fn new(desk: &Desk<'_>, query: &str) -> Sort {
        Sort::pass(desk, query, Question::first(desk.index))
    }

    fn pass(desk: &Desk<'_>, query: &str, question: Question) -> Sort {
        Sort {
            queue: Queue::new(desk.index, query, &question),
            question,
            toggled: Vec::new(),
            pace: Pace::new(desk.now.milliseconds),
            trail: Trail::default(),
            pending: None,
        }
    }

    /// Runs an action. While the register is at work, only leaving is possible.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        let person = self.queue.current().filter(|_| self.pending.is_none());
        match (action, person) {
            (Action::Back, _) => vec![Reply::Close, self.keep()],
            _ if self.pending.is_some() => Vec::new(),
            (Action::StepBack, _) => self.step_back(),
            (Action::Axis, _) => vec![Reply::Open(Screen::Pick(Box::new(Sort::pick_axis(desk))))],
            (Action::Digit, Some(person)) => self.digit(desk, person, key),
            (Action::Accept, Some(person)) => self.accept(desk, person),
            (Action::None, Some(person)) => self.none(desk, person),
            (Action::Flag, Some(person)) => {
                let axis = self.question.axis.clone();
                let words = [Word::Say(axis, Status::Doubtful, None)];
                self.commit(desk, person, &words, Outcome::Flagged)
            }
            (Action::Next, Some(person)) => self.next(desk, person),
            (Action::Visit, Some(person)) => visit::open(vec![person]),
            (Action::Verify, Some(person)) => visit::verify(desk, &[person]),
            (Action::Open, Some(person)) => card::open(desk, person),
            _ => Vec::new(),
        }
    }

    fn digit(&mut self, desk: &Desk<'_>, person: PersonId, key: Option<Key>) -> Vec<Reply> {
        let code = digit(key).and_then(|digit| self.question.digits.get(digit - 1).cloned());
        let Some(code) = code else {
            return Vec::new();
        };
        if self.question.single {
            let words = [Word::Say(code, Status::Confirmed, None)];
            return self.commit(desk, person, &words, Outcome::Classified);
        }
        self.toggle(desk, code);
        Vec::new()
    }

    /// Turns a toggle over; those of the same exclusive group give way.
    fn toggle(&mut self, desk: &Desk<'_>, code: CategoryCode) {
        let had = self.toggled.len();
        self.toggled.retain(|one| *one != code);
        if self.toggled.len() == had {
            self.give_way(desk, &code);
            self.toggled.push(code);
        }
    }

    fn give_way(&mut self, desk: &Desk<'_>, code: &CategoryCode) {
        let book = desk.index.book();
        let group = |code: &CategoryCode| book.category(code).and_then(|one| one.exclusive());
        let own = group(code);
        self.toggled
            .retain(|one| own.is_none() || group(one) != own);
    }

    /// The toggles as words: out of what the person is in, into what not.
    fn words(&self, desk: &Desk<'_>, person: PersonId) -> Vec<Word> {
        let asserted = |code: &CategoryCode| {
            let mut all = desk.index.book().assertions(person);
            all.any(|one| one.is_about(code) && one.stands(desk.now.today))
        };
        let word = |code: &CategoryCode| match (desk.index.is_in(person, code), asserted(code)) {
            (true, true) => Word::End(code.clone()),
            (true, false) => Word::Say(code.clone(), Status::Declined, None),
            (false, _) => Word::Say(code.clone(), Status::Confirmed, None),
        };
        self.toggled.iter().map(word).collect()
    }

    fn next(&mut self, desk: &Desk<'_>, person: PersonId) -> Vec<Reply> {
        let words = self.words(desk, person);
        let outcome = if words.is_empty() {
            Outcome::Skipped
        } else {
            Outcome::Classified
        };
        self.commit(desk, person, &words, outcome)
    }

    /// Accepts the first suggestion, with its reason as evidence, and the toggles with it.
    fn accept(&mut self, desk: &Desk<'_>, person: PersonId) -> Vec<Reply> {
        let proposals = self.question.proposals(desk.index, person);
        let mut proposals = proposals
            .into_iter()
            .filter(|one| !self.toggled.contains(&one.code));
        let (first, more) = (proposals.next(), proposals.next().is_some());
        let Some(first) = first else {
            return say(Say::plain("sort-no-suggestion"));
        };
        let more = more && !self.question.single;
        self.give_way(desk, &first.code);
        let mut words = self.words(desk, person);
        words.push(Word::Say(first.code, Status::Confirmed, first.reason));
        let outcome = if more {
            Outcome::Stays
        } else {
            Outcome::Classified
        };
        self.commit(desk, person, &words, outcome)
    }

    /// None of these: the axis is declined, and so is every suggestion on it.
    fn none(&mut self, desk: &Desk<'_>, person: PersonId) -> Vec<Reply> {
        let decline = |code| Word::Say(code, Status::Declined, None);
        let mut words = vec![decline(self.question.axis.clone())];
        let proposals = self.question.proposals(desk.index, person);
        words.extend(proposals.into_iter().map(|one| decline(one.code)));
        self.commit(desk, person, &words, Outcome::None)
    }

    fn commit(
        &mut self,
        desk: &Desk<'_>,
        person: PersonId,
        words: &[Word],
        outcome: Outcome,
    ) -> Vec<Reply> {
        let step = Step {
            person,
            outcome,
            commit: None,
        };
        match speak(desk, person, words) {
            Some(effect) => {
                self.pending = Some(Pending::Commit(step));
                vec![Reply::Effect(effect)]
            }
            None => self.take(desk, step),
        }
    }

    /// Takes a step that was saved, or had nothing to save.
    fn take(&mut self, desk: &Desk<'_>, step: Step) -> Vec<Reply> {
        self.toggled.clear();
        if step.outcome != Outcome::Stays {
            self.pace.step(desk.now.milliseconds);
            self.queue.go(step.person);
            self.queue.advance(desk.index);
        }
        self.trail.push(step);
        vec![self.keep()]
    }

    /// Drops the toggles; else takes back the last step of this pass and stands there again.
    fn step_back(&mut self) -> Vec<Reply> {
        if !self.toggled.is_empty() {
            self.toggled.clear();
            return Vec::new();
        }
        match self.trail.last().map(|step| step.commit) {
            None => say(Say::plain("sort-at-start")),
            Some(None) => {
                let person = self.trail.pop();
                self.stand_at(person)
            }
            Some(Some(commit)) => {
                self.pending = Some(Pending::Undo);
                vec![Reply::Effect(Effect::Undo(Some(commit)))]
            }
        }
    }

    fn stand_at(&mut self, person: Option<PersonId>) -> Vec<Reply> {
        let Some(person) = person else {
            return Vec::new();
        };
        self.toggled.clear();
        self.queue.go(person);
        vec![self.keep()]
    }

    fn pick_axis(desk: &Desk<'_>) -> Pick {
        let items = axes(desk.index).into_iter().map(|code| {
            let question = Question::of(desk.index, &code);
            let axis = desk.index.book().category(&code);
            Item {
                label: Label::Text(axis.map_or("", |axis| axis.name(desk.lang)).to_owned()),
                hint: desk.index.ask(&waiting(&question)).total().to_string(),
                search: code.0.clone(),
                choice: Choice::Axis(code),
            }
        });
        Pick::new("sort-axes", items.collect())
    }

    /// Takes what was chosen in a box: another axis begins another pass, at the same person.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        let Choice::Axis(axis) = choice else {
            return Vec::new();
        };
        let here = self.queue.current();
        let question = Question::of(desk.index, &axis);
        *self = Sort::pass(desk, &self.queue.text, question);
        if let Some(person) = here {
            self.queue.go(person);
        }
        vec![self.keep()]
    }

    /// Sees the changed register: passes over those who have left, unless an answer is awaited.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        self.question = Question::of(desk.index, &self.question.axis);
        if self.pending.is_none() {
            let before = self.queue.current();
            self.queue.settle(desk.index);
            if self.queue.current() != before {
                self.toggled.clear();
            }
        }
    }

    /// A commit was made.
    pub fn committed(&mut self, desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        match self.pending.take() {
            Some(Pending::Commit(step)) => {
                let commit = Some(commit.id);
                self.take(desk, Step { commit, ..step })
            }
            pending => {
                self.pending = pending;
                Vec::new()
            }
        }
    }

    /// A commit was taken back: if it is one of this pass, stands where it was made.
    pub fn undone(&mut self, _desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        self.pending = None;
        let person = commit.undoes.and_then(|undone| self.trail.rewind(undone));
        self.stand_at(person)
    }

    /// An effect failed: nothing moves. A step that cannot be taken back stands, and the one before
    /// it is next.
    pub fn failed(&mut self) {
        if let Some(Pending::Undo) = self.pending.take() {
            self.trail.close();
        }
    }

    fn keep(&self) -> Reply {
        let place = Place {
            query: self.queue.text.clone(),
            axis: self.question.axis.0.clone(),
            person: self.queue.current(),
            tally: self.trail.tally,
        };
        let bytes = serde_json::to_vec(&place).unwrap_or_default();
        Reply::Effect(Effect::Keep(KEPT, bytes))
    }

    /// Where the sorting stood when it was last left: goes on there if it is the same query.
    pub fn kept(&mut self, desk: &Desk<'_>, name: &str, bytes: Option<&[u8]>) -> Vec<Reply> {
        let place = bytes
            .filter(|_| name == KEPT && self.trail.last().is_none())
            .and_then(|bytes| serde_json::from_slice::<Place>(bytes).ok())
            .filter(|place| place.query == self.queue.text && place.tally.done() > 0);
        let Some((person, place)) = place.and_then(|place| Some((place.person?, place))) else {
            return Vec::new();
        };
        let axis = CategoryCode(place.axis);
        if axes(desk.index).contains(&axis) {
            *self = Sort::pass(desk, &place.query, Question::of(desk.index, &axis));
        }
        self.trail = Trail::after(place.tally);
        self.queue.resume(desk.index, person);
        let args = [
            ("done", self.trail.tally.done().to_string()),
            ("left", self.queue.left().to_string()),
        ];
        say(Say::with("sort-resumed", args))
    }
}

fn say(say: Say) -> Vec<Reply> {
    vec![Reply::Say(Notice::new(Tone::Warn, say))]
}
