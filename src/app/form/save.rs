//! A sheet as changes: the person, and where need be the household and the dwelling.
//!
//! Invariant: every text that was typed is in the changes: what cannot be read stands in the note.

use crate::app::Desk;
use crate::app::form::place;
use crate::app::form::reading;
use crate::app::form::reading::Reading;
use crate::app::form::sheet::Home;
use crate::app::form::sheet::Sheet;
use crate::app::form::slot::Slot;
use crate::model::change::Change;
use crate::model::draft::Draft;
use crate::model::household;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::settle;
use crate::model::value::Phone;
use crate::model::value::Value;

/// The codes of 户主 and of 本人, who is the head of a household of one's own.
pub const HEADS: [&str; 2] = ["02", "01"];

/// The changes that enter the person of a sheet, and the household they join.
pub fn changes(desk: &Desk<'_>, sheet: &Sheet) -> (Vec<Change>, Option<HouseholdId>) {
    let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
    let mut draft = Draft::new(desk.index.book());
    let subject = sheet.person.subject();
    for slot in Slot::all().filter(|slot| slot.field().table == Table::Person) {
        let value = reading::value(sheet, slot);
        if value.is_some() {
            draft.set(subject, slot.field().number, value);
        }
    }
    let note = note(desk, sheet);
    draft.set(subject, person::NOTE, note.map(Value::Text));
    settle::mark_draft(&mut draft, sheet.person);
    let home = settle(&mut draft, desk, sheet, &mut mint);
    if let Some(home) = home {
        let link = Value::Link(home.0);
        draft.set(subject, person::HOUSEHOLD, Some(link));
        crown(&mut draft, sheet, home);
        number(&mut draft, sheet, home);
    }
    (draft.finish(), home)
}

/// The household that the newcomer joins, made if need be.
fn settle(
    draft: &mut Draft<'_>,
    desk: &Desk<'_>,
    sheet: &Sheet,
    mint: &mut Mint,
) -> Option<HouseholdId> {
    if let Some(known) = place::household(desk.index, sheet) {
        return Some(known);
    }
    let address = place::address(sheet);
    let numbered = !sheet.text(Slot::NUMBER).trim().is_empty();
    let dwelling = (!address.is_empty()).then(|| {
        let known = settle::dwelling_at(draft.book(), &address);
        known.unwrap_or_else(|| settle::build(draft, &address, mint))
    });
    let founds = dwelling.is_some() || numbered || sheet.home() == Home::New;
    founds.then(|| settle::found(draft, dwelling, mint))
}

/// The head of a household without one: who says so, or who is the first there and says nothing.
fn crown(draft: &mut Draft<'_>, sheet: &Sheet, home: HouseholdId) {
    if draft.get(home.subject(), household::HEAD).is_some() {
        return;
    }
    let subject = sheet.person.subject();
    let relation = draft.get(subject, person::RELATION);
    let heads = match &relation {
        Some(value) => value.text().is_some_and(|code| HEADS.contains(&code)),
        None => draft.book().members(home).is_empty(),
    };
    if heads {
        let link = Value::Link(sheet.person.0);
        draft.set(home.subject(), household::HEAD, Some(link));
        let head = Value::Code(HEADS[0].to_owned());
        draft.set(subject, person::RELATION, relation.or(Some(head)));
    }
}

/// The 户号, where the household has none yet.
fn number(draft: &mut Draft<'_>, sheet: &Sheet, home: HouseholdId) {
    let text = sheet.text(Slot::NUMBER).trim();
    if !text.is_empty() && draft.get(home.subject(), household::NUMBER).is_none() {
        let value = Value::Text(text.to_owned());
        draft.set(home.subject(), household::NUMBER, Some(value));
    }
}

/// The note, and after it what could not be read, each under its label.
fn note(desk: &Desk<'_>, sheet: &Sheet) -> Option<String> {
    let own = sheet.text(Slot::NOTE).trim();
    let mut parts: Vec<String> = vec![own.to_owned()];
    parts.retain(|part| !part.is_empty());
    for slot in Slot::all() {
        let text = sheet.text(slot).trim();
        if reading::read(slot, text) == Reading::Unread {
            parts.push(format!("{}: {text}", slot.field().label(desk.lang)));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the next member of the same household shares with the one just entered.
pub fn shared(sheet: &Sheet) -> Vec<(Slot, String)> {
    let mut shared = Vec::new();
    for slot in [Slot::ADDRESS, Slot::NUMBER] {
        shared.push((slot, sheet.text(slot).trim().to_owned()));
    }
    let phone = match reading::value(sheet, Slot::PHONE) {
        Some(Value::Phones(phones)) => phones.into_iter().next(),
        _ => None,
    };
    if let Some(phone) = phone {
        // A number that is someone else's says whose it is.
        let own = sheet.text(Slot::NAME).trim().to_owned();
        let label = phone.label.or(Some(own));
        shared.push((Slot::PHONE, Phone { label, ..phone }.to_string()));
    }
    shared
}
