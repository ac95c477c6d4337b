//! All that is known of the people, filed so that it can be asked for. Rules are not applied here.
//!
//! Invariant: people who are entered one by one and people who are entered all at once are filed
//! alike; taking someone out after putting them in leaves everything as it was.

use crate::index::claim::Claims;
use crate::index::column::Columns;
use crate::index::column::Entry;
use crate::index::digits::Digits;
use crate::index::home::Homes;
use crate::index::kin::Kin;
use crate::index::people::People;
use crate::index::people::Way;
use crate::index::people::slot;
use crate::index::place::PARTS;
use crate::index::set::Set;
use crate::index::text::Names;
use crate::index::visit::Visits;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::Table;
use crate::model::person::Person;

/// Everything by which people are found.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) people: People,
    pub(crate) homes: Homes,
    pub(crate) names: Names,
    pub(crate) digits: Digits,
    pub(crate) columns: Columns,
    pub(crate) claims: Claims,
    pub(crate) visits: Visits,
    /// Who may be there twice; forgotten with every change.
    pub(crate) kin: Kin,
    /// Whose address is known, be it in part.
    pub(crate) housed: Set,
    /// Whose identity number fails its check.
    pub(crate) bad_ids: Set,
}

/// What the members of a household share.
#[derive(Debug, Clone, Default)]
struct Shared {
    entries: Vec<Entry>,
    is_housed: bool,
}

impl Facts {
    /// Files everyone under what the book says on a day.
    pub(crate) fn build(book: &Book, today: Date) -> Facts {
        let mut facts = Facts::default();
        let mut shared: Vec<Option<Shared>> = Vec::new();
        let mut names = Vec::new();
        for person in book.people() {
            let number = facts.people.admit(person.id);
            facts.file(number, book, person, today);
            names.push((number, person.name()));
            if let Some(home) = facts.homes.enter(number, book, person) {
                let known = slot(&mut shared, home);
                let known = known.get_or_insert_with(|| facts.shared(book, person));
                facts.share(number, known);
            }
        }
        facts.names = Names::build(&names);
        facts.claims.settle();
        facts.visits.settle();
        for set in [
            &mut facts.people.all,
            &mut facts.people.present,
            &mut facts.homes.heads,
            &mut facts.housed,
            &mut facts.bad_ids,
        ] {
            set.settle();
        }
        facts
    }

    /// Files a person under what the book says on a day, and returns the number.
    pub(crate) fn enter(&mut self, book: &Book, person: Person<'_>, today: Date) -> u32 {
        let number = self.people.admit(person.id);
        self.kin = Kin::default();
        self.file(number, book, person, today);
        self.names.put(Way::In, number, person.name());
        if self.homes.enter(number, book, person).is_some() {
            let shared = self.shared(book, person);
            self.share(number, &shared);
        }
        number
    }

    /// Takes a person's facts out again; the number stays theirs.
    pub(crate) fn leave(&mut self, book: &Book, person: Person<'_>, today: Date) {
        let Some(number) = self.people.number(person.id) else {
            return;
        };
        self.kin = Kin::default();
        self.people.present.remove(number);
        self.bad_ids.remove(number);
        self.housed.remove(number);
        self.homes.leave(number, person);
        self.digits.leave(number);
        self.columns.clear(number);
        self.names.put(Way::Out, number, person.name());
        self.claims.put(Way::Out, number, book, person.id, today);
        self.visits.put(Way::Out, number, book, person.id);
    }

    /// Files what is a person's own, but for the name.
    fn file(&mut self, number: u32, book: &Book, person: Person<'_>, today: Date) {
        if person.is_present() {
            self.people.present.insert(number);
        }
        if fails(person) {
            self.bad_ids.insert(number);
        }
        self.digits.enter(number, person);
        self.columns.enter(number, person);
        self.claims.put(Way::In, number, book, person.id, today);
        self.visits.put(Way::In, number, book, person.id);
    }

    fn share(&mut self, number: u32, shared: &Shared) {
        self.columns.set(number, &shared.entries);
        if shared.is_housed {
            self.housed.insert(number);
        }
    }

    fn shared(&mut self, book: &Book, person: Person<'_>) -> Shared {
        let household = person.household().and_then(|id| book.household(id));
        let dwelling = household.and_then(|household| book.dwelling(household.dwelling()?));
        let mut shared = Shared::default();
        if let Some(household) = household {
            let own = self.columns.entries(Table::Household, household.record);
            shared.entries.extend(own);
        }
        if let Some(dwelling) = dwelling {
            let own = self.columns.entries(Table::Dwelling, dwelling.record);
            shared.entries.extend(own);
            let mut parts = PARTS.iter();
            shared.is_housed = parts.any(|part| dwelling.record.text(*part).is_some());
        }
        shared
    }
}

fn fails(person: Person<'_>) -> bool {
    let reading = person.id_no().map(id_number::read);
    reading.is_some_and(|reading| matches!(reading.check, Check::Bad(_)))
}
