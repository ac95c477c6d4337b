//! What every command needs: the register's folder, the worker, the words, the clock, the output.
//!
//! Invariant: the environment is read here and nowhere else in this room.

use crate::cli::fault::Fault;
use crate::cli::print;
use crate::cli::print::Printer;
use crate::cli::secret::Secrets;
use crate::model::Lang;
use crate::register::Register;
use crate::register::RegisterError;
use crate::store::Notice;
use crate::store::Progress;
use crate::store::Stage;
use crate::store::StoreError;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::term::clock;
use crate::term::perform;
use crate::words::Arg;
use crate::words::Words;
use etcetera::BaseStrategy;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use std::io::IsTerminal;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// The environment variable that names the register's folder.
const REGISTER: &str = "JUMIN_REGISTER";
/// The environment variables that name the worker, the first that is set.
const WORKER: [&str; 4] = ["JUMIN_WORKER", "USER", "LOGNAME", "USERNAME"];

/// How often a wheel turns.
const TICK: Duration = Duration::from_millis(100);

/// Where a command works.
pub(crate) struct Desk {
    /// What the program says.
    pub(crate) words: Words,
    /// The folder given by `--register`.
    pub(crate) given: Option<PathBuf>,
    /// How passphrases are asked for.
    pub(crate) secrets: Secrets,
    out: Printer,
}

impl Desk {
    /// A desk for the folder given by `--register`, if any, and the descriptor of
    /// `--passphrase-fd`.
    pub(crate) fn new(given: Option<PathBuf>, descriptor: Option<u32>, words: Words) -> Desk {
        Desk {
            words,
            given,
            secrets: Secrets::new(descriptor),
            out: Printer::new(),
        }
    }

    /// The language.
    pub(crate) fn lang(&self) -> Lang {
        self.words.lang
    }

    /// The register's folder: as given, else the environment's, else the user's own.
    pub(crate) fn dir(&self) -> Result<PathBuf, Fault> {
        if let Some(dir) = &self.given {
            return Ok(dir.clone());
        }
        match std::env::var_os(REGISTER).filter(|dir| !dir.is_empty()) {
            Some(dir) => Ok(dir.into()),
            None => Ok(data_folder()?.join("register")),
        }
    }

    /// Who works here, where the environment says it.
    pub(crate) fn named() -> Option<String> {
        WORKER
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|name| !name.trim().is_empty())
    }

    /// Who works here.
    pub(crate) fn worker(&self) -> String {
        Desk::named().unwrap_or_else(|| self.words.say("cli-worker-unknown"))
    }

    /// Opens the register, telling on stderr what had to be mended.
    pub(crate) fn open(&self) -> Result<Register, Fault> {
        let (register, notices) = self.open_at(&self.dir()?)?;
        self.tell_mended(&notices);
        Ok(register)
    }

    /// Opens the register to alter it: who may only look hears so at once.
    pub(crate) fn open_to_alter(&self) -> Result<Register, Fault> {
        let register = self.open()?;
        if register.role().alters() {
            return Ok(register);
        }
        Err(RegisterError::from(StoreError::from(KeyFault::OnlyLooks)).into())
    }

    /// Tells on stderr what the store mended or found.
    pub(crate) fn tell_mended(&self, notices: &[Notice]) {
        for notice in notices {
            let said = perform::mended(notice, &self.words);
            self.note(said.key, &filled(said.args));
        }
    }

    /// Why the register did not do something, in words.
    pub(crate) fn reason(&self, fault: &RegisterError) -> String {
        let said = perform::failed(fault, self.lang());
        self.words.tell(said.key, &filled(said.args))
    }

    /// Opens the register of a folder.
    pub(crate) fn open_at(&self, dir: &Path) -> Result<(Register, Vec<Notice>), Fault> {
        let key = self.key(dir)?;
        let bar = bar();
        let mut told = |progress: Progress| {
            bar.set_message(self.words.say(stage(progress.stage)));
            bar.set_length(progress.total.unwrap_or(0));
            bar.set_position(progress.done);
        };
        let opened = Register::open_with(dir, &self.worker(), clock::now(), key, &mut told);
        bar.finish_and_clear();
        let (mut register, mut notices) = opened?;
        notices.extend(register.watch(&seen()?));
        Ok((register, notices))
    }

    /// What opens the register of a folder, asked for if it is sealed.
    pub(crate) fn key(&self, dir: &Path) -> Result<Option<Key>, Fault> {
        self.secrets.key(dir, &self.worker(), &self.words)
    }

    /// Prints one line of the answer.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Fault> {
        Ok(self.out.line(text)?)
    }

    /// Prints lines of the answer. They are seen at once: closing a large register takes a while.
    pub(crate) fn lines(&mut self, lines: &[String]) -> Result<(), Fault> {
        lines.iter().try_for_each(|line| self.line(line))?;
        Ok(self.out.flush()?)
    }

    /// Prints a line of the answer from the words.
    pub(crate) fn tell(&mut self, key: &str, args: &[(&str, Arg)]) -> Result<(), Fault> {
        let text = self.words.tell(key, args);
        self.line(&text)
    }

    /// Prints a text of many lines; it is seen at once too.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Fault> {
        self.out.text(text)?;
        Ok(self.out.flush()?)
    }

    /// Prints squares on a terminal.
    pub(crate) fn squares(&mut self, rows: &[Vec<bool>]) -> Result<(), Fault> {
        Ok(self.out.squares(rows)?)
    }

    /// Prints squares on a terminal in half the rows.
    pub(crate) fn halves(&mut self, rows: &[Vec<bool>]) -> Result<(), Fault> {
        Ok(self.out.halves(rows)?)
    }

    /// Wipes the terminal, and what it scrolled away.
    pub(crate) fn wipe(&mut self) -> Result<(), Fault> {
        Ok(self.out.wipe()?)
    }

    /// Prints bytes into a pipe or a file.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        Ok(self.out.bytes(bytes)?)
    }

    /// Says something on stderr from the words.
    pub(crate) fn note(&self, key: &str, args: &[(&str, Arg)]) {
        print::note(&self.words.tell(key, args));
    }

    /// Hands over what was printed.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        Ok(self.out.flush()?)
    }
}

/// The folder under which this program keeps registers when none is named.
pub(crate) fn data_folder() -> Result<PathBuf, Fault> {
    Ok(places()?.data_dir().join("jumin"))
}

/// Where this computer notes what it has seen of registers.
pub(crate) fn seen() -> Result<PathBuf, Fault> {
    Ok(data_folder()?.join("seen"))
}

/// The folder of the user's own choices.
pub(crate) fn config_folder() -> Result<PathBuf, Fault> {
    Ok(places()?.config_dir().join("jumin"))
}

/// A progress bar on stderr, when someone sees it.
pub(crate) fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}");
    let bar = ProgressBar::with_draw_target(Some(0), in_sight());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What turns while something is at work of which nobody knows how long it takes.
pub(crate) fn wheel(what: String) -> ProgressBar {
    let wheel = ProgressBar::with_draw_target(None, in_sight()).with_message(what);
    wheel.enable_steady_tick(TICK);
    wheel
}

/// Where progress is seen: nowhere, where stderr is no terminal.
fn in_sight() -> ProgressDrawTarget {
    if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    }
}

fn places() -> Result<impl BaseStrategy, Fault> {
    etcetera::choose_base_strategy().map_err(|_| Fault::wrong("cli-fault-no-home", &[]))
}

/// How this program was called, for hints that can be typed again.
pub(crate) fn called() -> String {
    std::env::args().next().unwrap_or_else(|| "jumin".into())
}

fn filled(args: Vec<(&'static str, String)>) -> Vec<(&'static str, Arg)> {
    args.into_iter()
        .map(|(name, text)| (name, text.into()))
        .collect()
}

/// A folder as it can be typed in a shell.
pub(crate) fn typed(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-".contains(c);
    if text.chars().all(plain) {
        text
    } else {
        format!("\"{text}\"")
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Journal => "cli-stage-journal",
        Stage::Checking => "cli-stage-checking",
        Stage::Rebuilding => "cli-stage-rebuilding",
    }
}
