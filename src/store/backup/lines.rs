//! The lines of a backup, written and read one after another.
//!
//! Invariant: what is handed on was written for this place: in order, counted, nothing left out.
//! The last word is the trailer's, so nobody may act on a line before all are read.

use crate::model::change::Change;
use crate::model::field::FIELDS;
use crate::store::StoreError;
use crate::store::backup::fault::BackupFault;
use crate::store::folder::disk;
use crate::store::mark::Mark;
use crate::store::mark::Salt;
use crate::store::record::Head;
use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::io;
use std::io::BufRead;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use uuid::Uuid;

/// The version that is written.
const VERSION: u16 = 1;

/// So many changes stand on a line.
const ROOM: usize = 1_000;

/// No line is longer than this, in bytes.
const LONGEST: u64 = 64 << 20;

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Backup(About),
    Commit(Head),
    Changes(Vec<Change>),
    End(End),
}

/// The first line: what this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    version: u16,
    /// The register.
    pub(crate) register: Uuid,
    /// When it was made, in milliseconds since 1970.
    pub(crate) at: u64,
    program: String,
    /// The vault and how often its keys had been changed, of a sealed register.
    epoch: Option<(Uuid, u64)>,
    /// What each field's number means, for whoever reads this without the program.
    fields: BTreeMap<String, BTreeMap<u16, String>>,
}

/// The last line: what all of it comes to.
#[derive(Debug, Serialize, Deserialize)]
struct End {
    commits: u64,
    changes: u64,
    /// How many fields are set after the last commit, and their digest in hexadecimal digits.
    set: u64,
    digest: String,
    /// The journal's last link, in hexadecimal digits.
    head: String,
    sha256: String,
}

/// What a backup held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Its first line.
    pub(crate) about: About,
    /// The mark after its last commit.
    pub(crate) mark: Mark,
    /// The journal's last link when it was made, in hexadecimal digits.
    pub(crate) head: String,
}

impl About {
    /// The first line for a register.
    pub(crate) fn new(register: Uuid, at: u64, epoch: Option<(Uuid, u64)>) -> About {
        let mut fields: BTreeMap<String, BTreeMap<u16, String>> = BTreeMap::new();
        for field in FIELDS {
            let table = fields.entry(format!("{:?}", field.table)).or_default();
            table.insert(field.number.0, format!("{} {}", field.key, field.zh));
        }
        About {
            version: VERSION,
            register,
            at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            epoch,
            fields,
        }
    }
}

/// Writes the lines.
pub(crate) struct Pen<W: Write> {
    out: W,
    sum: Sha256,
    commits: u64,
    changes: u64,
    /// Without the salt of the register: another may be made of the lines.
    mark: Mark,
    /// The register's own, where it has a salt.
    own: Option<(Salt, Mark)>,
}

impl<W: Write> Pen<W> {
    /// Begins with the first line.
    pub(crate) fn begin(out: W, about: About, salt: Option<Salt>) -> io::Result<Pen<W>> {
        let mut pen = Pen {
            out,
            sum: Sha256::new(),
            commits: 0,
            changes: 0,
            mark: Mark::default(),
            own: salt.map(|salt| (salt, Mark::default())),
        };
        pen.line(&Line::Backup(about))?;
        Ok(pen)
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.sum.update(&bytes);
        self.out.write_all(&bytes)
    }

    /// A commit and its changes.
    pub(crate) fn commit<E: Into<io::Error>>(
        &mut self,
        head: &Head,
        changes: impl Iterator<Item = Result<Change, E>>,
    ) -> io::Result<()> {
        self.line(&Line::Commit(head.clone()))?;
        self.commits += 1;
        self.follow(head.number, &[])?;
        let mut some = Vec::with_capacity(ROOM);
        for change in changes {
            some.push(change.map_err(Into::into)?);
            if some.len() == ROOM {
                self.some(std::mem::take(&mut some))?;
            }
        }
        if some.is_empty() {
            return Ok(());
        }
        self.some(some)
    }

    /// Some changes of the last commit.
    fn some(&mut self, changes: Vec<Change>) -> io::Result<()> {
        self.changes += changes.len() as u64;
        self.follow(self.mark.number, &changes)?;
        self.line(&Line::Changes(changes))
    }

    fn follow(&mut self, number: u64, changes: &[Change]) -> io::Result<()> {
        let after = |mark: Mark, salt: &Salt| {
            let mark = mark.after(salt, number, changes);
            mark.map_err(|fault| io::Error::other(fault.to_string()))
        };
        self.mark = after(self.mark, &Salt::default())?;
        if let Some((salt, own)) = &mut self.own {
            *own = after(*own, salt)?;
        }
        Ok(())
    }

    /// Whether what was written adds up to this mark of the journal.
    pub(crate) fn stands_at(&self, journal: &Mark) -> bool {
        self.own.as_ref().map_or(&self.mark, |(_, own)| own) == journal
    }

    /// Ends with the last line; the mark after the last commit.
    pub(crate) fn end(mut self, head: &[u8]) -> io::Result<(Mark, W)> {
        let mark = self.mark;
        let end = End {
            commits: self.commits,
            changes: self.changes,
            set: mark.count,
            digest: format!("{:032x}", mark.digest),
            head: hex(head),
            sha256: hex(&self.sum.finalize_reset()),
        };
        self.line(&Line::End(end))?;
        Ok((mark, self.out))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Takes what a backup holds: a commit's head, then some of its changes, then more of them.
pub(crate) trait Reader {
    /// A commit begins.
    fn commit(&mut self, head: Head) -> Result<(), StoreError>;

    /// Some of its changes.
    fn changes(&mut self, changes: Vec<Change>) -> Result<(), StoreError>;
}

/// Reads a backup to its end.
pub(crate) fn read(
    mut lines: impl BufRead,
    path: &Path,
    reader: &mut dyn Reader,
) -> Result<Whole, StoreError> {
    let mut sum = Sha256::new();
    let mut count = Count::default();
    let Some((bytes, first)) = next(&mut lines, path, &mut count.lines)? else {
        return Err(BackupFault::Empty.into());
    };
    let Line::Backup(about) = first else {
        return Err(BackupFault::NotBackup.into());
    };
    if about.version > VERSION {
        return Err(BackupFault::Newer(about.version).into());
    }
    sum.update(&bytes);
    loop {
        let Some((bytes, line)) = next(&mut lines, path, &mut count.lines)? else {
            return Err(BackupFault::Cut.into());
        };
        match line {
            Line::Backup(_) => return Err(BackupFault::Line(count.lines).into()),
            Line::Commit(head) => {
                count.begin(&head)?;
                reader.commit(head)?;
            }
            Line::Changes(changes) => {
                count.take(&changes)?;
                reader.changes(changes)?;
            }
            Line::End(end) => {
                count.is_filled()?;
                if end.sha256 != hex(&sum.finalize()) {
                    return Err(BackupFault::Sum.into());
                }
                let mark = count.finish(&end)?;
                if next(&mut lines, path, &mut count.lines)?.is_some() {
                    return Err(BackupFault::Behind.into());
                }
                let head = end.head;
                return Ok(Whole { about, mark, head });
            }
        }
        sum.update(&bytes);
    }
}

/// What has been read so far.
#[derive(Default)]
struct Count {
    lines: u64,
    commits: u64,
    changes: u64,
    /// How many changes of the last commit are still to come.
    awaited: u64,
    mark: Mark,
}

impl Count {
    fn is_filled(&self) -> Result<(), BackupFault> {
        if self.awaited == 0 {
            Ok(())
        } else {
            Err(BackupFault::Changes(self.commits))
        }
    }

    fn begin(&mut self, head: &Head) -> Result<(), BackupFault> {
        self.is_filled()?;
        if head.number != self.commits + 1 {
            return Err(BackupFault::Order {
                found: head.number,
                awaited: self.commits + 1,
            });
        }
        self.commits += 1;
        self.awaited = head.changes.0;
        self.mark.number = head.number;
        Ok(())
    }

    fn take(&mut self, changes: &[Change]) -> Result<(), BackupFault> {
        let some = changes.len() as u64;
        let left = self.awaited.checked_sub(some);
        self.awaited = left.ok_or(BackupFault::Changes(self.commits))?;
        self.changes += some;
        let after = self.mark.after(&Salt::default(), self.commits, changes);
        self.mark = after.map_err(|_| BackupFault::Line(self.lines))?;
        Ok(())
    }

    fn finish(&self, end: &End) -> Result<Mark, BackupFault> {
        if (end.commits, end.changes) != (self.commits, self.changes) {
            return Err(BackupFault::Totals);
        }
        let adds_up = end.set == self.mark.count
            && u128::from_str_radix(&end.digest, 16) == Ok(self.mark.digest);
        if adds_up {
            Ok(self.mark)
        } else {
            Err(BackupFault::Mark)
        }
    }
}

/// The next line and its bytes; `None` behind the last.
fn next(
    lines: &mut impl BufRead,
    path: &Path,
    at: &mut u64,
) -> Result<Option<(Vec<u8>, Line)>, StoreError> {
    *at += 1;
    let mut bytes = vec![];
    lines
        .by_ref()
        .take(LONGEST)
        .read_until(b'\n', &mut bytes)
        .map_err(|fault| unread(path, fault))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        let is_long = bytes.len() as u64 == LONGEST;
        let fault = if is_long {
            BackupFault::Long(*at)
        } else {
            BackupFault::Cut
        };
        return Err(if *at == 1 {
            BackupFault::NotBackup
        } else {
            fault
        }
        .into());
    }
    match serde_json::from_slice(&bytes) {
        Ok(line) => Ok(Some((bytes, line))),
        Err(_) => Err(senseless(&bytes, *at).into()),
    }
}

/// Why a line makes no sense.
fn senseless(bytes: &[u8], at: u64) -> BackupFault {
    /// The least that the first line of every version holds.
    #[derive(Deserialize)]
    struct Least {
        backup: Version,
    }
    #[derive(Deserialize)]
    struct Version {
        version: u16,
    }
    match serde_json::from_slice::<Least>(bytes) {
        Ok(least) if at == 1 && least.backup.version > VERSION => {
            BackupFault::Newer(least.backup.version)
        }
        Ok(_) | Err(_) if at == 1 => BackupFault::NotBackup,
        Ok(_) | Err(_) => BackupFault::Line(at),
    }
}

/// Why a file, or the age file around the lines, does not read on.
fn unread(path: &Path, fault: io::Error) -> StoreError {
    let broken = [io::ErrorKind::UnexpectedEof, io::ErrorKind::InvalidData];
    if broken.contains(&fault.kind()) {
        BackupFault::Altered.into()
    } else {
        disk("reading", path)(fault)
    }
}
