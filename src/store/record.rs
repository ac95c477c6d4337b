//! Versioned bincode of what is stored; the only file that names bincode.
//!
//! Everything stored opens with a version byte, so that a later format is told from this one;
//! records are stored as they are packed in memory, the one thing that is not bincode. The
//! parts that are asked for alone (the mark, the head) come first and are read without the rest.
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
use crate::store::mark::Mark;
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
const PACKED: u8 = 2;

/// Nothing that is read in one go may decode to more than this.
const LIMIT: usize = 1 << 30;

/// Why stored bytes cannot be read or made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) String);

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

/// What a frame of the journal holds: the mark after the commit, then the commit.
pub(crate) fn encode_frame(mark: &Mark, commit: &Commit) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = vec![VERSION];
    write(mark, &mut bytes)?;
    write(commit, &mut bytes)?;
    Ok(bytes)
}

/// The whole of a frame.
pub(crate) fn decode_frame(bytes: &[u8]) -> Result<(Mark, Commit), Unreadable> {
    let (mark, head, walk) = walk_frame(bytes)?;
    let commit = Commit {
        id: head.id,
        stamp: head.stamp,
        replica: head.replica,
        number: head.number,
        worker: head.worker,
        act: head.act,
        undoes: head.undoes,
        changes: walk.collect::<Result<_, _>>()?,
    };
    Ok((mark, commit))
}

/// A frame's mark and head, and a walk over its changes.
pub(crate) fn walk_frame(bytes: &[u8]) -> Result<(Mark, Head, Walk<'_>), Unreadable> {
    let ((mark, head), rest): ((Mark, Head), &[u8]) = part(versioned(bytes, VERSION)?)?;
    let left = head.changes.0;
    Ok((mark, head, Walk { rest, left }))
}

/// The changes of a frame, read one after another: those of a large import, whole, would take
/// gigabytes.
#[derive(Clone)]
pub(crate) struct Walk<'b> {
    rest: &'b [u8],
    left: u64,
}

impl Walk<'_> {
    /// Whether every change can be read.
    pub(crate) fn is_sound(&self) -> Result<(), Unreadable> {
        self.clone().try_for_each(|change| change.map(drop))
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<Change, Unreadable>;

    fn next(&mut self) -> Option<Result<Change, Unreadable>> {
        self.left = self.left.checked_sub(1)?;
        let read = part(self.rest);
        match read {
            Ok((change, rest)) => {
                self.rest = rest;
                Some(Ok(change))
            }
            Err(fault) => {
                self.left = 0;
                Some(Err(fault))
            }
        }
    }
}

/// A frame's head: all but the changes.
pub(crate) fn decode_head(bytes: &[u8]) -> Result<(Mark, Head), Unreadable> {
    read(bytes)
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

/// Records of one table, by id.
pub(crate) type Part = (Table, Vec<(Uuid, Record)>);

/// What a block of records holds: the table's number, then for each record its id, its length as
/// u32, and itself as it is packed.
pub(crate) fn encode_part<'r>(
    table: Table,
    records: impl Iterator<Item = (Uuid, &'r Record)>,
) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = vec![PACKED, table as u8];
    for (id, record) in records {
        let packed = record.packed().as_bytes();
        let length = u32::try_from(packed.len()).map_err(|fault| Unreadable(fault.to_string()))?;
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(packed);
    }
    Ok(bytes)
}

/// The records of a block.
pub(crate) fn decode_part(bytes: &[u8]) -> Result<Part, Unreadable> {
    let (table, mut rest) = versioned(bytes, PACKED)?
        .split_first()
        .ok_or_else(senseless)?;
    let table = Table::from_number(*table).ok_or_else(senseless)?;
    let mut records = vec![];
    while !rest.is_empty() {
        let (one, behind) = first_record(rest).ok_or_else(senseless)?;
        records.push(one);
        rest = behind;
    }
    Ok((table, records))
}

fn first_record(bytes: &[u8]) -> Option<((Uuid, Record), &[u8])> {
    let (id, rest) = bytes.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (packed, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let record = Record::checked(str::from_utf8(packed).ok()?)?;
    Some(((Uuid::from_bytes(*id), record), rest))
}

/// Whether a block of records is of the version before this one, which only the journal replaces.
pub(crate) fn is_older(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|version| *version < PACKED)
}

fn senseless() -> Unreadable {
    Unreadable("a record that makes no sense".into())
}

/// What a block of a checkpoint holds.
pub(crate) fn encode_block<T: Serialize>(content: &T) -> Result<Vec<u8>, Unreadable> {
    encode(content)
}

/// A block of a checkpoint.
pub(crate) fn decode_block<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    read(bytes)
}

/// Appends a value's canonical bytes, for digests: the integers are of fixed width, so that no
/// later choice of how to store them alters a digest.
pub(crate) fn digest_bytes(value: &impl Serialize, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
    let config: Configuration<LittleEndian, Fixint> =
        bincode::config::standard().with_fixed_int_encoding();
    bincode::serde::encode_into_std_write(value, bytes, config)
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
fn versioned(bytes: &[u8], wanted: u8) -> Result<&[u8], Unreadable> {
    match bytes.split_first() {
        Some((version, rest)) if *version == wanted => Ok(rest),
        Some((version, _)) => Err(Unreadable(format!("unknown version {version}"))),
        None => Err(Unreadable("empty".into())),
    }
}
