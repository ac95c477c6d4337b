//! How near a typed text is to a name: pinyin, mistaken characters, edit distance.
//!
//! Invariant: nothing here decides what a query means; it only proposes.

use pinyin::ToPinyinMulti;

/// Characters that are typed or read for one another.
const CONFUSED: &[(char, char)] = &[
    ('O', '0'),
    ('o', '0'),
    ('〇', '0'),
    ('l', '1'),
    ('I', '1'),
    ('i', '1'),
];

/// A text with digits in place of the letters that look like them.
pub(crate) fn digits(text: &str) -> String {
    let digit = |c: char| CONFUSED.iter().find(|(looks, _)| *looks == c);
    text.chars()
        .map(|c| digit(c).map_or(c, |(_, digit)| *digit))
        .collect()
}

/// Whether a text is the beginning of a name, in hanzi, pinyin, initials or a mixture.
pub fn leads(text: &str, name: &str) -> bool {
    spells(&lower(text), &lower(name), false)
}

/// The name that a text most probably means.
pub(crate) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let text = lower(text);
    let scored = names.filter_map(|name| Some((score(&text, &lower(name))?, name)));
    scored.min_by_key(|(score, _)| *score).map(|(_, name)| name)
}

/// How far apart two texts are: less is nearer, none is too far.
fn score(text: &[char], name: &[char]) -> Option<usize> {
    let plain = |chars: &[char]| digits(&chars.iter().collect::<String>());
    if text.is_empty() || name.is_empty() {
        return None;
    }
    if plain(text) == plain(name) {
        return Some(0);
    }
    if spells(text, name, true) {
        return Some(1);
    }
    let distance = distance(text, name);
    let most = (text.len().max(name.len()) / 2).min(2);
    if distance <= most {
        return Some(1 + distance);
    }
    let within = |part: &[char], whole: &[char]| {
        part.len() > 1 && whole.windows(part.len()).any(|window| window == part)
    };
    (within(text, name) || within(name, text)).then_some(4)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one text into another.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut least = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            let swapped = i > 0 && j > 0 && one[i - 1] == *b && other[j - 1] == *a;
            if swapped {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

/// Whether a text spells a name: each character by itself or by the head of one of its readings,
/// signs left out at will; the whole name, or only its beginning.
fn spells(text: &[char], name: &[char], whole: bool) -> bool {
    let Some((first, rest)) = name.split_first() else {
        return text.is_empty();
    };
    if text.is_empty() {
        return !whole;
    }
    let itself = text.first() == Some(first) && spells(&text[1..], rest, whole);
    let skipped = || !first.is_alphanumeric() && spells(text, rest, whole);
    let by_reading = || {
        let mut readings = first.to_pinyin_multi().into_iter().flatten();
        readings.any(|reading| {
            let heads = text.iter().zip(reading.plain().chars());
            let alike = |typed: char, read: char| typed == read || (typed, read) == ('v', 'ü');
            let common = heads.take_while(|(t, r)| alike(**t, *r)).count();
            (1..=common).any(|length| spells(&text[length..], rest, whole))
        })
    };
    itself || skipped() || by_reading()
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::leads;
    use super::nearest;

    #[test]
    fn names_are_led_by_pinyin_initials_and_mixtures() {
        for (text, name, want) in [
            ("xg", "下岗职工", true),
            ("xiagangz", "下岗职工", true),
            ("下gang", "下岗职工", true),
            ("chongcan", "重残", true),
            ("sydj", "失业(登记)", true),
            ("gx", "下岗职工", false),
            ("xgx", "下岗", false),
        ] {
            assert_eq!(leads(text, name), want, "{text} {name}");
        }
    }

    #[test]
    fn the_nearest_name_is_found() {
        let names = ["age", "addr", "birth", "类别", "年龄"];
        for (text, want) in [
            ("agee", Some("age")),
            ("brith", Some("birth")),
            ("nianling", Some("年龄")),
            ("年玲", Some("年龄")),
            ("zzzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(text, names.into_iter()), want, "{text}");
        }
    }
}
