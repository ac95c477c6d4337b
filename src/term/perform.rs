//! Effects to deeds: the only place where a screen's wish meets register, ledgers and files.
//!
//! Invariant: every effect is answered by exactly one message; a deed that failed altered nothing.

use crate::app::Done;
use crate::app::Effect;
use crate::app::Msg;
use crate::app::Say;
use crate::app::form;
use crate::app::import::Decision;
use crate::app::meter;
use crate::app::past;
use crate::app::reveal;
use crate::app::round;
use crate::app::sort;
use crate::app::stand;
use crate::demo;
use crate::demo::Recipe;
use crate::exchange::ExchangeError;
use crate::exchange::Watch;
use crate::exchange::rejects::Back;
use crate::exchange::shelf;
use crate::index::Index;
use crate::index::Standing;
use crate::model::Lang;
use crate::model::book::Book;
use crate::model::change::Act;
use crate::model::date::Now;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::register::Register;
use crate::register::RegisterError;
use crate::store::Notice;
use crate::store::Reason;
use crate::store::StoreError;
use crate::term::Setup;
use crate::term::clock;
use crate::term::ledger::Ledger;
use crate::term::lock::Limits;
use crate::term::sending::export;
use crate::ui::work::Stop;
use crate::ui::work::Work;
use crate::words::Arg;
use crate::words::Words;
use std::collections::BTreeMap;
use std::path::Path;

/// How many residents the first run's community has.
const DEMO: Recipe = Recipe {
    residents: 3_000,
    seed: 1,
};

/// How much of a person's history a card shows.
const HISTORY: usize = 50;

/// The names of all that a desk keeps.
pub const KEPT: [&str; 6] = [
    form::sheet::KEPT,
    sort::KEPT,
    round::KEPT,
    stand::KEPT,
    past::KEPT,
    meter::KEPT,
];

/// The register on the desk, or the empty desk of the first run.
pub struct Desk {
    setup: Setup,
    place: Place,
    planned: Option<Ledger>,
    /// What is to be kept before the next frame. Of a burst of keys only the last state counts.
    unkept: BTreeMap<&'static str, Vec<u8>>,
}

/// However the program ends, what was typed is kept.
impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.settle());
    }
}

enum Place {
    Empty(Box<Index>),
    Open(Box<Register>),
}

impl Desk {
    /// A desk with a register on it.
    pub fn open(mut register: Register, setup: Setup) -> Desk {
        register.remember();
        Desk {
            setup,
            place: Place::Open(Box::new(register)),
            planned: None,
            unkept: BTreeMap::new(),
        }
    }

    /// A desk without one.
    pub fn empty(setup: Setup) -> Desk {
        let nobody = Index::build(Book::default(), clock::now().today);
        Desk {
            setup,
            place: Place::Empty(Box::new(nobody)),
            planned: None,
            unkept: BTreeMap::new(),
        }
    }

    /// The register in memory.
    pub fn index(&self) -> &Index {
        match &self.place {
            Place::Empty(index) => index,
            Place::Open(register) => register.index(),
        }
    }

    /// The register on it.
    pub fn register(&self) -> Option<&Register> {
        match &self.place {
            Place::Open(register) => Some(register),
            Place::Empty(_) => None,
        }
    }

    /// Who works here.
    pub fn worker(&self) -> &str {
        &self.setup.worker
    }

    /// Whether the register is sealed, so that locking keeps anybody out.
    pub fn is_sealed(&self) -> bool {
        match &self.place {
            Place::Open(register) => register.is_sealed(),
            Place::Empty(_) => false,
        }
    }

    /// When the desk locks itself.
    pub fn limits(&self) -> Limits {
        self.setup.limits
    }

    /// Keeps where the screens stand, and all that was to be kept, before the desk is locked.
    pub fn lock(&mut self, stand: Vec<u8>) -> Result<(), Say> {
        self.unkept.insert(stand::KEPT, stand);
        self.settle()
    }

    /// When the worker revealed masked values lately, in milliseconds since 1970.
    pub fn looks(&self, now: Now) -> Vec<u64> {
        let since = now.milliseconds.saturating_sub(reveal::SPAN);
        match &self.place {
            Place::Open(register) => register.looks_since(since).unwrap_or_default(),
            Place::Empty(_) => Vec::new(),
        }
    }

    /// Moves on to another day.
    pub fn turn(&mut self, now: Now) {
        if let Place::Open(register) = &mut self.place
            && register.index().today() != now.today
        {
            register.turn(now);
        }
    }

    /// What the store mended or found since it was last asked.
    pub fn news(&mut self) -> Vec<Notice> {
        match &mut self.place {
            Place::Open(register) => register.notices(),
            Place::Empty(_) => Vec::new(),
        }
    }

    /// Has on the disk what was to be kept, and only there what nobody looks at. What is on screen
    /// has been kept when this comes first.
    pub fn settle(&mut self) -> Result<(), Say> {
        let unkept = std::mem::take(&mut self.unkept);
        let Place::Open(register) = &mut self.place else {
            return Ok(());
        };
        register.rest();
        for (name, bytes) in unkept {
            let kept = register.keep(name, &bytes).map_err(RegisterError::from);
            kept.map_err(|error| failed(&error, self.setup.lang))?;
        }
        Ok(())
    }

    /// Does what a screen asked for.
    pub fn perform(&mut self, effect: Effect, now: Now, lang: Lang, watch: &mut Watch<'_>) -> Msg {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others need a register")]
        let done = match effect {
            Effect::Look(typed) => {
                let offers = shelf::offers(&typed, self.setup.home.as_deref());
                Ok(Done::Looked(typed, offers))
            }
            Effect::Plan(path) => self.plan(&path, now, lang, watch),
            Effect::Judge(decision) => self.judge(decision, now, lang, watch),
            Effect::TakeIn => self.take_in(now, lang, watch),
            Effect::Demo => self.demo(now),
            Effect::Quit | Effect::Lock | Effect::Begin(_) => return Msg::Tick,
            Effect::Keep(name, bytes) => {
                self.keep(name, bytes);
                Ok(Done::Kept(name, None))
            }
            Effect::Kept(name) => self.kept(name),
            effect => match &mut self.place {
                Place::Open(register) => on_register(register, effect, now, lang),
                Place::Empty(_) => return Msg::Tick,
            },
        };
        match done {
            Ok(done) => Msg::Done(done),
            Err(say) => Msg::Failed(say),
        }
    }

    /// Has a small thing kept before the next frame.
    pub fn keep(&mut self, name: &'static str, bytes: Vec<u8>) {
        self.unkept.insert(name, bytes);
    }

    /// What was kept under a name, with what is still to be kept there.
    pub fn kept(&mut self, name: &'static str) -> Result<Done, Say> {
        self.settle()?;
        let kept = match &self.place {
            Place::Open(register) => register.kept(name),
            Place::Empty(_) => None,
        };
        Ok(Done::Kept(name, kept))
    }

    fn plan(
        &mut self,
        path: &str,
        now: Now,
        lang: Lang,
        watch: &mut Watch<'_>,
    ) -> Result<Done, Say> {
        let path = shelf::meant(path, self.setup.home.as_deref());
        let ledger = match Ledger::read(&path, self.index(), now, watch) {
            Ok(ledger) => ledger,
            Err(error) => return unplanned(&error, lang),
        };
        let outlook = ledger.outlook(lang);
        self.planned = Some(ledger);
        Ok(Done::Planned(outlook))
    }

    fn judge(
        &mut self,
        decision: Decision,
        now: Now,
        lang: Lang,
        watch: &mut Watch<'_>,
    ) -> Result<Done, Say> {
        let Some(mut ledger) = self.planned.take() else {
            return Err(Say::plain("import-nothing"));
        };
        let judged = ledger.decide(decision, self.index(), now, watch);
        let outlook = ledger.outlook(lang);
        self.planned = Some(ledger);
        match judged {
            Ok(()) => Ok(Done::Planned(outlook)),
            Err(error) => unplanned(&error, lang),
        }
    }

    fn take_in(&mut self, now: Now, lang: Lang, watch: &mut Watch<'_>) -> Result<Done, Say> {
        let Some(mut ledger) = self.planned.take() else {
            return Err(Say::plain("import-nothing"));
        };
        let done = self.commit(&mut ledger, now, lang);
        // Its changes went with the attempt.
        if done.is_err() && ledger.judge_again(self.index(), now, watch).is_ok() {
            self.planned = Some(ledger);
        }
        done
    }

    fn commit(&mut self, ledger: &mut Ledger, now: Now, lang: Lang) -> Result<Done, Say> {
        let Place::Open(register) = &mut self.place else {
            return Err(Say::plain("import-nothing"));
        };
        let rejects = Back::of(&ledger.plan)
            .write(&ledger.path)
            .map_err(|error| exchange_failed(&error, lang))?;
        let commit = register
            .commit(
                ledger.plan.act(),
                std::mem::take(&mut ledger.plan.changes),
                now,
            )
            .map_err(|error| failed(&error, lang))?;
        Ok(Done::Imported(
            commit,
            rejects.map(|path| path.display().to_string()),
        ))
    }

    /// Opens the made-up community, which is made first. It holds nobody's data and is not sealed.
    fn demo(&mut self, now: Now) -> Result<Done, Say> {
        let dir = &self.setup.demo_dir;
        let register = community(dir, &self.setup.worker, now)
            .map_err(|error| failed(&error, self.setup.lang))?;
        let say = Say::with("notice-started", [("dir", dir.display().to_string())]);
        self.place = Place::Open(Box::new(register));
        Ok(Done::Started(say))
    }
}

/// The register of the made-up community, as it was left or new.
fn community(dir: &Path, worker: &str, now: Now) -> Result<Register, RegisterError> {
    let mut register = if Register::is_in(dir) {
        Register::open(dir, worker, now, &mut |_| {})?.0
    } else {
        Register::create(dir, worker, now)?
    };
    if register.index().book().population() > 0 {
        return Ok(register);
    }
    let mut mint = register.mint(now);
    let changes = demo::community(DEMO, register.index().book(), now.today, &mut mint);
    let act = Act::Demo {
        residents: DEMO.residents as u64,
        seed: DEMO.seed,
    };
    register.commit(act, changes, now)?;
    Ok(register)
}

/// What the box says while an effect is being done. Only what writes nothing can be stopped.
pub fn work(effect: &Effect) -> Work {
    let (what, stop) = match effect {
        Effect::Commit(..) | Effect::Keep(..) | Effect::Kept(_) => ("work-saving", Stop::Never),
        Effect::Undo(_) | Effect::Part(_) => ("work-undoing", Stop::Never),
        Effect::History(_) | Effect::Looks(_) => ("work-history", Stop::Never),
        Effect::Look(_) => ("work-looking", Stop::Never),
        Effect::Plan(_) | Effect::Judge(_) => ("work-planning", Stop::Offered),
        Effect::TakeIn => ("work-importing", Stop::Never),
        Effect::Export(..) => ("work-exporting", Stop::Never),
        Effect::Demo | Effect::Begin(_) | Effect::Quit | Effect::Lock => {
            ("work-starting", Stop::Never)
        }
    };
    Work::new(what, stop)
}

fn on_register(register: &mut Register, effect: Effect, now: Now, lang: Lang) -> Result<Done, Say> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the desk has done the others"
    )]
    let done = match effect {
        Effect::Commit(act, changes) => register.commit(act, changes, now).map(Done::Committed),
        Effect::Part(goes) => register.part(goes, now).map(Done::Committed),
        Effect::Undo(Some(id)) => undo(register, id, now),
        Effect::Undo(None) => match register.last_undoable() {
            Ok(Some(commit)) => undo(register, commit.id, now),
            Ok(None) => return Err(Say::plain("nothing-to-undo")),
            Err(error) => Err(error),
        },
        Effect::History(person) => register
            .story(person, HISTORY)
            .map(|commits| Done::History(person, commits)),
        Effect::Looks(person) => register
            .looks(person, HISTORY)
            .map(|commits| Done::Looks(person, commits)),
        Effect::Export(out, people) => return export(register, &out, people, now, lang),
        _ => return Err(Say::plain("nothing-done")),
    };
    done.map_err(|error| failed(&error, lang))
}

/// Takes a commit back; tells whom that leaves as they are.
fn undo(register: &mut Register, id: CommitId, now: Now) -> Result<Done, RegisterError> {
    let undone = register.undo(id, now)?;
    let left = register.left_by(&undone)?;
    Ok(Done::Undone(undone, left))
}

fn unplanned(error: &ExchangeError, lang: Lang) -> Result<Done, Say> {
    if let ExchangeError::Cancelled = error {
        return Ok(Done::Cancelled);
    }
    Err(exchange_failed(error, lang))
}

/// The names of the categories that a person is in.
pub(crate) fn names(index: &Index, person: PersonId, lang: Lang) -> Vec<String> {
    let standings: Vec<Standing> = index.standings(person);
    let inside = standings
        .iter()
        .filter(|one| index.is_in(person, &one.code));
    let category = |one: &Standing| index.book().category(&one.code);
    inside
        .filter_map(|one| Some(category(one)?.name(lang).to_owned()))
        .collect()
}

/// A reason of the store in words.
pub fn reason(why: &Reason, words: &Words) -> String {
    let (key, args) = why.say();
    let mut args: Vec<(&str, Arg)> = args
        .into_iter()
        .map(|(name, text)| (name, text.into()))
        .collect();
    args.extend(why.within().map(|why| ("why", reason(why, words).into())));
    words.tell(key, &args)
}

/// What opening mended, in words.
pub fn mended(notice: &Notice, words: &Words) -> Say {
    let why = |why: &Reason| [("why", reason(why, words))];
    match notice {
        Notice::TornTail { bytes } => Say::with("store-torn", [("bytes", bytes.to_string())]),
        Notice::Rebuilt { why: it } => Say::with("store-rebuilt", why(it)),
        Notice::Damaged { commits, file } => Say::with(
            "store-damaged",
            [("commits", commits.clone()), ("file", file.clone())],
        ),
        Notice::Older { seen, last } => Say::with(
            "store-older",
            [("seen", seen.to_string()), ("last", last.to_string())],
        ),
        Notice::Reread { why: it } => Say::with("store-reread", why(it)),
        Notice::Unread { why: it } => Say::with("store-unread", why(it)),
        Notice::WithoutSled { why: it } => Say::with("store-without", why(it)),
    }
}

pub(crate) fn failed(error: &RegisterError, lang: Lang) -> Say {
    let words = |why: &Reason| reason(why, &Words::new(lang));
    match error {
        RegisterError::Store(StoreError::ReadOnly { why }) => {
            Say::with("failed-read-only", [("why", words(why))])
        }
        RegisterError::Store(StoreError::Damaged { path, what }) => Say::with(
            "failed-damaged",
            [("path", path.display().to_string()), ("why", words(what))],
        ),
        RegisterError::Store(StoreError::Locked { holder: Some(who) }) => Say::with(
            "cli-fault-locked-by",
            [
                ("process", who.process.clone()),
                ("host", who.host.clone()),
                ("since", who.since.clone()),
            ],
        ),
        RegisterError::Store(StoreError::Locked { holder: None }) => Say::plain("cli-fault-locked"),
        RegisterError::Store(StoreError::Disk { path, source, .. }) => Say::with(
            "failed-disk",
            [
                ("path", path.display().to_string()),
                ("why", source.to_string()),
            ],
        ),
        RegisterError::Store(StoreError::Key(fault)) => {
            let (key, args) = fault.say();
            Say { key, args }
        }
        RegisterError::Store(StoreError::Backup(fault)) => {
            let (key, args) = fault.say();
            Say { key, args }
        }
        RegisterError::Stale(_) => Say::plain("failed-stale"),
        RegisterError::NothingToUndo(_) => Say::plain("nothing-to-undo"),
        RegisterError::Overtaken { by, .. } => Say::with("failed-overtaken", [("by", by.clone())]),
        RegisterError::Store(_) | RegisterError::NoCommit(_) | RegisterError::Seed(_) => {
            Say::with("failed", [("why", error.to_string())])
        }
    }
}

pub(crate) fn exchange_failed(error: &ExchangeError, lang: Lang) -> Say {
    Say::with("failed", [("why", error.say(lang))])
}
