//! Who has died or moved out by a ledger: told, and set by decision alone.

use crate::exchange::Desk;
use jumin::exchange::choices::Choices;
use jumin::exchange::group::Kind;
use jumin::exchange::intake::Plan;
use jumin::exchange::verdict::Verdict;
use jumin::model::Lang;
use jumin::model::field;
use jumin::model::ruling::Policy;
use jumin::model::ruling::Side;
use jumin::model::value::ValueRef;

const LEDGER: &str = "姓名,性别,住址,人户情况,备注\n\
    张三(已故),男,1栋101,,\n\
    李四,男,1栋102,迁出,\n\
    王五,男,1栋103,在住,2019年去世\n\
    赵六,男,1栋104,正常,其妻已故\n\
    钱七,男,1栋105,,失踪\n";

fn life(desk: &Desk, name: &str) -> Option<String> {
    let read = desk.person(name).record.read(jumin::model::person::LIFE);
    read.map(ValueRef::plain)
}

/// The rows of each state that is told, by its name.
fn told(plan: &Plan) -> Vec<(String, Vec<usize>)> {
    let groups = plan.groups(Lang::Zh).into_iter();
    let life = groups.filter(|group| group.kind == Kind::Life);
    let mut told: Vec<_> = life.map(|group| (group.heading, group.rows)).collect();
    told.sort();
    told
}

fn by_name() -> Vec<(String, Vec<usize>)> {
    let told = [
        ("查无此人", vec![6]),
        ("死亡", vec![2, 4]),
        ("迁出", vec![3]),
    ];
    told.map(|(state, rows)| (state.to_owned(), rows)).into()
}

#[test]
fn words_beside_a_name_are_told_and_set_nothing() {
    let mut desk = Desk::new();
    for policy in [Policy::FillBlanks, Policy::NewerWins, Policy::Ask] {
        let path = desk.file("a.csv", LEDGER);
        let mut choices = Choices::default();
        choices.policy = policy;
        let plan = desk.judge(&path, &choices).unwrap();
        assert_eq!(plan.counts().new, 5, "{policy:?} {:?}", plan.rows);
        assert_eq!(told(&plan), by_name());
        assert!(plan.rows.iter().all(|row| row.problems.is_empty()));
    }
    desk.text("a.csv", LEDGER);
    for name in ["张三", "李四", "王五", "赵六", "钱七"] {
        assert_eq!(life(&desk, name), None, "{name}");
    }
    let again = desk.text("a.csv", LEDGER);
    assert_eq!((again.changes.len(), again.counts().same), (0, 5));
    assert_eq!(told(&again), by_name());
}

#[test]
fn what_is_decided_is_set_and_then_known() {
    let state = field::by_key("life").unwrap();
    for known in [true, false] {
        let mut desk = Desk::new();
        if known {
            desk.text("a.csv", LEDGER);
        }
        let path = desk.file("a.csv", LEDGER);
        let mut choices = Choices::default();
        choices.field(state, Some(Side::Theirs));
        choices.cell(3, state, Some(Side::Ours));
        let plan = desk.judge(&path, &choices).unwrap();
        plan.changes.iter().for_each(|one| desk.book.apply(one));
        let states = ["张三", "李四", "王五", "赵六", "钱七"].map(|name| life(&desk, name));
        let dead = Some("3".to_owned());
        let missing = Some("5".to_owned());
        assert_eq!(states, [dead.clone(), None, dead, None, missing]);
        let again = desk.import(&path);
        assert_eq!(again.counts().same, 5);
        assert_eq!(told(&again), [("迁出".to_owned(), vec![3])]);
    }
}

#[test]
fn a_column_of_states_is_a_difference_and_of_somebody_new_a_fact() {
    let mut desk = Desk::new();
    desk.text("a.csv", "姓名,性别,住址\n张三,男,1栋101\n李四,男,1栋102\n");
    let ledger = "姓名,性别,住址,状态\n张三,男,1栋101,2020年去世\n李四,男,1栋102,正常\n王五,男,1栋103,已迁出\n";
    let plan = desk.text("b.csv", ledger);
    assert_eq!(plan.rows[1].verdict, Verdict::Conflict, "{:?}", plan.rows);
    assert_eq!(plan.rows[2].verdict, Verdict::Same, "{:?}", plan.rows);
    assert_eq!(plan.rows[3].verdict, Verdict::New, "{:?}", plan.rows);
    assert_eq!(told(&plan), [("迁出".to_owned(), vec![4])]);
    let states = ["张三", "李四", "王五"].map(|name| life(&desk, name));
    assert_eq!(states, [None, None, Some("2".to_owned())]);
    let path = desk.file("b.csv", ledger);
    let mut choices = Choices::default();
    choices.policy = Policy::NewerWins;
    let plan = desk.judge(&path, &choices).unwrap();
    plan.changes.iter().for_each(|one| desk.book.apply(one));
    assert_eq!(life(&desk, "张三"), Some("3".to_owned()));
}
