//! The index: names as people type them, and answers equal to a plain scan.

use jumin::index::Index;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::person;
use jumin::model::value::Value;
use jumin::query::Node;
use jumin::query::Query;
use jumin::query::Test;

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
        draft.set(
            id.subject(),
            person::NAME,
            Some(Value::Text((*name).into())),
        );
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

fn names(index: &Index, query: &Query) -> Vec<String> {
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
        let got = names(&index, &test(Test::Name(typed.into()))).join(" ");
        assert_eq!(got, want, "{typed}");
    }
}
