//! Where the cursor of the list stands, and where a key moves it.
//!
//! Invariant: the cursor follows the person; its row exists, or is 0 with nobody on it.

use crate::app::Desk;
use crate::app::action::Action;
use crate::app::cell::COLUMNS;
use crate::app::key::Key;
use crate::app::list::Focus;
use crate::app::list::List;
use crate::app::step::step;
use crate::index::Index;

impl List {
    /// Puts the cursor where its person now stands; on the same row when the person is gone. While
    /// the bar is typed in and nobody answers it stands on nobody, for Enter then enters a newcomer.
    pub(super) fn follow(&mut self, index: &Index) {
        let filter = &self.filter;
        let place = self.cursor.and_then(|person| filter.place(index, person));
        let is_open = place.is_none() && self.is_typing() && filter.answer.total() == 0;
        let last = filter.length().saturating_sub(1);
        self.row = place.unwrap_or(self.row).min(last);
        let row = filter.rows(index, self.row, usize::from(!is_open));
        self.cursor = row.first().copied();
        self.facet = self.facet.min(self.facet_rows().len().saturating_sub(1));
    }

    pub(super) fn go(&mut self, desk: &Desk<'_>, row: usize) {
        self.row = row.min(self.filter.length().saturating_sub(1));
        let page = desk.seen.rows.max(1);
        self.top = self
            .top
            .clamp((self.row + 1).saturating_sub(page), self.row);
        self.cursor = self.filter.rows(desk.index, self.row, 1).first().copied();
    }

    pub(super) fn step(&mut self, desk: &Desk<'_>, action: Action) {
        let page = desk.seen.rows.max(1);
        let (at, last) = match self.focus {
            Focus::Facets => (self.facet, self.facet_rows().len().saturating_sub(1)),
            Focus::Bar | Focus::Table => (self.row, self.filter.length().saturating_sub(1)),
        };
        let is_on = self.focus == Focus::Facets || self.cursor.is_some();
        let to = if is_on {
            step(at, last, page, action)
        } else {
            0
        };
        match self.focus {
            Focus::Facets => self.facet = to,
            Focus::Bar | Focus::Table => self.go(desk, to),
        }
    }

    pub(super) fn move_column(&mut self, key: Option<Key>) {
        let back = key == Key::parse("left");
        let last = COLUMNS.len() - 1;
        self.column = if back {
            self.column.saturating_sub(1)
        } else {
            (self.column + 1).min(last)
        };
    }
}
