//! The index: names as people type them, and answers equal to a plain scan.

mod golden;
mod laid_by;
mod near;
mod oracle;
mod world;

use crate::index::oracle::Scan;
use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::index::Index;
use jumin::index::pinyin::syllables;
use jumin::model::Lang;
use jumin::model::book::Book;
use jumin::model::change::inverse;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::seed::plant;
use jumin::model::value::Value;
use jumin::query::Node;
use jumin::query::Order;
use jumin::query::Query;
use jumin::query::SortKey;
use jumin::query::Test;
use jumin::query::parse::parse;
use proptest::prelude::ProptestConfig;
use proptest::prelude::TestCaseError;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use std::collections::BTreeSet;

fn today() -> Date {
    Date::new(2026, 6, 1).unwrap()
}

/// A register of people who are only names.
fn named(names: &[&str]) -> Index {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    let mut mint = Mint::new(1, 1);
    for name in names {
        let id = mint.person();
        let text = (!name.is_empty()).then(|| Value::Text((*name).into()));
        draft.set(id.subject(), person::NAME, text);
        draft.set(id.subject(), person::DRAFT, Some(Value::Flag(true)));
    }
    let changes = draft.finish();
    for change in &changes {
        book.apply(change);
    }
    Index::build(book, today())
}

fn test(test: Test) -> Query {
    Query {
        root: Node::Test(test),
        order: None,
    }
}

fn rows(index: &Index, query: &Query) -> Vec<PersonId> {
    let answer = index.ask(query);
    index.rows(query, &answer, 0, answer.total())
}

fn names_of(index: &Index, query: &Query) -> Vec<String> {
    let name = |id: &PersonId| index.book().person(*id).unwrap().name().to_owned();
    rows(index, query).iter().map(name).collect()
}

#[test]
fn names_rank_exact_then_prefix_then_initials_then_inside() {
    let people = [
        "张伟",
        "张伟明",
        "章薇",
        "赵薇",
        "周伟民",
        "王伟",
        "李张伟",
        "曾伟",
        "单雄",
        "欧阳娜娜",
        "尉迟恭",
        "吕布",
        "女娃",
        "解晓东",
        "阿依古丽·买买提",
        "John Smith",
        "陈卫明",
        "艾青",
        "任志强",
    ];
    let index = named(&people);
    for (typed, want) in [
        ("张伟", "张伟 张伟明 李张伟"),
        ("zhangwei", "张伟 章薇 张伟明 李张伟"),
        ("zhangw", "张伟 章薇 张伟明 李张伟"),
        ("zw", "曾伟 张伟 章薇 张伟明 赵薇 周伟民 李张伟"),
        ("zhw", "张伟 章薇 张伟明 赵薇 周伟民 李张伟"),
        ("zwm", "张伟明 周伟民"),
        ("zwei", "曾伟 张伟 章薇 张伟明 赵薇 周伟民 李张伟"),
        ("张wei", "张伟 张伟明 李张伟"),
        ("张w", "张伟 张伟明 李张伟"),
        ("weiming", "陈卫明 张伟明"),
        ("zengwei", "曾伟"),
        ("shan", "单雄"),
        ("dan", "单雄"),
        ("ouyang", "欧阳娜娜"),
        ("oynn", "欧阳娜娜"),
        ("yuchi", "尉迟恭"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("lyubu", "吕布"),
        ("LÜ", "吕布"),
        ("xiexd", "解晓东"),
        ("maimaiti", "阿依古丽·买买提"),
        ("阿依古丽买", "阿依古丽·买买提"),
        ("johnsm", "John Smith"),
        ("ｊｓ", "John Smith"),
        ("hangwei", ""),
        ("ren", "任志强"),
        ("·", ""),
    ] {
        let got = names_of(&index, &test(Test::Name(typed.into()))).join(" ");
        assert_eq!(got, want, "{typed}");
    }
}

#[test]
fn surnames_are_read_as_surnames() {
    for (surname, want) in [
        ("单", "shan"),
        ("仇", "qiu"),
        ("解", "xie"),
        ("曾", "zeng"),
        ("查", "zha"),
        ("区", "ou"),
        ("朴", "piao"),
        ("盖", "ge"),
        ("任", "ren"),
        ("覃", "qin"),
        ("冼", "xian"),
        ("缪", "miao"),
        ("翟", "zhai"),
        ("乐", "yue"),
        ("召", "shao"),
        ("员", "yun"),
        ("繁", "po"),
        ("折", "she"),
        ("种", "chong"),
        ("秘", "bi"),
        ("黑", "he"),
        ("尉迟", "yu chi"),
        ("万俟", "mo qi"),
        ("单于", "chan yu"),
        ("令狐", "ling hu"),
        ("长孙", "zhang sun"),
        ("澹台", "tan tai"),
        ("欧阳", "ou yang"),
        ("诸葛", "zhu ge"),
        ("吕", "lv"),
        ("陳", "chen"),
        ("歐陽", "ou yang"),
        ("陈", "chen"),
        ("刘", "liu"),
        ("张", "zhang"),
        ("沈", "shen"),
        ("石", "shi"),
        ("葛", "ge"),
    ] {
        let units = syllables(&format!("{surname}伟"));
        let read: Vec<&str> = units.iter().map(|unit| unit.primary[0].as_ref()).collect();
        assert_eq!(read.join(" "), format!("{want} wei"), "{surname}");
    }
    let inside = syllables("王单");
    assert_eq!(
        inside[1].primary,
        ["dan"],
        "a surname is read so only where it is one"
    );
    assert!(inside[1].others.contains(&"shan".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// Build, apply, take back, turn the day: after each step every answer is that of a plain scan
    /// and everything else is as if it had been built anew.
    #[test]
    fn answers_equal_a_scan(
        first in world::ops(120),
        later in proptest::collection::vec(world::ops(12), 0..4),
        queries in proptest::collection::vec(world::nodes(), 1..12),
    ) {
        let mut book = world::seeded();
        for change in world::changes(&book, &first) {
            book.apply(&change);
        }
        let mut index = Index::build(book, today());
        let mut done = Vec::new();
        agrees(&index, &queries)?;
        for ops in &later {
            let changes = world::changes(index.book(), ops);
            index.apply(&changes);
            agrees(&index, &queries)?;
            done.push(changes);
        }
        let changes = world::rewritten(index.book());
        index.apply(&changes);
        agrees(&index, &queries)?;
        done.push(changes);
        for changes in done.iter().rev() {
            index.apply(inverse(changes));
        }
        agrees(&index, &queries)?;
        index.turn(Date::new(2030, 2, 28).unwrap());
        agrees(&index, &queries)?;
    }
}

/// Compares an index to a scan, and to an index of the same book built anew.
fn agrees(index: &Index, nodes: &[Node]) -> Result<(), TestCaseError> {
    let scan = Scan {
        book: index.book(),
        today: index.today(),
        order: world::ORDER,
    };
    let anew = Index::build(index.book().clone(), index.today());
    for node in nodes {
        let query = Query {
            root: node.clone(),
            order: None,
        };
        let found: BTreeSet<PersonId> = rows(index, &query).into_iter().collect();
        let people = index
            .book()
            .people()
            .filter(|one| scan.answers(&query, *one));
        prop_assert_eq!(&found, &people.map(|one| one.id).collect(), "{:?}", node);
        let gone = index.gone(&query);
        let gone: BTreeSet<PersonId> = index
            .rows(&query, &gone, 0, gone.total())
            .into_iter()
            .collect();
        let left = index.book().people().filter(|one| {
            let is_known = one.merged_into().is_none() && one.name() != "已匿名";
            let asked = !one.is_present() && is_known && !scan.names_life(node);
            asked && scan.holds(node, *one)
        });
        prop_assert_eq!(&gone, &left.map(|one| one.id).collect(), "{:?}", node);
        for person in index.book().people() {
            prop_assert_eq!(index.matches(&query, person.id), found.contains(&person.id));
        }
        let orders = SORTS.iter().flat_map(|by| [(*by, false), (*by, true)]);
        let orders = orders.map(|(by, descending)| Some(Order { by, descending }));
        for order in orders.chain([None]) {
            let query = Query {
                root: node.clone(),
                order,
            };
            let listed = rows(index, &query);
            prop_assert_eq!(&listed, &rows(&anew, &query), "{:?}", order);
            let answer = index.ask(&query);
            for (at, person) in listed.iter().enumerate() {
                prop_assert_eq!(index.position(&query, &answer, *person), Some(at));
                prop_assert_eq!(&index.rows(&query, &answer, at, 1), &[*person]);
            }
        }
        let (answer, same) = (index.ask(&query), anew.ask(&query));
        let near = index.near(&query, &answer);
        prop_assert_eq!(&near, &anew.near(&query, &same), "{:?}", node);
        near::agrees(&scan, &query, &found, &near)?;
        prop_assert_eq!(index.facets(&answer), anew.facets(&same));
        prop_assert_eq!(index.suggestions(&answer), anew.suggestions(&same));
        for facet in index.facets(&answer) {
            let people = found.iter().filter_map(|id| index.book().person(*id));
            let count = people.filter(|one| scan.is_in(*one, &facet.code)).count();
            prop_assert_eq!(facet.count, count, "{}", facet.code);
        }
    }
    for person in index.book().people() {
        prop_assert_eq!(index.standings(person.id), anew.standings(person.id));
    }
    prop_assert_eq!(index.faults(Lang::Zh), Vec::new());
    Ok(())
}

/// A made-up community entered change by change answers as one that was built at once, and both as
/// a scan: large enough for sets of either form, and for answers that fill more than one word.
#[test]
fn a_community_built_at_once_is_one_entered_bit_by_bit() {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    plant(&mut draft).unwrap();
    for change in &draft.finish() {
        book.apply(change);
    }
    let recipe = Recipe {
        residents: 400,
        seed: 3,
    };
    let changes = community(recipe, &book, today(), &mut Mint::new(1, 1));
    let mut edited = Index::build(book.clone(), today());
    for some in changes.chunks(400) {
        edited.apply(some);
    }
    for change in &changes {
        book.apply(change);
    }
    let built = Index::build(book, today());
    let scan = Scan {
        book: built.book(),
        today: today(),
        order: &[],
    };
    for (text, plain) in QUERIES {
        let query = parse(text, built.lexicon()).unwrap();
        let found = rows(&built, &query);
        assert_eq!(rows(&edited, &query), found, "{text}");
        let (one, other) = (built.ask(&query), edited.ask(&query));
        assert_eq!(built.facets(&one), edited.facets(&other), "{text}");
        assert_eq!(
            built.suggestions(&one),
            edited.suggestions(&other),
            "{text}"
        );
        if *plain {
            let people = built.book().people();
            let want: BTreeSet<PersonId> = people
                .filter(|one| scan.answers(&query, *one))
                .map(|one| one.id)
                .collect();
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), want, "{text}");
        }
    }
}

/// Queries, and whether a scan answers them without the taxonomy's rules.
const QUERIES: &[(&str, bool)] = &[
    ("", true),
    ("z", true),
    ("zhang", true),
    ("wang", true),
    ("li", true),
    ("w", true),
    ("张", true),
    ("李j", true),
    ("jianguo", true),
    ("3栋", true),
    ("3栋2单元501", true),
    ("501", true),
    ("1", true),
    ("154", true),
    ("339901", true),
    ("age:60..", true),
    ("age:20..30 sex:男", true),
    ("edu:大学 | edu:初中", true),
    ("retired:..-1 -sex:女", true),
    ("hh(age:80..) -age:80..", true),
    ("size:1", true),
    ("employer:公司", true),
    ("\"纺织\"", true),
    ("tel:*1", true),
    ("no:phone", true),
    ("is:head sort:age", true),
    ("life:2", true),
    ("党员", false),
    ("党员 老年人", false),
    ("失业 | 下岗", false),
    ("hh(低保) -低保", false),
    ("is:unclassified", false),
    ("suggest:any", false),
    ("is:stale", false),
];

const SORTS: &[SortKey] = &[
    SortKey::Address,
    SortKey::Name,
    SortKey::Age,
    SortKey::Added,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    /// The sets and the automaton grade every name alike.
    #[test]
    fn names_match_as_the_automaton_says(node in world::typed(), people in world::people()) {
        let names: Vec<&str> = people.iter().map(String::as_str).collect();
        let index = named(&names);
        let got = names_of(&index, &test(Test::Name(node.clone())));
        let grades: Vec<_> = got.iter().map(|name| oracle::grade(name, &node)).collect();
        prop_assert!(grades.iter().all(Option::is_some), "{} {:?} {:?}", node, got, grades);
        prop_assert!(grades.is_sorted(), "{} {:?} {:?}", node, got, grades);
        let want = names.iter().filter(|name| oracle::grade(name, &node).is_some()).count();
        prop_assert_eq!(got.len(), want);
    }
}
