//! What a row tells of its person's state of life: 张三(已故), 备注 2019年迁出.
//!
//! Invariant: nobody dies or moves away by words beside a name; only a decision about the field, or
//! the row's own 人员状态 of somebody who was not known, sets a state.

use crate::exchange::admit::Admission;
use crate::exchange::entry::Entry;
use crate::exchange::life::ON_ROLLS;
use crate::exchange::life::is_it;
use crate::exchange::verdict::Clash;
use crate::model::Lang;
use crate::model::field;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Side;
use crate::model::value::Value;

impl Admission<'_> {
    /// Someone known of whom words beside the name tell another state than is known.
    pub(super) fn weigh_life(&self, id: PersonId, entry: &Entry, row: usize) -> Option<Box<Clash>> {
        let told = entry.life.filter(|_| entry.text(person::LIFE).is_none())?;
        let ours = self.draft.text(id.subject(), person::LIFE);
        let ours = ours.unwrap_or(ON_ROLLS);
        (ours != told)
            .then(|| self.tells(row, ours, told, None))
            .flatten()
    }

    /// Someone new who is not on the rolls by what the row says in so many words, or seems to say.
    /// What is decided not to stand is no claim any more.
    pub(super) fn weigh_new_life(&self, entry: &mut Entry, row: usize) -> Option<Box<Clash>> {
        let clash = match entry.text(person::LIFE) {
            Some(ON_ROLLS) => None,
            Some(said) => self.tells(row, ON_ROLLS, said, Some(Side::Theirs)),
            None => self.tells(row, ON_ROLLS, entry.life?, None),
        }?;
        if clash.side == Some(Side::Ours) {
            entry.claims.retain(|claim| !is_it(claim.field));
        }
        Some(clash)
    }

    /// Sets the state that a row tells, where that is decided; returns whether it did.
    pub(super) fn take_life(&mut self, id: PersonId, entry: &Entry, clash: Option<&Clash>) -> bool {
        let is_taken = clash.is_some_and(|clash| clash.side == Some(Side::Theirs));
        let told = entry
            .life
            .filter(|_| is_taken && entry.text(person::LIFE).is_none());
        if let Some(code) = told {
            self.set(id.subject(), person::LIFE, Value::Code(code.to_owned()));
        }
        told.is_some()
    }

    fn tells(
        &self,
        row: usize,
        ours: &str,
        theirs: &str,
        side: Option<Side>,
    ) -> Option<Box<Clash>> {
        let field = field::of(Table::Person, person::LIFE)?;
        let show = |code: &str| field.show(&Value::Code(code.to_owned()), Lang::Zh);
        Some(Box::new(Clash {
            field,
            ours: show(ours),
            theirs: show(theirs),
            side: self.choices.decided(row, field).or(side),
            verified: None,
        }))
    }
}
