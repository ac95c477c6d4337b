//! A sheet: what was typed of one newcomer, as it was typed.
//!
//! Invariant: holds texts only, by the keys of their fields, so that a sheet of yesterday's program
//! can be filled in today; a blank is no text.

use crate::app::form::slot::Slot;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// The name under which this desk keeps its sheets.
pub const KEPT: &str = "form";

/// A sheet being filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Who it will be: a sheet whose person is in the register has been saved.
    pub person: PersonId,
    home: Home,
    /// The texts, by the keys of their fields.
    texts: BTreeMap<String, String>,
    /// What it began with, which nobody has typed.
    given: BTreeMap<String, String>,
    at: String,
}

/// Which household was chosen, for the address as it stood then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Home {
    /// None: the one at the address, or a new one.
    Open,
    /// This one.
    Known(HouseholdId),
    /// A new one, whoever lives there.
    New,
}

impl Sheet {
    /// A blank sheet.
    pub fn new(person: PersonId) -> Sheet {
        Sheet {
            person,
            home: Home::Open,
            texts: BTreeMap::new(),
            given: BTreeMap::new(),
            at: Slot::NAME.field().key.to_owned(),
        }
    }

    /// A sheet for another member of a household, with what the members share.
    pub fn of_member(person: PersonId, home: HouseholdId, given: &[(Slot, String)]) -> Sheet {
        let mut sheet = Sheet::new(person);
        for (slot, text) in given {
            sheet.set(*slot, text);
        }
        sheet.home = Home::Known(home);
        sheet.given.clone_from(&sheet.texts);
        sheet.go(Slot::RELATION);
        sheet
    }

    /// The text of a slot.
    pub fn text(&self, slot: Slot) -> &str {
        self.texts.get(slot.field().key).map_or("", String::as_str)
    }

    /// Sets the text of a slot; another address leaves the household open again.
    pub fn set(&mut self, slot: Slot, text: &str) {
        if text == self.text(slot) {
            return;
        }
        if slot == Slot::ADDRESS {
            self.home = Home::Open;
        }
        let key = slot.field().key.to_owned();
        if text.is_empty() {
            self.texts.remove(&key);
        } else {
            self.texts.insert(key, text.to_owned());
        }
    }

    /// Which household was chosen.
    pub fn home(&self) -> Home {
        self.home
    }

    /// Chooses the household.
    pub fn choose(&mut self, home: Home) {
        self.home = home;
    }

    /// The slot under the cursor.
    pub fn at(&self) -> Slot {
        Slot::by_key(&self.at).unwrap_or(Slot::NAME)
    }

    /// Moves the cursor.
    pub fn go(&mut self, slot: Slot) {
        slot.field().key.clone_into(&mut self.at);
    }

    /// Whether nobody has typed anything.
    pub fn is_blank(&self) -> bool {
        self.texts == self.given
    }

    /// Whether it says what another one says.
    pub fn says_what(&self, other: &Sheet) -> bool {
        self.texts == other.texts
    }

    /// Whether a text was not typed here but came with the household.
    pub fn is_given(&self, slot: Slot) -> bool {
        let given = self.given.get(slot.field().key);
        given.is_some_and(|given| given == self.text(slot))
    }
}

/// The sheets as bytes, the one on screen first; nothing when there are none to keep.
pub fn pack(sheets: &[Sheet]) -> Vec<u8> {
    let filled: Vec<&Sheet> = sheets.iter().filter(|sheet| !sheet.is_blank()).collect();
    if filled.is_empty() {
        return Vec::new();
    }
    serde_json::to_vec(&filled).unwrap_or_default()
}

/// The sheets that were kept.
pub fn unpack(bytes: &[u8]) -> Vec<Sheet> {
    serde_json::from_slice(bytes).unwrap_or_default()
}
