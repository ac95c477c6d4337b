//! The loop: receive, drain, update, perform effects, draw once.
//!
//! An input thread sends messages into one channel; the loop owns the register. Everything that is
//! waiting is taken in before one frame is drawn, so a key held down never lags and an input
//! method's burst of characters is one frame.
//!
//! Invariant: no frame without a message; the terminal is given back however the program ends.

pub mod clock;

pub mod input;

pub mod perform;

pub mod session;

use crate::app::App;
use crate::app::Effect;
use crate::app::Msg;
use crate::app::Notice as AppNotice;
use crate::app::Say;
use crate::app::Tone;
use crate::app::keymap::Keymap;
use crate::app::update;
use crate::model::Lang;
use crate::register::Register;
use crate::store::Notice;
use crate::term::input::Event;
use crate::term::perform::Desk;
use crate::term::session::Session;
use crate::ui;
use crate::ui::Look;
use crate::ui::theme::Theme;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

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
    /// Where a first register will be.
    pub dir: PathBuf,
    /// Where the made-up community will be.
    pub demo_dir: PathBuf,
}

/// Why the screens cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// The terminal said no.
    #[error("the terminal: {0}")]
    Terminal(#[from] std::io::Error),
}

/// Opens the screens on a register.
pub fn open(register: Register, notices: &[Notice], setup: &Setup) -> Result<(), TermError> {
    let (keymap, faults) = Keymap::with(setup.keys.as_deref().unwrap_or(""));
    let desk = Desk::open(register, setup.clone());
    let mut app = App::new(desk.index(), setup.lang, keymap);
    app.notice = faults.first().map(|fault| {
        let (key, args) = fault.say();
        AppNotice::new(Tone::Warn, Say { key, args })
    });
    for notice in notices {
        hear(&mut app, notice);
    }
    run(app, desk, setup)
}

/// Says what the store mended or found.
fn hear(app: &mut App, notice: &Notice) {
    app.notice = Some(AppNotice::new(Tone::Warn, perform::mended(notice)));
    if let Notice::Damaged { commits, .. } = notice {
        app.read_only = Some(commits.clone());
    }
}

/// Opens the first run, when there is no register yet.
pub fn first_run(setup: &Setup) -> Result<(), TermError> {
    let (keymap, _) = Keymap::with(setup.keys.as_deref().unwrap_or(""));
    run(
        App::first_run(setup.lang, keymap, setup.dir.display().to_string()),
        Desk::empty(setup.clone()),
        setup,
    )
}

fn run(mut app: App, mut desk: Desk, setup: &Setup) -> Result<(), TermError> {
    let look = Look::new(if setup.colours {
        Theme::Colours
    } else {
        Theme::Plain
    });
    app.worker.clone_from(&setup.worker);
    let mut session = Session::enter()?;
    let events = input::listen()?;
    loop {
        app.seen = session.draw(|frame| ui::draw(frame, &app, desk.index(), &look))?;
        let Some(events) = receive(&events, app.revealed.is_some()) else {
            return Ok(());
        };
        for event in events {
            let Event::Msg(msg) = event else {
                return Ok(());
            };
            if take_in(&mut app, &mut desk, msg) == Flow::Leave {
                return Ok(());
            }
        }
        for notice in desk.news() {
            hear(&mut app, &notice);
        }
    }
}

#[derive(PartialEq, Eq)]
enum Flow {
    Stay,
    Leave,
}

/// Waits for something to happen and takes all that is waiting. Wakes by itself only to hide a
/// revealed value again, or once a minute for the day to change.
fn receive(events: &Receiver<Event>, revealed: bool) -> Option<Vec<Event>> {
    let wait = Duration::from_millis(if revealed { 500 } else { 60_000 });
    let first = match events.recv_timeout(wait) {
        Ok(event) => event,
        Err(RecvTimeoutError::Timeout) => Event::Msg(Msg::Tick),
        Err(RecvTimeoutError::Disconnected) => return None,
    };
    Some(std::iter::once(first).chain(events.try_iter()).collect())
}

/// One message and everything that follows from it.
fn take_in(app: &mut App, desk: &mut Desk, msg: Msg) -> Flow {
    let mut waiting = VecDeque::from([msg]);
    while let Some(msg) = waiting.pop_front() {
        let now = clock::now();
        desk.turn(now);
        for effect in update(app, desk.index(), now, msg) {
            if matches!(effect, Effect::Quit) {
                return Flow::Leave;
            }
            waiting.push_back(desk.perform(effect, clock::now(), app.lang));
        }
    }
    Flow::Stay
}
