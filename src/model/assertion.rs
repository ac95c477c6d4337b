//! An assertion: "this person is X from .. to, says this evidence", made by a worker.
//!
//! Invariant: an assertion is never overwritten, only closed; "none of these" and "not so" are
//! decisions that are recorded too.

use crate::model::date::Date;
use crate::model::field::FieldNo;
use crate::model::ids::AssertionId;
use crate::model::ids::CategoryCode;
use crate::model::ids::PersonId;
use crate::model::record::Record;

/// Whom it is about.
pub const PERSON: FieldNo = FieldNo(1);
/// The category's code, or an axis's code for "none of these".
pub const CATEGORY: FieldNo = FieldNo(2);
/// [`Status`], as a code of the table `assertion-status`.
pub const STATUS: FieldNo = FieldNo(3);
/// Since.
pub const FROM: FieldNo = FieldNo(4);
/// Until.
pub const TO: FieldNo = FieldNo(5);
/// What says so.
pub const EVIDENCE: FieldNo = FieldNo(6);
/// Where it came from: 走访, 部门名单, 本人申报, 导入.
pub const SOURCE: FieldNo = FieldNo(7);
/// When to look again.
pub const REVIEW: FieldNo = FieldNo(8);
/// 备注.
pub const NOTE: FieldNo = FieldNo(9);

/// What a worker decided. The codes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// 已核实: the person is in the category.
    Confirmed,
    /// 存疑: flagged to look at later.
    Doubtful,
    /// 不属于: a suggestion that was turned down, or "none of these" on an axis.
    Declined,
}

impl Status {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Status::Confirmed => "1",
            Status::Doubtful => "2",
            Status::Declined => "3",
        }
    }

    /// The status with this code; an unknown code is taken for confirmed, so that nobody drops
    /// out of a list through a newer program's code.
    pub fn from_code(code: &str) -> Status {
        match code {
            "2" => Status::Doubtful,
            "3" => Status::Declined,
            _ => Status::Confirmed,
        }
    }
}

/// An assertion's record.
#[derive(Debug, Clone, Copy)]
pub struct Assertion<'a> {
    /// Which.
    pub id: AssertionId,
    /// What is known.
    pub record: &'a Record,
}

impl<'a> Assertion<'a> {
    /// Whom it is about.
    pub fn person(self) -> Option<PersonId> {
        self.record.link(PERSON).map(PersonId)
    }

    /// The category, or the axis for "none of these".
    pub fn category(self) -> Option<CategoryCode> {
        self.record
            .text(CATEGORY)
            .map(|code| CategoryCode(code.to_owned()))
    }

    /// Whether it names this category.
    pub fn is_about(self, code: &CategoryCode) -> bool {
        self.record.text(CATEGORY) == Some(code.0.as_str())
    }

    /// What was decided.
    pub fn status(self) -> Status {
        self.record
            .text(STATUS)
            .map_or(Status::Confirmed, Status::from_code)
    }

    /// Since.
    pub fn from(self) -> Option<Date> {
        self.record.date(FROM)
    }

    /// Until.
    pub fn to(self) -> Option<Date> {
        self.record.date(TO)
    }

    /// What says so.
    pub fn evidence(self) -> Option<&'a str> {
        self.record.text(EVIDENCE)
    }

    /// Whether it stands on a day: begun, and not ended before it. One closed today is over.
    pub fn stands(self, today: Date) -> bool {
        self.from().is_none_or(|from| from.first() <= today)
            && self.to().is_none_or(|to| to.last() > today)
    }
}
