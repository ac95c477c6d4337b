//! Addresses, part by part.
//!
//! Invariant: building 3 never stands for building 13.

use crate::index::column::Columns;
use crate::index::literal::fold;
use crate::index::set::Set;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::Table;
use crate::query::Place;

/// What says where a dwelling is.
pub(crate) const PARTS: [FieldNo; 5] = [
    household::ESTATE,
    household::BUILDING,
    household::UNIT,
    household::ROOM,
    household::ADDRESS_TEXT,
];

/// Those of `within` who live at a place, as far as it is given.
pub(crate) fn at(columns: &Columns, place: &Place, within: &Set) -> Set {
    let mut found = within.clone();
    for (part, text) in [
        (household::BUILDING, &place.building),
        (household::UNIT, &place.unit),
    ] {
        if let Some(text) = text {
            found = columns.is((Table::Dwelling, part), &fold(text), &found);
        }
    }
    if let Some(estate) = &place.estate {
        found = columns.holding((Table::Dwelling, household::ESTATE), &fold(estate), &found);
    }
    if let Some(head) = &place.room {
        found = room(columns, head, &found);
    }
    found
}

/// Those of `within` whose room begins so.
pub(crate) fn room(columns: &Columns, head: &str, within: &Set) -> Set {
    let head = fold(head);
    columns.that((Table::Dwelling, household::ROOM), within, |room| {
        room.starts_with(head.as_bytes())
    })
}
