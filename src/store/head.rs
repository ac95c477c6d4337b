//! The head of the chain: what a sheet of paper can prove of the journal.
//!
//! Whoever has the key can write a journal anew, chain and all. They cannot write it so that it still
//! passes a head that was noted before.
//!
//! Invariant: two journals that differ in any commit up to a number have different heads there.

use crate::store::Store;
use crate::store::StoreError;
use crate::store::scan;

/// Where the chain of the commits stands: noted on paper, it proves later that nothing before it was
/// removed, altered or moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last commit's number.
    pub number: u64,
    /// Its link of the chain: SHA-256 over the link before it, its number and its payload's hash.
    pub tag: [u8; 32],
}

/// Short enough to be copied by hand: the number and the first eight bytes of the link.
impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-", self.number)?;
        self.tag
            .iter()
            .take(8)
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Store {
    /// The head of the chain that runs through every commit.
    pub fn head(&self) -> Head {
        let reach = self.journal.reach();
        Head {
            number: reach.last,
            tag: reach.tag,
        }
    }

    /// Whether the journal still has the commit that a head was noted after, and all before it as
    /// they were then.
    pub fn has_passed(&self, head: &str) -> Result<bool, StoreError> {
        // A damaged journal proves nothing.
        if self.barred.is_some() {
            return Ok(false);
        }
        let noted = head
            .split_once('-')
            .and_then(|(number, _)| number.parse().ok());
        let entry = self
            .entries
            .iter()
            .find(|entry| Some(entry.number) == noted);
        let Some(entry) = entry else {
            return Ok(false);
        };
        let tag = scan::tag(self.journal.source(), entry.place)?;
        let there = Head {
            number: entry.number,
            tag,
        };
        Ok(there.to_string() == head)
    }
}
