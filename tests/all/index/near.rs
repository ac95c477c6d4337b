//! Who is near: the rules once more, as a scan that looks at one name at a time.

use crate::index::named;
use crate::index::names_of;
use crate::index::oracle::Scan;
use crate::index::oracle::grade;
use crate::index::test;
use crate::index::world;
use jumin::index::Index;
use jumin::index::literal::fold;
use jumin::index::pinyin::Syllable;
use jumin::index::pinyin::order_key;
use jumin::index::pinyin::syllables;
use jumin::model::ids::PersonId;
use jumin::model::person::Person;
use jumin::query::Node;
use jumin::query::Query;
use jumin::query::Test;
use proptest::prelude::ProptestConfig;
use proptest::prelude::TestCaseError;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use std::collections::BTreeSet;

/// How a name is near, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Same,
    Sound,
    Slur,
    Slip,
}

/// With so many answers nobody is near, and so many are told.
const ENOUGH: usize = 5;
const MOST: usize = 20;

/// Of the first so many names of a query one may be near.
const NAMES: usize = 4;

/// A character that was typed, and how it is read if it is no letter.
type Typed = (char, Option<String>);

fn typed(text: &str) -> Vec<Typed> {
    let kept: String = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    let kept = kept.replace('ü', "v");
    let mut units = syllables(&kept)
        .into_iter()
        .filter(|unit| unit.glyph.is_some());
    let read = |c: char| {
        let unit = (!c.is_ascii()).then(|| units.next().unwrap());
        (
            c,
            unit.and_then(|unit| unit.primary.first().map(ToString::to_string)),
        )
    };
    kept.chars().map(read).collect()
}

fn says_enough(typed: &[Typed]) -> bool {
    let weight: usize = typed
        .iter()
        .map(|(c, _)| if c.is_ascii() { 1 } else { 2 })
        .sum();
    weight >= 4 && typed.len() <= 40 && !typed.iter().any(|(c, _)| c.is_ascii_digit())
}

/// A syllable without what many do not tell apart.
fn slurred(text: &str) -> String {
    let mut text = text.to_owned();
    if text.starts_with("zh") || text.starts_with("ch") || text.starts_with("sh") {
        text.remove(1);
    } else if text.starts_with('n') {
        text.replace_range(..1, "l");
    }
    if text.ends_with("ang") || text.ends_with("eng") || text.ends_with("ing") {
        text.pop();
    }
    text
}

/// Whether one letter lost, added, replaced or swapped makes the one the other.
fn one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let loses = |long: &[char], short: &[char]| {
        (0..long.len()).any(|at| [&long[..at], &long[at + 1..]].concat() == short)
    };
    let differs: Vec<usize> = (0..one.len().min(other.len()))
        .filter(|at| one[*at] != other[*at])
        .collect();
    let swaps =
        |at: usize, next: usize| next == at + 1 && one[at] == other[next] && one[next] == other[at];
    one.len().max(other.len()) > 2
        && one.len() > 1
        && (loses(&one, &other)
            || loses(&other, &one)
            || one.len() == other.len()
                && match differs[..] {
                    [_] => true,
                    [at, next] => swaps(at, next),
                    _ => false,
                })
}

/// With how many units the text is used up, each unit taking a piece; `slips` are still to come.
fn ways(units: &[Syllable], typed: &[Typed], how: How, slips: bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let Some((unit, rest)) = units.split_first() else {
        return found;
    };
    for to in 1..=typed.len() {
        let (piece, after) = typed.split_at(to);
        for slipped in [false, true] {
            if slipped && !slips || !fits(unit, piece, after.is_empty(), how, slipped) {
                continue;
            }
            let left = slips && !slipped;
            if after.is_empty() {
                found.extend((!left).then_some(1));
            } else {
                found.extend(ways(rest, after, how, left).iter().map(|count| count + 1));
            }
        }
    }
    found
}

fn fits(unit: &Syllable, piece: &[Typed], last: bool, how: How, slipped: bool) -> bool {
    let same = |one: &str, other: &str| match how {
        How::Slur => slurred(one) == slurred(other),
        _ => one == other,
    };
    if let [(c, reading)] = piece
        && !c.is_ascii()
    {
        let heard = how == How::Sound || how == How::Slur;
        let sound = reading.as_ref().filter(|_| heard);
        let alike = |sound: &String| unit.primary.iter().any(|one| same(one, sound));
        return !slipped && (unit.glyph == Some(*c) || sound.is_some_and(alike));
    }
    let letters: String = piece.iter().map(|(c, _)| c).collect();
    letters.is_ascii()
        && unit.primary.iter().any(|reading| match (slipped, last) {
            (true, _) => one_slip(&letters, reading),
            (false, false) => same(&letters, reading),
            (false, true) => (1..=reading.len()).any(|end| same(&letters, &reading[..end])),
        })
}

/// How near a name is in one way: 0 with the whole name, 1 with its beginning, 2 inside.
fn rank(name: &str, text: &str, how: How) -> Option<usize> {
    let (units, typed) = (syllables(name), typed(text));
    if !says_enough(&typed) {
        return None;
    }
    let glyphs = typed.iter().all(|(c, _)| !c.is_ascii()) && typed.len() >= 3;
    let pairs = || units.iter().zip(&typed);
    let wrong = pairs()
        .filter(|(unit, (c, _))| unit.glyph != Some(*c))
        .count();
    if how == How::Slip && glyphs && units.len() == typed.len() && wrong == 1 {
        return Some(0);
    }
    let from = |at: usize| ways(&units[at..], &typed, how, how == How::Slip);
    let begun = if units.is_empty() {
        BTreeSet::new()
    } else {
        from(0)
    };
    if begun.is_empty() {
        return (1..units.len()).any(|at| !from(at).is_empty()).then_some(2);
    }
    Some(usize::from(!begun.contains(&units.len())))
}

/// The best way in which a name is near; slips do not count where somebody bears the name as typed.
fn best(name: &str, text: &str, slips: bool) -> Option<(How, usize)> {
    let ways = [How::Sound, How::Slur, How::Slip];
    let ways = ways.into_iter().filter(|how| slips || *how != How::Slip);
    let ranked = ways.filter_map(|how| Some((how, rank(name, text, how)?)));
    ranked.min()
}

/// Whether those who are near are who a scan finds, in an order that its ranks allow.
pub(super) fn agrees(
    scan: &Scan<'_>,
    query: &Query,
    found: &BTreeSet<PersonId>,
    near: &[PersonId],
) -> Result<(), TestCaseError> {
    let nodes = match &query.root {
        Node::All(nodes) => nodes.clone(),
        one => vec![one.clone()],
    };
    let name_of = |id: &PersonId| scan.book.person(*id).unwrap().name().to_owned();
    let ranked = |person: Person<'_>| {
        let names = nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| match node {
                Node::Test(Test::Name(name)) => Some((at, name)),
                _ => None,
            });
        let ways = names.take(NAMES).filter_map(|(at, name)| {
            let mut others = nodes.iter().enumerate().filter(|(other, _)| *other != at);
            let borne = found
                .iter()
                .any(|one| rank(&name_of(one), name, How::Same).is_some());
            let asked = person.is_present() || scan.names_life(&query.root);
            (asked && others.all(|(_, node)| scan.holds(node, person)))
                .then(|| best(person.name(), name, !borne))?
        });
        Some((ways.min()?, order_key(person.name())))
    };
    let others = scan.book.people().filter(|one| !found.contains(&one.id));
    let others = others.filter(|_| found.len() < ENOUGH);
    let mut want: Vec<_> = others.filter_map(ranked).collect();
    want.sort();
    want.truncate(MOST);
    let got: Vec<_> = near
        .iter()
        .map(|id| ranked(scan.book.person(*id).unwrap()))
        .collect();
    let want: Vec<_> = want.into_iter().map(Some).collect();
    prop_assert_eq!(got, want, "{:?}", query);
    prop_assert!(near.iter().all(|one| !found.contains(one)));
    Ok(())
}

fn near(index: &Index, text: &str) -> Vec<String> {
    let query = test(Test::Name(text.into()));
    let near = index.near(&query, &index.ask(&query));
    let name = |id: &PersonId| index.book().person(*id).unwrap().name().to_owned();
    near.iter().map(name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    /// What was heard or typed in a hurry finds the same names as a scan of them.
    #[test]
    fn near_names_are_those_that_a_scan_finds((people, text) in world::mistyped()) {
        let names: Vec<&str> = people.iter().map(String::as_str).collect();
        let index = named(&names);
        let exact = names_of(&index, &test(Test::Name(text.clone())));
        let borne = exact.iter().any(|name| rank(name, &text, How::Same).is_some());
        let others = names.iter().filter(|name| grade(name, &text).is_none());
        let others = others.filter(|_| exact.len() < ENOUGH);
        let mut want: Vec<_> = others
            .filter_map(|name| Some((best(name, &text, !borne)?, order_key(name), *name)))
            .collect();
        want.sort();
        let want: Vec<&str> = want.into_iter().map(|(_, _, name)| name).take(MOST).collect();
        prop_assert_eq!(near(&index, &text), want, "{}", text);
    }
}

#[test]
fn the_same_sound_comes_before_one_that_is_slurred_and_that_before_a_slip() {
    let people = [
        "张伟",
        "张伟明",
        "李张伟",
        "臧伟",
        "章薇",
        "王秀英",
        "王秀兰",
        "李秀英",
        "兰宁",
        "单雄",
        "欧阳娜娜",
        "阿依古丽·买买提",
        "John Smith",
        "吕布",
        "𡋾子",
    ];
    let index = named(&people);
    for (typed, want) in [
        // Of the same sound: the whole name, then its beginning, then inside; then slurred.
        ("彰伟", "张伟 章薇 张伟明 李张伟 臧伟"),
        ("彰wei", "张伟 章薇 张伟明 李张伟 臧伟"),
        ("山熊", "单雄"),
        ("zangwei", "张伟 章薇 张伟明 李张伟"),
        ("nannin", "兰宁"),
        // One letter wrong, missing, too many or swapped.
        ("zhagnwei", "张伟 章薇 张伟明 李张伟"),
        ("zhangwie", "张伟 章薇 张伟明 李张伟"),
        ("zhngwei", "臧伟 张伟 章薇 张伟明 李张伟"),
        ("zhangweii", "张伟 章薇 张伟明 李张伟"),
        ("xiongs", "单雄"),
        ("ouyangnaan", "欧阳娜娜"),
        ("maimaiit", "阿依古丽·买买提"),
        ("jonhsmith", "John Smith"),
        // One hanzi wrong in a name of three or more.
        ("王秀美", "王秀兰 王秀英"),
        ("王秀瑛", "王秀英 王秀兰"),
        ("欧阳娜英", "欧阳娜娜"),
        ("李伟", ""),
        // Two slips are not one, and a single hanzi says too little.
        ("zhagnwie", ""),
        ("彰", ""),
        ("wie", ""),
        // Digits are as they are.
        ("zhangwie1", ""),
        ("", ""),
        ("··", ""),
    ] {
        assert_eq!(near(&index, typed).join(" "), want, "{typed}");
    }
}

#[test]
fn a_name_that_is_borne_as_typed_is_no_slip() {
    let index = named(&["王秀英", "王秀银", "王秀兰"]);
    assert_eq!(
        near(&index, "王秀英").join(" "),
        "王秀银",
        "of the same sound but for its end"
    );
    assert_eq!(near(&index, "wangxiuying").join(" "), "王秀银");
    let many = named(&["张伟", "张伟", "张伟", "张伟", "张伟", "章伟"]);
    assert_eq!(near(&many, "张伟").join(" "), "", "five answer");
}

#[test]
fn all_but_one_name_is_as_asked() {
    let index = named(&["张伟", "张伟明", "王伟"]);
    for (text, want) in [
        ("zhang wiem", "张伟明"),
        ("zhagn wiem", ""),
        ("zhang mign", "张伟明"),
        ("zhnag ming", "张伟明"),
    ] {
        let names = text
            .split(' ')
            .map(|name| Node::Test(Test::Name(name.into())));
        let query = Query {
            root: Node::All(names.collect()),
            order: None,
        };
        let near = index.near(&query, &index.ask(&query));
        let name = |id: &PersonId| index.book().person(*id).unwrap().name().to_owned();
        assert_eq!(
            near.iter().map(name).collect::<Vec<_>>().join(" "),
            want,
            "{text}"
        );
        let (some, not) = (query.clone(), Node::Not(Box::new(query.root)));
        for root in [Node::Any(vec![some.root.clone(), some.root]), not] {
            let query = Query { root, order: None };
            assert!(
                index.near(&query, &index.ask(&query)).is_empty(),
                "{query:?}"
            );
        }
    }
}
