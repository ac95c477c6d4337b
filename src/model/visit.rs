//! Visits: who was called on when, what came of it, and when to call again.
//!
//! A visit is one person's record. A call at a household makes one for each who lives there, so that
//! "last seen" stays with a person who moves house; the act that made them is taken back as one.
//!
//! Invariant: a visit is never overwritten by a later one; it is only corrected or taken back.

use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::VisitId;
use crate::model::person;
use crate::model::person::Person;
use crate::model::record::Record;
use crate::model::value::Value;
use std::cmp::Reverse;

/// Whom it is about.
pub const PERSON: FieldNo = FieldNo(1);
/// The household, when the call was to all of it.
pub const HOUSEHOLD: FieldNo = FieldNo(2);
/// The day.
pub const DATE: FieldNo = FieldNo(3);
/// The time of day, `09:41`, when the visit was logged on its own day.
pub const TIME: FieldNo = FieldNo(4);
/// Who called.
pub const WORKER: FieldNo = FieldNo(5);
/// [`Outcome`], as a code of the table `visit-result`.
pub const RESULT: FieldNo = FieldNo(6);
/// 核实无变化: what is known was gone through and is true.
pub const VERIFIED: FieldNo = FieldNo(7);
/// What was found.
pub const NOTE: FieldNo = FieldNo(8);
/// 诉求: what the person asks for.
pub const NEED: FieldNo = FieldNo(9);
/// 处理: what was done about it.
pub const ACTION: FieldNo = FieldNo(10);
/// When to call again.
pub const NEXT: FieldNo = FieldNo(11);

/// The setting that says after how many days anyone is stale, and what holds without it.
pub const STALE_SETTING: &str = "stale-days";
/// See [`STALE_SETTING`].
pub const STALE_DAYS: i32 = 365;

/// How a visit ended. The codes are stored, and are the digits that file it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// 见到本人.
    Met,
    /// 未遇.
    NotIn,
    /// 拒访.
    Refused,
    /// 空关: nobody lives there.
    Empty,
    /// 他人代答: someone else answered for the person.
    Answered,
}

impl Outcome {
    /// Every outcome, in the order of its digits.
    pub const ALL: [Outcome; 5] = [
        Outcome::Met,
        Outcome::NotIn,
        Outcome::Refused,
        Outcome::Empty,
        Outcome::Answered,
    ];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Met => "1",
            Outcome::NotIn => "2",
            Outcome::Refused => "3",
            Outcome::Empty => "4",
            Outcome::Answered => "5",
        }
    }

    /// The outcome with this code; an unknown one of a newer program is none.
    pub fn from_code(code: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A visit's record.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// Which.
    pub id: VisitId,
    /// What is known.
    pub record: &'a Record,
}

impl<'a> Visit<'a> {
    /// Whom it is about.
    pub fn person(self) -> Option<PersonId> {
        self.record.link(PERSON).map(PersonId)
    }

    /// The day, an uncertain one taken as early as it can be.
    pub fn date(self) -> Option<Date> {
        self.record.date(DATE).map(Date::first)
    }

    /// Where it stands among the visits to the person: by day, hour, and order of logging.
    fn place(self) -> (Option<Date>, Option<&'a str>, VisitId) {
        (self.date(), self.record.text(TIME), self.id)
    }

    /// Who called.
    pub fn worker(self) -> &'a str {
        self.record.text(WORKER).unwrap_or("")
    }

    /// How it ended.
    pub fn outcome(self) -> Option<Outcome> {
        Outcome::from_code(self.record.text(RESULT)?)
    }

    /// Whether what is known was found unchanged.
    pub fn verified(self) -> bool {
        self.record.flag(VERIFIED) == Some(true)
    }
}

/// What the visits to a person come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contact {
    /// When the person was last met.
    pub seen: Option<Date>,
    /// When what is known was last found unchanged.
    pub verified: Option<Date>,
    /// When to call again, as it was agreed (by the end of a month where only that is said); a later
    /// meeting settles it.
    pub next: Option<Date>,
}

impl Contact {
    /// When the next visit is due: as agreed, else so many days after the last meeting; someone
    /// whom nobody has met is due today. Without an agreement or an interval nothing is due.
    pub fn due(self, interval: Option<i32>, today: Date) -> Option<Date> {
        let after = |days| self.seen.map_or(today, |seen| seen.add_days(days));
        self.next.or_else(|| interval.map(after))
    }

    /// Whether nobody has met the person for longer than `days`, nor agreed to come later.
    pub fn is_stale(self, days: i32, today: Date) -> bool {
        match (self.next, self.seen) {
            (Some(next), _) => next < today,
            (None, Some(seen)) => seen.add_days(days) < today,
            (None, None) => true,
        }
    }
}

/// The visits to a person, newest first.
pub fn newest(book: &Book, person: PersonId) -> Vec<Visit<'_>> {
    let mut all: Vec<Visit<'_>> = book.visits(person).collect();
    all.sort_by_key(|one| Reverse(one.place()));
    all
}

/// What the visits to a person come to.
pub fn contact(book: &Book, person: PersonId) -> Contact {
    let mut contact = Contact::default();
    let (mut met, mut agreed) = (None, None);
    for visit in book.visits(person) {
        let at = Some(visit.place());
        if visit.outcome() == Some(Outcome::Met) {
            contact.seen = contact.seen.max(visit.date());
            met = met.max(at);
        }
        if visit.verified() {
            contact.verified = contact.verified.max(visit.date());
        }
        if let Some(next) = visit.record.date(NEXT).filter(|_| at > agreed) {
            (agreed, contact.next) = (at, Some(next.last()));
        }
    }
    contact.next = contact.next.filter(|_| agreed >= met);
    contact
}

/// After how many days anyone is stale who is in no category that says so itself.
pub fn stale_days(book: &Book) -> i32 {
    let said = book.setting(STALE_SETTING);
    said.and_then(|text| text.parse().ok())
        .unwrap_or(STALE_DAYS)
}

/// Those of a person's household who are called on with the person: on the rolls, and not known to
/// live elsewhere. The person is always among them.
pub fn housemates(book: &Book, person: Person<'_>) -> Vec<PersonId> {
    let at_home =
        |one: &Person<'_>| one.is_present() && one.record.flag(person::LIVES_HERE) != Some(false);
    let members = person.household().map_or(&[][..], |id| book.members(id));
    let mut all: Vec<PersonId> = members
        .iter()
        .filter_map(|id| book.person(*id))
        .filter(at_home)
        .map(|one| one.id)
        .collect();
    if !all.contains(&person.id) {
        all.insert(0, person.id);
    }
    all
}

/// What is logged of a visit.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The day.
    pub date: Date,
    /// The time of day, if it was today.
    pub time: Option<&'a str>,
    /// Who called.
    pub worker: &'a str,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether what is known was found unchanged.
    pub verified: bool,
    /// The household, when the call was to all of it.
    pub household: Option<HouseholdId>,
    /// What else was written down: fields and their values.
    pub more: &'a [(FieldNo, Value)],
}

/// Logs a visit to each of these people.
pub fn file(draft: &mut Draft<'_>, people: &[PersonId], call: &Call<'_>, mint: &mut Mint) {
    for person in people {
        let subject = mint.visit().subject();
        let mut set = |field, value| draft.set(subject, field, Some(value));
        set(PERSON, Value::Link(person.0));
        if let Some(household) = call.household {
            set(HOUSEHOLD, Value::Link(household.0));
        }
        set(DATE, Value::Date(call.date));
        for (field, text) in [(TIME, call.time), (WORKER, Some(call.worker))] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                set(field, Value::Text(text.to_owned()));
            }
        }
        set(RESULT, Value::Code(call.outcome.code().to_owned()));
        if call.verified {
            set(VERIFIED, Value::Flag(true));
        }
        for (field, value) in call.more {
            set(*field, value.clone());
        }
    }
}
