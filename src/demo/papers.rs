//! Identity numbers, telephone numbers and regions that can belong to nobody.
//!
//! An identity number begins with a province's digits, then 99: no prefecture has that number in
//! any edition of GB/T 2260, so the check digit is right and the person cannot exist. Telephone
//! numbers begin with prefixes that are not given out (160, 161, 163, 164, 168, 169), landlines
//! with the area code 0500, which no city has.
//!
//! Invariant: no identity number is handed out twice.

use crate::model::date::Date;
use crate::model::id_number;
use crate::model::value::Phone;
use fastrand::Rng;
use rustc_hash::FxHashSet;

/// The division of the community.
pub(super) const HERE: &str = "330106";

/// Divisions of the same city.
pub(super) const NEARBY: &str = "330102 330105 330108 330109 330110";

/// Divisions of other provinces, where migrants come from.
pub(super) const AFAR: &str = "341203 341221 361102 360121 411402 411522 420106 421181 430121 \
     430524 510922 511025 522301 520121 371302 370826 320322 321322 450102 610102 620102 130102";

/// Hands out numbers.
#[derive(Default)]
pub(super) struct Papers {
    /// Their first seventeen digits, as numbers: millions may be handed out.
    used: FxHashSet<u64>,
}

impl Papers {
    /// A new identity number that checks, for someone first registered in that division.
    pub(super) fn id_number(
        &mut self,
        chance: &mut Rng,
        division: &str,
        birth: Date,
        man: bool,
    ) -> String {
        let province: String = division.chars().take(2).collect();
        loop {
            let county = chance.u32(1..30);
            let sequence = chance.u32(0..497) * 2 + u32::from(man);
            let day = birth.to_string().replace('-', "");
            let first17 = format!("{province}99{county:02}{day}{sequence:03}");
            if self.used.insert(first17.parse().unwrap_or(0)) {
                let check = id_number::check_digit(&first17).unwrap_or('0');
                return format!("{first17}{check}");
            }
        }
    }
}

/// The number with a wrong check digit.
pub(super) fn spoiled(number: &str) -> String {
    let mut chars: Vec<char> = number.chars().collect();
    if let Some(last) = chars.last_mut() {
        *last = if *last == '1' { '2' } else { '1' };
    }
    chars.into_iter().collect()
}

/// A mobile number, with a label for some.
pub(super) fn mobile(chance: &mut Rng, label: Option<&str>) -> Phone {
    let prefix = chance.choice([160, 161, 163, 164, 168, 169]).unwrap_or(160);
    Phone {
        number: format!("{prefix}{:08}", chance.u32(0..100_000_000)),
        label: label.map(str::to_owned),
    }
}

/// A landline.
pub(super) fn landline(chance: &mut Rng) -> Phone {
    Phone {
        number: format!("0500-{:08}", chance.u32(20_000_000..90_000_000)),
        label: Some("家".into()),
    }
}
