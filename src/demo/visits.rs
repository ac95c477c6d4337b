//! What the workers found at the doors: who was met, who was not in, what is long ago by now.
//!
//! Invariant: nobody who is gone was called on, and no visit lies in the days to come.

use crate::demo::Home;
use crate::demo::Maker;
use crate::demo::names;
use crate::demo::person::Who;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::value::Value;
use crate::model::visit;
use crate::model::visit::Call;
use crate::model::visit::Outcome;
use crate::model::visit::file;

const WORKERS: &str = "周敏 周敏 何建平 孙丽";

/// Of a hundred calls, how many end in each way.
const OUTCOMES: [(u32, Outcome); 5] = [
    (70, Outcome::Met),
    (18, Outcome::NotIn),
    (7, Outcome::Answered),
    (3, Outcome::Refused),
    (2, Outcome::Empty),
];

/// What was found, what was asked for, what was done.
const FOUND: [(&str, &str, &str); 6] = [
    ("腿脚不便,下楼少", "想装扶手", "已报适老化改造"),
    ("子女周末回来", "", ""),
    ("换了电话,已更正", "", ""),
    ("反映楼道堆物", "要求清理", "已联系物业"),
    ("血压偏高,按时吃药", "想上门量血压", "已联系卫生站"),
    ("白天上班,晚上在家", "", ""),
];

impl Maker<'_> {
    /// The calls at one household: often where the old live, now and then elsewhere.
    pub(super) fn visits(&mut self, home: &Home<'_>, all: &[Who]) {
        let at_home: Vec<&Who> = all.iter().filter(|who| self.is_there(who)).collect();
        let oldest = at_home.iter().map(|who| who.age).max().unwrap_or(0);
        let (often, most, days) = match oldest {
            80.. => (90, 4, 60),
            60.. => (70, 3, 200),
            _ => (20, 2, 600),
        };
        if at_home.is_empty() || self.doors.u32(0..100) >= often {
            return;
        }
        let whole = oldest >= 60 && self.doors.bool();
        let called: Vec<PersonId> = at_home.iter().map(|who| who.id).collect();
        let called = if whole {
            called.as_slice()
        } else {
            &called[..1]
        };
        for _ in 0..self.doors.u32(1..most) {
            self.call(home, called, whole, days);
        }
    }

    fn is_there(&self, who: &Who) -> bool {
        let value = |field| self.draft.get(who.subject(), field);
        let on_rolls = value(person::LIFE).is_none_or(|life| life.text() == Some("1"));
        on_rolls && value(person::LIVES_HERE) != Some(Value::Flag(false))
    }

    fn call(&mut self, home: &Home<'_>, called: &[PersonId], whole: bool, days: i32) {
        let date = self.today.add_days(-self.doors.i32(0..days));
        let mut lot = self.doors.u32(0..100);
        let drawn = OUTCOMES.iter().find(|(share, _)| {
            let drawn = lot < *share;
            lot = lot.saturating_sub(*share);
            drawn
        });
        let outcome = drawn.map_or(Outcome::Met, |(_, outcome)| *outcome);
        let mut more: Vec<(FieldNo, Value)> = Vec::new();
        if outcome == Outcome::Met && self.doors.u32(0..5) == 0 {
            let (note, need, action) = FOUND[self.doors.usize(0..FOUND.len())];
            let told = [
                (visit::NOTE, note),
                (visit::NEED, need),
                (visit::ACTION, action),
            ];
            let told = told.into_iter().filter(|(_, text)| !text.is_empty());
            more.extend(told.map(|(field, text)| (field, Value::Text(text.into()))));
        }
        if outcome == Outcome::NotIn && self.doors.u32(0..3) == 0 {
            let next = date.add_days(self.doors.i32(3..40));
            more.push((visit::NEXT, Value::Date(next)));
        }
        let call = Call {
            date,
            time: None,
            worker: names::pick(self.doors, WORKERS),
            outcome,
            verified: outcome == Outcome::Met && self.doors.u32(0..3) == 0,
            household: Some(home.id).filter(|_| whole),
            more: &more,
        };
        file(&mut self.draft, called, &call, self.mint);
    }
}
