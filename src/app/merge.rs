//! Two records side by side: which stays, and whose value is taken where they differ.
//!
//! Invariant: what is on screen is what the merge does; it is one commit, and can be parted again
//! at any time.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::pairs::keep_apart;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::reveal::Wish;
use crate::app::reveal::reveal;
use crate::app::step::step;
use crate::model::book::Book;
use crate::model::change::Act;
use crate::model::ids::PersonId;
use crate::model::merge;
use crate::model::merge::Line;
use crate::model::merge::Take;

/// The screen.
pub struct Merge {
    /// The record that stays.
    pub stays: PersonId,
    /// The record that will point at it.
    pub goes: PersonId,
    /// Where they differ.
    pub lines: Vec<Line>,
    /// The cursor among the lines.
    pub row: usize,
}

/// Makes two of one again: at once when one record was merged into it, else after a choice.
pub fn part(desk: &Desk<'_>, who: PersonId) -> Vec<Reply> {
    let book = desk.index.book();
    let label = |id: PersonId| {
        let person = book.person(id);
        let name = person.map_or("", |one| one.name());
        let home = person.and_then(|one| book.home(one));
        let address = home.map_or(String::new(), |one| one.address().to_string());
        format!("{name}  {address}")
    };
    match book.aliases(who) {
        [] => vec![Reply::Say(Notice::new(
            Tone::Warn,
            Say::plain("part-nothing"),
        ))],
        [only] => {
            let title = Say::with("part-title", [("who", label(*only))]);
            let lines = ["part-back", "part-kept"].map(Say::plain).into();
            let preview = Preview::of_lines(title, lines, Effect::Part(*only));
            vec![Reply::Open(Screen::Preview(Box::new(preview)))]
        }
        several => {
            let item = |id: &PersonId| Item {
                label: Label::Text(label(*id)),
                hint: String::new(),
                search: label(*id),
                choice: Choice::Part(*id),
            };
            let pick = Pick::new("pick-part", several.iter().map(item).collect());
            vec![Reply::Open(Screen::Pick(Box::new(pick)))]
        }
    }
}

impl Merge {
    /// Two records; the one that knows more stays.
    pub fn new(book: &Book, one: PersonId, other: PersonId) -> Merge {
        let (stays, goes) = merge::order(book, one, other);
        Merge {
            stays,
            goes,
            lines: merge::lines(book, stays, goes),
            row: 0,
        }
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let book = desk.index.book();
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Accept => {
                let act = Act::Merge {
                    stays: self.stays,
                    goes: self.goes,
                };
                let changes = merge::merge(book, self.stays, self.goes, &self.lines);
                vec![Reply::Close, Reply::Effect(Effect::Commit(act, changes))]
            }
            Action::Apart => {
                let mut replies = vec![Reply::Close];
                replies.extend(keep_apart(desk, self.stays, self.goes));
                replies
            }
            Action::Take => {
                merge::turn(&mut self.lines, self.row);
                Vec::new()
            }
            Action::Flip => {
                std::mem::swap(&mut self.stays, &mut self.goes);
                self.lines = merge::lines(book, self.stays, self.goes);
                Vec::new()
            }
            Action::Reveal => self.reveal(desk),
            action => {
                let last = self.lines.len().saturating_sub(1);
                self.row = step(self.row, last, desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Shows what is masked in the line under the cursor: of the record whose value is taken.
    fn reveal(&self, desk: &Desk<'_>) -> Vec<Reply> {
        let line = self.lines.get(self.row);
        let Some(line) = line.filter(|line| line.field.masking.is_close()) else {
            let none = Notice::new(Tone::Warn, Say::plain("card-nothing-hidden"));
            return vec![Reply::Say(none)];
        };
        let whose = match line.take {
            Take::Goes => self.goes,
            Take::Stays | Take::Both => self.stays,
        };
        let wish = Wish {
            subject: whose.subject(),
            field: line.field.number,
            screen: "merge",
        };
        reveal(desk, wish)
    }

    /// Sees the changed register: what was chosen stays chosen where both still differ.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let mut lines = merge::lines(desk.index.book(), self.stays, self.goes);
        for line in &mut lines {
            let mut before = self.lines.iter();
            if let Some(old) = before.find(|old| old.field == line.field) {
                line.take = old.take;
            }
        }
        self.lines = lines;
        self.row = self.row.min(self.lines.len().saturating_sub(1));
    }
}
