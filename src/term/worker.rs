//! The worker thread: does one thing beside the loop, tells how far it is, can be asked to stop.
//!
//! What is worked on moves to the worker by value and comes back with the answer, so nothing is
//! shared and nothing is locked.
//!
//! Invariant: whatever becomes of the work, panic included, exactly one `Event::Ready` is sent, and
//! it is the last thing that is sent.

use crate::term::clock;
use crate::term::input::Event;
use std::any::Any;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::panic::PanicHookInfo;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

/// The worker thread's name.
const NAME: &str = "worker";

/// The least time between two reports: a bar moves smoothly enough at this pace.
const PACE: Duration = Duration::from_millis(50);

thread_local! {
    /// The place and the words of this thread's panic, which its payload does not tell.
    static LAST_WORDS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// How far a work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What is being done, where that changed: a key in the words.
    pub what: Option<&'static str>,
    /// How much is done.
    pub done: u64,
    /// Of how much; 0 while not known.
    pub total: u64,
}

/// The worker's line to the loop.
pub struct Pulse {
    sender: Sender<Event>,
    stop: Arc<AtomicBool>,
    told: Option<Instant>,
}

/// A work under way.
pub struct Work<T> {
    thread: JoinHandle<Result<T, String>>,
    stop: Arc<AtomicBool>,
}

/// Starts a work.
pub fn start<T: Send + 'static>(
    sender: Sender<Event>,
    job: impl FnOnce(&mut Pulse) -> T + Send + 'static,
) -> std::io::Result<Work<T>> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut pulse = Pulse {
        sender,
        stop: Arc::clone(&stop),
        told: None,
    };
    let builder = std::thread::Builder::new().name(NAME.to_owned());
    let thread = builder.spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| job(&mut pulse)));
        // The loop that would hear it may have ended.
        drop(pulse.sender.send(Event::Ready));
        outcome.map_err(|payload| last_words(payload.as_ref()))
    })?;
    Ok(Work { thread, stop })
}

/// Notes the panic of a worker, whose words the loop says once the terminal is given back. Returns
/// whether it was one.
pub fn note(info: &PanicHookInfo<'_>) -> bool {
    let ours = std::thread::current().name() == Some(NAME);
    if ours {
        LAST_WORDS.set(Some(info.to_string()));
    }
    ours
}

fn last_words(payload: &(dyn Any + Send)) -> String {
    let said = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
    LAST_WORDS.take().or(said).unwrap_or_default()
}

impl<T> Work<T> {
    /// Asks it to stop; it may be too late.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// The answer, or the last words of a panic.
    pub fn answer(self) -> Result<T, String> {
        let joined = self.thread.join();
        joined.unwrap_or_else(|payload| Err(last_words(payload.as_ref())))
    }
}

impl Pulse {
    /// Tells how far the work is, as often as someone could see it; whether to go on.
    pub fn tell(&mut self, report: Report) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let now = clock::instant();
        if self.told.is_none_or(|told| now - told >= PACE) {
            self.told = Some(now);
            drop(self.sender.send(Event::Far(report)));
        }
        ControlFlow::Continue(())
    }
}
