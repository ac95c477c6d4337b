//! Who may be in the register twice.
//!
//! Only records that share something telling are held against each other: an identity number, how
//! the name sounds and the year of birth, the family name and the day of birth, a dwelling, a
//! telephone. Where too many share one thing (a dormitory, a day that a ledger wrote for
//! "unknown"), each is held against its neighbours by name only, so that a district of a million is
//! gone through in seconds. The pairs are looked for when somebody asks, and anew after a change.
//!
//! Invariant: a pair is found whichever of the two comes first; two who were said not to be one are
//! never found.

mod face;

mod spelled;

mod weigh;

use crate::index::kin::face::Face;
use crate::index::kin::face::Faces;
use crate::index::people::People;
use crate::index::set::Set;
use crate::model::book::Book;
use crate::model::ids::PersonId;
use crate::model::merge;
use std::cmp::Reverse;
use std::sync::OnceLock;

pub use crate::index::kin::weigh::Sign;
pub use crate::index::kin::weigh::Signs;

/// So many who share something are all held against each other.
const MOST: usize = 60;
/// Of more, each is held against so many who come next by name.
const NEXT: usize = 12;

/// Two records that may be one person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The one that was made first.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// How much speaks for it, from 50; 100 leaves little doubt.
    pub score: i32,
    /// What speaks for it.
    pub signs: Signs,
}

/// The pairs, once somebody asked.
#[derive(Debug, Default)]
pub(crate) struct Kin(OnceLock<Found>);

#[derive(Debug)]
struct Found {
    pairs: Vec<Pair>,
    people: Set,
}

impl Kin {
    /// The pairs, the surest first.
    pub(crate) fn pairs(&self, book: &Book, people: &People) -> &[Pair] {
        &self.found(book, people).pairs
    }

    /// Who is in a pair.
    pub(crate) fn people(&self, book: &Book, people: &People) -> &Set {
        &self.found(book, people).people
    }

    fn found(&self, book: &Book, people: &People) -> &Found {
        self.0.get_or_init(|| {
            let pairs = find(book);
            let both = pairs.iter().flat_map(|pair| [pair.one, pair.other]);
            let people = both.filter_map(|id| people.number(id)).collect();
            Found { pairs, people }
        })
    }
}

/// Looks through a whole register, the surest pairs first.
fn find(book: &Book) -> Vec<Pair> {
    let faces = Faces::of(book);
    let mut met: Vec<(u32, u32)> = Vec::new();
    for telling in face::TELLING {
        let mut sharers: Vec<(u64, u32)> = Vec::with_capacity(faces.len());
        for (at, face) in faces.iter() {
            faces.share(*telling, face, |key| sharers.push((key, at)));
        }
        sharers.sort_unstable();
        for block in sharers.chunk_by(|one, other| one.0 == other.0) {
            let block: Vec<u32> = block.iter().map(|(_, at)| *at).collect();
            meet(&faces, block, &mut met);
        }
    }
    met.sort_unstable();
    met.dedup();
    let mut pairs: Vec<Pair> = met
        .into_iter()
        .filter_map(|(one, other)| pair(&faces, one, other))
        .filter(|pair| !merge::are_apart(book, pair.one, pair.other))
        .collect();
    pairs.sort_by_key(|pair| (Reverse(pair.score), pair.one, pair.other));
    pairs
}

/// Holds those who share something against each other, and notes the pairs.
fn meet(faces: &Faces<'_>, mut block: Vec<u32>, met: &mut Vec<(u32, u32)>) {
    block.dedup();
    let reach = if block.len() > MOST {
        block.sort_by_key(|at| (faces.get(*at).map(|face| face.name), *at));
        NEXT
    } else {
        MOST
    };
    for (place, one) in block.iter().enumerate() {
        for other in block.iter().skip(place + 1).take(reach) {
            if pair(faces, *one, *other).is_some() {
                met.push((*one.min(other), *one.max(other)));
            }
        }
    }
}

fn pair(faces: &Faces<'_>, one: u32, other: u32) -> Option<Pair> {
    let (one, other): (&Face<'_>, &Face<'_>) = (faces.get(one)?, faces.get(other)?);
    let (score, signs) = weigh::weigh(faces, one, other)?;
    Some(Pair {
        one: one.id,
        other: other.id,
        score,
        signs,
    })
}
