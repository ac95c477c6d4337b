//! All that is known of the people, filed so that it can be asked for. Rules are not applied here.
//!
//! Invariant: people who are entered one by one and people who are entered all at once are filed
//! alike; taking someone out after putting them in leaves everything as it was.

use crate::index::claim::Claims;
use crate::index::column::Columns;
use crate::index::column::Shared;
use crate::index::digits::Digits;
use crate::index::home::Homes;
use crate::index::key::Line;
use crate::index::kin::Kin;
use crate::index::people::People;
use crate::index::people::Way;
use crate::index::set::Set;
use crate::index::text::Names;
use crate::index::visit::Visits;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::id_number;
use crate::model::id_number::Check;
use crate::model::ids::PersonId;
use crate::model::person::Person;
use crate::model::record::Record;

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

impl Facts {
    /// Files everyone under what the book says on a day, each by the place in the list.
    pub(crate) fn build(book: &Book, line: &Line<'_>, today: Date) -> Facts {
        let homes = Homes::build(book, line);
        // Those who stand side by side lie far apart in memory: they are brought together once, and
        // not fetched again for every column.
        let together: Vec<(PersonId, Record)> = line
            .people
            .iter()
            .map(|one| (one.id, one.record.clone()))
            .collect();
        let people: Vec<Person<'_>> = together
            .iter()
            .map(|(id, record)| Person { id: *id, record })
            .collect();
        let people = people.as_slice();
        let (columns, names, mut facts) = std::thread::scope(|scope| {
            // The columns and the names take as long as all the rest.
            let columns = scope.spawn(|| Columns::build(book, people, &homes));
            let facts = Facts::own(book, people, today);
            let names = Names::build(people);
            (columns.join(), names, facts)
        });
        (facts.columns, facts.housed) =
            columns.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Facts {
            homes,
            names,
            ..facts
        }
    }

    /// What is people's own, but for columns and names.
    fn own(book: &Book, people: &[Person<'_>], today: Date) -> Facts {
        let mut facts = Facts {
            people: People::of(people),
            ..Facts::default()
        };
        for (number, person) in (0..).zip(people) {
            facts.digits.enter(number, *person);
            if fails(*person) {
                facts.bad_ids.insert(number);
            }
        }
        for (number, id) in facts.people.line_up(book.asserted()) {
            facts.claims.put(Way::In, number, book, id, today);
        }
        for (number, id) in facts.people.line_up(book.visited()) {
            facts.visits.put(Way::In, number, book, id);
        }
        facts.claims.settle();
        facts.visits.settle();
        facts.bad_ids.settle();
        facts
    }

    /// Files a person under what the book says on a day, and returns the number.
    pub(crate) fn enter(&mut self, book: &Book, person: Person<'_>, today: Date) -> u32 {
        let number = self.people.admit(person.id);
        self.kin = Kin::default();
        if person.is_present() {
            self.people.present.insert(number);
        }
        self.digits.enter(number, person);
        if fails(person) {
            self.bad_ids.insert(number);
        }
        self.claims.put(Way::In, number, book, person.id, today);
        self.visits.put(Way::In, number, book, person.id);
        self.columns.enter(number, person);
        self.names.put(Way::In, number, person.name());
        self.homes.enter(number, book, person);
        if self.columns.share(&[number], &Shared::of(book, person)) {
            self.housed.insert(number);
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

    /// Moves on to a later day: what is said of people may begin or end to stand.
    pub(crate) fn turn(&mut self, book: &Book, from: Date, to: Date) {
        let turning = self.claims.turning(from, to);
        for number in turning.iter() {
            if let Some(id) = self.people.id(number) {
                self.claims.put(Way::Out, number, book, id, from);
                self.claims.put(Way::In, number, book, id, to);
            }
        }
    }
}

fn fails(person: Person<'_>) -> bool {
    let reading = person.id_no().map(id_number::read);
    reading.is_some_and(|reading| matches!(reading.check, Check::Bad(_)))
}
