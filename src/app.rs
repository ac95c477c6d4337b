//! The screens' state: `update(&mut App, &Index, Now, Msg) -> effects`.
//!
//! A screen answers a key with replies: open another screen, close this one, say something, or ask
//! for an effect. Nothing here touches the register; what an effect did comes back as a message, so
//! the screen never shows what was not saved.
//!
//! Invariant: pure. No terminal, no file, no clock; the same messages lead to the same state.

pub mod msg;

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
use crate::app::keymap::Keymap;
use crate::app::list::List;
use crate::app::merge::Merge;
use crate::app::meter::Meter;
use crate::app::pairs::Pairs;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::prompt::Prompt;
use crate::app::reveal::Revealed;
use crate::app::round::Round;
use crate::app::sort::Sort;
use crate::app::visit::Visiting;
use crate::app::welcome::Welcome;
use crate::index::Index;
use crate::model::Lang;
use crate::model::date::Now;
use crate::model::field::Field;
use crate::model::field::FieldNo;
use crate::model::ids::Subject;
use crate::model::value::Value;

pub use crate::app::msg::Choice;
pub use crate::app::msg::Done;
pub use crate::app::msg::Effect;
pub use crate::app::msg::Msg;
pub use crate::app::msg::Reply;
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
