//! A chooser over another screen: help, palette, categories, views, orders, codes.
//!
//! Invariant: what is typed narrows the list by any part of a label, its hint or its other names, or
//! by the pinyin that they begin with; Enter takes the row under the cursor.

use crate::app::Choice;
use crate::app::Desk;
use crate::app::Reply;
use crate::app::Say;
use crate::app::action::ACTIONS;
use crate::app::action::Action;
use crate::app::action::Deed;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::keymap::Keymap;
use crate::app::line::Line;
use crate::app::step::step;
use crate::model::Lang;
use crate::model::view::View;
use crate::query::Order;
use crate::query::SortKey;
use crate::query::parse::parse;
use crate::query::spell;

/// A chooser.
pub struct Pick {
    /// Its title's key in the words.
    pub title: &'static str,
    /// What it is about, where that is not the screen below.
    pub about: Option<Say>,
    /// The rows.
    pub items: Vec<Item>,
    /// What was typed.
    pub line: Line,
    /// The cursor among the rows that are left.
    pub row: usize,
    /// The first row on screen.
    pub top: usize,
}

/// A row of a chooser.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it is called.
    pub label: Label,
    /// What stands beside it: a key, a code, a query.
    pub hint: String,
    /// What it can be found by besides.
    pub search: String,
    /// What taking it means.
    pub choice: Choice,
}

/// A label: ready, or to be worded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// A name from the register.
    Text(String),
    /// A key in the words.
    Word(&'static str),
    /// To be worded, with what fills it.
    Say(Say),
}

impl Pick {
    /// A chooser of these rows.
    pub fn new(title: &'static str, items: Vec<Item>) -> Pick {
        Pick {
            title,
            about: None,
            items,
            line: Line::default(),
            row: 0,
            top: 0,
        }
    }

    /// The same, about something that its title tells.
    #[must_use]
    pub fn about(mut self, what: Say) -> Pick {
        self.about = Some(what);
        self
    }

    /// What can be done in a scope, each with its keys; taking one runs it.
    pub fn actions(scope: Scope, keymap: &Keymap, lang: Lang, title: &'static str) -> Pick {
        let here =
            |deed: &&Deed| deed.scopes.contains(&scope) || deed.scopes.contains(&Scope::Anywhere);
        let mut deeds: Vec<&Deed> = ACTIONS.iter().filter(here).collect();
        deeds.sort_by_key(|deed| !deed.scopes.contains(&scope));
        let items = deeds.into_iter().map(|deed| {
            let keys = keymap.keys(scope, deed.action);
            Item {
                label: Label::Text(deed.label(lang).to_owned()),
                hint: keys
                    .iter()
                    .map(|key| key.brief())
                    .collect::<Vec<_>>()
                    .join(" "),
                search: format!("{} {} {}", deed.name, deed.zh, deed.en),
                choice: Choice::Run(deed.action),
            }
        });
        Pick::new(title, items.collect())
    }

    /// The categories that a worker can give.
    pub fn categories(desk: &Desk<'_>) -> Pick {
        let items = desk.index.lexicon().categories.iter().map(|term| Item {
            label: Label::Text(desk.lang.pick(&term.zh, &term.en).to_owned()),
            hint: term.code.0.clone(),
            search: format!("{} {} {}", term.zh, term.en, term.aliases.join(" ")),
            choice: Choice::Category(term.code.clone()),
        });
        Pick::new("pick-category", items.collect())
    }

    /// The saved views that the role may ask.
    pub fn views(desk: &Desk<'_>) -> Pick {
        let open = &desk.index.lexicon().views;
        let may = |view: &View<'_>| open.iter().any(|(subject, ..)| *subject == view.subject);
        let items = desk
            .index
            .book()
            .views()
            .into_iter()
            .filter(may)
            .map(|view| Item {
                label: Label::Text(view.name(desk.lang).to_owned()),
                hint: format!("{:>6}  {}", count(desk, view.query()), view.query()),
                search: view.query().to_owned(),
                choice: Choice::View(view.subject),
            });
        Pick::new("pick-view", items.collect())
    }

    /// The orders of the list.
    pub fn orders() -> Pick {
        let orders = [
            ("order-relevance", None),
            ("order-address", Some((SortKey::Address, false))),
            ("order-name", Some((SortKey::Name, false))),
            ("order-youngest", Some((SortKey::Age, false))),
            ("order-oldest", Some((SortKey::Age, true))),
            ("order-newest", Some((SortKey::Added, true))),
        ];
        let items = orders.map(|(word, order)| Item {
            label: Label::Word(word),
            hint: String::new(),
            search: word.to_owned(),
            choice: Choice::Order(order.map(|(by, descending)| Order { by, descending })),
        });
        Pick::new("pick-order", items.into())
    }

    /// The rows that are left by what was typed: first those with just that name, then those with a
    /// name that begins with it, then those that are called so in pinyin, each in their order.
    pub fn rows(&self) -> Vec<&Item> {
        let wanted = self.line.text().trim().to_lowercase();
        if wanted.is_empty() {
            return self.items.iter().collect();
        }
        let rank = |item: &Item| {
            let text = if let Label::Text(text) = &item.label {
                text.as_str()
            } else {
                ""
            };
            let all = format!("{text} {} {}", item.hint, item.search).to_lowercase();
            let names = || all.split_whitespace();
            let fits = wanted
                .split_whitespace()
                .all(|word| all.contains(word) || names().any(|name| spell::leads(word, name)));
            let is_whole = names().any(|name| name == wanted);
            let begins = names().any(|name| name.starts_with(&wanted));
            let is_label = spell::leads(&wanted, text);
            fits.then_some((!is_whole, !begins, !is_label))
        };
        let ranked = self
            .items
            .iter()
            .filter_map(|item| Some((rank(item)?, item)));
        let mut rows: Vec<_> = ranked.collect();
        rows.sort_by_key(|(rank, _)| *rank);
        rows.into_iter().map(|(_, item)| item).collect()
    }

    /// A key of the text.
    pub fn typed(&mut self, key: Key) -> Vec<Reply> {
        if self.line.edit(key) {
            (self.row, self.top) = (0, 0);
        }
        Vec::new()
    }

    /// Pasted text.
    pub fn paste(&mut self, text: &str) -> Vec<Reply> {
        self.line.paste(text);
        (self.row, self.top) = (0, 0);
        Vec::new()
    }

    /// Runs an action.
    pub fn act(&mut self, desk: &Desk<'_>, action: Action) -> Vec<Reply> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the others move the cursor")]
        match action {
            Action::Back => vec![Reply::Close],
            Action::Accept => match self.rows().get(self.row) {
                Some(item) => vec![Reply::Close, Reply::Choose(item.choice.clone())],
                None => Vec::new(),
            },
            action => {
                let last = self.rows().len().saturating_sub(1);
                let page = desk.seen.rows.max(1);
                self.row = step(self.row, last, page, action);
                self.top = self
                    .top
                    .clamp((self.row + 1).saturating_sub(page), self.row);
                Vec::new()
            }
        }
    }
}

/// How many people answer a view's query; empty when the query is faulty.
fn count(desk: &Desk<'_>, query: &str) -> String {
    let parsed = parse(query, desk.index.lexicon());
    parsed.map_or(String::new(), |query| {
        desk.index.ask(&query).total().to_string()
    })
}
