//! Logging a visit: a box of results over any screen that has a person under the cursor.
//!
//! A digit files the visit at once. Before it, Tab leads through what else can be written down, and
//! one key takes in the whole household. The same box corrects a visit that stands.
//!
//! Invariant: what is typed is filed or said to be unreadable, never dropped; nothing is filed for a
//! day to come.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::line::Line;
use crate::app::preview::Preview;
use crate::app::step::digit;
use crate::app::value;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::date::time_of;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::ids::VisitId;
use crate::model::person::Person;
use crate::model::value::Value;
use crate::model::value::ValueRef;
use crate::model::visit;
use crate::model::visit::Call;
use crate::model::visit::Outcome;
use crate::model::visit::file;
use crate::model::visit::housemates;
use crate::query::when::When;

/// What can be written down beside the result, in order.
pub const NOTES: [FieldNo; 5] = [
    visit::NOTE,
    visit::NEED,
    visit::ACTION,
    visit::NEXT,
    visit::DATE,
];

/// The box.
pub struct Visiting {
    /// What it files.
    pub target: Target,
    /// Which of [`NOTES`] is being typed.
    pub typing: Option<usize>,
    /// What was typed for each of them.
    pub lines: [Line; NOTES.len()],
    /// Why that cannot be used.
    pub fault: Option<Say>,
}

/// What the box files.
pub enum Target {
    /// A visit to these people, or to all who live with them.
    New(Vec<PersonId>, Reach),
    /// A correction of a visit.
    Old(VisitId),
}

/// Who is called on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those who were chosen.
    Chosen,
    /// Their households with them.
    Households,
}

/// How the visit ended, as the key says.
#[derive(Clone, Copy)]
struct Finding {
    outcome: Outcome,
    verified: bool,
}

const NOTHING_CHANGED: Finding = Finding {
    outcome: Outcome::Met,
    verified: true,
};

/// Opens the box for some people; nothing when there are none.
pub fn open(people: Vec<PersonId>) -> Vec<Reply> {
    if people.is_empty() {
        return Vec::new();
    }
    let target = Target::New(people, Reach::Chosen);
    vec![Reply::Open(Screen::Visit(Box::new(Visiting {
        target,
        typing: None,
        lines: Default::default(),
        fault: None,
    })))]
}

/// Opens the box over a visit that stands, to correct it.
pub fn correct(desk: &Desk<'_>, id: VisitId) -> Vec<Reply> {
    let Some(old) = desk.index.book().visit(id) else {
        return Vec::new();
    };
    let text = |number: FieldNo| {
        old.record
            .read(number)
            .map_or(String::new(), ValueRef::plain)
    };
    vec![Reply::Open(Screen::Visit(Box::new(Visiting {
        target: Target::Old(id),
        typing: None,
        lines: NOTES.map(|number| Line::new(&text(number))),
        fault: None,
    })))]
}

/// Files in one key that these people were met and nothing has changed.
pub fn verify(desk: &Desk<'_>, people: &[PersonId]) -> Vec<Reply> {
    new_visit(desk, people, Reach::Chosen, NOTHING_CHANGED, &[])
}

/// Files a visit that ended as a digit says.
pub fn by_digit(desk: &Desk<'_>, people: &[PersonId], key: Option<Key>) -> Vec<Reply> {
    match finding(key) {
        Some(finding) => new_visit(desk, people, Reach::Chosen, finding, &[]),
        None => Vec::new(),
    }
}

fn finding(key: Option<Key>) -> Option<Finding> {
    let outcome = Outcome::ALL.get(digit(key)? - 1).copied()?;
    Some(Finding {
        outcome,
        verified: false,
    })
}

impl Visiting {
    /// Who would be called on.
    pub fn people(&self, desk: &Desk<'_>) -> Vec<PersonId> {
        match &self.target {
            Target::New(people, reach) => called_on(desk, people, *reach),
            Target::Old(id) => {
                let old = desk.index.book().visit(*id);
                old.and_then(visit::Visit::person).into_iter().collect()
            }
        }
    }

    /// A key of the text.
    pub fn typed(&mut self, key: Key) -> Vec<Reply> {
        if let Some(line) = self.line() {
            line.edit(key);
            self.fault = None;
        }
        Vec::new()
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str) -> Vec<Reply> {
        if let Some(line) = self.line() {
            line.paste(text);
            self.fault = None;
        }
        Vec::new()
    }

    fn line(&mut self) -> Option<&mut Line> {
        self.lines.get_mut(self.typing?)
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        match action {
            Action::Back | Action::Accept if self.typing.is_some() => self.typing = None,
            Action::Back => return vec![Reply::Close],
            Action::NextPart => {
                let next = self.typing.map_or(0, |at| at + 1);
                self.typing = Some(next).filter(|at| *at < NOTES.len());
            }
            Action::Accept => return self.finish(desk, None),
            Action::Household => {
                if let Target::New(_, reach) = &mut self.target {
                    *reach = match reach {
                        Reach::Chosen => Reach::Households,
                        Reach::Households => Reach::Chosen,
                    };
                }
            }
            Action::Verify => return self.finish(desk, Some(NOTHING_CHANGED)),
            Action::Digit => {
                let finding = finding(key);
                if finding.is_some() {
                    return self.finish(desk, finding);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// Files the visit, or the correction; what cannot be read leads back to its field.
    fn finish(&mut self, desk: &Desk<'_>, finding: Option<Finding>) -> Vec<Reply> {
        let mut written = Vec::new();
        for (at, (number, line)) in NOTES.into_iter().zip(&self.lines).enumerate() {
            match read(desk, number, line.text()) {
                Ok(value) => written.push((number, value)),
                Err(fault) => {
                    (self.typing, self.fault) = (Some(at), Some(fault));
                    return Vec::new();
                }
            }
        }
        let replies = match (&self.target, finding) {
            (Target::Old(id), finding) => correction(desk, *id, finding, &written),
            (Target::New(people, reach), Some(finding)) => {
                new_visit(desk, people, *reach, finding, &written)
            }
            (Target::New(..), None) => {
                self.fault = Some(Say::plain("visit-choose"));
                return Vec::new();
            }
        };
        std::iter::once(Reply::Close).chain(replies).collect()
    }
}

/// Reads what was typed for one of [`NOTES`]. The day of the next visit can be a distance too.
fn read(desk: &Desk<'_>, number: FieldNo, text: &str) -> Result<Option<Value>, Say> {
    let today = desk.now.today;
    let Some(field) = field_of(number) else {
        return Ok(None);
    };
    let ahead = || {
        let count = text.trim().trim_start_matches('+');
        let when = |text: String| When::read(&text).map(|when| when.on(today));
        when(format!("+{count}d")).or_else(|| when(format!("+{count}")))
    };
    match value::read(field, text) {
        Ok(Some(Value::Date(date))) if number == visit::DATE && date.first() > today => {
            Err(Say::plain("visit-fault-future"))
        }
        Err(fault) if number == visit::NEXT => {
            ahead().map(|date| Some(Value::Date(date))).ok_or(fault)
        }
        read => read,
    }
}

/// A field of a visit.
pub fn field_of(number: FieldNo) -> Option<&'static Field> {
    field::of(Table::Visit, number)
}

fn called_on(desk: &Desk<'_>, chosen: &[PersonId], reach: Reach) -> Vec<PersonId> {
    let book = desk.index.book();
    let mut all = chosen.to_vec();
    if reach == Reach::Households {
        for id in chosen {
            let mates = book.person(*id).map(|one| housemates(book, one));
            all.extend(mates.into_iter().flatten());
        }
        let mut seen = std::collections::HashSet::new();
        all.retain(|id| seen.insert(*id));
    }
    all
}

/// Files a visit. People of several households are shown first; a household is one call.
fn new_visit(
    desk: &Desk<'_>,
    chosen: &[PersonId],
    reach: Reach,
    finding: Finding,
    written: &[(FieldNo, Option<Value>)],
) -> Vec<Reply> {
    let book = desk.index.book();
    let people = called_on(desk, chosen, reach);
    if people.is_empty() {
        return Vec::new();
    }
    let act = Act::Visit {
        result: finding.outcome.code().to_owned(),
        verified: finding.verified,
        people: people.len() as u64,
    };
    let changes = drafted(desk, &people, reach, finding, written);
    let effect = Effect::Commit(act, changes);
    let home = |id: &PersonId| book.person(*id).and_then(Person::household);
    let mut others = chosen.iter().skip(1);
    let first = chosen.first().and_then(home);
    if others.all(|id| first.is_some() && home(id) == first) {
        return vec![Reply::Effect(effect)];
    }
    let title = Say::with("visit-several", [("people", people.len().to_string())]);
    let preview = Preview::of_people(title, people, effect);
    vec![Reply::Open(Screen::Preview(Box::new(preview)))]
}

fn drafted(
    desk: &Desk<'_>,
    people: &[PersonId],
    reach: Reach,
    finding: Finding,
    written: &[(FieldNo, Option<Value>)],
) -> Vec<Change> {
    let book = desk.index.book();
    let today = desk.now.today;
    let dated = |(number, value): &(FieldNo, Option<Value>)| match value {
        Some(Value::Date(date)) if *number == visit::DATE => Some(*date),
        _ => None,
    };
    let date: Date = written.iter().find_map(dated).unwrap_or(today);
    let more: Vec<(FieldNo, Value)> = written
        .iter()
        .filter(|(number, _)| *number != visit::DATE)
        .filter_map(|(number, value)| Some((*number, value.clone()?)))
        .collect();
    let time = time_of(desk.now.milliseconds);
    let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
    let mut draft = Draft::new(book);
    for id in people {
        let home: Option<HouseholdId> = book.person(*id).and_then(Person::household);
        let call = Call {
            date,
            time: Some(time.as_str()).filter(|_| date == today),
            worker: desk.worker,
            outcome: finding.outcome,
            verified: finding.verified,
            household: home.filter(|_| reach == Reach::Households),
            more: &more,
        };
        file(&mut draft, &[*id], &call, &mut mint);
    }
    draft.finish()
}

/// Sets a visit right: the result if one was given, and everything that was written down.
fn correction(
    desk: &Desk<'_>,
    id: VisitId,
    finding: Option<Finding>,
    written: &[(FieldNo, Option<Value>)],
) -> Vec<Reply> {
    let mut draft = Draft::new(desk.index.book());
    if let Some(finding) = finding {
        let code = Value::Code(finding.outcome.code().to_owned());
        draft.set(id.subject(), visit::RESULT, Some(code));
        let verified = finding.verified.then_some(Value::Flag(true));
        draft.set(id.subject(), visit::VERIFIED, verified);
    }
    for (number, value) in written {
        let kept = *number == visit::DATE && value.is_none();
        if !kept {
            draft.set(id.subject(), *number, value.clone());
        }
    }
    let changes = draft.finish();
    if changes.is_empty() {
        return Vec::new();
    }
    vec![Reply::Effect(Effect::Commit(Act::Edit, changes))]
}
