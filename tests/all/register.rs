//! Acts, undo and history through the register, and what is left of them after a restart.

use crate::rig::moment;
use jumin::model::change::Act;
use jumin::model::change::Change;
use jumin::model::change::Commit;
use jumin::model::draft::Draft;
use jumin::model::field::FieldNo;
use jumin::model::household;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::CommitId;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::ReplicaId;
use jumin::model::ids::Subject;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::model::visit;
use jumin::register::Register;
use jumin::register::RegisterError;
use jumin::store::Store;
use jumin::store::StoreError;
use std::collections::HashSet;
use std::path::Path;

/// A register under test; its clock ticks with every act.
struct Office {
    register: Option<Register>,
    dir: tempfile::TempDir,
    step: u64,
}

impl Office {
    fn new() -> Office {
        let dir = tempfile::tempdir().unwrap();
        let register = Register::create(dir.path(), "王芳", moment(0)).unwrap();
        Office {
            register: Some(register),
            dir,
            step: 0,
        }
    }

    fn register(&mut self) -> &mut Register {
        self.register.as_mut().unwrap()
    }

    fn now(&mut self) -> jumin::model::date::Now {
        self.step += 1;
        moment(self.step)
    }

    fn reopen(&mut self) {
        self.register = None;
        let now = self.now();
        let (register, notices) =
            Register::open(self.dir.path(), "王芳", now, &mut |_| {}).unwrap();
        assert_eq!(notices, []);
        self.register = Some(register);
    }

    fn commit(&mut self, act: Act, changes: Vec<Change>) -> Commit {
        let now = self.now();
        self.register().commit(act, changes, now).unwrap()
    }

    fn undo(&mut self, id: CommitId) -> Result<Commit, RegisterError> {
        let now = self.now();
        self.register().undo(id, now)
    }

    /// Sets a text field of a record, as an edit of its own.
    fn set(&mut self, subject: Subject, field: FieldNo, text: &str) -> Commit {
        let mut draft = Draft::new(self.register().index().book());
        draft.set(subject, field, Some(Value::Text(text.into())));
        let changes = draft.finish();
        self.commit(Act::Edit, changes)
    }

    fn newcomer(&mut self, name: &str) -> PersonId {
        let now = self.now();
        let id = self.register().mint(now).person();
        self.set(id.subject(), person::NAME, name);
        id
    }

    fn text(&mut self, subject: Subject, field: FieldNo) -> Option<String> {
        let record = self.register().index().book().record(subject)?;
        record.text(field).map(str::to_owned)
    }

    fn last_undoable(&mut self) -> Option<CommitId> {
        let last = self.register().last_undoable().unwrap();
        last.map(|commit| commit.id)
    }

    fn assert_clean(&mut self) {
        let findings = self.register().check();
        let whats: Vec<_> = findings.iter().map(|one| one.what).collect();
        assert_eq!(whats, ["journal", "checkpoints", "sled", "memory", "index"]);
        assert!(
            findings.iter().all(|one| one.fault.is_none()),
            "{findings:?}"
        );
    }
}

#[test]
fn a_making_that_was_cut_short_is_finished_when_it_opens() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("register");
    let replica = ReplicaId(Mint::new(1, 1).uuid());
    drop(Store::create(&dir, replica).unwrap());
    let (register, _) = Register::open(&dir, "王芳", moment(1), &mut |_| {}).unwrap();
    assert!(!register.index().book().categories().is_empty());
    drop(register);
    let (register, _) = Register::open(&dir, "王芳", moment(2), &mut |_| {}).unwrap();
    assert_eq!(
        register.log(None, 9).unwrap().len(),
        1,
        "it was finished twice"
    );
}

#[test]
fn a_new_register_holds_the_seeds_and_nothing_to_undo() {
    let mut office = Office::new();
    let e6 = CategoryCode("E6".into());
    assert!(office.register().index().book().category(&e6).is_some());
    assert_eq!(office.last_undoable(), None);
    let log = office.register().log(None, 10).unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].act, Act::Init);
    let refused = office.undo(log[0].id);
    assert!(
        matches!(refused, Err(RegisterError::NothingToUndo(_))),
        "{refused:?}"
    );
    office.assert_clean();
}

#[test]
fn commits_are_numbered_stamped_and_named_apart() {
    let mut office = Office::new();
    let before = office.register().log(None, 1).unwrap().remove(0);
    // Two acts of one moment, and one whose clock has run back.
    let (later, earlier) = (moment(500), moment(1));
    let mut all = vec![before];
    for now in [later, later, earlier] {
        let next = office.register().commit(Act::Setting, vec![], now).unwrap();
        all.push(next);
    }
    let ids: HashSet<_> = all.iter().map(|commit| commit.id).collect();
    assert_eq!(ids.len(), 4);
    for pair in all.windows(2) {
        assert_eq!(pair[1].number, pair[0].number + 1);
        assert!(pair[1].stamp > pair[0].stamp);
        assert_eq!(pair[1].replica, pair[0].replica);
        assert_eq!(pair[1].worker, "王芳");
    }
}

#[test]
fn a_stale_draft_is_refused_and_nothing_is_altered() {
    let mut office = Office::new();
    let li = office.newcomer("李强").subject();
    let stale = Change {
        subject: li,
        field: person::NAME,
        old: Some(Value::Text("李刚".into())),
        new: Some(Value::Text("李勇".into())),
    };
    let now = office.now();
    let refused = office.register().commit(Act::Edit, vec![stale], now);
    assert!(
        matches!(refused, Err(RegisterError::Stale(_))),
        "{refused:?}"
    );
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李强"));
    assert_eq!(office.register().log(None, 99).unwrap().len(), 2);
}

#[test]
fn an_act_is_taken_back_after_a_restart() {
    let mut office = Office::new();
    let li = office.newcomer("李强").subject();
    let renamed = office.set(li, person::NAME, "李勇");
    office.reopen();
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李勇"));
    assert_eq!(office.last_undoable(), Some(renamed.id));
    let undo = office.undo(renamed.id).unwrap();
    assert_eq!((undo.act, undo.undoes), (Act::Undo, Some(renamed.id)));
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李强"));
    office.reopen();
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李强"));
    let made = office.last_undoable().unwrap();
    office.undo(made).unwrap();
    assert_eq!(office.text(li, person::NAME), None);
    assert_eq!(office.register().index().book().population(), 0);
    assert_eq!(office.last_undoable(), None);
    office.assert_clean();
}

#[test]
fn an_undo_is_undone_and_the_act_stands_again() {
    let mut office = Office::new();
    let li = office.newcomer("李强").subject();
    let renamed = office.set(li, person::NAME, "李勇");
    let undo = office.undo(renamed.id).unwrap();
    let twice = office.undo(renamed.id);
    assert!(
        matches!(twice, Err(RegisterError::NothingToUndo(_))),
        "{twice:?}"
    );
    office.undo(undo.id).unwrap();
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李勇"));
    let again = office.undo(undo.id);
    assert!(
        matches!(again, Err(RegisterError::NothingToUndo(_))),
        "{again:?}"
    );
    assert_eq!(office.last_undoable(), Some(renamed.id));
    office.undo(renamed.id).unwrap();
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李强"));
    office.assert_clean();
}

#[test]
fn an_overtaken_act_names_what_stands_in_the_way() {
    let mut office = Office::new();
    let li = office.newcomer("李强").subject();
    let first = office.set(li, person::NAME, "李勇");
    office.set(li, person::NOTE, "独居");
    let second = office.set(li, person::NAME, "李刚");
    let Err(RegisterError::Overtaken { commit, by }) = office.undo(first.id) else {
        panic!("an overtaken act was taken back");
    };
    assert_eq!((commit, by), (first.id.short(), second.id.short()));
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李刚"));
    office.undo(second.id).unwrap();
    office.undo(first.id).unwrap();
    assert_eq!(office.text(li, person::NAME).as_deref(), Some("李强"));
    assert_eq!(office.text(li, person::NOTE).as_deref(), Some("独居"));
}

#[test]
fn a_look_is_recorded_and_has_nothing_to_undo() {
    let mut office = Office::new();
    let li = office.newcomer("李强");
    let made = office.last_undoable();
    let look = Act::Reveal {
        subject: li.subject(),
        field: person::ID_NO,
    };
    let look = office.commit(look, vec![]);
    assert_eq!(office.last_undoable(), made);
    let refused = office.undo(look.id);
    assert!(
        matches!(refused, Err(RegisterError::NothingToUndo(_))),
        "{refused:?}"
    );
    office.reopen();
    let log = office.register().log(Some(li), 9).unwrap();
    assert_eq!(log.first().map(|commit| commit.id), Some(look.id));
}

#[test]
fn a_commit_is_found_by_its_last_eight_characters_or_more() {
    let mut office = Office::new();
    let li = office.newcomer("李强").subject();
    let renamed = office.set(li, person::NAME, "李勇");
    let whole = renamed.id.0.to_string();
    for name in [renamed.id.short(), whole.clone(), whole.to_uppercase()] {
        assert_eq!(office.register().find(&name).unwrap(), renamed, "{name}");
    }
    for name in ["", "1234567", "zzzzzzzz", "居民"] {
        let refused = office.register().find(name);
        assert!(matches!(refused, Err(RegisterError::NoCommit(_))), "{name}");
    }
}

#[test]
fn the_log_of_a_person_holds_the_household_too() {
    let mut office = Office::new();
    let li = office.newcomer("李强");
    let zhao = office.newcomer("赵敏");
    let now = office.now();
    let home = office.register().mint(now).household();
    office.set(home.subject(), household::NUMBER, "0301");
    let mut draft = Draft::new(office.register().index().book());
    draft.set(li.subject(), person::HOUSEHOLD, Some(Value::Link(home.0)));
    let changes = draft.finish();
    office.commit(Act::Edit, changes);
    let noted = office.set(home.subject(), household::NOTE, "空巢");
    office.set(zhao.subject(), person::NOTE, "党员");
    let log = office.register().log(Some(li), 99).unwrap();
    assert_eq!(log.first().map(|commit| commit.id), Some(noted.id));
    assert_eq!(log.len(), 4);
    assert_eq!(office.register().log(Some(li), 2).unwrap().len(), 2);
    assert_eq!(office.register().log(Some(zhao), 99).unwrap().len(), 2);
    assert_eq!(office.register().log(None, 0).unwrap(), []);
}

#[test]
fn a_register_that_is_there_is_not_made_anew() {
    let office = Office::new();
    let again = Register::create(office.dir.path(), "王芳", moment(9));
    assert!(matches!(
        again,
        Err(RegisterError::Store(StoreError::Exists(_)))
    ));
    let nowhere = Register::open(Path::new("/nowhere/at/all"), "王芳", moment(9), &mut |_| {});
    assert!(matches!(
        nowhere,
        Err(RegisterError::Store(StoreError::NotFound(_)))
    ));
}

/// A household of these people with its dwelling, made in one act.
fn household(draft: &mut Draft<'_>, mint: &mut Mint, names: &[&str]) -> Vec<PersonId> {
    let (dwelling, home) = (mint.dwelling(), mint.household());
    draft.set(
        dwelling.subject(),
        household::ADDRESS_TEXT,
        Some(Value::Text("3-2-501".into())),
    );
    draft.set(
        home.subject(),
        household::DWELLING,
        Some(Value::Link(dwelling.0)),
    );
    let people: Vec<PersonId> = names.iter().map(|_| mint.person()).collect();
    draft.set(
        home.subject(),
        household::HEAD,
        Some(Value::Link(people[0].0)),
    );
    for (id, name) in people.iter().zip(names) {
        draft.set(
            id.subject(),
            person::NAME,
            Some(Value::Text((*name).into())),
        );
        draft.set(id.subject(), person::HOUSEHOLD, Some(Value::Link(home.0)));
    }
    people
}

#[test]
fn a_ledger_is_taken_back_but_for_the_households_that_were_touched_since() {
    let mut office = Office::new();
    let now = office.now();
    let mut mint = office.register().mint(now);
    let mut draft = Draft::new(office.register.as_ref().unwrap().index().book());
    let edited = household(&mut draft, &mut mint, &["赵一", "钱二"]);
    let visited = household(&mut draft, &mut mint, &["孙三"]);
    let idle = household(&mut draft, &mut mint, &["李四", "周五"]);
    let changes = draft.finish();
    let ledger = Act::Ledger {
        file: "a.xlsx".into(),
        sheet: "1".into(),
        tally: Box::default(),
    };
    let import = office.commit(ledger, changes);
    office.set(edited[0].subject(), person::NOTE, "独居");
    let cancelled = office.set(idle[0].subject(), person::NOTE, "空关");
    office.undo(cancelled.id).unwrap();
    let mut draft = Draft::new(office.register.as_ref().unwrap().index().book());
    let call = visit::Call {
        date: jumin::model::date::Date::new(2026, 11, 24).unwrap(),
        time: None,
        worker: "王芳",
        outcome: visit::Outcome::Met,
        verified: false,
        household: None,
        more: &[],
    };
    visit::file(&mut draft, &visited, &call, &mut mint);
    let changes = draft.finish();
    let visit = office.commit(Act::Edit, changes);
    office.reopen();

    let undo = office.undo(import.id).unwrap();
    let mut left: Vec<PersonId> = edited.iter().chain(&visited).copied().collect();
    left.sort_unstable();
    assert_eq!(office.register().left_by(&undo).unwrap(), left);
    let book = office.register().index().book();
    assert!(idle.iter().all(|id| book.person(*id).is_none()));
    assert!(
        left.iter()
            .all(|id| book.person(*id).is_some_and(|one| book.home(one).is_some()))
    );
    assert!(book.visits(visited[0]).count() == 1);
    office.assert_clean();
    // The undo is undone like any other act.
    office.undo(undo.id).unwrap();
    assert!(office.register().index().book().person(idle[0]).is_some());

    // Where everything was touched, nothing is taken back, and what stands in the way is named.
    for id in &idle {
        office.set(id.subject(), person::NOTE, "回访");
    }
    let Err(RegisterError::Overtaken { by, .. }) = office.undo(import.id) else {
        panic!("a ledger was taken back though all of it was touched");
    };
    assert!(by.contains(&visit.id.short()), "{by}");
}
