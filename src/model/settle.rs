//! Where people come to live: dwellings found by their address, households founded in them; and
//! whether what is known of a newcomer is enough.
//!
//! Invariant: a dwelling is made only when none of the book can be meant.

use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::draft::Draft;
use crate::model::household;
use crate::model::household::Dwelling;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::value::Value;

/// A family, in the table of household kinds.
const FAMILY: &str = "1";

/// The dwelling at an address, if the book has it. An address without an estate means the one
/// estate that has such a door, and none when several have.
pub fn dwelling_at(book: &Book, address: &Address) -> Option<DwellingId> {
    let near: Vec<Dwelling<'_>> = book
        .dwellings()
        .filter(|one| one.address().can_be(address))
        .collect();
    let same = near
        .iter()
        .filter(|one| one.address().estate == address.estate);
    let only = match near.as_slice() {
        [only] => Some(only.id),
        _ => None,
    };
    same.map(|one| one.id).min().or(only)
}

/// Makes a dwelling.
pub fn build(draft: &mut Draft<'_>, address: &Address, mint: &mut Mint) -> DwellingId {
    let id = mint.dwelling();
    for (field, part) in household::parts(address) {
        if let Some(part) = part {
            draft.set(id.subject(), field, Some(Value::Text(part)));
        }
    }
    id
}

/// Founds a household, in a dwelling if one is known.
pub fn found(draft: &mut Draft<'_>, dwelling: Option<DwellingId>, mint: &mut Mint) -> HouseholdId {
    let id = mint.household();
    let kind = Value::Code(FAMILY.to_owned());
    draft.set(id.subject(), household::KIND, Some(kind));
    if let Some(dwelling) = dwelling {
        let link = Value::Link(dwelling.0);
        draft.set(id.subject(), household::DWELLING, Some(link));
    }
    id
}

/// Marks a record that was entered in a hurry (neither identity number nor birth is known), and
/// takes the mark from one that was completed since.
pub fn mark_draft(draft: &mut Draft<'_>, who: PersonId) {
    let subject = who.subject();
    let known = |field| draft.get(subject, field).is_some();
    if !known(person::ID_NO) && !known(person::BIRTH) {
        draft.set(subject, person::DRAFT, Some(Value::Flag(true)));
    } else if known(person::DRAFT) {
        draft.set(subject, person::DRAFT, None);
    }
}
