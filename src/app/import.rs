//! What an import would do, before it is done: how each column was understood, what is wrong by
//! kind, the counts. A column's meaning is changed with Enter and a choice, a difference in a field
//! is decided with Space; each time the file is judged again.
//!
//! Invariant: nothing is altered before the ledger is taken in; leaving alters nothing.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::action::Action;
use crate::app::pick::Item;
use crate::app::pick::Label;
use crate::app::pick::Pick;
use crate::app::preview::Preview;
use crate::app::step::step;
use crate::model::field::FIELDS;
use crate::model::field::Field;
use crate::model::ids::Table;
use crate::model::ruling::Meaning;
use crate::model::ruling::Policy;
use crate::model::ruling::Side;
use crate::model::ruling::Who;

/// The screen.
pub struct Import {
    /// What the import would do.
    pub outlook: Outlook,
    /// The cursor: over the columns, then over the troubles.
    pub row: usize,
}

/// What an import would do, as far as a worker looks at it.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// Every sheet that could be taken.
    pub sheets: Vec<String>,
    /// Whether several are taken together.
    pub together: bool,
    /// Whether columns are understood as they were the last time.
    pub recalls: bool,
    /// Whose value stands where nothing is decided.
    pub policy: Policy,
    /// The row number of the headings.
    pub heading_row: usize,
    /// How many rows had which outcome: keys of the words. They add up to the first.
    pub counts: Vec<(&'static str, usize)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// How many columns are blank: they are skipped.
    pub blank_columns: usize,
    /// What is wrong, by kind.
    pub troubles: Vec<Trouble>,
}

/// A column of the ledger.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub meaning: Meaning,
    /// The first values that differ.
    pub samples: Vec<String>,
    /// What else it may hold, by what stands in it: offered first.
    pub guesses: Vec<&'static Field>,
    /// How many cells are filled.
    pub filled: usize,
    /// How many of these could be understood.
    pub understood: usize,
}

/// Rows with the same trouble.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The trouble in words.
    pub what: String,
    /// How many rows have it.
    pub count: usize,
    /// The rows, each in words.
    pub rows: Vec<Line>,
    /// Where a field differs from the register.
    pub differs: Option<Difference>,
}

/// A field in which rows differ from the register.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Which one.
    pub field: &'static Field,
    /// Whose value is to stand.
    pub side: Option<Side>,
    /// Whether the rows only seem to say so, beside the name: they are taken all the same.
    pub seems: bool,
}

/// A row with a trouble.
#[derive(Debug, Clone)]
pub struct Line {
    /// The row in words.
    pub what: Say,
    /// What can be decided about it.
    pub answers: Vec<Answer>,
}

/// One thing that can be decided about a row.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The decision in words.
    pub what: Say,
    /// The decision.
    pub decision: Decision,
}

/// What was decided about an import.
#[derive(Debug, Clone)]
pub enum Decision {
    /// What the columns under a heading hold.
    Column(String, Meaning),
    /// Whose value stands wherever a field differs; none to leave it open.
    Field(&'static Field, Option<Side>),
    /// Whose value stands in a field of one row; none to leave it to the field again.
    Cell(usize, &'static Field, Option<Side>),
    /// Whom a row is about; none to leave it in doubt again.
    Row(usize, Option<Who>),
    /// Which identity number a row's damaged one was; none to leave it open again.
    Number(usize, Option<String>),
    /// Which sheet is taken; none for all of them together.
    Sheet(Option<String>),
    /// What happens where nothing is decided.
    Policy(Policy),
}

impl Column {
    /// Whether its meaning can be changed: it has a heading, and not one that jumin refuses.
    fn is_open(&self) -> bool {
        !self.heading.is_empty() && self.meaning != Meaning::Forbidden
    }
}

impl Import {
    /// The screen of an import.
    pub fn new(outlook: Outlook) -> Import {
        Import { outlook, row: 0 }
    }

    /// Judged again after a decision; the cursor stays where it was.
    pub fn renew(&mut self, outlook: Outlook) {
        self.outlook = outlook;
        self.row = self.row.min(self.last());
    }

    fn last(&self) -> usize {
        let rows = self.outlook.columns.len() + self.outlook.troubles.len();
        rows.saturating_sub(1)
    }

    /// The column under the cursor.
    pub fn column(&self) -> Option<&Column> {
        self.outlook.columns.get(self.row)
    }

    /// The trouble under the cursor.
    pub fn trouble(&self) -> Option<&Trouble> {
        let at = self.row.checked_sub(self.outlook.columns.len())?;
        self.outlook.troubles.get(at)
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::TakeIn => vec![Reply::Effect(Effect::TakeIn)],
            Action::Accept => self.open(desk),
            Action::Decide => self.decide(),
            Action::NextSheet => self.turn(),
            Action::Policy => vec![judge(Decision::Policy(next(self.outlook.policy)))],
            action => {
                self.row = step(self.row, self.last(), desk.seen.rows.max(1), action);
                Vec::new()
            }
        }
    }

    /// Turns to the file's next sheet, after the last to all of them together.
    fn turn(&self) -> Vec<Reply> {
        let Outlook {
            sheets,
            sheet,
            together,
            ..
        } = &self.outlook;
        if sheets.len() < 2 {
            return Vec::new();
        }
        let here = sheets.iter().position(|name| name == sheet);
        let next = match here {
            Some(at) if !together => sheets.get(at + 1),
            _ => sheets.first(),
        };
        vec![judge(Decision::Sheet(next.cloned()))]
    }

    /// Opens what is under the cursor: the meanings of a column, the rows of a trouble.
    fn open(&self, desk: &Desk<'_>) -> Vec<Reply> {
        if let Some(column) = self.column().filter(|column| column.is_open()) {
            return vec![Reply::Open(Screen::Pick(Box::new(meanings(column, desk))))];
        }
        let Some(trouble) = self.trouble() else {
            return Vec::new();
        };
        if let [only] = trouble.rows.as_slice()
            && !only.answers.is_empty()
        {
            return vec![Reply::Open(Screen::Pick(Box::new(answers(only))))];
        }
        if trouble.rows.iter().any(|line| !line.answers.is_empty()) {
            return vec![Reply::Open(Screen::Pick(Box::new(rows(trouble))))];
        }
        let title = Say::with("import-trouble", [("what", trouble.what.clone())]);
        let lines = trouble.rows.iter().map(|line| line.what.clone());
        let rows = Preview::to_look_at(title, lines.collect());
        vec![Reply::Open(Screen::Preview(Box::new(rows)))]
    }

    /// Decides whose value stands in the field under the cursor: theirs, ours, open again.
    fn decide(&self) -> Vec<Reply> {
        let Some(differs) = self.trouble().and_then(|one| one.differs) else {
            return Vec::new();
        };
        let next = match differs.side {
            None => Some(Side::Theirs),
            Some(Side::Theirs) => Some(Side::Ours),
            Some(Side::Ours) => None,
        };
        vec![judge(Decision::Field(differs.field, next))]
    }

    /// Takes a meaning for the column under the cursor, a row to decide about, or a decision.
    pub fn choose(&self, choice: Choice) -> Vec<Reply> {
        match choice {
            Choice::Meaning(meaning) => {
                let heading = self.column().map(|column| column.heading.clone());
                let decision = heading.map(|heading| Decision::Column(heading, meaning));
                decision.map(judge).into_iter().collect()
            }
            Choice::Row(at) => {
                let row = self.trouble().and_then(|trouble| trouble.rows.get(at));
                let open = |row| Reply::Open(Screen::Pick(Box::new(answers(row))));
                row.filter(|row| !row.answers.is_empty())
                    .map(open)
                    .into_iter()
                    .collect()
            }
            Choice::Decide(decision) => vec![judge(decision)],
            Choice::Run(_)
            | Choice::Category(_)
            | Choice::Axis(_)
            | Choice::View(_)
            | Choice::Query(_)
            | Choice::Order(_)
            | Choice::Value(..)
            | Choice::ViewName(_)
            | Choice::Ledger(_)
            | Choice::File(_)
            | Choice::Basis(_)
            | Choice::Step(_)
            | Choice::Field(_)
            | Choice::Part(_)
            | Choice::Removal(_)
            | Choice::Home(_) => Vec::new(),
        }
    }
}

fn judge(decision: Decision) -> Reply {
    Reply::Effect(Effect::Judge(decision))
}

/// The rows of a trouble, to choose one.
fn rows(trouble: &Trouble) -> Pick {
    let items = trouble.rows.iter().enumerate().map(|(at, line)| Item {
        label: Label::Say(line.what.clone()),
        hint: String::new(),
        search: said(&line.what),
        choice: Choice::Row(at),
    });
    Pick::new("pick-row", items.collect())
}

/// What can be decided about a row.
fn answers(line: &Line) -> Pick {
    let items = line.answers.iter().map(|answer| Item {
        label: Label::Say(answer.what.clone()),
        hint: String::new(),
        search: said(&answer.what),
        choice: Choice::Decide(answer.decision.clone()),
    });
    Pick::new("pick-answer", items.collect()).about(line.what.clone())
}

/// What a message can be found by.
fn said(say: &Say) -> String {
    let args: Vec<&str> = say.args.iter().map(|(_, value)| value.as_str()).collect();
    args.join(" ")
}

/// What a column can be taken for; what it looks like comes first, so that Enter takes it.
fn meanings(column: &Column, desk: &Desk<'_>) -> Pick {
    let word = |word, meaning| Item {
        label: Label::Word(word),
        hint: String::new(),
        search: word.to_owned(),
        choice: Choice::Meaning(meaning),
    };
    let plain = [
        word("import-meaning-unknown", Meaning::Unknown),
        word("import-meaning-categories", Meaning::Category(None)),
        word("import-meaning-age", Meaning::Age),
    ];
    let tables = [Table::Person, Table::Household, Table::Dwelling];
    let is_guess = |field: &&'static Field| column.guesses.contains(field);
    let rest = FIELDS
        .iter()
        .filter(|field| tables.contains(&field.table) && !is_guess(field));
    let fields = column
        .guesses
        .iter()
        .copied()
        .chain(rest)
        .map(|field| Item {
            label: Label::Text(field.label(desk.lang).to_owned()),
            hint: field.key.to_owned(),
            search: format!("{} {} {}", field.zh, field.en, field.aliases.join(" ")),
            choice: Choice::Meaning(Meaning::Field(field)),
        });
    let terms = desk.index.lexicon().categories.iter();
    let categories = terms.map(|term| Item {
        label: Label::Text(desk.lang.pick(&term.zh, &term.en).to_owned()),
        hint: term.code.0.clone(),
        search: format!("{} {} {}", term.zh, term.en, term.aliases.join(" ")),
        choice: Choice::Meaning(Meaning::Category(Some(term.code.clone()))),
    });
    let items = fields.chain(plain).chain(categories).collect();
    Pick::new("pick-meaning", items)
}

/// The policy that a key changes it to.
fn next(policy: Policy) -> Policy {
    match policy {
        Policy::FillBlanks => Policy::NewerWins,
        Policy::NewerWins => Policy::Ask,
        Policy::Ask => Policy::FillBlanks,
    }
}
