//! One household: who lives there, what is missing of each, and what happened to them.
//!
//! Invariant: each turn is one commit; one that touches several people is previewed first.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::card;
use crate::app::edit;
use crate::app::form::Form;
use crate::app::form::sheet;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::prompt::Prompt;
use crate::app::step::step;
use crate::app::value;
use crate::app::visit;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::date::Date;
use crate::model::draft::Draft;
use crate::model::field;
use crate::model::field::Field;
use crate::model::field::Kind;
use crate::model::household;
use crate::model::ids::DwellingId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::ids::Table;
use crate::model::person;
use crate::model::person::Person;
use crate::model::turn;
use crate::model::turn::Turn;
use crate::model::value::Value;
use crate::query::parse::parse;

/// Facts that a member's record should have.
const WANTED: [field::FieldNo; 4] = [
    person::ID_NO,
    person::BIRTH,
    person::PHONES,
    person::RELATION,
];
/// So many people are looked at for the household that is meant.
const MOST_FOUND: usize = 60;

/// The screen.
pub struct Household {
    /// Which.
    pub id: HouseholdId,
    /// The cursor among the members.
    pub row: usize,
    /// Who goes over to the household that is asked for.
    movers: Movers,
    /// What happened on the day that is asked for.
    dated: Option<Turn>,
}

/// Who goes over to another household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Movers {
    One,
    All,
}

/// What can be chosen for a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A turn, of the member or of all who move.
    Turn(Turn),
    /// To another household, which is then asked for.
    Move,
    /// The whole household to another one.
    MoveAll,
}

/// Opens the household of a person; says so where there is none.
pub fn open(desk: &Desk<'_>, who: Option<PersonId>) -> Vec<Reply> {
    if who.is_none() {
        return Vec::new();
    }
    let person = who.and_then(|id| desk.index.book().person(id));
    let Some(id) = person.and_then(Person::household) else {
        return vec![Reply::Say(Notice::new(Tone::Warn, Say::plain("home-none")))];
    };
    let everyone = members(desk.index, id);
    let row = everyone.iter().position(|one| Some(*one) == who);
    vec![Reply::Open(Screen::Household(Box::new(Household {
        id,
        row: row.unwrap_or(0),
        movers: Movers::One,
        dated: None,
    })))]
}

/// The members: those on the rolls first, the head before all, then by relation and age.
pub fn members(index: &Index, id: HouseholdId) -> Vec<PersonId> {
    let book = index.book();
    let head = book.household(id).and_then(household::Household::head);
    let mut all = book.members(id).to_vec();
    all.sort_by_key(|one| {
        let person = book.person(*one);
        let relation = person.and_then(|person| person.record.text(person::RELATION));
        (
            !person.is_some_and(Person::is_present),
            Some(*one) != head,
            relation.is_none(),
            relation.map(str::to_owned),
            person.and_then(Person::birth),
        )
    });
    all
}

/// The facts that are missing of someone.
pub fn missing(person: Person<'_>) -> impl Iterator<Item = &'static Field> {
    let wanted = WANTED.into_iter();
    wanted
        .filter(move |number| !person.record.has(*number))
        .filter_map(|number| field::of(Table::Person, number))
}

impl Household {
    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let everyone = members(desk.index, self.id);
        let here = everyone.get(self.row).copied();
        let present = |id: &PersonId| {
            let person = desk.index.book().person(*id);
            person.is_some_and(Person::is_present)
        };
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Accept => here.map_or_else(Vec::new, |id| card::open(desk, id)),
            Action::Turn => {
                let pick = here.map(|id| turns(desk, self.id, id));
                let open = |pick| Reply::Open(Screen::Pick(Box::new(pick)));
                pick.map(open).into_iter().collect()
            }
            Action::Fact => {
                let pick = facts(desk, self.id);
                vec![Reply::Open(Screen::Pick(Box::new(pick)))]
            }
            Action::Visit => visit::open(everyone.into_iter().filter(present).collect()),
            Action::Verify => visit::verify(desk, here.as_slice()),
            Action::NewPerson => vec![
                Reply::Open(Screen::Form(Box::new(Form::of_member(desk, self.id)))),
                Reply::Effect(Effect::Kept(sheet::KEPT)),
            ],
            action => {
                let last = everyone.len().saturating_sub(1);
                self.row = step(self.row, last, desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Takes what was chosen for the member under the cursor, or the household that was typed.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the others are not asked here"
        )]
        match choice {
            Choice::Step(Step::Turn(turn @ (Turn::Left | Turn::Died))) => self.ask_day(desk, turn),
            Choice::Step(Step::Turn(turn)) => self.turn(desk, turn, desk.now.today),
            Choice::Step(step) => {
                self.movers = if step == Step::MoveAll {
                    Movers::All
                } else {
                    Movers::One
                };
                vec![Reply::Open(Screen::Prompt(Box::new(Prompt::household())))]
            }
            Choice::Home(text) => self.find(desk, &text),
            Choice::Field(field) => self.edit(desk, field),
            Choice::Value(subject, field, value) => match self.dated.take() {
                Some(turn) => self.on_day(desk, turn, value.as_ref()),
                None => edit::set(desk, subject, field, value),
            },
            _ => Vec::new(),
        }
    }

    /// Asks on which day a member moved out or died.
    fn ask_day(&mut self, desk: &Desk<'_>, turn: Turn) -> Vec<Reply> {
        self.dated = Some(turn);
        let who = members(desk.index, self.id).get(self.row).copied();
        let field = field::of(Table::Person, person::LIFE_DATE);
        let prompt = who.zip(field).map(|(who, field)| {
            let prompt = Prompt::day(who.subject(), field, value::read);
            Reply::Open(Screen::Prompt(Box::new(prompt)))
        });
        prompt.into_iter().collect()
    }

    /// Makes a turn as of the day that was typed, today where none was.
    fn on_day(&self, desk: &Desk<'_>, turn: Turn, value: Option<&Value>) -> Vec<Reply> {
        let today = desk.now.today;
        match value {
            Some(Value::Date(day)) if day.first() > today => {
                say("home-day-ahead", &day.to_string())
            }
            Some(Value::Date(day)) => self.turn(desk, turn, *day),
            _ => self.turn(desk, turn, today),
        }
    }

    /// Opens the box for one of the household's or the dwelling's own facts.
    fn edit(&mut self, desk: &Desk<'_>, field: &'static Field) -> Vec<Reply> {
        self.dated = None;
        match own(desk, self.id, field) {
            Some(subject) => edit::open(desk, subject, field),
            None => vec![Reply::Say(Notice::new(
                Tone::Warn,
                Say::plain("home-no-dwelling"),
            ))],
        }
    }

    /// Offers the households of those whom a text finds.
    fn find(&self, desk: &Desk<'_>, text: &str) -> Vec<Reply> {
        let Ok(query) = parse(text, desk.index.lexicon()) else {
            return say("home-not-found", text);
        };
        let answer = desk.index.ask(&query);
        let book = desk.index.book();
        let mut items: Vec<(HouseholdId, Item)> = Vec::new();
        for id in desk.index.rows(&query, &answer, 0, MOST_FOUND) {
            let Some(person) = book.person(id) else {
                continue;
            };
            let Some(home) = person.household().filter(|home| *home != self.id) else {
                continue;
            };
            if items.iter().any(|(known, _)| *known == home) {
                continue;
            }
            let address = book.home(person).map(|one| one.address().to_string());
            let label = format!("{}  {}", address.unwrap_or_default(), names(desk, home));
            let item = Item {
                search: label.clone(),
                label: Label::Text(label),
                hint: String::new(),
                choice: Choice::Step(Step::Turn(Turn::Join(home))),
            };
            items.push((home, item));
        }
        if items.is_empty() {
            return say("home-not-found", text);
        }
        let items = items.into_iter().map(|(_, item)| item).collect();
        let pick = Pick::new("pick-home", items);
        vec![Reply::Open(Screen::Pick(Box::new(pick)))]
    }

    /// Makes a turn: at once where it is one person's, else behind a preview.
    fn turn(&self, desk: &Desk<'_>, turn: Turn, day: Date) -> Vec<Reply> {
        let everyone = members(desk.index, self.id);
        let is_join = matches!(turn, Turn::Join(_));
        let who: Vec<PersonId> = match self.movers {
            Movers::All if is_join => everyone,
            Movers::All | Movers::One => everyone.get(self.row).copied().into_iter().collect(),
        };
        let mut mint = Mint::new(desk.now.milliseconds, desk.now.seed);
        let mut draft = Draft::new(desk.index.book());
        for one in &who {
            turn::take(&mut draft, *one, turn, day, &mut mint);
        }
        let changes = draft.finish();
        if changes.is_empty() {
            return vec![Reply::Say(Notice::new(Tone::Warn, Say::plain("card-same")))];
        }
        let mut touched: Vec<PersonId> = Vec::new();
        for change in &changes {
            let id = PersonId(change.subject.id);
            if change.subject.table == Table::Person && !touched.contains(&id) {
                touched.push(id);
            }
        }
        let effect = Effect::Commit(Act::Edit, changes);
        if touched.len() < 2 {
            return vec![Reply::Effect(effect)];
        }
        let title = Say::with("home-preview", [("people", touched.len().to_string())]);
        let preview = Preview::of_people(title, touched, effect);
        vec![Reply::Open(Screen::Preview(Box::new(preview)))]
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let last = members(desk.index, self.id).len().saturating_sub(1);
        self.row = self.row.min(last);
    }
}

/// The record that has a fact of the household's: its own, or its dwelling's.
fn own(desk: &Desk<'_>, id: HouseholdId, field: &Field) -> Option<Subject> {
    if field.table == Table::Household {
        return Some(id.subject());
    }
    let home = desk.index.book().household(id)?;
    home.dwelling().map(DwellingId::subject)
}

/// The household's and its dwelling's own facts, with what is known of them.
fn facts(desk: &Desk<'_>, id: HouseholdId) -> Pick {
    let tables = [Table::Household, Table::Dwelling].into_iter();
    let fields = tables.flat_map(field::of_table);
    let fields = fields.filter(|field| !matches!(field.kind, Kind::Link(_)));
    let item = |field: &'static Field| {
        let record = own(desk, id, field).and_then(|own| desk.index.book().record(own));
        let value = record.and_then(|record| record.get(field.number));
        let shown = value.map(|value| desk.show(field, &value));
        Item {
            label: Label::Text(field.label(desk.lang).to_owned()),
            hint: shown.unwrap_or_default(),
            search: format!("{} {} {}", field.key, field.zh, field.en),
            choice: Choice::Field(field),
        }
    };
    Pick::new("pick-home-fact", fields.map(item).collect())
}

fn names(desk: &Desk<'_>, home: HouseholdId) -> String {
    let everyone = members(desk.index, home);
    let names = everyone
        .iter()
        .filter_map(|id| desk.index.book().person(*id));
    names.map(Person::name).collect::<Vec<_>>().join("、")
}

fn say(key: &'static str, text: &str) -> Vec<Reply> {
    let say = Say::with(key, [("text", text.to_owned())]);
    vec![Reply::Say(Notice::new(Tone::Warn, say))]
}

/// What can happen to a member, what makes no sense left out.
fn turns(desk: &Desk<'_>, home: HouseholdId, who: PersonId) -> Pick {
    let book = desk.index.book();
    let present = book.person(who).is_some_and(Person::is_present);
    let heads = book.household(home).and_then(household::Household::head) == Some(who);
    let alone = book.members(home).len() < 2;
    let all = [
        ("home-left", Step::Turn(Turn::Left), present),
        ("home-died", Step::Turn(Turn::Died), present),
        ("home-back", Step::Turn(Turn::Back), !present),
        ("home-head", Step::Turn(Turn::Head), present && !heads),
        ("home-part", Step::Turn(Turn::Part), present && !alone),
        ("home-move", Step::Move, true),
        ("home-move-all", Step::MoveAll, !alone),
    ];
    let items = all.into_iter().filter(|(.., fits)| *fits);
    let items = items.map(|(word, step, _)| Item {
        label: Label::Word(word),
        hint: String::new(),
        search: word.to_owned(),
        choice: Choice::Step(step),
    });
    Pick::new("pick-turn", items.collect())
}
