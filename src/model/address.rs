//! Addresses inside a community: 小区, 栋, 单元, 室, in any spelling.
//!
//! Invariant: what is parsed is shown again in one form; what cannot be parsed is kept as it was.

use std::cmp::Ordering;

/// An address inside the community. Parts are bare: `3`, `2`, `501`, not `3栋`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Address {
    /// 小区, such as 翠湖小区.
    pub estate: Option<String>,
    /// 栋.
    pub building: Option<String>,
    /// 单元.
    pub unit: Option<String>,
    /// 室.
    pub room: Option<String>,
    /// What could not be parsed.
    pub rest: Option<String>,
}

impl Address {
    /// Reads `3栋2单元501`, `3-2-501`, `3幢501室`, `翠湖小区3号楼` and the like.
    pub fn parse(_text: &str) -> Address {
        todo!()
    }

    /// The floor, from the room number.
    pub fn floor(&self) -> Option<u16> {
        todo!()
    }

    /// Natural order: estate, building, unit, floor, room, numbers by value.
    pub fn order(&self, _other: &Address) -> Ordering {
        todo!()
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Address::default()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}
