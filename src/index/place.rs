//! Addresses as sets, and as keys that order them.
//!
//! Invariant: building 3 never stands for building 13.

use crate::index::literal::fold;
use crate::index::people::Way;
use crate::model::address::Address;
use crate::query::Place;
use roaring::RoaringBitmap;
use std::collections::BTreeMap;

/// Who lives where, part by part.
#[derive(Debug, Default)]
pub(crate) struct Places {
    estates: Part,
    buildings: Part,
    units: Part,
    rooms: Part,
    /// Whose address is known, be it in part.
    pub(crate) known: RoaringBitmap,
}

type Part = BTreeMap<String, RoaringBitmap>;

impl Places {
    /// Puts a person's address in or takes it out.
    pub(crate) fn put(&mut self, way: Way, number: u32, address: &Address) {
        for (part, text) in [
            (&mut self.estates, &address.estate),
            (&mut self.buildings, &address.building),
            (&mut self.units, &address.unit),
            (&mut self.rooms, &address.room),
        ] {
            if let Some(text) = text {
                way.mark(part.entry(fold(text)).or_default(), number);
            }
        }
        if !address.is_empty() {
            way.mark(&mut self.known, number);
        }
    }

    /// Those of `within` who live at a place, as far as it is given.
    pub(crate) fn find(&self, place: &Place, within: &RoaringBitmap) -> RoaringBitmap {
        let mut found = within.clone();
        if let Some(estate) = &place.estate {
            let estate = fold(estate);
            let named = self
                .estates
                .iter()
                .filter(|(name, _)| name.contains(&estate));
            found &= union(named.map(|(_, set)| set));
        }
        for (part, text) in [
            (&self.buildings, &place.building),
            (&self.units, &place.unit),
        ] {
            if let Some(text) = text {
                found &= union(part.get(&fold(text)).into_iter());
            }
        }
        if let Some(room) = &place.room {
            found = self.room(room, &found);
        }
        found
    }

    /// Those of `within` whose room begins so.
    pub(crate) fn room(&self, head: &str, within: &RoaringBitmap) -> RoaringBitmap {
        let head = fold(head);
        let rooms = self.rooms.range(head.clone()..);
        let rooms = rooms.take_while(|(room, _)| room.starts_with(&head));
        union(rooms.map(|(_, set)| set)) & within
    }
}

/// Everyone who is in one of the sets.
pub(crate) fn union<'a>(sets: impl Iterator<Item = &'a RoaringBitmap>) -> RoaringBitmap {
    sets.fold(RoaringBitmap::new(), |all, set| all | set)
}
