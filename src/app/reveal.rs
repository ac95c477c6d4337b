//! Looking at what is masked: one field of one record, for a while, on record.
//!
//! Invariant: nothing is shown whole before the look is in the journal; who looks at much must say
//! what for.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::preview::Preview;
use crate::app::prompt::Prompt;
use crate::app::rows::SENSITIVE_CATEGORIES;
use crate::index::Index;
use crate::model::Lang;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::date::minute_of;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person::Person;
use crate::model::role::Sight;

/// How long a revealed value stays on screen, in milliseconds.
pub const MILLISECONDS: u64 = 10_000;

/// So many looks within [`SPAN`] need no reason.
pub const FREE: usize = 20;

/// How long a look counts, in milliseconds.
pub const SPAN: u64 = 10 * 60 * 1000;

/// A value that may be seen unmasked for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revealed {
    /// Whose.
    pub subject: Subject,
    /// Which field.
    pub field: FieldNo,
    /// Until when, in milliseconds since 1970.
    pub until: u64,
}

impl Revealed {
    /// Whether it is this value.
    pub fn shows(self, subject: Subject, field: FieldNo) -> bool {
        (self.subject, self.field) == (subject, field)
    }
}

/// A look that is wanted: whose, which field, on which screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whose.
    pub subject: Subject,
    /// Which field.
    pub field: FieldNo,
    /// The screen's name.
    pub screen: &'static str,
}

impl Wish {
    /// The look itself, with what it is for when that was asked.
    pub fn granted(self, reason: Option<String>) -> Reply {
        let act = Act::Look {
            subject: self.subject,
            field: Some(self.field),
            screen: self.screen.to_owned(),
            reason,
        };
        Reply::Effect(Effect::Commit(act, Vec::new()))
    }
}

/// Reveals a value, or asks what for, or says why not.
pub fn reveal(desk: &Desk<'_>, wish: Wish) -> Vec<Reply> {
    if !may(desk, wish) {
        let notice = Notice::new(Tone::Warn, Say::plain("reveal-not-yours"));
        return vec![Reply::Say(notice)];
    }
    let recent = |at: &&u64| **at + SPAN > desk.now.milliseconds;
    if desk.looks.iter().filter(recent).count() < FREE {
        return vec![wish.granted(None)];
    }
    vec![Reply::Open(Screen::Prompt(Box::new(Prompt::reason(wish))))]
}

fn may(desk: &Desk<'_>, wish: Wish) -> bool {
    let role = desk.index.role();
    if wish.subject.table == Table::Person && wish.field == SENSITIVE_CATEGORIES {
        return role.reveals();
    }
    let field = field::of(wish.subject.table, wish.field);
    field.is_some_and(|field| field.masking.is_close() && role.field(field) == Sight::Clear)
}

/// Who has looked at a person, line by line, to be looked at.
pub fn looks(index: &Index, lang: Lang, person: PersonId, commits: &[Commit]) -> Preview {
    let name = index.book().person(person).map_or("", Person::name);
    let title = Say::with("looks", [("name", name.to_owned())]);
    let mut lines: Vec<Say> = commits.iter().map(|one| told(one, lang)).collect();
    if lines.is_empty() {
        lines.push(Say::plain("looks-none"));
    }
    Preview::to_look_at(title, lines)
}

fn told(commit: &Commit, lang: Lang) -> Say {
    let label = |subject: Subject, number| {
        field::of(subject.table, number).map_or(String::new(), |field| field.label(lang).to_owned())
    };
    let (key, what, why) = if let Act::Send(sent) = &commit.act {
        let said = [&sent.purpose, &sent.receiver].into_iter().flatten();
        let said: Vec<&str> = said.map(String::as_str).collect();
        ("looks-list", sent.file.clone(), said.join(" > "))
    } else if let Act::Look {
        subject,
        field: Some(number),
        reason,
        ..
    } = &commit.act
    {
        let reason = reason.clone().unwrap_or_default();
        ("looks-field", label(*subject, *number), reason)
    } else if let Act::Reveal { subject, field } = &commit.act {
        ("looks-field", label(*subject, *field), String::new())
    } else {
        ("looks-record", String::new(), String::new())
    };
    // A look at the categories names no field.
    let key = if key == "looks-field" && what.is_empty() {
        "looks-categories"
    } else {
        key
    };
    let args = [
        ("when", minute_of(commit.stamp.milliseconds())),
        ("who", commit.worker.clone()),
        ("what", what),
        ("why", why),
    ];
    Say::with(key, args)
}
