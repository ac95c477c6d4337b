//! SLOTS: which fields stand on the form, and in which order.
//!
//! Invariant: a slot is a field of FIELDS; all that is known about it is read there.

use crate::model::field;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::household;
use crate::model::ids::Table;
use crate::model::person;

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot(usize);

/// The fields of the form, the stops first: what a newcomer is asked for at the desk.
const SLOTS: [(Table, FieldNo); 22] = [
    (Table::Person, person::NAME),
    (Table::Person, person::ID_NO),
    (Table::Person, person::PHONES),
    (Table::Dwelling, household::ADDRESS_TEXT),
    (Table::Person, person::RELATION),
    (Table::Person, person::BIRTH),
    (Table::Person, person::SEX),
    (Table::Person, person::NATIVE),
    (Table::Person, person::HUKOU_HERE),
    (Table::Person, person::HUKOU_KIND),
    (Table::Person, person::HUKOU_ADDRESS),
    (Table::Person, person::ETHNIC),
    (Table::Person, person::POLITICS),
    (Table::Person, person::EDUCATION),
    (Table::Person, person::MARRIAGE),
    (Table::Person, person::EMPLOYMENT),
    (Table::Person, person::EMPLOYER),
    (Table::Person, person::RESIDENCE),
    (Table::Person, person::ARRIVED),
    (Table::Household, household::NUMBER),
    (Table::Person, person::ID_NOTE),
    (Table::Person, person::NOTE),
];

impl Slot {
    /// 姓名.
    pub const NAME: Slot = Slot(0);
    /// 身份证号.
    pub const ID: Slot = Slot(1);
    /// 联系电话.
    pub const PHONE: Slot = Slot(2);
    /// 现住址.
    pub const ADDRESS: Slot = Slot(3);
    /// 与户主关系.
    pub const RELATION: Slot = Slot(4);
    /// 出生日期.
    pub const BIRTH: Slot = Slot(5);
    /// 性别.
    pub const SEX: Slot = Slot(6);
    /// 籍贯.
    pub const NATIVE: Slot = Slot(7);
    /// 户号.
    pub const NUMBER: Slot = Slot(19);
    /// 备注.
    pub const NOTE: Slot = Slot(21);

    /// Every slot, in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Slot> + Clone {
        (0..SLOTS.len()).map(Slot)
    }

    /// The slots at which Enter stops.
    pub fn stops() -> impl Iterator<Item = Slot> + Clone {
        Slot::all().take(Slot::RELATION.0 + 1)
    }

    /// Whether Enter stops here.
    pub fn is_stop(self) -> bool {
        self <= Slot::RELATION
    }

    /// Its field.
    pub fn field(self) -> &'static Field {
        let (table, number) = SLOTS.get(self.0).copied().unwrap_or(SLOTS[0]);
        field::of(table, number).unwrap_or(&field::FIELDS[0])
    }

    /// The slot of a field's key.
    pub fn by_key(key: &str) -> Option<Slot> {
        Slot::all().find(|slot| slot.field().key == key)
    }

    /// The next slot, or the first after the last.
    #[must_use]
    pub fn next(self) -> Slot {
        Slot((self.0 + 1) % SLOTS.len())
    }

    /// The slot before, or the last before the first.
    #[must_use]
    pub fn previous(self) -> Slot {
        Slot((self.0 + SLOTS.len() - 1) % SLOTS.len())
    }
}

#[cfg(test)]
mod tests {
    use super::Slot;

    #[test]
    fn the_named_slots_stand_where_they_say() {
        for (slot, key) in [
            (Slot::NAME, "name"),
            (Slot::ID, "id"),
            (Slot::PHONE, "tel"),
            (Slot::ADDRESS, "addr"),
            (Slot::RELATION, "relation"),
            (Slot::BIRTH, "birth"),
            (Slot::SEX, "sex"),
            (Slot::NATIVE, "native"),
            (Slot::NUMBER, "hh"),
            (Slot::NOTE, "note"),
        ] {
            assert_eq!(slot.field().key, key);
            assert_eq!(Slot::by_key(key), Some(slot));
        }
        assert_eq!(Slot::stops().count(), 5);
        assert_eq!(Slot::NOTE.next(), Slot::NAME);
        assert_eq!(Slot::NAME.previous(), Slot::NOTE);
    }
}
