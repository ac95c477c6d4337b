//! Why a command ends without its answer: what, where, and what to do.
//!
//! Invariant: every fault is said from `data/words/`: `KEY` says what and where, `KEY-do` what to
//! do about it.

use crate::cli::print;
use crate::exchange::ExchangeError;
use crate::exchange::Strange;
use crate::model::Lang;
use crate::query::fault as query_fault;
use crate::register::RegisterError;
use crate::store::StoreError;
use crate::store::backup::fault::BackupFault;
use crate::store::vault::fault::KeyFault;
use crate::term::perform;
use crate::words::Arg;
use crate::words::Words;
use std::io;
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// The input was wrong, or a check found something.
    Wrong = 1,
    /// Data or disk.
    Disk = 2,
    /// A bug in this program, the code of a panic.
    Bug = 101,
}

/// Arguments of a message.
type Args = Vec<(&'static str, Arg)>;

/// Why a command ended without its answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Said with the words of this key.
    Plain {
        /// How the command ends.
        exit: Exit,
        /// The message.
        key: &'static str,
        /// What fills it.
        args: Args,
        /// Lines to show below it.
        below: Vec<String>,
    },
    /// A text that is not a query.
    Query {
        /// As typed.
        text: String,
        /// What is wrong.
        fault: Box<query_fault::Fault>,
    },
    /// The register said no.
    Register(Box<RegisterError>),
    /// A ledger cannot be read or written.
    Exchange(ExchangeError),
    /// Nobody reads the output any more.
    Gone,
}

impl Fault {
    /// Wrong input, said with the words of a key.
    pub(crate) fn wrong(key: &'static str, args: &[(&'static str, Arg)]) -> Fault {
        Fault::Plain {
            exit: Exit::Wrong,
            key,
            args: args.to_vec(),
            below: Vec::new(),
        }
    }

    /// The disk said no to a file.
    pub(crate) fn disk(path: &Path, source: &io::Error) -> Fault {
        let args = vec![
            ("path", path.display().to_string().into()),
            ("why", source.to_string().into()),
        ];
        Fault::Plain {
            exit: Exit::Disk,
            key: "cli-fault-disk",
            args,
            below: Vec::new(),
        }
    }

    /// The terminal said no.
    pub(crate) fn terminal(source: &io::Error) -> Fault {
        Fault::Plain {
            exit: Exit::Disk,
            key: "cli-fault-terminal",
            args: vec![("why", source.to_string().into())],
            below: Vec::new(),
        }
    }

    /// The program broke: where, and its last words.
    pub(crate) fn bug(what: String) -> Fault {
        Fault::Plain {
            exit: Exit::Bug,
            key: "cli-fault-bug",
            args: vec![("what", what.into())],
            below: Vec::new(),
        }
    }

    /// The same fault with lines below it; only a plain one has room for them.
    pub(crate) fn with(self, lines: Vec<String>) -> Fault {
        match self {
            Fault::Plain {
                exit, key, args, ..
            } => Fault::Plain {
                exit,
                key,
                args,
                below: lines,
            },
            other @ (Fault::Query { .. }
            | Fault::Register(_)
            | Fault::Exchange(_)
            | Fault::Gone) => other,
        }
    }

    /// Says the fault on stderr and tells how the command ends.
    pub(crate) fn report(&self, words: &Words) -> Exit {
        let (exit, key, args, below) = match self {
            Fault::Plain {
                exit,
                key,
                args,
                below,
            } => (*exit, *key, args.clone(), below.clone()),
            Fault::Query { text, fault } => {
                let said = vec![("what", fault.say(words.lang).into())];
                (Exit::Wrong, "cli-fault-query", said, caret(text, fault))
            }
            Fault::Register(error) => plain(of_register(error, words)),
            Fault::Exchange(error) => plain(of_exchange(error, words.lang)),
            Fault::Gone => return Exit::Done,
        };
        print::note(&format!("jumin: {}", words.tell(key, &args)));
        for line in &below {
            print::note(&format!("  {line}"));
        }
        let todo = format!("{key}-do");
        if words.has(&todo) {
            print::note(&format!("  {}", words.tell(&todo, &args)));
        }
        exit
    }
}

fn plain((exit, key, args): (Exit, &'static str, Args)) -> (Exit, &'static str, Args, Vec<String>) {
    (exit, key, args, Vec::new())
}

/// The query, and a line with carets under the span.
fn caret(text: &str, fault: &query_fault::Fault) -> Vec<String> {
    let width = |range: std::ops::Range<usize>| text.get(range).map_or(0, UnicodeWidthStr::width);
    let blanks = " ".repeat(width(0..fault.span.start));
    let carets = "^".repeat(width(fault.span.clone()).max(1));
    vec![text.to_owned(), format!("{blanks}{carets}")]
}

fn of_register(error: &RegisterError, words: &Words) -> (Exit, &'static str, Args) {
    match error {
        RegisterError::Store(error) => of_store(error, words),
        RegisterError::Stale(_) => (Exit::Disk, "cli-fault-stale", vec![]),
        RegisterError::NoCommit(name) => (
            Exit::Wrong,
            "cli-fault-no-commit",
            vec![("commit", name.clone().into())],
        ),
        RegisterError::NothingToUndo(name) => (
            Exit::Wrong,
            "cli-fault-nothing-to-undo",
            vec![("commit", name.clone().into())],
        ),
        RegisterError::Overtaken { commit, by } => (
            Exit::Wrong,
            "cli-fault-overtaken",
            vec![("commit", commit.clone().into()), ("by", by.clone().into())],
        ),
        RegisterError::Seed(fault) => (
            Exit::Disk,
            "cli-fault-seed",
            vec![("why", fault.to_string().into())],
        ),
    }
}

fn of_store(error: &StoreError, words: &Words) -> (Exit, &'static str, Args) {
    let path = |path: &Path| ("path", Arg::from(path.display().to_string()));
    match error {
        StoreError::NotFound(dir) => (Exit::Wrong, "cli-fault-not-found", vec![path(dir)]),
        StoreError::Exists(dir) => (Exit::Wrong, "cli-fault-exists", vec![path(dir)]),
        StoreError::Locked { holder: None } => (Exit::Disk, "cli-fault-locked", vec![]),
        StoreError::Locked { holder: Some(who) } => (
            Exit::Disk,
            "cli-fault-locked-by",
            vec![
                ("process", who.process.clone().into()),
                ("host", who.host.clone().into()),
                ("since", who.since.clone().into()),
            ],
        ),
        StoreError::Sealed(dir) => (Exit::Wrong, "cli-fault-sealed", vec![path(dir)]),
        StoreError::Key(fault) => {
            let (key, args) = fault.say();
            let args = args.into_iter().map(|(name, text)| (name, text.into()));
            (exit_of(fault), key, args.collect())
        }
        StoreError::Backup(fault) => {
            let (key, args) = fault.say();
            let args = args.into_iter().map(|(name, text)| (name, text.into()));
            let exit = if fault.is_damage() {
                Exit::Disk
            } else {
                Exit::Wrong
            };
            (exit, key, args.collect())
        }
        StoreError::Newer(format) => (
            Exit::Disk,
            "cli-fault-newer",
            vec![("format", u64::from(*format).into())],
        ),
        StoreError::ReadOnly { why } => (
            Exit::Disk,
            "cli-fault-read-only",
            vec![("why", perform::reason(why, words).into())],
        ),
        StoreError::Disk {
            path: at, source, ..
        } => (
            Exit::Disk,
            "cli-fault-disk",
            vec![path(at), ("why", source.to_string().into())],
        ),
        StoreError::Damaged { path: at, what } => (
            Exit::Disk,
            "cli-fault-damaged",
            vec![path(at), ("what", perform::reason(what, words).into())],
        ),
    }
}

/// A key file that is damaged is the disk's fault; the rest is the worker's to mend.
fn exit_of(fault: &KeyFault) -> Exit {
    let is_damage = fault.is_damage();
    if is_damage { Exit::Disk } else { Exit::Wrong }
}

fn of_exchange(error: &ExchangeError, lang: Lang) -> (Exit, &'static str, Args) {
    let said = vec![("what", error.say(lang).into())];
    match error {
        ExchangeError::Disk { source, .. } if source.kind() == io::ErrorKind::NotFound => {
            (Exit::Wrong, "cli-fault-no-file", said)
        }
        ExchangeError::Disk { .. } | ExchangeError::Write { .. } => {
            (Exit::Disk, "cli-fault-file", said)
        }
        ExchangeError::Unencodable { .. } => (Exit::Wrong, "cli-fault-encoding", said),
        ExchangeError::TooLarge { .. } => (Exit::Wrong, "cli-fault-too-large", said),
        ExchangeError::Unknown {
            what: Strange::NoSheet(_),
            ..
        } => (Exit::Wrong, "cli-fault-no-sheet", said),
        ExchangeError::Unknown { .. }
        | ExchangeError::Cancelled
        | ExchangeError::NoHeading { .. } => (Exit::Wrong, "cli-fault-ledger", said),
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Fault::Gone
        } else {
            Fault::disk(Path::new("-"), &error)
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        RegisterError::Store(error).into()
    }
}

impl From<BackupFault> for Fault {
    fn from(fault: BackupFault) -> Fault {
        StoreError::Backup(fault).into()
    }
}

impl From<KeyFault> for Fault {
    fn from(fault: KeyFault) -> Fault {
        StoreError::Key(fault).into()
    }
}

impl From<RegisterError> for Fault {
    fn from(error: RegisterError) -> Fault {
        Fault::Register(Box::new(error))
    }
}

impl From<ExchangeError> for Fault {
    fn from(error: ExchangeError) -> Fault {
        Fault::Exchange(error)
    }
}
