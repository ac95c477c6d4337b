//! Damaged text for every reader of text: each understands it or says what is wrong, and none
//! panics.
//!
//! Each reader gets some thousand texts by default, the slow ones fewer; `JUMIN_FUZZ=1000000` for as
//! many as asked, best in release. A failure names its number, from which the text is made again.

use crate::rig::asked;
use crate::rig::day;
use fastrand::Rng;
use jumin::app::key::Key;
use jumin::app::keymap::Keymap;
use jumin::index::Index;
use jumin::model::Lang;
use jumin::model::address::Address;
use jumin::model::book::Book;
use jumin::model::clean;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field::Masking;
use jumin::model::id_number;
use jumin::model::mask;
use jumin::model::seed;
use jumin::query::complete::complete;
use jumin::query::parse::LONGEST;
use jumin::query::parse::chips;
use jumin::query::parse::parse;
use jumin::query::show::show;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

/// So many texts for each reader, divided by what reading one costs.
const TEXTS: u64 = 20_000;

/// What tends to be forgotten: other digits and dashes, marks of direction and of no width, what is
/// beyond the first plane, what joins, what ends a line, and the signs of the readers' own languages.
const NASTY: &[&str] = &[
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{301}",
    "\u{fe0f}",
    "𠮷",
    "𰻝",
    "·",
    "　",
    "\t",
    "\r\n",
    "\u{2028}",
    "９",
    "①",
    "٣",
    "－",
    "—",
    "：",
    "，",
    "“",
    "\"",
    "'",
    "(",
    ")",
    "（",
    "..",
    "-",
    "|",
    ",",
    ":",
    "*",
    "=",
    "[",
    "]",
    "#",
    "\\",
    "%",
    "栋",
    "号",
    "年",
    "X",
    "x",
    "99999999999999999999",
    "-1",
    "0",
    "1e309",
    "张",
    "é",
    "\u{10ffff}",
];

/// A reader, and what it can read.
struct Target {
    name: &'static str,
    /// What reading a text costs, beside the cheapest.
    cost: u64,
    seeds: &'static [&'static str],
    read: fn(&Index, &str),
}

const TARGETS: &[Target] = &[
    Target {
        name: "query",
        cost: 40,
        seeds: &[
            "zhangw",
            "下岗 age:45.. -党员 3栋",
            "hh(低保) | (sex:男 born:1950..1960-05) sort:-age",
            "\"纺织\" note:独居 no:phone is:stale seen:..90d due:..month",
            "3-2-501 @女50 suggest:any by:王 since:2024",
            "edu:大学,高中 size:2.. retired:..2027 id:110101 tel:1380",
        ],
        read: |index, text| {
            let lexicon = index.lexicon();
            drop(chips(text, lexicon));
            let middle = text.char_indices().nth(text.chars().count() / 2);
            for caret in [middle.map_or(0, |(at, _)| at), text.len()] {
                drop(complete(text, caret, lexicon, Lang::Zh, &|_| 0));
            }
            match parse(text, lexicon) {
                Ok(query) => {
                    drop(index.facets(&index.ask(&query)));
                    let shown = show(&query, lexicon);
                    // One at the limit may be shown with more blanks than it was typed with.
                    if shown.chars().count() <= LONGEST {
                        assert_eq!(parse(&shown, lexicon).as_ref(), Ok(&query), "{shown}");
                    }
                }
                Err(fault) => drop(fault.say(Lang::Zh)),
            }
        },
    },
    Target {
        name: "date",
        cost: 1,
        seeds: &[
            "1956-03-07",
            "1956年3月7日",
            "56.3.7",
            "19560307",
            "1956-03",
            "三月",
            "41000",
        ],
        read: |_, text| {
            if let Some(date) = Date::parse(text) {
                assert_eq!(Date::parse(&date.to_string()), Some(date));
            }
        },
    },
    Target {
        name: "identity number",
        cost: 1,
        seeds: &[
            "339999195603071239",
            "339999560307123",
            "33999919560307123X",
            "H1234567800",
        ],
        read: |_, text| drop(id_number::read(text)),
    },
    Target {
        name: "address",
        cost: 2,
        seeds: &[
            "翠湖小区3栋2单元501室",
            "3-2-501",
            "桂花花园 12 幢 甲单元 1502",
            "建设路88号后门",
        ],
        read: |_, text| {
            let address = Address::parse(text);
            drop((address.to_string(), address.block().to_string()));
        },
    },
    Target {
        name: "mask",
        cost: 2,
        seeds: &[
            "339999195603071239",
            "16012345678/0500-23456789(家)",
            "欧阳娜娜",
            "X1234567",
        ],
        read: |_, text| {
            for masking in [Masking::IdNumber, Masking::Phone, Masking::Sensitive] {
                let once = mask::text(masking, text);
                assert_eq!(mask::text(masking, &once), once);
            }
            drop(mask::name(text));
        },
    },
    Target {
        name: "cleaning",
        cost: 1,
        seeds: &[
            "张三\u{1b}[31m\t李四\r\n",
            "欧阳·娜娜",
            "\u{202e}12-3\u{200b}",
        ],
        read: |_, text| {
            let once = clean::line(text).into_owned();
            let unseen = [
                '\0', '\n', '\r', '\t', '\u{1b}', '\u{202e}', '\u{200b}', '\u{feff}',
            ];
            assert!(!once.contains(unseen));
            assert_eq!(clean::line(&once), once);
        },
    },
    Target {
        name: "key",
        cost: 1,
        seeds: &["ctrl-up", "shift-tab", "F12", "alt-p", "enter", "?"],
        read: |_, text| {
            if let Some(key) = Key::parse(text) {
                assert_eq!(Key::parse(&key.show()), Some(key), "{}", key.show());
            }
        },
    },
    Target {
        name: "keymap",
        cost: 10,
        seeds: &[
            "[table]\nF2 = \"mark\"\n\"/\" = \"search\"\n",
            "[bar]\nctrl-up = \"older\"\n",
        ],
        read: |_, text| drop(Keymap::with(text)),
    },
    Target {
        name: "taxonomy",
        cost: 10,
        seeds: &[
            "[[axis]]\ncode = \"Z\"\nzh = \"轴\"\nen = \"axis\"\n[[axis.category]]\ncode = \"Z1\"\n\
             zh = \"类\"\nen = \"class\"\nkind = \"D\"\nrule = \"age:60.. -党员\"\n",
        ],
        read: |_, text| {
            let book = Book::default();
            let mut draft = Draft::new(&book);
            if seed::plant_categories(&mut draft, text).is_ok() {
                let mut planted = Book::default();
                for change in draft.finish() {
                    planted.apply(&change);
                }
                drop(Index::build(planted, day()));
            }
        },
    },
];

/// One to six things that happen to a text.
fn damaged(target: &Target, chance: &mut Rng) -> String {
    let seed = target.seeds[chance.usize(0..target.seeds.len())];
    let mut chars: Vec<char> = seed.chars().collect();
    for _ in 0..chance.u8(1..=6) {
        let at = chance.usize(0..=chars.len());
        let length = chance.usize(0..8).min(chars.len() - at);
        let nasty = NASTY[chance.usize(0..NASTY.len())];
        match chance.u8(0..6) {
            0 => drop(chars.drain(at..at + length)),
            1 => {
                let part = chars[at..at + length].repeat(chance.usize(1..4));
                chars.splice(at..at, part);
            }
            2 => chars.splice(at..at + length, nasty.chars()).for_each(drop),
            3 => chars
                .splice(at..at, nasty.repeat(chance.usize(1..40)).chars())
                .for_each(drop),
            4 => chars
                .splice(at..at, chance.char('\0'..=char::MAX).to_string().chars())
                .for_each(drop),
            _ => chars.splice(at..at, nasty.chars()).for_each(drop),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn no_damaged_text_does_harm() {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    seed::plant(&mut draft).unwrap();
    for change in draft.finish() {
        book.apply(&change);
    }
    let index = Index::build(book, day());
    for target in TARGETS {
        for number in 0..asked("FUZZ", TEXTS / target.cost) {
            let text = damaged(target, &mut Rng::with_seed(number));
            let harm = catch_unwind(AssertUnwindSafe(|| (target.read)(&index, &text))).is_err();
            assert!(!harm, "{}, text {number}: {text:?}", target.name);
        }
    }
}
