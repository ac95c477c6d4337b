//! What sled holds: a record under its table and id, and, under a key of its own, where the trees
//! stand.
//!
//! The ids of some tables are spelled by words of the committee (a view's name). In a sealed
//! register such a record stands under a keyed hash of its id, and its id within the sealed value.
//!
//! Where a part of the register is hidden from some who have a key, records are sealed for the others
//! only: who sees a part builds no trees and asks none but where they stand.
//!
//! Invariant: in a sealed register no key and no value tells a word that anybody typed.

use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::record::Record;
use crate::store::engine::Pair;
use crate::store::mark::Mark;
use crate::store::record;
use crate::store::record::Unreadable;
use crate::store::vault::Spot;
use crate::store::vault::Vault;
use uuid::Uuid;

/// Where the trees' word about themselves stands; records stand under a table's number, from 1.
pub(crate) const ABOUT: &[u8] = &[0];

/// The tables whose ids are spelled by words; those of the others are minted.
fn is_spelled(table: Table) -> bool {
    match table {
        Table::Category | Table::View | Table::Setting => true,
        Table::Person | Table::Household | Table::Dwelling | Table::Assertion | Table::Visit => {
            false
        }
    }
}

/// The hash under which a spelled record stands, in a sealed register.
fn hashed(vault: &Vault, subject: Subject) -> Option<[u8; 16]> {
    let is_spelled = is_spelled(subject.table);
    let kind = [b't', subject.table as u8];
    let hash = || vault.name(&format!("{kind:?}"), subject.id.as_bytes());
    is_spelled.then(hash).flatten()
}

/// The key of a record.
pub(crate) fn key(vault: &Vault, subject: Subject) -> Vec<u8> {
    let mut key = vec![subject.table as u8];
    match hashed(vault, subject) {
        Some(hash) => key.extend_from_slice(&hash),
        None => key.extend_from_slice(subject.id.as_bytes()),
    }
    key
}

/// A record's key and value; no value for a record without fields.
pub(crate) fn pair(vault: &Vault, subject: Subject, record: &Record) -> Result<Pair, Unreadable> {
    let key = key(vault, subject);
    if record.is_empty() {
        return Ok((key, None));
    }
    let mut plain = record::encode_record(record);
    if hashed(vault, subject).is_some() {
        plain = [subject.id.as_bytes().as_slice(), &plain].concat();
    }
    let value = vault.seal(Spot::Row(&key), plain)?;
    Ok((key, Some(value)))
}

/// The record behind a key and a value, unless they are the trees' word about themselves.
pub(crate) fn read(
    vault: &Vault,
    key: &[u8],
    value: &[u8],
) -> Result<Option<(Subject, Record)>, Unreadable> {
    if key == ABOUT {
        return Ok(None);
    }
    let no_key = || Unreadable("a key that makes no sense".into());
    let (table, id) = key.split_first().ok_or_else(no_key)?;
    let table = Table::from_number(*table).ok_or_else(no_key)?;
    let plain = vault.open(Spot::Row(key), value)?;
    let is_hashed = is_spelled(table) && matches!(vault, Vault::Sealed(_));
    let (id, stored) = if is_hashed {
        plain.split_at_checked(16).ok_or_else(no_key)?
    } else {
        (id, &*plain)
    };
    let id = Uuid::from_slice(id).map_err(|_| no_key())?;
    let record = record::decode_record(stored)?;
    Ok(Some((Subject { table, id }, record)))
}

/// The trees' word about themselves, to be put in.
pub(crate) fn about(vault: &Vault, mark: Mark) -> Result<Pair, Unreadable> {
    let plain = record::encode_mark(&mark)?;
    Ok((ABOUT.to_vec(), Some(vault.seal(Spot::About, plain)?)))
}

/// The trees' word about themselves.
pub(crate) fn read_about(vault: &Vault, value: &[u8]) -> Result<Mark, Unreadable> {
    record::decode_mark(&vault.open(Spot::About, value)?)
}
