//! Names that are nearly what was typed: of the same sound, or one slip away.
//!
//! What was typed is cut as for an exact answer, but no initial stands for a syllable: with so much
//! left open nearly everybody would be near. The cuts are drawn up from the text alone, with every
//! reading that a piece may stand for, and only those that lead to the end are followed through the
//! sets.
//!
//! Invariant: the answer is the same as comparing each name by itself.

use crate::index::pinyin::readings;
use crate::index::set::Set;
use crate::index::text::Names;
use crate::index::text::Place;
use crate::index::text::Word;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many letters must be typed before anybody is near; a hanzi says as much as two.
const LEAST: usize = 4;

/// What is longer than this is no name.
const LONGEST: usize = 40;

/// From how many hanzi on one may be wrong.
const WRONG: usize = 3;

/// How a name differs from what was typed, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    /// Not at all, every syllable being written out.
    Same,
    /// Other hanzi of the same sound.
    Sound,
    /// Of a sound that many speakers do not tell apart.
    Slur,
    /// One letter of a syllable is wrong, missing, too many or swapped with the next, or one hanzi of
    /// a name of three or more is wrong.
    Slip,
}

/// Who is near: with the whole name, with its beginning, with something inside.
pub(crate) type Found = [Set; 3];

/// A piece of what was typed: where it ends, and what it may stand for.
struct Piece<'a> {
    to: usize,
    means: Vec<Meaning<'a>>,
    /// Whether it is the one that is not quite right.
    slips: bool,
}

/// What a piece stands for: a character, a reading, the beginning of one.
enum Meaning<'a> {
    Glyph(char),
    Whole(&'a str),
    Head(&'a str),
}

/// How far a way through a text has come: at which place of the name it is, whether it began with
/// the first one, and whether the slip is still to come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    at: usize,
    anchored: bool,
    owes: bool,
}

impl Names {
    /// Those of `within` whose name is near in this way; who is nearer may be among them.
    pub(crate) fn near(&self, typed: &str, near: Near, within: &Set) -> Found {
        let word = Word::new(typed);
        if !says_enough(&word) || near == Near::Sound && word.text.is_ascii() {
            return Found::default();
        }
        let mut pieces = self.pieces(&word, near);
        if near == Near::Slip {
            self.add_slips(&word, &mut pieces);
        }
        let mut found = self.follow(&pieces, near == Near::Slip, within);
        if near == Near::Slip {
            found[0] |= &self.miswritten(&word, within);
        }
        found
    }

    /// The pieces that begin at each cut, and what each stands for.
    fn pieces(&self, word: &Word, near: Near) -> Vec<Vec<Piece<'_>>> {
        let read = readings(&word.text);
        let cuts = (0..word.len()).zip(&read);
        let pieces = cuts.map(|(from, reading)| {
            let glyph = word.glyph(from).map(|glyph| {
                let reading = reading.as_deref();
                let sounds = reading.map(|reading| self.sounds(reading, near, false));
                let heard = matches!(near, Near::Sound | Near::Slur);
                let sounds = sounds.filter(|_| heard).into_iter().flatten();
                Piece {
                    to: from + 1,
                    means: [Meaning::Glyph(glyph)].into_iter().chain(sounds).collect(),
                    slips: false,
                }
            });
            let ends = from + 1..=word.len().min(from + self.spoken.longest());
            let letters = ends.map_while(|to| Some((to, word.piece(from, to)?)));
            let letters = letters.map(|(to, piece)| Piece {
                to,
                means: self.sounds(piece, near, to == word.len()),
                slips: false,
            });
            let all = glyph.into_iter().chain(letters);
            all.filter(|piece| !piece.means.is_empty()).collect()
        });
        pieces.collect()
    }

    /// What letters stand for, if for anything: at the end the beginning of a reading will do.
    fn sounds(&self, piece: &str, near: Near, last: bool) -> Vec<Meaning<'_>> {
        let means = |head| {
            if last {
                Some(Meaning::Head(head))
            } else {
                Some(Meaning::Whole(head)).filter(|_| self.spoken.is_whole(head))
            }
        };
        match near {
            Near::Slur => self.spoken.alike(piece).filter_map(means).collect(),
            Near::Same | Near::Sound | Near::Slip => {
                let head = self.spoken.head(piece);
                head.and_then(means).into_iter().collect()
            }
        }
    }

    /// Adds the pieces that are one slip away from a reading, between others that are right.
    fn add_slips<'a>(&'a self, word: &Word, pieces: &mut [Vec<Piece<'a>>]) {
        let leads = leads(pieces);
        let mut comes = vec![false; word.len() + 1];
        comes[0] = true;
        for from in 0..word.len() {
            if !comes[from] {
                continue;
            }
            for piece in &pieces[from] {
                comes[piece.to] = true;
            }
            let ends = from + 1..=word.len().min(from + self.spoken.longest() + 1);
            let ends = ends.filter(|to| leads[*to][0]);
            let slips = ends.filter_map(|to| {
                let slips = self.spoken.slips(word.piece(from, to)?);
                Some(Piece {
                    to,
                    means: slips.into_iter().map(Meaning::Whole).collect(),
                    slips: true,
                })
            });
            pieces[from].extend(slips.filter(|piece| !piece.means.is_empty()));
        }
    }

    /// Who is found at the end of the pieces, a slip being among them or not.
    fn follow(&self, pieces: &[Vec<Piece<'_>>], owes: bool, within: &Set) -> Found {
        let leads = leads(pieces);
        let mut found = Found::default();
        if !leads[0][usize::from(owes)] {
            return found;
        }
        let start = |at| {
            let anchored = at == 0;
            (Step { at, anchored, owes }, Cow::Borrowed(within))
        };
        let starts: BTreeMap<Step, Cow<'_, Set>> = (0..self.places.len()).map(start).collect();
        let mut reached = vec![BTreeMap::new(); pieces.len()];
        reached[0] = starts;
        for (from, pieces) in pieces.iter().enumerate() {
            for (step, set) in std::mem::take(&mut reached[from]) {
                let come = pieces.iter().filter_map(|piece| {
                    let next = step.over(piece, &leads)?;
                    Some((piece.to, next, self.bearers(step.at, piece, &set)?))
                });
                for (to, next, some) in come {
                    match reached.get_mut(to) {
                        Some(reached) => *reached.entry(next).or_default().to_mut() |= &some,
                        None => self.add(&mut found, next, &some),
                    }
                }
            }
        }
        found
    }

    /// Those of some people who bear at a place of their name what a piece may stand for.
    fn bearers(&self, at: usize, piece: &Piece<'_>, of: &Set) -> Option<Set> {
        let place = self.places.get(at).filter(|_| !of.is_empty())?;
        let mut bearers = piece.means.iter().filter_map(|one| place.bearers(one));
        let mut some = bearers.next()? & of;
        bearers.for_each(|bearers| some.add_both(bearers, of));
        Some(some)
    }

    /// Adds those who were come to at the end of a way.
    fn add(&self, found: &mut Found, end: Step, some: &Set) {
        let [whole, begun, inside] = found;
        if !end.anchored {
            *inside |= some;
            return;
        }
        if let Some(length) = self.lengths.get(end.at) {
            whole.add_both(some, length);
        }
        *begun |= some;
    }

    /// Those whose whole name was typed with one hanzi wrong.
    fn miswritten(&self, word: &Word, within: &Set) -> Set {
        let mut found = Set::default();
        let glyphs: Option<Vec<char>> = (0..word.len()).map(|at| word.glyph(at)).collect();
        let glyphs = glyphs.unwrap_or_default();
        let length = self.lengths.get(glyphs.len());
        let Some(length) = length.filter(|_| glyphs.len() >= WRONG) else {
            return found;
        };
        let typed = self.places.iter().zip(glyphs);
        let bearers: Vec<Option<&Set>> = typed.map(|(at, glyph)| at.glyphs.get(&glyph)).collect();
        for wrong in 0..bearers.len() {
            let others = (0..).zip(&bearers).filter(|(at, _)| *at != wrong);
            let others: Option<Vec<&Set>> = others.map(|(_, some)| *some).collect();
            if let Some([first, rest @ ..]) = others.as_deref() {
                let mut left = *first & length;
                for some in rest {
                    left &= some;
                }
                found.add_both(&left, within);
            }
        }
        found
    }
}

impl Step {
    /// The step after a piece, if the end can be come to from there with the slip that is owed.
    fn over(self, piece: &Piece<'_>, leads: &[[bool; 2]]) -> Option<Step> {
        let owes = self.owes && !piece.slips;
        let can = self.owes || !piece.slips;
        let [without, with] = leads.get(piece.to)?;
        let leads = if owes { with } else { without };
        (can && *leads).then_some(Step {
            at: self.at + 1,
            owes,
            ..self
        })
    }
}

impl Place {
    /// Who bears here what a piece stands for.
    fn bearers(&self, meaning: &Meaning<'_>) -> Option<&Set> {
        match meaning {
            Meaning::Glyph(glyph) => self.glyphs.get(glyph),
            Meaning::Whole(reading) => self.primary.whole.get(*reading),
            Meaning::Head(head) => self.primary.heads.get(*head),
        }
    }
}

/// Whether the end can be come to from each cut without a slip, and with one.
fn leads(pieces: &[Vec<Piece<'_>>]) -> Vec<[bool; 2]> {
    let mut leads = vec![[false; 2]; pieces.len() + 1];
    leads[pieces.len()] = [true, false];
    for (from, pieces) in pieces.iter().enumerate().rev() {
        for piece in pieces {
            let [without, with] = leads[piece.to];
            leads[from][0] |= without && !piece.slips;
            leads[from][1] |= if piece.slips { without } else { with };
        }
    }
    leads
}

/// Whether so much was typed that being near it means something. Digits are never taken for others.
fn says_enough(word: &Word) -> bool {
    let letters = word.text.chars().map(|c| if c.is_ascii() { 1 } else { 2 });
    let is_name = word.len() <= LONGEST && !word.text.contains(|c: char| c.is_ascii_digit());
    is_name && letters.sum::<usize>() >= LEAST
}
