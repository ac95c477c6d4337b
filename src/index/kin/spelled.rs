//! Names as they look and sound, each distinct one worked out once; and how alike two are.
//!
//! Invariant: likeness is the same in both directions.

use crate::index::literal::fold;
use crate::index::pinyin::Unit;
use crate::index::pinyin::units;
use crate::index::sound::slurred;
use rustc_hash::FxHashMap;
use rustc_hash::FxHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::sync::LazyLock;

/// Characters that are taken for each other when read from paper, one group a line.
const GLYPHS: &str = include_str!("../../../data/glyphs.txt");

/// How alike two names are, the likest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// The same characters.
    Same,
    /// Other characters of the same sound.
    Sound,
    /// Characters that look alike, the rest the same or of the same sound.
    Look,
    /// The characters of the given name in another order.
    Swapped,
    /// The one lacks characters that the other has.
    Part,
    /// One character of three or more is another one.
    OneOff,
    /// Two names.
    Other,
}

/// One unit of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Letter {
    /// The character, or nothing for a word in Latin letters.
    glyph: Option<char>,
    /// A hash of how it is spoken.
    sound: u64,
}

/// The distinct names of a register.
#[derive(Default)]
pub(crate) struct Names<'a> {
    numbers: FxHashMap<&'a str, u32>,
    names: Vec<Box<[Letter]>>,
}

impl<'a> Names<'a> {
    /// The place of a name.
    pub(crate) fn number(&mut self, name: &'a str) -> u32 {
        let names = &mut self.names;
        *self.numbers.entry(name).or_insert_with(|| {
            names.push(units(&fold(name)).iter().map(letter).collect());
            names.len() as u32 - 1
        })
    }

    fn letters(&self, number: u32) -> &[Letter] {
        self.names.get(number as usize).map_or(&[], |name| name)
    }

    /// How a name sounds, in one number; none where there is no name.
    pub(crate) fn sound(&self, number: u32) -> Option<u64> {
        let letters = self.letters(number);
        let mut hasher = FxHasher::default();
        for one in letters {
            one.sound.hash(&mut hasher);
        }
        (!letters.is_empty()).then(|| hasher.finish())
    }

    /// The character that a name begins with.
    pub(crate) fn family(&self, number: u32) -> Option<char> {
        self.letters(number).first()?.glyph
    }

    /// How alike two names are.
    pub(crate) fn likeness(&self, one: u32, other: u32) -> Likeness {
        let (ours, theirs) = (self.letters(one), self.letters(other));
        if ours.is_empty() || theirs.is_empty() {
            return Likeness::Other;
        }
        if ours == theirs {
            return Likeness::Same;
        }
        if ours.len() != theirs.len() {
            return lacking(ours, theirs);
        }
        let pairs = || ours.iter().zip(theirs);
        if pairs().all(|(one, other)| one.sound == other.sound) {
            return Likeness::Sound;
        }
        let is_near =
            |(one, other): (&Letter, &Letter)| one.sound == other.sound || look(*one, *other);
        if pairs().all(is_near) {
            return Likeness::Look;
        }
        if ours.first() == theirs.first() && sorted(ours) == sorted(theirs) {
            return Likeness::Swapped;
        }
        let differing = pairs().filter(|pair| !is_near(*pair)).count();
        if differing == 1 && ours.len() > 2 {
            return Likeness::OneOff;
        }
        Likeness::Other
    }
}

/// Whether the shorter of two names, the family name included, runs through the longer.
fn lacking(ours: &[Letter], theirs: &[Letter]) -> Likeness {
    let (short, long) = if ours.len() < theirs.len() {
        (ours, theirs)
    } else {
        (theirs, ours)
    };
    let mut rest = long.iter();
    let runs = short.iter().all(|one| rest.any(|other| one == other));
    if runs && short.len() > 1 && short.first() == long.first() {
        Likeness::Part
    } else {
        Likeness::Other
    }
}

fn sorted(letters: &[Letter]) -> Vec<(Option<char>, u64)> {
    let mut all: Vec<_> = letters.iter().map(|one| (one.glyph, one.sound)).collect();
    all.sort_unstable();
    all
}

fn letter(unit: &Unit) -> Letter {
    let glyph = match unit {
        Unit::Glyph(c, _) => Some(*c),
        Unit::Word(_) => None,
    };
    let mut hasher = FxHasher::default();
    slurred(&unit.spelled()).hash(&mut hasher);
    Letter {
        glyph,
        sound: hasher.finish(),
    }
}

/// Whether two characters look alike.
fn look(one: Letter, other: Letter) -> bool {
    static GROUPS: LazyLock<FxHashMap<char, Vec<usize>>> = LazyLock::new(|| {
        let mut groups: FxHashMap<char, Vec<usize>> = FxHashMap::default();
        for (number, line) in GLYPHS.lines().enumerate() {
            line.chars()
                .for_each(|c| groups.entry(c).or_default().push(number));
        }
        groups
    });
    let groups = |letter: Letter| letter.glyph.and_then(|c| GROUPS.get(&c));
    match (groups(one), groups(other)) {
        (Some(ours), Some(theirs)) => ours.iter().any(|group| theirs.contains(group)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::GLYPHS;
    use super::Likeness;
    use super::Names;
    use std::collections::HashSet;

    #[test]
    fn every_group_has_different_characters() {
        for line in GLYPHS.lines() {
            let group: HashSet<char> = line.chars().collect();
            assert!(
                group.len() > 1 && group.len() == line.chars().count(),
                "{line}"
            );
            assert!(
                line.chars().all(|c| !c.is_ascii() && c.is_alphabetic()),
                "{line}"
            );
        }
    }

    #[test]
    fn names_are_as_alike_as_they_look_and_sound() {
        for (one, other, want) in [
            ("张伟", "张伟", Likeness::Same),
            ("阿依古丽·买买提", "阿依古丽买买提", Likeness::Same),
            ("张伟", "章玮", Likeness::Sound),
            ("陈静", "程静", Likeness::Sound),
            ("单晓明", "Shan Xiaoming", Likeness::Other),
            ("李晴", "李靖", Likeness::Look),
            ("末明", "未朋", Likeness::Look),
            ("王建国", "王国建", Likeness::Swapped),
            ("王芳", "王小芳", Likeness::Part),
            ("欧阳婉清", "欧阳清", Likeness::Part),
            ("王子涵", "王子轩", Likeness::OneOff),
            ("王芳", "王强", Likeness::Other),
            ("王芳", "李芳", Likeness::Other),
            ("", "", Likeness::Other),
        ] {
            let mut names = Names::default();
            let (one, other) = (names.number(one), names.number(other));
            assert_eq!(names.likeness(one, other), want, "{one:?} {other:?}");
            assert_eq!(names.likeness(other, one), want);
        }
    }
}
