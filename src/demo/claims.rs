//! What workers have said about the residents: categories with evidence, some ended, some doubted.
//!
//! Invariant: nobody who is unsorted has an assertion on the employment axis.

use crate::demo::Home;
use crate::demo::Maker;
use crate::demo::family::Shape;
use crate::demo::names;
use crate::demo::person::Sorting;
use crate::demo::person::Who;
use crate::model::assertion;
use crate::model::assertion::Status;
use crate::model::classify;
use crate::model::classify::Saying;
use crate::model::date::Date;
use crate::model::ids::CategoryCode;
use crate::model::value::Value;

const SOURCES: &str = "走访 走访 部门名单 本人申报 导入";

/// Whom a claim can be about.
type Fits = fn(&Who) -> bool;

/// Claims about a few: the category, one in how many of those whom it fits, and what shows it.
const CLAIMS: &[(&str, u32, &str, Fits)] = &[
    ("L12", 25, "失能评估", |who| who.age >= 75),
    ("L14", 120, "计生证明", |who| who.age >= 50),
    ("L15", 60, "民政名单", |who| who.age < 16),
    ("M1", 2, "退役军人优待证", |who| who.veteran),
    ("M2", 15, "残疾军人证", |who| who.veteran),
    ("M3", 300, "烈士证明书", |who| who.age >= 55),
    ("M4", 400, "遗属证明", |who| who.age >= 40),
    ("M6", 500, "优抚名单", |who| who.age >= 60),
    ("P11", 30, "支部名单", |who| who.party),
    ("P13", 90, "入党申请书", |who| {
        !who.party && (18..45).contains(&who.age)
    }),
    ("V1", 20, "志愿者登记表", |who| {
        (16..76).contains(&who.age)
    }),
    ("V2", 50, "选举结果", |who| (25..76).contains(&who.age)),
    ("V3", 110, "推选记录", |who| (40..76).contains(&who.age)),
    ("V4", 45, "推选记录", |who| (45..78).contains(&who.age)),
    ("V5", 160, "业主大会决议", |who| {
        (30..70).contains(&who.age)
    }),
    ("V6", 160, "聘用合同", |who| (23..55).contains(&who.age)),
    ("V7", 120, "统战名单", |who| who.age >= 18),
    ("V8", 60, "走访了解", |who| who.age >= 14),
    ("W3", 150, "特困供养证", |who| who.age >= 60),
    ("W5", 200, "救助审批表", |who| who.age >= 18),
    ("X2", 6, "选民登记表", |who| who.age >= 18),
    ("X3", 20, "推选记录", |who| {
        who.relation == "02" && who.age >= 18
    }),
];

impl Maker<'_> {
    /// What is said about one resident.
    pub(super) fn claims(&mut self, home: &Home<'_>, who: &Who) {
        for (code, many, evidence, fits) in CLAIMS {
            if fits(who) && self.one_in(*many) {
                let status = if self.one_in(25) {
                    Status::Doubtful
                } else {
                    Status::Confirmed
                };
                self.say(who, code, status, Some(evidence));
            }
        }
        if who.sorting == Sorting::Open || (who.work.derived && !self.percent(25)) {
            return;
        }
        let hired = !who.work.derived && who.work.unit_type.is_some();
        let evidence = Some(who.work.evidence).filter(|_| who.work.derived || !self.one_in(15));
        self.say(who, who.work.category, Status::Confirmed, evidence);
        if hired && self.one_in(20) {
            self.past(who, if who.age > 45 { "E6" } else { "E7" });
        }
        if home.family.shape == Shape::EmptyNest && self.one_in(4) {
            let status = if self.one_in(8) {
                Status::Declined
            } else {
                Status::Confirmed
            };
            self.say(who, "L11", status, Some("走访确认"));
        }
        if who.work.category == "E7" && self.one_in(3) {
            self.say(who, "E21", Status::Confirmed, Some("就业困难认定表"));
        }
    }

    /// What is said about a whole household: the allowance is the household's.
    pub(super) fn household_claims(&mut self, home: &Home<'_>, all: &[Who]) {
        let jobless = all
            .iter()
            .all(|who| who.work.unit_type.is_none() && who.age < 60);
        let one_parent = home.family.shape == Shape::OneParent;
        let many = if jobless || one_parent { 6 } else { 80 };
        if !self.one_in(many) {
            return;
        }
        let code = names::pick(self.chance, "W1 W1 W1 W2 W2 W4");
        let over = self.one_in(6);
        for who in all {
            if over {
                self.past(who, code);
            } else {
                self.say(who, code, Status::Confirmed, Some("民政审批表"));
            }
        }
    }

    fn say(&mut self, who: &Who, code: &str, status: Status, evidence: Option<&str>) {
        let category = CategoryCode(code.to_owned());
        let saying = Saying {
            category: &category,
            status,
            since: self.ago(48).max(who.birth),
            evidence,
            source: names::pick(self.chance, SOURCES),
        };
        classify::say(&mut self.draft, who.id, &saying, self.mint);
    }

    /// An assertion that has ended. It is written out, for only what stands can be closed.
    fn past(&mut self, who: &Who, code: &str) {
        let subject = self.mint.assertion().subject();
        let to = self.ago(48).max(who.birth);
        let from: Date = to.add_months(-self.chance.i32(3..30)).max(who.birth);
        self.set(subject, assertion::PERSON, Value::Link(who.id.0));
        self.code(subject, assertion::CATEGORY, code);
        self.code(subject, assertion::STATUS, Status::Confirmed.code());
        self.set(subject, assertion::FROM, Value::Date(from));
        self.set(subject, assertion::TO, Value::Date(to));
        self.text(subject, assertion::SOURCE, "部门名单");
    }
}
