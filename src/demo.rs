//! A made-up community, seeded, of any size: plausible names, ages, households and dirt, and
//! valid but synthetic identity numbers.
//!
//! Invariant: the same seed makes the same community; no real person is in it.

mod claims;

mod family;

mod names;

mod papers;

mod person;

mod place;

mod visits;

mod work;

use crate::demo::family::Family;
use crate::demo::family::Origin;
use crate::demo::family::Shape;
use crate::demo::names::Names;
use crate::demo::papers::Papers;
use crate::demo::place::Places;
use crate::model::address::Address;
use crate::model::book::Book;
use crate::model::change::Change;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field::FieldNo;
use crate::model::field::SETTING_TEXT;
use crate::model::household;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::value::Value;
use fastrand::Rng;

/// How large, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    /// How many residents.
    pub residents: usize,
    /// The seed.
    pub seed: u64,
}

/// Tells the chance of the visits from that of the people.
const DOORS: u64 = 0x5eed_d005;

/// The name of the community, unless the register has one already.
const COMMUNITY: &str = "翠湖社区";

/// The changes that put a community into a register that holds only the seeds.
pub fn community(recipe: Recipe, book: &Book, today: Date, mint: &mut Mint) -> Vec<Change> {
    let mut community = Community::new(recipe, today);
    community.next(usize::MAX, book, mint).unwrap_or_default()
}

/// A community in the making, part after part, so that a very large one is never whole in memory.
///
/// The parts of one recipe hold the same people wherever they are cut; only their ids, which the
/// mint gives, are others.
pub struct Community {
    chance: Rng,
    /// Chance of its own, so that visits alter nobody.
    doors: Rng,
    today: Date,
    names: Names,
    papers: Papers,
    places: Places,
    households: usize,
    residents: usize,
    left: usize,
    /// Whether the first part is made.
    begun: bool,
}

impl Community {
    /// A community of which nobody is made yet.
    pub fn new(recipe: Recipe, today: Date) -> Community {
        let mut chance = Rng::with_seed(recipe.seed);
        Community {
            places: Places::new(&mut chance),
            chance,
            doors: Rng::with_seed(recipe.seed ^ DOORS),
            today,
            names: Names::new(),
            papers: Papers::default(),
            households: 0,
            residents: recipe.residents,
            left: recipe.residents,
            begun: false,
        }
    }

    /// A community of which so many residents exist already, made in parts of this size; nothing
    /// when no part ends there.
    pub fn resume(recipe: Recipe, today: Date, made: usize, part: usize) -> Option<Community> {
        let mut community = Community::new(recipe, today);
        let (nobody, mut mint) = (Book::default(), Mint::new(0, 0));
        while community.made() < made {
            community.next(part, &nobody, &mut mint)?;
        }
        (community.made() == made).then_some(community)
    }

    /// How many residents are made.
    pub fn made(&self) -> usize {
        self.residents - self.left
    }

    /// The changes that make at least so many more residents, whole households of them; nothing
    /// when all are made.
    pub fn next(&mut self, residents: usize, book: &Book, mint: &mut Mint) -> Option<Vec<Change>> {
        if self.begun && self.left == 0 {
            return None;
        }
        let mut maker = Maker {
            chance: &mut self.chance,
            doors: &mut self.doors,
            today: self.today,
            draft: Draft::new(book),
            mint,
            names: &mut self.names,
            papers: &mut self.papers,
            households: &mut self.households,
        };
        if !self.begun && book.setting("community").is_none() {
            let setting = Subject::spelled(Table::Setting, "community");
            maker.text(setting, SETTING_TEXT, COMMUNITY);
        }
        self.begun = true;
        let rest = self.left.saturating_sub(residents);
        while self.left > rest {
            let address = self.places.next(maker.chance);
            if maker.one_in(25) {
                maker.empty_dwelling(&address);
                continue;
            }
            let mut family = family::draw(maker.chance);
            family.members.truncate(self.left);
            self.left -= family.members.len();
            maker.household(&family, &address);
        }
        Some(maker.draft.finish())
    }
}

/// Everything that the making needs.
struct Maker<'a> {
    chance: &'a mut Rng,
    today: Date,
    draft: Draft<'a>,
    mint: &'a mut Mint,
    names: &'a mut Names,
    papers: &'a mut Papers,
    households: &'a mut usize,
    doors: &'a mut Rng,
}

/// What the members of a household have in common.
struct Home<'a> {
    id: HouseholdId,
    family: &'a Family,
    /// The division of the hukou.
    division: &'static str,
    surname: &'static str,
    rented: bool,
    address: &'a Address,
}

impl Maker<'_> {
    fn one_in(&mut self, many: u32) -> bool {
        self.chance.u32(0..many) == 0
    }

    fn percent(&mut self, percent: u32) -> bool {
        self.chance.u32(0..100) < percent
    }

    fn set(&mut self, subject: Subject, field: FieldNo, value: Value) {
        self.draft.set(subject, field, Some(value));
    }

    fn text(&mut self, subject: Subject, field: FieldNo, text: &str) {
        self.set(subject, field, Value::Text(text.into()));
    }

    fn code(&mut self, subject: Subject, field: FieldNo, code: &str) {
        self.set(subject, field, Value::Code(code.into()));
    }

    /// A day up to so many months ago.
    fn ago(&mut self, months: i32) -> Date {
        let back = self.chance.i32(0..months.max(1));
        let days = self.chance.i32(1..28);
        self.today.add_months(-back).add_days(-days)
    }

    fn dwelling(&mut self, address: &Address, usage: &str) -> Subject {
        let subject = self.mint.dwelling().subject();
        let parts = [
            (household::ESTATE, &address.estate),
            (household::BUILDING, &address.building),
            (household::UNIT, &address.unit),
            (household::ROOM, &address.room),
        ];
        for (field, part) in parts {
            if let Some(part) = part {
                self.text(subject, field, part);
            }
        }
        self.code(subject, household::USE, usage);
        subject
    }

    fn empty_dwelling(&mut self, address: &Address) {
        let usage = if self.one_in(5) { "5" } else { "3" };
        self.dwelling(address, usage);
    }

    fn household(&mut self, family: &Family, address: &Address) {
        let rented = match family.origin {
            Origin::Here => false,
            Origin::City => self.percent(40),
            Origin::Afar => self.percent(88),
        };
        let dwelling = self.dwelling(address, if rented { "2" } else { "1" });
        if rented {
            let surname = self.names.surname(self.chance);
            let owner = surname.to_owned() + &names::given(self.chance, true, 1970);
            self.text(dwelling, household::OWNER, &owner);
            let phone = papers::mobile(self.chance, None);
            self.text(dwelling, household::OWNER_PHONE, &phone.number);
        }
        let division = match family.origin {
            Origin::Here => papers::HERE,
            Origin::City => names::pick(self.chance, papers::NEARBY),
            Origin::Afar => names::pick(self.chance, papers::AFAR),
        };
        let home = Home {
            id: self.mint.household(),
            family,
            division,
            surname: self.names.surname(self.chance),
            rented,
            address,
        };
        *self.households += 1;
        let subject = home.id.subject();
        let number = format!("{:06}", self.households);
        self.text(subject, household::NUMBER, &number);
        let shared = family.shape == Shape::Flatmates;
        self.code(subject, household::KIND, if shared { "2" } else { "1" });
        self.set(subject, household::DWELLING, Value::Link(dwelling.id));
        self.people(&home);
    }

    fn people(&mut self, home: &Home<'_>) {
        let mut all = Vec::with_capacity(home.family.members.len());
        for member in &home.family.members {
            all.push(self.person(home, *member));
        }
        if let Some(head) = all.first() {
            let subject = home.id.subject();
            self.set(subject, household::HEAD, Value::Link(head.id.0));
        }
        for who in &all {
            self.claims(home, who);
        }
        self.household_claims(home, &all);
        self.visits(home, &all);
    }
}
