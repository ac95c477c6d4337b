//! One entry into the draft: whom it is about, and what becomes of it.
//!
//! Invariant: a person is touched only when nothing in the row contradicts what is known.

use crate::exchange::cell::Trouble;
use crate::exchange::entry::Claim;
use crate::exchange::entry::Entry;
use crate::exchange::entry::Weight;
use crate::exchange::heading::normal;
use crate::exchange::home;
use crate::exchange::home::Homes;
use crate::exchange::intake::Reason;
use crate::exchange::intake::Row;
use crate::exchange::intake::Verdict;
use crate::exchange::json::Dossier;
use crate::exchange::merge::Outcome;
use crate::exchange::merge::merge;
use crate::exchange::roll::Found;
use crate::exchange::roll::Roll;
use crate::model::Lang;
use crate::model::address::Address;
use crate::model::assertion;
use crate::model::assertion::Status;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::classify;
use crate::model::classify::Saying;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::CategoryCode;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::value::Value;
use std::collections::HashMap;
use std::collections::HashSet;
use uuid::Uuid;

/// The source that an assertion from a ledger names.
const SOURCE: &str = "导入";
/// The most characters of a name.
const LONGEST_NAME: usize = 60;

/// A contradiction: the field, ours, theirs.
type Clash = (&'static Field, String, String);

/// Takes entries in, one after another.
pub struct Admission<'a> {
    draft: Draft<'a>,
    roll: Roll,
    homes: Homes,
    /// What earlier rows put whom in.
    said: HashMap<PersonId, Vec<CategoryCode>>,
    /// The row in which someone stood first.
    firsts: HashMap<PersonId, usize>,
    /// Records that came with their own ids in earlier rows.
    adopted: HashSet<Subject>,
    /// Heads that came by id, to be set when everybody is there.
    heads: Vec<(HouseholdId, Uuid)>,
    /// People who came with an id and are known by another.
    renamed: HashMap<Uuid, PersonId>,
    mint: &'a mut Mint,
    today: Date,
    file: &'a str,
}

impl<'a> Admission<'a> {
    /// Nobody taken in yet; assertions will name the file as evidence.
    pub fn new(book: &'a Book, today: Date, file: &'a str, mint: &'a mut Mint) -> Admission<'a> {
        Admission {
            draft: Draft::new(book),
            roll: Roll::new(book),
            homes: Homes::new(book),
            said: HashMap::new(),
            firsts: HashMap::new(),
            adopted: HashSet::new(),
            heads: Vec::new(),
            renamed: HashMap::new(),
            mint,
            today,
            file,
        }
    }

    /// Takes in one entry, with the records it came with if it has ids of its own.
    pub fn admit(&mut self, number: usize, mut entry: Entry, dossier: Option<&Dossier>) -> Row {
        let (verdict, person) = self.judge(number, &mut entry, dossier);
        Row {
            number,
            verdict,
            person,
            problems: entry.problems,
        }
    }

    fn judge(
        &mut self,
        number: usize,
        entry: &mut Entry,
        dossier: Option<&Dossier>,
    ) -> (Verdict, Option<PersonId>) {
        if entry.name().is_empty() {
            return (Verdict::Rejected(Reason::NoName), None);
        }
        if entry.name().chars().nth(LONGEST_NAME).is_some() {
            let reason = Reason::Cell("姓名".into(), Trouble::Long.say(Lang::Zh));
            return (Verdict::Rejected(reason), None);
        }
        let known = dossier
            .map(|one| one.person)
            .filter(|id| self.draft.get(id.subject(), person::NAME).is_some());
        let found = known.map_or_else(|| self.roll.find(entry, &self.draft), Found::One);
        match found {
            Found::Several => (Verdict::Rejected(Reason::Ambiguous), None),
            Found::OtherName(id, name) => (Verdict::Rejected(Reason::OtherName(name)), Some(id)),
            Found::Nobody => {
                let id = dossier.map_or_else(|| self.mint.person(), |one| one.person);
                self.welcome(id, entry, dossier);
                self.firsts.insert(id, number);
                (Verdict::New, Some(id))
            }
            Found::One(id) => {
                let first = *self.firsts.entry(id).or_insert(number);
                let verdict = self.meet(id, entry, dossier);
                let is_repeat = first != number && verdict == Verdict::Same;
                let repeat = || Verdict::Skipped(Reason::Repeated(first));
                (if is_repeat { repeat() } else { verdict }, Some(id))
            }
        }
    }

    /// The changes that all entries make.
    pub fn finish(mut self) -> Vec<Change> {
        for (household, head) in std::mem::take(&mut self.heads) {
            let head = self.renamed.get(&head).copied().unwrap_or(PersonId(head));
            let is_there = self.draft.get(head.subject(), person::NAME).is_some();
            let is_open = self
                .draft
                .get(household.subject(), household::HEAD)
                .is_none();
            if is_there && is_open {
                let link = Value::Link(head.0);
                self.draft
                    .set(household.subject(), household::HEAD, Some(link));
            }
        }
        self.draft.finish()
    }

    fn welcome(&mut self, id: PersonId, entry: &mut Entry, dossier: Option<&Dossier>) {
        for claim in entry
            .claims
            .iter()
            .filter(|claim| claim.field.table == Table::Person)
        {
            self.set(id.subject(), claim.field.number, claim.value.clone());
        }
        if let Some(year) = entry.age.filter(|_| entry.birth().is_none()) {
            self.set(id.subject(), person::BIRTH, Value::Date(year));
        }
        self.roll.add(id, entry.name(), entry.text(person::ID_NO));
        self.settle(id, entry, dossier);
        self.say(id, entry);
        if let Some(dossier) = dossier {
            self.assert(id, dossier);
        }
    }

    /// Someone known: collects what is new and what contradicts, and touches nothing unless all
    /// is well.
    fn meet(&mut self, id: PersonId, entry: &mut Entry, dossier: Option<&Dossier>) -> Verdict {
        let household = self.household(id);
        let mut sets = Vec::new();
        let mut clashes = Vec::new();
        for claim in &entry.claims {
            let Some(subject) = self.subject(claim.field.table, id, household) else {
                continue;
            };
            let is_name = subject.table == Table::Person && claim.field.number == person::NAME;
            if !is_name {
                self.weigh(subject, claim, &mut sets, &mut clashes);
            }
        }
        self.weigh_age(id, entry, &mut sets, &mut clashes);
        let moves = household.is_some_and(|one| self.weigh_home(one, entry, &mut clashes));
        self.weigh_categories(id, entry, &mut clashes);
        if !clashes.is_empty() {
            self.homes.pass(household);
            return Verdict::Conflict(clashes);
        }
        let mut changed = !sets.is_empty() || moves;
        for (subject, field, value) in sets {
            self.set(subject, field, value);
        }
        if let Some(dossier) = dossier {
            self.renamed.insert(dossier.person.0, id);
        }
        match household {
            Some(household) => {
                if moves {
                    self.relocate(household, &entry.address);
                }
                self.homes.pass(Some(household));
                changed |= self.homes.crown(&mut self.draft, household, id, entry);
            }
            None => changed |= self.settle(id, entry, dossier),
        }
        self.roll.add(id, entry.name(), entry.text(person::ID_NO));
        changed |= self.say(id, entry);
        changed |= dossier.is_some_and(|dossier| self.assert(id, dossier));
        if changed {
            Verdict::Updated
        } else {
            Verdict::Same
        }
    }

    fn weigh(
        &self,
        subject: Subject,
        claim: &Claim,
        sets: &mut Vec<(Subject, FieldNo, Value)>,
        clashes: &mut Vec<Clash>,
    ) {
        let (field, theirs) = (claim.field, &claim.value);
        let ours = self.draft.get(subject, field.number);
        match (merge(field, ours, theirs), claim.weight, ours) {
            (Outcome::Set(value), Weight::Said, _) | (Outcome::Set(value), _, None) => {
                sets.push((subject, field.number, value));
            }
            (Outcome::Clash, Weight::Said, Some(ours)) => clashes.push((
                field,
                field.show(ours, Lang::Zh),
                field.show(theirs, Lang::Zh),
            )),
            (Outcome::Same | Outcome::Set(_) | Outcome::Clash, ..) => {}
        }
    }

    fn weigh_age(
        &self,
        id: PersonId,
        entry: &Entry,
        sets: &mut Vec<(Subject, FieldNo, Value)>,
        clashes: &mut Vec<Clash>,
    ) {
        let Some(year) = entry.age.filter(|_| entry.birth().is_none()) else {
            return;
        };
        match self.draft.get(id.subject(), person::BIRTH) {
            None => sets.push((id.subject(), person::BIRTH, Value::Date(year))),
            Some(Value::Date(ours)) if ours.year().abs_diff(year.year()) > 1 => {
                clashes.extend(clash(Table::Person, person::BIRTH, ours, &year));
            }
            Some(_) => {}
        }
    }

    /// Weighs address and head. Returns whether the household's place becomes known, or better.
    fn weigh_home(&self, household: HouseholdId, entry: &Entry, clashes: &mut Vec<Clash>) -> bool {
        if let (Some(theirs), Some(ours)) =
            (&entry.head, self.homes.head_of(&self.draft, household))
            && ours != normal(theirs)
        {
            clashes.extend(clash(Table::Household, household::HEAD, &ours, theirs));
        }
        if entry.address.is_empty() {
            return false;
        }
        let Some(dwelling) = home::dwelling_of(&self.draft, household.0) else {
            return true;
        };
        let ours = home::address_of(&self.draft, dwelling);
        let pairs = || {
            home::parts(&ours)
                .into_iter()
                .zip(home::parts(&entry.address))
                .take(4)
        };
        let differs = pairs().any(|((_, ours), (_, theirs))| {
            matches!((ours, theirs), (Some(ours), Some(theirs)) if normal(&ours) != normal(&theirs))
        });
        let is_text_only =
            pairs().all(|((_, ours), (_, theirs))| ours.is_none() && theirs.is_none());
        let texts_differ = is_text_only && !home::same_place(&ours, &entry.address);
        if differs || texts_differ {
            let field = household::ADDRESS_TEXT;
            clashes.extend(clash(Table::Dwelling, field, &ours, &entry.address));
            return false;
        }
        pairs().any(|((_, ours), (_, theirs))| ours.is_none() && theirs.is_some())
    }

    fn weigh_categories(&self, id: PersonId, entry: &Entry, clashes: &mut Vec<Clash>) {
        for code in &entry.categories {
            let declined = self.stands(id, code, Status::Declined).then(|| {
                let status = field::of(Table::Assertion, assertion::STATUS);
                let declined = Value::Code(Status::Declined.code().into());
                status.map_or_else(String::new, |status| status.show(&declined, Lang::Zh))
            });
            let ours =
                declined.or_else(|| self.excluding(id, code).map(|other| self.called(&other)));
            if let Some(ours) = ours {
                let theirs = self.called(code);
                clashes.extend(clash(Table::Assertion, assertion::CATEGORY, &ours, &theirs));
            }
        }
    }

    /// Gives a person a household, with what the row says of it. Returns whether there is one.
    fn settle(&mut self, id: PersonId, entry: &mut Entry, dossier: Option<&Dossier>) -> bool {
        let household = match dossier {
            Some(dossier) => self.adopt(id, dossier),
            None => self.homes.place(&mut self.draft, id, entry, self.mint),
        };
        let Some(household) = household else {
            return false;
        };
        let (mut sets, mut clashes) = (Vec::new(), Vec::new());
        for claim in &entry.claims {
            let subject = self.subject(claim.field.table, id, Some(household));
            if let Some(subject) = subject.filter(|subject| subject.table != Table::Person) {
                self.weigh(subject, claim, &mut sets, &mut clashes);
            }
        }
        for (subject, field, value) in sets {
            self.set(subject, field, value);
        }
        let is_new_place = self.weigh_home(household, entry, &mut clashes);
        if is_new_place {
            self.relocate(household, &entry.address);
        }
        for (field, ours, theirs) in clashes {
            let said = Trouble::Household(ours).say(Lang::Zh);
            entry.problems.push((field.zh.to_owned(), theirs, said));
        }
        if dossier.is_none() {
            self.homes.crown(&mut self.draft, household, id, entry);
        }
        true
    }

    fn relocate(&mut self, household: HouseholdId, address: &Address) {
        let dwelling = self.homes.dwelling(&mut self.draft, address, self.mint);
        self.set(
            household.subject(),
            household::DWELLING,
            Value::Link(dwelling.0),
        );
        self.homes.know(&self.draft, household);
    }

    /// Takes over the household and dwelling that came with their own ids.
    fn adopt(&mut self, id: PersonId, dossier: &Dossier) -> Option<HouseholdId> {
        let household = dossier.household.as_ref()?;
        let records = [Some(household), dossier.dwelling.as_ref()];
        for (subject, fields) in records.into_iter().flatten() {
            if self.draft.book().record(*subject).is_some() || !self.adopted.insert(*subject) {
                continue;
            }
            for (field, value) in fields {
                let is_head = subject.table == Table::Household && *field == household::HEAD;
                if let (Value::Link(head), true) = (value, is_head) {
                    self.heads.push((HouseholdId(subject.id), *head));
                } else {
                    self.set(*subject, *field, value.clone());
                }
            }
        }
        let household = HouseholdId(household.0.id);
        self.set(id.subject(), person::HOUSEHOLD, Value::Link(household.0));
        self.homes.know(&self.draft, household);
        Some(household)
    }

    /// Takes over the assertions that came with their own ids. Returns whether any was new.
    fn assert(&mut self, id: PersonId, dossier: &Dossier) -> bool {
        let mut any = false;
        for (subject, fields) in &dossier.assertions {
            if self.draft.book().record(*subject).is_some() || !self.adopted.insert(*subject) {
                continue;
            }
            any = true;
            self.set(*subject, assertion::PERSON, Value::Link(id.0));
            for (field, value) in fields
                .iter()
                .filter(|(field, _)| *field != assertion::PERSON)
            {
                self.set(*subject, *field, value.clone());
            }
        }
        any
    }

    /// Puts someone in the entry's categories. Returns whether any is new.
    fn say(&mut self, id: PersonId, entry: &mut Entry) -> bool {
        let mut any = false;
        for code in std::mem::take(&mut entry.categories) {
            if self.stands(id, &code, Status::Confirmed) {
                continue;
            }
            if let Some(other) = self.excluding(id, &code) {
                let trouble = Trouble::Exclusive(self.called(&other)).say(Lang::Zh);
                entry
                    .problems
                    .push(("类别".into(), self.called(&code), trouble));
                continue;
            }
            let saying = Saying {
                category: &code,
                status: Status::Confirmed,
                since: self.today,
                evidence: Some(self.file),
                source: SOURCE,
            };
            classify::say(&mut self.draft, id, &saying, self.mint);
            self.said.entry(id).or_default().push(code);
            any = true;
        }
        any
    }

    /// Whether an assertion of this status stands, or an earlier row made it.
    fn stands(&self, id: PersonId, code: &CategoryCode, status: Status) -> bool {
        let said = self.said.get(&id).is_some_and(|said| said.contains(code));
        (said && status == Status::Confirmed)
            || self
                .draft
                .book()
                .assertions(id)
                .any(|one| one.is_about(code) && one.status() == status && one.to().is_none())
    }

    /// A category that stands and excludes this one.
    fn excluding(&self, id: PersonId, code: &CategoryCode) -> Option<CategoryCode> {
        let book = self.draft.book();
        let group = book.category(code)?.exclusive()?;
        let standing = book
            .assertions(id)
            .filter(|one| one.to().is_none() && one.status() == Status::Confirmed)
            .filter_map(assertion::Assertion::category);
        let said = self.said.get(&id).into_iter().flatten().cloned();
        standing.chain(said).find(|other| {
            other != code && book.category(other).and_then(|other| other.exclusive()) == Some(group)
        })
    }

    fn called(&self, code: &CategoryCode) -> String {
        let category = self.draft.book().category(code);
        category.map_or_else(|| code.0.clone(), |one| one.name(Lang::Zh).to_owned())
    }

    fn household(&self, id: PersonId) -> Option<HouseholdId> {
        match self.draft.get(id.subject(), person::HOUSEHOLD) {
            Some(Value::Link(household)) => Some(HouseholdId(*household)),
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
            Table::Assertion | Table::Category | Table::View | Table::Setting => None,
        }
    }

    fn set(&mut self, subject: Subject, field: FieldNo, value: Value) {
        self.draft.set(subject, field, Some(value));
    }
}

fn clash(
    table: Table,
    number: FieldNo,
    ours: &dyn std::fmt::Display,
    theirs: &dyn std::fmt::Display,
) -> Option<Clash> {
    field::of(table, number).map(|field| (field, ours.to_string(), theirs.to_string()))
}
