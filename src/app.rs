//! The screens' state: `update(&mut App, &Index, Now, Msg) -> effects`.
//!
//! A screen answers a key with replies: open another screen, close this one, say something, or ask
//! for an effect. Nothing here touches the register; what an effect did comes back as a message, so
//! the screen never shows what was not saved.
//!
//! Invariant: pure. No terminal, no file, no clock; the same messages lead to the same state.

pub mod key;

pub mod action;

pub mod keymap;

pub mod line;

pub mod filter;

pub mod past;

pub mod list;

pub mod bulk;

pub mod speak;

pub mod cell;

pub mod step;

pub mod card;

pub mod form;

pub mod rows;

pub mod reveal;

pub mod edit;

pub mod value;

pub mod sort;

pub mod question;

pub mod queue;

pub mod trail;

pub mod pace;

pub mod pick;

pub mod meter;

pub mod prompt;

pub mod preview;

pub mod import;

pub mod visit;

pub mod round;

pub mod household;

pub mod door;

pub mod doorstep;

pub mod pairs;

pub mod merge;

pub mod leavers;

pub mod welcome;

pub mod stand;

pub mod bound;

pub mod route;

pub mod say;

pub mod screen;

use crate::app::action::Scope;
use crate::app::card::Card;
use crate::app::door::Door;
use crate::app::doorstep::Doorstep;
use crate::app::form::Form;
use crate::app::household::Household;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::list::List;
use crate::app::merge::Merge;
use crate::app::meter::Meter;
use crate::app::pairs::Pairs;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::prompt::Outgoing;
use crate::app::prompt::Prompt;
use crate::app::reveal::Revealed;
use crate::app::round::Round;
use crate::app::sort::Sort;
use crate::app::visit::Visiting;
use crate::app::welcome::Beginning;
use crate::app::welcome::Welcome;
use crate::index::Index;
use crate::model::Lang;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::date::Now;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::CategoryCode;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::removal::How;
use crate::model::ruling::Meaning;
use crate::model::value::Value;
use crate::query::Order;

pub use crate::app::route::start;
pub use crate::app::route::update;
pub use crate::app::say::Notice;
pub use crate::app::say::Say;
pub use crate::app::say::Tone;

/// Everything that is on the desk.
pub struct App {
    /// The screens, one over the other.
    pub screens: Screens,
    /// The language of the words.
    pub lang: Lang,
    /// The keys.
    pub keymap: Keymap,
    /// What was last said.
    pub notice: Option<Notice>,
    /// What may be seen unmasked, and until when.
    pub revealed: Option<Revealed>,
    /// When values were revealed lately, in milliseconds since 1970.
    pub looks: Vec<u64>,
    /// What the last frame showed.
    pub seen: Seen,
    /// Whether the register takes no changes, and why.
    pub read_only: Option<String>,
    /// Who works here.
    pub worker: String,
    /// How fast it all is.
    pub meter: Meter,
}

/// The screens: the active one and those below it. There is always one.
pub struct Screens {
    /// The one that gets the keys.
    pub active: Screen,
    /// Those below, the nearest last.
    pub below: Vec<Screen>,
}

/// A screen, or a box over one.
pub enum Screen {
    /// The register as a list.
    List(Box<List>),
    /// One person whole.
    Card(Box<Card>),
    /// Classifying one after another.
    Sort(Box<Sort>),
    /// Today's round.
    Round(Box<Round>),
    /// One household.
    Household(Box<Household>),
    /// At a door.
    Door(Box<Door>),
    /// Behind a door.
    Doorstep(Box<Doorstep>),
    /// Records that may be one person's.
    Pairs(Pairs),
    /// Two records side by side.
    Merge(Box<Merge>),
    /// The first run.
    Welcome(Welcome),
    /// A chooser over another screen.
    Pick(Box<Pick>),
    /// A line of text asked for over another screen.
    Prompt(Box<Prompt>),
    /// What an act would do, over another screen.
    Preview(Box<Preview>),
    /// What an import would do.
    Import(Box<import::Import>),
    /// A visit to be logged, over another screen.
    Visit(Box<Visiting>),
    /// The form for a newcomer.
    Form(Box<Form>),
}

/// What comes in.
#[derive(Debug)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// Text pasted into the open field.
    Paste(String),
    /// The window changed, or time went on.
    Tick,
    /// An effect was done.
    Done(Done),
    /// An effect failed; nothing was altered.
    Failed(Say),
}

/// What an effect did.
#[derive(Debug)]
pub enum Done {
    /// A commit was made.
    Committed(Commit),
    /// A commit was taken back by another, but for these people, who were touched since.
    Undone(Commit, Vec<PersonId>),
    /// The commits that touch a person, newest first.
    History(PersonId, Vec<Commit>),
    /// Who has looked at a person, newest first.
    Looks(PersonId, Vec<Commit>),
    /// What an import would do, ready to be accepted.
    Planned(import::Outlook),
    /// A ledger was taken in; where the refused rows are.
    Imported(Commit, Option<String>),
    /// A list was written to this file.
    Exported(String, usize),
    /// A register was started and is open now.
    Started(Say),
    /// Nothing: it was cancelled.
    Cancelled,
    /// What was kept under a name.
    Kept(&'static str, Option<Vec<u8>>),
    /// The paths that a typed one may become.
    Looked(String, Vec<String>),
}

/// What the register is asked to do.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Do an act.
    Commit(Act, Vec<Change>),
    /// Make a record that was merged into another a person's own again.
    Part(PersonId),
    /// Take back a commit, or the last one.
    Undo(Option<CommitId>),
    /// Fetch the commits that touch a person.
    History(PersonId),
    /// Fetch who has looked at a person.
    Looks(PersonId),
    /// Keep a small thing of this desk.
    Keep(&'static str, Vec<u8>),
    /// Fetch it.
    Kept(&'static str),
    /// Look for the ledgers that a typed path may become.
    Look(String),
    /// Read a ledger and say what taking it in would do.
    Plan(String),
    /// Decide something about the ledger that was read last, and say again what would be done.
    Judge(import::Decision),
    /// Take in the ledger that was planned last.
    TakeIn,
    /// Write these people to a file, masked.
    Export(Outgoing, Vec<PersonId>),
    /// Make a made-up community and open it.
    Demo,
    /// Begin a register.
    Begin(Beginning),
    /// Lock the desk.
    Lock,
    /// Leave.
    Quit,
}

/// What a screen answers.
pub enum Reply {
    /// Ask for an effect.
    Effect(Effect),
    /// Put a screen over this one.
    Open(Screen),
    /// Close this screen.
    Close,
    /// Say something.
    Say(Notice),
    /// Hand a choice to the screen below.
    Choose(Choice),
}

/// What was chosen in a box, for the screen below it.
#[derive(Debug, Clone)]
pub enum Choice {
    /// An action to run.
    Run(action::Action),
    /// A category to give.
    Category(CategoryCode),
    /// An axis to sort by.
    Axis(CategoryCode),
    /// A view to open.
    View(Subject),
    /// A query to ask again.
    Query(String),
    /// An order.
    Order(Option<Order>),
    /// A field's new value; none to clear it.
    Value(Subject, &'static Field, Option<Value>),
    /// A name for the view.
    ViewName(String),
    /// A ledger to take in.
    Ledger(String),
    /// A list to be written to a file.
    File(Outgoing),
    /// The same, its legal basis still to be put in the worker's own words.
    Basis(Outgoing),
    /// What a column of a ledger holds.
    Meaning(Meaning),
    /// A fact to be said of people.
    Field(&'static Field),
    /// What happens to a member of a household.
    Step(household::Step),
    /// A record that was merged into another, to be parted from it.
    Part(PersonId),
    /// How those who left are removed.
    Removal(How),
    /// What finds the household that is meant.
    Home(String),
    /// A row of a ledger's trouble, by its place.
    Row(usize),
    /// What is decided about an import.
    Decide(import::Decision),
}

/// What a screen may look at while it answers.
pub struct Desk<'a> {
    /// The register's index.
    pub index: &'a Index,
    /// The moment.
    pub now: Now,
    /// The language.
    pub lang: Lang,
    /// Who works here.
    pub worker: &'a str,
    /// What the last frame showed.
    pub seen: Seen,
    /// What may be seen unmasked, and until when.
    pub revealed: Option<Revealed>,
    /// When values were revealed lately, in milliseconds since 1970.
    pub looks: &'a [u64],
}

impl Desk<'_> {
    /// Whether a masked value may be seen now.
    pub fn is_revealed(&self, subject: Subject, field: FieldNo) -> bool {
        self.revealed.is_some_and(|one| one.shows(subject, field))
    }

    /// A value masked as the worker's role wants it.
    pub fn show(&self, field: &Field, value: &Value) -> String {
        self.index.role().eyes().show(field, value, self.lang)
    }
}

/// What the last frame showed, for keys that move by pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Rows of the active screen's own list.
    pub rows: usize,
    /// Whether the facet panel had room.
    pub facets: bool,
}

impl Screen {
    /// Whether it fills the window; the others are boxes over one that does.
    pub fn is_whole(&self) -> bool {
        match self {
            Screen::List(_)
            | Screen::Card(_)
            | Screen::Sort(_)
            | Screen::Round(_)
            | Screen::Household(_)
            | Screen::Door(_)
            | Screen::Doorstep(_)
            | Screen::Pairs(_)
            | Screen::Merge(_)
            | Screen::Import(_)
            | Screen::Welcome(_)
            | Screen::Form(_) => true,
            Screen::Pick(_) | Screen::Prompt(_) | Screen::Preview(_) | Screen::Visit(_) => false,
        }
    }

    /// The scope that hears a key first.
    pub fn scope(&self) -> Scope {
        match self {
            Screen::List(list) => list.scope(),
            Screen::Card(_) => Scope::Card,
            Screen::Sort(_) => Scope::Sort,
            Screen::Round(_) => Scope::Round,
            Screen::Household(_) => Scope::Household,
            Screen::Door(_) => Scope::Door,
            Screen::Doorstep(_) => Scope::Doorstep,
            Screen::Pairs(_) => Scope::Pairs,
            Screen::Merge(_) => Scope::Merge,
            Screen::Welcome(_) => Scope::Welcome,
            Screen::Pick(_) => Scope::Pick,
            Screen::Prompt(_) => Scope::Prompt,
            Screen::Preview(_) => Scope::Preview,
            Screen::Import(_) => Scope::Import,
            Screen::Visit(_) => Scope::Visit,
            Screen::Form(_) => Scope::Form,
        }
    }
}

impl Screens {
    /// One screen alone.
    pub fn new(active: Screen) -> Screens {
        Screens {
            active,
            below: Vec::new(),
        }
    }

    /// Puts a screen over the others. There is one form: another sheet goes to the one that is open.
    pub fn open(&mut self, screen: Screen) {
        let is_form = |screen: &Screen| matches!(screen, Screen::Form(_));
        if is_form(&screen) && self.all().any(is_form) {
            while !is_form(&self.active) {
                self.close();
            }
            if let (Screen::Form(open), Screen::Form(form)) = (&mut self.active, screen) {
                open.adopt(form.sheet);
            }
            return;
        }
        self.below.push(std::mem::replace(&mut self.active, screen));
    }

    /// Closes the active screen; the last one stays.
    pub fn close(&mut self) {
        if let Some(screen) = self.below.pop() {
            self.active = screen;
        }
    }

    /// Every screen, the lowest first, to be told something.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Screen> {
        self.below.iter_mut().chain([&mut self.active])
    }

    /// Every screen, the lowest first.
    pub fn all(&self) -> impl Iterator<Item = &Screen> {
        self.below.iter().chain(std::iter::once(&self.active))
    }
}

impl App {
    /// A desk with the list of everyone on it.
    pub fn new(index: &Index, lang: Lang, keymap: Keymap) -> App {
        App::on(Screen::List(Box::new(List::new(index, lang))), lang, keymap)
    }

    /// A desk for the first run, when there is no register yet; `place` is where one will be.
    pub fn first_run(lang: Lang, keymap: Keymap, place: String) -> App {
        App::on(Screen::Welcome(Welcome::new(place)), lang, keymap)
    }

    fn on(screen: Screen, lang: Lang, keymap: Keymap) -> App {
        App {
            screens: Screens::new(screen),
            lang,
            keymap,
            notice: None,
            revealed: None,
            looks: Vec::new(),
            seen: Seen::default(),
            read_only: None,
            worker: String::new(),
            meter: Meter::default(),
        }
    }

    /// Whether a masked value may be seen now.
    pub fn is_revealed(&self, subject: Subject, field: FieldNo) -> bool {
        self.revealed.is_some_and(|one| one.shows(subject, field))
    }
}
