//! Moving through rows, and the digits that classify.
//!
//! Invariant: a row that is led to exists, or is 0.

use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::key::Stroke;
use crate::index::Index;
use crate::model::category::Category;
use crate::model::ids::CategoryCode;

/// The row that a moving action leads to.
pub fn step(at: usize, last: usize, page: usize, action: Action) -> usize {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others do not move")]
    match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => (at + 1).min(last),
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => (at + page).min(last),
        Action::First => 0,
        Action::Last => last,
        _ => at.min(last),
    }
}

/// The digit of a key, 1 to 9.
pub fn digit(key: Option<Key>) -> Option<usize> {
    let Some(Key {
        stroke: Stroke::Char(c @ '1'..='9'),
        ..
    }) = key
    else {
        return None;
    };
    c.to_digit(10).map(|digit| digit as usize)
}

/// The categories of the digits 1 to 9 on the list: those of the axis that everyone should have.
pub fn digits(index: &Index) -> Vec<CategoryCode> {
    let categories = index.book().categories();
    let axis = categories
        .iter()
        .find(|category| category.is_axis() && category.is_required());
    let codes = axis.into_iter().flat_map(Category::digits);
    codes.map(|code| CategoryCode(code.to_owned())).collect()
}
