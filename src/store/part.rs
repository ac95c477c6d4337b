//! Records of one table, as a block of a checkpoint holds them.
//!
//! ```text
//! part    version 2 | table u8 | record ..
//! record  id 16 | length u32 | the record as it is packed
//! ```
//!
//! What lies behind the line stands in a hidden part of the same form: a record's hidden fields under
//! the same id, an assertion whole.
//!
//! Invariant: records are in the order of their ids, each once, whichever parts are read.

use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::record::Record;
use crate::model::sieve::Sieve;
use crate::store::record::PACKED;
use crate::store::record::Unreadable;
use crate::store::record::senseless;
use crate::store::record::versioned;
use crate::store::vault::parts::Hidden;
use crate::store::vault::parts::Parts;
use crate::store::vault::parts::Plain;
use std::iter::Peekable;
use std::vec::IntoIter;
use uuid::Uuid;

/// Some records of a table.
pub(crate) struct Part {
    /// The table.
    pub(crate) table: Table,
    /// The records, by id.
    pub(crate) records: Vec<(Uuid, Record)>,
}

/// A block being filled.
pub(crate) struct Fill {
    table: Table,
    open: Vec<u8>,
    hidden: Vec<u8>,
    /// The id of the first record.
    pub(crate) first: Option<Uuid>,
    /// How many there are.
    pub(crate) records: usize,
    /// Those of them that are assertions behind the line.
    pub(crate) claims: Vec<Uuid>,
}

impl Fill {
    /// Nothing of a table.
    pub(crate) fn of(table: Table) -> Fill {
        Fill {
            table,
            open: head(table),
            hidden: head(table),
            first: None,
            records: 0,
            claims: vec![],
        }
    }

    /// Adds a record; its id is later than those before. `sieve` says what is hidden, where anything
    /// is.
    pub(crate) fn add(
        &mut self,
        id: Uuid,
        record: &Record,
        sieve: Option<&Sieve>,
    ) -> Result<(), Unreadable> {
        self.first.get_or_insert(id);
        self.records += 1;
        let table = self.table;
        let subject = Subject { table, id };
        let hides = |field| sieve.is_some_and(|one| one.hides(subject, field));
        if !record.fields().any(hides) {
            return push(&mut self.open, id, record);
        }
        let (shown, kept) = record.parted(hides);
        if !shown.is_empty() {
            push(&mut self.open, id, &shown)?;
        }
        if table == Table::Assertion {
            self.claims.push(id);
        }
        push(&mut self.hidden, id, &kept)
    }

    /// What the block holds.
    pub(crate) fn parts(self) -> Parts<Vec<u8>> {
        if self.hidden.len() == head(self.table).len() {
            return Parts::alone(self.open);
        }
        Parts {
            open: self.open,
            hidden: Hidden::Open(self.hidden),
        }
    }
}

fn head(table: Table) -> Vec<u8> {
    vec![PACKED, table as u8]
}

fn push(bytes: &mut Vec<u8>, id: Uuid, record: &Record) -> Result<(), Unreadable> {
    let packed = record.packed().as_bytes();
    let length = u32::try_from(packed.len()).map_err(|fault| Unreadable(fault.to_string()))?;
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(packed);
    Ok(())
}

/// The records of a block, as far as it is open.
pub(crate) fn decode(plain: &Plain<'_>) -> Result<Part, Unreadable> {
    let (table, records) = read(&plain.open)?;
    let Hidden::Open(hidden) = &plain.hidden else {
        return Ok(Part { table, records });
    };
    let (same, hidden) = read(hidden)?;
    if same != table {
        return Err(senseless());
    }
    Ok(Part {
        table,
        records: merge(records, hidden).ok_or_else(senseless)?,
    })
}

fn read(bytes: &[u8]) -> Result<(Table, Vec<(Uuid, Record)>), Unreadable> {
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

/// Records that are sorted, from two rows that are; `None` when they contradict each other.
fn merge(one: Vec<(Uuid, Record)>, other: Vec<(Uuid, Record)>) -> Option<Vec<(Uuid, Record)>> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let Some(id) = [first(&mut one), first(&mut other)]
        .into_iter()
        .flatten()
        .min()
    {
        let here = one.next_if(|(next, _)| *next == id);
        let there = other.next_if(|(next, _)| *next == id);
        let record = match (here, there) {
            (Some((_, here)), Some((_, there))) => here.joined(&there)?,
            (Some((_, record)), None) | (None, Some((_, record))) => record,
            (None, None) => return None,
        };
        all.push((id, record));
    }
    Some(all)
}

fn first(row: &mut Peekable<IntoIter<(Uuid, Record)>>) -> Option<Uuid> {
    row.peek().map(|(id, _)| *id)
}
