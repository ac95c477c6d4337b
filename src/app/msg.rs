//! What passes between the screens and the loop: what comes in, what the register is asked to do and
//! did, what one screen hands to another.
//!
//! Invariant: every effect is answered by one message.

use crate::app::Notice;
use crate::app::Say;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::household::Step;
use crate::app::import::Decision;
use crate::app::import::Outlook;
use crate::app::key::Key;
use crate::app::prompt::Outgoing;
use crate::app::welcome::Beginning;
use crate::model::change::Act;
use crate::model::change::Change;
use crate::model::change::Commit;
use crate::model::field::Field;
use crate::model::ids::CategoryCode;
use crate::model::ids::CommitId;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::model::removal::How;
use crate::model::ruling::Meaning;
use crate::model::value::Value;
use crate::query::Order;

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
    Planned(Outlook),
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
    Judge(Decision),
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
    Run(Action),
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
    Step(Step),
    /// A record that was merged into another, to be parted from it.
    Part(PersonId),
    /// How those who left are removed.
    Removal(How),
    /// What finds the household that is meant.
    Home(String),
    /// A row of a ledger's trouble, by its place.
    Row(usize),
    /// What is decided about an import.
    Decide(Decision),
}
