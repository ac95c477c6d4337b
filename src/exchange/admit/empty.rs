//! Households of nobody and dwellings of no household, as JSON lines bring them.
//!
//! Invariant: one that is there already is never altered but by what it lacks or a decision.

use crate::exchange::admit::Admission;
use crate::exchange::admit::weigh::Ground;
use crate::exchange::admit::weigh::Weighed;
use crate::exchange::entry::Claim;
use crate::exchange::entry::Weight;
use crate::exchange::json::Whole;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::model::field;
use crate::model::field::Kind;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Table;
use crate::model::ruling::Policy;

impl Admission<'_> {
    /// Takes in a household with its dwelling, or a dwelling alone.
    pub fn admit_home(&mut self, number: usize, home: &[Whole]) -> Row {
        let mut row = Row::new(number, Verdict::New);
        let mut weighed = Weighed::new(Ground {
            row: Some(number),
            verified: None,
        });
        let known: Vec<&Whole> = home.iter().filter(|one| !self.take_over(one)).collect();
        for whole in &known {
            self.weigh_whole(whole, &mut weighed);
        }
        let is_open = weighed.clashes.iter().any(|clash| clash.side.is_none());
        if is_open {
            row.verdict = Verdict::Conflict;
        } else if known.len() == home.len() {
            let is_idle = weighed.sets.is_empty();
            row.verdict = if is_idle {
                Verdict::Same
            } else {
                Verdict::Updated
            };
        }
        row.clashes = weighed.clashes;
        if !is_open || self.choices.policy != Policy::Ask {
            for (subject, field, value) in weighed.sets {
                self.set(subject, field, value);
            }
        }
        for (subject, _) in home {
            if subject.table == Table::Household {
                self.homes.know(&self.draft, HouseholdId(subject.id));
            } else {
                self.homes.know_door(&self.draft, DwellingId(subject.id));
            }
        }
        row
    }

    /// Weighs a record that is there against what came; links are not compared.
    fn weigh_whole(&self, (subject, fields): &Whole, weighed: &mut Weighed) {
        for (number, value) in fields {
            let field = field::of(subject.table, *number);
            if let Some(field) = field.filter(|one| !matches!(one.kind, Kind::Link(_))) {
                let claim = Claim {
                    field,
                    value: value.clone(),
                    weight: Weight::Said,
                };
                self.weigh_claim(*subject, &claim, weighed);
            }
        }
    }
}
