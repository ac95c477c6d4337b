//! Households and dwellings: who belongs together, and where they live.
//!
//! Invariant: a member points to the household, a household to its dwelling; no list is kept
//! twice.

use crate::model::address::Address;
use crate::model::field::FieldNo;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::record::Record;

/// 户号.
pub const NUMBER: FieldNo = FieldNo(1);
/// 户主.
pub const HEAD: FieldNo = FieldNo(2);
/// 户类型: 家庭户, 集体户.
pub const KIND: FieldNo = FieldNo(3);
/// The dwelling.
pub const DWELLING: FieldNo = FieldNo(4);
/// 备注.
pub const NOTE: FieldNo = FieldNo(5);

/// 小区.
pub const ESTATE: FieldNo = FieldNo(1);
/// 栋.
pub const BUILDING: FieldNo = FieldNo(2);
/// 单元.
pub const UNIT: FieldNo = FieldNo(3);
/// 室.
pub const ROOM: FieldNo = FieldNo(4);
/// 使用性质: 自住, 出租, 空置, 借住, 商用.
pub const USE: FieldNo = FieldNo(5);
/// 房主.
pub const OWNER: FieldNo = FieldNo(6);
/// 房主电话.
pub const OWNER_PHONE: FieldNo = FieldNo(7);
/// 备注.
pub const DWELLING_NOTE: FieldNo = FieldNo(8);
/// What stands in an address that could not be parsed, as it was given.
pub const ADDRESS_TEXT: FieldNo = FieldNo(9);

/// A household's record.
#[derive(Debug, Clone, Copy)]
pub struct Household<'a> {
    /// Which.
    pub id: HouseholdId,
    /// What is known.
    pub record: &'a Record,
}

impl<'a> Household<'a> {
    /// 户号.
    pub fn number(self) -> Option<&'a str> {
        self.record.text(NUMBER)
    }

    /// 户主.
    pub fn head(self) -> Option<PersonId> {
        self.record.link(HEAD).map(PersonId)
    }

    /// Where.
    pub fn dwelling(self) -> Option<DwellingId> {
        self.record.link(DWELLING).map(DwellingId)
    }
}

/// A dwelling's record.
#[derive(Debug, Clone, Copy)]
pub struct Dwelling<'a> {
    /// Which.
    pub id: DwellingId,
    /// What is known.
    pub record: &'a Record,
}

/// The fields of an address with their parts.
pub fn parts(address: &Address) -> [(FieldNo, Option<String>); 5] {
    [
        (ESTATE, address.estate.clone()),
        (BUILDING, address.building.clone()),
        (UNIT, address.unit.clone()),
        (ROOM, address.room.clone()),
        (ADDRESS_TEXT, address.rest.clone()),
    ]
}

impl Dwelling<'_> {
    /// The address inside the community.
    pub fn address(self) -> Address {
        let part = |field| self.record.text(field).map(str::to_owned);
        Address {
            estate: part(ESTATE),
            building: part(BUILDING),
            unit: part(UNIT),
            room: part(ROOM),
            rest: part(ADDRESS_TEXT),
        }
    }
}
