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

pub mod session;

use crate::app::App;
use crate::app::Effect;
use crate::app::Msg;
use crate::app::Notice as AppNotice;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::door::Door;
use crate::app::form::sheet::KEPT;
use crate::app::keymap::KeyFault;
use crate::app::keymap::Keymap;
use crate::app::meter;
use crate::app::past;
use crate::app::update;
use crate::model::Lang;
use crate::register::Register;
use crate::register::RegisterError;
use crate::store::Notice;
use crate::store::Progress;
use crate::store::Stage;
use crate::store::StoreError;
use crate::store::vault::Key;
use crate::term::front::Front;
use crate::term::perform::Desk;
use crate::term::session::Session;
use crate::term::worker::Report;
use crate::ui::Look;
use crate::ui::theme::Theme;
use crate::ui::work::Stop;
use crate::ui::work::Work;
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
    /// What is typed in the box at a door, when that is the first screen.
    pub door: Option<String>,
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
pub fn open(setup: &Setup) -> Result<(), TermError> {
    let (_session, mut front) = enter(setup)?;
    let (keymap, _) = keymap(setup);
    let (dir, worker, key) = (setup.dir.clone(), setup.worker.clone(), setup.key.clone());
    let work = Work::new("work-opening", Stop::Never);
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
        Ok((register, notices)) => on_register(&mut front, register, &notices, setup),
        Err(RegisterError::Store(StoreError::NotFound(_))) => {
            let place = setup.dir.display().to_string();
            let app = App::first_run(setup.lang, keymap, place);
            run(&mut front, app, Desk::empty(setup.clone()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows a register that is open already.
pub fn show(register: Register, notices: &[Notice], setup: &Setup) -> Result<(), TermError> {
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
        Stage::Reading => "work-reading",
        Stage::Rebuilding => "work-rebuilding",
    }
}

fn on_register(
    front: &mut Front<Stdout>,
    register: Register,
    notices: &[Notice],
    setup: &Setup,
) -> Result<(), TermError> {
    let (keymap, faults) = keymap(setup);
    let desk = Desk::open(register, setup.clone());
    let mut app = App::new(desk.index(), setup.lang, keymap);
    if let Some(text) = &setup.door {
        let door = Door::new(desk.index(), text);
        app.screens.open(Screen::Door(Box::new(door)));
    }
    app.notice = faults.first().map(|fault| {
        let (key, args) = fault.say();
        AppNotice::new(Tone::Warn, Say { key, args })
    });
    for notice in notices {
        hear(&mut app, notice);
    }
    run(front, app, desk)
}

/// Says what the store mended or found.
fn hear(app: &mut App, notice: &Notice) {
    app.notice = Some(AppNotice::new(Tone::Warn, perform::mended(notice)));
    if let Notice::Damaged { commits, .. } = notice {
        app.read_only = Some(commits.clone());
    }
}

/// The loop, until the program is asked to end.
pub fn run<W: Write>(front: &mut Front<W>, mut app: App, mut desk: Desk) -> Result<(), TermError> {
    desk.worker().clone_into(&mut app.worker);
    // A form that was left half filled is there again, and what was searched for.
    for name in [past::KEPT, meter::KEPT, KEPT] {
        if let Ok(left) = desk.kept(name) {
            desk = match take_in(front, &mut app, desk, Msg::Done(left))? {
                Some(desk) => desk,
                None => return Ok(()),
            };
        }
    }
    while !front.is_leaving() {
        front.show(&mut app, desk.index())?;
        if let Some(slowest) = app.meter.news() {
            desk.keep(meter::KEPT, slowest);
        }
        front.receive(app.revealed.is_some());
        while let Some(msg) = front.take() {
            desk = match take_in(front, &mut app, desk, msg)? {
                Some(desk) => desk,
                None => return Ok(()),
            };
        }
        if let Err(say) = desk.settle() {
            app.notice = Some(AppNotice::new(Tone::Bad, say));
        }
        for notice in desk.news() {
            hear(&mut app, &notice);
        }
    }
    Ok(())
}

/// One message and everything that follows from it; the desk again, unless the program is to end.
fn take_in<W: Write>(
    front: &mut Front<W>,
    app: &mut App,
    mut desk: Desk,
    msg: Msg,
) -> Result<Option<Desk>, TermError> {
    let mut waiting = VecDeque::from([msg]);
    while let Some(msg) = waiting.pop_front() {
        let now = clock::now();
        desk.turn(now);
        for effect in update(app, desk.index(), now, msg) {
            if matches!(effect, Effect::Quit) {
                return Ok(None);
            }
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
    }
    Ok(Some(desk))
}
