//! Households by numbers that begin anew, and columns that are blank.

use crate::exchange::Desk;
use jumin::exchange::group::Kind;
use jumin::exchange::intake::Plan;
use jumin::model::Lang;

/// The members of each household, by their names.
fn families(desk: &Desk) -> Vec<String> {
    let of = |id| {
        let names = desk.book.members(id).iter();
        let names = names.filter_map(|id| Some(desk.book.person(*id)?.name()));
        names.collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = desk.book.households().map(|one| of(one.id)).collect();
    all.sort();
    all
}

fn by_serial(plan: &Plan) -> Vec<usize> {
    let groups = plan.groups(Lang::Zh).into_iter();
    let rows = groups.filter(|group| group.kind == Kind::Serial);
    rows.flat_map(|group| group.rows).collect()
}

#[test]
fn numbers_that_begin_anew_part_households() {
    for (head, lines, begins) in [
        (
            "序号,姓名,性别",
            [",", ",", ",", ",", ",", ","],
            vec![2, 5, 7],
        ),
        // A building is nobody's door.
        ("序号,姓名,性别,住址", [",3栋"; 6], vec![2, 5, 7]),
        // A relation tells who belongs to somebody, not to whom.
        (
            "序号,姓名,性别,与户主关系",
            [",妻", ",子", ",女", ",妻", ",子", ",妻"],
            vec![2, 5, 7],
        ),
        // Only the first of a household has its address.
        (
            "序号,姓名,性别,住址",
            [",1栋101", ",", ",", ",1栋102", ",", ",1栋103"],
            vec![],
        ),
    ] {
        let people = [
            "1,张一,男",
            "2,张二,男",
            "3,张三,女",
            "1,李一,男",
            "2,李二,女",
            "1,王一,男",
        ];
        let rows = people.iter().zip(lines);
        let rows: Vec<String> = rows.map(|(one, more)| format!("{one}{more}\n")).collect();
        let mut desk = Desk::new();
        let plan = desk.text("a.csv", &format!("{head}\n{}", rows.concat()));
        assert_eq!(
            families(&desk),
            ["张一 张二 张三", "李一 李二", "王一"],
            "{head}"
        );
        assert_eq!(by_serial(&plan), begins, "{head}");
        let again = desk.text("a.csv", &format!("{head}\n{}", rows.concat()));
        assert_eq!((again.changes.len(), by_serial(&again).len()), (0, 0));
    }
}

#[test]
fn numbers_contradict_nothing_stronger() {
    for ledger in [
        "序号,姓名,户号\n1,张一,7\n2,张二,7\n1,张三,7\n2,李一,8\n1,李二,8\n1,王一,9\n",
        "序号,姓名,住址\n1,张一,1栋101\n2,张二,1栋101\n1,张三,1栋101\n2,李一,1栋102\n1,李二,1栋102\n1,王一,1栋103\n",
        "序号,姓名,户主\n1,张一,张一\n2,张二,张一\n1,张三,张一\n2,李一,李一\n1,李二,李一\n1,王一,王一\n",
    ] {
        let mut desk = Desk::new();
        let plan = desk.text("a.csv", ledger);
        assert_eq!(
            families(&desk),
            ["张一 张二 张三", "李一 李二", "王一"],
            "{ledger}"
        );
        assert_eq!(by_serial(&plan), [0; 0], "{ledger}");
    }
    // Numbers that run on tell nothing.
    let mut desk = Desk::new();
    desk.text("a.csv", "序号,姓名,性别\n1,张一,男\n2,张二,男\n3,李一,男\n");
    assert_eq!(families(&desk), [""; 0]);
}

#[test]
fn whoever_follows_a_doubt_is_not_of_the_household_before() {
    let mut desk = Desk::new();
    desk.text("a.csv", "姓名,性别,住址\n李一,男,9栋901\n李一,女,9栋902\n");
    desk.text(
        "b.csv",
        "序号,姓名\n1,张一\n2,张二\n1,李一\n2,李二\n3,李三\n1,王一\n",
    );
    let names = ["张一 张二", "李一", "李一", "李二 李三", "王一"];
    assert_eq!(families(&desk), names);
}

#[test]
fn blank_columns_are_counted_and_cells_under_no_heading_are_seen() {
    let mut desk = Desk::new();
    let plan = desk.text(
        "a.csv",
        "姓名,,性别,,住址\n张三,,男,,1栋101\n李四,,男,,1栋102,另有\n",
    );
    assert_eq!(plan.blank_columns(), 2);
    assert_eq!((plan.columns.len(), plan.samples[5].filled), (6, 1));
    assert_eq!(plan.counts().new, 2);
    // What is under no heading goes back with its row.
    let plan = desk.text("b.csv", "姓名,性别\n,男,备忘\n");
    let back = jumin::exchange::rejects::Back::of(&plan);
    let path = desk.dir.path().join("b.csv");
    let path = back.write(&path).unwrap().unwrap();
    let back = crate::exchange::source(&path).unwrap();
    let rows: Vec<Vec<&str>> = back.sheets[0]
        .rows()
        .map(|row| row.cells().collect())
        .collect();
    assert_eq!(rows[1], ["", "男", "备忘", "缺姓名，请补上"]);
}
