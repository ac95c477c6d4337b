//! Versioned bincode of what is stored; the only file that names bincode.
//!
//! Everything stored opens with a version byte, so that a later format is told from this one;
//! records are stored as they are packed in memory, the one thing that is not bincode. The
//! parts that are asked for alone (the mark, the head) come first and are read without the rest.
//!
//! What lies behind the line ([`Sieve`]) stands in a part of its own: of a frame the act, if it does,
//! and the changes, each with how many open ones come before it; of a block the hidden fields, as
//! records of the same ids. Who reads both parts has the whole again as it was; the others have what
//! the open part says, and for an act that is hidden [`Act::Veiled`].
//!
//! Invariant: what this file wrote in any version stays readable; bytes that make no sense are an
//! error, never a panic and never a great allocation.

use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::change::Stamp;
use crate::model::ids::CommitId;
use crate::model::ids::ReplicaId;
use crate::model::ids::Table;
use crate::model::record::Record;
use crate::model::sieve::Sieve;
use crate::store::mark::Mark;
use crate::store::vault::parts::Hidden;
use crate::store::vault::parts::Parts;
use crate::store::vault::parts::Plain;
use bincode::config::Configuration;
use bincode::config::Fixint;
use bincode::config::Limit;
use bincode::config::LittleEndian;
use bincode::config::Varint;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The version that is written. Version 1 is the only one so far, but for records.
const VERSION: u8 = 1;

/// The version of a record: 1 was bincode, 2 is the record as it is packed in memory.
pub(crate) const PACKED: u8 = 2;

/// So many changes of a walk are handed on at once.
const PIECE: usize = 1 << 17;

/// Nothing that is read in one go may decode to more than this.
const LIMIT: usize = 1 << 30;

/// Why stored bytes cannot be read or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

impl Head {
    /// That of a commit.
    pub(crate) fn of(commit: &Commit) -> Head {
        Head {
            id: commit.id,
            stamp: commit.stamp,
            replica: commit.replica,
            number: commit.number,
            worker: commit.worker.clone(),
            act: commit.act.clone(),
            undoes: commit.undoes,
            changes: Count(commit.changes.len() as u64),
        }
    }

    /// The commit with these changes.
    pub(crate) fn with(&self, changes: Vec<Change>) -> Commit {
        Commit {
            id: self.id,
            stamp: self.stamp,
            replica: self.replica,
            number: self.number,
            worker: self.worker.clone(),
            act: self.act.clone(),
            undoes: self.undoes,
            changes,
        }
    }
}

impl From<Unreadable> for String {
    fn from(fault: Unreadable) -> String {
        fault.0
    }
}

/// A commit without its changes, for those who look for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The commit's name.
    pub(crate) id: CommitId,
    /// When.
    pub(crate) stamp: Stamp,
    /// The machine.
    pub(crate) replica: ReplicaId,
    /// Its number.
    pub(crate) number: u64,
    /// Who.
    pub(crate) worker: String,
    /// What was done.
    pub(crate) act: Act,
    /// What it takes back.
    pub(crate) undoes: Option<CommitId>,
    /// How many changes follow: bincode writes a list's length before the list.
    pub(crate) changes: Count,
}

/// A length as bincode writes it before a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count(pub(crate) u64);

/// What the hidden part of a frame begins with.
#[derive(Serialize, Deserialize)]
struct Veiled {
    /// What was done, where that is hidden.
    act: Option<Act>,
    /// How many changes follow.
    changes: Count,
}

/// Hands on changes, one after another.
type Changes<'c> = dyn Fn(&mut Take<'_>) -> Result<(), Unreadable> + 'c;

/// Takes a change.
type Take<'t> = dyn FnMut(&Change) -> Result<(), Unreadable> + 't;

/// What a frame of the journal holds: the mark after the commit, then the commit. `sieve` says what
/// of it is hidden, where anything is.
pub(crate) fn encode_frame(
    mark: &Mark,
    commit: &Commit,
    sieve: Option<&Sieve>,
) -> Result<Parts<Vec<u8>>, Unreadable> {
    let changes = |take: &mut Take<'_>| commit.changes.iter().try_for_each(take);
    encode_changes(mark, Head::of(commit), sieve, &changes)
}

/// The same of a commit that stands in another frame.
pub(crate) fn encode_walk(
    mark: &Mark,
    head: &Head,
    walk: &Walk<'_>,
    sieve: Option<&Sieve>,
) -> Result<Parts<Vec<u8>>, Unreadable> {
    let changes = |take: &mut Take<'_>| walk.clone().try_for_each(|change| take(&change?));
    encode_changes(mark, head.clone(), sieve, &changes)
}

/// Where anything is hidden there is a hidden part even if nothing stands in it: that there is one
/// shall tell nothing.
fn encode_changes(
    mark: &Mark,
    mut head: Head,
    sieve: Option<&Sieve>,
    changes: &Changes<'_>,
) -> Result<Parts<Vec<u8>>, Unreadable> {
    let mut open = vec![VERSION];
    write(mark, &mut open)?;
    let Some(sieve) = sieve else {
        write(&head, &mut open)?;
        changes(&mut |change| write(change, &mut open))?;
        return Ok(Parts::alone(open));
    };
    let hides = |change: &Change| sieve.hides(change.subject, change.field);
    let mut hidden = 0;
    changes(&mut |change| {
        hidden += u64::from(hides(change));
        Ok(())
    })?;
    let veils = sieve.veils(&head.act, head.changes.0, hidden);
    head.changes.0 = head.changes.0.saturating_sub(hidden);
    let veiled = Veiled {
        act: veils.then(|| std::mem::replace(&mut head.act, Act::Veiled)),
        changes: Count(hidden),
    };
    write(&head, &mut open)?;
    let mut closed = vec![VERSION];
    write(&veiled, &mut closed)?;
    let mut before = 0_u64;
    changes(&mut |change| {
        if hides(change) {
            return write(&(std::mem::take(&mut before), change), &mut closed);
        }
        before += 1;
        write(change, &mut open)
    })?;
    Ok(Parts {
        open,
        hidden: Hidden::Open(closed),
    })
}

/// A frame's mark and head, and a walk over its changes.
pub(crate) fn walk_frame<'p>(plain: &'p Plain<'_>) -> Result<(Mark, Head, Walk<'p>), Unreadable> {
    let ((mark, mut head), rest) = part::<(Mark, Head)>(versioned(&plain.open, VERSION)?)?;
    let open = Run {
        rest,
        left: head.changes.0,
    };
    let Hidden::Open(hidden) = &plain.hidden else {
        return Ok((mark, head, Walk::of(open, Run::default())?));
    };
    let (veiled, rest) = part::<Veiled>(versioned(hidden, VERSION)?)?;
    let left = veiled.changes.0;
    head.act = veiled.act.unwrap_or(head.act);
    head.changes.0 = head.changes.0.saturating_add(left);
    Ok((mark, head, Walk::of(open, Run { rest, left })?))
}

/// The changes of a frame, read one after another: those of a large import, whole, would take
/// gigabytes.
#[derive(Clone)]
pub(crate) struct Walk<'b> {
    open: Run<'b>,
    hidden: Run<'b>,
    /// The next hidden change, and how many open ones come before it.
    next: Option<(u64, Change)>,
}

/// Values that stand one behind the other.
#[derive(Clone, Default)]
struct Run<'b> {
    rest: &'b [u8],
    left: u64,
}

impl Run<'_> {
    /// The next value.
    fn take<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Unreadable> {
        if self.left == 0 {
            return Ok(None);
        }
        let (value, rest) = part(self.rest)?;
        self.rest = rest;
        self.left -= 1;
        Ok(Some(value))
    }
}

impl<'b> Walk<'b> {
    fn of(open: Run<'b>, mut hidden: Run<'b>) -> Result<Walk<'b>, Unreadable> {
        let next = hidden.take()?;
        Ok(Walk { open, hidden, next })
    }

    /// Whether every change can be read.
    pub(crate) fn is_sound(&self) -> Result<(), Unreadable> {
        self.clone().try_for_each(|change| change.map(drop))
    }

    /// Hands on all changes, so many at once, and at last those that are left, if any.
    pub(crate) fn pieces(
        &self,
        each: &mut dyn FnMut(&[Change]) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let mut piece = vec![];
        for change in self.clone() {
            piece.push(change?);
            if piece.len() == PIECE {
                each(&piece)?;
                piece.clear();
            }
        }
        each(&piece)
    }

    /// The assertions whose changes are hidden.
    pub(crate) fn claims(&self) -> Result<Vec<Uuid>, Unreadable> {
        let mut walk = Walk {
            open: Run::default(),
            ..self.clone()
        };
        let mut claims = vec![];
        while let Some((_, change)) = walk.next {
            if change.subject.table == Table::Assertion {
                claims.push(change.subject.id);
            }
            walk.next = walk.hidden.take()?;
        }
        Ok(claims)
    }

    fn step(&mut self) -> Result<Option<Change>, Unreadable> {
        if let Some((_, change)) = self.next.take_if(|(before, _)| *before == 0) {
            self.next = self.hidden.take()?;
            return Ok(Some(change));
        }
        match (self.open.take()?, &mut self.next) {
            (Some(change), Some((before, _))) => {
                *before -= 1;
                Ok(Some(change))
            }
            (None, Some(_)) => Err(Unreadable("a hidden change that has no place".into())),
            (change, None) => Ok(change),
        }
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Change, Unreadable>;

    fn next(&mut self) -> Option<Result<Change, Unreadable>> {
        let stepped = self.step();
        if stepped.is_err() {
            (self.open, self.hidden, self.next) = (Run::default(), Run::default(), None);
        }
        stepped.transpose()
    }
}

/// The mark of a frame.
pub(crate) fn decode_frame_mark(plain: &Plain<'_>) -> Result<Mark, Unreadable> {
    read(&plain.open)
}

/// What the store holds for a record.
pub(crate) fn encode_record(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + record.packed().len());
    bytes.push(PACKED);
    bytes.extend_from_slice(record.packed().as_bytes());
    bytes
}

/// A record of the store.
pub(crate) fn decode_record(bytes: &[u8]) -> Result<Record, Unreadable> {
    let packed = versioned(bytes, PACKED)?;
    let packed = str::from_utf8(packed).ok();
    packed.and_then(Record::checked).ok_or_else(senseless)
}

/// What the store holds about itself; its version is that of the records beside it.
pub(crate) fn encode_mark(mark: &Mark) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = vec![PACKED];
    write(mark, &mut bytes)?;
    Ok(bytes)
}

/// The store's word about itself.
pub(crate) fn decode_mark(bytes: &[u8]) -> Result<Mark, Unreadable> {
    part(versioned(bytes, PACKED)?).map(|(mark, _)| mark)
}

/// Of bytes that are no record.
pub(crate) fn senseless() -> Unreadable {
    Unreadable("a record that makes no sense".into())
}

/// What a block of a checkpoint holds.
pub(crate) fn encode_block<T: Serialize>(content: &T) -> Result<Parts<Vec<u8>>, Unreadable> {
    encode(content).map(Parts::alone)
}

/// A block of a checkpoint.
pub(crate) fn decode_block<T: DeserializeOwned>(plain: &Plain<'_>) -> Result<T, Unreadable> {
    read(&plain.open)
}

/// What a block holds of which some may be hidden.
pub(crate) fn encode_both<T: Serialize, H: Serialize>(
    content: &T,
    hidden: Option<&H>,
) -> Result<Parts<Vec<u8>>, Unreadable> {
    Ok(Parts {
        open: encode(content)?,
        hidden: hidden
            .map(encode)
            .transpose()?
            .map_or(Hidden::None, Hidden::Open),
    })
}

/// A block of which some may be hidden: what is, if there is any and it can be read.
pub(crate) fn decode_both<T: DeserializeOwned, H: DeserializeOwned>(
    plain: &Plain<'_>,
) -> Result<(T, Option<H>), Unreadable> {
    let hidden = match &plain.hidden {
        Hidden::Open(hidden) => Some(read(hidden)?),
        Hidden::Closed | Hidden::None => None,
    };
    Ok((read(&plain.open)?, hidden))
}

/// What a part of a snapshot is: numbers stand in it as they lie in memory, so that a million are
/// read in one step.
pub(crate) fn encode_flat<T: Serialize>(content: &T) -> Result<Parts<Vec<u8>>, Unreadable> {
    let mut bytes = vec![VERSION];
    bincode::serde::encode_into_std_write(content, &mut bytes, fixed())
        .map_err(|fault| Unreadable(fault.to_string()))?;
    Ok(Parts::alone(bytes))
}

/// A part of a snapshot.
pub(crate) fn decode_flat<T: DeserializeOwned>(plain: &Plain<'_>) -> Result<T, Unreadable> {
    let bytes = versioned(&plain.open, VERSION)?;
    let read = bincode::serde::borrow_decode_from_slice(bytes, fixed().with_limit::<LIMIT>());
    let (value, _) = read.map_err(|fault| Unreadable(fault.to_string()))?;
    Ok(value)
}

fn fixed() -> Configuration<LittleEndian, Fixint> {
    bincode::config::standard().with_fixed_int_encoding()
}

/// Appends a value's canonical bytes, for digests: the integers are of fixed width, so that no
/// later choice of how to store them alters a digest.
pub(crate) fn digest_bytes(value: &impl Serialize, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
    bincode::serde::encode_into_std_write(value, bytes, fixed())
        .map(|_| ())
        .map_err(|fault| Unreadable(fault.to_string()))
}

fn config() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    bincode::config::standard().with_limit::<LIMIT>()
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = vec![VERSION];
    write(value, &mut bytes)?;
    Ok(bytes)
}

fn write<T: Serialize>(value: &T, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
    bincode::serde::encode_into_std_write(value, bytes, config())
        .map(|_| ())
        .map_err(|fault| Unreadable(fault.to_string()))
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    part(versioned(bytes, VERSION)?).map(|(value, _)| value)
}

/// A value and what follows it.
fn part<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), Unreadable> {
    // Decoding that may borrow makes no copy of an id's bytes on the way.
    let (value, length) = bincode::serde::borrow_decode_from_slice(bytes, config())
        .map_err(|fault| Unreadable(fault.to_string()))?;
    Ok((value, bytes.get(length..).unwrap_or_default()))
}

/// What follows the version.
pub(crate) fn versioned(bytes: &[u8], wanted: u8) -> Result<&[u8], Unreadable> {
    match bytes.split_first() {
        Some((version, rest)) if *version == wanted => Ok(rest),
        Some((version, _)) => Err(Unreadable(format!("unknown version {version}"))),
        None => Err(Unreadable("empty".into())),
    }
}
