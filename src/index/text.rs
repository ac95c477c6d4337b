//! Names: sets of people by the position in the name and what is typed there.
//!
//! What is typed is cut into pieces that match consecutive characters of a name: every piece but
//! the last is a whole syllable, an initial (z, zh) or the character itself, the last is the
//! beginning of a syllable or the character. So zhangwei, zhangw, zw, zhw, zwei, weiming (from the
//! middle) and 张wei are all one rule, and the answer is an OR over the cuts of ANDs of sets.
//!
//! Invariant: the answer is the same as matching each name by itself.

use crate::index::literal::fold;
use crate::index::people::Way;
use crate::index::people::slot;
use crate::index::pinyin::Syllable;
use crate::index::pinyin::syllables;
use roaring::RoaringBitmap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::HashMap;

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
#[derive(Debug, Default)]
pub(crate) struct Names {
    places: Vec<Place>,
    /// Who has exactly this many units.
    lengths: Vec<RoaringBitmap>,
}

#[derive(Debug, Default)]
struct Place {
    glyphs: HashMap<char, RoaringBitmap>,
    primary: Readings,
    others: Readings,
}

#[derive(Debug, Default)]
struct Readings {
    whole: HashMap<String, RoaringBitmap>,
    heads: HashMap<String, RoaringBitmap>,
}

/// What was typed, folded, with the byte offsets at which it can be cut.
struct Word {
    text: String,
    cuts: Vec<usize>,
}

impl Names {
    /// Puts a name in or takes it out.
    pub(crate) fn put(&mut self, way: Way, number: u32, name: &str) {
        let units = syllables(name);
        while self.places.len() < units.len() {
            self.places.push(Place::default());
        }
        for (place, unit) in self.places.iter_mut().zip(&units) {
            place.put(way, number, unit);
        }
        way.mark(slot(&mut self.lengths, units.len() as u32), number);
    }

    /// Those of `within` whose name matches at least so well.
    pub(crate) fn find(&self, typed: &str, grade: Grade, within: &RoaringBitmap) -> RoaringBitmap {
        let word = Word::new(typed);
        let mut found = RoaringBitmap::new();
        if word.len() == 0 {
            return found;
        }
        let inside = grade >= Grade::Inside;
        let starts = if inside { self.places.len() } else { 1 };
        // reached[i][p]: the first i cuts are used up, and the piece that follows belongs to p.
        let mut reached = vec![BTreeMap::new(); word.len() + 1];
        reached[0].extend((0..starts).map(|start| (start, within.clone())));
        for from in 0..word.len() {
            for (at, set) in std::mem::take(&mut reached[from]) {
                let Some(place) = self.places.get(at) else {
                    continue;
                };
                if let Some(last) = place.last(&word, from, grade) {
                    found |= &*last & &set;
                }
                let pieces = place.pieces(&word, from, grade);
                let steps = pieces.map(|(to, piece)| (to, &*piece & &set));
                for (to, next) in steps.filter(|(_, next)| !next.is_empty()) {
                    *reached[to].entry(at + 1).or_default() |= next;
                }
            }
        }
        if grade == Grade::Exact {
            let whole = reached.pop().unwrap_or_default();
            for (length, set) in whole {
                found |= self.of_length(length) & set;
            }
        }
        found
    }

    fn of_length(&self, length: usize) -> RoaringBitmap {
        self.lengths.get(length).cloned().unwrap_or_default()
    }
}

impl Place {
    fn put(&mut self, way: Way, number: u32, unit: &Syllable) {
        if let Some(glyph) = unit.glyph {
            way.mark(self.glyphs.entry(glyph).or_default(), number);
        }
        self.primary.put(way, number, &unit.primary);
        self.others.put(way, number, &unit.others);
    }

    /// Who has the last piece here, all that is left; an exact match has no such piece.
    fn last(&self, word: &Word, from: usize, grade: Grade) -> Option<Cow<'_, RoaringBitmap>> {
        if grade == Grade::Exact {
            return None;
        }
        if let Some(glyph) = word.glyph(from) {
            let last = from + 1 == word.len();
            return self.glyphs.get(&glyph).filter(|_| last).map(Cow::Borrowed);
        }
        let rest = word.piece(from, word.len())?;
        either(
            self.primary.heads.get(rest),
            self.others.heads.get(rest).filter(|_| grade == Grade::Rare),
        )
    }

    /// Who has a piece here that ends at a later cut.
    fn pieces<'a>(
        &'a self,
        word: &'a Word,
        from: usize,
        grade: Grade,
    ) -> impl Iterator<Item = (usize, Cow<'a, RoaringBitmap>)> {
        let glyph = word.glyph(from).and_then(|glyph| self.glyphs.get(&glyph));
        let glyph = glyph.map(|set| (from + 1, Cow::Borrowed(set)));
        let letters =
            (from + 1..=word.len()).map_while(move |to| Some((to, word.piece(from, to)?)));
        let letters = letters.filter_map(move |(to, piece)| {
            let initial = grade > Grade::Prefix && is_initial(piece);
            let of = |readings: &'a Readings| {
                let sets = if initial {
                    &readings.heads
                } else {
                    &readings.whole
                };
                sets.get(piece)
            };
            let others = of(&self.others).filter(|_| grade == Grade::Rare);
            Some((to, either(of(&self.primary), others)?))
        });
        glyph.into_iter().chain(letters)
    }
}

impl Readings {
    fn put(&mut self, way: Way, number: u32, readings: &[Cow<'static, str>]) {
        for reading in readings {
            mark(&mut self.whole, reading, way, number);
            let ends = reading.char_indices().map(|(at, c)| at + c.len_utf8());
            for head in ends.filter_map(|end| reading.get(..end)) {
                mark(&mut self.heads, head, way, number);
            }
        }
    }
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

fn mark(sets: &mut HashMap<String, RoaringBitmap>, key: &str, way: Way, number: u32) {
    if let Some(set) = sets.get_mut(key) {
        way.mark(set, number);
        return;
    }
    way.mark(sets.entry(key.to_owned()).or_default(), number);
}

fn either<'a>(
    one: Option<&'a RoaringBitmap>,
    other: Option<&'a RoaringBitmap>,
) -> Option<Cow<'a, RoaringBitmap>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Cow::Owned(one | other)),
        (one, other) => one.or(other).map(Cow::Borrowed),
    }
}
