//! Names: sets of people by the position in the name and what is typed there.
//!
//! What is typed is cut into pieces that match consecutive characters of a name: every piece but
//! the last is a whole syllable, an initial (z, zh) or the character itself, the last is the
//! beginning of a syllable or the character. So zhangwei, zhangw, zw, zhw, zwei, weiming (from the
//! middle) and 张wei are all one rule, and the answer is an OR over the cuts of ANDs of sets.
//!
//! Invariant: the answer is the same as matching each name by itself.

pub(crate) mod near;

mod spoken;

use crate::index::literal::fold;
use crate::index::people::Way;
use crate::index::people::slot;
use crate::index::pinyin::Syllable;
use crate::index::pinyin::Unit;
use crate::index::pinyin::syllables;
use crate::index::pinyin::units;
use crate::index::set::Set;
use crate::index::text::spoken::Spoken;
use crate::model::person::Person;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::Hash;

/// How well a name matches, best first; each grade includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    /// The whole name, in hanzi or in full pinyin.
    Exact,
    /// The name begins so.
    Prefix,
    /// The name begins so, with initials.
    Initials,
    /// Something in the middle of the name begins so.
    Inside,
    /// Only through a rarer reading.
    Rare,
}

impl Grade {
    /// Every grade, best first.
    pub(crate) const ALL: [Grade; 5] = [
        Grade::Exact,
        Grade::Prefix,
        Grade::Initials,
        Grade::Inside,
        Grade::Rare,
    ];
}

/// The sets of every position.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    places: Vec<Place>,
    /// Who has exactly this many units.
    lengths: Vec<Set>,
    /// Every usual reading of anybody's name.
    spoken: Spoken,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Place {
    glyphs: FxHashMap<char, Set>,
    primary: Readings,
    others: Readings,
}

/// Who has a reading, and who has one that begins so.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Readings {
    whole: FxHashMap<String, Set>,
    heads: FxHashMap<String, Set>,
}

/// Who has a unit at a place.
type Lists = FxHashMap<Unit, Vec<u32>>;

/// What was typed, folded, with the byte offsets at which it can be cut.
struct Word {
    text: String,
    cuts: Vec<usize>,
}

impl Names {
    /// The sets of everyone's names, by number. A name is taken apart once for all in a row who bear
    /// it, and a character read once, however many bear it.
    pub(crate) fn build(people: &[Person<'_>]) -> Names {
        let mut places: Vec<Lists> = Vec::new();
        let mut lengths: Vec<Vec<u32>> = Vec::new();
        let mut number = 0;
        for alike in people.chunk_by(|one, other| one.name() == other.name()) {
            let units = units(&fold(alike.first().map_or("", |one| one.name())));
            let numbers = number..number + alike.len() as u32;
            number = numbers.end;
            slot(&mut lengths, units.len() as u32).extend(numbers.clone());
            for (place, unit) in (0..).zip(units) {
                let list = slot(&mut places, place).entry(unit).or_default();
                list.extend(numbers.clone());
            }
        }
        let places: Vec<Place> = places.iter().map(Place::build).collect();
        let mut spoken = Spoken::default();
        let readings = places.iter().flat_map(|place| place.primary.whole.keys());
        readings.for_each(|reading| spoken.insert(reading));
        Names {
            spoken,
            places,
            lengths: lengths.into_iter().map(Set::from_iter).collect(),
        }
    }

    /// Puts a name in or takes it out.
    pub(crate) fn put(&mut self, way: Way, number: u32, name: &str) {
        let units = syllables(name);
        while self.places.len() < units.len() {
            self.places.push(Place::default());
        }
        for (place, unit) in self.places.iter_mut().zip(&units) {
            place.put(way, number, unit);
            for reading in &unit.primary {
                self.spoken.insert(reading);
            }
        }
        way.mark(slot(&mut self.lengths, units.len() as u32), number);
    }

    /// Those of `within` whose name matches at least so well.
    pub(crate) fn find(&self, typed: &str, grade: Grade, within: &Set) -> Set {
        let word = Word::new(typed);
        let mut found = within.nobody();
        if word.len() == 0 {
            return found;
        }
        let inside = grade >= Grade::Inside;
        let starts = if inside { self.places.len() } else { 1 };
        // reached[i][p]: the first i cuts are used up, and the piece that follows belongs to p.
        // At the start that is everyone, who need no set, unless it is about a few.
        let first = matches!(within, Set::Few(_)).then_some(within);
        let mut reached: Vec<BTreeMap<usize, Cow<'_, Set>>> = vec![BTreeMap::new(); word.len() + 1];
        for from in 0..word.len() {
            let starting = (0..starts).filter(|_| from == 0).map(|at| (at, None));
            let going = std::mem::take(&mut reached[from]);
            let going = going.iter().map(|(at, set)| (*at, Some(set.as_ref())));
            for (at, set) in starting.chain(going) {
                let set = set.or(first);
                let Some(place) = self.places.get(at).filter(|_| set.is_none_or(any)) else {
                    continue;
                };
                for last in place.last(&word, from, grade) {
                    match set {
                        Some(set) => found.add_both(last, set),
                        None => found |= last,
                    }
                }
                for (to, piece) in place.pieces(&word, from, grade) {
                    reach(reached[to].entry(at + 1), piece, set);
                }
            }
        }
        if grade == Grade::Exact {
            let whole = reached.pop().unwrap_or_default();
            for (length, set) in whole {
                if let Some(length) = self.lengths.get(length) {
                    found.add_both(length, &set);
                }
            }
        }
        found &= within;
        found
    }
}

fn any(set: &Set) -> bool {
    !set.is_empty()
}

/// Adds those who have a piece, of some people or of everyone, to those who came so far before.
fn reach<'a>(entry: Entry<'_, usize, Cow<'a, Set>>, piece: &'a Set, of: Option<&Set>) {
    match (entry, of) {
        (Entry::Vacant(entry), None) => {
            entry.insert(Cow::Borrowed(piece));
        }
        (Entry::Vacant(entry), Some(of)) => {
            entry.insert(Cow::Owned(piece & of));
        }
        (Entry::Occupied(mut entry), None) => *entry.get_mut().to_mut() |= piece,
        (Entry::Occupied(mut entry), Some(of)) => entry.get_mut().to_mut().add_both(piece, of),
    }
}

impl Place {
    fn build(lists: &Lists) -> Place {
        let mut glyphs: FxHashMap<char, Vec<&[u32]>> = FxHashMap::default();
        let (mut primary, mut others) = (Parts::default(), Parts::default());
        for (unit, list) in lists {
            let syllable = unit.syllable();
            if let Some(glyph) = syllable.glyph {
                glyphs.entry(glyph).or_default().push(list);
            }
            primary.add(&syllable.primary, list);
            others.add(&syllable.others, list);
        }
        Place {
            glyphs: joined(glyphs),
            primary: primary.joined(),
            others: others.joined(),
        }
    }

    fn put(&mut self, way: Way, number: u32, unit: &Syllable) {
        if let Some(glyph) = unit.glyph {
            way.mark(self.glyphs.entry(glyph).or_default(), number);
        }
        self.primary.put(way, number, &unit.primary);
        self.others.put(way, number, &unit.others);
    }

    /// Who has the last piece here, all that is left; an exact match has no such piece.
    fn last(&self, word: &Word, from: usize, grade: Grade) -> impl Iterator<Item = &Set> {
        let glyph = word.glyph(from).filter(|_| from + 1 == word.len());
        let rest = word.piece(from, word.len());
        let others = rest.filter(|_| grade == Grade::Rare);
        let sets = [
            glyph.and_then(|glyph| self.glyphs.get(&glyph)),
            rest.and_then(|rest| self.primary.heads.get(rest)),
            others.and_then(|rest| self.others.heads.get(rest)),
        ];
        sets.into_iter()
            .flatten()
            .filter(move |_| grade != Grade::Exact)
    }

    /// Who has a piece here that ends at a later cut.
    fn pieces<'a>(
        &'a self,
        word: &'a Word,
        from: usize,
        grade: Grade,
    ) -> impl Iterator<Item = (usize, &'a Set)> {
        let glyph = word.glyph(from).and_then(|glyph| self.glyphs.get(&glyph));
        let glyph = glyph.map(|set| (from + 1, set));
        let letters =
            (from + 1..=word.len()).map_while(move |to| Some((to, word.piece(from, to)?)));
        let letters = letters.flat_map(move |(to, piece)| {
            let initial = grade > Grade::Prefix && is_initial(piece);
            let others = Some(&self.others).filter(|_| grade == Grade::Rare);
            let all = [Some(&self.primary), others].into_iter().flatten();
            let sets = all.filter_map(move |readings| {
                let sets = if initial {
                    &readings.heads
                } else {
                    &readings.whole
                };
                sets.get(piece)
            });
            sets.map(move |set| (to, set))
        });
        glyph.into_iter().chain(letters)
    }
}

/// Lists that are still to be joined to the sets of [`Readings`].
#[derive(Default)]
struct Parts<'a> {
    whole: FxHashMap<String, Vec<&'a [u32]>>,
    heads: FxHashMap<String, Vec<&'a [u32]>>,
}

impl<'a> Parts<'a> {
    fn add(&mut self, readings: &[Cow<'static, str>], list: &'a [u32]) {
        for reading in readings {
            let whole = self.whole.entry(reading.to_string()).or_default();
            whole.push(list);
            for head in heads(reading) {
                self.heads.entry(head.to_owned()).or_default().push(list);
            }
        }
    }

    fn joined(self) -> Readings {
        Readings {
            whole: joined(self.whole),
            heads: joined(self.heads),
        }
    }
}

fn joined<K: Eq + Hash>(lists: FxHashMap<K, Vec<&[u32]>>) -> FxHashMap<K, Set> {
    let sets = lists.into_iter();
    sets.map(|(key, lists)| (key, lists.concat().into_iter().collect()))
        .collect()
}

impl Readings {
    fn put(&mut self, way: Way, number: u32, readings: &[Cow<'static, str>]) {
        for reading in readings {
            let whole = self.whole.entry(reading.to_string()).or_default();
            way.mark(whole, number);
            for head in heads(reading) {
                way.mark(self.heads.entry(head.to_owned()).or_default(), number);
            }
        }
    }
}

/// Every beginning of a reading, the whole of it too.
fn heads(reading: &str) -> impl Iterator<Item = &str> {
    let ends = reading.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.filter_map(|end| reading.get(..end))
}

impl Word {
    fn new(typed: &str) -> Word {
        let kept = |c: &char| c.is_alphanumeric();
        let text: String = fold(typed)
            .chars()
            .filter(kept)
            .collect::<String>()
            .replace('ü', "v");
        let cuts = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        Word { text, cuts }
    }

    fn len(&self) -> usize {
        self.cuts.len() - 1
    }

    fn between(&self, from: usize, to: usize) -> Option<&str> {
        self.text.get(*self.cuts.get(from)?..*self.cuts.get(to)?)
    }

    /// The character at a cut that is no letter.
    fn glyph(&self, from: usize) -> Option<char> {
        let c = self.between(from, from + 1)?.chars().next()?;
        (!c.is_ascii()).then_some(c)
    }

    /// The letters between two cuts, if they are nothing but letters.
    fn piece(&self, from: usize, to: usize) -> Option<&str> {
        self.between(from, to).filter(|piece| piece.is_ascii())
    }
}

/// Whether a piece can stand for a syllable that goes on.
fn is_initial(piece: &str) -> bool {
    piece.len() == 1 || matches!(piece, "zh" | "ch" | "sh")
}
