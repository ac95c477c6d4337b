//! At a door: one box that finds anyone, and few words.
//!
//! Invariant: while the text is faulty those found last stay; an empty box finds nobody. Who only
//! nearly answers stands below those who do; where nobody does, the cursor goes there by its key only.

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::doorstep::Doorstep;
use crate::app::form::Form;
use crate::app::form::shape;
use crate::app::form::sheet;
use crate::app::key::Key;
use crate::app::line::Line;
use crate::app::step::step;
use crate::app::visit;
use crate::index::Index;
use crate::model::ids::PersonId;
use crate::query::fault::Fault;
use crate::query::parse::parse;

/// So many of those found can be walked through; who wants one of more types another letter.
const MOST: usize = 60;

/// The screen.
pub struct Door {
    /// What is typed.
    pub line: Line,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// The first of those found, the best first; then those who only nearly answer.
    pub found: Vec<PersonId>,
    /// How many answer.
    pub total: usize,
    /// The line of the cursor: that of nobody comes first where nobody answers.
    row: usize,
}

/// Opens the box.
pub fn open(desk: &Desk<'_>) -> Vec<Reply> {
    let door = Door::new(desk.index, "");
    vec![Reply::Open(Screen::Door(Box::new(door)))]
}

impl Door {
    /// The box with a text in it.
    pub fn new(index: &Index, text: &str) -> Door {
        let mut door = Door {
            line: Line::new(text),
            fault: None,
            found: Vec::new(),
            total: 0,
            row: 0,
        };
        door.look(index);
        door
    }

    /// Looks for what is typed.
    fn look(&mut self, index: &Index) {
        let text = self.line.text().trim();
        if text.is_empty() {
            (self.fault, self.found, self.total) = (None, Vec::new(), 0);
            return;
        }
        match parse(text, index.lexicon()) {
            Ok(query) => {
                let answer = index.ask(&query);
                self.fault = None;
                self.total = answer.total();
                self.found = index.rows(&query, &answer, 0, MOST);
                self.found.extend(index.near(&query, &answer));
            }
            Err(fault) => self.fault = Some(fault),
        }
        self.row = self.row.min(self.last());
    }

    /// The last line that the cursor can stand on.
    fn last(&self) -> usize {
        (self.found.len() + self.nobody()).saturating_sub(1)
    }

    /// How many lines stand for nobody.
    fn nobody(&self) -> usize {
        usize::from(self.total == 0)
    }

    /// The place of the cursor among those found; `None` where it stands on nobody.
    pub fn at(&self) -> Option<usize> {
        let at = self.row.checked_sub(self.nobody())?;
        (at < self.found.len()).then_some(at)
    }

    fn here(&self) -> Option<PersonId> {
        self.found.get(self.at()?).copied()
    }

    /// Takes an editing key.
    pub fn typed(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        self.line.edit(key);
        self.row = 0;
        self.look(desk.index);
        Vec::new()
    }

    /// Takes pasted text.
    pub fn paste(&mut self, desk: &Desk<'_>, text: &str) -> Vec<Reply> {
        self.line.paste(text);
        self.row = 0;
        self.look(desk.index);
        Vec::new()
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let here = self.here();
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back if self.line.text().is_empty() => vec![Reply::Close],
            Action::Back => {
                *self = Door::new(desk.index, "");
                Vec::new()
            }
            Action::Accept => match here {
                Some(id) => {
                    let page = Doorstep::new(desk.index, id);
                    vec![Reply::Open(Screen::Doorstep(Box::new(page)))]
                }
                None => self.newcomer(desk),
            },
            Action::NewPerson => self.newcomer(desk),
            Action::Visit => visit::open(here.into_iter().collect()),
            Action::Verify => visit::verify(desk, here.as_slice()),
            action => {
                self.row = step(self.row, self.last(), desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Opens the form for whom nobody was found, with what was typed.
    fn newcomer(&self, desk: &Desk<'_>) -> Vec<Reply> {
        let typed = shape::sort(desk.index, self.line.text());
        if self.fault.is_some() || typed.is_empty() {
            return Vec::new();
        }
        vec![
            Reply::Open(Screen::Form(Box::new(Form::new(desk, &typed)))),
            Reply::Effect(Effect::Kept(sheet::KEPT)),
        ]
    }

    /// Sees the changed register: the cursor stays on whom it was on.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let here = self.here();
        self.look(desk.index);
        let at = self.found.iter().position(|id| Some(*id) == here);
        self.row = at.map_or(self.row, |at| at + self.nobody());
    }
}
