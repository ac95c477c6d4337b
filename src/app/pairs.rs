//! Records that may be one person's, the surest pairs first.
//!
//! Invariant: nothing is merged from the list; a pair is opened first.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::merge::Merge;
use crate::app::step::step;
use crate::index::kin::Pair;
use crate::model::change::Act;
use crate::model::ids::PersonId;
use crate::model::merge;

/// The screen.
pub struct Pairs {
    /// The cursor among the pairs.
    pub row: usize,
}

/// Opens the pairs; at someone's, where there is one; two who were marked side by side.
pub fn open(desk: &Desk<'_>, who: &[PersonId]) -> Vec<Reply> {
    if let [one, other] = who {
        return vec![side_by_side(desk, *one, *other)];
    }
    let pairs = desk.index.pairs();
    if pairs.is_empty() {
        return say("pairs-none");
    }
    let is_theirs = |pair: &Pair| who.iter().any(|id| [pair.one, pair.other].contains(id));
    let row = pairs.iter().position(is_theirs).unwrap_or(0);
    vec![Reply::Open(Screen::Pairs(Pairs { row }))]
}

fn side_by_side(desk: &Desk<'_>, one: PersonId, other: PersonId) -> Reply {
    let merge = Merge::new(desk.index.book(), one, other);
    Reply::Open(Screen::Merge(Box::new(merge)))
}

/// Says that two are not one.
pub(super) fn keep_apart(desk: &Desk<'_>, one: PersonId, other: PersonId) -> Vec<Reply> {
    let changes = merge::keep_apart(desk.index.book(), one, other);
    if changes.is_empty() {
        return say("pairs-apart-already");
    }
    vec![Reply::Effect(Effect::Commit(
        Act::Apart { one, other },
        changes,
    ))]
}

fn say(key: &'static str) -> Vec<Reply> {
    vec![Reply::Say(Notice::new(Tone::Warn, Say::plain(key)))]
}

impl Pairs {
    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let pairs = desk.index.pairs();
        let here = pairs.get(self.row);
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Accept => {
                let open = here.map(|pair| side_by_side(desk, pair.one, pair.other));
                open.into_iter().collect()
            }
            Action::Apart => {
                here.map_or_else(Vec::new, |pair| keep_apart(desk, pair.one, pair.other))
            }
            action => {
                let last = pairs.len().saturating_sub(1);
                self.row = step(self.row, last, desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let last = desk.index.pairs().len().saturating_sub(1);
        self.row = self.row.min(last);
    }
}
