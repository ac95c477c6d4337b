//! Roles, and the one table of what each sees: every screen, list, export and query asks it.
//!
//! ```text
//!                          look     enter    manage
//! fields   open            clear    clear    clear
//!          ID, telephone   masked   clear    clear
//!          hukou address   masked   clear    clear
//!          sensitive       hidden   clear    clear
//! categories  open         clear    clear    clear
//!          sensitive       hidden   clear    clear
//!          locked          hidden   hidden   clear
//! ```
//!
//! Clear is as far as it goes: what is closely kept is masked until it is revealed, or taken out for
//! a purpose.
//!
//! Invariant: nothing of a hidden value passes [`Eyes::show`], not even that there is one.

use crate::model::Lang;
use crate::model::category::Sensitivity;
use crate::model::field::Field;
use crate::model::field::Masking;
use crate::model::mask;
use crate::model::value::Value;

/// What a worker may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// Look.
    View,
    /// Look and enter.
    Enter,
    /// All that, and say who has a key. Whoever opens a register without keys.
    #[default]
    Manage,
}

/// How much of something is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Nothing: neither the value nor that there is one.
    Hidden,
    /// Only masked.
    Masked,
    /// Whole.
    Clear,
}

/// What a row of the table is about.
type Row<T> = (T, [Sight; 3]);

const FIELDS: [Row<Masking>; 5] = [
    (Masking::Open, [Sight::Clear; 3]),
    (Masking::IdNumber, MASKED_TO_VIEW),
    (Masking::Phone, MASKED_TO_VIEW),
    (Masking::Address, MASKED_TO_VIEW),
    (Masking::Sensitive, HIDDEN_FROM_VIEW),
];

const CATEGORIES: [Row<Sensitivity>; 4] = [
    (Sensitivity::Open, [Sight::Clear; 3]),
    (Sensitivity::Normal, [Sight::Clear; 3]),
    (Sensitivity::Sensitive, HIDDEN_FROM_VIEW),
    (
        Sensitivity::Locked,
        [Sight::Hidden, Sight::Hidden, Sight::Clear],
    ),
];

const MASKED_TO_VIEW: [Sight; 3] = [Sight::Masked, Sight::Clear, Sight::Clear];
const HIDDEN_FROM_VIEW: [Sight; 3] = [Sight::Hidden, Sight::Clear, Sight::Clear];

impl Role {
    /// Every role, in the order of the table's columns.
    pub const ALL: [Role; 3] = [Role::View, Role::Enter, Role::Manage];

    /// How much of a field the role may ever see.
    pub fn field(self, field: &Field) -> Sight {
        self.look_up(&FIELDS, field.masking)
    }

    /// How much of who is in a category the role may ever see.
    pub fn category(self, sensitivity: Sensitivity) -> Sight {
        self.look_up(&CATEGORIES, sensitivity)
    }

    fn look_up<T: Copy + PartialEq>(self, table: &[Row<T>], what: T) -> Sight {
        let row = table.iter().find(|(row, _)| *row == what);
        let cell = row.and_then(|(_, sights)| sights.get(self as usize));
        cell.copied().unwrap_or(Sight::Hidden)
    }

    /// Whether the role may alter anything.
    pub fn alters(self) -> bool {
        self != Role::View
    }

    /// Whether the role may see anything whole that is closely kept.
    pub fn reveals(self) -> bool {
        FIELDS.iter().any(|(masking, _)| {
            masking.is_close() && self.look_up(&FIELDS, *masking) == Sight::Clear
        })
    }

    /// Whether something is hidden from the role.
    pub fn is_kept_out(self) -> bool {
        let fields = FIELDS
            .iter()
            .map(|(masking, _)| self.look_up(&FIELDS, *masking));
        let categories = CATEGORIES.iter().map(|(kept, _)| self.category(*kept));
        fields.chain(categories).min() == Some(Sight::Hidden)
    }

    /// The eyes of someone who has not asked to see more.
    pub fn eyes(self) -> Eyes {
        Eyes {
            role: self,
            whole: false,
        }
    }

    /// The eyes of someone to whom a value was revealed, or who takes it out for a purpose.
    pub fn open_eyes(self) -> Eyes {
        Eyes {
            role: self,
            whole: true,
        }
    }
}

/// Whose eyes a text is for, and whether they asked to see it whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eyes {
    role: Role,
    whole: bool,
}

impl Eyes {
    /// How much they see of a field.
    pub fn field(self, field: &Field) -> Sight {
        let most = if self.whole || !field.masking.is_close() {
            Sight::Clear
        } else {
            Sight::Masked
        };
        self.role.field(field).min(most)
    }

    /// How much they see of who is in a category.
    pub fn category(self, sensitivity: Sensitivity) -> Sight {
        let most = if self.whole || sensitivity < Sensitivity::Sensitive {
            Sight::Clear
        } else {
            Sight::Masked
        };
        self.role.category(sensitivity).min(most)
    }

    /// Whether they asked to see everything whole.
    pub fn is_whole(self) -> bool {
        self.whole
    }

    /// A value as they see it; nothing when it is hidden from them.
    pub fn show(self, field: &Field, value: &Value, lang: Lang) -> String {
        match self.field(field) {
            Sight::Hidden => String::new(),
            Sight::Masked => mask::text(field.masking, &field.show(value, lang)),
            Sight::Clear => field.show(value, lang),
        }
    }
}
