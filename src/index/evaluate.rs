//! A query's tree to a set of people.
//!
//! Every step is handed the people it is still about: the whole register for a query, one household
//! when a rule is looked at again after an edit, one person for a yes or no.
//!
//! Invariant: the answer lies within the people it was asked about, and is the same for each of
//! them whoever else is among them.

use crate::index::column::Day;
use crate::index::column::day;
use crate::index::column::days;
use crate::index::column::falling;
use crate::index::column::lies;
use crate::index::column::months_between;
use crate::index::column::value;
use crate::index::derive::Derived;
use crate::index::digits;
use crate::index::digits::End;
use crate::index::digits::squeeze;
use crate::index::facts::Facts;
use crate::index::literal::fold;
use crate::index::place;
use crate::index::set::Set;
use crate::index::text::Grade;
use crate::index::visit::EVER;
use crate::model::book::Book;
use crate::model::date::Date;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::ids::CategoryCode;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::removal;
use crate::model::retire::RetireKind;
use crate::model::retire::retirement;
use crate::model::role::Role;
use crate::model::value::ValueRef;
use crate::query::Bounds;
use crate::query::Lack;
use crate::query::Match;
use crate::query::Node;
use crate::query::State;
use crate::query::Test;

/// Of so many people one is few: only then it is less work to gather their households first than
/// to ask everyone.
const FEW: usize = 16;

/// How deep views may name views.
pub(crate) const DEPTH: usize = 16;

/// What a query is held against.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The records.
    pub(crate) book: &'a Book,
    /// What is filed of them.
    pub(crate) facts: &'a Facts,
    /// What the rules say, as far as they are computed.
    pub(crate) derived: &'a Derived,
    /// The day.
    pub(crate) today: Date,
    /// Whose query it is; a rule is nobody's.
    pub(crate) role: Role,
}

impl Scene<'_> {
    /// Those of `within` for whom the tree holds.
    pub(crate) fn node(self, node: &Node, within: &Set) -> Set {
        self.deep(node, within, 0)
    }

    fn deep(self, node: &Node, within: &Set, depth: usize) -> Set {
        match node {
            Node::All(nodes) => nodes.iter().fold(within.clone(), |left, node| {
                if left.is_empty() {
                    left
                } else {
                    self.deep(node, &left, depth)
                }
            }),
            Node::Any(nodes) => either(nodes.iter().map(|node| self.deep(node, within, depth))),
            Node::Not(node) => within - &self.deep(node, within, depth),
            Node::Household(node) => self.household(node, within, depth),
            Node::View(view) if depth < DEPTH => match self.derived.view(*view) {
                Some(node) => self.deep(node, within, depth + 1),
                None => Set::default(),
            },
            Node::View(_) => Set::default(),
            Node::Test(test) => self.test(test, within),
        }
    }

    /// Those of `within` with someone in the household for whom the tree holds. Only people on the
    /// rolls count, unless the tree asks for others.
    fn household(self, node: &Node, within: &Set, depth: usize) -> Set {
        let everyone = &self.facts.people.all;
        let mut asked = if within.len() * FEW >= everyone.len() {
            everyone.clone()
        } else {
            self.facts.homes.mates(within)
        };
        if !self.names_life(node) {
            asked &= &self.facts.people.present;
        }
        let found = self.deep(node, &asked, depth);
        self.facts.homes.touching(&found, within)
    }

    /// Whether a tree, or a view in it, asks for people who are not on the rolls.
    pub(crate) fn names_life(self, node: &Node) -> bool {
        self.names_life_deep(node, 0)
    }

    fn names_life_deep(self, node: &Node, depth: usize) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => {
                nodes.iter().any(|node| self.names_life_deep(node, depth))
            }
            Node::Not(node) | Node::Household(node) => self.names_life_deep(node, depth),
            Node::View(view) => {
                let node = self.derived.view(*view).filter(|_| depth < DEPTH);
                node.is_some_and(|node| self.names_life_deep(node, depth + 1))
            }
            Node::Test(Test::Is(State::Moved | State::Deceased | State::Removable)) => true,
            Node::Test(Test::Field(field, _)) => {
                (field.table, field.number) == (Table::Person, person::LIFE)
            }
            Node::Test(_) => false,
        }
    }

    fn test(self, test: &Test, within: &Set) -> Set {
        let facts = self.facts;
        match test {
            Test::Category(codes) => either(codes.iter().map(|code| self.standing(code, within))),
            Test::Suggested(codes) => &self.derived.proposed(codes) & within,
            Test::Name(name) => facts.names.find(name, Grade::Rare, within),
            Test::Place(place) => place::at(&facts.columns, place, within),
            Test::Digits(digits) => {
                let rooms = place::room(&facts.columns, digits, within);
                Set::union([&rooms, &self.ends(digits, &[End::Tail], within)])
            }
            Test::Number(digits) => self.ends(digits, &[End::Head, End::Tail], within),
            Test::Text(words) => facts.columns.anywhere(&fold(words), within, self.role),
            Test::Field(field, how) => self.field(field, how, within),
            Test::Age(bounds) => {
                let age = |birth: Day| i64::from((day(self.today) - birth).div_euclid(10_000));
                let births = falling(*bounds, age);
                facts
                    .columns
                    .days((Table::Person, person::BIRTH), &births, within)
            }
            Test::Size(bounds) => facts.homes.sized(*bounds, within),
            Test::Retired(bounds) => self.retired(*bounds, within),
            Test::Months(field, bounds) if field.kind == Kind::Date => {
                let days = falling(*bounds, |from| months_between(from, day(self.today)));
                let key = (field.table, field.number);
                facts.columns.days(key, &days, within)
            }
            Test::Months(..) => Set::default(),
            Test::Since(bounds) => &facts.claims.since(days(bounds.on(self.today))) & within,
            Test::Due(bounds) => self.due(bounds.on(self.today), within),
            Test::Seen(bounds) => facts.visits.seen(days(bounds.on(self.today)), within),
            Test::Verified(bounds) => facts.visits.verified(days(bounds.on(self.today)), within),
            Test::By(name) => &facts.visits.by(&fold(name)) & within,
            Test::Source(words) => &facts.claims.said(&fold(words)) & within,
            Test::Is(state) => self.state(*state, within),
            Test::No(lack) => within - &self.has(*lack, within),
        }
    }

    /// Those of `within` who are in a category, by a worker's word or by a rule.
    pub(crate) fn standing(self, code: &CategoryCode, within: &Set) -> Set {
        let standing = self.derived.standing(code);
        standing.map_or_else(Set::default, |standing| standing & within)
    }

    fn ends(self, text: &str, ends: &[End], within: &Set) -> Set {
        let fragment = squeeze(text);
        either(ends.iter().map(|end| {
            let found = self.facts.digits.find(&fragment, *end, within);
            if fragment.len() <= digits::PACKED {
                return found;
            }
            found.filter(|number| {
                let id = self.facts.people.id(number);
                let person = id.and_then(|id| self.book.person(id));
                person.is_some_and(|person| digits::matches(person, &fragment, *end))
            })
        }))
    }

    fn field(self, field: &'static Field, how: &Match, within: &Set) -> Set {
        let key = (field.table, field.number);
        let columns = &self.facts.columns;
        match how {
            Match::Any => columns.known(key, within),
            Match::None => within - &columns.known(key, within),
            Match::Flag(flag) => columns.flag(key, *flag, within),
            Match::Dates(bounds) => {
                let low = bounds.low.map_or(1, day);
                let high = bounds.high.map_or(Day::MAX, |high| day(high.last()));
                columns.days(key, &(low..=high), within)
            }
            Match::Numbers(bounds) => self.sift(
                field,
                &columns.known(key, within),
                |value| matches!(value, ValueRef::Number(number) if lies(*bounds, number)),
            ),
            Match::OneOf(texts) => {
                either(texts.iter().map(|text| self.one_of(field, text, within)))
            }
        }
    }

    /// Those of `within` whose field is this code, or whose text holds this text.
    fn one_of(self, field: &'static Field, text: &str, within: &Set) -> Set {
        let key = (field.table, field.number);
        let columns = &self.facts.columns;
        if let Kind::Code(_) = field.kind {
            return columns.is(key, text, within);
        }
        let folded = fold(text);
        let tail = folded.strip_prefix('*');
        match (field.kind, tail) {
            (Kind::Date | Kind::Flag | Kind::Number | Kind::Link(_), _) => {
                let known = columns.known(key, within);
                self.sift(field, &known, |value| {
                    let plain = fold(&value.plain());
                    match tail {
                        Some(tail) => plain.ends_with(tail),
                        None => plain.contains(&folded),
                    }
                })
            }
            (_, Some(tail)) => columns.that(key, within, |text| text.ends_with(tail.as_bytes())),
            (_, None) => columns.holding(key, &folded, within),
        }
    }

    /// Those of a few people whose value of a field is as it should be.
    fn sift(
        self,
        field: &'static Field,
        people: &Set,
        holds: impl Fn(ValueRef<'_>) -> bool,
    ) -> Set {
        people.filter(|number| {
            let id = self.facts.people.id(number);
            let person = id.and_then(|id| self.book.person(id));
            person
                .and_then(|person| value(self.book, person, field))
                .is_some_and(&holds)
        })
    }

    fn retired(self, bounds: Bounds<i64>, within: &Set) -> Set {
        let today = day(self.today) / 100 * 100 + 1;
        let kinds = self.retire_kinds(within).into_iter();
        let kinds = kinds.filter(|(_, people)| !people.is_empty());
        let sets = kinds.map(|(kind, people)| {
            let births = falling(bounds, |birth| {
                let reached = birth_month(birth).map(|birth| retirement(kind, birth).reached);
                reached.map_or(i64::MAX, |month| months_between(day(month), today))
            });
            let key = (Table::Person, person::BIRTH);
            self.facts.columns.days(key, &births, &people)
        });
        either(sets)
    }

    /// Whose retirement age is read from which table. A woman of whom it is not known is taken for
    /// the later one, so that nobody is said to have reached it who may not have.
    fn retire_kinds(self, within: &Set) -> [(RetireKind, Set); 3] {
        let columns = &self.facts.columns;
        let code = |field, code| columns.is((Table::Person, field), code, within);
        let said = columns.known((Table::Person, person::RETIRE_KIND), within);
        let taken = |sex, kind| {
            let mut people = &code(person::SEX, sex) - &said;
            people |= &code(person::RETIRE_KIND, kind);
            people
        };
        [
            (RetireKind::Man, taken("1", "1")),
            (RetireKind::Woman55, taken("2", "2")),
            (RetireKind::Woman50, code(person::RETIRE_KIND, "3")),
        ]
    }

    fn state(self, state: State, within: &Set) -> Set {
        let facts = self.facts;
        let life = |code| {
            facts
                .columns
                .is((Table::Person, person::LIFE), code, within)
        };
        match state {
            State::Unclassified => self.unclassified(within),
            State::Head => &facts.homes.heads & within,
            State::Moved => life("2"),
            State::Deceased => life("3"),
            State::Draft => facts
                .columns
                .flag((Table::Person, person::DRAFT), true, within),
            State::Flagged => &facts.claims.doubtful & within,
            State::BadId => &facts.bad_ids & within,
            State::Stale => self.stale(within),
            State::Dup => facts.kin.people(self.book, &facts.people) & within,
            State::Removable => self.removable(within),
        }
    }

    /// Those of `within` who left long enough ago to be removed.
    fn removable(self, within: &Set) -> Set {
        let months = removal::months(self.book);
        let left = within - &self.facts.people.present;
        left.filter(|number| {
            let id = self.facts.people.id(number);
            let person = id.and_then(|id| self.book.person(id));
            let day = person.and_then(|person| removal::day(person, months));
            day.is_some_and(|day| day <= self.today)
        })
    }

    /// Those of `within` on the rolls who lack a category, or a word of "none of these", on an axis
    /// where everyone should have one.
    fn unclassified(self, within: &Set) -> Set {
        let here = within & &self.facts.people.present;
        let lacking = self.derived.required().map(|(axis, codes)| {
            let mut left = here.clone();
            for set in codes.iter().filter_map(|code| self.derived.standing(code)) {
                left -= set;
            }
            if let Some(declined) = self.facts.claims.declined(axis) {
                left -= declined;
            }
            left
        });
        either(lacking)
    }

    fn has(self, lack: Lack, within: &Set) -> Set {
        let known = |field| self.facts.columns.known((Table::Person, field), within);
        match lack {
            Lack::Phone => known(person::PHONES),
            Lack::Category => &self.facts.claims.any & within,
            Lack::Id => known(person::ID_NO),
            Lack::Relation => known(person::RELATION),
            Lack::Birth => known(person::BIRTH),
            Lack::Address => &self.facts.housed & within,
            Lack::Note => known(person::NOTE),
            Lack::Visit => &self.facts.visits.any & within,
            Lack::Seen => self.facts.visits.seen(EVER, within),
            Lack::Verified => self.facts.visits.verified(EVER, within),
        }
    }
}

/// Everyone who is in one of the sets.
pub(crate) fn either(sets: impl Iterator<Item = Set>) -> Set {
    sets.fold(Set::default(), |mut all, set| {
        all |= &set;
        all
    })
}

/// The month of a birth, which is all that retirement looks at.
fn birth_month(birth: Day) -> Option<Date> {
    let year = i16::try_from(birth / 10_000).ok()?;
    Date::new(year, u8::try_from(birth / 100 % 100).ok()?, 1)
}
