//! Records that lie outside memory are the same records: whatever is looked up, altered, handed on
//! and shut away again.

use jumin::model::book::Cabinet;
use jumin::model::book::Label;
use jumin::model::book::Records;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person::NAME;
use jumin::model::person::NOTE;
use jumin::model::record::Record;
use jumin::model::value::Value;
use proptest::prelude::*;
use std::convert::Infallible;
use std::ops::Bound;
use std::ops::RangeBounds;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use uuid::Uuid;

/// Drawers in memory, which count how often one is opened.
struct Chest {
    drawers: Vec<Vec<(Uuid, Record)>>,
    opened: AtomicUsize,
}

impl Cabinet for Chest {
    fn room(&self) -> usize {
        3
    }

    fn open(&self, drawer: usize) -> Vec<(Uuid, Record)> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        self.drawers[drawer].clone()
    }
}

fn subject((table, id): (bool, u16)) -> Subject {
    Subject {
        table: if table { Table::Person } else { Table::Visit },
        id: Uuid::from_u128(u128::from(id) << 64),
    }
}

fn named(name: &str) -> Record {
    let mut record = Record::default();
    record.set(NAME, Some(&Value::Text(name.into())));
    record
}

/// The same records twice: in memory, and in drawers of three.
fn both(ids: &[(bool, u16)]) -> (Records, Records, Arc<Chest>) {
    let mut plain = Records::default();
    for id in ids {
        *plain.entry(subject(*id)) = named(&id.1.to_string());
    }
    let (mut labels, mut drawers) = (vec![], vec![]);
    for table in Table::ALL {
        let all: Vec<_> = plain.of_table(table).collect();
        for some in all.chunks(3) {
            let first = some[0].0;
            labels.push(Label { table, first });
            drawers.push(some.iter().map(|(id, one)| (*id, (*one).clone())).collect());
        }
    }
    let chest = Arc::new(Chest {
        drawers,
        opened: AtomicUsize::new(0),
    });
    let cabinet: Arc<dyn Cabinet> = chest.clone();
    let lying = Records::lying_in(&cabinet, &labels);
    (plain, lying, chest)
}

fn all(records: &Records) -> Vec<(Subject, Record)> {
    let all = records.iter();
    all.map(|(subject, record)| (subject, record.clone()))
        .collect()
}

/// The same as they are handed on one after the other.
fn handed(records: &Records) -> Vec<(Subject, Record)> {
    let mut all = vec![];
    for table in Table::ALL {
        let each = records.each_of(table, &mut |id, record| {
            all.push((Subject { table, id }, record.clone()));
            Ok::<(), Infallible>(())
        });
        each.unwrap();
    }
    all
}

fn id(id: u16) -> Uuid {
    subject((true, id)).id
}

/// Two bounds of any kind, the first before the second.
fn bounds() -> impl Strategy<Value = (Bound<u16>, Bound<u16>)> {
    let bound = |kind: u8, id: u16| match kind {
        0 => Bound::Included(id),
        1 => Bound::Excluded(id),
        _ => Bound::Unbounded,
    };
    (0..3_u8, 0..30_u16, 0..3_u8, 31..70_u16)
        .prop_map(move |(one, from, other, to)| (bound(one, from), bound(other, to)))
}

proptest! {
    #[test]
    fn records_in_drawers_are_as_records_in_memory(
        ids in proptest::collection::btree_set((any::<bool>(), 0..60_u16), 0..40),
        steps in proptest::collection::vec(((any::<bool>(), 0..70_u16), 0..5_u8), 0..40),
        (from, to) in bounds(),
    ) {
        let ids: Vec<_> = ids.into_iter().collect();
        let (mut plain, mut lying, _) = both(&ids);
        for (id, step) in steps {
            let subject = subject(id);
            match step {
                0 => prop_assert_eq!(plain.get(subject), lying.get(subject)),
                1 => for records in [&mut plain, &mut lying] {
                    let note = Value::Text("noted".into());
                    records.entry(subject).set(NOTE, Some(&note));
                },
                2 => for records in [&mut plain, &mut lying] {
                    *records.entry(subject) = Record::default();
                },
                3 => prop_assert_eq!(handed(&plain), handed(&lying)),
                _ => prop_assert_eq!(all(&plain), all(&lying)),
            }
        }
        prop_assert_eq!(handed(&plain), handed(&lying));
        prop_assert_eq!(all(&plain), all(&lying));
        for table in Table::ALL {
            prop_assert!(lying.at_most(table) >= lying.of_table(table).count());
            let bounds = (from.map(id), to.map(id));
            let within = lying.of_table(table).filter(|(id, _)| bounds.contains(id));
            let within: Vec<_> = within.collect();
            prop_assert_eq!(lying.range(table, bounds).collect::<Vec<_>>(), within.clone());
            prop_assert_eq!(plain.range(table, bounds).collect::<Vec<_>>(), within);
        }
    }
}

#[test]
fn a_drawer_is_opened_once_and_shut_when_many_are() {
    let ids: Vec<_> = (0..15_000).map(|id| (true, id)).collect();
    let (plain, mut lying, chest) = both(&ids);
    let opened = || chest.opened.swap(0, Ordering::Relaxed);
    assert_eq!(lying.get(subject(ids[7])), Some(&named("7")));
    assert_eq!(lying.get(subject(ids[8])), Some(&named("8")));
    assert_eq!(opened(), 1, "they are neighbours");
    assert_eq!(handed(&lying).len(), 15_000);
    assert_eq!(opened(), 4_999, "one was open");
    lying.rest();
    assert_eq!(lying.get(subject(ids[7])), Some(&named("7")));
    assert_eq!(
        opened(),
        0,
        "nothing was kept by handing on, and few are open"
    );
    *lying.entry(subject(ids[7])) = named("another");
    lying.gather();
    assert_eq!(opened(), 4_999);
    assert!(all(&lying).len() == 15_000 && opened() == 0);
    lying.rest();
    assert_eq!(lying.get(subject(ids[9])), plain.get(subject(ids[9])));
    assert_eq!(opened(), 1, "all were shut");
    assert_eq!(lying.get(subject(ids[7])), Some(&named("another")));
    assert_eq!(opened(), 0, "but what was altered");
}
