//! Asking for passphrases: on the terminal without showing them, or from an open file descriptor.
//!
//! Invariant: no passphrase is ever an argument or in the environment, where others could read it.

use crate::cli::echo;
use crate::cli::echo::Hush;
use crate::cli::fault::Fault;
use crate::cli::interrupt;
use crate::cli::lock;
use crate::cli::print;
use crate::register::RegisterError;
use crate::store::StoreError;
use crate::store::backup::fault::BackupFault;
use crate::store::keys;
use crate::store::keys::Rest;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::kdf::Cost;
use crate::term::clock;
use crate::words::Words;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::cell::Cell;
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::IsTerminal;
use std::path::Path;

/// So often a passphrase may be mistyped.
const TRIES: usize = 3;

/// Where passphrases come from.
pub(crate) struct Secrets {
    descriptor: Option<u32>,
    lines: RefCell<Option<Box<dyn BufRead>>>,
    fitted: Cell<Option<Cost>>,
}

impl Secrets {
    /// From this descriptor, a line each, or from the terminal.
    pub(crate) fn new(descriptor: Option<u32>) -> Secrets {
        Secrets {
            descriptor,
            lines: RefCell::new(None),
            fitted: Cell::new(None),
        }
    }

    /// What opens the register of a folder, asked for if it is sealed.
    pub(crate) fn key(&self, dir: &Path, who: &str, words: &Words) -> Result<Option<Key>, Fault> {
        let slots = match keys::rest(dir)? {
            Rest::Open => return Ok(None),
            Rest::Sealed(slots) => slots,
        };
        if !self.can_ask() {
            return Err(StoreError::Sealed(dir.to_owned()).into());
        }
        let is_known = slots.iter().any(|slot| slot.name == who);
        let prompt = if is_known {
            words.tell("cli-passphrase-of", &[("name", who.into())])
        } else {
            words.say("cli-passphrase")
        };
        let is_locked = lock::was_locked() && self.descriptor.is_none();
        if is_locked {
            print::note(&words.say("cli-locked"));
        }
        let mut tries = match self.descriptor {
            Some(_) => 1,
            // A locked desk stays locked, however often somebody guesses.
            None if is_locked => usize::MAX,
            None => TRIES,
        };
        loop {
            tries -= 1;
            let secret = self.ask(&prompt)?;
            match keys::unlock(dir, who, &secret) {
                Err(StoreError::Key(
                    fault @ (KeyFault::Wrong | KeyFault::WrongRecovery | KeyFault::NoRecovery),
                )) if tries > 0 => {
                    let error = RegisterError::Store(StoreError::Key(fault));
                    Fault::from(error).report(words);
                }
                key => {
                    if is_locked {
                        echo::show();
                    }
                    return Ok(Some(key?));
                }
            }
        }
    }

    /// The recovery key, to open a backup with.
    pub(crate) fn recovery(&self, words: &Words) -> Result<SecretString, Fault> {
        if !self.can_ask() {
            return Err(BackupFault::NeedsKey.into());
        }
        self.ask(&words.say("cli-recovery-ask"))
    }

    /// A new passphrase, typed twice where it is typed, and what it shall cost to try it.
    pub(crate) fn fresh(&self, who: &str, words: &Words) -> Result<(SecretString, Cost), Fault> {
        self.again(who, words)?
            .ok_or_else(|| KeyFault::Short.into())
    }

    /// The same for one of several, who is passed over when nothing is typed.
    pub(crate) fn again(
        &self,
        who: &str,
        words: &Words,
    ) -> Result<Option<(SecretString, Cost)>, Fault> {
        if !self.can_ask() {
            return Err(Fault::wrong("cli-fault-no-passphrase", &[]));
        }
        let prompt = words.tell("cli-passphrase-new", &[("name", who.into())]);
        let mut tries = if self.is_typed() { TRIES } else { 1 };
        loop {
            tries -= 1;
            let secret = self.ask(&prompt)?;
            if secret.expose_secret().trim().is_empty() {
                return Ok(None);
            }
            match self.confirm(&secret, words)? {
                None => return Ok(Some((secret, self.cost(words)?))),
                Some(fault) if tries == 0 => return Err(fault),
                Some(fault) => fault.report(words),
            };
        }
    }

    /// Why a new passphrase cannot be taken: it is short, or it was typed otherwise the second time.
    fn confirm(&self, secret: &SecretString, words: &Words) -> Result<Option<Fault>, Fault> {
        if let Err(short) = keys::require_long(secret) {
            return Ok(Some(short.into()));
        }
        if !self.is_typed() {
            return Ok(None);
        }
        let again = self.ask(&words.say("cli-passphrase-again"))?;
        let is_same = again.expose_secret() == secret.expose_secret();
        let differs = || Fault::wrong("cli-fault-passphrases-differ", &[]);
        Ok((!is_same).then(differs))
    }

    /// What trying a new passphrase shall cost here; measured once.
    fn cost(&self, words: &Words) -> Result<Cost, Fault> {
        if let Some(cost) = self.fitted.get() {
            return Ok(cost);
        }
        print::note(&words.say("cli-passphrase-computing"));
        let cost = Cost::measured(|probe| {
            let begun = clock::instant();
            probe.try_out().map(|()| begun.elapsed())
        })?;
        self.fitted.set(Some(cost));
        Ok(cost)
    }

    /// Whether passphrases are typed, and not read from a descriptor.
    pub(crate) fn is_typed(&self) -> bool {
        self.descriptor.is_none()
    }

    /// Whether there is anybody to ask.
    fn can_ask(&self) -> bool {
        self.descriptor.is_some() || io::stdin().is_terminal()
    }

    fn ask(&self, prompt: &str) -> Result<SecretString, Fault> {
        match self.descriptor {
            Some(descriptor) => self.line(descriptor),
            None => match interrupt::held(|| hushed(prompt)) {
                Ok(typed) => Ok(typed.into()),
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {
                    Err(Fault::wrong("cli-fault-interrupted", &[]))
                }
                Err(fault) => Err(Fault::terminal(&fault)),
            },
        }
    }

    fn line(&self, descriptor: u32) -> Result<SecretString, Fault> {
        let mut lines = self.lines.borrow_mut();
        let lines = match &mut *lines {
            Some(lines) => lines,
            none => none.insert(reader(descriptor)?),
        };
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(Fault::wrong("cli-fault-no-passphrase", &[]));
        }
        Ok(line.trim_end_matches(['\r', '\n']).into())
    }
}

/// Asks on the terminal, which shows nothing from before the question stands there.
fn hushed(prompt: &str) -> io::Result<String> {
    let _hush = Hush::begin();
    rpassword::prompt_password(prompt)
}

fn reader(descriptor: u32) -> Result<Box<dyn BufRead>, Fault> {
    if descriptor == 0 {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let path = format!("/dev/fd/{descriptor}");
    let file = File::open(&path).map_err(|fault| Fault::disk(Path::new(&path), &fault))?;
    Ok(Box::new(BufReader::new(file)))
}
