//! The form for a newcomer: one line a field, by keyboard, every keystroke kept.
//!
//! Enter goes to the next stop that is still blank, a character that cannot stand where it is typed
//! goes there by itself, and what the identity number says needs no typing at all. A half-filled
//! sheet is kept with every key, so that it is there again after a crash; it leaves only when it is
//! saved or thrown away.
//!
//! Invariant: the sheet always holds the text that is on screen; a sheet is let go of only after
//! its commit was made.

pub mod slot;

pub mod sheet;

pub mod reading;

pub mod shape;

pub mod place;

pub mod offer;

pub mod twin;

pub mod beside;

pub mod save;

use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::card;
use crate::app::form::offer::Offer;
use crate::app::form::offer::Take;
use crate::app::form::offer::offers;
use crate::app::form::shape::Flow;
use crate::app::form::shape::flow;
use crate::app::form::sheet::KEPT;
use crate::app::form::sheet::Sheet;
use crate::app::form::sheet::pack;
use crate::app::form::sheet::unpack;
use crate::app::form::slot::Slot;
use crate::app::key::Key;
use crate::app::line::Line;
use crate::index::Index;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::household::Household;
use crate::model::ids::CommitId;
use crate::model::ids::HouseholdId;
use crate::model::ids::Mint;
use crate::model::ids::PersonId;
use crate::model::ids::Table;
use crate::model::person;

/// The form's state.
pub struct Form {
    /// The sheet on screen.
    pub sheet: Sheet,
    /// Sheets that were put aside half filled.
    pub aside: Vec<Sheet>,
    /// The sheet as it came from the search box, where its texts still are.
    carried: Option<Sheet>,
    /// The text under the cursor with its caret.
    pub line: Line,
    /// Which offer is taken when the cursor leaves; none for the text as it stands.
    pub chosen: Option<usize>,
    /// The action that the next press confirms.
    pub armed: Option<Action>,
    /// What was kept last.
    kept: Vec<u8>,
    /// Whether what was kept by an earlier form has not been asked for yet.
    waiting: bool,
    pending: Option<Pending>,
    /// What was entered last, in case it is taken back.
    last: Option<(CommitId, Sheet)>,
}

/// What is to come after the commit.
struct Pending {
    home: Option<HouseholdId>,
    next: bool,
}

impl Form {
    /// A form with what is known of the newcomer already.
    pub fn new(desk: &Desk<'_>, carried: &[(Slot, String)]) -> Form {
        let mut sheet = Sheet::new(fresh(desk));
        for (slot, text) in carried {
            sheet.set(*slot, text);
        }
        let mut form = Form::on(sheet);
        form.carried = Some(form.sheet.clone());
        let blank = |slot: &Slot| form.sheet.text(*slot).is_empty();
        form.go(Slot::stops().find(blank).unwrap_or(Slot::NAME));
        form
    }

    /// A form for another member of a household.
    pub fn of_member(desk: &Desk<'_>, home: HouseholdId) -> Form {
        let book = desk.index.book();
        let known = book.household(home);
        let dwelling = known.and_then(|one| book.dwelling(one.dwelling()?));
        let address = dwelling.map_or(String::new(), |one| one.address().to_string());
        let number = known.and_then(Household::number).unwrap_or("").to_owned();
        let given = [(Slot::ADDRESS, address), (Slot::NUMBER, number)];
        Form::on(Sheet::of_member(fresh(desk), home, &given))
    }

    fn on(sheet: Sheet) -> Form {
        let mut form = Form {
            line: Line::default(),
            sheet,
            aside: Vec::new(),
            carried: None,
            chosen: None,
            armed: None,
            kept: Vec::new(),
            waiting: true,
            pending: None,
            last: None,
        };
        form.go(form.sheet.at());
        form
    }

    /// What the slot under the cursor can be filled with.
    pub fn offers(&self, desk: &Desk<'_>) -> Vec<Offer> {
        offers(desk.index, &self.sheet, self.sheet.at(), desk.lang)
    }

    /// A key of the text.
    pub fn typed(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        self.armed = None;
        let slot = self.sheet.at();
        let at_end = self.line.caret() == self.line.text().len();
        if let Some(c) = key.folded().typed().filter(|_| at_end) {
            match flow(slot, self.line.text(), c) {
                Flow::Stay => {}
                Flow::On => {
                    if let Some(next) = self.next_stop() {
                        self.leave(desk);
                        self.go(next);
                    }
                }
                Flow::Along(to) => self.carry(to),
            }
        }
        if self.line.edit(key) {
            self.changed(desk);
        }
        self.keep()
    }

    /// Pasted text.
    pub fn paste(&mut self, desk: &Desk<'_>, text: &str) -> Vec<Reply> {
        self.armed = None;
        self.line.paste(text);
        self.changed(desk);
        self.keep()
    }

    /// The text was changed: the sheet follows, and the best offer is at hand.
    fn changed(&mut self, desk: &Desk<'_>) {
        let slot = self.sheet.at();
        self.sheet.set(slot, self.line.text());
        let codes = slot != Slot::ADDRESS && !self.line.text().trim().is_empty();
        self.chosen = (codes && !self.offers(desk).is_empty()).then_some(0);
    }

    /// Moves what was typed here into a blank slot, and the cursor with it.
    fn carry(&mut self, to: Slot) {
        if !self.sheet.text(to).is_empty() {
            return;
        }
        let text = self.line.text().to_owned();
        self.sheet.set(self.sheet.at(), "");
        self.sheet.set(to, &text);
        self.go(to);
    }

    fn go(&mut self, slot: Slot) {
        self.sheet.go(slot);
        self.line = Line::new(self.sheet.text(slot));
        self.chosen = None;
    }

    /// The next stop that is blank, after the one under the cursor.
    fn next_stop(&self) -> Option<Slot> {
        let here = self.sheet.at();
        let later = Slot::stops().filter(|slot| *slot > here);
        let earlier = Slot::stops().filter(|slot| *slot < here);
        later
            .chain(earlier)
            .find(|slot| self.sheet.text(*slot).is_empty())
    }

    /// Takes what is chosen before the cursor leaves.
    fn leave(&mut self, desk: &Desk<'_>) {
        let offers = self.offers(desk);
        let offer = self.chosen.and_then(|chosen| offers.get(chosen));
        match offer.map(|offer| &offer.take) {
            Some(Take::Text(text)) => self.sheet.set(self.sheet.at(), text),
            Some(Take::Home(home)) => self.sheet.choose(*home),
            None => {}
        }
        self.go(self.sheet.at());
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        let armed = self.armed.take() == Some(action);
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        let replies = match action {
            Action::Back => {
                self.leave(desk);
                let carried = self.carried.take();
                if carried.is_some_and(|one| one.says_what(&self.sheet)) {
                    self.sheet = Sheet::new(fresh(desk));
                }
                let mut replies = self.keep();
                replies.push(Reply::Close);
                replies.extend(self.left_aside());
                return replies;
            }
            Action::Accept => self.accept(desk),
            Action::NextField => self.step(desk, Slot::next),
            Action::PreviousField => self.step(desk, Slot::previous),
            Action::Up => self.up(desk),
            Action::Down => self.down(desk),
            Action::Save => self.save(desk, armed, false),
            Action::SaveNext => self.save(desk, armed, true),
            Action::Discard => return self.discard(desk, armed),
            Action::OtherSheet => self.other(desk),
            _ => Vec::new(),
        };
        self.keep().into_iter().chain(replies).collect()
    }

    /// Opens the card of the one who is here already; else goes on to the next blank stop.
    fn accept(&mut self, desk: &Desk<'_>) -> Vec<Reply> {
        let twin = (self.sheet.at() == Slot::ID)
            .then(|| twin::same(desk.index, &self.sheet))
            .flatten();
        if let Some(person) = twin {
            return card::open(desk, person);
        }
        self.leave(desk);
        let at = self.sheet.at();
        let next = self.next_stop().filter(|_| at.is_stop());
        self.go(next.unwrap_or_else(|| at.next()));
        Vec::new()
    }

    fn step(&mut self, desk: &Desk<'_>, to: fn(Slot) -> Slot) -> Vec<Reply> {
        self.leave(desk);
        self.go(to(self.sheet.at()));
        Vec::new()
    }

    /// Up and down go through the offers once something was typed, else through the slots.
    fn down(&mut self, desk: &Desk<'_>) -> Vec<Reply> {
        let offers = self.offers(desk).len();
        if offers == 0 || self.line.text().is_empty() {
            return self.step(desk, Slot::next);
        }
        let next = self.chosen.map_or(0, |chosen| chosen + 1);
        self.chosen = Some(next.min(offers - 1));
        Vec::new()
    }

    fn up(&mut self, desk: &Desk<'_>) -> Vec<Reply> {
        match self.chosen {
            Some(chosen) if chosen > 0 => self.chosen = Some(chosen - 1),
            Some(_) if self.sheet.at() == Slot::ADDRESS => self.chosen = None,
            Some(_) | None => return self.step(desk, Slot::previous),
        }
        Vec::new()
    }

    /// Saves the sheet: one commit. Without a name nobody would find the person again; an identity
    /// number that is in the register is saved twice only when it is asked for twice.
    fn save(&mut self, desk: &Desk<'_>, armed: bool, next: bool) -> Vec<Reply> {
        self.leave(desk);
        if self.sheet.text(Slot::NAME).trim().is_empty() {
            self.go(Slot::NAME);
            return say(Tone::Bad, Say::plain("form-name-first"));
        }
        if let Some(twin) = twin::same(desk.index, &self.sheet).filter(|_| !armed) {
            let action = if next { Action::SaveNext } else { Action::Save };
            self.armed = Some(action);
            let name = desk.index.book().person(twin).map_or("", |one| one.name());
            let args = [("name", name.to_owned())];
            return say(Tone::Warn, Say::with("form-save-twin", args));
        }
        let (changes, home) = save::changes(desk, &self.sheet);
        self.pending = Some(Pending { home, next });
        vec![Reply::Effect(Effect::Commit(Act::Enter, changes))]
    }

    /// The commit was made: the sheet is let go of; the next one begins, or the form closes.
    pub fn committed(&mut self, desk: &Desk<'_>, commit: &Commit) -> Vec<Reply> {
        let Some(pending) = self.pending.take() else {
            return Vec::new();
        };
        let shared = save::shared(&self.sheet);
        let next = match pending.home.filter(|_| pending.next) {
            Some(home) => Sheet::of_member(fresh(desk), home, &shared),
            None => Sheet::new(fresh(desk)),
        };
        let saved = std::mem::replace(&mut self.sheet, next);
        self.last = Some((commit.id, saved));
        self.go(self.sheet.at());
        let mut replies = self.keep();
        if !pending.next {
            replies.push(Reply::Close);
        }
        replies
    }

    /// A commit was taken back: if it entered someone here, the sheet is there again.
    pub fn undone(&mut self, commit: &Commit) -> Vec<Reply> {
        let own = |last: &mut (CommitId, Sheet)| commit.undoes == Some(last.0);
        if let Some((_, sheet)) = self.last.take_if(own) {
            self.adopt(sheet);
        }
        self.keep()
    }

    /// Nothing was saved: the sheet stays.
    pub fn failed(&mut self) {
        self.pending = None;
    }

    /// Throws the sheet away, when asked twice.
    fn discard(&mut self, desk: &Desk<'_>, armed: bool) -> Vec<Reply> {
        if !armed && !self.sheet.is_blank() {
            self.armed = Some(Action::Discard);
            return say(Tone::Warn, Say::plain("form-discard"));
        }
        let other = (!self.aside.is_empty()).then(|| self.aside.remove(0));
        let closes = other.is_none();
        self.sheet = other.unwrap_or_else(|| Sheet::new(fresh(desk)));
        self.go(self.sheet.at());
        let mut replies = self.keep();
        if closes {
            replies.push(Reply::Close);
        }
        replies
    }

    /// Puts this sheet aside and takes the next one; a blank one when there is no other.
    fn other(&mut self, desk: &Desk<'_>) -> Vec<Reply> {
        self.leave(desk);
        let next = if self.aside.is_empty() {
            Sheet::new(fresh(desk))
        } else {
            self.aside.remove(0)
        };
        let here = std::mem::replace(&mut self.sheet, next);
        if !here.is_blank() {
            self.aside.push(here);
        }
        self.go(self.sheet.at());
        Vec::new()
    }

    /// Takes another sheet up; this one is put aside.
    pub fn adopt(&mut self, sheet: Sheet) {
        let here = std::mem::replace(&mut self.sheet, sheet);
        if !here.is_blank() {
            self.aside.insert(0, here);
        }
        self.go(self.sheet.at());
    }

    /// Takes what an earlier form left: it is put aside, or taken up if nothing was typed here.
    pub fn take_kept(&mut self, desk: &Desk<'_>, name: &str, bytes: Option<&[u8]>) -> Vec<Reply> {
        if name != KEPT || !std::mem::take(&mut self.waiting) {
            return Vec::new();
        }
        self.aside = unsaved(desk, bytes.unwrap_or_default());
        let untouched = self.sheet.is_blank() && self.sheet.at() == Slot::NAME;
        let mut said = Vec::new();
        if untouched && !self.aside.is_empty() {
            self.sheet = self.aside.remove(0);
            self.go(self.sheet.at());
            said = say(Tone::Warn, Say::plain("form-resumed"));
        }
        self.keep().into_iter().chain(said).collect()
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        let count = self.offers(desk).len();
        self.chosen = self.chosen.filter(|chosen| *chosen < count);
    }

    /// Keeps the sheets, if they are not kept as they are.
    fn keep(&mut self) -> Vec<Reply> {
        let all: Vec<Sheet> = std::iter::once(&self.sheet)
            .chain(&self.aside)
            .cloned()
            .collect();
        let bytes = pack(&all);
        if bytes == self.kept {
            return Vec::new();
        }
        self.kept.clone_from(&bytes);
        vec![Reply::Effect(Effect::Keep(KEPT, bytes))]
    }

    /// That the form can be gone on with later.
    fn left_aside(&self) -> Vec<Reply> {
        if self.kept.is_empty() {
            return Vec::new();
        }
        say(Tone::Warn, Say::plain("form-left"))
    }
}

/// Opens the form as it was left, if one was.
pub fn resume(desk: &Desk<'_>, name: &str, bytes: Option<&[u8]>) -> Vec<Reply> {
    let kept = bytes.filter(|_| name == KEPT);
    let mut sheets = unsaved(desk, kept.unwrap_or_default()).into_iter();
    let Some(first) = sheets.next() else {
        return Vec::new();
    };
    let mut form = Form::on(first);
    form.aside = sheets.collect();
    form.waiting = false;
    let mut replies = vec![Reply::Open(Screen::Form(Box::new(form)))];
    replies.extend(say(Tone::Warn, Say::plain("form-resumed")));
    replies
}

/// Who was entered, and whether something essential is still missing.
pub fn entered(index: &Index, commit: &Commit) -> Say {
    let of = |change: &Change| {
        let is_person = change.subject.table == Table::Person;
        is_person.then(|| index.book().person(PersonId(change.subject.id)))?
    };
    let person = commit.changes.iter().find_map(of);
    let draft = person.is_some_and(|one| one.record.flag(person::DRAFT) == Some(true));
    let key = if draft {
        "notice-entered-draft"
    } else {
        "notice-entered"
    };
    let name = person.map_or("", person::Person::name);
    Say::with(key, [("name", name.to_owned())])
}

fn fresh(desk: &Desk<'_>) -> PersonId {
    Mint::new(desk.now.milliseconds, desk.now.seed).person()
}

/// The kept sheets whose people are not in the register yet.
fn unsaved(desk: &Desk<'_>, bytes: &[u8]) -> Vec<Sheet> {
    let mut sheets = unpack(bytes);
    sheets.retain(|sheet| desk.index.book().person(sheet.person).is_none());
    sheets
}

fn say(tone: Tone, say: Say) -> Vec<Reply> {
    vec![Reply::Say(Notice::new(tone, say))]
}
