//! The taxonomy: axes and their categories, as data.
//!
//! Invariant: adding a category touches no code; a rule is a query in the filter language.

use crate::model::book::Book;
use crate::model::field::FieldNo;
use crate::model::ids::CategoryCode;
use crate::model::ids::Subject;
use crate::model::record::Record;

/// The code, such as `E6`.
pub const CODE: FieldNo = FieldNo(1);
/// The Chinese name.
pub const ZH: FieldNo = FieldNo(2);
/// The English name.
pub const EN: FieldNo = FieldNo(3);
/// Other names that people type.
pub const ALIASES: FieldNo = FieldNo(4);
/// The axis's code; absent on an axis itself.
pub const AXIS: FieldNo = FieldNo(5);
/// The name of the group inside which a person has at most one.
pub const EXCLUSIVE: FieldNo = FieldNo(6);
/// [`Kind`]: `D`, `S` or `A`.
pub const KIND: FieldNo = FieldNo(7);
/// The rule, for D and S.
pub const RULE: FieldNo = FieldNo(8);
/// 0 open, 1 normal, 2 sensitive, 3 locked.
pub const SENSITIVITY: FieldNo = FieldNo(9);
/// The key after the axis's key.
pub const KEY: FieldNo = FieldNo(10);
/// A terminal colour's name.
pub const COLOUR: FieldNo = FieldNo(11);
/// Days until it should be looked at again.
pub const REVIEW_DAYS: FieldNo = FieldNo(12);
/// The order in lists.
pub const RANK: FieldNo = FieldNo(13);
/// On an axis: everyone should have one of its categories.
pub const REQUIRED: FieldNo = FieldNo(14);
/// Why the rule says so, in words, zh.
pub const REASON_ZH: FieldNo = FieldNo(15);
/// Why the rule says so, in words, en.
pub const REASON_EN: FieldNo = FieldNo(16);
/// On an axis: its categories' digits on the sort screen, codes in order of the digits 1 to 9.
pub const DIGITS: FieldNo = FieldNo(17);

/// How someone comes to be in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A rule computes it.
    Derived,
    /// A rule proposes it and a worker confirms.
    Suggested,
    /// A worker asserts it.
    Asserted,
}

/// How closely a category is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// Anyone may see it.
    Open,
    /// Shown at the desk.
    Normal,
    /// Hidden until revealed, and the reveal is logged.
    Sensitive,
    /// Never in a list or an export.
    Locked,
}

impl Sensitivity {
    /// What a stored number says, or none.
    pub fn from_number(number: Option<i64>) -> Sensitivity {
        match number {
            Some(1) => Sensitivity::Normal,
            Some(2) => Sensitivity::Sensitive,
            Some(number) if number > 2 => Sensitivity::Locked,
            _ => Sensitivity::Open,
        }
    }
}

/// A category's or an axis's record.
#[derive(Debug, Clone, Copy)]
pub struct Category<'a> {
    /// What is known.
    pub record: &'a Record,
}

impl<'a> Category<'a> {
    /// The category of this record, if it has one.
    pub fn of(subject: Subject, book: &'a Book) -> Option<Category<'a>> {
        Some(Category {
            record: book.record(subject)?,
        })
    }

    /// The code.
    pub fn code(&self) -> CategoryCode {
        CategoryCode(self.record.text(CODE).unwrap_or_default().to_owned())
    }

    /// The name in a language.
    pub fn name(&self, lang: crate::model::Lang) -> &'a str {
        let zh = self.record.text(ZH).unwrap_or_default();
        lang.pick(zh, self.record.text(EN).unwrap_or(zh))
    }

    /// Other names.
    pub fn aliases(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.record.words(ALIASES).iter()
    }

    /// The axis's code; `None` on an axis itself.
    pub fn axis(&self) -> Option<&'a str> {
        self.record.text(AXIS)
    }

    /// Whether this is an axis.
    pub fn is_axis(&self) -> bool {
        self.axis().is_none()
    }

    /// The group inside which a person has at most one.
    pub fn exclusive(&self) -> Option<&'a str> {
        self.record.text(EXCLUSIVE)
    }

    /// Derived, suggested or asserted.
    pub fn kind(&self) -> Kind {
        match self.record.text(KIND) {
            Some("D") => Kind::Derived,
            Some("S") => Kind::Suggested,
            _ => Kind::Asserted,
        }
    }

    /// The rule's text.
    pub fn rule(&self) -> Option<&'a str> {
        self.record.text(RULE)
    }

    /// The rule in words.
    pub fn reason(&self, lang: crate::model::Lang) -> Option<&'a str> {
        let zh = self.record.text(REASON_ZH)?;
        Some(lang.pick(zh, self.record.text(REASON_EN).unwrap_or(zh)))
    }

    /// How closely it is kept.
    pub fn sensitivity(&self) -> Sensitivity {
        Sensitivity::from_number(self.record.number(SENSITIVITY))
    }

    /// The key: an axis's own, or a category's after its axis's key.
    pub fn key(&self) -> Option<&'a str> {
        self.record.text(KEY)
    }

    /// A terminal colour's name.
    pub fn colour(&self) -> Option<&'a str> {
        self.record.text(COLOUR)
    }

    /// The order in lists.
    pub fn rank(&self) -> i64 {
        self.record.number(RANK).unwrap_or(i64::MAX)
    }

    /// After how many days its people should be looked at again.
    pub fn review_days(&self) -> Option<i32> {
        let days = self.record.number(REVIEW_DAYS)?;
        i32::try_from(days).ok().filter(|days| *days > 0)
    }

    /// On an axis: whether everyone should have one of its categories.
    pub fn is_required(&self) -> bool {
        self.record.flag(REQUIRED).unwrap_or(false)
    }

    /// On an axis: the codes that the digits 1 to 9 give on the sort screen.
    pub fn digits(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.record.words(DIGITS).iter()
    }
}
