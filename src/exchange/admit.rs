//! One entry into the draft: whom it is about, and what becomes of it.
//!
//! Invariant: a row of which it is not decided whom it is about, or a difference that is not decided,
//! alters nothing of what is known.

mod empty;

mod life;

mod say;

mod settle;

mod weigh;

use crate::exchange::admit::weigh::Ground;
use crate::exchange::admit::weigh::Place;
use crate::exchange::admit::weigh::Weighed;
use crate::exchange::cell::Trouble;
use crate::exchange::choices::Choices;
use crate::exchange::entry::Entry;
use crate::exchange::home;
use crate::exchange::home::Homes;
use crate::exchange::intake::Reason;
use crate::exchange::json::Dossier;
use crate::exchange::roll::Found;
use crate::exchange::roll::Roll;
use crate::exchange::verdict::Bond;
use crate::exchange::verdict::Candidate;
use crate::exchange::verdict::Doubt;
use crate::exchange::verdict::Row;
use crate::exchange::verdict::Verdict;
use crate::exchange::verdict::Why;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::CategoryCode;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::ruling::Policy;
use crate::model::ruling::Who;
use crate::model::settle::mark_draft;
use crate::model::value::Value;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::collections::HashSet;
use uuid::Uuid;

/// So many fields a row sets beyond its cells, more or less: links, the parts of an address.
const MADE: usize = 4;

/// The most characters of a name.
const LONGEST_NAME: usize = 60;

/// Takes entries in, one after another.
pub struct Admission<'a> {
    draft: Draft<'a>,
    roll: Roll,
    homes: Homes,
    /// What earlier rows put whom in.
    said: FxHashMap<PersonId, Vec<CategoryCode>>,
    /// The row in which someone stood first.
    firsts: FxHashMap<PersonId, usize>,
    /// Records that came with their own ids in earlier rows.
    adopted: HashSet<Subject>,
    /// Links that came by id, to be set when everybody is there: a household's head, the household
    /// of a visit or of a merged record.
    links: Vec<(Subject, FieldNo, Subject)>,
    /// People who came with an id and are known by another.
    renamed: HashMap<Uuid, PersonId>,
    choices: &'a Choices,
    mint: &'a mut Mint,
    today: Date,
    file: &'a str,
}

/// Whom a row was decided or found to be about.
enum Meant {
    Known(PersonId, Bond),
    New,
    Nobody(Verdict),
}

impl<'a> Admission<'a> {
    /// Nobody taken in yet; assertions will name the file as evidence.
    pub fn new(
        book: &'a Book,
        today: Date,
        file: &'a str,
        choices: &'a Choices,
        mint: &'a mut Mint,
    ) -> Admission<'a> {
        Admission {
            draft: Draft::new(book),
            roll: Roll::new(book),
            homes: Homes::new(book),
            said: FxHashMap::default(),
            firsts: FxHashMap::default(),
            adopted: HashSet::new(),
            links: Vec::new(),
            renamed: HashMap::new(),
            choices,
            mint,
            today,
            file,
        }
    }

    /// Makes room for the changes of so many rows of so many cells.
    pub fn expect(&mut self, rows: usize, cells: usize) {
        self.draft.reserve(rows * (cells + MADE));
    }

    /// Begins a sheet: its first row does not go on with a household of the sheet before.
    pub fn begin(&mut self) {
        self.homes.pass(None);
    }

    /// Takes in one entry, with the records it came with if it has ids of its own.
    pub fn admit(&mut self, number: usize, mut entry: Entry, dossier: Option<&Dossier>) -> Row {
        let mut row = Row::new(number, Verdict::New);
        let by_serial = self.homes.by_serial;
        match self.meant(number, &entry, dossier) {
            Meant::Nobody(verdict) => {
                // Whoever follows is not of the household before.
                if entry.begins() {
                    self.homes.pass(None);
                }
                row.verdict = verdict;
            }
            Meant::New => {
                let id = dossier.map_or_else(|| self.mint.person(), |one| one.person);
                row.life = self.weigh_new_life(&mut entry, number);
                self.welcome(id, &mut entry, dossier);
                self.take_life(id, &entry, row.life.as_deref());
                self.firsts.insert(id, number);
                row.person = Some(id);
            }
            Meant::Known(id, bond) => {
                row.bond = Some(bond);
                self.meet(id, &mut entry, dossier, &mut row);
                row.person = Some(id);
                let first = *self.firsts.entry(id).or_insert(number);
                if first != number && row.verdict == Verdict::Same {
                    row.verdict = Verdict::Skipped(Reason::Repeated(first));
                }
            }
        }
        row.by_serial = self.homes.by_serial > by_serial;
        row.problems = entry.problems;
        row.numbers = entry.numbers;
        row
    }

    /// Whom an entry is about: as decided, else as found.
    fn meant(&self, number: usize, entry: &Entry, dossier: Option<&Dossier>) -> Meant {
        if entry.name().is_empty() {
            return Meant::Nobody(Verdict::Rejected(Reason::NoName));
        }
        if entry.name().chars().nth(LONGEST_NAME).is_some() {
            let reason = Reason::Cell("姓名".into(), Trouble::Long.say(Lang::Zh));
            return Meant::Nobody(Verdict::Rejected(reason));
        }
        match self.choices.who(number) {
            Some(Who::New) => return Meant::New,
            Some(Who::Leave) => return Meant::Nobody(Verdict::Skipped(Reason::LeftOut)),
            Some(Who::This(id)) if self.is_there(id) => return Meant::Known(id, Bond::Chosen),
            Some(Who::Row(row)) => {
                let earlier = self.firsts.iter().find(|(_, first)| **first == row);
                if let Some((id, _)) = earlier {
                    return Meant::Known(*id, Bond::Chosen);
                }
            }
            Some(Who::This(_)) | None => {}
        }
        let known = dossier
            .map(|one| self.standing(one.person))
            .filter(|id| self.is_there(*id));
        if let Some(id) = known {
            return Meant::Known(id, Bond::Number);
        }
        let found = self.roll.find(entry, &self.draft);
        // Records with ids of their own are people of their own, however alike.
        let others = |id: PersonId| dossier.is_none() || self.draft.book().person(id).is_some();
        match found.among(others) {
            Found::Nobody => Meant::New,
            Found::One(id, bond) => Meant::Known(id, bond),
            Found::Doubt(why, people) => self.doubt(number, entry, why, &people),
        }
    }

    /// A doubt that makes no difference is none: where the row adds nothing to the only one who
    /// could be meant, it is taken to mean them.
    fn doubt(&self, number: usize, entry: &Entry, why: Why, people: &[PersonId]) -> Meant {
        if let (Why::NameAlone, [only]) = (why, people)
            && self.weigh(*only, entry, number).is_idle()
        {
            return Meant::Known(*only, Bond::Name);
        }
        let candidates = people.iter().map(|id| self.candidate(*id)).collect();
        Meant::Nobody(Verdict::Undecided(Doubt {
            why,
            name: entry.name().to_owned(),
            facts: facts(entry),
            candidates,
        }))
    }

    fn candidate(&self, id: PersonId) -> Candidate {
        let show = |number: FieldNo| {
            let value = self.draft.get(id.subject(), number)?;
            let field = field::of(Table::Person, number)?;
            Some(field.show(&value, Lang::Zh))
        };
        let home = self
            .household(id)
            .and_then(|household| home::dwelling_of(&self.draft, household.0))
            .map(|dwelling| home::address_of(&self.draft, dwelling).to_string());
        let facts = [show(person::SEX), show(person::BIRTH), home];
        let first = self.firsts.get(&id).copied();
        let is_new = self.draft.book().person(id).is_none();
        Candidate {
            who: first.filter(|_| is_new).map_or(Who::This(id), Who::Row),
            name: show(person::NAME).unwrap_or_default(),
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" "),
        }
    }

    /// The changes that all entries make.
    pub fn finish(mut self) -> Vec<Change> {
        for (subject, field, to) in std::mem::take(&mut self.links) {
            let to = match self.renamed.get(&to.id) {
                Some(known) if to.table == Table::Person => known.subject(),
                _ => to,
            };
            let is_there = if to.table == Table::Person {
                self.is_there(PersonId(to.id))
            } else {
                self.adopted.contains(&to) || self.draft.book().record(to).is_some()
            };
            if is_there && self.draft.get(subject, field).is_none() {
                self.set(subject, field, Value::Link(to.id));
            }
        }
        self.draft.finish()
    }

    fn welcome(&mut self, id: PersonId, entry: &mut Entry, dossier: Option<&Dossier>) {
        self.free(entry, dossier.is_some());
        for claim in entry
            .claims
            .iter()
            .filter(|claim| claim.field.table == Table::Person)
        {
            self.draft
                .set(id.subject(), claim.field.number, Some(claim.value.clone()));
        }
        if let Some(year) = entry.age.filter(|_| entry.birth().is_none()) {
            self.set(id.subject(), person::BIRTH, Value::Date(year));
        }
        self.roll.add(id, entry);
        self.settle(id, entry, dossier);
        let mut clashes = Vec::new();
        let said = self.weigh_categories(id, entry, Ground::default(), &mut clashes);
        for clash in clashes {
            entry.contradiction("类别", &clash.theirs, Trouble::Exclusive(clash.ours));
        }
        self.say(id, said);
        if let Some(dossier) = dossier {
            self.lead(id, dossier);
        }
    }

    /// Takes from somebody new the number that belongs to somebody else; in a register two records
    /// may have one number, and go from there to another as they are.
    fn free(&self, entry: &mut Entry, is_record: bool) {
        let number = entry.text(person::ID_NO).map(str::to_owned);
        let is_taken = |number: &String| {
            let owner = self.roll.owner(number);
            owner.is_some_and(|id| !is_record || self.draft.book().person(id).is_some())
        };
        if let Some(number) = number.filter(is_taken) {
            entry.claims.retain(|claim| {
                claim.field.number != person::ID_NO || claim.field.table != Table::Person
            });
            entry.contradiction("身份证号", &number, Trouble::Taken);
        }
    }

    /// Someone known: takes what is new and what is decided.
    fn meet(&mut self, id: PersonId, entry: &mut Entry, dossier: Option<&Dossier>, row: &mut Row) {
        let household = self.household(id);
        let Weighed {
            sets,
            clashes,
            place,
            categories,
            ..
        } = self.weigh(id, entry, row.number);
        let is_open = clashes.iter().any(|clash| clash.side.is_none());
        row.clashes = clashes;
        row.life = self.weigh_life(id, entry, row.number);
        if is_open {
            row.verdict = Verdict::Conflict;
        }
        if is_open && self.choices.policy == Policy::Ask {
            self.homes.pass(household);
            return;
        }
        let mut changed = !sets.is_empty() || place != Place::Stays;
        let completes = |field| [person::ID_NO, person::BIRTH].contains(&field);
        let is_completed = |(subject, field, _): &(Subject, FieldNo, Value)| {
            *subject == id.subject() && completes(*field)
        };
        let is_completed = sets.iter().any(is_completed);
        for (subject, field, value) in sets {
            self.set(subject, field, value);
        }
        if is_completed {
            mark_draft(&mut self.draft, id);
        }
        if let Some(dossier) = dossier {
            self.renamed.insert(dossier.person.0, id);
        }
        match household {
            Some(household) => changed |= self.move_within(household, id, entry, place),
            None => changed |= self.settle(id, entry, dossier),
        }
        if changed {
            self.roll.learn(id, &self.draft);
        }
        changed |= self.take_life(id, entry, row.life.as_deref());
        changed |= self.say(id, categories);
        changed |= dossier.is_some_and(|dossier| self.lead(id, dossier));
        if !is_open {
            row.verdict = if changed {
                Verdict::Updated
            } else {
                Verdict::Same
            };
        }
    }

    /// The person whose record this is now, where it was merged into another.
    fn standing(&self, id: PersonId) -> PersonId {
        match self.draft.get(id.subject(), person::MERGED) {
            Some(Value::Link(stays)) => PersonId(stays),
            _ => id,
        }
    }

    fn is_there(&self, id: PersonId) -> bool {
        self.draft.get(id.subject(), person::NAME).is_some()
    }

    fn household(&self, id: PersonId) -> Option<HouseholdId> {
        match self.draft.get(id.subject(), person::HOUSEHOLD) {
            Some(Value::Link(household)) => Some(HouseholdId(household)),
            _ => None,
        }
    }

    /// The record that a claim of a table is about.
    fn subject(
        &self,
        table: Table,
        id: PersonId,
        household: Option<HouseholdId>,
    ) -> Option<Subject> {
        match table {
            Table::Person => Some(id.subject()),
            Table::Household => household.map(HouseholdId::subject),
            Table::Dwelling => {
                home::dwelling_of(&self.draft, household?.0).map(DwellingId::subject)
            }
            Table::Assertion | Table::Category | Table::View | Table::Setting | Table::Visit => {
                None
            }
        }
    }

    fn set(&mut self, subject: Subject, field: FieldNo, value: Value) {
        self.draft.set(subject, field, Some(value));
    }
}

/// What a row says that tells its person from others: sex, birth, address, as of a [`Candidate`].
fn facts(entry: &Entry) -> String {
    let show = |number: FieldNo| {
        let value = entry.get(Table::Person, number)?;
        Some(field::of(Table::Person, number)?.show(value, Lang::Zh))
    };
    let birth = show(person::BIRTH).or_else(|| Some(entry.age?.to_string()));
    let home = (!entry.address.is_empty()).then(|| entry.address.to_string());
    let facts = [show(person::SEX), birth, home];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
