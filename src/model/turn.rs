//! What happens to the members of a household: who heads it, who parts from it, joins it, moves
//! away, dies, comes back.
//!
//! Invariant: nobody and nothing is erased: a household that nobody is left in stays on record, and
//! what no longer holds (a relation to another head) becomes unknown, never wrong.

use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::value::Value;

/// 户主, 配偶, 夫, 妻 of GB/T 4761-2008.
const HEAD: &str = "02";
const SPOUSE: &str = "10";
const HUSBAND: &str = "11";
const WIFE: &str = "12";

/// What happens to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// They become the head.
    Head,
    /// They make a household of their own in the same dwelling (分户).
    Part,
    /// They go over to another household.
    Join(HouseholdId),
    /// They moved out of the community (迁出).
    Left,
    /// They died.
    Died,
    /// They are back on the rolls: a mistake, or they moved back.
    Back,
}

/// Makes a turn in a draft, as of a day.
pub fn take(draft: &mut Draft<'_>, who: PersonId, turn: Turn, day: Date, mint: &mut Mint) {
    match turn {
        Turn::Head => crown(draft, who),
        Turn::Part => part(draft, who, mint),
        Turn::Join(home) => join(draft, who, home),
        Turn::Left => {
            become_known_as(draft, who, "2", day);
            set(draft, who, person::LEFT, Some(Value::Date(day)));
        }
        Turn::Died => become_known_as(draft, who, "3", day),
        Turn::Back => {
            become_known_as(draft, who, "1", day);
            set(draft, who, person::LEFT, None);
        }
    }
}

fn set(draft: &mut Draft<'_>, who: PersonId, field: FieldNo, value: Option<Value>) {
    draft.set(who.subject(), field, value);
}

fn relate(draft: &mut Draft<'_>, who: PersonId, code: Option<&str>) {
    let value = code.map(|code| Value::Code(code.to_owned()));
    set(draft, who, person::RELATION, value);
}

fn become_known_as(draft: &mut Draft<'_>, who: PersonId, life: &str, day: Date) {
    set(draft, who, person::LIFE, Some(Value::Code(life.to_owned())));
    set(draft, who, person::LIFE_DATE, Some(Value::Date(day)));
}

fn home(draft: &Draft<'_>, who: PersonId) -> Option<HouseholdId> {
    match draft.get(who.subject(), person::HOUSEHOLD) {
        Some(Value::Link(id)) => Some(HouseholdId(id)),
        _ => None,
    }
}

fn head(draft: &Draft<'_>, home: HouseholdId) -> Option<PersonId> {
    match draft.get(home.subject(), household::HEAD) {
        Some(Value::Link(id)) => Some(PersonId(id)),
        _ => None,
    }
}

fn relation(draft: &Draft<'_>, who: PersonId) -> Option<String> {
    draft
        .text(who.subject(), person::RELATION)
        .map(str::to_owned)
}

/// Makes someone the head. Where the spouse of the head takes over, the former head is the spouse,
/// and children are children still; all other relations were to the former head and become unknown.
fn crown(draft: &mut Draft<'_>, who: PersonId) {
    let Some(home) = home(draft, who) else {
        return;
    };
    let former = head(draft, home).filter(|former| *former != who);
    let own = relation(draft, who);
    let was_spouse = matches!(own.as_deref(), Some(SPOUSE | HUSBAND | WIFE));
    let members = draft.book().members(home).to_vec();
    for member in members.into_iter().filter(|member| *member != who) {
        let is_child = relation(draft, member).is_some_and(|code| code.starts_with(['2', '3']));
        match former {
            Some(former) if former == member && was_spouse => {
                let code = match draft.text(member.subject(), person::SEX) {
                    Some("1") => HUSBAND,
                    Some("2") => WIFE,
                    Some(_) | None => SPOUSE,
                };
                relate(draft, member, Some(code));
            }
            Some(_) if !(was_spouse && is_child) => relate(draft, member, None),
            Some(_) | None => {}
        }
    }
    relate(draft, who, Some(HEAD));
    let link = Value::Link(who.0);
    draft.set(home.subject(), household::HEAD, Some(link));
}

/// Takes someone out of their household; one whose head they were has none until it is said.
fn leave(draft: &mut Draft<'_>, who: PersonId) -> Option<HouseholdId> {
    let home = home(draft, who)?;
    if head(draft, home) == Some(who) {
        draft.set(home.subject(), household::HEAD, None);
    }
    Some(home)
}

fn part(draft: &mut Draft<'_>, who: PersonId, mint: &mut Mint) {
    let Some(old) = leave(draft, who) else {
        return;
    };
    let new = mint.household();
    for field in [household::DWELLING, household::KIND] {
        let value = draft.get(old.subject(), field);
        draft.set(new.subject(), field, value);
    }
    let link = |id| Some(Value::Link(id));
    draft.set(new.subject(), household::HEAD, link(who.0));
    set(draft, who, person::HOUSEHOLD, link(new.0));
    relate(draft, who, Some(HEAD));
}

fn join(draft: &mut Draft<'_>, who: PersonId, home: HouseholdId) {
    if leave(draft, who) != Some(home) {
        set(draft, who, person::HOUSEHOLD, Some(Value::Link(home.0)));
        relate(draft, who, None);
    }
}
