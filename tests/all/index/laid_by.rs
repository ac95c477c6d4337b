//! An index that was laid by and taken up answers as one that is built.

use crate::index::agrees;
use crate::index::today;
use crate::index::world;
use bincode::config::Configuration;
use bincode::config::Fixint;
use bincode::config::LittleEndian;
use jumin::demo::Recipe;
use jumin::demo::community;
use jumin::index::Index;
use jumin::index::snapshot::Lay;
use jumin::index::snapshot::Take;
use jumin::index::snapshot::VERSION;
use jumin::model::book::Book;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::ids::Mint;
use jumin::model::seed::plant;
use proptest::prelude::ProptestConfig;
use proptest::prop_assert;
use proptest::proptest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// Parts in memory.
#[derive(Default)]
struct Parts(Vec<Vec<u8>>);

const CONFIG: Configuration<LittleEndian, Fixint> =
    bincode::config::standard().with_fixed_int_encoding();

impl Lay for Parts {
    type Fault = Infallible;

    fn lay<T: Serialize>(&mut self, part: &T) -> Result<(), Infallible> {
        let bytes = bincode::serde::encode_to_vec(part, CONFIG).unwrap();
        self.0.push(bytes);
        Ok(())
    }
}

impl Take for Parts {
    fn take<T: DeserializeOwned>(&self, at: usize) -> Option<T> {
        let read = bincode::serde::borrow_decode_from_slice(self.0.get(at)?, CONFIG);
        read.ok().map(|(part, _)| part)
    }
}

fn laid_by(index: &Index) -> Parts {
    let mut parts = Parts::default();
    let Ok(()) = index.lay_by(&mut parts);
    parts
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// Whatever happened before it was laid by and since, and however much later it is.
    #[test]
    fn it_answers_as_one_that_is_built(
        first in world::ops(120),
        before in proptest::collection::vec(world::ops(12), 0..3),
        since in proptest::collection::vec(world::ops(12), 0..3),
        queries in proptest::collection::vec(world::nodes(), 1..8),
        days in proptest::collection::vec(0..3_000, 2..3),
    ) {
        let mut book = world::seeded();
        for change in world::changes(&book, &first) {
            book.apply(&change);
        }
        let mut index = Index::build(book, today());
        for ops in &before {
            index.apply(world::changes(index.book(), ops));
        }
        index.turn(today().add_days(days[0]));
        let parts = laid_by(&index);
        let mut book = index.book().clone();
        let mut made = Vec::new();
        for ops in &since {
            let changes = world::changes(&book, ops);
            book.apply_all(&changes);
            made.push(changes);
        }
        let day = index.today().add_days(days[1]);
        let mut taken = Index::take_up(book, &parts, &made, day).map_err(|_| "refused").unwrap();
        prop_assert!(taken.today() == day);
        agrees(&taken, &queries)?;
        taken.apply(world::rewritten(taken.book()));
        agrees(&taken, &queries)?;
        taken.turn(today());
        agrees(&taken, &queries)?;
    }
}

fn small_community() -> Index {
    let mut book = Book::default();
    let mut draft = Draft::new(&book);
    plant(&mut draft).unwrap();
    book.apply_all(&draft.finish());
    let recipe = Recipe {
        residents: 400,
        seed: 3,
    };
    let changes = community(recipe, &book, today(), &mut Mint::new(1, 1));
    book.apply_all(&changes);
    Index::build(book, today())
}

/// A part that is missing, cut short or of another kind, and a day before that of the parts: the
/// book comes back, to be indexed anew.
#[test]
fn what_cannot_be_taken_up_gives_the_book_back() {
    let index = small_community();
    let parts = laid_by(&index);
    let people = index.book().population();
    let refused = |parts: &Parts, day: Date| {
        let taken = Index::take_up(index.book().clone(), parts, &[], day);
        taken.is_err_and(|book| book.population() == people)
    };
    assert!(!refused(&parts, today()));
    assert!(refused(&parts, today().add_days(-1)));
    for at in 0..parts.0.len() {
        let mut short = Parts(parts.0.clone());
        short.0[at].truncate(parts.0[at].len() / 2);
        assert!(refused(&short, today()), "part {at} cut short");
        let mut other = Parts(parts.0.clone());
        other.0[at] = vec![0xff; 64];
        assert!(refused(&other, today()), "part {at} is something else");
    }
    assert!(refused(
        &Parts(parts.0[..parts.0.len() - 1].to_vec()),
        today()
    ));
}

/// Parts that come out otherwise than those of the version before must not be taken for the same:
/// when this fails, the version goes up, and the new sums stand here. The order within a hash table
/// does not count.
#[test]
fn the_version_stands_for_what_is_laid_by() {
    let parts = laid_by(&small_community());
    let sum = |part: &Vec<u8>| part.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    let sums: Vec<(usize, u64)> = parts.0.iter().map(|part| (part.len(), sum(part))).collect();
    let known = [
        (92, 13_353),
        (71_512, 3_649_206),
        (77_757, 1_465_135),
        (14_392, 871_138),
        (6_552, 593_143),
        (9_584, 302_345),
        (9_393, 249_837),
        (5_073, 35_907),
        (6_448, 172_601),
        (35_297, 2_440_106),
    ];
    assert_eq!((VERSION, sums.as_slice()), (3, known.as_slice()));
}
