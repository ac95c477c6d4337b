//! A row beside what is known of its person: what it adds, and where it differs.
//!
//! Invariant: weighing alters nothing; whose value stands is decided here and nowhere else.

use crate::exchange::admit::Admission;
use crate::exchange::entry::Claim;
use crate::exchange::entry::Entry;
use crate::exchange::entry::Weight;
use crate::exchange::heading::normal;
use crate::exchange::home;
use crate::exchange::life;
use crate::exchange::life::ON_ROLLS;
use crate::exchange::merge::Outcome;
use crate::exchange::merge::merge;
use crate::exchange::verdict::Clash;
use crate::model::Lang;
use crate::model::address::Address;
use crate::model::date::Date;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Side;
use crate::model::value::Value;
use crate::model::visit;

/// What becomes of someone's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing.
    Stays,
    /// It becomes known, or better known.
    Found,
    /// They live elsewhere, as was decided.
    Moves,
}

/// How an address differs from the one that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    /// Not at all.
    None,
    /// It tells a part that is not known.
    Finer,
    /// It is another.
    Elsewhere,
}

impl Difference {
    fn of(ours: &Address, theirs: &Address) -> Difference {
        let pairs = [
            (&ours.estate, &theirs.estate),
            (&ours.building, &theirs.building),
            (&ours.unit, &theirs.unit),
            (&ours.room, &theirs.room),
        ];
        let differs = pairs.iter().any(|pair| match pair {
            (Some(ours), Some(theirs)) => ours != theirs && normal(ours) != normal(theirs),
            _ => false,
        });
        let mut parts = pairs.iter().flat_map(|(ours, theirs)| [ours, theirs]);
        let is_text_only = parts.all(|part| part.is_none());
        if differs || (is_text_only && !home::same_place(ours, theirs)) {
            Difference::Elsewhere
        } else if pairs
            .iter()
            .any(|(ours, theirs)| ours.is_none() && theirs.is_some())
        {
            Difference::Finer
        } else {
            Difference::None
        }
    }
}

/// What it depends on whose value stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ground {
    /// The row, where it can be decided.
    pub(super) row: Option<usize>,
    /// When a visit found what is known unchanged: only a decision about the field overrules that.
    pub(super) verified: Option<Date>,
}

/// What a row would do to someone known.
pub(super) struct Weighed {
    /// Values to set.
    pub(super) sets: Vec<(Subject, FieldNo, Value)>,
    /// Differences, decided or not.
    pub(super) clashes: Vec<Clash>,
    /// The place.
    pub(super) place: Place,
    /// Categories to say.
    pub(super) categories: Vec<CategoryCode>,
    /// Whether the row would give someone without a household one.
    housed: bool,
    ground: Ground,
}

impl Weighed {
    pub(super) fn new(ground: Ground) -> Weighed {
        Weighed {
            sets: Vec::new(),
            clashes: Vec::new(),
            place: Place::Stays,
            categories: Vec::new(),
            housed: false,
            ground,
        }
    }

    /// Whether the row neither adds anything nor differs.
    pub(super) fn is_idle(&self) -> bool {
        self.sets.is_empty()
            && self.clashes.is_empty()
            && self.place == Place::Stays
            && self.categories.is_empty()
            && !self.housed
    }
}

/// Whether a difference is decided for the ledger.
pub(super) fn is_theirs(clash: Option<&Clash>) -> bool {
    clash.is_some_and(|one| one.side == Some(Side::Theirs))
}

impl Admission<'_> {
    /// Weighs a row against what is known of a person.
    pub(super) fn weigh(&self, id: PersonId, entry: &Entry, row: usize) -> Weighed {
        let household = self.household(id);
        let ground = Ground {
            row: Some(row),
            verified: visit::contact(self.draft.book(), id).verified,
        };
        let mut weighed = Weighed::new(ground);
        for claim in &entry.claims {
            let Some(subject) = self.subject(claim.field.table, id, household) else {
                continue;
            };
            let is_name = subject.table == Table::Person && claim.field.number == person::NAME;
            if !is_name || !self.roll.is_called(id, entry.name()) {
                self.weigh_claim(subject, claim, &mut weighed);
            }
        }
        self.weigh_age(id, entry, &mut weighed);
        match household {
            Some(one) => self.weigh_home(one, id, entry, &mut weighed),
            None => weighed.housed = entry.tells_of_a_home(),
        }
        let mut clashes = std::mem::take(&mut weighed.clashes);
        weighed.categories = self.weigh_categories(id, entry, ground, &mut clashes);
        weighed.clashes = clashes;
        weighed
    }

    /// Weighs what a row says of a household that its person has just come to. What differs there
    /// is told, not decided.
    pub(super) fn weigh_household(
        &self,
        household: HouseholdId,
        id: PersonId,
        entry: &Entry,
    ) -> Weighed {
        let mut weighed = Weighed::new(Ground::default());
        for claim in &entry.claims {
            let subject = self.subject(claim.field.table, id, Some(household));
            if let Some(subject) = subject.filter(|subject| subject.table != Table::Person) {
                self.weigh_claim(subject, claim, &mut weighed);
            }
        }
        self.weigh_home(household, id, entry, &mut weighed);
        weighed
    }

    /// Whose value stands where a row differs.
    fn side(&self, ground: Ground, field: &'static Field) -> Option<Side> {
        let row = ground.row?;
        match ground.verified {
            Some(_) => self.choices.decided(row, field),
            None => self.choices.side(row, field),
        }
    }

    pub(super) fn weigh_claim(&self, subject: Subject, claim: &Claim, weighed: &mut Weighed) {
        let (field, theirs) = (claim.field, &claim.value);
        let ours = self.draft.get(subject, field.number);
        // Who is said to be dead or gone was on the rolls until now: that is a difference.
        let ours = ours.or_else(|| life::is_it(field).then(|| Value::Code(ON_ROLLS.to_owned())));
        match (merge(field, ours.as_ref(), theirs), claim.weight, &ours) {
            (Outcome::Set(value), Weight::Said, _) | (Outcome::Set(value), _, None) => {
                weighed.sets.push((subject, field.number, value));
            }
            (Outcome::Clash, Weight::Said, Some(ours)) => {
                let side = self.side(weighed.ground, field);
                if side == Some(Side::Theirs) {
                    weighed.sets.push((subject, field.number, theirs.clone()));
                }
                weighed.clashes.push(Clash {
                    field,
                    ours: field.show(ours, Lang::Zh),
                    theirs: field.show(theirs, Lang::Zh),
                    side,
                    verified: weighed.ground.verified,
                });
            }
            (Outcome::Same | Outcome::Set(_) | Outcome::Clash, ..) => {}
        }
    }

    fn weigh_age(&self, id: PersonId, entry: &Entry, weighed: &mut Weighed) {
        let Some(year) = entry.age.filter(|_| entry.birth().is_none()) else {
            return;
        };
        let theirs = (id.subject(), person::BIRTH, Value::Date(year));
        match self.draft.get(id.subject(), person::BIRTH) {
            None => weighed.sets.push(theirs),
            Some(Value::Date(ours)) if ours.year().abs_diff(year.year()) > 1 => {
                let clash = self.clash(weighed.ground, Table::Person, person::BIRTH, &ours, &year);
                if is_theirs(clash.as_ref()) {
                    weighed.sets.push(theirs);
                }
                weighed.clashes.extend(clash);
            }
            Some(_) => {}
        }
    }

    /// Weighs address and head.
    fn weigh_home(
        &self,
        household: HouseholdId,
        id: PersonId,
        entry: &Entry,
        weighed: &mut Weighed,
    ) {
        if let (Some(theirs), Some(ours)) =
            (&entry.head, self.homes.head_of(&self.draft, household))
            && ours != normal(theirs)
        {
            let head = self.member(household, id, entry, theirs);
            let clash = self.clash(
                weighed.ground,
                Table::Household,
                household::HEAD,
                &ours,
                theirs,
            );
            let is_decided = is_theirs(clash.as_ref());
            if let Some(head) = head.filter(|_| is_decided) {
                let link = Value::Link(head.0);
                weighed
                    .sets
                    .push((household.subject(), household::HEAD, link));
            }
            weighed.clashes.extend(clash);
        }
        if entry.address.is_empty() {
            return;
        }
        let Some(dwelling) = home::dwelling_of(&self.draft, household.0) else {
            weighed.place = Place::Found;
            return;
        };
        let ours = home::address_of(&self.draft, dwelling);
        let difference = Difference::of(&ours, &entry.address);
        if difference == Difference::Elsewhere {
            let field = household::ADDRESS_TEXT;
            let clash = self.clash(
                weighed.ground,
                Table::Dwelling,
                field,
                &ours,
                &entry.address,
            );
            if is_theirs(clash.as_ref()) {
                weighed.place = Place::Moves;
            }
            weighed.clashes.extend(clash);
        } else if difference == Difference::Finer {
            weighed.place = Place::Found;
        }
    }

    /// The member of a household with a name; the person of the row is one.
    fn member(
        &self,
        household: HouseholdId,
        id: PersonId,
        entry: &Entry,
        name: &str,
    ) -> Option<PersonId> {
        if normal(entry.name()) == normal(name) {
            return Some(id);
        }
        let book = self.draft.book();
        let mut members = book.members(household).iter().copied();
        members.find(|member| {
            book.person(*member)
                .is_some_and(|one| normal(one.name()) == normal(name))
        })
    }

    /// A difference in a field; none where the table has no such field.
    pub(super) fn clash(
        &self,
        ground: Ground,
        table: Table,
        number: FieldNo,
        ours: &dyn std::fmt::Display,
        theirs: &dyn std::fmt::Display,
    ) -> Option<Clash> {
        field::of(table, number).map(|field| Clash {
            field,
            ours: ours.to_string(),
            theirs: theirs.to_string(),
            side: self.side(ground, field),
            verified: ground.verified,
        })
    }
}
