//! A value of which a part is hidden from some who have a key: a frame of the journal, a block of a
//! checkpoint.
//!
//! ```text
//! parted  sealed open part | sealed hidden part, if there is one | its length u32
//! ```
//!
//! Where there are no two data keys nothing is hidden, and a value is its open part alone.
//!
//! Invariant: a hidden part opens in its own place only, and whoever has no key can neither take it
//! away nor put one there unseen.

use crate::store::record::Unreadable;
use crate::store::vault::Spot;
use crate::store::vault::Vault;
use crate::store::vault::cipher::Side;
use std::borrow::Cow;

/// A value in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts<B> {
    /// What whoever has a key reads.
    pub(crate) open: B,
    /// The rest.
    pub(crate) hidden: Hidden<B>,
}

/// A value as it was read.
pub(crate) type Plain<'a> = Parts<Cow<'a, [u8]>>;

/// The hidden part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hidden<B> {
    /// There is none.
    None,
    /// There is one, and this key does not open it.
    Closed,
    /// This one.
    Open(B),
}

impl<B> Parts<B> {
    /// A value of which nothing is hidden.
    pub(crate) fn alone(open: B) -> Parts<B> {
        Parts {
            open,
            hidden: Hidden::None,
        }
    }
}

impl Vault {
    /// What goes to the disk for a value in parts.
    pub(crate) fn seal_parts(
        &self,
        spot: Spot<'_>,
        parts: Parts<Vec<u8>>,
    ) -> Result<Vec<u8>, Unreadable> {
        let Parts { open, hidden } = parts;
        let Vault::Sealed(keys) = self else {
            return nothing_else(open, &hidden);
        };
        if !self.is_parted() {
            let open = nothing_else(open, &hidden)?;
            return keys.seal(spot, Side::Whole, open);
        }
        let (side, hidden) = match hidden {
            Hidden::None => (Side::Alone, vec![]),
            Hidden::Open(hidden) => (Side::Open, keys.seal(spot, Side::Hidden, hidden)?),
            Hidden::Closed => return Err(out_of_place()),
        };
        let length = u32::try_from(hidden.len()).map_err(|fault| Unreadable(fault.to_string()))?;
        let mut bytes = keys.seal(spot, side, open)?;
        bytes.extend_from_slice(&hidden);
        bytes.extend_from_slice(&length.to_le_bytes());
        Ok(bytes)
    }

    /// A value in its parts, as far as the key opens them.
    pub(crate) fn open_parts<'a>(
        &self,
        spot: Spot<'_>,
        stored: &'a [u8],
    ) -> Result<Plain<'a>, Unreadable> {
        let Vault::Sealed(keys) = self else {
            return Ok(Parts::alone(Cow::Borrowed(stored)));
        };
        if !self.is_parted() {
            let open = keys.open(spot, Side::Whole, stored)?;
            return Ok(Parts::alone(Cow::Owned(open)));
        }
        let (rest, length) = stored.split_last_chunk().ok_or_else(out_of_place)?;
        let length = u32::from_le_bytes(*length) as usize;
        let middle = rest.len().checked_sub(length).ok_or_else(out_of_place)?;
        let (open, hidden) = rest.split_at(middle);
        if hidden.is_empty() {
            let open = keys.open(spot, Side::Alone, open)?;
            return Ok(Parts::alone(Cow::Owned(open)));
        }
        let open = Cow::Owned(keys.open(spot, Side::Open, open)?);
        let hidden = if self.is_whole() {
            Hidden::Open(Cow::Owned(keys.open(spot, Side::Hidden, hidden)?))
        } else {
            Hidden::Closed
        };
        Ok(Parts { open, hidden })
    }
}

/// The open part, which must be all there is.
fn nothing_else(open: Vec<u8>, hidden: &Hidden<Vec<u8>>) -> Result<Vec<u8>, Unreadable> {
    match hidden {
        Hidden::None => Ok(open),
        Hidden::Closed | Hidden::Open(_) => Err(out_of_place()),
    }
}

fn out_of_place() -> Unreadable {
    Unreadable("a hidden part where there can be none".into())
}

#[cfg(test)]
mod tests {
    use super::Hidden;
    use super::Parts;
    use super::Plain;
    use crate::model::role::Role;
    use crate::store::vault::Holder;
    use crate::store::vault::Key;
    use crate::store::vault::Spot;
    use crate::store::vault::Vault;
    use crate::store::vault::cipher::Side;
    use crate::store::vault::slot::Version;
    use uuid::Uuid;

    fn holder(role: Role) -> Holder {
        Holder::Worker {
            slot: 1,
            name: "王芳".into(),
            role,
        }
    }

    /// The vault as whoever sees all has it, and as who only looks does.
    fn vaults() -> [Vault; 2] {
        let vault = Uuid::from_u128(7);
        let whole = Key::forge(vault, holder(Role::Manage)).unwrap();
        let looks = whole.wrapped(Version::Two, Role::View).unwrap();
        let looks = Key::of(vault, Version::Two, &looks, holder(Role::View)).unwrap();
        assert!(whole.is_whole() && !looks.is_whole());
        [whole.vault().unwrap(), looks.vault().unwrap()]
    }

    fn parts(open: &str, hidden: &str) -> Parts<Vec<u8>> {
        Parts {
            open: open.into(),
            hidden: Hidden::Open(hidden.into()),
        }
    }

    fn open(vault: &Vault, number: u64, stored: &[u8]) -> Option<(String, Hidden<String>)> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let Plain { open, hidden } = vault.open_parts(Spot::Frame(number), stored).ok()?;
        let hidden = match hidden {
            Hidden::None => Hidden::None,
            Hidden::Closed => Hidden::Closed,
            Hidden::Open(hidden) => Hidden::Open(text(&hidden)),
        };
        Some((text(&open), hidden))
    }

    #[test]
    fn who_lacks_the_second_key_reads_the_open_part_and_no_more() {
        let [whole, looks] = vaults();
        let stored = whole
            .seal_parts(Spot::Frame(3), parts("open", "hidden"))
            .unwrap();
        let all = ("open".into(), Hidden::Open("hidden".into()));
        assert_eq!(open(&whole, 3, &stored), Some(all));
        assert_eq!(
            open(&looks, 3, &stored),
            Some(("open".into(), Hidden::Closed))
        );
        let (hidden, _) = stored.split_last_chunk::<4>().unwrap();
        let hidden = &hidden[hidden.len() - 297..];
        let (Vault::Sealed(all), Vault::Sealed(some)) = (&whole, &looks) else {
            panic!("sealed");
        };
        let spots = [
            Spot::Frame(3),
            Spot::About,
            Spot::Row(b"\x01"),
            Spot::Block {
                checkpoint: 3,
                at: 0,
            },
            Spot::Kept("form"),
        ];
        for side in [Side::Whole, Side::Alone, Side::Open, Side::Hidden] {
            for spot in spots {
                assert!(some.open(spot, side, hidden).is_err(), "{spot:?} {side:?}");
            }
        }
        assert!(all.open(Spot::Frame(3), Side::Hidden, hidden).is_ok());
        assert!(looks.seal(Spot::Row(b"\x01"), vec![1]).is_err());
        assert!(
            looks
                .seal_parts(Spot::Frame(4), parts("open", "hidden"))
                .is_err()
        );
    }

    #[test]
    fn what_is_kept_for_one_side_does_not_open_for_the_other() {
        let [whole, looks] = vaults();
        for (mine, other) in [(&whole, &looks), (&looks, &whole)] {
            let stored = mine.seal(Spot::Kept("form"), b"half".to_vec()).unwrap();
            assert!(mine.open(Spot::Kept("form"), &stored).is_ok());
            assert!(other.open(Spot::Kept("form"), &stored).is_err());
            assert_ne!(mine.name("desk", b"form"), other.name("desk", b"form"));
        }
    }

    #[test]
    fn a_hidden_part_opens_in_its_place_only_and_is_missed() {
        let [whole, looks] = vaults();
        let seal = |number, text: &str| {
            let parts = parts(text, text);
            whole.seal_parts(Spot::Frame(number), parts).unwrap()
        };
        let (three, four) = (seal(3, "three"), seal(4, "four!"));
        let tail = 297 + 4;
        assert_eq!(three.len(), four.len());
        let middle = three.len() - tail;
        let swapped = [&three[..middle], &four[middle..]].concat();
        assert_eq!(open(&whole, 3, &swapped), None);
        let stripped = [&three[..middle], &[0; 4]].concat();
        for vault in [&whole, &looks] {
            assert_eq!(open(vault, 3, &stripped), None);
        }
        let alone = Parts::alone(b"alone".to_vec());
        let alone = looks.seal_parts(Spot::Frame(3), alone).unwrap();
        let (alone, _) = alone.split_last_chunk::<4>().unwrap();
        let added = [alone, &three[middle..]].concat();
        for vault in [&whole, &looks] {
            assert_eq!(open(vault, 3, &added), None);
        }
        for length in 0..three.len() {
            assert_eq!(open(&whole, 3, &three[..length]), None, "{length}");
        }
    }

    #[test]
    fn keys_that_do_not_fit_a_role_are_refused() {
        let vault = Uuid::from_u128(7);
        for (version, role, length, fits) in [
            (Version::One, Role::View, 32, true),
            (Version::One, Role::Manage, 32, true),
            (Version::One, Role::Manage, 64, false),
            (Version::Two, Role::View, 32, true),
            (Version::Two, Role::View, 64, false),
            (Version::Two, Role::Enter, 32, false),
            (Version::Two, Role::Enter, 64, true),
            (Version::Two, Role::Manage, 63, false),
            (Version::Two, Role::Manage, 0, false),
        ] {
            let made = Key::of(vault, version, &vec![9; length], holder(role));
            assert_eq!(made.is_ok(), fits, "{version:?} {role:?} {length}");
        }
    }
}
