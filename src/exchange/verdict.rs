//! What becomes of each row, and the counts.
//!
//! Invariant: every row has one verdict, so that the counts add up to the rows.

use crate::exchange::cell::Trouble;
use crate::exchange::intake::Reason;
use crate::model::Lang;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::ids::PersonId;
use crate::model::ruling::Side;
use crate::model::ruling::Who;

/// What is to become of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Someone new.
    New,
    /// Someone known, and something to fill in.
    Updated,
    /// Someone known, nothing new.
    Same,
    /// Someone known, and something differs from what is there that nobody has decided yet:
    /// [`Row::clashes`].
    Conflict,
    /// Nobody has decided yet whom the row is about: it is neither stored nor lost.
    Undecided(Doubt),
    /// Cannot be taken in, for this reason.
    Rejected(Reason),
    /// No resident's row (blank, title, total, signature), for this reason.
    Skipped(Reason),
}

/// Whom a row may be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why it is not certain.
    pub why: Why,
    /// The name in the row.
    pub name: String,
    /// What else the row says, as [`Candidate::facts`] does.
    pub facts: String,
    /// Who could be meant.
    pub candidates: Vec<Candidate>,
}

/// Why it is not certain whom a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The identity number belongs to someone with another name.
    OtherName,
    /// Several people fit equally well.
    Several,
    /// The name is the same, and nothing else can be compared.
    NameAlone,
    /// Name, birth and telephone are the same, and the sex is another.
    OtherSex,
}

/// By what a row's person is known; the firmest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bond {
    /// The identity number, or the record's own id.
    Number,
    /// The name, and the visible part of a damaged or masked number.
    Visible,
    /// The name and the birth date, and no other sex.
    Birth,
    /// The name and a telephone number.
    Phone,
    /// The name, and the address or the 户号.
    Home,
    /// The name, in a row that says nothing that is not known.
    Name,
    /// The worker's decision.
    Chosen,
}

impl Bond {
    /// Its name in a report.
    pub fn key(self) -> &'static str {
        match self {
            Bond::Number => "number",
            Bond::Visible => "visible",
            Bond::Birth => "birth",
            Bond::Phone => "phone",
            Bond::Home => "home",
            Bond::Name => "name",
            Bond::Chosen => "chosen",
        }
    }
}

/// Someone who could be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The decision that means them.
    pub who: Who,
    /// The name.
    pub name: String,
    /// What tells them from others: sex, birth, address.
    pub facts: String,
}

/// A difference between a row and what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The field.
    pub field: &'static Field,
    /// What is known.
    pub ours: String,
    /// What the row says.
    pub theirs: String,
    /// Whose stands, if that is decided.
    pub side: Option<Side>,
    /// When a visit found what is known unchanged, so that no policy overrules it.
    pub verified: Option<Date>,
}

/// A cell that was not taken, or not as it stands, although its row was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column, where the trouble is one cell's.
    pub column: Option<usize>,
    /// The column's heading, or what the trouble is about.
    pub heading: String,
    /// The text.
    pub text: String,
    /// What is wrong.
    pub trouble: Trouble,
}

/// A row's outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file.
    pub number: usize,
    /// The outcome.
    pub verdict: Verdict,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// By what a known person is known.
    pub bond: Option<Bond>,
    /// Cells that were not taken although the row was.
    pub problems: Vec<Problem>,
    /// Where it differs from what is known, decided or not.
    pub clashes: Vec<Clash>,
    /// The whole identity numbers that its damaged one can have been.
    pub numbers: Vec<String>,
    /// What it tells of its person's state of life without saying so to the register: words beside
    /// the name, or that somebody new is not on the rolls. It never decides the verdict.
    pub life: Option<Box<Clash>>,
    /// Whether nothing but its number in the list told that a household begins.
    pub by_serial: bool,
}

impl Row {
    /// A row with a verdict and nothing else.
    pub fn new(number: usize, verdict: Verdict) -> Row {
        Row {
            number,
            verdict,
            person: None,
            bond: None,
            problems: Vec::new(),
            clashes: Vec::new(),
            numbers: Vec::new(),
            life: None,
            by_serial: false,
        }
    }

    /// Whether the row goes back to the worker, who has to decide or to mend something.
    pub fn goes_back(&self) -> bool {
        matches!(
            self.verdict,
            Verdict::Conflict | Verdict::Undecided(_) | Verdict::Rejected(_)
        )
    }

    /// Why the row was not taken, in words; empty for one that was.
    pub fn why(&self, lang: Lang) -> String {
        match &self.verdict {
            Verdict::New | Verdict::Updated | Verdict::Same => String::new(),
            Verdict::Conflict => {
                let open = self.clashes.iter().filter(|clash| clash.side.is_none());
                let told: Vec<String> = open.map(|clash| clash.say(lang)).collect();
                told.join("; ")
            }
            Verdict::Undecided(doubt) => doubt.say(lang),
            Verdict::Rejected(reason) | Verdict::Skipped(reason) => reason.say(lang),
        }
    }
}

impl Clash {
    /// The difference in words.
    pub fn say(&self, lang: Lang) -> String {
        let Clash {
            field,
            ours,
            theirs,
            verified,
            ..
        } = self;
        let verified = verified.map_or_else(String::new, |day| match lang {
            Lang::Zh => format!("({day} 走访核实)"),
            Lang::En => format!(" (verified at a visit on {day})"),
        });
        match lang {
            Lang::Zh => format!("{}: 册中为{ours}{verified},表中为{theirs}", field.zh),
            Lang::En => format!("{}: {ours} here{verified}, {theirs} in the file", field.en),
        }
    }
}

impl Doubt {
    /// The doubt in words, with those who could be meant.
    pub fn say(&self, lang: Lang) -> String {
        let told: Vec<String> = self
            .candidates
            .iter()
            .map(|one| format!("{} {}", one.name, one.facts).trim().to_owned())
            .collect();
        format!("{}: {}", self.why.say(lang), told.join("; "))
    }
}

impl Why {
    /// The kind of doubt in words.
    pub fn say(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Why::OtherName => (
                "此证件号已登记在别的姓名下,请核对",
                "this number is registered under another name: check which is right",
            ),
            Why::Several => (
                "可能是册中几位中的一位,请补证件号或选定",
                "several people could be meant: add the identity number, or choose",
            ),
            Why::NameAlone => (
                "只有姓名相同,无从核对,请补证件号或选定",
                "only the name is the same: add the identity number, or choose",
            ),
            Why::OtherSex => (
                "姓名、出生日期、电话都相同,性别不同,请核对性别或选定",
                "name, birth and telephone are the same and the sex is another: check it, or choose",
            ),
        };
        lang.pick(zh, en)
    }
}

/// How many rows had which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All of them.
    pub rows: usize,
    /// Someone new.
    pub new: usize,
    /// Something filled in.
    pub updated: usize,
    /// Nothing new.
    pub same: usize,
    /// Differences that are to be decided.
    pub conflicts: usize,
    /// Whom it is about is to be decided.
    pub undecided: usize,
    /// Refused.
    pub rejected: usize,
    /// No resident's row.
    pub skipped: usize,
}

impl Counts {
    /// The counts of some rows; they add up.
    pub fn of(rows: &[Row]) -> Counts {
        let mut counts = Counts {
            rows: rows.len(),
            ..Counts::default()
        };
        for row in rows {
            *match row.verdict {
                Verdict::New => &mut counts.new,
                Verdict::Updated => &mut counts.updated,
                Verdict::Same => &mut counts.same,
                Verdict::Conflict => &mut counts.conflicts,
                Verdict::Undecided(_) => &mut counts.undecided,
                Verdict::Rejected(_) => &mut counts.rejected,
                Verdict::Skipped(_) => &mut counts.skipped,
            } += 1;
        }
        counts
    }
}
