//! The terminal's events as messages, sent by a thread of their own.
//!
//! Invariant: a key counts when it is pressed or repeated, never when it is released.

use crate::app::Msg;
use crate::app::key::Key;
use crate::app::key::Named;
use crate::app::key::Stroke;
use crate::term::clock;
use crate::term::worker::Report;
use crossterm::event::Event as TermEvent;
use crossterm::event::KeyCode;
use crossterm::event::KeyEvent;
use crossterm::event::KeyEventKind;
use crossterm::event::KeyModifiers;
use std::sync::mpsc::Sender;
use std::time::Instant;

/// What the loop receives.
pub enum Event {
    /// A key, and when it was read.
    Key(Key, Instant),
    /// Another message for the app.
    Msg(Msg),
    /// How far the worker is.
    Far(Report),
    /// The worker has the answer.
    Ready,
    /// The system asks the program to end.
    Leave,
}

/// Starts listening.
pub fn listen(sender: Sender<Event>) -> std::io::Result<()> {
    listen_for_signals(sender.clone())?;
    std::thread::Builder::new()
        .name("input".into())
        .spawn(move || {
            while let Ok(event) = crossterm::event::read() {
                let event = match message(event) {
                    Some(Msg::Key(key)) => Event::Key(key, clock::instant()),
                    Some(msg) => Event::Msg(msg),
                    None => continue,
                };
                if sender.send(event).is_err() {
                    return;
                }
            }
            drop(sender.send(Event::Leave));
        })?;
    Ok(())
}

/// SIGTERM and SIGHUP end the loop, so that the terminal and the register are left in order.
#[cfg(unix)]
fn listen_for_signals(sender: Sender<Event>) -> std::io::Result<()> {
    use signal_hook::consts::SIGHUP;
    use signal_hook::consts::SIGTERM;
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP])?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            if signals.forever().next().is_some() {
                drop(sender.send(Event::Leave));
            }
        })?;
    Ok(())
}

#[cfg(not(unix))]
fn listen_for_signals(_sender: Sender<Event>) -> std::io::Result<()> {
    Ok(())
}

fn message(event: TermEvent) -> Option<Msg> {
    match event {
        TermEvent::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        TermEvent::Paste(text) => Some(Msg::Paste(text)),
        TermEvent::Resize(..) => Some(Msg::Tick),
        TermEvent::Key(_) | TermEvent::Mouse(_) | TermEvent::FocusGained | TermEvent::FocusLost => {
            None
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "keys that jumin does not know mean nothing"
)]
fn key(event: KeyEvent) -> Option<Key> {
    let named = |named| Some(Stroke::Named(named));
    let stroke = match event.code {
        KeyCode::Char(c) => Some(Stroke::Char(c)),
        KeyCode::F(number) => Some(Stroke::F(number)),
        KeyCode::Enter => named(Named::Enter),
        KeyCode::Esc => named(Named::Esc),
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => named(Named::BackTab),
        KeyCode::Tab => named(Named::Tab),
        KeyCode::BackTab => named(Named::BackTab),
        KeyCode::Backspace => named(Named::Backspace),
        KeyCode::Delete => named(Named::Delete),
        KeyCode::Insert => named(Named::Insert),
        KeyCode::Up => named(Named::Up),
        KeyCode::Down => named(Named::Down),
        KeyCode::Left => named(Named::Left),
        KeyCode::Right => named(Named::Right),
        KeyCode::Home => named(Named::Home),
        KeyCode::End => named(Named::End),
        KeyCode::PageUp => named(Named::PageUp),
        KeyCode::PageDown => named(Named::PageDown),
        _ => None,
    }?;
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key {
        stroke,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
    })
}
