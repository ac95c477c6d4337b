//! What leaves the register: for whom, what for, on what basis, and the record of it.
//!
//! Invariant: the record is in the journal before the bytes are out, and has their hash: a file that
//! is not on record did not come from here.

use crate::app::Done;
use crate::app::Say;
use crate::app::prompt::Outgoing;
use crate::exchange::file;
use crate::exchange::write;
use crate::exchange::write::List;
use crate::model::Lang;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::change::Sending;
use crate::model::clean;
use crate::model::date::Now;
use crate::model::date::minute_of;
use crate::model::ids::PersonId;
use crate::register::Register;
use crate::register::RegisterError;
use crate::term::perform::exchange_failed;
use crate::term::perform::failed;
use crate::term::perform::names;
use crate::words::Words;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Why a list goes out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// What for.
    pub purpose: Option<String>,
    /// Who gets it.
    pub receiver: Option<String>,
    /// On what legal basis.
    pub basis: Option<String>,
}

/// A list on its way out.
pub struct Load<'a> {
    /// The file; none for a pipe.
    pub path: Option<&'a Path>,
    /// What goes into it.
    pub bytes: &'a [u8],
    /// Whether closely kept values are in it whole.
    pub whole: bool,
    /// The columns, by their keys.
    pub columns: Vec<String>,
    /// Who is in it.
    pub people: Vec<PersonId>,
}

/// Why a list did not go out.
pub enum Unsent {
    /// It could not be put on record.
    Unrecorded(RegisterError),
    /// It is on record, but this file could not be written.
    Unwritten(PathBuf, io::Error),
}

impl Cause {
    /// The same, cleaned; what is empty was not said.
    #[must_use]
    pub fn cleaned(&self) -> Cause {
        let clean = |text: &Option<String>| {
            let text = text.as_deref().map(|text| clean::line(text).into_owned());
            text.filter(|text| !text.is_empty())
        };
        Cause {
            purpose: clean(&self.purpose),
            receiver: clean(&self.receiver),
            basis: clean(&self.basis),
        }
    }

    /// What stands in the file: who took it out, when, what was said of it, and the head of the
    /// journal then; nothing when nothing was said.
    pub fn mark(&self, register: &Register, words: &Words, now: Now) -> Option<String> {
        let said = [
            ("mark-purpose", &self.purpose),
            ("mark-receiver", &self.receiver),
            ("mark-basis", &self.basis),
        ];
        let told = |(key, text): (&str, &Option<String>)| {
            Some(words.tell(key, &[("text", text.as_deref()?.into())]))
        };
        let parts: Vec<String> = said.into_iter().filter_map(told).collect();
        let args = [
            ("worker", register.worker().into()),
            ("when", minute_of(now.milliseconds).into()),
            ("said", parts.concat().into()),
            ("head", register.head().to_string().into()),
        ];
        (!parts.is_empty()).then(|| words.tell("mark", &args))
    }

    /// Puts a list on record, then writes its file, if it has one.
    pub fn send(self, load: Load<'_>, register: &mut Register, now: Now) -> Result<Commit, Unsent> {
        let name = load.path.and_then(Path::file_name);
        let name = name.map_or_else(|| "-".into(), |name| name.to_string_lossy());
        let sending = Sending {
            file: clean::line(&name).into_owned(),
            hash: file::digest(load.bytes),
            whole: load.whole,
            purpose: self.purpose,
            receiver: self.receiver,
            basis: self.basis,
            columns: load.columns,
            people: load.people,
        };
        let act = Act::Send(Box::new(sending));
        let commit = register.commit(act, Vec::new(), now);
        let commit = commit.map_err(Unsent::Unrecorded)?;
        if let Some(path) = load.path {
            let put = file::put(path, load.bytes);
            put.map_err(|error| Unsent::Unwritten(path.to_owned(), error))?;
        }
        Ok(commit)
    }
}

/// Records that a list leaves the register, masked, then writes it.
pub(crate) fn export(
    register: &mut Register,
    out: &Outgoing,
    people: Vec<PersonId>,
    now: Now,
    lang: Lang,
) -> Result<Done, Say> {
    let path = Path::new(out.path.trim());
    let index = register.index();
    let named: Vec<_> = people
        .iter()
        .map(|id| (*id, names(index, *id, lang)))
        .collect();
    let columns = ["name", "sex", "age", "id", "tel", "address", "cat", "note"];
    let shown: Vec<_> = columns.into_iter().filter_map(write::column).collect();
    let list = List {
        book: index.book(),
        people: &named,
        columns: &shown,
        today: now.today,
        lang,
        eyes: index.role().eyes(),
    };
    let cause = Cause {
        purpose: out.purpose.clone(),
        receiver: out.receiver.clone(),
        basis: out.basis.clone(),
    };
    let mark = cause.mark(register, &Words::new(lang), now);
    let bytes = file::bytes(&list, path, mark.as_deref());
    let bytes = bytes.map_err(|error| exchange_failed(&error, lang))?;
    let count = people.len();
    let load = Load {
        path: Some(path),
        bytes: &bytes,
        whole: false,
        columns: columns.map(str::to_owned).to_vec(),
        people,
    };
    cause
        .send(load, register, now)
        .map_err(|unsent| match unsent {
            Unsent::Unrecorded(error) => failed(&error, lang),
            Unsent::Unwritten(path, error) => {
                let told = [
                    ("path", path.display().to_string()),
                    ("why", error.to_string()),
                ];
                Say::with("failed-disk", told)
            }
        })?;
    Ok(Done::Exported(path.display().to_string(), count))
}
