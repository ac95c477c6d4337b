//! What faces the person: the pane, what comes in from it, and the wait for the worker.
//!
//! Almost every work is done before anyone could see that it was going on, and nothing is drawn
//! for it. One that takes longer gets a box over the last frame.
//!
//! Invariant: what was typed before the box stood is kept, in order; what was typed since is not.

use crate::app::App;
use crate::app::Msg;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::key::Named;
use crate::app::keymap::Keymap;
use crate::index::Index;
use crate::model::Lang;
use crate::term::TermError;
use crate::term::clock;
use crate::term::input::Event;
use crate::term::lock::Touch;
use crate::term::pane::Pane;
use crate::term::worker;
use crate::term::worker::Pulse;
use crate::ui;
use crate::ui::Look;
use crate::ui::work::Stop;
use crate::ui::work::Work;
use std::collections::VecDeque;
use std::io::Write;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::time::Duration;
use std::time::Instant;

/// How long a work may take before a box says what is going on.
const PATIENCE: Duration = Duration::from_millis(150);

/// How often the box is drawn again although nothing was heard.
const BEAT: Duration = Duration::from_millis(250);

/// The pane and what comes in.
pub struct Front<W: Write> {
    pane: Pane<W>,
    look: Look,
    events: Receiver<Event>,
    sender: Sender<Event>,
    inbox: VecDeque<Msg>,
    /// When the first key was read that no frame shows yet.
    since: Option<Instant>,
    leaving: bool,
    touched: Touch,
}

/// What a wait came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// What there was is taken in.
    All,
    /// Nobody has touched the desk for too long; what came since is dropped.
    Nobody,
}

impl<W: Write> Front<W> {
    /// A front on a pane, with both ends of the one channel.
    pub fn new(
        pane: Pane<W>,
        look: Look,
        (sender, events): (Sender<Event>, Receiver<Event>),
    ) -> Front<W> {
        Front {
            pane,
            look,
            events,
            sender,
            inbox: VecDeque::new(),
            since: None,
            leaving: false,
            touched: Touch::now(),
        }
    }

    /// Whether the program was asked to end.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// Draws a frame, and notes how long the keys waited that it answers.
    pub fn show(&mut self, app: &mut App, index: &Index) -> Result<(), TermError> {
        let look = &self.look;
        app.seen = self.pane.draw(|frame| ui::draw(frame, app, index, look))?;
        if let Some(since) = self.since.take() {
            let micros = u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX);
            let query = if let Screen::List(list) = &app.screens.active {
                list.filter.line.text()
            } else {
                ""
            };
            app.meter.painted(micros, query, index.today());
        }
        Ok(())
    }

    /// Waits for something to happen and takes in all that is waiting. Wakes by itself only to hide
    /// a revealed value again, once a minute for the day to change, or when nobody has touched the
    /// desk for as long as the limit says: then nothing is taken in.
    pub fn receive(&mut self, revealed: bool, limit: Option<Duration>) -> Heard {
        let wait = Duration::from_millis(if revealed { 500 } else { 60_000 });
        let left = limit.map(|limit| self.touched.left(limit));
        let wait = left.map_or(wait, |left| wait.min(left));
        // What was typed while a work was going on is here already.
        let first = if self.inbox.is_empty() {
            let event = self.events.recv_timeout(wait);
            Some(event.unwrap_or_else(|end| match end {
                RecvTimeoutError::Timeout => Event::Msg(Msg::Tick),
                RecvTimeoutError::Disconnected => Event::Leave,
            }))
        } else {
            None
        };
        let waiting: Vec<Event> = first.into_iter().chain(self.events.try_iter()).collect();
        for event in waiting {
            self.admit(event);
        }
        if limit.is_some_and(|limit| self.touched.is_over(limit)) {
            self.inbox.clear();
            self.since = None;
            return Heard::Nobody;
        }
        if self.inbox.iter().any(|msg| !matches!(msg, Msg::Tick)) {
            self.touched = Touch::now();
        }
        Heard::All
    }

    /// Takes in what the person did; what the worker says is nothing here.
    fn admit(&mut self, event: Event) {
        match event {
            Event::Key(key, read) => {
                self.since.get_or_insert(read);
                self.inbox.push_back(Msg::Key(key));
            }
            Event::Msg(msg) => self.inbox.push_back(msg),
            Event::Leave => self.leaving = true,
            Event::Far(_) | Event::Ready => {}
        }
    }

    /// The next message.
    pub fn take(&mut self) -> Option<Msg> {
        self.inbox.pop_front()
    }

    /// Has a work done by the worker and waits for the answer.
    pub fn attend<T: Send + 'static>(
        &mut self,
        work: Work,
        (lang, keymap): (Lang, &Keymap),
        job: impl FnOnce(&mut Pulse) -> T + Send + 'static,
    ) -> Result<T, TermError> {
        let (mut work, begun) = (work, clock::instant());
        let under_way = worker::start(self.sender.clone(), job)?;
        let mut boxed = false;
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            match self.events.recv_timeout(if boxed { BEAT } else { left }) {
                Ok(Event::Ready) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(Event::Far(report)) => {
                    work.what = report.what.unwrap_or(work.what);
                    (work.done, work.total) = (report.done, report.total);
                }
                Ok(event) => self.admit(event),
                Err(RecvTimeoutError::Timeout) => boxed = true,
            }
            if boxed {
                if self.hear(keymap, &mut work) {
                    under_way.stop();
                }
                work.seconds = begun.elapsed().as_secs();
                let look = &self.look;
                self.pane
                    .over(|frame| ui::work::draw(frame, look, lang, keymap, &work))?;
            }
        }
        under_way.answer().map_err(TermError::Bug)
    }

    /// What was typed to the box: the keys that cancel and leave, and nothing else. The rest was
    /// aimed at a screen that may not come back as it was: after a bulk act or an import, a digit
    /// typed ahead would classify whoever is under the cursor then. Only text that was typed ahead
    /// of the first screen is kept for it. Returns whether the work is to be stopped.
    fn hear(&mut self, keymap: &Keymap, work: &mut Work) -> bool {
        // How long a key waited for a work says nothing of how long its answer takes.
        self.since = None;
        let is_text = |key: Key| key.typed().is_some() || key == Key::named(Named::Backspace);
        for msg in std::mem::take(&mut self.inbox) {
            let Msg::Key(key) = msg else { continue };
            match keymap.action(Scope::Work, key.folded()) {
                Some(Action::Quit) => self.leaving = true,
                Some(Action::Back) if work.stop == Stop::Offered => work.stop = Stop::Asked,
                _ if work.stop == Stop::Ahead && is_text(key) => self.inbox.push_back(msg),
                _ => {}
            }
        }
        if self.leaving {
            work.stop = match work.stop {
                Stop::Offered | Stop::Asked => Stop::Asked,
                Stop::Never | Stop::Ahead | Stop::Leaving => Stop::Leaving,
            };
        }
        work.stop == Stop::Asked
    }
}
