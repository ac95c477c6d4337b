//! The register as a list: filter bar, table, facets, marks.
//!
//! Who nearly answers stands after those who do: the cursor goes there, bulk acts do not.
//!
//! Invariant: the cursor follows the person, not the row; marks survive every filter until they are
//! taken off or used.

mod cursor;

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Effect;
use crate::app::Notice;
use crate::app::Reply;
use crate::app::Say;
use crate::app::Screen;
use crate::app::Tone;
use crate::app::action::Action;
use crate::app::action::Scope;
use crate::app::bulk;
use crate::app::card;
use crate::app::cell;
use crate::app::door;
use crate::app::filter::Filter;
use crate::app::filter::Hold;
use crate::app::form::Form;
use crate::app::form::shape;
use crate::app::household;
use crate::app::key::Key;
use crate::app::leavers;
use crate::app::pairs;
use crate::app::past;
use crate::app::past::Past;
use crate::app::pick::Pick;
use crate::app::prompt::Prompt;
use crate::app::round;
use crate::app::round::Round;
use crate::app::sort::Sort;
use crate::app::step::digit;
use crate::app::step::digits;
use crate::app::visit;
use crate::index::Facet;
use crate::index::Index;
use crate::model::Lang;
use crate::model::change::Act;
use crate::model::change::Commit;
use crate::model::ids::PersonId;
use crate::model::ids::Subject;
use crate::query::Node;
use crate::query::parse::LONGEST;
use crate::query::show::show;
use std::collections::BTreeSet;

/// Which part of the list hears the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The filter bar.
    Bar,
    /// The table.
    Table,
    /// The facet panel.
    Facets,
}

/// The list's state.
pub struct List {
    /// The filter bar.
    pub filter: Filter,
    /// Who hears the keys.
    pub focus: Focus,
    /// The person under the cursor.
    pub cursor: Option<PersonId>,
    /// The cursor's row in the answer.
    pub row: usize,
    /// The first row on screen.
    pub top: usize,
    /// The cell under the cursor.
    pub column: usize,
    /// Who is marked.
    pub marks: BTreeSet<PersonId>,
    /// The cursor's row in the facet panel.
    pub facet: usize,
    /// The view that was opened, until the text is changed.
    pub view: Option<Subject>,
    /// What was searched for before.
    pub past: Past,
}

impl List {
    /// Everyone, with the caret in the filter bar.
    pub fn new(index: &Index, lang: Lang) -> List {
        let mut list = List {
            filter: Filter::new(index, lang, ""),
            focus: Focus::Bar,
            cursor: None,
            row: 0,
            top: 0,
            column: 0,
            marks: BTreeSet::new(),
            facet: 0,
            view: None,
            past: Past::default(),
        };
        list.follow(index);
        list
    }

    /// The scope that hears a key first.
    pub fn scope(&self) -> Scope {
        match self.focus {
            Focus::Bar => Scope::Bar,
            Focus::Table => Scope::Table,
            Focus::Facets => Scope::Facets,
        }
    }

    /// Whether the filter bar takes printable keys.
    pub fn is_typing(&self) -> bool {
        self.focus == Focus::Bar
    }

    /// The categories of the facet panel: those that someone here is in, and those filtered by.
    pub fn facet_rows(&self) -> Vec<&Facet> {
        let shown = |facet: &&Facet| facet.count > 0 || self.filter.hold(&facet.code) != Hold::Free;
        self.filter.facets.iter().filter(shown).collect()
    }

    /// How many marked people the filter hides.
    pub fn hidden_marks(&self, index: &Index) -> usize {
        let is_hidden = |one: &&PersonId| !self.filter.shows(index, **one);
        self.marks.iter().filter(is_hidden).count()
    }

    /// A key while the caret is in the bar.
    pub fn typed(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        self.filter.edit(desk, key);
        self.moved_by_filter(desk);
        Vec::new()
    }

    /// Pasted text.
    pub fn paste(&mut self, desk: &Desk<'_>, text: &str) -> Vec<Reply> {
        self.focus = Focus::Bar;
        self.filter.line.paste(text);
        self.filter.refresh(desk.index, desk.lang);
        self.moved_by_filter(desk);
        Vec::new()
    }

    /// A letter or a hanzi that means nothing in the table starts a search.
    pub fn stray(&mut self, desk: &Desk<'_>, key: Key) -> Vec<Reply> {
        if key.typed().is_some_and(char::is_alphanumeric) {
            self.focus = Focus::Bar;
            return self.typed(desk, key);
        }
        Vec::new()
    }

    /// Sees the changed register.
    pub fn refresh(&mut self, desk: &Desk<'_>) {
        self.filter.refresh(desk.index, desk.lang);
        self.filter.completions.clear();
        self.marks
            .retain(|person| desk.index.book().person(*person).is_some());
        self.follow(desk.index);
    }

    /// A bulk act was done: its marks have been used.
    pub fn committed(&mut self, commit: &Commit) -> Vec<Reply> {
        let bulk = matches!(commit.act, Act::Classify { people, .. } | Act::Visit { people, .. } if people > 1);
        if bulk || matches!(commit.act, Act::Remove { .. }) {
            self.marks.clear();
        }
        Vec::new()
    }

    fn moved_by_filter(&mut self, desk: &Desk<'_>) {
        self.view = None;
        (self.row, self.top, self.cursor) = (0, 0, None);
        self.follow(desk.index);
    }

    /// Runs an action, and remembers the query that led to it.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        let is_found = self.filter.fault.is_none() && self.cursor.is_some();
        let text = self.filter.line.text();
        let is_new = past::LEADING.contains(&action) && is_found && self.past.remember(text);
        let mut replies = self.run(desk, action, key);
        if is_new {
            replies.push(Reply::Effect(Effect::Keep(past::KEPT, self.past.bytes())));
        }
        replies
    }

    fn run(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        match action {
            Action::Accept if self.focus == Focus::Facets => self.toggle_facet(desk, Hold::On),
            Action::Exclude => self.toggle_facet(desk, Hold::Off),
            Action::Accept => self.open_card(desk),
            Action::Back => self.back(desk),
            Action::Search => self.focus = Focus::Bar,
            Action::ToTable => self.enter_table(desk),
            Action::ToFacets => self.focus = Focus::Facets,
            Action::Complete => {
                if !self.filter.accept_completion(desk) {
                    self.focus = Focus::Table;
                }
                self.moved_by_filter(desk);
            }
            Action::NextCompletion => self.filter.next_completion(),
            Action::Older | Action::Newer => self.recall(desk, action),
            Action::Leavers => {
                self.filter.set_text(desk, &leavers::query(desk.index));
                self.moved_by_filter(desk);
                self.focus = Focus::Table;
            }
            Action::DropTerm => {
                self.filter.drop_term(desk);
                self.moved_by_filter(desk);
            }
            Action::LikeThis => self.like_this(desk),
            Action::Column => self.move_column(key),
            Action::Mark => self.mark(desk),
            Action::MarkAll => self.marks.extend(self.everyone(desk)),
            Action::Unmark => self.marks.clear(),
            Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::First
            | Action::Last => self.step(desk, action),
            other => return self.ask(desk, other, key),
        }
        std::mem::take(&mut self.replies(desk, action))
    }

    /// What an action above opens, now that the state has changed.
    fn replies(&self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        match (action, self.focus, self.cursor) {
            (Action::Accept, Focus::Bar | Focus::Table, Some(person)) => card::open(desk, person),
            (Action::Leavers, ..) => leavers::how(desk, self.filter.answer.total()),
            // Nobody answers: the one who was looked for is to be entered.
            (Action::Accept, Focus::Bar | Focus::Table, None)
                if !shape::sort(desk.index, self.filter.line.text()).is_empty() =>
            {
                self.newcomer(desk)
            }
            _ => Vec::new(),
        }
    }

    fn enter_table(&mut self, desk: &Desk<'_>) {
        self.focus = Focus::Table;
        self.follow(desk.index);
    }

    /// Puts an older or a newer query into the bar.
    fn recall(&mut self, desk: &Desk<'_>, action: Action) {
        let shown = self.filter.line.text();
        let query = if action == Action::Older {
            self.past.older(shown)
        } else {
            self.past.newer(shown)
        };
        if let Some(query) = query.map(str::to_owned) {
            self.filter.set_text(desk, &query);
            self.moved_by_filter(desk);
        }
    }

    fn open_card(&mut self, desk: &Desk<'_>) {
        self.filter.completions.clear();
        self.follow(desk.index);
    }

    /// Actions that only open something or ask for an effect.
    fn ask(&mut self, desk: &Desk<'_>, action: Action, key: Option<Key>) -> Vec<Reply> {
        let open = |pick| vec![Reply::Open(Screen::Pick(Box::new(pick)))];
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the keymap keeps others away"
        )]
        match action {
            Action::Views => open(Pick::views(desk)),
            Action::Order => open(Pick::orders()),
            Action::Classify => open(Pick::categories(desk)),
            Action::Fact => open(bulk::facts(desk)),
            Action::Remove => leavers::open(desk, &self.targets(desk)),
            Action::Visit => visit::open(self.targets(desk)),
            Action::Home => household::open(desk, self.cursor),
            Action::Pairs => pairs::open(desk, &self.targets(desk)),
            Action::Door => door::open(desk),
            Action::Verify => visit::verify(desk, &self.targets(desk)),
            Action::Digit => self.classify_by_digit(desk, key),
            Action::Round => {
                let text = self.filter.line.text();
                vec![
                    Reply::Open(Screen::Round(Box::new(Round::new(desk, text)))),
                    Reply::Effect(Effect::Kept(round::KEPT)),
                ]
            }
            Action::SortQueue => {
                let text = self.filter.line.text();
                let text = if self.filter.fault.is_none() {
                    text
                } else {
                    ""
                };
                vec![
                    Reply::Open(Screen::Sort(Box::new(Sort::new(desk, text)))),
                    Reply::Effect(Effect::Kept(crate::app::sort::KEPT)),
                ]
            }
            Action::SaveView => vec![Reply::Open(Screen::Prompt(Box::new(Prompt::view_name())))],
            Action::NewPerson => self.newcomer(desk),
            Action::Export => vec![Reply::Open(Screen::Prompt(Box::new(Prompt::file())))],
            _ => Vec::new(),
        }
    }

    /// Opens the form with what was searched for.
    fn newcomer(&self, desk: &Desk<'_>) -> Vec<Reply> {
        let carried = shape::sort(desk.index, self.filter.line.text());
        vec![
            Reply::Open(Screen::Form(Box::new(Form::new(desk, &carried)))),
            Reply::Effect(Effect::Kept(crate::app::form::sheet::KEPT)),
        ]
    }

    fn back(&mut self, desk: &Desk<'_>) {
        if self.filter.line.text().is_empty() {
            self.focus = Focus::Bar;
            return;
        }
        self.filter.set_text(desk, "");
        self.view = None;
        self.follow(desk.index);
    }

    fn toggle_facet(&mut self, desk: &Desk<'_>, want: Hold) {
        let Some(code) = self
            .facet_rows()
            .get(self.facet)
            .map(|facet| facet.code.clone())
        else {
            return;
        };
        self.filter.toggle(desk, &code, want);
        self.view = None;
        self.follow(desk.index);
        let row = self
            .facet_rows()
            .iter()
            .position(|facet| facet.code == code);
        self.facet = row.unwrap_or(self.facet);
    }

    fn mark(&mut self, desk: &Desk<'_>) {
        if let Some(person) = self.cursor {
            if !self.marks.remove(&person) {
                self.marks.insert(person);
            }
            self.go(desk, self.row + 1);
        }
    }

    fn everyone(&self, desk: &Desk<'_>) -> Vec<PersonId> {
        let answer = &self.filter.answer;
        desk.index
            .rows(&self.filter.query, answer, 0, answer.total())
    }

    /// Whom a verb is about: the marked, else the person under the cursor; in the facet panel
    /// everyone who answers.
    fn targets(&self, desk: &Desk<'_>) -> Vec<PersonId> {
        match self.focus {
            _ if !self.marks.is_empty() => self.marks.iter().copied().collect(),
            Focus::Facets => self.everyone(desk),
            Focus::Bar | Focus::Table => self.cursor.into_iter().collect(),
        }
    }

    fn classify_by_digit(&self, desk: &Desk<'_>, key: Option<Key>) -> Vec<Reply> {
        let code = digit(key).and_then(|digit| digits(desk.index).into_iter().nth(digit - 1));
        match code {
            Some(code) => bulk::classify(desk, &self.targets(desk), &code),
            None => Vec::new(),
        }
    }

    /// Narrows the list to rows like the cell under the cursor.
    fn like_this(&mut self, desk: &Desk<'_>) {
        if let Some(test) = cell::test(desk, self.cursor, self.column) {
            self.filter.add(desk, Node::Test(test));
            self.view = None;
            self.follow(desk.index);
        }
    }

    /// Takes what was chosen in a box.
    pub fn choose(&mut self, desk: &Desk<'_>, choice: Choice) -> Vec<Reply> {
        match choice {
            Choice::Category(code) => bulk::classify(desk, &self.targets(desk), &code),
            Choice::Field(field) => bulk::ask(desk, &self.targets(desk), field),
            Choice::Value(_, field, value) => {
                bulk::set(desk, &self.targets(desk), field, value.as_ref())
            }
            Choice::View(view) => {
                self.open_view(desk, view);
                Vec::new()
            }
            Choice::Query(query) => {
                self.filter.set_text(desk, &query);
                self.moved_by_filter(desk);
                self.focus = Focus::Bar;
                Vec::new()
            }
            Choice::Order(order) => {
                self.filter.set_order(desk, order);
                self.follow(desk.index);
                Vec::new()
            }
            Choice::ViewName(name) => {
                let rank = i64::try_from(desk.index.book().views().len()).unwrap_or(0) + 1;
                let text = self.filter.line.text();
                if self.filter.fault.is_some() || text.is_empty() {
                    let say = Say::plain("notice-view-faulty");
                    return vec![Reply::Say(Notice::new(Tone::Bad, say))];
                }
                // Shown in full it has to be a query still.
                let shown = show(&self.filter.query, desk.index.lexicon());
                let length = shown.chars().count();
                if length > LONGEST {
                    let args = [("count", length.to_string()), ("most", LONGEST.to_string())];
                    let say = Say::with("notice-view-long", args);
                    return vec![Reply::Say(Notice::new(Tone::Bad, say))];
                }
                bulk::save_view(desk, &name, text, rank)
            }
            Choice::Removal(how) => leavers::preview(desk, self.targets(desk), how),
            Choice::File(path) => vec![Reply::Effect(Effect::Export(path, self.everyone(desk)))],
            Choice::Basis(out) => vec![Reply::Open(Screen::Prompt(Box::new(Prompt::basis(out))))],
            Choice::Run(_)
            | Choice::Axis(_)
            | Choice::Ledger(_)
            | Choice::Meaning(_)
            | Choice::Row(_)
            | Choice::Decide(_)
            | Choice::Step(_)
            | Choice::Part(_)
            | Choice::Home(_) => Vec::new(),
        }
    }

    fn open_view(&mut self, desk: &Desk<'_>, subject: Subject) {
        let views = desk.index.book().views();
        if let Some(view) = views.iter().find(|view| view.subject == subject) {
            self.filter.set_text(desk, view.query());
            self.moved_by_filter(desk);
            self.view = Some(subject);
            self.focus = Focus::Table;
        }
    }
}
