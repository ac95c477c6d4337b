//! Who lives together: the shapes of households, and how often each is met.
//!
//! Invariant: the first member is the head, and every relation is a code of GB/T 4761.

use fastrand::Rng;

/// Where a household's people are from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Registered here.
    Here,
    /// Registered elsewhere in the city.
    City,
    /// Registered in another province.
    Afar,
}

/// One member before there are facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) relation: &'static str,
    pub(super) man: bool,
    pub(super) age: i32,
}

/// A household before it has a name or a home.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) shape: Shape,
    pub(super) origin: Origin,
    pub(super) members: Vec<Member>,
}

/// The shapes of households.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Nuclear,
    Couple,
    Single,
    ThreeGenerations,
    EmptyNest,
    Alone,
    Grown,
    OneParent,
    Flatmates,
    /// Registered here, living elsewhere.
    Away,
}

/// How many of a hundred households have a shape.
const SHAPES: [(u32, Shape); 10] = [
    (25, Shape::Nuclear),
    (10, Shape::Couple),
    (12, Shape::Single),
    (10, Shape::ThreeGenerations),
    (11, Shape::EmptyNest),
    (6, Shape::Alone),
    (15, Shape::Grown),
    (4, Shape::OneParent),
    (4, Shape::Flatmates),
    (3, Shape::Away),
];

/// Draws a household.
pub(super) fn draw(chance: &mut Rng) -> Family {
    let mut at = chance.u32(0..100);
    let mut shape = Shape::Nuclear;
    for (weight, one) in SHAPES {
        if at < weight {
            shape = one;
            break;
        }
        at -= weight;
    }
    let mut members = members(shape, chance);
    if chance.u32(0..60) == 0 && shape != Shape::Alone && shape != Shape::Away {
        members.push(member("97", chance.bool(), chance.i32(18..60)));
    }
    Family {
        shape,
        origin: origin(shape, chance),
        members,
    }
}

/// Elders are mostly from here, people who share a flat mostly from afar.
fn origin(shape: Shape, chance: &mut Rng) -> Origin {
    let (here, city) = match shape {
        Shape::Away => (100, 0),
        Shape::EmptyNest | Shape::Alone | Shape::ThreeGenerations | Shape::Grown => (88, 6),
        Shape::Nuclear | Shape::Couple | Shape::OneParent => (66, 12),
        Shape::Single => (30, 20),
        Shape::Flatmates => (5, 15),
    };
    match chance.i32(0..100) {
        at if at < here => Origin::Here,
        at if at < here + city => Origin::City,
        _ => Origin::Afar,
    }
}

fn members(shape: Shape, chance: &mut Rng) -> Vec<Member> {
    match shape {
        Shape::Nuclear | Shape::Away => {
            let head = chance.i32(27..48);
            let mut all = couple(head, chance);
            children(&mut all, head, chance);
            all
        }
        Shape::Couple => couple(chance.i32(23..58), chance),
        Shape::Single => vec![member("02", chance.bool(), chance.i32(20..55))],
        Shape::EmptyNest => couple(chance.i32(61..86), chance),
        Shape::Alone => {
            let age = 62 + chance.i32(0..20) + chance.i32(0..19);
            vec![member("02", chance.u32(0..3) == 0, age)]
        }
        Shape::Grown => {
            let head = chance.i32(46..66);
            let mut all = couple(head, chance);
            let man = chance.bool();
            let age = (head - chance.i32(23..30)).max(16);
            all.push(member(if man { "20" } else { "30" }, man, age));
            all
        }
        Shape::OneParent => {
            let head = chance.i32(28..50);
            let mut all = vec![member("02", chance.u32(0..4) == 0, head)];
            children(&mut all, head, chance);
            all
        }
        Shape::ThreeGenerations => {
            let head = chance.i32(30..48);
            let mut all = couple(head, chance);
            children(&mut all, head, chance);
            let man = all.first().is_some_and(|head| head.man);
            let old = head + chance.i32(23..32);
            all.push(member("52", false, old - chance.i32(0..5)));
            if man && chance.bool() {
                all.push(member("51", true, old));
            }
            all
        }
        Shape::Flatmates => {
            let count = chance.usize(2..5);
            let mut all: Vec<Member> = (0..count)
                .map(|_| member("99", chance.bool(), chance.i32(19..36)))
                .collect();
            all[0].relation = "02";
            all
        }
    }
}

fn member(relation: &'static str, man: bool, age: i32) -> Member {
    Member { relation, man, age }
}

/// Three of four heads of couples are the husband.
fn couple(head: i32, chance: &mut Rng) -> Vec<Member> {
    let man = chance.u32(0..4) > 0;
    let apart = chance.i32(-2..6);
    let other = (if man { head - apart } else { head + apart }).max(21);
    vec![
        member("02", man, head),
        member(if man { "12" } else { "11" }, !man, other),
    ]
}

fn children(all: &mut Vec<Member>, head: i32, chance: &mut Rng) {
    let eldest = (head - chance.i32(24..32)).clamp(0, 24);
    let man = chance.u32(0..100) < 52;
    if eldest > 3 && chance.u32(0..100) < 30 {
        let other = chance.bool();
        all.push(member(if man { "22" } else { "32" }, man, eldest));
        let age = (eldest - chance.i32(2..8)).max(0);
        let relation = match (man, other) {
            (true, true) => "23",
            (false, true) => "22",
            (true, false) => "32",
            (false, false) => "33",
        };
        all.push(member(relation, other, age));
    } else {
        all.push(member(if man { "21" } else { "31" }, man, eldest));
    }
}
