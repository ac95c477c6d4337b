//! The starter taxonomy and the day-one views: whole, consistent, and planted once.

use jumin::exchange::write;
use jumin::model::Lang;
use jumin::model::book::Book;
use jumin::model::category;
use jumin::model::category::Category;
use jumin::model::category::Kind;
use jumin::model::category::Sensitivity;
use jumin::model::draft::Draft;
use jumin::model::ids::CategoryCode;
use jumin::model::seed;
use jumin::model::value::Value;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::parse;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;

/// Every code of the taxonomy that the brief of the domain lists, by axis.
const WHOLE: &[(&str, &[u8])] = &[
    ("R", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    (
        "E",
        &[
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24,
        ],
    ),
    ("P", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]),
    (
        "L",
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    ),
    ("T", &[1, 2, 3]),
    ("W", &[1, 2, 3, 4, 5, 9]),
    ("H", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("M", &[1, 2, 3, 4, 5, 6, 9]),
    ("V", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("X", &[1, 2, 3, 4, 5]),
    ("U", &[]),
];

/// A book that holds only the seeds.
pub(crate) fn planted() -> Book {
    let mut book = Book::default();
    act(&mut book, |draft| seed::plant(draft).unwrap());
    book
}

/// Does something to a book, the way an act of a worker does.
fn act(book: &mut Book, does: impl FnOnce(&mut Draft<'_>)) -> usize {
    let mut draft = Draft::new(book);
    does(&mut draft);
    let changes = draft.finish();
    for change in &changes {
        book.apply(change);
    }
    changes.len()
}

fn find<'a>(book: &'a Book, code: &str) -> Category<'a> {
    book.category(&CategoryCode(code.to_owned()))
        .unwrap_or_else(|| panic!("{code} is missing"))
}

#[test]
fn the_taxonomy_is_whole() {
    let book = planted();
    let have: BTreeSet<String> = book.categories().iter().map(|one| one.code().0).collect();
    let mut want: BTreeSet<String> = WHOLE.iter().map(|(axis, _)| (*axis).to_owned()).collect();
    for (axis, numbers) in WHOLE {
        want.extend(numbers.iter().map(|number| format!("{axis}{number}")));
    }
    assert_eq!(have, want);
}

#[test]
fn every_category_is_consistent() {
    let book = planted();
    let mut chords = HashMap::new();
    let mut spellings = HashMap::new();
    for one in book.categories() {
        let code = one.code().0;
        assert!(
            !one.name(Lang::Zh).is_empty() && !one.name(Lang::En).is_empty(),
            "{code}"
        );
        assert!(one.colour().is_some() && one.rank() < i64::MAX, "{code}");
        let names = [one.name(Lang::Zh), one.name(Lang::En), &code].map(str::to_lowercase);
        let aliases = one.aliases().map(str::to_lowercase);
        let mut own = HashSet::new();
        for name in names.into_iter().chain(aliases).filter(|_| !one.is_axis()) {
            assert!(own.insert(name.clone()), "{code} says {name} twice");
            let other = spellings.insert(name.clone(), code.clone());
            assert_eq!(other, None, "{name} means {code} too");
        }
        let Some(axis) = one.axis() else {
            assert_eq!(one.key().map(|key| key.chars().count()), Some(1), "{code}");
            continue;
        };
        let axis = find(&book, axis);
        assert!(axis.is_axis() && code.starts_with(&axis.code().0), "{code}");
        if let Some(group) = one.exclusive() {
            assert_eq!(group, axis.code().0, "{code}");
        }
        if let Some(key) = one.key() {
            assert_eq!(key.chars().count(), 1, "{code}");
            let chord = (axis.code().0, key.to_owned());
            let other = chords.insert(chord, code.clone());
            assert_eq!(other, None, "{code} has the chord of another");
        }
        let ruled = one.rule().is_some() && one.reason(Lang::Zh).is_some();
        assert_eq!(ruled, one.kind() != Kind::Asserted, "{code}");
        assert!(
            one.reason(Lang::Zh) != one.reason(Lang::En) || !ruled,
            "{code}"
        );
    }
    let axes: Vec<_> = book
        .categories()
        .into_iter()
        .filter(Category::is_axis)
        .collect();
    let keys: HashSet<_> = axes.iter().filter_map(Category::key).collect();
    assert_eq!(keys.len(), axes.len(), "two axes have one key");
}

#[test]
fn everyone_has_one_employment_and_the_digits_give_it() {
    let book = planted();
    let required: Vec<String> = book
        .categories()
        .iter()
        .filter(|one| one.is_required())
        .map(|one| one.code().0)
        .collect();
    assert_eq!(required, ["E"]);
    let digits: Vec<_> = find(&book, "E").digits().collect();
    assert_eq!(
        digits,
        ["E1", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E13"]
    );
    for axis in book.categories().into_iter().filter(Category::is_axis) {
        assert!(axis.digits().count() <= 9, "{}", axis.code().0);
    }
    for (code, exclusive) in [
        ("E1", true),
        ("E15", true),
        ("E20", false),
        ("R5", true),
        ("R6", false),
    ] {
        assert_eq!(find(&book, code).exclusive().is_some(), exclusive, "{code}");
    }
}

#[test]
fn every_rule_and_every_view_parses() {
    let book = planted();
    let lexicon = Lexicon::of(&book);
    for one in book.categories() {
        let parsed = one.rule().map(|rule| parse(rule, &lexicon));
        let fault = parsed.and_then(Result::err);
        assert_eq!(fault, None, "{}: {:?}", one.code().0, one.rule());
    }
    for view in book.views() {
        let fault = parse(view.query(), &lexicon).err();
        assert_eq!(fault, None, "{}", view.query());
    }
}

#[test]
fn what_is_sensitive_is_kept_so() {
    let book = planted();
    for one in book.categories().iter().filter(|one| !one.is_axis()) {
        let code = one.code().0;
        if code.starts_with(['W', 'H']) || ["P11", "L12", "L14", "L15"].contains(&code.as_str()) {
            assert_eq!(one.sensitivity(), Sensitivity::Sensitive, "{code}");
        }
    }
    assert_eq!(find(&book, "X5").sensitivity(), Sensitivity::Locked);
    assert_eq!(find(&book, "X5").key(), None);
    assert_eq!(find(&book, "R1").sensitivity(), Sensitivity::Open);
}

#[test]
fn the_views_have_names_of_their_own_and_columns_that_exist() {
    let book = planted();
    let mut names = HashSet::new();
    for view in book.views() {
        for lang in [Lang::Zh, Lang::En] {
            assert!(
                names.insert(view.name(lang)),
                "{} stands twice",
                view.name(lang)
            );
        }
        for column in view.columns() {
            assert!(
                write::column(column).is_some(),
                "{}: {column}",
                view.name(Lang::En)
            );
        }
    }
    assert!(names.len() > 60, "{}", names.len());
}

#[test]
fn planting_again_changes_nothing_not_even_what_the_user_changed() {
    let mut book = planted();
    let laid_off = CategoryCode("E6".into()).subject();
    let renamed = Value::Text("下岗人员".into());
    let made = act(&mut book, |draft| {
        draft.set(laid_off, category::ZH, Some(renamed));
    });
    assert_eq!(made, 1);
    let made = act(&mut book, |draft| seed::plant(draft).unwrap());
    assert_eq!(made, 0);
}

#[test]
fn a_bad_seed_says_what_is_wrong() {
    let axis = "[[axis]]\ncode = 'E'\nzh = '业'\nen = 'Work'\nkey = 'e'\ncolour = 'red'\n";
    let one = "[[axis.category]]\ncode = 'E1'\nzh = '甲'\nen = 'One'\naliases = []\n";
    for (text, want) in [
        (format!("{axis}digit = []\n"), "unknown field `digit`"),
        (format!("{axis}digits = ['E9']\n"), "E: digits name E9"),
        (format!("{axis}{one}kind = 'X'\n"), "unknown variant `X`"),
        (
            format!("{axis}{one}kind = 'D'\n"),
            "E1: D and S have a rule",
        ),
        (
            format!("{axis}{one}kind = 'A'\nrule = 'age:1'\n"),
            "E1: D and S have a rule",
        ),
        (
            format!("{axis}{one}kind = 'A'\n{one}kind = 'A'\n"),
            "E1 stands twice",
        ),
    ] {
        let book = Book::default();
        let fault = seed::plant_categories(&mut Draft::new(&book), &text).unwrap_err();
        let said = fault.to_string();
        assert!(said.contains(want), "{said}");
        assert!(said.starts_with("seeds/categories.toml: "), "{said}");
    }
    let view = "[[view]]\nkey = 'a'\nzh = '一'\nen = 'One'\nquery = ''\n".repeat(2);
    let book = Book::default();
    let fault = seed::plant_views(&mut Draft::new(&book), &view).unwrap_err();
    assert_eq!(fault.to_string(), "seeds/views.toml: a stands twice");
}
