//! The loop: receive, drain, update, perform effects, draw once.
//!
//! An input thread sends messages into one channel. Everything that is waiting is taken in before
//! one frame is drawn, so a key held down never lags and an input method's burst of characters is
//! one frame. What the register is asked to do is done by a worker thread, to which the register
//! moves and from which it comes back with the answer.
//!
//! Invariant: no frame without a message; the terminal is given back however the program ends.

pub mod clock;

pub mod input;

pub mod pane;

pub mod worker;

pub mod front;

pub mod ledger;

pub mod perform;

pub mod sending;

pub mod session;

pub mod lock;

pub mod probe;

mod morning;

use crate::app::App;
use crate::app::Done;
use crate::app::Effect;
use crate::app::Msg;
use crate::app::Notice as AppNotice;
use crate::app::Say;
use crate::app::Tone;
use crate::app::form::sheet::KEPT;
use crate::app::keymap::KeyFault;
use crate::app::keymap::Keymap;
use crate::app::meter;
use crate::app::past;
use crate::app::stand;
use crate::app::start;
use crate::app::update;
pub use crate::app::welcome::Beginning;
pub use crate::app::welcome::First;
pub use crate::app::welcome::Seal;
use crate::model::Lang;
use crate::register::Register;
use crate::register::RegisterError;
use crate::store::Notice;
use crate::store::Progress;
use crate::store::Stage;
use crate::store::StoreError;
use crate::store::vault::Key;
use crate::term::front::Front;
use crate::term::front::Heard;
use crate::term::lock::Limits;
use crate::term::perform::Desk;
use crate::term::session::Session;
use crate::term::worker::Report;
use crate::ui::Look;
use crate::ui::theme::Theme;
use crate::ui::work::Stop;
use crate::ui::work::Work;
use crate::words::Words;
use std::collections::VecDeque;
use std::io::Stdout;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::channel;

/// How the screens are to be opened.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The language to begin with.
    pub lang: Lang,
    /// The text of the user's own `keys.toml`.
    pub keys: Option<String>,
    /// Whether the terminal should have colours (not under `NO_COLOR`).
    pub colours: bool,
    /// Who works here.
    pub worker: String,
    /// What opens the register, if it is sealed.
    pub key: Option<Key>,
    /// Where a first register will be.
    pub dir: PathBuf,
    /// Where the made-up community will be.
    pub demo_dir: PathBuf,
    /// Whose ledgers are offered: the user's own folder.
    pub home: Option<PathBuf>,
    /// Where this computer notes what it has seen of registers.
    pub seen: PathBuf,
    /// What the screens begin with.
    pub first: First,
    /// When the desk locks itself.
    pub limits: Limits,
    /// Whether it was locked, and is to stand where it stood.
    pub was_locked: bool,
}

/// How the screens were left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// For good.
    Left,
    /// The desk was locked; the language that it spoke.
    Locked(Lang),
    /// A register is to be begun, and the screens opened on it; the language that they spoke.
    Begun(Beginning, Lang),
}

/// Why the screens cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// The terminal said no.
    #[error("the terminal: {0}")]
    Terminal(#[from] std::io::Error),
    /// The register said no.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The worker panicked; the place and its words.
    #[error("a bug: {0}")]
    Bug(String),
}

/// Opens the register of the setup's folder on the screen; where there is none, asks how to begin.
pub fn open(setup: &Setup) -> Result<End, TermError> {
    let (_session, mut front) = enter(setup)?;
    let (keymap, _) = keymap(setup);
    let (dir, worker, key) = (setup.dir.clone(), setup.worker.clone(), setup.key.clone());
    // The list begins in its box, where nothing is done by typing; where the desk was left it may be.
    let stop = if setup.was_locked {
        Stop::Never
    } else {
        Stop::Ahead
    };
    let work = Work::new("work-opening", stop);
    let opened = front.attend(work, (setup.lang, &keymap), move |pulse| {
        Register::open_with(
            &dir,
            &worker,
            clock::now(),
            key,
            &mut |progress: Progress| {
                // Opening cannot be stopped half-way: what it mends, it mends whole.
                let _: ControlFlow<()> = pulse.tell(Report {
                    what: Some(stage(progress.stage)),
                    done: progress.done,
                    total: progress.total.unwrap_or(0),
                });
            },
        )
    })?;
    match opened {
        Ok((mut register, mut notices)) => {
            notices.extend(register.watch(&setup.seen));
            on_register(&mut front, register, &notices, setup)
        }
        Err(RegisterError::Store(StoreError::NotFound(_))) => {
            let place = setup.dir.display().to_string();
            let app = App::first_run(setup.lang, keymap, place);
            run(&mut front, app, Desk::empty(setup.clone()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows a register that is open already.
pub fn show(register: Register, notices: &[Notice], setup: &Setup) -> Result<End, TermError> {
    let (_session, mut front) = enter(setup)?;
    on_register(&mut front, register, notices, setup)
}

fn enter(setup: &Setup) -> Result<(Session, Front<Stdout>), TermError> {
    let theme = if setup.colours {
        Theme::Colours
    } else {
        Theme::Plain
    };
    let (session, pane) = Session::enter()?;
    let (sender, events) = channel();
    input::listen(sender.clone())?;
    let front = Front::new(pane, Look::new(theme), (sender, events));
    Ok((session, front))
}

fn keymap(setup: &Setup) -> (Keymap, Vec<KeyFault>) {
    Keymap::with(setup.keys.as_deref().unwrap_or(""))
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Journal => "work-journal",
        Stage::Checking => "work-checking",
        Stage::Rebuilding => "work-rebuilding",
    }
}

fn on_register(
    front: &mut Front<Stdout>,
    register: Register,
    notices: &[Notice],
    setup: &Setup,
) -> Result<End, TermError> {
    let (keymap, faults) = keymap(setup);
    let mut desk = Desk::open(register, setup.clone());
    let mut app = App::new(desk.index(), setup.lang, keymap);
    app.notice = faults.first().map_or_else(
        || morning::notice(setup, &desk),
        |fault| {
            let (key, args) = fault.say();
            Some(AppNotice::new(Tone::Warn, Say { key, args }))
        },
    );
    for notice in notices {
        hear(&mut app, notice);
    }
    if setup.was_locked {
        desk = match stand_again(front, &mut app, desk)? {
            Next::On(desk) => desk,
            Next::End(end) => return Ok(end),
        };
    }
    let effects = start(&mut app, desk.index(), clock::now(), &setup.first);
    match perform_all(front, &mut app, desk, effects)? {
        Next::On(desk) => run(front, app, desk),
        Next::End(end) => Ok(end),
    }
}

/// Puts the screens where they stood when the desk was locked.
fn stand_again(
    front: &mut Front<Stdout>,
    app: &mut App,
    mut desk: Desk,
) -> Result<Next, TermError> {
    let Ok(Done::Kept(_, Some(bytes))) = desk.kept(stand::KEPT) else {
        return Ok(Next::On(desk));
    };
    // It is of no use a second time.
    drop(desk.lock(vec![]));
    desk.worker().clone_into(&mut app.worker);
    let effects = stand::resume(app, desk.index(), clock::now(), &bytes);
    perform_all(front, app, desk, effects)
}

/// Says what the store mended or found.
fn hear(app: &mut App, notice: &Notice) {
    app.notice = Some(AppNotice::new(
        Tone::Warn,
        perform::mended(notice, &Words::new(app.lang)),
    ));
    if let Notice::Damaged { commits, .. } = notice {
        app.read_only = Some(commits.clone());
    }
}

/// The loop, until the program is asked to end.
pub fn run<W: Write>(front: &mut Front<W>, mut app: App, mut desk: Desk) -> Result<End, TermError> {
    desk.worker().clone_into(&mut app.worker);
    app.looks = desk.looks(clock::now());
    // A form that was left half filled is there again, for whoever may fill it in; and what was
    // searched for.
    let may_fill = desk.index().role().alters();
    let kept = [past::KEPT, meter::KEPT].into_iter();
    for name in kept.chain(may_fill.then_some(KEPT)) {
        if let Ok(left) = desk.kept(name) {
            desk = match take_in(front, &mut app, desk, Msg::Done(left))? {
                Next::On(desk) => desk,
                Next::End(end) => return Ok(end),
            };
        }
    }
    while !front.is_leaving() {
        front.show(&mut app, desk.index())?;
        if let Some(slowest) = app.meter.news() {
            desk.keep(meter::KEPT, slowest);
        }
        let limit = if desk.is_sealed() {
            desk.limits().of(&app)
        } else {
            None
        };
        if front.receive(app.revealed.is_some(), limit) == Heard::Nobody
            && let Some(end) = lock(&mut app, &mut desk)
        {
            return Ok(end);
        }
        while let Some(msg) = front.take() {
            desk = match take_in(front, &mut app, desk, msg)? {
                Next::On(desk) => desk,
                Next::End(end) => return Ok(end),
            };
        }
        if let Err(say) = desk.settle() {
            app.notice = Some(AppNotice::new(Tone::Bad, say));
        }
        for notice in desk.news() {
            hear(&mut app, &notice);
        }
    }
    Ok(End::Left)
}

/// What comes after a message.
#[expect(
    clippy::large_enum_variant,
    reason = "a desk is moved once a message and never stored so"
)]
enum Next {
    /// The desk again.
    On(Desk),
    /// The screens are left.
    End(End),
}

/// Locks the desk, when there is a passphrase to unlock it with and what is half done is kept.
fn lock(app: &mut App, desk: &mut Desk) -> Option<End> {
    if !desk.is_sealed() {
        app.notice = Some(AppNotice::new(Tone::Warn, Say::plain("lock-open")));
        return None;
    }
    match desk.lock(stand::note(app, desk.index())) {
        Ok(()) => Some(End::Locked(app.lang)),
        Err(say) => {
            app.notice = Some(AppNotice::new(Tone::Bad, say));
            None
        }
    }
}

/// One message and everything that follows from it.
fn take_in<W: Write>(
    front: &mut Front<W>,
    app: &mut App,
    mut desk: Desk,
    msg: Msg,
) -> Result<Next, TermError> {
    let now = clock::now();
    desk.turn(now);
    let effects = update(app, desk.index(), now, msg);
    perform_all(front, app, desk, effects)
}

/// Does what the screens asked for, and everything that follows from it.
fn perform_all<W: Write>(
    front: &mut Front<W>,
    app: &mut App,
    mut desk: Desk,
    effects: Vec<Effect>,
) -> Result<Next, TermError> {
    let (mut effects, mut waiting) = (effects, VecDeque::new());
    loop {
        for effect in effects {
            #[expect(clippy::wildcard_enum_match_arm, reason = "the desk does the others")]
            let effect = match effect {
                Effect::Quit => return Ok(Next::End(End::Left)),
                Effect::Begin(how) => return Ok(Next::End(End::Begun(how, app.lang))),
                Effect::Lock => match lock(app, &mut desk) {
                    Some(end) => return Ok(Next::End(end)),
                    None => continue,
                },
                effect => effect,
            };
            let (lang, now, work) = (app.lang, clock::now(), perform::work(&effect));
            let done = front.attend(work, (lang, &app.keymap), move |pulse| {
                let mut watch = |done, total| {
                    pulse.tell(Report {
                        what: None,
                        done,
                        total,
                    })
                };
                let msg = desk.perform(effect, now, lang, &mut watch);
                (desk, msg)
            })?;
            desk = done.0;
            waiting.push_back(done.1);
        }
        let Some(msg) = waiting.pop_front() else {
            return Ok(Next::On(desk));
        };
        let now = clock::now();
        desk.turn(now);
        effects = update(app, desk.index(), now, msg);
    }
}
