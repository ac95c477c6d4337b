//! One resident's facts, and the dirt in them.
//!
//! Invariant: every identity number checks, unless a note says that it does not.

use crate::demo::Home;
use crate::demo::Maker;
use crate::demo::family::Member;
use crate::demo::family::Origin;
use crate::demo::family::Shape;
use crate::demo::names;
use crate::demo::papers;
use crate::demo::work;
use crate::demo::work::Work;
use crate::model::codes;
use crate::model::date::Date;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::person;
use crate::model::value::Value;

/// Whether a worker has sorted someone by employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sorting {
    Done,
    Open,
}

/// Someone who has been made, as far as the categories need to know.
pub(super) struct Who {
    pub(super) id: PersonId,
    pub(super) man: bool,
    pub(super) birth: Date,
    pub(super) age: i32,
    pub(super) relation: &'static str,
    pub(super) work: Work,
    pub(super) sorting: Sorting,
    pub(super) party: bool,
    pub(super) veteran: bool,
}

impl Who {
    pub(super) fn subject(&self) -> Subject {
        self.id.subject()
    }
}

/// Of how many adults nobody has said what they live by: a third of all residents.
const UNSORTED_PERCENT: u32 = 38;

/// 民族 besides 汉, the common ones more than once.
const ETHNIC: &str = "03 03 11 11 06 15 15 08 12 13 22 02";

impl Maker<'_> {
    pub(super) fn person(&mut self, home: &Home<'_>, member: Member) -> Who {
        let Member { relation, man, age } = member;
        let days = self.chance.i32(0..365);
        let birth = self.today.add_months(-12 * age).add_days(-days);
        let (kind, retire_code) = work::retire_kind(self.chance, man);
        let due = work::is_due(kind, birth, self.today);
        let here = home.family.origin == Origin::Here;
        let mut who = Who {
            id: self.mint.person(),
            man,
            birth,
            age,
            relation,
            work: work::draw(self.chance, man, age, due, here),
            sorting: self.sorting(age),
            party: false,
            veteran: man && age >= 20 && self.percent(6),
        };
        let subject = who.subject();
        self.identity(home, &who);
        self.code(subject, person::SEX, if man { "1" } else { "2" });
        self.set(subject, person::HOUSEHOLD, Value::Link(home.id.0));
        if !self.one_in(120) {
            self.code(subject, person::RELATION, relation);
        }
        if age >= 16 {
            self.code(subject, person::RETIRE_KIND, retire_code);
        }
        self.residence(home, &who);
        self.life(home, &who);
        self.reach(&who);
        self.employment(&who);
        who.party = self.politics(&who);
        self.extras(&who);
        who
    }

    fn sorting(&mut self, age: i32) -> Sorting {
        if age >= 16 && self.percent(UNSORTED_PERCENT) {
            Sorting::Open
        } else {
            Sorting::Done
        }
    }

    /// Name, birth, identity number.
    fn identity(&mut self, home: &Home<'_>, who: &Who) {
        let subject = who.subject();
        if home.family.origin == Origin::Afar && self.one_in(80) {
            self.foreigner(who);
            return;
        }
        let dotted = self.one_in(350);
        let own = matches!(who.relation, "02" | "51") || who.relation.starts_with(['2', '3']);
        let surname = if own {
            home.surname
        } else {
            self.names.surname(self.chance)
        };
        let name = if dotted {
            names::dotted(self.chance, who.man)
        } else {
            surname.to_owned() + &names::given(self.chance, who.man, who.birth.year())
        };
        self.text(subject, person::NAME, &name);
        let ethnic = match (dotted, self.percent(96)) {
            (true, _) => "05",
            (false, true) => "01",
            (false, false) => names::pick(self.chance, ETHNIC),
        };
        self.code(subject, person::ETHNIC, ethnic);
        self.number(home, who);
    }

    /// The identity number: some are unknown, a few fail their check, and of a few people only the
    /// year of birth is known.
    fn number(&mut self, home: &Home<'_>, who: &Who) {
        let subject = who.subject();
        let birth = who.birth;
        if who.age > 0 && self.one_in(250) {
            let year = Date::new(birth.year(), 0, 0).unwrap_or(birth);
            self.set(subject, person::BIRTH, Value::Date(year));
            self.set(subject, person::DRAFT, Value::Flag(true));
            return;
        }
        self.set(subject, person::BIRTH, Value::Date(birth));
        if (who.age == 0 && self.percent(60)) || self.one_in(70) {
            return;
        }
        let native = if self.percent(80) || home.family.origin != Origin::Here {
            home.division
        } else {
            names::pick(self.chance, papers::AFAR)
        };
        let number = self.papers.id_number(self.chance, native, birth, who.man);
        let spoiled = self.one_in(300);
        if spoiled {
            self.text(subject, person::ID_NOTE, "户口簿与身份证均如此");
        }
        let given = if spoiled {
            papers::spoiled(&number)
        } else {
            number.clone()
        };
        self.code(subject, person::ID_TYPE, "111");
        self.set(subject, person::ID_NO, Value::IdNumber(given));
        self.code(subject, person::NATIVE, native);
        if who.age >= 3 && self.one_in(50) {
            self.disability(who, &number);
        }
    }

    fn foreigner(&mut self, who: &Who) {
        let subject = who.subject();
        let names = if who.man {
            "保罗·林德 汉斯·维克 托马斯·阿尔"
        } else {
            "安娜·林德 玛丽亚·维克 索菲·阿尔"
        };
        let name = names::pick(self.chance, names);
        self.text(subject, person::NAME, name);
        self.code(subject, person::ID_TYPE, "414");
        let number = format!("XZ9{:06}", self.chance.u32(0..1_000_000));
        self.set(subject, person::ID_NO, Value::IdNumber(number));
        self.set(subject, person::BIRTH, Value::Date(who.birth));
    }

    fn disability(&mut self, who: &Who, number: &str) {
        let (kind, grade) = (self.chance.u32(1..8), self.chance.u32(1..5));
        let certificate = format!("{number}{kind}{grade}");
        self.text(who.subject(), person::DISABILITY_NO, &certificate);
        if self.percent(50) {
            let health = if kind == 7 { 67 } else { 60 + kind };
            self.code(who.subject(), person::HEALTH, &health.to_string());
        }
    }

    /// Where the hukou is, and since when and as what the person lives here.
    fn residence(&mut self, home: &Home<'_>, who: &Who) {
        let subject = who.subject();
        let origin = home.family.origin;
        let away = home.family.shape == Shape::Away;
        self.set(
            subject,
            person::HUKOU_HERE,
            Value::Flag(origin == Origin::Here),
        );
        self.code(subject, person::HUKOU_REGION, home.division);
        self.set(subject, person::LIVES_HERE, Value::Flag(!away));
        if away {
            let left = self.ago(60);
            self.set(subject, person::LEFT, Value::Date(left));
        }
        let residence = match (who.relation, home.rented) {
            ("97", _) => "03",
            (_, true) => "02",
            (_, false) => "01",
        };
        self.code(subject, person::RESIDENCE, residence);
        let rural = origin == Origin::Afar && self.percent(70);
        let kind = if rural {
            "2"
        } else if origin == Origin::Afar {
            "1"
        } else {
            "3"
        };
        self.code(subject, person::HUKOU_KIND, kind);
        let address = match (origin, codes::division(home.division)) {
            (Origin::Here, _) => home.address.to_string(),
            (_, Some(place)) => format!("{place}{}", self.hamlet()),
            (_, None) => return,
        };
        self.text(subject, person::HUKOU_ADDRESS, &address);
        if origin == Origin::Afar {
            self.migration(who);
        }
    }

    fn hamlet(&mut self) -> String {
        let village = "东河村 南山村 西塘村 北岭村 新桥村 和平街 中心街";
        let place = names::pick(self.chance, village);
        format!("{place}{}号", self.chance.u32(1..200))
    }

    fn migration(&mut self, who: &Who) {
        let subject = who.subject();
        let longest = (who.age * 12).clamp(1, 120);
        let arrived = self.ago(longest).max(who.birth);
        self.set(subject, person::ARRIVED, Value::Date(arrived));
        let reason = match who.age {
            ..16 => "06",
            16..60 => names::pick(self.chance, "01 01 01 03 04 05 09"),
            _ => "08",
        };
        self.code(subject, person::ARRIVAL_REASON, reason);
        let settled = arrived.add_months(6) <= self.today && who.age >= 16;
        if settled && self.percent(55) {
            let number = self
                .draft
                .get(subject, person::ID_NO)
                .map_or_else(|| "X0000001".into(), |value| value.plain());
            self.text(subject, person::PERMIT_NO, &number);
            let issued = arrived
                .add_months(6 + self.chance.i32(0..6))
                .min(self.today);
            self.set(subject, person::PERMIT_ISSUED, Value::Date(issued));
        }
    }

    /// Marriage and schooling.
    fn life(&mut self, home: &Home<'_>, who: &Who) {
        let subject = who.subject();
        let pair = home
            .family
            .members
            .iter()
            .any(|one| matches!(one.relation, "11" | "12"));
        let of_pair = pair && matches!(who.relation, "02" | "11" | "12");
        let marriage = match (of_pair, who.age) {
            (true, _) => names::pick(self.chance, "21 21 21 20 20 22"),
            (false, ..22) => "10",
            (false, 22..35) => names::pick(self.chance, "10 10 10 10 20"),
            (false, 35..60) => names::pick(self.chance, "10 40 40 20 30"),
            (false, _) => names::pick(self.chance, "30 30 30 40 20"),
        };
        self.code(subject, person::MARRIAGE, marriage);
        let schooling = match who.age {
            ..7 => return,
            7..13 => "80",
            13..16 => "70",
            16..19 => "60 60 40",
            19..35 => "20 20 20 30 30 60 40 10 14",
            35..50 => "20 20 30 30 60 60 40 70 10",
            50..65 => "70 70 60 60 30 40 80 20",
            _ => "80 80 70 70 60 91 40 20",
        };
        if self.percent(93) {
            let code = names::pick(self.chance, schooling);
            self.code(subject, person::EDUCATION, code);
        }
    }

    /// Telephones, whom to call, and whether the children are away.
    fn reach(&mut self, who: &Who) {
        let subject = who.subject();
        if who.age >= 12 && self.percent(92) {
            let mut phones = vec![papers::mobile(self.chance, None)];
            if who.age >= 65 && self.percent(15) {
                phones.push(papers::landline(self.chance));
            }
            self.set(subject, person::PHONES, Value::Phones(phones));
        }
        if who.age >= 70 && self.percent(60) {
            let whom = names::pick(self.chance, "儿子 女儿 侄子 邻居");
            let phone = papers::mobile(self.chance, Some(whom));
            self.text(subject, person::EMERGENCY, &phone.to_string());
        }
        if who.age >= 60 && self.percent(40) {
            let away = self.percent(70);
            self.set(subject, person::CHILDREN_AWAY, Value::Flag(away));
        }
    }

    /// What the person lives by, unless nobody has asked; a fact from which a rule would compute
    /// the category is not known of the unsorted.
    fn employment(&mut self, who: &Who) {
        let subject = who.subject();
        let work = who.work;
        if who.sorting == Sorting::Open && (work.derived || self.percent(60)) {
            return;
        }
        self.code(subject, person::EMPLOYMENT, work.employment);
        if let Some(employer) = work::employer(self.chance, work) {
            let former = matches!(work.employment, "73" | "81" | "82" | "83");
            let field = if former {
                person::FORMER_EMPLOYER
            } else {
                person::EMPLOYER
            };
            self.text(subject, field, employer);
        }
        if let Some(unit_type) = work.unit_type {
            self.code(subject, person::UNIT_TYPE, unit_type);
        }
        if let Some(job) = work::job(self.chance, work) {
            self.text(subject, person::JOB, job);
        }
        match work.employment {
            "71" => {
                let since = self.ago(30);
                self.set(subject, person::UNEMPLOYED_SINCE, Value::Date(since));
                self.set(subject, person::SEEKING, Value::Flag(true));
            }
            "70" | "72" | "73" => {
                let seeking = work.employment == "73";
                self.set(subject, person::SEEKING, Value::Flag(seeking));
            }
            "81" if self.percent(60) => {
                let handed = self.ago(120);
                self.set(subject, person::HANDED_OVER, Value::Date(handed));
            }
            _ => {}
        }
    }

    /// Politics; whether the person is a party member.
    fn politics(&mut self, who: &Who) -> bool {
        let subject = who.subject();
        let lot = self.chance.u32(0..100);
        let code = match who.age {
            ..14 => return false,
            14..19 if lot < 45 => "03",
            19..28 if lot < 40 => "03",
            19.. if lot > 98 => names::pick(self.chance, "04 05 06 07 08 09 10 12"),
            60.. if lot > 80 => "01",
            28..60 if lot > 88 => "01",
            22.. if lot > 97 => "02",
            _ => "13",
        };
        self.code(subject, person::POLITICS, code);
        let party = matches!(code, "01" | "02");
        if party {
            let youngest = who.birth.add_months(12 * 20);
            let months = youngest.days_until(self.today) / 31;
            let joined = if code == "02" {
                self.ago(11)
            } else {
                self.ago(months).max(youngest)
            };
            self.set(subject, person::PARTY_JOINED, Value::Date(joined));
            let working = who.work.unit_type.is_some();
            let here = !working && self.percent(85);
            self.set(subject, person::PARTY_HERE, Value::Flag(here));
            if here {
                let branch = format!(
                    "翠湖社区第{}党支部",
                    names::pick(self.chance, "一 二 三 四")
                );
                self.text(subject, person::PARTY_BRANCH, &branch);
            }
        }
        party
    }

    /// Service, skills, and those who are no longer on the rolls.
    fn extras(&mut self, who: &Who) {
        let subject = who.subject();
        if who.work.employment == "37" && who.sorting == Sorting::Done {
            self.code(subject, person::MILITARY, "4");
        } else if who.veteran {
            self.code(subject, person::MILITARY, "1");
        }
        if who.age >= 14 && self.one_in(12) {
            let all = "书法 摄影 太极 合唱 电工 理发 急救 舞蹈 象棋 外语 编织 烹饪";
            let mut words = vec![names::pick(self.chance, all).to_owned()];
            let second = names::pick(self.chance, all);
            if words.iter().all(|one| one != second) && self.percent(40) {
                words.push(second.to_owned());
            }
            self.set(subject, person::SKILLS, Value::Words(words));
        }
        if self.one_in(120) {
            let old = who.age >= 75 && self.percent(70);
            self.code(subject, person::LIFE, if old { "3" } else { "2" });
            let since = self.ago(24).max(who.birth);
            self.set(subject, person::LIFE_DATE, Value::Date(since));
        }
    }
}
