//! Rows that are read on several cores come out as one core would read them.

use crate::exchange::Desk;
use crate::exchange::source;
use crate::exchange::today;
use jumin::exchange::ExchangeError;
use jumin::exchange::choices::Choices;
use jumin::exchange::intake;
use jumin::exchange::verdict::Verdict;
use std::ops::ControlFlow;

/// More rows than are handed out at once, several times over.
const ROWS: usize = 3_000;

/// A ledger of households of three, whose address stands in the head's row alone.
fn ledger() -> String {
    let rows: String = (0..ROWS)
        .map(|at| {
            let address = format!("{}栋{}室", at / 3 % 40 + 1, at / 3 + 100);
            let (relation, address) = if at % 3 == 0 {
                ("户主", address.as_str())
            } else {
                ("子", "")
            };
            format!("{},人{at:04},{relation},{address},{}\n", at + 1, at % 7)
        })
        .collect();
    format!("序号,姓名,与户主关系,住址,文化程度\n{rows}")
}

#[test]
fn rows_come_out_in_order_and_households_go_on_from_batch_to_batch() {
    let mut desk = Desk::new();
    let plan = desk.text("a.csv", &ledger());
    let numbers: Vec<usize> = plan.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=ROWS + 1).collect::<Vec<_>>());
    assert_eq!(plan.counts().new, ROWS);
    let sample = &plan.samples[1];
    assert_eq!(sample.values, ["人0000", "人0001", "人0002"]);
    assert_eq!((sample.filled, sample.understood), (ROWS, ROWS));
    let wrong = plan.rows.iter().filter(|row| !row.problems.is_empty());
    let schooling = &plan.samples[4];
    assert_eq!(schooling.filled - schooling.understood, wrong.count());
    for at in 0..ROWS {
        let household = |at: usize| desk.person(&format!("人{at:04}")).household();
        assert_eq!(household(at), household(at / 3 * 3), "{at}");
        assert!(household(at).is_some(), "{at}");
    }
    assert_eq!(desk.text("a.csv", &ledger()).changes, []);
}

#[test]
fn a_long_ledger_is_left_at_once() {
    let desk = Desk::new();
    let path = desk.file("a.csv", ledger().repeat(20));
    let mut mint = desk.mint.clone();
    let judging = intake::Desk {
        book: &desk.book,
        today: today(),
        mint: &mut mint,
        watch: &mut |done, _| {
            if done < 700 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        },
    };
    let plan = intake::judge(&source(&path).unwrap(), &Choices::default(), judging);
    assert!(matches!(plan, Err(ExchangeError::Cancelled)));
}

#[test]
fn a_doubtful_row_is_told_by_its_own_cells() {
    let mut desk = Desk::new();
    desk.text("a.csv", "姓名,住址\n张三,1栋101\n");
    let plan = desk.text("b.csv", "姓名,性别,出生日期,民族\n张三,男,1956-03-01,汉\n");
    let Verdict::Undecided(doubt) = &plan.rows[1].verdict else {
        panic!("{:?}", plan.rows[1]);
    };
    assert_eq!(
        (doubt.name.as_str(), doubt.facts.as_str()),
        ("张三", "男 1956-03-01")
    );
    assert_eq!(doubt.candidates[0].facts, "1栋101");
}
