//! One person whole: facts, categories, household, history.
//!
//! Invariant: a masked value is shown, and can be edited, only after its reveal was logged.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::bulk;
use crate::app::door;
use crate::app::edit;
use crate::app::form::Form;
use crate::app::household;
use crate::app::key::Key;
use crate::app::merge;
use crate::app::pairs;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::question::is_proposal;
use crate::app::reveal::Wish;
use crate::app::reveal::reveal;
use crate::app::rows::Row;
use crate::app::rows::SENSITIVE_CATEGORIES;
use crate::app::rows::Topic;
use crate::app::rows::is_sensitive;
use crate::app::rows::rows;
use crate::app::sort::KEPT;
use crate::app::sort::Sort;
use crate::app::speak::Word;
use crate::app::speak::speak;
use crate::app::step::step;
use crate::app::visit;
use crate::index::Standing;
use crate::model::assertion::Status;
use crate::model::change::Commit;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::person;
use crate::model::person::Person;

/// Opens the card of a person and asks for its history.
pub fn open(desk: &Desk<'_>, person: PersonId) -> Vec<Reply> {
    vec![
        Reply::Open(Screen::Card(Box::new(Card::new(desk, person)))),
        Reply::Effect(Effect::History(person)),
    ]
}

/// A card's state.
pub struct Card {
    /// Who.
    pub person: PersonId,
    /// The commits that touch the person, newest first.
    pub history: Vec<Commit>,
    /// The cursor's row.
    pub row: usize,
    /// What that row is about; the cursor follows it when rows come and go.
    topic: Option<Topic>,
}

impl Card {
    /// The card of a person.
    pub fn new(desk: &Desk<'_>, person: PersonId) -> Card {
        let mut card = Card {
            person,
            history: Vec::new(),
            row: 0,
            topic: None,
        };
        card.go(desk, 0);
        card
    }

    /// The card's rows.
    pub fn rows(&self, desk: &Desk<'_>) -> Vec<Row> {
        rows(desk.index, self.person, &self.history)
    }

    fn go(&mut self, desk: &Desk<'_>, row: usize) {
        let rows = self.rows(desk);
        self.row = row.min(rows.len().saturating_sub(1));
        self.topic = rows.get(self.row).map(Row::topic);
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, _key: Option<Key>) -> Vec<Reply> {
        let rows = self.rows(desk);
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Classify => vec![Reply::Open(Screen::Pick(Box::new(Pick::categories(desk))))],
            Action::Visit => visit::open(vec![self.person]),
            Action::Home => household::open(desk, Some(self.person)),
            Action::Door => door::open(desk),
            Action::Pairs => pairs::open(desk, &[self.person]),
            Action::Looks => vec![Reply::Effect(Effect::Looks(self.person))],
            Action::Part => merge::part(desk, self.person),
            Action::Verify => visit::verify(desk, &[self.person]),
            Action::SortQueue => vec![
                Reply::Open(Screen::Sort(Box::new(Sort::new(desk, "")))),
                Reply::Effect(Effect::Kept(KEPT)),
            ],
            Action::NewPerson => self.newcomer(desk),
            Action::Accept => match rows.get(self.row) {
                Some(row) => self.accept(desk, row),
                None => Vec::new(),
            },
            Action::Reveal => match rows.get(self.row).and_then(|row| self.secret(desk, row)) {
                Some((subject, field)) => reveal(desk, wish(subject, field)),
                None => say("card-nothing-hidden"),
            },
            Action::NextPart => {
                let here = rows.get(self.row).map(Row::part);
                let other = |row: &Row| Some(row.part()) != here;
                let next = rows.iter().skip(self.row).position(other);
                self.go(desk, next.map_or(0, |next| self.row + next));
                Vec::new()
            }
            action => {
                let page = desk.seen.rows.max(1);
                let last = rows.len().saturating_sub(1);
                self.go(desk, step(self.row, last, page, action));
                Vec::new()
            }
        }
    }

    /// Opens the form for another member of the household.
    fn newcomer(&self, desk: &Desk<'_>) -> Vec<Reply> {
        let person = desk.index.book().person(self.person);
        let form = match person.and_then(Person::household) {
            Some(home) => Form::of_member(desk, home),
            None => Form::new(desk, &[]),
        };
        vec![
            Reply::Open(Screen::Form(Box::new(form))),
            Reply::Effect(Effect::Kept(crate::app::form::sheet::KEPT)),
        ]
    }

    /// What a row hides, if anything: whose, and under which field the look is logged.
    fn secret(&self, desk: &Desk<'_>, row: &Row) -> Option<(Subject, FieldNo)> {
        match row {
            Row::Fact(subject, field) if field.masking.is_close() => Some((*subject, field.number)),
            Row::Standing(standing) if is_sensitive(desk.index, &standing.code) => {
                Some((self.person.subject(), SENSITIVE_CATEGORIES))
            }
            Row::Fact(..)
            | Row::Blank(..)
            | Row::Standing(_)
            | Row::Visit(_)
            | Row::Member(_)
            | Row::Commit(_) => None,
        }
    }

    /// Opens what a row stands for; what is hidden is revealed first.
    fn accept(&self, desk: &Desk<'_>, row: &Row) -> Vec<Reply> {
        if let Some((subject, field)) = self.secret(desk, row)
            && !desk.is_revealed(subject, field)
        {
            return reveal(desk, wish(subject, field));
        }
        match row {
            Row::Fact(subject, field) | Row::Blank(subject, field) => {
                edit::open(desk, *subject, field)
            }
            Row::Standing(standing) => self.decide(desk, standing),
            Row::Visit(id) => visit::correct(desk, *id),
            Row::Member(person) if *person != self.person => open(desk, *person),
            Row::Member(_) | Row::Commit(_) => Vec::new(),
        }
    }

    /// Ends an assertion behind a preview; confirms a suggestion; of the rest, says why not.
    fn decide(&self, desk: &Desk<'_>, standing: &Standing) -> Vec<Reply> {
        let code = &standing.code;
        let category = desk.index.book().category(code);
        let name = category.map_or(String::new(), |one| one.name(desk.lang).to_owned());
        let effect = match (standing.until, standing.assertion) {
            (Some(_), _) => return say("card-ended"),
            (None, Some(_)) => {
                let person = desk.index.book().person(self.person);
                let args = [
                    ("category", name),
                    ("person", person.map_or("", person::Person::name).to_owned()),
                ];
                let ending = speak(desk, self.person, &[Word::End(code.clone())]);
                let Some(effect) = ending else {
                    return Vec::new();
                };
                let lines = vec![
                    Say::with("card-end-since", [("since", text(standing.since))]),
                    Say::with(
                        "card-end-why",
                        [("why", standing.reason.clone().unwrap_or_default())],
                    ),
                    Say::plain("card-end-kept"),
                ];
                let preview = Preview::of_lines(Say::with("card-end", args), lines, effect);
                return vec![Reply::Open(Screen::Preview(Box::new(preview)))];
            }
            (None, None) if is_proposal(standing) => {
                let evidence = standing.reason.clone();
                let words = [Word::Say(code.clone(), Status::Confirmed, evidence)];
                speak(desk, self.person, &words)
            }
            (None, None) => return say("card-derived"),
        };
        effect.map(Reply::Effect).into_iter().collect()
    }

    /// Takes what was chosen in a box.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        match choice {
            Choice::Category(code) => bulk::classify(desk, &[self.person], &code),
            Choice::Value(subject, field, value) => edit::set(desk, subject, field, value),
            Choice::Part(goes) => vec![Reply::Effect(Effect::Part(goes))],
            Choice::Run(_)
            | Choice::Axis(_)
            | Choice::View(_)
            | Choice::Query(_)
            | Choice::Order(_)
            | Choice::ViewName(_)
            | Choice::Ledger(_)
            | Choice::File(_)
            | Choice::Basis(_)
            | Choice::Meaning(_)
            | Choice::Row(_)
            | Choice::Decide(_)
            | Choice::Step(_)
            | Choice::Field(_)
            | Choice::Removal(_)
            | Choice::Home(_) => Vec::new(),
        }
    }

    /// Sees the changed register: the cursor stays on what it was on.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let topic = self.topic.take();
        let same = |row: &Row| topic.as_ref() == Some(&row.topic());
        let rows = self.rows(desk);
        let row = match rows.get(self.row).filter(|row| same(row)) {
            Some(_) => Some(self.row),
            None => rows.iter().position(same),
        };
        self.go(desk, row.unwrap_or(self.row));
    }

    /// Something was committed: the history is asked for again.
    pub fn committed(&mut self) -> Vec<Reply> {
        vec![Reply::Effect(Effect::History(self.person))]
    }

    /// Takes the commits of a person.
    pub fn take_history(&mut self, person: PersonId, commits: &[Commit]) {
        if person == self.person {
            self.history = commits.to_vec();
        }
    }
}

fn wish(subject: Subject, field: FieldNo) -> Wish {
    Wish {
        subject,
        field,
        screen: "card",
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}

fn say(key: &'static str) -> Vec<Reply> {
    vec![Reply::Say(Notice::new(Tone::Warn, Say::plain(key)))]
}
