//! Ids of records, and the mint that makes new ones.
//!
//! Invariant: an id is unique across machines from the first day (`UUIDv7`), or spelled by the thing
//! itself (a category's code), so that two machines need no renaming to meet.

use serde::Deserialize;
use serde::Serialize;
use uuid::Builder;
use uuid::Uuid;

/// The tables of the register. The number is stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Table {
    /// One resident.
    Person = 1,
    /// People who live or are registered together.
    Household = 2,
    /// A place to live: 社区 > 小区 > 栋 > 单元 > 室.
    Dwelling = 3,
    /// "This person is X from .. to, says this evidence."
    Assertion = 4,
    /// A class of residents.
    Category = 5,
    /// A saved query.
    View = 6,
    /// A choice of this committee: its name, what counts as 流动, and the like.
    Setting = 7,
    /// One call at a door, as one person's record of it.
    Visit = 8,
}

impl Table {
    /// Every table, in the order of their numbers.
    pub const ALL: [Table; 8] = [
        Table::Person,
        Table::Household,
        Table::Dwelling,
        Table::Assertion,
        Table::Category,
        Table::View,
        Table::Setting,
        Table::Visit,
    ];

    /// The table with this stored number.
    pub fn from_number(number: u8) -> Option<Table> {
        Table::ALL.into_iter().find(|table| *table as u8 == number)
    }
}

/// One record: its table and its id there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The table that holds it.
    pub table: Table,
    /// Its id.
    pub id: Uuid,
}

impl Subject {
    /// The subject whose id is spelled by a short key, as categories, axes and settings are.
    /// Keys longer than 16 bytes of UTF-8 are cut there.
    pub fn spelled(table: Table, key: &str) -> Subject {
        let mut bytes = [0; 16];
        for (slot, byte) in bytes.iter_mut().zip(key.bytes()) {
            *slot = byte;
        }
        Subject {
            table,
            id: Uuid::from_bytes(bytes),
        }
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $table:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub Uuid);

        impl $name {
            /// The record that this id names.
            pub fn subject(self) -> Subject {
                Subject { table: Table::$table, id: self.0 }
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> $name {
                $name(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
    };
}

id!(
    /// Names a person.
    PersonId, Person
);
id!(
    /// Names a household.
    HouseholdId, Household
);
id!(
    /// Names a dwelling.
    DwellingId, Dwelling
);
id!(
    /// Names an assertion.
    AssertionId, Assertion
);
id!(
    /// Names a visit.
    VisitId, Visit
);

/// Names a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CommitId(pub Uuid);

impl CommitId {
    /// The eight characters that people type: the random tail, since heads are times and alike.
    pub fn short(self) -> String {
        let text = self.0.simple().to_string();
        text.chars().skip(24).collect()
    }
}

/// Names one copy of a register: a desk or a laptop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReplicaId(pub Uuid);

/// A code of the taxonomy, such as `E6`; an axis is named by its letter alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CategoryCode(pub String);

impl CategoryCode {
    /// The category's record.
    pub fn subject(&self) -> Subject {
        Subject::spelled(Table::Category, &self.0)
    }
}

impl std::fmt::Display for CategoryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Makes new ids (`UUIDv7`) from a time and a seed that are handed in, so the same mint makes the
/// same ids in a test. The ids of one mint rise, so that records keep the order of their making.
#[derive(Debug, Clone)]
pub struct Mint {
    milliseconds: u64,
    chance: fastrand::Rng,
    /// The 74 free bits of the last id.
    last: u128,
}

impl Mint {
    /// A mint at a time (milliseconds since 1970) with a seed for its random part.
    pub fn new(milliseconds: u64, seed: u64) -> Mint {
        let mut chance = fastrand::Rng::with_seed(seed ^ milliseconds.rotate_left(17));
        let last = chance.u128(..1 << 73);
        Mint {
            milliseconds,
            chance,
            last,
        }
    }

    /// A new id, sorted after those that this mint made before and those of an earlier
    /// millisecond: a random step beyond the last, as RFC 9562 section 6.2 has it.
    pub fn uuid(&mut self) -> Uuid {
        self.last += self.chance.u128(1..1 << 48);
        // 12 bits lie before the variant and 62 after it; the builder sets what is between.
        let head = ((self.last >> 62) & 0xfff) as u16;
        let tail = (self.last & ((1 << 62) - 1)) as u64;
        let mut random = [0; 10];
        let (start, end) = random.split_at_mut(2);
        start.copy_from_slice(&head.to_be_bytes());
        end.copy_from_slice(&tail.to_be_bytes());
        Builder::from_unix_timestamp_millis(self.milliseconds, &random).into_uuid()
    }

    /// A new person's id.
    pub fn person(&mut self) -> PersonId {
        PersonId(self.uuid())
    }

    /// A new household's id.
    pub fn household(&mut self) -> HouseholdId {
        HouseholdId(self.uuid())
    }

    /// A new dwelling's id.
    pub fn dwelling(&mut self) -> DwellingId {
        DwellingId(self.uuid())
    }

    /// A new assertion's id.
    pub fn assertion(&mut self) -> AssertionId {
        AssertionId(self.uuid())
    }

    /// A new visit's id.
    pub fn visit(&mut self) -> VisitId {
        VisitId(self.uuid())
    }
}
