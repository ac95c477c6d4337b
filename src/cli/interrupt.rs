//! Ctrl-C while a passphrase is typed.
//!
//! A terminal that shows nothing of what is typed has to be given back before the program ends: the
//! shell that gets it would show nothing either.
//!
//! Invariant: at any other time Ctrl-C ends the program at once.

#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::OnceLock;
#[cfg(unix)]
use std::sync::atomic::AtomicBool;
#[cfg(unix)]
use std::sync::atomic::Ordering;

/// Whether an interruption ends the program, once that can be said.
#[cfg(unix)]
static ENDS: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Asks something that an interruption is to break off, and not the program.
#[cfg(unix)]
pub(crate) fn held<T>(ask: impl FnOnce() -> T) -> T {
    use signal_hook::consts::SIGINT;
    use signal_hook::flag;
    let ends = ENDS.get_or_init(|| {
        let ends = Arc::new(AtomicBool::new(true));
        // Where that is refused, the program ends as it would have.
        drop(flag::register_conditional_default(
            SIGINT,
            Arc::clone(&ends),
        ));
        ends
    });
    ends.store(false, Ordering::SeqCst);
    let answer = ask();
    ends.store(true, Ordering::SeqCst);
    answer
}

/// Asks something; here the terminal is given back by the system.
#[cfg(not(unix))]
pub(crate) fn held<T>(ask: impl FnOnce() -> T) -> T {
    ask()
}
