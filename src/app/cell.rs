//! The list's cells: its columns, and "like this cell": what the one under the cursor says, as a test
//! for others.
//!
//! Invariant: the person under the cursor passes the test.

use crate::app::Desk;
use crate::model::field::by_key;
use crate::model::ids::PersonId;
use crate::model::visit::contact;
use crate::query::Bounds;
use crate::query::Lack;
use crate::query::Match;
use crate::query::Place;
use crate::query::Test;
use crate::query::when::When;

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// 姓名.
    Name,
    /// 性别.
    Sex,
    /// 年龄.
    Age,
    /// 住址.
    Address,
    /// 类别.
    Categories,
    /// 上次见面, on wider screens.
    Seen,
    /// 电话, on wider screens.
    Phone,
    /// 身份证号, on wider screens.
    Id,
}

/// The columns, in order; narrow screens show the first ones.
pub const COLUMNS: [Column; 8] = [
    Column::Name,
    Column::Sex,
    Column::Age,
    Column::Address,
    Column::Categories,
    Column::Seen,
    Column::Phone,
    Column::Id,
];

/// The test of a person's cell; none when the cell is empty.
pub fn test(desk: &Desk<'_>, cursor: Option<PersonId>, column: usize) -> Option<Test> {
    let person = desk.index.book().person(cursor?)?;
    match COLUMNS.get(column)? {
        Column::Name => Some(Test::Name(person.name().to_lowercase())),
        Column::Sex => Some(Test::Field(
            by_key("sex")?,
            Match::OneOf(vec![person.sex()?.to_owned()]),
        )),
        Column::Age => {
            let age = person.age(desk.index.today()).map(i64::from);
            age.map(|age| {
                Test::Age(Bounds {
                    low: Some(age),
                    high: Some(age),
                })
            })
        }
        Column::Address => {
            let home = desk.index.book().home(person)?.address();
            let (estate, building) = (home.estate, home.building);
            Some(Test::Place(Place {
                estate,
                building,
                unit: None,
                room: None,
            }))
        }
        Column::Categories => {
            let standings = desk.index.standings(person.id);
            let first = standings
                .into_iter()
                .find(|one| desk.index.is_in(person.id, &one.code));
            first.map(|one| Test::Category(vec![one.code]))
        }
        Column::Seen => Some(match contact(desk.index.book(), person.id).seen {
            Some(seen) => {
                let day = Some(When::Date(seen));
                Test::Seen(Bounds {
                    low: day,
                    high: day,
                })
            }
            None => Test::No(Lack::Seen),
        }),
        Column::Phone => Some(Test::Number(
            person.phones().iter().next()?.number.to_owned(),
        )),
        Column::Id => {
            let region: String = person.id_no()?.chars().take(6).collect();
            Some(Test::Number(region))
        }
    }
}
