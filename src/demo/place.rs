//! Estates, buildings, units and floors: one home after another.
//!
//! Invariant: no two homes have the same address.

use crate::model::address::Address;
use fastrand::Rng;

const NAMES: [&str; 16] = [
    "翠湖", "桂花", "锦绣", "阳光", "枫林", "明月", "景芳", "青荷", "梧桐", "望江", "永宁", "安和",
    "书香", "云栖", "长乐", "金桥",
];
const KINDS: [&str; 6] = ["小区", "花园", "家园", "新村", "公寓", "苑"];

/// How tall a building is, and how many rooms stand on a floor of a unit.
#[derive(Debug, Clone, Copy)]
struct Building {
    units: u32,
    floors: u32,
    rooms: u32,
}

/// Hands out homes, floor by floor and building by building.
pub(super) struct Places {
    estate: usize,
    buildings: u32,
    number: u32,
    building: Building,
    next: u32,
}

impl Places {
    pub(super) fn new(chance: &mut Rng) -> Places {
        Places {
            estate: 0,
            buildings: chance.u32(5..10),
            number: 1,
            building: Building::draw(chance),
            next: 0,
        }
    }

    /// The next home.
    pub(super) fn next(&mut self, chance: &mut Rng) -> Address {
        let Building {
            units,
            floors,
            rooms,
        } = self.building;
        if self.next == units * floors * rooms {
            self.next = 0;
            self.number += 1;
            self.building = Building::draw(chance);
            if self.number > self.buildings {
                self.number = 1;
                self.estate += 1;
                self.buildings = chance.u32(5..10);
            }
            return self.next(chance);
        }
        let unit = self.next / (floors * rooms) + 1;
        let floor = self.next / rooms % floors + 1;
        let room = self.next % rooms + 1;
        self.next += 1;
        Address {
            estate: Some(self.name()),
            building: Some(self.number.to_string()),
            unit: Some(unit.to_string()),
            room: Some(format!("{floor}{room:02}")),
            rest: None,
        }
    }

    /// Names and kinds move on together, so that neighbours differ in both; after all pairs the
    /// later phases follow.
    fn name(&self) -> String {
        let all = NAMES.len() * KINDS.len();
        let (phase, at) = (self.estate / all, self.estate % all);
        let kind = (at + at / NAMES.len()) % KINDS.len();
        let name = format!("{}{}", NAMES[at % NAMES.len()], KINDS[kind]);
        if phase == 0 {
            name
        } else {
            format!("{name}{}期", phase + 1)
        }
    }
}

impl Building {
    fn draw(chance: &mut Rng) -> Building {
        if chance.u32(0..4) == 0 {
            Building {
                units: 2,
                floors: chance.u32(11..19),
                rooms: chance.u32(2..4),
            }
        } else {
            Building {
                units: chance.u32(2..5),
                floors: 6,
                rooms: 2,
            }
        }
    }
}
