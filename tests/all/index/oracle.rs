//! The specification of every answer: a plain scan that looks at one record at a time.

use jumin::index::literal::fold;
use jumin::index::pinyin::Syllable;
use jumin::index::pinyin::syllables;
use jumin::model::assertion;
use jumin::model::assertion::Assertion;
use jumin::model::assertion::Status;
use jumin::model::book::Book;
use jumin::model::category::Category;
use jumin::model::category::Kind;
use jumin::model::date::Date;
use jumin::model::field;
use jumin::model::field::Field;
use jumin::model::household;
use jumin::model::id_number;
use jumin::model::ids::CategoryCode;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::person::Person;
use jumin::model::retire::RetireKind;
use jumin::model::retire::retirement;
use jumin::model::value::ValueRef;
use jumin::model::visit::contact;
use jumin::model::visit::stale_days;
use jumin::query::Bounds;
use jumin::query::Lack;
use jumin::query::Match;
use jumin::query::Node;
use jumin::query::Place;
use jumin::query::Query;
use jumin::query::State;
use jumin::query::Test;
use jumin::query::lexicon::Lexicon;
use jumin::query::parse::parse;

/// A book on a day, and which rules are computed before which.
pub(super) struct Scan<'a> {
    pub(super) book: &'a Book,
    pub(super) today: Date,
    pub(super) order: &'a [&'a str],
}

impl Scan<'_> {
    pub(super) fn answers(&self, query: &Query, person: Person<'_>) -> bool {
        (person.is_present() || self.names_life(&query.root)) && self.holds(&query.root, person)
    }

    pub(super) fn holds(&self, node: &Node, person: Person<'_>) -> bool {
        match node {
            Node::All(nodes) => nodes.iter().all(|node| self.holds(node, person)),
            Node::Any(nodes) => nodes.iter().any(|node| self.holds(node, person)),
            Node::Not(node) => !self.holds(node, person),
            Node::Household(node) => {
                let alone = [person.id];
                let mates = person.household().map(|id| self.book.members(id));
                let mut mates = mates.unwrap_or(&alone).iter();
                mates.any(|id| {
                    let mate = self.book.person(*id).unwrap();
                    (mate.is_present() || self.names_life(node)) && self.holds(node, mate)
                })
            }
            Node::View(_) => self
                .view(node)
                .is_some_and(|node| self.holds(&node, person)),
            Node::Test(test) => self.test(test, person),
        }
    }

    fn view(&self, node: &Node) -> Option<Node> {
        let Node::View(subject) = node else {
            return None;
        };
        let views = self.book.views();
        let view = views.iter().find(|view| view.subject == *subject)?;
        Some(parse(view.query(), &Lexicon::of(self.book)).ok()?.root)
    }

    pub(super) fn names_life(&self, node: &Node) -> bool {
        match node {
            Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(|node| self.names_life(node)),
            Node::Not(node) | Node::Household(node) => self.names_life(node),
            Node::View(_) => self.view(node).is_some_and(|node| self.names_life(&node)),
            Node::Test(Test::Is(State::Moved | State::Deceased | State::Removable)) => true,
            Node::Test(Test::Field(field, _)) => field.key == "life",
            Node::Test(_) => false,
        }
    }

    fn test(&self, test: &Test, person: Person<'_>) -> bool {
        let birth = person.birth();
        match test {
            Test::Category(codes) => codes.iter().any(|code| self.is_in(person, code)),
            Test::Suggested(codes) if codes.is_empty() => {
                let all = self.book.categories();
                all.iter().any(|one| self.proposed(person, &one.code()))
            }
            Test::Suggested(codes) => codes.iter().any(|code| self.proposed(person, code)),
            Test::Name(name) => grade(person.name(), name).is_some(),
            Test::Place(place) => self.lives_at(person, place),
            Test::Digits(digits) => {
                let room = Place {
                    room: Some(digits.clone()),
                    ..Place::default()
                };
                self.lives_at(person, &room) || ends(person).iter().any(|n| n.ends_with(digits))
            }
            Test::Number(digits) => ends(person)
                .iter()
                .any(|n| n.ends_with(digits) || n.starts_with(digits)),
            Test::Text(text) => field::of_table(Table::Person).any(|field| {
                let value = person.record.get(field.number);
                !matches!(field.kind, field::Kind::Code(_) | field::Kind::Link(_))
                    && !matches!(field.kind, field::Kind::Date | field::Kind::Flag)
                    && value.is_some_and(|value| fold(&value.plain()).contains(&fold(text)))
            }),
            Test::Field(field, how) => self.field(field, how, person),
            Test::Age(bounds) => {
                birth.is_some_and(|birth| within(*bounds, i64::from(birth.years_until(self.today))))
            }
            Test::Size(bounds) => self.size(person).is_some_and(|size| within(*bounds, size)),
            Test::Retired(bounds) => self
                .retired(person)
                .is_some_and(|months| within(*bounds, months)),
            Test::Months(field, bounds) => match self.value(field, person) {
                Some(ValueRef::Date(date)) => within(*bounds, months(date, self.today)),
                _ => false,
            },
            Test::Since(bounds) => self.said(person).any(|one| {
                one.from()
                    .is_some_and(|date| dated(bounds.on(self.today), date))
            }),
            Test::Due(bounds) => {
                let bounds = bounds.on(self.today);
                let reviewed = self.said(person).any(|one| {
                    let review = one.record.date(assertion::REVIEW);
                    review.is_some_and(|date| dated(bounds, date))
                });
                let due = contact(self.book, person.id).due(self.interval(person), self.today);
                reviewed || due.is_some_and(|date| dated(bounds, date))
            }
            Test::Seen(bounds) => {
                let seen = contact(self.book, person.id).seen;
                seen.is_some_and(|date| dated(bounds.on(self.today), date))
            }
            Test::Verified(bounds) => {
                let verified = contact(self.book, person.id).verified;
                verified.is_some_and(|date| dated(bounds.on(self.today), date))
            }
            Test::By(name) => self
                .book
                .visits(person.id)
                .any(|one| fold(one.worker()).contains(&fold(name))),
            Test::Source(text) => self.said(person).any(|one| {
                let texts = [one.evidence(), one.record.text(assertion::SOURCE)];
                texts
                    .into_iter()
                    .flatten()
                    .any(|said| fold(said).contains(&fold(text)))
            }),
            Test::Is(state) => self.is(*state, person),
            Test::No(lack) => self.lacks(*lack, person),
        }
    }

    fn is(&self, state: State, person: Person<'_>) -> bool {
        let life = person.record.text(person::LIFE);
        match state {
            State::Unclassified => person.is_present() && self.lacks_axis(person),
            State::Head => {
                let household = person.household().and_then(|id| self.book.household(id));
                household.is_some_and(|one| one.head() == Some(person.id))
            }
            State::Moved => life == Some("2"),
            State::Deceased => life == Some("3"),
            State::Draft => person.record.flag(person::DRAFT) == Some(true),
            State::Flagged => self
                .standing(person)
                .any(|one| one.status() == Status::Doubtful && one.category().is_some()),
            State::Stale => {
                let days = self.interval(person).unwrap_or(stale_days(self.book));
                contact(self.book, person.id).is_stale(days, self.today)
            }
            State::Dup => {
                let fresh = jumin::index::Index::build(self.book.clone(), self.today);
                let mut pairs = fresh.pairs().iter();
                pairs.any(|pair| [pair.one, pair.other].contains(&person.id))
            }
            State::Removable => {
                let since = person.record.date(person::LIFE_DATE);
                let is_due = |since: Date| since.last().add_months(24) <= self.today;
                let is_known = person.merged_into().is_none() && person.name() != "已匿名";
                matches!(life, Some(code) if code != "1") && is_known && since.is_some_and(is_due)
            }
            State::BadId => person.id_no().is_some_and(|number| {
                matches!(id_number::read(number).check, id_number::Check::Bad(_))
            }),
        }
    }

    /// The shortest interval of the categories that a person is in.
    fn interval(&self, person: Person<'_>) -> Option<i32> {
        let all = self.book.categories();
        let visited = all
            .iter()
            .filter_map(|one| Some((one.review_days()?, one.code())));
        let own = visited.filter(|(_, code)| self.is_in(person, code));
        own.map(|(days, _)| days).min()
    }

    fn lacks_axis(&self, person: Person<'_>) -> bool {
        let all = self.book.categories();
        let axes = all.iter().filter(|one| one.is_axis() && one.is_required());
        axes.map(Category::code).any(|axis| {
            let mut of = all.iter().filter(|one| one.axis() == Some(axis.0.as_str()));
            !of.any(|one| self.is_in(person, &one.code()))
                && !self.decided(person, &axis, Status::Declined)
        })
    }

    fn lacks(&self, lack: Lack, person: Person<'_>) -> bool {
        let unknown = |field| !person.record.has(field);
        match lack {
            Lack::Phone => unknown(person::PHONES),
            Lack::Category => self.said(person).next().is_none(),
            Lack::Id => unknown(person::ID_NO),
            Lack::Relation => unknown(person::RELATION),
            Lack::Birth => unknown(person::BIRTH),
            Lack::Address => {
                let home = self.book.home(person);
                home.is_none_or(|home| home.address().is_empty())
            }
            Lack::Note => unknown(person::NOTE),
            Lack::Visit => self.book.visits(person.id).next().is_none(),
            Lack::Seen => contact(self.book, person.id).seen.is_none(),
            Lack::Verified => contact(self.book, person.id).verified.is_none(),
        }
    }

    fn standing<'b>(&'b self, person: Person<'_>) -> impl Iterator<Item = Assertion<'b>> {
        self.book
            .assertions(person.id)
            .filter(|one| one.stands(self.today))
    }

    fn said<'b>(&'b self, person: Person<'_>) -> impl Iterator<Item = Assertion<'b>> {
        let all = self.standing(person);
        all.filter(|one| one.status() == Status::Confirmed && one.category().is_some())
    }

    fn decided(&self, person: Person<'_>, code: &CategoryCode, status: Status) -> bool {
        self.standing(person)
            .any(|one| one.is_about(code) && one.status() == status)
    }

    pub(super) fn is_in(&self, person: Person<'_>, code: &CategoryCode) -> bool {
        self.decided(person, code, Status::Confirmed) || self.derived(person, code)
    }

    fn siblings(&self, code: &CategoryCode) -> Vec<CategoryCode> {
        let group = self.book.category(code).and_then(|one| one.exclusive());
        let all = self.book.categories();
        let same = all
            .iter()
            .filter(|one| group.is_some() && one.exclusive() == group);
        same.map(Category::code)
            .filter(|other| other != code)
            .collect()
    }

    fn rule(&self, person: Person<'_>, code: &CategoryCode, kind: Kind) -> bool {
        let category = self.book.category(code).filter(|one| one.kind() == kind);
        let rule = category.and_then(|one| parse(one.rule()?, &Lexicon::of(self.book)).ok());
        rule.is_some_and(|rule| self.holds(&rule.root, person))
            && !self.decided(person, code, Status::Declined)
            && !self
                .siblings(code)
                .iter()
                .any(|other| self.decided(person, other, Status::Confirmed))
    }

    fn derived(&self, person: Person<'_>, code: &CategoryCode) -> bool {
        let place = |code: &CategoryCode| self.order.iter().position(|one| *one == code.0);
        self.rule(person, code, Kind::Derived)
            && !self
                .siblings(code)
                .iter()
                .any(|other| place(other) < place(code) && self.derived(person, other))
    }

    pub(super) fn proposed(&self, person: Person<'_>, code: &CategoryCode) -> bool {
        let category = self.book.category(code);
        let axis = category
            .and_then(|one| one.axis())
            .map(|axis| CategoryCode(axis.into()));
        person.is_present()
            && self.rule(person, code, Kind::Suggested)
            && !self.decided(person, code, Status::Confirmed)
            && !axis.is_some_and(|axis| self.decided(person, &axis, Status::Declined))
    }

    fn value(&self, field: &Field, person: Person<'_>) -> Option<ValueRef<'_>> {
        let household = person.household().and_then(|id| self.book.household(id));
        let record = match field.table {
            Table::Person => self.book.record(person.id.subject()),
            Table::Household => household.map(|one| one.record),
            Table::Dwelling => self.book.home(person).map(|one| one.record),
            _ => None,
        };
        record?.read(field.number)
    }

    fn field(&self, field: &Field, how: &Match, person: Person<'_>) -> bool {
        let value = self.value(field, person);
        match (how, value) {
            (Match::Any, value) => value.is_some(),
            (Match::None, value) => value.is_none(),
            (Match::OneOf(texts), Some(ValueRef::Code(code))) => {
                texts.iter().any(|text| text == code)
            }
            (Match::OneOf(texts), Some(value)) => {
                let plain = fold(&value.plain());
                texts.iter().any(|text| match fold(text).strip_prefix('*') {
                    Some(tail) => plain.ends_with(tail),
                    None => plain.contains(&fold(text)),
                })
            }
            (Match::Numbers(bounds), Some(ValueRef::Number(number))) => within(*bounds, number),
            (Match::Dates(bounds), Some(ValueRef::Date(date))) => dated(*bounds, date),
            (Match::Flag(want), Some(ValueRef::Flag(flag))) => *want == flag,
            _ => false,
        }
    }

    fn size(&self, person: Person<'_>) -> Option<i64> {
        let members = self.book.members(person.household()?).iter();
        let people = members.map(|id| self.book.person(*id).unwrap());
        let living = people
            .filter(|one| one.is_present() && one.record.flag(person::LIVES_HERE) != Some(false));
        Some(living.count() as i64)
    }

    fn retired(&self, person: Person<'_>) -> Option<i64> {
        let kind = match (person.record.text(person::RETIRE_KIND), person.sex()) {
            (Some("1"), _) | (None, Some("1")) => RetireKind::Man,
            (Some("2"), _) | (None, Some("2")) => RetireKind::Woman55,
            (Some("3"), _) => RetireKind::Woman50,
            _ => return None,
        };
        let reached = retirement(kind, person.birth()?.first()).reached;
        let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month().unwrap());
        Some(count(self.today) - count(reached))
    }

    fn lives_at(&self, person: Person<'_>, place: &Place) -> bool {
        let part = |field| {
            let home = self.book.home(person);
            home.and_then(|home| home.record.text(field)).map(fold)
        };
        let is = |want: &Option<String>, field, so: fn(&str, &str) -> bool| {
            want.as_ref()
                .is_none_or(|want| part(field).is_some_and(|text| so(&text, &fold(want))))
        };
        is(&place.estate, household::ESTATE, |text, want| {
            text.contains(want)
        }) && is(&place.building, household::BUILDING, |text, want| {
            text == want
        }) && is(&place.unit, household::UNIT, |text, want| text == want)
            && is(&place.room, household::ROOM, |text, want| {
                text.starts_with(want)
            })
    }
}

fn ends(person: Person<'_>) -> Vec<String> {
    let phones = person.phones().iter().map(|phone| phone.number);
    let squeeze = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect();
    phones.chain(person.id_no()).map(squeeze).collect()
}

fn within(bounds: Bounds<i64>, number: i64) -> bool {
    bounds.low.is_none_or(|low| number >= low) && bounds.high.is_none_or(|high| number <= high)
}

fn dated(bounds: Bounds<Date>, date: Date) -> bool {
    bounds.low.is_none_or(|low| date.first() >= low.first())
        && bounds.high.is_none_or(|high| date.first() <= high.last())
}

fn months(from: Date, to: Date) -> i64 {
    let from = from.first();
    let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month().unwrap());
    count(to) - count(from) - i64::from(to.day() < from.day())
}

/// How a name matches: 0 exact, 1 begins so, 2 with initials, 3 inside, 4 by a rarer reading.
pub(super) fn grade(name: &str, typed: &str) -> Option<usize> {
    let units = syllables(name);
    let typed: String = fold(typed)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let typed = typed.replace('ü', "v");
    if typed.is_empty() {
        return None;
    }
    let anchored =
        |from: usize, initials: bool, rare: bool| automaton(&units[from..], &typed, initials, rare);
    if exact(&units, &typed) {
        return Some(0);
    }
    if units.is_empty() {
        return None;
    }
    if anchored(0, false, false) {
        return Some(1);
    }
    if anchored(0, true, false) {
        return Some(2);
    }
    let anywhere = |rare| (0..units.len()).any(|from| anchored(from, true, rare));
    anywhere(false)
        .then_some(3)
        .or_else(|| anywhere(true).then_some(4))
}

/// Whether what was typed can be cut into pieces that match these units one after another.
fn automaton(units: &[Syllable], typed: &str, initials: bool, rare: bool) -> bool {
    let Some((unit, rest)) = units.split_first() else {
        return false;
    };
    let own = unit.glyph.is_some_and(|glyph| {
        let after = typed.strip_prefix(glyph);
        after.is_some_and(|after| after.is_empty() || automaton(rest, after, initials, rare))
    });
    let others = unit.others.iter().filter(|_| rare);
    own || unit.primary.iter().chain(others).any(|reading| {
        let whole = typed.strip_prefix(reading.as_ref());
        let initial = ["zh", "ch", "sh", &reading[..1]]
            .into_iter()
            .filter(|_| initials);
        reading.starts_with(typed)
            || whole.is_some_and(|after| automaton(rest, after, initials, rare))
            || initial
                .filter(|initial| reading.starts_with(initial))
                .any(|initial| {
                    let after = typed.strip_prefix(initial);
                    after.is_some_and(|after| automaton(rest, after, initials, rare))
                })
    })
}

fn exact(units: &[Syllable], typed: &str) -> bool {
    let Some((unit, rest)) = units.split_first() else {
        return typed.is_empty();
    };
    let own = unit.glyph.and_then(|glyph| typed.strip_prefix(glyph));
    let whole = unit
        .primary
        .iter()
        .map(|reading| typed.strip_prefix(reading.as_ref()));
    whole.chain([own]).flatten().any(|after| exact(rest, after))
}
